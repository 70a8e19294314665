#include "migrate/adapters.h"

#include "judge/sites.h"
#include "migrate/delegating_call.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>
#include <map>

namespace ssot {

namespace {

/// Why a duplicate stays as it is: a word of the residue and what to say to people.
struct Obstacle {
  const char *reason = "no-adapter";
  std::string detail;
};

class AdapterPlanner {
public:
  AdapterPlanner(const Index &index, llvm::ArrayRef<JudgedRule> judged, const std::set<std::string> &refused,
                 ReadFile read)
      : Known(index), Judged(judged), Refused(refused), Read(read) {}

  AdapterPlan run() {
    for (const JudgedRule &judgedRule : Judged) {
      Current = &judgedRule;
      if (const auto *function = std::get_if<SingleFunctionRule>(&judgedRule.rule->body))
        eachDuplicate([&](const Site &site) { planFunction(*function, site); });
      else if (const auto *single = std::get_if<SingleClassRule>(&judgedRule.rule->body))
        eachDuplicate([&](const Site &site) { planClass(*single, site); });
    }
    return std::move(Result);
  }

private:
  llvm::StringRef text(StringId id) const { return Known.text(id); }

  template <typename Plan>
  void eachDuplicate(Plan plan) {
    for (const Site &site : Current->judgement.sites) {
      if (site.verdict != Verdict::Violation || site.role != Role::Implementation)
        continue;
      Result.considered.emplace(Current->rule, site.place);
      if (const Drift *drift = undecidedDriftOf(site))
        leave(site, {"behaviour-differs", "the duplicate has drifted: " + drift->reason});
      else
        plan(site);
    }
  }

  const Drift *driftOf(const Site &site) const {
    auto drift = llvm::find_if(Current->judgement.drifts, [&](const Drift &each) { return each.place == site.place; });
    return drift == Current->judgement.drifts.end() ? nullptr : &*drift;
  }

  /// What somebody has to decide first, whichever rule found it.
  const Drift *undecidedDriftOf(const Site &site) const {
    for (const JudgedRule &rule : Judged)
      for (const Drift &drift : rule.judgement.drifts)
        if (drift.place == site.place && drift.verdict == DriftVerdict::NeedsDecision && !isKept(drift))
          return &drift;
    return nullptr;
  }

  void leave(const Site &site, Obstacle obstacle) {
    Result.residue.push_back({Known.path(site.place).str(), site.place.line, site.place.column, Current->rule->id,
                              obstacle.reason, std::move(obstacle.detail)});
  }

  // --- functions

  void planFunction(const SingleFunctionRule &rule, const Site &site) {
    const FunctionFact *duplicate = functionAt(site.place);
    std::vector<const CalleeFact *> canonical = calleesNamed(rule.canonical.value);
    if (!duplicate || canonical.empty())
      return leave(site, {"no-adapter", "no analysed unit declares " + quoted(rule.canonical.value)});
    if (isInternal(text(duplicate->usr)))
      return leave(site, {"no-adapter", "only its own file sees it: move its calls and delete it"});
    DerivedAdapter adapter = begin(site);
    if (std::optional<Obstacle> obstacle = rewriteBody(adapter, *duplicate, canonical, rule.adapters, rule.header))
      return leave(site, std::move(*obstacle));
    if (std::optional<Obstacle> obstacle = deprecate(adapter, *duplicate, rule.canonical.value))
      return leave(site, std::move(*obstacle));
    finish(site, std::move(adapter));
  }

  const FunctionFact *functionAt(const Place &place) const {
    auto functions = Known.functions();
    auto found = llvm::find_if(functions, [&](const FunctionFact &each) { return each.place == place; });
    return found == functions.end() ? nullptr : &*found;
  }

  std::vector<const CalleeFact *> calleesNamed(llvm::StringRef name) const {
    std::vector<const CalleeFact *> found;
    StringId id = Known.find(name);
    for (const CalleeFact &callee : Known.callees())
      if (id && callee.name == id && !isInternal(text(callee.usr)))
        found.push_back(&callee);
    return found;
  }

  // --- classes

  void planClass(const SingleClassRule &rule, const Site &site) {
    auto types = Known.types();
    auto type = llvm::find_if(types, [&](const TypeFact &each) { return each.place == site.place; });
    const TypeFact *canonical = typeNamed(rule.canonical.value);
    if (type == types.end() || !canonical)
      return leave(site, {"no-adapter", "no analysed unit defines " + quoted(rule.canonical.value)});
    DerivedAdapter adapter = begin(site);
    bool any = false;
    for (const MethodFact &method : type->methods) {
      std::string counterpart = counterpartOf(site, rule, method, *canonical);
      if (counterpart.empty())
        continue;
      const FunctionFact *duplicate = Known.function(method.usr);
      std::vector<const CalleeFact *> callees = calleesNamed(counterpart);
      if (!duplicate || callees.empty())
        return leave(site, {"no-adapter", duplicate ? "no analysed unit declares " + quoted(counterpart)
                                                    : "no analysed unit has the body of " + quoted(text(method.name))});
      if (std::optional<Obstacle> obstacle = rewriteBody(adapter, *duplicate, callees, rule.adapters, rule.header)) {
        obstacle->detail = quoted(text(method.name)) + ": " + obstacle->detail;
        return leave(site, std::move(*obstacle));
      }
      any = true;
    }
    if (!any)
      return leave(site, {"no-adapter", "it has no method that " + quoted(rule.canonical.value) + " has too"});
    if (std::optional<Obstacle> obstacle = deprecate(adapter, *type, rule.canonical.value))
      return leave(site, std::move(*obstacle));
    finish(site, std::move(adapter));
  }

  const TypeFact *typeNamed(llvm::StringRef name) const {
    auto types = Known.types();
    StringId id = Known.find(name);
    auto found =
        llvm::find_if(types, [&](const TypeFact &each) { return id && each.name == id && !each.isSpecialization; });
    return found == types.end() ? nullptr : &*found;
  }

  /// The canonical method that does a method's work; empty when that is nobody else's.
  std::string counterpartOf(const Site &site, const SingleClassRule &rule, const MethodFact &method,
                            const TypeFact &canonical) const {
    if (method.isSpecial || method.isDefaultedOrDeleted || method.isPure)
      return std::string();
    llvm::StringRef name = text(method.name);
    bool named = llvm::is_contained(rule.match.methodNames, name);
    bool shared = method.access == Access::Public && llvm::any_of(canonical.methods, [&](const MethodFact &each) {
                    return each.name == method.name && !each.isSpecial;
                  });
    if (named || shared)
      return rule.canonical.value + "::" + name.str();
    const Drift *drift = driftOf(site);
    for (const MethodDrift &row : drift ? llvm::ArrayRef(drift->methods) : llvm::ArrayRef<MethodDrift>())
      if (row.duplicate == name && !row.canonical.empty() && method.access == Access::Public)
        return rule.canonical.value + "::" + row.canonical;
    return std::string();
  }

  // --- edits

  DerivedAdapter begin(const Site &site) const {
    DerivedAdapter adapter;
    adapter.id = adapterId(*Current->rule, site, Known);
    adapter.place = site.place;
    adapter.rule = Current->rule;
    return adapter;
  }

  void finish(const Site &site, DerivedAdapter adapter) {
    // Methods that hand their work on already need no other body; then there is nothing to do but the attribute.
    if (Refused.contains(adapter.id))
      return leave(site, {"no-adapter", "the adapter was tried and does not hold"});
    Result.adapters.push_back(std::move(adapter));
  }

  Edit editAt(const DerivedAdapter &adapter, const Place &place, std::string before, llvm::StringRef target) const {
    Edit edit;
    edit.file = Known.path(place).str();
    edit.begin = place.begin;
    edit.end = place.begin + static_cast<std::uint32_t>(before.size());
    edit.line = place.line;
    edit.column = place.column;
    edit.rule = adapter.rule->id;
    edit.before = std::move(before);
    edit.target = target.str();
    edit.adapter = adapter.id;
    return edit;
  }

  std::optional<Obstacle> rewriteBody(DerivedAdapter &adapter, const FunctionFact &duplicate,
                                      llvm::ArrayRef<const CalleeFact *> canonical, const Adapters &how,
                                      const std::string &header) {
    if (!duplicate.written.body)
      return Obstacle{"macro-body", "a macro makes its body"};
    const Place &body = *duplicate.written.body;
    std::optional<std::string> file = Read(Known.path(body));
    if (!file || body.end > file->size())
      return Obstacle{"no-adapter", "the place could not be read again"};
    std::string before = file->substr(body.begin, body.end - body.begin);
    if (llvm::any_of(llvm::split(before, '\n'), [](llvm::StringRef line) { return line.ltrim().starts_with("#"); }))
      return Obstacle{"inactive-branch", "its body has branches of the preprocessor"};
    DelegatingCall call = callOfAny(duplicate, canonical, how);
    if (call.choices.empty())
      return Obstacle{"no-adapter", call.refusal};
    Edit edit = editAt(adapter, body, before, text(canonical.front()->name));
    for (const std::string &statement : call.choices)
      edit.choices.push_back(bodyWith(duplicate, *file, statement));
    adapter.edits.push_back(std::move(edit));
    adapter.bodies.push_back(body);
    if (!header.empty())
      adapter.headers.emplace_back(body.file, header);
    return std::nullopt;
  }

  /// The first overload that takes what the duplicate is given; the one with as many parameters before the others.
  DelegatingCall callOfAny(const FunctionFact &duplicate, llvm::ArrayRef<const CalleeFact *> canonical,
                           const Adapters &how) const {
    std::vector<const CalleeFact *> overloads(canonical);
    auto far = [&](const CalleeFact *each) {
      return each->parameters.size() > duplicate.parameters.size()
                 ? each->parameters.size() - duplicate.parameters.size()
                 : duplicate.parameters.size() - each->parameters.size();
    };
    std::stable_sort(overloads.begin(), overloads.end(), [&](const auto *a, const auto *b) { return far(a) < far(b); });
    DelegatingCall first;
    for (const CalleeFact *overload : overloads) {
      DelegatingCall call = delegatingCall(Known, duplicate, *overload, how);
      if (!call.choices.empty())
        return call;
      if (first.refusal.empty())
        first = std::move(call);
    }
    return first;
  }

  /// The body in the manner of the one that it replaces: on one line or on several, with its checks for null.
  std::string bodyWith(const FunctionFact &duplicate, llvm::StringRef file, const std::string &statement) const {
    const Place &body = *duplicate.written.body;
    llvm::StringRef before = file.slice(body.begin, body.end);
    std::vector<std::string> statements;
    for (const Place &check : leadingNullChecks(duplicate)) {
      llvm::StringRef written = file.slice(check.begin, check.end);
      statements.push_back(written.str() + (written.ends_with("}") ? "" : ";"));
    }
    statements.push_back(statement);
    if (!before.contains('\n'))
      return "{ " + llvm::join(statements, " ") + " }";
    llvm::StringRef newline = lineEndingAt(file, body.begin);
    llvm::StringRef outer = indentationAt(file, duplicate.extent.begin);
    std::string inner = innerIndentation(before, outer);
    std::string result = "{";
    for (const std::string &each : statements)
      result += (newline + inner + each).str();
    return result + (newline + outer + "}").str();
  }

  static llvm::StringRef indentationAt(llvm::StringRef file, std::size_t offset) {
    llvm::StringRef line = file.drop_front(lineBegin(file, offset));
    return line.take_while([](char c) { return c == ' ' || c == '\t'; });
  }

  /// How the first line within the body is indented; two blanks more than around it when nothing tells.
  std::string innerIndentation(llvm::StringRef body, llvm::StringRef outer) const {
    for (llvm::StringRef line : llvm::drop_begin(linesOf(body)))
      if (llvm::StringRef blank = line.take_while([](char c) { return c == ' ' || c == '\t'; });
          !line.trim().empty() && blank.size() > outer.size())
        return blank.str();
    return (outer + "  ").str();
  }

  /// `if (!service) return 0;` at the beginning: who relies on it goes on doing so.
  std::vector<Place> leadingNullChecks(const FunctionFact &duplicate) const {
    std::vector<Place> checks;
    FunctionBody body = Known.bodyOf(duplicate);
    for (const FlowNode &node : body.flow ? llvm::ArrayRef(body.flow->children) : llvm::ArrayRef<FlowNode>()) {
      bool isCheck = node.kind == FlowKind::Branch && node.condition == ConditionKind::Null && !node.nullIsElse &&
                     node.children.size() == 2 && node.children[1].children.empty() &&
                     node.children[0].children.size() == 1 && node.children[0].children[0].kind == FlowKind::Return;
      if (!isCheck)
        break;
      checks.push_back(node.place);
    }
    return checks;
  }

  /// Whether all that the duplicate does otherwise is what its adapter keeps: default arguments and checks for null.
  bool isKept(const Drift &drift) const {
    auto kept = [&](const DriftPoint &point) {
      if (!point.decides || point.kind == DriftKind::Default)
        return true;
      if (!point.duplicate || point.canonical)
        return false;
      auto functions = Known.functions();
      return llvm::any_of(functions, [&](const FunctionFact &function) {
        return function.place.file == point.duplicate->file && function.extent.begin <= point.duplicate->begin &&
               point.duplicate->end <= function.extent.end &&
               llvm::any_of(leadingNullChecks(function), [&](const Place &check) {
                 return check.begin <= point.duplicate->begin && point.duplicate->end <= check.end;
               });
      });
    };
    return llvm::all_of(drift.methods, [&](const MethodDrift &row) { return llvm::all_of(row.differences, kept); });
  }

  // --- [[deprecated]]

  std::string attributeFor(llvm::StringRef canonical) const {
    const std::string &sunset = Current->rule->sunset;
    return ("[[deprecated(\"use " + canonical + (sunset.empty() ? "" : "; to be gone by " + sunset) + "\")]]").str();
  }

  std::optional<Obstacle> deprecate(DerivedAdapter &adapter, const FunctionFact &duplicate, llvm::StringRef canonical) {
    if (duplicate.written.isDeprecated)
      return std::nullopt;
    if (!duplicate.written.head)
      return Obstacle{"macro-body", "a macro makes its declaration"};
    Edit edit = editAt(adapter, *duplicate.written.head, std::string(), canonical);
    edit.choices = {attributeFor(canonical) + " "};
    adapter.edits.push_back(std::move(edit));
    return std::nullopt;
  }

  /// The attribute of a class stands behind `class`.
  std::optional<Obstacle> deprecate(DerivedAdapter &adapter, const TypeFact &type, llvm::StringRef canonical) {
    std::optional<std::string> file = Read(Known.path(type.extent));
    if (!file || type.extent.end > file->size())
      return Obstacle{"no-adapter", "the place could not be read again"};
    llvm::StringRef head = llvm::StringRef(*file).slice(type.extent.begin, type.place.begin);
    for (llvm::StringRef key : {"class", "struct", "union"}) {
      std::size_t at = head.rfind(key);
      if (at == llvm::StringRef::npos)
        continue;
      if (head.contains("deprecated"))
        return std::nullopt;
      Place place = type.extent;
      place.begin += static_cast<std::uint32_t>(at + key.size());
      place.column += static_cast<std::uint32_t>(at + key.size());
      Edit edit = editAt(adapter, place, std::string(), canonical);
      edit.choices = {" " + attributeFor(canonical)};
      adapter.edits.push_back(std::move(edit));
      return std::nullopt;
    }
    return Obstacle{"macro-body", "a macro makes its declaration"};
  }

  const Index &Known;
  llvm::ArrayRef<JudgedRule> Judged;
  const std::set<std::string> &Refused;
  ReadFile Read;
  const JudgedRule *Current = nullptr;
  AdapterPlan Result;
};

} // namespace

std::string adapterId(const Rule &rule, const Site &site, const Index &index) {
  return rule.id + "|" + index.path(site.place).str() + "|" + site.identity;
}

AdapterPlan planAdapters(const Index &index, llvm::ArrayRef<JudgedRule> judged, const std::set<std::string> &refused,
                         ReadFile read) {
  return AdapterPlanner(index, judged, refused, read).run();
}

} // namespace ssot
