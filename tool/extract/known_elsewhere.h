// extract/known_elsewhere.h - whether somebody else than a function itself can change one of its local variables.
#pragma once

#include "extract/clang_headers.h"

namespace ssot {

/// Whether the function hands out an address or a reference by which the variable may be changed, before or after: in
/// doubt it does. A parameter counts as a variable of the function. Reads the whole body of the function.
bool isKnownElsewhere(const clang::VarDecl &local);

} // namespace ssot
