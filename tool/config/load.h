// config/load.h - from rule files to a Config.
//
// Every error names file, line and column, says what is wrong and, for a misspelt word, what was probably meant. All
// errors of a file are collected, not only the first.
#pragma once

#include "config/config.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <functional>
#include <string>
#include <vector>

namespace ssot {

/// A configuration error, or several. Printed one per line as `file:line:column: error: what`.
class ConfigError : public llvm::ErrorInfo<ConfigError> {
public:
  struct Item {
    Mark mark;
    std::string message;
  };
  static char ID;

  explicit ConfigError(std::vector<Item> items) : Items(std::move(items)) {}
  const std::vector<Item> &items() const { return Items; }
  void log(llvm::raw_ostream &out) const override;
  std::error_code convertToErrorCode() const override;

private:
  std::vector<Item> Items;
};

struct LoadOptions {
  std::vector<std::string> packDirectories; ///< where bundled packs (`NAME.yaml`) are
  /// Gives the content of a file, or why it cannot be read; unset: from the disk.
  std::function<llvm::Expected<std::string>(llvm::StringRef)> read = nullptr;
  std::vector<std::string> *texts = nullptr; ///< when given, takes what stands in each file that was read
};

/// What holds for a project that has no rule file.
Config configWithoutRules();

/// Reads \p path (a rule file) and everything it extends, then \p extra (files or pack names, as `--rules` takes them).
/// \param path may be empty: then only \p extra is read.
/// \returns the compiled configuration, or a ConfigError with every problem found. A rule id given twice, a file that
/// extends itself, an alias bomb, an unknown key, an impossible name are errors.
llvm::Expected<Config> loadConfig(llvm::StringRef path, llvm::ArrayRef<std::string> extra, const LoadOptions &options);

/// The JSON Schema (draft 2020-12) of the rule format, made from the same tables the loader checks with.
std::string ruleSchema();

/// \returns the word of \p candidates nearest to \p word, or an empty string when none is near.
std::string nearest(llvm::StringRef word, llvm::ArrayRef<std::string> candidates);

} // namespace ssot
