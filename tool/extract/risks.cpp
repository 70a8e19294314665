#include "extract/risks.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

namespace {

class RiskVisitor : public RecursiveASTVisitor<RiskVisitor> {
public:
  explicit RiskVisitor(Recorder &recorder) : Out(recorder) {}

  std::vector<StringId> found;

  bool VisitCallExpr(CallExpr *call) {
    if (isa<CXXPseudoDestructorExpr>(call->getCallee()->IgnoreParens()))
      return true;
    const FunctionDecl *callee = call->getDirectCallee();
    if (callee)
      return add(*callee);
    const auto *pointer = call->getCallee()->getType()->getAs<PointerType>();
    const auto *type = pointer ? pointer->getPointeeType()->getAs<FunctionProtoType>() : nullptr;
    return (type && type->isNothrow()) || itself();
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *construction) { return add(*construction->getConstructor()); }
  bool VisitCXXNewExpr(CXXNewExpr *made) { return made->getOperatorNew() ? add(*made->getOperatorNew()) : itself(); }
  bool VisitCXXThrowExpr(CXXThrowExpr * /*thrown*/) { return itself(); }
  bool VisitCXXDynamicCastExpr(CXXDynamicCastExpr *cast) { return !cast->isGLValue() || itself(); }
  bool VisitCXXTypeidExpr(CXXTypeidExpr *asked) { return !asked->isPotentiallyEvaluated() || itself(); }
  bool VisitCXXUnresolvedConstructExpr(CXXUnresolvedConstructExpr * /*made*/) { return itself(); }

  // What nobody evaluates, or only who calls it.
  bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr * /*asked*/) { return true; }
  bool TraverseCXXNoexceptExpr(CXXNoexceptExpr * /*asked*/) { return true; }
  bool TraverseTypeLoc(TypeLoc /*type*/) { return true; }
  bool TraverseLambdaExpr(LambdaExpr *lambda) {
    for (Expr *init : lambda->capture_inits())
      if (init && !TraverseStmt(init))
        return false;
    return true;
  }

  bool TraverseCXXTryStmt(CXXTryStmt *attempt) {
    bool catchesAll = false;
    for (unsigned i = 0; i < attempt->getNumHandlers(); ++i) {
      CXXCatchStmt *handler = attempt->getHandler(i);
      catchesAll |= !handler->getExceptionDecl();
      if (!TraverseStmt(handler->getHandlerBlock()))
        return false;
    }
    return catchesAll || TraverseStmt(attempt->getTryBlock());
  }

private:
  /// Nothing else matters then, so it is not looked for.
  bool itself() {
    found.assign(1, StringId());
    return false;
  }
  bool add(const FunctionDecl &callee) {
    if (isQuiet(callee))
      return true;
    const auto *type = callee.getType()->getAs<FunctionProtoType>();
    const bool known = !type || !isUnresolvedExceptionSpec(type->getExceptionSpecType());
    // An override may throw where this one does not, and nobody has the bodies of others.
    const auto *method = dyn_cast<CXXMethodDecl>(&callee);
    if ((method && method->isVirtual()) || (known && !Out.inProject(callee.getLocation())))
      return itself();
    StringId usr = Out.usr(primaryDecl(&callee));
    if (!usr)
      return itself();
    if (!llvm::is_contained(found, usr))
      found.push_back(usr);
    return true;
  }

  Recorder &Out;
};

} // namespace

bool saysNoexcept(const FunctionDecl &function) {
  const auto *type = function.getType()->getAs<FunctionProtoType>();
  return type && !isUnresolvedExceptionSpec(type->getExceptionSpecType()) && type->isNothrow();
}

bool isQuiet(const FunctionDecl &function) {
  return function.hasAttr<NoThrowAttr>() || function.getBuiltinID() || function.isTrivial() || saysNoexcept(function);
}

std::vector<StringId> risksIn(const FunctionDecl &function, Recorder &recorder) {
  if (!recorder.language().CXXExceptions)
    return {};
  RiskVisitor visitor(recorder);
  visitor.TraverseStmt(function.getBody());
  return std::move(visitor.found);
}

} // namespace ssot
