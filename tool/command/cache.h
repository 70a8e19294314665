// command/cache.h - the store as the commands use it: what a unit's facts depend on besides its inputs, and how often
// the store helped.
#pragma once

#include "command/command.h"
#include "command/options.h"
#include "config/config.h"
#include "facts/pieces.h"
#include "project/project.h"
#include "store/store.h"

#include <llvm/ADT/ArrayRef.h>

#include <memory>
#include <optional>
#include <string>

namespace ssot {

class FactsCache {
public:
  /// \param root of the project, absolute.
  FactsCache(const SharedOptions &options, const std::string &root, llvm::raw_ostream &err);

  /// Begins a run over \p project with what \p config asks for.
  void begin(const Project &project, const Config &config);
  /// What names a unit, whatever the rules ask for: this build, the command, the scope, the environment. Nothing when
  /// it must not be kept: it loads what no input shows.
  std::optional<Digest> unitKey(const CompileUnit &unit) const;

  /// Whether there is a store to ask.
  bool isOn() const { return static_cast<bool>(Facts); }
  /// \returns what was kept of the unit when the rules asked for the same names.
  std::optional<KeptFacts> find(const Digest &unit);
  /// \returns what was kept of the unit when it was asked for those names of the vocabulary that it speaks of, whatever
  /// else was asked for. \p named are those of the unit as it is now.
  std::optional<KeptFacts> find(const Digest &unit, llvm::ArrayRef<std::string> named);
  /// Whether the unit was kept by a run that asked for other names.
  bool isKnown(const Digest &unit);
  /// \returns a piece of facts that were found.
  std::optional<std::string> piece(const PieceName &name) { return Facts->piece(name); }
  /// \returns the sum of what is kept, unless it must not be kept.
  std::optional<Digest> keep(const Digest &unit, llvm::ArrayRef<std::string> named, UnitInputs inputs,
                             const CutFacts &facts);
  std::optional<std::string> recall(const Digest &name);
  void remember(const Digest &name, std::string value);
  /// What a whole run came to, if all holds that its facts came from. \param name stands for the rest.
  std::optional<std::string> recallRun(const Digest &name) { return Facts->recallRun(name); }
  /// Keeps what follows from all facts that were found or kept here.
  void keepRun(const Digest &name, std::string value) { Facts->keepRun(name, std::move(value)); }
  /// To be called when no question follows for a while.
  void rest() { Facts->rest(); }
  /// Writes what is left to write, unless that is put off.
  void finish();
  /// Puts off writing to the end, or until `write`: each time costs several waits for the disk.
  void putOffWriting() { IsPutOff = true; }
  void write();

  /// Of the units found, this share is analysed again and compared.
  void verifyShare(double percent) { Percent = percent; }
  bool isToBeVerified(const Digest &unit) const;
  bool verifies() const { return Percent > 0; }
  /// \param kept, fresh the heads: they name all pieces.
  /// \returns whether the facts agree; says so on stderr when they do not.
  bool compare(const std::string &unit, const Digest &key, llvm::ArrayRef<std::string> named, llvm::StringRef kept,
               llvm::StringRef fresh);

  /// Tells how many units were read and how many parsed, for `-v`.
  void describe() const;

  std::size_t read = 0;
  std::size_t parsed = 0;
  std::size_t skipped = 0; ///< found now to have nothing that the rules ask about
  std::size_t notKept = 0;
  std::size_t unkept = 0; ///< units whose facts nothing in the store stands for: crashed, out of time, or not kept
  bool isJudged = false;  ///< nothing was linked and judged: an earlier run has done that
  std::size_t verified = 0;
  std::size_t differing = 0;

private:
  llvm::raw_ostream &Err;
  std::unique_ptr<Store> Facts;
  /// What names the facts of a unit that speaks of \p named.
  Digest factsKey(const Digest &unit, llvm::ArrayRef<std::string> named) const;
  /// What names them for the rules of this run.
  Digest aliasOf(const Digest &unit) const;
  Digest Build{};
  Digest Base{}; ///< what all units of the run depend on, but for the vocabulary
  Vocabulary Words;
  Digest WordsDigest{};
  double Percent = 0;
  bool IsPutOff = false;
  std::string Doubt; ///< why a unit was not kept
};

int runCacheStats(const SharedOptions &options, Streams streams);
int runCacheVerify(const SharedOptions &options, Streams streams);
int runCacheClear(const SharedOptions &options, Streams streams);

} // namespace ssot
