// Type 2: other names, other types.

#include "mutate/passes.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/xxhash.h>
#include <set>

namespace ssot {

using namespace clang;

namespace {

class RenameVisitor : public RecursiveASTVisitor<RenameVisitor> {
public:
  explicit RenameVisitor(Draft &draft) : Out(draft) {}

  bool shouldVisitTemplateInstantiations() const { return false; }

  bool VisitNamedDecl(NamedDecl *declaration) {
    // A capture with `[x]` names x where it stands; the field behind it has no name of its own.
    rename(declaration, declaration->getLocation());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    rename(reference->getDecl(), reference->getLocation());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *member) {
    rename(member->getMemberDecl(), member->getMemberLoc());
    return true;
  }
  bool VisitCXXDependentScopeMemberExpr(CXXDependentScopeMemberExpr *member) {
    renameByName(member->getMember().getAsIdentifierInfo(), member->getMemberLoc());
    return true;
  }
  bool VisitOverloadExpr(OverloadExpr *overloads) {
    if (overloads->getNumDecls())
      rename(*overloads->decls_begin(), overloads->getNameLoc());
    return true;
  }
  bool TraverseConstructorInitializer(CXXCtorInitializer *initializer) {
    if (initializer->isWritten() && initializer->isMemberInitializer())
      rename(initializer->getMember(), initializer->getMemberLocation());
    return RecursiveASTVisitor::TraverseConstructorInitializer(initializer);
  }
  bool VisitLambdaExpr(LambdaExpr *lambda) {
    for (const LambdaCapture &capture : lambda->explicit_captures())
      if (capture.capturesVariable() && !lambda->isInitCapture(&capture))
        rename(capture.getCapturedVar(), capture.getLocation());
    return true;
  }

private:
  static bool isRenamable(const NamedDecl &declaration) {
    if (declaration.isImplicit() || !declaration.getIdentifier())
      return false;
    if (const auto *method = dyn_cast<CXXMethodDecl>(&declaration))
      return !method->isVirtual() && !method->isTemplateInstantiation() &&
             !isa<CXXConstructorDecl, CXXDestructorDecl, CXXConversionDecl>(method);
    return isa<FieldDecl, VarDecl, BindingDecl>(declaration);
  }

  void rename(const NamedDecl *declaration, SourceLocation location) {
    if (const auto *described = dyn_cast<FunctionTemplateDecl>(declaration))
      declaration = described->getTemplatedDecl();
    if (!isRenamable(*declaration) || !Out.definition.owns(*declaration->getCanonicalDecl(), Out.edits))
      return;
    if (!Out.definition.owns(*declaration, Out.edits))
      return;
    replace(declaration->getName(), location);
  }

  void renameByName(const IdentifierInfo *name, SourceLocation location) {
    if (name && NewNames.count(name->getName()))
      replace(name->getName(), location);
  }

  void replace(llvm::StringRef old, SourceLocation location) {
    std::optional<SourceSpan> span = Out.edits.token(location);
    if (!span || Out.edits.original(*span) != old || !Done.insert({span->file, span->begin}).second)
      return;
    auto [known, isNew] = NewNames.try_emplace(old);
    if (isNew)
      known->second = "renamed" + std::to_string(NewNames.size());
    Out.edits.replace(span, known->second);
  }

  Draft &Out;
  llvm::StringMap<std::string> NewNames; ///< one for each old one: what had the same name still has
  std::set<std::pair<FileID, unsigned>> Done;
};

/// The name of the class or function itself is everywhere: constructors, results, qualifiers.
void renameDefinition(Draft &draft) {
  const SourceManager &sources = draft.context.getSourceManager();
  std::string old = draft.definition.declaration->getNameAsString();
  if (!draft.definition.declaration->getIdentifier())
    return;
  // Units are many: two classes of one name in one namespace would be one.
  draft.name = draft.definition.record
                   ? "RenamedThing" + llvm::utohexstr(llvm::xxh3_64bits(draft.definition.name) & 0xffffff)
                   : "renamed_work";
  for (const Definition::Piece &piece : draft.definition.pieces) {
    llvm::StringRef buffer = sources.getBufferData(piece.span.file);
    Lexer lexer(sources.getLocForStartOfFile(piece.span.file), draft.context.getLangOpts(), buffer.begin(),
                buffer.begin() + piece.span.begin, buffer.end());
    for (Token token; !lexer.LexFromRawLexer(token);) {
      unsigned offset = sources.getFileOffset(token.getLocation());
      if (offset >= piece.span.end)
        break;
      if (token.is(tok::raw_identifier) && token.getRawIdentifier() == old)
        draft.edits.replace(SourceSpan{piece.span.file, offset, offset + token.getLength()}, draft.name);
    }
  }
}

class RetypeVisitor : public RecursiveASTVisitor<RetypeVisitor> {
public:
  explicit RetypeVisitor(Draft &draft) : Out(draft) {}

  bool TraverseFunctionDecl(FunctionDecl *function) { return enter(function); }
  bool TraverseCXXMethodDecl(CXXMethodDecl *method) { return enter(method); }

  bool VisitBuiltinTypeLoc(BuiltinTypeLoc type) {
    std::string other = otherFor(type.getTypePtr()->getKind());
    if (!other.empty())
      Out.edits.replace(Out.edits.span(type.getSourceRange()), other);
    return true;
  }
  bool VisitTypedefTypeLoc(TypedefTypeLoc type) {
    if (type.getTypedefNameDecl()->getName() == "size_t")
      Out.edits.replace(Out.edits.span(type.getSourceRange()), "unsigned long");
    return true;
  }
  bool VisitParmVarDecl(ParmVarDecl *parameter) {
    // A copy of a text does as well as a reference to it.
    QualType type = parameter->getType();
    const CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
    if (type->isLValueReferenceType() && type->getPointeeType().isConstQualified() && record &&
        record->getName() == "basic_string" && parameter->getTypeSourceInfo())
      Out.edits.replace(Out.edits.span(parameter->getTypeSourceInfo()->getTypeLoc().getSourceRange()),
                        std::string("std::string"));
    return true;
  }

private:
  /// A virtual function keeps the types of its base's.
  template <typename Function>
  bool enter(Function *function) {
    if (const auto *method = dyn_cast<CXXMethodDecl>(function); method && method->isVirtual())
      return RecursiveASTVisitor::TraverseStmt(function->doesThisDeclarationHaveABody() ? function->getBody()
                                                                                        : nullptr);
    if constexpr (std::is_same_v<Function, CXXMethodDecl>)
      return RecursiveASTVisitor::TraverseCXXMethodDecl(function);
    else
      return RecursiveASTVisitor::TraverseFunctionDecl(function);
  }

  static std::string otherFor(BuiltinType::Kind kind) {
    switch (kind) {
    case BuiltinType::Int:
      return "long";
    case BuiltinType::UInt:
      return "unsigned long";
    case BuiltinType::Short:
      return "int";
    case BuiltinType::UShort:
      return "unsigned";
    case BuiltinType::Float:
      return "double";
    default:
      return "";
    }
  }

  Draft &Out;
};

template <typename Visitor>
void visit(Draft &draft) {
  Visitor visitor(draft);
  for (const Definition::Piece &piece : draft.definition.pieces)
    visitor.TraverseDecl(const_cast<Decl *>(piece.declaration));
}

} // namespace

void renameAll(Draft &draft) {
  renameDefinition(draft);
  visit<RenameVisitor>(draft);
}

void retype(Draft &draft) { visit<RetypeVisitor>(draft); }

} // namespace ssot
