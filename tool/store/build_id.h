// store/build_id.h - which build of ssot this is.
#pragma once

#include "store/digest.h"

namespace ssot {

/// \returns what stands for the code that makes the facts: this program and the Clang it is linked to.
Digest toolBuild();

} // namespace ssot
