// Workflow commands of GitHub Actions: annotations beside the code of a pull request.
//
// GitHub shows 10 errors, 10 warnings and 10 notices of a step and drops the rest without a word, so the worst come
// first, no more are printed, and the last line says how many were left out.
#include "report/report.h"
#include "report/selection.h"
#include "report/source_lines.h"
#include "report/words.h"

#include <llvm/ADT/StringExtras.h>

#include <array>

namespace ssot {

namespace {

constexpr std::size_t kShownOfEach = 10;

/// \returns \p text as GitHub reads it back. Line ends are visible escapes already; what is left is the percent sign,
/// and in a property the characters that end it.
std::string encoded(llvm::StringRef text, llvm::StringRef special) {
  std::string result;
  for (char c : escaped(text))
    if (special.contains(c))
      result += "%" + llvm::utohexstr(static_cast<unsigned char>(c), /*LowerCase=*/false, /*Width=*/2);
    else
      result += c;
  return result;
}

std::string messageText(llvm::StringRef text) { return encoded(text, "%"); }
std::string property(llvm::StringRef text) { return encoded(text, "%:,"); }

class GithubReport {
public:
  GithubReport(const ReportInput &input, llvm::raw_ostream &out) : Input(input), Lines(input), Out(out) {}

  void write() {
    writeMissing();
    for (const Finding *finding : worstFirst(Input))
      writeFinding(*finding);
    writeRest();
    Out << "ssot: " << escaped(verdict(Input)) << '\n';
  }

private:
  static constexpr std::array<const char *, 3> kCommands{"error", "warning", "notice"};
  enum Command : std::size_t { Error, Warning, Notice };

  /// \returns whether one more of this command will be shown; counts it either way.
  bool hasRoom(Command command) {
    ++Seen;
    return Printed[command]++ < kShownOfEach && ++Shown;
  }

  /// One annotation for all that is missing: it must not push out the findings.
  void writeMissing() {
    std::string missing = whatIsMissing(Input.result.coverage);
    if (missing.empty())
      return;
    Command command = Input.allowIncomplete ? Warning : Error;
    if (!hasRoom(command))
      return;
    const FailedUnit &first = *failures(Input.result.coverage).front();
    Out << "::" << kCommands[command] << " title=" << property("ssot: incomplete analysis")
        << "::" << messageText(missing + "; the first: " + first.file + ": " + first.error) << '\n';
  }

  void writeFinding(const Finding &finding) {
    // What is excused does not fail the gate and must not look as if it did.
    Command command = finding.state != FindingState::New || finding.severity == Severity::Note ? Notice
                      : finding.severity == Severity::Error                                    ? Error
                                                                                               : Warning;
    if (!hasRoom(command))
      return;
    SourceLines::Region region = Lines.regionOf(finding.file, finding.place);
    Out << "::" << kCommands[command] << " file=" << property(finding.file) << ",line=" << region.line
        << ",endLine=" << region.endLine;
    if (region.line == region.endLine) // GitHub takes columns within one line only
      Out << ",col=" << region.column << ",endColumn=" << region.endColumn;
    Out << ",title=" << property("ssot: " + checkName(finding)) << "::";
    if (finding.state != FindingState::New)
      Out << wordFor(finding.state) << ": ";
    Out << messageText(finding.message) << '\n';
  }

  void writeRest() {
    if (Seen == Shown)
      return;
    Out << "ssot: " << Seen - Shown << " more of " << counted(Seen, "annotation") << " not shown: GitHub shows "
        << kShownOfEach << " of each kind a step\n";
  }

  const ReportInput &Input;
  SourceLines Lines;
  llvm::raw_ostream &Out;
  std::array<std::size_t, 3> Printed{};
  std::size_t Seen = 0;
  std::size_t Shown = 0;
};

} // namespace

void writeGithub(const ReportInput &input, llvm::raw_ostream &out) { GithubReport(input, out).write(); }

} // namespace ssot
