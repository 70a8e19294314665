// config/config.h - the rules in force, compiled: what the judges and the gate work with.
//
// A rule file is read in two steps, as clangd does it: a parsed tree in which everything has a place (yaml.h), then the
// compiled rules here, where every diagnostic has been made. A judge never sees a raw pattern or an unchecked key.
#pragma once

#include "config/pattern.h"
#include "facts/vocabulary.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ssot {

/// A place in a rule file, 1-based.
struct Mark {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
};

template <typename T>
struct Located {
  T value{};
  Mark mark;
};

enum class Severity { Error, Warning, Note };

/// An accepted exception. Ends after `until`.
struct Allowance {
  std::optional<Pattern> symbol; ///< one of symbol and file is set
  std::optional<Glob> file;
  std::string reason;
  std::string until; ///< YYYY-MM-DD, or empty: no end
  Mark mark;
};

/// The `match` of `single-class` and `single-function`: selects when any of its conditions holds.
struct Match {
  std::optional<Pattern> name;
  std::vector<std::string> methodNames;
  unsigned methodsAtLeast = 0; ///< meaningful when methodNames is not empty
  std::optional<double> similar;
  std::optional<double> similarToCopies; ///< with `similar` only: what resembles a copy so much is one too
};

struct Adapters {
  bool forbid = false;
  std::vector<std::string> via; ///< functions that an argument may pass through on its way to the canonical call
  /// What `migrate --adapters` calls the canonical method of: expressions, in which $name is a parameter. The first one
  /// whose parameters there are is taken.
  std::vector<std::string> objects;
  /// What it gives back of a canonical result of another type: fields or methods without parameters.
  std::vector<std::string> results;
};

struct SingleClassRule {
  Located<std::string> canonical;
  std::string header;
  Match match;
  Adapters adapters;
};

struct SingleFunctionRule {
  Located<std::string> canonical;
  std::string header;
  Match match;
  Adapters adapters;
};

struct IncludeReplacement {
  Pattern old;
  std::string replacement; ///< may name groups of `old` as $1
  Mark mark;
};
struct LegacyIncludeRule {
  std::vector<IncludeReplacement> replace;
};

struct NameReplacement {
  std::string old;
  std::string replacement;
  Mark mark;
};
struct LegacyNameRule {
  std::vector<NameReplacement> replace;
};

/// A parameter in the `from` of a rule.
struct NamedParameter {
  std::string type; ///< as the rule writes it; empty when the rule gives the name alone
  std::string name;
};

/// One piece of the text that replaces a call.
struct CallPiece {
  enum class Kind { Text, Parameter, Object };
  Kind kind = Kind::Text;
  std::string text;       ///< of Text
  unsigned parameter = 0; ///< number, from 0
};

struct LegacyCallRule {
  Located<std::string> from; ///< the qualified name of the old function
  std::vector<NamedParameter> parameters;
  std::vector<CallPiece> to;
  std::string toText;    ///< as written
  std::string canonical; ///< the qualified name of what `to` calls
  std::string header;
};

struct FactoryOnlyRule {
  Located<std::string> className;
  Located<std::string> factory;
  bool forbidSharedState = false;
};

struct EventOrderRule {
  Located<std::string> emit;
  std::vector<std::string> order; ///< the first one opens, the last one ends
};

struct SameInterfaceRule {
  Located<std::string> legacy;
  Located<std::string> canonical;
};

struct OneDefinitionRule {
  std::optional<Pattern> names;
  std::vector<Pattern> apartFrom;
};

struct SizeLimitRule {
  std::optional<unsigned> maxFileLines;
  std::optional<unsigned> maxFunctionLines;
};

struct MatcherRule {
  Located<std::string> match;
  std::optional<Located<std::string>> compliant;
  std::string message;
  std::vector<std::pair<std::string, std::string>> rewrite; ///< bound name -> replacement text
};

/// A rule kind is one alternative here and one `judge` overload: a forgotten one does not compile.
using RuleBody =
    std::variant<SingleClassRule, SingleFunctionRule, LegacyIncludeRule, LegacyNameRule, LegacyCallRule,
                 FactoryOnlyRule, EventOrderRule, SameInterfaceRule, OneDefinitionRule, SizeLimitRule, MatcherRule>;

struct Rule {
  std::string id;
  std::string kind; ///< as written in the rule file
  std::string description;
  std::string why;
  std::string exampleBefore;
  std::string exampleAfter;
  Severity severity = Severity::Error;
  PathScope scope;
  std::vector<Allowance> allow;
  std::string sunset; ///< YYYY-MM-DD, or empty
  RuleBody body;
  Mark mark;       ///< of the rule's first key
  Mark severityAt; ///< where it is said; the rule's own mark when it is not
  Mark scopeAt;    ///< the same
};

struct Config {
  std::vector<std::string> files; ///< every file that was read, the first one first
  PathScope scope;
  std::vector<Glob> tests;                   ///< `scope.tests`, by default **/test*/**
  std::optional<std::vector<Glob>> editable; ///< `scope.editable`; nothing: every file in scope
  std::optional<double> minCompliance;
  bool parseOnlyNeeded = false; ///< `check.parse: needed`
  Mark scopeAt; ///< where the scope and the minimum are said; the first line of the first file when they are not
  Mark minComplianceAt;
  std::vector<Rule> rules;
  bool everyBody = false; ///< all bodies are looked at, whatever the rules ask about

  bool isTest(llvm::StringRef path) const;
  /// Whether a migration may write the file.
  bool isEditable(llvm::StringRef path) const;
};

/// \returns what extraction must look for so that all rules can be judged.
Vocabulary vocabularyOf(const std::vector<Rule> &rules);
/// The same, and every body when that is wanted.
Vocabulary vocabularyOf(const Config &config);

} // namespace ssot
