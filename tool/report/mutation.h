// report/mutation.h - what rules find of variants that were made of real definitions.
#pragma once

#include "similar/likeness.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/raw_ostream.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// One variant, as the rule saw it.
struct JudgedVariant {
  std::string kind;     ///< `copy`, `renamed` ...
  unsigned type = 0;    ///< 1 to 4; 0: a near miss
  std::string original; ///< qualified
  std::string symbol;   ///< qualified
  bool expected = false;
  bool found = false;
  std::optional<Likeness> likeness; ///< to the canonical definition, when the rule asks for it
};

/// Something else of the code that the rule found, or that is alike: whether it should be is for a person to say.
struct OtherLike {
  std::string symbol;
  bool found = false;
  std::optional<Likeness> likeness;
};

struct MutationResult {
  std::string rule;
  std::string kind;
  std::vector<std::string> originals;
  std::vector<JudgedVariant> variants; ///< those that compile
  std::size_t discarded = 0;           ///< made, but did not compile: no variants
  std::vector<std::string> missing;    ///< definitions that no unit gives in full
  std::vector<OtherLike> others;       ///< by symbol
};

void writeMutationText(llvm::ArrayRef<MutationResult> results, llvm::raw_ostream &out);
/// `ssot-mutation/1`
void writeMutationJson(llvm::ArrayRef<MutationResult> results, llvm::raw_ostream &out);
/// SARIF 2.1.0 without results: the figures stand in the `properties` of each rule.
void writeMutationSarif(llvm::ArrayRef<MutationResult> results, llvm::StringRef version, llvm::raw_ostream &out);

} // namespace ssot
