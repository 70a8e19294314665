// extract/shape.h - a function body in normalised form, for likeness: names by role, literals abstracted, loops
// unified.
#pragma once

#include "extract/recorder.h"

namespace ssot {

BodyShape shapeOf(const clang::FunctionDecl &function, Recorder &recorder);

} // namespace ssot
