#include "gate/suppressions.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

std::uint32_t lastLineOf(const Place &place) { return std::max(place.line, place.endLine); }

} // namespace

Suppressions::Suppressions(const Index &index) : Facts(index) {
  // Comments that opened a range and wait for its end; by rule, of the file at hand.
  std::vector<std::pair<StringId, const NolintFact *>> open;
  auto closeFile = [&] {
    for (const auto &[rule, begin] : open)
      Unmatched.push_back(
          {index.text(rule).str(), "unmatched-suppression", begin->place,
           "NOLINTBEGIN(ssot-" + index.text(rule).str() + ") has no NOLINTEND in this file; it suppresses nothing"});
    open.clear();
  };
  std::optional<std::uint32_t> file;
  for (const NolintFact &comment : index.nolints()) {
    if (file != comment.place.file)
      closeFile();
    file = comment.place.file;
    for (StringId rule : comment.rules) {
      std::string name = index.text(rule).str();
      std::string reason = index.text(comment.reason).str();
      switch (comment.kind) {
      case NolintKind::Line:
        All.push_back({name, reason, comment.place, comment.place.line, comment.place.line});
        break;
      case NolintKind::NextLine:
        All.push_back({name, reason, comment.place, lastLineOf(comment.place) + 1, lastLineOf(comment.place) + 1});
        break;
      case NolintKind::Begin:
        open.emplace_back(rule, &comment);
        break;
      case NolintKind::End:
        addRange(comment, rule, name, open);
        break;
      }
    }
  }
  closeFile();
}

void Suppressions::addRange(const NolintFact &end, StringId rule, llvm::StringRef name,
                            std::vector<std::pair<StringId, const NolintFact *>> &open) {
  auto last = std::find_if(open.rbegin(), open.rend(), [&](const auto &begin) { return begin.first == rule; });
  if (last == open.rend()) {
    Unmatched.push_back(
        {name.str(), "unmatched-suppression", end.place, "NOLINTEND(ssot-" + name.str() + ") ends nothing"});
    return;
  }
  const NolintFact &begin = *last->second;
  All.push_back({name.str(), Facts.text(begin.reason).str(), begin.place, begin.place.line, end.place.line});
  open.erase(std::next(last).base());
}

std::optional<Suppressions::Excuse> Suppressions::covers(llvm::StringRef rule, const Place &site) {
  std::optional<Excuse> excuse;
  for (Suppression &suppression : All) {
    if (suppression.rule != rule || suppression.comment.file != site.file || site.line < suppression.firstLine ||
        site.line > suppression.lastLine)
      continue;
    suppression.used = true;
    if (!excuse && !suppression.reason.empty())
      excuse = Excuse{suppression.reason, suppression.comment};
  }
  return excuse;
}

std::vector<SuppressionProblem> Suppressions::problems(llvm::ArrayRef<std::string> activeRules, bool withUnused) const {
  std::vector<SuppressionProblem> problems = Unmatched;
  for (const Suppression &suppression : All) {
    if (suppression.reason.empty())
      problems.push_back(
          {suppression.rule, "suppression-without-reason", suppression.comment,
           "this suppression of '" + suppression.rule + "' gives no reason and has no effect; write ': why' after it"});
    else if (withUnused && !suppression.used)
      problems.push_back({suppression.rule, "unused-suppression", suppression.comment,
                          "this suppression of '" + suppression.rule + "' suppresses nothing; remove it"});
  }
  llvm::erase_if(problems,
                 [&](const SuppressionProblem &problem) { return !llvm::is_contained(activeRules, problem.rule); });
  std::sort(problems.begin(), problems.end(), [](const SuppressionProblem &a, const SuppressionProblem &b) {
    return std::tie(a.place, a.rule, a.message) < std::tie(b.place, b.rule, b.message);
  });
  return problems;
}

} // namespace ssot
