#include "extract/layout.h"

#include <clang/Format/Format.h>

#include <llvm/ADT/StringExtras.h>

#include <algorithm>

namespace ssot {

namespace {

using clang::format::FormatStyle;

/// Everything off that does more than move code about.
FormatStyle onlyWhiteSpace(FormatStyle style) {
  style.BreakStringLiterals = false;
  style.FixNamespaceComments = false;
  style.InsertBraces = false;
  style.InsertNewlineAtEOF = false;
  style.InsertTrailingCommas = FormatStyle::TCS_None;
  style.IntegerLiteralSeparator = {};
  style.QualifierAlignment = FormatStyle::QAS_Leave;
  style.ReflowComments = false;
  style.RemoveBracesLLVM = false;
  style.RemoveParentheses = FormatStyle::RPS_Leave;
  style.RemoveSemicolon = false;
  style.SeparateDefinitionBlocks = FormatStyle::SDS_Leave;
  style.SortUsingDeclarations = FormatStyle::SUD_Never;
  return style;
}

/// White space, and the backslash at the end of a macro's line, which is none of its tokens.
bool isLayout(llvm::StringRef text) {
  return llvm::all_of(text, [](char c) { return llvm::isSpace(c) || c == '\\'; });
}

/// `> >` and `+ +` are two tokens; without the space they would be one in an older standard, or at all.
bool joinsTokens(llvm::StringRef text, const clang::tooling::Replacement &change) {
  std::size_t begin = change.getOffset(), end = begin + change.getLength();
  return change.getReplacementText().empty() && change.getLength() > 0 && begin > 0 && end < text.size() &&
         text[begin - 1] == text[end];
}

/// A file may have more than one line ending: what is new takes the one of its line.
std::string withLineEndings(llvm::StringRef layout, llvm::StringRef text, std::size_t offset) {
  std::size_t newline = text.find('\n', offset);
  bool isDos = newline != llvm::StringRef::npos && newline > 0 && text[newline - 1] == '\r';
  std::string result;
  for (char c : layout)
    if (c == '\n')
      result += isDos ? "\r\n" : "\n";
    else if (c != '\r')
      result += c;
  return result;
}

} // namespace

llvm::Expected<std::vector<LayoutChange>> layOut(llvm::StringRef path, llvm::StringRef text,
                                                 llvm::ArrayRef<std::pair<std::size_t, std::size_t>> ranges) {
  std::vector<LayoutChange> changes;
  llvm::Expected<FormatStyle> style = clang::format::getStyle("file", path, "none", text);
  if (!style)
    return style.takeError();
  if (style->DisableFormat || ranges.empty())
    return changes;
  std::vector<clang::tooling::Range> wanted;
  for (auto [offset, length] : ranges)
    wanted.emplace_back(static_cast<unsigned>(offset), static_cast<unsigned>(length));
  clang::format::FormattingAttemptStatus status;
  clang::tooling::Replacements found =
      clang::format::reformat(onlyWhiteSpace(std::move(*style)), text, wanted, path, &status);
  if (!status.FormatComplete)
    return changes;
  for (const clang::tooling::Replacement &change : found) {
    llvm::StringRef before = text.substr(change.getOffset(), change.getLength());
    if (!isLayout(before) || !isLayout(change.getReplacementText()))
      return std::vector<LayoutChange>();
    if (joinsTokens(text, change))
      continue;
    std::string after = withLineEndings(change.getReplacementText(), text, change.getOffset());
    if (after != before)
      changes.push_back({change.getOffset(), change.getOffset() + change.getLength(), std::move(after)});
  }
  return changes;
}

} // namespace ssot
