// extract/nolint.h - comments that suppress findings of ours.
#pragma once

#include "extract/recorder.h"

namespace ssot {

/// Records the `NOLINT` comments of every project file that the recorder knows.
void recordNolints(Recorder &recorder);

} // namespace ssot
