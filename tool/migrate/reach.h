// migrate/reach.h - which file of the project comes to read which, as the includes are written now.
#pragma once

#include "link/index.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

class Reach {
public:
  explicit Reach(const Index &index);

  /// Whether \p from includes \p to, also by way of others; a file reaches itself. Both relative to the root.
  bool reaches(llvm::StringRef from, llvm::StringRef to) const;

private:
  llvm::StringMap<std::vector<llvm::StringRef>> Included; ///< file -> what it includes
};

} // namespace ssot
