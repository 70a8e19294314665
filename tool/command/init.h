// command/init.h - `ssot init`: the first rule file of a project.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

namespace ssot {

/// Looks at the project in \p root and writes a commented `.ssot.yaml` there, which loads as it stands. One that exists
/// is never touched: that is a usage error.
int runInit(llvm::StringRef root, llvm::raw_ostream &out, llvm::raw_ostream &err);

} // namespace ssot
