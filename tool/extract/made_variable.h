// extract/made_variable.h - how a variable that an object is made in is written.
//
// Whoever lets a factory make the object writes the variable anew, and perhaps each use of it.
#pragma once

#include "extract/recorder.h"

#include <optional>

namespace ssot {

/// \returns nothing for a variable that is not declared alone in plain text: beside another one, by a macro, in a
/// template.
std::optional<MadeVariable> madeVariable(const clang::VarDecl &variable, const clang::CXXConstructExpr &made,
                                         Recorder &out);

/// The same of `member(arguments)` in front of the body of a constructor.
std::optional<MadeVariable> madeMember(const clang::CXXCtorInitializer &initializer,
                                       const clang::CXXConstructExpr &made, Recorder &out);

} // namespace ssot
