// extract/macro_arguments.h - what a macro like a function does with the arguments of one use of it.
#pragma once

#include "extract/clang_headers.h"

#include <clang/Lex/MacroArgs.h>

#include <string>

namespace ssot {

/// How often the macro writes each argument that has effects, whether operators around a parameter could take such an
/// argument apart that has operators itself, and whether those around the use could take the macro's text apart. Says
/// nothing of arguments for which that makes no difference, so that two macros with equal texts treat this use alike.
/// \param use from the name of the macro to its closing bracket.
std::string treatmentOf(const clang::MacroInfo &macro, const clang::MacroArgs &arguments, clang::SourceRange use,
                        const clang::Preprocessor &preprocessor);

} // namespace ssot
