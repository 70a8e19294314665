// command/unit_key.h - what facts that travel between machines are known by: what was asked, and of which command.
//
// Both are seen from the project's root, so that two checkouts of one commit agree.
#pragma once

#include "config/config.h"
#include "facts/facts.h"
#include "project/project.h"
#include "store/digest.h"

namespace ssot {

/// What is asked of every unit: the vocabulary of the rules, and which files are the project's.
Digest askedOf(const Project &project, const Config &config);

/// \returns what names the unit's compile command. Folders outside of the root count as they are written.
Digest commandKey(llvm::StringRef root, const CompileUnit &unit);

/// Names files outside of the root from the root, so that no facts tell where a checkout is. What shares no folder with
/// the root is the system's and keeps its name.
void nameFromRoot(UnitFacts &facts, llvm::StringRef root);
/// The reverse, for the root as it is here.
void nameFromHere(UnitFacts &facts, llvm::StringRef root);

} // namespace ssot
