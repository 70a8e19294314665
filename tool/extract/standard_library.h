// extract/standard_library.h - which classes and functions of the standard library do nothing but hold, copy or
// compute.
#pragma once

#include "extract/clang_headers.h"

namespace ssot {

/// The name of a class of the standard library, without `std::`; empty for any other.
llvm::StringRef standardName(const clang::CXXRecordDecl *record);

/// Its value lies in the object: who has the object to himself has the value to himself.
bool holdsItsValue(clang::QualType type);

/// Making, copying or destroying one does nothing but that.
bool isValue(llvm::StringRef standardName);

/// Whether a method of a class of the standard library only looks at its object.
bool onlyLooks(const clang::CXXMethodDecl &method);

/// Whether a function of the standard library that is no method only computes its result.
bool onlyComputes(const clang::FunctionDecl &function);

/// `std::move(x)` and its like, which are `x`.
bool isPassedOn(const clang::FunctionDecl &callee);

/// By which ways out of its scope a guard of a well-known library calls what it keeps.
enum class ScopeEnd { Never, Always, Thrown, Returned };
ScopeEnd scopeEndOf(llvm::StringRef qualifiedName);

/// A call of a `std::function` and its like.
bool isErasedCall(const clang::FunctionDecl &callee);

/// Hands on what it is given, itself or in a wrapper.
bool handsOn(const clang::FunctionDecl &callee);

} // namespace ssot
