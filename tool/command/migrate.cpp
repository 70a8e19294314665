#include "command/migrate.h"

#include "command/analysis.h"
#include "command/cache.h"
#include "command/migration.h"
#include "migrate/exchange.h"
#include "migrate/journal.h"
#include "migrate/plan_file.h"
#include "report/output.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Process.h>

namespace ssot {

namespace {

constexpr int kOk = static_cast<int>(ExitCode::Passed);
constexpr int kPending = static_cast<int>(ExitCode::GateFailed);
constexpr int kIncomplete = static_cast<int>(ExitCode::Incomplete);
constexpr int kRefused = static_cast<int>(ExitCode::Refused);

int refuse(llvm::Error error, llvm::raw_ostream &err) {
  bool halfway = isHalfway(error);
  err << (halfway ? "ssot: " : "ssot: refused: ") << llvm::toString(std::move(error)) << '\n';
  return halfway ? static_cast<int>(ExitCode::Internal) : kRefused;
}

llvm::Error pendingAgain(llvm::ArrayRef<Edit> edits) {
  std::string message = "a second run would plan edits again; nothing was written";
  for (const Edit &edit : edits)
    message += "\n" + edit.file + ":" + std::to_string(edit.line) + ":" + std::to_string(edit.column) + ": " +
               edit.before + " -> " + edit.after() + " [ssot-" + edit.rule + "]";
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), "%s", message.c_str());
}

std::string patchOf(const std::vector<FileChange> &changes) {
  std::string patch;
  for (const FileChange &change : changes)
    patch += unifiedDiff(change.path, change.before, change.after);
  return patch;
}

void printDiff(llvm::StringRef patch, bool color, llvm::raw_ostream &out) {
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

void printText(const Migration &migration, bool applied, bool color, llvm::raw_ostream &out) {
  printDiff(patchOf(migration.changes), color, out);
  for (const Rejection &rejection : migration.rejected)
    out << rejection.edit.file << ':' << rejection.edit.line << ':' << rejection.edit.column
        << ": rejected: " << rejection.edit.before << " -> " << rejection.edit.after() << " [ssot-"
        << rejection.edit.rule << "]: " << rejection.error << '\n';
  std::map<std::string, std::size_t> reasons;
  for (const Residue &left : migration.plan.residue) {
    ++reasons[left.reason];
    if (left.reason != "string-or-comment")
      out << left.file << ':' << left.line << ':' << left.column << ": left: " << left.reason
          << (left.detail.empty() ? "" : ": ") << left.detail << " [ssot-" << left.rule << "]\n";
  }
  out << "\nedits       " << migration.plan.edits.size() << " in " << migration.changes.size() << " files"
      << (applied                        ? ", verified and applied (journal " + migration.journal + ")"
          : migration.verified           ? ", verified"
          : migration.plan.edits.empty() ? ""
                                         : ", NOT verified")
      << "\nrejected    " << migration.rejected.size() << "\nresidue     " << migration.plan.residue.size();
  const char *separator = " (";
  for (const auto &[reason, count] : reasons) {
    out << separator << reason << ' ' << count;
    separator = ", ";
  }
  out << (reasons.empty() ? "" : ")") << "\ncompliance  " << migration.before.text() << " (" << migration.before.part
      << " of " << migration.before.whole << ") -> " << migration.after.text() << " (" << migration.after.part << " of "
      << migration.after.whole << ")\n";
}

llvm::json::Value shareJson(const Share &share) {
  return share.empty() ? llvm::json::Value(nullptr) : llvm::json::Value(share.percent());
}

void printJson(const Migration &migration, llvm::raw_ostream &out) {
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
  llvm::json::Object whole{
      {"schema", "ssot-migration/1"},
      {"edits", std::move(edits)},
      {"residue", std::move(residue)},
      {"rejected", std::move(rejected)},
      {"verified", migration.verified},
      {"compliance",
       llvm::json::Object{{"before", shareJson(migration.before)}, {"after", shareJson(migration.after)}}},
      {"journal", migration.journal.empty() ? llvm::json::Value(nullptr) : llvm::json::Value(migration.journal)}};
  out << llvm::formatv("{0:2}", llvm::json::Value(std::move(whole))) << '\n';
}

llvm::Error writeText(const std::string &file, llvm::StringRef text) {
  return writeFileAtomically(file, [&](llvm::raw_ostream &out) { out << text; });
}

/// A mention in a comment or a string is told, but nobody has to decide about it.
bool needsAPerson(const Migration &migration) {
  return !migration.rejected.empty() ||
         llvm::any_of(migration.plan.residue, [](const Residue &left) { return left.reason != "string-or-comment"; });
}

int applySavedPlan(const SharedOptions &shared, const MigrateOptions &options, const std::string &root,
                   Streams streams) {
  std::optional<std::string> text;
  if (auto buffer = llvm::MemoryBuffer::getFile(options.plan))
    text = (*buffer)->getBuffer().str();
  if (!text)
    return reportUsageError(llvm::createStringError(std::make_error_code(std::errc::no_such_file_or_directory),
                                                    options.plan + ": cannot be read"),
                            streams.err);
  Project place;
  place.root = root;
  llvm::Expected<LoadedPlan> plan = loadPlan(*text, [&](llvm::StringRef file) { return readProjectFile(place, file); });
  if (!plan)
    return refuse(plan.takeError(), streams.err);
  if (plan->state == PlanState::Applied) {
    streams.err << "ssot: the plan is applied already; nothing to do\n";
    return kOk;
  }
  if (!options.apply) {
    printDiff(patchOf(plan->changes), shared.color == "always", streams.out);
    return kPending;
  }
  llvm::Expected<std::string> id = Journal(root).apply(plan->changes);
  if (!id)
    return refuse(id.takeError(), streams.err);
  streams.out << "applied " << plan->changes.size() << " files (journal " << *id << ")\n";
  return kOk;
}

} // namespace

int runMigrate(const SharedOptions &shared, const MigrateOptions &options, Streams streams) {
  auto usage = [&](const char *message) {
    return reportUsageError(llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message),
                            streams.err);
  };
  if (options.noVerify && (options.apply || options.patch.empty() || !options.savePlan.empty()))
    return usage("--no-verify goes with --patch only: what was not verified is not applied");
  if (!options.plan.empty()) {
    llvm::Expected<std::string> root = projectRoot(shared);
    return root ? applySavedPlan(shared, options, *root, streams) : reportUsageError(root.takeError(), streams.err);
  }
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  llvm::Expected<Project> project = openConfiguredProject(shared, *config, options.paths);
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  FactsCache cache(shared, project->root, streams.err);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache};
  Migration migration = proveMigration(*project, *config, how, !options.noVerify, {}, streams.err);
  if (!migration.unproven.empty())
    return refuse(
        llvm::createStringError(std::make_error_code(std::errc::invalid_argument), "%s",
                                ("the edits could not be proven: " + llvm::join(migration.unproven, "\n")).c_str()),
        streams.err);
  if (!migration.again.empty())
    return refuse(pendingAgain(migration.again), streams.err);

  if (!options.patch.empty())
    if (llvm::Error error = writeText(options.patch, patchOf(migration.changes)))
      return refuse(std::move(error), streams.err);
  if (!options.savePlan.empty())
    if (llvm::Error error =
            writeText(options.savePlan, planFile(migration.plan.edits, migration.files, migration.changes)))
      return refuse(std::move(error), streams.err);
  bool applied = options.apply && !migration.changes.empty();
  if (applied) {
    llvm::Expected<std::string> id = Journal(project->root).apply(migration.changes);
    if (!id)
      return refuse(id.takeError(), streams.err);
    migration.journal = *id;
  }
  bool color = shared.color == "always" || (shared.color == "auto" && llvm::sys::Process::StandardOutIsDisplayed());
  options.format == "json" ? printJson(migration, streams.out) : printText(migration, applied, color, streams.out);
  if (migration.incomplete && !options.allowIncomplete)
    return kIncomplete;
  bool pending = !applied && !migration.plan.edits.empty();
  return pending || needsAPerson(migration) ? kPending : kOk;
}

int runRollback(const SharedOptions &shared, const RollbackOptions &options, Streams streams) {
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return reportUsageError(root.takeError(), streams.err);
  Journal journal(*root);
  if (options.list) {
    for (const JournalEntry &entry : journal.list())
      streams.out << entry.id << "  " << wordFor(entry.state) << "  " << entry.files.size() << " files\n";
    return kOk;
  }
  llvm::Expected<std::vector<std::string>> skipped = journal.rollback(options.id, options.skipChanged);
  if (!skipped)
    return refuse(skipped.takeError(), streams.err);
  for (const std::string &file : *skipped)
    streams.err << file << ": edited since the migration; left as it is\n";
  streams.out << "rolled back\n";
  return kOk;
}

} // namespace ssot
