// single-function: one function does the work; the others are it, override it or delegate to it.

#include "judge/bodies.h"
#include "judge/canonical.h"
#include "judge/copies.h"
#include "judge/delegation.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

class SingleFunctionJudge {
public:
  SingleFunctionJudge(const JudgeContext &context, const SingleFunctionRule &rule)
      : Context(context), Known(context.index), Rule(rule), Canonical(canonicalDefinitions(context.index, rule)),
        Delegates(context.index, targetOf(context.index, rule, Canonical), rule.adapters.via),
        AllBodies(context.index) {
    if (!Canonical.stay.empty())
      CanonicalClass = Known.type(Canonical.stay.front()->parentClass);
  }

  Judgement run() {
    findProblems();
    for (const FunctionFact &function : Known.functions())
      if (!function.isLocalOrLambda && !function.isSpecial && Context.covers(function.place))
        Candidates.push_back({&function, likenessOf(function)});
    if (Rule.match.similarToCopies)
      ThroughCopies = copiesOfCopies<FunctionFact>(
          Candidates, *Rule.match.similar, *Rule.match.similarToCopies,
          [&](const FunctionFact &a, const FunctionFact &b) { return AllBodies.likenessOf(a, b); });
    for (const Candidate<FunctionFact> &candidate : Candidates)
      consider(*candidate.fact, candidate.likeness);
    addDeclarationsAndAliases(Context, Rule.canonical.value, Result.asides);
    return std::move(Result);
  }

private:
  /// Declarations count as well: the canonical function may be defined where nobody looks.
  static DelegationTarget targetOf(const Index &index, const SingleFunctionRule &rule,
                                   const CanonicalDefinitions<FunctionFact> &canonical) {
    DelegationTarget target;
    for (const SymbolFact *symbol : index.symbolsNamed(rule.canonical.value))
      if (!isInternal(index.text(symbol->usr)))
        target.usrs.insert(symbol->usr);
    for (const FunctionFact *namesake : canonical.namesakes)
      target.usrs.erase(namesake->usr);
    for (const FunctionFact *function : canonical.stay)
      target.usrs.insert(function->usr);
    return target;
  }

  bool isCanonical(const FunctionFact &function) const { return Canonical.isCanonical(function); }

  void findProblems() {
    std::vector<StringId> names;
    for (const FunctionFact &function : Known.functions())
      names.push_back(function.name);
    if (std::optional<RuleProblem> problem = missingCanonical(Known, Rule.canonical.value, names))
      Result.problems.push_back(std::move(*problem));
    else if (Rule.match.similar &&
             llvm::none_of(Canonical.stay, [](const FunctionFact *function) { return function->shape.has_value(); }))
      Result.problems.push_back({"canonical-body-missing", Rule.canonical.value,
                                 "no analysed unit has the body of " + quoted(Rule.canonical.value) +
                                     ", so 'similar' has nothing to compare with"});
  }

  void consider(const FunctionFact &function, const std::optional<Likeness> &likeness) {
    if (isCanonical(function))
      return static_cast<void>(add(function, Verdict::Compliant, Role::Implementation, std::nullopt));
    bool isNamesake = Canonical.isNamesake(function);
    if (!isNamesake && !selects(function, likeness))
      return;
    llvm::StringRef name = Known.text(function.name);
    if (isTestDouble(Context, function.place, name, Known.type(function.parentClass), CanonicalClass,
                     Rule.canonical.value)) {
      Result.asides.push_back({function.place, Role::TestDouble, name.str(), std::string(), false});
      return;
    }
    if (overridesCanonical(function))
      return static_cast<void>(add(function, Verdict::Compliant, Role::Implementation, likeness));
    if (isNamesake && (Canonical.undecided || !isInternal(Known.text(function.usr))))
      return describeNamesake(add(function, Verdict::Violation, Role::Implementation, likeness), Canonical, "function");
    decide(function, likeness);
  }

  std::optional<Likeness> likenessOf(const FunctionFact &function) {
    if (!Rule.match.similar || isCanonical(function))
      return std::nullopt;
    Likeness best;
    for (const FunctionFact *canonical : Canonical.stay)
      if (Likeness likeness = AllBodies.likenessOf(*canonical, function); likeness.score > best.score)
        best = likeness;
    return best;
  }

  bool selects(const FunctionFact &function, std::optional<Likeness> likeness) const {
    llvm::StringRef name = Known.text(function.name);
    if (Rule.match.name && Rule.match.name->matches(name))
      return true;
    if (llvm::is_contained(Rule.match.methodNames, unqualified(name)))
      return true;
    return ThroughCopies.contains(&function) || (likeness && likeness->score >= *Rule.match.similar);
  }

  bool overridesCanonical(const FunctionFact &function) const {
    return llvm::any_of(function.overrides, [&](StringId usr) { return Delegates.target().usrs.contains(usr); });
  }

  void decide(const FunctionFact &function, std::optional<Likeness> likeness) {
    const Delegation &delegation = Delegates.decide(function);
    std::string name = quoted(Known.text(function.name)), canonical = quoted(Rule.canonical.value);
    if (delegation.delegates()) {
      Site &site =
          add(function, Rule.adapters.forbid ? Verdict::Violation : Verdict::Compliant, Role::Adapter, likeness);
      if (Rule.adapters.forbid)
        site.message = name + " is an adapter of " + canonical + ", and this rule forbids adapters";
      Result.adapters.push_back({site.symbol, Rule.canonical.value, function.place});
      return;
    }
    Site &site = add(function, Verdict::Violation, Role::Implementation, likeness);
    const Refusal &first = delegation.refusals.front();
    if (name == canonical)
      name += ", a namesake that only its file sees,";
    site.message =
        name + (delegation.reaches ? " is no adapter of " : " does the work of ") + canonical + ": it " + first.text;
    noteLikeness(site, function, likeness, Rule.match.similar, ThroughCopies);
    for (const Refusal &refusal : llvm::drop_begin(delegation.refusals))
      site.notes.push_back({refusal.place, "it also " + refusal.text});
  }

  Site &add(const FunctionFact &function, Verdict verdict, Role role, std::optional<Likeness> likeness) {
    Site &site = Result.sites.emplace_back();
    site.place = function.place;
    site.verdict = verdict;
    site.role = role;
    site.symbol = Known.text(function.name).str();
    site.canonical = Rule.canonical.value;
    if (likeness)
      site.similarity = likeness->score;
    site.identity = identityOf(Known, function);
    return site;
  }

  const JudgeContext &Context;
  const Index &Known;
  const SingleFunctionRule &Rule;
  CanonicalDefinitions<FunctionFact> Canonical;
  DelegationJudge Delegates;
  Bodies AllBodies;
  const TypeFact *CanonicalClass = nullptr;
  std::vector<Candidate<FunctionFact>> Candidates;
  llvm::DenseMap<const FunctionFact *, CopyOf<FunctionFact>> ThroughCopies;
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const SingleFunctionRule &rule) {
  return SingleFunctionJudge(context, rule).run();
}

} // namespace ssot
