#include "migrate/text.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>

#include <algorithm>

namespace ssot {

std::string applied(llvm::StringRef text, const std::vector<Replacement> &replacements) {
  std::string result;
  std::size_t at = 0;
  for (const Replacement &replacement : replacements) {
    result += text.slice(at, replacement.begin);
    result += replacement.text;
    at = replacement.end;
  }
  result += text.drop_front(at);
  return result;
}

std::vector<llvm::StringRef> linesOf(llvm::StringRef text) {
  std::vector<llvm::StringRef> lines;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::size_t length = end == llvm::StringRef::npos ? text.size() : end + 1;
    lines.push_back(text.take_front(length));
    text = text.drop_front(length);
  }
  return lines;
}

std::size_t lineBegin(llvm::StringRef text, std::size_t offset) {
  std::size_t newline = text.take_front(offset).rfind('\n');
  return newline == llvm::StringRef::npos ? 0 : newline + 1;
}

std::size_t lineEnd(llvm::StringRef text, std::size_t offset) {
  std::size_t newline = text.find('\n', offset);
  return newline == llvm::StringRef::npos ? text.size() : newline + 1;
}

llvm::StringRef lineEndingAt(llvm::StringRef text, std::size_t offset) {
  llvm::StringRef line = text.slice(lineBegin(text, offset), lineEnd(text, offset));
  return line.ends_with("\r\n") ? "\r\n" : "\n";
}

namespace {

constexpr std::size_t kContext = 3;

/// A run of lines that differ: [beforeBegin, beforeEnd) becomes [afterBegin, afterEnd).
struct Change {
  std::size_t beforeBegin, beforeEnd, afterBegin, afterEnd;
};

/// The longest common subsequence between two short runs of lines, by the textbook table; what is equal at both ends is
/// cut off first, so the table stays small for the few lines that a migration changes. Very long differing runs are one
/// change.
void compare(llvm::ArrayRef<llvm::StringRef> before, llvm::ArrayRef<llvm::StringRef> after, std::size_t beforeBase,
             std::size_t afterBase, std::vector<Change> &changes) {
  while (!before.empty() && !after.empty() && before.front() == after.front()) {
    before = before.drop_front();
    after = after.drop_front();
    ++beforeBase;
    ++afterBase;
  }
  while (!before.empty() && !after.empty() && before.back() == after.back()) {
    before = before.drop_back();
    after = after.drop_back();
  }
  if (before.empty() && after.empty())
    return;
  constexpr std::size_t kLargest = 4'000'000;
  if (before.empty() || after.empty() || before.size() * after.size() > kLargest) {
    changes.push_back({beforeBase, beforeBase + before.size(), afterBase, afterBase + after.size()});
    return;
  }
  std::size_t columns = after.size() + 1;
  std::vector<std::uint32_t> common((before.size() + 1) * columns, 0);
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t k = after.size(); k-- > 0;)
      common[i * columns + k] = before[i] == after[k]
                                    ? common[(i + 1) * columns + k + 1] + 1
                                    : std::max(common[(i + 1) * columns + k], common[i * columns + k + 1]);
  std::size_t i = 0, k = 0;
  while (i < before.size() || k < after.size()) {
    if (i < before.size() && k < after.size() && before[i] == after[k]) {
      ++i, ++k;
      continue;
    }
    Change change{beforeBase + i, 0, afterBase + k, 0};
    while ((i < before.size() || k < after.size()) &&
           !(i < before.size() && k < after.size() && before[i] == after[k])) {
      bool drop =
          k == after.size() || (i < before.size() && common[(i + 1) * columns + k] >= common[i * columns + k + 1]);
      drop ? ++i : ++k;
    }
    change.beforeEnd = beforeBase + i;
    change.afterEnd = afterBase + k;
    changes.push_back(change);
  }
}

void printLine(std::string &out, char mark, llvm::StringRef line) {
  out += mark;
  out += line;
  if (!line.ends_with("\n"))
    out += "\n\\ No newline at end of file\n";
}

/// Whether a character ends at \p at: neither UTF-8 nor the end of a line is cut there.
bool isBoundary(llvm::StringRef text, std::size_t at) {
  if (at == 0 || at >= text.size())
    return true;
  bool continues = (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  return !continues && !(text[at - 1] == '\r' && text[at] == '\n');
}

/// Takes off what is equal at both ends.
Replacement trimmed(llvm::StringRef old, llvm::StringRef fresh, std::size_t begin) {
  std::size_t shorter = std::min(old.size(), fresh.size());
  std::size_t front = 0;
  while (front < shorter && old[front] == fresh[front])
    ++front;
  while (!isBoundary(old, front) || !isBoundary(fresh, front))
    --front;
  std::size_t back = 0;
  while (back < shorter - front && old[old.size() - back - 1] == fresh[fresh.size() - back - 1])
    ++back;
  while (back && (!isBoundary(old, old.size() - back) || !isBoundary(fresh, fresh.size() - back)))
    --back;
  return {begin + front, begin + old.size() - back, fresh.slice(front, fresh.size() - back).str()};
}

std::string rangeText(std::size_t begin, std::size_t count) {
  // An empty range names the line before it.
  return std::to_string(count ? begin + 1 : begin) + (count == 1 ? "" : "," + std::to_string(count));
}

} // namespace

std::string unifiedDiff(llvm::StringRef path, llvm::StringRef before, llvm::StringRef after) {
  if (before == after)
    return std::string();
  std::vector<llvm::StringRef> old = linesOf(before), fresh = linesOf(after);
  std::vector<Change> changes;
  compare(old, fresh, 0, 0, changes);
  std::string out = ("--- a/" + path + "\n+++ b/" + path + "\n").str();
  for (std::size_t first = 0; first < changes.size();) {
    // Changes whose context would touch share a hunk.
    std::size_t last = first;
    while (last + 1 < changes.size() && changes[last + 1].beforeBegin - changes[last].beforeEnd <= 2 * kContext)
      ++last;
    std::size_t lead = std::min(kContext, changes[first].beforeBegin);
    std::size_t begin = changes[first].beforeBegin - lead;
    std::size_t end = std::min(old.size(), changes[last].beforeEnd + kContext);
    std::size_t freshBegin = changes[first].afterBegin - lead;
    std::size_t freshEnd = changes[last].afterEnd + (end - changes[last].beforeEnd);
    out += "@@ -" + rangeText(begin, end - begin) + " +" + rangeText(freshBegin, freshEnd - freshBegin) + " @@\n";
    std::size_t at = begin;
    for (std::size_t i = first; i <= last; ++i) {
      for (; at < changes[i].beforeBegin; ++at)
        printLine(out, ' ', old[at]);
      for (; at < changes[i].beforeEnd; ++at)
        printLine(out, '-', old[at]);
      for (std::size_t k = changes[i].afterBegin; k < changes[i].afterEnd; ++k)
        printLine(out, '+', fresh[k]);
    }
    for (; at < end; ++at)
      printLine(out, ' ', old[at]);
    first = last + 1;
  }
  return out;
}

std::vector<Replacement> differences(llvm::StringRef before, llvm::StringRef after) {
  std::vector<llvm::StringRef> old = linesOf(before), fresh = linesOf(after);
  std::vector<Change> changes;
  compare(old, fresh, 0, 0, changes);
  auto between = [](llvm::StringRef text, llvm::ArrayRef<llvm::StringRef> lines, std::size_t begin, std::size_t end) {
    std::size_t from = begin < lines.size() ? static_cast<std::size_t>(lines[begin].data() - text.data()) : text.size();
    std::size_t to = end < lines.size() ? static_cast<std::size_t>(lines[end].data() - text.data()) : text.size();
    return std::make_pair(from, text.slice(from, to));
  };
  std::vector<Replacement> replacements;
  for (const Change &change : changes) {
    auto [from, lost] = between(before, old, change.beforeBegin, change.beforeEnd);
    replacements.push_back(trimmed(lost, between(after, fresh, change.afterBegin, change.afterEnd).second, from));
  }
  return replacements;
}

std::string digest(llvm::StringRef bytes) {
  auto hash = llvm::SHA256::hash(llvm::ArrayRef(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
  return llvm::toHex(hash, /*LowerCase=*/true);
}

} // namespace ssot
