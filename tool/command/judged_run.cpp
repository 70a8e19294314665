#include "command/judged_run.h"

#include "facts/binary.h"
#include "facts/visit.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/bit.h>

#include <cstring>

namespace ssot {

namespace {

// The fields of everything that is kept, named once for writing and reading.

template <typename Archive, typename T, typename Item>
void list(Archive &archive, std::vector<T> &values, Item item) {
  values.resize(archive.size(values.size()));
  for (T &value : values)
    item(value);
}

template <typename Archive, typename T, typename Item>
void maybe(Archive &archive, std::optional<T> &value, Item item) {
  if (!archive.present(value.has_value())) {
    value.reset();
    return;
  }
  if (!value)
    value.emplace();
  item(*value);
}

template <typename Archive>
void real(Archive &archive, double &value) {
  auto bits = llvm::bit_cast<std::uint64_t>(value);
  archive.integer(bits);
  value = llvm::bit_cast<double>(bits);
}

template <typename Archive>
void place(Archive &archive, Place &value) {
  facts::io(archive, value);
}

template <typename Archive>
void maybePlace(Archive &archive, std::optional<Place> &value) {
  maybe(archive, value, [&](Place &at) { place(archive, at); });
}

template <typename Archive>
void io(Archive &archive, NolintComment &comment) {
  archive.enumerator(comment.kind, NolintKind::End);
  facts::strings(archive, comment.rules);
  archive.string(comment.reason);
  place(archive, comment.place);
  archive.string(comment.enclosing);
}

template <typename Archive>
void io(Archive &archive, Site &site) {
  place(archive, site.place);
  archive.enumerator(site.verdict, Verdict::Violation);
  archive.enumerator(site.role, Role::Use);
  archive.string(site.symbol);
  archive.string(site.canonical);
  maybe(archive, site.similarity, [&](double &value) { real(archive, value); });
  archive.string(site.message);
  list(archive, site.notes, [&](Note &note) {
    maybePlace(archive, note.place);
    archive.string(note.message);
  });
  archive.flag(site.fixable);
  archive.string(site.identity);
}

template <typename Archive>
void io(Archive &archive, Aside &aside) {
  place(archive, aside.place);
  archive.enumerator(aside.role, Role::Use);
  archive.string(aside.symbol);
  archive.string(aside.reason);
  archive.flag(aside.unjudged);
}

template <typename Archive>
void io(Archive &archive, DriftPoint &point) {
  archive.enumerator(point.kind, DriftKind::Unknown);
  archive.flag(point.decides);
  archive.string(point.text);
  maybePlace(archive, point.canonical);
  maybePlace(archive, point.duplicate);
}

template <typename Archive>
void io(Archive &archive, Drift &drift) {
  archive.string(drift.symbol);
  archive.string(drift.canonical);
  place(archive, drift.place);
  archive.enumerator(drift.verdict, DriftVerdict::Unknown);
  archive.string(drift.reason);
  list(archive, drift.methods, [&](MethodDrift &method) {
    archive.string(method.canonical);
    archive.string(method.duplicate);
    list(archive, method.differences, [&](DriftPoint &point) { io(archive, point); });
  });
}

template <typename Archive>
void io(Archive &archive, Judgement &judgement) {
  list(archive, judgement.sites, [&](Site &site) { io(archive, site); });
  list(archive, judgement.asides, [&](Aside &aside) { io(archive, aside); });
  list(archive, judgement.adapters, [&](AdapterEntry &adapter) {
    archive.string(adapter.symbol);
    archive.string(adapter.canonical);
    place(archive, adapter.place);
  });
  list(archive, judgement.problems, [&](RuleProblem &problem) {
    archive.string(problem.code);
    archive.string(problem.symbol);
    archive.string(problem.message);
  });
  list(archive, judgement.drifts, [&](Drift &drift) { io(archive, drift); });
}

template <typename Archive>
void io(Archive &archive, std::vector<FailedUnit> &failed) {
  list(archive, failed, [&](FailedUnit &unit) {
    archive.string(unit.file);
    archive.string(unit.error);
  });
}

template <typename Archive>
void io(Archive &archive, Coverage &coverage) {
  archive.integer(coverage.units.total);
  archive.integer(coverage.units.parsed);
  archive.integer(coverage.units.cached);
  archive.integer(coverage.units.skipped);
  io(archive, coverage.units.failed);
  facts::strings(archive, coverage.unreachedHeaders);
  facts::strings(archive, coverage.orphanSources);
  archive.integer(coverage.headers);
  io(archive, coverage.unreadable);
}

template <typename Archive>
void io(Archive &archive, Fix &fix) {
  archive.string(fix.rule);
  archive.string(fix.file);
  archive.integer(fix.begin);
  archive.integer(fix.end);
  archive.string(fix.text);
  archive.flag(fix.isInclude);
}

template <typename Archive>
void io(Archive &archive, IndexedFile &file) {
  archive.string(file.path);
  archive.flag(file.inProject);
  archive.integer(file.lines);
  archive.flag(file.parsed);
}

template <typename Archive>
void io(Archive &archive, FixedFile &file) {
  archive.string(file.path);
  maybe(archive, file.content, [&](Digest &content) {
    for (std::uint8_t &byte : content)
      archive.integer(byte);
  });
}

/// All but the files, which the places are checked against.
template <typename Archive>
void ioOnceFilesAreKnown(Archive &archive, JudgedRun &run) {
  list(archive, run.sources.comments, [&](NolintComment &comment) { io(archive, comment); });
  list(archive, run.judgements, [&](Judgement &judgement) { io(archive, judgement); });
  io(archive, run.coverage);
  list(archive, run.fixes, [&](Fix &fix) { io(archive, fix); });
  list(archive, run.fixedFiles, [&](FixedFile &file) { io(archive, file); });
}

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
  list(writer, run.sources.files, [&](IndexedFile &file) { io(writer, file); });
  ioOnceFilesAreKnown(writer, run);
  return writer.bytes.view().str();
}

llvm::Expected<JudgedRun> readJudgedRun(llvm::StringRef bytes) {
  facts::Reader reader(bytes);
  JudgedRun run;
  list(reader, run.sources.files, [&](IndexedFile &file) { io(reader, file); });
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
