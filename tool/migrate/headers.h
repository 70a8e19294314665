// migrate/headers.h - no more old headers than are used.
//
// While edits are wrong, and before other files keep theirs, an old header may be kept that is needless in the end. So
// the fewest are looked for once all other edits stand.
#pragma once

#include "migrate/trial.h"

#include <cstddef>
#include <map>
#include <optional>

namespace ssot {

/// Gives each edit of includes the fewest old headers with which everything compiles. No other edit is touched.
void keepFewestHeaders(Trial &trial);

/// Of some edits of includes, each with a wider choice, the first with which the unit gets past its error, and the
/// first choice that does it.
std::optional<Suspects::Wider> helpfulHeader(Trial &trial, std::size_t unit,
                                             const std::map<std::size_t, std::size_t> &widest);

} // namespace ssot
