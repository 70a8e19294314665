// migrate/forwards.h - declarations in front of a use, of what has moved to another namespace or has another name.
//
// Inside of its old namespace the new name cannot be declared. So the old declaration goes, with the block of the
// namespace when nothing else is in it, and the new one is put where it is legal, in the style of what was there.
#pragma once

#include "link/index.h"
#include "migrate/plan.h"

#include <string>
#include <vector>

namespace ssot {

struct MovedForward {
  const ForwardFact *fact;
  std::string rule;
  std::string canonical;
};

/// What the rest of the plan says.
struct ForwardContext {
  llvm::function_ref<bool(const MovedForward &)> isDefined;    ///< the file includes the new definition after the edits
  llvm::function_ref<bool(llvm::StringRef canonical)> include; ///< makes it do so; false when no header is known
  llvm::function_ref<bool(llvm::StringRef canonical)> hasHeader; ///< a rule says which header defines it
  llvm::function_ref<std::string(const ForwardFact &)> whyStays; ///< empty: nobody needs the old declaration
  llvm::function_ref<bool(llvm::StringRef canonical)> isUsed;    ///< an edit of the file writes the new name
  llvm::function_ref<std::string(std::size_t begin, std::size_t end)> render; ///< the text with the edits in it
};

struct ForwardPlan {
  std::vector<Edit> edits;
  std::vector<Residue> residue;
  /// Inner ones that cannot be edited: the new name is not declared in front of them.
  std::vector<const ForwardFact *> refused;
};

/// \param moved the declarations of one file, sorted by place.
ForwardPlan planForwards(const std::string &path, llvm::StringRef text, llvm::ArrayRef<MovedForward> moved,
                         const Index &index, const ForwardContext &context);

} // namespace ssot
