// mutate/mutate.h - variants of real definitions, to measure rules with.
//
// A rule that finds duplicates is worth what it finds when nobody has told it. So a class or function of the project is
// rewritten on its source text, with Clang's help: copied, renamed, edited, its control flow written in another way,
// its methods split or merged; and into near misses, which only look alike. What a variant is called and where it
// stands does not depend on anything but the unit, so the same code gives the same variants.
#pragma once

#include "project/project.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

/// What was done to a definition. The numbers of the types are those of the literature on code clones (C. K. Roy,
/// J. R. Cordy, R. Koschke: Comparison and evaluation of code clone detection techniques and tools, 2009).
enum class VariantKind {
  Copy,      ///< type 1: other layout, no comments
  Renamed,   ///< type 2: class, methods, fields, parameters and locals
  Retyped,   ///< type 2: other arithmetic types, values instead of references to constants
  Inserted,  ///< type 3: statements
  Deleted,   ///< type 3
  Reordered, ///< type 3: independent neighbours; methods
  Edited,    ///< type 3: all of these, and renamed
  Loops,     ///< type 4: `for`, `while` and iterators exchanged
  Branches,  ///< type 4: branches turned around, early returns, conditional expressions, compound assignment
  Split,     ///< type 4: second halves of methods moved to helpers
  Merged,    ///< type 4: own helpers written out where they are called
  Templated, ///< type 4: a template over one of its types, methods in the class
  Rewritten, ///< type 4: loops, branches, reordered and split at once
  Stub,      ///< near miss: state and interface, nothing behind them
  Wrapper,   ///< near miss: the interface, handed on to an instance of the original
  Part,      ///< near miss: at most a quarter of the code
};

struct VariantTraits {
  llvm::StringRef word;
  unsigned type = 0;      ///< 1 to 4; 0: a near miss
  bool preserves = false; ///< does what the original does
};
const VariantTraits &traitsOf(VariantKind kind);
llvm::ArrayRef<VariantKind> allVariantKinds();

struct Variant {
  VariantKind kind = VariantKind::Copy;
  std::string original; ///< qualified name
  std::string symbol;   ///< qualified name of the variant
  std::string text;     ///< to be put at the end of the unit's source file, with its namespaces
};

/// What a unit gives: the originals in it as they are written, and their variants.
struct MutatedUnit {
  struct Original {
    std::string symbol;
    std::string text;
  };
  std::vector<Original> originals;
  std::vector<Variant> variants; ///< not yet known to compile
};

/// \param names qualified names of classes and functions; those that the unit does not define in full are passed over.
/// \param root only definitions in files below it are read.
/// \returns nothing when the unit has errors.
MutatedUnit mutateUnit(const CompileUnit &unit, llvm::StringRef root, llvm::ArrayRef<std::string> names);

} // namespace ssot
