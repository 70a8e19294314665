// extract/events.h - the ways through a function as far as events go.
//
// Clang's own CFG leaves out what happens between a throw and its handler: destructors of guards, which often emit the
// last event. So the graph is built from the statements, with the scopes that a jump or an exception leaves. Where
// nothing throws, the CFG is the oracle of tests/unit/judge/event_order_cfg_test.cpp, which also shows what it leaves
// out.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"

namespace ssot {

/// Fills `events` of \p fact when the function calls anything that may emit.
/// \param emitters the functions that emit, by the names of the vocabulary.
void recordEvents(const clang::FunctionDecl &function, const VocabularyNames &emitters, Recorder &recorder,
                  FunctionFact &fact);

} // namespace ssot
