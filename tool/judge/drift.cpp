#include "judge/drift.h"

#include "judge/body_memory.h"
#include "judge/canonical.h"
#include "judge/exceptions.h"
#include "judge/judge.h"
#include "judge/same_text.h"
#include "judge/side_work.h"
#include "judge/sites.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <map>
#include <set>

namespace ssot {

namespace {

/// Helpers in helpers in helpers are followed; further down one reads on oneself.
constexpr unsigned kDeepest = 3;
/// From this share of steps in common on, methods of different names are taken for one and the same.
constexpr double kSameMethod = 0.7;
constexpr std::size_t kFewestSteps = 3;

using Steps = std::vector<const StepFact *>;

/// Keeps the bodies whose steps are pointed to.
class StepStore {
public:
  explicit StepStore(BodyMemory &memory) : Memory(memory) {}

  const Index &index() const { return Memory.index(); }
  llvm::ArrayRef<StepFact> stepsOf(const FunctionFact &function) {
    return Read.emplace_back(Memory.of(function))->steps;
  }

private:
  BodyMemory &Memory;
  std::vector<std::shared_ptr<const FunctionBody>> Read;
};

/// Writes a body's steps out.
class StepReader {
public:
  /// \param store keeps what is read.
  explicit StepReader(StepStore &store) : Known(store.index()), Store(store) {}

  Steps read(const FunctionFact &function) {
    Open.push_back(&function);
    Steps steps;
    llvm::ArrayRef<StepFact> own = Store.stepsOf(function);
    std::vector<bool> dropped(own.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
      const StepFact &step = own[i];
      bool isCall = step.kind == StepKind::Call;
      dropped[i] = (step.within && dropped[step.within - 1]) || (isCall && isSideWork(Known.text(step.text)));
      if (dropped[i])
        continue;
      if (const FunctionFact *helper = isCall ? helperOf(function, step) : nullptr)
        llvm::copy_if(read(*helper), std::back_inserter(steps), [](const StepFact *inner) {
          // What a helper returns goes to its caller.
          return inner->kind != StepKind::Return && inner->kind != StepKind::Guard;
        });
      else
        steps.push_back(&step);
    }
    Open.pop_back();
    return steps;
  }

private:
  /// \returns the definition behind a call of something that is the caller's own business.
  const FunctionFact *helperOf(const FunctionFact &caller, const StepFact &call) const {
    const FunctionFact *callee = Known.function(call.usr);
    if (!callee || Open.size() > kDeepest || llvm::is_contained(Open, callee))
      return nullptr;
    bool own = callee->access != Access::Public && callee->parentClass == caller.parentClass;
    return own || isInternal(Known.text(call.usr)) ? callee : nullptr;
  }

  const Index &Known;
  StepStore &Store;
  std::vector<const FunctionFact *> Open;
};

const StepFact *first(const Steps &steps, StepKind kind) {
  auto found = llvm::find_if(steps, [&](const StepFact *step) { return step->kind == kind; });
  return found == steps.end() ? nullptr : *found;
}

std::optional<Place> placeOf(const StepFact *step) { return step ? std::optional(step->place) : std::nullopt; }

/// Compares two bodies that do the same work.
class BodyComparison {
public:
  BodyComparison(BodyMemory &memory, const FunctionFact &canonical, const FunctionFact &duplicate)
      : Known(memory.index()), Memory(memory), Canonical(canonical), Duplicate(duplicate), Store(memory),
        Ours(StepReader(Store).read(canonical)), Theirs(StepReader(Store).read(duplicate)) {}

  std::vector<DriftPoint> run() {
    compareDefaults();
    compareLocks();
    compareErrors();
    compareConstants();
    compareResults();
    if (Differences.empty() || llvm::none_of(Differences, [](const DriftPoint &each) { return each.decides; }))
      compareRest();
    // That no step differs is no proof: `a - b` and `b - a` are the same steps.
    if (llvm::none_of(Differences,
                      [](const DriftPoint &each) { return each.decides || each.kind == DriftKind::Unknown; }))
      if (std::optional<FirstDifference> difference = firstDifference(Memory, Canonical, Duplicate))
        Differences.push_back({DriftKind::Unknown, false,
                               difference->text + ": whether it comes to the same cannot be told",
                               difference->canonical, difference->duplicate});
    return std::move(Differences);
  }

private:
  void add(DriftKind kind, bool decides, std::string text, const StepFact *ours, const StepFact *theirs) {
    Differences.push_back({kind, decides, std::move(text), placeOf(ours), placeOf(theirs)});
  }

  void compareDefaults() {
    if (Canonical.parameters.size() != Duplicate.parameters.size())
      return;
    for (std::size_t i = 0; i < Canonical.parameters.size(); ++i) {
      llvm::StringRef ours = Known.text(Canonical.parameters[i].defaultValue);
      llvm::StringRef theirs = Known.text(Duplicate.parameters[i].defaultValue);
      if (ours == theirs || theirs.empty()) // who passed a value goes on passing it
        continue;
      std::string parameter = quoted(Known.text(Duplicate.parameters[i].name));
      Differences.push_back({DriftKind::Default, true,
                             "parameter " + parameter + " is " + quoted(theirs) + " by default, the canonical one " +
                                 (ours.empty() ? "has no default" : "takes " + quoted(ours)),
                             Canonical.place, Duplicate.place});
    }
  }

  /// A lock that guards nothing here is not missing.
  bool sharesState() const { return first(Theirs, StepKind::Global) || (Duplicate.isMethod && !Duplicate.isStatic); }

  void compareLocks() {
    const StepFact *ours = first(Ours, StepKind::Lock), *theirs = first(Theirs, StepKind::Lock);
    if (bool(ours) == bool(theirs))
      return;
    if (theirs)
      return add(DriftKind::Lock, true, "takes a lock, the canonical one takes none", nullptr, theirs);
    bool global = Known.text(ours->text) == "global";
    if (global ? first(Theirs, StepKind::Global) != nullptr : sharesState())
      add(DriftKind::Lock, true, "takes no lock, the canonical one does", ours, nullptr);
  }

  void compareErrors() {
    const StepFact *ours = first(Ours, StepKind::Swallow), *theirs = first(Theirs, StepKind::Swallow);
    if (theirs && !ours)
      add(DriftKind::Error, true,
          "swallows errors (`catch (" + Known.text(theirs->text).str() + ")`), the canonical one lets them out",
          nullptr, theirs);
    if (ours && !theirs)
      add(DriftKind::Error, true,
          "lets errors out, the canonical one swallows them (`catch (" + Known.text(ours->text).str() + ")`)", ours,
          nullptr);
    compareBags({StepKind::Throw}, DriftKind::Error, "throw", "", true);
    compareEnds();
  }

  /// Where an exception ends the program in one of them only.
  void compareEnds() {
    bool ours = Canonical.written.isNoexcept, theirs = Duplicate.written.isNoexcept;
    if (ours == theirs || !bodyMayThrow(Known, ours ? Canonical : Duplicate) ||
        !bodyMayThrow(Known, ours ? Duplicate : Canonical))
      return;
    Differences.push_back({DriftKind::Error, true,
                           theirs ? "is noexcept and calls what may throw, the canonical one lets exceptions out"
                                  : "lets exceptions out, the canonical one is noexcept and calls what may throw",
                           Canonical.place, Duplicate.place});
  }

  void compareConstants() {
    compareBags({StepKind::Comparison}, DriftKind::Constant, "compare", "", true);
    compareBags({StepKind::Constant}, DriftKind::Constant, "use", "", true);
  }

  void compareResults() {
    // A check for null that the canonical one makes besides takes nothing from anybody.
    compareBags({StepKind::Return}, DriftKind::Result, "return", "", true);
    compareBags({StepKind::Guard}, DriftKind::Result, "return", " for null", false);
    bool ours = Known.text(Canonical.result) == "void", theirs = Known.text(Duplicate.result) == "void";
    bool flag = Known.text(Canonical.result) == "bool", otherFlag = Known.text(Duplicate.result) == "bool";
    if (theirs ? false : ours || flag != otherFlag)
      Differences.push_back({DriftKind::Result, true,
                             "its result is " + quoted(Known.text(Duplicate.result)) + ", the canonical one's " +
                                 quoted(Known.text(Canonical.result)),
                             Canonical.place, Duplicate.place});
  }

  static std::multimap<StringId, const StepFact *> bagOf(const Steps &steps, llvm::ArrayRef<StepKind> kinds) {
    std::multimap<StringId, const StepFact *> bag;
    for (const StepFact *step : steps)
      if (llvm::is_contained(kinds, step->kind))
        bag.emplace(step->text, step);
    return bag;
  }

  /// The spellings of what only one side has, in the order of the source.
  std::string spelled(const Steps &only) const {
    std::vector<std::string> texts;
    for (const StepFact *step : only)
      if (std::string text = "`" + Known.text(step->text).str() + "`"; !llvm::is_contained(texts, text))
        texts.push_back(text);
    return llvm::join(texts, ", ");
  }

  /// \returns the steps of these kinds in \p steps that \p others have fewer of.
  static Steps surplus(const Steps &steps, const Steps &others, llvm::ArrayRef<StepKind> kinds) {
    auto left = bagOf(others, kinds);
    Steps only;
    for (const StepFact *step : steps)
      if (llvm::is_contained(kinds, step->kind)) {
        if (auto match = left.find(step->text); match != left.end())
          left.erase(match);
        else
          only.push_back(step);
      }
    return only;
  }

  /// `x == a` and `x != a` with the branches exchanged are one thing, and nobody but a person sees whether they are
  /// exchanged.
  bool turnedOnly(const Steps &ours, const Steps &theirs) const {
    auto constants = [&](const Steps &steps) {
      std::multiset<llvm::StringRef> texts;
      for (const StepFact *step : steps) {
        auto [operation, constant] = Known.text(step->text).split(' ');
        if (operation != "==" && operation != "!=")
          return std::optional<std::multiset<llvm::StringRef>>();
        texts.insert(constant);
      }
      return std::optional(texts);
    };
    auto left = constants(ours), right = constants(theirs);
    return left && right && *left == *right;
  }

  void compareBags(llvm::ArrayRef<StepKind> kinds, DriftKind kind, llvm::StringRef verb, llvm::StringRef when,
                   bool missingDecides) {
    Steps ours = surplus(Ours, Theirs, kinds), theirs = surplus(Theirs, Ours, kinds);
    if (ours.empty() && theirs.empty())
      return;
    const StepFact *left = ours.empty() ? nullptr : ours.front(), *right = theirs.empty() ? nullptr : theirs.front();
    if (kinds.front() == StepKind::Comparison && turnedOnly(ours, theirs))
      return add(DriftKind::Unknown, false,
                 "asks " + spelled(theirs) + " where the canonical one asks " + spelled(ours) +
                     ": whether the branches are exchanged too cannot be told",
                 left, right);
    std::string does = (verb + "s ").str(), text;
    if (theirs.empty())
      text = ("does not " + verb + " " + spelled(ours) + when + ", the canonical one does").str();
    else if (ours.empty())
      text = does + spelled(theirs) + when.str() + ", the canonical one does not";
    else
      text = does + spelled(theirs) + when.str() + " where the canonical one " + does + spelled(ours);
    add(kind, !theirs.empty() || missingDecides, std::move(text), left, right);
  }

  /// What is left when nothing definite was found.
  void compareRest() {
    compareOrder();
    for (StepKind kind : {StepKind::Standard, StepKind::Change, StepKind::Detail}) {
      Steps ours = surplus(Ours, Theirs, {kind}), theirs = surplus(Theirs, Ours, {kind});
      if (ours.empty() && theirs.empty())
        continue;
      auto said = [&](const Steps &only) { return only.empty() ? std::string("nothing") : spelled(only); };
      add(DriftKind::Unknown, false,
          (kind == StepKind::Standard ? "calls of the standard library: "
           : kind == StepKind::Change ? "changes of fields: "
                                      : "computes with ") +
              said(theirs) + "; the canonical one: " + said(ours) + "; whether they come to the same cannot be told",
          ours.empty() ? nullptr : ours.front(), theirs.empty() ? nullptr : theirs.front());
    }
  }

  static Steps sequenceOf(const Steps &steps) {
    Steps sequence;
    llvm::copy_if(steps, std::back_inserter(sequence), [](const StepFact *step) {
      return step->kind == StepKind::Call || step->kind == StepKind::Loop || step->kind == StepKind::Throw;
    });
    return sequence;
  }

  /// The name of what is called without its class: a copy has its own.
  llvm::StringRef tokenOf(const StepFact *step) const {
    return step->kind == StepKind::Loop    ? "a loop"
           : step->kind == StepKind::Throw ? "throw"
                                           : unqualified(Known.text(step->text));
  }

  /// The same steps under new names, each name standing for one.
  bool renamed(const Steps &ours, const Steps &theirs) const {
    if (ours.size() != theirs.size())
      return false;
    std::map<llvm::StringRef, llvm::StringRef> there, back;
    for (auto [left, right] : llvm::zip(ours, theirs)) {
      llvm::StringRef from = tokenOf(left), to = tokenOf(right);
      if (left->kind != right->kind || there.try_emplace(from, to).first->second != to ||
          back.try_emplace(to, from).first->second != from)
        return false;
    }
    // A name that both have means the same in both.
    return llvm::all_of(there,
                        [&](const auto &pair) { return pair.first == pair.second || !back.contains(pair.first); });
  }

  void compareOrder() {
    Steps ours = sequenceOf(Ours), theirs = sequenceOf(Theirs);
    if (renamed(ours, theirs))
      return;
    auto tokens = [&](const Steps &steps) {
      std::vector<llvm::StringRef> names;
      for (const StepFact *step : steps)
        names.push_back(tokenOf(step));
      return names;
    };
    std::vector<llvm::StringRef> left = tokens(ours), right = tokens(theirs);
    std::vector<llvm::StringRef> leftSorted = left, rightSorted = right;
    llvm::sort(leftSorted);
    llvm::sort(rightSorted);
    auto [here, there] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    const StepFact *one = here == left.end() ? nullptr : ours[static_cast<std::size_t>(here - left.begin())];
    const StepFact *other = there == right.end() ? nullptr : theirs[static_cast<std::size_t>(there - right.begin())];
    if (leftSorted == rightSorted)
      return add(DriftKind::Order, true,
                 "has " + quoted(*there) + " where the canonical one has " + quoted(*here) +
                     ": the same steps in another order",
                 one, other);
    add(DriftKind::Unknown, false,
        "takes other steps (" + (right.empty() ? std::string("none") : llvm::join(right, ", ")) +
            "; the canonical one: " + (left.empty() ? std::string("none") : llvm::join(left, ", ")) +
            "): whether they come to the same cannot be told",
        one, other);
  }

  const Index &Known;
  BodyMemory &Memory;
  const FunctionFact &Canonical;
  const FunctionFact &Duplicate;
  StepStore Store;
  Steps Ours, Theirs;
  std::vector<DriftPoint> Differences;
};

class DriftFinder {
public:
  explicit DriftFinder(const JudgeContext &context) : Known(context.index), Memory(context.index) {
    if (const auto *rule = std::get_if<SingleClassRule>(&context.rule.body))
      Classes = canonicalDefinitions(Known, *rule).stay;
    else if (const auto *rule = std::get_if<SingleFunctionRule>(&context.rule.body))
      Functions = canonicalDefinitions(Known, *rule).stay;
    for (const FunctionFact &function : Known.functions()) {
      FunctionAt.try_emplace({function.place.file, function.place.begin}, &function);
      if (function.isSpecial)
        Specials[function.parentClass].push_back(&function);
    }
    for (const TypeFact &type : Known.types())
      TypeAt.try_emplace({type.place.file, type.place.begin}, &type);
  }

  Drift ofFunction(const Site &site) {
    Drift drift = begin(site);
    const FunctionFact *duplicate = FunctionAt.lookup({site.place.file, site.place.begin});
    const FunctionFact *canonical = nullptr;
    for (const FunctionFact *function : Functions)
      if (duplicate && (!canonical || (canonical->parameters.size() != duplicate->parameters.size() &&
                                       function->parameters.size() == duplicate->parameters.size())))
        canonical = function;
    MethodDrift row{unqualified(site.canonical).str(), unqualified(site.symbol).str(), {}};
    compare(canonical, duplicate, site.place, row);
    drift.methods.push_back(std::move(row));
    return decided(std::move(drift));
  }

  Drift ofClass(const Site &site) {
    Drift drift = begin(site);
    const TypeFact *duplicate = TypeAt.lookup({site.place.file, site.place.begin});
    const TypeFact *canonical = Classes.empty() ? nullptr : Classes.front();
    if (!canonical || !duplicate) {
      MethodDrift row{unqualified(site.canonical).str(), unqualified(site.symbol).str(), {}};
      row.differences.push_back(
          {DriftKind::Unknown, false, "no analysed unit defines the canonical one", std::nullopt, site.place});
      drift.methods.push_back(std::move(row));
      return decided(std::move(drift));
    }
    pairMethods(*canonical, *duplicate, drift);
    compareBeginnings(*canonical, *duplicate, drift);
    return decided(std::move(drift));
  }

private:
  using Methods = std::vector<const MethodFact *>;

  static Drift begin(const Site &site) {
    Drift drift;
    drift.symbol = site.symbol;
    drift.canonical = site.canonical;
    drift.place = site.place;
    return drift;
  }

  static Methods interfaceOf(const TypeFact &type) {
    Methods methods;
    for (const MethodFact &method : type.methods)
      if (method.access == Access::Public && !method.isSpecial && !method.isDefaultedOrDeleted)
        methods.push_back(&method);
    return methods;
  }

  using Tokens = std::vector<std::pair<StepKind, llvm::StringRef>>;

  /// The steps as far as they have a name, sorted, with repeats.
  Tokens tokensOf(const MethodFact &method) {
    Tokens all;
    StepStore store(Memory);
    if (const FunctionFact *function = Known.function(method.usr))
      for (const StepFact *step : StepReader(store).read(*function))
        if (step->kind != StepKind::Detail)
          all.emplace_back(step->kind, unqualified(Known.text(step->text)));
    llvm::sort(all);
    return all;
  }

  static double alike(const Tokens &ours, const Tokens &theirs) {
    if (std::min(ours.size(), theirs.size()) < kFewestSteps)
      return 0;
    Tokens both;
    std::set_intersection(ours.begin(), ours.end(), theirs.begin(), theirs.end(), std::back_inserter(both));
    return 2.0 * static_cast<double>(both.size()) / static_cast<double>(ours.size() + theirs.size());
  }

  void pairMethods(const TypeFact &canonical, const TypeFact &duplicate, Drift &drift) {
    Methods ours = interfaceOf(canonical), theirs = interfaceOf(duplicate);
    std::vector<const MethodFact *> partner(ours.size());
    std::vector<bool> taken(theirs.size());
    auto pair = [&](auto fits) {
      for (std::size_t i = 0; i < ours.size(); ++i)
        for (std::size_t k = 0; k < theirs.size() && !partner[i]; ++k)
          if (!taken[k] && fits(i, k)) {
            partner[i] = theirs[k];
            taken[k] = true;
          }
    };
    auto isNamesake = [&](std::size_t i, std::size_t k) { return ours[i]->name == theirs[k]->name; };
    pair([&](std::size_t i, std::size_t k) { return isNamesake(i, k) && ours[i]->signature == theirs[k]->signature; });
    pair(isNamesake);
    std::vector<Tokens> left(ours.size()), right(theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i)
      if (!partner[i])
        left[i] = tokensOf(*ours[i]);
    for (std::size_t k = 0; k < theirs.size(); ++k)
      if (!taken[k])
        right[k] = tokensOf(*theirs[k]);
    for (double least : {1.0, 0.9, 0.8, kSameMethod}) // the most alike first
      pair([&](std::size_t i, std::size_t k) { return alike(left[i], right[k]) >= least; });
    for (std::size_t i = 0; i < ours.size(); ++i) {
      MethodDrift row{Known.text(ours[i]->name).str(), "", {}};
      if (partner[i]) {
        row.duplicate = Known.text(partner[i]->name).str();
        const FunctionFact *body = Known.function(partner[i]->usr);
        compare(Known.function(ours[i]->usr), body, duplicate.place, row);
      } else {
        row.differences.push_back(
            {DriftKind::Missing, false, "has no " + quoted(row.canonical), canonical.place, duplicate.place});
      }
      drift.methods.push_back(std::move(row));
    }
    for (std::size_t k = 0; k < theirs.size(); ++k)
      if (!taken[k])
        addExtra(*theirs[k], duplicate, drift);
  }

  /// What the fields begin with, and what constructors and destructors do.
  void compareBeginnings(const TypeFact &canonical, const TypeFact &duplicate, Drift &drift) {
    auto add = [&](llvm::StringRef ours, llvm::StringRef theirs, DriftPoint difference) {
      drift.methods.push_back({ours.str(), theirs.str(), {std::move(difference)}});
    };
    for (const FieldFact &field : duplicate.fields)
      for (const FieldFact &other : canonical.fields)
        if (other.name == field.name && other.initial != field.initial) {
          auto said = [&](const FieldFact &one) {
            return one.initial ? quoted(Known.text(one.initial)) : std::string("what a constructor says");
          };
          add(Known.text(field.name), Known.text(field.name),
              {field.initial && other.initial ? DriftKind::Constant : DriftKind::Unknown,
               field.initial && other.initial, "begins as " + said(field) + ", the canonical one as " + said(other),
               canonical.place, duplicate.place});
        }
    for (const FunctionFact *special : Specials[duplicate.usr]) {
      bool hasSame = llvm::any_of(Specials[canonical.usr], [&](const FunctionFact *other) {
        return !firstDifference(Memory, *other, *special);
      });
      std::string name = unqualified(Known.text(special->name)).str();
      if (!hasSame)
        add("", name,
            {DriftKind::Unknown, false, "is none that the canonical one has: what it does otherwise cannot be told",
             std::nullopt, special->place});
    }
  }

  /// The classes and functions that call a function.
  const std::set<StringId> &callersOf(StringId usr) {
    if (!Callers) {
      Callers.emplace();
      for (const FunctionFact &function : Known.functions())
        for (const CallFact &call : Known.callsOf(function))
          if (call.usr)
            (*Callers)[call.usr].insert(function.parentClass ? function.parentClass : function.usr);
    }
    return (*Callers)[usr];
  }

  void addExtra(const MethodFact &method, const TypeFact &duplicate, Drift &drift) {
    std::string name = Known.text(method.name).str();
    const std::set<StringId> &callers = callersOf(method.usr);
    std::size_t outside = callers.size() - callers.count(duplicate.usr);
    const FunctionFact *body = Known.function(method.usr);
    drift.methods.push_back({"",
                             name,
                             {{DriftKind::Extra, outside > 0,
                               outside ? "has " + quoted(name) + ", which is called and has nothing to go to"
                                       : "has " + quoted(name) + ", which nobody else calls in the analysed code",
                               std::nullopt, body ? body->place : duplicate.place}}});
  }

  void compare(const FunctionFact *canonical, const FunctionFact *duplicate, const Place &place, MethodDrift &row) {
    if (canonical && duplicate) {
      row.differences = BodyComparison(Memory, *canonical, *duplicate).run();
      return;
    }
    std::string whose = canonical ? "its body" : "the canonical one's body";
    row.differences.push_back({DriftKind::Unknown, false, whose + " is in no analysed unit",
                               canonical ? std::optional(canonical->place) : std::nullopt,
                               duplicate ? duplicate->place : place});
  }

  /// The first weighty difference gives the reason.
  static Drift decided(Drift drift) {
    drift.verdict = DriftVerdict::Safe;
    auto take = [&](DriftVerdict verdict, auto weighs) {
      std::size_t more = 0;
      for (const MethodDrift &row : drift.methods)
        for (const DriftPoint &difference : row.differences)
          if (weighs(difference)) {
            if (drift.verdict == verdict) {
              ++more;
              continue;
            }
            drift.verdict = verdict;
            drift.reason = quoted(row.duplicate) + " " + difference.text;
          }
      if (more)
        drift.reason += " (and " + std::to_string(more) + " more)";
    };
    take(DriftVerdict::NeedsDecision, [](const DriftPoint &difference) { return difference.decides; });
    if (drift.verdict == DriftVerdict::Safe)
      take(DriftVerdict::Unknown, [](const DriftPoint &difference) { return difference.kind == DriftKind::Unknown; });
    return drift;
  }

  const Index &Known;
  BodyMemory Memory;
  llvm::SmallVector<const TypeFact *, 4> Classes;       ///< that stay
  llvm::SmallVector<const FunctionFact *, 4> Functions; ///< the same
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, const FunctionFact *> FunctionAt;
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, const TypeFact *> TypeAt;
  std::map<StringId, std::vector<const FunctionFact *>> Specials; ///< of a class
  std::optional<std::map<StringId, std::set<StringId>>> Callers;  ///< of each function, once somebody asks
};

} // namespace

bool Drift::behavesOtherwise() const {
  return llvm::any_of(methods, [](const MethodDrift &row) {
    return llvm::any_of(row.differences,
                        [](const DriftPoint &each) { return each.decides && each.kind != DriftKind::Extra; });
  });
}

std::vector<Drift> driftsOf(const JudgeContext &context, const Judgement &judgement) {
  bool classes = std::holds_alternative<SingleClassRule>(context.rule.body);
  if (!classes && !std::holds_alternative<SingleFunctionRule>(context.rule.body))
    return {};
  std::vector<Drift> drifts;
  std::optional<DriftFinder> finder; // made for the first duplicate: most runs have none
  for (const Site &site : judgement.sites) {
    if (site.verdict != Verdict::Violation || site.role != Role::Implementation)
      continue;
    if (!finder)
      finder.emplace(context);
    drifts.push_back(classes ? finder->ofClass(site) : finder->ofFunction(site));
  }
  return drifts;
}

llvm::StringRef wordFor(DriftKind kind) {
  switch (kind) {
  case DriftKind::Missing:
    return "missing";
  case DriftKind::Extra:
    return "extra";
  case DriftKind::Default:
    return "default";
  case DriftKind::Constant:
    return "constant";
  case DriftKind::Order:
    return "order";
  case DriftKind::Lock:
    return "lock";
  case DriftKind::Error:
    return "error";
  case DriftKind::Result:
    return "result";
  case DriftKind::Unknown:
    return "unknown";
  }
  return "unknown";
}

llvm::StringRef wordFor(DriftVerdict verdict) {
  switch (verdict) {
  case DriftVerdict::Safe:
    return "safe";
  case DriftVerdict::NeedsDecision:
    return "needs-decision";
  case DriftVerdict::Unknown:
    return "unknown";
  }
  return "unknown";
}

} // namespace ssot
