#include "migrate/blame.h"

#include "facts/words.h"
#include "judge/sites.h"
#include "migrate/text.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>

namespace ssot {

namespace {

struct Word {
  llvm::StringRef text;
  std::size_t column; ///< 0-based
};

std::vector<Word> wordsOf(llvm::StringRef text) {
  std::vector<Word> words;
  eachWord(text, [&](llvm::StringRef word) {
    if (!llvm::isDigit(word.front()))
      words.push_back({word, static_cast<std::size_t>(word.begin() - text.begin())});
  });
  return words;
}

/// The words of the first \p count names in quotes.
std::vector<llvm::StringRef> quotedWords(llvm::StringRef message, unsigned count) {
  std::vector<llvm::StringRef> words;
  for (; count; --count) {
    auto [name, rest] = message.split('\'').second.split('\'');
    message = rest;
    for (const Word &word : wordsOf(name.split('<').first))
      words.push_back(word.text);
  }
  return words;
}

/// The words of a name that is missing altogether, when \p message complains of that; a member that a class lacks is no
/// such name.
std::vector<llvm::StringRef> missingName(llvm::StringRef message, llvm::StringRef line, unsigned column) {
  if (message.contains(" in namespace "))
    return quotedWords(message, 2);
  for (llvm::StringRef start : {"use of undeclared", "unknown type name", "no type named", "no template named",
                                "unknown class name", "undeclared identifier"})
    if (message.starts_with(start))
      return quotedWords(message, 1);
  for (llvm::StringRef part : {"incomplete type", "undefined template"})
    if (message.contains(part))
      return quotedWords(message, 1);
  for (llvm::StringRef start : {"expected class name", "expected namespace name", "expected member name"})
    if (message.starts_with(start))
      for (const Word &word : wordsOf(line))
        if (word.column + word.text.size() >= column)
          return {word.text};
  return {};
}

} // namespace

std::vector<EditedPlace> editedPlaces(llvm::ArrayRef<Edit> edits) {
  std::vector<EditedPlace> places;
  std::ptrdiff_t shift = 0;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const Edit &edit = edits[i];
    if (i == 0 || edits[i - 1].file != edit.file)
      shift = 0;
    auto begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(edit.begin) + shift);
    places.push_back({begin, begin + edit.after().size()});
    shift += static_cast<std::ptrdiff_t>(edit.after().size()) - static_cast<std::ptrdiff_t>(edit.end - edit.begin);
  }
  return places;
}

bool keepsAlso(const Edit &edit, std::size_t choice, std::size_t other) {
  return llvm::all_of(edit.kept[other],
                      [&](const auto &place) { return llvm::is_contained(edit.kept[choice], place); });
}

std::size_t keepingBoth(const Edit &edit, std::size_t one, std::size_t other) {
  std::size_t choice = std::max(one, other);
  while (choice + 1 < edit.choices.size() && !(keepsAlso(edit, choice, one) && keepsAlso(edit, choice, other)))
    ++choice;
  return choice;
}

std::string messageOf(const DiagnosticFact &error) {
  return error.file + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " + error.message;
}

const llvm::StringSet<> &HeaderWords::of(const std::string &header, const UnitFacts &unit) {
  auto [known, isNew] = Known.try_emplace(header);
  if (!isNew)
    return known->second;
  llvm::StringSet<> seen;
  std::vector<std::string> toDo{header};
  while (!toDo.empty()) {
    std::string file = std::move(toDo.back());
    toDo.pop_back();
    if (!seen.insert(file).second)
      continue;
    if (std::optional<std::string> text = Read(file))
      for (const Word &word : wordsOf(*text))
        known->second.insert(word.text);
    for (const IncludeFact &include : unit.includes)
      if (unit.files[include.place.file].path == file)
        toDo.push_back(unit.strings[include.resolved]);
  }
  return known->second;
}

Suspects::Suspects(llvm::ArrayRef<Edit> edits, const std::map<std::string, std::string> &overlay, HeaderWords &headers)
    : Edits(edits), Overlay(overlay), Headers(headers), Places(editedPlaces(edits)) {
  for (const Edit &edit : Edits)
    if (!edit.isInclude())
      for (const Word &word : wordsOf(edit.after()))
        NewWords.insert(word.text);
  for (const Edit &edit : Edits)
    if (!edit.isInclude() && !edit.isCall)
      for (const Word &word : wordsOf(edit.before))
        if (word.text != unqualified(edit.before))
          OldQualifiers.insert(word.text);
}

std::vector<std::size_t> Suspects::reaching(const UnitFacts &unit) const {
  llvm::StringSet<> files;
  for (const FileFact &file : unit.files)
    files.insert(file.path);
  std::vector<std::size_t> edits;
  for (std::size_t i = 0; i < Edits.size(); ++i)
    if (files.contains(Edits[i].file))
      edits.push_back(i);
  return edits;
}

llvm::StringRef Suspects::textOf(const std::string &file) const {
  auto text = Overlay.find(file);
  return text == Overlay.end() ? llvm::StringRef() : llvm::StringRef(text->second);
}

llvm::StringRef Suspects::lineAt(const std::string &file, unsigned line) const {
  llvm::StringRef rest = textOf(file);
  for (unsigned i = 1; i < line && !rest.empty(); ++i)
    rest = rest.drop_front(lineEnd(rest, 0));
  return rest.take_front(lineEnd(rest, 0));
}

llvm::StringRef Suspects::linesOf(std::size_t edit) const {
  llvm::StringRef text = textOf(Edits[edit].file);
  return text.slice(lineBegin(text, Places[edit].begin), lineEnd(text, Places[edit].end));
}

std::optional<std::size_t> Suspects::pointedAt(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const {
  llvm::StringRef line = lineAt(error.file, error.line);
  if (line.empty() || error.column == 0)
    return std::nullopt;
  std::size_t at = static_cast<std::size_t>(line.data() - textOf(error.file).data()) + error.column - 1;
  for (std::size_t i : edits)
    if (!Edits[i].isInclude() && Edits[i].file == error.file && Places[i].begin <= at && at < Places[i].end)
      return i;
  return std::nullopt;
}

std::vector<llvm::StringRef> Suspects::missingIn(const DiagnosticFact &error) const {
  return missingName(error.message, lineAt(error.file, error.line), error.column);
}

bool Suspects::missesName(const DiagnosticFact &error) const {
  return llvm::StringRef(error.message).contains("is ambiguous") || !missingIn(error).empty();
}

bool Suspects::missesNew(const DiagnosticFact &error, std::size_t edit) const {
  return !Edits[edit].isInclude() && llvm::is_contained(missingIn(error), unqualified(Edits[edit].target));
}

std::optional<Suspects::Wider> Suspects::widened(llvm::ArrayRef<std::size_t> edits, const UnitFacts &unit,
                                                 const DiagnosticFact &error) {
  std::vector<llvm::StringRef> missing = missingIn(error);
  if (missing.empty())
    return std::nullopt;
  auto keeps = [&](const Edit &edit, std::size_t choice) {
    return llvm::any_of(edit.kept[choice], [&](const std::pair<std::uint32_t, std::uint32_t> &place) {
      return llvm::any_of(unit.includes, [&](const IncludeFact &include) {
        return unit.files[include.place.file].path == edit.file && include.place.line == place.first &&
               llvm::all_of(missing, [&](llvm::StringRef word) {
                 return Headers.of(unit.strings[include.resolved], unit).contains(word);
               });
      });
    });
  };
  for (bool sameFile : {true, false})
    for (std::size_t i : edits) {
      const Edit &edit = Edits[i];
      if (!edit.isInclude() || (edit.file == error.file) != sameFile || keeps(edit, edit.choice))
        continue;
      for (std::size_t choice = edit.choice + 1; choice < edit.choices.size(); ++choice)
        if (keeps(edit, choice) && keepsAlso(edit, choice, edit.choice))
          return Wider{i, choice};
    }
  return std::nullopt;
}

std::vector<std::size_t> Suspects::removing(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const {
  std::vector<llvm::StringRef> missing = missingIn(error);
  std::vector<std::size_t> found;
  if (missing.empty())
    return found;
  auto tookAll = [&](const std::string &name) {
    std::vector<Word> words = wordsOf(name);
    return llvm::all_of(missing, [&](llvm::StringRef word) {
      return llvm::any_of(words, [&](const Word &other) { return other.text == word; });
    });
  };
  for (std::size_t i : edits)
    if (llvm::any_of(Edits[i].removes, tookAll))
      found.push_back(i);
  return found;
}

std::vector<std::size_t> Suspects::guessed(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const {
  if (std::vector<std::size_t> found = removing(edits, error); !found.empty())
    return found;
  std::vector<std::size_t> onLine;
  llvm::StringRef line = lineAt(error.file, error.line);
  for (std::size_t i : edits) {
    llvm::StringRef lines = linesOf(i);
    if (!Edits[i].isInclude() && Edits[i].file == error.file && lines.begin() <= line.begin() &&
        line.end() <= lines.end())
      onLine.push_back(i);
  }
  if (!onLine.empty())
    return onLine;
  for (bool ofThatName : {true, false})
    if (std::vector<std::size_t> found = declaring(edits, error, ofThatName); !found.empty())
      return found;
  return nearest(edits, error);
}

/// The word of the line that is nearest to the error, and stands on the line of an edit, leads to that edit.
/// \p ofThatName only edits whose new name the message has.
std::vector<std::size_t> Suspects::declaring(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error,
                                             bool ofThatName) const {
  std::vector<Word> words = wordsOf(lineAt(error.file, error.line));
  llvm::stable_sort(words, [&](const Word &a, const Word &b) {
    auto distance = [&](const Word &word) {
      std::size_t at = error.column ? error.column - 1 : 0;
      return std::max(at, word.column) - std::min(at, word.column);
    };
    return distance(a) < distance(b);
  });
  std::vector<llvm::StringRef> quoted = quotedWords(error.message, 4);
  std::stable_partition(words.begin(), words.end(),
                        [&](const Word &word) { return llvm::is_contained(quoted, word.text); });
  for (llvm::StringRef word : quoted)
    if (llvm::none_of(words, [&](const Word &other) { return other.text == word; }))
      words.insert(words.begin(), {word, 0});
  for (const Word &word : words) {
    if (NewWords.contains(word.text) || OldQualifiers.contains(word.text))
      continue;
    std::vector<std::size_t> found;
    auto hasWord = [&](const Word &other) { return other.text == word.text; };
    for (std::size_t i : edits)
      if (!Edits[i].isInclude() && (!ofThatName || isNamedBy(error, i)) &&
          (llvm::any_of(wordsOf(linesOf(i)), hasWord) || tookAway(i, word.text)))
        found.push_back(i);
    // A word that many lines have is no evidence.
    constexpr std::size_t kFew = 4;
    if (!found.empty() && (ofThatName || found.size() <= kFew))
      return found;
  }
  return {};
}

bool Suspects::tookAway(std::size_t edit, llvm::StringRef word) const {
  return unqualified(Edits[edit].before).trim() == word;
}

bool Suspects::isNamedBy(const DiagnosticFact &error, std::size_t edit) const {
  return !Edits[edit].isInclude() && llvm::StringRef(error.message).contains(unqualified(Edits[edit].target));
}

/// Of the edits whose new name the message has, those of one file: the file of the error if it has any.
std::vector<std::size_t> Suspects::nearest(llvm::ArrayRef<std::size_t> edits, const DiagnosticFact &error) const {
  const std::string *file = nullptr;
  for (std::size_t i : edits)
    if (isNamedBy(error, i) && (!file || Edits[i].file == error.file))
      file = &Edits[i].file;
  std::vector<std::size_t> found;
  for (std::size_t i : edits)
    if (file && isNamedBy(error, i) && Edits[i].file == *file)
      found.push_back(i);
  return found;
}

} // namespace ssot
