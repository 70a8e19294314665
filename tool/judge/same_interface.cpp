// same-interface: what callers of the legacy class may use, the canonical one has as well.

#include "facts/words.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

namespace {

/// From what nobody notices to what does not compile.
enum class Grade { Harmless, ChangesBehaviour, BreaksSource };

llvm::StringRef wordsFor(Grade grade) {
  switch (grade) {
  case Grade::Harmless:
    return "harmless to callers";
  case Grade::ChangesBehaviour:
    return "changes behaviour";
  case Grade::BreaksSource:
    return "breaks source";
  }
  return {};
}

struct Difference {
  Grade grade = Grade::BreaksSource;
  std::string what;       ///< of the canonical one, as seen from the legacy one
  bool tolerated = false; ///< the contract does not ask for it, and nobody notices
};

using Differences = std::vector<Difference>;

bool isArithmetic(llvm::StringRef type) {
  type.consume_front("const ");
  llvm::SmallVector<llvm::StringRef, 4> words;
  type.split(words, ' ');
  return llvm::all_of(words, [](llvm::StringRef word) {
    return llvm::is_contained({"bool", "char", "signed", "unsigned", "short", "int", "long", "float", "double",
                               "wchar_t", "char8_t", "char16_t", "char32_t", "__int128"},
                              word);
  });
}

/// A type without the reference to a constant, which a caller's argument does not see.
llvm::StringRef byValue(llvm::StringRef type) {
  if (type.starts_with("const ") && type.ends_with("&") && !type.ends_with("&&")) {
    type = type.drop_front(6).drop_back(1).rtrim();
    return type.ends_with("*") ? llvm::StringRef() : type;
  }
  return type;
}

/// The type of an argument that fits a parameter of this type exactly.
llvm::StringRef plain(llvm::StringRef type) {
  type = type.rtrim("& ");
  if (!type.ends_with("*")) // there it is what it points to that is constant
    type.consume_front("const ");
  return type;
}

bool isReference(llvm::StringRef type) { return type.ends_with("&"); }

std::string replaceName(std::string text, llvm::StringRef from, llvm::StringRef to) {
  for (std::size_t at = 0; (at = text.find(from.data(), at, from.size())) != std::string::npos;) {
    std::size_t end = at + from.size();
    bool whole = (at == 0 || (!isWordByte(text[at - 1]) && text[at - 1] != ':')) &&
                 (end == text.size() || !isWordByte(text[end]));
    if (whole)
      text.replace(at, from.size(), to.data(), to.size());
    at += whole ? to.size() : 1;
  }
  return text;
}

std::string nameOf(MemberKind kind) {
  switch (kind) {
  case MemberKind::Function:
    return "a function";
  case MemberKind::Field:
    return "a variable";
  case MemberKind::Alias:
    return "an alias";
  case MemberKind::Class:
    return "a class";
  case MemberKind::Enum:
    return "an enumeration";
  case MemberKind::Enumerator:
    return "an enumerator";
  }
  return {};
}

class SameInterfaceJudge {
public:
  SameInterfaceJudge(const JudgeContext &context, const SameInterfaceRule &rule)
      : Context(context), Known(context.index), Rule(rule) {
    std::string legacyName = rule.legacy.value, canonicalName = rule.canonical.value;
    for (const InterfaceFact &interface : Known.interfaces()) {
      if (Known.text(interface.name) == rule.legacy.value) {
        Legacy.push_back(&interface.self);
        legacyName = text(interface.meant);
      }
      if (Known.text(interface.name) == rule.canonical.value) {
        Canonical.push_back(&interface.self);
        canonicalName = text(interface.meant);
      }
    }
    // What other rules of the configuration rename is the same once they are followed.
    for (const ssot::Rule &other : context.config.rules)
      if (const auto *names = std::get_if<LegacyNameRule>(&other.body))
        for (const NameReplacement &entry : names->replace)
          Renamed.emplace_back(entry.old, entry.replacement);
    Renamed.emplace_back(legacyName, canonicalName);
  }

  Judgement run() {
    if (Canonical.empty()) {
      std::vector<StringId> defined;
      for (const TypeFact &type : Known.types())
        defined.push_back(type.name);
      for (const FunctionFact &function : Known.functions())
        defined.push_back(function.name);
      if (std::optional<RuleProblem> problem = missingCanonical(Known, Rule.canonical.value, defined))
        Result.problems.push_back(std::move(*problem));
      return std::move(Result);
    }
    std::vector<const InterfaceMember *> offered;
    for (const InterfaceMember *canonical : Canonical)
      if (canonical->kind == MemberKind::Function)
        offered.push_back(canonical);
      else
        for (const InterfaceMember &member : canonical->members)
          offered.push_back(&member);
    for (const InterfaceMember *legacy : Legacy) {
      if (legacy->kind == MemberKind::Function) {
        add(*legacy, Rule.legacy.value, Rule.canonical.value, Legacy, offered);
        continue;
      }
      head(*legacy);
      std::vector<const InterfaceMember *> siblings;
      for (const InterfaceMember &member : legacy->members)
        siblings.push_back(&member);
      for (const InterfaceMember &member : legacy->members)
        if (member.access == Access::Public && !member.isDeleted)
          add(member, Rule.legacy.value + "::" + text(member.name), Rule.canonical.value + "::" + text(member.name),
              siblings, offered);
    }
    return std::move(Result);
  }

private:
  std::string text(StringId id) const { return Known.text(id).str(); }

  std::string renamed(StringId id) const {
    std::string type = text(id);
    for (const auto &[from, to] : Renamed)
      type = replaceName(std::move(type), from, to);
    return type;
  }

  /// A type's name and what stands before it: template parameters, the enumeration's form.
  void head(const InterfaceMember &legacy) {
    const InterfaceMember *canonical = Canonical.front();
    Differences differences;
    compareTypes(legacy, *canonical, differences);
    // A class as such is no site; what differs in its head makes one.
    if (!differences.empty())
      addSite(legacy, Rule.legacy.value, Rule.canonical.value, canonical, std::move(differences));
  }

  void add(const InterfaceMember &legacy, const std::string &symbol, const std::string &canonicalName,
           llvm::ArrayRef<const InterfaceMember *> siblings, llvm::ArrayRef<const InterfaceMember *> offered) {
    if (!Context.covers(legacy.place))
      return;
    auto [best, differences] = closest(legacy, offered);
    if (best && legacy.kind == MemberKind::Function && best->kind == MemberKind::Function)
      compareOverloads(legacy, *best, siblings, offered, differences);
    addSite(legacy, symbol, canonicalName, best, std::move(differences));
  }

  /// \returns the canonical member that differs least, and how.
  std::pair<const InterfaceMember *, Differences> closest(const InterfaceMember &legacy,
                                                          llvm::ArrayRef<const InterfaceMember *> offered) const {
    const InterfaceMember *best = nullptr;
    Differences least;
    for (const InterfaceMember *candidate : offered) {
      bool isFree = Legacy.front()->kind == MemberKind::Function;
      bool isConversion =
          llvm::StringRef(text(legacy.name)).starts_with("operator ") && renamed(legacy.name) == text(candidate->name);
      if (candidate->name != legacy.name && !isFree && !isConversion)
        continue;
      Differences differences = compare(legacy, *candidate);
      if (!best || weight(differences) < weight(least)) {
        best = candidate;
        least = std::move(differences);
      }
    }
    return {best, std::move(least)};
  }

  static std::size_t weight(const Differences &differences) {
    std::size_t sum = 0;
    for (const Difference &difference : differences)
      sum += difference.grade == Grade::BreaksSource ? 100 : difference.grade == Grade::ChangesBehaviour ? 10 : 1;
    return sum;
  }

  Differences compare(const InterfaceMember &legacy, const InterfaceMember &canonical) const {
    Differences differences;
    if (legacy.usr && legacy.usr == canonical.usr)
      return differences; // inherited from the same class
    if (canonical.access != Access::Public)
      differences.push_back({Grade::BreaksSource, canonical.access == Access::Private ? "is private" : "is protected"});
    auto isType = [](MemberKind kind) {
      return kind == MemberKind::Alias || kind == MemberKind::Class || kind == MemberKind::Enum;
    };
    if (legacy.kind != canonical.kind && !(isType(legacy.kind) && isType(canonical.kind))) {
      differences.push_back(
          {Grade::BreaksSource, "is " + nameOf(canonical.kind) + " instead of " + nameOf(legacy.kind)});
      return differences;
    }
    switch (legacy.kind) {
    case MemberKind::Function:
      compareFunctions(legacy, canonical, differences);
      break;
    case MemberKind::Field:
      if (renamed(legacy.type) != text(canonical.type))
        differences.push_back({Grade::BreaksSource,
                               "has the type '" + text(canonical.type) + "' instead of '" + text(legacy.type) + "'"});
      if (legacy.isStatic != canonical.isStatic)
        differences.push_back({legacy.isStatic ? Grade::BreaksSource : Grade::ChangesBehaviour,
                               legacy.isStatic ? "is not static" : "is static"});
      if (legacy.isMutable != canonical.isMutable)
        differences.push_back({legacy.isMutable ? Grade::BreaksSource : Grade::Harmless,
                               legacy.isMutable ? "is not mutable" : "is mutable"});
      if (legacy.isConstexpr && !canonical.isConstexpr)
        differences.push_back({Grade::BreaksSource, "is not constexpr"});
      else if (legacy.isConstant && !canonical.isConstant)
        differences.push_back({Grade::BreaksSource, "has no value that the compiler knows"});
      if (legacy.value && canonical.value && renamed(legacy.value) != text(canonical.value))
        differences.push_back(
            {Grade::ChangesBehaviour, "has the value " + text(canonical.value) + " instead of " + text(legacy.value)});
      break;
    case MemberKind::Enumerator:
      if (legacy.value != canonical.value)
        differences.push_back(
            {Grade::ChangesBehaviour, "has the value " + text(canonical.value) + " instead of " + text(legacy.value)});
      break;
    case MemberKind::Alias:
    case MemberKind::Class:
    case MemberKind::Enum:
      compareTypes(legacy, canonical, differences);
      break;
    }
    return differences;
  }

  void compareTypes(const InterfaceMember &legacy, const InterfaceMember &canonical, Differences &differences) const {
    compareHeads(legacy, canonical, differences);
    compareUse(legacy, canonical, differences);
    bool aliased = legacy.kind == MemberKind::Alias || canonical.kind == MemberKind::Alias;
    if (aliased) {
      std::string from = legacy.kind == MemberKind::Alias ? renamed(legacy.type) : std::string();
      std::string to = canonical.kind == MemberKind::Alias ? text(canonical.type) : std::string();
      if (from.empty() || to.empty())
        differences.push_back(
            {Grade::BreaksSource, "is " + nameOf(canonical.kind) + " instead of " + nameOf(legacy.kind)});
      else if (from != to)
        differences.push_back({isArithmetic(from) && isArithmetic(to) ? Grade::ChangesBehaviour : Grade::BreaksSource,
                               "stands for '" + to + "' instead of '" + text(legacy.type) + "'"});
      return;
    }
    if (legacy.kind != canonical.kind) {
      differences.push_back(
          {Grade::BreaksSource, "is " + nameOf(canonical.kind) + " instead of " + nameOf(legacy.kind)});
      return;
    }
    if (legacy.kind == MemberKind::Enum) {
      if (legacy.isStatic != canonical.isStatic)
        differences.push_back({Grade::BreaksSource,
                               canonical.isStatic ? "is a scoped enumeration" : "is an enumeration without a scope"});
      if (legacy.type != canonical.type)
        differences.push_back({Grade::ChangesBehaviour,
                               "is kept in '" + text(canonical.type) + "' instead of '" + text(legacy.type) + "'"});
    }
    // Of the class that the rule names each member is a site; a nested type's members stand with it.
    if (llvm::is_contained(Legacy, &legacy))
      return;
    std::vector<const InterfaceMember *> offered;
    for (const InterfaceMember &member : canonical.members)
      offered.push_back(&member);
    for (const InterfaceMember &member : legacy.members) {
      if (member.access != Access::Public || member.isDeleted)
        continue;
      auto [best, inner] = closest(member, offered);
      if (!best)
        differences.push_back({Grade::BreaksSource, "has no '" + text(member.name) + "'"});
      for (Difference &difference : inner)
        differences.push_back(
            {difference.grade, "its '" + text(member.name) + "' " + difference.what, difference.tolerated});
    }
  }

  void compareHeads(const InterfaceMember &legacy, const InterfaceMember &canonical, Differences &differences) const {
    if (legacy.head != canonical.head) {
      differences.push_back({Grade::BreaksSource, "has other template parameters or constraints"});
      return;
    }
    std::size_t both = std::min(legacy.headDefaults.size(), canonical.headDefaults.size());
    for (std::size_t i = 0; i < both; ++i) {
      StringId from = legacy.headDefaults[i], to = canonical.headDefaults[i];
      std::string number = std::to_string(i + 1);
      if (from && !to)
        differences.push_back({Grade::BreaksSource, "has no default for template parameter " + number});
      else if (from && renamed(from) != text(to))
        differences.push_back({Grade::ChangesBehaviour, "has the default '" + text(to) + "' for template parameter " +
                                                            number + " instead of '" + text(from) + "'"});
    }
  }

  static void compareUse(const InterfaceMember &legacy, const InterfaceMember &canonical, Differences &differences) {
    if (legacy.isConstexpr && !canonical.isConstexpr && !canonical.isConsteval)
      differences.push_back({Grade::BreaksSource, "is not constexpr"});
    if (canonical.isConsteval && !legacy.isConsteval)
      differences.push_back({Grade::BreaksSource, "is consteval"});
    if (canonical.isFinal && !legacy.isFinal && (legacy.isVirtual || legacy.kind == MemberKind::Class))
      differences.push_back({Grade::BreaksSource, "is final"});
    if (canonical.isPure && !legacy.isPure)
      differences.push_back(
          {Grade::BreaksSource, legacy.kind == MemberKind::Class ? "is abstract" : "is pure virtual"});
  }

  void compareFunctions(const InterfaceMember &legacy, const InterfaceMember &canonical,
                        Differences &differences) const {
    if (canonical.isDeleted)
      differences.push_back({Grade::BreaksSource, "is deleted"});
    compareHeads(legacy, canonical, differences);
    compareUse(legacy, canonical, differences);
    compareParameters(legacy, canonical, differences);
    compareResults(legacy, canonical, differences);
    compareQualifiers(legacy, canonical, differences);
    if (legacy.exceptionsKnown && canonical.exceptionsKnown && legacy.exceptions != canonical.exceptions) {
      if (!legacy.exceptions)
        differences.push_back({Grade::Harmless, "is " + text(canonical.exceptions)});
      else
        differences.push_back({Grade::ChangesBehaviour,
                               canonical.exceptions
                                   ? "is " + text(canonical.exceptions) + " instead of " + text(legacy.exceptions)
                                   : "is not " + text(legacy.exceptions)});
    }
    if (legacy.isVirtual && !canonical.isVirtual)
      differences.push_back({Grade::ChangesBehaviour, "is not virtual"});
    if (canonical.isVirtual && !legacy.isVirtual) {
      const TypeFact *derived = redeclaring(legacy);
      differences.push_back({derived ? Grade::ChangesBehaviour : Grade::Harmless,
                             "is virtual" + (derived ? ", and " + quoted(text(derived->name)) + " overrides it" : ""),
                             /*tolerated=*/!derived});
    }
    if (legacy.isExplicit != canonical.isExplicit)
      differences.push_back({canonical.isExplicit ? Grade::BreaksSource : Grade::ChangesBehaviour,
                             canonical.isExplicit ? "is explicit" : "is not explicit"});
  }

  /// A class derived from the legacy one that has a method of this name and these parameters.
  const TypeFact *redeclaring(const InterfaceMember &function) const {
    std::string list;
    for (const InterfaceParameter &parameter : function.parameters)
      list += (list.empty() ? "" : ", ") + text(parameter.type);
    list = "(" + list + ")";
    auto isSame = [&](const MethodFact &method) {
      auto [before, after] = Known.text(method.signature).split(list);
      return method.name == function.name && before.size() != Known.text(method.signature).size() &&
             after.starts_with(" const") == function.isConst;
    };
    for (const TypeFact &type : Known.types())
      if (llvm::any_of(Legacy, [&](const auto *legacy) { return llvm::is_contained(type.bases, legacy->usr); }) &&
          llvm::any_of(type.methods, isSame))
        return &type;
    return nullptr;
  }

  bool names(llvm::ArrayRef<StringId> types, llvm::StringRef type) const {
    return llvm::any_of(types, [&](StringId id) { return renamed(id) == type; });
  }

  /// Whether an argument of the first type is taken by a parameter of the second, with a conversion that nobody writes.
  bool converts(const InterfaceParameter &from, llvm::StringRef fromType, const InterfaceParameter &to,
                llvm::StringRef toType) const {
    llvm::StringRef source = plain(fromType), target = plain(toType);
    if (isArithmetic(source) && isArithmetic(target))
      return true;
    if (names(to.accepts, source) || names(from.becomes, target))
      return true;
    if (target == "bool" && source.ends_with("*"))
      return true;
    // A pointer to a constant takes one to what can change.
    return target.starts_with("const ") && target.ends_with("*") && target.drop_front(6) == source;
  }

  /// Whether calls that went to \p legacy are now taken by an overload that it did not have beside it.
  bool takesCallsOf(const InterfaceMember &further, const InterfaceMember &legacy) const {
    if (further.parameters.size() < legacy.parameters.size() || legacy.parameters.empty() || further.isDeleted ||
        further.access != Access::Public)
      return false;
    for (std::size_t i = legacy.parameters.size(); i < further.parameters.size(); ++i)
      if (!further.parameters[i].hasDefault)
        return false;
    // A parameter of a template's own type takes any argument exactly.
    auto isOpen = [&](const InterfaceParameter &parameter) {
      return further.head && llvm::StringRef(text(parameter.type)).contains("type-parameter-");
    };
    bool differs = false;
    for (std::size_t i = 0; i < legacy.parameters.size(); ++i) {
      const InterfaceParameter &from = further.parameters[i], &to = legacy.parameters[i];
      std::string fromType = text(from.type), toType = renamed(to.type);
      if (fromType == toType)
        continue;
      differs = true;
      bool sameValue = plain(fromType) == plain(toType) && isReference(fromType);
      if (!isOpen(from) && !sameValue && !converts(from, fromType, to, toType))
        return false;
    }
    return differs;
  }

  std::string signatureOf(const InterfaceMember &function) const {
    std::string list;
    for (const InterfaceParameter &parameter : function.parameters)
      list += (list.empty() ? "" : ", ") + text(parameter.type);
    return text(function.name) + "(" + list + ")";
  }

  /// Overloads that the canonical class has besides those that stand for one of the legacy class.
  void compareOverloads(const InterfaceMember &legacy, const InterfaceMember &best,
                        llvm::ArrayRef<const InterfaceMember *> legacySet,
                        llvm::ArrayRef<const InterfaceMember *> offered, Differences &differences) const {
    for (const InterfaceMember *further : offered) {
      if (further == &best || further->kind != MemberKind::Function || further->name != best.name ||
          further->isConst != best.isConst || further->ref != best.ref || further->isStatic != best.isStatic)
        continue;
      bool hasCounterpart = llvm::any_of(legacySet, [&](const InterfaceMember *other) {
        return other->kind == MemberKind::Function && other->name == legacy.name &&
               other->parameters.size() == further->parameters.size() && other->head == further->head &&
               std::equal(other->parameters.begin(), other->parameters.end(), further->parameters.begin(),
                          [&](const InterfaceParameter &a, const InterfaceParameter &b) {
                            return renamed(a.type) == text(b.type);
                          });
      });
      if (!hasCounterpart && takesCallsOf(*further, legacy))
        differences.push_back({Grade::ChangesBehaviour, "has a further overload " + quoted(signatureOf(*further)) +
                                                            " that takes calls which went to this one"});
    }
  }

  void compareParameters(const InterfaceMember &legacy, const InterfaceMember &canonical,
                         Differences &differences) const {
    std::size_t both = std::min(legacy.parameters.size(), canonical.parameters.size());
    for (std::size_t i = 0; i < both; ++i) {
      const InterfaceParameter &from = legacy.parameters[i], &to = canonical.parameters[i];
      std::string number = std::to_string(i + 1);
      std::string fromType = renamed(from.type), toType = text(to.type);
      if (fromType != toType) {
        bool toMutable = isReference(toType) && !llvm::StringRef(toType).starts_with("const ");
        bool changesFrom = isReference(fromType) && !llvm::StringRef(fromType).ends_with("&&") &&
                           !llvm::StringRef(fromType).starts_with("const ");
        bool converted = toMutable ? changesFrom && names(from.becomes, toType) // the object itself, as its base
                                   : converts(from, fromType, to, toType);
        Grade grade = byValue(fromType) == byValue(toType) && !byValue(toType).empty() ? Grade::Harmless
                      : converted                                                      ? Grade::ChangesBehaviour
                                                                                       : Grade::BreaksSource;
        std::string what = "takes '" + toType;
        what.append("' as parameter ").append(number).append(" instead of '").append(text(from.type)).append("'");
        differences.push_back({grade, std::move(what)});
      }
      if (from.hasDefault && !to.hasDefault)
        differences.push_back({Grade::BreaksSource, "has no default for parameter " + number});
      else if (!from.hasDefault && to.hasDefault)
        differences.push_back({Grade::Harmless, "has a default for parameter " + number, /*tolerated=*/true});
      else if (from.hasDefault && from.defaultValue && to.defaultValue &&
               renamed(from.defaultValue) != text(to.defaultValue))
        differences.push_back({Grade::ChangesBehaviour, "has the default '" + text(to.defaultValue) +
                                                            "' for parameter " + number + " instead of '" +
                                                            text(from.defaultValue) + "'"});
    }
    for (std::size_t i = both; i < legacy.parameters.size(); ++i)
      differences.push_back({Grade::BreaksSource, "does not take parameter " + std::to_string(i + 1) + ", '" +
                                                      text(legacy.parameters[i].type) + "'"});
    for (std::size_t i = both; i < canonical.parameters.size(); ++i)
      differences.push_back({canonical.parameters[i].hasDefault ? Grade::Harmless : Grade::BreaksSource,
                             "takes one more parameter, '" + text(canonical.parameters[i].type) + "'" +
                                 (canonical.parameters[i].hasDefault ? ", which has a default" : "")});
    if (legacy.isVariadic != canonical.isVariadic)
      differences.push_back({legacy.isVariadic ? Grade::BreaksSource : Grade::Harmless,
                             legacy.isVariadic ? "takes no further arguments" : "takes any further arguments"});
  }

  void compareResults(const InterfaceMember &legacy, const InterfaceMember &canonical, Differences &differences) const {
    std::string from = renamed(legacy.type), to = text(canonical.type);
    if (from == to)
      return;
    // An override may return something nearer, and nothing farther.
    bool fits = names(canonical.becomes, from);
    const TypeFact *overriding = fits && legacy.isVirtual && canonical.isVirtual ? redeclaring(legacy) : nullptr;
    if (fits) {
      bool copies = !isReference(from) && !llvm::StringRef(from).ends_with("*");
      Grade grade = overriding ? Grade::BreaksSource : copies ? Grade::ChangesBehaviour : Grade::Harmless;
      differences.push_back(
          {grade, "returns '" + to + "' instead of '" + text(legacy.type) + "'" +
                      (overriding ? ", and " + quoted(text(overriding->name)) + " overrides it" : std::string())});
      return;
    }
    // A copy instead of a reference, or the other way round, compiles nearly always and lives for another time.
    bool sameValue = isReference(from) != isReference(to) && byValue(from) == byValue(to);
    Grade grade = from == "void"                                          ? Grade::Harmless
                  : sameValue || (isArithmetic(from) && isArithmetic(to)) ? Grade::ChangesBehaviour
                                                                          : Grade::BreaksSource;
    differences.push_back({grade, "returns '" + to + "' instead of '" + text(legacy.type) + "'"});
  }

  static void compareQualifiers(const InterfaceMember &legacy, const InterfaceMember &canonical,
                                Differences &differences) {
    auto lost = [&](bool before, bool after, llvm::StringRef word) {
      if (before != after)
        differences.push_back(
            {before ? Grade::BreaksSource : Grade::Harmless, (before ? "is not " : "is ") + word.str()});
    };
    // A static function has no object that could be constant.
    if (!canonical.isStatic) {
      lost(legacy.isConst, canonical.isConst, "const");
      lost(legacy.isVolatile, canonical.isVolatile, "volatile");
    }
    lost(legacy.isStatic, canonical.isStatic, "static");
    if (legacy.ref == canonical.ref)
      return;
    if (canonical.ref == RefQualifier::None)
      differences.push_back({Grade::Harmless, "has no ref-qualifier"});
    else
      differences.push_back({Grade::BreaksSource, canonical.ref == RefQualifier::LValue ? "is for lvalues only (&)"
                                                                                        : "is for rvalues only (&&)"});
  }

  void addSite(const InterfaceMember &legacy, const std::string &symbol, const std::string &canonicalName,
               const InterfaceMember *canonical, Differences differences) {
    if (!Context.covers(legacy.place))
      return;
    Site &site = Result.sites.emplace_back();
    site.place = legacy.place;
    site.role = Role::Implementation;
    site.symbol = symbol;
    site.canonical = canonicalName;
    site.identity = "interface|" + symbol + "|";
    for (const InterfaceParameter &parameter : legacy.parameters)
      site.identity += text(parameter.type) + ",";
    if (!canonical) {
      site.verdict = Verdict::Violation;
      site.message = quoted(Rule.canonical.value) + " has no " + quoted(text(legacy.name)) + " (breaks source)";
      site.notes.push_back({Canonical.front()->place, quoted(Rule.canonical.value) + " is here"});
      return;
    }
    llvm::erase_if(differences, [](const Difference &difference) { return difference.tolerated; });
    if (differences.empty()) {
      site.verdict = Verdict::Compliant;
      return;
    }
    llvm::stable_sort(differences, [](const Difference &a, const Difference &b) { return a.grade > b.grade; });
    const Difference &worst = differences.front();
    site.verdict = Verdict::Violation;
    site.message = quoted(canonicalName) + " " + worst.what + " (" + wordsFor(worst.grade).str() + ")";
    if (differences.size() > 1)
      site.message +=
          ", and " + std::to_string(differences.size() - 1) + " more difference" + (differences.size() > 2 ? "s" : "");
    for (const Difference &difference : differences)
      site.notes.push_back({canonical->place, wordsFor(difference.grade).str() + ": it " + difference.what});
  }

  const JudgeContext &Context;
  const Index &Known;
  const SameInterfaceRule &Rule;
  std::vector<const InterfaceMember *> Legacy, Canonical;
  std::vector<std::pair<std::string, std::string>> Renamed;
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const SameInterfaceRule &rule) {
  return SameInterfaceJudge(context, rule).run();
}

} // namespace ssot
