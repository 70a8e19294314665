// report/markup.h - foreign text made fit for the languages of reports: it shows as text and does nothing.
//
// File names, symbols and messages come from the code under analysis, which may be somebody's attack on the report's
// reader. Control characters, characters that turn the direction of writing and bytes that are no UTF-8 become visible
// escapes in all of them.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <string>

namespace ssot {

/// For XML text and attributes in double or single quotes.
std::string xmlText(llvm::StringRef text);
/// For running text of GitHub's and GitLab's Markdown: no markup, HTML, link, mention or reference comes of it.
std::string markdownText(llvm::StringRef text);
/// As code within running text, on one line.
std::string markdownCode(llvm::StringRef text);
/// \returns \p code between fences that it can't close. Lines stay lines; everything else that can't be shown is
/// escaped.
std::string markdownFence(llvm::StringRef code, llvm::StringRef language);
/// The same in a cell of a table, where a bar would end it; nothing for nothing.
std::string markdownCell(llvm::StringRef text);
/// A row of a table; the cells are Markdown already.
std::string markdownRow(llvm::ArrayRef<std::string> cells);
/// A field of a table, quoted; what a spreadsheet would take for a formula starts with an apostrophe.
std::string csvField(llvm::StringRef text);
/// A path as a relative URI reference.
std::string uriPath(llvm::StringRef path);

} // namespace ssot
