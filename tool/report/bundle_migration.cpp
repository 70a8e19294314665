// migration-guide.md and rollback-plan.md: the way there and the way back.
#include "report/bundle.h"
#include "report/markup.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

namespace {

template <typename List>
std::size_t countOf(const List &list, llvm::StringRef rule) {
  return static_cast<std::size_t>(llvm::count_if(list, [&](const auto &entry) { return entry.rule == rule; }));
}

class Guide {
public:
  explicit Guide(const BundleInput &input) : Input(input), Outcome(input.report.result) {}

  std::string text() {
    const MigrationFacts &plan = Input.migration;
    Text =
        "# Migration guide\n\nWhat each rule asks for, how much of it `ssot migrate` writes and proves, and what is "
        "left "
        "for whom.\n\n1. `ssot migrate" +
        Input.options + Input.paths + "` shows " + counted(plan.edits.size(), "edit") + " in " +
        counted(plan.files.size(), "file") + "; nothing is written.\n2. `ssot migrate --apply" + Input.options +
        Input.paths +
        "` writes them, all files or none, and names the journal.\n3. Build and test. `ssot rollback` puts everything "
        "back (rollback-plan.md).\n4. What is left below is for people. `ssot check" +
        Input.options + Input.gateOptions + Input.paths + "` shows each place.\n";
    for (const RuleResult &rule : Outcome.rules)
      addRule(rule);
    return std::move(Text);
  }

private:
  void addRule(const RuleResult &rule) {
    std::map<std::string, std::size_t> byOwner;
    std::size_t open = 0;
    for (const Finding &finding : Outcome.findings)
      if (finding.rule == rule.id && isOfRuleKind(finding)) {
        ++open;
        ++byOwner[Input.owners.text(finding.file)];
      }
    Text += "\n## " + markdownText(rule.id) + "\n\n";
    auto found = llvm::find_if(Input.report.config.rules, [&](const Rule &other) { return other.id == rule.id; });
    if (found != Input.report.config.rules.end() && !found->description.empty())
      Text += markdownText(llvm::StringRef(found->description).trim()) + "\n\n";
    if (rule.compliance.empty()) {
      Text += "No sites.\n";
      return;
    }
    Text += std::to_string(rule.compliance.part) + " of " + counted(rule.compliance.whole, "site") + " compliant (" +
            rule.compliance.text() + "); " + counted(open, "violation") + ", " +
            counted(countOf(Input.migration.edits, rule.id), "proven edit") + ", " +
            std::to_string(countOf(Input.migration.rejected, rule.id)) + " rejected. Again with `ssot check --rule " +
            rule.id + Input.options + Input.gateOptions + Input.paths + "`.\n";
    addNames(rule.id);
    addLeft(rule.id);
    if (!byOwner.empty())
      Text += "\n| owner | violations |\n| --- | ---: |\n";
    for (const auto &[owner, count] : byOwner)
      Text += markdownRow({markdownCell(owner), std::to_string(count)});
  }

  /// Old and new names.
  void addNames(llvm::StringRef rule) {
    bool isFirst = true;
    auto add = [&](const std::string &old, const std::string &now, const std::string &header, std::size_t uses,
                   const std::string &sunset) {
      if (isFirst)
        Text += "\n| old | new | include | uses left | gone by |\n| --- | --- | --- | ---: | --- |\n";
      isFirst = false;
      Text += markdownRow({markdownCell(old), markdownCell(now), markdownCell(header), std::to_string(uses), sunset});
    };
    const Registry &registry = Input.registry;
    for (const auto *list : {&registry.names, &registry.calls, &registry.headers})
      for (const Registry::Legacy &legacy : *list)
        if (legacy.rule == rule)
          add(legacy.name, legacy.replacement, legacy.header, legacy.uses, legacy.sunset);
    for (const Registry::Canonical &canonical : registry.canonical)
      if (canonical.rule == rule)
        addRivals(canonical);
  }

  /// The definitions that the canonical one replaces.
  void addRivals(const Registry::Canonical &canonical) {
    bool isFirst = true;
    for (const Finding &finding : Outcome.findings) {
      if (finding.rule != canonical.rule || !isOfRuleKind(finding))
        continue;
      if (isFirst)
        Text += "\n| old | new | include | in |\n| --- | --- | --- | --- |\n";
      isFirst = false;
      Text += markdownRow({markdownCell(finding.symbol), markdownCell(canonical.name), markdownCell(canonical.header),
                           markdownCell(finding.file)});
    }
  }

  void addLeft(llvm::StringRef rule) {
    std::map<std::string, std::size_t> reasons;
    for (const MigrationFacts::Left &left : Input.migration.residue)
      if (left.rule == rule)
        ++reasons[left.reason];
    if (reasons.empty())
      return;
    Text += "\nNot rewritten: ";
    std::vector<std::string> parts;
    for (const auto &[reason, count] : reasons)
      parts.push_back(markdownCode(reason) + " " + std::to_string(count));
    Text += llvm::join(parts, ", ") + ". Each place: `ssot migrate --rule " + rule.str() + Input.options + Input.paths +
            "`.\n";
  }

  const BundleInput &Input;
  const Result &Outcome;
  std::string Text;
};

} // namespace

std::string migrationGuide(const BundleInput &input) { return Guide(input).text(); }

std::string rollbackPlan(const BundleInput &input) {
  std::string text = "# Rollback plan\n\nThe migrations that were applied to this tree, newest first. Again with `ssot "
                     "rollback --list`.\n\n";
  std::vector<const JournalLine *> applied;
  if (input.journals.empty())
    text += "None: there is nothing to put back.\n";
  else
    text += "| migration | state | files |\n| --- | --- | ---: |\n";
  for (const JournalLine &journal : input.journals) {
    text += markdownRow({markdownCell(journal.id), journal.state, std::to_string(journal.files.size())});
    if (journal.state == "applied")
      applied.push_back(&journal);
  }
  text += "\n## Steps\n\n";
  std::size_t step = 0;
  auto add = [&](const std::string &what) { text += std::to_string(++step) + ". " + what + "\n"; };
  if (applied.empty()) {
    add("After a `ssot migrate --apply`: `ssot rollback` puts back what it changed, byte for byte.");
  } else {
    add("Stop what writes to these files: a file that was edited since its migration is refused, and nothing is "
        "written "
        "(`--skip-changed` leaves such files alone).");
    for (const JournalLine *journal : applied)
      add("`ssot rollback " + journal->id + "` puts back " + counted(journal->files.size(), "file") + ".");
    if (applied.size() > 1)
      text += "\nIn this order: a later migration may stand on an earlier one.\n\n";
  }
  add("`ssot check" + input.options + input.gateOptions + input.paths + "` shows the figures of before.");
  for (const JournalLine *journal : applied) {
    text += "\n### " + markdownCode(journal->id) + "\n\n";
    for (const std::string &file : journal->files)
      text += "- " + markdownCode(file) + "\n";
  }
  return text;
}

} // namespace ssot
