// extract/statements.h - what each statement of a body says, as one number: two bodies with the same numbers do the
// same.
//
// The steps (extract/steps.h) tell a person what differs. They do not tell that nothing does: `a - b` and `b - a` are
// the same steps. For that every statement is hashed with all it names, down to the conversions that change a value.
// What the hash does not know makes the whole body incomparable: a kind of statement that is forgotten here never makes
// two bodies look the same.
#pragma once

#include "extract/recorder.h"

namespace ssot {

/// Which step stands for a call, a check for null or the making of a lock: 1 + its index.
using StepOf = llvm::DenseMap<const clang::Stmt *, std::uint32_t>;

/// Fills `statements` of \p fact from \p function's body; leaves them empty when some of it cannot be compared.
void recordStatements(const clang::FunctionDecl &function, const StepOf &steps, Recorder &recorder, FunctionFact &fact);

} // namespace ssot
