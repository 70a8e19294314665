// extract/walk.h - one walk over what the project wrote, for all rules.
//
// A visitor of our own instead of Clang's matchers: these ask every matcher about every node, which took longer than
// all that is recorded at the few nodes that anybody wants.
#pragma once

#include "extract/names.h"

namespace ssot {

class CallSiteRecorder;
class DefinitionRecorder;
class ObjectRecorder;
class UseRecorder;

/// Who is told about nodes; null where no rule asks.
struct Listeners {
  DefinitionRecorder *definitions = nullptr;
  UseRecorder *uses = nullptr;
  ObjectRecorder *objects = nullptr;
  CallSiteRecorder *calls = nullptr;
};

/// Goes through the unit's traversal scope as it is, with what the compiler added, in the order in which Clang's
/// matchers see it; and with what templates were made into, unless nobody wants more than definitions.
void walk(clang::ASTContext &context, const VocabularyNames &names, const Listeners &listeners);

} // namespace ssot
