// migrate/warnings.h - no new warning of a class that was clean.
#pragma once

#include "migrate/verify.h"

#include <llvm/ADT/StringSet.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

/// Makes an error of each warning of a class of which the unit had none before the edits.
class WarningGuard {
public:
  WarningGuard(ReadFile read, ExtractUnits extract) : Read(read), Extract(extract) {}

  /// The units over \p overlay. Those that warn of anything are parsed once more as they are on disk.
  std::vector<UnitOutcome> parse(llvm::ArrayRef<std::size_t> units, const std::map<std::string, std::string> &overlay);

private:
  void findOld(llvm::ArrayRef<std::size_t> units, llvm::ArrayRef<UnitOutcome> outcomes,
               const std::map<std::string, std::string> &overlay);

  ReadFile Read;
  ExtractUnits Extract;
  std::map<std::size_t, llvm::StringSet<>> Old; ///< the classes of warnings, of units that have been asked
};

} // namespace ssot
