// command/cache.h - the store as the commands use it: what a unit's facts depend on besides its inputs, and how often
// the store helped.
#pragma once

#include "command/command.h"
#include "command/options.h"
#include "config/config.h"
#include "project/project.h"
#include "store/store.h"

#include <memory>
#include <optional>
#include <string>

namespace ssot {

class FactsCache {
public:
  /// \param root of the project, absolute.
  FactsCache(const SharedOptions &options, const std::string &root, llvm::raw_ostream &err);

  /// What the facts of all units of a run depend on: this build, the vocabulary, the scope, the environment.
  Digest runKey(const Project &project, const Config &config) const;
  /// What, with the run's key, names a unit. Nothing when it must not be kept: it loads what no input shows.
  std::optional<Digest> unitKey(const Digest &run, const CompileUnit &unit) const;

  /// Whether there is a store to ask.
  bool isOn() const { return static_cast<bool>(Facts); }
  std::optional<std::string> find(const Digest &key);
  void keep(const Digest &key, UnitInputs inputs, std::string facts);
  void finish();

  /// Of the units found, this share is analysed again and compared.
  void verifyShare(double percent) { Percent = percent; }
  bool isToBeVerified(const Digest &key) const;
  /// \returns whether the facts agree; says so on stderr when they do not.
  bool compare(const std::string &unit, const Digest &key, llvm::StringRef kept, llvm::StringRef fresh);

  /// Tells how many units were read and how many parsed, for `-v`.
  void describe() const;

  std::size_t read = 0;
  std::size_t parsed = 0;
  std::size_t notKept = 0;
  std::size_t verified = 0;
  std::size_t differing = 0;

private:
  llvm::raw_ostream &Err;
  std::unique_ptr<Store> Facts;
  Digest Build{};
  double Percent = 0;
  std::string Doubt; ///< why a unit was not kept
};

int runCacheStats(const SharedOptions &options, Streams streams);
int runCacheVerify(const SharedOptions &options, Streams streams);
int runCacheClear(const SharedOptions &options, Streams streams);

} // namespace ssot
