#include "gate/registry.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

class Builder {
public:
  Builder(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged, const Owners &owners)
      : Settings(config), Facts(index), Judged(judged), Answerable(owners) {
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
    for (auto *list : {&Outcome.names, &Outcome.calls, &Outcome.headers})
      for (Registry::Legacy &legacy : *list)
        addOwners(legacy);
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

  void addOwners(Registry::Legacy &legacy) const {
    llvm::sort(legacy.files);
    for (const std::string &file : legacy.files)
      llvm::append_range(legacy.owners, Answerable.of(file));
    llvm::sort(legacy.owners);
    legacy.owners.erase(llvm::unique(legacy.owners), legacy.owners.end());
  }

  /// What is allowed until a day is gone after it; an allowance without an end says nothing.
  static std::string sunsetOf(const Rule &rule) {
    std::string last;
    for (const Allowance &allowance : rule.allow)
      last = std::max(last, allowance.until);
    return rule.sunset.empty() ? last : rule.sunset;
  }

  /// A legacy name with what the judge of its rule counted.
  Registry::Legacy legacy(const JudgedRule &rule, const std::string &old, const std::string &replacement,
                          const std::string &header) const {
    Registry::Legacy legacy{old, replacement, header, 0, 0, rule.rule->id, sunsetOf(*rule.rule)};
    for (const Site &site : rule.judgement.sites)
      if (site.verdict == Verdict::Violation && site.symbol == old)
        legacy.files.push_back(Facts.path(site.place).str());
    legacy.uses = legacy.files.size();
    legacy.unjudged = static_cast<std::size_t>(llvm::count_if(
        rule.judgement.asides, [&](const Aside &aside) { return aside.unjudged && aside.symbol == old; }));
    return legacy;
  }

  void add(const JudgedRule &rule, const LegacyIncludeRule &body) {
    std::size_t first = Outcome.headers.size();
    for (const IncludeReplacement &entry : body.replace)
      Outcome.headers.push_back({entry.old.text(), entry.replacement, "", 0, 0, rule.rule->id, sunsetOf(*rule.rule)});
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
      Registry::Legacy &header =
          found < body.replace.size() ? Outcome.headers[first + found] : spelled(first, site, *rule.rule);
      ++header.uses;
      header.files.push_back(Facts.path(site.place).str());
    }
  }

  /// An include that a pattern selected by its path: it gets a line of its own.
  Registry::Legacy &spelled(std::size_t first, const Site &site, const Rule &rule) {
    for (std::size_t i = first; i < Outcome.headers.size(); ++i)
      if (Outcome.headers[i].name == site.symbol && Outcome.headers[i].replacement == site.canonical)
        return Outcome.headers[i];
    Outcome.headers.push_back({site.symbol, site.canonical, "", 0, 0, rule.id, sunsetOf(rule)});
    return Outcome.headers.back();
  }

  template <typename Other>
  void add(const JudgedRule & /*rule*/, const Other & /*body*/) {}

  void addCanonical(const JudgedRule &rule, const std::string &name, const char *kind, const std::string &header,
                    std::string file) {
    bool outside = file.empty() &&
                   llvm::any_of(Facts.symbolsNamed(name), [](const SymbolFact *symbol) { return !symbol->inProject; });
    std::vector<std::string> owners = file.empty() ? std::vector<std::string>() : Answerable.of(file);
    Outcome.canonical.push_back(
        {name, kind, header, std::move(file), outside, UsesOf.lookup(name), rule.rule->id, std::move(owners)});
    for (const ssot::AdapterEntry &adapter : rule.judgement.adapters)
      Outcome.adapters.push_back({adapter.symbol, adapter.canonical, Facts.path(adapter.place).str(),
                                  Answerable.of(Facts.path(adapter.place))});
  }

  /// A place outside the project depends on the machine.
  std::string firstOf(const std::string &file, const Place &place) const {
    const IndexedFile &other = Facts.files()[place.file];
    return other.inProject && (file.empty() || other.path < file) ? other.path : file;
  }

  const Config &Settings;
  const Index &Facts;
  llvm::ArrayRef<JudgedRule> Judged;
  const Owners &Answerable;
  llvm::StringMap<std::size_t> UsesOf;
  llvm::StringMap<std::string> HeaderOf;
  Registry Outcome;
};

} // namespace

Registry registryOf(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged, const Owners &owners) {
  return Builder(config, index, judged, owners).build();
}

} // namespace ssot
