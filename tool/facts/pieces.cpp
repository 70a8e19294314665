#include "facts/pieces.h"

#include "facts/renumber.h"
#include "facts/serialize.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Endian.h>
#include <llvm/Support/xxhash.h>

#include <cstring>
#include <iterator>
#include <map>
#include <utility>

namespace ssot {

namespace {

/// The number at its end is raised whenever the meaning of the head changes; that of the facts has one of its own.
constexpr llvm::StringLiteral kMagic = "ssotcut1";

PieceName nameOf(llvm::StringRef bytes) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      llvm::ArrayRef<std::uint8_t>(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
  PieceName name;
  std::memcpy(name.data(), &hash.low64, 8);
  std::memcpy(name.data() + 8, &hash.high64, 8);
  return name;
}

llvm::Error damaged() { return llvm::createStringError(std::errc::illegal_byte_sequence, "damaged facts"); }

void put(std::string &bytes, std::uint64_t number) {
  char little[8];
  llvm::support::endian::write64le(little, number);
  bytes.append(little, sizeof little);
}

/// Takes bytes off the front; what is not there makes `failed` true.
class Taker {
public:
  explicit Taker(llvm::StringRef bytes) : Rest(bytes) {}

  llvm::StringRef take(std::uint64_t size) {
    if (size > Rest.size()) {
      failed = true;
      return Rest = llvm::StringRef();
    }
    llvm::StringRef taken = Rest.take_front(size);
    Rest = Rest.drop_front(size);
    return taken;
  }
  std::uint64_t number() {
    llvm::StringRef bytes = take(8);
    return failed ? 0 : llvm::support::endian::read64le(bytes.data());
  }
  llvm::StringRef rest() const { return Rest; }

  bool failed = false;

private:
  llvm::StringRef Rest;
};

// Which file a fact is about.
template <typename Fact>
std::uint32_t fileOf(const Fact &fact) {
  return fact.place.file;
}
std::uint32_t fileOf(const CallSiteFact &fact) { return fact.callee.file; }
std::uint32_t fileOf(const InterfaceFact &fact) { return fact.self.place.file; }

// What only parsing tells, and what each unit must say for itself.
template <typename Fact>
PieceKind kindOf(const Fact &) {
  return PieceKind::Parsed;
}
PieceKind kindOf(const IncludeFact &) { return PieceKind::Scanned; }
PieceKind kindOf(const NolintFact &) { return PieceKind::Scanned; }
PieceKind kindOf(const SkippedFact &) { return PieceKind::Scanned; }
template <typename Fact>
bool isOwn(const Fact &) {
  return false;
}
bool isOwn(const UseFact &fact) { return fact.kind == UseKind::Inactive; }

using Parts = std::map<std::pair<std::uint32_t, PieceKind>, UnitFacts>;

/// Moves the facts about files out of \p facts.
Parts takeParts(UnitFacts &facts) {
  Parts parts;
  facts::eachList([&](auto list) {
    auto all = std::move(facts.*list);
    (facts.*list).clear();
    for (auto &fact : all) {
      UnitFacts &part = isOwn(fact) ? facts : parts[{fileOf(fact), kindOf(fact)}];
      (part.*list).push_back(std::move(fact));
    }
  });
  return parts;
}

/// Gives parts of a unit's facts tables of their own: of what they use, in the order of its use.
class Compacter {
public:
  Compacter(std::vector<std::string> strings, const std::vector<FileFact> &files)
      : Strings(std::move(strings)), Files(files), NewStrings(Strings.size()), NewFiles(Files.size()) {}

  void compact(UnitFacts &part, bool keepsFiles) {
    facts::Renumber archive(
        [&](StringId id) { return id ? numberOf(id, NewStrings, UsedStrings, part.strings, Strings) : id; },
        [&](std::uint32_t file) { return keepsFiles ? file : numberOf(file, NewFiles, UsedFiles, part.files, Files); });
    facts::contents(archive, part);
    forget(NewStrings, UsedStrings);
    forget(NewFiles, UsedFiles);
  }

private:
  /// \p numbers holds 1 + the new number of what has one.
  template <typename T>
  static std::uint32_t numberOf(std::uint32_t old, std::vector<std::uint32_t> &numbers,
                                std::vector<std::uint32_t> &used, std::vector<T> &into, const std::vector<T> &from) {
    if (numbers[old] == 0) {
      into.push_back(from[old]);
      numbers[old] = static_cast<std::uint32_t>(into.size());
      used.push_back(old);
    }
    return numbers[old] - 1;
  }
  static void forget(std::vector<std::uint32_t> &numbers, std::vector<std::uint32_t> &used) {
    for (std::uint32_t old : used)
      numbers[old] = 0;
    used.clear();
  }

  std::vector<std::string> Strings;
  const std::vector<FileFact> &Files;
  std::vector<std::uint32_t> NewStrings, NewFiles, UsedStrings, UsedFiles;
};

} // namespace

std::string cut(UnitFacts facts) {
  Parts parts = takeParts(facts);
  Compacter compacter(std::exchange(facts.strings, {std::string()}), facts.files);
  compacter.compact(facts, /*keepsFiles=*/true);
  std::string own = serialize(facts), entries, bodies;
  for (auto &[of, part] : parts) {
    compacter.compact(part, /*keepsFiles=*/false);
    std::string bytes = serialize(part);
    PieceName name = nameOf(bytes);
    entries.push_back(static_cast<char>(of.second));
    entries.append(reinterpret_cast<const char *>(name.data()), name.size());
    put(entries, bytes.size());
    bodies += bytes;
  }
  std::string bytes = kMagic.str();
  put(bytes, own.size());
  bytes += own;
  put(bytes, parts.size());
  return bytes + entries + bodies;
}

llvm::Expected<CutFacts> readCut(llvm::StringRef bytes) {
  Taker taker(bytes);
  if (taker.take(kMagic.size()) != kMagic)
    return llvm::createStringError(std::errc::illegal_byte_sequence, "not a facts file");
  CutFacts read;
  read.own = taker.take(taker.number());
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t left = taker.number(); left > 0 && !taker.failed; --left) {
    FactsPiece piece;
    llvm::StringRef kind = taker.take(1), name = taker.take(sizeof(PieceName));
    sizes.push_back(taker.number());
    if (taker.failed || static_cast<std::uint8_t>(kind[0]) > static_cast<std::uint8_t>(PieceKind::Parsed))
      return damaged();
    piece.kind = static_cast<PieceKind>(kind[0]);
    std::memcpy(piece.name.data(), name.data(), name.size());
    read.pieces.push_back(piece);
  }
  if (taker.failed)
    return damaged();
  read.head = bytes.drop_back(taker.rest().size());
  if (taker.rest().empty())
    return read; // a head alone, or one that needs no more
  for (std::size_t i = 0; i < sizes.size(); ++i)
    read.pieces[i].bytes = taker.take(sizes[i]);
  if (taker.failed || !taker.rest().empty())
    return damaged();
  return read;
}

llvm::Expected<UnitFacts> ownFacts(const CutFacts &cut) { return deserialize(cut.own); }

FactsJoiner::FactsJoiner(UnitFacts own) : facts(std::move(own)) {}

llvm::Error FactsJoiner::add(const FactsPiece &piece) {
  if (nameOf(piece.bytes) != piece.name)
    return damaged();
  llvm::Expected<UnitFacts> read = deserialize(piece.bytes);
  if (!read)
    return read.takeError();
  if (Strings.empty()) {
    for (std::size_t i = 0; i < facts.strings.size(); ++i)
      Strings.try_emplace(facts.strings[i], static_cast<StringId>(i));
    for (std::size_t i = 0; i < facts.files.size(); ++i)
      Files.try_emplace(facts.files[i].path, static_cast<std::uint32_t>(i));
  }
  llvm::SmallVector<StringId, 0> strings;
  for (std::string &text : read->strings) {
    auto [known, isNew] = Strings.try_emplace(text, static_cast<StringId>(facts.strings.size()));
    if (isNew)
      facts.strings.push_back(std::move(text));
    strings.push_back(known->second);
  }
  llvm::SmallVector<std::uint32_t, 0> files;
  for (const FileFact &file : read->files) {
    auto known = Files.find(file.path);
    if (known == Files.end())
      return damaged();
    files.push_back(known->second);
  }
  facts::renumber(*read, strings, files);
  facts::eachList([&](auto list) {
    auto &from = (*read).*list;
    (facts.*list)
        .insert((facts.*list).end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  });
  return llvm::Error::success();
}

llvm::Expected<UnitFacts> joined(llvm::StringRef bytes) {
  llvm::Expected<CutFacts> cut = readCut(bytes);
  if (!cut)
    return cut.takeError();
  llvm::Expected<UnitFacts> own = ownFacts(*cut);
  if (!own)
    return own;
  FactsJoiner joiner(std::move(*own));
  for (const FactsPiece &piece : cut->pieces)
    if (llvm::Error error = joiner.add(piece))
      return error;
  return std::move(joiner.facts);
}

} // namespace ssot
