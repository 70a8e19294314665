#include "command/migration.h"

#include "command/owners.h"
#include "migrate/adapters.h"
#include "migrate/agreement.h"
#include "migrate/blame.h"
#include "migrate/exceptions.h"
#include "migrate/linkage.h"
#include "migrate/remembered.h"
#include "migrate/residue.h"
#include "migrate/warnings.h"
#include "project/paths.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>

#include <array>
#include <set>

namespace ssot {

namespace {

/// What some units say over an overlay.
std::vector<UnitOutcome> extractOver(const Project &project, const Config &config, AnalysisOptions how,
                                     llvm::ArrayRef<std::size_t> units,
                                     const std::map<std::string, std::string> &overlay, llvm::raw_ostream &err) {
  std::vector<UnitOutcome> outcomes(units.size());
  llvm::DenseMap<std::size_t, std::size_t> position;
  for (std::size_t i = 0; i < units.size(); ++i)
    position[units[i]] = i;
  how.cache = nullptr; // a proof is made, not remembered
  extractUnits(project, project.units, units, config, how, overlay, err,
               [&](std::size_t unit, UnitOutcome outcome) { outcomes[position[unit]] = std::move(outcome); });
  return outcomes;
}

bool isSound(const UnitOutcome &unit) { return unit.failure.empty() && !unit.facts.error; }

class Migrator {
public:
  Migrator(const Project &project, const Config &config, AnalysisOptions how, std::vector<UnitOutcome> outcomes,
           llvm::raw_ostream &err)
      : Ours(project), Rules(config), How(std::move(how)), Err(err), Outcomes(std::move(outcomes)) {}

  Migration run(const MigrationOptions &options) {
    if (Outcomes.empty())
      extractAll();
    Analysis before = link({});
    std::vector<JudgedRule> judged = judgeRules(Rules, before.index);
    Planning.adapters = options.adapters;
    Chosen = options.chosen;
    Migration migration = attempt(before.index, judged, options.verify);
    // What an adapter that does not hold would have replaced is planned again without it.
    while (refuseFailed(migration))
      migration = attempt(before.index, judged, options.verify);
    llvm::append_range(migration.rejected, RefusedAdapters);
    migration.coverage = before.coverage;
    migration.before = decide(Rules, sourcesOf(before.index), std::move(judged), before.coverage, {}).ssot;
    if (!options.verify)
      migration.after = migration.before;
    auto note = [&](const std::string &text) { Err << "ssot: " << text << '\n'; };
    migration.files = laidOutFiles(migration.plan.edits, Ours.root, reader(), note);
    for (const auto &[file, laidOut] : migration.files)
      if (std::optional<std::string> now = readProjectFile(Ours, file))
        migration.changes.push_back({file, std::move(*now), laidOut.text()});
    migration.cost = Cost;
    migration.units = std::move(Outcomes);
    return migration;
  }

private:
  Migration attempt(const Index &index, const std::vector<JudgedRule> &judged, bool proves) {
    Migration migration;
    std::vector<JudgedRule> chosen;
    if (Chosen)
      chosen = chosenOf(index, judged);
    migration.plan = planMigration(index, Chosen ? llvm::ArrayRef(chosen) : llvm::ArrayRef(judged), reader(), Planning);
    leaveUneditable(migration.plan);
    leaveUnparsed(migration.plan);
    addUnseen(index, judged, migration.plan);
    if (proves)
      verify(migration);
    return migration;
  }

  /// The judgements without the violations that are not to be migrated.
  std::vector<JudgedRule> chosenOf(const Index &index, std::vector<JudgedRule> judged) const {
    for (JudgedRule &rule : judged)
      std::erase_if(rule.judgement.sites, [&](const Site &site) {
        return site.verdict == Verdict::Violation && !Chosen(*rule.rule, index.path(site.place), site.place);
      });
    return judged;
  }

  /// Notes the rewrites that a rule would ask for for ever, and the adapters that do not hold, each with the first
  /// thing that was said of it.
  /// \returns whether there are such.
  bool refuseFailed(const Migration &migration) {
    std::size_t known = RefusedAdapters.size();
    bool idle = false;
    for (const Edit &edit : migration.again)
      idle |= isRewrite(edit) && Planning.refusedRewrites.insert(edit.rule).second;
    if (idle)
      return true;
    for (const Rejection &rejection : migration.rejected)
      if (!rejection.edit.adapter.empty() && Planning.refusedAdapters.insert(rejection.edit.adapter).second)
        RefusedAdapters.push_back(rejection);
    return RefusedAdapters.size() != known;
  }

  /// Whether the text is a rule's own.
  bool isRewrite(const Edit &edit) const {
    return edit.isRaw && llvm::any_of(Rules.rules, [&](const Rule &rule) {
             return rule.id == edit.rule && std::holds_alternative<MatcherRule>(rule.body);
           });
  }

  /// Moves the edits whose duplicate the judge does not call an adapter to the rejected ones.
  static void rejectFalseAdapters(Migration &migration, const Index &index, llvm::ArrayRef<JudgedRule> judged) {
    std::map<std::string, std::string> no; // adapter -> what the judge says
    for (const JudgedRule &rule : judged)
      for (const Site &site : rule.judgement.sites)
        if (site.verdict == Verdict::Violation || site.role != Role::Adapter)
          no.emplace(adapterId(*rule.rule, site, index), site.message);
    for (const Edit &edit : migration.plan.edits)
      if (auto said = no.find(edit.adapter); !edit.adapter.empty() && said != no.end())
        migration.rejected.push_back({edit, "the judge does not call it an adapter: " + said->second});
  }

  std::function<std::optional<std::string>(llvm::StringRef)> reader() {
    return [this](llvm::StringRef file) { return readProjectFile(Ours, file); };
  }

  void extractAll() {
    Outcomes.resize(Ours.units.size());
    extractUnits(Ours, Ours.units, numbersOf(Ours.units), Rules, How, {}, Err,
                 [&](std::size_t unit, UnitOutcome outcome) { Outcomes[unit] = std::move(outcome); });
  }

  /// The picture of the project with some units as they are over the overlay.
  Analysis link(std::map<std::size_t, UnitFacts> again) {
    Linker linker;
    Coverage coverage = coverageOf(Ours);
    for (std::size_t unit = 0; unit < Outcomes.size(); ++unit) {
      countUnit(Ours.units[unit], Outcomes[unit], coverage);
      auto changed = again.find(unit);
      linker.add(changed == again.end() ? Outcomes[unit].facts : std::move(changed->second));
    }
    addReferences(Ours, Rules, How, linker, Err);
    return finishAnalysis(Ours, linker, std::move(coverage));
  }

  bool mayWrite(llvm::StringRef file) const {
    return Rules.isEditable(file) && (Ours.paths.empty() || llvm::any_of(Ours.paths, [&](const std::string &path) {
                                        return path.empty() || isBelow(file, path);
                                      }));
  }

  void leaveUneditable(Plan &plan) {
    std::erase_if(plan.edits, [&](const Edit &edit) {
      if (mayWrite(edit.file))
        return false;
      // Nothing of the file moves, so no include is missing in it either.
      if (edit.onlyFor.empty())
        plan.residue.push_back({edit.file, edit.line, edit.column, edit.rule, "outside-scope",
                                Rules.isEditable(edit.file) ? "not among the paths given" : "not editable"});
      return true;
    });
  }

  /// A header that no unit read comes in by the edits, and has old names of its own: that is for the next run.
  void leaveNewlyReached(Plan &again, Plan &plan) const {
    llvm::StringSet<> reached;
    for (const UnitOutcome &outcome : Outcomes)
      for (const FileFact &file : outcome.facts.files)
        reached.insert(file.path);
    std::erase_if(again.edits, [&](const Edit &edit) {
      if (reached.contains(edit.file))
        return false;
      plan.residue.push_back({edit.file, edit.line, edit.column, edit.rule, "unreached-header",
                              "no unit read this file before the edits; migrate again"});
      return true;
    });
    llvm::sort(plan.residue);
  }

  /// What was made by hand under an old name is the factory's matter only now that it has the new one.
  void leaveNewlyMade(Plan &again, Plan &plan) const {
    std::erase_if(again.edits, [&](const Edit &edit) {
      bool isFactory = llvm::any_of(Rules.rules, [&](const Rule &rule) {
        return rule.id == edit.rule && std::holds_alternative<FactoryOnlyRule>(rule.body);
      });
      if (isFactory && !edit.isRaw)
        plan.residue.push_back({edit.file, edit.line, edit.column, edit.rule, "behaviour-differs",
                                "made by hand, and known as such by its new name only; migrate again"});
      return isFactory;
    });
    llvm::sort(plan.residue);
  }

  /// What was not chosen is still to be done. What a place that was edited asks for once more is not proven.
  static void leaveUnchosen(Plan &again, llvm::ArrayRef<Edit> made) {
    std::vector<EditedPlace> places = editedPlaces(made);
    std::erase_if(again.edits, [&](const Edit &edit) {
      return edit.isInclude() || llvm::none_of(llvm::zip_equal(made, places), [&](const auto &each) {
               const auto &[before, place] = each;
               return before.file == edit.file && place.begin <= edit.begin && edit.begin < place.end;
             });
    });
  }

  /// An edit in a file that a broken unit reads could not be proven for that unit.
  void leaveUnparsed(Plan &plan) {
    for (const UnitOutcome &outcome : Outcomes)
      if (outcome.facts.error)
        for (const FileFact &file : outcome.facts.files)
          Broken.insert(file.path);
    std::erase_if(plan.edits, [&](const Edit &edit) {
      if (!Broken.contains(edit.file))
        return false;
      plan.residue.push_back({edit.file, edit.line, edit.column, edit.rule, "unparsed-unit",
                              "a unit that reads this file does not compile"});
      return true;
    });
  }

  void addUnseen(const Index &index, const std::vector<JudgedRule> &judged, Plan &plan) {
    std::vector<std::string> files(Ours.headers);
    llvm::append_range(files, Ours.orphanSources);
    for (const CompileUnit &unit : Ours.units)
      files.push_back(unit.file);
    llvm::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    OldWords words = oldWords(judged);
    llvm::append_range(plan.residue, unseenMentions(index, words, files, Broken, reader()));
    llvm::append_range(plan.residue, outsideRuleScope(index, judged, Rules.scope));
    llvm::append_range(plan.residue, outsideScope(words, Ours.outOfScope, reader()));
    llvm::sort(plan.residue);
    plan.residue.erase(std::unique(plan.residue.begin(), plan.residue.end()), plan.residue.end());
  }

  /// Moves the rejections that a person is to decide to the residue: of what compiles and does something else, and of
  /// the body of a macro whose expansions do not agree.
  /// \returns them.
  static std::vector<Rejection> leaveToDecide(Migration &migration) {
    auto decided =
        std::stable_partition(migration.rejected.begin(), migration.rejected.end(), [](const Rejection &rejection) {
          return !rejection.differs && !rejection.edit.inMacroBody;
        });
    std::vector<Rejection> left(std::make_move_iterator(decided), std::make_move_iterator(migration.rejected.end()));
    migration.rejected.erase(decided, migration.rejected.end());
    for (const Rejection &rejection : left)
      migration.plan.residue.push_back({rejection.edit.file, rejection.edit.line, rejection.edit.column,
                                        rejection.edit.rule, rejection.differs ? "behaviour-differs" : "macro-body",
                                        rejection.error});
    return left;
  }

  /// Proves the edits, without those whose place means something else to some unit, and those that part a handler from
  /// what it catches, or a function from its definition.
  Verification verifyAgreed(Plan &plan, ExtractUnits extract) {
    Verification verification = verifyEdits(std::move(plan.edits), Outcomes, Rules.rules, reader(), extract);
    auto leave = [&](const Edit &edit, const char *reason, const std::string &why) {
      plan.residue.push_back({edit.file, edit.line, edit.column, edit.rule, reason, why});
      Disagreed.emplace(edit.file, edit.rule);
    };
    for (;;) {
      std::vector<Edit> apart = takeDisagreed(verification, Outcomes, Rules.rules);
      for (const Edit &edit : apart)
        leave(edit, "configurations-disagree",
              "not every unit that reads this means '" + edit.before + "' as the rule does");
      std::vector<LeftEdit> left = takeUncaught(verification, Outcomes, Rules.rules);
      llvm::append_range(left, takeUnlinked(verification, Outcomes));
      for (const LeftEdit &each : left)
        leave(each.edit, "behaviour-differs", each.why);
      if (apart.empty() && left.empty())
        return verification;
      // What is taken out may have been what another edit needed.
      std::vector<Rejection> rejected = std::move(verification.rejected);
      verification = verifyEdits(std::move(verification.edits), Outcomes, Rules.rules, reader(), extract);
      llvm::append_range(verification.rejected, rejected);
    }
  }

  void verify(Migration &migration) {
    const std::set<std::size_t> instantiating = unitsThatInstantiate(migration.plan.edits);
    auto extract = [&](llvm::ArrayRef<std::size_t> units, const std::map<std::string, std::string> &overlay) {
      std::vector<UnitOutcome> outcomes = extractForProof(units, overlay, instantiating);
      // What is deprecated is to be warned of, unless that stops the build.
      for (auto [unit, outcome] : llvm::zip(units, outcomes))
        if (!Ours.units[unit].deprecationIsError)
          std::erase_if(outcome.facts.warnings,
                        [](const DiagnosticFact &warning) { return warning.flag == "deprecated-declarations"; });
      return outcomes;
    };
    auto read = reader();
    WarningGuard guard(read, extract);
    auto guarded = [&](llvm::ArrayRef<std::size_t> units, const std::map<std::string, std::string> &overlay) {
      return guard.parse(units, overlay);
    };
    Verification verification = verifyAgreed(migration.plan, guarded);
    migration.parsedAgain = verification.facts.size();
    migration.plan.edits = std::move(verification.edits);
    migration.rejected = std::move(verification.rejected);
    std::vector<Rejection> leftOut = leaveToDecide(migration);
    llvm::append_range(leftOut, migration.rejected);
    llvm::StringSet<> keepsOldHeader;
    for (const Edit &edit : migration.plan.edits)
      if (edit.isInclude() && edit.choice < edit.kept.size() && !edit.kept[edit.choice].empty()) {
        keepsOldHeader.insert(edit.file);
        for (auto [line, column] : edit.kept[edit.choice])
          migration.plan.residue.push_back({edit.file, line, column, edit.rule, "still-used",
                                            "the file uses more of the old header than what is migrated"});
      }
    // A name that is written as before, but now comes in by another using-declaration, was proven and is no edit.
    std::erase_if(migration.plan.edits, [](const Edit &edit) { return edit.after() == edit.before; });
    llvm::sort(migration.plan.residue);

    Analysis after = link(std::move(verification.facts));
    std::vector<JudgedRule> judged = judgeRules(Rules, after.index);
    std::map<std::string, std::string> overlay = editedFiles(migration.plan.edits, reader());
    auto readAfter = [&](llvm::StringRef file) -> std::optional<std::string> {
      auto edited = overlay.find(file.str());
      return edited == overlay.end() ? readProjectFile(Ours, file) : std::optional(edited->second);
    };
    rejectFalseAdapters(migration, after.index, judged);
    Plan again = planMigration(after.index, judged, readAfter, Planning);
    leaveNewlyReached(again, migration.plan);
    // What was rejected is still a violation, and would be planned and rejected again.
    std::erase_if(again.edits, [&](const Edit &edit) {
      return Broken.contains(edit.file) || !mayWrite(edit.file) || isLeftUnknown(edit, migration.plan) ||
             Disagreed.count({edit.file, edit.rule}) || (edit.isInclude() && keepsOldHeader.contains(edit.file)) ||
             llvm::any_of(leftOut, [&](const Rejection &rejection) {
               return rejection.edit.file == edit.file && rejection.edit.rule == edit.rule;
             });
    });
    leaveNewlyMade(again, migration.plan);
    if (Chosen)
      leaveUnchosen(again, migration.plan.edits);
    migration.after = decide(Rules, sourcesOf(after.index), std::move(judged), after.coverage, {}).ssot;
    migration.unproven = std::move(verification.unproven);
    migration.verified = again.edits.empty() && migration.unproven.empty();
    migration.again = std::move(again.edits);
  }

  /// Some units over the overlay; the bodies of others' templates are parsed where the edits may change what these are
  /// instantiated with.
  std::vector<UnitOutcome> extractForProof(llvm::ArrayRef<std::size_t> units,
                                           const std::map<std::string, std::string> &overlay,
                                           const std::set<std::size_t> &instantiating) {
    std::map<std::size_t, UnitOutcome> outcomes;
    for (bool instantiates : {false, true}) {
      std::vector<std::size_t> some;
      for (std::size_t unit : units)
        if (instantiating.contains(unit) == instantiates)
          some.push_back(unit);
      AnalysisOptions how = How;
      how.foreignTemplates = instantiates;
      auto extract = [&](llvm::ArrayRef<std::size_t> unknown, const std::map<std::string, std::string> &texts) {
        ++Cost.rounds;
        Cost.parses += unknown.size();
        return extractOver(Ours, Rules, how, unknown, texts, Err);
      };
      std::vector<UnitOutcome> said = Remembered[instantiates ? 1 : 0].parse(some, overlay, extract);
      for (auto [unit, outcome] : llvm::zip(some, said))
        outcomes[unit] = std::move(outcome);
    }
    std::vector<UnitOutcome> all;
    for (std::size_t unit : units)
      all.push_back(std::move(outcomes[unit]));
    return all;
  }

  /// Whether both names are known, and all units know them as one type.
  bool nameOneType(llvm::StringRef name, llvm::StringRef other) const {
    std::set<llvm::StringRef> known;
    std::set<llvm::StringRef> types;
    for (const UnitOutcome &outcome : Outcomes) {
      const std::vector<std::string> &strings = outcome.facts.strings;
      for (const SymbolFact &symbol : outcome.facts.symbols)
        if (strings[symbol.name] == name || strings[symbol.name] == other) {
          known.insert(strings[symbol.name]);
          types.insert(strings[symbol.type]);
        }
    }
    return known.size() == 2 && types.size() == 1 && !types.begin()->empty();
  }

  /// The units that read an edit after which a template of others may be instantiated with something else: any but one
  /// of an include, of the name of a function or macro where it is called, or of another name of the same type.
  std::set<std::size_t> unitsThatInstantiate(llvm::ArrayRef<Edit> edits) {
    llvm::StringSet<> types;
    for (const UnitOutcome &outcome : Outcomes)
      for (const SymbolFact &symbol : outcome.facts.symbols)
        if (symbol.kind != SymbolKind::Function && symbol.kind != SymbolKind::Macro)
          types.insert(outcome.facts.strings[symbol.name]);
    llvm::StringSet<> becomeTypes;
    llvm::StringSet<> remainTypes;
    for (const Rule &rule : Rules.rules)
      if (const auto *names = std::get_if<LegacyNameRule>(&rule.body))
        for (const NameReplacement &name : names->replace)
          if (types.contains(name.old) || types.contains(name.replacement))
            (nameOneType(name.old, name.replacement) ? remainTypes : becomeTypes).insert(name.replacement);
    llvm::StringSet<> files;
    for (const Edit &edit : edits) {
      if (edit.isInclude() || files.contains(edit.file))
        continue;
      std::optional<std::string> text = readProjectFile(Ours, edit.file);
      bool isCallee = edit.isName() && !edit.isCall && !becomeTypes.contains(edit.target) && text &&
                      llvm::StringRef(*text).substr(edit.end).ltrim().starts_with("(");
      bool isSameType = edit.isName() && remainTypes.contains(edit.target) && !becomeTypes.contains(edit.target);
      if (!isCallee && !isSameType)
        files.insert(edit.file);
    }
    std::set<std::size_t> units;
    for (std::size_t unit = 0; unit < Outcomes.size(); ++unit)
      if (llvm::any_of(Outcomes[unit].facts.files, [&](const FileFact &file) { return files.contains(file.path); }))
        units.insert(unit);
    return units;
  }

  /// A proof parses the templates of others too, and so may learn what a dependent name of ours means; a plan does not.
  /// Nor does a plan know yet what a header declares that only the edits bring in.
  static bool isLeftUnknown(const Edit &edit, const Plan &plan) {
    bool isDeclaration = !edit.removes.empty() || edit.begin == edit.end;
    return llvm::any_of(plan.residue, [&](const Residue &left) {
      bool isUnknown = left.reason == "dependent" || (isDeclaration && left.reason == "behaviour-differs");
      return isUnknown && left.file == edit.file && left.rule == edit.rule;
    });
  }

  const Project &Ours;
  const Config &Rules;
  AnalysisOptions How;
  llvm::raw_ostream &Err;
  std::vector<UnitOutcome> Outcomes;
  llvm::StringSet<> Broken;
  std::set<std::pair<std::string, std::string>> Disagreed; ///< file and rule of edits that were proven and do not hold
  PlanOptions Planning;
  std::function<bool(const Rule &, llvm::StringRef, const Place &)> Chosen;
  std::vector<Rejection> RefusedAdapters;
  std::array<RememberedUnits, 2> Remembered; ///< with the templates of others at 1
  ProofCost Cost;
};

} // namespace

Migration proveMigration(const Project &project, const Config &config, const AnalysisOptions &how,
                         const MigrationOptions &options, std::vector<UnitOutcome> outcomes, llvm::raw_ostream &err) {
  return Migrator(project, config, how, std::move(outcomes), err).run(options);
}

void splitMigration(Migration &migration, const Project &project, const Config &config, const AnalysisOptions &how,
                    const SplitBy &by, llvm::raw_ostream &err) {
  std::map<std::string, const FileChange *> changes;
  std::vector<std::string> files;
  for (const FileChange &change : migration.changes) {
    changes[change.path] = &change;
    files.push_back(change.path);
  }
  auto readsOneOf = [&](std::size_t unit, const std::vector<std::string> &some) {
    return llvm::any_of(migration.units[unit].facts.files,
                        [&](const FileFact &file) { return llvm::is_contained(some, file.path); });
  };
  auto obstacles = [&](const std::set<std::string> &done,
                       const std::vector<std::string> &added) -> std::optional<std::set<std::string>> {
    std::map<std::string, std::string> overlay;
    for (const std::string &file : done)
      overlay[file] = changes.at(file)->after;
    std::vector<std::size_t> units;
    for (std::size_t unit = 0; unit < migration.units.size(); ++unit)
      if (isSound(migration.units[unit]) && readsOneOf(unit, added))
        units.push_back(unit);
    std::set<std::string> read;
    bool compiles = true;
    for (auto [unit, outcome] : llvm::zip(units, extractOver(project, config, how, units, overlay, err)))
      if (!isSound(outcome)) {
        compiles = false;
        for (const FileFact &file : migration.units[unit].facts.files)
          read.insert(file.path);
      }
    return compiles ? std::nullopt : std::optional(std::move(read));
  };
  Owners owners = ownersOnDisk(project.root);
  auto ownerOf = [&](llvm::StringRef file) { return owners.text(file); };
  migration.patches = inCompilingOrder(partsOf(files, by, ownerOf), obstacles);
}

} // namespace ssot
