// judge/drift.h - what a duplicate does otherwise than the canonical one, method by method.
//
// Two bodies are compared by their steps (facts.h, StepFact): helpers of the same class or file count as if they were
// written out, logging and counting does not count. What cannot be compared is said to be unknown and never guessed.
#pragma once

#include "facts/place.h"

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

class Index;
struct JudgeContext;
struct Judgement;

enum class DriftKind { Missing, Extra, Default, Constant, Order, Lock, Error, Result, Unknown };
enum class DriftVerdict { Safe, NeedsDecision, Unknown };

struct DriftPoint {
  DriftKind kind = DriftKind::Unknown;
  bool decides = false; ///< somebody must decide; otherwise who moves to the canonical one loses nothing
  std::string text;     ///< what the duplicate does otherwise; one line
  std::optional<Place> canonical;
  std::optional<Place> duplicate;
};

struct MethodDrift {
  std::string canonical; ///< unqualified name; empty for an extra one
  std::string duplicate; ///< empty for a missing one
  std::vector<DriftPoint> differences;
};

/// One duplicate against its canonical definition: a row of the matrix for each method.
struct Drift {
  std::string symbol;
  std::string canonical;
  Place place;
  DriftVerdict verdict = DriftVerdict::Unknown;
  std::string reason; ///< why it is not safe; empty when it is
  std::vector<MethodDrift> methods;

  /// Whether a body was compared and does something else: what the compiler will not find out.
  bool behavesOtherwise() const;
};

/// \returns one entry for each duplicate that a `single-class` or `single-function` rule found, in the order of the
/// sites.
std::vector<Drift> driftsOf(const JudgeContext &context, const Judgement &judgement);

llvm::StringRef wordFor(DriftKind kind);
llvm::StringRef wordFor(DriftVerdict verdict);

} // namespace ssot
