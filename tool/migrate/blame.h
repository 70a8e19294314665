// migrate/blame.h - which edits an error of the compiler speaks of.
//
// What the compiler points at is surely guilty. An error elsewhere follows from an edit: a name that came by a header
// that is no longer included, a member or a conversion that the new type does not have. For the first the old header is
// found that has the name; for the second the declaration that the line of the error names. That is a guess, and marked
// so: the verifier tries such an edit again.
#pragma once

#include "facts/facts.h"
#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/ADT/StringSet.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// Where an edit lies in the edited file.
struct EditedPlace {
  std::size_t begin, end;
};

/// The places of \p edits, which are sorted by file and place, once all of them are made.
std::vector<EditedPlace> editedPlaces(llvm::ArrayRef<Edit> edits);

/// Of an edit of includes: whether \p choice keeps all old headers that \p other keeps.
bool keepsAlso(const Edit &edit, std::size_t choice, std::size_t other);

/// The choice with the fewest old headers that keeps those of both.
std::size_t keepingBoth(const Edit &edit, std::size_t one, std::size_t other);

/// `file:line:column: message`.
std::string messageOf(const DiagnosticFact &error);

/// What the old headers declare, by the words in them and in what they include.
class HeaderWords {
public:
  explicit HeaderWords(ReadFile read) : Read(read) {}

  /// The words of \p header, which \p unit read, and of what it includes.
  const llvm::StringSet<> &of(const std::string &header, const UnitFacts &unit);

private:
  ReadFile Read;
  std::map<std::string, llvm::StringSet<>> Known;
};

/// One state of the edits, and what was parsed over it.
class Suspects {
public:
  Suspects(llvm::ArrayRef<Edit> edits, const std::map<std::string, std::string> &overlay, HeaderWords &headers);

  /// The edits that reach a unit.
  std::vector<std::size_t> reaching(const UnitFacts &unit) const;

  /// The edit whose new text \p error lies in.
  std::optional<std::size_t> pointedAt(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const;

  /// Whether \p error says that a name was not found.
  bool missesName(const DiagnosticFact &error) const;

  /// Whether it is the new name of \p edit that was not found.
  bool missesNew(const DiagnosticFact &error, std::size_t edit) const;

  struct Wider {
    std::size_t edit, choice;
  };
  /// The edit of includes, and the choice, that also keeps the old header with the name that \p error misses; the
  /// fewest headers that have it beside what is kept.
  std::optional<Wider> widened(llvm::ArrayRef<std::size_t> edits, const UnitFacts &unit, const DiagnosticFact &error);

  /// The edits that the line of \p error speaks of: on the line itself, of a declaration whose name it writes, or of
  /// the nearest place with the new name that the message has. May be empty.
  std::vector<std::size_t> guessed(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const;

private:
  /// The words of the name that \p error misses; none when it complains of something else.
  std::vector<llvm::StringRef> missingIn(const DiagnosticFact &error) const;
  llvm::StringRef textOf(const std::string &file) const;
  llvm::StringRef lineAt(const std::string &file, unsigned line) const;
  /// The text of all lines that the edit touches.
  llvm::StringRef linesOf(std::size_t edit) const;
  /// The edits that took out the declaration of what \p error misses.
  std::vector<std::size_t> removing(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const;
  /// Whether the edit replaced \p word, as one of a using-declaration does.
  bool tookAway(std::size_t edit, llvm::StringRef word) const;
  bool isNamedBy(const DiagnosticFact &error, std::size_t edit) const;
  std::vector<std::size_t> declaring(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error,
                                     bool ofThatName) const;
  std::vector<std::size_t> nearest(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const;

  llvm::ArrayRef<Edit> Edits;
  const std::map<std::string, std::string> &Overlay;
  HeaderWords &Headers;
  std::vector<EditedPlace> Places;
  llvm::StringSet<> NewWords;      ///< words of the names that edits put in: every edited line has them
  llvm::StringSet<> OldQualifiers; ///< words in front of the old names
};

} // namespace ssot
