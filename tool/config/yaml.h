// config/yaml.h - a rule file as a tree in which everything has a place.
//
// Built from yaml-cpp's events and not from its own tree, which accepts a key given twice, forgets the places of keys
// and expands aliases without a limit. Plain scalars have the types of YAML's core schema, so the JSON Schema speaks of
// the same values.
#pragma once

#include "config/load.h"

#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

enum class YamlKind { Null, Boolean, Integer, Number, String, List, Map };

struct YamlEntry;

struct YamlNode {
  YamlKind kind = YamlKind::Null;
  std::string text;               ///< of a scalar, as written
  std::vector<YamlNode> items;    ///< of a list
  std::vector<YamlEntry> entries; ///< of a map, in file order, keys unique
  Mark mark;

  bool isScalar() const { return kind != YamlKind::List && kind != YamlKind::Map; }
  /// \returns the value of \p key in a map, or null.
  const YamlNode *find(llvm::StringRef key) const;
};

struct YamlEntry {
  std::string key;
  Mark mark;
  YamlNode value;
};

/// Parses \p text, the content of \p file. A key given twice is reported and the first one kept.
/// \returns the tree, or std::nullopt when there is none; what is wrong is added to \p problems.
std::optional<YamlNode> parseYaml(llvm::StringRef file, llvm::StringRef text, std::vector<ConfigError::Item> &problems);

/// \returns the kind in words: "a string", "a list" ...
llvm::StringRef describe(YamlKind kind);

} // namespace ssot
