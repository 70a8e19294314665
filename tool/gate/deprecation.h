// gate/deprecation.h - who still uses a legacy name: in the code, and in a program that runs.
//
// The code says where a name stands, the run says whether it works. A name without a call may be dead; one without a
// place is called by code outside the project.
#pragma once

#include "gate/registry.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// Calls by the name that the program counted them under.
using RuntimeCounts = std::map<std::string, std::uint64_t>;

/// Reads a dump of `/metrics` (samples of `legacy_api_calls_total`), or a log with a JSON object a line (`api` and
/// `calls`) or warnings (`OLD is deprecated. Use NEW ...`, one call each). Other lines are none of ours.
/// \returns an error with \p name:line:column for a sample that cannot be read, or when nothing in the text is a count.
llvm::Expected<RuntimeCounts> parseRuntimeCounts(llvm::StringRef text, llvm::StringRef name);

struct LegacyUsage {
  std::string name, replacement, rule, sunset;
  std::size_t uses = 0;     ///< in the code
  std::size_t unjudged = 0; ///< mentions whose meaning is not known
  std::uint64_t calls = 0;  ///< at run time
  /// Uses by folder and owners.
  std::map<std::pair<std::string, std::string>, std::size_t> places;
};

struct DeprecationUsage {
  bool counted = false;           ///< whether there were counts of a run
  std::vector<LegacyUsage> names; ///< names, calls, headers, in the order of the rules
  /// Counted at run time under a name that means no legacy name of a rule, or more than one of them.
  std::vector<std::pair<std::string, std::uint64_t>> unknown;
};

/// \param counts null: no run was counted. A count belongs to the legacy name that ends in its own name or in what that
/// is a member of: `Router::send` to `app::Router`.
DeprecationUsage usageOf(const Registry &registry, const Owners &owners, const RuntimeCounts *counts);

} // namespace ssot
