#include "report/markup.h"

#include "report/words.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>

namespace ssot {

namespace {

/// \returns the length of the longest run of backticks.
std::size_t longestRun(llvm::StringRef text) {
  std::size_t longest = 0, run = 0;
  for (char c : text)
    longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  return longest;
}

/// Adds a character of running text so that it starts nothing.
void addInert(char c, bool lineGoesOn, std::string &result) {
  constexpr llvm::StringLiteral kNothing = "<!-- -->";
  switch (c) {
  case '<':
    result += "&lt;";
    return;
  case '>':
    result += "&gt;";
    return;
  case '&':
    result += "&amp;";
    return;
  case '.': // of www.example.com, which needs no scheme to become a link
    if (llvm::StringRef(result).ends_with_insensitive("www"))
      result += kNothing;
    break;
  default:
    if (llvm::StringRef("\\`*_[]#!|~@$^").contains(c))
      result += '\\';
    break;
  }
  result += c;
  // Mentions, references, emoji and addresses are looked for in the finished page, where escapes are gone.
  if (lineGoesOn && llvm::StringRef(":@#!$%~^").contains(c))
    result += kNothing;
}

} // namespace

std::string xmlText(llvm::StringRef text) {
  std::string result;
  for (char c : escaped(text))
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&apos;";
      break;
    default:
      result += c;
    }
  return result;
}

std::string markdownText(llvm::StringRef text) {
  std::string shown = escaped(text);
  std::string result;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    // Our messages quote names with apostrophes. As code they are easier to read, and `a::fire::b` shows no flame.
    std::size_t end = shown[i] == '\'' ? shown.find('\'', i + 1) : std::string::npos;
    if (end != std::string::npos && end > i + 1) {
      result += markdownCode(llvm::StringRef(shown).slice(i + 1, end));
      i = end;
    } else {
      bool lineGoesOn = i + 1 < shown.size() && shown[i + 1] != ' ';
      addInert(shown[i], lineGoesOn, result);
    }
  }
  return result;
}

std::string markdownCode(llvm::StringRef text) {
  std::string shown = escaped(text);
  std::string fence(longestRun(shown) + 1, '`');
  // A span that starts or ends with a backtick needs a space there, which is not shown.
  llvm::StringRef pad = shown.empty() || shown.front() == '`' || shown.back() == '`' ? " " : "";
  return fence + pad.str() + shown + pad.str() + fence;
}

std::string markdownFence(llvm::StringRef code, llvm::StringRef language) {
  std::string fence(std::max<std::size_t>(3, longestRun(code) + 1), '`');
  std::string result = fence + language.str() + "\n";
  llvm::SmallVector<llvm::StringRef, 4> lines;
  code.rtrim('\n').split(lines, '\n');
  for (llvm::StringRef line : lines)
    result += escaped(line) + "\n";
  return result + fence + "\n";
}

std::string markdownCell(llvm::StringRef text) {
  if (text.empty())
    return "";
  std::string result;
  for (char c : markdownCode(text)) {
    if (c == '|')
      result += '\\';
    result += c;
  }
  return result;
}

std::string markdownRow(llvm::ArrayRef<std::string> cells) {
  std::string row;
  for (const std::string &text : cells)
    row += "| " + text + (text.empty() ? "" : " ");
  return row + "|\n";
}

std::string csvField(llvm::StringRef text) {
  std::string shown = escaped(text);
  std::string result = "\"";
  llvm::StringRef start = llvm::StringRef(shown).ltrim();
  // The full-width forms are formulas to some spreadsheets too.
  bool isFormula =
      !start.empty() && (llvm::StringRef("=+-@|%").contains(start.front()) || start.starts_with("\uff1d") ||
                         start.starts_with("\uff0b") || start.starts_with("\uff0d") || start.starts_with("\uff20"));
  if (isFormula)
    result += '\'';
  for (char c : shown) {
    if (c == '"')
      result += '"';
    result += c;
  }
  return result + '"';
}

std::string uriPath(llvm::StringRef path) {
  std::string result;
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("-._~/").contains(c))
      result += c;
    else
      result += "%" + llvm::utohexstr(static_cast<unsigned char>(c), /*LowerCase=*/false, /*Width=*/2);
  }
  return result;
}

} // namespace ssot
