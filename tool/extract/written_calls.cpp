#include "extract/written_calls.h"

#include "extract/names.h"
#include "extract/values.h"

namespace ssot {

using namespace clang;

const Expr *writtenObject(const CallExpr &call) {
  if (const auto *known = dyn_cast<CXXMemberCallExpr>(&call))
    return known->getImplicitObjectArgument();
  auto base = [](const auto *member) { return member->isImplicitAccess() ? nullptr : member->getBase(); };
  const Expr *callee = call.getCallee()->IgnoreParens();
  if (const auto *dependent = dyn_cast<CXXDependentScopeMemberExpr>(callee))
    return base(dependent);
  if (const auto *overloaded = dyn_cast<UnresolvedMemberExpr>(callee))
    return base(overloaded);
  const auto *member = dyn_cast<MemberExpr>(callee);
  return member && call.isTypeDependent() ? base(member) : nullptr;
}

const FunctionDecl *onlyCandidate(const OverloadExpr &overloaded) {
  if (overloaded.getNumDecls() != 1)
    return nullptr;
  const NamedDecl *candidate = (*overloaded.decls_begin())->getUnderlyingDecl();
  if (const auto *described = dyn_cast<FunctionTemplateDecl>(candidate))
    return described->getTemplatedDecl();
  return dyn_cast<FunctionDecl>(candidate);
}

std::string streamName(const Expr *call) {
  const Expr *left = bare(call);
  while (const auto *operation = dyn_cast<CXXOperatorCallExpr>(left)) {
    if (operation->getOperator() != OO_LessLess)
      break;
    left = bare(operation->getArg(0));
  }
  if (const auto *reference = dyn_cast<DeclRefExpr>(left))
    return qualifiedNameOf(*reference->getDecl()) + "::operator<<";
  if (const auto *made = dyn_cast<CallExpr>(left))
    if (const FunctionDecl *callee = made->getDirectCallee())
      return qualifiedNameOf(*callee) + "::operator<<";
  return "operator<<";
}

std::string dependentName(const Expr *call) {
  const Expr *callee = cast<CallExpr>(call)->getCallee()->IgnoreParens();
  if (const auto *member = dyn_cast<CXXDependentScopeMemberExpr>(callee))
    return member->getMember().getAsString();
  if (const auto *overloaded = dyn_cast<OverloadExpr>(callee))
    return overloaded->getName().getAsString();
  if (const auto *scoped = dyn_cast<DependentScopeDeclRefExpr>(callee))
    return scoped->getDeclName().getAsString();
  if (const auto *reference = dyn_cast<DeclRefExpr>(callee))
    return qualifiedNameOf(*reference->getDecl());
  return std::string();
}

bool isAccessor(const CallExpr &call) {
  const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
  const CXXMethodDecl *method = member ? member->getMethodDecl() : nullptr;
  return method && method->isConst() && member->getNumArgs() == 0 && !method->getReturnType()->isVoidType();
}

} // namespace ssot
