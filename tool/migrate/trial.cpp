#include "migrate/trial.h"

#include <llvm/ADT/STLExtras.h>

#include <tuple>
#include <utility>

namespace ssot {

std::vector<DiagnosticFact> errorsOf(const UnitOutcome &outcome) {
  std::vector<DiagnosticFact> errors;
  if (outcome.facts.error)
    errors.push_back(*outcome.facts.error);
  llvm::append_range(errors, outcome.facts.moreErrors);
  return errors;
}

std::string messageOf(const UnitOutcome &outcome) {
  if (!outcome.failure.empty())
    return outcome.failure;
  return outcome.facts.error ? messageOf(*outcome.facts.error) : std::string();
}

void sortByPlace(std::vector<Edit> &edits) {
  // What is put in somewhere comes before what is taken out there.
  llvm::stable_sort(edits, [](const Edit &a, const Edit &b) {
    return std::tie(a.file, a.begin, a.end) < std::tie(b.file, b.begin, b.end);
  });
}

Trial::Trial(std::vector<Edit> planned, llvm::ArrayRef<UnitOutcome> before, llvm::ArrayRef<Rule> rules, ReadFile read,
             ExtractUnits extract)
    : edits(std::move(planned)), Before(before), Meaning(rules), Read(read), Extract(extract), Headers(read) {
  sortByPlace(edits);
  for (std::size_t unit = 0; unit < Before.size(); ++unit)
    if (Before[unit].failure.empty() && !Before[unit].facts.error)
      for (const FileFact &file : Before[unit].facts.files)
        Readers[file.path].insert(unit);
  for (const Edit &edit : edits)
    touch(edit.file);
}

const Trial::Units &Trial::readers(const std::string &file) const {
  auto readers = Readers.find(file);
  return readers == Readers.end() ? None : readers->second;
}

void Trial::touch(const std::string &file) {
  const Units &units = readers(file);
  Stale.insert(units.begin(), units.end());
}

void Trial::parse(const Units &units) {
  std::vector<std::size_t> order(units.begin(), units.end());
  Overlay = editedFiles(edits, Read);
  std::vector<UnitOutcome> outcomes = extract(order, edits, Overlay);
  for (auto [unit, outcome] : llvm::zip(order, outcomes)) {
    After[unit] = std::move(outcome);
    Stale.erase(unit);
  }
}

Trial::Units Trial::pilots(llvm::ArrayRef<Edit> some, bool justOne) const {
  std::map<std::size_t, std::set<std::string>> edited; // unit -> edited files that it reads
  for (const Edit &edit : some)
    for (std::size_t unit : readers(edit.file))
      if (Stale.contains(unit))
        edited[unit].insert(edit.file);
  std::vector<std::size_t> order;
  for (const auto &[unit, files] : edited)
    order.push_back(unit);
  llvm::stable_sort(order, [&](std::size_t a, std::size_t b) { return edited[a].size() > edited[b].size(); });
  std::set<std::string> covered;
  Units chosen;
  for (std::size_t unit : order) {
    std::size_t known = covered.size();
    covered.insert(edited[unit].begin(), edited[unit].end());
    if (covered.size() != known)
      chosen.insert(unit);
    if (justOne)
      break;
  }
  return chosen;
}

Trial::Units Trial::failedPilots() const {
  std::set<std::string> known;
  Units chosen;
  for (std::size_t unit : Stale)
    if (fails(unit) && known.insert(messageOf(After.at(unit))).second)
      chosen.insert(unit);
  return chosen;
}

UnitOutcome Trial::asked(std::size_t unit, llvm::ArrayRef<Edit> others) {
  return std::move(extract({unit}, others, editedFiles(others, Read)).front());
}

std::vector<UnitOutcome> Trial::extract(llvm::ArrayRef<std::size_t> units, llvm::ArrayRef<Edit> some,
                                        const std::map<std::string, std::string> &overlay) {
  std::vector<UnitOutcome> outcomes = Extract(units, overlay);
  for (auto [unit, outcome] : llvm::zip(units, outcomes))
    if (messageOf(outcome).empty()) {
      std::vector<DiagnosticFact> differences = Meaning.differences(before(unit), outcome.facts, some);
      if (differences.empty())
        continue;
      outcome.facts.error = differences.front();
      outcome.facts.moreErrors.assign(differences.begin() + 1, differences.end());
    }
  return outcomes;
}

bool Trial::fails(std::size_t unit) const {
  auto outcome = After.find(unit);
  return outcome != After.end() && !messageOf(outcome->second).empty();
}

bool Trial::anyFails(const Units &units) const {
  return llvm::any_of(units, [&](std::size_t unit) { return fails(unit); });
}

bool Trial::resolves(const Edit &edit, EditedPlace place) const {
  // Of an adapter the judge says whether it has become one, and a rule's own text names nothing that is known.
  if (edit.isInclude() || !edit.adapter.empty() || edit.isRaw)
    return true;
  for (std::size_t unit : readers(edit.file)) {
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

bool Trial::allResolve() const {
  std::vector<EditedPlace> places = editedPlaces(edits);
  for (auto [edit, place] : llvm::zip(edits, places))
    if (!resolves(edit, place))
      return false;
  return true;
}

bool Trial::resolvesIn(const Units &units) const {
  std::vector<EditedPlace> places = editedPlaces(edits);
  for (auto [edit, place] : llvm::zip(edits, places)) {
    const Units &reading = readers(edit.file);
    if (llvm::any_of(units, [&](std::size_t unit) { return reading.contains(unit); }) && !resolves(edit, place))
      return false;
  }
  return true;
}

Trial::Outcomes Trial::said(const Units &units) const {
  Outcomes said;
  for (std::size_t unit : units)
    if (auto known = After.find(unit); known != After.end())
      said.insert(*known);
  return said;
}

void Trial::putBack(Outcomes said) {
  Overlay = editedFiles(edits, Read);
  for (auto &[unit, outcome] : said) {
    After[unit] = std::move(outcome);
    Stale.erase(unit);
  }
}

Trial::Units Waves::next(bool repaired) {
  Trial::Units units = repaired ? Tried.failedPilots() : Trial::Units();
  for (; units.empty() && Sent < 2; ++Sent)
    units = Tried.pilots(Tried.edits, /*justOne=*/Sent == 0);
  return units.empty() ? Tried.stale() : units;
}

void Trial::revert(std::vector<Edit> earlier, Outcomes said) {
  edits = std::move(earlier);
  putBack(std::move(said));
  Stale.clear();
}

} // namespace ssot
