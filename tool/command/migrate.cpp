#include "command/migrate.h"

#include "command/analysis.h"
#include "command/cache.h"
#include "migrate/journal.h"
#include "migrate/plan_file.h"
#include "migrate/residue.h"
#include "report/output.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>
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
  err << "ssot: refused: " << llvm::toString(std::move(error)) << '\n';
  return kRefused;
}

llvm::Error pendingAgain(llvm::ArrayRef<Edit> edits) {
  std::string message = "a second run would plan edits again; nothing was written";
  for (const Edit &edit : edits)
    message += "\n" + edit.file + ":" + std::to_string(edit.line) + ":" + std::to_string(edit.column) + ": " +
               edit.before + " -> " + edit.after() + " [ssot-" + edit.rule + "]";
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), "%s", message.c_str());
}

/// A migration as it is carried out: what was planned, what held, what it would change.
struct Migration {
  Plan plan;
  std::vector<Rejection> rejected;
  std::vector<FileChange> changes;
  Share before, after;
  bool verified = false;
  std::vector<std::string> unproven; ///< errors of the compiler that no edit explains
  std::vector<Edit> again;           ///< what a second run would plan: nothing, or the proof failed
  bool incomplete = false;
  std::string journal;
};

class Migrator {
public:
  Migrator(const Project &project, const Config &config, const MigrateOptions &options, AnalysisOptions how,
           llvm::raw_ostream &err)
      : Ours(project), Rules(config), Options(options), How(std::move(how)), Err(err) {}

  Migration run() {
    extractAll();
    Analysis before = link({});
    std::vector<JudgedRule> judged = judgeRules(Rules, before.index);
    Migration migration;
    migration.plan = planMigration(before.index, judged, reader());
    leaveUnparsed(migration.plan);
    addUnseen(before.index, judged, migration.plan);
    migration.incomplete = !before.coverage.complete();
    migration.before = decide(Rules, before.index, std::move(judged), before.coverage, {}).ssot;
    migration.after = migration.before;
    if (!Options.noVerify)
      verify(migration);
    for (const auto &[file, text] : editedFiles(migration.plan.edits, reader()))
      if (std::optional<std::string> now = readProjectFile(Ours, file))
        migration.changes.push_back({file, std::move(*now), text});
    return migration;
  }

private:
  std::function<std::optional<std::string>(llvm::StringRef)> reader() {
    return [this](llvm::StringRef file) { return readProjectFile(Ours, file); };
  }

  void extractAll() {
    Outcomes.resize(Ours.units.size());
    extractUnits(Ours, Ours.units, numbersOf(Ours.units), Rules, How, {}, Err,
                 [&](std::size_t unit, UnitOutcome outcome) { Outcomes[unit] = std::move(outcome); });
  }

  /// The picture of the project with some units as they are over the overlay.
  Analysis link(const std::map<std::size_t, UnitFacts> &again) {
    Linker linker;
    Coverage coverage = coverageOf(Ours);
    for (std::size_t unit = 0; unit < Outcomes.size(); ++unit) {
      countUnit(Ours.units[unit], Outcomes[unit], coverage);
      auto changed = again.find(unit);
      UnitFacts copy = changed == again.end() ? Outcomes[unit].facts : changed->second;
      linker.add(std::move(copy));
    }
    addReferences(Ours, Rules, How, linker, Err);
    return finishAnalysis(Ours, linker, std::move(coverage));
  }

  /// An edit in a file that a broken unit reads could not be proven for that unit.
  void leaveUnparsed(Plan &plan) {
    for (const UnitOutcome &outcome : Outcomes)
      if (outcome.facts.error)
        for (const FileFact &file : outcome.facts.files)
          Broken.insert(file.path);
    std::erase_if(plan.edits, [&](const Edit &edit) {
      if (!Broken.contains(edit.file))
        return false;
      plan.residue.push_back({edit.file, edit.line, edit.column, edit.rule, "unparsed-unit",
                              "a unit that reads this file does not compile"});
      return true;
    });
  }

  void addUnseen(const Index &index, const std::vector<JudgedRule> &judged, Plan &plan) {
    std::vector<std::string> files(Ours.headers);
    llvm::append_range(files, Ours.orphanSources);
    for (const CompileUnit &unit : Ours.units)
      files.push_back(unit.file);
    llvm::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    llvm::append_range(plan.residue, unseenMentions(index, oldWords(judged), files, Broken, reader()));
    llvm::sort(plan.residue);
    plan.residue.erase(std::unique(plan.residue.begin(), plan.residue.end()), plan.residue.end());
  }

  void verify(Migration &migration) {
    auto extract = [this](llvm::ArrayRef<std::size_t> units, const std::map<std::string, std::string> &overlay) {
      std::vector<UnitOutcome> outcomes(units.size());
      llvm::DenseMap<std::size_t, std::size_t> position;
      for (std::size_t i = 0; i < units.size(); ++i)
        position[units[i]] = i;
      AnalysisOptions proof = How;
      proof.cache = nullptr; // a proof is made, not remembered
      extractUnits(Ours, Ours.units, units, Rules, proof, overlay, Err,
                   [&](std::size_t unit, UnitOutcome outcome) { outcomes[position[unit]] = std::move(outcome); });
      return outcomes;
    };
    Verification verification = verifyEdits(std::move(migration.plan.edits), Outcomes, reader(), extract);
    migration.plan.edits = std::move(verification.edits);
    migration.rejected = std::move(verification.rejected);
    llvm::StringSet<> keepsOldHeader;
    for (const Edit &edit : migration.plan.edits)
      if (edit.isInclude() && edit.choice < edit.kept.size() && !edit.kept[edit.choice].empty()) {
        keepsOldHeader.insert(edit.file);
        for (auto [line, column] : edit.kept[edit.choice])
          migration.plan.residue.push_back({edit.file, line, column, edit.rule, "still-used",
                                            "the file uses more of the old header than what is migrated"});
      }
    // A name that is written as before, but now comes in by another using-declaration, was proven and is no edit.
    std::erase_if(migration.plan.edits, [](const Edit &edit) { return edit.after() == edit.before; });
    llvm::sort(migration.plan.residue);

    Analysis after = link(verification.facts);
    std::vector<JudgedRule> judged = judgeRules(Rules, after.index);
    std::map<std::string, std::string> overlay = editedFiles(migration.plan.edits, reader());
    auto readAfter = [&](llvm::StringRef file) -> std::optional<std::string> {
      auto edited = overlay.find(file.str());
      return edited == overlay.end() ? readProjectFile(Ours, file) : std::optional(edited->second);
    };
    Plan again = planMigration(after.index, judged, readAfter);
    // What was rejected is still a violation, and would be planned and rejected again.
    std::erase_if(again.edits, [&](const Edit &edit) {
      return Broken.contains(edit.file) || (edit.isInclude() && keepsOldHeader.contains(edit.file)) ||
             llvm::any_of(migration.rejected, [&](const Rejection &rejection) {
               return rejection.edit.file == edit.file && rejection.edit.rule == edit.rule;
             });
    });
    migration.after = decide(Rules, after.index, std::move(judged), after.coverage, {}).ssot;
    migration.unproven = std::move(verification.unproven);
    migration.verified = again.edits.empty() && migration.unproven.empty();
    migration.again = std::move(again.edits);
  }

  const Project &Ours;
  const Config &Rules;
  const MigrateOptions &Options;
  AnalysisOptions How;
  llvm::raw_ostream &Err;
  std::vector<UnitOutcome> Outcomes;
  llvm::StringSet<> Broken;
};

// --- what the user sees
// ---------------------------------------------------------------------------------------------------------

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
  Migration migration = Migrator(*project, *config, options, how, streams.err).run();
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
    if (llvm::Error error = writeText(options.savePlan, planFile(migration.plan.edits, migration.changes)))
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
      streams.out << entry.id << "  "
                  << (entry.state == JournalState::Applied      ? "applied"
                      : entry.state == JournalState::RolledBack ? "rolled back"
                                                                : "interrupted")
                  << "  " << entry.files.size() << " files\n";
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
