#include "gate/weakening.h"

#include "config/path_language.h"

#include <llvm/ADT/STLExtras.h>

#include <optional>
#include <set>

namespace ssot {

namespace {

constexpr char kGate[] = "gate";

llvm::StringRef wordOf(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

/// "until 2030-01-01", "without an end".
std::string endOf(const Allowance &allowance) {
  return allowance.until.empty() ? "without an end" : "until " + allowance.until;
}

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

/// Some globs of a longer list.
struct Range {
  std::size_t begin = 0, end = 0;

  bool anyOf(llvm::ArrayRef<bool> matches) const { return llvm::is_contained(matches.slice(begin, end - begin), true); }
  bool empty() const { return begin == end; }
};

/// Sets of paths, each described by globs, about which one question is asked.
class PathSets {
public:
  Range add(const std::vector<Glob> &globs) {
    Range range{All.size(), All.size() + globs.size()};
    for (const Glob &glob : globs)
      All.push_back(&glob);
    return range;
  }

  struct Scope {
    Range include, exclude;
    bool contains(llvm::ArrayRef<bool> matches) const {
      return (include.empty() || include.anyOf(matches)) && !exclude.anyOf(matches);
    }
  };
  Scope add(const PathScope &scope) { return {add(scope.include), add(scope.exclude)}; }

  /// \returns in words which paths \p asked holds for, existing ones if there are any; nothing when it never does.
  std::optional<std::string> examples(llvm::ArrayRef<std::string> files,
                                      llvm::function_ref<bool(llvm::ArrayRef<bool>)> asked) const {
    std::vector<llvm::StringRef> found;
    for (const std::string &file : files) {
      llvm::SmallVector<bool, 16> matches;
      for (const Glob *glob : All)
        matches.push_back(glob->matches(file));
      if (asked(matches))
        found.push_back(file);
    }
    if (found.size() == 1)
      return "'" + found.front().str() + "'";
    if (!found.empty())
      return std::to_string(found.size()) + " files, '" + found.front().str() + "' the first of them,";
    PathSearch search = findPath(All, asked);
    if (search.path)
      return "files such as '" + *search.path + "'";
    return search.exhausted ? std::nullopt : std::optional<std::string>("files, as far as can be told,");
  }

private:
  std::vector<const Glob *> All;
};

bool isName(llvm::StringRef glob) { return glob.find_first_of("*?") == llvm::StringRef::npos && !glob.ends_with("/"); }

class ConfigComparison {
public:
  ConfigComparison(const Config &before, const Config &now, const ChangedProject &project)
      : Before(before), Now(now), Changed(project) {
    for (const auto &[name, old] : project.renamed)
      NewNames.emplace(old, name);
  }

  std::vector<Weakening> run() {
    gate();
    scopes();
    tests();
    for (const Rule &rule : Before.rules)
      if (const Rule *same = counterpart(rule))
        compare(rule, *same);
      else
        Outcome.push_back({rule.id, rule.mark, /*gone=*/true, "rule '" + rule.id + "' is removed"});
    return std::move(Outcome);
  }

private:
  void add(const std::string &rule, const Mark &mark, std::string message) {
    Outcome.push_back({rule, mark, /*gone=*/false, std::move(message)});
  }

  /// The globs, and for each that names a file which has another name now, that one too: a rename widens nothing.
  std::vector<Glob> withNewNames(std::vector<Glob> globs) const {
    for (std::size_t i = 0, count = globs.size(); i < count; ++i)
      if (auto renamed = NewNames.find(globs[i].text()); isName(globs[i].text()) && renamed != NewNames.end()) {
        if (llvm::Expected<Glob> glob = Glob::compile(renamed->second))
          globs.push_back(std::move(*glob));
        else
          llvm::consumeError(glob.takeError()); // a name that no glob can say is named by none
      }
    return globs;
  }
  PathScope withNewNames(const PathScope &scope) const {
    return {withNewNames(scope.include), withNewNames(scope.exclude)};
  }

  const Rule *counterpart(const Rule &rule) const {
    auto sameId = llvm::find_if(Now.rules, [&](const Rule &other) { return other.id == rule.id; });
    if (sameId != Now.rules.end())
      return &*sameId;
    auto sameBody = llvm::find_if(Now.rules, [&](const Rule &other) {
      bool isNew = llvm::none_of(Before.rules, [&](const Rule &old) { return old.id == other.id; });
      return isNew && other.kind == rule.kind && weakerInBody(rule.body, other.body).empty();
    });
    return sameBody == Now.rules.end() ? nullptr : &*sameBody;
  }

  void gate() {
    if (!Before.minCompliance)
      return;
    std::string then = number(*Before.minCompliance);
    if (!Now.minCompliance)
      Outcome.push_back({kGate, Before.minComplianceAt, /*gone=*/true, "'min-compliance: " + then + "' is removed"});
    else if (*Now.minCompliance < *Before.minCompliance)
      add(kGate, Now.minComplianceAt, "'min-compliance' is lowered from " + then + " to " + number(*Now.minCompliance));
  }

  /// What all rules speak of. Only what some rule judged counts.
  void scopes() {
    PathScope whole = withNewNames(Before.scope);
    for (const Rule &rule : Before.rules) {
      PathScope own = withNewNames(rule.scope);
      PathSets sets;
      PathSets::Scope thenAll = sets.add(whole), thenRule = sets.add(own), nowAll = sets.add(Now.scope);
      std::optional<std::string> lost = sets.examples(Changed.files, [&](llvm::ArrayRef<bool> matches) {
        return thenAll.contains(matches) && thenRule.contains(matches) && !nowAll.contains(matches);
      });
      if (!lost)
        continue;
      add(kGate, Now.scopeAt, "the scope is narrowed: " + *lost + " would not be judged any more");
      return;
    }
  }

  /// Test doubles are no sites, so what counts as a test is judged less.
  void tests() {
    std::vector<Glob> then = withNewNames(Before.tests);
    PathSets sets;
    Range before = sets.add(then), now = sets.add(Now.tests);
    PathSets::Scope scope = sets.add(Now.scope);
    if (std::optional<std::string> more = sets.examples(Changed.files, [&](llvm::ArrayRef<bool> matches) {
          return now.anyOf(matches) && !before.anyOf(matches) && scope.contains(matches);
        }))
      add(kGate, Now.scopeAt, "'tests' of the scope is widened: test doubles in " + *more + " would be no sites");
  }

  void compare(const Rule &before, const Rule &now) {
    if (now.severity > before.severity)
      add(now.id, now.severityAt,
          "the severity is lowered from " + wordOf(before.severity).str() + " to " + wordOf(now.severity).str());
    for (const std::string &weaker : weakerInBody(before.body, now.body))
      add(now.id, now.mark, "the rule is narrowed: " + weaker);
    ruleScope(before, now);
    for (const Allowance &allowance : now.allow)
      compare(before, now, allowance);
  }

  void ruleScope(const Rule &before, const Rule &now) {
    PathScope whole = withNewNames(Before.scope), own = withNewNames(before.scope);
    PathSets sets;
    PathSets::Scope thenAll = sets.add(whole), thenRule = sets.add(own), nowRule = sets.add(now.scope);
    if (std::optional<std::string> lost = sets.examples(Changed.files, [&](llvm::ArrayRef<bool> matches) {
          return thenAll.contains(matches) && thenRule.contains(matches) && !nowRule.contains(matches);
        }))
      add(now.id, now.scopeAt, "the rule's scope is narrowed: " + *lost + " would not be judged any more");
  }

  static bool lastsAsLong(const Allowance &before, const Allowance &now) {
    return before.until.empty() || (!now.until.empty() && now.until <= before.until);
  }

  void compare(const Rule &before, const Rule &now, const Allowance &allowance) {
    auto isIn = [&](const Allowance &other) {
      return allowance.symbol ? other.symbol && surelyCovers(*other.symbol, *allowance.symbol)
                              : other.file && other.file->text() == allowance.file->text();
    };
    const Allowance *shorter = nullptr;
    for (const Allowance &other : before.allow)
      if (isIn(other)) {
        if (lastsAsLong(other, allowance))
          return;
        shorter = &other;
      }
    std::string what = allowance.symbol ? "symbol " + allowance.symbol->text() : "file " + allowance.file->text();
    if (shorter)
      return add(now.id, allowance.mark,
                 "the allowance for " + what + " lasts longer: " + endOf(allowance) + " instead of " + endOf(*shorter));
    if (allowance.symbol)
      return add(now.id, allowance.mark, "the allowance for " + what + " is new or wider");
    if (std::optional<std::string> more = moreFiles(before, allowance))
      add(now.id, allowance.mark,
          "the allowance for " + what + " is new or wider: everything in " + *more + " is allowed now");
  }

  std::optional<std::string> moreFiles(const Rule &before, const Allowance &allowance) const {
    std::vector<Glob> old;
    for (const Allowance &other : before.allow)
      if (other.file && lastsAsLong(other, allowance))
        old.push_back(*other.file);
    old = withNewNames(std::move(old));
    std::vector<Glob> own{*allowance.file};
    PathSets sets;
    Range then = sets.add(old), now = sets.add(own);
    return sets.examples(Changed.files,
                         [&](llvm::ArrayRef<bool> matches) { return now.anyOf(matches) && !then.anyOf(matches); });
  }

  const Config &Before;
  const Config &Now;
  const ChangedProject &Changed;
  std::map<std::string, std::string> NewNames; ///< old -> new
  std::vector<Weakening> Outcome;
};

} // namespace

std::vector<Weakening> weakenings(const Config &before, const Config &now, const ChangedProject &project) {
  return ConfigComparison(before, now, project).run();
}

std::vector<Weakening> grownBaseline(const Baseline *before, const Baseline &now,
                                     llvm::function_ref<bool(llvm::StringRef)> fileExists) {
  std::vector<Weakening> grown;
  if (!before) {
    if (!now.entries.empty())
      grown.push_back({kGate, Mark{now.name, 1, 1}, /*gone=*/false,
                       "the baseline is new and accepts " + std::to_string(now.entries.size()) +
                           (now.entries.size() == 1 ? " violation" : " violations")});
    return grown;
  }
  std::vector<BaselineSite> sites;
  for (const BaselineEntry &entry : now.entries)
    sites.push_back({entry.identity, entry.file});
  BaselineMatch match = matchBaseline(*before, sites, fileExists);
  for (std::size_t i = 0; i < sites.size(); ++i)
    if (const BaselineEntry &entry = now.entries[i]; !match.covered[i])
      grown.push_back({entry.rule, Mark{now.name, entry.mark, 1}, /*gone=*/false,
                       "the baseline has grown by this entry, for " + entry.file +
                           (entry.symbol.empty() ? "" : " (" + entry.symbol + ")")});
  return grown;
}

} // namespace ssot
