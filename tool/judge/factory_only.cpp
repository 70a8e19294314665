// factory-only: objects of the class come from its factory, and none is kept beyond the scope that asked for it.

#include "judge/sites.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>

#include <set>

namespace ssot {

namespace {

std::string formOf(CreationKind kind) {
  switch (kind) {
  case CreationKind::Variable:
    return "as a variable";
  case CreationKind::Temporary:
    return "by its constructor";
  case CreationKind::New:
    return "with new";
  case CreationKind::MakeFunction:
    return "inside a make or emplace function";
  case CreationKind::Member:
    return "as a member by value";
  case CreationKind::FactoryCall:
    return "by another function";
  case CreationKind::Holder:
    return "inside the container or holder that keeps it";
  }
  return std::string();
}

/// What holds the object: empty when the variable is the object.
std::string holderOf(const StorageFact &storage, llvm::StringRef type) {
  if (!storage.viaPointer && !storage.viaTemplate)
    return std::string();
  for (llvm::StringRef hiding : {"std::any", "std::function", "std::move_only_function", "void>"})
    if (storage.put && type.contains(hiding))
      return hiding == "void>" ? "smart pointer to void" : hiding.str();
  for (llvm::StringRef known : {"shared_ptr", "unique_ptr", "weak_ptr", "optional", "atomic"})
    if (type.contains(known))
      return ("std::" + known).str();
  if (type.rtrim().ends_with("*") || type.contains("*const"))
    return "pointer";
  if (type.rtrim().ends_with("&"))
    return "reference";
  return "container or holder";
}

/// Whether the variable is a pointer, a reference or a template of something.
bool holdsByItself(llvm::StringRef type) { return type.contains('*') || type.contains('&') || type.contains("std::"); }

std::string formOf(const StorageFact &storage, llvm::StringRef type) {
  // What is inside another object says nothing about the variable's own form.
  bool isInside = !storage.ways.empty() && !storage.ways.front().steps.empty() && !storage.put;
  std::string holder = isInside && !holdsByItself(type) ? std::string() : holderOf(storage, type);
  std::string what = holder.empty() ? "object" : holder;
  switch (storage.kind) {
  case StorageKind::LocalStatic:
    if (storage.returned && holder.empty())
      return "Meyers singleton";
    if (storage.returned && !storage.filled && (holder == "pointer" || holder == "reference"))
      return "leaky local static";
    return holder.empty() ? "local static" : "local static " + holder;
  case StorageKind::NamespaceScope:
    return "namespace-scope " + what;
  case StorageKind::StaticMember:
    return holder.empty() ? "static member" : "static member " + holder;
  case StorageKind::InlineStaticMember:
    return holder.empty() ? "static inline member" : "static inline member " + holder;
  case StorageKind::ThreadLocal:
    return holder.empty() ? "thread_local object" : "thread_local " + holder;
  case StorageKind::KeyedMember:
    return ("member map with key '" + type + "', so whoever has the key reaches it").str();
  case StorageKind::Capture:
    return "captured by a std::function, which may be called when the scope is gone";
  }
  return what;
}

class FactoryOnlyJudge {
public:
  FactoryOnlyJudge(const JudgeContext &context, const FactoryOnlyRule &rule)
      : Context(context), Known(context.index), Rule(rule), ClassName(Known.find(rule.className.value)),
        FactoryName(Known.find(rule.factory.value)) {
    for (const FunctionFact &function : Known.functions())
      if (FactoryName && function.name == FactoryName) {
        InsideFactory.insert(function.usr);
        // What only helps the factory to make the object belongs to it.
        InsideFactory.insert(function.reaches.begin(), function.reaches.end());
      }
    InsideFactory.erase(0);
  }

  Judgement run() {
    findProblems();
    for (const CreationFact &creation : Known.creations())
      if (concerns(creation))
        CreatedAt.insert(creation.place);
    if (Rule.forbidSharedState)
      for (const StorageFact &storage : Known.storages())
        if (ClassName && storage.className == ClassName && Context.covers(storage.place))
          add(storage);
    for (const CreationFact &creation : Known.creations())
      if (concerns(creation) && Context.covers(creation.place) && !StoredAt.contains(creation.place))
        add(creation);
    return std::move(Result);
  }

private:
  /// A class that is not there any more is no problem; a factory that nobody has written is one.
  void findProblems() {
    if (Known.symbolsNamed(Rule.className.value).empty() || !Known.symbolsNamed(Rule.factory.value).empty())
      return;
    std::vector<StringId> functions;
    for (const FunctionFact &function : Known.functions())
      functions.push_back(function.name);
    Result.problems.push_back(unheardOf(Known, Rule.factory.value, functions));
  }

  bool concerns(const CreationFact &creation) const {
    StringId wanted = creation.kind == CreationKind::FactoryCall ? FactoryName : ClassName;
    return wanted && creation.className == wanted;
  }

  void add(const CreationFact &creation) {
    bool byFactory = creation.kind == CreationKind::FactoryCall ||
                     (creation.functionUsr && InsideFactory.contains(creation.functionUsr));
    Site &site = addSite(creation.place, byFactory ? Verdict::Compliant : Verdict::Violation);
    site.symbol = Rule.className.value;
    site.identity = identityOfUse(Known, creation.place, site.symbol, creation.context);
    if (!byFactory)
      site.message = quoted(Rule.className.value) + " is created " + formOf(creation.kind) + "; call " +
                     quoted(Rule.factory.value) + " instead";
  }

  void add(const StorageFact &storage) {
    // Nobody can change a constant object: it is no state.
    bool constant = storage.isConst;
    if (constant && CreatedAt.contains(storage.place))
      return; // it is judged by who makes it
    if (!constant)
      StoredAt.insert(storage.place);
    Site &site = addSite(storage.place, constant ? Verdict::Compliant : Verdict::Violation);
    site.symbol = Known.text(storage.variable).str();
    site.identity = "storage|" + site.symbol;
    if (constant)
      return;
    site.message = quoted(site.symbol) + " keeps " + quoted(Rule.className.value) +
                   " beyond its scope: " + (storage.filled && !storage.put ? "lazily filled " : "") +
                   formOf(storage, Known.text(storage.type));
    if (storage.throughBase)
      site.message += " by its base class " + quoted(Known.text(storage.throughBase));
    if (!storage.ways.empty() && !storage.ways.front().steps.empty())
      site.message += ", through " + stepsOf(storage.ways.front());
    if (storage.ways.size() > 1)
      site.message +=
          " and " + std::to_string(storage.ways.size() - 1) + " other way" + (storage.ways.size() > 2 ? "s" : "");
    if (storage.perUnit)
      site.message += "; every unit that includes it has one of its own";
    addWay(storage, site);
  }

  std::string nameOf(const StorageStep &step) const {
    if (step.isBase)
      return "base " + quoted(Known.text(step.type));
    return step.name ? quoted(Known.text(step.name)) : "a capture of type " + quoted(Known.text(step.type));
  }

  std::string stepsOf(const StorageWay &way) const {
    std::string text;
    for (const StorageStep &step : way.steps)
      text += (text.empty() ? "" : ", ") + nameOf(step);
    return text;
  }

  /// From the root to the object: who hands the variable out, and what is inside of what.
  void addWay(const StorageFact &storage, Site &site) const {
    const FunctionFact *function = storage.returned ? Known.function(storage.functionUsr) : nullptr;
    if (function)
      site.notes.push_back({function->place, quoted(Known.text(function->name)) + " hands it out"});
    if (storage.put)
      site.notes.push_back({storage.put, "it is put in here"});
    for (const StorageWay &way : storage.ways)
      for (std::size_t i = 0; i < way.steps.size(); ++i) {
        const StorageStep &step = way.steps[i];
        std::string what = nameOf(step);
        if (!step.isBase && step.name)
          what.append(" of type ").append(quoted(Known.text(step.type)));
        what += i + 1 < way.steps.size() ? " is in it" : " keeps it";
        site.notes.push_back({step.place, std::move(what)});
      }
  }

  Site &addSite(const Place &place, Verdict verdict) {
    Site &site = Result.sites.emplace_back();
    site.place = place;
    site.verdict = verdict;
    site.canonical = Rule.factory.value;
    return site;
  }

  const JudgeContext &Context;
  const Index &Known;
  const FactoryOnlyRule &Rule;
  StringId ClassName, FactoryName;
  llvm::DenseSet<StringId> InsideFactory; ///< USRs of the factory and of what it calls
  std::set<Place> CreatedAt;
  std::set<Place> StoredAt; ///< a variable that is forbidden as such is not blamed for its construction as well
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const FactoryOnlyRule &rule) {
  return FactoryOnlyJudge(context, rule).run();
}

} // namespace ssot
