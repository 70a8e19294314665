#include "gate/sources.h"

namespace ssot {

Sources sourcesOf(const Index &index) {
  Sources sources{index.files().vec(), {}};
  for (const NolintFact &fact : index.nolints()) {
    NolintComment comment{fact.kind, {}, index.text(fact.reason).str(), fact.place, index.enclosing(fact.place).str()};
    for (StringId rule : fact.rules)
      comment.rules.push_back(index.text(rule).str());
    sources.comments.push_back(std::move(comment));
  }
  return sources;
}

} // namespace ssot
