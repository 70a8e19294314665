#include "project/compiler.h"

#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Program.h>

#include <optional>
#include <tuple>

#include <unistd.h>

namespace ssot {

namespace {

constexpr unsigned kSecondsToAnswer = 20;

/// The environment with messages in English: the output is read by its words.
std::vector<std::string> englishEnvironment() {
  std::vector<std::string> variables;
  for (char **at = environ; at && *at; ++at)
    if (llvm::StringRef variable(*at); !variable.starts_with("LC_ALL=") && !variable.starts_with("LANGUAGE="))
      variables.push_back(variable.str());
  variables.push_back("LC_ALL=C");
  return variables;
}

/// Where the compiler keeps stddef.h and the intrinsics: .../gcc/x86_64-linux-gnu/12/include, also include-fixed.
bool holdsIntrinsics(llvm::StringRef folder) {
  llvm::StringRef name = llvm::sys::path::filename(folder);
  return (name == "include" || name == "include-fixed") && folder.contains("/gcc/");
}

/// Runs \p command with nothing to read. \returns what it wrote to stderr, or nothing when it did not succeed in time.
std::optional<std::string> standardErrorOf(llvm::ArrayRef<std::string> command) {
  llvm::SmallString<128> output;
  if (llvm::sys::fs::createTemporaryFile("ssot-compiler", "txt", output))
    return std::nullopt;
  std::vector<llvm::StringRef> arguments(command.begin(), command.end());
  std::vector<std::string> variables = englishEnvironment();
  std::vector<llvm::StringRef> environment(variables.begin(), variables.end());
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef("/dev/null"), llvm::StringRef("/dev/null"),
                                                output.str()};
  bool failed = false;
  int code = llvm::sys::ExecuteAndWait(arguments.front(), arguments, llvm::ArrayRef<llvm::StringRef>(environment),
                                       redirects, kSecondsToAnswer, /*MemoryLimit=*/0, /*ErrMsg=*/nullptr, &failed);
  std::optional<std::string> text;
  if (code == 0 && !failed)
    if (auto buffer = llvm::MemoryBuffer::getFile(output))
      text = (*buffer)->getBuffer().str();
  std::ignore = llvm::sys::fs::remove(output); // what is left lies in the temporary folder
  return text;
}

std::string locate(llvm::StringRef program, llvm::StringRef directory) {
  if (program.contains('/'))
    return normalised(absoluteFrom(directory, program));
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(program);
  return found ? *found : std::string();
}

} // namespace

bool isClang(llvm::StringRef program) {
  if (llvm::sys::path::filename(program).contains("clang"))
    return true;
  std::string path = program.contains('/') ? program.str() : locate(program, std::string());
  return !path.empty() && llvm::sys::path::filename(realOrNormalised(path)).contains("clang");
}

CompilerKnowledge readVerboseOutput(llvm::StringRef output) {
  CompilerKnowledge knowledge;
  bool inList = false;
  bool pastIntrinsics = false;
  llvm::SmallVector<llvm::StringRef, 64> lines;
  output.split(lines, '\n');
  for (llvm::StringRef line : lines) {
    if (llvm::StringRef rest = line; rest.consume_front("Target: ")) {
      knowledge.target = rest.trim().str();
    } else if (line.starts_with("#include <...>")) {
      inList = true;
      knowledge.known = true;
    } else if (line.starts_with("End of search list")) {
      inList = false;
    } else if (inList && line.starts_with(" ") && !line.ends_with("(framework directory)")) {
      std::string folder = normalised(line.trim());
      if (holdsIntrinsics(folder))
        pastIntrinsics = true;
      else
        (pastIntrinsics ? knowledge.afterIntrinsics : knowledge.beforeIntrinsics).push_back(folder);
    }
  }
  return knowledge;
}

const CompilerKnowledge &Compilers::ask(llvm::StringRef program, llvm::StringRef directory, llvm::StringRef language,
                                        llvm::ArrayRef<std::string> flags) {
  std::string path = locate(program, directory);
  std::vector<std::string> question{path.empty() ? program.str() : path, language.str()};
  llvm::append_range(question, flags);
  auto [answer, isNew] = Answers.try_emplace(std::move(question));
  if (!isNew || path.empty() || !llvm::sys::fs::can_execute(path))
    return answer->second;
  std::vector<std::string> command{path, "-E", "-v"};
  llvm::append_range(command, flags);
  llvm::append_range(command, std::initializer_list<llvm::StringRef>{"-x", language, "/dev/null"});
  if (std::optional<std::string> output = standardErrorOf(command))
    answer->second = readVerboseOutput(*output);
  return answer->second;
}

std::vector<std::string> Compilers::silent() const {
  std::vector<std::string> programs;
  for (const auto &[question, knowledge] : Answers)
    if (!knowledge.known && (programs.empty() || programs.back() != question.front()))
      programs.push_back(question.front());
  return programs;
}

} // namespace ssot
