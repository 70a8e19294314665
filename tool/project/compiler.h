// project/compiler.h - what a compiler that is not Clang knows by itself: its built-in include paths and its target.
//
// A command for g++ says nothing of where libstdc++ is: the compiler knows. Clang would look for a standard library of
// its own and may find another one or none, so the compiler is asked, once for each set of flags that can change the
// answer.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

struct CompilerKnowledge {
  bool known = false; ///< false: the compiler could not be asked
  std::vector<std::string>
      beforeIntrinsics;                     ///< searched before the compiler's own intrinsics: the C++ standard library
  std::vector<std::string> afterIntrinsics; ///< searched after them: the C library and the system
  std::string target;                       ///< its triple
};

/// \returns whether \p program (a name or a path) is a Clang, also behind symlinks such as /usr/bin/c++.
bool isClang(llvm::StringRef program);

/// Reads what `-E -v` prints. The folder with the compiler's own intrinsics is left out: Clang brings its own, and
/// another compiler's do not parse.
CompilerKnowledge readVerboseOutput(llvm::StringRef output);

/// Asks compilers, each question once.
class Compilers {
public:
  /// \p program absolute or a name in PATH; \p language as `-x` takes it; \p flags those of the command that can change
  /// the answer.
  const CompilerKnowledge &ask(llvm::StringRef program, llvm::StringRef directory, llvm::StringRef language,
                               llvm::ArrayRef<std::string> flags);
  /// Programs that could not be asked. Sorted.
  std::vector<std::string> silent() const;

private:
  std::map<std::vector<std::string>, CompilerKnowledge> Answers; ///< by program, language and flags
};

} // namespace ssot
