#include "command/migration_output.h"

#include "migrate/text.h"
#include "report/table.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>

#include <map>

namespace ssot {

namespace {

/// A mention in a comment or a string is told, but nobody has to decide about it; about what is out of scope somebody
/// has.
bool isToDecide(const Residue &left) { return left.reason != "string-or-comment" && left.reason != "outside-scope"; }

constexpr char kBold[] = "\x1b[0;1m", kGood[] = "\x1b[0;32m", kBad[] = "\x1b[0;31m";

/// A text in one line.
std::string firstLine(llvm::StringRef text) {
  auto [line, more] = text.trim().split('\n');
  if (line.empty())
    return "nothing";
  return escaped(line.rtrim()) + (more.empty() ? "" : " ...");
}

void writePlaces(const Migration &migration, llvm::raw_ostream &out) {
  for (const Rejection &rejection : migration.rejected)
    out << escaped(rejection.edit.file) << ':' << rejection.edit.line << ':' << rejection.edit.column
        << ": rejected: " << firstLine(rejection.edit.before) << " -> " << firstLine(rejection.edit.after())
        << " [ssot-" << rejection.edit.rule << "]\n    " << escaped(rejection.error) << '\n';
  for (const Residue &left : migration.plan.residue)
    if (isToDecide(left))
      out << escaped(left.file) << ':' << left.line << ':' << left.column << ": left: " << left.reason
          << (left.detail.empty() ? "" : ": ") << escaped(left.detail) << " [ssot-" << left.rule << "]\n";
}

std::string stateOf(const Migration &migration) {
  if (!migration.journal.empty())
    return "verified and applied (`ssot rollback " + migration.journal + "` undoes it)";
  if (migration.plan.edits.empty())
    return std::string();
  return migration.verified ? "verified" : "NOT verified";
}

/// Two columns: what, how many; then what there is to say of it.
void writeTableOfEdits(const Migration &migration, bool color, llvm::raw_ostream &out) {
  std::vector<std::vector<TableCell>> rows;
  auto row = [&](const std::string &what, std::size_t count, const std::string &remark, const char *paint = "") {
    rows.push_back({{what, ""}, {std::to_string(count), color && count ? paint : ""}, {remark, ""}});
  };
  row("edits", migration.plan.edits.size(), stateOf(migration), kGood);
  row("files", migration.changes.size(), "");
  row("rejected", migration.rejected.size(), migration.rejected.empty() ? "" : "would not compile, see above", kBad);
  row("residue", migration.plan.residue.size(), "");
  std::map<std::string, std::size_t> reasons;
  std::map<std::string, bool> listed;
  for (const Residue &left : migration.plan.residue) {
    ++reasons[left.reason];
    listed[left.reason] = isToDecide(left);
  }
  for (const auto &[reason, count] : reasons)
    row("  " + reason, count, listed[reason] ? "see above" : "no decision needed; --format json lists them");
  std::vector<TableColumn> columns{{"migration", false}, {"count", true}, {"", false}};
  writeTable(columns, rows, color ? kBold : "", out);
}

void writeCompliance(const Migration &migration, bool color, llvm::raw_ostream &out) {
  bool incomplete = !migration.coverage.complete();
  auto row = [&](const char *when, const Share &share) {
    const char *paint = !color || share.empty() ? "" : share.part == share.whole ? kGood : kBad;
    return std::vector<TableCell>{{when, ""}, {share.text(), paint}, {share.empty() ? "" : partOf(share, "site"), ""}};
  };
  std::vector<std::vector<TableCell>> rows{row("before", migration.before), row("after", migration.after)};
  Share coverage = migration.coverage.share();
  rows.push_back({{"coverage", ""},
                  {coverage.text(), ""},
                  {coverageDetail(migration.coverage) + (incomplete ? ", incomplete" : ""), ""}});
  std::vector<TableColumn> columns{{"SSOT compliance", false}, {"", true}, {"", false}};
  writeTable(columns, rows, color ? kBold : "", out);
}

llvm::json::Value shareJson(const Share &share) {
  return share.empty() ? llvm::json::Value(nullptr) : llvm::json::Value(share.percent());
}

/// The patches of a split, in the order in which they are to be applied.
void writePatchList(const Migration &migration, bool color, llvm::raw_ostream &out) {
  if (migration.patches.empty())
    return;
  std::vector<std::vector<TableCell>> rows;
  for (std::size_t i = 0; i < migration.patches.size(); ++i) {
    const PatchPart &part = migration.patches[i];
    rows.push_back(
        {{patchFileName(part, i + 1), ""}, {counted(part.files.size(), "file"), ""}, {escaped(part.name), ""}});
  }
  out << '\n';
  writeTable({{"patch", false}, {"", true}, {"", false}}, rows, color ? kBold : "", out);
}

} // namespace

std::string patchOf(const std::vector<FileChange> &changes) {
  std::string patch;
  for (const FileChange &change : changes)
    patch += unifiedDiff(change.path, change.before, change.after);
  return patch;
}

void writeDiff(llvm::StringRef patch, bool color, llvm::raw_ostream &out) {
  for (llvm::StringRef line : linesOf(patch)) {
    bool header = line.starts_with("---") || line.starts_with("+++");
    const char *code = !color                   ? ""
                       : header                 ? "\x1b[1m"
                       : line.starts_with("@@") ? "\x1b[36m"
                       : line.starts_with("+")  ? "\x1b[32m"
                       : line.starts_with("-")  ? "\x1b[31m"
                                                : "";
    out << code << line.rtrim("\n") << (*code ? "\x1b[0m" : "") << '\n';
  }
}

void writeMigrationText(const Migration &migration, bool color, llvm::raw_ostream &out) {
  writeDiff(patchOf(migration.changes), color, out);
  writePlaces(migration, out);
  if (!migration.changes.empty() || !migration.rejected.empty() || llvm::any_of(migration.plan.residue, isToDecide))
    out << '\n';
  writeTableOfEdits(migration, color, out);
  out << '\n';
  writeCompliance(migration, color, out);
  writePatchList(migration, color, out);
}

void writeMigrationJson(const Migration &migration, llvm::raw_ostream &out) {
  auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  auto utf8 = [](llvm::StringRef text) { return llvm::json::fixUTF8(text); };
  llvm::json::Array edits, residue, rejected;
  for (const Edit &edit : migration.plan.edits)
    edits.push_back(llvm::json::Object{{"file", utf8(edit.file)},
                                       {"line", edit.line},
                                       {"column", edit.column},
                                       {"rule", edit.rule},
                                       {"before", utf8(edit.before)},
                                       {"after", utf8(edit.after())}});
  for (const Residue &left : migration.plan.residue)
    residue.push_back(llvm::json::Object{{"file", utf8(left.file)},
                                         {"line", left.line},
                                         {"column", left.column},
                                         {"rule", left.rule},
                                         {"reason", left.reason},
                                         {"detail", utf8(left.detail)}});
  for (const Rejection &rejection : migration.rejected)
    rejected.push_back(llvm::json::Object{{"file", utf8(rejection.edit.file)},
                                          {"line", rejection.edit.line},
                                          {"column", rejection.edit.column},
                                          {"rule", rejection.edit.rule},
                                          {"error", utf8(rejection.error)}});
  llvm::json::Array patches;
  for (std::size_t i = 0; i < migration.patches.size(); ++i) {
    llvm::json::Array files;
    for (const std::string &file : migration.patches[i].files)
      files.push_back(utf8(file));
    patches.push_back(llvm::json::Object{{"patch", patchFileName(migration.patches[i], i + 1)},
                                         {"name", utf8(migration.patches[i].name)},
                                         {"files", std::move(files)}});
  }
  llvm::json::Object whole{
      {"schema", "ssot-migration/1"},
      {"edits", std::move(edits)},
      {"residue", std::move(residue)},
      {"rejected", std::move(rejected)},
      {"verified", migration.verified},
      {"compliance", llvm::json::Object{{"before", shareJson(migration.before)},
                                        {"after", shareJson(migration.after)},
                                        {"sites_before", count(migration.before.whole)},
                                        {"compliant_before", count(migration.before.part)},
                                        {"sites_after", count(migration.after.whole)},
                                        {"compliant_after", count(migration.after.part)},
                                        {"coverage", shareJson(migration.coverage.share())},
                                        {"complete", migration.coverage.complete()}}},
      {"journal", migration.journal.empty() ? llvm::json::Value(nullptr) : llvm::json::Value(migration.journal)}};
  if (!patches.empty())
    whole["patches"] = std::move(patches);
  out << llvm::formatv("{0:2}", llvm::json::Value(std::move(whole))) << '\n';
}

bool needsAPerson(const Migration &migration) {
  return !migration.rejected.empty() || llvm::any_of(migration.plan.residue, isToDecide);
}

} // namespace ssot
