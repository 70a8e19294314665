// extract/risks.h - what in a body may throw, as far as declarations say.
//
// A function that is not `noexcept` need not throw. Whether one does is followed from body to body: here stands what to
// follow.
#pragma once

#include "extract/recorder.h"

namespace ssot {

/// Whether \p function is `noexcept`; not where nobody has asked yet what a defaulted one throws.
bool saysNoexcept(const clang::FunctionDecl &function);

/// Whether the declaration says that \p function throws nothing, by `noexcept` or by what it is.
bool isQuiet(const clang::FunctionDecl &function);

/// \returns USRs of what \p function's body calls and constructs that is not `noexcept`, and 0 for what throws on its
/// own or is not known. What a `catch (...)` stops is left out, unless it throws again.
std::vector<StringId> risksIn(const clang::FunctionDecl &function, Recorder &recorder);

} // namespace ssot
