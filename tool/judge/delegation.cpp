#include "judge/delegation.h"

#include "judge/exceptions.h"
#include "judge/side_work.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallBitVector.h>

#include <algorithm>

namespace ssot {

namespace {

/// What is wrong, the weightiest first: a finding names one reason, the others become notes.
enum class Weight { Structure, Exceptions, Argument, Parameter, Result, OwnWork };

/// One way through a body so far.
struct Path {
  unsigned calls = 0;     ///< of the canonical definition; more than two are as bad as two
  bool excused = false;   ///< something was null: there is nothing to delegate
  std::uint32_t last = 0; ///< the last canonical call
  Place first;            ///< where the canonical definition was called first

  friend bool operator==(const Path &a, const Path &b) {
    return a.calls == b.calls && a.excused == b.excused && a.last == b.last && a.first == b.first;
  }
};
using Paths = std::vector<Path>;

/// Decides one body.
class BodyJudge {
public:
  BodyJudge(DelegationJudge &judge, const FunctionFact &function, const FunctionBody &body)
      : Judge(judge), Function(function), Body(body) {}

  Delegation run() {
    classifyCalls();
    if (CanonicalCalls == 0 && !returnsCanonicalValue(*Body.flow)) {
      explainAbsence();
      return finish();
    }
    Result.reaches = true;
    Paths left = walk(*Body.flow, {Path()});
    for (const Path &path : left)
      leave(path, nullptr, endOfBody());
    return finish();
  }

private:
  enum class CallRole { Canonical, Tolerated, Own };

  llvm::StringRef text(StringId id) const { return Judge.index().text(id); }
  static std::string atLine(const Place &place) { return " at line " + std::to_string(place.line); }

  void refuse(Weight weight, std::string what, const Place &place) {
    auto same = [&](const auto &known) { return known.second.text == what; };
    if (llvm::none_of(Refusals, same))
      Refusals.push_back({weight, {std::move(what), place}});
  }

  Delegation finish() {
    std::stable_sort(Refusals.begin(), Refusals.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    for (auto &[weight, refusal] : Refusals)
      Result.refusals.push_back(std::move(refusal));
    return std::move(Result);
  }

  // --- calls
  // --------------------------------------------------------------------------------------------------------------------

  /// Whether calling \p usr is calling the canonical definition, itself or through a function that delegates to it.
  bool isCanonical(StringId usr, StringId name) {
    if (Judge.target().is(Judge.index(), usr, name))
      return true;
    const Delegation *next = usr ? Judge.decide(usr) : nullptr;
    return next && next->delegates();
  }

  void classifyCalls() {
    Roles.assign(Body.calls.size(), CallRole::Own);
    for (std::uint32_t i = 0; i < Body.calls.size(); ++i) {
      const CallFact &call = Body.calls[i];
      if (isCanonical(call.usr, call.name)) {
        Roles[i] = CallRole::Canonical;
        ++CanonicalCalls;
      } else if (!reachesCanonical(call) && (Judge.isVia(call.name) || isSideWork(text(call.name)))) {
        Roles[i] = CallRole::Tolerated;
      }
    }
    // What makes the object to call, what a log line prints and what an argument is computed from is judged there, not
    // once more here.
    for (std::uint32_t i = 0; i < Body.calls.size(); ++i)
      if (Roles[i] != CallRole::Own)
        tolerateFeeders(Body.calls[i]);
    tolerateFeedersOfResults(*Body.flow);
  }

  /// The same for an object that is only looked at.
  void tolerateFeedersOfResults(const FlowNode &node) {
    if (node.kind == FlowKind::Return && node.value)
      if (const Origin *looked = canonicalValueIn(*node.value))
        tolerateFeeders(*looked);
    for (const FlowNode &child : node.children)
      tolerateFeedersOfResults(child);
  }

  bool isLambda(const CallFact &call) const { return text(call.name).ends_with("(anonymous)::operator()"); }

  bool reachesCanonical(const CallFact &call) {
    const Delegation *next = call.usr ? Judge.decide(call.usr) : nullptr;
    return next && next->reaches;
  }

  void tolerateFeeders(const CallFact &call) {
    if (call.object)
      tolerateFeeders(*call.object);
    for (const Origin &argument : call.arguments)
      tolerateFeeders(argument);
  }

  void tolerateFeeders(const Origin &origin) {
    if (origin.kind == OriginKind::Call && Roles[origin.index] == CallRole::Own) {
      Roles[origin.index] = CallRole::Tolerated;
      tolerateFeeders(Body.calls[origin.index]);
    }
    for (const Origin &operand : origin.operands)
      tolerateFeeders(operand);
  }

  /// There is no canonical call at all: says how near the function came.
  void explainAbsence() {
    for (const CallFact &call : Body.calls) {
      if (Judge.isBeingDecided(call.usr))
        return refuse(Weight::Structure,
                      "is recursive: calls " + quoted(text(call.name)) + " again" + atLine(call.place), call.place);
      const Delegation *next = call.usr ? Judge.decide(call.usr) : nullptr;
      if (next && next->reaches) {
        Result.reaches = true;
        return refuse(Weight::Structure, "calls " + quoted(text(call.name)) + ", which " + next->refusals.front().text,
                      call.place);
      }
    }
    auto lambda = llvm::find_if(Body.calls, [&](const CallFact &call) { return isLambda(call); });
    refuse(Weight::Structure,
           std::string("never calls the canonical function") +
               (lambda == Body.calls.end() ? std::string() : ", unless a lambda does" + atLine(lambda->place)),
           Function.place);
  }

  /// What ends the program here reaches the callers of the canonical function.
  void checkExceptions(StringId usr, StringId name, const Place &place) {
    if (usr && Function.written.isNoexcept && mayThrow(Judge.index(), usr))
      refuse(Weight::Exceptions, "is noexcept, and " + quoted(text(name)) + " may throw" + atLine(place), place);
  }

  // --- paths
  // --------------------------------------------------------------------------------------------------------------------

  Paths walk(const FlowNode &node, Paths paths) {
    if (paths.empty())
      return paths; // nothing gets here
    switch (node.kind) {
    case FlowKind::Sequence:
      for (const FlowNode &child : node.children)
        paths = walk(child, std::move(paths));
      return paths;
    case FlowKind::Branch:
      return branch(node, paths);
    case FlowKind::Loop:
      return loop(node, std::move(paths));
    case FlowKind::Try:
      return attempt(node, std::move(paths));
    case FlowKind::Call:
      return call(node, std::move(paths));
    case FlowKind::Return:
      for (Path path : paths)
        leave(path, node.value ? &*node.value : nullptr, node.place);
      return {};
    case FlowKind::Throw:
      for (const Path &path : paths)
        if (path.calls > 0)
          refuse(Weight::Result, "throws an exception of its own" + atLine(node.place), node.place);
        else if (!path.excused)
          refuseCondition(node.place);
      return {};
    case FlowKind::Effect:
      effect(node);
      return paths;
    case FlowKind::Switch:
      return choose(node, paths);
    case FlowKind::Break:
      if (Left.empty())
        return paths;
      add(Left.back(), paths);
      return {};
    }
    return paths;
  }

  static void add(Paths &paths, const Paths &more) {
    for (const Path &path : more)
      if (!llvm::is_contained(paths, path))
        paths.push_back(path);
  }

  Paths branch(const FlowNode &node, const Paths &paths) {
    Paths after;
    for (std::size_t side = 0; side < node.children.size(); ++side) {
      Paths taken = paths;
      bool isNull = node.condition == ConditionKind::Null && (side == 1) == node.nullIsElse;
      for (Path &path : taken)
        path.excused |= isNull;
      add(after, walk(node.children[side], std::move(taken)));
    }
    return after;
  }

  Paths loop(const FlowNode &node, Paths paths) {
    if (const CallFact *inside = canonicalCallIn(node)) {
      refuse(Weight::Structure, "calls the canonical function in a loop" + atLine(inside->place), inside->place);
      return paths;
    }
    if (!node.counts || !hasSideWork(node))
      refuse(Weight::OwnWork, "does its own work: a loop" + atLine(node.place), node.place);
    Left.push_back(paths);
    for (const FlowNode &child : node.children)
      paths = walk(child, std::move(paths));
    add(Left.back(), paths);
    return leftWays();
  }

  /// What is gone through to be logged or counted; else it is waited, or something is computed.
  bool hasSideWork(const FlowNode &node) const {
    if (node.kind == FlowKind::Effect ? node.counts
                                      : node.kind == FlowKind::Call && Roles[node.call] == CallRole::Tolerated)
      return true;
    return llvm::any_of(node.children, [&](const FlowNode &child) { return hasSideWork(child); });
  }

  Paths choose(const FlowNode &node, const Paths &paths) {
    Left.emplace_back();
    Paths fallen;
    for (const FlowNode &child : node.children) {
      add(fallen, paths);
      fallen = walk(child, std::move(fallen));
    }
    add(Left.back(), fallen);
    return leftWays();
  }

  Paths leftWays() {
    Paths ways = std::move(Left.back());
    Left.pop_back();
    return ways;
  }

  Paths attempt(const FlowNode &node, Paths paths) {
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const FlowNode &handler = node.children[i];
      if (!handler.rethrows || containsReturn(handler))
        refuse(Weight::Exceptions, "swallows exceptions" + atLine(handler.place), handler.place);
      else if (const CallFact *again = canonicalCallIn(handler))
        refuse(Weight::Structure, "calls the canonical function again in a handler" + atLine(again->place),
               again->place);
      else
        ownWorkIn(handler);
    }
    return node.children.empty() ? paths : walk(node.children.front(), std::move(paths));
  }

  Paths call(const FlowNode &node, Paths paths) {
    const CallFact &called = Body.calls[node.call];
    if (Roles[node.call] == CallRole::Own)
      ownCall(called);
    if (Roles[node.call] != CallRole::Canonical)
      return paths;
    checkPassedOn(called);
    checkExceptions(called.usr, called.name, called.place);
    for (Path &path : paths)
      count(path, node.call, called.place);
    return paths;
  }

  void count(Path &path, std::uint32_t call, const Place &place) {
    if (path.calls >= 1)
      refuse(Weight::Structure,
             "calls the canonical function twice on one path (lines " + std::to_string(path.first.line) + " and " +
                 std::to_string(place.line) + ")",
             place);
    else
      path.first = place;
    path.calls = std::min(path.calls + 1, 2u);
    path.last = call;
  }

  void effect(const FlowNode &node) {
    if (node.counts)
      return;
    std::string what = "statement";
    if (node.value) {
      what = "assignment";
      if (llvm::StringRef name = text(node.value->name); !name.empty())
        what += " to " + quoted(name);
    }
    refuse(Weight::OwnWork, "does its own work: " + what + atLine(node.place), node.place);
  }

  void ownCall(const CallFact &called) {
    if (Judge.isBeingDecided(called.usr))
      return refuse(Weight::Structure,
                    "is recursive: calls " + quoted(text(called.name)) + " again" + atLine(called.place), called.place);
    llvm::StringRef name = text(called.name);
    if (isLambda(called))
      return refuse(Weight::OwnWork, "does its own work: calls a lambda" + atLine(called.place), called.place);
    refuse(Weight::OwnWork,
           "does its own work: calls " + (name.empty() ? "a function" : quoted(name)) + atLine(called.place),
           called.place);
  }

  void refuseCondition(const Place &place) {
    refuse(Weight::Structure,
           "calls the canonical function under a condition that can fall through: line " + std::to_string(place.line) +
               " leaves without it",
           place);
  }

  // --- the ends of paths
  // --------------------------------------------------------------------------------------------------------

  /// A path ends: at a return of \p value, or, when that is null, without one.
  void leave(Path path, const Origin *value, const Place &place) {
    if (const Origin *asked = value ? canonicalValueIn(*value) : nullptr) {
      count(path, 0, place);
      checkParameters({asked}, place);
      checkExceptions(asked->usr, asked->name, place);
      return;
    }
    if (path.calls == 0) {
      if (!path.excused)
        refuseCondition(place);
      else if (value && !isPassedOn(*value))
        refuse(Weight::OwnWork, "does its own work: a result of its own" + atLine(place), place);
      return;
    }
    bool nothingToReturn = text(Function.result) == "void" || canonicalReturnsNothing(path.last);
    if (!nothingToReturn && !(value && isResult(*value, path.last)))
      refuse(Weight::Result, "does not return the result" + (value ? atLine(place) : std::string()), place);
  }

  Place endOfBody() const {
    Place end = Body.flow->place;
    end.line = end.endLine;
    end.column = end.endColumn;
    end.begin = end.end;
    return end;
  }

  bool canonicalReturnsNothing(std::uint32_t call) const {
    const FunctionFact *callee = Judge.index().function(Body.calls[call].usr);
    return callee && text(callee->result) == "void";
  }

  /// The result of the call, a member of it or a conversion, alone or together with constants and parameters.
  bool isResult(const Origin &value, std::uint32_t call) const {
    switch (value.kind) {
    case OriginKind::Call:
      if (value.index == call)
        return true;
      return Judge.isVia(Body.calls[value.index].name) && anyIsResult(Body.calls[value.index].arguments, call);
    case OriginKind::Conversion:
      return anyIsResult(value.operands, call);
    default:
      return false;
    }
  }

  bool anyIsResult(llvm::ArrayRef<Origin> values, std::uint32_t call) const {
    return llvm::any_of(values, [&](const Origin &value) { return isResult(value, call); }) &&
           llvm::all_of(values, [&](const Origin &value) { return isResult(value, call) || isPassedOn(value); });
  }

  // --- a canonical function that only looks: extraction folds `object.size()` into the value
  // -----------------------------------------

  const Origin *canonicalValueIn(const Origin &value) {
    if (value.kind != OriginKind::Conversion)
      return nullptr;
    if (value.usr && isCanonical(value.usr, value.name))
      return &value;
    for (const Origin &operand : value.operands)
      if (const Origin *found = canonicalValueIn(operand))
        return found;
    return nullptr;
  }

  bool returnsCanonicalValue(const FlowNode &node) {
    if (node.kind == FlowKind::Return && node.value && canonicalValueIn(*node.value))
      return true;
    return llvm::any_of(node.children, [&](const FlowNode &child) { return returnsCanonicalValue(child); });
  }

  // --- what is passed on
  // --------------------------------------------------------------------------------------------------------

  bool isPassedOn(const Origin &origin) const {
    switch (origin.kind) {
    case OriginKind::Parameter:
    case OriginKind::Member:
    case OriginKind::This:
    case OriginKind::Constant:
      return true;
    case OriginKind::Conversion:
      return llvm::all_of(origin.operands, [&](const Origin &operand) { return isPassedOn(operand); });
    case OriginKind::Call: {
      const CallFact &call = Body.calls[origin.index];
      return Judge.isVia(call.name) && (!call.object || isPassedOn(*call.object)) &&
             llvm::all_of(call.arguments, [&](const Origin &argument) { return isPassedOn(argument); });
    }
    case OriginKind::Local:
    case OriginKind::Other:
      return false;
    }
    return false;
  }

  void checkPassedOn(const CallFact &call) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
      if (!isPassedOn(call.arguments[i]))
        refuse(Weight::Argument,
               "computes argument " + std::to_string(i + 1) + " instead of passing it on" + atLine(call.place),
               call.place);
    checkCrossed(call);
    std::vector<const Origin *> used;
    if (call.object)
      used.push_back(&*call.object);
    for (const Origin &argument : call.arguments)
      used.push_back(&argument);
    checkParameters(used, call.place);
  }

  /// Parameters of one type that bear each other's names: `area(height, width)` for `area(width, height)`.
  void checkCrossed(const CallFact &call) {
    const FunctionFact *callee = Judge.index().function(call.usr);
    if (!callee || callee->parameters.size() < call.arguments.size())
      return;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      const Origin &given = call.arguments[i];
      if (given.kind != OriginKind::Parameter || given.index >= Function.parameters.size())
        continue;
      const ParameterFact &own = Function.parameters[given.index], &there = callee->parameters[i];
      if (!own.name || own.name == there.name)
        continue;
      for (std::size_t k = 0; k < call.arguments.size(); ++k)
        if (k != i && callee->parameters[k].name == own.name && callee->parameters[k].type == there.type &&
            call.arguments[k] != given)
          refuse(Weight::Argument,
                 "passes " + quoted(text(own.name)) + " on as " + quoted(text(there.name)) + atLine(call.place),
                 call.place);
    }
  }

  void checkParameters(llvm::ArrayRef<const Origin *> used, const Place &place) {
    llvm::SmallBitVector seen(static_cast<unsigned>(Function.parameters.size()));
    for (const Origin *origin : used)
      collectParameters(*origin, seen);
    for (unsigned i = 0; i < seen.size(); ++i) {
      if (seen[i])
        continue;
      llvm::StringRef name = text(Function.parameters[i].name);
      refuse(Weight::Parameter,
             name.empty() ? "drops parameter " + std::to_string(i + 1) : "drops parameter " + quoted(name), place);
    }
  }

  void collectParameters(const Origin &origin, llvm::SmallBitVector &seen) const {
    if (origin.kind == OriginKind::Parameter && origin.index < seen.size())
      seen.set(origin.index);
    if (origin.kind == OriginKind::Call) {
      const CallFact &call = Body.calls[origin.index];
      if (call.object)
        collectParameters(*call.object, seen);
      for (const Origin &argument : call.arguments)
        collectParameters(argument, seen);
    }
    for (const Origin &operand : origin.operands)
      collectParameters(operand, seen);
  }

  // --- looking into subtrees
  // ----------------------------------------------------------------------------------------------------

  const CallFact *canonicalCallIn(const FlowNode &node) const {
    if (node.kind == FlowKind::Call && Roles[node.call] == CallRole::Canonical)
      return &Body.calls[node.call];
    for (const FlowNode &child : node.children)
      if (const CallFact *found = canonicalCallIn(child))
        return found;
    return nullptr;
  }

  static bool containsReturn(const FlowNode &node) {
    return node.kind == FlowKind::Return || llvm::any_of(node.children, containsReturn);
  }

  void ownWorkIn(const FlowNode &node) {
    if (node.kind == FlowKind::Effect)
      effect(node);
    if (node.kind == FlowKind::Call && Roles[node.call] == CallRole::Own)
      ownCall(Body.calls[node.call]);
    for (const FlowNode &child : node.children)
      ownWorkIn(child);
  }

  DelegationJudge &Judge;
  const FunctionFact &Function;
  const FunctionBody &Body;
  std::vector<CallRole> Roles;
  std::vector<Paths> Left; ///< by a break, of each loop and switch around
  unsigned CanonicalCalls = 0;
  std::vector<std::pair<Weight, Refusal>> Refusals;
  Delegation Result;
};

Delegation refused(std::string why, const FunctionFact &function) {
  Delegation decision;
  decision.refusals.push_back({std::move(why), function.place});
  return decision;
}

} // namespace

bool DelegationTarget::is(const Index &index, StringId usr, StringId name) const {
  if (usr && usrs.contains(usr))
    return true;
  auto [scope, called] = index.text(name).rsplit("::");
  return !called.empty() && (method.empty() || called == method) && llvm::is_contained(classes, scope);
}

bool DelegationJudge::isVia(StringId name) const { return name && llvm::is_contained(Via, Known.text(name)); }

const Delegation &DelegationJudge::decide(const FunctionFact &function) {
  auto known = Decided.find(&function);
  if (known != Decided.end())
    return known->second;
  Delegation decision;
  FunctionBody body = Known.bodyOf(function);
  if (function.flowTooLarge)
    decision = refused("has a body too large to be an adapter", function);
  else if (!body.flow)
    decision = refused("has a body that was not looked into", function);
  else {
    Open.insert(function.usr);
    decision = BodyJudge(*this, function, body).run();
    Open.erase(function.usr);
  }
  return Decided[&function] = std::move(decision);
}

const Delegation *DelegationJudge::decide(StringId usr) {
  if (Open.contains(usr))
    return nullptr;
  const FunctionFact *function = Known.function(usr);
  return function ? &decide(*function) : nullptr;
}

} // namespace ssot
