// config/shape.h - does a tree have the shape that the format asks for?
//
// Everything that the tables of format.h say is checked here: keys, types, allowed words, ranges, and that patterns,
// names and dates can be what they claim to be. What compiles the rules afterwards can rely on it.
#pragma once

#include "config/format.h"
#include "config/yaml.h"

namespace ssot {

/// Checks \p node, the value of \p what, against \p spec; adds every problem to \p problems.
/// \returns whether there was none.
bool checkShape(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what,
                std::vector<ConfigError::Item> &problems);

/// The same for the map of an object.
bool checkShape(const YamlNode &node, const ObjectSpec &spec, std::vector<ConfigError::Item> &problems);

/// Checks one entry of `rules` against the keys of its kind.
bool checkRuleShape(const YamlNode &node, std::vector<ConfigError::Item> &problems);

/// \returns "; did you mean 'x'?", or \p otherwise when nothing is near.
std::string suggestion(llvm::StringRef word, llvm::ArrayRef<std::string> candidates, const std::string &otherwise = {});

} // namespace ssot
