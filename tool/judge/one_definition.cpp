// one-definition: a type name of the project means one thing.

#include "facts/words.h"
#include "judge/sites.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>

namespace ssot {

namespace {

/// More other definitions than this are not listed one by one.
constexpr std::size_t kMostNotes = 5;

class OneDefinitionJudge {
public:
  OneDefinitionJudge(const JudgeContext &context, const OneDefinitionRule &rule)
      : Context(context), Known(context.index), Rule(rule) {
    for (const TypeFact &type : Known.types())
      TypeNames.insert(type.name);
  }

  Judgement run() {
    std::vector<const TypeFact *> types;
    for (const TypeFact &type : Known.types())
      if (concerns(type)) {
        types.push_back(&type);
        ByName[unqualified(Known.text(type.name))].push_back(&type);
      }
    for (const TypeFact *type : types)
      add(*type);
    return std::move(Result);
  }

private:
  bool concerns(const TypeFact &type) const {
    bool isPrivateDetail = type.isNested && type.access != Access::Public;
    if (!type.name || type.isLocal || type.isSpecialization || isPrivateDetail || !Context.covers(type.place))
      return false;
    llvm::StringRef name = Known.text(type.name);
    if (Rule.names && !Rule.names->matches(name))
      return false;
    return llvm::none_of(Rule.apartFrom, [&](const Pattern &pattern) { return pattern.matches(name); });
  }

  /// The namespace a type stands in: its qualified name without itself and the classes around it.
  llvm::StringRef namespaceOf(const TypeFact &type) const {
    llvm::StringRef scope = Known.text(type.name);
    do
      scope = scopeOf(scope);
    while (!scope.empty() && TypeNames.contains(Known.find(scope)));
    return scope;
  }

  bool isOther(const TypeFact &type, const TypeFact &other) const {
    if (&type == &other)
      return false;
    // Two views of one definition: a class in a header under `#ifdef`.
    return type.place.file != other.place.file || namespaceOf(type) != namespaceOf(other);
  }

  void add(const TypeFact &type) {
    Site &site = Result.sites.emplace_back();
    site.place = type.place;
    site.verdict = Verdict::Compliant;
    site.role = Role::Implementation;
    site.symbol = Known.text(type.name).str();
    site.identity = identityOf(Known, type);
    std::size_t others = 0;
    for (const TypeFact *other : ByName[unqualified(site.symbol)]) {
      if (!isOther(type, *other))
        continue;
      if (others++ == 0)
        site.message = quoted(unqualified(site.symbol)) + " is defined again as " + quoted(Known.text(other->name)) +
                       " in " + Known.path(other->place).str();
      if (others <= kMostNotes)
        site.notes.push_back({other->place, quoted(Known.text(other->name)) + " is defined here"});
    }
    if (others == 0)
      return;
    site.verdict = Verdict::Violation;
    if (others > 1)
      site.message += " and in " + std::to_string(others - 1) + " other place" + (others > 2 ? "s" : "");
  }

  const JudgeContext &Context;
  const Index &Known;
  const OneDefinitionRule &Rule;
  llvm::DenseSet<StringId> TypeNames;
  llvm::StringMap<std::vector<const TypeFact *>> ByName; ///< by unqualified name
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const OneDefinitionRule &rule) {
  return OneDefinitionJudge(context, rule).run();
}

} // namespace ssot
