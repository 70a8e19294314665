#include "project/revision.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Program.h>
#include <llvm/Support/raw_ostream.h>

#include <optional>
#include <tuple>
#include <vector>

#include <unistd.h>

namespace ssot {

namespace {

llvm::Error problem(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

/// A file in the temporary folder that goes away.
class ScratchFile {
public:
  ScratchFile() { Created = !llvm::sys::fs::createTemporaryFile("ssot-git", "", Name); }
  ScratchFile(const ScratchFile &) = delete;
  ScratchFile &operator=(const ScratchFile &) = delete;
  ~ScratchFile() {
    if (Created)
      std::ignore = llvm::sys::fs::remove(Name);
  }
  bool created() const { return Created; }
  llvm::StringRef name() const { return Name; }
  std::string read() const {
    auto buffer = llvm::MemoryBuffer::getFile(Name, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return buffer ? (*buffer)->getBuffer().str() : std::string();
  }

private:
  llvm::SmallString<128> Name;
  bool Created = false;
};

struct Answer {
  int code = -1;
  std::string out;
  std::string err;
};

/// git in the project's root. Its settings can't change what is asked here: colours, pagers, external diffs.
class Git {
public:
  static llvm::Expected<Git> in(llvm::StringRef root) {
    llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName("git");
    if (!program)
      return problem("--diff-base needs git, and there is none in PATH");
    return Git(*program, root.str());
  }

  Answer run(std::vector<llvm::StringRef> arguments, llvm::StringRef input = "") const {
    std::vector<llvm::StringRef> command{Program, "--no-optional-locks", "-C", Root};
    command.insert(command.end(), arguments.begin(), arguments.end());
    ScratchFile in, out, err;
    Answer answer;
    if (!in.created() || !out.created() || !err.created()) {
      answer.err = "no temporary file could be made";
      return answer;
    }
    std::error_code error;
    {
      llvm::raw_fd_ostream stream(in.name(), error);
      stream << input;
    }
    std::vector<std::string> variables;
    for (char **at = environ; at && *at; ++at)
      if (!llvm::StringRef(*at).starts_with("LC_ALL="))
        variables.push_back(*at);
    variables.push_back("LC_ALL=C");
    std::vector<llvm::StringRef> environment(variables.begin(), variables.end());
    std::optional<llvm::StringRef> redirects[] = {in.name(), out.name(), err.name()};
    answer.code = llvm::sys::ExecuteAndWait(Program, command, llvm::ArrayRef<llvm::StringRef>(environment), redirects);
    answer.out = out.read();
    answer.err = llvm::StringRef(err.read()).trim().str();
    return answer;
  }

private:
  Git(std::string program, std::string root) : Program(std::move(program)), Root(std::move(root)) {}
  std::string Program, Root;
};

/// Takes \p text apart at its zero bytes.
class Fields {
public:
  explicit Fields(llvm::StringRef text) : Rest(text) {}
  bool done() const { return Rest.empty(); }
  llvm::StringRef next() {
    auto [field, rest] = Rest.split('\0');
    Rest = rest;
    return field;
  }

private:
  llvm::StringRef Rest;
};

bool isRegular(llvm::StringRef mode) { return mode.starts_with("100"); }

/// Reads a difference. The files whose old content is wanted go to \p objects, by the name of the content.
void readDifference(llvm::StringRef text, Revision &revision,
                    std::vector<std::pair<std::string, std::string>> &objects) {
  Fields fields(text);
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
  Answer answer = git.run({"cat-file", "--batch"}, request);
  llvm::StringRef rest = answer.out;
  for (const auto &[object, path] : objects) {
    auto [head, body] = rest.split('\n'); // <object> blob <size>
    std::size_t size = 0;
    if (answer.code != 0 || head.rsplit(' ').second.getAsInteger(10, size) || size >= body.size() + 1)
      return problem("git has no content of " + path + " as it was" + (answer.err.empty() ? "" : ": " + answer.err));
    revision.before[path] = body.take_front(size).str();
    rest = body.drop_front(std::min(body.size(), size + 1));
  }
  return llvm::Error::success();
}

llvm::Expected<std::string> commitOf(const Git &git, llvm::StringRef name) {
  Answer inside = git.run({"rev-parse", "--is-shallow-repository"});
  if (inside.code != 0)
    return problem("--diff-base needs a git repository: " + inside.err);
  std::string wanted = (name + "^{commit}").str();
  Answer commit = git.run({"rev-parse", "--verify", "--quiet", "--end-of-options", wanted});
  if (commit.code == 0)
    return llvm::StringRef(commit.out).trim().str();
  bool isShallow = llvm::StringRef(inside.out).trim() == "true";
  return problem("--diff-base: git knows no commit '" + name + "'" +
                 (isShallow ? " in this shallow clone; fetch it (`git fetch --depth=1 origin " + name +
                                  ":refs/remotes/origin/" + name +
                                  "`) or the whole history (in GitHub Actions `fetch-depth: 0`)"
                            : "; fetch it first, or name one that `git log` shows"));
}

} // namespace

llvm::Expected<Revision> readRevision(llvm::StringRef root, llvm::StringRef name) {
  llvm::Expected<Git> git = Git::in(root);
  if (!git)
    return git.takeError();
  llvm::Expected<std::string> commit = commitOf(*git, name);
  if (!commit)
    return commit.takeError();
  Revision revision;
  Answer base = git->run({"merge-base", *commit, "HEAD"});
  revision.isMergeBase = base.code == 0;
  revision.commit = base.code == 0 ? llvm::StringRef(base.out).trim().str() : *commit;

  Answer difference = git->run({"diff", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules",
                                "--relative", "-M", "-z", "--raw", "--no-abbrev", revision.commit, "--"});
  if (difference.code != 0)
    return problem("git diff with " + name + ": " + difference.err);
  std::vector<std::pair<std::string, std::string>> objects;
  readDifference(difference.out, revision, objects);
  if (llvm::Error error = readContents(*git, objects, revision))
    return std::move(error);
  Answer untracked = git->run({"ls-files", "-z", "--others", "--exclude-standard"});
  for (Fields fields(untracked.out); !fields.done();)
    revision.added.insert(fields.next().str());
  return revision;
}

} // namespace ssot
