// judge/delegation.h - whether a function leaves its work to the canonical one.
//
// The contract's definition of a delegating adapter, over the flow of a body: every path that does work calls the
// canonical definition once, passes on what it was given and returns what it got. Functions on the way are followed.
// What makes a function no adapter is said.
#pragma once

#include "link/index.h"

#include <llvm/ADT/DenseSet.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

/// What counts as a call of the canonical definition.
struct DelegationTarget {
  llvm::DenseSet<StringId> usrs; ///< the canonical function and its overloads
  std::vector<std::string>
      classes;        ///< qualified names of the canonical class and those deriving from it: any method of them
  std::string method; ///< only methods of this name, unless it is empty

  bool is(const Index &index, StringId usr, StringId name) const;
};

/// Why a function is no adapter: a phrase that follows the function's name, such as "drops parameter 'event'".
struct Refusal {
  std::string text;
  Place place;
};

struct Delegation {
  bool reaches = false;          ///< it calls the canonical definition somewhere, itself or through others
  std::vector<Refusal> refusals; ///< the weightiest first

  bool delegates() const { return refusals.empty(); }
};

class DelegationJudge {
public:
  DelegationJudge(const Index &index, DelegationTarget target, std::vector<std::string> via)
      : Known(index), Target(std::move(target)), Via(std::move(via)) {}

  const Index &index() const { return Known; }
  const DelegationTarget &target() const { return Target; }
  bool isVia(StringId name) const;

  /// \returns whether \p function delegates to the target. Forwarders are followed; one that leads back to itself is no
  /// adapter.
  const Delegation &decide(const FunctionFact &function);
  /// The same for a function that is known by its USR only; null when no definition is known or it is being decided
  /// right now.
  const Delegation *decide(StringId usr);
  bool isBeingDecided(StringId usr) const { return Open.contains(usr); }

private:
  const Index &Known;
  DelegationTarget Target;
  std::vector<std::string> Via;
  std::map<const FunctionFact *, Delegation> Decided; ///< a map keeps what it holds in place while more is decided
  llvm::DenseSet<StringId> Open;
};

} // namespace ssot
