// command/explain.h - `ssot explain`: what a rule or a rule kind means.
#pragma once

#include "config/config.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

namespace ssot {

/// Whether \p word names a rule kind that this version judges.
bool isRuleKind(llvm::StringRef word);

/// Prints what \p kind is for, what its sites are, its keys, an example, and what it cannot see. \p kind must be a rule
/// kind.
int runExplainKind(llvm::StringRef kind, llvm::raw_ostream &out);

/// Prints what the rule \p id of \p config demands and why. An id that no rule has is a usage error that names the
/// nearest one.
int runExplain(const Config &config, llvm::StringRef id, llvm::raw_ostream &out, llvm::raw_ostream &err);

} // namespace ssot
