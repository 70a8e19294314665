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
    std::set<std::string> changed;
    for (const Edit &edit : Edits)
      changed.insert(edit.file);
    // Every round changes the choice of an edit or takes one out, so the rounds come to an end.
    while (!changed.empty()) {
      parse(changed);
      changed = repairErrors();
      if (changed.empty())
        changed = repairTargets();
    }
    Verification result;
    result.edits = std::move(Edits);
    result.rejected = std::move(Rejected);
    for (auto &[unit, outcome] : After)
      result.facts.emplace(unit, std::move(outcome.facts));
    return result;
  }

private:
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
    std::set<std::string> changed;
    std::set<std::string> blamed; // one error, one repair, however many units say it
    for (const auto &[unit, outcome] : After) {
      std::string message = messageOf(outcome);
      if (message.empty() || !blamed.insert(message).second)
        continue;
      std::size_t guilty = guiltyEdit(unit, outcome);
      if (guilty == Edits.size())
        continue;
      changed.insert(Edits[guilty].file);
      nextChoice(guilty, message);
    }
    return changed;
  }

  static std::string messageOf(const UnitOutcome &outcome) {
    if (!outcome.failure.empty())
      return outcome.failure;
    if (!outcome.facts.error)
      return std::string();
    const DiagnosticFact &error = *outcome.facts.error;
    return error.file + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " + error.message;
  }

  /// The edit to blame for a unit that no longer compiles: one on the line of the error, else the nearest change of
  /// includes, else the one that halving finds.
  std::size_t guiltyEdit(std::size_t unit, const UnitOutcome &outcome) {
    std::vector<std::size_t> reaching = editsOf(unit);
    if (reaching.empty())
      return Edits.size();
    if (outcome.facts.error) {
      const DiagnosticFact &error = *outcome.facts.error;
      for (std::size_t i : reaching)
        if (Edits[i].file == error.file && !Edits[i].isInclude() && touchesLine(Edits[i], error.line))
          return i;
      for (bool sameFile : {true, false})
        for (std::size_t i : reaching)
          if (Edits[i].isInclude() && (Edits[i].file == error.file) == sameFile &&
              Edits[i].choice + 1 < Edits[i].choices.size())
            return i;
    }
    return isolate(unit, reaching);
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

  /// Every edited name must now be a use of its target.
  std::set<std::string> repairTargets() {
    std::set<std::string> changed;
    for (std::size_t i = 0; i < Edits.size(); ++i)
      if (!Edits[i].isInclude() && !resolves(Edits[i])) {
        changed.insert(Edits[i].file);
        std::string message = "the edited place does not resolve to '" + Edits[i].target + "'";
        std::size_t count = Edits.size();
        nextChoice(i, message);
        if (Edits.size() < count)
          --i;
      }
    return changed;
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
        if (use.place.end == place.end && use.place.begin >= place.begin &&
            facts.files[use.place.file].path == edit.file && facts.strings[use.name] == edit.target)
          return true;
    }
    return false;
  }

  void nextChoice(std::size_t i, const std::string &message) {
    if (Edits[i].choice + 1 < Edits[i].choices.size()) {
      ++Edits[i].choice;
      return;
    }
    Edits[i].choice = 0;
    Rejected.push_back({std::move(Edits[i]), message});
    Edits.erase(Edits.begin() + static_cast<std::ptrdiff_t>(i));
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
