#include "extract/evaluation.h"

#include "extract/known_elsewhere.h"
#include "extract/standard_library.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

namespace {

/// Functions that call functions are read no deeper than that.
constexpr unsigned kDeepest = 3;

class VariableMentions : public RecursiveASTVisitor<VariableMentions> {
public:
  explicit VariableMentions(llvm::SmallPtrSetImpl<const VarDecl *> &found) : Found(found) {}

  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
      Found.insert(variable);
    return true;
  }

private:
  llvm::SmallPtrSetImpl<const VarDecl *> &Found;
};

void addMentions(const Expr &expression, llvm::SmallPtrSetImpl<const VarDecl *> &found) {
  VariableMentions(found).TraverseStmt(const_cast<Expr *>(&expression));
}

/// The object of a call that gives a part of a standard container: `v[i]`, `v.at(i)`.
const Expr *containerOf(const CallExpr &call) {
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(call.getDirectCallee());
  if (!method || !holdsItsValue(method->getFunctionObjectParameterType()) || !onlyLooks(*method))
    return nullptr;
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call))
    return member->getImplicitObjectArgument();
  return call.getNumArgs() ? call.getArg(0) : nullptr;
}

/// What a glvalue is a part of.
struct Root {
  const VarDecl *variable = nullptr; ///< if it is one, by value or reference
  bool unknown = false;              ///< neither a variable nor a temporary that nobody else sees
  bool captured = false;             ///< a variable of the function around the lambda that is read

  bool isSomebodys() const { return variable || unknown; }
};

Root rootOf(const Expr &place) {
  const Expr *at = place.IgnoreParens();
  while (true) {
    if (const auto *cast = dyn_cast<CastExpr>(at)) {
      if (cast->getCastKind() == CK_LValueToRValue || !(cast->getSubExpr()->isGLValue()))
        return {nullptr, cast->isGLValue()};
      at = cast->getSubExpr()->IgnoreParens();
    } else if (const auto *member = dyn_cast<MemberExpr>(at)) {
      if (const auto *variable = dyn_cast<VarDecl>(member->getMemberDecl()))
        return {variable, false};
      if (member->isArrow())
        return {nullptr, true};
      at = member->getBase()->IgnoreParens();
    } else if (const auto *element = dyn_cast<ArraySubscriptExpr>(at)) {
      const auto *decay = dyn_cast<ImplicitCastExpr>(element->getBase()->IgnoreParens());
      if (!decay || decay->getCastKind() != CK_ArrayToPointerDecay)
        return {nullptr, true};
      at = decay->getSubExpr()->IgnoreParens();
    } else if (const auto *call = dyn_cast<CallExpr>(at)) {
      const FunctionDecl *callee = call->getDirectCallee();
      const Expr *whole =
          callee && isPassedOn(*callee) && call->getNumArgs() == 1 ? call->getArg(0) : containerOf(*call);
      if (!whole)
        return {nullptr, call->isGLValue()};
      at = whole->IgnoreParens();
    } else {
      const auto *reference = dyn_cast<DeclRefExpr>(at);
      const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
      return {variable, !variable && at->isGLValue() && !isa<MaterializeTemporaryExpr, StringLiteral>(at),
              reference && reference->refersToEnclosingVariableOrCapture()};
    }
  }
}

bool isLocalValue(const VarDecl &variable) {
  return variable.hasLocalStorage() && !variable.getType()->isReferenceType();
}

bool isConstant(const VarDecl &variable) {
  QualType type = variable.getType();
  return type.isConstQualified() && !type->isReferenceType() && !type.isVolatileQualified();
}

/// Copies and destroys its parts and does nothing that somebody wrote.
bool isMadeOfValues(const CXXRecordDecl &record, unsigned depth = 0) {
  if (record.isInStdNamespace())
    return isValue(standardName(&record));
  const CXXDestructorDecl *destructor = record.hasDefinition() ? record.getDestructor() : nullptr;
  if (depth > kDeepest || !record.hasDefinition() || (destructor && destructor->isUserProvided()) ||
      llvm::any_of(record.ctors(), [](const CXXConstructorDecl *made) {
        return made->isCopyOrMoveConstructor() && made->isUserProvided();
      }))
    return false;
  auto isPartOfValues = [&](QualType type) {
    const CXXRecordDecl *part = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    return !part || isMadeOfValues(*part, depth + 1);
  };
  return llvm::all_of(record.bases(), [&](const CXXBaseSpecifier &base) { return isPartOfValues(base.getType()); }) &&
         llvm::all_of(record.fields(), [&](const FieldDecl *field) { return isPartOfValues(field->getType()); });
}

/// What does nothing but evaluate what stands in it.
bool isPlain(const Stmt &code) {
  return isa<DeclRefExpr, MemberExpr, CastExpr, ParenExpr, AbstractConditionalOperator, BinaryOperator, UnaryOperator,
             ArraySubscriptExpr, InitListExpr, CXXBindTemporaryExpr, MaterializeTemporaryExpr, ExprWithCleanups,
             ConstantExpr, SubstNonTypeTemplateParmExpr, CXXThisExpr, CXXStdInitializerListExpr, CXXScalarValueInitExpr,
             ImplicitValueInitExpr, GNUNullExpr, SourceLocExpr, PredefinedExpr, CXXRewrittenBinaryOperator>(code) ||
         isa<IntegerLiteral, FloatingLiteral, StringLiteral, CharacterLiteral, CXXBoolLiteralExpr,
             CXXNullPtrLiteralExpr>(code) ||
         isa<CompoundStmt, ReturnStmt, IfStmt, ForStmt, WhileStmt, DoStmt, SwitchStmt, SwitchCase, BreakStmt,
             ContinueStmt, NullStmt, CXXForRangeStmt>(code);
}

bool isNotEvaluated(const Stmt &code) {
  return isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr, TypeTraitExpr, SizeOfPackExpr,
             ConceptSpecializationExpr>(code);
}

} // namespace

Evaluation::Evaluation(const Expr &operand) {
  addMentions(operand, Mentioned);
  if (operand.isGLValue())
    Variable = rootOf(operand).variable;
  if (operand.isInstantiationDependent())
    changeAnything();
  else
    visit(&operand);
}

void Evaluation::visit(const Stmt *code) {
  if (!code || isNotEvaluated(*code))
    return;
  if (const auto *call = dyn_cast<CallExpr>(code))
    return visitCall(*call);
  if (const auto *made = dyn_cast<CXXConstructExpr>(code))
    return visitConstruction(*made);
  if (const auto *declared = dyn_cast<DeclStmt>(code))
    return visitVariables(*declared);
  if (const auto *given = dyn_cast<CXXDefaultArgExpr>(code))
    return visit(given->getExpr());
  if (const auto *given = dyn_cast<CXXDefaultInitExpr>(code))
    return visit(given->getExpr());
  if (const auto *lambda = dyn_cast<LambdaExpr>(code)) {
    llvm::for_each(lambda->capture_inits(), [&](const Expr *captured) { visit(captured); });
    return;
  }
  if (!isPlain(*code))
    return changeAnything();
  visitOperation(*code);
  for (const Stmt *child : code->children())
    visit(child);
}

void Evaluation::visitVariables(const DeclStmt &declared) {
  for (const Decl *declaration : declared.decls())
    if (const auto *variable = dyn_cast<VarDecl>(declaration); variable && !variable->isStaticLocal())
      visit(variable->getInit());
    else
      changeAnything();
}

void Evaluation::visitOperation(const Stmt &code) {
  const auto *expression = dyn_cast<Expr>(&code);
  if (expression && expression->isGLValue() && expression->getType().isVolatileQualified())
    return changeAnything();
  if (const auto *cast = dyn_cast<CastExpr>(&code); cast && cast->getCastKind() == CK_LValueToRValue)
    return read(*cast->getSubExpr());
  if (const auto *assignment = dyn_cast<BinaryOperator>(&code); assignment && assignment->isAssignmentOp()) {
    change(*assignment->getLHS());
    if (assignment->isCompoundAssignmentOp())
      read(*assignment->getLHS());
  }
  if (const auto *step = dyn_cast<UnaryOperator>(&code); step && step->isIncrementDecrementOp()) {
    change(*step->getSubExpr());
    read(*step->getSubExpr());
  }
}

void Evaluation::visitCall(const CallExpr &call) {
  visit(call.getCallee());
  llvm::for_each(call.arguments(), [&](const Expr *given) { visit(given); });
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee)
    return changeAnything();
  if (isPassedOn(*callee))
    return;
  llvm::for_each(call.arguments(), [&](const Expr *given) { read(*given); });
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call))
    read(*member->getImplicitObjectArgument());
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  bool isStandard = method ? method->getParent()->isInStdNamespace() : callee->isInStdNamespace();
  if (!isStandard)
    visitBody(*callee);
  else if (!(method ? onlyLooks(*method) : onlyComputes(*callee)))
    changeAnything();
}

void Evaluation::visitConstruction(const CXXConstructExpr &made) {
  for (const Expr *given : made.arguments()) {
    visit(given);
    read(*given);
  }
  const CXXConstructorDecl &constructor = *made.getConstructor();
  const CXXRecordDecl &record = *constructor.getParent();
  if (constructor.isMoveConstructor() && !constructor.isTrivial() && rootOf(*made.getArg(0)).isSomebodys())
    change(*made.getArg(0));
  if (isValue(standardName(&record)) || (constructor.isCopyOrMoveConstructor() && isMadeOfValues(record)))
    return;
  if (record.isInStdNamespace() || !(record.hasTrivialDestructor() || isMadeOfValues(record)))
    return changeAnything();
  if (constructor.isTrivial())
    return;
  for (const CXXCtorInitializer *initializer : constructor.inits())
    visit(initializer->getInit());
  visitBody(constructor);
}

/// Only what every unit that calls it sees.
void Evaluation::visitBody(const FunctionDecl &callee) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  const Stmt *body = callee.isInlined() ? callee.getBody() : nullptr;
  if (callee.isDefaulted() && isa<CXXConstructorDecl>(callee))
    return;
  if (!body || Depth == kDeepest || (method && method->isVirtual()))
    return changeAnything();
  ++Depth;
  visit(body);
  --Depth;
}

/// What cannot be told from others may be any of the variables in it.
void Evaluation::read(const Expr &place) {
  if (!place.isGLValue())
    return;
  Root root = rootOf(place);
  if (root.unknown || (root.captured && Depth > 0)) {
    ReadsOthers = true;
    if (Depth == 0)
      addMentions(place, Read);
  } else if (root.variable && !isConstant(*root.variable)) {
    if (!isLocalValue(*root.variable))
      ReadsOthers = true;
    else if (Depth == 0)
      Read.insert(root.variable);
  }
  // What it points to is read with it, unless it holds its value itself.
  if (!holdsItsValue(place.getType()))
    ReadsOthers = true;
}

void Evaluation::change(const Expr &place) {
  Root root = rootOf(place);
  if (root.unknown || (root.variable && !isLocalValue(*root.variable)) || (root.captured && Depth > 0))
    changeAnything();
  else if (root.variable && Depth == 0)
    Changed.insert(root.variable);
}

/// Whether a function that is not known, or a pointer, gets at the variable from here.
bool Evaluation::isNamedOrKnown(const VarDecl &local) const {
  return Mentioned.contains(&local) || isKnownElsewhere(local);
}

bool Evaluation::mayChange(const VarDecl &local) const {
  return Changed.contains(&local) || (ChangesOthers && isNamedOrKnown(local));
}

bool Evaluation::changesWhatIsRead(const Evaluation &other) const {
  auto may = [&](const VarDecl *local) { return mayChange(*local); };
  if (llvm::any_of(other.Read, may) || llvm::any_of(other.Changed, may))
    return true;
  return other.ReadsOthers &&
         (ChangesOthers || llvm::any_of(Changed, [&](const VarDecl *local) { return other.isNamedOrKnown(*local); }));
}

bool Evaluation::changesVariable(const Evaluation &other) const {
  return other.Variable && (Changed.contains(other.Variable) || (ChangesOthers && Mentioned.contains(other.Variable)));
}

} // namespace ssot
