// migrate/residue.h - mentions that no fact speaks of: in branches that are off, comments, strings, files that no unit
// reads.
#pragma once

#include "config/config.h"
#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringSet.h>

#include <string>
#include <vector>

namespace ssot {

/// How an old name is recognised where only text is known.
struct OldWord {
  std::string rule;
  std::string space; ///< the last component of the scope it is in; empty for a global name
  /// The last component of the scope that must stand before the word; empty when the word alone says enough. Where the
  /// new name ends in the same word, only the scope tells them apart.
  std::string scope;
};

using OldWords = std::multimap<std::string, OldWord>;

/// The old names that the rules replace, by last component.
OldWords oldWords(llvm::ArrayRef<JudgedRule> judged);

/// \param files every file of the project, read by a unit or not.
/// \param unparsed files that only units with errors read.
std::vector<Residue> unseenMentions(const Index &index, const OldWords &words, llvm::ArrayRef<std::string> files,
                                    const llvm::StringSet<> &unparsed, ReadFile read);

/// Uses of old names in code that was read but is outside of their rule's own scope.
std::vector<Residue> outsideRuleScope(const Index &index, llvm::ArrayRef<JudgedRule> judged, const PathScope &scope);

/// Mentions in files out of scope. Nothing was parsed there, so only a name with its scope in front counts.
std::vector<Residue> outsideScope(const OldWords &words, llvm::ArrayRef<std::string> files, ReadFile read);

} // namespace ssot
