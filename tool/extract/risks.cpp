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
      TraverseStmt(handler->getHandlerBlock());
    }
    return catchesAll || TraverseStmt(attempt->getTryBlock());
  }

private:
  bool itself() { return add(StringId()); }
  bool add(StringId usr) {
    if (!llvm::is_contained(found, usr))
      found.push_back(usr);
    return true;
  }
  bool add(const FunctionDecl &callee) {
    if (callee.hasAttr<NoThrowAttr>() || callee.getBuiltinID() || callee.isTrivial())
      return true;
    const auto *type = callee.getType()->getAs<FunctionProtoType>();
    bool quiet = type && !isUnresolvedExceptionSpec(type->getExceptionSpecType()) && type->isNothrow();
    const auto *method = dyn_cast<CXXMethodDecl>(&callee);
    // An override may throw where this one does not.
    return quiet || add(method && method->isVirtual() ? StringId() : Out.usr(primaryDecl(&callee)));
  }

  Recorder &Out;
};

} // namespace

std::vector<StringId> risksIn(const FunctionDecl &function, Recorder &recorder) {
  if (!recorder.language().CXXExceptions)
    return {};
  RiskVisitor visitor(recorder);
  visitor.TraverseStmt(function.getBody());
  return llvm::is_contained(visitor.found, StringId()) ? std::vector<StringId>{0} : std::move(visitor.found);
}

} // namespace ssot
