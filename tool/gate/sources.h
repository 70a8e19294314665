// gate/sources.h - what the gate asks of the project beside what the judges said: its files and its NOLINT comments.
//
// It is little enough to be kept with the judgements from one run to the next, which an index is not.
#pragma once

#include "link/index.h"

#include <string>
#include <vector>

namespace ssot {

struct NolintComment {
  NolintKind kind = NolintKind::Line;
  std::vector<std::string> rules; ///< ids, without the prefix
  std::string reason;
  Place place;
  std::string enclosing; ///< the function or type around it
};

struct Sources {
  std::vector<IndexedFile> files;
  std::vector<NolintComment> comments; ///< by place

  const std::string &path(const Place &place) const { return files[place.file].path; }
};

Sources sourcesOf(const Index &index);

} // namespace ssot
