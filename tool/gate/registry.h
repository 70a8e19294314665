// gate/registry.h - which names are the ones to use: canonical names, factories, adapters, legacy names and their uses.
//
// Rules say what is canonical; the code says where it is and how far its use has come. Nothing here depends on a line
// number, so that the written registry changes only when the project's names do, or how often they are used.
#pragma once

#include "gate/gate.h"

#include <llvm/ADT/ArrayRef.h>

#include <cstddef>
#include <string>
#include <vector>

namespace ssot {

struct Registry {
  struct Canonical {
    std::string name, kind; ///< kind: class or function
    std::string header;     ///< to include; may be empty
    std::string definedIn;  ///< file of the project; empty when it is not defined there
    bool outside = false;   ///< declared outside the project: a library has it
    std::size_t uses = 0;   ///< mentions in the project's code
    std::string rule;
    std::vector<std::string> owners = {}; ///< of the file that defines it
  };
  struct Factory {
    std::string className, factory;
    Share sites; ///< creations and variables; those in order
    std::string rule;
  };
  struct Legacy {
    std::string name, replacement;
    std::string header; ///< of the replacement, where a rule tells it; a legacy header has none
    std::size_t uses = 0;
    std::size_t unjudged = 0; ///< mentions whose meaning is not known
    std::string rule;
    std::string sunset = {};              ///< YYYY-MM-DD: of the rule, else when its last allowance ends
    std::vector<std::string> owners = {}; ///< of the files that still use it, sorted
    std::vector<std::string> files = {};  ///< of each use, sorted
  };
  struct RegisteredAdapter {
    std::string symbol, canonical, file;
    std::vector<std::string> owners = {};
  };
  std::vector<Canonical> canonical; ///< in the order of the rules, as all below but the adapters
  std::vector<Factory> factories;
  std::vector<RegisteredAdapter> adapters; ///< sorted by what they stand for, then by name
  std::vector<Legacy> names;
  std::vector<Legacy> calls; ///< the replacement is the new call, as the rule has it
  std::vector<Legacy> headers;
};

Registry registryOf(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged, const Owners &owners);

} // namespace ssot
