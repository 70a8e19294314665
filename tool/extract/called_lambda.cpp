#include "extract/called_lambda.h"

#include "extract/risks.h"
#include "extract/values.h"

namespace ssot {

using namespace clang;

const Expr *CalledLambda::onlyResult() const {
  const auto *only = body->size() == 1 ? dyn_cast<ReturnStmt>(body->body_front()) : nullptr;
  return only ? only->getRetValue() : nullptr;
}

std::optional<CalledLambda> calledLambda(const Expr *expression,
                                         llvm::function_ref<const Expr *(const ValueDecl *)> heldBy) {
  const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(expression);
  const FunctionDecl *callee = call && call->getOperator() == OO_Call ? call->getDirectCallee() : nullptr;
  if (!callee)
    return std::nullopt;
  CalledLambda found;
  const Expr *object = bare(call->getArg(0));
  if (const auto *reference = dyn_cast<DeclRefExpr>(object))
    object = bare(heldBy(reference->getDecl()));
  else
    found.inPlace = true;
  found.lambda = dyn_cast_or_null<LambdaExpr>(object);
  found.body = found.lambda ? dyn_cast_or_null<CompoundStmt>(callee->getBody()) : nullptr; // a coroutine's is another
  if (!found.body || saysNoexcept(*callee) || callee->getNumParams() + 1 != call->getNumArgs())
    return std::nullopt;
  for (unsigned i = 0; i < callee->getNumParams(); ++i)
    found.given.emplace_back(callee->getParamDecl(i), call->getArg(i + 1));
  return found;
}

llvm::SmallVector<const VarDecl *, 2> initCaptures(const LambdaExpr &lambda) {
  llvm::SmallVector<const VarDecl *, 2> made;
  for (const LambdaCapture &capture : lambda.captures())
    if (lambda.isInitCapture(&capture))
      made.push_back(cast<VarDecl>(capture.getCapturedVar()));
  return made;
}

} // namespace ssot
