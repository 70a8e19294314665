// migrate/creations.h - an object that is made by hand comes from the factory instead.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>

namespace ssot {

/// What of a creation is written anew: all that stands before its arguments.
struct FactoryCall {
  std::uint32_t end = 0;  ///< offset in the file of what stays; it begins where the creation does
  std::string parameters; ///< "()" where nothing stood
};

/// \p text the whole file.
/// \returns nothing where the object would have another owner: for a variable, a temporary, a member, and a `new` that
/// is not given to a smart pointer where it stands; nor for braces, placement and arrays.
std::optional<FactoryCall> factoryCallFor(const CreationFact &creation, llvm::StringRef text);

} // namespace ssot
