#include "migrate/verify.h"

#include "migrate/blame.h"
#include "migrate/meaning.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <set>
#include <utility>

namespace ssot {

namespace {

std::vector<DiagnosticFact> errorsOf(const UnitOutcome &outcome) {
  std::vector<DiagnosticFact> errors;
  if (outcome.facts.error)
    errors.push_back(*outcome.facts.error);
  llvm::append_range(errors, outcome.facts.moreErrors);
  return errors;
}

/// Empty when the unit compiles.
std::string messageOf(const UnitOutcome &outcome) {
  if (!outcome.failure.empty())
    return outcome.failure;
  return outcome.facts.error ? messageOf(*outcome.facts.error) : std::string();
}

bool isDifference(const DiagnosticFact &error) { return error.flag == kBehaviourDiffers; }

void sortByPlace(std::vector<Edit> &edits) {
  llvm::sort(edits, [](const Edit &a, const Edit &b) { return std::tie(a.file, a.begin) < std::tie(b.file, b.begin); });
}

bool isSame(const Edit &a, const Edit &b) { return a.file == b.file && a.begin == b.begin && a.rule == b.rule; }

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
      : Edits(std::move(edits)), Before(before), Meaning(rules), Read(read), Extract(extract), Headers(read) {
    for (std::size_t unit = 0; unit < Before.size(); ++unit)
      if (Before[unit].failure.empty() && !Before[unit].facts.error)
        for (const FileFact &file : Before[unit].facts.files)
          Readers[file.path].insert(unit);
  }

  Verification run() {
    sortByPlace(Edits);
    for (const Edit &edit : Edits)
      touch(edit.file);
    settle(pilots());
    tryAgain();
    while (dropIdleIncludes())
      settle(Stale);
    leaveAsItIs();
    Verification result;
    for (const auto &[unit, outcome] : After)
      if (std::string message = messageOf(outcome); !message.empty())
        result.unproven.push_back(std::move(message));
    result.edits = std::move(Edits);
    for (Rejected &rejected : Out)
      result.rejected.push_back(std::move(rejected.rejection));
    for (auto &[unit, outcome] : After)
      result.facts.emplace(unit, std::move(outcome.facts));
    return result;
  }

private:
  struct Rejected {
    Rejection rejection;
    bool isFinal;     ///< no spelling was found
    std::size_t unit; ///< that failed for it
  };

  // --- parsing
  // ------------------------------------------------------------------------------------------------------------------

  /// The units that read \p file are to be parsed again.
  void touch(const std::string &file) {
    if (auto readers = Readers.find(file); readers != Readers.end())
      Stale.insert(readers->second.begin(), readers->second.end());
  }

  void parse(const std::set<std::size_t> &units) {
    Overlay = editedFiles(Edits, Read);
    std::vector<std::size_t> order(units.begin(), units.end());
    std::vector<UnitOutcome> outcomes = extractWith(Edits, order, Overlay);
    for (std::size_t i = 0; i < order.size(); ++i) {
      After[order[i]] = std::move(outcomes[i]);
      Stale.erase(order[i]);
    }
  }

  /// What the units say with some edits; to do something else than before is an error like any other.
  std::vector<UnitOutcome> extractWith(llvm::ArrayRef<Edit> edits, llvm::ArrayRef<std::size_t> units,
                                       const std::map<std::string, std::string> &overlay) {
    std::vector<UnitOutcome> outcomes = Extract(units, overlay);
    for (auto [unit, outcome] : llvm::zip(units, outcomes))
      if (messageOf(outcome).empty()) {
        std::vector<DiagnosticFact> differences = Meaning.differences(Before[unit].facts, outcome.facts, edits);
        if (differences.empty())
          continue;
        outcome.facts.error = differences.front();
        outcome.facts.moreErrors.assign(differences.begin() + 1, differences.end());
      }
    return outcomes;
  }

  bool fails(std::size_t unit) const {
    auto outcome = After.find(unit);
    return outcome != After.end() && !messageOf(outcome->second).empty();
  }

  /// A few stale units that read every edited file between them: most of what is wrong shows there already, and the
  /// others need not be parsed over each repair.
  std::set<std::size_t> pilots() const {
    std::map<std::size_t, std::set<std::string>> edited; // unit -> edited files that it reads
    for (const Edit &edit : Edits)
      if (auto readers = Readers.find(edit.file); readers != Readers.end())
        for (std::size_t unit : readers->second)
          edited[unit].insert(edit.file);
    std::vector<std::size_t> order;
    for (const auto &[unit, files] : edited)
      order.push_back(unit);
    llvm::stable_sort(order, [&](std::size_t a, std::size_t b) { return edited[a].size() > edited[b].size(); });
    std::set<std::string> covered;
    std::set<std::size_t> chosen;
    for (std::size_t unit : order) {
      std::size_t known = covered.size();
      covered.insert(edited[unit].begin(), edited[unit].end());
      if (covered.size() != known)
        chosen.insert(unit);
    }
    return chosen;
  }

  /// Of the stale units that failed last time one for each error, since many fail for the same one.
  std::set<std::size_t> failedPilots() const {
    std::set<std::string> known;
    std::set<std::size_t> chosen;
    for (std::size_t unit : Stale)
      if (fails(unit) && known.insert(messageOf(After.at(unit))).second)
        chosen.insert(unit);
    return chosen;
  }

  /// Parses and repairs until every unit that reads an edited file has been seen to compile as the edits are now, and
  /// every edited place to be what it should. Every repair changes the choice of an edit or takes one out, so this
  /// comes to an end.
  void settle(std::set<std::size_t> next) {
    while (!next.empty()) {
      parse(next);
      if (repairErrors(next))
        next = failedPilots();
      else
        next = Stale;
      if (next.empty())
        next = Stale;
      if (next.empty() && repairTargets())
        next = Stale;
    }
  }

  // --- errors
  // -------------------------------------------------------------------------------------------------------------------

  using Charges = std::map<std::size_t, Charge>; ///< by the number of the edit

  bool repairErrors(const std::set<std::size_t> &units) {
    Suspects suspects(Edits, Overlay, Headers);
    Charges charges;
    std::set<std::string> blamed; // one error, one repair, however many units say it
    for (std::size_t unit : units)
      if (fails(unit))
        blame(unit, suspects, charges, blamed);
    return change(charges);
  }

  /// Finds what to change for a unit that does not compile. While there is an edit that the compiler points at, or a
  /// header that has what is missing, other errors may only follow from those.
  void blame(std::size_t unit, Suspects &suspects, Charges &charges, std::set<std::string> &blamed) {
    const UnitFacts &facts = Before[unit].facts;
    std::vector<std::size_t> reaching = suspects.reaching(facts);
    std::vector<DiagnosticFact> errors = errorsOf(After.at(unit));
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
        // Two names from two of the old headers: both are kept.
        if (charge.choice && *charge.choice != wider->choice)
          charge.choice = Edits[wider->edit].choices.size() - 1;
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
      return Edits[i].isInclude() && Edits[i].choice + 1 < Edits[i].choices.size();
    };
    std::map<std::size_t, std::size_t> widest;
    for (std::size_t i : reaching)
      if (canWiden(i))
        widest.emplace(i, Edits[i].choices.size() - 1);
    std::optional<Suspects::Wider> helpful = helpfulHeader(unit, widest);
    std::size_t edit = helpful ? helpful->edit : widest.empty() ? isolate(unit, reaching) : widest.begin()->first;
    const std::optional<DiagnosticFact> &error = After.at(unit).facts.error;
    std::optional<std::size_t> choice = helpful ? std::optional(helpful->choice) : std::nullopt;
    charges.try_emplace(edit,
                        Charge{messageOf(After.at(unit)), false, false, unit, choice, error && isDifference(*error)});
  }

  /// Of some edits of includes, each with a wider choice, the first with which the unit gets past its error, and the
  /// first choice that does it.
  std::optional<Suspects::Wider> helpfulHeader(std::size_t unit, const std::map<std::size_t, std::size_t> &widest) {
    const std::string message = messageOf(After.at(unit));
    for (const auto &[i, last] : widest) {
      auto helps = [&, edit = i](std::size_t choice) {
        std::vector<Edit> edits = Edits;
        edits[edit].choice = choice;
        return messageOf(extractWith(edits, {unit}, editedFiles(edits, Read)).front()) != message;
      };
      if (!helps(last))
        continue;
      std::size_t choice = Edits[i].choice + 1;
      while (choice < last && !helps(choice))
        ++choice;
      return Suspects::Wider{i, choice};
    }
    return std::nullopt;
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
        chosen.push_back(Edits[i]);
      for (std::size_t i : half)
        chosen.push_back(Edits[i]);
      sortByPlace(chosen);
      std::vector<UnitOutcome> outcome = extractWith(chosen, {unit}, editedFiles(chosen, Read));
      if (messageOf(outcome.front()).empty()) {
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
    for (std::size_t i = 0; i < Edits.size(); ++i) {
      Edit &edit = Edits[i];
      auto charge = charges.find(i);
      if (charge == charges.end()) {
        kept.push_back(std::move(edit));
        continue;
      }
      touch(edit.file);
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
    Edits = std::move(kept);
    return !charges.empty();
  }

  // --- targets
  // ------------------------------------------------------------------------------------------------------------------

  /// An include that was added for edits that have been rejected helps nobody.
  bool dropIdleIncludes() {
    std::set<std::pair<std::string, std::string>> active; // file and rule
    for (const Edit &edit : Edits)
      if (!edit.isInclude())
        active.emplace(edit.file, edit.rule);
    return std::erase_if(Edits, [&](const Edit &edit) {
      bool idle = !edit.onlyFor.empty() &&
                  llvm::none_of(edit.onlyFor, [&](const std::string &rule) { return active.count({edit.file, rule}); });
      if (idle)
        touch(edit.file);
      return idle;
    });
  }

  /// Where all old headers had to stay and nothing else is edited, the file stays as it is: a new header beside them
  /// would help nobody. It comes back where others have come to rely on it.
  void leaveAsItIs() {
    std::set<std::string> edited;
    for (const Edit &edit : Edits)
      if (!edit.isInclude())
        edited.insert(edit.file);
    std::map<std::size_t, std::string> taken; // edit -> its text
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (Edit &edit = Edits[i]; edit.isInclude() && !edited.contains(edit.file) && keepsAllHeaders(edit)) {
        taken.emplace(i, std::exchange(edit.choices[edit.choice], edit.before));
        touch(edit.file);
      }
    while (!Stale.empty()) {
      std::set<std::size_t> units = Stale;
      parse(units);
      bool resolved = llvm::any_of(units, [&](std::size_t unit) { return fails(unit); }) || allResolve();
      std::erase_if(taken, [&](auto &entry) {
        Edit &edit = Edits[entry.first];
        const std::set<std::size_t> &readers = Readers[edit.file];
        if (resolved && llvm::none_of(readers, [&](std::size_t unit) { return fails(unit); }))
          return false;
        edit.choices[edit.choice] = std::move(entry.second);
        touch(edit.file);
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
    std::vector<EditedPlace> places = editedPlaces(Edits);
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (!resolves(Edits[i], places[i]))
        charges.emplace(i, Charge{"the edited place does not resolve to '" + Edits[i].target + "'", true, true});
    return change(charges);
  }

  bool resolves(const Edit &edit, EditedPlace place) const {
    // Of an adapter the judge says whether it has become one, and a rule's own text names nothing that is known.
    if (edit.isInclude() || !edit.adapter.empty() || edit.isRaw)
      return true;
    auto readers = Readers.find(edit.file);
    if (readers == Readers.end())
      return false;
    for (std::size_t unit : readers->second) {
      auto outcome = After.find(unit);
      if (outcome == After.end())
        continue;
      const UnitFacts &facts = outcome->second.facts;
      for (const UseFact &use : facts.uses)
        if ((edit.isCall ? use.place.end <= place.end : use.place.end == place.end) && use.place.begin >= place.begin &&
            facts.files[use.place.file].path == edit.file && facts.strings[use.name] == edit.target)
          return true;
    }
    return false;
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
    keepFewerHeaders();
    dropNeedlessHeaders();
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

  /// An old header may have become needless that was kept while other edits were wrong, or before another file came to
  /// keep it. Each is left out, and comes back where a unit misses it; no other edit is touched.
  void keepFewerHeaders() {
    std::map<std::size_t, std::size_t> wider; // edit -> the choice that is known to do
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (Edits[i].isInclude() && Edits[i].choice != 0) {
        wider.emplace(i, std::exchange(Edits[i].choice, 0));
        touch(Edits[i].file);
      }
    while (!Stale.empty()) {
      std::set<std::size_t> units = Stale;
      parse(units);
      for (const auto &[i, choice] : missedHeaders(units, wider)) {
        Edits[i].choice = choice;
        touch(Edits[i].file);
        if (choice >= wider.at(i))
          wider.erase(i);
      }
    }
  }

  /// Which of the edits of includes are to keep more again, and their next choice.
  std::map<std::size_t, std::size_t> missedHeaders(const std::set<std::size_t> &units,
                                                   const std::map<std::size_t, std::size_t> &wider) {
    Suspects suspects(Edits, Overlay, Headers);
    std::map<std::size_t, std::size_t> missed;
    bool failed = false;
    for (std::size_t unit : units) {
      if (!fails(unit))
        continue;
      failed = true;
      const UnitFacts &facts = Before[unit].facts;
      std::vector<std::size_t> reaching = suspects.reaching(facts);
      bool found = false;
      for (const DiagnosticFact &error : errorsOf(After.at(unit)))
        if (std::optional<Suspects::Wider> more = suspects.widened(reaching, facts, error);
            more && wider.contains(more->edit)) {
          std::size_t &choice = missed[more->edit];
          choice = std::max(choice, std::min(more->choice, wider.at(more->edit)));
          found = true;
        }
      if (found)
        continue;
      std::map<std::size_t, std::size_t> candidates;
      for (std::size_t i : reaching)
        if (wider.contains(i))
          candidates.emplace(i, wider.at(i));
      if (std::optional<Suspects::Wider> helpful = helpfulHeader(unit, candidates))
        candidates = {{helpful->edit, helpful->choice}};
      for (const auto &[i, choice] : candidates)
        missed[i] = std::max(missed[i], choice);
    }
    return missed.empty() && (failed || !allResolve()) ? wider : missed;
  }

  /// An old header that came back first may be needless since another came back. Those of sources are tried together,
  /// since each concerns its own unit alone, and then those of headers.
  void dropNeedlessHeaders() {
    std::vector<std::size_t> keeping, sources, headers;
    std::map<std::size_t, unsigned> keptBy; // unit -> edits that keep old headers
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (Edits[i].isInclude() && Edits[i].choice != 0 && !Edits[i].kept[Edits[i].choice].empty()) {
        keeping.push_back(i);
        for (std::size_t unit : Readers[Edits[i].file])
          ++keptBy[unit];
      }
    for (std::size_t i : keeping) {
      const std::set<std::size_t> &readers = Readers[Edits[i].file];
      bool alone = llvm::all_of(readers, [&](std::size_t unit) { return keptBy[unit] == 1; });
      bool single = readers.size() == 1 && llvm::none_of(sources, [&](std::size_t other) {
                      return *Readers[Edits[other].file].begin() == *readers.begin();
                    });
      if (!alone)
        (single ? sources : headers).push_back(i);
    }
    if (!sources.empty())
      tryFewerHeaders(sources);
    for (std::size_t i : headers)
      tryFewerHeaders({i});
  }

  /// Gives each of the edits, which no unit reads two of, the fewest of its old headers with which its readers compile.
  void tryFewerHeaders(const std::vector<std::size_t> &edits) {
    std::map<std::size_t, std::vector<std::size_t>> left; // edit -> choices, the one with the fewest headers last
    for (std::size_t i : edits) {
      const std::vector<std::pair<std::uint32_t, std::uint32_t>> &now = Edits[i].kept[Edits[i].choice];
      for (std::size_t choice = Edits[i].choice; choice-- > 0;)
        if (llvm::all_of(Edits[i].kept[choice], [&](const auto &place) { return llvm::is_contained(now, place); }))
          left[i].push_back(choice);
    }
    while (!left.empty()) {
      std::map<std::size_t, std::size_t> was;
      for (auto &[i, choices] : left) {
        was[i] = std::exchange(Edits[i].choice, choices.back());
        choices.pop_back();
        touch(Edits[i].file);
      }
      std::map<std::size_t, UnitOutcome> outcomes; // as they were
      for (std::size_t unit : Stale)
        outcomes.try_emplace(unit, After[unit]);
      parse(std::set<std::size_t>(Stale));
      for (const auto &[i, choice] : was) {
        const std::set<std::size_t> &readers = Readers[Edits[i].file];
        if (llvm::none_of(readers, [&](std::size_t unit) { return fails(unit); }) && resolvesIn(readers)) {
          left.erase(i);
          continue;
        }
        Edits[i].choice = choice;
        for (std::size_t unit : readers)
          After[unit] = std::move(outcomes.at(unit));
        if (left[i].empty())
          left.erase(i);
      }
      Overlay = editedFiles(Edits, Read);
    }
  }

  /// Whether every edit that one of \p units reads resolves.
  bool resolvesIn(const std::set<std::size_t> &units) const {
    std::vector<EditedPlace> places = editedPlaces(Edits);
    for (std::size_t i = 0; i < Edits.size(); ++i) {
      auto readers = Readers.find(Edits[i].file);
      bool isRead = readers != Readers.end() &&
                    llvm::any_of(units, [&](std::size_t unit) { return readers->second.contains(unit); });
      if (isRead && !resolves(Edits[i], places[i]))
        return false;
    }
    return true;
  }

  /// Puts the edits back if everything compiles with them; else all is as before, and `Charged` says which of them the
  /// errors speak of. Names are put back written in full: a short one may still mean the old thing, and the error is
  /// elsewhere.
  bool holds(const std::vector<Rejected> &bundle) {
    std::vector<Edit> without = Edits;
    std::map<std::size_t, UnitOutcome> outcomes; // as they were
    auto parseAlso = [&](const std::set<std::size_t> &units) {
      for (std::size_t unit : units)
        if (auto known = After.find(unit); known != After.end())
          outcomes.try_emplace(unit, known->second);
      parse(units);
      return llvm::none_of(units, [&](std::size_t unit) { return fails(unit); });
    };
    for (const Rejected &rejected : bundle) {
      Edit &edit = Edits.emplace_back(rejected.rejection.edit);
      if (edit.isName())
        edit.choice = edit.choices.size() - 1;
      touch(edit.file);
    }
    sortByPlace(Edits);
    std::set<std::size_t> first; // the most likely to fail again
    for (const Rejected &rejected : bundle)
      first.insert(rejected.unit);
    bool good = parseAlso(first) && parseAlso(std::set<std::size_t>(Stale)) && allResolve();
    Charged.clear();
    if (good)
      return true;
    noteCharged(bundle);
    Edits = std::move(without);
    Overlay = editedFiles(Edits, Read);
    Stale.clear();
    for (auto &[unit, outcome] : outcomes)
      After[unit] = std::move(outcome);
    return false;
  }

  bool allResolve() const {
    std::vector<EditedPlace> places = editedPlaces(Edits);
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (!resolves(Edits[i], places[i]))
        return false;
    return true;
  }

  /// Which edits of the bundle the errors speak of, as the edits are now: those that the compiler points at, or when
  /// there is none, those that may have made an error.
  void noteCharged(const std::vector<Rejected> &bundle) {
    Suspects suspects(Edits, Overlay, Headers);
    std::vector<Edit> guessed;
    for (const auto &[unit, outcome] : After) {
      std::vector<std::size_t> reaching = suspects.reaching(Before[unit].facts);
      std::erase_if(reaching, [&](std::size_t i) {
        return llvm::none_of(bundle,
                             [&](const Rejected &rejected) { return isSame(rejected.rejection.edit, Edits[i]); });
      });
      // Later errors may only follow from the first, and a guess is soon wrong; but each round costs a parse.
      constexpr std::size_t kFew = 16;
      bool guesses = true;
      for (const DiagnosticFact &error : errorsOf(outcome)) {
        if (std::optional<std::size_t> edit = suspects.pointedAt(reaching, error))
          Charged.push_back(Edits[*edit]);
        else if (guesses)
          for (std::size_t guess : suspects.guessed(reaching, error)) {
            guessed.push_back(Edits[guess]);
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

  std::vector<Edit> Edits; ///< sorted by file and place
  const std::vector<UnitOutcome> &Before;
  MeaningGuard Meaning;
  ReadFile Read;
  ExtractUnits Extract;
  HeaderWords Headers;
  std::map<std::string, std::set<std::size_t>> Readers; ///< file -> units that read it and parsed
  std::map<std::string, std::string> Overlay;
  std::map<std::size_t, UnitOutcome> After;
  std::set<std::size_t> Stale; ///< units that read a file whose edits changed since they were parsed
  std::vector<Rejected> Out;
  std::vector<Edit> Charged; ///< of the edits that were put back last, those that the errors speak of
};

} // namespace

Verification verifyEdits(std::vector<Edit> edits, const std::vector<UnitOutcome> &before, llvm::ArrayRef<Rule> rules,
                         ReadFile read, ExtractUnits extract) {
  return Verifier(std::move(edits), before, rules, read, extract).run();
}

} // namespace ssot
