#include "migrate/plan.h"

#include "judge/sites.h"
#include "migrate/adapters.h"
#include "migrate/calls.h"
#include "migrate/creations.h"
#include "migrate/includes.h"

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
      : Picture(index), Judged(judged), Read(read) {
    for (const UseFact &use : Picture.uses()) {
      UseAt.try_emplace({use.place.file, use.place.begin}, &use);
      if (use.kind == UseKind::Using)
        Imported[use.place.file].insert(Picture.text(use.name));
    }
    for (const JudgedRule &rule : Judged)
      if (const auto *single = std::get_if<SingleClassRule>(&rule.rule->body))
        noteHeader(single->canonical.value, single->header);
      else if (const auto *function = std::get_if<SingleFunctionRule>(&rule.rule->body))
        noteHeader(function->canonical.value, function->header);
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
    for (const JudgedRule &rule : Judged)
      for (const Aside &aside : rule.judgement.asides)
        if (aside.unjudged && !goesAway(aside.place))
          Result.residue.push_back({Picture.path(aside.place).str(), aside.place.line, aside.place.column,
                                    rule.rule->id, aside.reason.empty() ? "dependent" : aside.reason, ""});
    for (const auto &[file, changes] : Includes)
      planIncludes(file, changes);
    sortAndSeparate();
    return std::move(Result);
  }

private:
  void noteHeader(const std::string &name, const std::string &header) {
    if (!header.empty())
      HeaderOf[name] = header;
  }

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
        Includes[file].need.push_back({header, adapter.rule->id});
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
    if (std::holds_alternative<LegacyIncludeRule>(rule.body))
      Includes[site.place.file].replace.push_back({site.place, rule.id, site.canonical});
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
    if (auto header = HeaderOf.find(site.canonical); header != HeaderOf.end())
      Includes[site.place.file].need.push_back({header->second, rule.id});
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
    RewrittenCall rewritten = rewriteCall(body, fact, *text, render);
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
      Includes[fact.place.file].need.push_back({body.header, planned.rule->id});
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
    std::optional<FactoryCall> made;
    if (text && fact != Picture.creations().end())
      made = factoryCallFor(*fact, *text);
    // A name that moves comes first: its factory may be another.
    bool moves = made && llvm::any_of(Result.edits, [&](const Edit &edit) {
                   return edit.file == path && edit.begin < made->end && site.place.begin < edit.end;
                 });
    if (!made || moves)
      return leave(rule, site, "behaviour-differs", "a person decides: " + site.message);
    Edit edit;
    edit.file = path;
    edit.begin = site.place.begin;
    edit.end = made->end;
    edit.line = site.place.line;
    edit.column = site.place.column;
    edit.rule = rule.id;
    edit.before = text->substr(edit.begin, edit.end - edit.begin);
    edit.target = body.factory.value;
    edit.isCall = true;
    const FunctionFact *function = Picture.function(fact->functionUsr);
    llvm::StringRef space = function ? llvm::StringRef(Picture.text(function->name)) : llvm::StringRef();
    for (const std::string &name : {relativeName(edit.target, space).str(), edit.target, "::" + edit.target})
      if (!llvm::is_contained(edit.choices, name + made->parameters))
        edit.choices.push_back(name + made->parameters);
    Result.edits.push_back(std::move(edit));
    if (auto header = HeaderOf.find(body.className.value); header != HeaderOf.end())
      Includes[site.place.file].need.push_back({header->second, rule.id});
  }

  // --- includes
  // -----------------------------------------------------------------------------------------------------------------

  void planIncludes(std::uint32_t file, const IncludeChanges &changes) {
    std::string path = Picture.files()[file].path;
    std::optional<std::string> text = Read(path);
    if (!text)
      return;
    std::vector<const IncludeFact *> written;
    for (const IncludeFact &include : Picture.includes())
      if (include.place.file == file)
        written.push_back(&include);
    std::vector<std::string> onlyFor;
    if (changes.replace.empty())
      for (const IncludeChanges::Needed &needed : changes.need)
        onlyFor.push_back(needed.rule);
    for (Edit &edit : includeEdits(path, *text, written, Picture, changes)) {
      edit.onlyFor = onlyFor;
      Result.edits.push_back(std::move(edit));
    }
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
  Plan Result;
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, const UseFact *> UseAt;
  std::map<std::uint32_t, llvm::StringSet<>> Imported;
  std::map<std::string, std::string, std::less<>> HeaderOf;
  std::map<std::uint32_t, IncludeChanges> Includes;
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
