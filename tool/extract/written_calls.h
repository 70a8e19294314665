// extract/written_calls.h - what a call says of its callee where the compiler does not, or says too much.
#pragma once

#include "extract/clang_headers.h"

#include <string>

namespace ssot {

/// \returns the object of a method call, also where arguments of a type that is not known yet keep it from being one.
const clang::Expr *writtenObject(const clang::CallExpr &call);

/// In a template, overload resolution waits for the types of the arguments. With one candidate it is known what comes.
const clang::FunctionDecl *onlyCandidate(const clang::OverloadExpr &overloaded);

/// \returns what a chain of `<<` starts with: `std::cerr`, a logger, a stream of one's own.
std::string streamName(const clang::Expr *call);

std::string dependentName(const clang::Expr *call);

/// `id.str()`, `event.size()`: a look at a value, no work.
bool isAccessor(const clang::CallExpr &call);

} // namespace ssot
