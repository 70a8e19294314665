// mutate/definition.h - a class or function with every piece of source text that belongs to it.
#pragma once

#include "mutate/source_edits.h"

#include <string>
#include <vector>

namespace ssot {

struct Definition {
  std::string name;                              ///< qualified
  const clang::NamedDecl *declaration = nullptr; ///< the class, or the function
  const clang::CXXRecordDecl *record = nullptr;  ///< null for a function

  struct Piece {
    const clang::Decl *declaration = nullptr;
    SourceSpan span;
    bool wantsSemicolon = false;
  };
  std::vector<Piece> pieces;                       ///< the class first, then what is defined outside of it
  std::vector<const clang::FunctionDecl *> bodies; ///< all functions of it that have one, as written

  bool isTemplate() const;
  /// Whether \p declaration is written in one of the pieces.
  bool owns(const clang::Decl &declaration, const SourceEdits &edits) const;
};

/// \returns the definitions of the unit that \p names name, as far as all of a definition lies in files below \p root.
std::vector<Definition> findDefinitions(clang::ASTContext &context, llvm::StringRef root,
                                        llvm::ArrayRef<std::string> names);

/// `namespace a { namespace {`, and how often it must be closed.
std::pair<std::string, unsigned> namespacesAround(const clang::Decl &declaration);

/// The qualified name without anonymous and inline namespaces, as rules write it.
std::string ruleNameOf(const clang::NamedDecl &declaration);

} // namespace ssot
