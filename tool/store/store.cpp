#include "store/store.h"

#include "store/folder_lock.h"
#include "store/room.h"
#include "store/rows.h"
#include "store/sql.h"
#include "store/verify.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

namespace ssot {

namespace {

/// "ssot", in the header of the file.
constexpr std::int64_t kApplication = 0x73736f74;
/// Raised whenever the tables or the meaning of an input change.
constexpr std::int64_t kSchema = 5;
constexpr llvm::StringLiteral kTables = R"sql(
  CREATE TABLE units(id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, inputs BLOB NOT NULL, pieces BLOB NOT NULL,
                     facts BLOB NOT NULL, sum BLOB NOT NULL, checksum INTEGER NOT NULL, used INTEGER NOT NULL);
  CREATE TABLE pieces(id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);
  CREATE TABLE memos(name BLOB PRIMARY KEY, value BLOB NOT NULL, checksum INTEGER NOT NULL,
                     used INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE runs(id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, inputs BLOB NOT NULL,
                    value BLOB NOT NULL, sum BLOB NOT NULL, used INTEGER NOT NULL);
  -- AUTOINCREMENT: a number is never given twice, so a unit can only miss an input, never meet another one.
  CREATE TABLE inputs(id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, path TEXT NOT NULL,
                      kind INTEGER NOT NULL, digest BLOB NOT NULL, stamp BLOB NOT NULL);
)sql";

/// Reads that share one lock of the file: each takes microseconds, and others may write between two such rows.
constexpr unsigned kReadsInRow = 500;
constexpr std::size_t kUnitsInBatch = 64;
constexpr std::size_t kBytesInBatch = std::size_t(16) << 20;
/// When a unit was used is written this coarsely (in seconds), so that a run that changes nothing writes nothing.
constexpr std::int64_t kUseStep = std::int64_t(6) * 3600;
/// Rules that people go back and forth between.
constexpr int kRuns = 8;
/// A run that takes a larger part of the store is not kept: together they must leave room for units.
constexpr std::uint64_t kRunsInStore = 64;

std::int64_t secondsNow() { return clockNow() / 1'000'000'000; }

enum class Header { None, Ours, Foreign };

/// What the file says of itself, before SQLite sees it.
Header headerOf(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFileSlice(file, 100, 0);
  std::uint64_t size = 0;
  if (llvm::sys::fs::file_size(file, size))
    return Header::None;
  if (size == 0)
    return Header::Ours; // made, and never written
  if (!buffer || size < 100)
    return Header::Foreign;
  llvm::StringRef bytes = (*buffer)->getBuffer();
  return bytes.starts_with(llvm::StringRef("SQLite format 3\0", 16)) && bytes.substr(68, 4) == "ssot" ? Header::Ours
                                                                                                      : Header::Foreign;
}

} // namespace

struct Store::State {
  StoreOptions options;
  std::function<void(const std::string &)> note;
  std::string file;
  FolderLock lock;
  Database database;
  bool broken = false;   ///< nothing is read or written any more
  bool readOnly = false; ///< nothing is written any more

  /// Whether an input holds, by its number.
  std::vector<std::int8_t> held;
  Prober looks;
  llvm::StringMap<std::optional<Digest>> contents;

  struct Unit {
    Digest key;
    UnitInputs inputs;
    std::string facts;
    std::string pieces; ///< their names
    Digest sum;
  };
  std::vector<Unit> waiting;
  std::vector<std::pair<Digest, std::string>> waitingPieces;
  llvm::StringSet<> placed; ///< names of the pieces that are written or wait
  llvm::StringSet<> lost;   ///< of those that were looked for in vain: a damaged one is to be replaced
  std::size_t waitingBytes = 0;
  std::vector<std::pair<Digest, std::string>> remembered;
  std::vector<Digest> recalled; ///< those whose use is to be noted
  std::vector<std::pair<std::int64_t, Input>> restamped;
  std::vector<Digest> used;

  /// Everything that the facts of this run came from, by its name; each input says what was so when it was looked at.
  llvm::StringMap<Input> behind;
  struct Run {
    Digest name;
    std::string inputs, value;
  };
  std::vector<Run> runs; ///< to be written

  Statement findUnit, findPiece, findInput, findMemo;

  /// Begins to read. SQLite would lock the file, and look whether it has changed, for each row.
  bool beginRead() {
    if (++reads > kReadsInRow)
      endRead();
    isReading = isReading || database.run("BEGIN");
    return isPrepared();
  }

  /// Lets others write.
  void endRead() {
    reads = 0;
    if (!isReading)
      return;
    for (Statement *statement : {&findUnit, &findPiece, &findInput, &findMemo})
      statement->reset();
    database.run("COMMIT");
    isReading = false;
  }
  unsigned reads = 0;
  bool isReading = false;

  /// \returns false, after a note, when the store cannot be used further.
  bool check(bool success, llvm::StringRef doing) {
    if (success)
      return true;
    bool isDamage = database.isDamaged();
    std::string why = database.message();
    findUnit = Statement();
    findPiece = Statement();
    findInput = Statement();
    findMemo = Statement();
    isReading = false;
    if (isDamage) {
      broken = true;
      database.close();
      note("the cache " + file + " is damaged (" + why + "); this run does without it" +
           (remove() ? ", and the next one makes a new one" : ""));
    } else {
      broken = doing == "read";
      readOnly = true;
      database.run("ROLLBACK");
      note("the cache " + file + " cannot be " + (doing == "read" ? "read" : "written") + " (" + why +
           "); this run goes on without it");
    }
    return false;
  }

  /// Takes the files away. Only when nobody else uses them: SQLite must not lose a file under its feet.
  bool remove() {
    if (!lock.makeExclusive())
      return false;
    bool gone = true;
    for (const char *suffix : {"", "-journal", "-wal", "-shm"})
      gone = !llvm::sys::fs::remove(file + suffix, /*IgnoreNonExisting=*/true) && gone;
    lock.makeShared();
    return gone;
  }

  bool isPrepared() {
    if (!findUnit)
      findUnit = database.prepare("SELECT inputs, facts, checksum, used, sum FROM units WHERE key = ?");
    if (!findPiece)
      findPiece = database.prepare("SELECT bytes FROM pieces WHERE name = ?");
    if (!findInput)
      findInput = database.prepare("SELECT name, path, kind, digest, stamp FROM inputs WHERE id = ?");
    if (!findMemo)
      findMemo = database.prepare("SELECT value, checksum, used FROM memos WHERE name = ?");
    return findUnit && findPiece && findInput && findMemo;
  }

  bool holds(std::uint32_t number) {
    if (number >= held.size())
      held.resize(number + std::size_t(1) + held.size(), -1);
    if (held[number] < 0)
      held[number] = holdsNow(number) ? 1 : 0;
    return held[number] == 1;
  }

  bool holdsNow(std::uint32_t number) {
    findInput.reset();
    findInput.bind(1, static_cast<std::int64_t>(number));
    if (findInput.step() != Step::Row)
      return false;
    std::optional<Input> input = inputOf(findInput);
    bool hasNewStamp = false;
    if (!input || !holdsNow(*input, hasNewStamp))
      return false;
    if (hasNewStamp)
      restamped.emplace_back(number, *input);
    std::string name = findInput.blob(0).str();
    behind.try_emplace(name, std::move(*input));
    return true;
  }

  /// \param hasNewStamp is set when the file was read, and need not be next time.
  bool holdsNow(Input &input, bool &hasNewStamp) {
    const Look &look = looks.look(input.path);
    if (look.kind == LookKind::Unreadable)
      return false;
    if (input.kind == InputKind::Identity)
      return look.identity() == input.digest;
    if (look.kind == LookKind::Missing)
      return false;
    if (input.settled && input.stamp == look.stamp)
      return true;
    auto [known, isNew] =
        contents.try_emplace((input.kind == InputKind::Listing ? "d" : "f") + input.path, std::nullopt);
    if (isNew)
      known->second = input.kind == InputKind::Listing ? listingDigest(input.path) : contentDigest(input.path);
    if (known->second != input.digest)
      return false;
    input.stamp = look.stamp;
    input.settled = look.isSettled(clockNow());
    hasNewStamp = hasNewStamp || input.settled;
    return true;
  }

  std::optional<std::string> runThatHolds(const Digest &name, llvm::StringRef inputBytes, llvm::StringRef value) {
    llvm::Expected<UnitInputs> inputs = takeInputs(inputBytes);
    if (!inputs) {
      llvm::consumeError(inputs.takeError());
      return std::nullopt;
    }
    bool hasNewStamp = false;
    for (Input &input : inputs->inputs)
      if (!holdsNow(input, hasNewStamp))
        return std::nullopt;
    if (hasNewStamp)
      runs.push_back({name, serialize(*inputs), value.str()});
    return value.str();
  }

  bool writeUnits() {
    Statement addInput = database.prepare("INSERT INTO inputs(name, path, kind, digest, stamp) VALUES(?,?,?,?,?) "
                                          "ON CONFLICT(name) DO NOTHING");
    Statement findName = database.prepare("SELECT id FROM inputs WHERE name = ?");
    Statement addUnit =
        database.prepare("INSERT OR REPLACE INTO units(key, inputs, facts, checksum, used, sum, pieces) "
                         "VALUES(?,?,?,?,?,?,?)");
    if (!addInput || !findName || !addUnit)
      return false;
    llvm::StringMap<std::uint32_t> numbers;
    for (Unit &unit : waiting) {
      std::vector<std::uint32_t> inputs;
      for (const Input &input : unit.inputs.inputs) {
        Digest name = nameOf(input);
        auto [known, isNew] = numbers.try_emplace(bytesOf(name), 0);
        if (isNew) {
          addInput.reset();
          addInput.bind(1, bytesOf(name));
          addInput.bindText(2, input.path);
          addInput.bind(3, static_cast<std::int64_t>(input.kind));
          addInput.bind(4, bytesOf(input.digest));
          addInput.bind(5, stampBytes(input));
          if (addInput.step() != Step::Done)
            return false;
          findName.reset();
          findName.bind(1, bytesOf(name));
          if (findName.step() != Step::Row)
            return false;
          known->second = static_cast<std::uint32_t>(findName.integer(0));
        }
        inputs.push_back(known->second);
      }
      llvm::StringRef bytes(reinterpret_cast<const char *>(inputs.data()), inputs.size() * sizeof(std::uint32_t));
      addUnit.reset();
      addUnit.bind(1, bytesOf(unit.key));
      addUnit.bind(2, bytes);
      addUnit.bind(3, unit.facts);
      addUnit.bind(4, checksumOf(unit.key, bytes, unit.facts, bytesOf(unit.sum)));
      addUnit.bind(5, secondsNow());
      addUnit.bind(6, bytesOf(unit.sum));
      addUnit.bind(7, unit.pieces);
      if (addUnit.step() != Step::Done)
        return false;
    }
    return true;
  }

  bool writePieces() {
    Statement insert = database.prepare("INSERT INTO pieces(name, bytes) VALUES(?,?) ON CONFLICT(name) DO NOTHING");
    Statement replace = database.prepare("INSERT OR REPLACE INTO pieces(name, bytes) VALUES(?,?)");
    if (!insert || !replace)
      return false;
    for (const auto &[name, bytes] : waitingPieces) {
      Statement &add = lost.contains(bytesOf(name)) ? replace : insert;
      add.reset();
      add.bind(1, bytesOf(name));
      add.bind(2, bytes);
      if (add.step() != Step::Done)
        return false;
    }
    return true;
  }

  bool writeStamps() {
    Statement update = database.prepare("UPDATE inputs SET stamp = ? WHERE id = ?");
    if (!update)
      return false;
    for (const auto &[number, input] : restamped) {
      update.reset();
      update.bind(1, stampBytes(input));
      update.bind(2, number);
      if (update.step() != Step::Done)
        return false;
    }
    return true;
  }

  bool writeMemos() {
    Statement add = database.prepare("INSERT OR REPLACE INTO memos(name, value, checksum, used) VALUES(?,?,?,?)");
    if (!add)
      return false;
    for (const auto &[name, value] : remembered) {
      add.reset();
      add.bind(1, bytesOf(name));
      add.bind(2, value);
      add.bind(3, checksumOf(name, value, "", ""));
      add.bind(4, secondsNow());
      if (add.step() != Step::Done)
        return false;
    }
    return true;
  }

  bool writeRuns() {
    Statement add = database.prepare("INSERT OR REPLACE INTO runs(name, inputs, value, sum, used) VALUES(?,?,?,?,?)");
    Statement forget =
        database.prepare("DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)");
    if (!add || !forget)
      return false;
    for (const Run &run : runs) {
      add.reset();
      Digest sum = sumOf(run.name, run.inputs, run.value);
      add.bind(1, bytesOf(run.name));
      add.bind(2, run.inputs);
      add.bind(3, run.value);
      add.bind(4, bytesOf(sum));
      add.bind(5, secondsNow());
      if (add.step() != Step::Done)
        return false;
    }
    forget.bind(1, static_cast<std::int64_t>(kRuns));
    return runs.empty() || forget.step() == Step::Done;
  }

  bool writeUses(const char *sql, llvm::ArrayRef<Digest> names) {
    Statement update = database.prepare(sql);
    if (!update)
      return false;
    for (const Digest &name : names) {
      update.reset();
      update.bind(1, secondsNow());
      update.bind(2, bytesOf(name));
      if (update.step() != Step::Done)
        return false;
    }
    return true;
  }

  bool writeAll() {
    return writePieces() && writeUnits() && writeStamps() && writeMemos() && writeRuns() &&
           writeUses("UPDATE units SET used = ? WHERE key = ?", used) &&
           writeUses("UPDATE memos SET used = ? WHERE name = ?", recalled);
  }

  void flush() {
    if (broken || readOnly ||
        (waiting.empty() && restamped.empty() && used.empty() && remembered.empty() && recalled.empty() &&
         runs.empty()))
      return;
    endRead();
    if (check(database.run("BEGIN IMMEDIATE") && writeAll() && database.run("COMMIT"), "write"))
      added = added || !waiting.empty();
    waiting.clear();
    waitingPieces.clear();
    waitingBytes = 0;
    restamped.clear();
    used.clear();
    remembered.clear();
    recalled.clear();
    runs.clear();
  }
  bool added = false;

  void makeRoom() {
    if (!needsRoom(database, options.limit))
      return;
    placed.clear();
    if (check(database.run("BEGIN IMMEDIATE") && ssot::makeRoom(database, options.limit) && database.run("COMMIT"),
              "write"))
      database.run("PRAGMA incremental_vacuum");
  }

  /// Opens the file and sees that it is a store of this version. \returns why not.
  std::string openDatabase() {
    if (!database.open(file, options.mayCreate))
      return database.message();
    std::optional<std::int64_t> application = database.integer("PRAGMA application_id");
    std::optional<std::int64_t> schema = database.integer("PRAGMA user_version");
    std::optional<std::int64_t> tables = database.integer("SELECT count(*) FROM sqlite_schema");
    if (!application || !schema || !tables)
      return database.message();
    if (*application == kApplication && *schema == kSchema && *tables > 0)
      return std::string();
    if (*application != 0 || *schema != 0 || *tables != 0)
      return "it was made by another version of ssot";
    // Two processes may come here together: the second finds the work done.
    bool made = database.run("PRAGMA auto_vacuum = INCREMENTAL") && database.run("BEGIN IMMEDIATE");
    if (made && database.integer("SELECT count(*) FROM sqlite_schema").value_or(0) == 0)
      made = database.run(std::string(kTables).c_str()) &&
             database.run("CREATE TABLE sweeps(value INTEGER NOT NULL)") &&
             database.run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str()) &&
             database.run(("PRAGMA user_version = " + std::to_string(kSchema)).c_str());
    if (!made || !database.run("COMMIT"))
      return database.message();
    return std::string();
  }
};

Store::Store(std::unique_ptr<State> state) : Self(std::move(state)) {}
Store::~Store() { finish(); }

std::string Store::fileIn(llvm::StringRef folder) {
  llvm::SmallString<256> file(folder);
  llvm::sys::path::append(file, "facts.db");
  return file.str().str();
}

std::unique_ptr<Store> Store::open(const StoreOptions &options, std::function<void(const std::string &)> note) {
  auto state = std::make_unique<State>();
  state->options = options;
  state->note = note;
  state->file = fileIn(options.folder);
  auto refuse = [&](const llvm::Twine &why) -> std::unique_ptr<Store> {
    note(("the cache " + state->file + " cannot be used (" + why + "); this run goes on without it").str());
    return nullptr;
  };
  if (!options.mayCreate && !llvm::sys::fs::exists(state->file))
    return nullptr;
  if (std::error_code error = llvm::sys::fs::create_directories(options.folder))
    return refuse(error.message());
  llvm::SmallString<256> lock(options.folder), ignore(options.folder);
  llvm::sys::path::append(lock, "lock");
  llvm::sys::path::append(ignore, ".gitignore");
  errno = 0;
  if (!state->lock.share(lock.str().str()))
    return refuse(errno == EWOULDBLOCK ? "another ssot is taking it away" : std::strerror(errno));
  Header header = headerOf(state->file);
  if (header == Header::Foreign) {
    std::string aside = state->file + ".set-aside";
    if (!state->lock.makeExclusive() || llvm::sys::fs::rename(state->file, aside))
      return refuse("it is not a cache of ssot");
    state->lock.makeShared();
    note(state->file + " is not a cache of ssot, or its head is damaged; it was renamed to " +
         llvm::sys::path::filename(aside).str() + " and a new one is made");
  }
  std::string problem = state->openDatabase();
  if (!problem.empty() && (state->database.isDamaged() || llvm::StringRef(problem).contains("another version"))) {
    state->database.close();
    if (!state->remove())
      return refuse(problem);
    note("the cache " + state->file + " is made anew: " + problem);
    problem = state->openDatabase();
  }
  if (!problem.empty())
    return refuse(problem);
  if (!llvm::sys::fs::exists(ignore)) {
    std::error_code error;
    llvm::raw_fd_ostream out(ignore, error);
    if (!error)
      out << "*\n";
    out.clear_error(); // without it the cache is no worse
  }
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

std::optional<KeptFacts> Store::find(const Digest &key) {
  if (Self->broken)
    return std::nullopt;
  if (!Self->check(Self->beginRead(), "read"))
    return std::nullopt;
  Statement &row = Self->findUnit;
  row.reset();
  row.bind(1, bytesOf(key));
  Step step = row.step();
  if (step == Step::Failed)
    Self->check(false, "read");
  if (step != Step::Row) {
    if (!Self->broken)
      row.reset();
    return std::nullopt;
  }
  llvm::StringRef inputs = row.blob(0), facts = row.blob(1);
  std::optional<KeptFacts> found;
  llvm::StringRef sum = row.blob(4);
  // A row that does not fit its checksum is as good as none: it will be written again.
  if (sum.size() == sizeof(Digest) && row.integer(2) == checksumOf(key, inputs, facts, sum)) {
    bool holds = true;
    for (std::uint32_t number : numbersOf(inputs))
      holds = holds && Self->holds(number);
    Self->findInput.reset();
    if (holds) {
      found.emplace();
      found->facts = facts.str();
      std::memcpy(found->sum.data(), sum.data(), sum.size());
    }
  }
  if (found && secondsNow() - row.integer(3) > kUseStep)
    Self->used.push_back(key);
  row.reset();
  return found;
}

std::optional<std::string> Store::piece(const Digest &name) {
  if (Self->broken || !Self->check(Self->beginRead(), "read"))
    return std::nullopt;
  Statement &row = Self->findPiece;
  row.reset();
  row.bind(1, bytesOf(name));
  Step step = row.step();
  if (step == Step::Failed)
    Self->check(false, "read");
  std::optional<std::string> bytes;
  if (step == Step::Row && digestOf(row.blob(0)) == name)
    bytes = row.blob(0).str();
  else
    Self->lost.insert(bytesOf(name));
  if (!Self->broken)
    row.reset();
  return bytes;
}

Digest Store::keep(const Digest &key, UnitInputs inputs, std::string facts, llvm::ArrayRef<KeptPiece> pieces) {
  DigestInput all;
  all.add(bytesOf(digestOf(facts)));
  for (const Input &input : inputs.inputs) {
    Digest name = nameOf(input);
    all.add(bytesOf(name));
    Self->behind.try_emplace(bytesOf(name), input);
  }
  Digest sum = all.digest();
  if (Self->broken || Self->readOnly || !inputs.doubt.empty())
    return sum;
  std::string names;
  for (const KeptPiece &piece : pieces) {
    names += bytesOf(piece.name);
    if (!Self->placed.insert(bytesOf(piece.name)).second)
      continue;
    Self->waitingBytes += piece.bytes.size();
    Self->waitingPieces.emplace_back(piece.name, piece.bytes.str());
  }
  Self->waitingBytes += facts.size();
  Self->waiting.push_back({key, std::move(inputs), std::move(facts), std::move(names), sum});
  if (Self->waiting.size() >= kUnitsInBatch || Self->waitingBytes >= kBytesInBatch)
    Self->flush();
  return sum;
}

std::optional<std::string> Store::recall(const Digest &name) {
  if (Self->broken || !Self->check(Self->beginRead(), "read"))
    return std::nullopt;
  Statement &row = Self->findMemo;
  row.reset();
  row.bind(1, bytesOf(name));
  Step step = row.step();
  if (step == Step::Failed)
    Self->check(false, "read");
  std::optional<std::string> value;
  if (step == Step::Row && row.integer(1) == checksumOf(name, row.blob(0), "", "")) {
    value = row.blob(0).str();
    if (secondsNow() - row.integer(2) > kUseStep)
      Self->recalled.push_back(name);
  }
  if (!Self->broken)
    row.reset();
  return value;
}

void Store::remember(const Digest &name, std::string value) {
  if (!Self->broken && !Self->readOnly)
    Self->remembered.emplace_back(name, std::move(value));
}

std::optional<std::string> Store::recallRun(const Digest &name) {
  if (Self->broken || !Self->check(Self->beginRead(), "read"))
    return std::nullopt;
  Statement row = Self->database.prepare("SELECT inputs, value, sum, used FROM runs WHERE name = ?");
  if (!Self->check(static_cast<bool>(row), "read"))
    return std::nullopt;
  row.bind(1, bytesOf(name));
  Step step = row.step();
  // From time to time it is left aside, so that the use is noted of all that it was made of.
  if (step == Step::Row && secondsNow() - row.integer(3) <= kUseStep) {
    llvm::StringRef inputBytes = row.blob(0), value = row.blob(1);
    if (row.blob(2) == bytesOf(sumOf(name, inputBytes, value)))
      return Self->runThatHolds(name, inputBytes, value);
  }
  if (step == Step::Failed)
    Self->check(false, "read");
  return std::nullopt;
}

void Store::keepRun(const Digest &name, std::string value) {
  if (Self->broken || Self->readOnly)
    return;
  UnitInputs all;
  for (const auto &input : Self->behind)
    all.inputs.push_back(input.second);
  llvm::sort(all.inputs, [](const Input &a, const Input &b) {
    return std::tie(a.path, a.kind, a.digest) < std::tie(b.path, b.kind, b.digest);
  });
  std::string inputs = serialize(all);
  if (inputs.size() + value.size() <= Self->options.limit / kRunsInStore)
    Self->runs.push_back({name, std::move(inputs), std::move(value)});
}

void Store::drop(const Digest &key) {
  if (Self->broken || Self->readOnly)
    return;
  Self->endRead();
  Statement remove = Self->database.prepare("DELETE FROM units WHERE key = ?");
  if (remove) {
    remove.bind(1, bytesOf(key));
    remove.step();
  }
}

void Store::rest() { Self->endRead(); }

void Store::finish() {
  Self->endRead();
  Self->flush();
  if (Self->added && !Self->broken && !Self->readOnly)
    Self->makeRoom();
  Self->added = false;
}

StoreStats Store::stats() {
  StoreStats stats;
  auto count = [&](const char *query) { return static_cast<std::uint64_t>(Self->database.integer(query).value_or(0)); };
  stats.units = count("SELECT count(*) FROM units");
  stats.pieces = count("SELECT count(*) FROM pieces");
  stats.inputs = count("SELECT count(*) FROM inputs");
  stats.runs = count("SELECT count(*) FROM runs");
  stats.bytes = sizeOf(Self->database);
  return stats;
}

std::vector<std::string> Store::verify(llvm::function_ref<bool(llvm::StringRef, bool isPiece)> areWhole) {
  return problemsIn(Self->database, areWhole);
}

std::optional<std::uint64_t> Store::clear() {
  std::uint64_t units = stats().units;
  Self->waiting.clear();
  Self->waitingPieces.clear();
  Self->placed.clear();
  // Emptied, not removed: others may be at work in it.
  bool done = Self->database.run("BEGIN IMMEDIATE") && Self->database.run("DELETE FROM units") &&
              Self->database.run("DELETE FROM pieces") && Self->database.run("DELETE FROM memos") &&
              Self->database.run("DELETE FROM runs") && Self->database.run("DELETE FROM inputs") &&
              Self->database.run("DELETE FROM sweeps") && Self->database.run("COMMIT");
  if (!Self->check(done, "write"))
    return std::nullopt;
  Self->database.run("PRAGMA incremental_vacuum");
  return units;
}

} // namespace ssot
