#include "extract/directives.h"

#include "extract/uses.h"

#include <llvm/ADT/DenseSet.h>

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

/// The namespace that a declaration belongs to for who looks it up; null inside of a class or function.
const NamespaceDecl *spaceOf(const NamedDecl &declaration) {
  const DeclContext *around = declaration.getDeclContext()->getRedeclContext();
  const auto *space = dyn_cast<NamespaceDecl>(around);
  while (space && (space->isInline() || space->isAnonymousNamespace()) &&
         isa<NamespaceDecl>(space->getDeclContext()->getRedeclContext()))
    space = cast<NamespaceDecl>(space->getDeclContext()->getRedeclContext());
  return space ? space->getFirstDecl() : nullptr;
}

/// The namespaces that names of the vocabulary move out of or into, and those around them.
llvm::DenseSet<const NamespaceDecl *> spacesOfMoved(const VocabularyNames &names, const Vocabulary &vocabulary) {
  llvm::DenseSet<const NamespaceDecl *> spaces;
  for (const VocabularyNames::Entry &entry : names.entries()) {
    if (!std::binary_search(vocabulary.moved.begin(), vocabulary.moved.end(), *entry.name))
      continue;
    for (const NamespaceDecl *space = spaceOf(*entry.declaration); space && !space->isStdNamespace();
         space = spaceOf(*space))
      spaces.insert(space);
  }
  return spaces;
}

class DirectiveVisitor : public RecursiveASTVisitor<DirectiveVisitor> {
public:
  DirectiveVisitor(Recorder &recorder, const VocabularyNames &names) : Out(recorder), Names(names) {}

  /// Looks out for what is found by \p import, which is for \p space.
  void watch(const NamedDecl &import, const NamespaceDecl &space) {
    const auto *alias = dyn_cast<NamespaceAliasDecl>(&import);
    SourceLocation name = alias ? alias->getTargetNameLoc() : cast<UsingDirectiveDecl>(import).getIdentLocation();
    Watched watched;
    watched.import = &import;
    watched.space = space.getFirstDecl();
    DirectiveFact &fact = watched.fact;
    fact.space = Out.qualifiedName(&space);
    fact.isAlias = alias;
    std::optional<Place> place = Out.token(name), extent = Out.range(import.getSourceRange());
    std::optional<Place> statement = Out.statement(import.getSourceRange());
    if (!place || !extent)
      return;
    fact.inMacro = !statement;
    fact.place = *place;
    fact.extent = statement.value_or(*extent);
    if (const auto *function = dyn_cast<FunctionDecl>(import.getDeclContext()))
      watched.end = function->getEndLoc();
    All.push_back(std::move(watched));
  }

  bool empty() const { return All.empty(); }

  std::vector<DirectiveFact> facts() {
    std::vector<DirectiveFact> facts;
    for (Watched &watched : All) {
      std::vector<Place> &mentions = watched.fact.mentions;
      std::sort(mentions.begin(), mentions.end());
      mentions.erase(std::unique(mentions.begin(), mentions.end()), mentions.end());
      facts.push_back(std::move(watched.fact));
    }
    return facts;
  }

  bool TraverseNamespaceDecl(NamespaceDecl *space) {
    Around.push_back(space->getFirstDecl());
    bool goesOn = RecursiveASTVisitor::TraverseNamespaceDecl(space);
    Around.pop_back();
    return goesOn;
  }

  bool TraverseNestedNameSpecifierLoc(NestedNameSpecifierLoc qualifier) {
    if (qualifier && !qualifier.getPrefix()) {
      const NestedNameSpecifier *first = qualifier.getNestedNameSpecifier();
      if (const NamespaceDecl *space = first->getAsNamespace())
        mention(space, qualifier.getLocalBeginLoc());
      else if (const NamespaceAliasDecl *alias = first->getAsNamespaceAlias())
        mention(alias, qualifier.getLocalBeginLoc());
    }
    return RecursiveASTVisitor::TraverseNestedNameSpecifierLoc(qualifier);
  }

  bool VisitUsingDirectiveDecl(UsingDirectiveDecl *directive) {
    if (!directive->getQualifier())
      mention(directive->getNominatedNamespaceAsWritten(), directive->getIdentLocation());
    return true;
  }
  bool VisitNamespaceAliasDecl(NamespaceAliasDecl *alias) {
    if (NestedNameSpecifierLoc qualifier = alias->getQualifierLoc())
      TraverseNestedNameSpecifierLoc(qualifier);
    else
      mention(alias->getAliasedNamespace(), alias->getTargetNameLoc());
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    if (!reference->hasQualifier())
      mention(reference->getFoundDecl(), reference->getLocation());
    return true;
  }
  bool VisitOverloadExpr(OverloadExpr *overloaded) {
    if (!overloaded->getQualifier())
      for (const NamedDecl *candidate : overloaded->decls())
        mention(candidate, overloaded->getNameLoc());
    return true;
  }
  bool VisitConceptReference(ConceptReference *reference) {
    if (!reference->getNestedNameSpecifierLoc())
      mention(reference->getFoundDecl(), reference->getConceptNameLoc());
    return true;
  }
  bool VisitTypeLoc(TypeLoc type) {
    if (type.getAs<UsingTypeLoc>() || type.getAs<ElaboratedTypeLoc>())
      return true;
    auto [target, location] = namedBy(type);
    if (target && !isQualified(location))
      mention(target, location);
    return true;
  }
  bool VisitTemplateArgumentLoc(const TemplateArgumentLoc &argument) {
    if (argument.getArgument().getKind() == TemplateArgument::Template && !argument.getTemplateQualifierLoc())
      mention(argument.getArgument().getAsTemplate().getAsTemplateDecl(), argument.getTemplateNameLoc());
    return true;
  }
  bool TraverseTemplateArgumentLoc(const TemplateArgumentLoc &argument) {
    VisitTemplateArgumentLoc(argument);
    return RecursiveASTVisitor::TraverseTemplateArgumentLoc(argument);
  }

private:
  struct Watched {
    const NamedDecl *import;
    const NamespaceDecl *space;
    SourceLocation end; ///< of the function around it; invalid at the scope of a namespace
    DirectiveFact fact;
  };

  bool isQualified(SourceLocation name) const {
    auto [file, offset] = Out.sources().getDecomposedLoc(Out.sources().getSpellingLoc(name));
    return Out.sources().getBufferData(file).take_front(offset).rtrim().ends_with("::");
  }

  void mention(const NamedDecl *declaration, SourceLocation at) {
    if (!declaration || at.isInvalid())
      return;
    const auto *alias = dyn_cast<NamespaceAliasDecl>(declaration);
    const NamespaceDecl *space = alias ? nullptr : spaceOf(*declaration);
    for (Watched &watched : All) {
      bool isAlias = isa<NamespaceAliasDecl>(watched.import);
      bool isFound = isAlias ? alias && alias->getCanonicalDecl() == watched.import->getCanonicalDecl()
                             : space && space == watched.space && !isInside(*space);
      if (isFound && isSeen(watched, at))
        note(watched, *declaration, at);
    }
  }

  /// Whether the place is in the namespace itself: then it needs no directive.
  bool isInside(const NamespaceDecl &space) const {
    return std::find(Around.begin(), Around.end(), &space) != Around.end();
  }

  bool isSeen(const Watched &watched, SourceLocation at) const {
    const SourceManager &sources = Out.sources();
    SourceLocation place = sources.getExpansionLoc(at);
    return sources.isBeforeInTranslationUnit(sources.getExpansionLoc(watched.import->getEndLoc()), place) &&
           (watched.end.isInvalid() || sources.isBeforeInTranslationUnit(place, sources.getExpansionLoc(watched.end)));
  }

  void note(Watched &watched, const NamedDecl &declaration, SourceLocation at) {
    std::optional<Place> place = Out.token(at);
    bool isKnown = Names.find(&declaration) || isa<NamespaceDecl, NamespaceAliasDecl>(declaration);
    if (place && isKnown)
      watched.fact.mentions.push_back(*place);
    else
      watched.fact.needed = true;
  }

  Recorder &Out;
  const VocabularyNames &Names;
  std::vector<Watched> All;
  std::vector<const NamespaceDecl *> Around;
};

} // namespace

void recordDirectives(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                      llvm::ArrayRef<const NamedDecl *> imports, ASTContext &context) {
  if (imports.empty())
    return;
  llvm::DenseSet<const NamespaceDecl *> spaces = spacesOfMoved(names, vocabulary);
  DirectiveVisitor visitor(recorder, names);
  for (const NamedDecl *import : imports) {
    const auto *alias = dyn_cast<NamespaceAliasDecl>(import);
    const NamespaceDecl *space =
        alias ? alias->getNamespace() : cast<UsingDirectiveDecl>(import)->getNominatedNamespace();
    // One whose name itself moves is edited like any other name.
    if (spaces.contains(space->getFirstDecl()) && !names.find(space) && !names.find(import))
      visitor.watch(*import, *space);
  }
  if (visitor.empty())
    return;
  for (Decl *declaration : context.getTraversalScope())
    visitor.TraverseDecl(declaration);
  recorder.facts.directives = visitor.facts();
}

} // namespace ssot
