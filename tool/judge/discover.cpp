#include "judge/discover.h"

#include "judge/bodies.h"
#include "judge/pairs.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace ssot {

namespace {

/// What the members of a family have in common with the suggested one on average; what is below is chance.
constexpr double kLeastEvidence = 0.42, kChance = 0.3;

class Discovery {
public:
  Discovery(const Index &index, const Config &config) : Known(index), Settings(config), AllBodies(index) {
    for (const FunctionFact &function : Known.functions())
      for (const CallFact &call : Known.callsOf(function))
        CallersOf[call.usr].insert(&function);
  }

  std::vector<DuplicateFamily> run() {
    findClasses();
    findFunctions();
    llvm::sort(Result, [](const DuplicateFamily &a, const DuplicateFamily &b) {
      return std::tie(b.cost, a.members.front().place, a.isClass) <
             std::tie(a.cost, b.members.front().place, b.isClass);
    });
    return std::move(Result);
  }

private:
  bool isOurs(const Place &place) const {
    const IndexedFile &file = Known.files()[place.file];
    return file.inProject && Settings.scope.contains(file.path) && !Settings.isTest(file.path);
  }

  void findClasses() {
    std::vector<ClassBody> bodies;
    for (const TypeFact &type : Known.types()) {
      if (type.kind == TypeKind::Enum || !type.name || type.isSpecialization || type.isLocal || !isOurs(type.place))
        continue;
      ClassBody body = AllBodies.of(type);
      if (body.whole.nodes >= kLeastClassNodes)
        bodies.push_back(std::move(body));
    }
    ClassPairs pairs(Known, AllBodies, std::move(bodies));
    for (const LikeFamily &found : familiesIn(pairs)) {
      DuplicateFamily family;
      family.isClass = true;
      for (std::size_t i : found.members)
        family.members.push_back(memberOf(pairs[i]));
      if (complete(std::move(family), found, pairs))
        for (std::size_t i : found.members)
          FamilyOfClass[pairs[i].type->usr] = Result.size();
    }
  }

  void findFunctions() {
    std::vector<const FunctionFact *> functions;
    for (const FunctionFact &function : Known.functions())
      if (FunctionPairs::isLargeEnough(function) && !function.isSpecial && !function.isLocalOrLambda &&
          isOurs(function.place))
        functions.push_back(&function);
    FunctionPairs pairs(Known, AllBodies, std::move(functions));
    for (LikeFamily found : familiesIn(pairs)) {
      DuplicateFamily family;
      std::map<std::size_t, std::size_t> homes; // and how many have it
      std::vector<std::size_t> apart;
      for (std::size_t i : found.members) {
        // `begin()` and `begin() const` are one function that is written twice because the language asks for it.
        auto twin = llvm::find_if(apart, [&](std::size_t k) { return areTwins(pairs[k], pairs[i]); });
        if (twin != apart.end()) {
          join(family.members[static_cast<std::size_t>(twin - apart.begin())], pairs[*twin], pairs[i]);
          continue;
        }
        apart.push_back(i);
        family.members.push_back(memberOf(pairs[i]));
        ++homes[FamilyOfClass.lookup(pairs[i].parentClass)];
      }
      if (apart.size() < 2)
        continue;
      found.members = apart;
      auto most = std::max_element(homes.begin(), homes.end(),
                                   [](const auto &a, const auto &b) { return a.second < b.second; });
      // What is mostly methods of classes that are a family is told with them.
      if (most->first == 0 || 2 * most->second <= apart.size())
        complete(std::move(family), found, pairs);
      else
        for (std::size_t i = 0; i < apart.size(); ++i)
          if (FamilyOfClass.lookup(pairs[apart[i]].parentClass) != most->first)
            Result[most->first - 1].related.push_back(std::move(family.members[i]));
    }
  }

  /// Two overloads that differ in `const` only, by their USRs.
  bool areTwins(const FunctionFact &a, const FunctionFact &b) const {
    auto isConstOf = [](llvm::StringRef one, llvm::StringRef other) { return one.consume_back("1") && one == other; };
    llvm::StringRef left = Known.text(a.usr), right = Known.text(b.usr);
    return a.isMethod && a.name == b.name && (isConstOf(left, right) || isConstOf(right, left));
  }

  void join(FamilyMember &member, const FunctionFact &one, const FunctionFact &other) const {
    member.twins.push_back(other.place);
    countCallers({one.usr, other.usr}, 0, member);
  }

  template <typename Pairs>
  static std::vector<LikeFamily> familiesIn(Pairs &pairs) {
    return familiesOf(pairs.prints(), [&](std::size_t a, std::size_t b) { return pairs.compare(a, b); });
  }

  void countCallers(llvm::ArrayRef<StringId> usrs, StringId owner, FamilyMember &member) const {
    std::set<const FunctionFact *> callers;
    for (StringId usr : usrs)
      if (auto known = CallersOf.find(usr); known != CallersOf.end())
        for (const FunctionFact *caller : known->second)
          if (!owner || caller->parentClass != owner)
            callers.insert(caller);
    member.callers = static_cast<std::uint32_t>(callers.size());
    member.tested =
        llvm::any_of(callers, [&](const FunctionFact *caller) { return Settings.isTest(Known.path(caller->place)); });
  }

  void deprecate(FamilyMember &member, bool isDeprecated, StringId says) const {
    if (!isDeprecated || member.isDeprecated)
      return;
    member.isDeprecated = true;
    member.deprecation = Known.text(says).str();
    member.reasons = "deprecated" + (member.deprecation.empty() ? "" : " (" + member.deprecation + ")");
  }

  FamilyMember memberOf(const ClassBody &body) const {
    FamilyMember member{Known.text(body.type->name).str(), body.type->place, body.whole.nodes};
    deprecate(member, body.type->isDeprecated, body.type->deprecation);
    std::vector<StringId> usrs;
    for (const MethodFact &method : body.type->methods) {
      usrs.push_back(method.usr);
      if (method.access == Access::Public && !method.isSpecial && !method.shape.empty())
        member.parameters += static_cast<std::uint32_t>(method.shape.size() - 1);
    }
    countCallers(usrs, body.type->usr, member);
    return member;
  }

  FamilyMember memberOf(const FunctionFact &function) const {
    FamilyMember member{Known.text(function.name).str(), function.place, function.shape->nodes};
    member.parameters = static_cast<std::uint32_t>(function.parameters.size());
    deprecate(member, function.written.isDeprecated, function.written.deprecation);
    if (const TypeFact *owner = function.parentClass ? Known.type(function.parentClass) : nullptr)
      deprecate(member, owner->isDeprecated, owner->deprecation);
    countCallers(function.usr, 0, member);
    return member;
  }

  /// Who is used most should stay, then who is tested, then who asks for the least. What is deprecated should not.
  /// \returns whether there is one that can stay.
  static bool suggest(DuplicateFamily &family) {
    auto first = llvm::find_if(family.members, [](const FamilyMember &member) { return !member.isDeprecated; });
    if (first == family.members.end())
      return false;
    family.canonical = static_cast<std::size_t>(first - family.members.begin());
    std::uint32_t callers = 0, parameters = ~0u;
    for (const FamilyMember &member : family.members) {
      if (member.isDeprecated)
        continue;
      callers = std::max(callers, member.callers);
      parameters = std::min(parameters, member.parameters);
    }
    for (FamilyMember &member : family.members) {
      auto give = [&](bool holds, std::uint32_t points, const std::string &reason) {
        if (!holds || member.isDeprecated)
          return;
        member.points += points;
        member.reasons += (member.reasons.empty() ? "" : ", ") + reason + " +" + std::to_string(points);
      };
      give(callers && member.callers == callers, 3, "most callers (" + std::to_string(callers) + ")");
      give(member.tested, 2, "called by tests");
      give(member.parameters == parameters, 1, "fewest parameters (" + std::to_string(parameters) + ")");
    }
    for (std::size_t i = 0; i < family.members.size(); ++i)
      if (family.members[i].points > family.members[family.canonical].points)
        family.canonical = i;
    return true;
  }

  /// \returns whether it is told.
  template <typename Pairs>
  bool complete(DuplicateFamily family, const LikeFamily &found, Pairs &pairs) {
    if (!suggest(family))
      return false; // all of them are on their way out
    family.likeness = found.least;
    std::uint64_t callers = 0;
    double shared = 0, drift = 0;
    for (std::size_t i = 0; i < family.members.size(); ++i) {
      callers += family.members[i].callers;
      if (i == family.canonical)
        continue;
      PairLikeness pair = pairs.compare(found.members[i], found.members[family.canonical]);
      family.members[i].evidence = pair.strength;
      family.members[i].terms = pairs.explain(found.members[i], found.members[family.canonical]);
      family.evidence += pair.strength;
      shared += family.members[i].nodes * std::max(0.0, (pair.strength - kChance) / (1 - kChance));
      drift += 1 - pair.likeness;
    }
    double copies = static_cast<double>(family.members.size() - 1);
    family.evidence /= copies;
    if (family.evidence < kLeastEvidence)
      return false;
    // From 1, when all are the same, towards 2.
    double factor = 1 + drift / copies;
    family.cost = static_cast<std::uint64_t>(shared * factor) * (1 + callers);
    Result.push_back(std::move(family));
    return true;
  }

  const Index &Known;
  const Config &Settings;
  Bodies AllBodies;
  std::map<StringId, std::set<const FunctionFact *>> CallersOf;
  llvm::DenseMap<StringId, std::size_t> FamilyOfClass; ///< 1 + its place in Result, as it is found
  std::vector<DuplicateFamily> Result;
};

} // namespace

std::vector<DuplicateFamily> discoverFamilies(const Index &index, const Config &config) {
  return Discovery(index, config).run();
}

} // namespace ssot
