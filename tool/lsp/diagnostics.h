// lsp/diagnostics.h - findings, broken rules and units that say nothing, as an editor lists them.
#pragma once

#include "config/load.h"
#include "gate/gate.h"
#include "lsp/protocol.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/JSON.h>

#include <map>
#include <optional>
#include <string>

namespace ssot {

/// Diagnostics of many files.
class DiagnosticList {
public:
  using ReadPath = llvm::function_ref<std::optional<std::string>(llvm::StringRef)>;

  /// \param root of the project, absolute and real. \param read gives the text of an absolute path. It outlives this.
  DiagnosticList(std::string root, const ClientSupport &support, ReadPath read)
      : Root(std::move(root)), Support(support), Read(read) {}

  /// Adds the findings and what was not analysed.
  /// \param ruleFile absolute; takes what is said of a rule that stands outside the project.
  /// \param showExcused suppressed, allowed and baselined findings are hints; else they are left out.
  void add(const Result &result, const std::string &ruleFile, bool showExcused);
  /// Adds what is wrong with rule files.
  void add(const ConfigError &error);

  /// \returns the lists by the URI of their file.
  llvm::json::Object take() &&;

private:
  void add(const Finding &finding, const std::string &ruleFile);
  void addFailure(const FailedUnit &unit);
  void put(const std::string &path, const Place &place, EditorSeverity severity, const std::string &code,
           const std::string &message, llvm::json::Object more = {});
  llvm::json::Array relatedTo(const Finding &finding);
  std::string absolute(llvm::StringRef file) const;
  const EditorText *textOf(const std::string &path);

  std::string Root;
  ClientSupport Support;
  ReadPath Read;
  std::map<std::string, llvm::json::Array> ByPath;
  std::map<std::string, std::optional<EditorText>> Texts;
};

} // namespace ssot
