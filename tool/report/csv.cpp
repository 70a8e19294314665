// All findings for a spreadsheet: RFC 4180, every field quoted, nothing a formula.
#include "report/markup.h"
#include "report/report.h"
#include "report/words.h"

#include <llvm/Support/Format.h>

namespace ssot {

namespace {

std::string similarityOf(const Finding &finding) {
  std::string text;
  if (finding.similarity)
    llvm::raw_string_ostream(text) << llvm::format("%.4f", *finding.similarity);
  return text;
}

void writeLine(llvm::ArrayRef<std::string> fields, llvm::raw_ostream &out) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    out << (i ? "," : "") << csvField(fields[i]);
  out << "\r\n";
}

} // namespace

void writeCsv(const ReportInput &input, llvm::raw_ostream &out) {
  writeLine({"rule", "kind", "severity", "state", "file", "line", "column", "end_line", "end_column", "symbol", "role",
             "canonical", "similarity", "message", "fixable", "fingerprint", "reason"},
            out);
  for (const Finding &finding : input.result.findings)
    writeLine({finding.rule, finding.kind, wordFor(finding.severity).str(), wordFor(finding.state).str(), finding.file,
               std::to_string(finding.place.line), std::to_string(finding.place.column),
               std::to_string(finding.place.endLine), std::to_string(finding.place.endColumn), finding.symbol,
               wordFor(finding.role).str(), finding.canonical, similarityOf(finding), finding.message,
               finding.fixable ? "true" : "false", finding.fingerprint, finding.reason},
              out);
}

} // namespace ssot
