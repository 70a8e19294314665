// command/reduce.h - `check --facts`: the reduce step over what `ssot extract` wrote, here or on other machines.
//
// A facts file is believed only as far as it can be checked: the same build of ssot, the same questions, the same
// command, and every file of the project as it is here. What fails is a unit that failed, with its reason; a unit
// without facts is one too.
#pragma once

#include "command/analysis.h"
#include "facts/pieces.h"
#include "store/digest.h"
#include "store/record_file.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/Error.h>

#include <future>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

class FactsFiles {
public:
  /// Looks into \p paths: facts files, or folders that are searched for `*.facts`.
  /// \param root of the project, absolute: files are named by it.
  /// \returns an error when a path is not there or there is not one facts file that can be read.
  static llvm::Expected<FactsFiles> open(const std::vector<std::string> &paths, const std::string &root);

  /// The units that there are facts of, by name; one with several commands several times. Sorted.
  std::vector<std::string> units() const;

  /// Links the facts of the project's units. \param known whether the project's units come from a compile database;
  /// else they are those of `units()`, in that order or fewer.
  Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, bool known,
                   llvm::raw_ostream &err, std::vector<UnitOutcome> *kept = nullptr);

  /// Says when there are units of the facts that are none of the project's.
  void describeLeftOver(llvm::raw_ostream &err) const;

private:
  friend class FactsReader;
  struct Record {
    std::string unit;
    std::string version;
    Digest build{}, asked{}, command{};
    Digest facts{};       ///< sum of what is told
    std::string stale;    ///< a file that is not as it was; empty: none
    std::size_t file = 0; ///< in Files
    std::uint64_t at = 0; ///< offset in it
  };
  /// Where a piece of facts is.
  struct PieceAt {
    std::size_t file = 0; ///< in Files
    std::uint64_t at = 0; ///< offset in it
  };
  /// One of the files, open.
  class Opened {
  public:
    explicit Opened(const FactsFiles &files) : Files(files) {}
    /// \returns nothing when there is no such record any more.
    std::optional<FactsRecord> read(std::size_t file, std::uint64_t at);

  private:
    const FactsFiles &Files;
    std::size_t Number = 0;
    std::optional<RecordFile> File;
  };
  /// The records of one unit and command: one, unless two map steps did the same.
  struct Group {
    std::size_t begin = 0, end = 0; ///< in Records
    bool used = false;
  };
  using Groups = llvm::MutableArrayRef<Group>;
  /// Where the facts of a unit of the project are, or why there are none.
  struct Choice {
    const Group *group = nullptr;
    std::string failure;
  };

  void readFile(std::size_t file);
  void addUnit(UnitRecord unit, std::size_t file, std::uint64_t at);
  void group();
  Groups groupsOf(const std::string &unit);
  std::vector<Choice> choose(const Project &project, bool known);
  GivenUnit outcomeOf(const Choice &choice, Opened &opened) const;
  GivenUnit outcomeOf(const Group &group, Opened &opened) const;
  GivenUnit outcomeOf(const Record &record, Opened &opened) const;
  bool haveAllPieces(llvm::StringRef facts) const;
  std::string whyNotTrusted(const Record &record) const;
  std::string nameOf(const Record &record) const;

  std::string Root;
  std::vector<std::string> Files;
  std::vector<Record> Records; ///< sorted by unit and command
  std::vector<Group> Grouped;
  llvm::StringMap<PieceAt> Pieces; ///< by name
  std::vector<FailedUnit> Unreadable;
  llvm::StringMap<std::optional<Digest>> Contents; ///< of files of the project, as they are
  Digest Build{}, Asked{};                         ///< what a record must have
  bool EveryBody = false;                          ///< that is what was asked
};

/// Gives the facts of units, those of the next ones read by another thread meanwhile.
class FactsReader {
public:
  /// \param ahead whether there may be another thread.
  FactsReader(const FactsFiles &files, std::vector<FactsFiles::Choice> choices, bool ahead);

  /// Cheapest in order; any order is right.
  GivenUnit read(std::size_t unit);
  /// \returns the bytes of a piece, unless it is not there any more.
  std::optional<std::string> piece(const PieceName &name);

private:
  using Batch = std::vector<std::optional<GivenUnit>>;
  Batch readBatch(std::size_t begin) const;

  const FactsFiles &Files;
  std::vector<FactsFiles::Choice> Choices;
  FactsFiles::Opened Opened; ///< for pieces
  std::launch How;
  std::size_t Begin = 0; ///< of the batch that is being given out
  Batch Current;
  std::future<Batch> Next;
};

} // namespace ssot
