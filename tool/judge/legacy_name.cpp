// legacy-name: whoever writes the old name writes the new one instead.

#include "judge/sites.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>

namespace ssot {

namespace {

Role roleOf(UseKind kind) {
  switch (kind) {
  case UseKind::Declaration:
    return Role::Declaration;
  case UseKind::Alias:
  case UseKind::Using:
    return Role::Alias;
  case UseKind::Reference:
  case UseKind::Directive:
  case UseKind::MacroDefinition:
  case UseKind::Dependent:
  case UseKind::Inactive:
    return Role::Use;
  }
  return Role::Use;
}

} // namespace

Judgement judgeRule(const JudgeContext &context, const LegacyNameRule &rule) {
  const Index &index = context.index;
  llvm::StringMap<std::string> newNameOf;
  llvm::StringSet<> newNames;
  for (const NameReplacement &entry : rule.replace) {
    newNameOf[entry.old] = entry.replacement;
    newNames.insert(entry.replacement);
  }

  Judgement judgement;
  for (const UseFact &use : index.uses()) {
    llvm::StringRef name = index.text(use.name);
    auto legacy = newNameOf.find(name);
    bool isLegacy = legacy != newNameOf.end();
    if ((!isLegacy && !newNames.contains(name)) || !context.covers(use.place))
      continue;
    bool isDependent = use.kind == UseKind::Dependent;
    if (isDependent || use.kind == UseKind::Inactive) {
      // What this means is known to nobody yet; a new name needs no decision.
      if (isLegacy)
        judgement.asides.push_back(
            {use.place, Role::Use, name.str(), isDependent ? "dependent" : "inactive-branch", true});
      continue;
    }
    Site &site = judgement.sites.emplace_back();
    site.place = use.place;
    site.verdict = isLegacy ? Verdict::Violation : Verdict::Compliant;
    site.role = roleOf(use.kind);
    site.symbol = name.str();
    site.identity = identityOfUse(index, use.place, name, use.context);
    if (!isLegacy)
      continue;
    site.canonical = legacy->second;
    site.message = quoted(name) + " is legacy; use " + quoted(site.canonical) + " instead";
    site.fixable = !use.inMacroBody;
  }
  return judgement;
}

} // namespace ssot
