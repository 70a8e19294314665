// JUnit XML: a suite for each rule, a test case for each finding. A failure is what fails the gate, an error is what
// could not be analysed; warnings and excused findings are skipped cases, so that they are seen and fail nothing.
#include "report/markup.h"
#include "report/report.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <vector>

namespace ssot {

namespace {

struct Case {
  enum class Outcome { Passed, Failure, Error, Skipped };
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  Outcome outcome = Outcome::Passed;
  std::string type;
  std::string message;
  std::string body;
};

struct Suite {
  std::string name;
  std::vector<Case> cases;

  std::size_t count(Case::Outcome outcome) const {
    return static_cast<std::size_t>(llvm::count_if(cases, [&](const Case &c) { return c.outcome == outcome; }));
  }
};

std::string placeOf(llvm::StringRef file, const Place &place) {
  return escaped(file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

Case caseOf(const Finding &finding) {
  Case test;
  test.name =
      placeOf(finding.file, finding.place) + " " + escaped(finding.symbol.empty() ? finding.kind : finding.symbol);
  test.file = finding.file;
  test.line = finding.place.line;
  bool fails = finding.state == FindingState::New && finding.severity == Severity::Error;
  test.outcome = fails ? Case::Outcome::Failure : Case::Outcome::Skipped;
  test.type = checkName(finding);
  test.message = finding.message;
  if (!fails)
    test.message = (finding.state == FindingState::New ? wordFor(finding.severity) : wordFor(finding.state)).str() +
                   ": " + test.message;
  test.body = placeOf(finding.file, finding.place) + ": " + escaped(finding.message);
  for (const Finding::Related &note : finding.related)
    test.body += "\n" + (note.place ? placeOf(note.file, *note.place) + ": " : std::string()) + escaped(note.message);
  if (!finding.reason.empty())
    test.body += "\nreason: " + escaped(finding.reason);
  return test;
}

Suite suiteOf(const std::string &rule, const ReportInput &input) {
  Suite suite{rule, {}};
  for (const Finding &finding : input.result.findings)
    if (finding.rule == rule && isShown(input, finding))
      suite.cases.push_back(caseOf(finding));
  auto known = llvm::find_if(input.result.rules, [&](const RuleResult &result) { return result.id == rule; });
  if (suite.cases.empty() && known != input.result.rules.end()) {
    Case passed;
    passed.name = "compliance " + known->compliance.text();
    suite.cases.push_back(std::move(passed));
  }
  return suite;
}

/// What belongs to no rule: the minimum, and units that could not be analysed.
Suite runSuite(const ReportInput &input) {
  const Result &result = input.result;
  Suite suite{"ssot", {}};
  Case minimum;
  minimum.name = "SSOT compliance " + result.ssot.text();
  if (!result.reachesMinimum) {
    minimum.outcome = Case::Outcome::Failure;
    minimum.type = "ssot.min-compliance";
    minimum.message = minimum.body = verdict(input);
  }
  suite.cases.push_back(std::move(minimum));
  for (const FailedUnit *failure : failures(result.coverage)) {
    Case test;
    test.name = "analysis of " + escaped(failure->file);
    test.file = failure->file;
    test.outcome = input.allowIncomplete ? Case::Outcome::Skipped : Case::Outcome::Error;
    test.type = "ssot.not-analysed";
    test.message = failure->error;
    test.body = escaped(failure->error);
    suite.cases.push_back(std::move(test));
  }
  return suite;
}

/// Text whose lines stay lines.
std::string xmlLines(llvm::StringRef text) {
  std::string result;
  for (llvm::StringRef line : llvm::split(text, '\n'))
    result += (result.empty() ? "" : "\n") + xmlText(line);
  return result;
}

void writeCase(const Case &test, llvm::StringRef suite, llvm::raw_ostream &out) {
  out << "    <testcase classname=\"ssot." << xmlText(suite) << "\" name=\"" << xmlText(test.name) << '"';
  if (!test.file.empty())
    out << " file=\"" << xmlText(test.file) << '"';
  if (test.line)
    out << " line=\"" << test.line << '"';
  switch (test.outcome) {
  case Case::Outcome::Passed:
    out << "/>\n";
    return;
  case Case::Outcome::Skipped:
    out << ">\n      <skipped message=\"" << xmlText(test.message) << "\"/>\n    </testcase>\n";
    return;
  case Case::Outcome::Failure:
  case Case::Outcome::Error: {
    const char *tag = test.outcome == Case::Outcome::Failure ? "failure" : "error";
    out << ">\n      <" << tag << " type=\"" << xmlText(test.type) << "\" message=\"" << xmlText(test.message) << "\">"
        << xmlLines(test.body) << "</" << tag << ">\n    </testcase>\n";
    return;
  }
  }
}

void writeCounts(std::size_t tests, std::size_t failures, std::size_t errors, std::size_t skipped,
                 llvm::raw_ostream &out) {
  out << " tests=\"" << tests << "\" failures=\"" << failures << "\" errors=\"" << errors << "\" skipped=\"" << skipped
      << "\">\n";
}

} // namespace

void writeJunit(const ReportInput &input, llvm::raw_ostream &out) {
  std::vector<Suite> suites{runSuite(input)};
  for (const std::string &rule : rulesWithFindings(input.result))
    suites.push_back(suiteOf(rule, input));
  auto total = [&](auto count) {
    std::size_t sum = 0;
    for (const Suite &suite : suites)
      sum += count(suite);
    return sum;
  };
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ssot\"";
  writeCounts(total([](const Suite &suite) { return suite.cases.size(); }),
              total([](const Suite &suite) { return suite.count(Case::Outcome::Failure); }),
              total([](const Suite &suite) { return suite.count(Case::Outcome::Error); }),
              total([](const Suite &suite) { return suite.count(Case::Outcome::Skipped); }), out);
  for (const Suite &suite : suites) {
    out << "  <testsuite name=\"" << xmlText(suite.name) << '"';
    writeCounts(suite.cases.size(), suite.count(Case::Outcome::Failure), suite.count(Case::Outcome::Error),
                suite.count(Case::Outcome::Skipped), out);
    for (const Case &test : suite.cases)
      writeCase(test, suite.name, out);
    out << "  </testsuite>\n";
  }
  out << "</testsuites>\n";
}

} // namespace ssot
