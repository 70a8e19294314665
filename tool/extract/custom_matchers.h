// extract/custom_matchers.h - the rule kind `matcher`: expressions as clang-query reads them.
#pragma once

#include "extract/extract.h"
#include "extract/recorder.h"

#include <functional>
#include <memory>
#include <vector>

namespace ssot {

/// Compiles one expression. \returns nothing and fills \p problem when Clang does not take it.
std::optional<clang::ast_matchers::internal::DynTypedMatcher> compileMatcher(llvm::StringRef expression,
                                                                             MatcherProblem &problem);

/// Adds the vocabulary's matchers to \p finder. \p current gives the recorder of the unit that is being traversed.
/// \returns the callbacks, which must live as long as the finder.
std::vector<std::unique_ptr<clang::ast_matchers::MatchFinder::MatchCallback>>
addCustomMatchers(const std::vector<MatcherRequest> &requests, clang::ast_matchers::MatchFinder &finder,
                  const std::function<Recorder &()> &current);

} // namespace ssot
