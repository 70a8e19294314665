// report/discover.h - families of duplicates, with a rule for each, for people and for programs.
#pragma once

#include "gate/gate.h"
#include "judge/discover.h"

#include <llvm/Support/raw_ostream.h>

namespace ssot {

/// \returns a rule in YAML that keeps the suggested member and finds the others.
std::string ruleFor(const Index &index, const DuplicateFamily &family);

void writeFamilies(const Index &index, llvm::ArrayRef<DuplicateFamily> families, const Coverage &coverage,
                   llvm::raw_ostream &out);
/// `ssot-discover/1`.
void writeFamiliesJson(const Index &index, llvm::ArrayRef<DuplicateFamily> families, const Coverage &coverage,
                       llvm::raw_ostream &out);

} // namespace ssot
