// config/sieve.h - which units cannot hold a site of any rule, as far as the words in their files tell.
//
// A definition that a rule selects by its name has that name written in a file of the project, or brought there by a
// macro. So a unit whose files hold none of the words that a pattern needs has no such definition, and need not be
// parsed for it. The test errs on one side only: it may keep a unit that has nothing.
//
// Names that the rules spell out whole are not tested here but by the preprocessor, which also knows names that macros
// paste together and names that are declared outside of the project (extract/scan.h).
#pragma once

#include "config/config.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallBitVector.h>
#include <llvm/ADT/StringMap.h>

#include <memory>
#include <string>
#include <vector>

namespace re2 {
class FilteredRE2;
}

namespace ssot {

class Sieve {
public:
  /// What was found in texts. Those of several texts may be joined with `|=`.
  using Marks = llvm::SmallBitVector;

  Sieve();
  /// For the definitions that \p rules select by patterns and by methods.
  explicit Sieve(const std::vector<Rule> &rules);
  /// For units that hold all words of one of \p lists.
  static Sieve ofWords(llvm::ArrayRef<std::vector<std::string>> lists);
  Sieve(Sieve &&) noexcept;
  Sieve &operator=(Sieve &&) noexcept;
  ~Sieve();

  /// Why no unit can be passed over: `rule 'x' ...`; empty when some can.
  const std::string &everything() const { return Everything; }

  Marks none() const { return Marks(Count); }
  /// \returns what \p text, C++ source or a list of identifiers, holds.
  Marks marksOf(llvm::StringRef text) const;
  /// Whether a unit may hold a site, given the marks of its files and of the identifiers that macros bring into them.
  bool selects(const Marks &marks) const;
  /// Two sieves of the same text select the same.
  const std::string &text() const { return Text; }

private:
  friend class SieveBuilder;
  struct Substring {
    std::vector<std::string> spellings;
    bool ignoresCase = false; ///< `spellings` are in lower case
    unsigned mark = 0;
  };
  struct PatternTest {
    std::unique_ptr<re2::FilteredRE2> filter;
    std::vector<std::vector<unsigned>> atoms; ///< for each atom of the filter the marks that it needs
  };
  struct WordTest {
    std::vector<unsigned> marks;
    unsigned atLeast = 1;
  };

  std::string Everything, Text;
  unsigned Count = 0;
  llvm::StringMap<unsigned> Words; ///< whole identifiers and their marks
  std::vector<Substring> Substrings;
  std::vector<PatternTest> Patterns;
  std::vector<WordTest> WordTests;
};

} // namespace ssot
