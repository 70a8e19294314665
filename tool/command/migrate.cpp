#include "command/migrate.h"

#include "command/analysis.h"
#include "command/cache.h"
#include "command/migration.h"
#include "command/migration_output.h"
#include "migrate/exchange.h"
#include "migrate/journal.h"
#include "migrate/plan_file.h"
#include "project/paths.h"
#include "report/output.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>

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

/// \returns why no patches can be written into the folder; empty: they can.
std::string whyNoPatches(const std::string &folder) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return folder + ": " + error.message();
  std::error_code error;
  for (llvm::sys::fs::directory_iterator at(folder, error), end; at != end && !error; at.increment(error))
    if (llvm::StringRef(at->path()).ends_with(".patch"))
      return folder + ": has patches of an earlier run; remove them, or name another folder";
  return error ? folder + ": " + error.message() : std::string();
}

llvm::Error writeText(const std::string &file, llvm::StringRef text) {
  return writeFileAtomically(file, [&](llvm::raw_ostream &out) { out << text; });
}

llvm::Error writePatches(const Migration &migration, const std::string &folder) {
  for (std::size_t i = 0; i < migration.patches.size(); ++i) {
    std::vector<FileChange> changes;
    for (const FileChange &change : migration.changes)
      if (llvm::is_contained(migration.patches[i].files, change.path))
        changes.push_back(change);
    std::string file = joined(folder, patchFileName(migration.patches[i], i + 1));
    if (llvm::Error error = writeText(file, patchOf(changes)))
      return error;
  }
  return llvm::Error::success();
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
    writeDiff(patchOf(plan->changes), wantsColor(shared.color), streams.out);
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
  std::optional<SplitBy> split;
  if (!options.splitBy.empty()) {
    llvm::Expected<SplitBy> by = parseSplitBy(options.splitBy);
    if (!by)
      return reportUsageError(by.takeError(), streams.err);
    split = *by;
    if (options.apply || options.noVerify || !options.plan.empty())
      return usage("--split-by goes with a dry run only: not with --apply, --plan or --no-verify");
    if (std::string why = whyNoPatches(options.patchDir); !why.empty())
      return usage(why.c_str());
  }
  if (!options.plan.empty()) {
    llvm::Expected<std::string> root = projectRoot(shared);
    return root ? applySavedPlan(shared, options, *root, streams) : reportUsageError(root.takeError(), streams.err);
  }
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  // An edit of a header is proven in every unit that reads it, also where only some files may be written.
  llvm::Expected<Project> project =
      openConfiguredProject(shared, *config, options.paths, std::nullopt, /*analyseAll=*/true);
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  FactsCache cache(shared, project->root, streams.err);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache};
  Migration migration = proveMigration(*project, *config, how, {!options.noVerify, options.adapters}, {}, streams.err);
  if (shared.verbose)
    streams.err << "ssot: proof: " << migration.cost.parses << " parses of " << migration.parsedAgain << " units in "
                << migration.cost.rounds << " rounds\n";
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
  if (split) {
    splitMigration(migration, *project, *config, how, *split, streams.err);
    if (llvm::Error error = writePatches(migration, options.patchDir))
      return refuse(std::move(error), streams.err);
  }
  bool applied = options.apply && !migration.changes.empty();
  if (applied) {
    llvm::Expected<std::string> id = Journal(project->root).apply(migration.changes);
    if (!id)
      return refuse(id.takeError(), streams.err);
    migration.journal = *id;
  }
  if (options.format == "json")
    writeMigrationJson(migration, streams.out);
  else
    writeMigrationText(migration, wantsColor(shared.color), streams.out);
  if (!migration.coverage.complete() && !options.allowIncomplete)
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
