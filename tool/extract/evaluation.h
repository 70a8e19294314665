// extract/evaluation.h - what the evaluation of an operand reads and changes, so that its order among others matters.
#pragma once

#include "extract/clang_headers.h"

#include <llvm/ADT/SmallPtrSet.h>

namespace ssot {

/// Reads an expression that is an operand of a call. In doubt it reads and changes more than it does: an unknown
/// function may change all but the local variables that nobody else knows of; one of the standard library that only
/// computes, and an inline one of the project whose body only computes, change nothing.
class Evaluation {
public:
  explicit Evaluation(const clang::Expr &operand);

  /// Whether something is changed, so that the operand is to be evaluated once.
  bool hasEffects() const { return ChangesOthers || !Changed.empty(); }

  /// Whether the value of one may be another when the other one comes first.
  bool dependsOnOrder(const Evaluation &other) const {
    return changesWhatIsRead(other) || other.changesWhatIsRead(*this);
  }

  /// Whether this may change the variable that the other one is: who takes that by value reads it when its turn comes.
  bool changesVariable(const Evaluation &other) const;

private:
  using Variables = llvm::SmallPtrSet<const clang::VarDecl *, 4>;

  void visit(const clang::Stmt *code);
  void visitVariables(const clang::DeclStmt &declared);
  void visitOperation(const clang::Stmt &code);
  void visitCall(const clang::CallExpr &call);
  void visitConstruction(const clang::CXXConstructExpr &made);
  void visitBody(const clang::FunctionDecl &callee);
  void read(const clang::Expr &place);
  void change(const clang::Expr &place);
  void changeAnything() { ReadsOthers = ChangesOthers = true; }
  bool changesWhatIsRead(const Evaluation &other) const;
  bool mayChange(const clang::VarDecl &local) const;
  bool isNamedOrKnown(const clang::VarDecl &local) const;

  Variables Read, Changed;                  ///< local variables that nobody reaches by a reference in them
  Variables Mentioned;                      ///< all that is named, in bodies of lambdas too
  const clang::VarDecl *Variable = nullptr; ///< of which the operand as a whole is a part
  bool ReadsOthers = false;
  bool ChangesOthers = false;
  unsigned Depth = 0; ///< of the function that is read
};

} // namespace ssot
