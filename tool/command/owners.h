// command/owners.h - the CODEOWNERS file of the repository that a project lies in.
#pragma once

#include "gate/owners.h"
#include "project/git.h"

#include <llvm/ADT/StringRef.h>

namespace ssot {

/// \returns the owners as the disk has them; nobody when there is no such file.
Owners ownersOnDisk(llvm::StringRef root);
/// \returns the owners as a commit has them.
Owners ownersAt(const Git &git, llvm::StringRef commit, llvm::StringRef root);

} // namespace ssot
