// store/verify.h - `ssot cache verify`: everything that is kept, read once.
#pragma once

#include "store/sql.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

/// \returns a sentence for each thing that is wrong.
/// \param areWhole says whether facts without their pieces, or a piece, can be read.
std::vector<std::string> problemsIn(Database &database,
                                    llvm::function_ref<bool(llvm::StringRef, bool isPiece)> areWhole);

} // namespace ssot
