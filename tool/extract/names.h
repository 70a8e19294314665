// extract/names.h - the vocabulary's names as declarations of one unit.
//
// Names are looked up once, through namespaces and classes as the compiler would, instead of comparing the qualified
// name of everything that is referred to. A reference is then a pointer comparison.
#pragma once

#include "extract/recorder.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>

#include <vector>

namespace ssot {

class VocabularyNames {
public:
  explicit VocabularyNames(const Vocabulary &vocabulary);

  /// Finds the declarations of every name in the unit.
  void resolve(clang::ASTContext &context);
  /// The vocabulary name that \p declaration (or the template it comes from) has; null when it has none.
  const std::string *find(const clang::NamedDecl *declaration) const;
  /// Names of the vocabulary that end in `::identifier`, for references whose target is not known yet.
  std::vector<const std::string *> endingIn(llvm::StringRef identifier) const;
  /// The last components of all names.
  llvm::StringSet<> identifiers() const;
  /// Whether a body of this name must be parsed even outside the project: it may be a canonical definition.
  bool mayBeNamed(const clang::NamedDecl &declaration) const;
  bool isMacro(llvm::StringRef name) const { return Whole.contains(name); }

  struct Entry {
    const clang::NamedDecl *declaration;
    const std::string *name;
  };
  const std::vector<Entry> &entries() const { return Entries; }

private:
  void lookUp(const clang::DeclContext &context, llvm::StringRef rest, const std::string &name);
  void add(const clang::NamedDecl *declaration, const std::string &name);

  const Vocabulary &Words;
  llvm::StringSet<> Whole;                                        ///< names without `::`
  llvm::StringMap<std::vector<const std::string *>> ByIdentifier; ///< last component -> names
  llvm::DenseMap<const clang::NamedDecl *, const std::string *> ByDecl;
  std::vector<Entry> Entries;
};

} // namespace ssot
