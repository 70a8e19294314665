// validation-report.md: what was asked of the project, criterion by criterion.
#include "report/bundle.h"
#include "report/markup.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

/// What a criterion came to. A criterion that nothing could be said about is no passed one.
enum class CriterionVerdict { Passed, Failed, NotJudged };

llvm::StringRef wordFor(CriterionVerdict verdict) {
  return verdict == CriterionVerdict::Passed   ? "passed"
         : verdict == CriterionVerdict::Failed ? "**failed**"
                                               : "not judged";
}

CriterionVerdict passedIf(bool passed) { return passed ? CriterionVerdict::Passed : CriterionVerdict::Failed; }

std::string fraction(const Share &share, llvm::StringRef what) {
  return share.empty() ? "no sites"
                       : share.text() + ", " + std::to_string(share.part) + " of " + counted(share.whole, what);
}

class Validation {
public:
  explicit Validation(const BundleInput &input) : Input(input), Outcome(input.report.result) {}

  std::string text() {
    addRules();
    addGate();
    addRun();
    std::string head =
        "# Validation report\n\n" + verdict(Input.report) + ". Of " + std::to_string(Passed + Failed + NotJudged) +
        " criteria " + std::to_string(Passed) + " passed, " + std::to_string(Failed) + " failed, " +
        std::to_string(NotJudged) + " could not be judged. Exit code " +
        std::to_string(static_cast<int>(exitCode(Outcome, Input.report.allowIncomplete))) + " of `" + check() + "`.\n";
    return head + Text;
  }

private:
  void begin(llvm::StringRef title) {
    Text += ("\n## " + title + "\n\n| criterion | verdict | figure | again with |\n| --- | --- | --- | --- |\n").str();
  }

  void add(std::string criterion, CriterionVerdict verdict, std::string figure, llvm::StringRef command) {
    ++(verdict == CriterionVerdict::Passed ? Passed : verdict == CriterionVerdict::Failed ? Failed : NotJudged);
    Text += markdownRow({std::move(criterion), wordFor(verdict).str(), std::move(figure), markdownCell(command)});
  }

  void addRules() {
    begin("Rules");
    bool complete = Outcome.coverage.complete();
    for (const RuleResult &rule : Outcome.rules) {
      std::size_t open = 0, excused = 0;
      for (const Finding &finding : Outcome.findings)
        if (finding.rule == rule.id && isOfRuleKind(finding))
          ++(finding.state == FindingState::New ? open : excused);
      auto unjudged = static_cast<std::size_t>(llvm::count_if(
          Outcome.asides, [&](const AsideEntry &entry) { return entry.rule == rule.id && entry.aside.unjudged; }));
      CriterionVerdict verdict = open                                   ? CriterionVerdict::Failed
                                 : rule.compliance.empty() || !complete ? CriterionVerdict::NotJudged
                                                                        : CriterionVerdict::Passed;
      std::string figure = fraction(rule.compliance, "site");
      if (open)
        figure += "; " + counted(open, "violation");
      if (excused)
        figure += "; " + std::to_string(excused) + " excused";
      if (unjudged)
        figure += "; " + counted(unjudged, "mention") + " not judged";
      add(markdownCell(rule.id) + " (" + ssot::wordFor(rule.severity).str() + ")", verdict, figure,
          "ssot check --rule " + rule.id + Input.options + Input.gateOptions + Input.paths);
    }
  }

  /// What the gate itself found, one criterion a kind that can be found.
  void addKind(llvm::StringRef kind, std::string criterion, bool judged = true) {
    auto count = static_cast<std::size_t>(
        llvm::count_if(Outcome.findings, [&](const Finding &finding) { return finding.kind == kind; }));
    CriterionVerdict verdict = count > 0 ? CriterionVerdict::Failed
                               : judged  ? CriterionVerdict::Passed
                                         : CriterionVerdict::NotJudged;
    add(std::move(criterion), verdict, counted(count, "finding"), check());
  }

  void addGate() {
    begin("Gate");
    bool hasFigure = Outcome.minCompliance && !Outcome.ssot.empty();
    add(Outcome.minCompliance ? "SSOT compliance is at least " + shortNumber(*Outcome.minCompliance) + " %"
                              : "SSOT compliance (no minimum is set)",
        !hasFigure                                               ? CriterionVerdict::NotJudged
        : Outcome.reachesMinimum && !Outcome.coverage.complete() ? CriterionVerdict::NotJudged
                                                                 : passedIf(Outcome.reachesMinimum),
        fraction(Outcome.ssot, "site"), check());
    add("no new violation of severity error", passedIf(Outcome.violations == 0),
        counted(Outcome.violations, "violation"), check());
    addKind("canonical-missing", "every canonical name is defined", Outcome.coverage.complete());
    addKind("suppression-without-reason", "every suppression gives a reason");
    addKind("unused-suppression", "no suppression suppresses nothing", Outcome.whole);
    addKind("expired-allowance", "no allowance has ended");
    addKind("unused-allowance", "no allowance excuses nothing", Outcome.whole);
    addKind("stale-baseline", "no entry of the baseline matches nothing",
            Outcome.whole && Outcome.baseline.has_value());
  }

  void addRun() {
    begin("Run");
    Share coverage = Outcome.coverage.share();
    add("everything could be analysed", passedIf(Outcome.coverage.complete()),
        coverage.text() + ", " + std::to_string(coverage.part) + " of " + std::to_string(coverage.whole) +
            " units and headers" + (Outcome.coverage.complete() ? "" : "; " + whatIsMissing(Outcome.coverage)),
        check());
    const MigrationFacts &migration = Input.migration;
    add("every planned edit is proven",
        !migration.unproven.empty()                             ? CriterionVerdict::Failed
        : migration.edits.empty() && migration.rejected.empty() ? CriterionVerdict::NotJudged
                                                                : passedIf(migration.rejected.empty()),
        counted(migration.edits.size(), "edit") + " proven, " + std::to_string(migration.rejected.size()) + " rejected",
        "ssot migrate" + Input.options + Input.paths);
    std::size_t called = 0;
    for (const LegacyUsage &name : Input.usage.names)
      called += name.calls ? 1 : 0;
    add("no legacy name is called at run time",
        Input.usage.counted ? passedIf(called == 0 && Input.usage.unknown.empty()) : CriterionVerdict::NotJudged,
        Input.usage.counted ? counted(called + Input.usage.unknown.size(), "name") + " called" : "no counts were given",
        report());
  }

  std::string check() const { return "ssot check" + Input.options + Input.gateOptions + Input.paths; }
  std::string report() const {
    return "ssot report -o DIR" + (Input.countsFile.empty() ? "" : " --runtime-counts " + Input.countsFile) +
           Input.options + Input.gateOptions + Input.paths;
  }

  const BundleInput &Input;
  const Result &Outcome;
  std::string Text;
  std::size_t Passed = 0, Failed = 0, NotJudged = 0;
};

} // namespace

std::string validationReport(const BundleInput &input) { return Validation(input).text(); }

} // namespace ssot
