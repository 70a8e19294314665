// gate/history.h - the figures of past commits, one JSON line each: trend and burn-down.
//
// A line belongs to a commit and to nothing else: its date is the commit's, not the clock's, so that whoever analyses
// the commit again writes the same line. Lines are sorted by date, so that two files of lines merge into one.
#pragma once

#include "gate/deprecation.h"
#include "gate/gate.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

struct HistoryEntry {
  struct RuleFigure {
    std::string id;
    Severity severity = Severity::Error;
    Share compliance;
  };
  struct LegacyFigure {
    std::size_t uses = 0;
    std::optional<std::uint64_t> calls; ///< at run time, where they were counted
  };
  std::string commit; ///< full hash
  std::string date;   ///< of the commit: YYYY-MM-DDTHH:MM:SSZ
  Share ssot, architecture, coverage;
  bool complete = true; ///< everything could be analysed
  std::size_t violations = 0;
  std::vector<RuleFigure> rules;
  std::map<std::string, std::size_t> owners;  ///< violations of severity error, excused or not
  std::map<std::string, LegacyFigure> legacy; ///< by legacy name
};

struct History {
  std::vector<HistoryEntry> entries; ///< by date, then commit
};

/// \returns the entry of a run. \p date as the entry has it.
HistoryEntry historyEntryOf(const Result &result, const DeprecationUsage &usage, std::string commit, std::string date);

/// Adds an entry; one of the same commit gives way.
void put(History &history, HistoryEntry entry);

/// \param name of the file for messages.
/// \returns an error with name:line:column for the first line that is none of `ssot-history/1`.
llvm::Expected<History> parseHistory(llvm::StringRef text, llvm::StringRef name);
/// The file's text: a line an entry.
std::string historyText(const History &history);

} // namespace ssot
