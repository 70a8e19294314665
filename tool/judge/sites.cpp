#include "judge/sites.h"

#include "judge/side_work.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <tuple>

namespace ssot {

llvm::StringRef unqualified(llvm::StringRef name) {
  std::size_t at = name.rfind("::");
  return at == llvm::StringRef::npos ? name : name.drop_front(at + 2);
}

std::string quoted(llvm::StringRef name) { return ("'" + name + "'").str(); }

bool isInternal(llvm::StringRef usr) { return usr.consume_front("c:") && !usr.starts_with("@"); }

std::string identityOf(const Index &index, const TypeFact &type) { return "def|" + index.text(type.name).str(); }

std::string identityOf(const Index &index, const FunctionFact &function) {
  std::string identity = "def|" + index.text(function.name).str() + "|";
  for (const ParameterFact &parameter : function.parameters)
    identity += index.text(parameter.type).str() + ",";
  return identity;
}

std::string identityOfUse(const Index &index, const Place &place, llvm::StringRef name, StringId context) {
  return (index.enclosing(place) + "|" + name + "|" + index.text(context)).str();
}

bool isTestDouble(const JudgeContext &context, const Place &place, llvm::StringRef name, const TypeFact *type,
                  const TypeFact *canonical, llvm::StringRef canonicalName) {
  const Index &index = context.index;
  if (!context.config.isTest(index.path(place)))
    return false;
  auto says = [](const std::string &word) { return word == "mock" || word == "fake" || word == "stub"; };
  if (llvm::any_of(wordsOf(name), says))
    return true;
  if (!type || (canonical && type->usr == canonical->usr))
    return false;
  auto stands = [&](StringId base) {
    const TypeFact *known = index.type(base);
    if (canonical ? base == canonical->usr : known && index.text(known->name) == canonicalName)
      return true;
    return canonical && llvm::is_contained(canonical->bases, base);
  };
  return llvm::any_of(type->bases, stands);
}

/// "; did you mean 'a' or 'b'?" of the names that are spelled nearly so; empty when none is.
static std::string nearTo(const Index &index, llvm::StringRef name, llvm::ArrayRef<StringId> known) {
  llvm::StringRef wanted = unqualified(name);
  unsigned farthest = std::max<unsigned>(2, static_cast<unsigned>(wanted.size()) / 3);
  std::vector<std::pair<unsigned, llvm::StringRef>> near;
  for (StringId id : known) {
    llvm::StringRef other = index.text(id);
    unsigned distance = unqualified(other).edit_distance_insensitive(wanted, /*AllowReplacements=*/true, farthest + 1);
    if (distance <= farthest && other != name && !other.empty())
      near.emplace_back(distance, other);
  }
  llvm::sort(near);
  near.erase(std::unique(near.begin(), near.end()), near.end());
  std::string text;
  for (std::size_t i = 0; i < near.size() && i < 3; ++i)
    text += (i == 0                                           ? "; did you mean "
             : i + 1 == std::min<std::size_t>(near.size(), 3) ? " or "
                                                              : ", ") +
            quoted(near[i].second);
  return text + (near.empty() ? "" : "?");
}

std::optional<RuleProblem> missingCanonical(const Index &index, llvm::StringRef canonical,
                                            llvm::ArrayRef<StringId> defined) {
  bool declared = false;
  for (const SymbolFact *symbol : index.symbolsNamed(canonical)) {
    if (symbol->kind == SymbolKind::Alias)
      return RuleProblem{"canonical-missing", canonical.str(),
                         quoted(canonical) + " is an alias; name what it stands for"};
    if (symbol->defined || !symbol->inProject)
      return std::nullopt;
    declared = true;
  }
  return RuleProblem{"canonical-missing", canonical.str(),
                     std::string("the analysed code ") +
                         (declared ? "declares but does not define " : "does not define ") + quoted(canonical) +
                         nearTo(index, canonical, defined)};
}

RuleProblem unheardOf(const Index &index, llvm::StringRef name, llvm::ArrayRef<StringId> known) {
  return {"canonical-missing", name.str(),
          "the analysed code does not speak of " + quoted(name) + nearTo(index, name, known)};
}

void addDeclarationsAndAliases(const JudgeContext &context, llvm::StringRef canonical, std::vector<Aside> &asides) {
  StringId name = context.index.find(canonical);
  for (const UseFact &use : context.index.uses()) {
    if (use.name != name || !name || !context.covers(use.place))
      continue;
    if (use.kind == UseKind::Declaration)
      asides.push_back({use.place, Role::Declaration, canonical.str(), std::string(), false});
    else if (use.kind == UseKind::Alias || use.kind == UseKind::Using)
      asides.push_back({use.place, Role::Alias, canonical.str(), std::string(), false});
  }
}

std::string undecidedNamesake(llvm::StringRef name, std::size_t count) {
  return quoted(name) + " is defined " + std::to_string(count) +
         " times, each for itself, and nothing says which one stays; name its file as the rule's `header`";
}

std::string percent(double share) { return std::to_string(static_cast<int>(share * 100)) + " %"; }

} // namespace ssot
