// similar/likeness.h - how alike two bodies or two classes are, from 0 to 1.
//
// Extraction has abstracted names and literals already (facts.h, BodyShape). What is compared here are two bags: the
// statements, which survive being put in another order, and short runs of nodes, which survive statements being
// inserted, removed or changed inside. Likeness is the share of both bodies that the other one has too, so it says the
// same in both directions.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/ArrayRef.h>

namespace ssot {

/// A body with fewer nodes says too little: every getter is like every other getter. Such bodies are like nothing.
constexpr std::uint32_t kLeastBodyNodes = 24;
/// The same for all bodies of a class together. Inside a class that is large enough small methods count as well.
constexpr std::uint32_t kLeastClassNodes = 48;

/// A class with the definitions of its methods, as far as they are known.
struct ClassBody {
  const TypeFact *type = nullptr;
  std::vector<const FunctionFact *> methods;
};

/// \returns how alike the two bodies are; 0 when one is unknown or too small. Both facts must share one table of
/// strings.
double likenessOfFunctions(const FunctionFact &a, const FunctionFact &b);

/// \returns how alike the two classes are: their methods in the best pairs, by size, and the types of their fields; 0
/// when one of them has too little code. Both facts must share one table of strings.
double likenessOfTypes(const ClassBody &a, const ClassBody &b);

} // namespace ssot
