#include "gate/suppressions.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

std::uint32_t lastLineOf(const Place &place) { return std::max(place.line, place.endLine); }

} // namespace

Suppressions::Suppressions(const Sources &sources) {
  std::vector<Open> open; // of the file at hand
  auto closeFile = [&] {
    for (const auto &[rule, begin] : open)
      addUnmatched(*begin, rule, "NOLINTBEGIN(ssot-" + rule + ") has no NOLINTEND in this file; it suppresses nothing");
    open.clear();
  };
  std::optional<std::uint32_t> file;
  for (const NolintComment &comment : sources.comments) {
    if (file != comment.place.file)
      closeFile();
    file = comment.place.file;
    const std::uint32_t next = lastLineOf(comment.place) + 1;
    for (const std::string &rule : comment.rules) {
      switch (comment.kind) {
      case NolintKind::Line:
        All.push_back({rule, comment.reason, &comment, comment.place.line, comment.place.line});
        break;
      case NolintKind::NextLine:
        All.push_back({rule, comment.reason, &comment, next, next});
        break;
      case NolintKind::Begin:
        open.emplace_back(rule, &comment);
        break;
      case NolintKind::End:
        addRange(comment, rule, open);
        break;
      }
    }
  }
  closeFile();
}

void Suppressions::addUnmatched(const NolintComment &comment, const std::string &rule, llvm::StringRef what) {
  Unmatched.push_back({rule, "unmatched-suppression", comment.place, comment.enclosing, what.str()});
}

void Suppressions::addRange(const NolintComment &end, const std::string &rule, std::vector<Open> &open) {
  auto last = std::find_if(open.rbegin(), open.rend(), [&](const Open &begin) { return begin.first == rule; });
  if (last == open.rend()) {
    addUnmatched(end, rule, "NOLINTEND(ssot-" + rule + ") ends nothing");
    return;
  }
  const NolintComment &begin = *last->second;
  All.push_back({rule, begin.reason, &begin, begin.place.line, end.place.line});
  open.erase(std::next(last).base());
}

std::optional<Suppressions::Excuse> Suppressions::covers(llvm::StringRef rule, const Place &site) {
  std::optional<Excuse> excuse;
  for (Suppression &suppression : All) {
    if (suppression.rule != rule || suppression.comment->place.file != site.file || site.line < suppression.firstLine ||
        site.line > suppression.lastLine)
      continue;
    suppression.used = true;
    if (!excuse && !suppression.reason.empty())
      excuse = Excuse{suppression.reason, suppression.comment->place};
  }
  return excuse;
}

std::vector<SuppressionProblem> Suppressions::problems(llvm::ArrayRef<std::string> activeRules, bool withUnused) const {
  std::vector<SuppressionProblem> problems = Unmatched;
  for (const Suppression &suppression : All) {
    if (suppression.reason.empty())
      problems.push_back(
          {suppression.rule, "suppression-without-reason", suppression.comment->place, suppression.comment->enclosing,
           "this suppression of '" + suppression.rule + "' gives no reason and has no effect; write ': why' after it"});
    else if (withUnused && !suppression.used)
      problems.push_back({suppression.rule, "unused-suppression", suppression.comment->place,
                          suppression.comment->enclosing,
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
