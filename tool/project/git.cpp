#include "project/git.h"

#include "project/errors.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Program.h>
#include <llvm/Support/raw_ostream.h>

#include <tuple>

#include <unistd.h>

namespace ssot {

namespace {

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

} // namespace

llvm::Expected<Git> Git::in(llvm::StringRef root, llvm::StringRef option) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName("git");
  if (!program)
    return inputError(option + " needs git, and there is none in PATH");
  Git git(*program, root.str(), option.str());
  Answer inside = git.run({"rev-parse", "--is-shallow-repository", "--show-toplevel"});
  if (inside.code != 0)
    return inputError(option + " needs a git repository: " + inside.err);
  auto [isShallow, top] = llvm::StringRef(inside.out).rtrim('\n').split('\n');
  git.IsShallow = isShallow == "true";
  git.Top = top.str();
  return git;
}

Git::Answer Git::run(std::vector<llvm::StringRef> arguments, llvm::StringRef input) const {
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

llvm::Expected<std::string> Git::commit(llvm::StringRef name) const {
  std::string wanted = (name + "^{commit}").str();
  Answer commit = run({"rev-parse", "--verify", "--quiet", "--end-of-options", wanted});
  if (commit.code == 0)
    return llvm::StringRef(commit.out).trim().str();
  return inputError(Option + ": git knows no commit '" + name + "'" +
                    (IsShallow ? " in this shallow clone; fetch it (`git fetch --depth=1 origin " + name +
                                     ":refs/remotes/origin/" + name +
                                     "`) or the whole history (in GitHub Actions `fetch-depth: 0`)"
                               : "; fetch it first, or name one that `git log` shows"));
}

std::optional<std::string> Git::content(llvm::StringRef commit, llvm::StringRef path) const {
  std::string object = (commit + ":" + path).str();
  Answer answer = run({"cat-file", "blob", object});
  return answer.code == 0 ? std::optional(std::move(answer.out)) : std::nullopt;
}

} // namespace ssot
