// similar/likeness.h - how alike two bodies or two classes are, from 0 to 1, and by what evidence.
//
// Extraction has abstracted names and literals already (facts.h, BodyShape and TypeShape). Each kind of evidence is
// compared on its own, as the share of both sides that the other one has too, so likeness says the same in both
// directions. The score is their weighted sum; docs/similarity.md has the experiment that chose the weights.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/ArrayRef.h>

#include <optional>
#include <string>

namespace ssot {

/// A body with fewer nodes says too little: every getter is like every other getter. Such bodies are like nothing.
constexpr std::uint32_t kLeastBodyNodes = 20;
/// The same for all bodies of a class together. Inside a class that is large enough small methods count as well.
constexpr std::uint32_t kLeastClassNodes = 48;

/// How alike two definitions are, and the terms of the sum. A term is absent when neither side has such evidence.
struct Likeness {
  double score = 0;
  std::optional<double> signatures;
  std::optional<double> state;
  std::optional<double> bodies;
  std::optional<double> callees;
  std::optional<double> effects;
  std::optional<double> name; ///< of classes, and only when it speaks for them
  bool isLimited = false;     ///< the bodies share less than the sum of the terms says
};

/// What two classes are to each other beside what stands in them.
struct Kinship {
  bool sameInterface = false; ///< a common base asks both for their signatures, which are no evidence then
  bool twoOfAKind = false; ///< of one namespace, with names that differ in one word: whoever wrote one knew the other
  bool sameName = false;   ///< in two namespaces
};

/// \returns the terms for a person: "signatures 0.90, state 0.80".
std::string describe(const Likeness &likeness);

/// A class with the definitions of its methods, as far as they are known, and what all of them have together.
struct ClassBody {
  const TypeFact *type = nullptr;
  std::vector<const FunctionFact *> methods;
  std::vector<const FieldFact *> fields;
  BodyShape whole; ///< of all methods: what was split into helpers or merged again is still the same
};

/// \param part the class that hides the state behind a pointer, or null.
/// \param methods those of the class and of the part.
ClassBody classBody(const TypeFact &type, const TypeFact *part, std::vector<const FunctionFact *> methods);

/// \returns how alike the two functions are; 0 when a body is unknown or too small. Both facts must share one table of
/// strings.
Likeness likenessOfFunctions(const FunctionFact &a, const FunctionFact &b);
/// The same with other bodies in place of theirs.
Likeness likenessOfFunctions(const FunctionFact &a, const FunctionFact &b, const BodyShape &left,
                             const BodyShape &right);

/// \returns the body of \p function with those of \p helpers: what was moved to them is still the same work.
BodyShape joined(const FunctionFact &function, llvm::ArrayRef<const FunctionFact *> helpers);

/// \returns how alike the two classes are; 0 when one of them has too little code. Both must share one table of
/// strings.
Likeness likenessOfTypes(const ClassBody &a, const ClassBody &b, Kinship kinship = {});

/// \returns the same with no higher a score than their bodies allow: classes that do nothing alike are two of a kind
/// and no duplicates, and more so those that are meant to be.
Likeness limited(Likeness likeness, Kinship kinship);

} // namespace ssot
