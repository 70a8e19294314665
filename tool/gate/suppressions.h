// gate/suppressions.h - `NOLINT` comments: which sites they cover, and which of them are themselves findings.
//
// A suppression without a reason suppresses nothing, and one that has nothing left to suppress is said: otherwise they
// pile up.
#pragma once

#include "gate/sources.h"

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// Something that is wrong with a comment.
struct SuppressionProblem {
  std::string rule;
  std::string kind;      ///< suppression-without-reason, unmatched-suppression, unused-suppression
  Place place;           ///< of the comment
  std::string enclosing; ///< what is around it
  std::string message;
};

class Suppressions {
public:
  explicit Suppressions(const Sources &sources);

  struct Excuse {
    std::string reason;
    Place comment;
  };
  /// \returns the reason when a comment suppresses \p rule at \p site. The comment counts as used.
  std::optional<Excuse> covers(llvm::StringRef rule, const Place &site);

  /// To be called when every site has been asked for.
  /// \returns the problems of comments that name one of \p activeRules, in place order. \p withUnused: also those that
  /// suppressed nothing.
  std::vector<SuppressionProblem> problems(llvm::ArrayRef<std::string> activeRules, bool withUnused) const;

private:
  /// One rule of one comment. It covers a site that begins in [firstLine, lastLine].
  struct Suppression {
    std::string rule;
    std::string reason;
    const NolintComment *comment = nullptr;
    std::uint32_t firstLine = 0;
    std::uint32_t lastLine = 0;
    bool used = false;
  };

  /// A comment that opened a range of a rule and waits for its end.
  using Open = std::pair<std::string, const NolintComment *>;

  void addUnmatched(const NolintComment &comment, const std::string &rule, llvm::StringRef what);
  void addRange(const NolintComment &end, const std::string &rule, std::vector<Open> &open);

  std::vector<Suppression> All;
  std::vector<SuppressionProblem> Unmatched;
};

} // namespace ssot
