// link/callers.h - who reaches a class or function through calls, in units that are not linked yet.
//
// Whether something delegates to a canonical definition may be decided by a forwarder in another unit, and that one by
// the next. Each of them calls a function that reaches the canonical one; so the names of those functions tell which
// units are needed, and the units that have been read tell the names.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ssot {

class Callers {
public:
  /// \param canonical qualified names of classes and functions.
  explicit Callers(std::vector<std::string> canonical) : Canonical(std::move(canonical)) {}

  /// Whether there is anything that could be reached.
  bool hasTargets() const { return !Canonical.empty(); }

  void add(const UnitFacts &unit);
  /// \returns for each function that reaches a canonical one the identifiers that stand in every unit that calls it.
  /// Sorted, unique. Those of the canonical classes are left out: who calls them names the class.
  std::vector<std::vector<std::string>> reaching() const;

private:
  using Id = std::uint64_t; ///< of a USR or a name

  struct Function {
    std::string name; ///< qualified
    Id parentClass = 0;
    std::vector<Id> callees; ///< USRs
    std::vector<Id> named;   ///< the callees' names, and the classes that they are methods of
  };
  static void addCall(Function &function, const UnitFacts &unit, StringId usr, StringId name);
  static void addValues(Function &function, const UnitFacts &unit, const Origin &origin);
  static void addValues(Function &function, const UnitFacts &unit, const FlowNode &node);
  llvm::DenseSet<Id> targets() const;
  std::vector<std::string> wordsOf(const Function &function) const;

  std::vector<std::string> Canonical;
  llvm::DenseMap<Id, Function> Functions;
  struct Type {
    std::string name;
    std::vector<Id> bases; ///< USRs
  };
  llvm::DenseMap<Id, Type> Types;    ///< of the project
  llvm::DenseSet<Id> CanonicalTypes; ///< USRs
};

} // namespace ssot
