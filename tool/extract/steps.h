// extract/steps.h - what a body does, as far as two copies of it can be compared: its calls, constants, locks, errors
// and results, in the order of the source.
#pragma once

#include "extract/recorder.h"

namespace ssot {

/// Fills `steps` of \p fact from \p function's body, and the default values of its parameters.
void recordSteps(const clang::FunctionDecl &function, Recorder &recorder, FunctionFact &fact);

} // namespace ssot
