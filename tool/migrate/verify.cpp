#include "migrate/verify.h"

#include "migrate/headers.h"
#include "migrate/trial.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <set>
#include <utility>

namespace ssot {

namespace {

bool isDifference(const DiagnosticFact &error) { return error.flag == kBehaviourDiffers; }

bool isSame(const Edit &a, const Edit &b) {
  return a.file == b.file && a.begin == b.begin && a.end == b.end && a.rule == b.rule;
}

/// What is to become of an edit.
struct Charge {
  std::string error;
  bool certain = true;                    ///< the compiler points at it
  bool isSpelling = false;                ///< the new name was not found
  std::size_t unit = 0;                   ///< where the error was
  std::optional<std::size_t> choice = {}; ///< of an edit of includes: the choice that helps
  bool differs = false;                   ///< it compiles, and does something else
};

class Verifier {
public:
  Verifier(std::vector<Edit> edits, const std::vector<UnitOutcome> &before, llvm::ArrayRef<Rule> rules, ReadFile read,
           ExtractUnits extract)
      : Tried(std::move(edits), before, rules, read, extract) {}

  Verification run() {
    settle();
    tryAgain();
    while (dropIdle())
      settle();
    if (dropUnusedDeclarations())
      while (dropIdle())
        settle();
    leaveAsItIs();
    Verification result;
    for (const auto &[unit, outcome] : Tried.outcomes())
      if (std::string message = messageOf(outcome); !message.empty())
        result.unproven.push_back(std::move(message));
    result.edits = std::move(Tried.edits);
    for (Rejected &rejected : Out)
      result.rejected.push_back(std::move(rejected.rejection));
    Trial::Outcomes outcomes = Tried.takeOutcomes();
    for (auto &[unit, outcome] : outcomes)
      result.facts.emplace(unit, std::move(outcome.facts));
    return result;
  }

private:
  struct Rejected {
    Rejection rejection;
    bool isFinal;     ///< no spelling was found
    std::size_t unit; ///< that failed for it
  };

  /// Parses and repairs until every unit that reads an edited file has been seen to compile as the edits are now, and
  /// every edited place to be what it should. Every repair changes the choice of an edit or takes one out, so this
  /// comes to an end.
  void settle() {
    do {
      Waves waves(Tried);
      for (Trial::Units next = waves.next(); !next.empty();) {
        Tried.parse(next);
        next = waves.next(repairErrors(next));
      }
    } while (repairTargets());
  }

  // --- errors
  // -------------------------------------------------------------------------------------------------------------------

  using Charges = std::map<std::size_t, Charge>; ///< by the number of the edit

  bool repairErrors(const std::set<std::size_t> &units) {
    Suspects suspects = Tried.suspects();
    Charges charges;
    std::set<std::string> blamed; // one error, one repair, however many units say it
    for (std::size_t unit : units)
      if (Tried.fails(unit))
        blame(unit, suspects, charges, blamed);
    return change(charges);
  }

  /// Finds what to change for a unit that does not compile. While there is an edit that the compiler points at, or a
  /// header that has what is missing, other errors may only follow from those.
  void blame(std::size_t unit, Suspects &suspects, Charges &charges, std::set<std::string> &blamed) {
    const UnitFacts &facts = Tried.before(unit);
    std::vector<std::size_t> reaching = suspects.reaching(facts);
    std::vector<DiagnosticFact> errors = errorsOf(Tried.outcome(unit));
    bool found = false;
    for (const DiagnosticFact &error : errors) {
      std::string message = messageOf(error);
      if (blamed.contains(message)) {
        found = true;
      } else if (std::optional<std::size_t> edit = suspects.pointedAt(reaching, error)) {
        charges.try_emplace(*edit,
                            Charge{message, true, suspects.missesName(error), unit, std::nullopt, isDifference(error)});
        found = blamed.insert(message).second;
      } else if (std::optional<Suspects::Wider> wider = suspects.widened(reaching, facts, error)) {
        Charge &charge =
            charges.try_emplace(wider->edit, Charge{message, true, false, unit, wider->choice}).first->second;
        if (charge.choice) // two names from two of the old headers
          charge.choice = keepingBoth(Tried.edits[wider->edit], *charge.choice, wider->choice);
        found = blamed.insert(message).second;
      }
    }
    if (found)
      return;
    for (const DiagnosticFact &error : errors)
      for (std::size_t edit : suspects.guessed(reaching, error)) {
        charges.try_emplace(edit, Charge{messageOf(error), false, suspects.missesNew(error, edit), unit, std::nullopt,
                                         isDifference(error)});
        found = true;
      }
    if (!found)
      blameAnything(unit, reaching, charges);
    for (const DiagnosticFact &error : errors)
      blamed.insert(messageOf(error));
  }

  /// An error that says nothing of any edit: more of the old headers may help, else the edit is found by leaving edits
  /// out.
  void blameAnything(std::size_t unit, const std::vector<std::size_t> &reaching, Charges &charges) {
    if (reaching.empty())
      return;
    auto canWiden = [&](std::size_t i) {
      return Tried.edits[i].isInclude() && Tried.edits[i].choice + 1 < Tried.edits[i].choices.size();
    };
    std::map<std::size_t, std::size_t> widest;
    for (std::size_t i : reaching)
      if (canWiden(i))
        widest.emplace(i, Tried.edits[i].choices.size() - 1);
    std::optional<Suspects::Wider> helpful = helpfulHeader(Tried, unit, widest);
    std::size_t edit = helpful ? helpful->edit : widest.empty() ? isolate(unit, reaching) : widest.begin()->first;
    const std::optional<DiagnosticFact> &error = Tried.outcome(unit).facts.error;
    std::optional<std::size_t> choice = helpful ? std::optional(helpful->choice) : std::nullopt;
    charges.try_emplace(
        edit, Charge{messageOf(Tried.outcome(unit)), false, false, unit, choice, error && isDifference(*error)});
  }

  /// Halves the edits that reach the unit until one is left without which the first half compiles and with which it
  /// does not.
  std::size_t isolate(std::size_t unit, std::vector<std::size_t> suspects) {
    std::vector<std::size_t> innocent;
    while (suspects.size() > 1) {
      std::vector<std::size_t> half(suspects.begin(),
                                    suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2));
      std::vector<Edit> chosen;
      for (std::size_t i : innocent)
        chosen.push_back(Tried.edits[i]);
      for (std::size_t i : half)
        chosen.push_back(Tried.edits[i]);
      sortByPlace(chosen);
      if (messageOf(Tried.asked(unit, chosen)).empty()) {
        llvm::append_range(innocent, half);
        suspects.erase(suspects.begin(), suspects.begin() + static_cast<std::ptrdiff_t>(half.size()));
      } else {
        suspects = std::move(half);
      }
    }
    return suspects.front();
  }

  /// A spelling that is not found may be found when it is longer. Any other error comes from the type or function
  /// itself, once its name is written in full and can mean nothing else.
  static std::size_t nextChoice(const Edit &edit, const Charge &charge) {
    std::size_t last = edit.choices.size() - 1;
    if (charge.choice)
      return *charge.choice;
    if (!edit.isName() || charge.isSpelling || edit.choice == last)
      return edit.choice + 1;
    return charge.certain ? last : edit.choices.size();
  }

  /// Moves each of the edits to its next choice, or out. \returns whether there was one.
  bool change(const Charges &charges) {
    std::vector<Edit> kept;
    for (std::size_t i = 0; i < Tried.edits.size(); ++i) {
      Edit &edit = Tried.edits[i];
      auto charge = charges.find(i);
      if (charge == charges.end()) {
        kept.push_back(std::move(edit));
        continue;
      }
      Tried.touch(edit.file);
      edit.choice = nextChoice(edit, charge->second);
      if (edit.choice < edit.choices.size()) {
        kept.push_back(std::move(edit));
      } else {
        edit.choice = 0;
        const Charge &final = charge->second;
        Out.push_back({{std::move(edit), final.error, final.differs},
                       final.isSpelling || (final.differs && final.certain),
                       final.unit});
      }
    }
    Tried.edits = std::move(kept);
    return !charges.empty();
  }

  // --- targets
  // ------------------------------------------------------------------------------------------------------------------

  /// An include that was added for edits that have been rejected helps nobody, and neither does what completes a call.
  bool dropIdle() {
    std::set<std::pair<std::string, std::string>> active;  // file and rule
    std::set<std::pair<std::string, std::uint32_t>> names; // file and where they end
    for (const Edit &edit : Tried.edits) {
      if (!edit.isInclude())
        active.emplace(edit.file, edit.rule);
      if (edit.isName())
        names.emplace(edit.file, edit.end);
    }
    return std::erase_if(Tried.edits, [&](const Edit &edit) {
      bool isUseless = !edit.onlyFor.empty() && llvm::none_of(edit.onlyFor, [&](const std::string &rule) {
        return active.count({edit.file, rule});
      });
      bool idle = isUseless || (edit.completes && !names.count({edit.file, *edit.completes}));
      if (idle)
        Tried.touch(edit.file);
      return idle;
    });
  }

  /// A new declaration beside an old one that had to stay, in a file of which no edit writes the new name any more,
  /// helps nobody, unless other files have come to rely on it.
  bool dropUnusedDeclarations() {
    std::set<std::string> files;
    for (const Edit &edit : Tried.edits)
      if (isUnusedDeclaration(edit))
        files.insert(edit.file);
    bool isAnyGone = false;
    for (const std::string &file : files) {
      std::vector<Edit> before = Tried.edits;
      std::erase_if(before, [&](const Edit &edit) { return edit.file == file && isUnusedDeclaration(edit); });
      std::swap(before, Tried.edits);
      if (holdsAgain(file)) {
        isAnyGone = true;
        continue;
      }
      Tried.edits = std::move(before);
      holdsAgain(file);
    }
    return isAnyGone;
  }

  bool isUnusedDeclaration(const Edit &declaration) const {
    return !declaration.declares.empty() && llvm::none_of(Tried.edits, [&](const Edit &edit) {
      return edit.file == declaration.file &&
             (!edit.removes.empty() ||
              (edit.declares.empty() && llvm::is_contained(declaration.declares, edit.target)));
    });
  }

  /// Parses what reads the file once more. \returns whether it compiles and every edit means what it should.
  bool holdsAgain(const std::string &file) {
    Tried.touch(file);
    std::set<std::size_t> units = Tried.stale();
    Tried.parse(units);
    return !Tried.anyFails(units) && Tried.allResolve();
  }

  /// Where all old headers had to stay and nothing else is edited, the file stays as it is: a new header beside them
  /// would help nobody. It comes back where others have come to rely on it.
  void leaveAsItIs() {
    std::set<std::string> edited;
    for (const Edit &edit : Tried.edits)
      if (!edit.isInclude())
        edited.insert(edit.file);
    std::map<std::size_t, std::string> taken; // edit -> its text
    for (std::size_t i = 0; i < Tried.edits.size(); ++i)
      if (Edit &edit = Tried.edits[i]; edit.isInclude() && !edited.contains(edit.file) && keepsAllHeaders(edit)) {
        taken.emplace(i, std::exchange(edit.choices[edit.choice], edit.before));
        Tried.touch(edit.file);
      }
    while (!Tried.stale().empty()) {
      std::set<std::size_t> units = Tried.stale();
      Tried.parse(units);
      bool resolved = Tried.anyFails(units) || Tried.allResolve();
      std::erase_if(taken, [&](auto &entry) {
        Edit &edit = Tried.edits[entry.first];
        if (resolved && !Tried.anyFails(Tried.readers(edit.file)))
          return false;
        edit.choices[edit.choice] = std::move(entry.second);
        Tried.touch(edit.file);
        return true;
      });
    }
  }

  static bool keepsAllHeaders(const Edit &edit) {
    return edit.choice < edit.kept.size() && !edit.kept[edit.choice].empty() &&
           edit.kept[edit.choice].size() == edit.kept.back().size();
  }

  /// Every edited name must now be a use of its target.
  bool repairTargets() {
    Charges charges;
    std::vector<EditedPlace> places = editedPlaces(Tried.edits);
    for (std::size_t i = 0; i < Tried.edits.size(); ++i)
      if (!Tried.resolves(Tried.edits[i], places[i]))
        charges.emplace(i, Charge{"the edited place does not resolve to '" + Tried.edits[i].target + "'", true, true});
    return change(charges);
  }

  // --- a second chance
  // -----------------------------------------------------------------------------------------------------------------

  /// An edit may have been taken out for an error that another one made, which is out by now. What was taken out is put
  /// back as far as it compiles: all of it, then the edits of one old name after another.
  void tryAgain() {
    std::vector<Rejected> others, out;
    for (Rejected &rejected : Out)
      (rejected.isFinal ? out : others).push_back(std::move(rejected));
    Out = std::move(out);
    std::map<std::pair<std::string, std::string>, std::vector<Rejected>> byName;
    for (Rejected &rejected : putBack(std::move(others))) {
      const Edit &edit = rejected.rejection.edit;
      std::string old = edit.isCall ? edit.target : llvm::StringRef(edit.before).rsplit(':').second.str();
      byName[{edit.rule, old.empty() ? edit.before : old}].push_back(std::move(rejected));
    }
    for (auto &[name, bundle] : byName)
      llvm::move(byName.size() > 1 ? putBack(std::move(bundle)) : std::move(bundle), std::back_inserter(Out));
    keepFewestHeaders(Tried);
  }

  /// \returns what had to stay out.
  std::vector<Rejected> putBack(std::vector<Rejected> bundle) {
    std::vector<Rejected> out;
    while (!bundle.empty()) {
      if (holds(bundle))
        return out;
      std::size_t size = bundle.size();
      takeOutCharged(bundle, out);
      if (bundle.size() == size)
        break;
    }
    llvm::move(bundle, std::back_inserter(out));
    return out;
  }

  /// Puts the edits back if everything compiles with them; else all is as before, and `Charged` says which of them the
  /// errors speak of. Names are put back written in full: a short one may still mean the old thing, and the error is
  /// elsewhere.
  bool holds(const std::vector<Rejected> &bundle) {
    std::vector<Edit> without = Tried.edits;
    Trial::Outcomes outcomes; // as they were
    auto parseAlso = [&](const std::set<std::size_t> &units) {
      outcomes.merge(Tried.said(units));
      Tried.parse(units);
      return !Tried.anyFails(units);
    };
    for (const Rejected &rejected : bundle) {
      Edit &edit = Tried.edits.emplace_back(rejected.rejection.edit);
      if (edit.isName())
        edit.choice = edit.choices.size() - 1;
      Tried.touch(edit.file);
    }
    sortByPlace(Tried.edits);
    std::vector<Edit> back;
    Trial::Units failed; // the most likely to fail again
    for (const Rejected &rejected : bundle) {
      back.push_back(rejected.rejection.edit);
      failed.insert(rejected.unit);
    }
    bool good = parseAlso(Tried.pilots(back, /*justOne=*/true)) && parseAlso(Tried.pilots(back)) && parseAlso(failed) &&
                parseAlso(Trial::Units(Tried.stale())) && Tried.allResolve();
    Charged.clear();
    if (good)
      return true;
    noteCharged(bundle);
    Tried.revert(std::move(without), std::move(outcomes));
    return false;
  }

  /// Which edits of the bundle the errors speak of, as the edits are now: those that the compiler points at, or when
  /// there is none, those that may have made an error.
  void noteCharged(const std::vector<Rejected> &bundle) {
    Suspects suspects = Tried.suspects();
    std::vector<Edit> guessed;
    for (const auto &[unit, outcome] : Tried.outcomes()) {
      std::vector<std::size_t> reaching = suspects.reaching(Tried.before(unit));
      std::erase_if(reaching, [&](std::size_t i) {
        return llvm::none_of(bundle,
                             [&](const Rejected &rejected) { return isSame(rejected.rejection.edit, Tried.edits[i]); });
      });
      // Later errors may only follow from the first, and a guess is soon wrong; but each round costs a parse.
      constexpr std::size_t kFew = 16;
      bool guesses = true;
      for (const DiagnosticFact &error : errorsOf(outcome)) {
        if (std::optional<std::size_t> edit = suspects.pointedAt(reaching, error))
          Charged.push_back(Tried.edits[*edit]);
        else if (guesses)
          for (std::size_t guess : suspects.guessed(reaching, error)) {
            guessed.push_back(Tried.edits[guess]);
            guesses = bundle.size() > kFew;
          }
      }
    }
    if (Charged.empty())
      Charged = std::move(guessed);
  }

  void takeOutCharged(std::vector<Rejected> &bundle, std::vector<Rejected> &out) {
    auto rest = std::stable_partition(bundle.begin(), bundle.end(), [&](const Rejected &rejected) {
      return llvm::none_of(Charged, [&](const Edit &edit) { return isSame(edit, rejected.rejection.edit); });
    });
    std::move(rest, bundle.end(), std::back_inserter(out));
    bundle.erase(rest, bundle.end());
  }

  Trial Tried;
  std::vector<Rejected> Out;
  std::vector<Edit> Charged; ///< of the edits that were put back last, those that the errors speak of
};

} // namespace

Verification verifyEdits(std::vector<Edit> edits, const std::vector<UnitOutcome> &before, llvm::ArrayRef<Rule> rules,
                         ReadFile read, ExtractUnits extract) {
  return Verifier(std::move(edits), before, rules, read, extract).run();
}

} // namespace ssot
