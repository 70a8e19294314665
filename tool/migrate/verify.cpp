#include "migrate/verify.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>

#include <algorithm>
#include <set>

namespace ssot {

namespace {

/// Where an edit lies in the edited file.
struct EditedPlace {
  std::size_t begin, end;
};

class Verifier {
public:
  Verifier(std::vector<Edit> edits, const std::vector<UnitOutcome> &before, ReadFile read, ExtractUnits extract)
      : Edits(std::move(edits)), Before(before), Read(read), Extract(extract) {
    for (std::size_t unit = 0; unit < Before.size(); ++unit)
      if (Before[unit].failure.empty() && !Before[unit].facts.error)
        for (const FileFact &file : Before[unit].facts.files)
          Readers[file.path].insert(unit);
  }

  Verification run() {
    std::set<std::string> all;
    for (const Edit &edit : Edits)
      all.insert(edit.file);
    settle(std::move(all));
    // An edit may have been taken out for an error that another one made, which is out by now: what was rejected gets
    // another chance, as long as that saves something.
    for (std::size_t last = 0; !Rejected.empty() && Rejected.size() != last;) {
      last = Rejected.size();
      settle(takeBack());
    }
    Verification result;
    for (const auto &[unit, outcome] : After)
      if (std::string message = messageOf(outcome); !message.empty())
        result.unproven.push_back(std::move(message));
    result.edits = std::move(Edits);
    result.rejected = std::move(Rejected);
    for (auto &[unit, outcome] : After)
      result.facts.emplace(unit, std::move(outcome.facts));
    return result;
  }

private:
  /// Every round changes the choice of an edit or takes one out, so the rounds come to an end.
  void settle(std::set<std::string> changed) {
    while (!changed.empty()) {
      parse(changed);
      changed = repairErrors();
      if (changed.empty())
        changed = repairTargets();
      if (changed.empty())
        changed = dropIdleIncludes();
    }
  }

  std::set<std::string> takeBack() {
    std::set<std::string> changed;
    for (Rejection &rejection : Rejected) {
      changed.insert(rejection.edit.file);
      Edits.push_back(std::move(rejection.edit));
    }
    Rejected.clear();
    llvm::sort(Edits,
               [](const Edit &a, const Edit &b) { return std::tie(a.file, a.begin) < std::tie(b.file, b.begin); });
    return changed;
  }

  void parse(const std::set<std::string> &changed) {
    Overlay = editedFiles(Edits, Read);
    std::set<std::size_t> units;
    for (const std::string &file : changed)
      if (auto readers = Readers.find(file); readers != Readers.end())
        units.insert(readers->second.begin(), readers->second.end());
    std::vector<std::size_t> order(units.begin(), units.end());
    std::vector<UnitOutcome> outcomes = Extract(order, Overlay);
    for (std::size_t i = 0; i < order.size(); ++i)
      After[order[i]] = std::move(outcomes[i]);
  }

  EditedPlace placeOf(const Edit &wanted) const {
    std::ptrdiff_t shift = 0;
    for (const Edit &edit : Edits) {
      if (edit.file != wanted.file || edit.begin >= wanted.begin)
        continue;
      shift += static_cast<std::ptrdiff_t>(edit.after().size()) - static_cast<std::ptrdiff_t>(edit.end - edit.begin);
    }
    std::size_t begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(wanted.begin) + shift);
    return {begin, begin + wanted.after().size()};
  }

  // --- errors
  // -------------------------------------------------------------------------------------------------------------------

  std::set<std::string> repairErrors() {
    std::map<const Edit *, std::string> guilty;
    std::set<std::string> blamed; // one error, one repair, however many units say it
    for (const auto &[unit, outcome] : After) {
      if (messageOf(outcome).empty())
        continue;
      blame(unit, outcome, guilty, blamed);
    }
    return change(guilty);
  }

  /// Moves each of the edits to its next choice, or out.
  std::set<std::string> change(const std::map<const Edit *, std::string> &guilty) {
    std::set<std::string> changed;
    std::vector<Edit> kept;
    for (Edit &edit : Edits) {
      auto blame = guilty.find(&edit);
      if (blame == guilty.end()) {
        kept.push_back(std::move(edit));
        continue;
      }
      changed.insert(edit.file);
      if (++edit.choice < edit.choices.size()) {
        kept.push_back(std::move(edit));
      } else {
        edit.choice = 0;
        Rejected.push_back({std::move(edit), blame->second});
      }
    }
    Edits = std::move(kept);
    return changed;
  }

  static std::vector<DiagnosticFact> errorsOf(const UnitOutcome &outcome) {
    std::vector<DiagnosticFact> errors;
    if (outcome.facts.error)
      errors.push_back(*outcome.facts.error);
    errors.insert(errors.end(), outcome.facts.moreErrors.begin(), outcome.facts.moreErrors.end());
    return errors;
  }

  static std::string messageOf(const DiagnosticFact &error) {
    return error.file + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " + error.message;
  }

  static std::string messageOf(const UnitOutcome &outcome) {
    if (!outcome.failure.empty())
      return outcome.failure;
    return outcome.facts.error ? messageOf(*outcome.facts.error) : std::string();
  }

  /// Finds what to change for a unit that does not compile. What the compiler points at is surely guilty, each of them;
  /// of the rest, which may only follow from another error, one edit at a time is tried.
  void blame(std::size_t unit, const UnitOutcome &outcome, std::map<const Edit *, std::string> &guilty,
             std::set<std::string> &blamed) {
    bool found = false;
    std::vector<DiagnosticFact> errors = errorsOf(outcome);
    for (const DiagnosticFact &error : errors) {
      if (blamed.contains(messageOf(error))) {
        found = true;
        continue;
      }
      if (const Edit *edit = editAt(unit, error)) {
        guilty.emplace(edit, messageOf(error));
        blamed.insert(messageOf(error));
        found = true;
      }
    }
    if (found)
      return;
    // An error where nothing was edited: what it misses came by an include that was taken out.
    const Edit *edit = includeToWiden(unit, errors.empty() ? llvm::StringRef() : llvm::StringRef(errors.front().file));
    if (!edit && !errors.empty())
      edit = editNear(unit, errors.front());
    if (!edit)
      edit = lastResort(unit);
    if (edit)
      guilty.emplace(edit, messageOf(outcome));
    for (const DiagnosticFact &error : errors)
      blamed.insert(messageOf(error));
  }

  /// The edit whose new text the compiler points at.
  const Edit *editAt(std::size_t unit, const DiagnosticFact &error) const {
    for (std::size_t i : editsOf(unit)) {
      const Edit &edit = Edits[i];
      if (edit.isInclude() || edit.file != error.file)
        continue;
      auto text = Overlay.find(edit.file);
      if (text == Overlay.end())
        continue;
      EditedPlace place = placeOf(edit);
      llvm::StringRef whole = text->second;
      auto line = static_cast<unsigned>(whole.take_front(place.begin).count('\n')) + 1;
      std::size_t column = place.begin - lineBegin(whole, place.begin) + 1;
      if (line == error.line && column <= error.column && error.column < column + edit.after().size())
        return &edit;
    }
    return nullptr;
  }

  /// The edit on the line of the error; else the nearest one before it in the same file whose new name the compiler
  /// complains about.
  const Edit *editNear(std::size_t unit, const DiagnosticFact &error) const {
    const Edit *nearest = nullptr;
    for (std::size_t i : editsOf(unit)) {
      const Edit &edit = Edits[i];
      if (edit.isInclude())
        continue;
      if (edit.file == error.file && touchesLine(edit, error.line))
        return &edit;
      bool named = llvm::StringRef(error.message).contains(lastWord(edit.target));
      if (!named)
        continue;
      bool sameFile = edit.file == error.file;
      bool better = !nearest || (sameFile && nearest->file != error.file) || (sameFile && edit.line <= error.line);
      if (better && (sameFile || nearest == nullptr))
        nearest = &edit;
    }
    return nearest;
  }

  static llvm::StringRef lastWord(llvm::StringRef name) {
    std::size_t at = name.rfind("::");
    return at == llvm::StringRef::npos ? name : name.drop_front(at + 2);
  }

  /// An edit of includes that can keep more of the old headers, in the file of the error if there is one.
  const Edit *includeToWiden(std::size_t unit, llvm::StringRef file) const {
    std::vector<std::size_t> reaching = editsOf(unit);
    for (bool sameFile : {true, false})
      for (std::size_t i : reaching)
        if (Edits[i].isInclude() && (Edits[i].file == file) == sameFile &&
            Edits[i].choice + 1 < Edits[i].choices.size())
          return &Edits[i];
    return nullptr;
  }

  const Edit *lastResort(std::size_t unit) {
    std::vector<std::size_t> reaching = editsOf(unit);
    return reaching.empty() ? nullptr : &Edits[isolate(unit, std::move(reaching))];
  }

  std::vector<std::size_t> editsOf(std::size_t unit) const {
    llvm::StringSet<> files;
    for (const FileFact &file : Before[unit].facts.files)
      files.insert(file.path);
    std::vector<std::size_t> reaching;
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (files.contains(Edits[i].file))
        reaching.push_back(i);
    return reaching;
  }

  bool touchesLine(const Edit &edit, unsigned line) const {
    auto text = Overlay.find(edit.file);
    if (text == Overlay.end())
      return false;
    EditedPlace place = placeOf(edit);
    llvm::StringRef whole = text->second;
    unsigned first = static_cast<unsigned>(whole.take_front(place.begin).count('\n')) + 1;
    unsigned last = first + static_cast<unsigned>(whole.slice(place.begin, place.end).count('\n'));
    return first <= line && line <= last;
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
      llvm::sort(chosen,
                 [](const Edit &a, const Edit &b) { return std::tie(a.file, a.begin) < std::tie(b.file, b.begin); });
      std::vector<UnitOutcome> outcome = Extract({unit}, editedFiles(chosen, Read));
      if (messageOf(outcome.front()).empty()) {
        innocent.insert(innocent.end(), half.begin(), half.end());
        suspects.erase(suspects.begin(), suspects.begin() + static_cast<std::ptrdiff_t>(half.size()));
      } else {
        suspects = std::move(half);
      }
    }
    return suspects.front();
  }

  // --- targets
  // ------------------------------------------------------------------------------------------------------------------

  /// An include that was added for edits that have been rejected helps nobody.
  std::set<std::string> dropIdleIncludes() {
    std::set<std::pair<std::string, std::string>> active; // file and rule
    for (const Edit &edit : Edits)
      if (!edit.isInclude())
        active.emplace(edit.file, edit.rule);
    std::set<std::string> changed;
    std::erase_if(Edits, [&](const Edit &edit) {
      bool idle = !edit.onlyFor.empty() &&
                  llvm::none_of(edit.onlyFor, [&](const std::string &rule) { return active.count({edit.file, rule}); });
      if (idle)
        changed.insert(edit.file);
      return idle;
    });
    return changed;
  }

  /// Every edited name must now be a use of its target.
  std::set<std::string> repairTargets() {
    std::map<const Edit *, std::string> guilty;
    for (const Edit &edit : Edits)
      if (!edit.isInclude() && !resolves(edit))
        guilty.emplace(&edit, "the edited place does not resolve to '" + edit.target + "'");
    return change(guilty);
  }

  bool resolves(const Edit &edit) const {
    EditedPlace place = placeOf(edit);
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

  std::vector<Edit> Edits;
  const std::vector<UnitOutcome> &Before;
  ReadFile Read;
  ExtractUnits Extract;
  std::map<std::string, std::set<std::size_t>> Readers; ///< file -> units that read it and parsed
  std::map<std::string, std::string> Overlay;
  std::map<std::size_t, UnitOutcome> After;
  std::vector<Rejection> Rejected;
};

} // namespace

Verification verifyEdits(std::vector<Edit> edits, const std::vector<UnitOutcome> &before, ReadFile read,
                         ExtractUnits extract) {
  return Verifier(std::move(edits), before, read, extract).run();
}

} // namespace ssot
