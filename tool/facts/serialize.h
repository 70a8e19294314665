// facts/serialize.h - facts as bytes, for the pipe between processes and for the store.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>

namespace ssot {

/// \returns the facts in binary form: the same facts give the same bytes.
std::string serialize(const UnitFacts &facts);

/// \returns the facts, or an error when \p bytes are cut short, of another format version, or hold an index out of
/// range.
llvm::Expected<UnitFacts> deserialize(llvm::StringRef bytes);

} // namespace ssot
