// command/extraction.h - facts of units: from the cache, from the preprocessor alone where that is enough, else from
// Clang.
#pragma once

#include "command/profile.h"
#include "config/config.h"
#include "extract/extract.h"
#include "facts/pieces.h"
#include "migrate/verify.h"
#include "project/project.h"
#include "project/workers.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Support/raw_ostream.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

class FactsCache;

/// What is known of a unit without a parse here: facts as `cut` gives them, named from the root.
struct GivenUnit {
  std::string failure;      ///< why there are none
  std::string facts = {};   ///< their pieces may be elsewhere
  std::string scanned = {}; ///< of a unit with an error: what the preprocessor alone tells, if that was asked
};

struct AnalysisOptions {
  unsigned jobs = 0;
  double timeoutSeconds = 0;
  std::string progress = "auto";
  FactsCache *cache = nullptr;   ///< facts of earlier runs; never used over an overlay
  Profile *profile = nullptr;    ///< null: nothing is measured
  bool foreignTemplates = false; ///< parse the bodies of templates outside the project too
  bool skip = false;             ///< units that cannot hold a site of any rule need not be parsed
  /// Facts that are at hand, by the unit's number: then no unit of the project is parsed.
  std::function<GivenUnit(std::size_t)> given = nullptr;
  std::function<std::optional<std::string>(const PieceName &)> givenPiece = nullptr; ///< of those facts
};

/// An extractor of what \p config asks about. \p project and \p config must outlive it.
Extractor extractorFor(const Project &project, const Config &config, const AnalysisOptions &options,
                       unsigned errorLimit = 1, bool warnings = false);
/// \p jobs 0: all cores. \p timeoutSeconds 0: none.
WorkerOptions workersFor(unsigned jobs, double timeoutSeconds);
/// \param bytes of `cut`, or their head.
/// \returns what the unit says of itself: whether it was parsed, its error, the files it read.
UnitOutcome outcomeOf(llvm::StringRef bytes);

/// 0, 1, 2 ...: all of \p units.
std::vector<std::size_t> numbersOf(llvm::ArrayRef<CompileUnit> units);

/// Calls \p done with what each unit of \p all that \p chosen names by number says, in any order. All are parsed.
/// \p overlay gives files (relative path to text) that stand in place of those on disk.
void extractUnits(const Project &project, llvm::ArrayRef<CompileUnit> all, llvm::ArrayRef<std::size_t> chosen,
                  const Config &config, const AnalysisOptions &options,
                  const std::map<std::string, std::string> &overlay, llvm::raw_ostream &err,
                  llvm::function_ref<void(std::size_t, UnitOutcome)> done);

/// The same for all units of the project. Unless \p whole, a unit need not say again what another one has said of a
/// file with the same words, since whoever links them drops it. With `skip`, those that cannot hold anything that a
/// rule asks about, or that decides what it asks about, are not parsed (UnitFacts::parsed).
void extractProject(const Project &project, const Config &config, const AnalysisOptions &options, bool whole,
                    llvm::raw_ostream &err, llvm::function_ref<void(std::size_t, UnitOutcome)> done);

/// \returns the text of a file of the project, or nothing when it cannot be read.
std::optional<std::string> readProjectFile(const Project &project, llvm::StringRef file);

} // namespace ssot
