// extract/moved_names.h - which declarations of a unit move, by what the rules replace and replace it by.
#pragma once

#include "extract/names.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringSet.h>

namespace ssot {

class MovedNames {
public:
  /// \p names are resolved, and live as long as this.
  MovedNames(const VocabularyNames &names, const Vocabulary &vocabulary);

  /// Whether the unit declares anything that moves.
  bool any() const;
  /// Whether \p declaration moves, or what it is a part of does. Null does not.
  bool moves(const clang::NamedDecl *declaration);

private:
  const VocabularyNames &Names;
  llvm::StringSet<> Moved;
  llvm::DenseMap<const clang::Decl *, bool> Known;
};

} // namespace ssot
