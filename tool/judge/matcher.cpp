// matcher: what a rule's own AST matcher finds.

#include "judge/sites.h"

#include <map>

namespace ssot {

Judgement judgeRule(const JudgeContext &context, const MatcherRule &rule) {
  const Index &index = context.index;
  StringId id = index.find(context.rule.id);
  std::map<Place, Site> sites;
  for (const MatchFact &match : index.matches()) {
    if (!id || match.rule != id || !context.covers(match.place))
      continue;
    Site &site = sites[match.place];
    site.place = match.place;
    site.symbol = index.enclosing(match.place).str();
    site.identity = identityOfUse(index, match.place, "match", match.context);
    // The `compliant` matcher has the last word on what both find.
    if (match.compliant)
      site.verdict = Verdict::Compliant;
  }
  Judgement judgement;
  for (auto &[place, site] : sites) {
    if (site.verdict == Verdict::Violation)
      site.message = rule.message;
    judgement.sites.push_back(std::move(site));
  }
  return judgement;
}

} // namespace ssot
