// extract/forwards.h - declarations of a name in front of its use, and the blocks of namespaces around them.
//
// What moves to another namespace cannot be declared where the old one was. So a fact says how the declaration is
// written: on its own, within another (a friend, `class T *t`), or by a macro.
#pragma once

#include "extract/recorder.h"

#include <optional>

namespace ssot {

/// Of a declaration that is no friend and defines nothing.
/// \param name as the vocabulary has it.
std::optional<ForwardFact> forwardOf(const clang::NamedDecl &declaration, llvm::StringRef name, Recorder &out);

/// Of a friend that is declared by its last name alone.
std::optional<ForwardFact> friendOf(const clang::FriendDecl &friendship, const clang::NamedDecl &declaration,
                                    llvm::StringRef name, Recorder &out);

} // namespace ssot
