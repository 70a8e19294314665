// judge/discover.h - families of duplicates that no rule names yet.
//
// Every class and every function of the project is compared with those that share some of its fingerprints. Each family
// comes with what it costs, which member should stay, why, and what a rule would say.
#pragma once

#include "config/config.h"
#include "link/index.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ssot {

struct FamilyMember {
  std::string symbol;
  Place place;
  std::uint32_t nodes = 0;      ///< size of its bodies
  std::uint32_t callers = 0;    ///< functions outside of it that call it
  bool tested = false;          ///< some of them lie in the tests
  std::uint32_t parameters = 0; ///< of its public functions
  bool isDeprecated = false;    ///< it, or the class of the method: never the suggested one
  std::string deprecation = {}; ///< what the attribute says
  std::uint32_t points = 0;
  std::string reasons = {};      ///< for the points
  double evidence = 0;           ///< that it and the suggested one have one source, from 0 to 1; 0 of the suggested one
  std::string terms = {};        ///< of the evidence
  std::vector<Place> twins = {}; ///< its other overload, which differs in `const` only
};

struct DuplicateFamily {
  bool isClass = false;
  std::vector<FamilyMember> members; ///< sorted by place
  std::size_t canonical = 0;         ///< the suggested one
  double likeness = 0;               ///< of the two members that are least alike
  double evidence = 0;               ///< of the copies and the suggested one, on average; docs/discover.md
  std::vector<FamilyMember> related; ///< of classes: functions elsewhere that do what most of these do in a method
  std::uint64_t cost = 0;            ///< nodes that are there more than once * (1 + callers) * drift

  const FamilyMember &suggested() const { return members[canonical]; }
};

/// \returns the families, the most costly first.
std::vector<DuplicateFamily> discoverFamilies(const Index &index, const Config &config);

} // namespace ssot
