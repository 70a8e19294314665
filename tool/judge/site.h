// judge/site.h - what a judge says: one site, one verdict.
#pragma once

#include "facts/place.h"
#include "judge/drift.h"

#include <optional>
#include <string>
#include <vector>

namespace ssot {

enum class Verdict { Compliant, Violation };

enum class Role { Implementation, Alias, Adapter, TestDouble, Declaration, Use };

/// A second place that explains the first.
struct Note {
  std::optional<Place> place;
  std::string message;
};

struct Site {
  Place place; ///< file: index into Index::files()
  Verdict verdict = Verdict::Violation;
  Role role = Role::Use;
  std::string symbol;    ///< qualified
  std::string canonical; ///< what it should be; may be empty
  std::optional<double> similarity;
  std::string message; ///< of a violation; one line, no full stop at the end
  std::vector<Note> notes;
  bool fixable = false;
  /// What makes this site the same one tomorrow: enclosing symbol and normalised code. The gate adds rule and ordinal
  /// and hashes it.
  std::string identity;
};

/// Something that a rule selected but that is no site: a test double, a bare declaration. Or a mention that could not
/// be judged.
struct Aside {
  Place place;
  Role role = Role::TestDouble;
  std::string symbol;
  std::string reason; ///< empty for a role that speaks for itself
  bool unjudged = false;
};

/// A finding about the rule rather than about a place in the code: `canonical-missing`.
struct RuleProblem {
  std::string code; ///< e.g. canonical-missing
  std::string symbol;
  std::string message;
};

struct AdapterEntry {
  std::string symbol;
  std::string canonical;
  Place place;
};

struct Judgement {
  std::vector<Site> sites;
  std::vector<Aside> asides;
  std::vector<AdapterEntry> adapters;
  std::vector<RuleProblem> problems;
  std::vector<Drift> drifts; ///< of the duplicates among the sites
};

} // namespace ssot
