// mutate/source_edits.h - edits of source text that may lie in one another.
//
// An edit's text is made when it is asked for and may contain parts of what it replaces, with the edits inside of them:
// a loop can be written in another way while the names in it change.
#pragma once

#include "mutate/clang_headers.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

struct SourceSpan {
  clang::FileID file;
  unsigned begin = 0, end = 0;

  bool contains(const SourceSpan &other) const {
    return file == other.file && begin <= other.begin && other.end <= end;
  }
  friend bool operator==(const SourceSpan &, const SourceSpan &) = default;
};

class SourceEdits {
public:
  SourceEdits(const clang::SourceManager &sources, const clang::LangOptions &language)
      : Sources(sources), Language(language) {}

  /// \returns nothing when an end lies in a macro.
  std::optional<SourceSpan> span(clang::SourceRange tokens) const;
  /// One token, also in the argument of a macro.
  std::optional<SourceSpan> token(clang::SourceLocation location) const;
  /// With the semicolon that follows.
  std::optional<SourceSpan> statement(const clang::Stmt *stmt) const;
  llvm::StringRef original(const SourceSpan &span) const;

  using Text = std::function<std::string()>;
  /// \returns false when the span is unknown or crosses an edit that is there already.
  bool replace(std::optional<SourceSpan> span, Text text);
  bool replace(std::optional<SourceSpan> span, std::string text);
  /// Puts a text at the end of \p span.
  bool append(std::optional<SourceSpan> span, std::string text);
  std::size_t count() const { return Count; }

  /// The text of a span with its edits.
  std::string render(const SourceSpan &span);
  std::string render(clang::SourceRange tokens);
  std::string render(const clang::Stmt *stmt) { return render(stmt->getSourceRange()); }

private:
  struct Edit {
    unsigned begin = 0, end = 0;
    Text text;
    bool open = false;
  };

  const clang::SourceManager &Sources;
  const clang::LangOptions &Language;
  std::map<clang::FileID, std::vector<Edit>> Edits; ///< sorted by begin, then the longer first
  std::size_t Count = 0;
};

} // namespace ssot
