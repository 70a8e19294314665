// tests/support/marks.h - judging tested on source code with marks, and nothing else to look up.
//
// `$violation[[name]]`, `$compliant[[name]]`, `$adapter[[name]]` stand around what a judge must find;
// `$test-double[[..]]`,
// `$declaration[[..]]`, `$alias[[..]]` and `$unjudged[[..]]` around what it must mention without judging. The marks are
// taken off, the code is extracted, linked and judged, and is marked again with what was found. Both texts must be the
// same: an unmarked line is an assertion too.
//
// `//- path` starts another file. Every `.cpp` file is a unit; code before the first such line is `main.cpp`.
#pragma once

#include "config/config.h"
#include "judge/judge.h"
#include "link/index.h"

#include <gmock/gmock.h>

#include <iosfwd>
#include <string>
#include <vector>

namespace ssot::test {

/// What came of a piece of marked code.
struct Checked {
  std::string expected; ///< the code as the test has it
  std::string found;    ///< the code marked with what was found, or the compiler's error
  Index index;
  Judgement judgement;

  /// The messages of the violations in the order of their places.
  std::vector<std::string> messages() const;
  /// The texts of the notes of all violations.
  std::vector<std::string> notes() const;
  std::vector<std::string> problems() const;
};

/// Runs one rule over marked code. Code in folders named `test...` are tests.
Checked check(const std::string &markedCode, RuleBody body, std::vector<std::string> flags = {"-std=c++20"});

/// \returns the pattern, which must be a valid one.
Pattern pattern(const std::string &expression);
Located<std::string> located(const std::string &text);

inline void PrintTo(const Checked &checked, std::ostream *out) {
  *out << "found\n" << checked.found << "\nexpected\n" << checked.expected;
}

MATCHER(findsExactlyTheMarks, "finds exactly the marks") {
  (void)result_listener;
  return arg.found == arg.expected;
}

} // namespace ssot::test
