#include "gate/owners.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <map>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kFiles[] = {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"};

/// Parts a line at its blanks; a backslash keeps the next character. A word that begins with '#' ends the line.
std::vector<std::string> wordsOf(llvm::StringRef line) {
  std::vector<std::string> words;
  std::string word;
  auto finish = [&] {
    if (!word.empty())
      words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && word.empty())
      break;
    if (line[i] == ' ' || line[i] == '\t')
      finish();
    else if (line[i] == '\\' && i + 1 < line.size())
      word += line[++i];
    else
      word += line[i];
  }
  finish();
  return words;
}

std::string escapedForRegex(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '/' || static_cast<unsigned char>(c) >= 0x80 ? std::string(1, c)
                                                                                           : std::string("\\") + c;
}

/// As in .gitignore: a pattern without a '/' before its end matches at any depth; a folder owns what lies in it. Apart
/// from that `docs/*` speaks of the files in docs only.
std::string regexOf(llvm::StringRef pattern) {
  bool isFolder = pattern.consume_back("/");
  bool isAnchored = pattern.contains('/');
  pattern.consume_front("/");
  std::string regex = isAnchored ? "(?s)" : "(?s)(?:.*/)?";
  bool onlyDirect = isAnchored && (pattern == "*" || pattern.ends_with("/*"));
  bool atFolder = true;
  while (!pattern.empty()) {
    if (atFolder && pattern.consume_front("**/")) {
      regex += "(?:[^/]*/)*";
      continue;
    }
    if (pattern.consume_front("**")) {
      regex += ".*";
      atFolder = false;
      continue;
    }
    char next = pattern.front();
    pattern = pattern.drop_front();
    atFolder = next == '/';
    regex += next == '*' ? "[^/]*" : next == '?' ? "[^/]" : escapedForRegex(next);
  }
  return regex + (isFolder ? "/.*" : onlyDirect ? "" : "(?:/.*)?");
}

/// `[Section]`, `^[Section]`, `[Section][2] @owner`: GitLab's. \returns whether the line is one; what owns by default.
bool isSection(llvm::StringRef line, std::vector<std::string> &defaults) {
  llvm::StringRef rest = line;
  rest.consume_front("^");
  if (!rest.starts_with("[") || !rest.contains(']'))
    return false;
  while (rest.starts_with("[") && rest.contains(']'))
    rest = rest.substr(rest.find(']') + 1);
  defaults = wordsOf(rest);
  return true;
}

} // namespace

Owners Owners::parse(llvm::StringRef text, llvm::StringRef folder) {
  Owners owners;
  owners.Folder = folder.str();
  std::size_t section = 0;
  std::vector<std::string> defaults;
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    line = line.trim();
    if (isSection(line, defaults)) {
      ++section;
      continue;
    }
    std::vector<std::string> words = wordsOf(line);
    if (words.empty())
      continue;
    llvm::Expected<Pattern> path = Pattern::compile(regexOf(words.front()));
    if (!path) {
      llvm::consumeError(path.takeError()); // the services ignore a line that they cannot read
      continue;
    }
    words.erase(words.begin());
    owners.Lines.push_back({std::move(*path), words.empty() ? defaults : std::move(words), section});
  }
  return owners;
}

std::vector<std::string> Owners::of(llvm::StringRef path) const {
  std::string full = Folder + path.str();
  std::map<std::size_t, const Line *> last;
  for (const Line &line : Lines)
    if (line.path.matches(full))
      last[line.section] = &line;
  std::vector<std::string> owners;
  for (const auto &[section, line] : last)
    for (const std::string &owner : line->owners)
      if (!llvm::is_contained(owners, owner))
        owners.push_back(owner);
  return owners;
}

std::string Owners::text(llvm::StringRef path) const {
  std::vector<std::string> owners = of(path);
  return owners.empty() ? "nobody" : llvm::join(owners, " ");
}

llvm::ArrayRef<llvm::StringLiteral> ownersFiles() { return kFiles; }

} // namespace ssot
