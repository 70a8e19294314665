#include "command/history.h"

#include "gate/calendar.h"
#include "project/errors.h"
#include "project/paths.h"
#include "report/output.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>

#include <set>

namespace ssot {

namespace {

llvm::Expected<History> readHistory(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer && buffer.getError() == std::errc::no_such_file_or_directory)
    return History();
  if (!buffer)
    return inputError(file + ": " + buffer.getError().message());
  return parseHistory((*buffer)->getBuffer(), file);
}

} // namespace

DeprecationUsage usageIn(const CheckedProject &checked, const RuntimeCounts *counts) {
  return usageOf(registryOf(checked.config, checked.index, checked.judged, checked.owners), checked.owners, counts);
}

llvm::Expected<CommitNamed> commitNamed(const Git &git, llvm::StringRef name) {
  llvm::Expected<std::string> commit = git.commit(name);
  if (!commit)
    return commit.takeError();
  Git::Answer answer = git.run({"show", "-s", "--format=%ct", *commit});
  std::int64_t seconds = 0;
  if (answer.code != 0 || llvm::StringRef(answer.out).trim().getAsInteger(10, seconds))
    return inputError("git cannot tell the date of " + *commit + ": " + answer.err);
  return CommitNamed{*commit, dateOf(seconds)};
}

llvm::Error writeHistory(const std::string &file, const History &history) {
  return writeFileAtomically(file, [&](llvm::raw_ostream &out) { out << historyText(history); });
}

llvm::Expected<HistoryFile> HistoryFile::open(const std::string &file, const SharedOptions &shared,
                                              const std::vector<std::string> &paths) {
  if (!paths.empty() || !shared.ruleIds.empty())
    return inputError("--history needs the whole project: leave out PATH and --rule");
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return root.takeError();
  llvm::Expected<Git> git = Git::in(*root, "--history");
  if (!git)
    return git.takeError();
  llvm::Expected<CommitNamed> head = commitNamed(*git, "HEAD");
  if (!head)
    return head.takeError();
  llvm::Expected<History> known = readHistory(file);
  if (!known)
    return known.takeError();
  HistoryFile result(file, std::move(*git));
  result.Known = std::move(*known);
  result.Head = std::move(*head);
  return result;
}

/// Why what was analysed is not what the commit holds; empty when it is.
std::string HistoryFile::difference(const CheckedProject &checked) const {
  std::vector<llvm::StringRef> question{"diff", "--name-only", "-z", "HEAD", "--", "."};
  std::string itself = realEvenIfGone(File);
  if (isBelow(itself, Asked.top())) {
    itself = ":(exclude,top,literal)" + relativeTo(Asked.top(), itself);
    question.push_back(itself);
  }
  Git::Answer changed = Asked.run(question);
  if (changed.code != 0)
    return changed.err;
  if (ZeroEnded names(changed.out); !names.done())
    return escaped(names.next()) + " is not as the commit has it";
  std::set<std::string> analysed;
  for (const AnalysedFile &file : checked.result.analysed)
    analysed.insert(file.path);
  Git::Answer untracked = Asked.run({"ls-files", "-z", "--others", "--exclude-standard"});
  for (ZeroEnded names(untracked.out); !names.done();)
    if (std::string name = names.next().str(); analysed.count(name))
      return escaped(name) + " is not in the commit";
  return "";
}

llvm::Error HistoryFile::record(const CheckedProject &checked, const DeprecationUsage &usage, llvm::raw_ostream &err) {
  if (std::string why = difference(checked); !why.empty()) {
    err << "ssot: " << escaped(File) << " gets no line: " << why << "; commit first\n";
    return llvm::Error::success();
  }
  put(Known, historyEntryOf(checked.result, usage, Head.hash, Head.date));
  return writeHistory(File, Known);
}

} // namespace ssot
