#include "migrate/warnings.h"

namespace ssot {

std::vector<UnitOutcome> WarningGuard::parse(llvm::ArrayRef<std::size_t> units,
                                             const std::map<std::string, std::string> &overlay) {
  std::vector<UnitOutcome> outcomes = Extract(units, overlay);
  findOld(units, outcomes, overlay);
  for (std::size_t i = 0; i < units.size(); ++i)
    for (const DiagnosticFact &warning : outcomes[i].facts.warnings)
      if (auto old = Old.find(units[i]); old != Old.end() && !old->second.contains(warning.flag)) {
        DiagnosticFact error = warning;
        error.message += " [-W" + warning.flag + ", of which the unit had none]";
        UnitFacts &facts = outcomes[i].facts;
        if (facts.error)
          facts.moreErrors.push_back(std::move(error));
        else
          facts.error = std::move(error);
      }
  return outcomes;
}

void WarningGuard::findOld(llvm::ArrayRef<std::size_t> units, llvm::ArrayRef<UnitOutcome> outcomes,
                           const std::map<std::string, std::string> &overlay) {
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < units.size(); ++i)
    if (!outcomes[i].facts.warnings.empty() && !Old.count(units[i]))
      unknown.push_back(units[i]);
  if (unknown.empty())
    return;
  std::map<std::string, std::string> unchanged;
  for (const auto &[file, text] : overlay)
    if (std::optional<std::string> now = Read(file))
      unchanged[file] = std::move(*now);
  std::vector<UnitOutcome> before = Extract(unknown, unchanged);
  for (std::size_t i = 0; i < unknown.size(); ++i)
    for (llvm::StringSet<> &flags = Old[unknown[i]]; const DiagnosticFact &warning : before[i].facts.warnings)
      flags.insert(warning.flag);
}

} // namespace ssot
