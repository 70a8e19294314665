#include "command/judged_run.h"

#include "facts/binary.h"
#include "facts/visit.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/bit.h>

#include <cstring>

namespace ssot {

// The fields of everything that is kept, named once for writing and reading. `facts::sequence` and `facts::optional`
// find them by their types, which they could not in a namespace without a name.

template <typename Archive>
static void real(Archive &archive, std::optional<double> &value) {
  if (!archive.present(value.has_value()))
    return;
  auto bits = llvm::bit_cast<std::uint64_t>(value.value_or(0));
  archive.integer(bits);
  value = llvm::bit_cast<double>(bits);
}

template <typename Archive>
static void io(Archive &archive, NolintComment &comment) {
  archive.enumerator(comment.kind, NolintKind::End);
  facts::strings(archive, comment.rules);
  archive.string(comment.reason);
  facts::io(archive, comment.place);
  archive.string(comment.enclosing);
}

template <typename Archive>
static void io(Archive &archive, Note &note) {
  facts::optional(archive, note.place);
  archive.string(note.message);
}

template <typename Archive>
static void io(Archive &archive, Site &site) {
  facts::io(archive, site.place);
  archive.enumerator(site.verdict, Verdict::Violation);
  archive.enumerator(site.role, Role::Use);
  archive.string(site.symbol);
  archive.string(site.canonical);
  real(archive, site.similarity);
  archive.string(site.message);
  facts::sequence(archive, site.notes);
  archive.flag(site.fixable);
  archive.string(site.identity);
}

template <typename Archive>
static void io(Archive &archive, Aside &aside) {
  facts::io(archive, aside.place);
  archive.enumerator(aside.role, Role::Use);
  archive.string(aside.symbol);
  archive.string(aside.reason);
  archive.flag(aside.unjudged);
}

template <typename Archive>
static void io(Archive &archive, DriftPoint &point) {
  archive.enumerator(point.kind, DriftKind::Unknown);
  archive.flag(point.decides);
  archive.string(point.text);
  facts::optional(archive, point.canonical);
  facts::optional(archive, point.duplicate);
}

template <typename Archive>
static void io(Archive &archive, MethodDrift &method) {
  archive.string(method.canonical);
  archive.string(method.duplicate);
  facts::sequence(archive, method.differences);
}

template <typename Archive>
static void io(Archive &archive, Drift &drift) {
  archive.string(drift.symbol);
  archive.string(drift.canonical);
  facts::io(archive, drift.place);
  archive.enumerator(drift.verdict, DriftVerdict::Unknown);
  archive.string(drift.reason);
  facts::sequence(archive, drift.methods);
}

template <typename Archive>
static void io(Archive &archive, AdapterEntry &adapter) {
  archive.string(adapter.symbol);
  archive.string(adapter.canonical);
  facts::io(archive, adapter.place);
}

template <typename Archive>
static void io(Archive &archive, RuleProblem &problem) {
  archive.string(problem.code);
  archive.string(problem.symbol);
  archive.string(problem.message);
}

template <typename Archive>
static void io(Archive &archive, Judgement &judgement) {
  facts::sequence(archive, judgement.sites);
  facts::sequence(archive, judgement.asides);
  facts::sequence(archive, judgement.adapters);
  facts::sequence(archive, judgement.problems);
  facts::sequence(archive, judgement.drifts);
}

template <typename Archive>
static void io(Archive &archive, FailedUnit &unit) {
  archive.string(unit.file);
  archive.string(unit.error);
}

template <typename Archive>
static void io(Archive &archive, Coverage &coverage) {
  archive.integer(coverage.units.total);
  archive.integer(coverage.units.parsed);
  archive.integer(coverage.units.cached);
  archive.integer(coverage.units.skipped);
  facts::sequence(archive, coverage.units.failed);
  facts::strings(archive, coverage.unreachedHeaders);
  facts::strings(archive, coverage.orphanSources);
  archive.integer(coverage.headers);
  facts::sequence(archive, coverage.unreadable);
}

template <typename Archive>
static void io(Archive &archive, Fix &fix) {
  archive.string(fix.rule);
  archive.string(fix.file);
  archive.integer(fix.begin);
  archive.integer(fix.end);
  archive.string(fix.text);
  archive.flag(fix.isInclude);
}

template <typename Archive>
static void io(Archive &archive, IndexedFile &file) {
  archive.string(file.path);
  archive.flag(file.inProject);
  archive.integer(file.lines);
  archive.flag(file.parsed);
}

template <typename Archive>
static void io(Archive &archive, FixedFile &file) {
  archive.string(file.path);
  if (!archive.present(file.content.has_value()))
    return;
  if (!file.content)
    file.content.emplace();
  for (std::uint8_t &byte : *file.content)
    archive.integer(byte);
}

/// All but the files, which the places are checked against.
template <typename Archive>
static void ioOnceFilesAreKnown(Archive &archive, JudgedRun &run) {
  facts::sequence(archive, run.sources.comments);
  facts::sequence(archive, run.judgements);
  io(archive, run.coverage);
  facts::sequence(archive, run.fixes);
  facts::sequence(archive, run.fixedFiles);
}

namespace {

void addUnits(DigestInput &input, const FactsCache &cache, llvm::ArrayRef<CompileUnit> units, bool &areKept) {
  input.number(units.size());
  for (const CompileUnit &unit : units) {
    std::optional<Digest> key = cache.unitKey(unit);
    areKept = areKept && key;
    if (key)
      input.add(bytesOf(*key)).number(unit.deprecationIsError);
  }
}

} // namespace

std::string serialize(JudgedRun &run) {
  facts::Writer writer;
  facts::sequence(writer, run.sources.files);
  ioOnceFilesAreKnown(writer, run);
  return writer.bytes.view().str();
}

llvm::Expected<JudgedRun> readJudgedRun(llvm::StringRef bytes) {
  facts::Reader reader(bytes);
  JudgedRun run;
  facts::sequence(reader, run.sources.files);
  reader.Files = run.sources.files.size();
  ioOnceFilesAreKnown(reader, run);
  if (reader.failed() || !reader.atEnd())
    return llvm::createStringError(std::make_error_code(std::errc::bad_message), "the judgement cannot be read");
  return run;
}

std::optional<Digest> nameOf(FactsCache &cache, const RunQuestion &question) {
  if (!cache.isOn())
    return std::nullopt;
  const auto &[config, ruleTexts, project, skip, wantsFixes] = question;
  cache.begin(project, config);
  DigestInput input;
  // Of the rules, all that they say: which of it the judges read is theirs to know.
  input.add("judged").all(config.files).all(ruleTexts).number(config.rules.size());
  for (const Rule &rule : config.rules)
    input.add(rule.id);
  input.number(skip).number(wantsFixes);
  bool areKept = true;
  addUnits(input, cache, project.units, areKept);
  addUnits(input, cache, project.references, areKept);
  input.all(project.headers).all(project.orphanSources).all(project.outOfScope).all(project.paths);
  input.number(project.problems.size());
  for (const ProjectProblem &problem : project.problems)
    input.add(problem.file).add(problem.message);
  return areKept ? std::optional(input.digest()) : std::nullopt;
}

std::optional<JudgedRun> recallJudgedRun(FactsCache &cache, const Digest &name, const RunQuestion &question) {
  std::optional<std::string> bytes = cache.recallRun(name);
  if (!bytes)
    return std::nullopt;
  llvm::Expected<JudgedRun> run = readJudgedRun(*bytes);
  if (!run) {
    llvm::consumeError(run.takeError());
    return std::nullopt;
  }
  bool holds = run->judgements.size() == question.config.rules.size() &&
               llvm::all_of(run->fixedFiles, [&](const FixedFile &file) {
                 return contentDigest(joined(question.project.root, file.path)) == file.content;
               });
  if (!holds)
    return std::nullopt;
  cache.read += question.project.units.size();
  cache.isJudged = true;
  return std::move(*run);
}

void keepJudgedRun(FactsCache &cache, const Digest &name, JudgedRun &run) {
  if (cache.unkept == 0)
    cache.keepRun(name, serialize(run));
}

} // namespace ssot
