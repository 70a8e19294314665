#include "judge/same_text.h"

#include "judge/body_memory.h"
#include "judge/side_work.h"
#include "judge/sites.h"
#include "link/index.h"

#include <set>

namespace ssot {

namespace {

class TextComparison {
public:
  explicit TextComparison(BodyMemory &memory) : Known(memory.index()), Memory(memory) {}

  std::optional<FirstDifference> compare(const FunctionFact &canonical, const FunctionFact &duplicate) {
    if (!Open.emplace(&canonical, &duplicate).second)
      return std::nullopt; // asked already: further out, or found to be the same
    std::shared_ptr<const FunctionBody> kept = Memory.of(canonical), other = Memory.of(duplicate);
    const FunctionBody &ours = *kept, &theirs = *other;
    if (ours.statements.empty() || theirs.statements.empty())
      return FirstDifference{"has a statement that is not compared", canonical.place, duplicate.place};
    if (std::optional<FirstDifference> difference = compareStatements(ours, theirs))
      return difference;
    return compareCalls(ours, theirs);
  }

private:
  bool isSideCall(const StepFact &step) const {
    return step.kind == StepKind::Call && isSideWork(Known.text(step.text));
  }

  /// The statements without those that log or count, and without branches of nothing else.
  std::vector<const StatementFact *> statementsOf(const FunctionBody &body) const {
    std::vector<const StatementFact *> kept;
    for (const StatementFact &statement : body.statements) {
      if (statement.step && isSideCall(body.steps[statement.step - 1]))
        continue;
      if (statement.hash == StatementFact::kEnd && !kept.empty() && kept.back()->hash == StatementFact::kElse)
        kept.pop_back();
      kept.push_back(&statement);
    }
    return kept;
  }

  std::optional<FirstDifference> compareStatements(const FunctionBody &ours, const FunctionBody &theirs) const {
    std::vector<const StatementFact *> left = statementsOf(ours), right = statementsOf(theirs);
    auto mayLack = [&](const StatementFact &statement) {
      StepKind kind = statement.step ? ours.steps[statement.step - 1].kind : StepKind::Call;
      return kind == StepKind::Guard || kind == StepKind::Lock;
    };
    std::size_t i = 0, k = 0;
    while (i < left.size()) {
      if (k < right.size() && left[i]->hash == right[k]->hash)
        ++i, ++k;
      else if (mayLack(*left[i]))
        ++i;
      else
        break;
    }
    if (i == left.size() && k == right.size())
      return std::nullopt;
    auto placeIn = [](const std::vector<const StatementFact *> &statements, std::size_t at) {
      return statements[std::min(at, statements.size() - 1)]->place;
    };
    return FirstDifference{i && k ? "is written otherwise from here on" : "has another head", placeIn(left, i),
                           placeIn(right, k)};
  }

  std::vector<const StepFact *> callsOf(const FunctionBody &body) const {
    std::vector<const StepFact *> calls;
    std::vector<bool> dropped(body.steps.size());
    for (std::size_t i = 0; i < body.steps.size(); ++i) {
      const StepFact &step = body.steps[i];
      dropped[i] = (step.within && dropped[step.within - 1]) || isSideCall(step);
      if (step.kind == StepKind::Call && !dropped[i])
        calls.push_back(&step);
    }
    return calls;
  }

  /// The statements name what is called by its last name: two functions of one name may do different things.
  std::optional<FirstDifference> compareCalls(const FunctionBody &ours, const FunctionBody &theirs) {
    std::vector<const StepFact *> left = callsOf(ours), right = callsOf(theirs);
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
      if (left[i]->usr == right[i]->usr)
        continue;
      const FunctionFact *one = Known.function(left[i]->usr), *other = Known.function(right[i]->usr);
      if (!one || !other || compare(*one, *other))
        return FirstDifference{"calls another " + quoted(unqualified(Known.text(right[i]->text))), left[i]->place,
                               right[i]->place};
    }
    if (left.size() != right.size())
      return FirstDifference{"makes other calls", std::nullopt, std::nullopt};
    return std::nullopt;
  }

  const Index &Known;
  BodyMemory &Memory;
  std::set<std::pair<const FunctionFact *, const FunctionFact *>> Open;
};

} // namespace

std::optional<FirstDifference> firstDifference(BodyMemory &memory, const FunctionFact &canonical,
                                               const FunctionFact &duplicate) {
  return TextComparison(memory).compare(canonical, duplicate);
}

} // namespace ssot
