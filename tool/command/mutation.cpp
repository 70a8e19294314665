#include "command/mutation.h"

#include "command/analysis.h"
#include "judge/bodies.h"
#include "judge/judge.h"
#include "mutate/mutate.h"
#include "project/workers.h"
#include "report/mutation.h"
#include "report/output.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/xxhash.h>

#include <set>

namespace ssot {

namespace {

/// Each round takes out what the compiler complained of; what makes the next one fail was hidden behind it.
constexpr unsigned kRounds = 8;
/// Of a rule that speaks of no single definition: so many of those with a violation, and so many without.
constexpr std::size_t kMostOriginals = 20;

bool isOfHalf(llvm::StringRef name, llvm::StringRef half) {
  return half == "all" || (llvm::xxh3_64bits(name) % 2 == 0) == (half == "tuning");
}

bool isDuplicateRule(const Rule &rule) {
  return std::holds_alternative<SingleClassRule>(rule.body) || std::holds_alternative<SingleFunctionRule>(rule.body);
}

llvm::StringRef canonicalOf(const Rule &rule) {
  if (const auto *type = std::get_if<SingleClassRule>(&rule.body))
    return type->canonical.value;
  if (const auto *function = std::get_if<SingleFunctionRule>(&rule.body))
    return function->canonical.value;
  return {};
}

/// The definitions of a rule that are mutated: by name, whether it finds a violation there.
using Originals = std::map<std::string, bool>;

/// The outermost class or else function around a place; empty at namespace scope.
llvm::StringRef definitionAround(const Index &index, const Place &place) {
  auto holds = [&](const Place &extent) {
    return extent.file == place.file && extent.begin <= place.begin && place.end <= extent.end;
  };
  for (const TypeFact &type : index.types())
    if (!type.isNested && !type.isLocal && type.kind != TypeKind::Enum && holds(type.extent))
      return index.text(type.name);
  for (const FunctionFact &function : index.functions()) {
    if (function.isLocalOrLambda || !holds(function.extent))
      continue;
    const TypeFact *owner = function.parentClass ? index.type(function.parentClass) : nullptr;
    return !function.parentClass       ? index.text(function.name)
           : owner && !owner->isNested ? index.text(owner->name)
                                       : llvm::StringRef();
  }
  return {};
}

Originals originalsOf(const Rule &rule, const Judgement &judgement, const Index &index, llvm::StringRef half) {
  Originals originals;
  if (isDuplicateRule(rule)) {
    if (isOfHalf(canonicalOf(rule), half))
      originals[canonicalOf(rule).str()] = true;
    return originals;
  }
  Originals all;
  for (const Site &site : judgement.sites)
    if (llvm::StringRef name = definitionAround(index, site.place); !name.empty() && isOfHalf(name, half))
      all[name.str()] |= site.verdict == Verdict::Violation;
  std::size_t violations = 0, others = 0;
  for (const auto &[name, violates] : all)
    if ((violates ? violations : others)++ < kMostOriginals)
      originals[name] = violates;
  return originals;
}

/// For each definition the unit that has most of its bodies; of equals the first.
std::map<std::size_t, std::vector<std::string>> unitsFor(const std::set<std::string> &names,
                                                         llvm::ArrayRef<UnitOutcome> units) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> best; // bodies, unit
  for (std::size_t number = 0; number < units.size(); ++number) {
    const UnitFacts &facts = units[number].facts;
    std::map<std::string, std::size_t> bodies;
    for (const FunctionFact &function : facts.functions) {
      std::string name = facts.strings[function.name];
      if (!names.count(name))
        name = llvm::StringRef(name).rsplit("::").first.str();
      if (names.count(name))
        ++bodies[name];
    }
    for (const auto &[name, count] : bodies)
      if (!best.count(name) || count > best[name].first)
        best[name] = {count, number};
  }
  std::map<std::size_t, std::vector<std::string>> result;
  for (const auto &[name, where] : best)
    result[where.second].push_back(name);
  return result;
}

// What a worker sends back: fields that end with a zero byte, which no source text has.
std::string packed(const MutatedUnit &unit) {
  std::string bytes;
  auto add = [&](llvm::StringRef text) { bytes += text.str() + '\0'; };
  for (const MutatedUnit::Original &original : unit.originals)
    for (llvm::StringRef text :
         {llvm::StringRef("original"), llvm::StringRef(original.symbol), llvm::StringRef(original.text)})
      add(text);
  for (const Variant &variant : unit.variants) {
    add(traitsOf(variant.kind).word);
    add(variant.original);
    add(variant.symbol);
    add(variant.text);
  }
  return bytes;
}

MutatedUnit unpacked(llvm::StringRef bytes) {
  MutatedUnit unit;
  auto next = [&] {
    auto [field, rest] = bytes.split('\0');
    bytes = rest;
    return field.str();
  };
  while (!bytes.empty()) {
    std::string word = next();
    if (word == "original") {
      std::string symbol = next();
      unit.originals.push_back({symbol, next()});
      continue;
    }
    Variant variant;
    variant.kind = *llvm::find_if(allVariantKinds(), [&](VariantKind kind) { return traitsOf(kind).word == word; });
    variant.original = next();
    variant.symbol = next();
    variant.text = next();
    unit.variants.push_back(std::move(variant));
  }
  return unit;
}

class MutationRun {
public:
  /// \param explain say on \p err why a variant is none.
  MutationRun(const Project &project, const Config &config, const AnalysisOptions &how, bool explain,
              llvm::raw_ostream &err)
      : Source(project), Settings(config), How(how), Explain(explain), Err(err) {}

  /// Makes the variants of \p names, keeps those that compile, and \returns the index of the code with them in it.
  Index run(const std::set<std::string> &names, std::vector<UnitOutcome> &units) {
    std::map<std::size_t, std::vector<std::string>> byUnit = unitsFor(names, units);
    mutate(byUnit);
    verify(units);
    Linker linker;
    for (UnitOutcome &unit : units)
      linker.add(std::move(unit.facts));
    return linker.finish();
  }

  std::vector<Variant> variants;
  llvm::StringMap<std::string> originals; ///< texts by name
  llvm::StringMap<std::size_t> discarded; ///< by original

private:
  void mutate(const std::map<std::size_t, std::vector<std::string>> &byUnit) {
    std::vector<std::size_t> numbers;
    for (const auto &[number, names] : byUnit)
      numbers.push_back(number);
    auto work = [&](std::size_t item) {
      return packed(mutateUnit(Source.units[numbers[item]], Source.root, byUnit.at(numbers[item])));
    };
    runInWorkers(numbers.size(), workersFor(How.jobs, /*timeoutSeconds=*/0), work, [&](const WorkerResult &result) {
      if (!result.failure.empty())
        Err << "ssot: " << Source.units[numbers[result.item]].file << ": no variants: " << result.failure << '\n';
      Mutated[numbers[result.item]] = unpacked(result.bytes);
    });
    for (const auto &[number, unit] : Mutated)
      for (const MutatedUnit::Original &original : unit.originals)
        originals[original.symbol] = original.text;
  }

  /// The unit's source with its variants; \p lines gets the first line of each.
  std::string textWith(const MutatedUnit &unit, std::string text, std::vector<unsigned> &lines) const {
    if (!text.empty() && text.back() != '\n')
      text += '\n';
    for (const Variant &variant : unit.variants) {
      lines.push_back(static_cast<unsigned>(llvm::count(text, '\n')) + 1);
      text += variant.text;
    }
    lines.push_back(~0u);
    return text;
  }

  void verify(std::vector<UnitOutcome> &units) {
    std::vector<CompileUnit> all = Source.units;
    // A copy under another name is no friend of the original's friends; that is no difference between the two.
    for (CompileUnit &unit : all)
      unit.arguments.push_back("-fno-access-control");
    std::set<std::size_t> open;
    for (const auto &[number, unit] : Mutated)
      if (!unit.variants.empty())
        open.insert(number);
    for (unsigned round = 0; round < kRounds && !open.empty(); ++round) {
      std::map<std::string, std::string> overlay;
      std::map<std::size_t, std::vector<unsigned>> lines;
      for (std::size_t number : open)
        overlay[all[number].file] =
            textWith(Mutated[number], readProjectFile(Source, all[number].file).value_or(""), lines[number]);
      std::vector<std::size_t> chosen(open.begin(), open.end());
      extractUnits(Source, all, chosen, Settings, How, overlay, Err, [&](std::size_t number, UnitOutcome outcome) {
        if (outcome.failure.empty() && !outcome.facts.error) {
          units[number] = std::move(outcome);
          open.erase(number);
        } else {
          takeOut(number, lines[number], outcome, round + 1 == kRounds);
        }
      });
    }
    for (auto &[number, unit] : Mutated)
      if (!open.count(number))
        llvm::append_range(variants, unit.variants);
  }

  /// Drops the variants in which there is an error; all of them when it is in none, or it was the last round.
  void takeOut(std::size_t number, llvm::ArrayRef<unsigned> lines, const UnitOutcome &outcome, bool last) {
    MutatedUnit &unit = Mutated[number];
    std::set<std::size_t> bad;
    auto blame = [&](const DiagnosticFact &error) {
      for (std::size_t i = 0; i + 1 < lines.size(); ++i)
        if (error.file == Source.units[number].file && lines[i] <= error.line && error.line < lines[i + 1] &&
            bad.insert(i).second && Explain)
          Err << "ssot: " << unit.variants[i].symbol << " does not compile: " << escaped(error.message) << '\n';
    };
    if (outcome.facts.error)
      blame(*outcome.facts.error);
    if (Explain && bad.empty())
      Err << "ssot: " << Source.units[number].file
          << ": no variant of it: " << escaped(outcome.facts.error ? outcome.facts.error->message : outcome.failure)
          << '\n';
    for (const DiagnosticFact &error : outcome.facts.moreErrors)
      blame(error);
    std::vector<Variant> kept;
    for (std::size_t i = 0; i < unit.variants.size(); ++i)
      if (last || bad.empty() || bad.count(i))
        ++discarded[unit.variants[i].original];
      else
        kept.push_back(std::move(unit.variants[i]));
    unit.variants = std::move(kept);
  }

  const Project &Source;
  const Config &Settings;
  const AnalysisOptions &How;
  bool Explain;
  llvm::raw_ostream &Err;
  std::map<std::size_t, MutatedUnit> Mutated;
};

/// Likeness of everything to one canonical definition.
class CanonicalLikeness {
public:
  CanonicalLikeness(const Index &index, Bodies &bodies, const Rule &rule) : Known(index), All(bodies) {
    llvm::StringRef canonical = canonicalOf(rule);
    IsClass = std::holds_alternative<SingleClassRule>(rule.body);
    for (const TypeFact &type : Known.types())
      if (IsClass && !Body && Known.text(type.name) == canonical && !type.isSpecialization)
        Body = All.of(type);
    for (const FunctionFact &function : Known.functions())
      if (!IsClass && Known.text(function.name) == canonical)
        Functions.push_back(&function);
  }

  /// Calls \p visit with the name and the likeness of each definition that is large enough.
  template <typename Visit>
  void each(Visit visit) const {
    if (IsClass && Body)
      for (const TypeFact &type : Known.types())
        if (type.kind != TypeKind::Enum && type.name && !type.isSpecialization && type.usr != Body->type->usr)
          visit(Known.text(type.name), All.likenessOf(*Body, All.of(type)));
    for (const FunctionFact &function : Known.functions()) {
      if (IsClass || Functions.empty() || function.isLocalOrLambda || llvm::is_contained(Functions, &function))
        continue;
      Likeness best;
      for (const FunctionFact *canonical : Functions)
        if (Likeness likeness = All.likenessOf(*canonical, function); likeness.score >= best.score)
          best = likeness;
      visit(Known.text(function.name), best);
    }
  }

private:
  const Index &Known;
  Bodies &All;
  bool IsClass = false;
  std::optional<ClassBody> Body;
  std::vector<const FunctionFact *> Functions;
};

/// \returns what the rule found, by the variant's name or as itself.
llvm::StringSet<> foundBy(const Rule &rule, const Judgement &judgement, const Index &index) {
  llvm::StringSet<> found;
  for (const Site &site : judgement.sites) {
    if (site.verdict != Verdict::Violation)
      continue;
    found.insert(site.symbol);
    if (isDuplicateRule(rule))
      continue;
    // Elsewhere a finding is one of everything around it.
    for (llvm::StringRef around = index.enclosing(site.place); !around.empty();
         around = around.contains("::") ? around.rsplit("::").first : llvm::StringRef())
      found.insert(around);
  }
  return found;
}

MutationResult resultOf(const Rule &rule, const Originals &originals, const MutationRun &run, const Config &config,
                        const Index &index, Bodies &bodies) {
  MutationResult result;
  result.rule = rule.id;
  result.kind = rule.kind;
  llvm::StringSet<> found = foundBy(rule, judge(JudgeContext{index, config, rule}), index);
  llvm::StringMap<Likeness> likeness;
  if (isDuplicateRule(rule))
    CanonicalLikeness(index, bodies, rule).each([&](llvm::StringRef name, const Likeness &each) {
      if (auto [known, isNew] = likeness.try_emplace(name, each); !isNew && each.score > known->second.score)
        known->second = each;
    });
  auto likenessOf = [&](llvm::StringRef symbol) {
    auto known = likeness.find(symbol);
    return known == likeness.end() ? std::nullopt : std::optional(known->second);
  };
  for (const auto &[name, violates] : originals) {
    if (run.originals.count(name))
      result.originals.push_back(name);
    else
      result.missing.push_back(name);
    result.discarded += run.discarded.lookup(name);
  }
  llvm::StringSet<> made;
  for (const Variant &variant : run.variants) {
    made.insert(variant.symbol);
    auto original = originals.find(variant.original);
    const VariantTraits &traits = traitsOf(variant.kind);
    if (original == originals.end() || (!isDuplicateRule(rule) && !traits.preserves))
      continue;
    bool expected = isDuplicateRule(rule) ? traits.type > 0 : original->second;
    result.variants.push_back({traits.word.str(), traits.type, variant.original, variant.symbol, expected,
                               found.contains(variant.symbol), likenessOf(variant.symbol)});
  }
  auto isMade = [&](llvm::StringRef symbol) {
    return symbol.contains("::ssot_") || symbol.starts_with("ssot_") || made.contains(symbol);
  };
  for (const auto &each : likeness)
    if (!isMade(each.getKey()) && (each.second.score > 0 || found.contains(each.getKey())))
      result.others.push_back({each.getKey().str(), found.contains(each.getKey()), each.second});
  llvm::sort(result.others, [](const OtherLike &a, const OtherLike &b) { return a.symbol < b.symbol; });
  return result;
}

/// `netra_core_Router.copy.cpp`
std::string fileNameFor(llvm::StringRef symbol, llvm::StringRef kind) {
  std::string name;
  for (char c : symbol)
    if (llvm::isAlnum(c) || (c != ':' || (!name.empty() && name.back() != '_')))
      name += llvm::isAlnum(c) ? c : '_';
  return name + "." + kind.str() + ".cpp";
}

llvm::Error keepTexts(llvm::StringRef folder, const MutationRun &run) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return llvm::createStringError(error, folder + ": " + error.message());
  auto write = [&](llvm::StringRef symbol, llvm::StringRef kind, llvm::StringRef text) {
    llvm::SmallString<256> path(folder);
    llvm::sys::path::append(path, fileNameFor(symbol, kind));
    return writeFileAtomically(path.str().str(), [&](llvm::raw_ostream &out) { out << text; });
  };
  for (const auto &original : run.originals)
    if (llvm::Error error = write(original.getKey(), "original", original.second))
      return error;
  for (const Variant &variant : run.variants)
    if (llvm::Error error = write(variant.original, traitsOf(variant.kind).word, variant.text))
      return error;
  return llvm::Error::success();
}

} // namespace

int runRulesTest(const SharedOptions &shared, const RulesTestOptions &options, Streams streams) {
  SharedOptions selected = shared;
  selected.ruleIds = options.mutate;
  llvm::Expected<Config> config = loadConfiguration(selected);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  llvm::Expected<Project> project = openConfiguredProject(selected, *config, {});
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress, nullptr};
  config->everyBody = true;
  std::vector<UnitOutcome> units;
  Analysis analysis = analyse(*project, *config, how, streams.err, &units);
  for (const FailedUnit &unit : analysis.coverage.units.failed)
    streams.err << "ssot: " << escaped(unit.error) << '\n';

  std::vector<Originals> originals;
  std::set<std::string> names;
  for (const Rule &rule : config->rules) {
    originals.push_back(
        originalsOf(rule, judge(JudgeContext{analysis.index, *config, rule}), analysis.index, options.half));
    for (const auto &[name, violates] : originals.back())
      names.insert(name);
  }
  MutationRun run(*project, *config, how, shared.verbose, streams.err);
  Index index = run.run(names, units);
  Bodies bodies(index);
  std::vector<MutationResult> results;
  for (std::size_t i = 0; i < config->rules.size(); ++i)
    if (!originals[i].empty())
      results.push_back(resultOf(config->rules[i], originals[i], run, *config, index, bodies));
  if (!options.keep.empty())
    if (llvm::Error error = keepTexts(options.keep, run)) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  if (options.format == "json")
    writeMutationJson(results, streams.out);
  else if (options.format == "sarif")
    writeMutationSarif(results, kVersion, streams.out);
  else
    writeMutationText(results, streams.out);
  bool incomplete = !analysis.coverage.complete() && !options.allowIncomplete;
  return static_cast<int>(incomplete ? ExitCode::Incomplete : ExitCode::Passed);
}

} // namespace ssot
