// judge/topics.h - what definitions speak of: the words of their names, what of the project they call, the types of
// the project they take, give and keep.
//
// Two bodies can have the same form by chance, and small ones often do. Whoever writes a second one of something calls
// it alike, calls the same functions and handles the same types. What few definitions speak of says more than what all
// do.
#pragma once

#include "judge/bodies.h"

#include <llvm/ADT/DenseMap.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// Hashes, sorted, each once.
struct Topic {
  std::vector<std::uint64_t> words;   ///< of its name; of a class those of its public methods too
  std::vector<std::uint64_t> callees; ///< of the project, or by name only where nothing more is known
  std::vector<std::uint64_t> types;   ///< of the project, in its signature; of a class in its interface and state
};

/// How much of it two definitions share, from 0 to 1, weighed by how rare it is. A term is absent when neither side has
/// such a thing.
struct CommonGround {
  double score = 0;
  std::optional<double> words, callees, types;
};

/// \returns the terms for a person: "words 0.63, callees 1.00".
std::string describe(const CommonGround &common);

Topic topicOf(const Index &index, const FunctionFact &function);
Topic topicOf(const Index &index, const ClassBody &body);

/// \returns words and callees: definitions that share some are worth comparing.
std::vector<std::uint64_t> tokensOf(const Topic &topic);

class Topics {
public:
  /// \param all what rarity is counted in.
  explicit Topics(std::vector<Topic> all);

  CommonGround common(std::size_t a, std::size_t b) const;
  const Topic &operator[](std::size_t i) const { return All[i]; }

private:
  double shared(const std::vector<std::uint64_t> &a, const std::vector<std::uint64_t> &b) const;
  double rarity(std::uint64_t hash) const;

  std::vector<Topic> All;
  llvm::DenseMap<std::uint64_t, std::uint32_t> Owners;
};

} // namespace ssot
