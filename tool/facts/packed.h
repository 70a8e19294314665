// facts/packed.h - bodies of functions as bytes: a tenth of what they take as structs.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/StringRef.h>

#include <string>

namespace ssot {

std::string packed(const FunctionBody &body);

/// \param bytes of `packed`, with strings and files numbered as they were.
FunctionBody unpacked(llvm::StringRef bytes);
/// \returns the calls alone.
std::vector<CallFact> unpackedCalls(llvm::StringRef bytes);

} // namespace ssot
