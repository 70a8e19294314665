// judge/side_work.h - what an adapter may do beside delegating: log, count, warn of deprecation.
//
// A call is known by its name only, so this is a table of words. It is the only one: a word that is missing is added
// here.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

/// Splits an identifier into lower-case words: `HTTPRouter_v2` is http, router, v2.
std::vector<std::string> wordsOf(llvm::StringRef identifier);

/// Whether a function of this qualified name logs, counts, asserts or warns of deprecation, as far as its name tells.
bool isSideWork(llvm::StringRef qualifiedName);

} // namespace ssot
