// extract/event_instances.h - what callers make of templates whose own text does not say what they call.
//
// `template <class F> void later(F f) { f(); }` emits what its argument emits. Each instance that somebody calls is
// followed like a function of its own, with a USR of its own.
#pragma once

#include "extract/guard_values.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallVector.h>

#include <deque>
#include <set>

namespace ssot {

class EventInstances {
public:
  explicit EventInstances(Recorder &recorder) : Out(recorder) {}

  /// What \p callee is known by to those who call it: an instance where the template leaves open what it does.
  StringId usrOf(const clang::FunctionDecl &callee);
  /// Whether the body of \p callee is seen with the types that it is called with.
  bool isSeen(const clang::FunctionDecl &callee);
  /// A destructor of an object whose members are known.
  StringId usrOf(const clang::CXXDestructorDecl &destructor, const GuardValues &values);

  struct Instance {
    const clang::FunctionDecl *definition = nullptr;
    StringId usr = 0;
    GuardValues values;
  };
  /// \returns one that somebody has asked for and that nobody has recorded yet.
  std::optional<Instance> next();

private:
  bool isOpen(const clang::FunctionDecl &pattern);
  StringId keyOf(const clang::FunctionDecl &instance);

  Recorder &Out;
  llvm::DenseMap<const clang::FunctionDecl *, bool> Open; ///< by pattern
  llvm::DenseMap<const clang::FunctionDecl *, StringId> Keys;
  std::set<StringId> Variants;
  std::deque<Instance> Waiting;
};

using Lambdas = llvm::SmallVector<const clang::CXXMethodDecl *, 2>;

/// The calls of the lambdas that a type is made with: its own, or those among its template arguments.
Lambdas lambdasIn(clang::QualType type);

/// The lambda that \p value is and hands on, by whatever way: written here, in a variable or member, moved, copied.
/// \returns the expression that stands for it, or null when \p value is no lambda.
const clang::Expr *handedLambda(const clang::Expr *value);

} // namespace ssot
