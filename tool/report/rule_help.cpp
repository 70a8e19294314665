#include "report/rule_help.h"

#include "config/format.h"
#include "report/markup.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

namespace {

/// \returns \p text on one line.
std::string oneLine(llvm::StringRef text) {
  std::string result;
  llvm::SmallVector<llvm::StringRef, 32> words;
  text.split(words, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words) {
    word = word.trim();
    if (!word.empty())
      result += (result.empty() ? "" : " ") + escaped(word);
  }
  return result;
}

/// Builds the plain and the Markdown form side by side.
class Page {
public:
  void section(llvm::StringRef title, llvm::StringRef body) {
    std::string line = oneLine(body);
    if (line.empty())
      return;
    add((title.empty() ? "" : title.str() + ": ") + line,
        (title.empty() ? "" : "**" + title.str() + ":** ") + markdownText(line));
  }
  void code(llvm::StringRef title, llvm::StringRef code) {
    if (code.trim().empty())
      return;
    std::string plain = title.str() + ":";
    for (llvm::StringRef line : llvm::split(code.rtrim(), '\n'))
      plain += "\n  " + escaped(line);
    add(plain, "**" + title.str() + ":**\n\n" + llvm::StringRef(markdownFence(code, "cpp")).rtrim().str());
  }
  RuleHelp help;

private:
  void add(const std::string &text, const std::string &markdown) {
    help.text += (help.text.empty() ? "" : "\n\n") + text;
    help.markdown += (help.markdown.empty() ? "" : "\n\n") + markdown;
  }
};

struct GateKind {
  llvm::StringLiteral kind, brief, help;
};

constexpr GateKind kGateKinds[] = {
    {"canonical-missing", "The canonical symbol of a rule does not exist",
     "No analysed code defines what the rule calls canonical, so nothing can be compared with it. Correct the name in "
     "the rule file, or analyse the units that define it."},
    {"unused-suppression", "A suppression comment suppresses nothing",
     "The finding that this NOLINT comment excused is gone. Remove the comment, so that it cannot excuse a new one."},
    {"suppression-without-reason", "A suppression comment gives no reason",
     "A NOLINT comment of ssot has an effect only with a reason after a colon, so that a reader can judge it."},
    {"unmatched-suppression", "A suppression range has no other end",
     "NOLINTBEGIN and NOLINTEND come in pairs within one file."},
    {"unused-allowance", "An allowance excuses nothing",
     "The finding that this entry of a rule's allow list excused is gone. Remove the entry, so that it cannot excuse a "
     "new one."},
    {"stale-baseline", "An entry of the baseline matches nothing any more",
     "The violation that this entry accepted is gone. Remove the entry with `ssot baseline prune`, so that it cannot "
     "excuse a new one."},
    {"weakened-gate", "The gate lets more pass than before",
     "A rule, scope, allowance, severity, minimum, baseline or suppression lets something pass that would have failed "
     "at the revision that was compared with (`--against`). Who answers for the file decides whether that is wanted."},
    {"expired-allowance", "An allowance has ended",
     "The day after which this entry of a rule's allow list ends is past. Fix what it excused, or decide anew."},
};

} // namespace

RuleHelp helpFor(const Rule &rule) {
  const KindSpec *kind = findKind(rule.kind);
  llvm::StringRef purpose = kind ? llvm::StringRef(kind->purpose) : llvm::StringRef();
  Page page;
  page.section("", rule.description);
  page.section("Why", rule.why);
  page.section("This kind of rule", purpose);
  if (kind) {
    page.section("A site is", kind->site);
    page.section("It is compliant when", kind->compliant);
  }
  page.code("Before", rule.exampleBefore);
  page.code("After", rule.exampleAfter);
  page.section("More", "ssot explain " + rule.id);
  llvm::StringRef first = llvm::StringRef(rule.description).ltrim().take_until([](char c) { return c == '\n'; });
  page.help.brief = oneLine(first.empty() ? purpose : first);
  page.help.full = oneLine(rule.description.empty() ? purpose : llvm::StringRef(rule.description));
  return std::move(page.help);
}

RuleHelp helpForGateKind(llvm::StringRef kind) {
  const GateKind *known = llvm::find_if(kGateKinds, [&](const GateKind &entry) { return entry.kind == kind; });
  std::string brief = known == std::end(kGateKinds) ? kind.str() : known->brief.str();
  std::string full = known == std::end(kGateKinds) ? kind.str() : known->help.str();
  return {brief, full, full, markdownText(full)};
}

} // namespace ssot
