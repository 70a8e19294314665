#include "command/editor_jobs.h"

#include "command/cache.h"
#include "command/checked_project.h"
#include "command/migration.h"
#include "config/load.h"
#include "judge/canonical.h"
#include "lsp/diagnostics.h"
#include "migrate/exchange.h"
#include "migrate/reach.h"
#include "project/paths.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>

#include <set>

namespace ssot {

namespace {

/// What a person would have read on the standard error.
class JobLog {
public:
  llvm::raw_ostream &stream() { return Stream; }
  std::string text() { return llvm::StringRef(Text).rtrim().str(); }

private:
  std::string Text;
  llvm::raw_string_ostream Stream{Text};
};

/// An editor asks again and again: what has not changed is kept, unless that was refused.
SharedOptions withCache(SharedOptions shared) {
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    llvm::consumeError(root.takeError()); // the analysis itself will say so
  else if (shared.cache.empty() && !shared.noCache)
    shared.cache = joined(*root, ".ssot/cache");
  return shared;
}

CheckRequest requestOf(const LspOptions &options) {
  CheckRequest request;
  request.timeoutSeconds = options.timeoutSeconds;
  request.baseline = options.baseline;
  return request;
}

// --- the analysis

/// Ends what an interrupted migration or rollback left behind, as every command does.
llvm::Error recoverIn(const SharedOptions &shared, llvm::raw_ostream &log) {
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return root.takeError();
  llvm::Expected<std::vector<std::string>> notes = Journal(*root).recover();
  if (!notes)
    return notes.takeError();
  for (const std::string &note : *notes)
    log << note << '\n';
  return llvm::Error::success();
}

std::string absoluteRuleFile(const SharedOptions &shared) {
  std::string file = ruleFileOf(shared);
  return file.empty() ? file : realEvenIfGone(absoluteFrom(currentDirectory(), file));
}

std::string summaryOf(const Result &result) {
  std::size_t shown =
      llvm::count_if(result.findings, [](const Finding &finding) { return finding.state == FindingState::New; });
  std::string text = "analysed: " + counted(shown, "finding") + ", SSOT compliance " + result.ssot.text() +
                     ", coverage " + result.coverage.share().text();
  if (std::string missing = whatIsMissing(result.coverage); !missing.empty())
    text += "; " + missing;
  for (const FailedUnit *failure : failures(result.coverage))
    text += "\n" + failure->error;
  return text;
}

llvm::json::Object broken(llvm::Error error, DiagnosticList diagnostics) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::Error rest = llvm::handleErrors(std::move(error), [&](const ConfigError &problems) {
    diagnostics.add(problems);
    problems.log(out);
  });
  if (rest)
    out << llvm::toString(std::move(rest));
  return llvm::json::Object{{"files", std::move(diagnostics).take()},
                            {"problem", jsonText(llvm::StringRef(text).rtrim())}};
}

llvm::json::Object analyseForEditor(const SharedOptions &shared, const LspOptions &options,
                                    const ClientSupport &support) {
  JobLog log;
  CheckRequest request = requestOf(options);
  request.skip = std::nullopt; // as the rule file says
  auto read = [](llvm::StringRef path) { return readAll(path.str()); };
  llvm::Error interrupted = recoverIn(shared, log.stream());
  if (interrupted) // what is known stays: somebody is changing the project
    return llvm::json::Object{{"problem", jsonText(llvm::toString(std::move(interrupted)))}};
  llvm::Expected<CheckedProject> checked = checkProject(shared, request, log.stream());
  if (!checked)
    return broken(checked.takeError(), DiagnosticList(currentDirectory(), support, read));
  DiagnosticList diagnostics(checked->project.root, support, read);
  diagnostics.add(checked->result, absoluteRuleFile(shared), options.showSuppressed);
  log.stream() << summaryOf(checked->result);
  return llvm::json::Object{{"files", std::move(diagnostics).take()}, {"problem", ""}, {"log", jsonText(log.text())}};
}

// --- a fix

class FixProof {
public:
  FixProof(const SharedOptions &shared, const LspOptions &options, const EditorJob &job)
      : Shared(shared), Options(options), Wanted(*job.fix), Support(job.support) {}

  llvm::json::Object run() {
    CheckRequest request = requestOf(Options);
    request.wantsPicture = true;
    llvm::Expected<CheckedProject> checked = checkProject(Shared, request, Log.stream());
    if (!checked)
      return refusedFix(llvm::toString(checked.takeError()));
    Checked = &*checked;
    return Wanted.fingerprint.empty() ? fixAll() : fixFinding();
  }

private:
  /// As `ssot migrate FILE` does, or `ssot migrate`.
  llvm::json::Object fixAll() {
    const std::string name = relativeTo(Checked->project.root, Wanted.path);
    if (!Wanted.ofProject)
      Checked->project.paths = {name};
    Migration migration = prove(nullptr);
    if (std::string why = whyUnproven(migration); !why.empty())
      return refusedFix(why);
    if (migration.changes.empty())
      return refusedFix(name + ": no edit holds" + whyNot(migration, name, nullptr));
    return provenFix(migration.changes, Checked->project.root, Support);
  }

  /// The site, with the legacy includes of its file when the header with the new name may come by one of those.
  llvm::json::Object fixFinding() {
    auto known = llvm::find_if(Checked->result.findings,
                               [&](const Finding &each) { return each.fingerprint == Wanted.fingerprint; });
    if (known == Checked->result.findings.end())
      return refusedFix("the finding is not there any more");
    const Finding &finding = *known;
    std::string why;
    for (const std::set<std::uint32_t> &includes : companionsOf(finding)) {
      Migration migration = prove([&](const Rule &rule, llvm::StringRef file, const Place &place) {
        if (file != finding.file)
          return false;
        bool isInclude = std::holds_alternative<LegacyIncludeRule>(rule.body);
        return (rule.id == finding.rule && place.begin == finding.place.begin) ||
               (isInclude && includes.contains(place.begin));
      });
      std::string unproven = whyUnproven(migration);
      if (unproven.empty() && llvm::any_of(migration.plan.edits, [&](const Edit &edit) { return isOf(edit, finding); }))
        return provenFix(migration.changes, Checked->project.root, Support);
      why = unproven.empty() ? "no edit holds" + whyNot(migration, finding.file, &finding) : unproven;
    }
    return refusedFix(finding.file + ":" + std::to_string(finding.place.line) + ":" +
                      std::to_string(finding.place.column) + ": " + why);
  }

  static bool isOf(const Edit &edit, const Finding &finding) {
    return edit.file == finding.file && edit.begin <= finding.place.begin && finding.place.begin < edit.end;
  }

  /// The legacy includes to replace with the finding, by where they begin, in the order in which to try them.
  std::vector<std::set<std::uint32_t>> companionsOf(const Finding &finding) const {
    if (finding.kind == "legacy-include" || readsCanonical(finding))
      return {{}};
    std::set<std::uint32_t> fitting, all;
    for (const Finding &each : Checked->result.findings)
      if (each.file == finding.file && each.kind == "legacy-include" && each.fixable &&
          each.state == FindingState::New) {
        all.insert(each.place.begin);
        if (llvm::any_of(homesOf(finding.canonical),
                         [&](llvm::StringRef home) { return brings(each.canonical, home); }))
          fitting.insert(each.place.begin);
      }
    std::vector<std::set<std::uint32_t>> sets;
    if (all.empty() || hasHeader(finding.canonical))
      sets.push_back({});
    if (!all.empty())
      sets.push_back(fitting.empty() ? all : fitting);
    return sets;
  }

  /// Whether a rule says which header to include for the name.
  bool hasHeader(llvm::StringRef canonical) const {
    return llvm::any_of(Checked->config.rules, [&](const Rule &rule) {
      if (const auto *type = std::get_if<SingleClassRule>(&rule.body))
        return type->canonical.value == canonical && !type->header.empty();
      if (const auto *function = std::get_if<SingleFunctionRule>(&rule.body))
        return function->canonical.value == canonical && !function->header.empty();
      if (const auto *call = std::get_if<LegacyCallRule>(&rule.body))
        return call->canonical == canonical && !call->header.empty();
      return false;
    });
  }

  /// The files that declare a name.
  std::vector<llvm::StringRef> homesOf(llvm::StringRef name) const {
    std::vector<llvm::StringRef> homes;
    for (const SymbolFact *symbol : Checked->index.symbolsNamed(name))
      homes.push_back(Checked->index.path(symbol->place));
    return homes;
  }

  bool readsCanonical(const Finding &finding) const {
    Reach files(Checked->index);
    return llvm::any_of(homesOf(finding.canonical),
                        [&](llvm::StringRef home) { return files.reaches(finding.file, home); });
  }

  /// Whether an include of \p header gives \p home.
  bool brings(llvm::StringRef header, llvm::StringRef home) const {
    Reach files(Checked->index);
    return llvm::any_of(Checked->index.files(), [&](const IndexedFile &file) {
      return mayMean(header, file.path) && files.reaches(file.path, home);
    });
  }

  Migration prove(std::function<bool(const Rule &, llvm::StringRef, const Place &)> chosen) {
    FactsCache cache(Shared, Checked->project.root, Log.stream());
    AnalysisOptions how{Shared.jobs, Options.timeoutSeconds, "never", &cache};
    Migration migration =
        proveMigration(Checked->project, Checked->config, how, {/*verify=*/true, /*adapters=*/false, std::move(chosen)},
                       std::move(Checked->outcomes), Log.stream());
    Checked->outcomes = std::move(migration.units);
    return migration;
  }

  static std::string whyUnproven(const Migration &migration) {
    if (!migration.unproven.empty())
      return "the edit could not be proven: " + migration.unproven.front();
    if (!migration.again.empty())
      return "the edit does not end in what the rule asks for";
    return std::string();
  }

  /// The first thing that is said of the file, or of a finding in it.
  static std::string whyNot(const Migration &migration, const std::string &file, const Finding *finding) {
    for (const Rejection &rejection : migration.rejected)
      if (rejection.edit.file == file && (!finding || isOf(rejection.edit, *finding)))
        return ": " + rejection.error;
    for (const Residue &left : migration.plan.residue)
      if (left.file == file && (!finding || (left.line == finding->place.line && left.rule == finding->rule)))
        return ": " + left.reason + (left.detail.empty() ? "" : " (" + left.detail + ")");
    return std::string();
  }

  const SharedOptions &Shared;
  const LspOptions &Options;
  const FixRequest &Wanted;
  const ClientSupport &Support;
  CheckedProject *Checked = nullptr;
  JobLog Log;
};

} // namespace

llvm::json::Object runEditorJob(const SharedOptions &shared, const LspOptions &options, const EditorJob &job) {
  SharedOptions cached = withCache(shared);
  return job.fix ? FixProof(cached, options, job).run() : analyseForEditor(cached, options, job.support);
}

} // namespace ssot
