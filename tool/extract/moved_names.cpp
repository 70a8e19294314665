#include "extract/moved_names.h"

namespace ssot {

using namespace clang;

MovedNames::MovedNames(const VocabularyNames &names, const Vocabulary &vocabulary) : Names(names) {
  for (const std::string &name : vocabulary.moved)
    Moved.insert(name);
}

bool MovedNames::any() const {
  return llvm::any_of(Names.entries(),
                      [&](const VocabularyNames::Entry &entry) { return Moved.contains(*entry.name); });
}

bool MovedNames::moves(const NamedDecl *declaration) {
  if (!declaration)
    return false;
  if (auto known = Known.find(declaration); known != Known.end())
    return known->second;
  const std::string *name = Names.find(declaration);
  const auto *around = dyn_cast<NamedDecl>(Decl::castFromDeclContext(declaration->getDeclContext()));
  bool itself = name && Moved.contains(*name);
  bool result = itself || (isa_and_nonnull<NamespaceDecl, TagDecl>(around) && moves(around));
  Known[declaration] = result;
  return result;
}

} // namespace ssot
