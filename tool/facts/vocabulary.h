// facts/vocabulary.h - what the rules ask about, and so what extraction has to look for.
//
// Facts depend on the vocabulary and on nothing else of the rules: severity, gate and messages may change without a
// parse. The vocabulary is part of a fact's cache key.
#pragma once

#include <string>
#include <vector>

namespace ssot {

/// One AST matcher expression of a rule, as `clang-query` reads it.
struct MatcherRequest {
  std::string rule;       ///< id of the rule that asks
  bool compliant = false; ///< true for the rule's `compliant` expression
  std::string expression;

  friend bool operator==(const MatcherRequest &, const MatcherRequest &) = default;
};

struct Vocabulary {
  /// Qualified names whose declarations and uses are recorded: classes, enums, functions, aliases, namespaces, macros.
  /// Sorted, unique.
  std::vector<std::string> names;
  /// Qualified names of classes whose creations and long-lived variables are recorded. Sorted, unique.
  std::vector<std::string> created;
  /// Qualified names of functions whose calls are recorded with their arguments. Sorted, unique.
  std::vector<std::string> called;
  /// Qualified names, old and new, of what is to move: the conversions at its uses are recorded. Sorted, unique.
  std::vector<std::string> moved;
  std::vector<MatcherRequest> matchers;
  /// Qualified names of functions that emit events: the ways through functions are recorded. Sorted, unique.
  std::vector<std::string> emitters;
  /// Qualified names of classes, enumerations and functions whose interfaces are recorded. Sorted, unique.
  std::vector<std::string> interfaces;
  /// Whether the control flow of function bodies is recorded (who delegates to whom).
  bool flow = false;
  /// Whether normalised bodies are recorded (likeness).
  bool bodies = false;

  friend bool operator==(const Vocabulary &, const Vocabulary &) = default;
};

} // namespace ssot
