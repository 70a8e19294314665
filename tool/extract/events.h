// extract/events.h - the ways through a function as far as events go.
//
// Clang's own CFG leaves out what happens between a throw and its handler: destructors of guards, which often emit the
// last event. So the graph is built from the statements, with the scopes that a jump or an exception leaves. Where
// nothing throws, the CFG is the oracle of tests/unit/judge/event_order_cfg_test.cpp, which also shows what it leaves
// out.
#pragma once

#include "extract/event_instances.h"
#include "extract/names.h"
#include "extract/recorder.h"

namespace ssot {

class EventRecorder {
public:
  /// \param emitters the functions that emit, by the names of the vocabulary.
  EventRecorder(Recorder &recorder, const VocabularyNames &emitters)
      : Out(recorder), Emitters(emitters), Instances(recorder) {}

  /// Fills `events` of \p fact when the function calls anything that may emit, and records what it makes of templates.
  void record(const clang::FunctionDecl &function, FunctionFact &fact);

private:
  Recorder &Out;
  const VocabularyNames &Emitters;
  EventInstances Instances;
};

} // namespace ssot
