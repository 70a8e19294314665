// A comment for a pull request: the verdict and the figures, then the findings in parts that open on a click.
//
// GitHub refuses a comment over 65,536 characters, so this one stays under 60,000 bytes: the worst findings first, and
// a line for how many were left out.
#include "report/excerpt.h"
#include "report/markup.h"
#include "report/report.h"
#include "report/selection.h"
#include "report/source_lines.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

constexpr std::size_t kLongest = 60000;
constexpr std::size_t kReserve = 1000;     ///< for closing what is open and saying what was left out
constexpr std::size_t kFailuresEnd = 8000; ///< where the list of failures ends, and so on
constexpr std::size_t kRulesEnd = 20000;
constexpr std::size_t kDriftEnd = 30000;
constexpr std::size_t kLongestText = 1000; ///< bytes of a message, a name or a path before it is cut
constexpr std::size_t kExcerptColumns = 100;

/// \returns \p text, cut when it is so long that a few of its kind would fill the comment.
llvm::StringRef cut(llvm::StringRef text) { return text.take_front(kLongestText); }

class MarkdownReport {
public:
  explicit MarkdownReport(const ReportInput &input) : Input(input), Outcome(input.result), Lines(input) {}

  std::string text() {
    Text = "## ssot: " + verdict(Input) + "\n\n";
    addFigures();
    addFailures();
    addRules();
    addDrift();
    addFindings();
    return std::move(Text);
  }

private:
  bool fits(std::size_t bytes) const { return Text.size() + bytes + kReserve < kLongest; }

  /// Adds a line for each element until the comment is \p end bytes long. \returns how many there were.
  template <typename List, typename Function>
  std::size_t addLines(const List &list, std::size_t end, Function lineFor) {
    std::size_t listed = 0;
    for (const auto &element : list) {
      std::string line = lineFor(element);
      if (Text.size() + line.size() > end)
        break;
      Text += line;
      ++listed;
    }
    return listed;
  }

  void addFigure(llvm::StringRef name, const Share &share, llvm::StringRef what) {
    Text += "| " + name.str() + " | " + share.text() + " | ";
    if (!share.empty())
      Text += std::to_string(share.part) + " of " + counted(share.whole, what);
    Text += std::string(Outcome.coverage.complete() ? "" : ", incomplete") + " |\n";
  }

  void addFigures() {
    Text += "| figure | | of |\n| --- | ---: | --- |\n";
    addFigure("SSOT compliance", Outcome.ssot, "site");
    addFigure("Architecture compliance", Outcome.architecture, "file");
    Share coverage = Outcome.coverage.share();
    Text += "| Coverage | " + coverage.text() + " | " + std::to_string(coverage.part) + " of " +
            std::to_string(coverage.whole) + " units and headers |\n\n";
  }

  void addFailures() {
    std::string missing = whatIsMissing(Outcome.coverage);
    if (missing.empty())
      return;
    std::vector<const FailedUnit *> all = failures(Outcome.coverage);
    Text += "<details><summary>" + missing + "</summary>\n\n";
    std::size_t listed = addLines(all, kFailuresEnd, [](const FailedUnit *failure) {
      return "- " + markdownCode(cut(failure->file)) + ": " + markdownText(cut(failure->error)) + "\n";
    });
    if (listed < all.size())
      Text += "- and " + std::to_string(all.size() - listed) + " more\n";
    Text += "\n</details>\n\n";
  }

  void addRules() {
    if (Outcome.rules.empty())
      return;
    Text += "| rule | kind | severity | compliant | sites | compliance |\n| --- | --- | --- | ---: | ---: | ---: |\n";
    std::size_t listed = addLines(Outcome.rules, kRulesEnd, [](const RuleResult &rule) {
      bool empty = rule.compliance.empty();
      return "| " + markdownText(cut(rule.id)) + " | " + rule.kind + " | " + wordFor(rule.severity).str() + " | " +
             (empty ? "" : std::to_string(rule.compliance.part)) + " | " +
             (empty ? "" : std::to_string(rule.compliance.whole)) + " | " + rule.compliance.text() + " |\n";
    });
    Text += "\n";
    if (listed < Outcome.rules.size())
      Text += "and " + counted(Outcome.rules.size() - listed, "more rule") + "\n\n";
  }

  void addDrift() {
    if (Outcome.drifts.empty())
      return;
    Text += "<details><summary>Drift of the duplicates: " + driftCounts(Outcome) +
            "</summary>\n\n| duplicate | canonical | verdict | reason |\n| --- | --- | --- | --- |\n";
    std::size_t listed = addLines(Outcome.drifts, kDriftEnd, [](const DriftEntry &entry) {
      return "| " + markdownCode(cut(entry.drift.symbol)) + " | " + markdownCode(cut(entry.drift.canonical)) + " | " +
             wordsFor(entry.drift.verdict).str() + " | " + markdownText(cut(entry.drift.reason)) + " |\n";
    });
    if (listed < Outcome.drifts.size())
      Text += "\nand " + std::to_string(Outcome.drifts.size() - listed) + " more\n";
    Text += "\n</details>\n\n";
  }

  std::string excerpt(const Finding &finding) {
    const std::optional<std::string> &text = Input.snippets ? Lines.textOf(finding.file) : None;
    std::optional<Excerpt> excerpt = text ? excerptOf(*text, finding.place, kExcerptColumns) : std::nullopt;
    if (!excerpt)
      return "";
    std::string fenced = markdownFence(excerpt->line + "\n" + excerpt->marks, "");
    std::string indented;
    for (llvm::StringRef line : llvm::split(fenced, '\n'))
      if (!line.empty())
        indented += "  " + line.str() + "\n";
    return indented;
  }

  std::string item(const Finding &finding) {
    std::string place =
        finding.file + ":" + std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column);
    std::string text =
        "- " + markdownCode(place.size() > kLongestText ? place.substr(place.size() - kLongestText) : place) + " ";
    text += finding.state == FindingState::New ? "**" + wordFor(finding.severity).str() + "**"
                                               : wordFor(finding.state).str();
    text += ": " + markdownText(cut(finding.message));
    if (!finding.reason.empty())
      text += " (reason: " + markdownText(cut(finding.reason)) + ")";
    return text + "\n" + excerpt(finding);
  }

  /// The worst first, in runs of one rule: each run is a part that opens.
  void addFindings() {
    std::vector<const Finding *> shown = worstFirst(Input);
    std::stable_sort(shown.begin(), shown.end(), [](const Finding *a, const Finding *b) {
      return std::make_tuple(a->state != FindingState::New, a->severity, checkName(*a)) <
             std::make_tuple(b->state != FindingState::New, b->severity, checkName(*b));
    });
    std::size_t written = 0;
    for (std::size_t i = 0; i < shown.size();) {
      std::size_t end = i;
      while (end < shown.size() && inOnePart(*shown[i], *shown[end]))
        ++end;
      std::size_t now = addPart(llvm::ArrayRef(shown).slice(i, end - i));
      written += now;
      if (now < end - i)
        break;
      i = end;
    }
    if (written < shown.size())
      Text += "Not shown here: " + std::to_string(shown.size() - written) + " of " + counted(shown.size(), "finding") +
              ". `ssot check --format text` has all of them.\n";
  }

  static bool inOnePart(const Finding &a, const Finding &b) {
    return checkName(a) == checkName(b) && a.severity == b.severity &&
           (a.state == FindingState::New) == (b.state == FindingState::New);
  }

  /// \returns how many findings of the part had room.
  std::size_t addPart(llvm::ArrayRef<const Finding *> part) {
    std::string head = "<details><summary>" + xmlText(cut(checkName(*part.front()))) + ": " +
                       counted(part.size(), "finding") + "</summary>\n\n";
    std::size_t written = 0;
    for (const Finding *finding : part) {
      std::string text = item(*finding);
      if (!fits(text.size() + (written ? 0 : head.size())))
        break;
      Text += (written ? "" : head) + text;
      ++written;
    }
    if (written)
      Text += "\n</details>\n\n";
    return written;
  }

  const ReportInput &Input;
  const Result &Outcome;
  SourceLines Lines;
  std::string Text;
  const std::optional<std::string> None;
};

} // namespace

void writeMarkdown(const ReportInput &input, llvm::raw_ostream &out) { out << MarkdownReport(input).text(); }

} // namespace ssot
