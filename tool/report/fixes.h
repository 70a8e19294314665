// report/fixes.h - which planned edits belong to a finding.
#pragma once

#include "report/report.h"

#include <llvm/ADT/ArrayRef.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

class FixesByFinding {
public:
  /// \param fixes stay where they are.
  explicit FixesByFinding(llvm::ArrayRef<Fix> fixes);

  /// \returns the edit at the finding's place and the includes that it needs, by place; nothing when no edit is planned
  /// there.
  std::vector<const Fix *> of(const Finding &finding) const;

private:
  struct OfFile {
    std::vector<const Fix *> edits; ///< by place; no two overlap
    std::vector<const Fix *> includes;
  };
  std::map<std::pair<std::string, std::string>, OfFile> Known; ///< by rule and file
};

} // namespace ssot
