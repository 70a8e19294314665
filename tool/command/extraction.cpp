#include "command/extraction.h"

#include "command/cache.h"
#include "command/unit_key.h"
#include "config/sieve.h"
#include "extract/extract.h"
#include "facts/pieces.h"
#include "link/callers.h"
#include "project/paths.h"
#include "report/progress.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <thread>

namespace ssot {

namespace {

/// A check needs to know that a unit failed and why; a migration learns from every error that its edits cause.
constexpr unsigned kVerificationErrors = 100;

/// What is known of a unit before all of it is read.
struct Told {
  std::string failure;
  std::string bytes; ///< of `cut`, or their head alone: then the pieces are in the cache or in the table
  CutFacts cut;
  UnitFacts own;
  bool passedOver = false;   ///< nothing that a parse tells is wanted
  std::optional<Digest> sum; ///< when the facts are in the cache
};

Told told(std::string bytes) {
  Told unit;
  unit.bytes = std::move(bytes);
  llvm::Expected<CutFacts> read = readCut(unit.bytes);
  llvm::Expected<UnitFacts> own = read ? ownFacts(*read) : read.takeError();
  if (!own) {
    unit.failure = llvm::toString(own.takeError());
    return unit;
  }
  unit.cut = std::move(*read);
  unit.own = std::move(*own);
  return unit;
}

bool isSkipped(const Told &unit) { return unit.failure.empty() && (unit.passedOver || !unit.own.parsed); }

/// Takes out what only a parse tells.
void strip(UnitFacts &own) {
  own.uses.clear();
  own.error.reset();
  own.moreErrors.clear();
  own.parsed = false;
}

/// The pieces of units. Each is read once and, where that is enough, given out once.
class PieceTable {
public:
  using Source = std::function<std::optional<std::string>(const PieceName &)>;

  /// \param source of pieces that units do not have themselves.
  /// \param once whether who gets the facts of units drops what another unit has said.
  PieceTable(Source source, bool once) : Elsewhere(std::move(source)), Once(once) {}

  /// Makes sure that all pieces are at hand that are wanted of the unit. \returns false when one is lost.
  bool prepare(const Told &unit) {
    for (const FactsPiece &piece : unit.cut.pieces) {
      if (!isWanted(unit, piece))
        continue;
      auto [known, isNew] = Known.try_emplace(keyOf(piece));
      Entry &entry = known->second;
      if (entry.given || !entry.bytes.empty() || piece.bytes.data())
        continue;
      std::optional<std::string> bytes = Elsewhere ? Elsewhere(piece.name) : std::nullopt;
      if (!bytes)
        return false;
      entry.bytes = std::move(*bytes);
    }
    return true;
  }

  /// Makes the unit small: what is wanted of it is kept here.
  void hold(Told &unit) {
    if (unit.bytes.size() == unit.cut.head.size())
      return;
    for (const FactsPiece &piece : unit.cut.pieces)
      if (Entry &entry = Known[keyOf(piece)]; isWanted(unit, piece) && !entry.given && entry.bytes.empty())
        entry.bytes = piece.bytes.str();
    std::string head = unit.cut.head.str();
    unit.bytes = std::move(head);
    if (llvm::Expected<CutFacts> cut = readCut(unit.bytes))
      unit.cut = std::move(*cut);
    else
      llvm::consumeError(cut.takeError()); // it was read before
  }

  /// \returns the facts of a unit, that is prepared unless its pieces can be read at any time.
  UnitOutcome join(Told unit) {
    if (!unit.failure.empty())
      return {{}, std::move(unit.failure)};
    FactsJoiner joiner(std::move(unit.own));
    for (FactsPiece piece : unit.cut.pieces) {
      if (!isWanted(unit, piece))
        continue;
      Entry &entry = Known[keyOf(piece)];
      if (entry.given)
        continue;
      std::string bytes = std::move(entry.bytes);
      entry.bytes.clear();
      entry.given = Once;
      if (!piece.bytes.data() && bytes.empty())
        if (std::optional<std::string> read = Elsewhere ? Elsewhere(piece.name) : std::nullopt)
          bytes = std::move(*read);
      if (!piece.bytes.data())
        piece.bytes = bytes;
      if (llvm::Error error = joiner.add(piece))
        return {{}, llvm::toString(std::move(error))};
    }
    return {std::move(joiner.facts), {}};
  }

private:
  struct Entry {
    std::string bytes; ///< when they are needed and the unit does not have them
    bool given = false;
  };

  static llvm::StringRef keyOf(const FactsPiece &piece) { return bytesOf(piece.name); }
  static bool isWanted(const Told &unit, const FactsPiece &piece) {
    return !unit.passedOver || piece.kind == PieceKind::Scanned;
  }

  Source Elsewhere;
  bool Once;
  llvm::StringMap<Entry> Known;
};

/// The texts that stand in place of files, by what those are on the disk: a path is compared by what it leads to, which
/// the file system says anyway, and not by its name.
class OverlayTexts {
public:
  OverlayTexts(const Project &project, const std::map<std::string, std::string> &overlay)
      : Texts(new llvm::vfs::InMemoryFileSystem) {
    for (const auto &[file, text] : overlay) {
      std::string path = realOrNormalised(joined(project.root, file));
      Texts->addFile(path, 0, llvm::MemoryBuffer::getMemBuffer(text, file, /*RequiresNullTerminator=*/false));
      llvm::sys::fs::file_status onDisk;
      if (llvm::sys::fs::status(path, onDisk))
        HasNew = true;
      else
        Known[onDisk.getUniqueID()].push_back({std::move(path), onDisk.getLinkCount() > 1});
    }
  }

  /// \returns the path of the text of an existing file; null when there is none.
  const std::string *find(llvm::StringRef path, llvm::sys::fs::UniqueID file) const {
    auto known = Known.find(file);
    if (known == Known.end())
      return nullptr;
    for (const Entry &entry : known->second)
      if (!entry.hasTwins || entry.path == realOrNormalised(path))
        return &entry.path;
    return nullptr;
  }
  /// Whether some of the files are not on the disk: a file of an earlier revision may be here only.
  bool hasNew() const { return HasNew; }
  llvm::vfs::InMemoryFileSystem &texts() const { return *Texts; }

private:
  struct Entry {
    std::string path;
    bool hasTwins; ///< hard links, which are other files to those who edit
  };

  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> Texts;
  std::map<llvm::sys::fs::UniqueID, std::vector<Entry>> Known;
  bool HasNew = false;
};

/// The disk with some files replaced by texts, under every name that leads to them: a command may name a symbolic link.
class OverlaidFileSystem : public llvm::vfs::ProxyFileSystem {
public:
  explicit OverlaidFileSystem(const OverlayTexts &overlay)
      : ProxyFileSystem(llvm::vfs::createPhysicalFileSystem()), Overlay(overlay) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &path) override {
    llvm::ErrorOr<llvm::vfs::Status> onDisk = ProxyFileSystem::status(path);
    std::optional<std::string> text = textOf(path, onDisk);
    if (!text)
      return onDisk;
    llvm::ErrorOr<llvm::vfs::Status> status = Overlay.texts().status(*text);
    return status ? llvm::vfs::Status::copyWithNewName(*status, path) : onDisk;
  }

  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &path) override {
    llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> file = ProxyFileSystem::openFileForRead(path);
    std::optional<std::string> text = textOf(path, file ? (*file)->status() : file.getError());
    return text ? Overlay.texts().openFileForRead(*text) : std::move(file);
  }

private:
  std::optional<std::string> textOf(const llvm::Twine &path, const llvm::ErrorOr<llvm::vfs::Status> &onDisk) const {
    if (!onDisk && !Overlay.hasNew())
      return std::nullopt;
    llvm::SmallString<256> absolute;
    path.toVector(absolute);
    (void)makeAbsolute(absolute); // a path that stays relative names no file of the overlay
    if (onDisk) {
      const std::string *known = Overlay.find(absolute, onDisk->getUniqueID());
      return known ? std::optional(*known) : std::nullopt;
    }
    std::string name = realOrNormalised(absolute.str().str());
    return Overlay.texts().exists(name) ? std::optional(std::move(name)) : std::nullopt;
  }

  const OverlayTexts &Overlay;
};

/// A sieve over units, that looks at each file of the project once.
class UnitSieve {
public:
  UnitSieve(const Project &project, const Sieve &sieve) : Ours(project), Words(sieve) {}

  bool selects(const UnitFacts &facts) {
    Sieve::Marks marks = Words.marksOf(llvm::join(facts.expanded, " "));
    for (const FileFact &file : facts.files)
      if (file.inProject)
        marks |= marksOf(file.path);
    return Words.selects(marks);
  }

private:
  const Sieve::Marks &marksOf(llvm::StringRef file) {
    auto [known, isNew] = Known.try_emplace(file);
    if (isNew) {
      std::optional<std::string> text = readProjectFile(Ours, file);
      // What cannot be read may hold anything.
      known->second = text ? Words.marksOf(*text) : Words.none().set();
    }
    return known->second;
  }

  const Project &Ours;
  const Sieve &Words;
  llvm::StringMap<Sieve::Marks> Known;
};

/// The same over texts that are at hand, as a worker has them.
class TextSieve {
public:
  explicit TextSieve(const Sieve &sieve) : Words(sieve) {}

  bool selects(llvm::ArrayRef<llvm::StringRef> texts) {
    Sieve::Marks marks = Words.none();
    for (llvm::StringRef text : texts) {
      auto [known, isNew] = Known.try_emplace(bytesOf(digestOf(text)));
      if (isNew)
        known->second = Words.marksOf(text);
      marks |= known->second;
    }
    return Words.selects(marks);
  }

private:
  const Sieve &Words;
  llvm::StringMap<Sieve::Marks> Known; ///< by the digest of a text
};

/// What is to be done for a unit.
enum class Task {
  Parse,
  ScanOrParse, ///< it is parsed unless the preprocessor shows that it need not be
  Scan,        ///< the preprocessor is to tell which names it speaks of; the cache may have the facts for those
};

struct Wanted {
  std::size_t number = 0;
  std::optional<Digest> key; ///< the unit's name in the cache, if it may be kept
  Task task = Task::Parse;
  std::optional<std::string> kept = std::nullopt; ///< what was kept, if that is to be verified
  std::vector<std::string> named = {};            ///< of what was kept
};

/// What is told of a unit, its pieces prepared.
using Take = llvm::function_ref<void(std::size_t, Told)>;

class Extraction {
public:
  /// \param whole as for `extractProject`.
  Extraction(const Project &project, llvm::ArrayRef<CompileUnit> all, const Config &config,
             const AnalysisOptions &options, const std::map<std::string, std::string> &overlay, bool whole,
             llvm::raw_ostream &err)
      : Ours(project), All(all), Options(options), Overlay(overlay), Texts(project, overlay), Err(err),
        // What stands in an overlay is on no disk, so nothing that the cache looks at would show it.
        Cache(overlay.empty() && options.cache && options.cache->isOn() ? options.cache : nullptr),
        Pieces(sourceOfPieces(), !whole), Definitions(config.rules), OnDisk(project, Definitions),
        InMemory(Definitions), Rules(config) {
    if (Cache)
      Cache->begin(project, config);
  }

  /// \param maySkip whether units need not be parsed that cannot hold a site.
  void run(llvm::ArrayRef<std::size_t> chosen, bool maySkip, Take take) {
    MaySkip = maySkip && Definitions.everything().empty();
    if (Options.given) {
      for (std::size_t number : chosen)
        take(number, given(number));
      return;
    }
    Progress progress(Err, progressMode(Options.progress), chosen.size());
    Shown = &progress;
    std::vector<Wanted> wanted;
    for (std::size_t number : chosen) {
      Wanted unit;
      unit.number = number;
      unit.task = MaySkip ? Task::ScanOrParse : Task::Parse;
      unit.key = Cache ? Cache->unitKey(All[number]) : std::nullopt;
      if (!unit.key || !takeKept(unit, wanted, take))
        wanted.push_back(std::move(unit));
    }
    // A unit that was scanned may have to be parsed.
    while (!wanted.empty())
      wanted = work(std::move(wanted), take);
    progress.finish();
    Shown = nullptr;
    if (Cache)
      Cache->finish();
  }

  /// To be called when no more is asked.
  void rest() {
    if (Cache)
      Cache->rest();
  }

  /// Makes what is told of a unit small, as long as it is not given out.
  void hold(Told &unit) { Pieces.hold(unit); }

  /// \returns the facts of the unit; unless they are to be whole, without what was returned before.
  UnitOutcome facts(Told unit) {
    UnitOutcome outcome = Pieces.join(std::move(unit));
    if (Options.given)
      nameFromHere(outcome.facts, Ours.root);
    return outcome;
  }

private:
  PieceTable::Source sourceOfPieces() const {
    if (Options.given)
      return Options.givenPiece;
    return Cache ? PieceTable::Source([cache = Cache](const PieceName &name) { return cache->piece(name); }) : nullptr;
  }

  Told given(std::size_t number) {
    GivenUnit given = Options.given(number);
    Told unit;
    if (given.failure.empty())
      unit = told(std::move(given.facts));
    else
      unit.failure = std::move(given.failure);
    if (!MaySkip || !unit.failure.empty())
      return unit;
    if (unit.own.error && !given.scanned.empty()) {
      Told scanned = told(std::move(given.scanned));
      if (scanned.failure.empty() && isPassedOver(scanned.own))
        return scanned;
    } else if (isPassedOver(unit.own)) {
      passOver(unit);
    }
    return unit;
  }

  static void passOver(Told &unit) {
    unit.passedOver = true;
    strip(unit.own);
  }

  bool isPassedOver(const UnitFacts &facts) { return !facts.error && facts.named.empty() && !OnDisk.selects(facts); }

  Digest needName(const Digest &sum) const {
    return DigestInput().add("need").add(bytesOf(sum)).add(Definitions.text()).digest();
  }

  /// Whether a unit must be parsed, by what was kept of it. \returns nothing when that cannot be told.
  std::optional<bool> isNeeded(const UnitFacts &facts, const Digest &sum) {
    if (facts.error) // how far it was read, nobody knows; a scan has told
      return Cache->recall(needName(sum)) ? std::optional(true) : std::nullopt;
    if (!facts.named.empty())
      return true;
    if (std::optional<std::string> known = Cache->recall(needName(sum)))
      return *known == "1";
    bool needed = OnDisk.selects(facts);
    Cache->remember(needName(sum), needed ? "1" : "0");
    return needed;
  }

  /// Gives out what the cache has of the unit. \returns whether that is enough; else the unit's task says what is to be
  /// done.
  bool takeKept(Wanted &unit, std::vector<Wanted> &wanted, Take take) {
    std::optional<KeptFacts> kept = Cache->find(*unit.key);
    if (kept)
      return give(unit, *kept, wanted, take);
    if (Cache->isKnown(*unit.key))
      unit.task = Task::Scan;
    return false;
  }

  bool give(Wanted &unit, KeptFacts &kept, std::vector<Wanted> &wanted, Take take) {
    Told found = told(std::move(kept.facts));
    if (!found.failure.empty())
      return false;
    bool wasParsed = found.own.parsed;
    std::optional<bool> needed = MaySkip ? isNeeded(found.own, kept.sum) : true;
    if (!needed)
      return false;
    if (*needed && !wasParsed) {
      unit.task = Task::Parse;
      return false;
    }
    std::vector<std::string> named = found.own.named;
    if (!*needed)
      passOver(found);
    if (!Pieces.prepare(found))
      return false;
    if (Cache->isToBeVerified(*unit.key)) {
      Wanted again = unit;
      again.task = wasParsed ? Task::Parse : Task::Scan;
      again.named = std::move(named);
      again.kept = found.cut.head.str();
      wanted.push_back(std::move(again));
    }
    ++Cache->read;
    Shown->step(All[unit.number].file);
    found.sum = kept.sum;
    take(unit.number, std::move(found));
    return true;
  }

  /// \returns the unit's facts as bytes, those that it came from before them when the cache wants them.
  std::string factsOf(const Wanted &wanted) {
    const CompileUnit &unit = All[wanted.number];
    if (!Overlay.empty())
      return cut(Extract->run(unit, llvm::makeIntrusiveRefCnt<OverlaidFileSystem>(Texts)));
    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files(llvm::vfs::createPhysicalFileSystem());
    llvm::IntrusiveRefCntPtr<RecordingFileSystem> recording;
    if (wanted.key)
      files = recording = new RecordingFileSystem(std::move(files));
    std::optional<UnitFacts> facts;
    if (wanted.task != Task::Parse)
      facts = Extract->scan(
          unit, files, wanted.task == Task::Scan ? Extractor::TextTest() : [&](llvm::ArrayRef<llvm::StringRef> texts) {
            return InMemory.selects(texts);
          });
    if (!facts)
      facts = Extract->run(unit, files);
    return (recording ? serialize(recording->take()) : std::string()) + cut(std::move(*facts));
  }

  /// Lets workers do what is wanted. \returns what must be done after that.
  std::vector<Wanted> work(std::vector<Wanted> wanted, Take take) {
    WorkerOptions workers = workersFor(Options.jobs, Options.timeoutSeconds);
    bool verifies = !Overlay.empty();
    if (!Extract)
      Extract.reset(new Extractor(extractorFor(Ours, Rules, Options, verifies ? kVerificationErrors : 1, verifies)));
    std::vector<Wanted> again;
    auto received = [&](WorkerResult result) {
      Wanted &unit = wanted[result.item];
      receive(unit, std::move(result), again, take);
      rest();
    };
    rest();
    runInWorkers(wanted.size(), workers, [&](std::size_t item) { return factsOf(wanted[item]); }, received);
    return again;
  }

  void receive(Wanted &unit, WorkerResult result, std::vector<Wanted> &again, Take take) {
    llvm::StringRef bytes = result.bytes;
    if (Options.profile)
      Options.profile->add(
          Profile::kUnit, All[unit.number].file, result.started,
          std::chrono::duration_cast<Profile::Clock::duration>(std::chrono::duration<double>(result.seconds)),
          result.worker);
    UnitInputs inputs;
    if (unit.key && result.failure.empty()) {
      llvm::Expected<UnitInputs> read = takeInputs(bytes);
      if (read)
        inputs = std::move(*read);
      else
        result.failure = llvm::toString(read.takeError());
    }
    Told fresh;
    if (result.failure.empty())
      fresh = told(bytes.str());
    else
      fresh.failure = std::move(result.failure);
    if (unit.kept) {
      // Its facts have been given out. One that crashed or hangs this time says nothing of the others.
      if (fresh.failure.empty())
        Cache->compare(All[unit.number].file, *unit.key, unit.named, *unit.kept, fresh.cut.head);
      return;
    }
    if (unit.task == Task::Scan && isSkipped(fresh) && !takeScanned(unit, fresh.own, again, take))
      return;
    Shown->step(All[unit.number].file);
    if (Cache)
      ++(isSkipped(fresh) ? Cache->skipped : Cache->parsed);
    // A unit with errors is kept like any other: the errors follow from the inputs, and a header that was missed is one
    // of them. A unit that crashed, hung or ran out of memory is not: another time it may not.
    if (unit.key && fresh.failure.empty())
      fresh.sum = Cache->keep(*unit.key, fresh.own.named, std::move(inputs), fresh.cut);
    if (Cache && !fresh.sum)
      ++Cache->unkept;
    if (fresh.sum && MaySkip && fresh.own.error)
      Cache->remember(needName(*fresh.sum), "1");
    take(unit.number, std::move(fresh));
  }

  /// The preprocessor has told which names a unit speaks of. \returns whether that is all that is needed; else its
  /// facts have been given out from the cache, or it is to be parsed.
  bool takeScanned(Wanted &unit, const UnitFacts &scanned, std::vector<Wanted> &again, Take take) {
    std::optional<KeptFacts> kept = Cache->find(*unit.key, scanned.named);
    if (kept && give(unit, *kept, again, take))
      return false;
    if (MaySkip && scanned.named.empty() && !OnDisk.selects(scanned))
      return true;
    unit.task = Task::Parse;
    again.push_back(std::move(unit));
    return false;
  }

  const Project &Ours;
  llvm::ArrayRef<CompileUnit> All;
  const AnalysisOptions &Options;
  const std::map<std::string, std::string> &Overlay;
  OverlayTexts Texts;
  llvm::raw_ostream &Err;
  FactsCache *Cache;
  PieceTable Pieces;
  Sieve Definitions;
  UnitSieve OnDisk;
  TextSieve InMemory;
  const Config &Rules;
  std::unique_ptr<Extractor> Extract; ///< made when the first unit is to be read by Clang
  bool MaySkip = false;
  Progress *Shown = nullptr;
};

/// The canonical names that others may delegate to.
std::vector<std::string> delegatedTo(const Config &config) {
  std::vector<std::string> names;
  for (const Rule &rule : config.rules)
    if (const auto *type = std::get_if<SingleClassRule>(&rule.body))
      names.push_back(type->canonical.value);
    else if (const auto *function = std::get_if<SingleFunctionRule>(&rule.body))
      names.push_back(function->canonical.value);
  return names;
}

struct HeldUnit {
  std::size_t number = 0;
  Told told;
};

/// \returns which of \p held (by position) hold words of \p sieve.
std::vector<std::size_t> selected(const Project &project, const Sieve &sieve, llvm::ArrayRef<HeldUnit> held,
                                  FactsCache *cache) {
  if (cache && !cache->isOn())
    cache = nullptr;
  DigestInput name;
  name.add("selected").add(sieve.text());
  for (const HeldUnit &unit : held) {
    if (!unit.told.sum)
      cache = nullptr;
    else
      name.number(unit.number).add(bytesOf(*unit.told.sum));
  }
  std::vector<std::size_t> positions;
  std::optional<std::string> known = cache ? cache->recall(name.digest()) : std::nullopt;
  if (known && known->size() % sizeof(std::size_t) == 0) {
    positions.resize(known->size() / sizeof(std::size_t));
    std::memcpy(positions.data(), known->data(), known->size());
    return positions;
  }
  UnitSieve units(project, sieve);
  for (std::size_t i = 0; i < held.size(); ++i)
    if (units.selects(held[i].told.own))
      positions.push_back(i);
  if (cache)
    cache->remember(name.digest(), std::string(reinterpret_cast<const char *>(positions.data()),
                                               positions.size() * sizeof(std::size_t)));
  return positions;
}

} // namespace

UnitOutcome outcomeOf(llvm::StringRef bytes) {
  Told unit = told(bytes.str());
  return {std::move(unit.own), std::move(unit.failure)};
}

Extractor extractorFor(const Project &project, const Config &config, const AnalysisOptions &options,
                       unsigned errorLimit, bool warnings) {
  Vocabulary words = vocabularyOf(config);
  auto isOurs = [&project, &config](llvm::StringRef path) {
    auto holds = [&](const std::string &folder) { return path.starts_with(folder + "/"); };
    return config.scope.contains(path) && llvm::none_of(project.buildFolders, holds);
  };
  // Facts that are kept serve runs that may not pass anything over, too.
  bool isKept = options.cache && options.cache->isOn();
  bool onlyNeeded = options.skip && !isKept && errorLimit == 1 && !warnings;
  return Extractor(std::move(words), project.root, isOurs, errorLimit, warnings, options.foreignTemplates, onlyNeeded);
}

WorkerOptions workersFor(unsigned jobs, double timeoutSeconds) {
  WorkerOptions workers;
  workers.jobs = jobs ? jobs : std::max(1u, std::thread::hardware_concurrency());
  constexpr double kLongest = 1e9; // some thirty years; a clock counts no farther than ten times that
  if (timeoutSeconds > 0)
    workers.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(std::min(timeoutSeconds, kLongest) * 1000));
  return workers;
}

std::vector<std::size_t> numbersOf(llvm::ArrayRef<CompileUnit> units) {
  std::vector<std::size_t> numbers(units.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

void extractUnits(const Project &project, llvm::ArrayRef<CompileUnit> all, llvm::ArrayRef<std::size_t> chosen,
                  const Config &config, const AnalysisOptions &options,
                  const std::map<std::string, std::string> &overlay, llvm::raw_ostream &err,
                  llvm::function_ref<void(std::size_t, UnitOutcome)> done) {
  Extraction extraction(project, all, config, options, overlay, /*whole=*/true, err);
  extraction.run(chosen, /*maySkip=*/false,
                 [&](std::size_t number, Told unit) { done(number, extraction.facts(std::move(unit))); });
}

void extractProject(const Project &project, const Config &config, const AnalysisOptions &options, bool whole,
                    llvm::raw_ostream &err, llvm::function_ref<void(std::size_t, UnitOutcome)> done) {
  const std::map<std::string, std::string> noOverlay;
  Extraction extraction(project, project.units, config, options, noOverlay, whole, err);
  Callers callers(delegatedTo(config));
  std::vector<HeldUnit> held;
  auto take = [&](std::size_t number, Told unit) {
    if (isSkipped(unit)) {
      extraction.hold(unit);
      held.push_back({number, std::move(unit)});
      return;
    }
    UnitOutcome outcome = extraction.facts(std::move(unit));
    if (options.skip && callers.hasTargets())
      callers.add(outcome.facts);
    done(number, std::move(outcome));
  };
  extraction.run(numbersOf(project.units), options.skip, take);
  // Whether a body delegates may be decided by functions in units that say nothing of the canonical one themselves:
  // those that call a function that reaches it.
  std::vector<std::vector<std::string>> last;
  while (!held.empty() && callers.hasTargets()) {
    std::vector<std::vector<std::string>> reaching = callers.reaching();
    if (reaching == last)
      break;
    last = std::move(reaching);
    llvm::sort(held, [](const HeldUnit &a, const HeldUnit &b) { return a.number < b.number; });
    std::vector<std::size_t> wanted;
    const std::vector<std::size_t> positions = selected(project, Sieve::ofWords(last), held, options.cache);
    for (std::size_t position : llvm::reverse(positions)) {
      if (position >= held.size())
        continue;
      wanted.push_back(held[position].number);
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(position));
    }
    extraction.run(wanted, /*maySkip=*/false, take);
  }
  extraction.rest();
  for (HeldUnit &unit : held)
    done(unit.number, extraction.facts(std::move(unit.told)));
}

std::optional<std::string> readProjectFile(const Project &project, llvm::StringRef file) {
  llvm::SmallString<256> path(project.root);
  llvm::sys::path::append(path, file);
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

} // namespace ssot
