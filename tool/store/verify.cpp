#include "store/verify.h"

#include "store/room.h"
#include "store/rows.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>

#include <algorithm>
#include <cstring>

namespace ssot {

std::vector<std::string> problemsIn(Database &database,
                                    llvm::function_ref<bool(llvm::StringRef, bool isPiece)> areWhole) {
  std::vector<std::string> problems;
  {
    Statement integrity = database.prepare("PRAGMA integrity_check(20)");
    Step step = Step::Failed;
    while (integrity && (step = integrity.step()) == Step::Row)
      if (integrity.text(0) != "ok")
        problems.push_back(integrity.text(0).str());
    if (step == Step::Failed) {
      problems.push_back(database.message());
      return problems;
    }
  }
  std::uint64_t badInputs = 0, badPieces = 0, badUnits = 0, unread = 0;
  llvm::DenseMap<std::uint32_t, bool> known;
  llvm::StringMap<bool> goodPieces;
  Statement inputs = database.prepare("SELECT name, path, kind, digest, stamp, id FROM inputs");
  while (inputs && inputs.step() == Step::Row) {
    bool good = inputOf(inputs).has_value();
    badInputs += good ? 0 : 1;
    known[static_cast<std::uint32_t>(inputs.integer(5))] = good;
  }
  Statement pieces = database.prepare("SELECT name, bytes FROM pieces");
  while (pieces && pieces.step() == Step::Row) {
    bool good = pieces.blob(0) == bytesOf(digestOf(pieces.blob(1)));
    goodPieces[pieces.blob(0)] = good;
    badPieces += good ? 0 : 1;
    unread += good && !areWhole(pieces.blob(1), true) ? 1 : 0;
  }
  Statement units = database.prepare("SELECT key, inputs, facts, checksum, sum, pieces FROM units");
  while (units && units.step() == Step::Row) {
    Digest key{};
    llvm::StringRef bytes = units.blob(0);
    std::memcpy(key.data(), bytes.data(), std::min(bytes.size(), key.size()));
    bool good =
        bytes.size() == key.size() && units.integer(3) == checksumOf(key, units.blob(1), units.blob(2), units.blob(4));
    for (std::uint32_t number : numbersOf(units.blob(1)))
      good = good && known.lookup(number);
    for (llvm::StringRef names = units.blob(5); names.size() >= sizeof(Digest);
         names = names.drop_front(sizeof(Digest)))
      good = good && goodPieces.lookup(names.take_front(sizeof(Digest)));
    badUnits += good ? 0 : 1;
    unread += good && !areWhole(units.blob(2), false) ? 1 : 0;
  }
  auto report = [&](std::uint64_t count, const char *what) {
    if (count)
      problems.push_back(std::to_string(count) + what);
  };
  report(badInputs, " inputs do not fit their checksum");
  report(badPieces, " pieces do not fit their name");
  std::uint64_t badRuns = 0;
  Statement runs = database.prepare("SELECT name, inputs, value, sum FROM runs");
  while (runs && runs.step() == Step::Row) {
    Digest name{};
    std::memcpy(name.data(), runs.blob(0).data(), std::min(runs.blob(0).size(), name.size()));
    badRuns += runs.blob(3) == bytesOf(sumOf(name, runs.blob(1), runs.blob(2))) ? 0 : 1;
  }
  report(badRuns, " judgements do not fit their checksum");
  report(badUnits, " units do not fit their checksum, or miss an input or a piece");
  report(unread, " units or pieces hold facts that this ssot cannot read");
  return problems;
}

} // namespace ssot
