// extract/callees.h - how the canonical functions and methods are called, wherever they are declared.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"

namespace ssot {

void recordCallees(Recorder &recorder, const VocabularyNames &names, clang::ASTContext &context);

} // namespace ssot
