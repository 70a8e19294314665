// extract/conversions.h - what becomes of values, without anybody writing it, where something is used that moves.
//
// A call of the new function may compile and still do something else: because a number is cut off on the way into it, a
// temporary is made, or another default is taken. So the conversions are recorded, and compared when the edits are
// verified.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"

namespace ssot {

/// Records the conversions at the uses of what moves, in what is to be traversed of a unit. The names are resolved.
void recordConversions(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                       clang::ASTContext &context);

} // namespace ssot
