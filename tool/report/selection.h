// report/selection.h - which findings a report shows, and in which order when it may have to cut.
#pragma once

#include "report/report.h"

#include <string>
#include <vector>

namespace ssot {

/// \returns whether a report for people and services shows \p finding: the excused ones only when asked for.
bool isShown(const ReportInput &input, const Finding &finding);

enum class Baselined { OnRequest, Too };

/// \returns the findings that are shown: what the gate counts first, then errors, warnings, notes; by place within.
std::vector<const Finding *> worstFirst(const ReportInput &input, Baselined baselined = Baselined::OnRequest);

/// \returns the rules that reports go through: those in force, then others that a finding names (of a baseline's
/// entry).
std::vector<std::string> rulesWithFindings(const Result &result);

/// \returns whether \p finding is what its rule looks for, and not about the rule, an allowance or a suppression.
bool isOfRuleKind(const Finding &finding);

/// \returns the name under which services file \p finding: the rule, or "ssot.unused-suppression" and the like. Rule
/// ids have no dot, so the two never meet.
std::string checkName(const Finding &finding);

/// "3 of 40 translation units could not be analysed", "1 file or compile command could not be used": empty when nothing
/// is missing.
std::string whatIsMissing(const Coverage &coverage);

/// \returns the units that failed, then the files that could not be read.
std::vector<const FailedUnit *> failures(const Coverage &coverage);

/// "Gate passed", or "Gate failed: 3 violations; ...".
std::string verdict(const ReportInput &input);

/// "1 safe to migrate, 2 need a decision, 0 unknown": the duplicates by verdict.
std::string driftCounts(const Result &result);
llvm::StringRef wordsFor(DriftVerdict verdict);

} // namespace ssot
