#include "project/revision.h"

#include "project/errors.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/Twine.h>

#include <algorithm>
#include <vector>

namespace ssot {

namespace {

bool isRegular(llvm::StringRef mode) { return mode.starts_with("100"); }

/// Reads a difference. The files whose old content is wanted go to \p objects, by the name of the content.
void readDifference(llvm::StringRef text, Revision &revision,
                    std::vector<std::pair<std::string, std::string>> &objects) {
  ZeroEnded fields(text);
  while (!fields.done()) {
    // :100644 100644 1234... 5678... M
    llvm::SmallVector<llvm::StringRef, 5> head;
    fields.next().ltrim(':').split(head, ' ');
    if (head.size() != 5)
      return;
    llvm::StringRef status = head[4];
    std::string path = fields.next().str();
    std::string now = status.starts_with("R") ? fields.next().str() : path;
    if (status.starts_with("R"))
      revision.renamed[now] = path;
    if (status.starts_with("A"))
      revision.added.insert(path);
    else if (isRegular(head[0]))
      objects.emplace_back(head[2].str(), path);
  }
}

/// Fetches the contents that \p objects names, in one call.
llvm::Error readContents(const Git &git, const std::vector<std::pair<std::string, std::string>> &objects,
                         Revision &revision) {
  std::string request;
  for (const auto &[object, path] : objects)
    request += object + "\n";
  Git::Answer answer = git.run({"cat-file", "--batch"}, request);
  llvm::StringRef rest = answer.out;
  for (const auto &[object, path] : objects) {
    auto [head, body] = rest.split('\n'); // <object> blob <size>
    std::size_t size = 0;
    if (answer.code != 0 || head.rsplit(' ').second.getAsInteger(10, size) || size >= body.size() + 1)
      return inputError("git has no content of " + path + " as it was" + (answer.err.empty() ? "" : ": " + answer.err));
    revision.before[path] = body.take_front(size).str();
    rest = body.drop_front(std::min(body.size(), size + 1));
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<Revision> readRevision(const Git &git, llvm::StringRef name) {
  llvm::Expected<std::string> commit = git.commit(name);
  if (!commit)
    return commit.takeError();
  Revision revision;
  Git::Answer base = git.run({"merge-base", *commit, "HEAD"});
  revision.isMergeBase = base.code == 0;
  revision.commit = base.code == 0 ? llvm::StringRef(base.out).trim().str() : *commit;

  Git::Answer difference = git.run({"diff", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules",
                                    "--relative", "-M", "-z", "--raw", "--no-abbrev", revision.commit, "--"});
  if (difference.code != 0)
    return inputError("git diff with " + name + ": " + difference.err);
  std::vector<std::pair<std::string, std::string>> objects;
  readDifference(difference.out, revision, objects);
  if (llvm::Error error = readContents(git, objects, revision))
    return std::move(error);
  Git::Answer untracked = git.run({"ls-files", "-z", "--others", "--exclude-standard"});
  for (ZeroEnded fields(untracked.out); !fields.done();)
    revision.added.insert(fields.next().str());
  return revision;
}

} // namespace ssot
