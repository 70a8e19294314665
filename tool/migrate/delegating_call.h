// migrate/delegating_call.h - how one function calls another with what it was given itself.
#pragma once

#include "config/config.h"
#include "link/index.h"

#include <string>
#include <vector>

namespace ssot {

/// The statement that hands the work on, in the ways it may have to be written: the first one is tried first.
struct DelegatingCall {
  std::vector<std::string> choices;
  std::string refusal; ///< why there is none; empty when there is
};

DelegatingCall delegatingCall(const Index &index, const FunctionFact &duplicate, const CalleeFact &canonical,
                              const Adapters &how);

} // namespace ssot
