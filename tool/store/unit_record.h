// store/unit_record.h - one unit's facts as a file that travels between machines: what `ssot extract` writes.
//
// A record says what its facts were made from, so that the reduce step need not believe anybody: the build of ssot,
// what was asked, the command, and the content of every file of the project that was read. Records stand one after the
// other: facts files joined with `cat` are a facts file. The same input gives the same bytes.
#pragma once

#include "store/digest.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>
#include <variant>
#include <vector>

namespace ssot {

/// A file of the project that a unit read.
struct ReadSource {
  std::string path; ///< relative to the root
  Digest content{};
};

struct UnitRecord {
  std::string version; ///< of ssot, for messages
  Digest build{};      ///< of ssot and Clang
  Digest asked{};      ///< vocabulary and scope
  Digest command{};    ///< the compile command, seen from the root
  std::string file;    ///< the unit, relative to the root
  std::vector<ReadSource> sources;
  std::string failure; ///< why there are no facts (crash, time-out); empty when there are
  std::string facts;   ///< of `cut`; in a file their head alone
  std::string scanned; ///< of a unit with an error: what the preprocessor alone tells, of `cut`
};

/// Bytes that units share, named by their digest.
struct PieceRecord {
  llvm::StringRef bytes;
};

/// Nothing: the mark of an archive without units.
using FactsRecord = std::variant<std::monostate, PieceRecord, UnitRecord>;

std::string serialize(const UnitRecord &record);
std::string serialize(const PieceRecord &record);

/// What a map step without a unit writes, so that its file differs from one that was cut off.
std::string emptyArchive();

/// How many bytes of a record tell how long it is.
inline constexpr std::size_t kRecordHead = 8 + 8 + 8 + sizeof(Digest);

/// \param bytes that a record begins with.
/// \returns the length of the record, or an error that says what is wrong with the bytes and what to do.
llvm::Expected<std::uint64_t> recordLength(llvm::StringRef bytes);

/// Takes the next record off the front of \p bytes, which must not be empty. A piece is a view of them.
/// \returns an error that says what is wrong with the bytes and what to do.
llvm::Expected<FactsRecord> takeRecord(llvm::StringRef &bytes);

} // namespace ssot
