// store/rows.h - what the rows of the store are known by and checked with.
#pragma once

#include "store/digest.h"
#include "store/inputs.h"
#include "store/sql.h"

#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <optional>

namespace ssot {

/// What an input's row says, in one digest: its name and its checksum.
Digest nameOf(const Input &input);
/// Empty when the stamp cannot be trusted.
llvm::StringRef stampBytes(const Input &input);
/// \param row of name, path, kind, digest and stamp.
/// \returns nothing when it is damaged.
std::optional<Input> inputOf(Statement &row);

/// Of a unit's row, or of a memo's.
std::int64_t checksumOf(const Digest &key, llvm::StringRef inputs, llvm::StringRef facts, llvm::StringRef sum);
/// Of a run's row.
Digest sumOf(const Digest &name, llvm::StringRef inputs, llvm::StringRef value);

} // namespace ssot
