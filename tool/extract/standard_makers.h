// extract/standard_makers.h - which facilities of the standard library make an object of a class that they are given.
//
// Their bodies are not looked into. What is said here are facts about the library, in one table.
#pragma once

#include "extract/clang_headers.h"

namespace ssot {

/// An object that comes into being, and what its constructor is given.
struct MadeObject {
  clang::QualType type;
  llvm::SmallVector<clang::QualType, 2> from;
  bool isClone = false; ///< a maker is given what goes on living: there are two afterwards

  /// Another object of the class, or of one derived from it, is copied or moved, and it is no clone.
  bool isCopy() const;
};
using MadeObjects = llvm::SmallVector<MadeObject, 2>;

/// `std::make_unique<T>()`, `v.resize(3)`, `m[key]`, `o.emplace()`.
MadeObjects madeBy(const clang::CallExpr &call);
/// `std::vector<T>(3)`, `std::optional<T>(std::in_place)`, `std::pair<T, int>()`.
MadeObjects madeBy(const clang::CXXConstructExpr &construction);
/// What an object of a holder has in it from the start: `std::array<T, 2>`, `std::pair<T, int>`, `std::variant<T>`.
MadeObjects madeFromTheStart(clang::QualType holder);

} // namespace ssot
