// extract/guard_values.h - what the members of a guard hold as long as nobody touches it.
//
// A guard that can be dismissed asks a flag in its destructor; one that takes any callable keeps it in a
// `std::function`. Where the variable is only declared, both are still what its constructor made of them.
#pragma once

#include "extract/recorder.h"
#include "extract/standard_library.h"

#include <llvm/ADT/DenseMap.h>

namespace ssot {

struct GuardValues {
  llvm::DenseMap<const clang::FieldDecl *, bool> flags; ///< whether a member is true, or not null
  llvm::DenseMap<const clang::FieldDecl *, const clang::CXXMethodDecl *> kept; ///< the lambda in a `std::function`

  bool empty() const { return flags.empty() && kept.empty(); }
  /// What tells one set of values from another.
  std::string key(Recorder &recorder) const;
  /// The member of the object itself that \p value reads; null when it is none.
  static const clang::FieldDecl *memberOf(const clang::Expr *value);
  /// Whether a condition holds; nothing when it cannot be told.
  std::optional<bool> holds(const clang::Expr *condition) const;
  /// The lambda that a call of a member runs; null when that is not known.
  const clang::CXXMethodDecl *called(const clang::CallExpr &invocation) const;
};

/// A guard that is made and left alone.
struct QuietGuard {
  GuardValues values;
  const clang::Expr *made = nullptr; ///< the construction, or the call of a function that does nothing else
  bool mayThrow = false;             ///< while it is made
  llvm::SmallPtrSet<const clang::Expr *, 2> lambdas; ///< what it keeps in a `std::function`, where they are handed over
};

/// Whether nothing but its declaration, and `(void)variable`, speaks of the variable.
bool isLeftAlone(const clang::VarDecl &variable);

/// \returns nothing where the guard is touched, or where its constructor does more than keep what it is given.
QuietGuard quietGuard(const clang::VarDecl &variable);

/// A guard of a well-known library, such as `std::unique_ptr` with a deleter, that is made and left alone.
struct ForeignGuard {
  const clang::CXXMethodDecl *callable = nullptr; ///< what it calls in the end
  const clang::Expr *made = nullptr;              ///< as above
  const clang::Expr *lambda = nullptr;            ///< as above; null where it keeps no lambda that is handed over
  ScopeEnd when = ScopeEnd::Always;
  bool mayThrow = false; ///< as above
  bool maybe = false;    ///< it may keep a null pointer, and calls nothing then
};
std::optional<ForeignGuard> foreignGuard(const clang::VarDecl &variable);

/// What a `std::unique_ptr` calls in the end, where that is written in the project or is a lambda; else null.
const clang::CXXMethodDecl *deleterOf(const clang::CXXRecordDecl &record);

} // namespace ssot
