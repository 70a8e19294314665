// migrate/own_uses.h - what a new definition itself is made of: a `net::send` that calls `old::send` would call itself.
#pragma once

#include "config/config.h"
#include "judge/site.h"
#include "link/index.h"
#include "migrate/plan.h"

#include <vector>

namespace ssot {

class OwnUses {
public:
  /// Both have to live as long as this.
  OwnUses(const Index &index, ReadFile read);

  /// Whether the site of a rule about calls or names lies in the definition that would take the old one's place, or in
  /// a helper that this definition calls.
  bool contains(const Rule &rule, const Site &site) const;

private:
  std::string definitionMeant(const Site &site) const;

  const Index &Picture;
  ReadFile Read;
  std::vector<const FunctionFact *> Named; ///< those that rules name
};

} // namespace ssot
