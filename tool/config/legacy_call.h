// config/legacy_call.h - reads the two small languages of `legacy-call`: a signature, and a text with placeholders.
#pragma once

#include "config/config.h"
#include "config/yaml.h"

#include <llvm/ADT/StringRef.h>

#include <vector>

namespace ssot {

class LegacyCallCompiler {
public:
  LegacyCallCompiler(const YamlNode &rule, std::vector<ConfigError::Item> &problems) : Node(rule), Problems(problems) {}

  LegacyCallRule compile();

private:
  void readFrom(const YamlNode &node);
  void addParameter(const YamlNode &node, llvm::StringRef text);
  void readTo(const YamlNode &node);
  void addPlaceholder(const YamlNode &node, llvm::StringRef name);
  void findCanonical(const YamlNode &node);
  void add(const Mark &mark, std::string message) { Problems.push_back({mark, std::move(message)}); }

  const YamlNode &Node;
  std::vector<ConfigError::Item> &Problems;
  LegacyCallRule Rule;
};

} // namespace ssot
