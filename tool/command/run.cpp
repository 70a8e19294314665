// The command line itself: which commands and options there are, and what --help says of them.

#include "command/analysis.h"
#include "command/baseline.h"
#include "command/cache.h"
#include "command/check.h"
#include "command/command.h"
#include "command/discover.h"
#include "command/examples.h"
#include "command/explain.h"
#include "command/extract.h"
#include "command/history_import.h"
#include "command/init.h"
#include "command/lsp.h"
#include "command/migrate.h"
#include "command/mutation.h"
#include "command/registry.h"
#include "command/report.h"
#include "command/rules.h"
#include "command/where.h"
#include "migrate/journal.h"
#include "report/output.h"
#include "report/report.h"

#include <CLI/CLI.hpp>

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <cmath>

namespace ssot {

namespace {

/// Bundled packs: beside the installed program, or in the source tree it was built from.
std::vector<std::string> packDirectoriesOf(const std::string &program) {
  std::vector<std::string> directories;
  llvm::SmallString<256> installed(llvm::sys::path::parent_path(program));
  llvm::sys::path::append(installed, "..", "share", "ssot", "rules");
  for (llvm::StringRef candidate : {installed.str(), llvm::StringRef(SSOT_RULES_DIR)})
    if (llvm::sys::fs::is_directory(candidate))
      directories.push_back(candidate.str());
  return directories;
}

/// CLI11's own word for a range without an end has three hundred digits.
CLI::Validator atLeast(int least) {
  return CLI::Validator(
      [least](std::string &text) {
        double value = 0;
        bool isOne = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= least;
        return isOne ? std::string() : "'" + text + "' is no number from " + std::to_string(least) + " on";
      },
      "");
}

/// Of a file to write: its folder is there.
CLI::Validator inFolder() {
  return CLI::Validator([](std::string &file) { return wrongFolder(file); }, "");
}

void addTimeout(CLI::App &command, double &seconds) {
  command.add_option("--timeout", seconds, "Give up on a unit after this time")
      ->type_name("SECONDS")
      ->check(atLeast(0));
}

void addShared(CLI::App &command, SharedOptions &shared) {
  const char *group = "Options of every command";
  command
      .add_option("-p,--build-path", shared.buildPaths,
                  "Folder with compile_commands.json (default: searched upwards and in build/)")
      ->type_name("DIR")
      ->group(group)
      ->allow_extra_args(false);
  command.add_option("--root", shared.root, "Project root (default: the folder of .ssot.yaml)")
      ->type_name("DIR")
      ->group(group);
  command.add_option("-c,--config", shared.config, "Rule file (default: .ssot.yaml, searched upwards)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--rules", shared.rules, "A further rule file, or a bundled pack such as message-router; repeatable")
      ->type_name("FILE|PACK")
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--rule", shared.ruleIds, "Only this rule; repeatable")
      ->type_name("ID")
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("-j,--jobs", shared.jobs, "Units analysed at once (default: all cores)")
      ->type_name("N")
      ->group(group);
  CLI::Option *cache = command.add_option("--cache", shared.cache,
                                          "Keep facts here, and parse changed units only; "
                                          "`ssot cache` looks into .ssot/cache in the root");
  cache->type_name("DIR")->group(group);
  command.add_flag("--no-cache", shared.noCache, "Parse every unit, and keep nothing")->group(group)->excludes(cache);
  command.add_option("--color", shared.color, "Colours: auto, always, never; NO_COLOR is respected")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group(group);
  command.add_option("--progress", shared.progress, "Progress bar: auto, always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group(group);
  command.add_flag("-q,--quiet", shared.quiet, "No progress and no notes")->group(group);
  command.add_flag("-v,--verbose", shared.verbose, "Say what was found and where")->group(group);
}

/// What an interrupted migration or rollback left behind is ended before anything else is done, whatever the command.
void recoverInterrupted(const SharedOptions &shared, llvm::raw_ostream &err) {
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root) {
    llvm::consumeError(root.takeError()); // the command itself will say so
    return;
  }
  llvm::Expected<std::vector<std::string>> notes = Journal(*root).recover();
  if (!notes) {
    err << "ssot: refused: " << llvm::toString(notes.takeError()) << '\n';
    throw CLI::RuntimeError(static_cast<int>(ExitCode::Refused));
  }
  for (const std::string &note : *notes)
    err << "ssot: " << note << '\n';
}

CLI::App *addCommand(CLI::App &app, SharedOptions &shared, Streams streams, const char *name, const char *description) {
  CLI::App *command = app.add_subcommand(name, description);
  addShared(*command, shared);
  command->parse_complete_callback([&shared, streams] { recoverInterrupted(shared, streams.err); });
  return command;
}

/// Loads the configuration and hands it to \p use; a configuration error is printed.
template <typename Use>
int withConfiguration(const SharedOptions &shared, Streams streams, Use use) {
  llvm::Expected<Config> config = loadConfiguration(shared);
  return config ? use(*config) : reportUsageError(config.takeError(), streams.err);
}

/// "text (default), json, ...": the formats that there are.
std::string formatHelp() {
  std::string names;
  for (const Format &format : formats())
    names += (names.empty() ? "" : ", ") + format.name.str();
  return "One of " + names + "; FORMAT:FILE writes to a file; repeatable";
}

void addFacts(CLI::App &command, std::vector<std::string> &facts, bool &only) {
  CLI::Option *option = command.add_option("--facts", facts,
                                           "Parse nothing: link what `ssot extract` wrote, a facts file or a folder "
                                           "that holds *.facts; repeatable");
  option->type_name("DIR|ARCHIVE")->allow_extra_args(false);
  command.add_flag("--facts-only", only, "The units are those of the facts; no compile database is read")
      ->needs(option);
}

void addCheck(CLI::App &app, SharedOptions &shared, CheckOptions &options, Streams streams, int &code) {
  CLI::App *command =
      addCommand(app, shared, streams, "check", "Analyse the project, report findings and compliance, gate");
  command->add_option("PATH", options.paths, "Only these files and folders");
  command->add_option("--format", options.formats, formatHelp())->type_name("FORMAT[:FILE]")->allow_extra_args(false);
  command->add_option("-o,--output", options.output, "Write the report to a file instead of stdout")
      ->type_name("FILE")
      ->check(inFolder());
  command->add_option("--min-compliance", options.minCompliance, "Fail under this SSOT compliance, in percent")
      ->type_name("PCT")
      ->check(CLI::Range(0.0, 100.0));
  command->add_flag("--allow-incomplete", options.allowIncomplete,
                    "Units that do not parse are warnings, not exit code 3");
  addTimeout(*command, options.timeoutSeconds);
  command->add_flag("--show-suppressed", options.showSuppressed, "Show suppressed, allowed and baselined findings too");
  command
      ->add_option("--baseline", options.baseline, "Accepted violations (`ssot baseline`): they do not fail the gate")
      ->type_name("FILE");
  command->add_flag("--strict-baseline", options.strictBaseline,
                    "Entries of the baseline that match nothing any more fail the gate (for CI)");
  command
      ->add_option("--diff-base", options.diffBase,
                   "Gate on new sites only: those that were not there where this branch left REV (git)")
      ->type_name("REV");
  command
      ->add_option("--against", options.against,
                   "Fail when the gate itself is weaker than where this branch left REV (git): rules, scopes, "
                   "allowances, severities, the minimum, the baseline, suppressions")
      ->type_name("REV");
  command->add_option("--write-baseline", options.writeBaseline, "Write the violations of this run as a baseline")
      ->type_name("FILE")
      ->check(inFolder());
  command->add_flag("--no-snippets", options.noSnippets, "Quote no source code in any report");
  command
      ->add_option("--history", options.history,
                   "Keep the figures of this commit (git) in a file, a line a commit; the dashboard shows the trend")
      ->type_name("FILE")
      ->check(inFolder());
  command->add_flag("--drift", options.drift,
                    "Show method by method what each duplicate does otherwise than the canonical one");
  command
      ->add_option("--verify-cache", options.verifyCache,
                   "Parse this share of the units read from the cache again; exit code 5 when one differs")
      ->type_name("PCT")
      ->transform([](const std::string &text) { return text.ends_with("%") ? text.substr(0, text.size() - 1) : text; })
      ->check(CLI::Range(0.0, 100.0));
  addFacts(*command, options.facts, options.factsOnly);
  command
      ->add_flag(std::string("--profile{") + kProfileTable + "}", options.profile,
                 "Show on stderr where the time went: phases, units, rules; with a FILE.json also as a trace for "
                 "chrome://tracing or Perfetto")
      ->type_name("[FILE.json]")
      ->check(inFolder());
  // Of a flag that is not given CLI11 makes false; it has to stay nothing.
  command->add_flag_function(
      "--skip,!--no-skip", [&](std::int64_t given) { options.skip = given > 0; },
      "Do not parse units that cannot hold a site of any rule; a compile error in one goes unnoticed, and a "
      "finding's note \"`x` calls it\" may be missing. "
      "`check: {parse: needed}` in the rule file says the same, --no-skip the opposite");
  command->add_option("--date", options.date, "The day against which allowances end (default: today)")
      ->type_name("YYYY-MM-DD");
  command->footer(
      "Exit codes: 0 the gate passed, 1 violations or too little compliance, 2 wrong usage or configuration,\n"
      "3 something could not be analysed, 5 internal failure.\n\n"
      "Examples:\n"
      "  ssot check                             # rules of .ssot.yaml, units of the nearest compile_commands.json\n"
      "  ssot check --rules message-router src  # a bundled pack, one folder\n"
      "  ssot check --format text --format json:report.json --format sarif:ssot.sarif");
  command->callback([&shared, &options, streams, &code] { code = runCheck(shared, options, streams); });
}

void addExtract(CLI::App &app, SharedOptions &shared, ExtractOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "extract",
                                 "The map step alone: write the facts of units, for `ssot check --facts`");
  if (!options.command.empty()) // hermetic: nothing is looked for in the project
    command->parse_complete_callback([] {});
  command->add_option("SOURCE", options.sources, "Only these source files and folders (default: every unit)");
  command->add_option("-o,--output", options.output, "The facts file; facts files joined with `cat` are one too")
      ->type_name("FILE")
      ->check(inFolder())
      ->required();
  command->add_option("--shard", options.shard, "Only the I-th of N parts of the units, 1/N to N/N")->type_name("I/N");
  command->add_flag("--allow-incomplete", options.allowIncomplete,
                    "Units that do not parse are no failure here; `ssot check --facts` reports them");
  command->add_flag("--discover", options.everyBody,
                    "For `ssot discover --facts`: every body, and nothing that rules ask about");
  addTimeout(*command, options.timeoutSeconds);
  command->footer("Units and their commands come from the compile database. Or the command stands after `--`: then\n"
                  "nothing is read but the rule file and what the command names, for build systems.\n\n"
                  "Exit codes: 0 written, 2 wrong usage or configuration, 3 written, but a unit did not parse,\n"
                  "5 internal failure.\n\n"
                  "Examples:\n"
                  "  ssot extract --shard 2/5 -o facts/2.facts    # on one of five machines\n"
                  "  ssot check --facts facts                     # the same report as without the machines\n"
                  "  ssot extract src/a.cpp -o a.facts --root . -c .ssot.yaml -- clang++ -Iinclude -c src/a.cpp");
  command->callback([&shared, &options, streams, &code] { code = runExtract(shared, options, streams); });
}

/// `--profile FILE.json` may be written without `=`, although `--profile` alone is an option too.
void joinProfileFile(std::vector<std::string> &arguments) {
  auto option = std::find(arguments.begin(), arguments.end(), "--profile");
  if (option == arguments.end() || option + 1 == arguments.end() || !llvm::StringRef(*(option + 1)).ends_with(".json"))
    return;
  *option += "=" + *(option + 1);
  arguments.erase(option + 1);
}

/// What stands after `--` is a compile command, and none of it is ours to read.
std::vector<std::string> takeCommand(std::vector<std::string> &arguments) {
  auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (arguments.empty() || arguments.front() != "extract" || dashes == arguments.end())
    return {};
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}

void addBaseline(CLI::App &app, SharedOptions &shared, BaselineOptions &options, BaselineMergeOptions &merge,
                 Streams streams, int &code) {
  CLI::App *baseline = app.add_subcommand("baseline", "Write, shrink and merge the list of accepted violations");
  baseline->require_subcommand(1);
  using Run = int (*)(const SharedOptions &, const BaselineOptions &, Streams);
  auto add = [&](const char *name, const char *description, Run run) {
    CLI::App *command = addCommand(*baseline, shared, streams, name, description);
    command->add_option("PATH", options.paths, "Only these files and folders; entries of others are kept");
    command->add_option("--baseline", options.file, "The baseline (default: .ssot-baseline in the project's root)")
        ->type_name("FILE");
    command->add_flag("--allow-incomplete", options.allowIncomplete,
                      "Go on when units do not parse; their entries are kept");
    addTimeout(*command, options.timeoutSeconds);
    command->footer("Exit codes: 0 written, 2 wrong usage or configuration, 3 something could not be analysed and "
                    "nothing is written.");
    command->callback([&shared, &options, streams, &code, run] { code = run(shared, options, streams); });
  };
  add("create", "Accept every violation that there is now", runBaselineCreate);
  add("update", "Accept new violations too, and drop entries that match nothing any more", runBaselineUpdate);
  add("prune", "Drop entries that match nothing any more; add nothing", runBaselinePrune);
  CLI::App *command = baseline->add_subcommand("merge", "Merge three baselines into OURS: a merge driver for git");
  command->add_option("BASE", merge.base, "The common ancestor (%O)")->required();
  command->add_option("OURS", merge.ours, "Our side (%A); the result is written here")->required();
  command->add_option("THEIRS", merge.theirs, "Their side (%B)")->required();
  command->footer("An entry that either side has removed is removed; what one side has added stays.\n\n"
                  "To set it up, once in the repository:\n"
                  "  echo '.ssot-baseline merge=ssot-baseline' >> .gitattributes\n"
                  "and once in each clone:\n"
                  "  git config merge.ssot-baseline.name 'ssot baseline: what either side removed is gone'\n"
                  "  git config merge.ssot-baseline.driver 'ssot baseline merge %O %A %B'\n\n"
                  "Exit codes: 0 merged, 2 a side is no baseline: nothing is written and git reports a conflict.");
  command->callback([&merge, streams, &code] { code = runBaselineMerge(merge, streams); });
}

void addMigrate(CLI::App &app, SharedOptions &shared, MigrateOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "migrate",
                                 "Plan the rewrite to the canonical API, prove it, and apply it with --apply");
  command->add_option("PATH", options.paths, "Only these files and folders");
  command->add_flag("--apply", options.apply,
                    "Write the verified edits; all files or none, with a journal to roll back");
  command->add_option("--patch", options.patch, "Write a unified diff that `git apply` takes")
      ->type_name("FILE")
      ->check(inFolder());
  CLI::Option *folder = command->add_option("--patch-dir", options.patchDir, "Folder for the patches of --split-by");
  folder->type_name("DIR");
  CLI::Option *split =
      command->add_option("--split-by", options.splitBy,
                          "Write several patches into --patch-dir, in an order in which the project compiles after "
                          "each: one for each owner (CODEOWNERS), one for each directory, or one for every N files");
  split->type_name("owner|directory|count:N")->needs(folder);
  folder->needs(split);
  command->add_flag("--no-verify", options.noVerify, "Do not prove the edits (with --patch only)");
  command->add_flag("--adapters", options.adapters,
                    "Make duplicates deprecated adapters that hand their work to the canonical definition");
  command->add_option("--save-plan", options.savePlan, "Write the verified plan, to review and apply later")
      ->type_name("FILE")
      ->check(inFolder());
  command->add_option("--plan", options.plan, "Show, or with --apply carry out, a saved plan; a stale one is refused")
      ->type_name("FILE");
  command->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_flag("--allow-incomplete", options.allowIncomplete,
                    "Units that do not parse are warnings, not exit code 3");
  addTimeout(*command, options.timeoutSeconds);
  command->footer("Without --apply nothing is written: the diff, what is left and why, and the compliance before and "
                  "after are shown.\n\n"
                  "Exit codes: 0 nothing left to migrate, or applied; 1 edits pending, or sites a person must decide;\n"
                  "2 wrong usage or configuration, 3 something could not be analysed, 4 refused, nothing written,\n"
                  "5 the disk failed in the middle; the next ssot ends what was begun.");
  command->callback([&shared, &options, streams, &code] { code = runMigrate(shared, options, streams); });
}

void addRollback(CLI::App &app, SharedOptions &shared, RollbackOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "rollback", "Put back what a migration changed, byte for byte");
  command->add_option("ID", options.id, "The migration (default: the last one)");
  command->add_flag("--list", options.list, "Show the migrations that can be rolled back");
  command->add_flag("--skip-changed", options.skipChanged, "Leave files alone that were edited since");
  command->callback([&shared, &options, streams, &code] { code = runRollback(shared, options, streams); });
}

void addReport(CLI::App &app, SharedOptions &shared, ReportOptions &options, Streams streams, int &code) {
  CLI::App *command =
      addCommand(app, shared, streams, "report", "Write the bundle of documents about one run into a folder");
  command->add_option("PATH", options.paths, "Only these files and folders");
  command->add_option("-o,--output", options.output, "The folder; it is made when it is not there")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--runtime-counts", options.runtimeCounts,
                   "Calls of legacy names in a run: a dump of /metrics, or a log")
      ->type_name("FILE");
  command
      ->add_option("--history", options.history,
                   "Keep the figures of this commit (git) in a file, a line a commit; the documents show the trend")
      ->type_name("FILE")
      ->check(inFolder());
  command
      ->add_option("--baseline", options.baseline, "Accepted violations (`ssot baseline`): they do not fail the gate")
      ->type_name("FILE");
  command->add_option("--min-compliance", options.minCompliance, "Fail under this SSOT compliance, in percent")
      ->type_name("PCT")
      ->check(CLI::Range(0.0, 100.0));
  command->add_flag("--allow-incomplete", options.allowIncomplete,
                    "Units that do not parse are warnings, not exit code 3");
  command->add_flag("--no-snippets", options.noSnippets, "Quote no source code");
  addTimeout(*command, options.timeoutSeconds);
  command->add_option("--date", options.date, "The day against which allowances end (default: today)")
      ->type_name("YYYY-MM-DD");
  command->footer("Exit codes: those of `ssot check`; the documents are written with 0, 1 and 3.");
  command->callback([&shared, &options, streams, &code] { code = runReport(shared, options, streams); });
}

void addHistory(CLI::App &app, SharedOptions &shared, HistoryImportOptions &options, Streams streams, int &code) {
  CLI::App *history = app.add_subcommand("history", "Figures of past commits: trend and burn-down");
  history->require_subcommand(1);
  CLI::App *command = addCommand(*history, shared, streams, "import",
                                 "Check past commits out beside the project, analyse them, keep their figures");
  command->add_option("REVISIONS", options.revisions, "Commits as `git rev-list` takes them (default: HEAD)");
  command->add_option("--history", options.file, "The file; commits that it has are left as they are")
      ->type_name("FILE")
      ->check(inFolder())
      ->required();
  command->add_option("--last", options.last, "At most this many commits, the newest (default: 50)")
      ->type_name("N")
      ->check(atLeast(1));
  command->add_option("--every", options.every, "Only every Nth commit of the first parents, from the newest")
      ->type_name("N")
      ->check(atLeast(1));
  command->add_flag("--again", options.again, "Analyse commits that the file has, too");
  command
      ->add_option("--configure", options.configure,
                   "Make each commit's compile commands with this shell command, run in its folder; -p is below it "
                   "(default: the commands of now, moved)")
      ->type_name("COMMAND");
  command->add_flag("--allow-incomplete", options.allowIncomplete,
                    "Commits that cannot be analysed whole are warnings, not exit code 3");
  addTimeout(*command, options.timeoutSeconds);
  command->footer("Exit codes: 0 written, 2 wrong usage or configuration, 3 some commits could not be analysed, or not "
                  "whole; the others are written.");
  command->callback([&shared, &options, streams, &code] { code = runHistoryImport(shared, options, streams); });
}

void addRegistry(CLI::App &app, SharedOptions &shared, RegistryOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "registry",
                                 "The names to use: canonical names, factories, adapters, and what is left of legacy "
                                 "names");
  command->add_option("--format", options.format, "markdown or json (default: as the file is called, else markdown)")
      ->check(CLI::IsMember({"markdown", "json"}));
  CLI::Option *write = command->add_option("--write", options.write, "Write the registry to a file")
                           ->type_name("FILE")
                           ->check(inFolder());
  command->add_option("--check", options.check, "Fail and print the difference when the file is stale")
      ->type_name("FILE")
      ->excludes(write);
  command->add_flag("--allow-incomplete", options.allowIncomplete, "Go on when units do not parse");
  addTimeout(*command, options.timeoutSeconds);
  command->footer("Exit codes: 0 printed, written or current, 1 --check found a stale file, 2 wrong usage or "
                  "configuration,\n3 something could not be analysed.");
  command->callback([&shared, &options, streams, &code] { code = runRegistry(shared, options, streams); });
}

void addDiscover(CLI::App &app, SharedOptions &shared, DiscoverOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "discover",
                                 "Find families of duplicates that no rule names yet, and propose rules");
  command->add_option("PATH", options.paths, "Only these files and folders");
  command->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_flag("--allow-incomplete", options.allowIncomplete, "Go on when units do not parse");
  addTimeout(*command, options.timeoutSeconds);
  addFacts(*command, options.facts, options.factsOnly);
  command->footer(
      "The most costly family first. Rules that are in force do not matter. Facts files are those that\n"
      "`ssot extract --discover` writes.\n\n"
      "Exit codes: 0 whatever was found, 2 wrong usage or configuration, 3 something could not be analysed.");
  command->callback([&shared, &options, streams, &code] { code = runDiscover(shared, options, streams); });
}

void addWhere(CLI::App &app, SharedOptions &shared, WhereOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "where",
                                 "Is there already one? The canonical API for words, a name or a signature");
  command
      ->add_option("WORDS", options.words, "Words, a name, a header, or a signature such as 'int send(UserId, Text)'")
      ->required();
  command->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_option("--limit", options.limit, "Show so many answers; 0: all")->type_name("N");
  command->add_flag("--allow-incomplete", options.allowIncomplete, "Go on when units do not parse");
  addTimeout(*command, options.timeoutSeconds);
  addFacts(*command, options.facts, options.factsOnly);
  command->footer("What rules declare canonical comes before the rest of the project; a copy or a legacy name leads to "
                  "what replaces it.\n\n"
                  "Exit codes: 0 there is one, 1 there is none, 2 wrong usage or configuration, 3 something could not "
                  "be analysed.");
  command->callback([&shared, &options, streams, &code] { code = runWhere(shared, options, streams); });
}

void addCache(CLI::App &app, SharedOptions &shared, Streams streams, int &code) {
  CLI::App *cache =
      app.add_subcommand("cache", "What is kept of earlier runs: how much, whether it is whole, away with it");
  cache->require_subcommand(1);
  using Run = int (*)(const SharedOptions &, Streams);
  auto add = [&](const char *name, const char *description, Run run) {
    CLI::App *command = addCommand(*cache, shared, streams, name, description);
    command->callback([&shared, streams, &code, run] { code = run(shared, streams); });
    return command;
  };
  add("stats", "Where the cache is, how many units it holds and how large it is", runCacheStats);
  add("verify", "Read everything that is kept and check that it is whole", runCacheVerify)
      ->footer("Whether it is also true, `ssot check --verify-cache 100` says.\n\n"
               "Exit codes: 0 whole, 1 something is damaged, 5 the cache cannot be read.");
  add("clear", "Remove everything that is kept", runCacheClear);
}

void addRulesTest(CLI::App &rules, SharedOptions &shared, RulesTestOptions &options, Streams streams, int &code) {
  CLI::App *command = addCommand(rules, shared, streams, "test",
                                 "Run annotated examples, or measure rules with variants of the code they speak of");
  CLI::Option *examples =
      command
          ->add_option("EXAMPLE", options.examples,
                       "Files, or folders of *.cpp files, in which $RULE[[code]] marks what a rule must find; default: "
                       "examples/NAME/ beside each rule file NAME.yaml")
          ->type_name("");
  command
      ->add_option(
          "--mutate", options.mutate,
          "Make copied, renamed, edited and rewritten variants and near misses of what this rule speaks of, and "
          "count what it finds; repeatable")
      ->type_name("RULE")
      ->allow_extra_args(false)
      ->excludes(examples);
  command->add_option("--half", options.half, "Only definitions whose name hashes to this half")
      ->check(CLI::IsMember({"tuning", "evaluation", "all"}));
  command->add_option("--format", options.format, "text, json or sarif")
      ->check(CLI::IsMember({"text", "json", "sarif"}));
  command->add_option("--keep", options.keep, "Write the originals and their variants into this folder")
      ->type_name("DIR");
  command->add_flag("--allow-incomplete", options.allowIncomplete,
                    "Units that do not parse are warnings, not exit code 3");
  addTimeout(*command, options.timeoutSeconds);
  command->footer(
      "An example is C++20 without a compile database. A line `//- path` starts another file of it.\n"
      "Variants exist in memory only, and only those that compile count; nothing of the project is changed.\n\n"
      "Exit codes: 0 examples agree or variants measured, 1 examples and rules disagree, 2 wrong usage or "
      "configuration, 3 something could not be analysed.");
  command->callback([&shared, &options, streams, &code] {
    code = (options.mutate.empty() ? runRulesExamples : runRulesTest)(shared, options, streams);
  });
}

void addRules(CLI::App &app, SharedOptions &shared, RulesTestOptions &test, Streams streams, int &code) {
  CLI::App *rules = app.add_subcommand("rules", "List, validate, test or measure rules");
  rules->require_subcommand(1);
  CLI::App *list = addCommand(*rules, shared, streams, "list", "The rules in force");
  list->callback([&shared, streams, &code] {
    code = withConfiguration(shared, streams, [&](const Config &config) { return runRulesList(config, streams.out); });
  });
  CLI::App *validate = addCommand(*rules, shared, streams, "validate", "Check rule files without analysing anything");
  validate->callback([&shared, streams, &code] {
    code =
        withConfiguration(shared, streams, [&](const Config &config) { return runRulesValidate(config, streams.out); });
  });
  addRulesTest(*rules, shared, test, streams, code);
  CLI::App *schema = rules->add_subcommand("schema", "Print the JSON Schema of rule files");
  schema->callback([streams, &code] { code = runRulesSchema(streams.out); });
}

void addExplain(CLI::App &app, SharedOptions &shared, std::string &rule, Streams streams, int &code) {
  CLI::App *command =
      addCommand(app, shared, streams, "explain", "What a rule or a rule kind means, why, with an example");
  command->add_option("RULE", rule, "A rule's id, or a rule kind such as single-class")->required();
  command->callback([&shared, &rule, streams, &code] {
    if (isRuleKind(rule)) {
      code = runExplainKind(rule, streams.out);
      return;
    }
    code = withConfiguration(shared, streams,
                             [&](const Config &config) { return runExplain(config, rule, streams.out, streams.err); });
  });
}

void addInit(CLI::App &app, SharedOptions &shared, Streams streams, int &code) {
  CLI::App *command = addCommand(app, shared, streams, "init", "Look at the project and write a commented .ssot.yaml");
  command->callback([&shared, streams, &code] {
    code = runInit(shared.root.empty() ? "." : shared.root, shared.buildPaths, streams.out, streams.err);
  });
}

void addLsp(CLI::App &app, SharedOptions &shared, LspOptions &options, Streams streams, int &code) {
  CLI::App *command =
      addCommand(app, shared, streams, "lsp",
                 "A language server for editors: findings as diagnostics, proven edits as code actions");
  // The project is where the client says.
  command->parse_complete_callback([] {});
  command->add_option("--baseline", options.baseline, "Accepted violations (`ssot baseline`): they are not shown")
      ->type_name("FILE");
  command->add_flag("--show-suppressed", options.showSuppressed,
                    "Show suppressed, allowed and baselined findings too, as hints");
  addTimeout(*command, options.timeoutSeconds);
  command->footer("It speaks the Language Server Protocol on its standard input and output; an editor starts it.\n"
                  "Without --root the project is the folder that the client names, and relative paths of other\n"
                  "options are seen from there. Facts are kept in .ssot/cache of the root, unless --cache names\n"
                  "another folder or --no-cache is given. What is saved is judged. docs/editor.md sets editors up.\n\n"
                  "Exit codes: 0 the client shut it down and ended it, 1 the client was gone before.");
  command->callback([&shared, &options, streams, &code] { code = runLsp(shared, options, streams); });
}

} // namespace

int runCommand(const std::string &program, std::vector<std::string> arguments, Streams streams) {
  SharedOptions shared;
  shared.packDirectories = packDirectoriesOf(program);
  CheckOptions check;
  ExtractOptions extract;
  extract.command = takeCommand(arguments);
  joinProfileFile(arguments);
  RegistryOptions registry;
  RulesTestOptions rulesTest;
  DiscoverOptions discover;
  WhereOptions where;
  ReportOptions report;
  HistoryImportOptions historyImport;
  BaselineOptions baseline;
  BaselineMergeOptions baselineMerge;
  MigrateOptions migrate;
  RollbackOptions rollback;
  LspOptions lsp;
  std::string rule;
  int code = 0;

  CLI::App app("ssot finds second sources of truth in C++ code, says how far a consolidation is, and gates on it.",
               "ssot");
  app.set_version_flag("--version", std::string("ssot ") + kVersion);
  app.require_subcommand(1);
  app.footer("`ssot COMMAND --help` says more. Start with `ssot init`, then `ssot check`.");
  addCheck(app, shared, check, streams, code);
  addExtract(app, shared, extract, streams, code);
  addBaseline(app, shared, baseline, baselineMerge, streams, code);
  addMigrate(app, shared, migrate, streams, code);
  addRollback(app, shared, rollback, streams, code);
  addReport(app, shared, report, streams, code);
  addHistory(app, shared, historyImport, streams, code);
  addRegistry(app, shared, registry, streams, code);
  addDiscover(app, shared, discover, streams, code);
  addWhere(app, shared, where, streams, code);
  addCache(app, shared, streams, code);
  addRules(app, shared, rulesTest, streams, code);
  addExplain(app, shared, rule, streams, code);
  addInit(app, shared, streams, code);
  addLsp(app, shared, lsp, streams, code);
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
  } catch (const CLI::RuntimeError &refused) {
    return refused.get_exit_code();
  } catch (const CLI::ParseError &error) {
    std::ostringstream out, err;
    int status = app.exit(error, out, err);
    streams.out << out.str();
    streams.err << err.str();
    return status == 0 ? 0 : static_cast<int>(ExitCode::Usage);
  }
  return code;
}

} // namespace ssot
