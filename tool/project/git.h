// project/git.h - git, asked in the project's root: what a commit is called and what was in its files.
//
// Asked of the program itself, which knows about renames, attributes and shallow clones. Nothing is checked out.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// git in one folder. The user's settings (colours, pagers, external diffs, language) do not change what is asked.
class Git {
public:
  struct Answer {
    int code = -1;
    std::string out;
    std::string err;
  };

  /// \param option on whose behalf git is asked, as messages name it: `--diff-base`.
  /// \returns an error when there is no git, or \p root is in no repository.
  static llvm::Expected<Git> in(llvm::StringRef root, llvm::StringRef option);

  Answer run(std::vector<llvm::StringRef> arguments, llvm::StringRef input = "") const;

  /// \returns the full hash of the commit that \p name means, or an error that says what to fetch.
  llvm::Expected<std::string> commit(llvm::StringRef name) const;
  /// \returns what was in a file of \p commit, or nothing when it had none. \p path: relative to the repository's top.
  std::optional<std::string> content(llvm::StringRef commit, llvm::StringRef path) const;
  /// The top folder of the work tree, absolute and real.
  const std::string &top() const { return Top; }

private:
  Git(std::string program, std::string root, std::string option)
      : Program(std::move(program)), Root(std::move(root)), Option(std::move(option)) {}
  std::string Program, Root, Option, Top;
  bool IsShallow = false;
};

/// Takes a text apart at its zero bytes.
class ZeroEnded {
public:
  explicit ZeroEnded(llvm::StringRef text) : Rest(text) {}
  bool done() const { return Rest.empty(); }
  llvm::StringRef next() {
    auto [field, rest] = Rest.split('\0');
    Rest = rest;
    return field;
  }

private:
  llvm::StringRef Rest;
};

} // namespace ssot
