// extract/extract.h - from a compile command to facts. The only room that includes Clang (with migrate/verify).
//
// AST matchers and preprocessor callbacks are built from the vocabulary once and run over a unit in one traversal. Code
// outside the project is not traversed and its function bodies are not parsed.
#pragma once

#include "facts/facts.h"
#include "facts/vocabulary.h"
#include "project/project.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/IntrusiveRefCntPtr.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm::vfs {
class FileSystem;
}

namespace ssot {

/// A matcher expression that Clang does not take, with Clang's own message and the place in the expression, 1-based.
struct MatcherProblem {
  unsigned line = 1;
  unsigned column = 1;
  std::string message;
};

/// \returns nothing when Clang takes \p expression.
std::optional<MatcherProblem> checkMatcher(llvm::StringRef expression);

/// The unit's command as this tool runs it: no output, and Clang's own headers from where they were when ssot was
/// built.
std::vector<std::string> clangCommandOf(const CompileUnit &unit);

/// Extracts facts from units, one at a time. Construction compiles the vocabulary's matchers; the object is used for
/// many units.
class Extractor {
public:
  /// \p root absolute; \p inProject says whether a file below the root (relative path) belongs to the analysed project.
  /// \p errorLimit how many errors of a unit are wanted; parsing stops soon after. \p warnings whether those are wanted
  /// too, as a compiler has them. \p foreignTemplates whether the templates of others are parsed as well, whose
  /// instances may be what fails. \p onlyNeeded whether bodies that templates are made into may be left out of a unit
  /// that speaks of none of the vocabulary's names; an error in one of them goes unnoticed then.
  Extractor(Vocabulary vocabulary, std::string root, std::function<bool(llvm::StringRef)> inProject,
            unsigned errorLimit = 1, bool warnings = false, bool foreignTemplates = false, bool onlyNeeded = false);
  ~Extractor();

  /// Parses the unit and collects its facts. Errors of the unit stand in the facts.
  /// \p files is where sources are read; null: the real file system, with the unit's directory as working directory.
  UnitFacts run(const CompileUnit &unit, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = nullptr);

  /// Whether a unit that none of the vocabulary's names occurs in must be parsed all the same, given the texts of the
  /// project's files that it read and the identifiers that macros bring into them.
  using TextTest = std::function<bool(llvm::ArrayRef<llvm::StringRef> texts)>;

  /// Preprocesses the unit without parsing it.
  /// \returns what the preprocessor tells, when nothing else can be told of the unit; nothing when it must be parsed,
  /// also for an error. Without a test, what the preprocessor tells in any case.
  std::optional<UnitFacts> scan(const CompileUnit &unit, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
                                const TextTest &mustParse);

private:
  struct State;
  std::unique_ptr<State> Self;
};

} // namespace ssot
