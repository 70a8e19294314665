// migrate/includes.h - how the include block of a file changes.
//
// A block is edited as a whole: what is replaced, what falls away because the new header is there already, and the
// order, which is kept sorted where it was sorted before.
#pragma once

#include "link/index.h"
#include "migrate/plan.h"

#include <string>
#include <vector>

namespace ssot {

struct IncludeChanges {
  struct Replaced {
    Place place; ///< of the old include
    std::string rule;
    std::string header; ///< the new one
  };
  struct Needed {
    std::string header;
    std::string rule;
  };
  std::vector<Replaced> replace;
  std::vector<Needed> need; ///< headers that edited names need; added where nothing includes them yet
};

/// \param written the includes of the file, sorted by place.
/// \returns an edit for each block that changes. Its second choice keeps the old headers beside the new ones: for a
/// file that uses more of them than what is migrated.
std::vector<Edit> includeEdits(const std::string &path, llvm::StringRef text,
                               const std::vector<const IncludeFact *> &written, const Index &index,
                               const IncludeChanges &changes);

} // namespace ssot
