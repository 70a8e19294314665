// migrate/residue.h - mentions that no fact speaks of: in branches that are off, comments, strings, files that no unit
// reads.
#pragma once

#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringSet.h>

#include <string>
#include <vector>

namespace ssot {

/// The old names that the rules replace, with their rule, by last component.
std::map<std::string, std::string> oldWords(llvm::ArrayRef<JudgedRule> judged);

/// \param files every file of the project, read by a unit or not.
/// \param unparsed files that only units with errors read.
std::vector<Residue> unseenMentions(const Index &index, const std::map<std::string, std::string> &words,
                                    llvm::ArrayRef<std::string> files, const llvm::StringSet<> &unparsed,
                                    ReadFile read);

} // namespace ssot
