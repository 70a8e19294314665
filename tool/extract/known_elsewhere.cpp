#include "extract/known_elsewhere.h"

namespace ssot {

using namespace clang;

namespace {

/// Whether an expression refers to the variable itself, not only to the value that it has.
bool refersTo(const Stmt *code, const VarDecl &variable) {
  if (!code)
    return false;
  if (const auto *cast = dyn_cast<CastExpr>(code); cast && cast->getCastKind() == CK_LValueToRValue)
    return false;
  if (const auto *reference = dyn_cast<DeclRefExpr>(code))
    return reference->getDecl() == &variable;
  return llvm::any_of(code->children(), [&](const Stmt *child) { return refersTo(child, variable); });
}

bool letsChange(QualType type) {
  QualType referred = type->isReferenceType() || type->isPointerType() ? type->getPointeeType() : QualType();
  return !referred.isNull() && !referred.isConstQualified();
}

/// Looks for what makes a reference or a pointer of the variable that others keep or change it by.
class LeakFinder : public RecursiveASTVisitor<LeakFinder> {
public:
  explicit LeakFinder(const VarDecl &variable) : Variable(variable) {}

  bool found = false;

  bool VisitUnaryOperator(UnaryOperator *operation) {
    return operation->getOpcode() != UO_AddrOf || look(operation->getSubExpr());
  }
  bool VisitImplicitCastExpr(ImplicitCastExpr *cast) {
    return cast->getCastKind() != CK_ArrayToPointerDecay || look(cast->getSubExpr());
  }
  bool VisitVarDecl(VarDecl *declared) { return !letsChange(declared->getType()) || look(declared->getInit()); }
  bool VisitLambdaExpr(LambdaExpr *lambda) {
    for (const LambdaCapture &capture : lambda->captures())
      if (capture.capturesVariable() && capture.getCaptureKind() == LCK_ByRef && capture.getCapturedVar() == &Variable)
        return stop();
    return true;
  }
  bool VisitCallExpr(CallExpr *call) {
    const FunctionDecl *callee = call->getDirectCallee();
    if (const auto *member = dyn_cast<CXXMemberCallExpr>(call)) {
      const CXXMethodDecl *method = member->getMethodDecl();
      if ((!method || (!method->isConst() && !method->isStatic())) && !look(member->getImplicitObjectArgument()))
        return false;
    }
    unsigned object = isa<CXXOperatorCallExpr>(call) && isa_and_nonnull<CXXMethodDecl>(callee) ? 1 : 0;
    if (object && !cast<CXXMethodDecl>(callee)->isConst() && !look(call->getArg(0)))
      return false;
    return arguments(callee, llvm::ArrayRef(call->getArgs(), call->getNumArgs()).drop_front(object));
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *made) {
    return arguments(made->getConstructor(), llvm::ArrayRef(made->getArgs(), made->getNumArgs()));
  }
  bool VisitReturnStmt(ReturnStmt *returned) {
    return !returned->getRetValue() || !returned->getRetValue()->isGLValue() || look(returned->getRetValue());
  }

private:
  /// \returns whether to go on.
  bool look(const Stmt *code) { return !refersTo(code, Variable) || stop(); }
  bool stop() {
    found = true;
    return false;
  }
  bool arguments(const FunctionDecl *callee, llvm::ArrayRef<Expr *> given) {
    for (unsigned i = 0; i < given.size(); ++i)
      if (given[i]->isGLValue() &&
          (!callee || i >= callee->getNumParams() || letsChange(callee->getParamDecl(i)->getType())))
        if (!look(given[i]))
          return false;
    return true;
  }

  const VarDecl &Variable;
};

} // namespace

bool isKnownElsewhere(const VarDecl &local) {
  const auto *function = dyn_cast_or_null<FunctionDecl>(local.getParentFunctionOrMethod());
  Stmt *body = function ? function->getBody() : nullptr;
  if (!body)
    return true;
  LeakFinder finder(local);
  finder.TraverseStmt(body);
  return finder.found;
}

} // namespace ssot
