#include "store/room.h"

#include "store/digest.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/ADT/Twine.h>

#include <cstring>
#include <string>
#include <utility>

namespace ssot {

namespace {

/// What has been added, by weight: an input is a row of some hundred bytes, a piece easily has thousands.
constexpr char kAdded[] = "SELECT (SELECT coalesce(max(id), 0) FROM inputs) + 10 * "
                          "(SELECT coalesce(max(id), 0) FROM pieces)";
/// Inputs and pieces that no unit names any more are swept when this much has been added.
constexpr std::int64_t kSweepStep = 50'000;

/// Calls \p visit with the name of each piece of a unit's row.
void eachName(llvm::StringRef names, llvm::function_ref<void(llvm::StringRef)> visit) {
  for (; names.size() >= sizeof(Digest); names = names.drop_front(sizeof(Digest)))
    visit(names.take_front(sizeof(Digest)));
}

/// Calls \p visit with each row. \returns false when the database fails.
bool eachRow(Database &database, const char *select, llvm::function_ref<void(Statement &)> visit) {
  Statement rows = database.prepare(select);
  Step step = Step::Failed;
  while (rows && (step = rows.step()) == Step::Row)
    visit(rows);
  return step == Step::Done;
}

template <typename Key>
bool removeAll(Database &database, const char *remove, const std::vector<Key> &keys) {
  Statement removal = database.prepare(remove);
  for (const Key &key : keys) {
    if (!removal)
      return false;
    removal.reset();
    removal.bind(1, key);
    if (removal.step() != Step::Done)
      return false;
  }
  return true;
}

bool evict(Database &database, std::uint64_t limit) {
  llvm::StringMap<std::int64_t> pieces; // the size of each that no unit used later has
  std::int64_t total = 0, kept = 0;
  std::vector<std::string> oldest;
  auto weigh = [&](Statement &row) { total += pieces[row.blob(0)] = row.integer(1); };
  auto add = [&](Statement &row) { total += row.integer(0); };
  if (!eachRow(database, "SELECT name, length(bytes) FROM pieces", weigh) ||
      !eachRow(database, "SELECT length(facts) + length(inputs) + length(pieces) FROM units", add))
    return false;
  // The inputs, shared by many units, take room too; they go with the last unit that names them.
  double share = 0.9 * static_cast<double>(limit) / static_cast<double>(sizeOf(database));
  auto wanted = static_cast<std::int64_t>(static_cast<double>(total) * share);
  auto choose = [&](Statement &row) {
    kept += row.integer(1);
    eachName(row.blob(2), [&](llvm::StringRef name) { kept += std::exchange(pieces[name], 0); });
    if (kept > wanted)
      oldest.push_back(row.blob(0).str());
  };
  return eachRow(database,
                 "SELECT key, length(facts) + length(inputs) + length(pieces), pieces FROM units "
                 "ORDER BY used DESC, key DESC",
                 choose) &&
         removeAll(database, "DELETE FROM units WHERE key = ?", oldest) &&
         // What was remembered goes when the units do that were used as long ago.
         database.run("DELETE FROM memos WHERE used < (SELECT coalesce(min(used), 0) FROM units)");
}

bool sweep(Database &database) {
  std::vector<bool> inputs;
  llvm::StringSet<> pieces;
  auto mark = [&](Statement &row) {
    for (std::uint32_t number : numbersOf(row.blob(0))) {
      if (number >= inputs.size())
        inputs.resize(number + std::size_t(1));
      inputs[number] = true;
    }
    eachName(row.blob(1), [&](llvm::StringRef name) { pieces.insert(name); });
  };
  std::vector<std::int64_t> unnamedInputs, unnamedPieces;
  auto testInput = [&](Statement &row) {
    auto number = static_cast<std::size_t>(row.integer(0));
    if (number >= inputs.size() || !inputs[number])
      unnamedInputs.push_back(row.integer(0));
  };
  auto testPiece = [&](Statement &row) {
    if (!pieces.contains(row.blob(1)))
      unnamedPieces.push_back(row.integer(0));
  };
  return eachRow(database, "SELECT inputs, pieces FROM units", mark) &&
         eachRow(database, "SELECT id FROM inputs", testInput) &&
         removeAll(database, "DELETE FROM inputs WHERE id = ?", unnamedInputs) &&
         eachRow(database, "SELECT id, name FROM pieces", testPiece) &&
         removeAll(database, "DELETE FROM pieces WHERE id = ?", unnamedPieces) && database.run("DELETE FROM sweeps") &&
         database.run((llvm::Twine("INSERT INTO sweeps ") + kAdded).str().c_str());
}

} // namespace

std::vector<std::uint32_t> numbersOf(llvm::StringRef bytes) {
  std::vector<std::uint32_t> numbers(bytes.size() / sizeof(std::uint32_t));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(std::uint32_t));
  return numbers;
}

std::uint64_t sizeOf(Database &database) {
  std::int64_t pages = database.integer("PRAGMA page_count").value_or(0);
  std::int64_t spare = database.integer("PRAGMA freelist_count").value_or(0);
  return static_cast<std::uint64_t>((pages - spare) * database.integer("PRAGMA page_size").value_or(0));
}

bool needsRoom(Database &database, std::uint64_t limit) {
  std::int64_t newest = database.integer(kAdded).value_or(0);
  std::int64_t swept = database.integer("SELECT coalesce((SELECT value FROM sweeps), 0)").value_or(0);
  return sizeOf(database) > limit || newest - swept >= kSweepStep;
}

bool makeRoom(Database &database, std::uint64_t limit) {
  // What is left may fill its pages badly: then a little more has to go.
  for (int round = 0; round < 4 && sizeOf(database) > limit; ++round)
    if (!evict(database, limit) || !sweep(database))
      return false;
  return sweep(database);
}

} // namespace ssot
