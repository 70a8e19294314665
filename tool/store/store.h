// store/store.h - facts of units, kept from one run to the next in one SQLite file.
//
// The store never decides whether facts are good: the inputs do. Every input of a unit is one row that says "at this
// path there was this"; a unit's facts are given out only while all its rows still hold, each looked at once however
// many units share it. Every row carries a checksum, so damage makes a miss, never a wrong answer. The store may fail
// at any time without harm: a run then works without it and says so.
#pragma once

#include "store/inputs.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

struct StoreOptions {
  std::string folder;                           ///< absolute; made when it is not there
  std::uint64_t limit = std::uint64_t(1) << 30; ///< bytes; over it, what was used longest ago goes
  bool mayCreate = true;                        ///< false: only an existing store is opened
};

/// Facts that were kept and still hold.
struct KeptFacts {
  std::string facts; ///< without the pieces, which are read one by one
  Digest sum{};      ///< of the facts and of all that they came from
};

/// Bytes that many units may share, named by their digest.
struct KeptPiece {
  Digest name{};
  llvm::StringRef bytes;
};

struct StoreStats {
  std::uint64_t units = 0;
  std::uint64_t pieces = 0;
  std::uint64_t inputs = 0;
  std::uint64_t runs = 0;
  std::uint64_t bytes = 0;
};

class Store {
public:
  /// \param note is told, in one sentence, whatever the user should know.
  /// \returns the store, or null when it cannot be used; \p note has been told why.
  static std::unique_ptr<Store> open(const StoreOptions &options, std::function<void(const std::string &)> note);
  ~Store();

  /// \returns the facts kept for \p key if every input is as it was.
  std::optional<KeptFacts> find(const Digest &key);
  /// \returns a piece of kept facts, unless it is gone or damaged.
  std::optional<std::string> piece(const Digest &name);
  /// Keeps facts and the pieces that belong to them. Written in batches; the last one by `finish`.
  /// \param facts which tell all pieces apart.
  /// \returns their sum.
  Digest keep(const Digest &key, UnitInputs inputs, std::string facts, llvm::ArrayRef<KeptPiece> pieces = {});

  /// What was remembered under \p name: something that follows from what the name stands for, and is dear to find out.
  std::optional<std::string> recall(const Digest &name);
  /// Written with the facts.
  void remember(const Digest &name, std::string value);
  /// What a whole run came to, if everything is as it was that its facts came from. \param name stands for all else
  /// that it came from.
  std::optional<std::string> recallRun(const Digest &name);
  /// Keeps what follows from all facts that were found or kept since this store was opened. Only the newest few are.
  void keepRun(const Digest &name, std::string value);
  /// Forgets one unit.
  void drop(const Digest &key);
  /// To be called when no read follows for a while: a read keeps others from writing for some milliseconds after it.
  void rest();
  /// Writes what is left to write and makes room.
  void finish();

  StoreStats stats();
  /// Reads all that is kept. \returns a sentence for each thing that is wrong.
  /// \param areWhole says whether facts without their pieces, or a piece, can be read.
  std::vector<std::string> verify(llvm::function_ref<bool(llvm::StringRef, bool isPiece)> areWhole);
  /// Removes everything that is kept. \returns how many units there were, or nothing when it could not be done.
  std::optional<std::uint64_t> clear();

  /// The database file in \p folder.
  static std::string fileIn(llvm::StringRef folder);

private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> Self;
};

} // namespace ssot
