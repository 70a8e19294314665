// migrate/trial.h - the edits as they are now, and what each unit that reads them says over them.
//
// Who changes an edit touches its file: the units that read it are stale until they are parsed again. What is tried can
// be taken back without a parse, since what a unit said is put back with the edits it said it of.
#pragma once

#include "migrate/blame.h"
#include "migrate/meaning.h"
#include "migrate/verify.h"

#include <llvm/ADT/ArrayRef.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// Every error of the unit; the first is the one that is told.
std::vector<DiagnosticFact> errorsOf(const UnitOutcome &outcome);

/// Empty when the unit compiles.
std::string messageOf(const UnitOutcome &outcome);

void sortByPlace(std::vector<Edit> &edits);

class Trial {
public:
  using Outcomes = std::map<std::size_t, UnitOutcome>; ///< by unit
  using Units = std::set<std::size_t>;

  Trial(std::vector<Edit> planned, llvm::ArrayRef<UnitOutcome> before, llvm::ArrayRef<Rule> rules, ReadFile read,
        ExtractUnits extract);

  std::vector<Edit> edits; ///< sorted by file and place

  const UnitFacts &before(std::size_t unit) const { return Before[unit].facts; }
  /// The units that read \p file and compiled before the edits.
  const Units &readers(const std::string &file) const;

  /// The units that read \p file are to be parsed again.
  void touch(const std::string &file);
  /// The units that read a file whose edits changed since they were parsed.
  const Units &stale() const { return Stale; }
  void parse(const Units &units);
  /// A few stale units that read the files of \p some edits between them, or just the one that reads the most of them:
  /// most of what is wrong shows there already, and the others need not be parsed over each repair.
  Units pilots(llvm::ArrayRef<Edit> some, bool justOne = false) const;
  /// Of the stale units that failed last time one for each error, since many fail for the same one.
  Units failedPilots() const;
  /// What a unit would say with other edits, sorted like these. To do something else than before is an error like any
  /// other.
  UnitOutcome asked(std::size_t unit, llvm::ArrayRef<Edit> others);

  /// What the units said that have been parsed.
  const Outcomes &outcomes() const { return After; }
  Outcomes takeOutcomes() { return std::move(After); }
  const UnitOutcome &outcome(std::size_t unit) const { return After.at(unit); }
  bool fails(std::size_t unit) const;
  bool anyFails(const Units &units) const;
  /// Which edits may be guilty of what the units said when they were parsed last.
  Suspects suspects() { return {edits, Overlay, Headers}; }

  /// Whether the edited name is a use of its target in one of the units.
  bool resolves(const Edit &edit, EditedPlace place) const;
  bool allResolve() const;
  /// Whether every edit that one of \p units reads resolves.
  bool resolvesIn(const Units &units) const;

  /// What those of \p units said that have been parsed.
  Outcomes said(const Units &units) const;
  /// Puts back what units said of the edits as they are now again.
  void putBack(Outcomes said);
  /// Takes back what was tried since there was nothing stale: the edits, and what units said of them.
  void revert(std::vector<Edit> earlier, Outcomes said);

private:
  std::vector<UnitOutcome> extract(llvm::ArrayRef<std::size_t> units, llvm::ArrayRef<Edit> some,
                                   const std::map<std::string, std::string> &overlay);

  llvm::ArrayRef<UnitOutcome> Before;
  MeaningGuard Meaning;
  ReadFile Read;
  ExtractUnits Extract;
  HeaderWords Headers;
  std::map<std::string, Units> Readers; ///< by file
  std::map<std::string, std::string> Overlay;
  Outcomes After;
  Units Stale;
  Units None; ///< who reads a file that nobody reads
};

/// In which order stale units are parsed while edits are repaired: one, then a few, then the others, and before those
/// the ones that a repair is meant for.
class Waves {
public:
  explicit Waves(const Trial &trial) : Tried(trial) {}

  /// \param repaired whether edits were changed for what the last units said.
  /// \returns none when nothing is stale.
  Trial::Units next(bool repaired = false);

private:
  const Trial &Tried;
  unsigned Sent = 0;
};

} // namespace ssot
