#include "config/compile.h"

#include "config/format.h"
#include "config/legacy_call.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

std::string textOf(const YamlNode *node) { return node ? node->text : std::string(); }

Located<std::string> located(const YamlNode &node) { return {node.text, node.mark}; }

double numberOf(const YamlNode &node) {
  double value = 0;
  llvm::StringRef(node.text).getAsDouble(value);
  return value;
}

unsigned countOf(const YamlNode &node) {
  unsigned value = 0;
  llvm::StringRef(node.text).ltrim('+').getAsInteger(10, value);
  return value;
}

std::optional<unsigned> countOf(const YamlNode *node) { return node ? std::optional(countOf(*node)) : std::nullopt; }

Pattern patternOf(const YamlNode &node) { return llvm::cantFail(Pattern::compile(node.text)); }

std::optional<Pattern> patternOf(const YamlNode *node) { return node ? std::optional(patternOf(*node)) : std::nullopt; }

std::vector<std::string> textsOf(const YamlNode *list) {
  std::vector<std::string> texts;
  if (list)
    for (const YamlNode &item : list->items)
      texts.push_back(item.text);
  return texts;
}

Severity severityOf(llvm::StringRef word) {
  if (word == "warning")
    return Severity::Warning;
  return word == "note" ? Severity::Note : Severity::Error;
}

PathScope scopeOf(const YamlNode &node) {
  return PathScope{compileGlobs(node.find("include")), compileGlobs(node.find("exclude"))};
}

void addAllowances(const YamlNode &list, std::vector<Allowance> &allow) {
  for (const YamlNode &item : list.items) {
    Allowance allowance;
    allowance.symbol = patternOf(item.find("symbol"));
    if (const YamlNode *file = item.find("file"))
      allowance.file = llvm::cantFail(Glob::compile(file->text));
    allowance.reason = textOf(item.find("reason"));
    allowance.until = textOf(item.find("until"));
    allowance.mark = item.mark;
    allow.push_back(std::move(allowance));
  }
}

/// Builds the body of a rule: one function per kind.
class BodyCompiler {
public:
  BodyCompiler(const YamlNode &rule, std::vector<ConfigError::Item> &problems) : Node(rule), Problems(problems) {}

  RuleBody compile(llvm::StringRef kind) {
    if (kind == "single-class")
      return single<SingleClassRule>();
    if (kind == "single-function")
      return single<SingleFunctionRule>();
    if (kind == "legacy-include")
      return legacyInclude();
    if (kind == "legacy-name")
      return legacyName();
    if (kind == "legacy-call")
      return LegacyCallCompiler(Node, Problems).compile();
    if (kind == "factory-only")
      return factoryOnly();
    if (kind == "event-order")
      return eventOrder();
    if (kind == "same-interface")
      return sameInterface();
    if (kind == "one-definition")
      return oneDefinition();
    if (kind == "size-limit")
      return SizeLimitRule{countOf(Node.find("max-file-lines")), countOf(Node.find("max-function-lines"))};
    if (kind == "matcher")
      return matcher();
    llvm_unreachable("a kind of format.cpp without a compiler here");
  }

private:
  template <typename SingleRule>
  SingleRule single() {
    return {located(*Node.find("canonical")), textOf(Node.find("header")), match(*Node.find("match")),
            adapters(Node.find("adapters"))};
  }

  Match match(const YamlNode &node) {
    Match match;
    match.name = patternOf(node.find("name"));
    if (const YamlNode *similar = node.find("similar"))
      match.similar = numberOf(*similar);
    if (const YamlNode *toCopies = node.find("similar-to-copies"))
      match.similarToCopies = numberOf(*toCopies);
    if (const YamlNode *methods = node.find("methods"))
      addMethods(*methods, match);
    return match;
  }

  void addMethods(const YamlNode &node, Match &match) {
    for (const YamlNode &name : node.find("names")->items) {
      if (llvm::is_contained(match.methodNames, name.text))
        add(name.mark, "'" + name.text + "' is named twice");
      match.methodNames.push_back(name.text);
    }
    auto named = static_cast<unsigned>(match.methodNames.size());
    const YamlNode *least = node.find("at-least");
    match.methodsAtLeast = least ? countOf(*least) : named;
    if (match.methodsAtLeast > named)
      add(least->mark, "'at-least' asks for " + least->text + " methods, but 'names' has " + std::to_string(named));
  }

  static Adapters adapters(const YamlNode *node) {
    if (!node)
      return {};
    if (node->isScalar())
      return {.forbid = true, .via = {}, .objects = {}, .results = {}};
    return {.forbid = false,
            .via = textsOf(node->find("via")),
            .objects = textsOf(node->find("object")),
            .results = textsOf(node->find("result"))};
  }

  LegacyIncludeRule legacyInclude() {
    LegacyIncludeRule rule;
    for (const YamlEntry &entry : Node.find("replace")->entries) {
      bool isPattern = isHeaderPattern(entry.key);
      Pattern old = isPattern ? llvm::cantFail(Pattern::compile(entry.key)) : Pattern::literal(entry.key);
      std::string problem = problemInReplacement(entry.value.text, old.groups());
      if (!problem.empty())
        add(entry.value.mark, problem);
      if (!isPattern && entry.key == entry.value.text)
        add(entry.value.mark, "'" + entry.key + "' is replaced by itself");
      rule.replace.push_back({std::move(old), entry.value.text, entry.mark});
    }
    return rule;
  }

  LegacyNameRule legacyName() {
    LegacyNameRule rule;
    const YamlNode &replace = *Node.find("replace");
    for (const YamlEntry &entry : replace.entries) {
      if (entry.key == entry.value.text)
        add(entry.value.mark, "'" + entry.key + "' is replaced by itself");
      else if (replace.find(entry.value.text))
        add(entry.value.mark, "'" + entry.value.text + "' is itself replaced in this rule; name the last successor");
      rule.replace.push_back({entry.key, entry.value.text, entry.mark});
    }
    return rule;
  }

  FactoryOnlyRule factoryOnly() const {
    return {located(*Node.find("class")), located(*Node.find("factory")), Node.find("shared-state") != nullptr};
  }

  EventOrderRule eventOrder() {
    EventOrderRule rule;
    rule.emit = located(*Node.find("emit"));
    const YamlNode &order = *Node.find("order");
    for (const YamlNode &item : order.items) {
      if (llvm::is_contained(rule.order, item.text))
        add(item.mark, "'" + item.text + "' is named twice");
      rule.order.push_back(item.text);
    }
    return rule;
  }

  SameInterfaceRule sameInterface() {
    SameInterfaceRule rule{located(*Node.find("legacy")), located(*Node.find("canonical"))};
    if (rule.legacy.value == rule.canonical.value)
      add(rule.canonical.mark, "'" + rule.canonical.value + "' is compared with itself");
    return rule;
  }

  OneDefinitionRule oneDefinition() const {
    OneDefinitionRule rule;
    rule.names = patternOf(Node.find("names"));
    if (const YamlNode *apart = Node.find("apart-from"))
      for (const YamlNode &item : apart->items)
        rule.apartFrom.push_back(patternOf(item));
    return rule;
  }

  MatcherRule matcher() const {
    MatcherRule rule;
    rule.match = located(*Node.find("match"));
    if (const YamlNode *compliant = Node.find("compliant"))
      rule.compliant = located(*compliant);
    rule.message = textOf(Node.find("message"));
    if (const YamlNode *rewrite = Node.find("rewrite"))
      for (const YamlEntry &entry : rewrite->entries)
        rule.rewrite.emplace_back(entry.key, entry.value.text);
    return rule;
  }

  void add(const Mark &mark, std::string message) { Problems.push_back({mark, std::move(message)}); }

  const YamlNode &Node;
  std::vector<ConfigError::Item> &Problems;
};

} // namespace

std::optional<Rule> compileRule(const YamlNode &node, std::vector<ConfigError::Item> &problems) {
  Rule rule;
  rule.id = textOf(node.find("id"));
  rule.kind = textOf(node.find("kind"));
  rule.description = textOf(node.find("description"));
  rule.why = textOf(node.find("why"));
  rule.sunset = textOf(node.find("sunset"));
  if (const YamlNode *example = node.find("example")) {
    rule.exampleBefore = textOf(example->find("before"));
    rule.exampleAfter = textOf(example->find("after"));
  }
  rule.mark = rule.severityAt = rule.scopeAt = node.mark;
  applyOverride(node, rule);
  std::size_t before = problems.size();
  rule.body = BodyCompiler(node, problems).compile(rule.kind);
  return problems.size() == before ? std::optional(std::move(rule)) : std::nullopt;
}

void applyOverride(const YamlNode &node, Rule &rule) {
  if (const YamlNode *severity = node.find("severity")) {
    rule.severity = severityOf(severity->text);
    rule.severityAt = severity->mark;
  }
  if (const YamlNode *scope = node.find("scope")) {
    rule.scope = scopeOf(*scope);
    rule.scopeAt = scope->mark;
  }
  if (const YamlNode *allow = node.find("allow"))
    addAllowances(*allow, rule.allow);
}

std::vector<Glob> compileGlobs(const YamlNode *list) {
  std::vector<Glob> globs;
  if (list)
    for (const YamlNode &item : list->items)
      globs.push_back(llvm::cantFail(Glob::compile(item.text)));
  return globs;
}

} // namespace ssot
