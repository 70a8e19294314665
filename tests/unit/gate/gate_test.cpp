#include "gate/gate.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

using namespace ssot;
using namespace testing;

namespace {

Place at(std::uint32_t line, std::uint32_t column = 1, std::uint32_t length = 3) {
  Place place;
  place.begin = line * 100 + column;
  place.end = place.begin + length;
  place.line = place.endLine = line;
  place.column = column;
  place.endColumn = column + length;
  return place;
}

Pattern pattern(llvm::StringRef text) { return llvm::cantFail(Pattern::compile(text)); }
Glob glob(llvm::StringRef text) { return llvm::cantFail(Glob::compile(text)); }

/// Files with comments, rules with sites: everything the gate sees, put together by hand.
struct Scenario {
  Config config;
  Coverage coverage;
  GateOptions options;
  std::deque<Rule> rules;
  std::vector<JudgedRule> judged;
  UnitFacts facts;

  Scenario() { options.today = "2026-06-01"; }

  std::uint32_t file(const std::string &path, bool inProject = true) {
    facts.files.push_back({path, inProject, 50});
    return static_cast<std::uint32_t>(facts.files.size() - 1);
  }
  StringId text(const std::string &value) {
    if (value.empty())
      return 0;
    facts.strings.push_back(value);
    return static_cast<StringId>(facts.strings.size() - 1);
  }
  void nolint(NolintKind kind, const std::string &rule, const std::string &reason, std::uint32_t file,
              std::uint32_t line) {
    NolintFact fact;
    fact.kind = kind;
    fact.rules = {text(rule)};
    fact.reason = text(reason);
    fact.place = at(line, 40, 20);
    fact.place.file = file;
    facts.nolints.push_back(fact);
  }
  Rule &rule(const std::string &id, Severity severity = Severity::Error) {
    Rule &rule = rules.emplace_back();
    rule.id = id;
    rule.kind = "legacy-name";
    rule.severity = severity;
    rule.mark = {".ssot.yaml", 7, 5};
    judged.push_back({&rule, Judgement()});
    return rule;
  }
  /// Adds a site to the rule added last.
  Site &site(std::uint32_t file, Place place, Verdict verdict = Verdict::Violation) {
    Site site;
    site.place = place;
    site.place.file = file;
    site.verdict = verdict;
    site.symbol = "ns::Old";
    site.canonical = "ns::New";
    site.message = "use of ns::Old";
    site.identity = "ns::f Old x ;";
    judged.back().judgement.sites.push_back(site);
    return judged.back().judgement.sites.back();
  }
  void sites(std::uint32_t file, unsigned compliant, unsigned violations) {
    for (unsigned i = 0; i < compliant; ++i)
      site(file, at(100 + i), Verdict::Compliant);
    for (unsigned i = 0; i < violations; ++i)
      site(file, at(10000 + i));
  }

  Result decide() {
    // Links a copy, so that a test may decide twice.
    Linker linker;
    linker.add(UnitFacts(facts));
    Index index = linker.finish();
    std::vector<JudgedRule> linked = judged;
    auto relink = [&](Place &place) {
      for (std::uint32_t i = 0; i < index.files().size(); ++i)
        if (index.files()[i].path == facts.files[place.file].path) {
          place.file = i;
          return;
        }
    };
    for (JudgedRule &rule : linked) {
      for (Site &site : rule.judgement.sites) {
        relink(site.place);
        for (Note &note : site.notes)
          if (note.place)
            relink(*note.place);
      }
      for (Aside &aside : rule.judgement.asides)
        relink(aside.place);
      for (AdapterEntry &adapter : rule.judgement.adapters)
        relink(adapter.place);
    }
    return ssot::decide(config, sourcesOf(index), std::move(linked), coverage, options);
  }
};

/// "line:column kind state" of each finding.
std::vector<std::string> summaries(const Result &result) {
  static constexpr const char *kStates[] = {"new", "baseline", "suppressed", "allowed"};
  std::vector<std::string> lines;
  for (const Finding &finding : result.findings)
    lines.push_back(finding.file + ":" + std::to_string(finding.place.line) + " " + finding.kind + " " +
                    kStates[static_cast<int>(finding.state)]);
  return lines;
}

TEST(ShareTest, IsNeverRoundedUp) {
  EXPECT_EQ((Share{9999, 10000}.text()), "99.9 %");
  EXPECT_DOUBLE_EQ((Share{9999, 10000}.percent()), 99.9);
  EXPECT_EQ((Share{99999999, 100000000}.text()), "99.9 %");
  EXPECT_EQ((Share{189, 200}.text()), "94.5 %");
  EXPECT_EQ((Share{2, 3}.text()), "66.6 %");
  EXPECT_EQ((Share{7, 7}.text()), "100.0 %");
  EXPECT_EQ((Share{0, 7}.text()), "0.0 %");
  EXPECT_EQ((Share{0, 0}.text()), "no sites");
  EXPECT_EQ((Share{SIZE_MAX - 1, SIZE_MAX}.text()), "99.9 %");
}

TEST(ShareTest, KeepsTheTenthThatIsThere) {
  for (std::size_t part = 0; part <= 1000; ++part)
    EXPECT_DOUBLE_EQ((Share{part, 1000}.percent()), static_cast<double>(part) / 10);
}

/// The example of docs/compliance.md, in the same order.
TEST(Compliance, IsAsComputedByHandInTheDocumentation) {
  Scenario run;
  std::uint32_t a = run.file("src/a.cpp"), b = run.file("src/b.cpp"), c = run.file("src/c.cpp");
  run.file("src/d.h");
  run.rule("one-router");
  run.sites(a, 1, 2);
  run.rule("no-old-names");
  run.sites(b, 4, 1);
  run.rule("short-files", Severity::Warning);
  run.sites(c, 3, 1);
  run.rule("style", Severity::Note);
  run.sites(a, 0, 1);
  run.rule("no-singletons");
  run.coverage.units.total = 3;
  run.coverage.units.parsed = 3;
  run.coverage.headers = 2;
  run.coverage.unreachedHeaders = {"src/e.h"};
  run.coverage.orphanSources = {"src/f.cpp"};
  Result result = run.decide();
  EXPECT_EQ(result.rules[0].compliance.text(), "33.3 %");
  EXPECT_EQ(result.rules[1].compliance.text(), "80.0 %");
  EXPECT_EQ(result.rules[2].compliance.text(), "75.0 %");
  EXPECT_EQ(result.rules[3].compliance.text(), "0.0 %");
  EXPECT_EQ(result.rules[4].compliance.text(), "no sites");
  EXPECT_EQ(result.ssot.part, 5u);
  EXPECT_EQ(result.ssot.whole, 8u);
  EXPECT_EQ(result.ssot.text(), "62.5 %");
  EXPECT_EQ(result.architecture.part, 1u);
  EXPECT_EQ(result.architecture.whole, 4u);
  EXPECT_EQ(result.architecture.text(), "25.0 %");
  EXPECT_EQ(result.coverage.share().text(), "66.6 %");
  EXPECT_EQ(result.violations, 3u);
  EXPECT_FALSE(result.gatePassed);
}

TEST(Compliance, CountsOnlyFilesOfTheProjectInScope) {
  Scenario run;
  run.file("src/a.cpp");
  run.file("/usr/include/x.h", /*inProject=*/false);
  std::uint32_t vendored = run.file("third_party/v.h");
  run.config.scope.exclude.push_back(glob("third_party/**"));
  run.rule("r");
  run.sites(vendored, 0, 1);
  EXPECT_EQ(run.decide().architecture.part, 1u);
  EXPECT_EQ(run.decide().architecture.whole, 1u);
}

TEST(Compliance, AMissingCanonicalDefinitionIsASiteThatIsNotCompliant) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.sites(a, 3, 0);
  run.judged.back().judgement.problems.push_back(
      {"canonical-missing", "ns::New", "no unit defines ns::New; did you mean ns::Now?"});
  Result result = run.decide();
  EXPECT_EQ(result.rules[0].compliance.text(), "75.0 %");
  ASSERT_EQ(result.findings.size(), 1u);
  const Finding &finding = result.findings.front();
  EXPECT_EQ(finding.kind, "canonical-missing");
  EXPECT_EQ(finding.severity, Severity::Error);
  EXPECT_EQ(finding.file, ".ssot.yaml");
  EXPECT_EQ(finding.place.line, 7u);
  EXPECT_EQ(finding.place.column, 5u);
  EXPECT_EQ(finding.symbol, "ns::New");
  EXPECT_FALSE(result.gatePassed);
}

TEST(CoverageTest, CountsWhatWasAnalysedOfWhatThereIs) {
  Coverage coverage;
  coverage.units.total = 10;
  coverage.units.parsed = 4;
  coverage.units.cached = 3;
  coverage.units.skipped = 2;
  coverage.units.failed = {{"x.cpp", "why"}};
  coverage.headers = 5;
  coverage.unreachedHeaders = {"a.h", "b.h"};
  coverage.orphanSources = {"o.cpp"};
  coverage.unreadable = {{"compile_commands.json:1:2", "gone"}};
  EXPECT_EQ(coverage.share().part, 12u);
  EXPECT_EQ(coverage.share().whole, 17u);
  EXPECT_FALSE(coverage.complete());
  EXPECT_TRUE(Coverage().complete());
}

TEST(Gate, PassesWithoutViolationsAndWithViolationsOfLesserSeverity) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.sites(a, 2, 0);
  EXPECT_TRUE(run.decide().gatePassed);
  run.rule("w", Severity::Warning);
  run.sites(a, 0, 1);
  Result result = run.decide();
  EXPECT_TRUE(result.gatePassed);
  EXPECT_EQ(result.violations, 0u);
  EXPECT_EQ(result.findings.size(), 1u);
  run.rule("e");
  run.sites(a, 0, 1);
  EXPECT_FALSE(run.decide().gatePassed);
}

TEST(Gate, ComparesTheMinimumWithTheExactFraction) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r").allow.push_back({std::nullopt, glob("**"), "known", "", {}});
  run.sites(a, 1999, 1); // 99.95 %
  for (auto [minimum, passes] :
       std::vector<std::pair<double, bool>>{{99.9, true}, {99.95, true}, {99.951, false}, {100, false}, {0, true}}) {
    run.options.minCompliance = minimum;
    Result result = run.decide();
    EXPECT_EQ(result.gatePassed, passes) << minimum;
    EXPECT_EQ(result.reachesMinimum, passes) << minimum;
  }
}

TEST(Gate, TheCommandLinesMinimumWinsOverTheConfigurations) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r").allow.push_back({std::nullopt, glob("**"), "known", "", {}});
  run.sites(a, 1, 1);
  run.config.minCompliance = 60;
  EXPECT_FALSE(run.decide().gatePassed);
  run.options.minCompliance = 50;
  EXPECT_TRUE(run.decide().gatePassed);
}

TEST(Gate, AMinimumAsksNothingOfRulesWithoutSites) {
  Scenario run;
  run.file("a.cpp");
  run.rule("r");
  run.options.minCompliance = 100;
  EXPECT_TRUE(run.decide().gatePassed);
}

TEST(Gate, ExitCodesAreAsPromised) {
  Result result;
  result.gatePassed = true;
  EXPECT_EQ(exitCode(result, false), ExitCode::Passed);
  result.gatePassed = false;
  EXPECT_EQ(exitCode(result, false), ExitCode::GateFailed);
  result.coverage.units.failed = {{"a.cpp", "error"}};
  EXPECT_EQ(exitCode(result, false), ExitCode::Incomplete);
  EXPECT_EQ(exitCode(result, true), ExitCode::GateFailed);
  result.gatePassed = true;
  EXPECT_EQ(exitCode(result, true), ExitCode::Passed);
  EXPECT_EQ(exitCode(result, false), ExitCode::Incomplete);
}

TEST(Findings, AreSortedByFileLineColumnRule) {
  Scenario run;
  std::uint32_t b = run.file("b.cpp"), a = run.file("a.cpp");
  run.rule("second");
  run.site(b, at(1));
  run.site(a, at(9, 2));
  run.rule("first");
  run.site(a, at(9, 2));
  run.site(a, at(9, 1));
  run.site(a, at(2));
  Result result = run.decide();
  std::vector<std::string> order;
  for (const Finding &finding : result.findings)
    order.push_back(finding.file + ":" + std::to_string(finding.place.line) + ":" +
                    std::to_string(finding.place.column) + " " + finding.rule);
  EXPECT_THAT(order, ElementsAre("a.cpp:2:1 first", "a.cpp:9:1 first", "a.cpp:9:2 first", "a.cpp:9:2 second",
                                 "b.cpp:1:1 second"));
}

TEST(Findings, CarryWhatTheJudgeSaid) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  Site &site = run.site(a, at(3, 4));
  site.role = Role::Implementation;
  site.similarity = 0.93;
  site.fixable = true;
  Place other = at(8);
  other.file = a;
  site.notes = {{other, "the canonical one is here"}, {std::nullopt, "it swallows an exception"}};
  run.judged.back().judgement.adapters.push_back({"ns::Adapter", "ns::New", other});
  run.judged.back().judgement.asides.push_back({other, Role::TestDouble, "ns::MockNew", "", false});
  Result result = run.decide();
  const Finding &finding = result.findings.at(0);
  EXPECT_EQ(finding.role, Role::Implementation);
  EXPECT_EQ(finding.similarity, 0.93);
  EXPECT_TRUE(finding.fixable);
  ASSERT_EQ(finding.related.size(), 2u);
  EXPECT_EQ(finding.related[0].file, "a.cpp");
  EXPECT_EQ(finding.related[0].place->line, 8u);
  EXPECT_EQ(finding.related[1].file, "");
  EXPECT_THAT(finding.fingerprint, MatchesRegex("[0-9a-f]{16}"));
  ASSERT_EQ(result.adapters.size(), 1u);
  EXPECT_EQ(result.adapters[0].file, "a.cpp");
  EXPECT_EQ(result.adapters[0].line, 8u);
  ASSERT_EQ(result.asides.size(), 1u);
  EXPECT_EQ(result.asides[0].rule, "r");
}

std::vector<std::string> fingerprints(const Result &result) {
  std::vector<std::string> prints;
  for (const Finding &finding : result.findings)
    prints.push_back(finding.fingerprint);
  return prints;
}

TEST(Fingerprints, SurviveOtherLinesAndOtherFiles) {
  Scenario before, after;
  before.rule("r");
  before.site(before.file("a.cpp"), at(3));
  after.rule("r");
  after.site(after.file("renamed/b.cpp"), at(77, 9));
  EXPECT_EQ(fingerprints(before.decide()), fingerprints(after.decide()));
}

TEST(Fingerprints, TellRulesCodeAndRepeatsApart) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.site(a, at(1));
  run.site(a, at(2));
  run.site(a, at(3)).identity = "ns::g Old x ;";
  run.rule("s");
  run.site(a, at(4));
  std::vector<std::string> prints = fingerprints(run.decide());
  std::sort(prints.begin(), prints.end());
  EXPECT_EQ(std::unique(prints.begin(), prints.end()), prints.end());
  EXPECT_EQ(prints.size(), 4u);
}

/// Other programs keep fingerprints: a new version of ssot must not change them.
TEST(Fingerprints, AreTheHashOfRuleIdentityAndOrdinal) {
  Scenario run;
  run.rule("r");
  std::uint32_t a = run.file("a.cpp");
  run.site(a, at(1)).identity = "f Old";
  run.site(a, at(2)).identity = "f Old";
  auto hash = [](llvm::StringRef key) { return llvm::utohexstr(llvm::xxh3_64bits(key), /*LowerCase=*/true, 16); };
  using namespace std::string_literals;
  EXPECT_THAT(fingerprints(run.decide()), ElementsAre(hash("r\0f Old\0"s + "0"), hash("r\0f Old\0"s + "1")));
}

TEST(Fingerprints, DoNotDependOnTheOrderOfSites) {
  Scenario one, other;
  std::uint32_t a = one.file("a.cpp"), b = other.file("a.cpp");
  one.rule("r");
  one.site(a, at(1));
  one.site(a, at(2));
  other.rule("r");
  other.site(b, at(2));
  other.site(b, at(1));
  EXPECT_EQ(fingerprints(one.decide()), fingerprints(other.decide()));
}

TEST(Suppressions, CoverTheLineTheNextLineOrARange) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp"), b = run.file("b.cpp");
  run.rule("r");
  run.nolint(NolintKind::Line, "r", "legacy entry point", a, 5);
  run.nolint(NolintKind::NextLine, "r", "see ticket", a, 9);
  run.nolint(NolintKind::Begin, "r", "generated", a, 20);
  run.nolint(NolintKind::End, "r", "", a, 30);
  for (std::uint32_t line : {4, 5, 9, 10, 11, 19, 20, 25, 30, 31})
    run.site(a, at(line));
  run.site(b, at(5));
  Result result = run.decide();
  EXPECT_THAT(summaries(result),
              ElementsAre("a.cpp:4 legacy-name new", "a.cpp:5 legacy-name suppressed", "a.cpp:9 legacy-name new",
                          "a.cpp:10 legacy-name suppressed", "a.cpp:11 legacy-name new", "a.cpp:19 legacy-name new",
                          "a.cpp:20 legacy-name suppressed", "a.cpp:25 legacy-name suppressed",
                          "a.cpp:30 legacy-name suppressed", "a.cpp:31 legacy-name new", "b.cpp:5 legacy-name new"));
  EXPECT_EQ(result.findings[1].reason, "legacy entry point");
  EXPECT_EQ(result.violations, 6u);
}

TEST(Suppressions, KeepSitesNonCompliantButPassTheGate) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.nolint(NolintKind::Line, "r", "why", a, 5);
  run.site(a, at(5));
  run.site(a, at(6), Verdict::Compliant);
  Result result = run.decide();
  EXPECT_EQ(result.ssot.text(), "50.0 %");
  EXPECT_EQ(result.architecture.part, 0u);
  EXPECT_TRUE(result.gatePassed);
}

TEST(Suppressions, WithoutAReasonSuppressNothingAndAreFindings) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.nolint(NolintKind::Line, "r", "", a, 5);
  run.site(a, at(5));
  Result result = run.decide();
  EXPECT_THAT(summaries(result), ElementsAre("a.cpp:5 legacy-name new", "a.cpp:5 suppression-without-reason new"));
  EXPECT_EQ(result.violations, 2u);
}

TEST(Suppressions, ThatSuppressNothingAreWarnings) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.nolint(NolintKind::Line, "r", "why", a, 5);
  run.nolint(NolintKind::Line, "inactive", "why", a, 6);
  run.site(a, at(5), Verdict::Compliant);
  Result result = run.decide();
  ASSERT_THAT(summaries(result), ElementsAre("a.cpp:5 unused-suppression new"));
  EXPECT_EQ(result.findings[0].severity, Severity::Warning);
  EXPECT_TRUE(result.gatePassed);
}

TEST(Suppressions, AreNotCalledUnusedWhenNotEverythingWasSeen) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r").allow.push_back({pattern("x"), std::nullopt, "why", "", {".ssot.yaml", 9, 9}});
  run.nolint(NolintKind::Line, "r", "why", a, 5);
  EXPECT_EQ(run.decide().findings.size(), 2u);
  run.options.partial = true;
  EXPECT_THAT(run.decide().findings, IsEmpty());
  run.options.partial = false;
  run.coverage.units.failed = {{"b.cpp", "error"}};
  EXPECT_THAT(run.decide().findings, IsEmpty());
}

TEST(Suppressions, OfOtherRulesDoNotCount) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.nolint(NolintKind::Line, "s", "why", a, 5);
  run.site(a, at(5));
  EXPECT_THAT(summaries(run.decide()), ElementsAre("a.cpp:5 legacy-name new"));
}

TEST(Suppressions, RangesWithoutTheirOtherEndAreFindings) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp"), b = run.file("b.cpp");
  run.rule("r");
  run.nolint(NolintKind::Begin, "r", "why", a, 5);
  run.nolint(NolintKind::End, "r", "", b, 9);
  run.site(a, at(6));
  EXPECT_THAT(summaries(run.decide()), ElementsAre("a.cpp:5 unmatched-suppression new", "a.cpp:6 legacy-name new",
                                                   "b.cpp:9 unmatched-suppression new"));
}

TEST(Suppressions, RangesNest) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.nolint(NolintKind::Begin, "r", "outer", a, 10);
  run.nolint(NolintKind::Begin, "r", "inner", a, 20);
  run.nolint(NolintKind::End, "r", "", a, 30);
  run.nolint(NolintKind::End, "r", "", a, 40);
  for (std::uint32_t line : {15, 25, 35})
    run.site(a, at(line));
  Result result = run.decide();
  EXPECT_THAT(summaries(result), Each(HasSubstr("suppressed")));
  EXPECT_EQ(result.findings.size(), 3u);
}

TEST(Allowances, ExcuseBySymbolOrFile) {
  Scenario run;
  std::uint32_t a = run.file("src/a.cpp"), b = run.file("legacy/b.cpp");
  Rule &rule = run.rule("r");
  rule.allow.push_back({pattern("ns::Known.*"), std::nullopt, "rewritten in May", "2026-06-01", {".ssot.yaml", 9, 9}});
  rule.allow.push_back({std::nullopt, glob("legacy/**"), "leaves with v3", "", {".ssot.yaml", 10, 9}});
  run.site(a, at(1)).symbol = "ns::KnownRouter";
  run.site(a, at(2)).symbol = "ns::Other";
  run.site(b, at(3));
  Result result = run.decide();
  EXPECT_THAT(summaries(result), ElementsAre("legacy/b.cpp:3 legacy-name allowed", "src/a.cpp:1 legacy-name allowed",
                                             "src/a.cpp:2 legacy-name new"));
  EXPECT_EQ(result.findings[0].reason, "leaves with v3");
  EXPECT_EQ(result.ssot.text(), "0.0 %");
  EXPECT_EQ(result.violations, 1u);
}

TEST(Allowances, EndAfterTheirLastDay) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r").allow.push_back({pattern("ns::Old"), std::nullopt, "soon", "2026-05-31", {".ssot.yaml", 9, 9}});
  run.site(a, at(1));
  Result result = run.decide();
  ASSERT_THAT(summaries(result), ElementsAre(".ssot.yaml:9 expired-allowance new", "a.cpp:1 legacy-name new"));
  EXPECT_EQ(result.findings[0].severity, Severity::Warning);
  EXPECT_EQ(result.findings[0].message,
            "the allowance for symbol ns::Old ended on 2026-05-31; what it excused counts again");
  EXPECT_EQ(result.violations, 1u);
}

TEST(Allowances, ThatEndedAreNotCalledNeedlessWhenNotEverythingWasSeen) {
  Scenario run;
  run.file("a.cpp");
  run.rule("r").allow.push_back({pattern("ns::Old"), std::nullopt, "soon", "2026-05-31", {".ssot.yaml", 9, 9}});
  EXPECT_EQ(run.decide().findings.at(0).message,
            "the allowance for symbol ns::Old ended on 2026-05-31 and nothing needs it; remove it");
  run.options.partial = true;
  EXPECT_EQ(run.decide().findings.at(0).message, "the allowance for symbol ns::Old ended on 2026-05-31");
}

TEST(Allowances, ThatExcuseNothingAreWarnings) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r").allow.push_back({pattern("ns::Gone"), std::nullopt, "soon", "", {".ssot.yaml", 9, 9}});
  run.site(a, at(1), Verdict::Compliant);
  Result result = run.decide();
  ASSERT_THAT(summaries(result), ElementsAre(".ssot.yaml:9 unused-allowance new"));
  EXPECT_TRUE(result.gatePassed);
}

TEST(Allowances, GiveWayToACommentAtTheSite) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r").allow.push_back({pattern("ns::Old"), std::nullopt, "allowed", "", {".ssot.yaml", 9, 9}});
  run.nolint(NolintKind::Line, "r", "in the code", a, 1);
  run.site(a, at(1));
  Result result = run.decide();
  ASSERT_THAT(summaries(result), ElementsAre("a.cpp:1 legacy-name suppressed"));
  EXPECT_EQ(result.findings[0].reason, "in the code");
}

// --- the baseline ---

/// A baseline of what \p run finds now.
Baseline baselineOf(Scenario &run) {
  Baseline baseline{"base.line", baselineEntries(run.decide())};
  unsigned line = 1;
  for (BaselineEntry &entry : baseline.entries)
    entry.mark = ++line;
  return baseline;
}

TEST(BaselineGate, PassesWithWhatWasAcceptedAndFailsWithASwap) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.site(a, at(1)).identity = "ns::f Old x";
  run.site(a, at(2)).identity = "ns::g Old x";
  Baseline baseline = baselineOf(run);
  run.options.baseline = &baseline;
  EXPECT_TRUE(run.decide().gatePassed);
  EXPECT_THAT(summaries(run.decide()), ElementsAre("a.cpp:1 legacy-name baseline", "a.cpp:2 legacy-name baseline"));
  EXPECT_EQ(run.decide().rules[0].compliance.text(), "0.0 %") << "accepted is not compliant";

  run.judged.back().judgement.sites.back().identity = "ns::h Old x";
  Result swapped = run.decide();
  EXPECT_FALSE(swapped.gatePassed);
  EXPECT_EQ(swapped.violations, 1u);
  EXPECT_THAT(summaries(swapped),
              ElementsAre("a.cpp:1 legacy-name baseline", "a.cpp:2 legacy-name new", "base.line:3 stale-baseline new"));
  EXPECT_EQ(swapped.baseline->entries, 2u);
  EXPECT_EQ(swapped.baseline->matched, 1u);
  EXPECT_EQ(swapped.baseline->unmatched, 1u);
}

TEST(BaselineGate, FewerViolationsPassUnlessAskedToBeStrict) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.site(a, at(1));
  run.site(a, at(2));
  Baseline baseline = baselineOf(run);
  run.options.baseline = &baseline;
  run.judged.back().judgement.sites.erase(run.judged.back().judgement.sites.begin()); // the first of two equal ones
  EXPECT_TRUE(run.decide().gatePassed);
  EXPECT_THAT(summaries(run.decide()), ElementsAre("a.cpp:2 legacy-name baseline", "base.line:3 stale-baseline new"));
  run.options.strictBaseline = true;
  EXPECT_FALSE(run.decide().gatePassed);
}

TEST(BaselineGate, KnowsNothingOfStaleEntriesWhenNotEverythingWasSeen) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.site(a, at(1));
  Baseline baseline = baselineOf(run);
  run.options.baseline = &baseline;
  run.options.strictBaseline = true;
  run.judged.back().judgement.sites.clear();
  EXPECT_FALSE(run.decide().gatePassed);
  run.options.partial = true;
  EXPECT_TRUE(run.decide().gatePassed);
  EXPECT_EQ(run.decide().unmatched.size(), 1u) << "kept by an update";
  run.options.partial = false;
  run.coverage.units.failed = {{"b.cpp", "why"}};
  EXPECT_THAT(run.decide().findings, IsEmpty());
}

TEST(BaselineGate, HoldsNoFindingsAboutRulesAndNoExcusedSites) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.nolint(NolintKind::Line, "r", "known", a, 1);
  run.nolint(NolintKind::Line, "r", "", a, 2);
  run.rule("r");
  run.site(a, at(1));
  run.site(a, at(2));
  run.judged.back().judgement.problems.push_back({"canonical-missing", "ns::New", "nothing defines it"});
  std::vector<BaselineEntry> entries = baselineEntries(run.decide());
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].line, 2u);
  // What is suppressed now needs no entry any more.
  Baseline baseline{"base.line", {entries[0], entries[0]}};
  run.options.baseline = &baseline;
  EXPECT_EQ(run.decide().baseline->unmatched, 1u);
}

TEST(BaselineGate, TwoBaselinesOfOneSiteCoverOne) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.site(a, at(1));
  Baseline baseline = baselineOf(run), before = baseline;
  run.site(a, at(2));
  run.options.baseline = &baseline;
  run.options.before = &before;
  EXPECT_EQ(run.decide().violations, 1u);
  EXPECT_THAT(summaries(run.decide()), ElementsAre("a.cpp:1 legacy-name baseline", "a.cpp:2 legacy-name new"));
}

TEST(BaselineGate, WhatWasThereBeforeIsNeverStale) {
  Scenario run;
  std::uint32_t a = run.file("a.cpp");
  run.rule("r");
  run.site(a, at(1));
  Baseline before = baselineOf(run);
  run.options.before = &before;
  EXPECT_TRUE(run.decide().gatePassed);
  run.judged.back().judgement.sites.clear();
  EXPECT_THAT(run.decide().findings, IsEmpty());
  EXPECT_TRUE(run.decide().compared);
  EXPECT_FALSE(run.decide().baseline.has_value());
}

} // namespace
