// migrate/layout.h - edited lines as a person who uses the project's `.clang-format` would leave them.
#pragma once

#include "migrate/plan.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ssot {

/// The new text of an edited file: \ref edited with \ref layout applied to it.
struct LaidOutFile {
  std::string edited;              ///< what the edits alone give: what was verified
  std::vector<Replacement> layout; ///< white space of the edited lines, as offsets into `edited`

  std::string text() const { return applied(edited, layout); }
};

/// Lays out the lines that edits touch, and no others; blocks of includes have their own order and are left alone, and
/// so are lines with a NOLINT, which means the line it stands on. Only white space changes, so what was verified holds.
/// \param root of the project, absolute: where the files are and their `.clang-format` is searched.
/// \param note is told of a `.clang-format` that cannot be read; the files under it stay as edited.
std::map<std::string, LaidOutFile> laidOutFiles(const std::vector<Edit> &edits, const std::string &root, ReadFile read,
                                                const std::function<void(const std::string &)> &note);

} // namespace ssot
