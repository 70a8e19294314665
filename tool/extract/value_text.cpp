#include "extract/value_text.h"

#include <clang/AST/PrettyPrinter.h>

#include <llvm/ADT/StringExtras.h>

namespace ssot {

using namespace clang;

namespace {

class Qualified : public PrinterHelper {
public:
  bool handledStmt(Stmt *stmt, llvm::raw_ostream &out) override {
    if (auto *implicit = dyn_cast<ImplicitCastExpr>(stmt))
      return print(implicit->getSubExpr(), out);
    const auto *reference = dyn_cast<DeclRefExpr>(stmt);
    if (!reference || isa<ParmVarDecl>(reference->getDecl()))
      return false;
    out << reference->getDecl()->getQualifiedNameAsString();
    return true;
  }

private:
  bool print(Stmt *stmt, llvm::raw_ostream &out) {
    stmt->printPretty(out, this, PrintingPolicy(LangOptions()));
    return true;
  }
};

} // namespace

std::string printedQualified(const Expr &expression, const ASTContext &context) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Qualified names;
  expression.printPretty(out, &names, context.getPrintingPolicy(), 0, "\n", &context);
  return text;
}

std::string valueText(const Expr &value, const ASTContext &context) {
  if (const auto *cast = dyn_cast<ImplicitCastExpr>(&value); cast && cast->getCastKind() == CK_NullToPointer)
    return "nullptr"; // also as `0` and `NULL`
  Expr::EvalResult result;
  if (!value.isValueDependent() && value.getType()->isIntegralOrEnumerationType() &&
      value.EvaluateAsInt(result, context))
    return llvm::toString(result.Val.getInt(), 10);
  return printedQualified(value, context);
}

} // namespace ssot
