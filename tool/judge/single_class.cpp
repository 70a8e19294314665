// single-class: one class does the work; the others are it, derive from it or delegate to it.

#include "judge/bodies.h"
#include "judge/canonical.h"
#include "judge/copies.h"
#include "judge/delegation.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>

namespace ssot {

namespace {

class SingleClassJudge {
public:
  SingleClassJudge(const JudgeContext &context, const SingleClassRule &rule)
      : Context(context), Known(context.index), Rule(rule), Definitions(canonicalDefinitions(context.index, rule)),
        Canonical(Definitions.stay.empty() ? nullptr : Definitions.stay.front()),
        Delegates(context.index, targetOf(context.index, rule, Canonical), rule.adapters.via),
        AllBodies(context.index) {
    if (Rule.match.similar && Canonical)
      CanonicalBody = AllBodies.of(*Canonical);
  }

  Judgement run() {
    findProblems();
    for (const TypeFact &type : Known.types())
      if (type.kind != TypeKind::Enum && type.name && !type.isSpecialization && Context.covers(type.place))
        Candidates.push_back({&type, likenessOf(type)});
    if (CanonicalBody && Rule.match.similarToCopies)
      findCopiesOfCopies();
    for (const Candidate<TypeFact> &candidate : Candidates)
      consider(*candidate.fact, candidate.likeness);
    addDeclarationsAndAliases(Context, Rule.canonical.value, Result.asides);
    return std::move(Result);
  }

private:
  static DelegationTarget targetOf(const Index &index, const SingleClassRule &rule, const TypeFact *canonical) {
    DelegationTarget target;
    target.classes.push_back(rule.canonical.value);
    for (const TypeFact &type : index.types())
      if (canonical && llvm::is_contained(type.bases, canonical->usr))
        target.classes.push_back(index.text(type.name).str());
    return target;
  }

  void findProblems() {
    std::vector<StringId> names;
    for (const TypeFact &type : Known.types())
      names.push_back(type.name);
    if (std::optional<RuleProblem> problem = missingCanonical(Known, Rule.canonical.value, names)) {
      Result.problems.push_back(std::move(*problem));
      return;
    }
    auto hasBody = [](const FunctionFact *method) { return method->shape.has_value(); };
    if (Rule.match.similar && (!Canonical || llvm::none_of(AllBodies.methodsOf(Canonical->usr), hasBody)))
      Result.problems.push_back({"canonical-body-missing", Rule.canonical.value,
                                 "no analysed unit has bodies of " + quoted(Rule.canonical.value) +
                                     ", so 'similar' has nothing to compare with"});
  }

  bool isCanonical(const TypeFact &type) const { return Definitions.isCanonical(type); }

  /// A part of the canonical class is the canonical class's own business.
  bool isPart(const TypeFact &type) const { return Known.text(type.name).starts_with(Rule.canonical.value + "::"); }

  void findCopiesOfCopies() {
    llvm::DenseMap<const TypeFact *, ClassBody> bodies;
    for (const Candidate<TypeFact> &candidate : Candidates)
      if (candidate.likeness)
        bodies.try_emplace(candidate.fact, AllBodies.of(*candidate.fact));
    ThroughCopies = copiesOfCopies<TypeFact>(
        Candidates, *Rule.match.similar, *Rule.match.similarToCopies, [&](const TypeFact &a, const TypeFact &b) {
          return AllBodies.likenessOf(bodies.find(&a)->second, bodies.find(&b)->second);
        });
  }

  void consider(const TypeFact &type, const std::optional<Likeness> &likeness) {
    if (isCanonical(type))
      return static_cast<void>(add(type, Verdict::Compliant, Role::Implementation, std::nullopt));
    if (isPart(type))
      return;
    llvm::StringRef name = Known.text(type.name);
    bool isNamesake = Definitions.isNamesake(type);
    if (!isNamesake && !selects(type, likeness))
      return;
    if (isTestDouble(Context, type.place, name, &type, Canonical, Rule.canonical.value))
      return aside(type, Role::TestDouble, std::string());
    if (Canonical && llvm::is_contained(type.bases, Canonical->usr))
      return static_cast<void>(add(type, Verdict::Compliant, Role::Implementation, likeness));
    if (Canonical && llvm::is_contained(Canonical->bases, type.usr))
      return aside(type, Role::Declaration, "the canonical class derives from it");
    if (isInterface(type))
      return aside(type, Role::Declaration, "an interface: nothing is implemented in it");
    // No unit can see two classes of one name, so it is no adapter either.
    if (isNamesake)
      return describeNamesake(add(type, Verdict::Violation, Role::Implementation, likeness), Definitions, "class");
    decide(type, likeness);
  }

  void aside(const TypeFact &type, Role role, std::string reason) {
    Result.asides.push_back({type.place, role, Known.text(type.name).str(), std::move(reason), false});
  }

  std::optional<Likeness> likenessOf(const TypeFact &type) const {
    if (!CanonicalBody || isCanonical(type) || isPart(type))
      return std::nullopt;
    return AllBodies.likenessOf(*CanonicalBody, AllBodies.of(type));
  }

  bool selects(const TypeFact &type, std::optional<Likeness> likeness) const {
    if (Rule.match.name && Rule.match.name->matches(Known.text(type.name)))
      return true;
    if (!Rule.match.methodNames.empty() && countNamedMethods(type) >= std::max(1u, Rule.match.methodsAtLeast))
      return true;
    return ThroughCopies.contains(&type) || (likeness && likeness->score >= *Rule.match.similar);
  }

  unsigned countNamedMethods(const TypeFact &type) const {
    return static_cast<unsigned>(llvm::count_if(Rule.match.methodNames, [&](const std::string &name) {
      return llvm::any_of(type.methods, [&](const MethodFact &method) { return Known.text(method.name) == name; });
    }));
  }

  static bool isInterface(const TypeFact &type) {
    bool anyPure = false;
    for (const MethodFact &method : type.methods) {
      if (!method.isPure && !method.isSpecial && !method.isDefaultedOrDeleted)
        return false;
      anyPure |= method.isPure;
    }
    return anyPure && type.fields.empty();
  }

  /// The methods that decide whether the class is an adapter: those the rule names, else those the canonical class has
  /// too, else all that anybody can call.
  std::vector<const MethodFact *> selectedMethods(const TypeFact &type) const {
    auto pick = [&](auto wanted) {
      std::vector<const MethodFact *> methods;
      for (const MethodFact &method : type.methods)
        if (!method.isSpecial && !method.isDefaultedOrDeleted && wanted(method))
          methods.push_back(&method);
      return methods;
    };
    auto named = pick(
        [&](const MethodFact &method) { return llvm::is_contained(Rule.match.methodNames, Known.text(method.name)); });
    if (!named.empty())
      return named;
    auto shared = pick([&](const MethodFact &method) {
      return method.access == Access::Public && Canonical &&
             llvm::any_of(Canonical->methods,
                          [&](const MethodFact &other) { return other.name == method.name && !other.isSpecial; });
    });
    if (!shared.empty())
      return shared;
    return pick([](const MethodFact &method) { return method.access == Access::Public && !method.isPure; });
  }

  struct MethodRefusal {
    std::string method;
    Refusal refusal;
    bool reaches = false;
  };

  std::vector<MethodRefusal> refusalsOf(const TypeFact &type) {
    std::vector<MethodRefusal> refusals;
    for (const MethodFact *method : selectedMethods(type)) {
      std::string name = Known.text(method->name).str();
      const FunctionFact *definition = Known.function(method->usr);
      if (!definition) {
        refusals.push_back({name, {"has no definition in the analysed code", type.place}, false});
        continue;
      }
      const Delegation &delegation = Delegates.decide(*definition);
      Reaches |= delegation.reaches;
      for (const Refusal &refusal : delegation.refusals)
        refusals.push_back({name, refusal, delegation.reaches});
      if (delegation.delegates() && isCrossed(*method, *definition))
        refusals.push_back({name,
                            {"leaves its work to another method, and " + quoted(Rule.canonical.value) + " has a " +
                                 quoted(name) + " of the same signature",
                             definition->place},
                            true});
    }
    return refusals;
  }

  /// Who calls `drop` in a `send`, though there is a `send` to call, adapts nothing.
  bool isCrossed(const MethodFact &method, const FunctionFact &definition) const {
    bool hasTwin = Canonical && llvm::any_of(Canonical->methods, [&](const MethodFact &other) {
                     return other.name == method.name && other.signature == method.signature;
                   });
    if (!hasTwin)
      return false;
    DelegationTarget twin{{}, Delegates.target().classes, Known.text(method.name).str()};
    return !DelegationJudge(Known, std::move(twin), Rule.adapters.via).decide(definition).reaches;
  }

  void decide(const TypeFact &type, std::optional<Likeness> likeness) {
    std::string name = quoted(Known.text(type.name)), canonical = quoted(Rule.canonical.value);
    Reaches = false;
    std::vector<MethodRefusal> refusals = refusalsOf(type);
    if (refusals.empty() && Reaches) {
      Site &site = add(type, Rule.adapters.forbid ? Verdict::Violation : Verdict::Compliant, Role::Adapter, likeness);
      if (Rule.adapters.forbid)
        site.message = name + " is an adapter of " + canonical + ", and this rule forbids adapters";
      Result.adapters.push_back({site.symbol, Rule.canonical.value, type.place});
      return;
    }
    Site &site = add(type, Verdict::Violation, Role::Implementation, likeness);
    site.message = name + " is a second implementation of " + canonical;
    noteLikeness(site, type, likeness, Rule.match.similar, ThroughCopies);
    if (!Reaches)
      return;
    // It does delegate in part: then what keeps it from being an adapter is worth knowing.
    const MethodRefusal &first =
        *std::max_element(refusals.begin(), refusals.end(),
                          [](const MethodRefusal &a, const MethodRefusal &b) { return a.reaches < b.reaches; });
    site.message += " and no adapter: its " + quoted(first.method) + " " + first.refusal.text;
    for (const MethodRefusal &refusal : refusals)
      if (&refusal != &first)
        site.notes.push_back({refusal.refusal.place, quoted(refusal.method) + " " + refusal.refusal.text});
  }

  Site &add(const TypeFact &type, Verdict verdict, Role role, std::optional<Likeness> likeness) {
    Site &site = Result.sites.emplace_back();
    site.place = type.place;
    site.verdict = verdict;
    site.role = role;
    site.symbol = Known.text(type.name).str();
    site.canonical = Rule.canonical.value;
    if (likeness)
      site.similarity = likeness->score;
    site.identity = identityOf(Known, type);
    return site;
  }

  const JudgeContext &Context;
  const Index &Known;
  const SingleClassRule &Rule;
  CanonicalDefinitions<TypeFact> Definitions;
  const TypeFact *Canonical; ///< null when there is none
  DelegationJudge Delegates;
  Bodies AllBodies;
  std::optional<ClassBody> CanonicalBody; ///< when the rule asks for likeness
  std::vector<Candidate<TypeFact>> Candidates;
  llvm::DenseMap<const TypeFact *, CopyOf<TypeFact>> ThroughCopies;
  bool Reaches = false; ///< some method of the class being decided calls the canonical class
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const SingleClassRule &rule) {
  return SingleClassJudge(context, rule).run();
}

} // namespace ssot
