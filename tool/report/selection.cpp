#include "report/selection.h"

#include "config/format.h"
#include "report/words.h"

#include <algorithm>
#include <set>

namespace ssot {

namespace {

/// What fails the gate comes before what does not.
int rankOf(const Finding &finding) {
  int severity = finding.severity == Severity::Error ? 0 : finding.severity == Severity::Warning ? 1 : 2;
  return finding.state == FindingState::New ? severity : 3 + severity;
}

} // namespace

bool isShown(const ReportInput &input, const Finding &finding) {
  return input.showSuppressed || finding.state == FindingState::New;
}

std::vector<const Finding *> worstFirst(const ReportInput &input, Baselined baselined) {
  std::vector<const Finding *> shown;
  for (const Finding &finding : input.result.findings)
    if (isShown(input, finding) || (finding.state == FindingState::Baseline && baselined == Baselined::Too))
      shown.push_back(&finding);
  std::stable_sort(shown.begin(), shown.end(),
                   [](const Finding *a, const Finding *b) { return rankOf(*a) < rankOf(*b); });
  return shown;
}

std::vector<std::string> rulesWithFindings(const Result &result) {
  std::vector<std::string> rules;
  rules.reserve(result.rules.size());
  for (const RuleResult &rule : result.rules)
    rules.push_back(rule.id);
  std::set<std::string> others;
  for (const Finding &finding : result.findings)
    others.insert(finding.rule);
  for (const std::string &rule : rules)
    others.erase(rule);
  rules.insert(rules.end(), others.begin(), others.end());
  return rules;
}

bool isOfRuleKind(const Finding &finding) { return findKind(finding.kind) != nullptr; }

std::string checkName(const Finding &finding) { return isOfRuleKind(finding) ? finding.rule : "ssot." + finding.kind; }

std::string whatIsMissing(const Coverage &coverage) {
  std::string text;
  if (!coverage.units.failed.empty())
    text = std::to_string(coverage.units.failed.size()) + " of " + counted(coverage.units.total, "translation unit") +
           " could not be analysed";
  if (std::size_t unreadable = coverage.unreadable.size())
    text += (text.empty() ? "" : "; ") + std::to_string(unreadable) +
            (unreadable == 1 ? " file or compile command" : " files or compile commands") + " could not be used";
  return text;
}

std::vector<const FailedUnit *> failures(const Coverage &coverage) {
  std::vector<const FailedUnit *> all;
  all.reserve(coverage.units.failed.size() + coverage.unreadable.size());
  for (const FailedUnit &unit : coverage.units.failed)
    all.push_back(&unit);
  for (const FailedUnit &file : coverage.unreadable)
    all.push_back(&file);
  return all;
}

std::string verdict(const ReportInput &input) {
  const Result &result = input.result;
  std::string why;
  auto add = [&](const std::string &reason) { why += (why.empty() ? ": " : "; ") + reason; };
  if (result.violations)
    add(counted(result.violations, "violation"));
  if (!result.reachesMinimum)
    add("SSOT compliance is under the minimum of " + shortNumber(*result.minCompliance) + " %");
  if (!result.coverage.complete())
    add(std::string("the analysis is incomplete") +
        (input.allowIncomplete ? "" : " (--allow-incomplete accepts that)"));
  return (result.gatePassed ? "Gate passed" : "Gate failed") + why;
}

std::string driftCounts(const Result &result) {
  auto of = [&](DriftVerdict verdict) {
    return std::to_string(
        llvm::count_if(result.drifts, [&](const DriftEntry &entry) { return entry.drift.verdict == verdict; }));
  };
  return of(DriftVerdict::Safe) + " safe to migrate, " + of(DriftVerdict::NeedsDecision) + " to be decided, " +
         of(DriftVerdict::Unknown) + " unknown";
}

llvm::StringRef wordsFor(DriftVerdict verdict) {
  switch (verdict) {
  case DriftVerdict::Safe:
    return "safe to migrate";
  case DriftVerdict::NeedsDecision:
    return "needs a decision";
  case DriftVerdict::Unknown:
    return "unknown";
  }
  return "unknown";
}

} // namespace ssot
