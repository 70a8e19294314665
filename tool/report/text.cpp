// The report for people, on a terminal: what is wrong first, where it stands last, so that the verdict is what one
// sees.
#include "report/excerpt.h"
#include "report/report.h"
#include "report/selection.h"
#include "report/table.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/Format.h>

#include <algorithm>
#include <map>

namespace ssot {

namespace {

/// As clang colours its diagnostics.
struct Palette {
  explicit Palette(bool color) {
    if (!color)
      return;
    bold = "\x1b[0;1m";
    dim = "\x1b[0;2m";
    error = "\x1b[0;1;31m";
    warning = "\x1b[0;1;35m";
    note = "\x1b[0;1;36m";
    mark = "\x1b[0;1;32m";
    good = "\x1b[0;32m";
    bad = "\x1b[0;31m";
    plain = "\x1b[0m";
  }
  llvm::StringRef bold, dim, error, warning, note, mark, good, bad, plain;

  llvm::StringRef forSeverity(Severity severity) const {
    return severity == Severity::Error ? error : severity == Severity::Warning ? warning : note;
  }
};

/// Lists longer than this are cut: who wants all reads the JSON report.
constexpr std::size_t kListed = 10;
constexpr std::size_t kNamed = 3; ///< names in a running sentence

class TextReport {
public:
  TextReport(const ReportInput &input, const TextStyle &style, llvm::raw_ostream &out)
      : Input(input), Outcome(input.result), Style(style), Paint(style.color), Out(out) {}

  void write() {
    for (const std::string &rule : rulesWithFindings(Outcome))
      writeRule(rule);
    writeHidden();
    writeUnanalysed();
    writeUncovered();
    writeUnjudged();
    writeDrift();
    writeTableOfRules();
    writeFigures();
    writeVerdict();
  }

private:
  void writeRule(const std::string &rule) {
    std::vector<const Finding *> shown;
    for (const Finding &finding : Outcome.findings)
      if (finding.rule == rule && isShown(Input, finding))
        shown.push_back(&finding);
    if (shown.empty())
      return;
    auto known = llvm::find_if(Input.config.rules, [&](const Rule &candidate) { return candidate.id == rule; });
    bool inForce = known != Input.config.rules.end();
    Out << Paint.bold << "== " << escaped(rule) << " ==" << Paint.plain << ' ' << Paint.dim
        << (inForce ? known->kind : "not in force") << ", " << counted(shown.size(), "finding") << Paint.plain << '\n';
    if (inForce)
      writeDescription(known->description);
    Out << '\n';
    for (const Finding *finding : shown)
      writeFinding(*finding);
  }

  void writeDescription(llvm::StringRef description) {
    for (llvm::StringRef line : llvm::split(description.trim(), '\n'))
      if (!line.empty())
        Out << Paint.dim << escaped(line) << Paint.plain << '\n';
  }

  /// "path:line:column: "
  void writePlace(llvm::StringRef file, const Place &place) {
    Out << Paint.bold << escaped(file) << ':' << place.line << ':' << place.column << ": " << Paint.plain;
  }

  void writeFinding(const Finding &finding) {
    writePlace(finding.file, finding.place);
    if (finding.state == FindingState::New)
      Out << Paint.forSeverity(finding.severity) << wordFor(finding.severity);
    else
      Out << Paint.note << wordFor(finding.state);
    Out << ": " << Paint.bold << escaped(finding.message) << Paint.plain << " [ssot-" << escaped(finding.rule) << "]\n";
    writeExcerpt(finding.file, finding.place);
    if (!finding.reason.empty())
      writeNote("reason: " + finding.reason);
    for (const Finding::Related &related : finding.related) {
      if (related.place)
        writePlace(related.file, *related.place);
      writeNote(related.message);
    }
    Out << '\n';
  }

  void writeNote(llvm::StringRef message) { Out << Paint.note << "note: " << Paint.plain << escaped(message) << '\n'; }

  void writeExcerpt(const std::string &file, const Place &place) {
    std::string number = std::to_string(place.line);
    std::size_t gutter = std::max<std::size_t>(5, number.size() + 1);
    constexpr std::size_t kSeparator = 3; // " | "
    std::size_t room = Style.width > gutter + kSeparator + 20 ? Style.width - gutter - kSeparator : 20;
    if (!Input.snippets)
      return;
    const std::optional<std::string> &text = textOf(file);
    std::optional<Excerpt> excerpt = text ? excerptOf(*text, place, room) : std::nullopt;
    if (!excerpt)
      return;
    Out.indent(static_cast<unsigned>(gutter - number.size())) << number << " | " << excerpt->line << '\n';
    Out.indent(static_cast<unsigned>(gutter)) << " | " << Paint.mark << excerpt->marks << Paint.plain << '\n';
  }

  const std::optional<std::string> &textOf(const std::string &file) {
    auto [known, isNew] = Texts.try_emplace(file);
    if (isNew && !file.empty())
      known->second = Input.source(file);
    return known->second;
  }

  void writeHidden() {
    if (Input.showSuppressed)
      return;
    std::map<FindingState, std::size_t> hidden;
    for (const Finding &finding : Outcome.findings)
      if (finding.state != FindingState::New)
        ++hidden[finding.state];
    if (hidden.empty())
      return;
    std::string what;
    std::size_t all = 0;
    for (const auto &[state, count] : hidden) {
      what += (what.empty() ? "" : ", ") + std::to_string(count) + " " + wordFor(state).str();
      all += count;
    }
    Out << "Not shown: " << what << " finding" << (all == 1 ? "" : "s") << " (--show-suppressed shows them)\n\n";
  }

  void writeFailures(llvm::StringRef title, const std::vector<FailedUnit> &failures) {
    if (failures.empty())
      return;
    Out << Paint.error << title << Paint.plain << '\n';
    for (const FailedUnit &failure : llvm::ArrayRef(failures).take_front(kListed)) {
      // The compiler's message names its own place, often in a header; the unit is said when it does not.
      bool namesUnit = llvm::StringRef(failure.error).starts_with(failure.file);
      Out << "  " << (namesUnit ? "" : escaped(failure.file) + ": ") << escaped(failure.error) << '\n';
    }
    writeRest(failures.size());
    Out << '\n';
  }

  void writeRest(std::size_t count) {
    if (count > kListed)
      Out << "  ... and " << count - kListed << " more\n";
  }

  void writeUnanalysed() {
    const UnitCounts &units = Outcome.coverage.units;
    writeFailures(std::to_string(units.failed.size()) + " of " + counted(units.total, "translation unit") +
                      " could not be analysed",
                  units.failed);
    std::size_t unreadable = Outcome.coverage.unreadable.size();
    writeFailures(std::to_string(unreadable) +
                      (unreadable == 1 ? " file or compile command" : " files or compile commands") +
                      " could not be used",
                  Outcome.coverage.unreadable);
  }

  /// "a.h, b.h, c.h and 4 more"
  static std::string firstFew(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : llvm::ArrayRef(names).take_front(kNamed))
      text += (text.empty() ? "" : ", ") + escaped(name);
    if (names.size() > kNamed)
      text += " and " + std::to_string(names.size() - kNamed) + " more";
    return text;
  }

  void writeUncovered() {
    const Coverage &coverage = Outcome.coverage;
    if (!coverage.unreachedHeaders.empty())
      Out << "No translation unit includes " << counted(coverage.unreachedHeaders.size(), "header") << ": "
          << firstFew(coverage.unreachedHeaders) << '\n';
    if (!coverage.orphanSources.empty())
      Out << "No command compiles " << counted(coverage.orphanSources.size(), "source file") << ": "
          << firstFew(coverage.orphanSources) << '\n';
    if (!coverage.unreachedHeaders.empty() || !coverage.orphanSources.empty())
      Out << '\n';
  }

  void writeUnjudged() {
    std::vector<const AsideEntry *> unjudged;
    std::map<std::string, std::size_t> reasons;
    for (const AsideEntry &entry : Outcome.asides)
      if (entry.aside.unjudged) {
        unjudged.push_back(&entry);
        ++reasons[entry.aside.reason];
      }
    if (unjudged.empty())
      return;
    std::string summary;
    for (const auto &[reason, count] : reasons)
      summary += (summary.empty() ? "" : ", ") + std::to_string(count) + " " + escaped(reason);
    Out << counted(unjudged.size(), "mention") << " could not be judged: " << summary << '\n';
    for (const AsideEntry *entry : llvm::ArrayRef(unjudged).take_front(kListed))
      Out << "  " << escaped(entry->file) << ':' << entry->aside.place.line << ':' << entry->aside.place.column << ": "
          << escaped(entry->aside.symbol) << " (" << escaped(entry->aside.reason) << ") [ssot-" << escaped(entry->rule)
          << "]\n";
    writeRest(unjudged.size());
    Out << '\n';
  }

  void writeDrift() {
    if (Outcome.drifts.empty())
      return;
    Out << "Drift of the duplicates: " << driftCounts(Outcome)
        << (Input.drift ? "" : " (--drift shows them method by method)") << '\n';
    if (!Input.drift) {
      Out << '\n';
      return;
    }
    for (const DriftEntry &entry : Outcome.drifts)
      writeDriftOf(entry);
  }

  void writeDriftOf(const DriftEntry &entry) {
    const Drift &drift = entry.drift;
    Out << '\n';
    writePlace(entry.file, drift.place);
    Out << Paint.bold << escaped(drift.symbol) << Paint.plain << " against " << escaped(drift.canonical) << ": "
        << (drift.verdict == DriftVerdict::Safe ? Paint.good : Paint.bad) << wordsFor(drift.verdict) << Paint.plain
        << " [ssot-" << escaped(entry.rule) << "]\n";
    std::vector<std::vector<TableCell>> rows;
    for (const MethodDrift &method : drift.methods) {
      if (method.differences.empty())
        rows.push_back({{cellName(method.canonical), ""}, {cellName(method.duplicate), ""}, {"same", ""}, {"", ""}});
      for (const DriftPoint &each : method.differences) {
        const std::optional<Place> &place = each.duplicate ? each.duplicate : each.canonical;
        std::string where =
            place ? " (" + escaped(Outcome.files[place->file]) + ":" + std::to_string(place->line) + ")" : "";
        rows.push_back({{cellName(method.canonical), ""},
                        {cellName(method.duplicate), ""},
                        {wordFor(each.kind).str() + (each.decides ? "!" : ""), ""},
                        {escaped(each.text) + where, ""}});
      }
    }
    writeTable({{"canonical", false}, {"duplicate", false}, {"drift", false}, {"what", false}}, rows, Paint.bold, Out);
    Out << '\n';
  }

  static std::string cellName(const std::string &name) { return name.empty() ? "-" : escaped(name); }

  llvm::StringRef colorOf(const Share &share) const {
    if (share.empty())
      return Paint.dim;
    return share.part == share.whole ? Paint.good : Paint.bad;
  }

  void writeTableOfRules() {
    if (Outcome.rules.empty())
      return;
    std::vector<TableColumn> columns{{"rule", false},     {"kind", false}, {"severity", false},
                                     {"compliant", true}, {"sites", true}, {"compliance", true}};
    std::vector<std::vector<TableCell>> rows;
    for (const RuleResult &rule : Outcome.rules) {
      bool empty = rule.compliance.empty();
      rows.push_back({{escaped(rule.id), ""},
                      {rule.kind, ""},
                      {wordFor(rule.severity).str(), ""},
                      {empty ? "-" : std::to_string(rule.compliance.part), ""},
                      {empty ? "-" : std::to_string(rule.compliance.whole), ""},
                      {rule.compliance.text(), colorOf(rule.compliance).str()}});
    }
    writeTable(columns, rows, Paint.bold, Out);
    Out << '\n';
  }

  void writeFigure(llvm::StringRef name, const Share &share, const std::string &detail) {
    // A figure from a part of the project must not be taken for one of the whole.
    bool incomplete = !Outcome.coverage.complete();
    Out << llvm::left_justify(name, 26) << Paint.bold << llvm::right_justify(share.text(), 8) << Paint.plain;
    if (!share.empty())
      Out << "  (" << detail << (incomplete ? ", incomplete" : "") << ')';
    Out << '\n';
  }

  void writeFigures() {
    const Coverage &coverage = Outcome.coverage;
    writeFigure("SSOT compliance", Outcome.ssot, partOf(Outcome.ssot, "site"));
    writeFigure("Architecture compliance", Outcome.architecture, partOf(Outcome.architecture, "file"));
    writeFigure("Coverage", coverage.share(), coverageDetail(coverage));
    if (Outcome.baseline)
      Out << llvm::left_justify("Baseline", 26) << Outcome.baseline->matched << " of " << Outcome.baseline->entries
          << (Outcome.baseline->entries == 1 ? " entry matches" : " entries match") << '\n';
  }

  void writeVerdict() {
    std::string text = verdict(Input);
    auto [word, why] = llvm::StringRef(text).split(':');
    Out << '\n' << (Outcome.gatePassed ? Paint.good : Paint.error) << word << Paint.plain;
    if (!why.empty())
      Out << ':' << why;
    Out << '\n';
  }

  const ReportInput &Input;
  const Result &Outcome;
  const TextStyle &Style;
  Palette Paint;
  llvm::raw_ostream &Out;
  std::map<std::string, std::optional<std::string>> Texts; ///< of the files with findings, read once
};

} // namespace

void writeText(const ReportInput &input, const TextStyle &style, llvm::raw_ostream &out) {
  TextReport(input, style, out).write();
}

} // namespace ssot
