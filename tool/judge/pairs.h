// judge/pairs.h - whether two classes, or two functions, are duplicates of one another when no rule says so.
//
// Likeness alone does not tell: classes of one sort have the same state, small functions the same form. So a pair is
// judged by what its bodies share and by what both speak of (topics.h), the smaller the bodies the more strictly.
// What is written in terms of the other, or does its own part of one interface, is no duplicate. docs/discover.md says
// what the limits were read from.
#pragma once

#include "judge/topics.h"
#include "similar/families.h"

#include <string>
#include <vector>

namespace ssot {

class ClassPairs {
public:
  ClassPairs(const Index &index, const Bodies &bodies, std::vector<ClassBody> classes);

  const ClassBody &operator[](std::size_t i) const { return Classes[i]; }
  llvm::ArrayRef<Fingerprints> prints() const { return Prints; }
  /// `strength` is the evidence: from 0 to 1, what speaks for one having been made from the other.
  PairLikeness compare(std::size_t a, std::size_t b) const;
  /// \returns the terms of both, for a person.
  std::string explain(std::size_t a, std::size_t b) const;

private:
  bool isBuiltOn(const ClassBody &upper, const ClassBody &lower) const;
  bool keeps(const ClassBody &owner, StringId name) const;

  const Index &Known;
  const Bodies &AllBodies;
  std::vector<ClassBody> Classes;
  Topics Spoken;
  std::vector<double> Sizes;
  std::vector<Fingerprints> Prints;
};

class FunctionPairs {
public:
  FunctionPairs(const Index &index, Bodies &bodies, std::vector<const FunctionFact *> functions);

  /// \returns whether a function does enough different things to be a second source of anything.
  static bool isLargeEnough(const FunctionFact &function);

  const FunctionFact &operator[](std::size_t i) const { return *Functions[i]; }
  llvm::ArrayRef<Fingerprints> prints() const { return Prints; }
  PairLikeness compare(std::size_t a, std::size_t b);
  std::string explain(std::size_t a, std::size_t b);

private:
  /// Whether one is written in terms of the other.
  bool calls(std::size_t caller, std::size_t callee) const;

  const Index &Known;
  Bodies &AllBodies;
  std::vector<const FunctionFact *> Functions;
  Topics Spoken;
  std::vector<double> Sizes;
  std::vector<Fingerprints> Prints;
  std::vector<std::vector<StringId>> Called; ///< USRs, sorted
};

} // namespace ssot
