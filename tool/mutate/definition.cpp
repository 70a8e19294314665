#include "mutate/definition.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/ADT/Twine.h>

#include <tuple>

namespace ssot {

using namespace clang;

namespace {

/// Collects the pieces of a class: itself, and what is defined outside of its braces.
class Collector {
public:
  Collector(const ASTContext &context, llvm::StringRef root, Definition &definition)
      : Sources(context.getSourceManager()), Root(root), Edits(Sources, context.getLangOpts()), Result(definition) {}

  bool run() {
    if (Result.record) {
      add(Result.declaration, true);
      members(*Result.record);
    } else {
      const auto *function = cast<FunctionDecl>(Result.declaration);
      addBody(*function);
      add(written(*function), false);
    }
    auto later = [&](const Definition::Piece &a, const Definition::Piece &b) {
      return Sources.isBeforeInTranslationUnit(a.declaration->getBeginLoc(), b.declaration->getBeginLoc());
    };
    if (Result.pieces.size() > 1)
      std::sort(Result.pieces.begin() + 1, Result.pieces.end(), later);
    return Good && !Result.bodies.empty();
  }

private:
  static const Decl *written(const FunctionDecl &function) {
    if (const FunctionTemplateDecl *described = function.getDescribedFunctionTemplate())
      return described;
    return &function;
  }

  void add(const Decl *declaration, bool wantsSemicolon) {
    SourceRange range = declaration->getSourceRange();
    if (const auto *record = dyn_cast<CXXRecordDecl>(declaration))
      if (const ClassTemplateDecl *described = record->getDescribedClassTemplate())
        range.setBegin(described->getBeginLoc());
    std::optional<SourceSpan> span = Edits.span(range);
    if (!span || !isOurs(range.getBegin())) {
      Good = false;
      return;
    }
    Result.pieces.push_back({declaration, *span, wantsSemicolon});
  }

  bool isOurs(SourceLocation location) const {
    auto file = Sources.getFileEntryRefForID(Sources.getFileID(location));
    llvm::StringRef path = file ? file->getFileEntry().tryGetRealPathName() : llvm::StringRef();
    return path.starts_with(Root) && path.substr(Root.size()).starts_with("/");
  }

  void addBody(const FunctionDecl &function) {
    if (!function.doesThisDeclarationHaveABody() || function.isImplicit() || function.isDefaulted())
      return;
    if (!isa_and_nonnull<CompoundStmt>(function.getBody())) {
      Good = false; // a function-try-block
      return;
    }
    Result.bodies.push_back(&function);
  }

  void members(const CXXRecordDecl &record) {
    for (const Decl *member : record.decls()) {
      if (const auto *described = dyn_cast<FunctionTemplateDecl>(member))
        member = described->getTemplatedDecl();
      if (member->isImplicit())
        continue;
      if (const auto *method = dyn_cast<CXXMethodDecl>(member)) {
        const FunctionDecl *definition = method->getDefinition();
        if (!definition)
          continue;
        addBody(*definition);
        if (!definition->getLexicalDeclContext()->isRecord())
          add(written(*definition), false);
      } else if (const auto *variable = dyn_cast<VarDecl>(member)) {
        const VarDecl *definition = variable->getDefinition();
        if (definition && !definition->getLexicalDeclContext()->isRecord())
          add(definition, true);
      } else if (const auto *nested = dyn_cast<CXXRecordDecl>(member)) {
        const CXXRecordDecl *definition = nested->getDefinition();
        if (!definition || (definition != nested && definition->getLexicalDeclContext()->isRecord()))
          continue;
        if (!definition->getLexicalDeclContext()->isRecord())
          add(definition, true);
        members(*definition);
      }
    }
  }

  const SourceManager &Sources;
  llvm::StringRef Root;
  SourceEdits Edits;
  Definition &Result;
  bool Good = true;
};

class Finder : public RecursiveASTVisitor<Finder> {
public:
  Finder(const SourceManager &sources, llvm::ArrayRef<std::string> names) : Sources(sources) {
    for (const std::string &name : names)
      Names.insert(name);
  }

  bool VisitCXXRecordDecl(CXXRecordDecl *record) {
    if (record->isThisDeclarationADefinition() && record->getDeclContext()->isFileContext() &&
        !isa<ClassTemplateSpecializationDecl>(record))
      consider(*record, record);
    return true;
  }

  bool VisitFunctionDecl(FunctionDecl *function) {
    if (function->doesThisDeclarationHaveABody() && function->getDeclContext()->isFileContext() &&
        function->getLexicalDeclContext()->isFileContext() && !function->isTemplateInstantiation() &&
        !isa<CXXMethodDecl>(function))
      consider(*function, nullptr);
    return true;
  }

  std::vector<Definition> found;

private:
  void consider(const NamedDecl &declaration, const CXXRecordDecl *record) {
    if (declaration.isImplicit() || !declaration.getDeclName() || Sources.isInSystemHeader(declaration.getLocation()))
      return;
    std::string name = ruleNameOf(declaration);
    if (!Names.contains(name) || !Seen.insert(name).second)
      return;
    Definition definition;
    definition.name = std::move(name);
    definition.declaration = &declaration;
    definition.record = record;
    found.push_back(std::move(definition));
  }

  const SourceManager &Sources;
  llvm::StringSet<> Names;
  llvm::StringSet<> Seen; ///< of overloads the first one
};

} // namespace

bool Definition::isTemplate() const {
  if (record)
    return record->getDescribedClassTemplate() || isa<ClassTemplatePartialSpecializationDecl>(record);
  return cast<FunctionDecl>(declaration)->getDescribedFunctionTemplate() != nullptr;
}

bool Definition::owns(const Decl &declaration, const SourceEdits &edits) const {
  std::optional<SourceSpan> span = edits.span(SourceRange(declaration.getLocation()));
  return span && llvm::any_of(pieces, [&](const Piece &piece) { return piece.span.contains(*span); });
}

std::vector<Definition> findDefinitions(ASTContext &context, llvm::StringRef root, llvm::ArrayRef<std::string> names) {
  Finder finder(context.getSourceManager(), names);
  for (Decl *declaration : context.getTranslationUnitDecl()->decls())
    if (!context.getSourceManager().isInSystemHeader(declaration->getLocation()))
      finder.TraverseDecl(declaration);
  std::vector<Definition> whole;
  for (Definition &definition : finder.found)
    if (Collector(context, root, definition).run())
      whole.push_back(std::move(definition));
  return whole;
}

std::pair<std::string, unsigned> namespacesAround(const Decl &declaration) {
  std::string text;
  unsigned depth = 0;
  for (const DeclContext *context = declaration.getDeclContext(); context; context = context->getParent())
    if (const auto *space = dyn_cast<NamespaceDecl>(context)) {
      std::string name = space->isAnonymousNamespace() ? "" : space->getName().str() + " ";
      text = (llvm::Twine(space->isInline() ? "inline namespace " : "namespace ") + name + "{ " + text).str();
      ++depth;
    }
  return {text, depth};
}

std::string ruleNameOf(const NamedDecl &declaration) {
  std::string name = declaration.getNameAsString();
  for (const DeclContext *context = declaration.getDeclContext(); context; context = context->getParent()) {
    const auto *space = dyn_cast<NamespaceDecl>(context);
    if (space && (space->isAnonymousNamespace() || space->isInline()))
      continue;
    if (const auto *named = dyn_cast<NamedDecl>(context); named && !isa<TranslationUnitDecl>(context))
      name = (llvm::Twine(named->getNameAsString()) + "::" + name).str();
  }
  return name;
}

} // namespace ssot
