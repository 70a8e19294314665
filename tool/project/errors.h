// project/errors.h - what is wrong with what the user gave.
#pragma once

#include <llvm/ADT/Twine.h>
#include <llvm/Support/Error.h>

#include <system_error>

namespace ssot {

/// An error of the command line or of an input: what is wrong and what to do. Commands end with the exit code for wrong
/// usage.
inline llvm::Error inputError(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

} // namespace ssot
