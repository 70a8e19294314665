// extract/scan.h - what a unit may speak of, as the preprocessor sees it, at a tenth of the price of a parse.
//
// Names count as they come out of the preprocessor, so that those which macros paste together count too; and every word
// in a file of the project counts, also where the preprocessor leaves a branch out. Nothing is guessed: a unit in whose
// tokens a part of a qualified name does not occur has no declaration of that name.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/DenseSet.h>

#include <string>
#include <vector>

namespace ssot {

/// Every name that the vocabulary spells out. Sorted, unique.
std::vector<std::string> wholeNames(const Vocabulary &vocabulary);

/// Collects what the tokens of one unit tell. Lives as long as the unit's preprocessor.
class TokenWatch {
public:
  TokenWatch(clang::Preprocessor &preprocessor, Recorder &recorder) : Source(preprocessor), Out(recorder) {}

  /// A token as the parser gets it.
  void see(const clang::Token &token);

  /// Whether none of the names can be declared in the unit, and none be meant: once the last token has been seen.
  bool speaksOfNone(const VocabularyNames &names) const;

  /// Fills in `named` and `expanded` of the recorder's facts, whose files must be complete.
  void finish(const Vocabulary &vocabulary);

private:
  /// Which of the words stand in a file of the project, comments and strings too.
  llvm::DenseSet<llvm::StringRef> spelledOf(const llvm::DenseSet<llvm::StringRef> &words);

  clang::Preprocessor &Source;
  Recorder &Out;
  llvm::DenseSet<const clang::IdentifierInfo *> Expanded;
  bool Imports = false; ///< of modules: what they declare comes without tokens
};

} // namespace ssot
