#include "link/callers.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

namespace ssot {

namespace {

std::uint64_t idOf(llvm::StringRef usr) {
  // The two highest values are the map's own.
  return llvm::xxh3_64bits(usr) >> 1;
}

/// The word that a call of the function, or a use of the class, has in it: of an operator, a constructor or a lambda
/// the word before.
std::string calledBy(llvm::StringRef name) {
  while (!name.empty()) {
    llvm::StringRef word = name.substr(name.rfind("::") == llvm::StringRef::npos ? 0 : name.rfind("::") + 2);
    if (llvm::all_of(word, isWordByte))
      return word.str();
    name = name.drop_back(std::min(name.size(), word.size() + 2));
  }
  return std::string();
}

} // namespace

void Callers::addCall(Function &function, const UnitFacts &unit, StringId usr, StringId name) {
  if (usr)
    function.callees.push_back(idOf(unit.strings[usr]));
  if (!name)
    return;
  llvm::StringRef called = unit.strings[name];
  function.named.push_back(idOf(called));
  if (llvm::StringRef scope = scopeOf(called); !scope.empty())
    function.named.push_back(idOf(scope));
}

void Callers::addValues(Function &function, const UnitFacts &unit, const Origin &origin) {
  addCall(function, unit, origin.usr, origin.name);
  for (const Origin &operand : origin.operands)
    addValues(function, unit, operand);
}

void Callers::addValues(Function &function, const UnitFacts &unit, const FlowNode &node) {
  if (node.value)
    addValues(function, unit, *node.value);
  for (const FlowNode &child : node.children)
    addValues(function, unit, child);
}

void Callers::add(const UnitFacts &unit) {
  for (const TypeFact &type : unit.types) {
    Id usr = idOf(unit.strings[type.usr]);
    if (llvm::is_contained(Canonical, unit.strings[type.name]))
      CanonicalTypes.insert(usr);
    auto [known, isNew] = Types.try_emplace(usr);
    if (!isNew)
      continue;
    known->second.name = unit.strings[type.name];
    for (StringId base : type.bases)
      known->second.bases.push_back(idOf(unit.strings[base]));
  }
  auto tidy = [](std::vector<Id> &ids) {
    llvm::sort(ids);
    ids.erase(llvm::unique(ids), ids.end());
  };
  for (const FunctionFact &fact : unit.functions) {
    Function &function = Functions[idOf(unit.strings[fact.usr])];
    function.name = unit.strings[fact.name];
    function.parentClass = fact.parentClass ? idOf(unit.strings[fact.parentClass]) : 0;
    for (const CallFact &call : fact.body.calls)
      addCall(function, unit, call.usr, call.name);
    if (fact.body.flow)
      addValues(function, unit, *fact.body.flow);
    tidy(function.callees);
    tidy(function.named);
  }
}

llvm::DenseSet<Callers::Id> Callers::targets() const {
  llvm::DenseSet<Id> names;
  for (const std::string &name : Canonical)
    names.insert(idOf(name));
  // A class that derives from the canonical one is as good.
  for (const auto &[usr, type] : Types)
    if (llvm::any_of(type.bases, [&](Id base) { return CanonicalTypes.contains(base); }))
      names.insert(idOf(type.name));
  return names;
}

std::vector<std::string> Callers::wordsOf(const Function &function) const {
  std::vector<std::string> words{calledBy(function.name)};
  // Whoever calls a method of a class of the project has read the file of the project that defines the class.
  if (auto type = Types.find(function.parentClass); type != Types.end())
    if (std::string word = calledBy(type->second.name); word != words.front())
      words.push_back(std::move(word));
  return words;
}

std::vector<std::vector<std::string>> Callers::reaching() const {
  llvm::DenseSet<Id> wanted = targets();
  llvm::DenseMap<Id, std::vector<Id>> callersOf;
  std::vector<Id> open;
  llvm::DenseSet<Id> reached;
  for (const auto &[usr, function] : Functions) {
    for (Id callee : function.callees)
      callersOf[callee].push_back(usr);
    if (llvm::any_of(function.named, [&](Id name) { return wanted.contains(name); }) && reached.insert(usr).second)
      open.push_back(usr);
  }
  while (!open.empty()) {
    Id callee = open.back();
    open.pop_back();
    auto callers = callersOf.find(callee);
    if (callers == callersOf.end())
      continue;
    for (Id caller : callers->second)
      if (reached.insert(caller).second)
        open.push_back(caller);
  }
  std::vector<std::vector<std::string>> all;
  for (Id usr : reached) {
    const Function &function = Functions.find(usr)->second;
    if (function.name == "main" || wanted.contains(idOf(function.name)) ||
        wanted.contains(idOf(scopeOf(function.name))))
      continue;
    if (std::vector<std::string> words = wordsOf(function); !words.front().empty())
      all.push_back(std::move(words));
  }
  llvm::sort(all);
  all.erase(llvm::unique(all), all.end());
  return all;
}

} // namespace ssot
