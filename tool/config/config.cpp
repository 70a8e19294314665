#include "config/config.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

/// Adds what one rule asks about to the vocabulary.
class VocabularyOfRule {
public:
  VocabularyOfRule(const std::string &rule, Vocabulary &vocabulary) : Rule(rule), Words(vocabulary) {}

  void operator()(const SingleClassRule &rule) const { addSingle(rule.canonical.value, rule.match); }
  void operator()(const SingleFunctionRule &rule) const { addSingle(rule.canonical.value, rule.match); }
  void operator()(const LegacyNameRule &rule) const {
    for (const NameReplacement &entry : rule.replace)
      for (const std::string &name : {entry.old, entry.replacement}) {
        Words.names.push_back(name);
        Words.moved.push_back(name);
      }
  }
  void operator()(const LegacyCallRule &rule) const {
    for (const std::string &name : {rule.from.value, rule.canonical}) {
      Words.names.push_back(name);
      Words.called.push_back(name);
      Words.moved.push_back(name);
    }
  }
  void operator()(const FactoryOnlyRule &rule) const {
    Words.names.push_back(rule.className.value);
    Words.names.push_back(rule.factory.value);
    Words.created.push_back(rule.className.value);
  }
  void operator()(const EventOrderRule &rule) const { Words.emitters.push_back(rule.emit.value); }
  void operator()(const SameInterfaceRule &rule) const {
    Words.interfaces.push_back(rule.legacy.value);
    Words.interfaces.push_back(rule.canonical.value);
  }
  void operator()(const MatcherRule &rule) const {
    Words.matchers.push_back({Rule, false, rule.match.value});
    if (rule.compliant)
      Words.matchers.push_back({Rule, true, rule.compliant->value});
  }
  // Includes, definitions and sizes are recorded in any case.
  void operator()(const LegacyIncludeRule &) const {}
  void operator()(const OneDefinitionRule &) const {}
  void operator()(const SizeLimitRule &) const {}

private:
  void addSingle(const std::string &canonical, const Match &match) const {
    Words.names.push_back(canonical);
    Words.flow = true;
    Words.bodies = Words.bodies || match.similar.has_value();
  }

  const std::string &Rule;
  Vocabulary &Words;
};

void sortUnique(std::vector<std::string> &words) {
  llvm::sort(words);
  words.erase(llvm::unique(words), words.end());
}

} // namespace

bool Config::isTest(llvm::StringRef path) const {
  return llvm::any_of(tests, [&](const Glob &glob) { return glob.matches(path); });
}

bool Config::isEditable(llvm::StringRef path) const {
  return scope.contains(path) &&
         (!editable || llvm::any_of(*editable, [&](const Glob &glob) { return glob.matches(path); }));
}

Vocabulary vocabularyOf(const std::vector<Rule> &rules) {
  Vocabulary vocabulary;
  for (const Rule &rule : rules)
    std::visit(VocabularyOfRule(rule.id, vocabulary), rule.body);
  sortUnique(vocabulary.names);
  sortUnique(vocabulary.created);
  sortUnique(vocabulary.called);
  sortUnique(vocabulary.moved);
  sortUnique(vocabulary.interfaces);
  sortUnique(vocabulary.emitters);
  return vocabulary;
}

Vocabulary vocabularyOf(const Config &config) {
  Vocabulary vocabulary = vocabularyOf(config.rules);
  vocabulary.flow |= config.everyBody;
  vocabulary.bodies |= config.everyBody;
  return vocabulary;
}

} // namespace ssot
