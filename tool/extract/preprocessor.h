// extract/preprocessor.h - what is gone once the preprocessor has run: includes, macros, branches that are off.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"

#include <memory>

namespace ssot {

/// \returns callbacks that record the includes and the vocabulary's macros of project files. The arguments must outlive
/// them.
std::unique_ptr<clang::PPCallbacks> makePreprocessorRecorder(Recorder &recorder, const VocabularyNames &names,
                                                             const clang::Preprocessor &preprocessor);

/// Records the vocabulary's names in code that every reading of a file in this unit left out. To be called when all
/// other uses and the files are recorded.
void recordInactive(Recorder &recorder, const VocabularyNames &names);

} // namespace ssot
