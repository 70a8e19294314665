// config/compile.h - from a checked tree to compiled rules.
//
// The tree has the right shape (shape.h), so what is left to refuse here is what two values say about each other: a
// group that its pattern does not have, more methods asked for than named, a name that is replaced by itself.
#pragma once

#include "config/config.h"
#include "config/yaml.h"

namespace ssot {

/// Compiles an entry of `rules` that checkRuleShape() accepted.
/// \returns the rule, or std::nullopt; what is wrong is added to \p problems.
std::optional<Rule> compileRule(const YamlNode &node, std::vector<ConfigError::Item> &problems);

/// Changes \p rule as a checked entry of `override` says.
void applyOverride(const YamlNode &node, Rule &rule);

/// \returns the globs of a checked list, none for null.
std::vector<Glob> compileGlobs(const YamlNode *list);

} // namespace ssot
