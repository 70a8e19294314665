// config/format.h - the rule format as data: which keys there are, what they take, what they mean.
//
// The loader's checks, the JSON Schema and `ssot explain` all read these tables, so they cannot disagree. A new rule
// kind is one entry in format.cpp and one builder in load.cpp.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

struct ObjectSpec;

enum class ValueType {
  Text,          ///< a string that says something
  AnyText,       ///< a string, possibly empty
  RuleId,        ///< lower-case letters, digits and '-'
  Identifier,    ///< a C++ identifier
  QualifiedName, ///< a qualified C++ name without a leading '::'
  Signature,     ///< a qualified name and its parameters, as in ns::send(to, text)
  Header,        ///< the name of a header, as between the quotes of an #include
  OldHeader,     ///< the same, or a regular expression over it
  Regex,         ///< a regular expression that RE2 reads
  Glob,
  Date,   ///< YYYY-MM-DD
  Word,   ///< one of `words`
  Format, ///< the version of the format: 1
  Count,  ///< an integer of at least 1
  Number, ///< between `minimum` and `maximum`
  List,   ///< of `element`
  Map,    ///< from `key` to `element`
  Object, ///< of `object`
  WordOrObject,
  Rules, ///< the list of rules, each by its kind
};

struct ValueSpec {
  ValueType type = ValueType::Text;
  llvm::ArrayRef<llvm::StringLiteral> words = {};
  double minimum = 0; ///< of a number; of a list, how many entries it has at least
  double maximum = 0; ///< the same at most; 0: a list of any length
  const ValueSpec *key = nullptr;
  const ValueSpec *element = nullptr;
  const ObjectSpec *object = nullptr;
  bool mayBeEmpty = false; ///< of a list
};

struct KeySpec {
  llvm::StringLiteral name;
  ValueSpec value;
  bool required;
  llvm::StringLiteral doc;
  llvm::StringLiteral needs = ""; ///< the key without which this one says nothing
};

/// How many of `ObjectSpec::choice` must be given.
enum class Choice { None, AtLeastOne, ExactlyOne };

struct ObjectSpec {
  llvm::StringLiteral what; ///< for messages: "an allowance"
  llvm::ArrayRef<KeySpec> common;
  llvm::ArrayRef<KeySpec> own;
  Choice choose = Choice::None;
  llvm::ArrayRef<llvm::StringLiteral> choice = {};

  /// \returns all keys, the common ones first.
  std::vector<const KeySpec *> keys() const;
  const KeySpec *find(llvm::StringRef name) const;
};

/// A rule kind: its keys, and what `ssot explain` says of it.
struct KindSpec {
  llvm::StringLiteral name;
  llvm::StringLiteral purpose;
  llvm::StringLiteral site;
  llvm::StringLiteral compliant;
  llvm::StringLiteral blind;   ///< what it cannot see
  llvm::StringLiteral example; ///< one entry of `rules`, as YAML
  ObjectSpec object;
};

const ObjectSpec &fileSpec();
llvm::ArrayRef<KindSpec> ruleKinds();
const KindSpec *findKind(llvm::StringRef name);
std::vector<std::string> kindNames();

/// \returns whether \p old of a `legacy-include` is a regular expression and not a header's name.
bool isHeaderPattern(llvm::StringRef old);

} // namespace ssot
