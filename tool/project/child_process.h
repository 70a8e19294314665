// project/child_process.h - how a forked process begins, and what its parent says of its end.
#pragma once

#include <string>
#include <sys/types.h>

namespace ssot {

/// To be called first in a forked process. It ends by the signals that end the parent, and with it, and does not run
/// the parent's handlers, print its stack or leave a core file.
void becomeChild(pid_t parent);

/// Waits for the end of a child. \returns its wait status.
int waitFor(pid_t child);

/// \returns why a child is gone, from its wait status.
std::string causeOfDeath(int status);

} // namespace ssot
