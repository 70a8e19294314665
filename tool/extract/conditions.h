// extract/conditions.h - which conditions ask only whether something is there.
#pragma once

#include "extract/clang_headers.h"
#include "facts/facts.h"

namespace ssot {

/// Whether a condition asks only if something is there. \p nullIsElse: it is not there on the `else` side.
ConditionKind condition(const clang::Expr *expression, bool &nullIsElse);

} // namespace ssot
