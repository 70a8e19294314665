// migrate/remembered.h - no unit is parsed twice over the same texts.
//
// A proof comes back to what it has tried: an edit is taken back, another spelling gives the text of an earlier one, a
// second proof begins with the edits of the first. What a unit says follows from what it reads, so it is asked once.
#pragma once

#include "migrate/verify.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace ssot {

class RememberedUnits {
public:
  /// Some units over \p overlay; \p extract is asked for those that have not said it before, if there are any.
  std::vector<UnitOutcome> parse(llvm::ArrayRef<std::size_t> units, const std::map<std::string, std::string> &overlay,
                                 ExtractUnits extract);

private:
  using TextName = std::array<std::uint64_t, 2>; ///< XXH3 of a text
  using Texts = std::map<std::string, TextName>; ///< of an overlay, by file

  struct Said {
    Texts texts; ///< of what was read, the overlaid
    UnitOutcome outcome;
  };

  const UnitOutcome *find(std::size_t unit, const Texts &texts) const;
  void keep(std::size_t unit, const Texts &texts, const UnitOutcome &outcome);

  std::map<std::size_t, std::deque<Said>> Known; ///< the latest first
};

} // namespace ssot
