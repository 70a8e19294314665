// config/pattern.h - the patterns of a rule file: regular expressions over qualified names, and globs over paths.
//
// Both are anchored at both ends and run on RE2, so no pattern can make a run hang.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <memory>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace ssot {

/// A compiled regular expression that must match a whole name. Cheap to copy.
class Pattern {
public:
  /// \returns the pattern, or RE2's own message.
  static llvm::Expected<Pattern> compile(llvm::StringRef expression);
  /// \returns the pattern that matches exactly \p text.
  static Pattern literal(llvm::StringRef text);

  bool matches(llvm::StringRef text) const;
  /// Matches and, if so, puts the groups into \p replacement (`$1` ... `$9`; `$$` is a dollar sign).
  bool rewrite(llvm::StringRef text, llvm::StringRef replacement, std::string &result) const;
  /// How many groups a replacement may name.
  unsigned groups() const;
  /// As written in the rule file.
  const std::string &text() const { return Text; }

private:
  static llvm::Expected<Pattern> compile(llvm::StringRef text, const std::string &expression);

  std::string Text;
  std::shared_ptr<const re2::RE2> Compiled;
};

/// \returns what is wrong with the `$` signs of \p replacement, used with a pattern of \p groups groups; empty when
/// nothing is.
std::string problemInReplacement(llvm::StringRef replacement, unsigned groups);

/// A compiled path glob: `*` within one folder, `**` over any number of them (none included), `?` one character other
/// than '/'; a trailing '/' means everything in that folder.
class Glob {
public:
  /// \returns the glob, or why it can match no path relative to the project root.
  static llvm::Expected<Glob> compile(llvm::StringRef expression);
  bool matches(llvm::StringRef path) const { return Regex.matches(path); }
  const std::string &text() const { return Text; }

private:
  std::string Text;
  Pattern Regex;
};

/// Which paths something speaks of: those that an `include` glob matches (all when there is none) and no `exclude` glob
/// does.
struct PathScope {
  std::vector<Glob> include;
  std::vector<Glob> exclude;

  bool contains(llvm::StringRef path) const;
};

} // namespace ssot
