// GitLab's code quality report: a JSON array; a merge request compares the fingerprints of both branches.
#include "report/report.h"
#include "report/selection.h"
#include "report/source_lines.h"
#include "report/words.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

llvm::StringRef gitlabSeverity(Severity severity) {
  return severity == Severity::Error ? "major" : severity == Severity::Warning ? "minor" : "info";
}

Json issue(const Finding &finding, SourceLines &lines) {
  SourceLines::Region region = lines.regionOf(finding.file, finding.place);
  return {{"description", escaped(finding.message)},
          {"check_name", checkName(finding)},
          {"fingerprint", finding.fingerprint},
          {"severity", gitlabSeverity(finding.severity).str()},
          {"location",
           {{"path", finding.file},
            {"positions",
             {{"begin", {{"line", region.line}, {"column", region.column}}},
              {"end", {{"line", region.endLine}, {"column", region.endColumn}}}}},
            {"lines", {{"begin", region.line}, {"end", region.endLine}}}}}};
}

/// What could not be analysed is an issue too: a report without it would look clean.
Json issue(const FailedUnit &failure) {
  std::string identity = "ssot.not-analysed " + failure.file;
  return {{"description", "could not be analysed: " + escaped(failure.error)},
          {"check_name", "ssot.not-analysed"},
          {"fingerprint", llvm::utohexstr(llvm::xxh3_64bits(identity), /*LowerCase=*/true, /*Width=*/16)},
          {"severity", "blocker"},
          {"location", {{"path", failure.file}, {"lines", {{"begin", 1}, {"end", 1}}}}}};
}

} // namespace

void writeGitlab(const ReportInput &input, llvm::raw_ostream &out) {
  SourceLines lines(input);
  Json issues = Json::array();
  for (const FailedUnit *failure : failures(input.result.coverage))
    issues.push_back(issue(*failure));
  for (const Finding &finding : input.result.findings)
    if (isShown(input, finding))
      issues.push_back(issue(finding, lines));
  out << issues.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
