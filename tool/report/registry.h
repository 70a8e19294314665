// report/registry.h - the import registry, for people and for programs.
#pragma once

#include "gate/registry.h"

#include <llvm/Support/raw_ostream.h>

namespace ssot {

void writeRegistryMarkdown(const Registry &registry, llvm::raw_ostream &out);
/// `ssot-registry/1`.
void writeRegistryJson(const Registry &registry, llvm::raw_ostream &out);

} // namespace ssot
