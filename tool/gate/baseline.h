// gate/baseline.h - the violations that a project has accepted for now, one a line.
//
// A line is known by what the site is (rule, enclosing symbol, normalised code) and by its file, never by a count or a
// line number: one violation fixed and another one added is one too many. Line and symbol stand there for people.
// Equal sites of one file are equal lines, so a baseline is a set in which a line may stand more than once.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <cstddef>
#include <string>
#include <vector>

namespace ssot {

struct BaselineEntry {
  std::string identity; ///< 16 hexadecimal digits: of the rule and the site, without file and ordinal
  std::string rule;
  std::string file;
  unsigned line = 0;  ///< of the code, when it was written
  std::string symbol; ///< may be empty
  unsigned mark = 0;  ///< its own line in the baseline file
};

struct Baseline {
  std::string name; ///< of the file, as reports name it
  std::vector<BaselineEntry> entries;
};

/// \returns the entries of a baseline file, or an error that says \p name:line:column for every line that is none.
llvm::Expected<Baseline> parseBaseline(llvm::StringRef text, llvm::StringRef name);

/// \returns the text of a baseline file: sorted, so that the same entries give the same bytes.
std::string baselineText(std::vector<BaselineEntry> entries);

/// Three-way merge. What either side has removed is gone; what one side has added stays, so that it stands out in the
/// review of that side. Where and on which line a site lies is taken from \p ours.
std::vector<BaselineEntry> mergeBaselines(const Baseline &base, const Baseline &ours, const Baseline &theirs);

/// Which of the entries stand for which of the sites.
struct BaselineMatch {
  std::vector<bool> covered;          ///< by site, in the order given
  std::vector<std::size_t> unmatched; ///< entries, by number
};

/// A site of the code, as the baseline sees it.
struct BaselineSite {
  llvm::StringRef identity;
  llvm::StringRef file;
};

/// An entry covers one site of the same identity in the same file; when its file is gone (renamed, or its code moved
/// away) it covers one in any other file.
BaselineMatch matchBaseline(const Baseline &baseline, llvm::ArrayRef<BaselineSite> sites,
                            llvm::function_ref<bool(llvm::StringRef)> fileExists);

} // namespace ssot
