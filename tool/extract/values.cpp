#include "extract/values.h"

#include <llvm/ADT/StringSwitch.h>

namespace ssot {

using namespace clang;

namespace {

class Reassigned : public RecursiveASTVisitor<Reassigned> {
public:
  Changes found;

  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    found.referenced.insert(reference->getDecl());
    return true;
  }
  // `(void)guard;` names it to be quiet about it.
  bool TraverseCStyleCastExpr(CStyleCastExpr *cast) { return silences(*cast) || Base::TraverseCStyleCastExpr(cast); }
  bool TraverseCXXStaticCastExpr(CXXStaticCastExpr *cast) {
    return silences(*cast) || Base::TraverseCXXStaticCastExpr(cast);
  }
  bool VisitBinaryOperator(BinaryOperator *operation) {
    if (operation->isAssignmentOp())
      note(operation->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *operation) {
    if (operation->isIncrementDecrementOp())
      note(operation->getSubExpr());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *call) {
    if (call->isAssignmentOp() || call->getOperator() == OO_PlusPlus || call->getOperator() == OO_MinusMinus)
      note(call->getArg(0));
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *call) {
    const CXXMethodDecl *method = call->getMethodDecl();
    bool throughPointer = call->getObjectType().isNull() ||
                          isa<MemberExpr>(call->getCallee()->IgnoreParens()) == false ||
                          cast<MemberExpr>(call->getCallee()->IgnoreParens())->isArrow();
    // A mutating method of an own copy changes the value; one of a service behind a pointer or reference does not
    // change the pointer.
    if (method && !method->isConst() && !throughPointer && !passedThrough(*call))
      noteValue(call->getImplicitObjectArgument());
    return true;
  }

private:
  using Base = RecursiveASTVisitor<Reassigned>;

  static bool silences(const ExplicitCastExpr &cast) {
    return cast.getType()->isVoidType() && isa<DeclRefExpr>(bare(cast.getSubExpr()));
  }
  const ValueDecl *rootOf(const Expr *expression) {
    expression = bare(expression);
    while (const auto *member = dyn_cast_or_null<MemberExpr>(expression)) {
      if (member->isArrow())
        return nullptr;
      expression = bare(member->getBase());
    }
    if (const auto *element = dyn_cast_or_null<CXXOperatorCallExpr>(expression))
      if (element->getOperator() == OO_Subscript)
        return rootOf(element->getArg(0));
    if (const auto *element = dyn_cast_or_null<ArraySubscriptExpr>(expression))
      return rootOf(element->getBase());
    const auto *reference = dyn_cast_or_null<DeclRefExpr>(expression);
    return reference ? reference->getDecl() : nullptr;
  }
  void note(const Expr *expression) {
    if (const ValueDecl *root = rootOf(expression)) {
      found.changed.insert(root);
      found.assigned.insert(root);
    }
  }
  void noteValue(const Expr *object) {
    const ValueDecl *root = rootOf(object);
    // Only by-value locals and parameters hold the state that the method changes.
    if (root && !root->getType()->isReferenceType())
      found.changed.insert(root);
  }
};

} // namespace

const Expr *bare(const Expr *expression) {
  while (expression) {
    const Expr *inner = expression->IgnoreParenImpCasts();
    if (const auto *cleanups = dyn_cast<ExprWithCleanups>(inner))
      inner = cleanups->getSubExpr();
    else if (const auto *temporary = dyn_cast<MaterializeTemporaryExpr>(inner))
      inner = temporary->getSubExpr();
    else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(inner))
      inner = bound->getSubExpr();
    else if (const auto *constant = dyn_cast<ConstantExpr>(inner))
      inner = constant->getSubExpr();
    else if (const auto *substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(inner))
      inner = substituted->getReplacement();
    if (inner == expression)
      return expression;
    expression = inner;
  }
  return expression;
}

const Expr *passedThrough(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee)
    return nullptr;
  if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call)) {
    bool dereferences =
        operation->getOperator() == OO_Arrow || (operation->getOperator() == OO_Star && operation->getNumArgs() == 1);
    return dereferences ? operation->getArg(0) : nullptr;
  }
  const IdentifierInfo *identifier = callee->getIdentifier();
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call)) {
    if (isa<CXXConversionDecl>(callee))
      return member->getImplicitObjectArgument();
    // Not `std::mutex::lock` or `std::future::get`.
    const IdentifierInfo *holder = member->getRecordDecl() ? member->getRecordDecl()->getIdentifier() : nullptr;
    bool points = holder && (holder->getName().ends_with("_ptr") || holder->isStr("reference_wrapper"));
    bool accessor = identifier && holder &&
                    (identifier->isStr("lock") || identifier->isStr("get") ? points : identifier->isStr("value"));
    bool ours = holder && member->getRecordDecl()->isInStdNamespace();
    return accessor && ours && call.getNumArgs() == 0 ? member->getImplicitObjectArgument() : nullptr;
  }
  bool forwards = identifier && callee->isInStdNamespace() &&
                  llvm::StringSwitch<bool>(identifier->getName())
                      .Cases("move", "forward", "as_const", "ref", "cref", "addressof", true)
                      .Default(false);
  return forwards && call.getNumArgs() == 1 ? call.getArg(0) : nullptr;
}

Changes changesIn(Stmt &code) {
  Reassigned reader;
  reader.TraverseStmt(&code);
  return std::move(reader.found);
}

} // namespace ssot
