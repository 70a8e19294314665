#include "gate/gate.h"

#include "gate/fingerprint.h"
#include "gate/suppressions.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace ssot {

namespace {

/// Goes through the rules one by one and keeps what they add up to.
class Gate {
public:
  Gate(const Config &config, const Sources &sources, const GateOptions &options, Coverage coverage)
      : Settings(config), Facts(sources), Options(options), Comments(sources) {
    Outcome.coverage = std::move(coverage);
    Outcome.whole = knowsUnused();
    Outcome.minCompliance = options.minCompliance ? options.minCompliance : config.minCompliance;
  }

  Result decide(std::vector<JudgedRule> judged) {
    for (JudgedRule &rule : judged)
      add(*rule.rule, std::move(rule.judgement));
    std::vector<std::string> active;
    active.reserve(judged.size());
    for (const JudgedRule &rule : judged)
      active.push_back(rule.rule->id);
    for (const IndexedFile &file : Facts.files)
      Outcome.files.push_back(file.path);
    addSuppressionProblems(active);
    applyBaselines();
    if (Options.against)
      addWeakenings(*Options.against);
    if (Options.owners)
      for (Finding &finding : Outcome.findings)
        finding.owners = Options.owners->of(finding.file);
    Outcome.architecture = architecture();
    sortEverything();
    pass();
    return std::move(Outcome);
  }

private:
  /// What seems unused is only known to be so when everything was looked at.
  bool knowsUnused() const { return Outcome.coverage.complete() && !Options.partial; }

  void add(const Rule &rule, Judgement judgement) {
    std::vector<bool> used(rule.allow.size(), false);
    RuleResult result{rule.id, rule.kind, rule.severity, Share()};
    for (const Site &site : sortedByPlace(std::move(judgement.sites))) {
      ++result.compliance.whole;
      if (site.verdict == Verdict::Compliant)
        ++result.compliance.part;
      else
        addViolation(rule, site, used);
    }
    for (const RuleProblem &problem : judgement.problems) {
      // The canonical definition is a site of its rule; the one that is missing is not compliant. So the rule never
      // shows 100 %.
      ++result.compliance.whole;
      addProblem(rule, problem);
    }
    addAllowanceProblems(rule, used);
    if (rule.severity == Severity::Error) {
      Outcome.ssot.part += result.compliance.part;
      Outcome.ssot.whole += result.compliance.whole;
    }
    Outcome.rules.push_back(std::move(result));
    for (const AdapterEntry &adapter : judgement.adapters)
      Outcome.adapters.push_back({adapter.symbol, adapter.canonical, Facts.path(adapter.place), adapter.place.line});
    for (Drift &drift : judgement.drifts) {
      std::string file = Facts.path(drift.place);
      Outcome.drifts.push_back({rule.id, std::move(drift), std::move(file)});
    }
    for (const Aside &aside : judgement.asides)
      Outcome.asides.push_back({rule.id, aside, Facts.path(aside.place)});
  }

  static std::vector<Site> sortedByPlace(std::vector<Site> sites) {
    std::sort(sites.begin(), sites.end(), [](const Site &a, const Site &b) {
      return std::tie(a.place, a.symbol, a.identity, a.message) < std::tie(b.place, b.symbol, b.identity, b.message);
    });
    return sites;
  }

  void addViolation(const Rule &rule, const Site &site, std::vector<bool> &used) {
    Finding finding;
    finding.rule = rule.id;
    finding.kind = rule.kind;
    finding.severity = rule.severity;
    finding.file = Facts.path(site.place);
    finding.place = site.place;
    finding.role = site.role;
    finding.symbol = site.symbol;
    finding.canonical = site.canonical;
    finding.similarity = site.similarity;
    finding.message = site.message;
    finding.fixable = site.fixable;
    finding.fingerprint = Prints.next(rule.id, site.identity);
    finding.identity = identityHash(rule.id, site.identity);
    for (const Note &note : site.notes)
      finding.related.push_back({note.place ? Facts.path(*note.place) : std::string(), note.place, note.message});
    if (const Allowance *allowance = allowanceFor(rule, site, finding.file, used)) {
      finding.state = FindingState::Allowed;
      finding.reason = allowance->reason;
    }
    if (std::optional<Suppressions::Excuse> excuse = Comments.covers(rule.id, site.place)) {
      finding.state = FindingState::Suppressed;
      finding.reason = std::move(excuse->reason);
      finding.comment = excuse->comment;
    }
    if (rule.severity != Severity::Note)
      Unclean.insert(site.place.file);
    Outcome.findings.push_back(std::move(finding));
  }

  bool hasEnded(const Allowance &allowance) const {
    return !allowance.until.empty() && allowance.until < Options.today;
  }

  /// \returns the first allowance in force that excuses the site. All that match count as used.
  const Allowance *allowanceFor(const Rule &rule, const Site &site, llvm::StringRef file,
                                std::vector<bool> &used) const {
    const Allowance *found = nullptr;
    for (std::size_t i = 0; i < rule.allow.size(); ++i) {
      const Allowance &allowance = rule.allow[i];
      if (!(allowance.symbol ? allowance.symbol->matches(site.symbol)
                             : allowance.file && allowance.file->matches(file)))
        continue;
      used[i] = true;
      if (!found && !hasEnded(allowance))
        found = &allowance;
    }
    return found;
  }

  /// A finding about a rule: it stands at a place in the rule file.
  Finding about(const Rule &rule, const Mark &mark, llvm::StringRef kind, Severity severity, std::string message) {
    Finding finding;
    finding.rule = rule.id;
    finding.kind = kind.str();
    finding.severity = severity;
    finding.file = mark.file;
    finding.place.line = finding.place.endLine = mark.line;
    finding.place.column = finding.place.endColumn = mark.column;
    finding.message = std::move(message);
    return finding;
  }

  void addProblem(const Rule &rule, const RuleProblem &problem) {
    Finding finding = about(rule, rule.mark, problem.code, Severity::Error, problem.message);
    finding.symbol = problem.symbol;
    finding.role = Role::Implementation;
    finding.fingerprint = Prints.next(rule.id, problem.code + " " + problem.symbol);
    Outcome.findings.push_back(std::move(finding));
  }

  void addAllowanceProblems(const Rule &rule, const std::vector<bool> &used) {
    for (std::size_t i = 0; i < rule.allow.size(); ++i) {
      const Allowance &allowance = rule.allow[i];
      std::string what = allowance.symbol ? "symbol " + allowance.symbol->text() : "file " + allowance.file->text();
      Finding finding;
      if (hasEnded(allowance))
        finding = about(rule, allowance.mark, "expired-allowance", Severity::Warning,
                        "the allowance for " + what + " ended on " + allowance.until +
                            (used[i]         ? "; what it excused counts again"
                             : knowsUnused() ? " and nothing needs it; remove it"
                                             : ""));
      else if (!used[i] && knowsUnused())
        finding = about(rule, allowance.mark, "unused-allowance", Severity::Warning,
                        "the allowance for " + what + " excuses nothing; remove it");
      else
        continue;
      finding.fingerprint = Prints.next(rule.id, finding.kind + " " + what);
      Outcome.findings.push_back(std::move(finding));
    }
  }

  void addSuppressionProblems(llvm::ArrayRef<std::string> active) {
    for (SuppressionProblem &problem : Comments.problems(active, knowsUnused())) {
      Finding finding;
      finding.rule = problem.rule;
      finding.kind = problem.kind;
      finding.severity = problem.kind == "suppression-without-reason" ? Severity::Error : Severity::Warning;
      finding.file = Facts.path(problem.place);
      finding.place = problem.place;
      finding.symbol = std::move(problem.enclosing);
      finding.message = std::move(problem.message);
      finding.fingerprint = Prints.next(problem.rule, problem.kind + " " + finding.symbol);
      Outcome.findings.push_back(std::move(finding));
    }
  }

  /// Marks what the baseline covers. \returns its entries that cover nothing. What is suppressed or allowed needs no
  /// entry. What another baseline covers uses one up all the same, or two baselines of one site would cover two.
  std::vector<std::size_t> cover(const Baseline &baseline) {
    auto isOpen = [](FindingState state) { return state == FindingState::New || state == FindingState::Baseline; };
    std::vector<Finding *> findings;
    std::vector<BaselineSite> sites;
    for (Finding &finding : Outcome.findings)
      if (isOpen(finding.state) && !finding.identity.empty()) {
        findings.push_back(&finding);
        sites.push_back({finding.identity, finding.file});
      }
    BaselineMatch match = matchBaseline(baseline, sites, Options.fileExists);
    for (std::size_t i = 0; i < findings.size(); ++i)
      if (match.covered[i])
        findings[i]->state = FindingState::Baseline;
    return match.unmatched;
  }

  void applyBaselines() {
    Outcome.compared = Options.baseline || Options.before;
    if (const Baseline *baseline = Options.baseline) {
      std::vector<std::size_t> unmatched = cover(*baseline);
      std::size_t entries = baseline->entries.size();
      Outcome.baseline = BaselineCounts{entries, entries - unmatched.size(), unmatched.size()};
      for (std::size_t entry : unmatched) {
        Outcome.unmatched.push_back(baseline->entries[entry]);
        if (knowsUnused())
          addStaleEntry(*baseline, baseline->entries[entry]);
      }
    }
    if (Options.before)
      cover(*Options.before);
  }

  void addStaleEntry(const Baseline &baseline, const BaselineEntry &entry) {
    Finding finding;
    finding.rule = entry.rule;
    finding.kind = "stale-baseline";
    finding.severity = Options.strictBaseline ? Severity::Error : Severity::Warning;
    finding.file = baseline.name;
    finding.place.line = finding.place.endLine = entry.mark;
    finding.place.column = finding.place.endColumn = 1;
    finding.symbol = entry.symbol;
    finding.message = "this entry matches no violation any more; `ssot baseline prune` removes it";
    finding.fingerprint = Prints.next(entry.rule, "stale-baseline " + entry.identity + " " + entry.file);
    Outcome.findings.push_back(std::move(finding));
  }

  void addWeakenings(const GateBefore &before) {
    for (const Weakening &weaker : before.weaker) {
      Place place;
      place.line = place.endLine = weaker.mark.line;
      place.column = place.endColumn = weaker.mark.column;
      addWeakening(before, weaker.rule, weaker.mark.file, place,
                   weaker.message + (weaker.gone ? " (the place is that of then)" : ""));
    }
    std::vector<const Finding *> suppressed;
    std::vector<BaselineSite> sites;
    for (const Finding &finding : Outcome.findings)
      if (finding.state == FindingState::Suppressed) {
        suppressed.push_back(&finding);
        sites.push_back({finding.identity, finding.file});
      }
    BaselineMatch match = matchBaseline(before.suppressed, sites, Options.fileExists);
    std::vector<Finding> added;
    for (std::size_t i = 0; i < sites.size(); ++i)
      if (!match.covered[i])
        added.push_back(*suppressed[i]); // a copy: the list of findings grows below
    for (const Finding &finding : added)
      addWeakening(before, finding.rule, finding.file, *finding.comment,
                   "this suppression is new" + (finding.symbol.empty() ? "" : "; it excuses '" + finding.symbol + "'") +
                       " (" + finding.reason + ")");
  }

  void addWeakening(const GateBefore &before, const std::string &rule, const std::string &file, const Place &place,
                    const std::string &what) {
    Finding finding;
    finding.rule = rule;
    finding.kind = "weakened-gate";
    finding.file = file;
    finding.place = place;
    finding.message = "weaker than at " + before.revision + ": " + what;
    std::vector<std::string> owners = before.owners.of(file);
    finding.message += owners.empty() ? "; CODEOWNERS names nobody who could approve it"
                                      : "; " + llvm::join(owners, " ") + " could approve it";
    finding.fingerprint = Prints.next(rule, "weakened-gate " + what);
    Outcome.findings.push_back(std::move(finding));
  }

  Share architecture() {
    Share share;
    for (std::uint32_t file = 0; file < Facts.files.size(); ++file) {
      const IndexedFile &entry = Facts.files[file];
      if (!entry.inProject || !entry.parsed || !Settings.scope.contains(entry.path))
        continue;
      bool clean = !Unclean.count(file);
      Outcome.analysed.push_back({entry.path, clean});
      ++share.whole;
      share.part += clean ? 1 : 0;
    }
    return share;
  }

  void sortEverything() {
    std::sort(Outcome.findings.begin(), Outcome.findings.end(), [](const Finding &a, const Finding &b) {
      return std::tie(a.file, a.place.line, a.place.column, a.rule, a.kind, a.symbol, a.message, a.fingerprint) <
             std::tie(b.file, b.place.line, b.place.column, b.rule, b.kind, b.symbol, b.message, b.fingerprint);
    });
    auto key = [](const Adapter &adapter) {
      return std::tie(adapter.file, adapter.line, adapter.symbol, adapter.canonical);
    };
    std::sort(Outcome.adapters.begin(), Outcome.adapters.end(),
              [&](const Adapter &a, const Adapter &b) { return key(a) < key(b); });
    Outcome.adapters.erase(std::unique(Outcome.adapters.begin(), Outcome.adapters.end(),
                                       [&](const Adapter &a, const Adapter &b) { return key(a) == key(b); }),
                           Outcome.adapters.end());
    std::sort(Outcome.asides.begin(), Outcome.asides.end(), [](const AsideEntry &a, const AsideEntry &b) {
      return std::tie(a.file, a.aside.place.line, a.aside.place.column, a.rule, a.aside.symbol, a.aside.reason) <
             std::tie(b.file, b.aside.place.line, b.aside.place.column, b.rule, b.aside.symbol, b.aside.reason);
    });
  }

  /// Compares the exact fraction, not the figure that is shown. A minimum is a decimal number: a millionth of a percent
  /// is its last digit. Excused sites count here as in the figure: a gate that passes has no other violations left, so
  /// without them every minimum would be reached.
  bool reachesMinimum() const {
    if (!Outcome.minCompliance || Outcome.ssot.empty())
      return true;
    auto minimum = static_cast<__int128>(std::llround(*Outcome.minCompliance * 1e6));
    return static_cast<__int128>(Outcome.ssot.part) * 100'000'000 >=
           minimum * static_cast<__int128>(Outcome.ssot.whole);
  }

  void pass() {
    Outcome.violations = static_cast<std::size_t>(llvm::count_if(Outcome.findings, [](const Finding &finding) {
      return finding.state == FindingState::New && finding.severity == Severity::Error;
    }));
    Outcome.reachesMinimum = reachesMinimum();
    Outcome.gatePassed = Outcome.violations == 0 && Outcome.reachesMinimum;
  }

  const Config &Settings;
  const Sources &Facts;
  const GateOptions &Options;
  Suppressions Comments;
  Fingerprinter Prints;
  std::set<std::uint32_t> Unclean; ///< files with a violation of a rule above note
  Result Outcome;
};

} // namespace

Result decide(const Config &config, const Sources &sources, std::vector<JudgedRule> judged, Coverage coverage,
              const GateOptions &options) {
  return Gate(config, sources, options, std::move(coverage)).decide(std::move(judged));
}

namespace {

std::vector<BaselineEntry> entriesOf(const Result &result, llvm::function_ref<bool(FindingState)> isWanted) {
  std::vector<BaselineEntry> entries;
  for (const Finding &finding : result.findings)
    if (!finding.identity.empty() && isWanted(finding.state))
      entries.push_back({finding.identity, finding.rule, finding.file, finding.place.line, finding.symbol, 0});
  return entries;
}

} // namespace

std::vector<BaselineEntry> baselineEntries(const Result &result) {
  return entriesOf(result,
                   [](FindingState state) { return state == FindingState::New || state == FindingState::Baseline; });
}

std::vector<BaselineEntry> suppressedEntries(const Result &result) {
  return entriesOf(result, [](FindingState state) { return state == FindingState::Suppressed; });
}

ExitCode exitCode(const Result &result, bool allowIncomplete) {
  if (!result.coverage.complete() && !allowIncomplete)
    return ExitCode::Incomplete;
  return result.gatePassed ? ExitCode::Passed : ExitCode::GateFailed;
}

} // namespace ssot
