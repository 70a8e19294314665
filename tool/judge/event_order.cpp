// event-order: events that belong together come complete and in order, on every way through a function.
//
// A function is judged from where it begins, with what its helpers emit in their places. A helper emits a part of the
// events only and is judged with each of its callers; a function that emits the first and the last event is a run of
// its own, and nothing to those who call it.

#include "judge/event_sequence.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>

#include <deque>
#include <map>
#include <set>

namespace ssot {

namespace {

enum : std::uint32_t { kEntry, kReturn, kThrow };

/// How a function can be left, or the shortest way that breaks the order.
struct Ways {
  std::set<EventState> returned, thrown;
  std::string broken; ///< what is wrong; empty when nothing is
  std::vector<Note> path;
};

/// What a function emits, with its helpers.
struct Emission {
  Events events = 0;
  Events ordinary = 0;     ///< those of them that it emits without an exception
  bool computed = false;   ///< it emits what only runs tell
  bool leaks = false;      ///< an instance hands what emits to somebody who may call it
  std::string unknown;     ///< why its ways are not known
  std::optional<Place> at; ///< of what is unknown
};

/// How control leaves a function that emits nothing.
struct Exits {
  bool returns = true, throws = true;

  friend bool operator==(const Exits &, const Exits &) = default;
};

class EventOrderJudge {
public:
  EventOrderJudge(const JudgeContext &context, const EventOrderRule &rule)
      : Context(context), Known(context.index), Rule(rule), Sequence(rule.order), Emitter(Known.find(rule.emit.value)) {
    for (std::size_t i = 0; i < rule.order.size(); ++i)
      if (StringId id = Known.find(rule.order[i]))
        Number[id] = i;
    for (const FunctionFact &function : Known.functions())
      for (StringId base : function.overrides)
        Overriders[base].push_back(&function);
    for (const FunctionFact &instance : Known.instances())
      if (Instances.try_emplace(instance.usr, &instance).second)
        InstancesOf[instance.instanceOf].push_back(&instance);
  }

  Judgement run() {
    if (!Emitter)
      return {};
    findProblems();
    for (const FunctionFact &function : Known.functions())
      if (function.events && definition(function.usr) == &function)
        noteCallees(function);
    for (const auto &[usr, instance] : Instances)
      if (instance->events)
        noteCallees(*instance);
    for (const FunctionFact &function : Known.functions())
      if (function.events && definition(function.usr) == &function && Context.covers(function.place))
        judgeFunction(function);
    return std::move(Result);
  }

private:
  /// An enumerator without its qualifiers is none, and nothing could break its order.
  void findProblems() {
    std::set<StringId> emitted;
    for (const FunctionFact &function : Known.functions())
      if (function.events)
        for (const EventNode &node : function.events->nodes)
          if (node.kind == EventNodeKind::Event && node.event)
            emitted.insert(node.event);
    for (const std::string &name : Rule.order) {
      if (emitted.contains(Known.find(name)))
        continue;
      std::set<llvm::StringRef> inFull;
      for (StringId event : emitted)
        if (Known.text(event).ends_with("::" + name))
          inFull.insert(Known.text(event));
      if (!inFull.empty())
        Result.problems.push_back(
            {"canonical-missing", name,
             "nothing emits " + quoted(name) + "; an enumerator is named in full: " + quoted(*inFull.begin())});
    }
  }

  /// A function of the project, or what a caller makes of a template.
  const FunctionFact *definition(StringId usr) const {
    if (const FunctionFact *function = Known.function(usr))
      return function;
    auto made = Instances.find(usr);
    return made == Instances.end() ? nullptr : made->second;
  }

  static bool isCall(const EventNode &node) {
    return node.kind == EventNodeKind::Call || node.kind == EventNodeKind::Await;
  }
  bool isEvent(const EventNode &node) const { return node.kind == EventNodeKind::Event && node.name == Emitter; }

  std::optional<std::size_t> numberOf(const EventNode &node) const {
    auto known = Number.find(node.event);
    return node.event && known != Number.end() ? std::optional(known->second) : std::nullopt;
  }

  bool isRun(const Emission &emission) const { return (emission.ordinary & Sequence.ends()) == Sequence.ends(); }

  /// What calling the function emits: nothing when it is a run of its own.
  Emission partOf(StringId usr) {
    const FunctionFact *function = definition(usr);
    if (!function || !function->events)
      return {};
    Emission emission = emissionOf(*function);
    return isRun(emission) ? Emission() : emission;
  }

  /// What whoever overrides the function may emit.
  Emission virtualPart(StringId usr) {
    Emission all = partOf(usr);
    for (const FunctionFact *function : Overriders[usr]) {
      Emission one = partOf(function->usr);
      all.events |= one.events;
      all.computed |= one.computed;
    }
    return all;
  }

  const Emission &emissionOf(const FunctionFact &function) {
    if (!Emissions.contains(function.usr))
      component(function);
    return Emissions[function.usr];
  }

  // Functions that call each other are summed up together (Tarjan's algorithm).

  struct Visit {
    std::size_t number = 0, lowest = 0;
    bool isOpen = false;
  };

  void component(const FunctionFact &function) {
    Visit &visit = Visits[function.usr];
    visit = {Visits.size(), Visits.size(), true};
    Path.push_back(&function);
    std::size_t lowest = visit.number;
    auto follow = [&](StringId usr) {
      const FunctionFact *callee = definition(usr);
      if (!callee || !callee->events)
        return;
      if (!Visits.contains(usr))
        component(*callee);
      if (const Visit &met = Visits[usr]; met.isOpen)
        lowest = std::min(lowest, met.lowest);
    };
    for (const EventNode &node : function.events->nodes) {
      if (isCall(node) || node.kind == EventNodeKind::Escape || node.kind == EventNodeKind::Virtual)
        follow(node.usr);
      if (node.kind == EventNodeKind::Virtual)
        for (const FunctionFact *overrider : Overriders[node.usr])
          follow(overrider->usr);
    }
    Visits[function.usr].lowest = lowest;
    if (lowest != Visits[function.usr].number)
      return;
    std::vector<const FunctionFact *> members;
    do {
      members.push_back(Path.back());
      Visits[Path.back()->usr].isOpen = false;
      Path.pop_back();
    } while (members.back() != &function);
    sumUp(members);
  }

  void sumUp(const std::vector<const FunctionFact *> &members) {
    // What one emits, all may emit that call each other.
    Emission all;
    for (const FunctionFact *member : members)
      Emissions[member->usr] = {};
    for (const FunctionFact *member : members) {
      Emission own = ownEmission(*member);
      all.events |= own.events;
      all.ordinary |= own.ordinary;
      all.computed |= own.computed;
      all.leaks |= own.leaks;
    }
    for (const FunctionFact *member : members)
      Emissions[member->usr] = all;
    std::map<StringId, Emission> sums;
    const FunctionFact *unknown = nullptr;
    for (const FunctionFact *member : members) {
      Emission &sum = sums[member->usr] = ownEmission(*member);
      sum.events |= all.events;
      sum.ordinary |= all.ordinary;
      sum.computed |= all.computed;
      sum.leaks |= all.leaks;
      if (members.size() > 1 && isRun(sum) && sum.unknown.empty()) {
        sum.unknown = "it calls itself through others, which together are a run";
        sum.at = member->place;
      }
      if (!unknown && !sum.unknown.empty())
        unknown = member;
    }
    for (const FunctionFact *member : members) {
      Emission &sum = sums[member->usr];
      if (unknown && sum.unknown.empty()) {
        sum.unknown = "of " + quoted(Known.text(unknown->name)) + " " + sums[unknown->usr].unknown;
        sum.at = member->place;
      }
      Emissions[member->usr] = std::move(sum);
      Leaving[member->usr] = {false, false};
    }
    for (bool changes = true; changes;) {
      changes = false;
      for (const FunctionFact *member : members) {
        Exits exits = exitsThrough(*member);
        changes |= exits != Leaving[member->usr];
        Leaving[member->usr] = exits;
      }
    }
  }

  static std::vector<bool> reachedWithoutExceptions(const std::vector<EventNode> &nodes) {
    std::vector<bool> seen(nodes.size());
    std::vector<std::uint32_t> open{kEntry};
    while (!open.empty()) {
      std::uint32_t at = open.back();
      open.pop_back();
      if (at >= nodes.size() || seen[at])
        continue;
      seen[at] = true;
      llvm::append_range(open, nodes[at].next);
    }
    return seen;
  }

  /// What the function itself emits, and its callees as far as they are known.
  Emission ownEmission(const FunctionFact &function) {
    Emission sum;
    auto dontKnow = [&](const EventNode &node, const std::string &why) {
      if (sum.unknown.empty()) {
        sum.unknown = why;
        sum.at = node.place;
      }
    };
    const std::vector<EventNode> &nodes = function.events->nodes;
    const std::vector<bool> ordinary = reachedWithoutExceptions(nodes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const EventNode &node = nodes[i];
      if (isEvent(node)) {
        if (std::optional<std::size_t> number = numberOf(node)) {
          sum.events |= Events(1) << *number;
          sum.ordinary |= ordinary[i] ? Events(1) << *number : 0;
        } else if (!node.event) {
          sum.computed = true;
          dontKnow(node, "which event it emits is computed");
        }
      } else if (isCall(node)) {
        Emission part = partOf(node.usr);
        sum.events |= part.events;
        sum.ordinary |= ordinary[i] ? part.ordinary : 0;
        sum.leaks |= part.leaks && function.instanceOf;
        if ((part.events || part.leaks) && !part.unknown.empty())
          dontKnow(node, "of " + nameOf(node) + " " + part.unknown);
        if (part.computed)
          dontKnow(node, "which event " + nameOf(node) + " emits is computed");
        const FunctionFact *callee = definition(node.usr);
        if (!callee)
          dontKnow(node, nameOf(node) + " is not defined in the code that was analysed");
        else if (part.events && node.kind == EventNodeKind::Call && callee->events->isCoroutine)
          dontKnow(node, "when the coroutine " + nameOf(node) + " goes on, only runs tell");
      } else if (node.kind == EventNodeKind::Virtual) {
        Emission part = virtualPart(node.usr);
        if (part.events || part.computed)
          dontKnow(node, "which override of " + nameOf(node) + " is called, only runs tell");
        else if (!definition(node.usr) && Overriders[node.usr].empty())
          dontKnow(node, "nothing in the code that was analysed defines " + nameOf(node));
      } else if (node.kind == EventNodeKind::Escape) {
        Emission part = partOf(node.usr);
        sum.leaks |= (part.events || part.computed) && function.instanceOf;
        if (part.events || part.computed)
          dontKnow(node, "who calls what emits here, and when, only runs tell");
      } else if (node.kind == EventNodeKind::Unknown) {
        dontKnow(node, "it calls " + Known.text(node.name).str() + ", which may emit");
      }
    }
    if (function.events->unknown) {
      sum.unknown = Known.text(function.events->unknown).str();
      sum.at = function.place;
    }
    return sum;
  }

  /// How a call that emits nothing goes on.
  Exits exitsOf(const EventNode &node) {
    const FunctionFact *callee = isCall(node) ? definition(node.usr) : nullptr;
    if (!callee)
      return {};
    // Called without being awaited, a coroutine comes back at its first suspension.
    if (callee->events && (callee->events->unknown || callee->events->isCoroutine))
      return {};
    if (!callee->events)
      return {!callee->neverReturns, !callee->neverThrows};
    emissionOf(*callee);
    return Leaving[node.usr];
  }

  /// One round over a function; what it calls is known, or is better known in the next round.
  Exits exitsThrough(const FunctionFact &function) {
    const std::vector<EventNode> &nodes = function.events->nodes;
    std::vector<bool> seen(nodes.size());
    std::vector<std::uint32_t> open{kEntry};
    while (!open.empty()) {
      std::uint32_t at = open.back();
      open.pop_back();
      if (at >= nodes.size() || seen[at])
        continue;
      seen[at] = true;
      Exits exits = exitsOf(nodes[at]);
      if (exits.returns)
        llvm::append_range(open, nodes[at].next);
      if (exits.throws)
        llvm::append_range(open, nodes[at].thrown);
    }
    return {seen[kReturn], seen[kThrow]};
  }

  std::string nameOf(const EventNode &node) const { return quoted(Known.text(node.name)); }

  void noteCallees(const FunctionFact &function) {
    std::set<StringId> emitting;
    bool speaks = false;
    for (const EventNode &node : function.events->nodes) {
      if (isEvent(node) && (numberOf(node) || !node.event))
        speaks = true;
      else if (isCall(node) || node.kind == EventNodeKind::Escape || node.kind == EventNodeKind::Virtual)
        if (Emission part = partOf(node.usr); part.events)
          emitting.insert(node.usr);
    }
    for (StringId callee : emitting) {
      Called.insert(callee);
      if (!speaks && emitting.size() == 1)
        ForwardedBy[callee].push_back(&function);
    }
  }

  /// Judged with its callers: each of them emits something beside it.
  /// Who only calls it is looked at in its place: the constructor of a class that derives from a guard's.
  bool isHelper(const FunctionFact &function, const Emission &emission) {
    if (isRun(emission) || !Called.contains(function.usr) || !Asked.insert(function.usr).second)
      return false;
    bool all = true;
    if (auto forwarders = ForwardedBy.find(function.usr); forwarders != ForwardedBy.end())
      all = llvm::all_of(forwarders->second,
                         [&](const FunctionFact *forwarder) { return isHelper(*forwarder, emissionOf(*forwarder)); });
    Asked.erase(function.usr);
    return all;
  }

  /// What is said of a function: it is judged with its callers, or not at all, or is in order, or is not.
  struct Opinion {
    enum OpinionKind { Nothing, Helper, Compliant, Unknown, Broken } kind = Nothing;
    std::string what;
    std::vector<Note> path;
  };

  Opinion opinionOf(const FunctionFact &function) {
    if (!function.events)
      return {};
    const Emission emission = emissionOf(function);
    if (!emission.events && !emission.computed)
      return {};
    if (isHelper(function, emission) || (function.isLocalOrLambda && !isRun(emission)))
      return {Opinion::Helper, {}, {}};
    if (!emission.unknown.empty())
      return {Opinion::Unknown, emission.unknown, {}};
    Work = 0;
    Ways ways = explore(function, EventState());
    if (std::exchange(TooMany, false))
      return {Opinion::Unknown, "it has too many ways", {}};
    return {ways.broken.empty() ? Opinion::Compliant : Opinion::Broken, ways.broken, std::move(ways.path)};
  }

  void judgeFunction(const FunctionFact &function) {
    Opinion opinion;
    // A template is what its callers make of it: the first of the worst is told.
    if (auto made = InstancesOf.find(function.usr); made != InstancesOf.end())
      for (const FunctionFact *instance : made->second) {
        if (Opinion one = opinionOf(*instance); one.kind > opinion.kind)
          opinion = std::move(one);
      }
    else
      opinion = opinionOf(function);
    switch (opinion.kind) {
    case Opinion::Nothing:
      return;
    case Opinion::Helper:
      if (!function.isLocalOrLambda)
        Result.asides.push_back({function.place, Role::Declaration, Known.text(function.name).str(), {}, false});
      return;
    case Opinion::Unknown:
      Result.asides.push_back({function.place, Role::Use, Known.text(function.name).str(), opinion.what, true});
      return;
    case Opinion::Compliant:
    case Opinion::Broken:
      break;
    }
    Site &site = Result.sites.emplace_back();
    site.place = function.place;
    site.role = Role::Implementation;
    site.symbol = Known.text(function.name).str();
    site.canonical = Rule.emit.value;
    site.identity = identityOf(Known, function);
    site.verdict = opinion.kind == Opinion::Compliant ? Verdict::Compliant : Verdict::Violation;
    site.message = opinion.what;
    site.notes = std::move(opinion.path);
  }

  // --- the ways through a function

  struct Step {
    std::uint32_t node;
    EventState state; ///< before the node
    std::size_t from;
    bool thrown; ///< the step before threw
  };

  /// Breadth first: the first way that breaks the order is a shortest one.
  Ways explore(const FunctionFact &function, const EventState &start) {
    const std::vector<EventNode> &nodes = function.events->nodes;
    Ways ways;
    std::deque<Step> steps{{kEntry, start, 0, false}};
    std::set<std::pair<std::uint32_t, EventState>> reached{{kEntry, start}};
    for (std::size_t at = 0; at < steps.size(); ++at) {
      const Step step = steps[at];
      const EventNode &node = nodes[step.node];
      if (step.node == kReturn || step.node == kThrow) {
        (step.node == kReturn ? ways.returned : ways.thrown).insert(step.state);
        // A function that began in the middle of a run leaves the rest to its caller.
        if (start == EventState() && !(Depth > 0))
          if (std::string missing = Sequence.missing(step.state); !missing.empty())
            return broken(nodes, steps, at, leaving(step.node) + missing, step.node == kThrow);
        continue;
      }
      if (++Work > kMaxSteps) {
        TooMany = true;
        return ways;
      }
      std::set<EventState> after{step.state}, afterThrow{step.state};
      if (std::optional<std::size_t> number = isEvent(node) ? numberOf(node) : std::nullopt) {
        EventState next = step.state;
        if (std::string wrong = Sequence.step(next, *number); !wrong.empty())
          return broken(nodes, steps, at, wrong, false);
        after = afterThrow = {next};
      } else if (isCall(node) && partOf(node.usr).events) {
        Ways inner = waysOf(*definition(node.usr), step.state);
        if (!inner.broken.empty()) {
          Ways whole = broken(nodes, steps, at, inner.broken, false);
          whole.path.insert(whole.path.end(), inner.path.begin(), inner.path.end());
          return whole;
        }
        after = std::move(inner.returned);
        afterThrow = std::move(inner.thrown);
      } else if (Exits exits = exitsOf(node); !exits.returns || !exits.throws) {
        if (!exits.returns)
          after.clear();
        if (!exits.throws)
          afterThrow.clear();
      }
      auto go = [&](const std::vector<std::uint32_t> &targets, const std::set<EventState> &states, bool thrown) {
        for (std::uint32_t target : targets)
          for (const EventState &state : states)
            if (target < nodes.size() && reached.emplace(target, state).second)
              steps.push_back({target, state, at, thrown});
      };
      go(node.next, after, false);
      go(node.thrown, afterThrow, true);
    }
    return ways;
  }

  static std::string leaving(std::uint32_t node) {
    return node == kReturn ? "a way through it returns without " : "an exception leaves it without ";
  }

  /// A helper that calls itself is asked again until what it leaves behind no longer grows: each way that is found on
  /// the way there is one that it has.
  Ways waysOf(const FunctionFact &helper, const EventState &state) {
    std::pair<StringId, EventState> key{helper.usr, state};
    if (auto known = Helpers.find(key); known != Helpers.end())
      return known->second;
    if (auto open = Guesses.find(key); open != Guesses.end()) {
      open->second.isUsed = true;
      return open->second.ways;
    }
    Guesses.try_emplace(key);
    ++Depth;
    Ways ways;
    for (;;) {
      ways = explore(helper, state);
      Guess &guess = Guesses[key];
      if (!ways.broken.empty() || TooMany || !guess.isUsed ||
          (guess.ways.returned == ways.returned && guess.ways.thrown == ways.thrown))
        break;
      guess.ways = ways;
    }
    --Depth;
    Guesses.erase(key);
    // What rests on a guess further out is asked again when that one is better.
    bool rests = std::any_of(Guesses.begin(), Guesses.end(), [](const auto &open) { return open.second.isUsed; });
    if (!rests || !ways.broken.empty())
      Helpers[key] = ways;
    return ways;
  }

  /// The way to a step as notes: what is emitted, by whom, and where it is left.
  Ways broken(const std::vector<EventNode> &nodes, const std::deque<Step> &steps, std::size_t at, std::string what,
              bool) {
    Ways ways;
    ways.broken = std::move(what);
    std::vector<std::size_t> way;
    for (std::size_t i = at;; i = steps[i].from) {
      way.push_back(i);
      if (i == 0)
        break;
    }
    std::reverse(way.begin(), way.end());
    for (std::size_t i = 0; i < way.size(); ++i) {
      const EventNode &node = nodes[steps[way[i]].node];
      bool isEnd = i + 1 == way.size();
      bool throws = !isEnd && steps[way[i + 1]].thrown;
      if (std::optional<std::size_t> number = isEvent(node) ? numberOf(node) : std::nullopt) {
        ways.path.push_back({node.place, Sequence.shortName(*number) + " is emitted here"});
      } else if (const Events all = isCall(node) ? partOf(node.usr).events : 0) {
        const Events events = isEnd ? all : Sequence.between(steps[way[i]].state, steps[way[i + 1]].state, all);
        ways.path.push_back({node.place, nameOf(node) + (events ? " emits " + listOf(events) + " here"
                                                                : " is called here, and emits no " + listOf(all))});
      }
      if (throws)
        ways.path.push_back({node.place, node.name && !isEvent(node) ? nameOf(node) + " may throw here"
                                                                     : std::string("an exception may be thrown here")});
      if (!isEnd && steps[way[i + 1]].node == kReturn)
        ways.path.push_back({node.place, "it returns here"});
    }
    return ways;
  }

  std::string listOf(Events events) const {
    std::string list;
    for (std::size_t i = 0; i < Sequence.size(); ++i)
      if (events & Events(1) << i)
        list += (list.empty() ? "" : ", ") + Sequence.shortName(i);
    return list;
  }

  static constexpr std::size_t kMaxSteps = 200000;

  const JudgeContext &Context;
  const Index &Known;
  const EventOrderRule &Rule;
  EventSequence Sequence;
  StringId Emitter;
  std::map<StringId, std::size_t> Number; ///< of each event by its text
  std::map<StringId, std::vector<const FunctionFact *>> Overriders;
  std::map<StringId, const FunctionFact *> Instances;                ///< of templates, by their own USRs
  std::map<StringId, std::vector<const FunctionFact *>> InstancesOf; ///< by the template's
  std::map<StringId, Emission> Emissions;
  std::map<StringId, Visit> Visits;
  std::vector<const FunctionFact *> Path; ///< functions whose component is not complete
  std::map<StringId, Exits> Leaving;
  std::set<StringId> Called, Asked;
  std::map<StringId, std::vector<const FunctionFact *>> ForwardedBy; ///< by functions that emit nothing beside
  std::map<std::pair<StringId, EventState>, Ways> Helpers;
  struct Guess {
    Ways ways;
    bool isUsed = false;
  };
  std::map<std::pair<StringId, EventState>, Guess> Guesses; ///< of helpers that are being explored
  unsigned Depth = 0;
  std::size_t Work = 0; ///< steps for the function that is judged
  bool TooMany = false;
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const EventOrderRule &rule) {
  return EventOrderJudge(context, rule).run();
}

} // namespace ssot
