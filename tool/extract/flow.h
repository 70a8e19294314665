// extract/flow.h - a function body reduced to what decides whether it delegates: its calls, where their arguments come
// from, the paths.
#pragma once

#include "extract/recorder.h"

namespace ssot {

/// Fills `calls`, `flow` and `flowTooLarge` of \p fact from \p function's body.
void recordFlow(const clang::FunctionDecl &function, Recorder &recorder, FunctionFact &fact);

} // namespace ssot
