#include "extract/conditions.h"

#include "extract/values.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

namespace {

/// A variable, parameter or member, possibly behind a smart pointer: asking it costs nothing.
bool isNamed(const Expr *expression) {
  const Expr *inner = bare(expression);
  if (const auto *call = dyn_cast<CallExpr>(inner))
    if (const Expr *passed = passedThrough(*call))
      return isNamed(passed);
  return isa<DeclRefExpr, MemberExpr>(inner);
}

/// `explicit operator bool` of what points or calls. Of a flag, an atomic or a status it is the value.
bool asksWhetherThere(const CXXMethodDecl &method) {
  const auto *conversion = dyn_cast<CXXConversionDecl>(&method);
  if (!conversion || !conversion->isExplicit() || !conversion->getConversionType()->isBooleanType())
    return false;
  bool reaches = false;
  auto look = [&](const CXXRecordDecl *record) {
    reaches |= llvm::any_of(record->decls(), [](const Decl *member) {
      if (const auto *described = dyn_cast<FunctionTemplateDecl>(member))
        member = described->getTemplatedDecl();
      const auto *function = dyn_cast<CXXMethodDecl>(member);
      OverloadedOperatorKind kind = function ? function->getOverloadedOperator() : OO_None;
      return kind == OO_Arrow || kind == OO_Call || (kind == OO_Star && function->getNumParams() == 0);
    });
    return true;
  };
  look(method.getParent());
  method.getParent()->forallBases(look);
  return reaches;
}

ConditionKind comparison(const Expr *left, const Expr *right, bool equal, bool unequal, bool &nullIsElse) {
  auto isNull = [](const Expr *side) {
    const Expr *inner = bare(side);
    return isa<CXXNullPtrLiteralExpr, GNUNullExpr>(inner);
  };
  if (!(equal || unequal) || !(isNull(left) || isNull(right)))
    return ConditionKind::Other;
  if (!isNamed(isNull(left) ? right : left))
    return ConditionKind::Other;
  nullIsElse = unequal;
  return ConditionKind::Null;
}

} // namespace

ConditionKind condition(const Expr *expression, bool &nullIsElse) {
  const Expr *inner = bare(expression);
  if (!inner)
    return ConditionKind::Other;
  if (inner->isValueDependent() == false && isa<CXXBoolLiteralExpr, IntegerLiteral>(inner))
    return ConditionKind::Constant;
  if (const auto *negation = dyn_cast<UnaryOperator>(inner); negation && negation->getOpcode() == UO_LNot) {
    ConditionKind kind = condition(negation->getSubExpr(), nullIsElse);
    nullIsElse = !nullIsElse;
    return kind;
  }
  if (const auto *operation = dyn_cast<BinaryOperator>(inner)) {
    if (operation->getOpcode() == BO_LAnd || operation->getOpcode() == BO_LOr) {
      bool left = false, right = false;
      if (condition(operation->getLHS(), left) != ConditionKind::Null ||
          condition(operation->getRHS(), right) != ConditionKind::Null)
        return ConditionKind::Other;
      nullIsElse = left;
      // `a && b` is there when both are; `!a || !b` is not there when one is not. Mixed forms are no null check.
      bool consistent = left == right && left == (operation->getOpcode() == BO_LAnd);
      return consistent ? ConditionKind::Null : ConditionKind::Other;
    }
    return comparison(operation->getLHS(), operation->getRHS(), operation->getOpcode() == BO_EQ,
                      operation->getOpcode() == BO_NE, nullIsElse);
  }
  if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(inner))
    return comparison(rewritten->getLHS(), rewritten->getRHS(), rewritten->getOperator() == BO_EQ,
                      rewritten->getOperator() == BO_NE, nullIsElse);
  if (const auto *call = dyn_cast<CXXOperatorCallExpr>(inner)) {
    if (call->getNumArgs() == 2)
      return comparison(call->getArg(0), call->getArg(1), call->getOperator() == OO_EqualEqual,
                        call->getOperator() == OO_ExclaimEqual, nullIsElse);
    return ConditionKind::Other;
  }
  if (const auto *call = dyn_cast<CXXMemberCallExpr>(inner)) {
    const CXXMethodDecl *method = call->getMethodDecl();
    bool asks = method && (asksWhetherThere(*method) || (method->getIdentifier() && method->getName() == "has_value"));
    if (!asks || !isNamed(call->getImplicitObjectArgument()))
      return ConditionKind::Other;
    nullIsElse = true;
    return ConditionKind::Null;
  }
  if (expression->IgnoreParens()->getType()->isPointerType() || inner->getType()->isPointerType()) {
    nullIsElse = true;
    return isNamed(inner) ? ConditionKind::Null : ConditionKind::Other;
  }
  return ConditionKind::Other;
}

} // namespace ssot
