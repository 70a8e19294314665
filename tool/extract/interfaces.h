// extract/interfaces.h - what callers may use of the classes, enumerations and functions that `same-interface` names.
//
// The canonical one often lies outside the project: names are looked up as the compiler would, through aliases, and
// whatever they mean is recorded wherever it stands.
#pragma once

#include "extract/recorder.h"
#include "facts/vocabulary.h"

namespace ssot {

/// Does nothing when no rule asks.
void recordInterfaces(Recorder &recorder, const Vocabulary &vocabulary, clang::ASTContext &context);

} // namespace ssot
