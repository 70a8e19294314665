// migrate/left_edits.h - edits that were proven one by one and do not hold together with what others leave as it is.
#pragma once

#include "migrate/plan.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

struct LeftEdit {
  Edit edit;
  std::string why;
};

/// Takes those edits out of \p edits that \p reasons, by their numbers, says why to leave.
inline std::vector<LeftEdit> takeOut(std::vector<Edit> &edits, const std::map<std::size_t, std::string> &reasons) {
  std::vector<LeftEdit> taken;
  std::vector<Edit> rest;
  for (std::size_t i = 0; i < edits.size(); ++i)
    if (auto why = reasons.find(i); why != reasons.end())
      taken.push_back({std::move(edits[i]), why->second});
    else
      rest.push_back(std::move(edits[i]));
  edits = std::move(rest);
  return taken;
}

} // namespace ssot
