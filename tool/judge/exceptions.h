// judge/exceptions.h - whether an exception may leave a function.
#pragma once

#include "link/index.h"

namespace ssot {

/// As far as bodies and declarations say: what is not `noexcept` and calls nothing that may throw does not throw. What
/// is defined nowhere, and not declared `noexcept` either, may.
bool mayThrow(const Index &index, StringId usr);

/// The same of the body alone: what is stopped at the function's own `noexcept` counts as well.
bool bodyMayThrow(const Index &index, const FunctionFact &function);

} // namespace ssot
