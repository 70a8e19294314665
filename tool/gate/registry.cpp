#include "gate/registry.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

class Builder {
public:
  Builder(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged)
      : Settings(config), Facts(index), Judged(judged) {
    for (const UseFact &use : index.uses()) {
      const IndexedFile &file = index.files()[use.place.file];
      bool isKnown = use.kind != UseKind::Dependent && use.kind != UseKind::Inactive;
      if (isKnown && file.inProject && Settings.scope.contains(file.path))
        ++UsesOf[index.text(use.name)];
    }
    for (const JudgedRule &rule : judged)
      if (const auto *type = std::get_if<SingleClassRule>(&rule.rule->body))
        HeaderOf[type->canonical.value] = type->header;
      else if (const auto *function = std::get_if<SingleFunctionRule>(&rule.rule->body))
        HeaderOf[function->canonical.value] = function->header;
  }

  Registry build() {
    for (const JudgedRule &rule : Judged)
      std::visit([&](const auto &body) { add(rule, body); }, rule.rule->body);
    auto key = [](const Registry::RegisteredAdapter &a) { return std::tie(a.canonical, a.symbol, a.file); };
    std::vector<Registry::RegisteredAdapter> &adapters = Outcome.adapters;
    llvm::sort(adapters, [&](const auto &a, const auto &b) { return key(a) < key(b); });
    adapters.erase(
        std::unique(adapters.begin(), adapters.end(), [&](const auto &a, const auto &b) { return key(a) == key(b); }),
        adapters.end());
    return std::move(Outcome);
  }

private:
  void add(const JudgedRule &rule, const SingleClassRule &body) {
    std::string file;
    for (const TypeFact &type : Facts.types())
      if (Facts.text(type.name) == body.canonical.value)
        file = firstOf(file, type.place);
    addCanonical(rule, body.canonical.value, "class", body.header, std::move(file));
  }

  void add(const JudgedRule &rule, const SingleFunctionRule &body) {
    std::string file;
    for (const FunctionFact &function : Facts.functions())
      if (Facts.text(function.name) == body.canonical.value)
        file = firstOf(file, function.place);
    addCanonical(rule, body.canonical.value, "function", body.header, std::move(file));
  }

  void add(const JudgedRule &rule, const FactoryOnlyRule &body) {
    Registry::Factory factory{body.className.value, body.factory.value, {}, rule.rule->id};
    for (const Site &site : rule.judgement.sites) {
      ++factory.sites.whole;
      factory.sites.part += site.verdict == Verdict::Compliant ? 1 : 0;
    }
    Outcome.factories.push_back(std::move(factory));
  }

  void add(const JudgedRule &rule, const LegacyNameRule &body) {
    for (const NameReplacement &entry : body.replace)
      Outcome.names.push_back(legacy(rule, entry.old, entry.replacement, HeaderOf.lookup(entry.replacement)));
  }

  void add(const JudgedRule &rule, const LegacyCallRule &body) {
    Outcome.calls.push_back(legacy(rule, body.from.value, body.toText, body.header));
  }

  /// A legacy name with what the judge of its rule counted.
  static Registry::Legacy legacy(const JudgedRule &rule, const std::string &old, const std::string &replacement,
                                 const std::string &header) {
    Registry::Legacy legacy{old, replacement, header, 0, 0, rule.rule->id};
    legacy.uses = static_cast<std::size_t>(llvm::count_if(rule.judgement.sites, [&](const Site &site) {
      return site.verdict == Verdict::Violation && site.symbol == old;
    }));
    legacy.unjudged = static_cast<std::size_t>(llvm::count_if(
        rule.judgement.asides, [&](const Aside &aside) { return aside.unjudged && aside.symbol == old; }));
    return legacy;
  }

  void add(const JudgedRule &rule, const LegacyIncludeRule &body) {
    std::size_t first = Outcome.headers.size();
    for (const IncludeReplacement &entry : body.replace)
      Outcome.headers.push_back({entry.old.text(), entry.replacement, "", 0, 0, rule.rule->id});
    for (const Site &site : rule.judgement.sites) {
      if (site.verdict == Verdict::Compliant)
        continue;
      // As it was spelled, or, for `../old.h`, by what is to be included instead.
      std::size_t found = body.replace.size();
      for (std::size_t i = 0; i < body.replace.size() && found == body.replace.size(); ++i)
        if (body.replace[i].old.matches(site.symbol))
          found = i;
      for (std::size_t i = 0; i < body.replace.size() && found == body.replace.size(); ++i)
        if (body.replace[i].replacement == site.canonical)
          found = i;
      if (found < body.replace.size())
        ++Outcome.headers[first + found].uses;
      else
        addSpelled(first, site, rule.rule->id);
    }
  }

  /// An include that a pattern selected by its path: it gets a line of its own.
  void addSpelled(std::size_t first, const Site &site, const std::string &rule) {
    for (std::size_t i = first; i < Outcome.headers.size(); ++i)
      if (Outcome.headers[i].name == site.symbol && Outcome.headers[i].replacement == site.canonical) {
        ++Outcome.headers[i].uses;
        return;
      }
    Outcome.headers.push_back({site.symbol, site.canonical, "", 1, 0, rule});
  }

  template <typename Other>
  void add(const JudgedRule & /*rule*/, const Other & /*body*/) {}

  void addCanonical(const JudgedRule &rule, const std::string &name, const char *kind, const std::string &header,
                    std::string file) {
    bool outside = file.empty() &&
                   llvm::any_of(Facts.symbolsNamed(name), [](const SymbolFact *symbol) { return !symbol->inProject; });
    Outcome.canonical.push_back({name, kind, header, std::move(file), outside, UsesOf.lookup(name), rule.rule->id});
    for (const ssot::AdapterEntry &adapter : rule.judgement.adapters)
      Outcome.adapters.push_back({adapter.symbol, adapter.canonical, Facts.path(adapter.place).str()});
  }

  /// A place outside the project depends on the machine.
  std::string firstOf(const std::string &file, const Place &place) const {
    const IndexedFile &other = Facts.files()[place.file];
    return other.inProject && (file.empty() || other.path < file) ? other.path : file;
  }

  const Config &Settings;
  const Index &Facts;
  llvm::ArrayRef<JudgedRule> Judged;
  llvm::StringMap<std::size_t> UsesOf;
  llvm::StringMap<std::string> HeaderOf;
  Registry Outcome;
};

} // namespace

Registry registryOf(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged) {
  return Builder(config, index, judged).build();
}

} // namespace ssot
