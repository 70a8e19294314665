// Rule files into a Config, and every error with its place.

#include "config/format.h"
#include "unit/config/files.h"

namespace ssot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Load : public RuleFiles {
protected:
  /// What is said of one rule; its first key stands on line 3, column 5 of `.ssot.yaml`.
  std::string errorsOfRule(llvm::StringRef rule) const { return errors("ssot: 1\nrules:\n  - " + rule.str()); }

  Rule loadRule(llvm::StringRef rule) const {
    Config config = load("ssot: 1\nrules:\n  - " + rule.str());
    return config.rules.empty() ? Rule() : config.rules.front();
  }

  template <typename Body>
  Body loadBody(llvm::StringRef rule) const {
    Rule loaded = loadRule(rule);
    const Body *body = std::get_if<Body>(&loaded.body);
    EXPECT_TRUE(body) << "the rule is of another kind: " << loaded.kind;
    return body ? *body : Body();
  }
};

std::vector<std::string> idsOf(const Config &config) {
  std::vector<std::string> ids;
  for (const Rule &rule : config.rules)
    ids.push_back(rule.id);
  return ids;
}

constexpr char kSizes[] = "ssot: 1\nrules:\n  - {id: sizes, kind: size-limit, max-file-lines: 10}\n";

// --- what is read ---

TEST_F(Load, WhatEveryRuleHas) {
  Rule rule = loadRule(R"(id: one-router
    kind: single-class
    canonical: net::Router
    match: {name: .*Router}
    description: One router.
    why: Two of them route twice.
    example: {before: "OldRouter r;", after: "net::Router r;"}
    severity: warning
    scope: {include: [src/**], exclude: [src/old/**]}
    allow:
      - {symbol: "old::.*", reason: removed soon, until: 2028-02-29}
      - {file: src/legacy.cpp, reason: frozen}
)");
  EXPECT_EQ(rule.id, "one-router");
  EXPECT_EQ(rule.kind, "single-class");
  EXPECT_EQ(rule.description, "One router.");
  EXPECT_EQ(rule.why, "Two of them route twice.");
  EXPECT_EQ(rule.exampleBefore, "OldRouter r;");
  EXPECT_EQ(rule.exampleAfter, "net::Router r;");
  EXPECT_EQ(rule.severity, Severity::Warning);
  EXPECT_TRUE(rule.scope.contains("src/a.cpp"));
  EXPECT_FALSE(rule.scope.contains("src/old/a.cpp"));
  EXPECT_EQ(std::make_pair(rule.mark.line, rule.mark.column), std::make_pair(3u, 5u));
  ASSERT_THAT(rule.allow, SizeIs(2));
  EXPECT_TRUE(rule.allow[0].symbol->matches("old::Router"));
  EXPECT_EQ(rule.allow[0].reason, "removed soon");
  EXPECT_EQ(rule.allow[0].until, "2028-02-29");
  EXPECT_TRUE(rule.allow[1].file->matches("src/legacy.cpp"));
  EXPECT_EQ(rule.allow[1].until, "");
}

TEST_F(Load, SeverityIsErrorUnlessSaid) {
  EXPECT_EQ(loadRule("{id: a, kind: size-limit, max-file-lines: 1}").severity, Severity::Error);
  EXPECT_EQ(loadRule("{id: a, kind: size-limit, max-file-lines: 1, severity: note}").severity, Severity::Note);
}

TEST_F(Load, SingleClass) {
  auto body = loadBody<SingleClassRule>(R"(id: one-router
    kind: single-class
    canonical: net::Router
    header: net/router.h
    match:
      name: .*Router
      methods: {names: [send, broadcast], at-least: 1}
      similar: 0.75
    adapters: {via: [net::toId]}
)");
  EXPECT_EQ(body.canonical.value, "net::Router");
  EXPECT_EQ(std::make_pair(body.canonical.mark.line, body.canonical.mark.column), std::make_pair(5u, 16u));
  EXPECT_EQ(body.header, "net/router.h");
  EXPECT_TRUE(body.match.name->matches("old::LegacyRouter"));
  EXPECT_THAT(body.match.methodNames, ElementsAre("send", "broadcast"));
  EXPECT_EQ(body.match.methodsAtLeast, 1u);
  EXPECT_EQ(body.match.similar, 0.75);
  EXPECT_FALSE(body.adapters.forbid);
  EXPECT_THAT(body.adapters.via, ElementsAre("net::toId"));
}

TEST_F(Load, AllMethodsAreNeededUnlessSaid) {
  auto body =
      loadBody<SingleClassRule>("{id: a, kind: single-class, canonical: A, match: {methods: {names: [f, g, h]}}}");
  EXPECT_EQ(body.match.methodsAtLeast, 3u);
}

TEST_F(Load, SingleFunctionThatForbidsAdapters) {
  auto body = loadBody<SingleFunctionRule>(
      "{id: a, kind: single-function, canonical: net::send, match: {similar: 1}, adapters: forbid}");
  EXPECT_EQ(body.canonical.value, "net::send");
  EXPECT_FALSE(body.match.name);
  EXPECT_EQ(body.match.similar, 1.0);
  EXPECT_TRUE(body.adapters.forbid);
}

TEST_F(Load, SingleFunctionByUnqualifiedNames) {
  auto body = loadBody<SingleFunctionRule>(
      "{id: a, kind: single-function, canonical: net::send, match: {methods: {names: [send]}}}");
  EXPECT_THAT(body.match.methodNames, ElementsAre("send"));
}

TEST_F(Load, LegacyIncludeTakesNamesAndPatterns) {
  auto body = loadBody<LegacyIncludeRule>(R"(id: headers
    kind: legacy-include
    replace:
      old/c++-router.h: net/router.h
      legacy/(.*)_events\.h: net/events/$1.h
)");
  ASSERT_THAT(body.replace, SizeIs(2));
  EXPECT_TRUE(body.replace[0].old.matches("old/c++-router.h"));
  EXPECT_FALSE(body.replace[0].old.matches("old/c++-routerxh")) << "a dot of a header's name is a dot";
  std::string result;
  EXPECT_TRUE(body.replace[1].old.rewrite("legacy/agent_events.h", body.replace[1].replacement, result));
  EXPECT_EQ(result, "net/events/agent.h");
}

TEST_F(Load, LegacyName) {
  auto body =
      loadBody<LegacyNameRule>("{id: a, kind: legacy-name, replace: {old::Router: net::Router, OLD_SEND: net::send}}");
  ASSERT_THAT(body.replace, SizeIs(2));
  EXPECT_EQ(body.replace[0].old, "old::Router");
  EXPECT_EQ(body.replace[0].replacement, "net::Router");
  EXPECT_EQ(body.replace[1].old, "OLD_SEND");
}

TEST_F(Load, LegacyCall) {
  auto body =
      loadBody<LegacyCallRule>("{id: a, kind: legacy-call, from: 'old::send(const std::map<int, int> &to, times)', "
                               "to: 'net::bus().deliver($2, $to) /* $$1 */', canonical: net::Bus::deliver}");
  EXPECT_EQ(body.from.value, "old::send");
  ASSERT_THAT(body.parameters, SizeIs(2));
  EXPECT_EQ(body.parameters[0].type, "const std::map<int, int> &");
  EXPECT_EQ(body.parameters[0].name, "to");
  EXPECT_EQ(body.parameters[1].type, "");
  ASSERT_THAT(body.to, SizeIs(5));
  EXPECT_EQ(body.to[0].text, "net::bus().deliver(");
  EXPECT_EQ(body.to[1].parameter, 1u);
  EXPECT_EQ(body.to[3].parameter, 0u);
  EXPECT_EQ(body.to[4].text, ") /* $1 */");
  EXPECT_EQ(body.canonical, "net::Bus::deliver");
}

TEST_F(Load, LegacyCallShowsWhatItCalls) {
  auto canonical = [&](const std::string &from, const std::string &to) {
    return loadBody<LegacyCallRule>("{id: a, kind: legacy-call, from: '" + from + "', to: '" + to + "'}").canonical;
  };
  EXPECT_EQ(canonical("old::send(x)", "net::deliver($x)"), "net::deliver");
  EXPECT_EQ(canonical("old::Bus::send(x)", "$object.deliver($x)"), "old::Bus::deliver");
  EXPECT_EQ(canonical("old::send(x)", "wrap(net::deliver($x))"), "net::deliver");
}

TEST_F(Load, LegacyCallMistakes) {
  auto error = [&](const std::string &from, const std::string &to) {
    return errorsOfRule("{id: a, kind: legacy-call, from: '" + from + "', to: '" + to + "'}");
  };
  EXPECT_THAT(error("old::send", "net::send()"), HasSubstr("is no signature"));
  EXPECT_THAT(error("old::send(a, a)", "net::send($a)"), HasSubstr("two parameters are named 'a'"));
  EXPECT_THAT(error("old::send(int)", "net::send($1)"), Not(HasSubstr("error: two")));
  EXPECT_THAT(error("old::send(a)", "net::send($b)"), HasSubstr("'$b' is no parameter of 'from'"));
  EXPECT_THAT(error("old::send(a)", "net::send($2)"), HasSubstr("'$2' is no parameter of 'from'"));
  EXPECT_THAT(error("old::send(a)", "send($a)"), HasSubstr("does not show which function is called"));
  EXPECT_THAT(error("old::send(a)", "old::send($a, 0)"), HasSubstr("calls 'old::send' itself"));
}

TEST_F(Load, FactoryOnly) {
  auto body = loadBody<FactoryOnlyRule>(
      "{id: a, kind: factory-only, class: net::Router, factory: net::make, shared-state: forbid}");
  EXPECT_EQ(body.className.value, "net::Router");
  EXPECT_EQ(body.factory.value, "net::make");
  EXPECT_TRUE(body.forbidSharedState);
  EXPECT_FALSE(loadBody<FactoryOnlyRule>("{id: a, kind: factory-only, class: R, factory: make}").forbidSharedState);
}

TEST_F(Load, OneDefinition) {
  auto body =
      loadBody<OneDefinitionRule>("{id: a, kind: one-definition, names: 'app::.*', apart-from: ['.*::Options']}");
  EXPECT_TRUE(body.names->matches("app::X"));
  ASSERT_THAT(body.apartFrom, SizeIs(1));
  EXPECT_TRUE(body.apartFrom[0].matches("app::Options"));
  EXPECT_FALSE(loadBody<OneDefinitionRule>("{id: a, kind: one-definition}").names);
}

TEST_F(Load, SizeLimit) {
  auto body = loadBody<SizeLimitRule>("{id: a, kind: size-limit, max-function-lines: 60}");
  EXPECT_EQ(body.maxFileLines, std::nullopt);
  EXPECT_EQ(body.maxFunctionLines, 60u);
}

TEST_F(Load, Matcher) {
  auto body = loadBody<MatcherRule>(R"(id: no-goto
    kind: matcher
    match: gotoStmt().bind("site")
    compliant: returnStmt()
    message: leave by return
    rewrite: {site: ""}
)");
  EXPECT_EQ(body.match.value, "gotoStmt().bind(\"site\")");
  EXPECT_EQ(std::make_pair(body.match.mark.line, body.match.mark.column), std::make_pair(5u, 12u));
  EXPECT_EQ(body.compliant->value, "returnStmt()");
  EXPECT_EQ(body.message, "leave by return");
  EXPECT_THAT(body.rewrite, ElementsAre(testing::Pair("site", "")));
}

TEST_F(Load, ABlockOfAMatcherStandsWhereItsBarStands) {
  auto body = loadBody<MatcherRule>("id: a\n    kind: matcher\n    message: no\n    match: |\n      gotoStmt()\n");
  EXPECT_EQ(std::make_pair(body.match.mark.line, body.match.mark.column), std::make_pair(6u, 12u));
}

TEST_F(Load, ScopeGateAndTests) {
  Config config = load(
      "ssot: 1\nscope: {include: [src/**], exclude: ['**/gen/**'], tests: [spec/**]}\ngate: {min-compliance: 99.5}\n"
      "rules: [{id: a, kind: size-limit, max-file-lines: 1}]\n");
  EXPECT_TRUE(config.scope.contains("src/a.cpp"));
  EXPECT_FALSE(config.scope.contains("src/gen/a.cpp"));
  EXPECT_TRUE(config.isTest("spec/a.cpp"));
  EXPECT_FALSE(config.isTest("tests/a.cpp"));
  EXPECT_EQ(config.minCompliance, 99.5);
}

TEST_F(Load, WhatMayBeWrittenIsToldApartFromWhatIsJudged) {
  Config all = load(kSizes);
  EXPECT_TRUE(all.isEditable("src/a.cpp"));
  Config some = load("ssot: 1\nscope: {exclude: [src/gen/**], editable: [src/**]}\n"
                     "rules: [{id: a, kind: size-limit, max-file-lines: 1}]\n");
  EXPECT_TRUE(some.isEditable("src/a.cpp"));
  EXPECT_FALSE(some.isEditable("src/gen/a.cpp"));
  EXPECT_FALSE(some.isEditable("api/a.h"));
  EXPECT_TRUE(some.scope.contains("api/a.h"));
  Config none = load("ssot: 1\nscope: {editable: []}\nrules: [{id: a, kind: size-limit, max-file-lines: 1}]\n");
  EXPECT_FALSE(none.isEditable("src/a.cpp"));
}

TEST_F(Load, TestsLiveInTestFoldersUnlessSaid) {
  Config config = load(kSizes);
  EXPECT_TRUE(config.isTest("tests/a.cpp"));
  EXPECT_TRUE(config.isTest("lib/testing/x/a.cpp"));
  EXPECT_FALSE(config.isTest("src/test_data.cpp"));
  EXPECT_EQ(config.minCompliance, std::nullopt);
}

TEST_F(Load, TheExampleOfEveryKindIsSound) {
  for (const KindSpec &kind : ruleKinds()) {
    std::string rule = kind.example.str();
    Config config = load("ssot: 1\nrules:\n" + rule);
    ASSERT_THAT(config.rules, SizeIs(1)) << kind.name.str();
    EXPECT_EQ(config.rules[0].kind, kind.name);
  }
}

// --- extends, override, --rules ---

TEST_F(Load, RulesOfExtendedFilesComeFirst) {
  write("packs/base.yaml", "ssot: 1\nrules: [{id: of-pack, kind: one-definition}]\n");
  write("more/own.yaml", "ssot: 1\nextends: [./deeper.yaml]\nrules: [{id: of-file, kind: one-definition}]\n");
  write("more/deeper.yaml", "ssot: 1\nrules: [{id: of-deeper, kind: one-definition}]\n");
  Config config = load("ssot: 1\nextends: [base, more/own.yaml]\nrules: [{id: mine, kind: one-definition}]\n");
  EXPECT_THAT(idsOf(config), ElementsAre("of-pack", "of-deeper", "of-file", "mine"));
  EXPECT_THAT(config.files, ElementsAre(path(".ssot.yaml"), path("packs/base.yaml"), path("more/own.yaml"),
                                        path("more/deeper.yaml")));
}

TEST_F(Load, AFileReachedTwiceCountsOnce) {
  write("packs/base.yaml", "ssot: 1\nrules: [{id: of-base, kind: one-definition}]\n");
  write("packs/a.yaml", "ssot: 1\nextends: [base]\n");
  write("packs/b.yaml", "ssot: 1\nextends: [base]\n");
  write(".ssot.yaml", "ssot: 1\nextends: [a, b]\n");
  EXPECT_THAT(idsOf(loaded(loadFile(".ssot.yaml", {"base"}))), ElementsAre("of-base"));
}

TEST_F(Load, TheExtendingFileDecidesKeyByKey) {
  write("packs/base.yaml", "ssot: 1\nscope: {include: [lib/**], exclude: [lib/x/**]}\ngate: {min-compliance: "
                           "50}\nrules: [{id: a, kind: one-definition}]\n");
  Config config = load("ssot: 1\nextends: [base]\nscope: {include: ['**']}\n");
  EXPECT_TRUE(config.scope.contains("src/a.cpp"));
  EXPECT_FALSE(config.scope.contains("lib/x/a.cpp"));
  EXPECT_EQ(config.minCompliance, 50.0);
}

TEST_F(Load, ExtraRulesAddRulesAndNothingElseThatTheFileSays) {
  write("packs/base.yaml",
        "ssot: 1\nscope: {include: [lib/**]}\ngate: {min-compliance: 50}\nrules: [{id: a, kind: one-definition}]\n");
  write(".ssot.yaml", "ssot: 1\nscope: {include: [src/**]}\nrules: [{id: mine, kind: one-definition}]\n");
  Config config = loaded(loadFile(".ssot.yaml", {"base"}));
  EXPECT_THAT(idsOf(config), ElementsAre("mine", "a"));
  EXPECT_TRUE(config.scope.contains("src/a.cpp"));
  EXPECT_EQ(config.minCompliance, 50.0);
}

TEST_F(Load, ExtraRulesAlone) {
  write("packs/base.yaml", "ssot: 1\nrules: [{id: a, kind: one-definition}]\n");
  EXPECT_THAT(idsOf(loaded(loadFile("", {"base"}))), ElementsAre("a"));
  EXPECT_THAT(idsOf(loaded(loadFile("", {path("packs/base.yaml")}))), ElementsAre("a"));
}

TEST_F(Load, AnUnknownPack) {
  write("packs/message-router.yaml", "ssot: 1\nrules: [{id: a, kind: one-definition}]\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [mesage-router]\n"),
            ".ssot.yaml:2:11: error: no bundled pack 'mesage-router'; did you mean 'message-router'?\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [zzz]\n"),
            ".ssot.yaml:2:11: error: no bundled pack 'zzz'; known are message-router; a file is "
            "named with its '/' or '.yaml'\n");
  EXPECT_EQ(errorsOf(loadFile("", {"mesage-router"})),
            "--rules: error: no bundled pack 'mesage-router'; did you mean 'message-router'?\n");
}

TEST_F(Load, AnExtendedFileThatIsNotThere) {
  EXPECT_EQ(errors("ssot: 1\nextends: [gone.yaml]\n"),
            ".ssot.yaml:2:11: error: cannot read 'gone.yaml': No such file or directory\n");
}

TEST_F(Load, AFileThatExtendsItself) {
  EXPECT_EQ(errors("ssot: 1\nextends: [./.ssot.yaml]\n"),
            ".ssot.yaml:2:11: error: '.ssot.yaml' extends itself (.ssot.yaml -> .ssot.yaml)\n");
  write("b.yaml", "ssot: 1\nextends: [.ssot.yaml]\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [b.yaml]\n"),
            "b.yaml:2:11: error: '.ssot.yaml' extends itself (.ssot.yaml -> b.yaml -> .ssot.yaml)\n");
}

TEST_F(Load, OverrideAdjustsARuleOfAnExtendedFile) {
  write("packs/base.yaml", "ssot: 1\nrules:\n  - {id: a, kind: one-definition, allow: [{symbol: X, reason: old}]}\n  - "
                           "{id: b, kind: one-definition}\n");
  Config config = load("ssot: 1\nextends: [base]\noverride:\n  a: {severity: note, scope: {include: [src/**]}, allow: "
                       "[{symbol: Y, reason: ours}]}\n");
  ASSERT_THAT(config.rules, SizeIs(2));
  const Rule &a = config.rules[0];
  EXPECT_EQ(a.severity, Severity::Note);
  EXPECT_FALSE(a.scope.contains("lib/a.cpp"));
  ASSERT_THAT(a.allow, SizeIs(2));
  EXPECT_EQ(a.allow[0].reason, "old");
  EXPECT_EQ(a.allow[1].reason, "ours");
  EXPECT_EQ(config.rules[1].severity, Severity::Error);
}

TEST_F(Load, OverrideOfWhatIsNotExtended) {
  write("packs/base.yaml", "ssot: 1\nrules: [{id: one-router, kind: one-definition}]\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [base]\noverride:\n  one-ruter: {severity: note}\n"),
            ".ssot.yaml:4:3: error: no extended file has a rule 'one-ruter'; did you mean 'one-router'?\n");
  EXPECT_EQ(errors("ssot: 1\noverride:\n  mine: {severity: note}\nrules: [{id: mine, kind: one-definition}]\n"),
            ".ssot.yaml:3:3: error: rule 'mine' is defined in this file; change it there\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [base]\noverride:\n  one-router: {kind: matcher}\n"),
            ".ssot.yaml:4:16: error: unknown key 'kind' in an override; known are severity, scope, allow\n"
            ".ssot.yaml:4:15: error: an override needs 'severity', 'scope' or 'allow'\n");
}

TEST_F(Load, ARuleIdGivenTwice) {
  EXPECT_EQ(
      errors("ssot: 1\nrules:\n  - {id: a, kind: one-definition}\n  - {id: a, kind: size-limit, max-file-lines: 1}\n"),
      ".ssot.yaml:4:10: error: rule id 'a' is given twice; the first one is at .ssot.yaml:3:5\n");
  write("packs/base.yaml", "ssot: 1\nrules: [{id: a, kind: one-definition}]\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [base]\nrules: [{id: a, kind: one-definition}]\n"),
            ".ssot.yaml:3:14: error: rule id 'a' is given twice; the first one is at packs/base.yaml:2:9 ('override' "
            "adjusts a rule "
            "of an extended file)\n");
}

TEST_F(Load, NoRules) {
  EXPECT_EQ(errors("ssot: 1\n"), ".ssot.yaml:1:1: error: a rule file needs 'rules' or 'extends'\n");
  EXPECT_EQ(errors("ssot: 1\nrules: []\n"),
            ".ssot.yaml: error: no rules here; add one under 'rules', or a pack to 'extends'\n");
}

// --- errors of the file ---

TEST_F(Load, TheVersionOfTheFormat) {
  EXPECT_EQ(errors("rules: [{id: a, kind: one-definition}]\n"),
            ".ssot.yaml:1:1: error: missing key 'ssot' in a rule file\n");
  EXPECT_EQ(errors("ssot: 2\nrules: [{id: a, kind: one-definition}]\n"),
            ".ssot.yaml:1:7: error: 'ssot' is the version of the format; this program reads version 1\n");
  EXPECT_EQ(errors("ssot: \"1\"\nrules: [{id: a, kind: one-definition}]\n"),
            ".ssot.yaml:1:7: error: 'ssot' is the version of the format; this program reads version 1\n");
}

TEST_F(Load, UnknownKeysWithTheNearestOne) {
  EXPECT_EQ(
      errors("ssot: 1\nextend: [x]\nscope: {includes: [a]}\nrules:\n  - {id: a, kind: one-definition, severty: note, "
             "colour: red}\n"),
      ".ssot.yaml:2:1: error: unknown key 'extend' in a rule file; did you mean 'extends'?\n"
      ".ssot.yaml:3:9: error: unknown key 'includes' in 'scope'; did you mean 'include'?\n"
      ".ssot.yaml:5:35: error: unknown key 'severty' in a rule of kind 'one-definition'; did you mean 'severity'?\n"
      ".ssot.yaml:5:50: error: unknown key 'colour' in a rule of kind 'one-definition'; known are id, kind, "
      "description, why, "
      "example, severity, scope, allow, sunset, names, apart-from\n");
}

TEST_F(Load, WrongTypes) {
  EXPECT_EQ(errors("ssot: 1\nextends: base\nscope: [src/**]\ngate: {min-compliance: high}\nrules: {id: a}\n"),
            ".ssot.yaml:2:10: error: 'extends' must be a list, not a string\n"
            ".ssot.yaml:3:8: error: 'scope' must be a map, not a list\n"
            ".ssot.yaml:4:24: error: 'min-compliance' must be a number, not a string\n"
            ".ssot.yaml:5:8: error: 'rules' must be a list, not a map\n");
  EXPECT_EQ(errorsOfRule("{id: 7, kind: size-limit, max-file-lines: \"10\", description: true, why:}"),
            ".ssot.yaml:3:10: error: 'id' must be a string, not a number; write \"7\"\n"
            ".ssot.yaml:3:47: error: 'max-file-lines' must be a whole number, not a string\n"
            ".ssot.yaml:3:66: error: 'description' must be a string, not a truth value; write \"true\"\n"
            ".ssot.yaml:3:76: error: 'why' must be a string, not nothing\n");
  EXPECT_EQ(errors("ssot: 1\nrules: [sizes]\n"), ".ssot.yaml:2:9: error: a rule must be a map, not a string\n");
}

TEST_F(Load, NumbersOutOfRange) {
  EXPECT_EQ(errors("ssot: 1\ngate: {min-compliance: 100.5}\nrules: [{id: a, kind: one-definition}]\n"),
            ".ssot.yaml:2:24: error: 'min-compliance' must lie between 0 and 100, which 100.5 does not\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-class, canonical: A, match: {name: B, similar-to-copies: 0.5}}"),
            ".ssot.yaml:3:83: error: 'similar-to-copies' goes with 'similar'\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-function, canonical: f, match: {similar: 1.01}}"),
            ".ssot.yaml:3:67: error: 'similar' must lie between 0 and 1, which 1.01 does not\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: size-limit, max-file-lines: 0, max-function-lines: -3}"),
            ".ssot.yaml:3:47: error: 'max-file-lines' must be a whole number of at least 1, not 0\n"
            ".ssot.yaml:3:70: error: 'max-function-lines' must be a whole number of at least 1, not -3\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: size-limit, max-file-lines: 99999999999}"),
            ".ssot.yaml:3:47: error: 'max-file-lines' must be a whole number of at least 1, not 99999999999\n");
}

TEST_F(Load, Globs) {
  EXPECT_EQ(
      errors(
          "ssot: 1\nscope: {include: [], exclude: [/src/**, '*.{h,cpp}']}\nrules: [{id: a, kind: one-definition}]\n"),
      ".ssot.yaml:2:18: error: 'include' is empty\n"
      ".ssot.yaml:2:32: error: an entry of 'exclude': a glob is relative to the project root: write it without '/' or "
      "'./' in front\n"
      ".ssot.yaml:2:41: error: an entry of 'exclude': '{' has no meaning in a glob; use '*', '**' and '?'\n");
}

// --- errors of rules ---

TEST_F(Load, Kinds) {
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-clas}"),
            ".ssot.yaml:3:19: error: unknown rule kind 'single-clas'; did you mean 'single-class'?\n");
  EXPECT_EQ(
      errorsOfRule("{id: a, kind: nothing-like-it}"),
      ".ssot.yaml:3:19: error: unknown rule kind 'nothing-like-it'; known are single-class, single-function, "
      "legacy-include, "
      "legacy-name, legacy-call, factory-only, event-order, same-interface, one-definition, size-limit, matcher\n");
  EXPECT_EQ(errorsOfRule("{id: a}"), ".ssot.yaml:3:5: error: missing key 'kind' in a rule\n");
}

TEST_F(Load, EventsHaveABeginningAndAnEnd) {
  EXPECT_EQ(errorsOfRule("{id: a, kind: event-order, emit: e, order: [x]}"),
            ".ssot.yaml:3:48: error: 'order' has 1 of at least 2 entries\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: event-order, emit: e, order: [x, y, x]}"),
            ".ssot.yaml:3:55: error: 'x' is named twice\n");
}

TEST_F(Load, RequiredKeys) {
  EXPECT_EQ(errorsOfRule("{kind: single-class}"),
            ".ssot.yaml:3:5: error: missing key 'id' in a rule of kind 'single-class'\n"
            ".ssot.yaml:3:5: error: missing key 'canonical' in a rule of kind 'single-class'\n"
            ".ssot.yaml:3:5: error: missing key 'match' in a rule of kind 'single-class'\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: matcher}"),
            ".ssot.yaml:3:5: error: missing key 'match' in a rule of kind 'matcher'\n"
            ".ssot.yaml:3:5: error: missing key 'message' in a rule of kind 'matcher'\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: size-limit}"),
            ".ssot.yaml:3:5: error: a rule of kind 'size-limit' needs 'max-file-lines' or 'max-function-lines'\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-class, canonical: A, match: {}}"),
            ".ssot.yaml:3:54: error: 'match' of classes needs 'name', 'methods' or 'similar'\n");
}

TEST_F(Load, IdsAndSeverities) {
  EXPECT_EQ(errorsOfRule("{id: One Router, kind: one-definition, severity: eror}"),
            ".ssot.yaml:3:10: error: 'id': 'One Router' is not a rule id; use lower-case letters, digits and '-'\n"
            ".ssot.yaml:3:54: error: unknown value 'eror' for 'severity'; did you mean 'error'?\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: one-definition, severity: fatal}"),
            ".ssot.yaml:3:45: error: unknown value 'fatal' for 'severity'; known are error, warning, note\n");
}

TEST_F(Load, NamesThatCannotExist) {
  auto canonical = [&](const std::string &name) {
    std::string text = errorsOfRule("{id: a, kind: single-function, match: {similar: 1}, canonical: \"" + name + "\"}");
    llvm::StringRef rest = text;
    EXPECT_TRUE(rest.consume_front(".ssot.yaml:3:68: error: 'canonical'")) << text;
    return rest.trim().str();
  };
  EXPECT_EQ(canonical("::net::Router"), ": '::net::Router' starts with '::'; write 'net::Router'");
  EXPECT_EQ(canonical("net::"), ": 'net::' has an empty part between its '::'");
  EXPECT_EQ(canonical("net::::Router"), ": 'net::::Router' has an empty part between its '::'");
  EXPECT_EQ(canonical("net::Pool<int>"), ": 'net::Pool<int>' has template arguments; write the template's name alone");
  EXPECT_EQ(canonical("net::send(int)"), ": 'net::send(int)' has parameters; write the function's name alone");
  EXPECT_EQ(canonical("net Router"), ": 'net Router' is not a C++ identifier");
  EXPECT_EQ(canonical("net:Router"), ": 'net:Router' is not a C++ identifier");
  EXPECT_EQ(canonical("net::2nd"), ": 'net::2nd' cannot exist: '2nd' is not a C++ identifier");
  EXPECT_EQ(canonical("net::class"), ": 'net::class' cannot exist: 'class' is a keyword of C++; nothing has this name");
  EXPECT_EQ(canonical(""), "is empty");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-function, match: {similar: 1}, canonical: größe::f_2}"), "no error\n");
}

TEST_F(Load, PatternsWithRe2sMessage) {
  EXPECT_EQ(errorsOfRule("{id: a, kind: one-definition, names: '(a', apart-from: ['*']}"),
            ".ssot.yaml:3:42: error: 'names': '(a' is not a pattern: missing ): (a\n"
            ".ssot.yaml:3:61: error: an entry of 'apart-from': '*' is not a pattern: no argument for repetition "
            "operator: *\n");
}

TEST_F(Load, Methods) {
  EXPECT_EQ(
      errorsOfRule("{id: a, kind: single-class, canonical: A, match: {methods: {names: [send, get], at-least: 3}}}"),
      ".ssot.yaml:3:95: error: 'at-least' asks for 3 methods, but 'names' has 2\n");
  EXPECT_EQ(
      errorsOfRule("{id: a, kind: single-class, canonical: A, match: {methods: {names: [send, send], at-least: 2}}}"),
      ".ssot.yaml:3:79: error: 'send' is named twice\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-class, canonical: A, match: {methods: {names: []}}}"),
            ".ssot.yaml:3:72: error: 'names' is empty\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-class, canonical: A, match: {methods: {names: ['A::f']}}}"),
            ".ssot.yaml:3:73: error: an entry of 'names': 'A::f' is not a C++ identifier\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-function, canonical: f, match: {methods: {names: [g], at-least: 1}}}"),
            ".ssot.yaml:3:80: error: unknown key 'at-least' in 'methods' of functions; known are names\n");
}

TEST_F(Load, AdaptersAndSharedState) {
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-class, canonical: A, match: {similar: 1}, adapters: forbit}"),
            ".ssot.yaml:3:78: error: unknown value 'forbit' for 'adapters'; did you mean 'forbid'?\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: single-class, canonical: A, match: {similar: 1}, adapters: [f]}"),
            ".ssot.yaml:3:78: error: 'adapters' must be 'forbid' or a map, not a list\n");
  EXPECT_EQ(errorsOfRule("{id: a, kind: factory-only, class: A, factory: f, shared-state: allow}"),
            ".ssot.yaml:3:69: error: unknown value 'allow' for 'shared-state'; known are forbid\n");
}

TEST_F(Load, Allowances) {
  auto allow = [&](const std::string &entry) {
    return errorsOfRule("{id: a, kind: one-definition, allow: [" + entry + "]}");
  };
  EXPECT_EQ(allow("{symbol: X}"), ".ssot.yaml:3:43: error: missing key 'reason' in an allowance\n");
  EXPECT_EQ(allow("{symbol: X, reason: ' '}"), ".ssot.yaml:3:63: error: 'reason' is empty\n");
  EXPECT_EQ(allow("{reason: old}"), ".ssot.yaml:3:43: error: an allowance needs 'symbol' or 'file'\n");
  EXPECT_EQ(allow("{symbol: X, file: a.h, reason: old}"),
            ".ssot.yaml:3:43: error: an allowance has either 'symbol' or 'file', not more than one of them\n");
  EXPECT_EQ(allow("{symbol: X, reason: old, until: 2027-02-29}"),
            ".ssot.yaml:3:75: error: 'until': '2027-02-29' is not a day of the calendar as YYYY-MM-DD\n");
  EXPECT_EQ(allow("{symbol: X, reason: old, until: tomorrow}"),
            ".ssot.yaml:3:75: error: 'until': 'tomorrow' is not a day of the calendar as YYYY-MM-DD\n");
}

TEST_F(Load, IncludeReplacements) {
  auto replace = [&](const std::string &map) {
    return errorsOfRule("{id: a, kind: legacy-include, replace: " + map + "}");
  };
  EXPECT_EQ(replace("{}"), ".ssot.yaml:3:44: error: 'replace' is empty\n");
  EXPECT_EQ(replace("{old.h: ''}"), ".ssot.yaml:3:52: error: a value of 'replace' is empty\n");
  EXPECT_EQ(replace("{old.h: old.h}"), ".ssot.yaml:3:52: error: 'old.h' is replaced by itself\n");
  EXPECT_EQ(replace("{<old.h>: new.h}"), ".ssot.yaml:3:45: error: a key of 'replace': '<old.h>' is not a header's "
                                         "name; write it without quotes and angle brackets\n");
  EXPECT_EQ(replace("{old/(.*: new.h}"),
            ".ssot.yaml:3:45: error: a key of 'replace': 'old/(.*' is not a pattern: missing ): old/(.*\n");
  EXPECT_EQ(replace("{'old/(.*)': new/$2}"),
            ".ssot.yaml:3:57: error: '$2' names a group that the pattern does not have (it has 1)\n");
}

TEST_F(Load, NameReplacements) {
  auto replace = [&](const std::string &map) {
    return errorsOfRule("{id: a, kind: legacy-name, replace: " + map + "}");
  };
  EXPECT_EQ(replace("{A: A}"), ".ssot.yaml:3:45: error: 'A' is replaced by itself\n");
  EXPECT_EQ(replace("{A: B, B: C}"),
            ".ssot.yaml:3:45: error: 'B' is itself replaced in this rule; name the last successor\n");
  EXPECT_EQ(replace("{'old::*': B}"),
            ".ssot.yaml:3:42: error: a key of 'replace': 'old::*' cannot exist: '*' is not a C++ identifier\n");
}

TEST_F(Load, AllErrorsOfAllFilesAtOnce) {
  write("packs/base.yaml", "ssot: 1\nrules: [{id: A, kind: one-definition}]\n");
  EXPECT_EQ(errors("ssot: 1\nextends: [base]\nrules:\n  - {id: a, kind: legacy-name, replace: {A: A}}\n  - {id: b, "
                   "kind: matcher, match: x()}\n"),
            ".ssot.yaml:5:5: error: missing key 'message' in a rule of kind 'matcher'\n"
            "packs/base.yaml:2:14: error: 'id': 'A' is not a rule id; use lower-case letters, digits and '-'\n"
            ".ssot.yaml:4:45: error: 'A' is replaced by itself\n");
}

// --- nearest ---

TEST(Nearest, AMisspeltWordAndNothingElse) {
  std::vector<std::string> words{"single-class", "single-function", "matcher"};
  EXPECT_EQ(nearest("single-clas", words), "single-class");
  EXPECT_EQ(nearest("Single-Class", words), "single-class");
  EXPECT_EQ(nearest("machter", words), "matcher");
  EXPECT_EQ(nearest("banana", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest("x", {}), "");
}

} // namespace
} // namespace ssot
