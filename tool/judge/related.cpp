#include "judge/related.h"

#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>

#include <map>
#include <set>
#include <tuple>

namespace ssot {

namespace {

/// More do not help whoever reads the first; the number says that there are.
constexpr std::size_t kMostNotes = 3;

struct Caller {
  Place place;
  std::string name;
};

class Relation {
public:
  explicit Relation(const Index &index) : Known(index) {}

  void run(llvm::ArrayRef<std::pair<const Rule *, Judgement *>> judged) {
    std::vector<Site *> duplicates;
    for (const auto &[rule, judgement] : judged)
      if (isDuplicateRule(*rule))
        for (Site &site : judgement->sites)
          if (site.verdict == Verdict::Violation && site.role == Role::Implementation) {
            Callers.try_emplace({site.place.file, site.place.begin});
            duplicates.push_back(&site);
          }
    if (!duplicates.empty())
      collectCallers();
    for (Site *site : duplicates)
      addCallersTo(*site);
    for (const auto &[rule, judgement] : judged)
      if (const auto *factory = std::get_if<FactoryOnlyRule>(&rule->body))
        addInstances(factory->className.value, judged, *judgement);
  }

private:
  static bool isDuplicateRule(const Rule &rule) {
    return std::holds_alternative<SingleClassRule>(rule.body) || std::holds_alternative<SingleFunctionRule>(rule.body);
  }

  void collectCallers() {
    for (const FunctionFact &function : Known.functions())
      for (const CallFact &call : Known.callsOf(function))
        if (call.usr)
          addCall(function, call);
  }

  /// Calls of a method count for its class as well; what a class calls of itself does not.
  void addCall(const FunctionFact &caller, const CallFact &call) {
    const FunctionFact *callee = Known.function(call.usr);
    if (!callee || callee == &caller)
      return;
    auto note = [&](const Place &definition) {
      if (auto known = Callers.find({definition.file, definition.begin}); known != Callers.end()) {
        std::string name = Known.text(caller.name).str();
        known->second.try_emplace(name, Caller{call.place, name});
      }
    };
    note(callee->place);
    if (const TypeFact *owner = Known.type(callee->parentClass); owner && caller.parentClass != owner->usr)
      note(owner->place);
  }

  void addCallersTo(Site &site) const {
    auto known = Callers.find({site.place.file, site.place.begin});
    if (known == Callers.end())
      return;
    std::vector<const Caller *> callers;
    for (const auto &[name, caller] : known->second)
      callers.push_back(&caller);
    llvm::sort(callers, [](const Caller *a, const Caller *b) {
      return std::tie(a->place, a->name) < std::tie(b->place, b->name);
    });
    addSome(site, callers.size(),
            [&](std::size_t i) { return Note{callers[i]->place, quoted(callers[i]->name) + " calls it"}; });
  }

  template <typename Make>
  static void addSome(Site &site, std::size_t count, Make make) {
    for (std::size_t i = 0; i < std::min(count, kMostNotes); ++i)
      site.notes.push_back(make(i));
    if (count > kMostNotes)
      site.notes.push_back({std::nullopt, "and " + std::to_string(count - kMostNotes) + " more"});
  }

  /// Joins a duplicate class with the findings about instances of it.
  static void addInstances(llvm::StringRef className, llvm::ArrayRef<std::pair<const Rule *, Judgement *>> judged,
                           Judgement &instances) {
    std::vector<Site *> kept;
    for (Site &site : instances.sites)
      if (site.verdict == Verdict::Violation)
        kept.push_back(&site);
    for (const auto &[rule, judgement] : judged) {
      if (!std::holds_alternative<SingleClassRule>(rule->body))
        continue;
      for (Site &duplicate : judgement->sites) {
        if (duplicate.symbol != className || duplicate.verdict != Verdict::Violation ||
            duplicate.role != Role::Implementation)
          continue;
        addSome(duplicate, kept.size(), [&](std::size_t i) { return Note{kept[i]->place, kept[i]->message}; });
        for (Site *site : kept)
          site->notes.push_back({duplicate.place, duplicate.message});
      }
    }
  }

  const Index &Known;
  /// By the place of a duplicate: the first call of each caller.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::map<std::string, Caller>> Callers;
};

} // namespace

void relateFindings(const Index &index, llvm::ArrayRef<std::pair<const Rule *, Judgement *>> judged) {
  Relation(index).run(judged);
}

} // namespace ssot
