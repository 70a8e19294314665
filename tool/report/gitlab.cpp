// GitLab's code quality report: a JSON array; a merge request compares the fingerprints of both branches. It is a part
// of Code Climate's format; what that demands beyond (type, categories) is there too, so that other readers of it take
// the report as well.
#include "report/report.h"
#include "report/selection.h"
#include "report/source_lines.h"
#include "report/words.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/xxhash.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

llvm::StringRef gitlabSeverity(Severity severity) {
  return severity == Severity::Error ? "major" : severity == Severity::Warning ? "minor" : "info";
}

/// Code Climate's name for what a rule kind, or the gate itself, is about.
llvm::StringRef categoryOf(llvm::StringRef kind) {
  return llvm::StringSwitch<llvm::StringRef>(kind)
      .Cases("single-class", "single-function", "one-definition", "Duplication")
      .Cases("legacy-include", "legacy-name", "legacy-call", "same-interface", "Compatibility")
      .Case("size-limit", "Complexity")
      .Case("matcher", "Style")
      .Default("Bug Risk");
}

Json issue(const Finding &finding, SourceLines &lines) {
  SourceLines::Region region = lines.regionOf(finding.file, finding.place);
  return {{"type", "issue"},
          {"categories", {categoryOf(finding.kind).str()}},
          {"description", escaped(finding.message)},
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
  return {{"type", "issue"},
          {"categories", {"Bug Risk"}},
          {"description", "could not be analysed: " + escaped(failure.error)},
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
  out << issues.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
