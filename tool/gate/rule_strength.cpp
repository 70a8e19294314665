// What each kind of rule must keep so that everything it found before is still found: one overload a kind.
#include "gate/weakening.h"

#include "config/format.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>
#include <type_traits>

namespace ssot {

namespace {

/// The alternatives of a pattern at its top level: `a|b(c|d)` has two.
std::vector<std::string> alternativesOf(llvm::StringRef pattern) {
  std::vector<std::string> alternatives(1);
  int depth = 0;
  bool inClass = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      alternatives.back() += {c, pattern[++i]};
      continue;
    }
    inClass = inClass ? c != ']' : c == '[';
    depth += inClass ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == '|' && depth == 0 && !inClass)
      alternatives.emplace_back();
    else
      alternatives.back() += c;
  }
  return alternatives;
}

bool isLiteral(llvm::StringRef pattern) { return pattern.find_first_of("()[]{}*+?|^$\\.") == llvm::StringRef::npos; }

/// The text of a matcher without what does not matter between its words.
std::string withoutBlanks(llvm::StringRef text) {
  std::string result;
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString && c == '\\' && i + 1 < text.size()) {
      result += {c, text[++i]};
      continue;
    }
    if (c == '"')
      inString = !inString;
    if (inString || !llvm::isSpace(c))
      result += c;
  }
  return result;
}

class Comparison {
public:
  std::vector<std::string> weaker;

  void operator()(const SingleClassRule &before, const SingleClassRule &now) { single(before, now, /*anyName=*/false); }
  void operator()(const SingleFunctionRule &before, const SingleFunctionRule &now) {
    single(before, now, /*anyName=*/true);
  }

  void operator()(const LegacyIncludeRule &before, const LegacyIncludeRule &now) {
    for (const IncludeReplacement &entry : before.replace)
      if (llvm::none_of(now.replace, [&](const IncludeReplacement &other) {
            bool isName = !isHeaderPattern(entry.old.text());
            return surelyCovers(other.old, entry.old) || (isName && other.old.matches(entry.old.text()));
          }))
        add("'" + entry.old.text() + "' is no legacy header any more");
  }

  void operator()(const LegacyNameRule &before, const LegacyNameRule &now) {
    for (const NameReplacement &entry : before.replace)
      if (llvm::none_of(now.replace, [&](const NameReplacement &other) { return other.old == entry.old; }))
        add("'" + entry.old + "' is no legacy name any more");
  }

  void operator()(const LegacyCallRule &before, const LegacyCallRule &now) {
    same("'from'", before.from.value, now.from.value);
    bool selectsAll = before.parameters.size() == now.parameters.size() &&
                      llvm::all_of(llvm::zip(before.parameters, now.parameters), [](const auto &pair) {
                        const auto &[then, after] = pair;
                        return after.type.empty() || after.type == then.type;
                      });
    if (!selectsAll)
      add("'from' may select other overloads than before");
  }

  void operator()(const FactoryOnlyRule &before, const FactoryOnlyRule &now) {
    same("'class'", before.className.value, now.className.value);
    same("'factory'", before.factory.value, now.factory.value);
    if (before.forbidSharedState && !now.forbidSharedState)
      add("shared state is not forbidden any more");
  }

  void operator()(const EventOrderRule &before, const EventOrderRule &now) {
    same("'emit'", before.emit.value, now.emit.value);
    auto at = now.order.begin();
    for (const std::string &event : before.order)
      if (at = std::find(at, now.order.end(), event); at == now.order.end()) {
        add("'" + event + "' has lost its place in the order");
        return;
      }
    if (before.order.front() != now.order.front() || before.order.back() != now.order.back())
      add("another event opens or ends the order");
  }

  void operator()(const SameInterfaceRule &before, const SameInterfaceRule &now) {
    same("'legacy'", before.legacy.value, now.legacy.value);
    same("'canonical'", before.canonical.value, now.canonical.value);
  }

  void operator()(const OneDefinitionRule &before, const OneDefinitionRule &now) {
    if (now.names && !(before.names && surelyCovers(*now.names, *before.names)))
      add("'names' is narrower: '" + now.names->text() + "' instead of '" +
          (before.names ? before.names->text() : "every name") + "'");
    for (const Pattern &apart : now.apartFrom)
      if (llvm::none_of(before.apartFrom, [&](const Pattern &other) { return surelyCovers(other, apart); }))
        add("'" + apart.text() + "' may be defined more than once now");
  }

  void operator()(const SizeLimitRule &before, const SizeLimitRule &now) {
    limit("max-file-lines", before.maxFileLines, now.maxFileLines);
    limit("max-function-lines", before.maxFunctionLines, now.maxFunctionLines);
  }

  void operator()(const MatcherRule &before, const MatcherRule &now) {
    if (withoutBlanks(before.match.value) != withoutBlanks(now.match.value))
      add("'match' is another one");
    std::string then = before.compliant ? withoutBlanks(before.compliant->value) : std::string();
    if (now.compliant && withoutBlanks(now.compliant->value) != then)
      add("'compliant' is another one");
  }

  template <typename Other, typename Another>
  void operator()(const Other & /*before*/, const Another & /*now*/) {
    static_assert(!std::is_same_v<Other, Another>, "a rule kind that is not compared");
    add("it is of another kind");
  }

private:
  void add(std::string what) { weaker.push_back(std::move(what)); }

  void same(llvm::StringRef key, const std::string &before, const std::string &now) {
    if (before != now)
      add(key.str() + " is '" + now + "' instead of '" + before + "'");
  }

  void limit(llvm::StringRef key, std::optional<unsigned> before, std::optional<unsigned> now) {
    if (before && !now)
      add("there is no '" + key.str() + "' any more");
    else if (before && *now > *before)
      add("'" + key.str() + "' is " + std::to_string(*now) + " instead of " + std::to_string(*before));
  }

  template <typename SingleRule>
  void single(const SingleRule &before, const SingleRule &now, bool anyName) {
    same("'canonical'", before.canonical.value, now.canonical.value);
    match(before.match, now.match, anyName);
    if (before.adapters.forbid && !now.adapters.forbid)
      add("adapters are not forbidden any more");
    for (const std::string &function : now.adapters.via)
      if (!before.adapters.forbid && !llvm::is_contained(before.adapters.via, function))
        add("arguments of adapters may pass through '" + function + "' now");
  }

  void match(const Match &before, const Match &now, bool anyName) {
    if (before.name && !(now.name && surelyCovers(*now.name, *before.name)))
      add(now.name
              ? "'match.name' is '" + now.name->text() + "', which may match less than '" + before.name->text() + "'"
              : "there is no 'match.name' any more");
    if (before.similar && !(now.similar && *now.similar <= *before.similar))
      add("'match.similar' asks for more likeness than before");
    if (before.similarToCopies && !(now.similarToCopies && *now.similarToCopies <= *before.similarToCopies))
      add("'match.similar-to-copies' asks for more likeness than before");
    if (!before.methodNames.empty() && !selectsMethods(before, now, anyName))
      add("'match.methods' selects less than before");
  }

  /// Whether every set of names that was selected before still is: also the one with the fewest names of now.
  static bool selectsMethods(const Match &before, const Match &now, bool anyName) {
    auto lost = static_cast<std::size_t>(llvm::count_if(
        before.methodNames, [&](const std::string &name) { return !llvm::is_contained(now.methodNames, name); }));
    if (anyName)
      return lost == 0;
    return !now.methodNames.empty() && before.methodsAtLeast >= now.methodsAtLeast + lost;
  }
};

} // namespace

bool surelyCovers(const Pattern &wide, const Pattern &narrow) {
  if (wide.text() == narrow.text() || wide.text() == ".*")
    return true;
  std::vector<std::string> known = alternativesOf(wide.text());
  std::vector<std::string> asked = alternativesOf(narrow.text());
  return llvm::all_of(asked, [&](const std::string &alternative) {
    return llvm::is_contained(known, alternative) || (isLiteral(alternative) && wide.matches(alternative));
  });
}

std::vector<std::string> weakerInBody(const RuleBody &before, const RuleBody &now) {
  Comparison comparison;
  std::visit(comparison, before, now);
  return std::move(comparison.weaker);
}

} // namespace ssot
