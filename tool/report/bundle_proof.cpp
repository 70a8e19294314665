// proof-summary.md: what was looked at, by which parse, and the digests by which somebody else can tell the same input.
#include "report/bundle.h"
#include "report/markup.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>

namespace ssot {

namespace {

std::string sha256(llvm::StringRef bytes) {
  llvm::SHA256 hash;
  hash.update(bytes);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

/// One digest over names and digests of all files, as `sha256sum FILES | sha256sum` gives it.
std::string digestOfAll(const std::map<std::string, std::string> &digests) {
  std::string lines;
  for (const auto &[file, digest] : digests)
    lines.append(digest).append("  ").append(file).append("\n");
  return sha256(lines);
}

} // namespace

std::string proofSummary(const BundleInput &input) {
  const Result &result = input.report.result;
  const UnitCounts &units = result.coverage.units;
  const MigrationFacts &migration = input.migration;
  std::string text = "# Proof summary\n\n## The analysis\n\n| what | figure |\n| --- | --- |\n";
  auto add = [&](std::string what, std::string figure) { text += markdownRow({std::move(what), std::move(figure)}); };
  add("program", "ssot " + input.report.version + ", Clang 19");
  add("translation units", std::to_string(units.parsed + units.cached) + " of " + std::to_string(units.total) +
                               " parsed whole, with the project's own compile commands");
  add("could not be parsed", std::to_string(units.failed.size()));
  add("headers reached", std::to_string(result.coverage.headers - result.coverage.unreachedHeaders.size()) + " of " +
                             std::to_string(result.coverage.headers));
  add("sources that no command compiles", std::to_string(result.coverage.orphanSources.size()));
  text += "\nAgain with `ssot check --format json" + input.options + input.gateOptions + input.paths +
          "`: `units` and `coverage`.\n";
  for (const FailedUnit *failure : failures(result.coverage))
    text += "- " + markdownCode(failure->file) + ": " + markdownText(failure->error) + "\n";

  text += "\n## The migration\n\n| what | figure |\n| --- | --- |\n";
  add("edits planned and proven",
      std::to_string(migration.edits.size()) + " in " + counted(migration.files.size(), "file"));
  add("units parsed again over the edits", std::to_string(migration.parsedAgain));
  add("edits rejected by that parse", std::to_string(migration.rejected.size()));
  add("left for a person or untouched, with a reason", std::to_string(migration.residue.size()));
  add("a second run would plan nothing", migration.edits.empty() ? "no edits"
                                         : migration.verified    ? "yes"
                                                                 : "**not proven**");
  auto share = [](const Share &figure) {
    return figure.empty()
               ? figure.text()
               : figure.text() + " (" + std::to_string(figure.part) + " of " + std::to_string(figure.whole) + ")";
  };
  add("SSOT compliance before and after", share(migration.before) + " and " + share(migration.after));
  text += "\nAgain with `ssot migrate" + input.options + input.paths + "`.\n";
  for (const std::string &problem : migration.unproven)
    text += "- not proven: " + markdownText(problem) + "\n";

  text += "\n## Digests\n\nSHA-256 of what the figures are made of.\n\n| file | digest |\n| --- | --- |\n";
  for (const std::string &file : input.ruleFiles)
    if (auto known = input.digests.find(file); known != input.digests.end())
      add(markdownCell(file), markdownCell(known->second));
  add("all " + counted(input.digests.size(), "file") + " of the project that were read",
      markdownCell(digestOfAll(input.digests)));
  text += "\nThe last one is that of the list `sha256sum FILE...` prints for them, sorted by name.\n";
  if (!migration.files.empty())
    text += "\n| file to edit | as it is | with the edits |\n| --- | --- | --- |\n";
  for (const MigrationFacts::EditedFile &file : migration.files)
    text += markdownRow({markdownCell(file.file), markdownCell(file.before), markdownCell(file.after)});
  return text;
}

} // namespace ssot
