// report/report.h - the result in the forms that people and programs read. One file per format.
//
// A report computes nothing: every figure comes from gate/. Output depends on the result only: no clock, no locale, no
// directory.
#pragma once

#include "gate/gate.h"
#include "gate/history.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// An edit that a finding asks for, as `migrate` would plan it. Not verified.
struct Fix {
  std::string rule;
  std::string file;
  std::uint32_t begin = 0; ///< bytes of the file
  std::uint32_t end = 0;
  std::string text;
  bool isInclude = false; ///< an include that the other edits of this rule in this file need
};

struct ReportInput {
  const Config &config;
  const Result &result;
  std::string version;
  /// Gives the text of a project file by relative path, or nothing when it can't be read (no excerpt then).
  llvm::function_ref<std::optional<std::string>(llvm::StringRef)> source;
  bool showSuppressed = false;
  bool allowIncomplete = false;
  bool snippets = true; ///< whether source code may be quoted
  std::vector<Fix> fixes = {};
  bool drift = false;               ///< show the drift matrix method by method, not its verdicts only
  const History *history = nullptr; ///< figures of past commits, for the dashboard
};

struct TextStyle {
  bool color = false;
  unsigned width = 100; ///< columns of the terminal
};

/// For people: findings grouped by rule, source line and caret as clang prints them, then a table of compliance.
void writeText(const ReportInput &input, const TextStyle &style, llvm::raw_ostream &out);
/// `ssot-report/1`. Bytes that are no UTF-8 are replaced.
void writeJson(const ReportInput &input, llvm::raw_ostream &out);
/// SARIF 2.1.0 with what GitHub's code scanning asks for; the worst 25,000 results.
void writeSarif(const ReportInput &input, llvm::raw_ostream &out);
/// JUnit XML: a suite for each rule; what fails the gate is a failure, everything else is skipped or passes.
void writeJunit(const ReportInput &input, llvm::raw_ostream &out);
/// Workflow commands of GitHub Actions, as many as it shows.
void writeGithub(const ReportInput &input, llvm::raw_ostream &out);
/// GitLab's code quality report.
void writeGitlab(const ReportInput &input, llvm::raw_ostream &out);
/// A comment for a pull request, under 60,000 bytes.
void writeMarkdown(const ReportInput &input, llvm::raw_ostream &out);
/// All findings, one a line, for spreadsheets.
void writeCsv(const ReportInput &input, llvm::raw_ostream &out);
/// The dashboard: one page that needs no network. Only where formats() has it.
void writeHtml(const ReportInput &input, llvm::raw_ostream &out);

/// A format that `--format` names.
struct Format {
  llvm::StringLiteral name;
  void (*write)(const ReportInput &input, const TextStyle &style, llvm::raw_ostream &out);
};

/// All but `html` where ssot was built without npm's packages.
llvm::ArrayRef<Format> formats();
/// \returns the format of this name, or nullptr.
const Format *findFormat(llvm::StringRef name);

} // namespace ssot
