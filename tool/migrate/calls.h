// migrate/calls.h - the text that takes the place of a legacy call.
#pragma once

#include "config/config.h"
#include "facts/facts.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

struct RewrittenCall {
  std::string text;
  std::string refusal;                                 ///< why a person has to look; empty when there is a text
  std::vector<std::pair<Place, std::size_t>> operands; ///< as rendered: each with where it begins in the text
};

/// \param file the text of the file that the call is written in.
/// \param render gives the text of an operand, with the edits that lie in it.
/// \param defaults how the call can spell out what it leaves to defaults, by the numbers of the parameters.
RewrittenCall rewriteCall(const LegacyCallRule &rule, const CallSiteFact &call, llvm::StringRef file,
                          llvm::function_ref<std::string(const Place &)> render,
                          const std::map<unsigned, std::string> &defaults);

} // namespace ssot
