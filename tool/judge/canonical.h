// judge/canonical.h - which of the definitions that have the canonical name is the canonical one.
//
// A name alone does not say: every file may have a static function of that name, and headers that nobody includes
// together may each have a class of it. Those are second sources as much as if they had another name.
#pragma once

#include "config/config.h"
#include "judge/sites.h"
#include "link/index.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>

namespace ssot {

/// Whether an include of \p header may mean the file \p path: it is the path, or its last parts.
bool mayMean(llvm::StringRef header, llvm::StringRef path);

template <typename Fact>
struct CanonicalDefinitions {
  llvm::SmallVector<const Fact *, 4> stay;      ///< sorted by place; of a function, its overloads as well
  llvm::SmallVector<const Fact *, 4> namesakes; ///< have the name, and are others
  /// Several have the name, and neither the rule's header nor their linkage says which one stays: all are namesakes.
  bool undecided = false;

  bool isCanonical(const Fact &fact) const { return llvm::is_contained(stay, &fact); }
  bool isNamesake(const Fact &fact) const { return llvm::is_contained(namesakes, &fact); }
};

/// Says in \p site, a namesake's, that it is one, and which definitions stay.
/// \param noun what it is: "class".
template <typename Fact>
void describeNamesake(Site &site, const CanonicalDefinitions<Fact> &canonical, llvm::StringRef noun) {
  if (canonical.undecided) {
    site.message = undecidedNamesake(site.canonical, canonical.namesakes.size());
    return;
  }
  site.message = ("this " + quoted(site.canonical) + " is a second " + noun + " of that name").str();
  for (const Fact *stays : canonical.stay)
    site.notes.push_back({stays->place, "this one stays"});
}

/// What the rule's header defines or declares stays. Without it, what other files can see stays rather than what only
/// its own file sees, and what a header declares rather than what nobody else declares.
CanonicalDefinitions<FunctionFact> canonicalDefinitions(const Index &index, const SingleFunctionRule &rule);
/// The same for classes. A header of the rule that defines none may choose one of several: then all stay.
CanonicalDefinitions<TypeFact> canonicalDefinitions(const Index &index, const SingleClassRule &rule);

} // namespace ssot
