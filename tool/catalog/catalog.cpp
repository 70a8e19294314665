#include "catalog/catalog.h"

#include "facts/words.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSwitch.h>

#include <map>
#include <set>

namespace ssot {

namespace {

/// A type as a person would write it: Clang's canonical spelling names the template behind `std::string`, and numbers
/// the parameters of templates.
std::string spelled(llvm::StringRef type) {
  static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> kShort[] = {
      {"std::basic_string<char>", "std::string"},
      {"std::basic_string_view<char>", "std::string_view"},
      {"type-parameter-0-0", "T"},
      {"type-parameter-0-", "T"},
  };
  std::string text = type.str();
  for (const auto &[from, to] : kShort)
    for (std::size_t at = 0; (at = text.find(from.data(), at, from.size())) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to.data(), to.size());
  return text;
}

/// Which names are replaced by which, step by step: a canonical name of one rule may be a legacy name of another.
class Replacements {
public:
  void add(const std::string &old, const std::string &replacement) {
    if (old != replacement && !replacement.empty())
      Next.emplace(old, replacement);
  }

  /// \returns what stands at the end for \p name, for itself or as a member of what is replaced; empty: it stays.
  std::string finalOf(const std::string &name) const {
    std::string found;
    std::set<std::string> seen; // two rules may point at each other
    for (std::string at = name; seen.insert(at).second;) {
      std::string next = nextOf(at);
      if (next.empty())
        break;
      found = at = std::move(next);
    }
    return found == name ? std::string() : found;
  }

private:
  std::string nextOf(llvm::StringRef name) const {
    for (llvm::StringRef scope = name; !scope.empty(); scope = scopeOf(scope))
      if (auto found = Next.find(scope.str()); found != Next.end())
        return found->second;
    return {};
  }

  std::map<std::string, std::string> Next;
};

class CatalogBuilder {
public:
  CatalogBuilder(const Config &config, const Index &index) : Settings(config), Facts(index) {}

  void addRules(llvm::ArrayRef<JudgedRule> judged, const Registry &registry) {
    for (const JudgedRule &rule : judged) {
      if (speaksOfOne(rule.rule->body))
        About[rule.rule->id] = rule.rule->description + ' ' + rule.rule->id;
      addDuplicates(rule);
    }
    for (const Registry::RegisteredAdapter &adapter : registry.adapters)
      Replaced.add(adapter.symbol, adapter.canonical);
    for (const Registry::Legacy &name : registry.names)
      Replaced.add(name.name, name.replacement);
    for (const JudgedRule &rule : judged)
      if (const auto *call = std::get_if<LegacyCallRule>(&rule.rule->body))
        addCall(rule.rule->id, *call);
    for (const Registry::Canonical &entry : registry.canonical)
      addCanonical(entry.name, entry.kind, entry.header, entry.rule);
    for (const Registry::Legacy &name : registry.names)
      addCanonical(name.replacement, "name", name.header, name.rule);
    for (const Registry::Factory &factory : registry.factories)
      addCanonical(factory.factory, "function", "", factory.rule);
    for (const Registry::Legacy &header : registry.headers)
      entry(header.replacement, "header", header.rule).standsFor.push_back(header.name);
  }

  void addDefinitions() {
    for (const TypeFact &type : Facts.types())
      if (!type.isLocal && !type.isSpecialization && isPublic(type.access) && !isInternal(Facts.text(type.usr)))
        addDefinition(Facts.text(type.name).str(), type.kind == TypeKind::Enum ? "enum" : "class", type.place);
    for (const FunctionFact &function : Facts.functions())
      if (!function.isLocalOrLambda && !function.isSpecial && isPublic(function.access) &&
          !isInternal(Facts.text(function.usr)))
        addFunction(function);
  }

  std::vector<CatalogEntry> finish() {
    std::vector<CatalogEntry> list;
    for (auto &[symbol, entry] : Entries) {
      llvm::sort(entry.standsFor);
      entry.standsFor.erase(llvm::unique(entry.standsFor), entry.standsFor.end());
      list.push_back(std::move(entry));
    }
    return list;
  }

private:
  /// Whether what is said of the rule is said of one canonical name.
  static bool speaksOfOne(const RuleBody &body) {
    return std::holds_alternative<SingleClassRule>(body) || std::holds_alternative<SingleFunctionRule>(body) ||
           std::holds_alternative<FactoryOnlyRule>(body);
  }

  static bool isPublic(Access access) { return access == Access::Public; }

  void addDuplicates(const JudgedRule &rule) {
    if (std::holds_alternative<FactoryOnlyRule>(rule.rule->body) || !speaksOfOne(rule.rule->body))
      return;
    for (const Site &site : rule.judgement.sites)
      if (site.verdict == Verdict::Violation)
        Replaced.add(site.symbol, site.canonical);
  }

  void addCall(const std::string &rule, const LegacyCallRule &body) {
    Replaced.add(body.from.value, body.canonical);
    addCanonical(body.canonical, "function", body.header, rule);
  }

  /// What is itself replaced is only another name for what replaces it.
  void addCanonical(const std::string &symbol, const std::string &kind, const std::string &header,
                    const std::string &rule) {
    if (symbol.empty() || !Replaced.finalOf(symbol).empty())
      return;
    CatalogEntry &canonical = entry(symbol, kind, rule);
    if (canonical.include.empty())
      canonical.include = header;
    if (canonical.about.empty())
      canonical.about = About[rule];
  }

  CatalogEntry &entry(const std::string &symbol, const std::string &kind, const std::string &rule) {
    CatalogEntry &entry = Entries[symbol];
    if (entry.symbol.empty() || entry.kind == "name")
      entry.kind = kind;
    entry.symbol = symbol;
    if (entry.rule.empty())
      entry.rule = rule;
    return entry;
  }

  /// \returns the entry that the definition belongs to; null when it belongs to none.
  CatalogEntry *addDefinition(const std::string &symbol, const char *kind, const Place &place) {
    const IndexedFile &file = Facts.files()[place.file];
    if (!file.inProject || !Settings.scope.contains(file.path) || Settings.isTest(file.path))
      return nullptr;
    if (std::string canonical = Replaced.finalOf(symbol); !canonical.empty()) {
      entry(canonical, "name", "").standsFor.push_back(symbol);
      return nullptr;
    }
    CatalogEntry &found = entry(symbol, kind, ruleAround(symbol));
    if (!found.place)
      found.place = place;
    return &found;
  }

  /// A member of a canonical class is as canonical as the class.
  std::string ruleAround(llvm::StringRef symbol) const {
    auto around = Entries.find(scopeOf(symbol).str());
    return around == Entries.end() || around->second.kind != "class" ? std::string() : around->second.rule;
  }

  void addFunction(const FunctionFact &function) {
    CatalogEntry *entry = addDefinition(Facts.text(function.name).str(), "function", function.place);
    if (!entry)
      return;
    CatalogSignature signature;
    signature.result = wordsOfType(Facts.text(function.result));
    std::vector<std::string> parameters;
    for (const ParameterFact &parameter : function.parameters) {
      parameters.push_back(spelled(Facts.text(parameter.type)));
      signature.takes.push_back(wordsOfType(Facts.text(parameter.type)));
    }
    signature.text = spelled(Facts.text(function.result)) + " (" + llvm::join(parameters, ", ") + ")";
    bool isKnown =
        llvm::any_of(entry->signatures, [&](const CatalogSignature &other) { return other.text == signature.text; });
    if (!isKnown)
      entry->signatures.push_back(std::move(signature));
  }

  const Config &Settings;
  const Index &Facts;
  Replacements Replaced;
  std::map<std::string, std::string> About; ///< by rule
  std::map<std::string, CatalogEntry> Entries;
};

/// \returns what the word of a type says; empty: nothing.
llvm::StringRef meaningOf(llvm::StringRef word) {
  return llvm::StringSwitch<llvm::StringRef>(word)
      .Cases("const", "volatile", "struct", "class", "enum", "union", "typename", "")
      .Cases("constexpr", "static", "inline", "virtual", "extern", "noexcept", "")
      .Cases("allocator", "char_traits", "")
      .Cases("string", "string_view", "basic_string", "basic_string_view", "char", "text")
      .Cases("wstring", "u8string", "wchar_t", "char8_t", "char16_t", "char32_t", "text")
      .Cases("int", "unsigned", "signed", "short", "long", "float", "double", "number")
      .Cases("size_t", "ssize_t", "ptrdiff_t", "int8_t", "int16_t", "int32_t", "int64_t", "number")
      .Cases("uint8_t", "uint16_t", "uint32_t", "uint64_t", "intptr_t", "uintptr_t", "__int128", "number")
      .Default(word);
}

} // namespace

std::vector<std::string> wordsOfType(llvm::StringRef type) {
  std::vector<std::string> words;
  eachWord(type, [&](llvm::StringRef word) {
    bool qualifies = type.drop_front(static_cast<std::size_t>(word.end() - type.begin())).ltrim().starts_with("::");
    llvm::StringRef meaning = qualifies ? "" : meaningOf(word);
    std::string lower = meaning.lower();
    if (!lower.empty() && (words.empty() || words.back() != lower)) // `unsigned long`, `basic_string<char>`
      words.push_back(std::move(lower));
  });
  return words;
}

bool isPlainType(llvm::StringRef word) {
  return llvm::StringSwitch<bool>(word).Cases("text", "number", "bool", "void", "auto", true).Default(false);
}

std::vector<CatalogEntry> catalogOf(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged,
                                    const Registry &registry) {
  CatalogBuilder builder(config, index);
  builder.addRules(judged, registry);
  builder.addDefinitions();
  return builder.finish();
}

} // namespace ssot
