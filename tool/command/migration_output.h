// command/migration_output.h - a migration as people and programs read it.
#pragma once

#include "command/migration.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

#include <string>
#include <vector>

namespace ssot {

/// \returns a unified diff that `git apply` takes.
std::string patchOf(const std::vector<FileChange> &changes);
/// Writes a unified diff, coloured as git does it.
void writeDiff(llvm::StringRef patch, bool color, llvm::raw_ostream &out);

/// The diff, what was rejected and what is left, each with its place and reason, then the figures.
void writeMigrationText(const Migration &migration, bool color, llvm::raw_ostream &out);
/// `ssot-migration/1`.
void writeMigrationJson(const Migration &migration, llvm::raw_ostream &out);

/// Whether something is left that a person must decide.
bool needsAPerson(const Migration &migration);

} // namespace ssot
