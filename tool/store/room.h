// store/room.h - keeping the store small: what was used longest ago goes, then what nobody names any more.
#pragma once

#include "store/sql.h"

#include <cstdint>
#include <vector>

namespace ssot {

/// \returns the bytes of the file that are in use.
std::uint64_t sizeOf(Database &database);

/// The numbers that a unit's row names its inputs by.
std::vector<std::uint32_t> numbersOf(llvm::StringRef bytes);

/// Whether the store is larger than \p limit bytes, or has not been swept for long.
bool needsRoom(Database &database, std::uint64_t limit);

/// Removes what was used longest ago until a tenth of the room is free again, then the inputs and pieces that no unit
/// names. To be called in a transaction.
/// \returns false when the database fails.
bool makeRoom(Database &database, std::uint64_t limit);

} // namespace ssot
