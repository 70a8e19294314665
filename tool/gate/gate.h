// gate/gate.h - from sites to a decision: suppressions, allowances, compliance, exit code.
//
// Every figure that any report shows is computed here and nowhere else. A percentage never travels without its
// numerator and denominator.
#pragma once

#include "config/config.h"
#include "gate/baseline.h"
#include "gate/owners.h"
#include "gate/sources.h"
#include "gate/weakening.h"
#include "judge/site.h"
#include "link/index.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// A share in tenths of a percent. Never rounded up: 99.99 % is 99.9, and 100 only when nothing is left.
struct Share {
  std::size_t part = 0;
  std::size_t whole = 0;

  bool empty() const { return whole == 0; }
  double percent() const;   ///< floor to one decimal
  std::string text() const; ///< "94.5 %", or "no sites"
};

enum class FindingState { New, Baseline, Suppressed, Allowed };

struct Finding {
  std::string rule;
  /// The rule's kind, or the finding's own: canonical-missing, unused-suppression, suppression-without-reason,
  /// unmatched-suppression, unused-allowance, expired-allowance, stale-baseline, weakened-gate.
  std::string kind;
  Severity severity = Severity::Error;
  FindingState state = FindingState::New;
  std::string file; ///< relative; the rule file when the finding is about a rule
  Place place;
  Role role = Role::Use;
  std::string symbol;
  std::string canonical;
  std::optional<double> similarity;
  std::string message;
  struct Related {
    std::string file;
    std::optional<Place> place;
    std::string message;
  };
  std::vector<Related> related;
  bool fixable = false;
  std::string fingerprint; ///< 16 hexadecimal digits
  /// The same without the ordinal, 16 digits: what the baseline knows a site by. Empty for what is no site of a rule.
  std::string identity;
  std::string reason;              ///< of the suppression or allowance
  std::optional<Place> comment;    ///< the suppression
  std::vector<std::string> owners; ///< of the file, when it has any
};

struct RuleResult {
  std::string id;
  std::string kind;
  Severity severity = Severity::Error;
  Share compliance;
};

struct FailedUnit {
  std::string file;
  std::string error;
};

struct UnitCounts {
  std::size_t total = 0;
  std::size_t parsed = 0;
  std::size_t cached = 0;
  std::size_t skipped = 0;
  std::vector<FailedUnit> failed;
};

/// What the run covered, as `project` and `extract` report it.
struct Coverage {
  UnitCounts units;
  std::vector<std::string> unreachedHeaders;
  std::vector<std::string> orphanSources;
  std::size_t headers = 0;            ///< headers of the project, reached or not
  std::vector<FailedUnit> unreadable; ///< files and compile commands that could not be read

  /// Units analysed (parsed, cached or proven to hold nothing) and headers reached, of all units, headers, orphan
  /// sources and commands that could not be read.
  Share share() const;
  bool complete() const;
};

/// A rule with what its judge said.
struct JudgedRule {
  const Rule *rule = nullptr;
  Judgement judgement;
};

struct AsideEntry {
  std::string rule;
  Aside aside;
  std::string file;
};

struct Adapter {
  std::string symbol, canonical, file;
  std::uint32_t line = 0;
};

/// How a duplicate differs from the canonical definition.
struct DriftEntry {
  std::string rule;
  Drift drift;
  std::string file;
};

/// A file of the project that was analysed.
struct AnalysedFile {
  std::string path;
  bool clean = false; ///< without a violation of a rule above note
};

/// What became of the entries of a baseline.
struct BaselineCounts {
  std::size_t entries = 0;
  std::size_t matched = 0;
  std::size_t unmatched = 0;
};

struct Result {
  Share ssot;         ///< over rules of severity error
  Share architecture; ///< files without a violation (severities above note) of files analysed
  Coverage coverage;
  std::vector<RuleResult> rules;
  std::vector<Finding> findings; ///< violations only, sorted by file, line, column, rule
  std::vector<Adapter> adapters;
  std::vector<AsideEntry> asides;
  std::vector<DriftEntry> drifts;
  std::vector<std::string> files;         ///< by the number of a place's file
  std::vector<AnalysedFile> analysed;     ///< what `architecture` counts
  bool compared = false;                  ///< with a baseline or another revision: new and old are told apart
  std::optional<BaselineCounts> baseline; ///< when one was given
  std::vector<BaselineEntry> unmatched;   ///< its entries that stand for no site
  bool whole = true;                      ///< everything was analysed: what seems unused is unused
  std::size_t violations = 0;             ///< findings that the gate counts
  std::optional<double> minCompliance;
  bool reachesMinimum = true; ///< SSOT compliance is not under the minimum, or none was given
  bool gatePassed = false;
};

/// How the gate stood at an earlier revision (--against), and what is weaker since.
struct GateBefore {
  std::string revision; ///< as the user named it
  std::vector<Weakening> weaker;
  Baseline suppressed; ///< the sites that comments suppressed then
  Owners owners;       ///< of then: a change cannot name its own approver
};

struct GateOptions {
  const GateBefore *against = nullptr;
  const Owners *owners = nullptr; ///< of now, for the findings
  const Baseline *baseline = nullptr;
  /// Sites of another revision (--diff-base): what was there then does not fail the gate either.
  const Baseline *before = nullptr;
  bool strictBaseline = false; ///< entries that match nothing fail the gate
  /// Whether the project still has a file; for entries whose file was renamed.
  std::function<bool(llvm::StringRef)> fileExists = [](llvm::StringRef) { return true; };
  std::optional<double> minCompliance; ///< command line; wins over the configuration
  std::string today;                   ///< YYYY-MM-DD: allowances end against it
  bool partial = false; ///< only a part of the project was asked for: what seems unused may have its use elsewhere
};

/// \returns the violations that a baseline would hold: those that are new, and those that it holds already.
std::vector<BaselineEntry> baselineEntries(const Result &result);

/// \returns the violations that comments suppress, as entries.
std::vector<BaselineEntry> suppressedEntries(const Result &result);

/// Applies suppressions, allowances and the baseline, computes every figure, decides.
/// The gate passes when no finding of severity error is new and, if a minimum is given, SSOT compliance reaches it.
Result decide(const Config &config, const Sources &sources, std::vector<JudgedRule> judged, Coverage coverage,
              const GateOptions &options);

enum class ExitCode : int { Passed = 0, GateFailed = 1, Usage = 2, Incomplete = 3, Refused = 4, Internal = 5 };

/// \returns the documented exit code: Incomplete when something was not analysed and \p allowIncomplete is false, else
/// as the gate says.
ExitCode exitCode(const Result &result, bool allowIncomplete);

} // namespace ssot
