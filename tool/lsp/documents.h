// lsp/documents.h - the files that are open in the editor, as they are there.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/JSON.h>

#include <map>
#include <string>

namespace ssot {

struct OpenDocument {
  std::string uri; ///< as the client writes it
  std::int64_t version = 0;
  std::string text;
};

/// Open files by absolute and real path.
class Documents {
public:
  /// Each takes the parameters of the notification that it is named after; one that cannot be understood changes
  /// nothing. \returns the file's path; empty when there is none.
  std::string open(const llvm::json::Object &parameters);
  void change(const llvm::json::Object &parameters);
  void close(const llvm::json::Object &parameters);

  /// \returns the open file, or null.
  const OpenDocument *find(const std::string &path) const;

private:
  std::map<std::string, OpenDocument> ByPath;
};

/// \returns the path of the file that a request speaks of; empty when it is none.
std::string documentPath(const llvm::json::Object &parameters);

/// Whether a buffer holds what a file does: editors keep line endings, a byte-order mark and a missing last line ending
/// apart from the text.
bool isSaved(llvm::StringRef buffer, llvm::StringRef file);

} // namespace ssot
