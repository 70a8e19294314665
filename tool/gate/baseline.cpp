#include "gate/baseline.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/Twine.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kHeader =
    "# ssot-baseline/1: accepted violations, one a line. Written by `ssot baseline`.\n";
constexpr llvm::StringLiteral kSchema = "# ssot-baseline/1";
constexpr std::size_t kDigits = 16;

/// Tabs and line ends part the fields; other control characters have no place in a review.
std::string field(llvm::StringRef text) {
  std::string result;
  for (char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      result += "\\x" + llvm::utohexstr(static_cast<unsigned char>(c), /*LowerCase=*/true, /*Width=*/2);
    else
      result += c;
  return result;
}

bool isIdentity(llvm::StringRef text) {
  return text.size() == kDigits && llvm::all_of(text, [](char c) { return llvm::isHexDigit(c) && !llvm::isUpper(c); });
}

/// Collects the errors of a file, each with its place.
class Problems {
public:
  explicit Problems(llvm::StringRef name) : Name(name) {}

  void add(unsigned line, std::size_t column, const llvm::Twine &message) {
    if (Count++ < kShown)
      Text += (Text.empty() ? "" : "\n") +
              (Name + ":" + llvm::Twine(line) + ":" + llvm::Twine(column) + ": error: " + message).str();
  }
  llvm::Error take() {
    if (Count == 0)
      return llvm::Error::success();
    if (Count > kShown)
      Text += "\n" + (Name + ": and " + llvm::Twine(Count - kShown) + " more errors").str();
    return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), Text);
  }

private:
  static constexpr std::size_t kShown = 10;
  llvm::StringRef Name;
  std::string Text;
  std::size_t Count = 0;
};

/// Reads one line; what is wrong with it goes to \p problems.
void parseLine(llvm::StringRef line, unsigned number, std::vector<BaselineEntry> &entries, Problems &problems) {
  for (llvm::StringRef conflict : {"<<<<<<<", "=======", ">>>>>>>", "|||||||"})
    if (line.starts_with(conflict))
      return problems.add(number, 1,
                          "a merge conflict; take either side and run `ssot baseline update`, and let `ssot "
                          "baseline merge --help` show how git merges baselines by itself");
  if (line.starts_with("#"))
    return problems.add(number, 1,
                        "a baseline has no comments; a violation that stays for a reason belongs in `allow` "
                        "of its rule");
  llvm::SmallVector<llvm::StringRef, 4> fields;
  line.split(fields, '\t');
  if (fields.size() != 3 && fields.size() != 4)
    return problems.add(number, 1, "expected identity, rule, file:line and symbol, with tabs between them");
  if (!isIdentity(fields[0]))
    return problems.add(number, 1, "'" + fields[0] + "' is no identity (16 hexadecimal digits)");
  BaselineEntry entry;
  auto [file, at] = fields[2].rsplit(':');
  if (file.empty() || at.getAsInteger(10, entry.line))
    return problems.add(number, fields[0].size() + fields[1].size() + 3, "'" + fields[2] + "' is no file:line");
  entry.identity = fields[0].str();
  entry.rule = fields[1].str();
  entry.file = file.str();
  entry.symbol = fields.size() == 4 ? fields[3].str() : std::string();
  entry.mark = number;
  entries.push_back(std::move(entry));
}

bool readsBefore(const BaselineEntry &a, const BaselineEntry &b) {
  if (a.rule != b.rule)
    return a.rule < b.rule;
  if (a.file != b.file)
    return a.file < b.file;
  return std::tie(a.line, a.symbol, a.identity) < std::tie(b.line, b.symbol, b.identity);
}

/// What tells entries apart. Two of the same key are the same site twice.
using Key = std::tuple<std::string, std::string, std::string>;
Key keyOf(const BaselineEntry &entry) { return {entry.identity, entry.rule, entry.file}; }

std::map<Key, std::vector<const BaselineEntry *>> byKey(const Baseline &baseline) {
  std::map<Key, std::vector<const BaselineEntry *>> result;
  for (const BaselineEntry &entry : baseline.entries)
    result[keyOf(entry)].push_back(&entry);
  return result;
}

} // namespace

llvm::Expected<Baseline> parseBaseline(llvm::StringRef text, llvm::StringRef name) {
  Baseline baseline{name.str(), {}};
  Problems problems(name);
  unsigned number = 0;
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    line = line.rtrim('\r');
    ++number;
    if (number == 1) {
      if (!line.starts_with(kSchema) || (line.size() > kSchema.size() && llvm::isDigit(line[kSchema.size()])))
        problems.add(
            1, 1, "this is no baseline that this version reads: its first line does not start with '" + kSchema + "'");
      continue;
    }
    if (!line.empty())
      parseLine(line, number, baseline.entries, problems);
  }
  if (llvm::Error error = problems.take())
    return std::move(error);
  return baseline;
}

std::string baselineText(std::vector<BaselineEntry> entries) {
  std::sort(entries.begin(), entries.end(), readsBefore);
  std::string text = kHeader.str();
  for (const BaselineEntry &entry : entries) {
    text += entry.identity + "\t" + field(entry.rule) + "\t" + field(entry.file) + ":" + std::to_string(entry.line);
    if (!entry.symbol.empty())
      text += "\t" + field(entry.symbol);
    text += "\n";
  }
  return text;
}

std::vector<BaselineEntry> mergeBaselines(const Baseline &base, const Baseline &ours, const Baseline &theirs) {
  auto before = byKey(base), left = byKey(ours), right = byKey(theirs);
  auto countIn = [](const auto &entries, const Key &key) {
    auto known = entries.find(key);
    return known == entries.end() ? std::size_t(0) : known->second.size();
  };
  std::vector<BaselineEntry> merged;
  auto take = [&](const Key &key, const std::vector<const BaselineEntry *> &from) {
    std::size_t was = countIn(before, key), l = countIn(left, key), r = countIn(right, key);
    std::size_t count = l < was || r < was ? std::min(l, r) : std::max(l, r);
    for (std::size_t i = 0; i < count; ++i)
      merged.push_back(*from[std::min(i, from.size() - 1)]);
  };
  for (const auto &[key, entries] : left)
    take(key, entries);
  for (const auto &[key, entries] : right)
    if (!left.count(key))
      take(key, entries);
  return merged;
}

BaselineMatch matchBaseline(const Baseline &baseline, llvm::ArrayRef<BaselineSite> sites,
                            llvm::function_ref<bool(llvm::StringRef)> fileExists) {
  BaselineMatch match;
  match.covered.assign(sites.size(), false);
  // Entries that wait for a site, last one first, so that the first one is taken first.
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> waiting;
  for (std::size_t i = baseline.entries.size(); i-- > 0;)
    waiting[{baseline.entries[i].identity, field(baseline.entries[i].file)}].push_back(i);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    auto known = waiting.find({sites[i].identity.str(), field(sites[i].file)});
    if (known == waiting.end() || known->second.empty())
      continue;
    known->second.pop_back();
    match.covered[i] = true;
  }
  std::map<std::string, std::vector<std::size_t>> homeless;
  for (const auto &[key, entries] : waiting)
    if (!entries.empty() && !fileExists(baseline.entries[entries.front()].file))
      for (std::size_t entry : entries)
        homeless[key.first].push_back(entry);
  std::vector<bool> used(baseline.entries.size(), true);
  for (const auto &[key, entries] : waiting)
    for (std::size_t entry : entries)
      used[entry] = false;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (match.covered[i])
      continue;
    auto known = homeless.find(sites[i].identity.str());
    if (known == homeless.end() || known->second.empty())
      continue;
    used[known->second.back()] = true;
    known->second.pop_back();
    match.covered[i] = true;
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i])
      match.unmatched.push_back(i);
  return match;
}

} // namespace ssot
