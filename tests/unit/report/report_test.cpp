#include "report/report.h"

#include "report/excerpt.h"
#include "report/words.h"

#include "unit/report/sample_report.h"

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ssot;
using namespace testing;
using namespace ssot::test;

namespace {

TEST(TextReport, SaysLittleWhenAllIsWell) {
  Report report;
  report.result.rules[0].compliance = {2, 2};
  report.result.ssot = report.result.architecture = {2, 2};
  EXPECT_EQ(report.text(), "rule        kind          severity  compliant  sites  compliance\n"
                           "one-router  single-class  error             2      2     100.0 %\n"
                           "\n"
                           "SSOT compliance            100.0 %  (2 of 2 sites)\n"
                           "Architecture compliance    100.0 %  (2 of 2 files)\n"
                           "Coverage                   100.0 %  (2 of 2 units, 1 of 1 header)\n"
                           "\n"
                           "Gate passed\n");
}

TEST(TextReport, ShowsFindingsAsClangDoesThenFiguresThenTheVerdict) {
  Report report;
  report.rule("empty", "legacy-name", Share{}, "", Severity::Warning);
  Finding &finding = report.finding(at(2, 7, 11), "app::OtherRouter is a second app::Router");
  finding.related.push_back({"src/router.h", at(9, 3, 1), "the canonical one is here"});
  finding.related.push_back({"", std::nullopt, "route() swallows an exception"});
  report.result.minCompliance = 100;
  report.result.reachesMinimum = false;
  EXPECT_EQ(report.text(), "== one-router == single-class, 1 finding\n"
                           "One router routes all messages.\n"
                           "\n"
                           "src/a.cpp:2:7: error: app::OtherRouter is a second app::Router [ssot-one-router]\n"
                           "    2 | class OtherRouter {\n"
                           "      |       ^~~~~~~~~~~\n"
                           "src/router.h:9:3: note: the canonical one is here\n"
                           "note: route() swallows an exception\n"
                           "\n"
                           "rule        kind          severity  compliant  sites  compliance\n"
                           "one-router  single-class  error             1      2      50.0 %\n"
                           "empty       legacy-name   warning           -      -    no sites\n"
                           "\n"
                           "SSOT compliance             50.0 %  (1 of 2 sites)\n"
                           "Architecture compliance     50.0 %  (1 of 2 files)\n"
                           "Coverage                   100.0 %  (2 of 2 units, 1 of 1 header)\n"
                           "\n"
                           "Gate failed: 1 violation; SSOT compliance is under the minimum of 100 %\n");
}

TEST(TextReport, ADescriptionMayHaveSeveralLines) {
  Report report;
  report.config.rules[0].description = "One router.\nIt routes all messages.\n";
  report.finding(at(2, 7, 11), "second");
  EXPECT_THAT(report.text(), StartsWith("== one-router == single-class, 1 finding\n"
                                        "One router.\n"
                                        "It routes all messages.\n"
                                        "\n"));
}

TEST(TextReport, HidesWhatIsExcusedUnlessAsked) {
  Report report;
  Finding &suppressed = report.finding(at(2, 7, 11), "app::OtherRouter is a second app::Router");
  suppressed.state = FindingState::Suppressed;
  suppressed.reason = "leaves with v3";
  report.finding(at(3, 6, 5), "allowed one").state = FindingState::Allowed;
  report.result.gatePassed = true;
  report.result.violations = 0;
  EXPECT_THAT(report.text(),
              StartsWith("Not shown: 1 suppressed, 1 allowed findings (--show-suppressed shows them)\n\nrule "));
  report.showSuppressed = true;
  EXPECT_THAT(
      report.text(),
      AllOf(HasSubstr("src/a.cpp:2:7: suppressed: app::OtherRouter is a second app::Router [ssot-one-router]\n"),
            HasSubstr("note: reason: leaves with v3\n"), HasSubstr("src/a.cpp:3:6: allowed: allowed one"),
            Not(HasSubstr("Not shown")), EndsWith("\nGate passed\n")));
}

TEST(TextReport, SaysWhatWasNotAnalysed) {
  Report report;
  Coverage &coverage = report.result.coverage;
  coverage.units.parsed = 1;
  coverage.units.failed = {{"src/b.cpp", "src/b.cpp:1:33: use of undeclared identifier 'nowhere'"}};
  coverage.unreadable = {{"build/compile_commands.json:4:2", "src/gone.cpp: this file is gone"}};
  coverage.headers = 5;
  coverage.unreachedHeaders = {"a.h", "b.h", "c.h", "d.h"};
  coverage.orphanSources = {"tools/x.cpp"};
  std::string text = report.text();
  EXPECT_THAT(text, StartsWith("1 of 2 translation units could not be analysed\n"
                               "  src/b.cpp:1:33: use of undeclared identifier 'nowhere'\n"
                               "\n"
                               "1 file or compile command could not be used\n"
                               "  build/compile_commands.json:4:2: src/gone.cpp: this file is gone\n"
                               "\n"
                               "No translation unit includes 4 headers: a.h, b.h, c.h and 1 more\n"
                               "No command compiles 1 source file: tools/x.cpp\n"
                               "\n"));
  EXPECT_THAT(text, HasSubstr("SSOT compliance             50.0 %  (1 of 2 sites, incomplete)\n"));
  EXPECT_THAT(text, HasSubstr("(1 of 2 units, 1 of 5 headers, 1 source file without a command, incomplete)\n"));
  EXPECT_THAT(text, EndsWith("\nGate passed: the analysis is incomplete (--allow-incomplete accepts that)\n"));
  report.allowIncomplete = true;
  EXPECT_THAT(report.text(), EndsWith("\nGate passed: the analysis is incomplete\n"));
}

TEST(TextReport, CountsMentionsThatCouldNotBeJudgedAndCutsTheList) {
  Report report;
  for (std::uint32_t line = 1; line <= 12; ++line)
    report.result.asides.push_back(
        {"one-router", {at(line, 1, 1), Role::Use, "app::Old", line > 10 ? "dependent" : "macro-body", true}, "a.cpp"});
  report.result.asides.push_back({"one-router", {at(20, 1, 1), Role::TestDouble, "app::Mock", "", false}, "a.cpp"});
  EXPECT_THAT(report.text(), AllOf(StartsWith("12 mentions could not be judged: 2 dependent, 10 macro-body\n"
                                              "  a.cpp:1:1: app::Old (macro-body) [ssot-one-router]\n"),
                                   HasSubstr("\n  ... and 2 more\n\nrule "), Not(HasSubstr("Mock"))));
}

TEST(TextReport, ColoursAsClangDoes) {
  Report report;
  report.finding(at(2, 7, 11), "second");
  std::string text = report.text(/*color=*/true);
  EXPECT_THAT(
      text, HasSubstr("\x1b[0;1msrc/a.cpp:2:7: \x1b[0m\x1b[0;1;31merror: \x1b[0;1msecond\x1b[0m [ssot-one-router]\n"));
  EXPECT_THAT(text, HasSubstr("\x1b[0;1;32m      ^~~~~~~~~~~\x1b[0m\n"));
  EXPECT_THAT(report.text(/*color=*/false), Not(HasSubstr("\x1b")));
}

TEST(TextReport, EscapesWhatWouldMoveTheCursor) {
  Report report;
  report.finding(at(2, 7, 11), "name \x1b[2J and \xe2\x80\xae and \xff").file = "new\nline.cpp";
  EXPECT_THAT(report.text(),
              HasSubstr("new\\nline.cpp:2:7: error: name \\x1b[2J and \\u202e and \\xff [ssot-one-router]\n"));
}

TEST(TextReport, DoesWithoutASourceThatCannotBeRead) {
  Report report;
  report.finding(at(2, 7, 11), "second").file = "gone.cpp";
  report.finding(at(99, 1, 1), "beyond the end");
  EXPECT_THAT(report.text(), AllOf(HasSubstr("gone.cpp:2:7: error: second [ssot-one-router]\n\n"),
                                   HasSubstr("src/a.cpp:99:1: error: beyond the end [ssot-one-router]\n\n")));
}

/// line + newline + marks.
std::string excerpt(llvm::StringRef text, Place place, std::size_t columns = 80) {
  std::optional<Excerpt> excerpt = excerptOf(text, place, columns);
  return excerpt ? excerpt->line + "\n" + excerpt->marks : "none";
}

TEST(ExcerptTest, ExpandsTabsAndCountsColumnsNotBytes) {
  EXPECT_EQ(excerpt(kSource, at(3, 6, 5)), "        int näme(int x);\n            ^~~~");
  EXPECT_EQ(excerpt("a\tb", at(1, 3, 1)), "a       b\n        ^");
  EXPECT_EQ(excerpt("\xe6\xbc\xa2\xe5\xad\x97 x", at(1, 4, 3)), "\xe6\xbc\xa2\xe5\xad\x97 x\n  ^~"); // two columns each
}

TEST(ExcerptTest, MarksToTheEndOfTheFirstLineAtMost) {
  Place place = at(2, 1, 1);
  place.endLine = 4;
  place.endColumn = 2;
  EXPECT_EQ(excerpt(kSource, place), "class OtherRouter {\n^~~~~~~~~~~~~~~~~~~");
}

TEST(ExcerptTest, TakesWindowsLineEndsAndPlacesWithoutLength) {
  EXPECT_EQ(excerpt("int a;\r\nint b;\r\n", at(2, 5, 1)), "int b;\n    ^");
  EXPECT_EQ(excerpt("int a;", at(1, 7, 0)), "int a;\n      ^");
  EXPECT_EQ(excerpt("", at(1, 1, 0)), "\n^");
}

TEST(ExcerptTest, ShowsBytesThatAreNoUtf8) { EXPECT_EQ(excerpt("x \xe4 y", at(1, 5, 1)), "x \\xe4 y\n       ^"); }

TEST(ExcerptTest, CutsLongLinesAroundTheCaret) {
  std::string line(100, 'a');
  line[50] = 'X';
  std::string shown = excerpt(line, at(1, 51, 1), 20);
  EXPECT_EQ(shown, "...aaaaaaaXaaaaaa...\n          ^");
  EXPECT_EQ(excerpt(line, at(1, 1, 2), 20), "aaaaaaaaaaaaaa...\n^~");
}

TEST(ExcerptTest, HasNothingToShowWithoutALine) {
  EXPECT_EQ(excerpt("a", at(2, 1, 1)), "none");
  EXPECT_EQ(excerpt("a", at(0, 0, 0)), "none");
}

TEST(JsonReport, HasTheKeysOfTheContract) {
  Report report;
  report.result.minCompliance = 100;
  report.result.ssot = {189, 200};
  report.result.architecture = {52, 57};
  Finding &finding = report.finding(at(2, 7, 11), "second");
  finding.similarity = 0.93;
  finding.fixable = true;
  finding.related.push_back({"src/router.h", at(9, 3, 1), "the canonical one is here"});
  report.result.violations = 11;
  report.result.adapters.push_back({"app::Adapter", "app::Router", "src/b.cpp", 4});
  report.result.coverage.units = {40, 12, 28, 0, {{"c.cpp", "c.cpp:1:1: error"}}};
  nlohmann::json json = report.json();
  EXPECT_EQ(json["schema"], "ssot-report/1");
  EXPECT_EQ(json["tool"], nlohmann::json({{"name", "ssot"}, {"version", "1.2.3"}}));
  EXPECT_EQ(json["compliance"]["ssot"], 94.5);
  EXPECT_EQ(json["compliance"]["architecture"], 91.2);
  EXPECT_EQ(json["compliance"]["sites"], 200);
  EXPECT_EQ(json["compliance"]["compliant"], 189);
  EXPECT_EQ(json["compliance"]["files"], 57);
  EXPECT_EQ(json["compliance"]["clean_files"], 52);
  EXPECT_EQ(json["compliance"]["coverage"], 100.0);
  EXPECT_EQ(json["compliance"]["complete"], false);
  EXPECT_EQ(json["gate"]["passed"], false);
  EXPECT_EQ(json["gate"]["min_compliance"], 100.0);
  EXPECT_EQ(json["gate"]["violations"], 11);
  EXPECT_EQ(json["rules"][0], nlohmann::json({{"id", "one-router"},
                                              {"kind", "single-class"},
                                              {"severity", "error"},
                                              {"compliance", 50.0},
                                              {"sites", 2},
                                              {"compliant", 1}}));
  EXPECT_EQ(json["findings"].size(), 1u);
  EXPECT_EQ(
      json["findings"][0],
      nlohmann::json(
          {{"rule", "one-router"},
           {"kind", "single-class"},
           {"severity", "error"},
           {"state", "new"},
           {"file", "src/a.cpp"},
           {"line", 2},
           {"column", 7},
           {"end_line", 2},
           {"end_column", 18},
           {"symbol", "app::OtherRouter"},
           {"role", "implementation"},
           {"canonical", "app::Router"},
           {"similarity", 0.93},
           {"message", "second"},
           {"fixable", true},
           {"fingerprint", "00112233445566aa"},
           {"notes",
            nlohmann::json::array({nlohmann::json(
                {{"message", "the canonical one is here"}, {"file", "src/router.h"}, {"line", 9}, {"column", 3}})})}}));
  EXPECT_EQ(
      json["adapters"][0],
      nlohmann::json({{"symbol", "app::Adapter"}, {"canonical", "app::Router"}, {"file", "src/b.cpp"}, {"line", 4}}));
  EXPECT_EQ(json["units"]["total"], 40);
  EXPECT_EQ(json["units"]["failed"][0], nlohmann::json({{"file", "c.cpp"}, {"error", "c.cpp:1:1: error"}}));
}

TEST(JsonReport, ListsWhatIsNoSiteWhatCouldNotBeJudgedAndWhatWasNotCovered) {
  Report report;
  report.result.asides = {{"one-router", {at(3, 7, 4), Role::TestDouble, "app::MockRouter", "", false}, "tests/a.cpp"},
                          {"one-router", {at(9, 1, 4), Role::Use, "app::Old", "dependent", true}, "src/a.cpp"}};
  Coverage &coverage = report.result.coverage;
  coverage.headers = 3;
  coverage.unreachedHeaders = {"src/e.h"};
  coverage.orphanSources = {"src/f.cpp"};
  coverage.unreadable = {{"compile_commands.json:4:2", "src/gone.cpp: this file is gone"}};
  nlohmann::json json = report.json();
  EXPECT_EQ(json["asides"], nlohmann::json::array({{{"rule", "one-router"},
                                                    {"file", "tests/a.cpp"},
                                                    {"line", 3},
                                                    {"column", 7},
                                                    {"symbol", "app::MockRouter"},
                                                    {"role", "test-double"},
                                                    {"reason", ""}}}));
  EXPECT_EQ(json["unjudged"], nlohmann::json::array({{{"rule", "one-router"},
                                                      {"file", "src/a.cpp"},
                                                      {"line", 9},
                                                      {"column", 1},
                                                      {"symbol", "app::Old"},
                                                      {"role", "use"},
                                                      {"reason", "dependent"}}}));
  EXPECT_EQ(json["coverage"],
            nlohmann::json({{"analysed", 4},
                            {"total", 7},
                            {"headers", 3},
                            {"unreached_headers", {"src/e.h"}},
                            {"orphan_sources", {"src/f.cpp"}},
                            {"unreadable", nlohmann::json::array({{{"file", "compile_commands.json:4:2"},
                                                                   {"error", "src/gone.cpp: this file is gone"}}})}}));
  EXPECT_EQ(json["compliance"]["coverage"], 57.1);
}

TEST(JsonReport, AFigureWithoutSitesIsNull) {
  Report report;
  report.result.rules[0].compliance = report.result.ssot = report.result.architecture = Share();
  nlohmann::json json = report.json();
  EXPECT_TRUE(json["compliance"]["ssot"].is_null());
  EXPECT_TRUE(json["compliance"]["architecture"].is_null());
  EXPECT_TRUE(json["rules"][0]["compliance"].is_null());
  EXPECT_TRUE(json["gate"]["min_compliance"].is_null());
  EXPECT_EQ(json["findings"], nlohmann::json::array());
}

TEST(JsonReport, WritesFiguresWithTheirTenthAndNoMore) {
  Report report;
  report.result.ssot = {2, 3};
  EXPECT_THAT(report.jsonText(), HasSubstr("\"ssot\": 66.6,"));
}

TEST(JsonReport, IsUtf8WhateverTheNamesAre) {
  Report report;
  report.finding(at(2, 7, 11), "bad \xff byte").file = "new\nline.cpp";
  nlohmann::json json = report.json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["findings"][0]["message"], "bad \xef\xbf\xbd byte");
  EXPECT_EQ(json["findings"][0]["file"], "new\nline.cpp");
}

TEST(Words, NameEveryValue) {
  EXPECT_EQ(wordFor(Severity::Warning), "warning");
  EXPECT_EQ(wordFor(FindingState::Baseline), "baseline");
  EXPECT_EQ(wordFor(Role::TestDouble), "test-double");
  EXPECT_EQ(counted(1, "site"), "1 site");
  EXPECT_EQ(counted(0, "site"), "0 sites");
  EXPECT_EQ(columnsOf("\xe6\xbc\xa2x"), 3u);
}

} // namespace
