#include "command/history_import.h"

#include "command/analysis.h"
#include "command/checked_project.h"
#include "command/history.h"
#include "command/moved_database.h"
#include "project/database.h"
#include "project/errors.h"
#include "project/paths.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Program.h>

#include <tuple>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

/// A work tree of the repository in the temporary folder, with room for what is made beside it. It goes away.
class Checkout {
public:
  static llvm::Expected<std::unique_ptr<Checkout>> make(const Git &git, llvm::StringRef commit) {
    llvm::SmallString<128> folder, real;
    if (std::error_code error = fs::createUniqueDirectory("ssot-history", folder))
      return llvm::createStringError(error, "no temporary folder can be made: " + error.message());
    if (std::error_code error = fs::real_path(folder, real))
      return llvm::createStringError(error, folder + ": " + error.message());
    std::unique_ptr<Checkout> checkout(new Checkout(git, real.str().str()));
    Git::Answer answer =
        git.run({"-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", checkout->tree(), commit});
    if (answer.code != 0)
      return inputError("git cannot check out " + commit + ": " + answer.err);
    return std::move(checkout);
  }
  Checkout(const Checkout &) = delete;
  Checkout &operator=(const Checkout &) = delete;
  ~Checkout() {
    Asked.run({"worktree", "remove", "--force", "--force", tree()});
    std::ignore = fs::remove_directories(Folder);
  }

  llvm::Error moveTo(llvm::StringRef commit) const {
    std::string there = tree();
    // What the last commit's build left in tracked files is not this commit's.
    Git::Answer answer = Asked.run(
        {"-C", there, "-c", "core.hooksPath=/dev/null", "checkout", "--quiet", "--force", "--detach", commit});
    return answer.code == 0 ? llvm::Error::success() : inputError("git cannot check it out: " + answer.err);
  }
  std::string tree() const { return joined(Folder, "tree"); }
  std::string beside(llvm::StringRef name) const { return joined(Folder, name); }

private:
  Checkout(const Git &git, std::string folder) : Asked(git), Folder(std::move(folder)) {}
  const Git &Asked;
  std::string Folder;
};

/// Runs the shell command in \p folder. \returns an error with the last line that it printed.
llvm::Error configure(const std::string &command, const std::string &folder, const std::string &log) {
  llvm::StringRef arguments[] = {"/bin/sh", "-c", "cd \"$1\" && eval \"$2\"", "sh", folder, command};
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(log), llvm::StringRef(log)};
  int code = llvm::sys::ExecuteAndWait("/bin/sh", arguments, std::nullopt, redirects);
  if (code == 0)
    return llvm::Error::success();
  auto printed = llvm::MemoryBuffer::getFile(log);
  llvm::StringRef last = printed ? (*printed)->getBuffer().rtrim().rsplit('\n').second : llvm::StringRef();
  if (printed && last.empty())
    last = (*printed)->getBuffer().rtrim();
  return inputError("--configure ended with code " + llvm::Twine(code) + (last.empty() ? "" : ": " + last));
}

class Import {
public:
  Import(const SharedOptions &shared, const HistoryImportOptions &options, Streams streams, HistoryFile &file,
         std::string root)
      : Shared(shared), Options(options), Out(streams), File(file), Root(std::move(root)) {}

  llvm::Error run() {
    llvm::Expected<std::vector<std::string>> commits = chosen();
    if (!commits)
      return commits.takeError();
    if (llvm::Error error = prepare())
      return error;
    llvm::Expected<std::unique_ptr<Checkout>> checkout = Checkout::make(File.git(), commits->front());
    if (!checkout)
      return checkout.takeError();
    There = std::move(*checkout);
    for (const std::string &commit : *commits)
      if (llvm::Error error = take(commit))
        return error;
    There.reset();
    Out.out << counted(Complete + Incomplete + NotAnalysed + Kept, "commit") << ": " << Complete << " complete, "
            << Incomplete << " incomplete, " << NotAnalysed << " not analysed, " << Kept << " there already\n";
    return llvm::Error::success();
  }

  ExitCode code() const {
    return (Incomplete || NotAnalysed) && !Options.allowIncomplete ? ExitCode::Incomplete : ExitCode::Passed;
  }

private:
  /// The commits to analyse, the oldest first.
  llvm::Expected<std::vector<std::string>> chosen() const {
    Git::Answer answer = File.git().run({"rev-list", "--first-parent", "--end-of-options", Options.revisions, "--"});
    if (answer.code != 0)
      return inputError("git cannot list the commits of '" + Options.revisions + "': " + answer.err);
    std::vector<std::string> commits;
    std::size_t number = 0;
    for (llvm::StringRef rest = answer.out; !rest.empty();) {
      auto [commit, behind] = rest.split('\n');
      rest = behind;
      if (number++ % Options.every == 0 && commits.size() < Options.last)
        commits.push_back(commit.str());
    }
    if (commits.empty())
      return inputError("there is no commit in '" + Options.revisions + "'");
    std::reverse(commits.begin(), commits.end());
    return commits;
  }

  /// What is the same for all commits: rules by their absolute names, the databases of now.
  llvm::Error prepare() {
    Then = Shared;
    Then.quiet = true;
    Then.progress = "never";
    if (std::string rules = ruleFileOf(Shared); !rules.empty())
      Then.config = realEvenIfGone(rules);
    for (std::string &rules : Then.rules)
      if (fs::exists(rules))
        rules = realEvenIfGone(rules);
    if (!Then.cache.empty())
      Then.cache = realEvenIfGone(Then.cache);
    if (!Options.configure.empty())
      return llvm::Error::success();
    llvm::Expected<std::vector<std::string>> found = findDatabases(Root, Shared.buildPaths);
    if (!found)
      return found.takeError();
    Databases = std::move(*found);
    return llvm::Error::success();
  }

  llvm::Error take(const std::string &hash) {
    bool isThere = llvm::any_of(File.history().entries,
                                [&](const HistoryEntry &entry) { return entry.commit == hash && entry.complete; });
    if (isThere && !Options.again) {
      ++Kept;
      return llvm::Error::success();
    }
    llvm::Expected<CommitNamed> commit = commitNamed(File.git(), hash);
    if (!commit)
      return commit.takeError();
    std::string name = commit->date.substr(0, 10) + " " + hash.substr(0, 10);
    llvm::Expected<HistoryEntry> entry = analyse(*commit);
    if (!entry) {
      ++NotAnalysed;
      Out.out << name << " not analysed: " << escaped(llvm::toString(entry.takeError())) << '\n';
      return llvm::Error::success();
    }
    ++(entry->complete ? Complete : Incomplete);
    Out.out << name << ' ' << entry->ssot.text();
    if (!entry->ssot.empty())
      Out.out << " (" << entry->ssot.part << " of " << counted(entry->ssot.whole, "site") << ')';
    Out.out << (entry->complete ? "" : ", incomplete: " + Missing) << '\n';
    put(File.history(), std::move(*entry));
    return writeHistory(File.file(), File.history());
  }

  /// Checks a commit out, finds its compile commands and judges it by the rules of now.
  llvm::Expected<HistoryEntry> analyse(const CommitNamed &commit) {
    if (llvm::Error error = There->moveTo(commit.hash))
      return std::move(error);
    Move move{File.git().top(), There->tree()};
    SharedOptions shared = Then;
    shared.root = move.moved(Root);
    if (!fs::is_directory(shared.root))
      return inputError("the project's folder is not there yet");
    if (shared.cache.empty() && !shared.noCache)
      shared.cache = There->beside("cache");
    if (llvm::Error error = findCommands(move, shared))
      return std::move(error);
    CheckRequest request;
    request.timeoutSeconds = Options.timeoutSeconds;
    request.date = commit.date.substr(0, 10);
    request.wantsPicture = true;
    std::string notes;
    llvm::raw_string_ostream err(notes);
    llvm::Expected<CheckedProject> checked = checkProject(shared, request, err);
    if (!checked)
      return checked.takeError();
    const Coverage &coverage = checked->result.coverage;
    Missing = whatIsMissing(coverage);
    if (coverage.units.parsed + coverage.units.cached + coverage.units.skipped == 0)
      return inputError(Missing.empty() ? "no unit could be analysed" : Missing);
    return historyEntryOf(checked->result, usageIn(*checked, nullptr), commit.hash, commit.date);
  }

  llvm::Error findCommands(const Move &move, SharedOptions &shared) {
    shared.buildPaths.clear();
    if (!Options.configure.empty()) {
      if (llvm::Error error = configure(Options.configure, shared.root, There->beside("configure.log")))
        return error;
      for (const std::string &path : Shared.buildPaths)
        shared.buildPaths.push_back(joined(shared.root, path));
      return llvm::Error::success();
    }
    std::size_t commands = 0;
    for (const std::string &database : Databases) {
      std::string folder = There->beside("database" + std::to_string(shared.buildPaths.size()));
      llvm::Expected<std::size_t> count = writeMovedDatabase(database, move, folder);
      if (!count)
        return count.takeError();
      commands += *count;
      shared.buildPaths.push_back(folder);
    }
    return commands ? llvm::Error::success()
                    : inputError("no compile command of now is for a file of then; --configure makes some");
  }

  const SharedOptions &Shared;
  const HistoryImportOptions &Options;
  Streams Out;
  HistoryFile &File;
  std::string Root;
  SharedOptions Then;
  std::vector<std::string> Databases;
  std::unique_ptr<Checkout> There;
  std::string Missing; ///< in the last commit that was analysed
  std::size_t Complete = 0, Incomplete = 0, NotAnalysed = 0, Kept = 0;
};

} // namespace

int runHistoryImport(const SharedOptions &shared, const HistoryImportOptions &options, Streams streams) {
  // What is wrong with the rules of now is wrong for every commit: said once, before anything is checked out.
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return reportUsageError(root.takeError(), streams.err);
  llvm::Expected<HistoryFile> file = HistoryFile::open(options.file, shared, {});
  if (!file)
    return reportUsageError(file.takeError(), streams.err);
  Import importer(shared, options, streams, *file, *root);
  if (llvm::Error error = importer.run())
    return reportUsageError(std::move(error), streams.err);
  return static_cast<int>(importer.code());
}

} // namespace ssot
