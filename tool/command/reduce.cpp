#include "command/reduce.h"

#include "command/checked_project.h"
#include "command/unit_key.h"
#include "project/errors.h"
#include "project/files.h"
#include "project/library_pages.h"
#include "project/paths.h"
#include "store/build_id.h"
#include "store/prober.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <future>
#include <tuple>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kEnding = ".facts";
/// Units that are read while those before them are linked.
constexpr std::size_t kBatch = 64;
// Bytes that are read at once: of a file from its begin to its end, and of single records here and there.
constexpr std::size_t kAheadOfAll = std::size_t(256) * 1024, kAheadOfOne = 4096;

/// Adds the facts files in \p folder and below, in order of their names.
llvm::Error listFolder(const std::string &folder, std::vector<std::string> &files) {
  llvm::Expected<std::vector<std::string>> found = filesBelow(folder, kEnding);
  if (!found)
    return inputError("--facts " + llvm::toString(found.takeError()));
  if (found->empty())
    return inputError("--facts " + folder + ": there is no *" + kEnding + " file; `ssot extract SOURCE -o FILE" +
                      kEnding + "` writes one");
  llvm::append_range(files, *found);
  return llvm::Error::success();
}

Digest sumOf(const UnitRecord &unit) {
  return DigestInput().add(unit.failure).add(unit.facts).add(unit.scanned).digest();
}

} // namespace

llvm::Expected<FactsFiles> FactsFiles::open(const std::vector<std::string> &paths, const std::string &root) {
  FactsFiles opened;
  opened.Root = root;
  for (const std::string &path : paths) {
    if (!llvm::sys::fs::exists(path))
      return inputError("--facts " + path + ": there is no such file or folder");
    if (!llvm::sys::fs::is_directory(path))
      opened.Files.push_back(path);
    else if (llvm::Error error = listFolder(path, opened.Files))
      return std::move(error);
  }
  for (std::size_t file = 0; file < opened.Files.size(); ++file)
    opened.readFile(file);
  if (opened.Records.empty() && !opened.Unreadable.empty())
    return inputError("--facts: nothing to analyse: " + opened.Unreadable.front().file + " " +
                      opened.Unreadable.front().error);
  opened.group();
  return opened;
}

void FactsFiles::readFile(std::size_t file) {
  auto unreadable = [&](std::string why) { Unreadable.push_back({nameForReports(Root, Files[file]), std::move(why)}); };
  llvm::Expected<RecordFile> opened = RecordFile::open(Files[file], kAheadOfAll);
  if (!opened)
    return unreadable(llvm::toString(opened.takeError()));
  if (opened->size() == 0)
    return unreadable("is empty; extract again");
  for (std::uint64_t next = 0; next < opened->size();) {
    std::uint64_t at = next;
    llvm::Expected<FactsRecord> read = opened->read(next);
    if (!read)
      return unreadable(llvm::toString(read.takeError()));
    if (const auto *piece = std::get_if<PieceRecord>(&*read))
      Pieces.try_emplace(bytesOf(digestOf(piece->bytes)), PieceAt{file, at});
    else if (auto *unit = std::get_if<UnitRecord>(&*read))
      addUnit(std::move(*unit), file, at);
  }
}

void FactsFiles::addUnit(UnitRecord unit, std::size_t file, std::uint64_t at) {
  Record record;
  record.build = unit.build;
  record.asked = unit.asked;
  record.command = unit.command;
  record.facts = sumOf(unit);
  record.file = file;
  record.at = at;
  for (const ReadSource &source : unit.sources) {
    auto [known, isNew] = Contents.try_emplace(source.path);
    if (isNew)
      known->second = contentDigest(joined(Root, source.path));
    if (record.stale.empty() && known->second != source.content)
      record.stale = source.path;
  }
  record.unit = std::move(unit.file);
  record.version = std::move(unit.version);
  Records.push_back(std::move(record));
}

void FactsFiles::group() {
  llvm::stable_sort(Records, [](const Record &a, const Record &b) {
    return std::tie(a.unit, a.command) < std::tie(b.unit, b.command);
  });
  for (std::size_t i = 0; i < Records.size(); ++i) {
    bool isNext = i == 0 || std::tie(Records[i - 1].unit, Records[i - 1].command) !=
                                std::tie(Records[i].unit, Records[i].command);
    if (isNext)
      Grouped.push_back({i, i});
    Grouped.back().end = i + 1;
  }
}

std::vector<std::string> FactsFiles::units() const {
  std::vector<std::string> names;
  for (const Group &group : Grouped)
    names.push_back(Records[group.begin].unit);
  return names;
}

FactsFiles::Groups FactsFiles::groupsOf(const std::string &unit) {
  auto nameOfGroup = [&](const Group &group) -> const std::string & { return Records[group.begin].unit; };
  auto begin = llvm::partition_point(Grouped, [&](const Group &group) { return nameOfGroup(group) < unit; });
  auto end = std::partition_point(begin, Grouped.end(), [&](const Group &group) { return nameOfGroup(group) == unit; });
  return Groups(Grouped).slice(begin - Grouped.begin(), end - begin);
}

std::string FactsFiles::nameOf(const Record &record) const { return nameForReports(Root, Files[record.file]); }

std::string FactsFiles::whyNotTrusted(const Record &record) const {
  std::string from = "its facts in " + nameOf(record);
  if (record.build != Build)
    return from + " were made by another build of ssot (" + record.version + "); extract again with this one";
  if (record.asked != Asked && EveryBody)
    return from + " do not hold every body, or were made for another scope; `ssot extract --discover` makes them";
  if (record.asked != Asked)
    return from + " were made for other rules or another scope; extract again with these";
  if (!record.stale.empty())
    return from + " are out of date: " + record.stale + " is not as it was; extract again";
  return std::string();
}

std::optional<FactsRecord> FactsFiles::Opened::read(std::size_t file, std::uint64_t at) {
  if (!File || Number != file) {
    File.reset();
    llvm::Expected<RecordFile> opened = RecordFile::open(Files.Files[file], kAheadOfOne);
    if (!opened) {
      llvm::consumeError(opened.takeError());
      return std::nullopt;
    }
    File.emplace(std::move(*opened));
    Number = file;
  }
  if (at >= File->size())
    return std::nullopt;
  llvm::Expected<FactsRecord> record = File->read(at);
  if (record)
    return std::move(*record);
  llvm::consumeError(record.takeError());
  return std::nullopt;
}

bool FactsFiles::haveAllPieces(llvm::StringRef facts) const {
  llvm::Expected<CutFacts> cut = readCut(facts);
  if (cut)
    return llvm::all_of(cut->pieces, [&](const FactsPiece &piece) { return Pieces.contains(bytesOf(piece.name)); });
  llvm::consumeError(cut.takeError()); // whoever reads the facts will say so
  return true;
}

GivenUnit FactsFiles::outcomeOf(const Record &record, Opened &opened) const {
  std::optional<FactsRecord> read = opened.read(record.file, record.at);
  auto *unit = read ? std::get_if<UnitRecord>(&*read) : nullptr;
  if (!unit || sumOf(*unit) != record.facts)
    return {"its facts in " + nameOf(record) + " changed while they were read"};
  for (const std::string *facts : {&unit->facts, &unit->scanned})
    if (!facts->empty() && !haveAllPieces(*facts))
      return {"its facts in " + nameOf(record) + " are not whole; extract again"};
  return {std::move(unit->failure), std::move(unit->facts), std::move(unit->scanned)};
}

GivenUnit FactsFiles::outcomeOf(const Group &group, Opened &opened) const {
  const Record *trusted = nullptr;
  for (const Record &record : llvm::ArrayRef(Records).slice(group.begin, group.end - group.begin)) {
    if (!whyNotTrusted(record).empty())
      continue;
    if (trusted && trusted->facts != record.facts)
      return {"its facts in " + nameOf(*trusted) + " and in " + nameOf(record) + " are not the same; extract again"};
    trusted = &record;
  }
  return trusted ? outcomeOf(*trusted, opened) : GivenUnit{whyNotTrusted(Records[group.begin])};
}

std::vector<FactsFiles::Choice> FactsFiles::choose(const Project &project, bool known) {
  std::vector<Choice> choices;
  for (Group &group : Grouped)
    group.used = false;
  for (const CompileUnit &unit : project.units) {
    Groups groups = groupsOf(unit.file);
    Digest command = commandKey(project.root, unit);
    Group *group = llvm::find_if(
        groups, [&](const Group &one) { return known ? Records[one.begin].command == command : !one.used; });
    if (group != groups.end()) {
      group->used = true;
      choices.push_back({group, std::string()});
    } else if (groups.empty()) {
      choices.push_back({nullptr, "there are no facts of it; extract it"});
    } else {
      choices.push_back({nullptr, "its facts in " + nameOf(Records[groups.front().begin]) +
                                      " were made with another compile command; extract again"});
    }
  }
  return choices;
}

GivenUnit FactsFiles::outcomeOf(const Choice &choice, Opened &opened) const {
  return choice.group ? outcomeOf(*choice.group, opened) : GivenUnit{choice.failure};
}

FactsReader::FactsReader(const FactsFiles &files, std::vector<FactsFiles::Choice> choices, bool ahead)
    : Files(files), Choices(std::move(choices)), Opened(files),
      How(ahead ? std::launch::async : std::launch::deferred) {
  Next = std::async(How, [this] { return readBatch(0); });
}

FactsReader::Batch FactsReader::readBatch(std::size_t begin) const {
  Batch batch;
  FactsFiles::Opened opened(Files);
  for (std::size_t unit = begin; unit < std::min(begin + kBatch, Choices.size()); ++unit)
    batch.emplace_back(Files.outcomeOf(Choices[unit], opened));
  return batch;
}

GivenUnit FactsReader::read(std::size_t unit) {
  if (unit == Begin + Current.size() && Next.valid()) {
    Begin = unit;
    Current = Next.get();
    if (Begin + Current.size() < Choices.size())
      Next = std::async(How, [this, next = Begin + Current.size()] { return readBatch(next); });
  }
  if (unit < Begin || unit >= Begin + Current.size() || !Current[unit - Begin])
    return Files.outcomeOf(Choices[unit], Opened);
  std::optional<GivenUnit> outcome;
  std::swap(outcome, Current[unit - Begin]);
  return std::move(*outcome);
}

std::optional<std::string> FactsReader::piece(const PieceName &name) {
  auto known = Files.Pieces.find(bytesOf(name));
  if (known == Files.Pieces.end())
    return std::nullopt;
  std::optional<FactsRecord> read = Opened.read(known->second.file, known->second.at);
  const auto *piece = read ? std::get_if<PieceRecord>(&*read) : nullptr;
  return piece ? std::optional(piece->bytes.str()) : std::nullopt;
}

void FactsFiles::describeLeftOver(llvm::raw_ostream &err) const {
  if (auto count = llvm::count_if(Grouped, [](const Group &group) { return !group.used; }))
    err << "ssot: " << count << " units of the facts are none of this project's; they are left out\n";
}

Analysis FactsFiles::analyse(const Project &project, const Config &config, const AnalysisOptions &options, bool known,
                             llvm::raw_ostream &err, std::vector<UnitOutcome> *kept) {
  giveBackLibraryPages(); // no unit is parsed
  Build = toolBuild();
  Asked = askedOf(project, config);
  EveryBody = config.everyBody;
  FactsReader reader(*this, choose(project, known), options.jobs != 1);
  AnalysisOptions given = options;
  given.given = [&](std::size_t unit) { return reader.read(unit); };
  given.givenPiece = [&](const PieceName &name) { return reader.piece(name); };
  Analysis analysis = ssot::analyse(project, config, given, err, kept);
  llvm::append_range(analysis.coverage.unreadable, Unreadable);
  return analysis;
}

} // namespace ssot
