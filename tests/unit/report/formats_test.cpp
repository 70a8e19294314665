#include "report/report.h"

#include "report/markup.h"

#include "unit/report/sample_report.h"

#include <llvm/ADT/StringExtras.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

using namespace ssot;
using namespace testing;
using namespace ssot::test;

namespace {

/// What an attacker would write as a file name, a symbol or a message.
constexpr char kHostile[] =
    "=cmd|'/c calc'!A1,\r\n::error file=x::<img src=x onerror=alert(1)> [a](javascript:x) `code` | @admin #1 "
    "https://evil.example www.evil.example \x1b[31m ]]> & \" \xe2\x80\xae \xff";

/// One violation with notes, one warning without a source, one excused, one about the rule file.
Report sample() {
  Report report;
  report.rule("new-names", "legacy-name", Share{0, 1}, "", Severity::Warning);
  Finding &duplicate = report.finding(at(2, 7, 11), "'app::OtherRouter' is a second 'app::Router'");
  duplicate.place.begin = 22;
  duplicate.place.end = 33;
  duplicate.similarity = 0.93;
  duplicate.related.push_back({"src/router.h", at(9, 3, 1), "the canonical one is here"});
  duplicate.related.push_back({"", std::nullopt, "route() swallows an exception"});
  Finding &old = report.finding(at(4, 1, 3), "'app::Old' is legacy; use 'app::New' instead");
  old.rule = "new-names";
  old.kind = "legacy-name";
  old.severity = Severity::Warning;
  old.file = "src/old file.cpp";
  old.symbol = "app::Old";
  old.canonical = "app::New";
  old.fixable = true;
  old.fingerprint = "00112233445566bb";
  Finding &excused = report.finding(at(3, 6, 5), "'app::Third' is a second 'app::Router'");
  excused.state = FindingState::Suppressed;
  excused.reason = "leaves with v3";
  excused.fingerprint = "00112233445566cc";
  Finding &unused = report.finding(at(7, 5, 0), "the allowance for symbol a excuses nothing; remove it");
  unused.kind = "unused-allowance";
  unused.severity = Severity::Warning;
  unused.file = ".ssot.yaml";
  unused.symbol.clear();
  unused.canonical.clear();
  unused.fingerprint = "00112233445566dd";
  report.result.violations = 1;
  return report;
}

nlohmann::json sarifOf(const Report &report) {
  return nlohmann::json::parse(report.write(writeSarif), nullptr, /*allow_exceptions=*/false);
}

std::vector<std::string> linesOf(const std::string &text) {
  std::vector<std::string> lines;
  for (llvm::StringRef line : llvm::split(llvm::StringRef(text).rtrim('\n'), '\n'))
    lines.push_back(line.str());
  return lines;
}

TEST(Formats, AreFoundByName) {
  ASSERT_NE(findFormat("sarif"), nullptr);
  EXPECT_EQ(findFormat("sarif")->name, "sarif");
  EXPECT_EQ(findFormat("pdf"), nullptr);
  std::set<std::string> names;
  for (const Format &format : formats())
    EXPECT_TRUE(names.insert(format.name.str()).second) << format.name.str();
  EXPECT_THAT(names, IsSupersetOf({"text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv"}));
}

TEST(Formats, NoneLetsHostileTextMoveACursorOrBreakItsEncoding) {
  Report report;
  report.finding(at(2, 7, 11), kHostile).symbol = kHostile;
  report.result.findings.back().file = std::string("src/") + kHostile + ".cpp";
  report.result.coverage.units.failed = {{std::string("src/") + kHostile, kHostile}};
  for (const Format &format : formats()) {
    std::string text =
        report.write([&](const ReportInput &input, llvm::raw_ostream &out) { format.write(input, TextStyle(), out); });
    EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << format.name.str();
    EXPECT_THAT(text, Not(HasSubstr("\xff"))) << format.name.str();
    if (format.name != "json" && format.name != "gitlab") // a path that programs compare keeps every character
      EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae"))) << format.name.str();
  }
}

TEST(Formats, QuoteNoSourceCodeWhenToldSo) {
  Report report = sample();
  report.sources["src/a.cpp"] = "namespace app {\nclass OtherRouter { const char *password = \"hunter2\"; };\n";
  report.result.findings.front().place.endColumn = 60;
  report.result.findings.front().place.begin = 16;
  report.result.findings.front().place.end = 70;
  auto textOf = [&](const Format &format) {
    return report.write(
        [&](const ReportInput &input, llvm::raw_ostream &out) { format.write(input, TextStyle(), out); });
  };
  std::set<std::string> quoting;
  for (const Format &format : formats())
    if (textOf(format).find("hunter2") != std::string::npos)
      quoting.insert(format.name.str());
  std::set<std::string> mayQuote{"markdown", "sarif", "text"};
  if (findFormat("html"))
    mayQuote.insert("html");
  EXPECT_EQ(quoting, mayQuote);
  report.snippets = false;
  for (const Format &format : formats())
    EXPECT_THAT(textOf(format), Not(HasSubstr("hunter2"))) << format.name.str();
}

TEST(Formats, HideWhatIsExcusedUnlessAsked) {
  Report report = sample();
  for (const char *name : {"text", "sarif", "junit", "github", "gitlab", "markdown"}) {
    auto write = [&](const ReportInput &input, llvm::raw_ostream &out) {
      findFormat(name)->write(input, TextStyle(), out);
    };
    report.showSuppressed = false;
    EXPECT_THAT(report.write(write), Not(HasSubstr("app::Third"))) << name;
    report.showSuppressed = true;
    EXPECT_THAT(report.write(write), HasSubstr("app::Third")) << name;
  }
}

// --- SARIF ---

TEST(SarifReport, HasWhatGithubAsksFor) {
  nlohmann::json log = sarifOf(sample());
  EXPECT_EQ(log["version"], "2.1.0");
  EXPECT_TRUE(log.contains("$schema"));
  const nlohmann::json &run = log["runs"][0];
  const nlohmann::json &rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 3u); // two rules, and the kind of finding about the rule file
  for (const nlohmann::json &rule : rules) {
    EXPECT_FALSE(rule["id"].get<std::string>().empty());
    for (const char *text : {"shortDescription", "fullDescription", "help"})
      EXPECT_FALSE(rule[text]["text"].get<std::string>().empty()) << rule["id"] << ' ' << text;
    EXPECT_FALSE(rule["help"]["markdown"].get<std::string>().empty());
  }
  std::set<std::string> prints;
  for (const nlohmann::json &result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_FALSE(result["message"]["text"].get<std::string>().empty());
    const nlohmann::json &region = result["locations"][0]["physicalLocation"]["region"];
    for (const char *key : {"startLine", "startColumn", "endLine", "endColumn"})
      EXPECT_GE(region[key].get<int>(), 1) << key;
    EXPECT_TRUE(prints.insert(result["partialFingerprints"]["primaryLocationLineHash"]).second);
  }
}

TEST(SarifReport, AResultAsAWhole) {
  nlohmann::json result = sarifOf(sample())["runs"][0]["results"][0];
  EXPECT_EQ(result, nlohmann::json::parse(R"json({
    "ruleId": "one-router", "ruleIndex": 0, "level": "error",
    "message": {"text": "'app::OtherRouter' is a second 'app::Router'; route() swallows an exception"},
    "locations": [{
      "physicalLocation": {
        "artifactLocation": {"uri": "src/a.cpp", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 18, "snippet": {"text": "OtherRouter"}}},
      "logicalLocations": [{"fullyQualifiedName": "app::OtherRouter"}]}],
    "relatedLocations": [{
      "id": 1, "message": {"text": "the canonical one is here"},
      "physicalLocation": {
        "artifactLocation": {"uri": "src/router.h", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 9, "startColumn": 3, "endLine": 9, "endColumn": 4}}}],
    "partialFingerprints": {"primaryLocationLineHash": "00112233445566aa:1", "ssotFingerprint/v1": "00112233445566aa"},
    "properties": {"rule": "one-router", "kind": "single-class", "fixable": false, "canonical": "app::Router",
                   "similarity": 0.93}})json",
                                          nullptr, /*allow_exceptions=*/false));
}

TEST(SarifReport, CountsColumnsInUtf16) {
  Report report;
  report.sources["src/a.cpp"] = "/* \xc3\xa4 \xf0\x9f\x94\xa5 */ int x;\n"; // two bytes, then four: one unit, then two
  report.finding(at(1, 17, 1), "here");
  nlohmann::json region = sarifOf(report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
  EXPECT_EQ(region["startColumn"], 14);
  EXPECT_EQ(region["endColumn"], 15);
}

TEST(SarifReport, SaysWhatIsExcusedAndWhy) {
  Report report = sample();
  report.showSuppressed = true;
  nlohmann::json results = sarifOf(report)["runs"][0]["results"];
  EXPECT_EQ(
      results.back()["suppressions"],
      nlohmann::json::parse(R"([{"kind": "inSource", "status": "accepted", "justification": "leaves with v3"}])"));
  EXPECT_FALSE(results.front().contains("suppressions"));
}

TEST(SarifReport, SaysWhatCouldNotBeAnalysed) {
  Report report;
  report.result.coverage.units.failed = {{"src/b c.cpp", "src/b c.cpp:1:33: use of undeclared identifier 'x'"}};
  nlohmann::json invocation = sarifOf(report)["runs"][0]["invocations"][0];
  EXPECT_EQ(invocation["executionSuccessful"], false);
  const nlohmann::json &note = invocation["toolExecutionNotifications"][0];
  EXPECT_EQ(note["level"], "error");
  EXPECT_THAT(note["message"]["text"].get<std::string>(), HasSubstr("use of undeclared identifier"));
  EXPECT_EQ(note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "src/b%20c.cpp");
  report.allowIncomplete = true;
  EXPECT_EQ(sarifOf(report)["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

TEST(SarifReport, KeepsTheWorst25000AndSaysSo) {
  Report report;
  for (std::uint32_t i = 0; i < 25002; ++i) {
    Finding &finding = report.finding(at(i + 1, 1, 1), "second");
    finding.file = "gone.cpp";
    finding.severity = i < 3 ? Severity::Note : Severity::Error; // the first ones by place matter least
    finding.fingerprint = llvm::utohexstr(i, true, 16);
  }
  nlohmann::json run = sarifOf(report)["runs"][0];
  ASSERT_EQ(run["results"].size(), 25000u);
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 4);
  EXPECT_EQ(run["results"].back()["level"], "note");
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "The worst 25000 of 25002 findings are listed; `--format json` has all of them.");
  EXPECT_EQ(run["properties"]["findings"], 25002);
  EXPECT_EQ(run["properties"]["findingsListed"], 25000);
}

TEST(SarifReport, OffersTheEditsThatAreKnown) {
  Report report;
  report.sources["src/a.cpp"] = "#include <a>\nOld x;\nOld y;\n";
  for (std::uint32_t line : {2u, 3u}) {
    Finding &finding = report.finding(at(line, 1, 3), "old");
    finding.place.begin = line == 2 ? 13 : 20;
    finding.place.end = finding.place.begin + 3;
    finding.fingerprint = std::to_string(line);
  }
  report.fixes = {{"one-router", "src/a.cpp", 13, 13, "#include \"new.h\"\n", true},
                  {"one-router", "src/a.cpp", 13, 16, "New", false},
                  {"other-rule", "src/a.cpp", 20, 23, "Newer", false}};
  nlohmann::json results = sarifOf(report)["runs"][0]["results"];
  const nlohmann::json &changes = results[0]["fixes"][0]["artifactChanges"][0]["replacements"];
  ASSERT_EQ(changes.size(), 2u); // the edit and the include that it needs
  EXPECT_EQ(changes[0]["deletedRegion"],
            nlohmann::json::parse(R"({"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1})"));
  EXPECT_EQ(changes[1]["deletedRegion"],
            nlohmann::json::parse(R"({"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 4})"));
  EXPECT_EQ(changes[1]["insertedContent"]["text"], "New");
  EXPECT_FALSE(results[1].contains("fixes")) << "an edit of another rule";
}

TEST(SarifReport, AMessageHoldsNoLink) {
  Report report;
  report.finding(at(2, 7, 11), "see [this](https://evil.example)");
  report.finding(at(3, 7, 11), "operator[] is fine");
  nlohmann::json results = sarifOf(report)["runs"][0]["results"];
  EXPECT_EQ(results[0]["message"]["text"], "see \\[this\\](https://evil.example)");
  EXPECT_EQ(results[1]["message"]["text"], "operator[] is fine");
}

// --- JUnit ---

TEST(JunitReport, FailsWhatFailsTheGate) {
  Report report = sample();
  report.showSuppressed = true;
  EXPECT_EQ(
      report.write(writeJunit),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"ssot\" tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"3\">\n"
      "  <testsuite name=\"ssot\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
      "    <testcase classname=\"ssot.ssot\" name=\"SSOT compliance 50.0 %\"/>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"one-router\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"2\">\n"
      "    <testcase classname=\"ssot.one-router\" name=\"src/a.cpp:2:7 app::OtherRouter\" file=\"src/a.cpp\" "
      "line=\"2\">\n"
      "      <failure type=\"one-router\" message=\"&apos;app::OtherRouter&apos; is a second &apos;app::Router&apos;\">"
      "src/a.cpp:2:7: &apos;app::OtherRouter&apos; is a second &apos;app::Router&apos;\n"
      "src/router.h:9:3: the canonical one is here\n"
      "route() swallows an exception</failure>\n"
      "    </testcase>\n"
      "    <testcase classname=\"ssot.one-router\" name=\"src/a.cpp:3:6 app::OtherRouter\" file=\"src/a.cpp\" "
      "line=\"3\">\n"
      "      <skipped message=\"suppressed: &apos;app::Third&apos; is a second &apos;app::Router&apos;\"/>\n"
      "    </testcase>\n"
      "    <testcase classname=\"ssot.one-router\" name=\".ssot.yaml:7:5 unused-allowance\" file=\".ssot.yaml\" "
      "line=\"7\">\n"
      "      <skipped message=\"warning: the allowance for symbol a excuses nothing; remove it\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"new-names\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">\n"
      "    <testcase classname=\"ssot.new-names\" name=\"src/old file.cpp:4:1 app::Old\" file=\"src/old file.cpp\" "
      "line=\"4\">\n"
      "      <skipped message=\"warning: &apos;app::Old&apos; is legacy; use &apos;app::New&apos; instead\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

TEST(JunitReport, AUnitThatFailedIsAnErrorAndTheMinimumACase) {
  Report report;
  report.result.coverage.units.failed = {{"b.cpp", "b.cpp:1:1: unknown type"}};
  report.result.minCompliance = 90;
  report.result.reachesMinimum = report.result.gatePassed = false;
  EXPECT_THAT(report.write(writeJunit),
              AllOf(HasSubstr("<error type=\"ssot.not-analysed\" message=\"b.cpp:1:1: unknown type\">"),
                    HasSubstr("<failure type=\"ssot.min-compliance\" message=\"Gate failed: SSOT compliance is under "
                              "the minimum of 90 %"),
                    HasSubstr("errors=\"1\"")));
  report.allowIncomplete = true;
  EXPECT_THAT(report.write(writeJunit), AllOf(Not(HasSubstr("<error")), HasSubstr("<skipped message=\"b.cpp:1:1")));
}

// --- GitHub ---

TEST(GithubReport, AnnotatesTheWorstFirst) {
  EXPECT_EQ(sample().write(writeGithub),
            "::error file=src/a.cpp,line=2,endLine=2,col=7,endColumn=18,title=ssot%3A one-router::"
            "'app::OtherRouter' is a second 'app::Router'\n"
            "::warning file=src/old file.cpp,line=4,endLine=4,col=1,endColumn=4,title=ssot%3A new-names::"
            "'app::Old' is legacy; use 'app::New' instead\n"
            "::warning file=.ssot.yaml,line=7,endLine=7,col=5,endColumn=5,title=ssot%3A ssot.unused-allowance::"
            "the allowance for symbol a excuses nothing; remove it\n"
            "ssot: Gate failed: 1 violation\n");
}

TEST(GithubReport, PrintsAsManyAsAreShownAndSaysHowManyMore) {
  Report report;
  for (std::uint32_t i = 1; i <= 12; ++i)
    for (Severity severity : {Severity::Note, Severity::Warning, Severity::Error})
      report.finding(at(i, 1, 1), "x").severity = severity;
  report.result.coverage.units.failed = {{"b.cpp", "b.cpp:1:1: unknown type"}, {"c.cpp", "c.cpp:1:1: no"}};
  std::vector<std::string> lines = linesOf(report.write(writeGithub));
  ASSERT_EQ(lines.size(), 32u);
  EXPECT_EQ(lines[0], "::error title=ssot%3A incomplete analysis::2 of 2 translation units could not be analysed; the "
                      "first: b.cpp: b.cpp:1:1: unknown type");
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 1, lines.begin() + 10), Each(StartsWith("::error file=")));
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 10, lines.begin() + 20), Each(StartsWith("::warning file=")));
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 20, lines.begin() + 30), Each(StartsWith("::notice file=")));
  EXPECT_EQ(lines[30], "ssot: 7 more of 37 annotations not shown: GitHub shows 10 of each kind a step");
  EXPECT_THAT(lines[31], StartsWith("ssot: Gate failed: 36 violations"));
}

TEST(GithubReport, HostileTextIsOneCommandAndNoMore) {
  Report report;
  report.finding(at(2, 7, 11), kHostile).file = "a,line=9::\n::error::b%0A.cpp";
  std::vector<std::string> lines = linesOf(report.write(writeGithub));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], StartsWith("::error file=a%2Cline=9%3A%3A\\n%3A%3Aerror%3A%3Ab%250A.cpp,line=2,"));
  EXPECT_THAT(lines[1], StartsWith("ssot: "));
}

TEST(GithubReport, ARangeOfLinesHasNoColumns) {
  Report report;
  report.finding(at(2, 7, 11), "x").place.endLine = 4;
  EXPECT_THAT(report.write(writeGithub), StartsWith("::error file=src/a.cpp,line=2,endLine=4,title="));
}

// --- GitLab ---

TEST(GitlabReport, HasTheKeysOfItsFormat) {
  Report report = sample();
  report.result.coverage.units.failed = {{"b.cpp", "b.cpp:1:1: unknown type"}};
  nlohmann::json issues = nlohmann::json::parse(report.write(writeGitlab), nullptr, /*allow_exceptions=*/false);
  ASSERT_EQ(issues.size(), 4u);
  EXPECT_EQ(issues[0]["severity"], "blocker");
  EXPECT_EQ(issues[1], nlohmann::json::parse(R"json({
    "type": "issue", "categories": ["Duplication"],
    "description": "'app::OtherRouter' is a second 'app::Router'", "check_name": "one-router",
    "fingerprint": "00112233445566aa", "severity": "major",
    "location": {"path": "src/a.cpp", "lines": {"begin": 2, "end": 2},
                 "positions": {"begin": {"line": 2, "column": 7}, "end": {"line": 2, "column": 18}}}})json"));
  EXPECT_EQ(issues[2]["severity"], "minor");
  EXPECT_EQ(issues[3]["check_name"], "ssot.unused-allowance");
}

// --- Markdown ---

TEST(MarkdownReport, ShowsFiguresThenFindingsThatOpen) {
  EXPECT_EQ(sample().write(writeMarkdown),
            "## ssot: Gate failed: 1 violation\n"
            "\n"
            "| figure | | of |\n"
            "| --- | ---: | --- |\n"
            "| SSOT compliance | 50.0 % | 1 of 2 sites |\n"
            "| Architecture compliance | 50.0 % | 1 of 2 files |\n"
            "| Coverage | 100.0 % | 3 of 3 units and headers |\n"
            "\n"
            "| rule | kind | severity | compliant | sites | compliance |\n"
            "| --- | --- | --- | ---: | ---: | ---: |\n"
            "| one-router | single-class | error | 1 | 2 | 50.0 % |\n"
            "| new-names | legacy-name | warning | 0 | 1 | 0.0 % |\n"
            "\n"
            "<details><summary>one-router: 1 finding</summary>\n"
            "\n"
            "- `src/a.cpp:2:7` **error**: `app::OtherRouter` is a second `app::Router`\n"
            "  ```\n"
            "  class OtherRouter {\n"
            "        ^~~~~~~~~~~\n"
            "  ```\n"
            "\n"
            "</details>\n"
            "\n"
            "<details><summary>new-names: 1 finding</summary>\n"
            "\n"
            "- `src/old file.cpp:4:1` **warning**: `app::Old` is legacy; use `app::New` instead\n"
            "\n"
            "</details>\n"
            "\n"
            "<details><summary>ssot.unused-allowance: 1 finding</summary>\n"
            "\n"
            "- `.ssot.yaml:7:5` **warning**: the allowance for symbol a excuses nothing; remove it\n"
            "\n"
            "</details>\n"
            "\n");
}

TEST(MarkdownReport, StaysUnder60000CharactersAndSaysWhatIsLeftOut) {
  Report report;
  for (std::uint32_t i = 1; i <= 5000; ++i)
    report.finding(at(2, 7, 11), i == 3 ? std::string(200000, 'x') : std::string(kHostile)).severity =
        i <= 2500 ? Severity::Warning : Severity::Error;
  for (int i = 0; i < 500; ++i)
    report.rule(std::string(5000, 'r'), "legacy-name", Share{0, 1});
  report.result.coverage.units.failed.assign(1000, {std::string(5000, 'f'), std::string(5000, 'e')});
  std::string text = report.write(writeMarkdown);
  EXPECT_LT(text.size(), 60000u);
  EXPECT_THAT(text, ContainsRegex("Not shown here: [0-9]+ of 5000 findings"));
  std::size_t opened = 0, closed = 0;
  for (std::size_t at = text.find("<details>"); at != std::string::npos; at = text.find("<details>", at + 1))
    ++opened;
  for (std::size_t at = text.find("</details>"); at != std::string::npos; at = text.find("</details>", at + 1))
    ++closed;
  EXPECT_EQ(opened, closed);
}

TEST(Markup, MarkdownTextIsInert) {
  EXPECT_EQ(markdownText("<b>&</b>"), "&lt;b&gt;&amp;&lt;/b&gt;");
  EXPECT_EQ(markdownText("[a](b) *c* _d_ `e` |"), "\\[a\\](b) \\*c\\* \\_d\\_ \\`e\\` \\|");
  EXPECT_EQ(markdownText("@admin #12"), "\\@<!-- -->admin \\#<!-- -->12");
  EXPECT_EQ(markdownText("https://x.y www.x.y :fire:"), "https:<!-- -->//x.y www<!-- -->.x.y :<!-- -->fire:");
  EXPECT_EQ(markdownText("use 'a::fire::b' now"), "use `a::fire::b` now");
  EXPECT_EQ(markdownText("it's"), "it's");
}

TEST(Markup, CodeCannotEndItsSpanOrFence) {
  EXPECT_EQ(markdownCode("a`b``c"), "```a`b``c```");
  EXPECT_EQ(markdownCode("`a"), "`` `a ``");
  EXPECT_EQ(markdownCode("a\nb"), "`a\\nb`");
  EXPECT_EQ(markdownFence("a\n```\nb\n", "cpp"), "````cpp\na\n```\nb\n````\n");
}

TEST(Markup, XmlHoldsNoControlCharacters) {
  EXPECT_EQ(xmlText("<a b=\"c\" d='e'>&]]>\x01\n\x7f"),
            "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;]]&gt;\\x01\\n\\x7f");
}

TEST(Markup, UrisAreEncodedByByte) { EXPECT_EQ(uriPath("src/a b%#?\xc3\xa4:.cpp"), "src/a%20b%25%23%3F%C3%A4%3A.cpp"); }

// --- CSV ---

TEST(CsvReport, HasALineForEveryFinding) {
  std::vector<std::string> lines = linesOf(sample().write(writeCsv));
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0],
            "\"rule\",\"kind\",\"severity\",\"state\",\"file\",\"line\",\"column\",\"end_line\",\"end_column\","
            "\"symbol\",\"role\",\"canonical\",\"similarity\",\"message\",\"fixable\",\"fingerprint\",\"reason\"\r");
  EXPECT_EQ(lines[1], "\"one-router\",\"single-class\",\"error\",\"new\",\"src/a.cpp\",\"2\",\"7\",\"2\",\"18\","
                      "\"app::OtherRouter\",\"implementation\",\"app::Router\",\"0.9300\","
                      "\"'app::OtherRouter' is a second 'app::Router'\",\"false\",\"00112233445566aa\",\"\"\r");
  EXPECT_THAT(lines[3], AllOf(HasSubstr("\"suppressed\""), EndsWith("\"leaves with v3\"\r")));
}

TEST(CsvReport, NothingIsAFormula) {
  for (const char *text : {"=1+1", "+1", "-1", "@SUM(A1)", "|x", "%x", " =1",
                           "\xef\xbc\x9d"
                           "1"})
    EXPECT_THAT(csvField(text), StartsWith("\"'")) << text;
  EXPECT_EQ(csvField("\t=1"), "\"\\t=1\""); // the tab is a visible escape
  EXPECT_EQ(csvField("a \"b\", c"), "\"a \"\"b\"\", c\"");
  EXPECT_EQ(csvField(""), "\"\"");
}

} // namespace
