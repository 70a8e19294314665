// gate/calendar.h - dates as ISO 8601 writes them, in UTC. No clock and no time zone is asked.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <optional>
#include <string>

namespace ssot {

/// \returns seconds since 1970 of YYYY-MM-DDTHH:MM:SSZ, or nothing when that is no date.
std::optional<std::int64_t> secondsOf(llvm::StringRef date);
/// \returns YYYY-MM-DDTHH:MM:SSZ; \p seconds since 1970.
std::string dateOf(std::int64_t seconds);

} // namespace ssot
