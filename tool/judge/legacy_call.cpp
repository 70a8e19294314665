// legacy-call: whoever calls the old function calls the new one instead.

#include "judge/sites.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>

#include <algorithm>

namespace ssot {

namespace {

std::string withoutSpaces(llvm::StringRef text) {
  std::string packed;
  std::copy_if(text.begin(), text.end(), std::back_inserter(packed), [](char c) { return c != ' '; });
  return packed;
}

/// Whether the call is one of the overload that the rule means: as many parameters, and the types where it gives them.
bool isMeant(const Index &index, const LegacyCallRule &rule, const CallSiteFact &call) {
  if (call.types.size() != rule.parameters.size())
    return false;
  for (std::size_t i = 0; i < call.types.size(); ++i)
    if (const std::string &type = rule.parameters[i].type;
        !type.empty() && withoutSpaces(type) != withoutSpaces(index.text(call.types[i])))
      return false;
  return true;
}

class LegacyCallJudge {
public:
  LegacyCallJudge(const JudgeContext &context, const LegacyCallRule &rule)
      : Context(context), Known(context.index), Rule(rule) {}

  Judgement run() {
    for (const CallSiteFact &call : Known.callSites())
      if (Context.covers(call.callee))
        consider(call);
    for (const UseFact &use : Known.uses())
      if (Known.text(use.name) == Rule.from.value && Context.covers(use.place))
        mention(use);
    return std::move(Result);
  }

private:
  void consider(const CallSiteFact &call) {
    llvm::StringRef name = Known.text(call.name);
    bool isOld = name == Rule.from.value;
    if (isOld)
      Calls.insert({call.callee.file, call.callee.begin});
    if (isOld ? !isMeant(Known, Rule, call) : name != Rule.canonical)
      return;
    Site &site = Result.sites.emplace_back();
    site.place = call.callee;
    site.verdict = isOld ? Verdict::Violation : Verdict::Compliant;
    site.role = Role::Use;
    site.symbol = name.str();
    site.identity = identityOfUse(Known, call.callee, name, call.context);
    if (!isOld)
      return;
    site.canonical = Rule.canonical;
    site.message = quoted(name) + " is legacy; call " + quoted(Rule.canonical) + " instead: " + Rule.toText;
    site.fixable = !call.inMacroBody;
  }

  /// What is no call cannot be rewritten as one.
  void mention(const UseFact &use) {
    const char *reason = nullptr;
    if (use.kind == UseKind::Dependent)
      reason = "dependent";
    else if (use.kind == UseKind::Inactive)
      reason = "inactive-branch";
    else if (use.kind == UseKind::Reference && !Calls.contains({use.place.file, use.place.begin}))
      reason = "no-call";
    if (reason)
      Result.asides.push_back({use.place, Role::Use, Rule.from.value, reason, true});
  }

  const JudgeContext &Context;
  const Index &Known;
  const LegacyCallRule &Rule;
  llvm::DenseSet<std::pair<std::uint32_t, std::uint32_t>> Calls; ///< of the old function, whatever the overload
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const LegacyCallRule &rule) {
  return LegacyCallJudge(context, rule).run();
}

} // namespace ssot
