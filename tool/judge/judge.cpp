#include "judge/judge.h"

#include <llvm/ADT/STLExtras.h>

#include <tuple>

namespace ssot {

bool JudgeContext::covers(const Place &place) const {
  const IndexedFile &file = index.files()[place.file];
  return file.inProject && config.scope.contains(file.path) && rule.scope.contains(file.path);
}

Judgement judge(const JudgeContext &context) {
  Judgement judgement = std::visit([&](const auto &body) { return judgeRule(context, body); }, context.rule.body);
  // At one place and for one symbol there is one verdict, and a violation is not to be hidden by anything.
  auto worstFirst = [&](const Site &a, const Site &b) {
    return std::tie(a.place, a.symbol, b.verdict, a.message) < std::tie(b.place, b.symbol, a.verdict, b.message);
  };
  llvm::sort(judgement.sites, worstFirst);
  auto same = [](const Site &a, const Site &b) { return a.place == b.place && a.symbol == b.symbol; };
  judgement.sites.erase(std::unique(judgement.sites.begin(), judgement.sites.end(), same), judgement.sites.end());
  llvm::stable_sort(judgement.asides, [](const Aside &a, const Aside &b) { return a.place < b.place; });
  llvm::stable_sort(judgement.adapters, [](const AdapterEntry &a, const AdapterEntry &b) { return a.place < b.place; });
  judgement.drifts = driftsOf(context, judgement);
  return judgement;
}

} // namespace ssot
