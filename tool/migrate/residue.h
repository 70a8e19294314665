// migrate/residue.h - mentions that no fact speaks of: in branches that are off, comments, strings, files that no unit
// reads.
#pragma once

#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringSet.h>

#include <string>
#include <vector>

namespace ssot {

/// How an old name is recognised where only text is known.
struct OldWord {
  std::string rule;
  /// The last component of the scope that must stand before the word; empty when the word alone says enough. Where the
  /// new name ends in the same word, only the scope tells them apart.
  std::string scope;
};

/// The old names that the rules replace, by last component.
std::map<std::string, OldWord> oldWords(llvm::ArrayRef<JudgedRule> judged);

/// \param files every file of the project, read by a unit or not.
/// \param unparsed files that only units with errors read.
std::vector<Residue> unseenMentions(const Index &index, const std::map<std::string, OldWord> &words,
                                    llvm::ArrayRef<std::string> files, const llvm::StringSet<> &unparsed,
                                    ReadFile read);

} // namespace ssot
