#include "extract/names.h"

namespace ssot {

using namespace clang;

VocabularyNames::VocabularyNames(const Vocabulary &vocabulary) : Words(vocabulary) {
  for (const std::string &name : vocabulary.names) {
    llvm::StringRef text = name;
    if (!text.contains("::"))
      Whole.insert(text);
    llvm::SmallVector<llvm::StringRef, 6> parts;
    text.split(parts, "::");
    ByIdentifier[parts.back()].push_back(&name);
  }
}

void VocabularyNames::resolve(ASTContext &context) {
  ByDecl.clear();
  Entries.clear();
  for (const std::string &name : Words.names)
    lookUp(*context.getTranslationUnitDecl(), name, name);
}

void VocabularyNames::add(const NamedDecl *declaration, const std::string &name) {
  const NamedDecl *primary = primaryDecl(declaration);
  if (ByDecl.try_emplace(primary, &name).second)
    Entries.push_back({primary, &name});
}

void VocabularyNames::lookUp(const DeclContext &context, llvm::StringRef rest, const std::string &name) {
  auto [head, tail] = rest.split("::");
  ASTContext &ast = context.getParentASTContext();
  for (NamedDecl *found : context.getPrimaryContext()->lookup(DeclarationName(&ast.Idents.get(head)))) {
    if (tail.empty()) {
      // A using-declaration makes the name visible here but declares nothing of its own: the name stands for its target
      // elsewhere.
      if (!isa<UsingShadowDecl, UsingDecl>(found))
        add(found, name);
      continue;
    }
    const NamedDecl *scope = found;
    if (const auto *alias = dyn_cast<NamespaceAliasDecl>(scope))
      scope = alias->getNamespace();
    if (const auto *described = dyn_cast<ClassTemplateDecl>(scope))
      scope = described->getTemplatedDecl();
    if (const auto *tag = dyn_cast<TagDecl>(scope))
      scope = tag->getDefinition();
    if (const auto *inner = dyn_cast_or_null<DeclContext>(scope))
      lookUp(*inner, tail, name);
  }
  // What stands in an anonymous namespace has the name of the scope around it.
  const NamespaceDecl *anonymous = nullptr;
  if (const auto *space = dyn_cast<NamespaceDecl>(&context))
    anonymous = space->getAnonymousNamespace();
  else if (const auto *unit = dyn_cast<TranslationUnitDecl>(&context))
    anonymous = unit->getAnonymousNamespace();
  if (anonymous)
    lookUp(*anonymous, rest, name);
}

const std::string *VocabularyNames::find(const NamedDecl *declaration) const {
  if (ByDecl.empty())
    return nullptr;
  auto known = ByDecl.find(declaration);
  if (known == ByDecl.end())
    known = ByDecl.find(primaryDecl(declaration));
  return known == ByDecl.end() ? nullptr : known->second;
}

std::vector<const std::string *> VocabularyNames::endingIn(llvm::StringRef identifier) const {
  auto known = ByIdentifier.find(identifier);
  return known == ByIdentifier.end() ? std::vector<const std::string *>() : known->second;
}

llvm::StringSet<> VocabularyNames::identifiers() const {
  llvm::StringSet<> words;
  for (const auto &entry : ByIdentifier)
    words.insert(entry.getKey());
  return words;
}

bool VocabularyNames::mayBeNamed(const NamedDecl &declaration) const {
  auto named = [&](const NamedDecl &candidate) {
    const IdentifierInfo *identifier = candidate.getIdentifier();
    return identifier && ByIdentifier.count(identifier->getName());
  };
  if (named(declaration))
    return true;
  const auto *parent = dyn_cast<NamedDecl>(Decl::castFromDeclContext(declaration.getDeclContext()));
  return parent && isa<CXXRecordDecl>(parent) && named(*parent);
}

} // namespace ssot
