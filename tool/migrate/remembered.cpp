#include "migrate/remembered.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

#include <utility>

namespace ssot {

namespace {

/// Of each unit. What is tried is soon taken back or stays; older states do not come again.
constexpr std::size_t kStates = 8;

/// The entries of files that the unit reads.
template <typename Texts>
Texts readBy(const UnitFacts &facts, const Texts &texts) {
  Texts read;
  for (const FileFact &file : facts.files)
    if (auto text = texts.find(file.path); text != texts.end())
      read.insert(*text);
  return read;
}

} // namespace

std::vector<UnitOutcome> RememberedUnits::parse(llvm::ArrayRef<std::size_t> units,
                                                const std::map<std::string, std::string> &overlay,
                                                ExtractUnits extract) {
  Texts texts;
  for (const auto &[file, text] : overlay) {
    llvm::XXH128_hash_t name = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
    texts[file] = {name.low64, name.high64};
  }
  std::map<std::size_t, UnitOutcome> outcomes;
  std::vector<std::size_t> unknown;
  for (std::size_t unit : units)
    if (const UnitOutcome *known = find(unit, texts))
      outcomes.emplace(unit, *known);
    else
      unknown.push_back(unit);
  if (!unknown.empty()) {
    std::vector<UnitOutcome> said = extract(unknown, overlay);
    for (auto [unit, outcome] : llvm::zip(unknown, said)) {
      keep(unit, texts, outcome);
      outcomes.emplace(unit, std::move(outcome));
    }
  }
  std::vector<UnitOutcome> all;
  for (std::size_t unit : units)
    all.push_back(std::move(outcomes.at(unit)));
  return all;
}

const UnitOutcome *RememberedUnits::find(std::size_t unit, const Texts &texts) const {
  auto known = Known.find(unit);
  if (known == Known.end())
    return nullptr;
  for (const Said &said : known->second)
    if (said.texts == readBy(said.outcome.facts, texts))
      return &said.outcome;
  return nullptr;
}

void RememberedUnits::keep(std::size_t unit, const Texts &texts, const UnitOutcome &outcome) {
  // One that crashed or hung does not say what it read, and another time it may not.
  if (!outcome.failure.empty())
    return;
  std::deque<Said> &known = Known[unit];
  known.push_front({readBy(outcome.facts, texts), outcome});
  if (known.size() > kStates)
    known.pop_back();
}

} // namespace ssot
