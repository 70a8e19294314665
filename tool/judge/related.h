// judge/related.h - findings that rest on one another point at each other.
//
// A duplicate is there because somebody calls it, and often because one shared instance of it is kept. Whoever reads
// one of these findings is shown the others: from the duplicate to its callers and to the shared instance, and back.
#pragma once

#include "config/config.h"
#include "judge/site.h"
#include "link/index.h"

#include <llvm/ADT/ArrayRef.h>

#include <utility>

namespace ssot {

/// Adds notes to violations: to each duplicate its first callers and the findings about instances of it, to those
/// findings the duplicate. At most a few each, in the order of their places.
void relateFindings(const Index &index, llvm::ArrayRef<std::pair<const Rule *, Judgement *>> judged);

} // namespace ssot
