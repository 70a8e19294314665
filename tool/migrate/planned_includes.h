// migrate/planned_includes.h - what each file comes to include once the edits are made.
//
// The planner says what an edit needs and what a rule replaces; here it is known which rule names the header of a new
// name, and whether a definition will be read where it is used.
#pragma once

#include "judge/judge.h"
#include "migrate/includes.h"
#include "migrate/reach.h"

#include <llvm/ADT/StringSet.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

class PlannedIncludes {
public:
  PlannedIncludes(const Index &index, llvm::ArrayRef<JudgedRule> judged, const Reach &reach);

  void replace(const Place &old, const std::string &rule, const std::string &header);
  void need(std::uint32_t file, const std::string &header, const std::string &rule);
  /// \returns false when no rule says which header defines \p canonical.
  bool needDefinition(std::uint32_t file, llvm::StringRef canonical, const std::string &rule);
  bool hasHeader(llvm::StringRef canonical) const { return HeaderOf.find(canonical) != HeaderOf.end(); }

  /// Whether \p file includes the definition of \p name as the includes are now.
  bool reachesDefinition(std::uint32_t file, llvm::StringRef name) const;
  /// Whether \p file comes to include the definition of \p canonical.
  bool willInclude(std::uint32_t file, llvm::StringRef canonical) const;
  /// Whether the new definition is to come by the header that replaces the one of the old definition. No unit has read
  /// it so far; the proof will.
  bool isPresumed(std::uint32_t file, llvm::StringRef old, llvm::StringRef canonical) const;

  /// The headers that are replaced where they are included.
  llvm::StringSet<> oldHeaders() const;

  std::vector<Edit> edits(ReadFile read) const;

private:
  std::vector<llvm::StringRef> homesOf(llvm::StringRef name) const;
  bool isReplaced(const IncludeFact &include) const;
  const IncludeChanges &changesOf(std::uint32_t file) const;

  const Index &Picture;
  const Reach &Files;
  std::map<std::string, std::string, std::less<>> HeaderOf; ///< by the name that it defines
  std::map<std::uint32_t, IncludeChanges> Changes;          ///< by file
  IncludeChanges None;
};

} // namespace ssot
