// extract/normal_form.h - the branches of a body in one of the forms that mean the same.
//
// `if (bad) throw; work();` and `if (!bad) work(); else throw;` do the same. Both are read as the first: what leaves
// comes first, without an `else`.
#pragma once

#include "extract/clang_headers.h"

#include <vector>

namespace ssot {

/// What comes behind the last statement of a list.
enum class Tail {
  Unknown, ///< something else
  Return,  ///< the end of a function that gives no value
  Continue ///< the end of a loop's body
};

struct NormalStep {
  enum BranchForm {
    Plain,  ///< the statement itself
    Branch, ///< an `if` without anything declared in its head
    Block,  ///< statements in a scope of their own
    Leave   ///< what `Tail` says, written or not
  };
  BranchForm kind = Plain;
  const clang::Stmt *stmt = nullptr; ///< where it stands; for Plain what it is
  const clang::Expr *condition = nullptr;
  bool negated = false;          ///< the branch is taken when the condition does not hold
  std::vector<NormalStep> inner; ///< of a block, or what a branch does
  std::vector<NormalStep> other; ///< what it does else
};

/// \returns the statements of \p code, of a block those in it, branches in their normal form.
std::vector<NormalStep> normalForm(const clang::Stmt &code, Tail tail);

/// What comes behind the body of a function.
Tail tailOf(const clang::FunctionDecl &function);

/// Whether a comparison is the opposite of the one with the opposite operator: not of floating-point numbers, and not
/// where somebody has defined both.
bool hasOpposite(const clang::BinaryOperator &operation);

/// Of the two ways to ask a question, whether this is the one that is asked the other way round.
bool isNegative(const clang::Expr &condition);

/// The return of a branch that does nothing but check for null; else null.
const clang::ReturnStmt *nullReturn(const NormalStep &branch);

/// Whether a branch is taken when something is not there.
bool asksForNull(const clang::Expr &condition, bool negated);

} // namespace ssot
