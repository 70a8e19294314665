// report/report.h - the result in the forms that people and programs read. One file per format.
//
// A report computes nothing: every figure comes from gate/. Output depends on the result only: no clock, no locale, no
// directory.
#pragma once

#include "gate/gate.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Support/raw_ostream.h>

#include <optional>
#include <string>

namespace ssot {

struct ReportInput {
  const Config &config;
  const Result &result;
  std::string version;
  /// Gives the text of a project file by relative path, or nothing when it can't be read (no excerpt then).
  llvm::function_ref<std::optional<std::string>(llvm::StringRef)> source;
  bool showSuppressed = false;
  bool allowIncomplete = false;
};

struct TextStyle {
  bool color = false;
  unsigned width = 100; ///< columns of the terminal
};

/// For people: findings grouped by rule, source line and caret as clang prints them, then a table of compliance.
void writeText(const ReportInput &input, const TextStyle &style, llvm::raw_ostream &out);
/// `ssot-report/1`. Bytes that are no UTF-8 are replaced.
void writeJson(const ReportInput &input, llvm::raw_ostream &out);

} // namespace ssot
