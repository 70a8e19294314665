// command/command.h - the command line: arguments in, exit code out.
#pragma once

#include <llvm/Support/raw_ostream.h>

#include <string>
#include <vector>

namespace ssot {

inline constexpr char kVersion[] = "0.1.0";

/// Where a command writes. Results go to `out`, everything else to `err`.
struct Streams {
  llvm::raw_ostream &out;
  llvm::raw_ostream &err;
};

/// Runs `ssot` with \p arguments (without the program's name).
/// \param program the path of the running program, from which the bundled rule packs are found.
/// \returns the exit code of the contract.
int runCommand(const std::string &program, std::vector<std::string> arguments, Streams streams);

} // namespace ssot
