#include "report/fixes.h"

#include <algorithm>

namespace ssot {

namespace {

bool standsBefore(const Fix *a, const Fix *b) { return a->begin < b->begin; }

} // namespace

FixesByFinding::FixesByFinding(llvm::ArrayRef<Fix> fixes) {
  for (const Fix &fix : fixes) {
    OfFile &file = Known[{fix.rule, fix.file}];
    (fix.isInclude && fix.begin == fix.end ? file.includes : file.edits).push_back(&fix);
  }
  for (auto &[key, file] : Known)
    std::stable_sort(file.edits.begin(), file.edits.end(), standsBefore);
}

std::vector<const Fix *> FixesByFinding::of(const Finding &finding) const {
  auto known = Known.find({finding.rule, finding.file});
  if (known == Known.end())
    return {};
  const std::vector<const Fix *> &edits = known->second.edits;
  auto behind = std::upper_bound(edits.begin(), edits.end(), finding.place.begin,
                                 [](std::uint32_t place, const Fix *fix) { return place < fix->begin; });
  if (behind == edits.begin() || finding.place.begin >= (*std::prev(behind))->end)
    return {};
  std::vector<const Fix *> fixes = known->second.includes;
  fixes.push_back(*std::prev(behind));
  std::stable_sort(fixes.begin(), fixes.end(), standsBefore);
  return fixes;
}

} // namespace ssot
