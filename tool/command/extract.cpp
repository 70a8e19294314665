#include "command/extract.h"

#include "command/analysis.h"
#include "command/unit_key.h"
#include "extract/extract.h"
#include "facts/pieces.h"
#include "project/command.h"
#include "project/errors.h"
#include "project/paths.h"
#include "project/workers.h"
#include "report/output.h"
#include "store/build_id.h"
#include "store/prober.h"
#include "store/unit_record.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <cstdlib>
#include <thread>

namespace ssot {

namespace {

/// The disk, but a file's name is what the command calls it. Build systems run actions in folders of links to where the
/// files really are, and that is nobody's business.
class NamesAsGiven : public llvm::vfs::ProxyFileSystem {
public:
  using ProxyFileSystem::ProxyFileSystem;

  std::error_code getRealPath(const llvm::Twine &path, llvm::SmallVectorImpl<char> &output) override {
    path.toVector(output);
    if (std::error_code error = makeAbsolute(output))
      return error;
    llvm::sys::path::remove_dots(output, /*remove_dot_dot=*/true);
    return exists(path) ? std::error_code() : std::make_error_code(std::errc::no_such_file_or_directory);
  }
};

/// The environment says nothing that the command does not say.
void forgetIncludePaths() {
  for (const char *name :
       {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "CCC_OVERRIDE_OPTIONS"})
    ::unsetenv(name);
}

/// A project of one unit, whose command stands on the command line. Nothing is looked for on the disk.
llvm::Expected<Project> projectOfCommand(const SharedOptions &shared, const ExtractOptions &options) {
  if (options.sources.size() != 1)
    return inputError("one SOURCE goes with a command after `--`");
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return root.takeError();
  DatabaseEntry entry;
  entry.directory = currentDirectory();
  entry.file = options.sources.front();
  entry.arguments = options.command;
  std::string absolute = absoluteFrom(entry.directory, entry.file);
  if (!llvm::sys::fs::exists(absolute))
    return inputError(entry.file + ": there is no such file");
  if (!isBelow(absolute, *root))
    return inputError(entry.file + ": lies outside the project root " + *root);
  Compilers compilers;
  llvm::Expected<std::vector<std::string>> arguments = fitForClang(entry, absolute, compilers);
  if (!arguments)
    return arguments.takeError();
  Project project;
  project.root = *root;
  project.units.push_back({relativeTo(*root, absolute), absolute, entry.directory, std::move(*arguments)});
  return project;
}

/// I of I/N, counted from 0, and N. Nothing when \p text is something else.
std::optional<std::pair<std::size_t, std::size_t>> shardOf(llvm::StringRef text) {
  auto [index, count] = text.split('/');
  std::size_t i = 0, n = 0;
  if (index.getAsInteger(10, i) || count.getAsInteger(10, n) || i < 1 || i > n)
    return std::nullopt;
  return std::pair(i - 1, n);
}

llvm::Expected<std::vector<std::size_t>> chosenUnits(const Project &project, const ExtractOptions &options) {
  std::vector<std::size_t> numbers = numbersOf(project.units);
  if (options.shard.empty())
    return numbers;
  auto shard = shardOf(options.shard);
  if (!shard)
    return inputError("--shard " + options.shard + ": write I/N with 1 <= I <= N, such as 2/5");
  std::erase_if(numbers, [&](std::size_t number) { return number % shard->second != shard->first; });
  return numbers;
}

/// The files of the project that the unit read, with what they hold.
std::vector<ReadSource> sourcesOf(const UnitFacts &facts, const std::string &root) {
  std::vector<ReadSource> sources;
  for (const FileFact &file : facts.files)
    if (file.inProject)
      sources.push_back({file.path, contentDigest(joined(root, file.path)).value_or(Digest{})});
  llvm::sort(sources, [](const ReadSource &a, const ReadSource &b) { return a.path < b.path; });
  return sources;
}

/// The records of an archive until they are written, each piece of their facts once: units share most of it.
class Archive {
public:
  explicit Archive(std::size_t records) : Records(records) {}

  void put(std::size_t number, UnitRecord record) {
    for (std::string *facts : {&record.facts, &record.scanned}) {
      CutFacts cut = cutOf(*facts);
      for (const FactsPiece &piece : cut.pieces)
        Pieces.try_emplace(bytesOf(piece.name), piece.bytes);
      *facts = cut.head.str();
    }
    Records[number] = std::move(record);
  }

  /// Writes one record after the other, a piece before the first that needs it. \returns an error that names the file.
  llvm::Error write(const std::string &file) const {
    return writeFileAtomically(file, [&](llvm::raw_ostream &out) {
      if (Records.empty())
        out << emptyArchive();
      llvm::StringSet<> written;
      for (const UnitRecord &record : Records) {
        for (const std::string *facts : {&record.facts, &record.scanned})
          for (const FactsPiece &piece : cutOf(*facts).pieces)
            if (llvm::StringRef name = bytesOf(piece.name); written.insert(name).second)
              out << serialize(PieceRecord{Pieces.at(name)});
        out << serialize(record);
      }
    });
  }

private:
  /// What cannot be read is a head that names no pieces.
  static CutFacts cutOf(const std::string &facts) {
    llvm::Expected<CutFacts> read = readCut(facts);
    if (read)
      return std::move(*read);
    llvm::consumeError(read.takeError());
    return {facts, {}, {}};
  }

  std::vector<UnitRecord> Records;
  llvm::StringMap<std::string> Pieces;
};

} // namespace

int runExtract(const SharedOptions &shared, const ExtractOptions &options, Streams streams) {
  bool isOneCommand = !options.command.empty();
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  if (options.everyBody)
    askForEveryBody(*config);
  if (isOneCommand)
    forgetIncludePaths();
  llvm::Expected<Project> project =
      isOneCommand ? projectOfCommand(shared, options) : openConfiguredProject(shared, *config, options.sources);
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  llvm::Expected<std::vector<std::size_t>> chosen = chosenUnits(*project, options);
  if (!chosen)
    return reportUsageError(chosen.takeError(), streams.err);

  UnitRecord blank;
  blank.version = kVersion;
  blank.build = toolBuild();
  blank.asked = askedOf(*project, *config);
  auto blankOf = [&](const CompileUnit &unit) {
    UnitRecord record = blank;
    record.file = unit.file;
    record.command = commandKey(project->root, unit);
    return record;
  };
  Extractor extractor = extractorFor(*project, *config, AnalysisOptions());
  auto work = [&](std::size_t item) {
    const CompileUnit &unit = project->units[(*chosen)[item]];
    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = llvm::vfs::createPhysicalFileSystem();
    if (isOneCommand)
      files = llvm::makeIntrusiveRefCnt<NamesAsGiven>(files);
    UnitRecord record = blankOf(unit);
    UnitFacts facts = extractor.run(unit, files);
    record.sources = sourcesOf(facts, project->root);
    nameFromRoot(facts, project->root);
    bool isIncomplete = facts.error.has_value();
    record.facts = cut(std::move(facts));
    if (isIncomplete) {
      // Where nothing of the unit is needed, an error that only a parse shows fails nobody.
      if (std::optional<UnitFacts> scanned = extractor.scan(unit, files, Extractor::TextTest())) {
        nameFromRoot(*scanned, project->root);
        record.scanned = cut(std::move(*scanned));
      }
    }
    return serialize(record);
  };
  Coverage coverage;
  Archive archive(chosen->size());
  auto received = [&](WorkerResult result) {
    const CompileUnit &unit = project->units[(*chosen)[result.item]];
    UnitRecord record = blankOf(unit);
    UnitOutcome outcome;
    if (result.failure.empty()) {
      llvm::StringRef bytes = result.bytes;
      llvm::Expected<FactsRecord> read = takeRecord(bytes);
      if (auto *unit = read ? std::get_if<UnitRecord>(&*read) : nullptr) {
        record = std::move(*unit);
        outcome = outcomeOf(record.facts);
      } else {
        result.failure = read ? "its record is none of a unit" : llvm::toString(read.takeError());
      }
    }
    if (!result.failure.empty())
      record.failure = outcome.failure = std::move(result.failure);
    archive.put(result.item, std::move(record));
    countUnit(unit, outcome, coverage);
  };
  runInWorkers(chosen->size(), workersFor(shared.jobs, options.timeoutSeconds), work, received);

  if (llvm::Error error = archive.write(options.output)) {
    streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  llvm::sort(coverage.units.failed, [](const FailedUnit &a, const FailedUnit &b) { return a.error < b.error; });
  for (const FailedUnit &unit : coverage.units.failed)
    streams.err << "ssot: " << unit.error << '\n';
  bool failed = !coverage.units.failed.empty() && !options.allowIncomplete;
  return static_cast<int>(failed ? ExitCode::Incomplete : ExitCode::Passed);
}

} // namespace ssot
