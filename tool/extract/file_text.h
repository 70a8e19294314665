// extract/file_text.h - the text of one file: where its lines begin and its tokens end.
//
// Clang's source manager says both, but looks the file up and checks it each time, and lexes the token; places are
// what most of the time of recording goes to.
#pragma once

#include <clang/Basic/SourceManager.h>

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <optional>

namespace ssot {

class FileText {
public:
  FileText(const clang::SourceManager &sources, clang::FileID id);

  struct TextPosition {
    unsigned line = 1;
    unsigned column = 1;
  };
  /// As SourceManager::getLineNumber and getColumnNumber say it.
  TextPosition at(unsigned offset);

  /// The length of the token at \p offset, as Lexer::MeasureTokenLength says it.
  /// \returns nothing where only a lexer tells: a text, an operator, a name with a backslash in it.
  std::optional<unsigned> tokenLength(unsigned offset) const;

  llvm::StringRef text() const { return Text; }

private:
  llvm::StringRef Text;
  llvm::ArrayRef<unsigned> Starts; ///< of the lines
  unsigned Last = 0;               ///< the index of the line that was asked for before
};

} // namespace ssot
