// migrate/creations.h - an object that is made by hand comes from the factory instead.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>
#include <vector>

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

/// A variable, or a member's initialiser, that the factory gives its value.
struct FactoryVariable {
  std::uint32_t begin = 0, end = 0; ///< what is written anew
  std::string before, after;        ///< around the name of the factory
  std::vector<Place> arrows;        ///< the dots that become arrows
  std::string refusal;              ///< why a person has to look; empty when there is a text
};

/// \param className the class, qualified. \param result what the factory gives, in canonical spelling. \param isStatic
/// whether a pointer that it gives is to a variable that lives as long as the program.
/// \param text the whole file.
FactoryVariable factoryVariableFor(const CreationFact &creation, llvm::StringRef className, llvm::StringRef result,
                                   bool isStatic, llvm::StringRef text);

} // namespace ssot
