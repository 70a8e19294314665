#include "migrate/plan.h"

#include "judge/sites.h"
#include "migrate/adapters.h"
#include "migrate/calls.h"
#include "migrate/creations.h"
#include "migrate/defaults.h"
#include "migrate/directives.h"
#include "migrate/forwards.h"
#include "migrate/local_copies.h"
#include "migrate/own_uses.h"
#include "migrate/planned_includes.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>

#include <algorithm>

namespace ssot {

namespace {

/// \p name as it can be written inside namespace \p space: without the components that both share.
llvm::StringRef relativeName(llvm::StringRef name, llvm::StringRef space) {
  llvm::StringRef rest = name;
  while (!space.empty()) {
    auto [head, tail] = space.split("::");
    auto [first, others] = rest.split("::");
    if (head != first || others.empty())
      break;
    rest = others;
    space = tail;
  }
  return rest;
}

class Planner {
public:
  Planner(const Index &index, llvm::ArrayRef<JudgedRule> judged, ReadFile read)
      : Picture(index), Judged(judged), Read(read), Own(index, read), Files(index), Includes(index, judged, Files) {
    for (const ForwardFact &forward : Picture.forwards())
      ForwardAt.try_emplace({forward.place.file, forward.place.begin}, &forward);
    for (const UseFact &use : Picture.uses()) {
      UseAt.try_emplace({use.place.file, use.place.begin}, &use);
      if (use.kind == UseKind::Using)
        Imported[use.place.file].insert(Picture.text(use.name));
    }
  }

  Plan run(const PlanOptions &options) {
    RefusedRewrites = &options.refusedRewrites;
    if (options.adapters)
      adapters(options.refusedAdapters);
    for (const JudgedRule &rule : Judged)
      for (const Site &site : rule.judgement.sites)
        if (site.verdict == Verdict::Violation)
          violation(*rule.rule, site);
    for (const CallToPlan &planned : Calls)
      call(planned);
    for (const auto &[rule, site] : Creations)
      creation(*rule, *site);
    std::vector<Edit> arguments = planDefaults(Picture, Judged, Result.edits, Read);
    llvm::move(arguments, std::back_inserter(Result.edits));
    addPrototypes();
    OldHeaders = Includes.oldHeaders();
    for (const auto &[file, moved] : Forwards)
      forwards(file, moved);
    std::vector<Edit> copies = planLocalCopies(Picture, Judged, Result.edits, Read);
    DirectivePlan directives = planDirectives(Picture, Judged, Result.edits, Files, Read);
    llvm::move(directives.edits, std::back_inserter(Result.edits));
    llvm::append_range(Result.residue, directives.residue);
    for (const JudgedRule &rule : Judged)
      for (const Aside &aside : rule.judgement.asides)
        if (aside.unjudged && !goesAway(aside.place))
          Result.residue.push_back({Picture.path(aside.place).str(), aside.place.line, aside.place.column,
                                    rule.rule->id, aside.reason.empty() ? "dependent" : aside.reason, ""});
    putInPlaceOfWhatIsInside(std::move(copies), Result, Read);
    llvm::append_range(Result.edits, Includes.edits(Read));
    sortAndSeparate();
    return std::move(Result);
  }

private:
  /// The duplicate that a site names and would leave, when that does something else than where the site would go.
  const Drift *drifted(const Site &site) const {
    for (const JudgedRule &rule : Judged)
      for (const Drift &drift : rule.judgement.drifts)
        if (drift.symbol == site.symbol && drift.canonical == site.canonical && drift.behavesOtherwise())
          return &drift;
    return nullptr;
  }

  /// Whether the body at a site is known to do something else than the canonical one.
  bool behavesOtherwise(const Site &site) const {
    return llvm::any_of(Judged, [&](const JudgedRule &rule) {
      return llvm::any_of(rule.judgement.drifts,
                          [&](const Drift &drift) { return drift.place == site.place && drift.behavesOtherwise(); });
    });
  }

  // --- adapters
  // -----------------------------------------------------------------------------------------------------------------

  void adapters(const std::set<std::string> &refused) {
    AdapterPlan planned = planAdapters(Picture, Judged, refused, Read);
    for (DerivedAdapter &adapter : planned.adapters) {
      std::move(adapter.edits.begin(), adapter.edits.end(), std::back_inserter(Result.edits));
      for (const auto &[file, header] : adapter.headers)
        Includes.need(file, header, adapter.rule->id);
      GoneBodies.insert(GoneBodies.end(), adapter.bodies.begin(), adapter.bodies.end());
    }
    Result.residue = std::move(planned.residue);
    Considered = std::move(planned.considered);
  }

  /// Whether the place lies in a body that an adapter's takes the place of.
  bool goesAway(const Place &place) const {
    return llvm::any_of(GoneBodies, [&](const Place &body) {
      return body.file == place.file && body.begin <= place.begin && place.end <= body.end;
    });
  }

  void violation(const Rule &rule, const Site &site) {
    if (Considered.contains({&rule, site.place}) || goesAway(site.place))
      return;
    if (const Drift *drift = drifted(site); drift && site.role != Role::Implementation)
      return leave(rule, site, "behaviour-differs", "the duplicate has drifted: " + drift->reason);
    if (Own.contains(rule, site))
      return leave(rule, site, "behaviour-differs",
                   quoted(site.canonical) + " is made of it here, and would be made of itself");
    if (std::holds_alternative<LegacyIncludeRule>(rule.body))
      Includes.replace(site.place, rule.id, site.canonical);
    else if (std::holds_alternative<LegacyNameRule>(rule.body))
      name(rule, site);
    else if (std::holds_alternative<LegacyCallRule>(rule.body))
      noteCall(rule, site);
    else if (const auto *matcher = std::get_if<MatcherRule>(&rule.body); matcher && !matcher->rewrite.empty())
      rewrite(rule, *matcher, site);
    else if (std::holds_alternative<FactoryOnlyRule>(rule.body))
      Creations.emplace_back(&rule, &site);
    else
      leave(rule, site, behavesOtherwise(site) ? "behaviour-differs" : "no-rewrite",
            "a person decides: " + site.message);
  }

  // --- rewrites of matchers
  // -----------------------------------------------------------------------------------------------------------------

  void rewrite(const Rule &rule, const MatcherRule &matcher, const Site &site) {
    if (RefusedRewrites->contains(rule.id))
      return leave(rule, site, "behaviour-differs", "the rule's rewrite does not end in what the rule asks for");
    std::optional<std::string> text = Read(Picture.path(site.place));
    bool any = false;
    for (const auto &[bound, replacement] : matcher.rewrite) {
      StringId part = Picture.find(rule.id + ":" + bound);
      for (const MatchFact &match : Picture.matches()) {
        const Place &place = match.place;
        bool inside = place.file == site.place.file && site.place.begin <= place.begin && place.end <= site.place.end;
        if (!part || match.rule != part || !inside || !text || place.end > text->size())
          continue;
        Edit edit;
        edit.file = Picture.path(place).str();
        edit.begin = place.begin;
        edit.end = place.end;
        edit.line = place.line;
        edit.column = place.column;
        edit.rule = rule.id;
        edit.before = text->substr(place.begin, place.end - place.begin);
        edit.target = rule.id;
        edit.isRaw = true;
        edit.choices = {replacement};
        Result.edits.push_back(std::move(edit));
        any = true;
      }
    }
    if (!any)
      leave(rule, site, "macro-body", "what 'rewrite' names is not written here as it stands");
  }

  void leave(const Rule &rule, const Site &site, const char *reason, std::string detail) {
    Result.residue.push_back(
        {Picture.path(site.place).str(), site.place.line, site.place.column, rule.id, reason, std::move(detail)});
  }

  // --- names
  // --------------------------------------------------------------------------------------------------------------------

  void name(const Rule &rule, const Site &site) {
    auto known = UseAt.find({site.place.file, site.place.begin});
    std::optional<std::string> text = Read(Picture.path(site.place));
    if (known == UseAt.end() || !text || site.place.end > text->size())
      return leave(rule, site, "behaviour-differs", "the place could not be read again");
    const UseFact &use = *known->second;
    auto forward = ForwardAt.find({site.place.file, site.place.begin});
    if (use.kind == UseKind::Declaration && forward != ForwardAt.end()) {
      Forwards[site.place.file].push_back({forward->second, rule.id, site.canonical});
      if (forward->second->kind != ForwardKind::Inner)
        return;
    }
    bool isQualified = use.qualifierBegin != use.place.begin;
    bool moves = scopeMoves(site);
    bool isMember = use.isMember || (moves && isQualified);
    Edit edit;
    edit.file = Picture.path(site.place).str();
    edit.begin = isMember ? use.place.begin : use.qualifierBegin;
    edit.end = use.place.end;
    edit.rule = rule.id;
    edit.before = text->substr(edit.begin, edit.end - edit.begin);
    // The qualifier may begin some lines before the name.
    llvm::StringRef qualifier = llvm::StringRef(edit.before).take_front(use.place.begin - edit.begin);
    edit.line = site.place.line - static_cast<std::uint32_t>(qualifier.count('\n'));
    edit.column = static_cast<std::uint32_t>(edit.begin - lineBegin(*text, edit.begin) + 1);
    edit.target = site.canonical;
    edit.inMacroBody = use.inMacroBody;
    edit.choices = isMember ? std::vector<std::string>{unqualified(site.canonical).str()}
                            : spellings(use, edit.before, site.canonical);
    if (moves && !isMember && !llvm::is_contained(edit.choices, unqualified(site.canonical)))
      edit.choices.insert(edit.choices.begin(), unqualified(site.canonical).str());
    // The class whose member is called has been moved; the member keeps its name.
    if (edit.choices.front() == edit.before && isMember)
      return;
    Result.edits.push_back(std::move(edit));
    bool declares = forward != ForwardAt.end() && forward->second->kind == ForwardKind::Inner;
    if (!declares && !forwardSuffices(site))
      Includes.needDefinition(site.place.file, site.canonical, rule.id);
  }

  // --- forward declarations
  // -----------------------------------------------------------------------------------------------------------------

  /// Whether the file has only declared the old class, and never included it.
  bool forwardSuffices(const Site &site) const {
    StringId old = Picture.find(site.symbol);
    return llvm::any_of(
               Picture.forwards(),
               [&](const ForwardFact &fact) { return fact.name == old && fact.place.file == site.place.file; }) &&
           !Includes.reachesDefinition(site.place.file, site.symbol);
  }

  /// A source file that declares an old function for itself, which another one defines, and calls the new one now.
  void addPrototypes() {
    for (const JudgedRule &rule : Judged)
      if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
        for (const ForwardFact &forward : Picture.forwards()) {
          auto entry = llvm::find_if(
              names->replace, [&](const NameReplacement &each) { return each.old == Picture.text(forward.name); });
          const FunctionFact *function = Picture.function(forward.usr);
          if (entry == names->replace.end() || !function || function->place.file == forward.place.file ||
              UseAt.contains({forward.place.file, forward.place.begin}))
            continue;
          const std::string path = Picture.path(forward.place).str();
          if (llvm::any_of(Result.edits, [&](const Edit &edit) {
                return edit.file == path && edit.rule == rule.rule->id && edit.target == entry->replacement;
              }))
            Forwards[forward.place.file].push_back({&forward, rule.rule->id, entry->replacement});
        }
    for (auto &[file, moved] : Forwards)
      llvm::sort(moved, [](const auto &a, const auto &b) { return a.fact->place < b.fact->place; });
  }

  /// Who may still need an old declaration.
  std::string whyStays(const ForwardFact &fact) const {
    llvm::StringRef path = Picture.path(fact.place);
    if (OldHeaders.contains(path))
      return "the header that it stands in is replaced as a whole";
    bool isUndecided = llvm::any_of(Picture.uses(), [&](const UseFact &use) {
      return (use.kind == UseKind::Inactive || use.kind == UseKind::Dependent) && use.name == fact.name &&
             Files.reaches(Picture.path(use.place), path);
    });
    return isUndecided ? "a mention that no unit decides may need it" : "";
  }

  void forwards(std::uint32_t file, const std::vector<MovedForward> &moved) {
    const std::string path = Picture.files()[file].path;
    std::optional<std::string> text = Read(path);
    if (!text || moved.back().fact->extent.end > text->size()) {
      for (const MovedForward &each : moved)
        Result.residue.push_back({path, each.fact->place.line, each.fact->place.column, each.rule, "behaviour-differs",
                                  "the place could not be read again"});
      return;
    }
    auto isDefined = [&](const MovedForward &each) {
      return Includes.willInclude(file, each.canonical) ||
             Includes.isPresumed(file, Picture.text(each.fact->name), each.canonical);
    };
    auto include = [&](llvm::StringRef canonical) {
      return Includes.needDefinition(file, canonical, moved.front().rule);
    };
    auto hasHeader = [&](llvm::StringRef canonical) { return Includes.hasHeader(canonical); };
    auto stays = [&](const ForwardFact &fact) { return whyStays(fact); };
    auto isUsed = [&](llvm::StringRef canonical) {
      return llvm::any_of(Result.edits,
                          [&](const Edit &edit) { return edit.file == path && edit.target == canonical; });
    };
    auto render = [&](std::size_t begin, std::size_t end) {
      return edited(path, *text, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end));
    };
    ForwardPlan planned =
        planForwards(path, *text, moved, Picture, {isDefined, include, hasHeader, stays, isUsed, render});
    for (const Edit &edit : planned.edits)
      std::erase_if(Result.edits, [&](const Edit &inner) {
        return inner.file == path && edit.begin <= inner.begin && inner.end <= edit.end && edit.begin != edit.end;
      });
    for (const ForwardFact *refused : planned.refused)
      std::erase_if(Result.edits, [&](const Edit &edit) {
        return edit.file == path && edit.begin <= refused->place.begin && refused->place.end <= edit.end;
      });
    llvm::move(planned.edits, std::back_inserter(Result.edits));
    llvm::append_range(Result.residue, planned.residue);
  }

  /// Whether what qualifies the name is a name that moves too, to where this one goes: then it has an edit of its own.
  bool scopeMoves(const Site &site) const {
    llvm::StringRef from = llvm::StringRef(site.symbol).rsplit("::").first;
    llvm::StringRef to = llvm::StringRef(site.canonical).rsplit("::").first;
    for (const JudgedRule &rule : Judged)
      if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
        for (const NameReplacement &replacement : names->replace)
          if (replacement.old == from && from != site.symbol)
            return replacement.replacement == to;
    return false;
  }

  /// The ways to write \p target at the use, where \p before is written, the one that a person would write first.
  std::vector<std::string> spellings(const UseFact &use, llvm::StringRef before, llvm::StringRef target) {
    if (Picture.text(use.usr).starts_with("macro:"))
      return {target.str()};
    std::vector<std::string> choices;
    auto offer = [&](std::string choice) {
      if (!llvm::is_contained(choices, choice))
        choices.push_back(std::move(choice));
    };
    bool isUnqualified = use.qualifierBegin == use.place.begin;
    bool declares = use.kind == UseKind::Using || use.kind == UseKind::Directive || use.kind == UseKind::Declaration;
    // What came in by a using-declaration comes in by the rewritten one.
    if (isUnqualified && !declares && Imported[use.place.file].contains(Picture.text(use.name)))
      offer(unqualified(target).str());
    if (!declares) {
      llvm::StringRef inSpace = relativeName(target, Picture.text(use.space));
      llvm::StringRef asBefore = withoutOmitted(use, target);
      offer(std::min(asBefore, inSpace, [](auto a, auto b) { return a.size() < b.size(); }).str());
      offer(inSpace.str());
    }
    offer(target.str());
    offer("::" + target.str());
    // A macro is used anywhere, and whoever wrote `::` into it knew.
    if (use.inMacroBody && before.starts_with("::"))
      return {choices.back()};
    return choices;
  }

  /// \p target without the namespaces that the use leaves out of the old name: a using-directive brings them in.
  llvm::StringRef withoutOmitted(const UseFact &use, llvm::StringRef target) const {
    llvm::StringRef name = Picture.text(use.name);
    auto length = use.place.end - use.qualifierBegin;
    if (length >= name.size())
      return target;
    llvm::StringRef omitted = name.drop_back(length);
    return omitted.ends_with("::") && target.starts_with(omitted) ? target.drop_front(omitted.size()) : target;
  }

  // --- calls
  // --------------------------------------------------------------------------------------------------------------------

  struct CallToPlan {
    const Rule *rule;
    const Site *site;
    const CallSiteFact *fact;
  };

  void noteCall(const Rule &rule, const Site &site) {
    auto known = llvm::find_if(Picture.callSites(), [&](const CallSiteFact &call) {
      return call.callee == site.place && Picture.text(call.name) == site.symbol;
    });
    if (known == Picture.callSites().end())
      return leave(rule, site, "behaviour-differs", "the place could not be read again");
    if (known->inMacroBody)
      return leave(rule, site, "macro-body", "");
    CallToPlan planned{&rule, &site, known};
    // The inner call first: its new text is a part of the outer one's.
    auto outer = llvm::find_if(Calls, [&](const CallToPlan &other) {
      return other.fact->place.file == known->place.file && other.fact->place.begin <= known->place.begin &&
             known->place.end <= other.fact->place.end;
    });
    Calls.insert(outer, planned);
  }

  void call(const CallToPlan &planned) {
    const CallSiteFact &fact = *planned.fact;
    const auto &body = std::get<LegacyCallRule>(planned.rule->body);
    std::string path = Picture.path(fact.place).str();
    std::optional<std::string> text = Read(path);
    if (!text || fact.place.end > text->size())
      return leave(*planned.rule, *planned.site, "behaviour-differs", "the place could not be read again");
    auto render = [&](const Place &place) { return edited(path, *text, place.begin, place.end); };
    RewrittenCall rewritten = rewriteCall(body, fact, *text, render, defaultsOf(fact));
    if (!rewritten.refusal.empty())
      return leave(*planned.rule, *planned.site, "behaviour-differs", rewritten.refusal);
    std::vector<KeptText> kept;
    for (const auto &[place, begin] : rewritten.operands)
      noteKept(path, place, begin, kept);
    std::erase_if(Result.edits, [&](const Edit &edit) {
      return edit.file == path && fact.place.begin <= edit.begin && edit.end <= fact.place.end;
    });
    Edit edit;
    edit.file = path;
    edit.begin = fact.place.begin;
    edit.end = fact.place.end;
    edit.line = planned.site->place.line;
    edit.column = planned.site->place.column;
    edit.rule = planned.rule->id;
    edit.before = text->substr(edit.begin, edit.end - edit.begin);
    edit.choices = {rewritten.text};
    edit.target = body.canonical;
    edit.isCall = true;
    edit.keptText = std::move(kept);
    Result.edits.push_back(std::move(edit));
    if (!body.header.empty())
      Includes.need(fact.place.file, body.header, planned.rule->id);
  }

  /// How the call can spell out what it leaves to defaults, by the numbers of the parameters.
  std::map<unsigned, std::string> defaultsOf(const CallSiteFact &call) const {
    std::map<unsigned, std::string> defaults;
    for (const ConversionFact &left : Picture.defaults())
      if (left.place == call.callee && left.text)
        defaults[left.index] = movedText(Picture.text(left.text));
    return defaults;
  }

  /// A qualified name as it is after the migration; any other text as it is.
  std::string movedText(llvm::StringRef written) const {
    for (const JudgedRule &rule : Judged)
      if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
        for (const NameReplacement &entry : names->replace)
          if (llvm::StringRef rest = written; rest.consume_front(entry.old) && (rest.empty() || rest.starts_with("::")))
            return entry.replacement + rest.str();
    return written.str();
  }

  std::vector<const Edit *> editsIn(const std::string &file, std::uint32_t begin, std::uint32_t end) const {
    std::vector<const Edit *> inside;
    for (const Edit &edit : Result.edits)
      if (edit.file == file && begin <= edit.begin && edit.end <= end)
        inside.push_back(&edit);
    llvm::sort(inside, [](const Edit *a, const Edit *b) { return a->begin < b->begin; });
    return inside;
  }

  /// A part of the file with the edits that lie in it.
  std::string edited(const std::string &file, llvm::StringRef text, std::uint32_t begin, std::uint32_t end) const {
    std::vector<Replacement> inside;
    for (const Edit *edit : editsIn(file, begin, end))
      inside.push_back({edit->begin - begin, edit->end - begin, edit->after()});
    return applied(text.slice(begin, end).str(), inside);
  }

  /// What stays of an operand that is rendered at \p begin of a new text.
  void noteKept(const std::string &file, const Place &operand, std::size_t begin, std::vector<KeptText> &kept) const {
    std::uint32_t at = operand.begin;
    for (const Edit *edit : editsIn(file, operand.begin, operand.end)) {
      kept.push_back({at, begin, edit->begin - at});
      begin += edit->begin - at;
      for (const KeptText &inner : edit->keptText)
        kept.push_back({inner.oldBegin, begin + inner.begin, inner.size});
      begin += edit->after().size();
      at = edit->end;
    }
    kept.push_back({at, begin, operand.end - at});
  }

  // --- creations
  // ----------------------------------------------------------------------------------------------------------------

  void creation(const Rule &rule, const Site &site) {
    const auto &body = std::get<FactoryOnlyRule>(rule.body);
    std::string path = Picture.path(site.place).str();
    std::optional<std::string> text = Read(path);
    const CreationFact *fact = llvm::find_if(Picture.creations(), [&](const CreationFact &each) {
      return each.place == site.place && Picture.text(each.className) == body.className.value;
    });
    auto decides = [&](const std::string &why) {
      leave(rule, site, "behaviour-differs", "a person decides: " + site.message + (why.empty() ? "" : "; " + why));
    };
    if (!text || fact == Picture.creations().end())
      return decides("");
    FactoryVariable variable;
    if (std::optional<FactoryCall> made = factoryCallFor(*fact, *text)) {
      variable.begin = site.place.begin;
      variable.end = made->end;
      variable.after = made->parameters;
    } else if (fact->kind == CreationKind::Variable || fact->kind == CreationKind::Member) {
      StringId result = resultOf(body.factory.value);
      variable =
          factoryVariableFor(*fact, body.className.value, Picture.text(result), givesStatic(body.factory.value), *text);
      if (!result || !variable.refusal.empty())
        return decides(result ? variable.refusal : "what the factory gives is not known");
    } else {
      return decides("");
    }
    // A name that moves comes first: its factory may be another.
    if (llvm::any_of(Result.edits, [&](const Edit &edit) {
          return edit.file == path && edit.begin < variable.end && variable.begin < edit.end;
        }))
      return decides("");
    const FunctionFact *function = Picture.function(fact->functionUsr);
    llvm::StringRef space = function ? llvm::StringRef(Picture.text(function->name)) : llvm::StringRef();
    const std::string &factory = body.factory.value;
    Edit edit = editAt(rule, site, *text, variable.begin, variable.end);
    edit.target = factory;
    edit.isCall = true;
    for (const std::string &name : {relativeName(factory, space).str(), factory, "::" + factory})
      if (std::string written = variable.before + name + variable.after; !llvm::is_contained(edit.choices, written))
        edit.choices.push_back(std::move(written));
    Result.edits.push_back(std::move(edit));
    for (const Place &dot : variable.arrows) {
      Edit arrow = editAt(rule, site, *text, dot.begin, dot.end);
      arrow.line = dot.line;
      arrow.column = dot.column;
      arrow.target = rule.id;
      arrow.isRaw = true;
      arrow.choices = {"->"};
      Result.edits.push_back(std::move(arrow));
    }
    Includes.needDefinition(site.place.file, body.className.value, rule.id);
  }

  Edit editAt(const Rule &rule, const Site &site, llvm::StringRef text, std::uint32_t begin, std::uint32_t end) const {
    Edit edit;
    edit.file = Picture.path(site.place).str();
    edit.begin = begin;
    edit.end = end;
    edit.line = site.place.line;
    edit.column = site.place.column;
    edit.rule = rule.id;
    edit.before = text.slice(begin, end).str();
    return edit;
  }

  /// What a function gives, in canonical spelling; 0 when its overloads give different things.
  StringId resultOf(llvm::StringRef function) const {
    StringId result = 0;
    for (const CalleeFact &callee : Picture.callees())
      if (Picture.text(callee.name) == function) {
        if (result && callee.result != result)
          return 0;
        result = callee.result;
      }
    return result;
  }

  /// Whether a unit has seen that a function gives the address of a variable that lives as long as the program, of each
  /// of its overloads.
  bool givesStatic(llvm::StringRef function) const {
    std::map<StringId, bool> overloads;
    for (const CalleeFact &callee : Picture.callees())
      if (Picture.text(callee.name) == function)
        overloads[callee.usr] |= callee.givesStatic;
    return llvm::all_of(overloads, [](const auto &overload) { return overload.second; });
  }

  void sortAndSeparate() {
    std::sort(Result.edits.begin(), Result.edits.end(), [](const Edit &a, const Edit &b) {
      return std::tie(a.file, a.begin, a.end, a.rule, a.choices) < std::tie(b.file, b.begin, b.end, b.rule, b.choices);
    });
    std::vector<Edit> apart;
    for (Edit &edit : Result.edits) {
      bool overlaps = !apart.empty() && apart.back().file == edit.file && edit.begin < apart.back().end;
      if (!overlaps)
        apart.push_back(std::move(edit));
      else if (apart.back().begin != edit.begin || apart.back().end != edit.end || apart.back().choices != edit.choices)
        Result.residue.push_back(
            {edit.file, edit.line, edit.column, edit.rule, "behaviour-differs", "two rules want different edits here"});
    }
    Result.edits = std::move(apart);
    std::sort(Result.residue.begin(), Result.residue.end());
    Result.residue.erase(std::unique(Result.residue.begin(), Result.residue.end()), Result.residue.end());
  }

  const Index &Picture;
  llvm::ArrayRef<JudgedRule> Judged;
  ReadFile Read;
  OwnUses Own;
  Reach Files;
  PlannedIncludes Includes;
  Plan Result;
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, const UseFact *> UseAt;
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, const ForwardFact *> ForwardAt;
  std::map<std::uint32_t, std::vector<MovedForward>> Forwards; ///< to be written anew, by file
  llvm::StringSet<> OldHeaders;                                ///< that are replaced where they are included
  std::map<std::uint32_t, llvm::StringSet<>> Imported;
  const std::set<std::string> *RefusedRewrites = nullptr;
  std::vector<Place> GoneBodies;
  std::set<std::pair<const Rule *, Place>> Considered; ///< duplicates that the plan of adapters has spoken of
  std::vector<std::pair<const Rule *, const Site *>> Creations;
  std::vector<CallToPlan> Calls; ///< inner ones before those that they are a part of
};

} // namespace

Plan planMigration(const Index &index, llvm::ArrayRef<JudgedRule> judged, ReadFile read, const PlanOptions &options) {
  return Planner(index, judged, read).run(options);
}

std::map<std::string, std::string> editedFiles(llvm::ArrayRef<Edit> edits, ReadFile read) {
  std::map<std::string, std::vector<Replacement>> byFile;
  for (const Edit &edit : edits)
    byFile[edit.file].push_back({edit.begin, edit.end, edit.after()});
  std::map<std::string, std::string> result;
  for (const auto &[file, replacements] : byFile)
    if (std::optional<std::string> text = read(file))
      result[file] = applied(*text, replacements);
  return result;
}

} // namespace ssot
