#include "extract/standard_library.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSwitch.h>

namespace ssot {

using namespace clang;

namespace {

llvm::StringRef nameOf(const NamedDecl &declaration) {
  return declaration.getIdentifier() ? declaration.getName() : llvm::StringRef();
}

bool isContainer(llvm::StringRef standard) {
  return llvm::StringSwitch<bool>(standard)
      .Cases("basic_string", "vector", "array", "deque", "list", "forward_list", "map", "multimap", "set", true)
      .Cases("multiset", "unordered_map", "unordered_multimap", "unordered_set", "unordered_multiset", true)
      .Cases("optional", "variant", "pair", "tuple", "bitset", "complex", true)
      .Default(false);
}

bool isMap(llvm::StringRef standard) { return standard == "map" || standard == "unordered_map"; }

} // namespace

llvm::StringRef standardName(const CXXRecordDecl *record) {
  return record && record->isInStdNamespace() ? nameOf(*record) : llvm::StringRef();
}

bool isValue(llvm::StringRef standard) {
  return isContainer(standard) ||
         llvm::StringSwitch<bool>(standard)
             .Cases("basic_string_view", "span", "initializer_list", "allocator", "unique_ptr", "shared_ptr", true)
             .Cases("weak_ptr", "function", "reference_wrapper", "error_code", "error_condition", "any", true)
             .Default(false);
}

bool holdsItsValue(QualType type) {
  QualType value = type.getNonReferenceType();
  return value->isArithmeticType() || value->isEnumeralType() || value->isArrayType() ||
         isContainer(standardName(value->getAsCXXRecordDecl()));
}

bool onlyLooks(const CXXMethodDecl &method) {
  llvm::StringRef owner = standardName(method.getParent()), name = nameOf(method);
  switch (method.getOverloadedOperator()) {
  case OO_Subscript:
    return !isMap(owner);
  case OO_Star:
  case OO_Arrow:
    return true;
  case OO_Call:
    return false;
  default:
    break;
  }
  bool callsBack = name == "transform" || name == "and_then" || name == "or_else";
  return (method.isConst() && !callsBack) ||
         (!owner.ends_with("future") && llvm::StringSwitch<bool>(name)
                                            .Cases("at", "front", "back", "begin", "end", "rbegin", "rend", true)
                                            .Cases("data", "find", "value", "get", "lower_bound", "upper_bound", true)
                                            .Default(false));
}

bool onlyComputes(const FunctionDecl &function) {
  if (function.isOverloadedOperator()) {
    OverloadedOperatorKind kind = function.getOverloadedOperator();
    return llvm::is_contained({OO_Plus, OO_Minus, OO_Star, OO_Slash, OO_Percent, OO_EqualEqual, OO_ExclaimEqual,
                               OO_Less, OO_Greater, OO_LessEqual, OO_GreaterEqual, OO_Spaceship},
                              kind);
  }
  return function.getLiteralIdentifier() ||
         llvm::StringSwitch<bool>(nameOf(function))
             .Cases("move", "forward", "as_const", "addressof", "ref", "cref", true)
             .Cases("to_string", "min", "max", "clamp", "abs", "get", "make_pair", true)
             .Cases("size", "ssize", "empty", "data", "begin", "end", "cbegin", true)
             .Cases("cend", "make_tuple", "make_optional", "holds_alternative", true)
             .Default(false);
}

bool isPassedOn(const FunctionDecl &callee) {
  return callee.isInStdNamespace() && !isa<CXXMethodDecl>(callee) &&
         llvm::StringSwitch<bool>(nameOf(callee)).Cases("move", "forward", "as_const", true).Default(false);
}

ScopeEnd scopeEndOf(llvm::StringRef qualifiedName) {
  return llvm::StringSwitch<ScopeEnd>(qualifiedName)
      .Cases("gsl::final_action", "std::experimental::scope_exit", "std::scope_exit", "absl::Cleanup",
             "boost::scope::scope_exit", "boost::scope::defer_guard", "std::unique_ptr", ScopeEnd::Always)
      .Cases("std::experimental::scope_fail", "std::scope_fail", "boost::scope::scope_fail", ScopeEnd::Thrown)
      .Cases("std::experimental::scope_success", "std::scope_success", "boost::scope::scope_success",
             ScopeEnd::Returned)
      .Default(ScopeEnd::Never);
}

bool isErasedCall(const FunctionDecl &callee) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  return method && method->getOverloadedOperator() == OO_Call &&
         llvm::is_contained({"function", "move_only_function", "copyable_function", "packaged_task"},
                            nameOf(*method->getParent()));
}

bool handsOn(const FunctionDecl &callee) {
  return callee.isInStdNamespace() && llvm::is_contained({"move", "forward", "ref", "addressof"}, nameOf(callee));
}

} // namespace ssot
