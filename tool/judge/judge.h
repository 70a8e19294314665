// judge/judge.h - (Index, Rule) -> Judgement. No I/O, no Clang, no clock.
#pragma once

#include "config/config.h"
#include "judge/site.h"
#include "link/index.h"

namespace ssot {

/// What every judge may ask beside its own rule.
struct JudgeContext {
  const Index &index;
  const Config &config;
  const Rule &rule;

  /// Whether the rule speaks of the file: in the project, in the configuration's scope and in the rule's own.
  bool covers(const Place &place) const;
};

/// Judges one rule. Sites come sorted by place, each place at most once per symbol.
Judgement judge(const JudgeContext &context);

Judgement judgeRule(const JudgeContext &context, const SingleClassRule &rule);
Judgement judgeRule(const JudgeContext &context, const SingleFunctionRule &rule);
Judgement judgeRule(const JudgeContext &context, const LegacyIncludeRule &rule);
Judgement judgeRule(const JudgeContext &context, const LegacyNameRule &rule);
Judgement judgeRule(const JudgeContext &context, const LegacyCallRule &rule);
Judgement judgeRule(const JudgeContext &context, const FactoryOnlyRule &rule);
Judgement judgeRule(const JudgeContext &context, const EventOrderRule &rule);
Judgement judgeRule(const JudgeContext &context, const SameInterfaceRule &rule);
Judgement judgeRule(const JudgeContext &context, const OneDefinitionRule &rule);
Judgement judgeRule(const JudgeContext &context, const SizeLimitRule &rule);
Judgement judgeRule(const JudgeContext &context, const MatcherRule &rule);

} // namespace ssot
