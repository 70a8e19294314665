// facts/place.h - where something stands in the source.
//
// Lines and columns are 1-based and counted in bytes, as Clang prints them; offsets are 0-based bytes. Both are kept:
// offsets order and edit, lines are for people. The end is exclusive.
#pragma once

#include <cstdint>
#include <tuple>

namespace ssot {

struct Place {
  std::uint32_t file = 0; ///< index into the file table of the struct that holds the place
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t endLine = 0;
  std::uint32_t endColumn = 0;

  friend bool operator==(const Place &, const Place &) = default;
  friend bool operator<(const Place &a, const Place &b) {
    return std::tie(a.file, a.begin, a.end) < std::tie(b.file, b.begin, b.end);
  }
};

} // namespace ssot
