// command/init.h - `ssot init`: the first rule file of a project.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

#include <string>

namespace ssot {

/// Looks at the project in \p root and writes a commented `.ssot.yaml` there, which loads as it stands. One that exists
/// is never touched: that is a usage error.
/// \param buildPaths where the compile database is said to be; empty: it is looked for.
int runInit(llvm::StringRef root, llvm::ArrayRef<std::string> buildPaths, llvm::raw_ostream &out,
            llvm::raw_ostream &err);

} // namespace ssot
