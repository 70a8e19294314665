#include "extract/walk.h"

#include "extract/calls.h"
#include "extract/definitions.h"
#include "extract/objects.h"
#include "extract/uses.h"

namespace ssot {

using namespace clang;

namespace {

class Walker : public RecursiveASTVisitor<Walker> {
  using Base = RecursiveASTVisitor<Walker>;

public:
  Walker(const VocabularyNames &names, const Listeners &listeners)
      : Names(names), Definitions(listeners.definitions), Uses(listeners.uses), Objects(listeners.objects),
        Calls(listeners.calls) {}

  bool shouldVisitTemplateInstantiations() const { return Uses || Objects || Calls; }
  bool shouldVisitImplicitCode() const { return true; }

  bool TraverseDecl(Decl *declaration) {
    if (!declaration)
      return true;
    see(*declaration);
    return Base::TraverseDecl(declaration);
  }

  bool TraverseStmt(Stmt *stmt, DataRecursionQueue *queue = nullptr) {
    if (!stmt)
      return true;
    see(*stmt);
    return Base::TraverseStmt(stmt, queue);
  }

  bool TraverseTypeLoc(TypeLoc type) {
    if (Uses && isName(type))
      Uses->typeLoc(type);
    if (auto asked = type.getAs<DecltypeTypeLoc>(); Objects && asked)
      Objects->unevaluated(*asked.getUnderlyingExpr());
    return Base::TraverseTypeLoc(type);
  }

  bool TraverseNestedNameSpecifierLoc(NestedNameSpecifierLoc qualifier) {
    if (Uses && qualifier)
      Uses->qualifier(qualifier);
    return Base::TraverseNestedNameSpecifierLoc(qualifier);
  }

  bool TraverseTemplateArgumentLoc(const TemplateArgumentLoc &argument) {
    if (Uses)
      Uses->templateArgument(argument);
    return Base::TraverseTemplateArgumentLoc(argument);
  }

  /// The parts of these are gone through one after the other, and not as the nodes beside them are.
  bool dataTraverseNode(Stmt *stmt, DataRecursionQueue *queue) {
    if (!isa<CXXForRangeStmt, CXXRewrittenBinaryOperator>(stmt))
      return Base::dataTraverseNode(stmt, queue);
    for (Stmt *part : stmt->children())
      TraverseStmt(part);
    return true;
  }

private:
  void see(const Decl &declaration) {
    if (const auto *tag = dyn_cast<TagDecl>(&declaration)) {
      if (tag->isThisDeclarationADefinition())
        Definitions->type(*tag);
    } else if (const auto *function = dyn_cast<FunctionDecl>(&declaration)) {
      if (function->isThisDeclarationADefinition() && !function->isImplicit())
        Definitions->function(*function);
    }
    if (Uses) {
      if (isa<TagDecl, FunctionDecl, VarDecl, TypedefNameDecl, UsingDecl, UsingDirectiveDecl, NamespaceAliasDecl,
              NamespaceDecl>(declaration))
        Uses->declaration(cast<NamedDecl>(declaration));
      else if (const auto *friendly = dyn_cast<FriendDecl>(&declaration))
        Uses->friendship(*friendly);
    }
    if (!Objects)
      return;
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&declaration)) {
      if (constructor->isThisDeclarationADefinition())
        Objects->constructor(*constructor);
    } else if (const auto *field = dyn_cast<FieldDecl>(&declaration)) {
      Objects->field(*field);
    } else if (const auto *variable = dyn_cast<VarDecl>(&declaration)) {
      Objects->variable(*variable);
    }
  }

  void see(const Stmt &stmt) {
    if (Uses && isReference(stmt))
      Uses->expression(cast<Expr>(stmt));
    if (Objects)
      object(stmt);
    if (Calls)
      if (const auto *call = dyn_cast<CallExpr>(&stmt))
        Calls->call(*call);
  }

  /// Has an operand that nobody evaluates: nothing is made there.
  static bool evaluatesNothing(const Stmt &stmt) {
    const auto *type = dyn_cast<CXXTypeidExpr>(&stmt);
    return isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr>(stmt) ||
           (type && !type->isPotentiallyEvaluated());
  }

  void object(const Stmt &stmt) {
    if (evaluatesNothing(stmt))
      Objects->unevaluated(cast<Expr>(stmt));
    else if (const auto *allocation = dyn_cast<CXXNewExpr>(&stmt))
      Objects->allocation(*allocation);
    else if (const auto *construction = dyn_cast<CXXConstructExpr>(&stmt))
      Objects->construction(*construction);
    else if (const auto *call = dyn_cast<CallExpr>(&stmt))
      Objects->call(*call);
    else if (const auto *operation = dyn_cast<BinaryOperator>(&stmt); operation && operation->getOpcode() == BO_Assign)
      Objects->assignment(*operation);
    else if (const auto *returned = dyn_cast<ReturnStmt>(&stmt))
      Objects->returned(*returned);
  }

  bool isName(TypeLoc type) const {
    // The class of a member pointer is found in the text in front of it.
    if (type.getAs<DependentNameTypeLoc>() || type.getAs<MemberPointerTypeLoc>())
      return true;
    if (auto placeholder = type.getAs<AutoTypeLoc>(); placeholder && placeholder.isConstrained())
      return Names.find(placeholder.getNamedConcept());
    // A qualified type hides what it qualifies from the traversal.
    auto elaborated = type.getUnqualifiedLoc().getAs<ElaboratedTypeLoc>();
    const NamedDecl *declaration = namedBy(elaborated ? elaborated.getNamedTypeLoc() : type).first;
    return declaration && Names.find(declaration);
  }

  static bool isReference(const Stmt &stmt) {
    return isa<DeclRefExpr, MemberExpr, OverloadExpr, CXXDependentScopeMemberExpr, DependentScopeDeclRefExpr,
               ConceptSpecializationExpr, CXXPseudoDestructorExpr>(stmt);
  }

  const VocabularyNames &Names;
  DefinitionRecorder *Definitions;
  UseRecorder *Uses;
  ObjectRecorder *Objects;
  CallSiteRecorder *Calls;
};

} // namespace

void walk(ASTContext &context, const VocabularyNames &names, const Listeners &listeners) {
  Walker(names, listeners).TraverseAST(context);
}

} // namespace ssot
