// gate/owners.h - who answers for a file: CODEOWNERS as GitHub and GitLab read it.
#pragma once

#include "config/pattern.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

/// The lines of a CODEOWNERS file. The last line that matches a path decides; where GitLab's `[sections]` part the
/// file, the last one of each.
class Owners {
public:
  Owners() = default;
  /// \param folder the project's root below the repository's top, with a '/' at its end; empty: they are the same.
  static Owners parse(llvm::StringRef text, llvm::StringRef folder = "");

  /// \param path relative to the project's root.
  /// \returns the owners as they are written (`@org/team`, an address); empty: nobody is named.
  std::vector<std::string> of(llvm::StringRef path) const;
  /// The same in one string, `nobody` when there is none.
  std::string text(llvm::StringRef path) const;
  bool empty() const { return Lines.empty(); }

private:
  struct Line {
    Pattern path;
    std::vector<std::string> owners;
    std::size_t section = 0;
  };
  std::string Folder;
  std::vector<Line> Lines;
};

/// Where the services look, the first one that exists counts; relative to the repository's top.
llvm::ArrayRef<llvm::StringLiteral> ownersFiles();

} // namespace ssot
