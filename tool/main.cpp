// ssot - finds second sources of truth in C++ code bases and moves callers to the one that stays.

#include "command/command.h"
#include "gate/gate.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/raw_ostream.h>

#include <exception>

int main(int argc, char **argv) {
  // Any address in this program serves to find its file.
  std::string program = llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void *>(&main));
  try {
    int code = ssot::runCommand(program, {argv + 1, argv + argc}, {llvm::outs(), llvm::errs()});
    llvm::outs().flush();
    if (llvm::outs().has_error()) {
      llvm::errs() << "ssot: error: writing to standard output: " << llvm::outs().error().message() << '\n';
      llvm::outs().clear_error();
      return static_cast<int>(ssot::ExitCode::Internal);
    }
    return code;
  } catch (const std::exception &error) {
    llvm::errs() << "ssot: internal error: " << error.what() << '\n';
    return static_cast<int>(ssot::ExitCode::Internal);
  }
}
