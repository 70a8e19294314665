#include "migrate/agreement.h"

#include <llvm/ADT/STLExtras.h>

#include <set>

namespace ssot {

namespace {

struct Stretch {
  std::size_t begin, end;
};

/// What a rule replaces: rule, old name, new name.
using Replaced = std::set<std::tuple<std::string, std::string, std::string>>;

Replaced replacedBy(llvm::ArrayRef<Rule> rules) {
  Replaced replaced;
  for (const Rule &rule : rules)
    if (const auto *names = std::get_if<LegacyNameRule>(&rule.body))
      for (const NameReplacement &name : names->replace)
        replaced.emplace(rule.id, name.old, name.replacement);
    else if (const auto *call = std::get_if<LegacyCallRule>(&rule.body))
      replaced.emplace(rule.id, call->from.value, call->canonical);
  return replaced;
}

/// Whether a use at the place of \p edit is one that \p wanted accepts.
bool hasUse(const UnitFacts &facts, const Edit &edit, Stretch place, llvm::function_ref<bool(const UseFact &)> wanted) {
  return llvm::any_of(facts.uses, [&](const UseFact &use) {
    bool isThere =
        use.place.begin >= place.begin && (edit.isCall ? use.place.end <= place.end : use.place.end == place.end);
    return isThere && facts.files[use.place.file].path == edit.file && wanted(use);
  });
}

} // namespace

std::vector<Edit> takeDisagreed(Verification &verification, llvm::ArrayRef<UnitOutcome> before,
                                llvm::ArrayRef<Rule> rules) {
  Replaced replaced = replacedBy(rules);
  std::vector<Edit> apart, rest;
  llvm::StringRef file;
  std::ptrdiff_t shift = 0; // what the edits before this one in its file add
  for (Edit &edit : verification.edits) {
    if (file != edit.file)
      shift = 0;
    Stretch old{edit.begin, edit.end};
    auto begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(edit.begin) + shift);
    Stretch now{begin, begin + edit.after().size()};
    shift += static_cast<std::ptrdiff_t>(edit.after().size()) - static_cast<std::ptrdiff_t>(edit.end - edit.begin);
    auto disagrees = [&](const std::pair<const std::size_t, UnitFacts> &unit) {
      const UnitFacts &facts = before[unit.first].facts;
      auto isTarget = [&](const UseFact &use) { return unit.second.strings[use.name] == edit.target; };
      auto isOld = [&](const UseFact &use) {
        return use.kind == UseKind::Dependent || facts.strings[use.name] == edit.target ||
               replaced.count({edit.rule, facts.strings[use.name], edit.target});
      };
      return hasUse(unit.second, edit, now, isTarget) && !hasUse(facts, edit, old, isOld);
    };
    bool isNamed = llvm::any_of(replaced, [&](const auto &entry) {
      return std::get<0>(entry) == edit.rule && std::get<2>(entry) == edit.target;
    });
    // Where nothing stood, nobody meant anything else.
    bool taken = isNamed && edit.begin != edit.end && llvm::any_of(verification.facts, disagrees);
    (taken ? apart : rest).push_back(std::move(edit));
    file = (taken ? apart : rest).back().file;
  }
  verification.edits = std::move(rest);
  return apart;
}

} // namespace ssot
