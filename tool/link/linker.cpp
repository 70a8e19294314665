#include "link/index.h"

#include "facts/binary.h"
#include "facts/packed.h"
#include "facts/renumber.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>

#include <llvm/Support/xxhash.h>

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

namespace ssot {

namespace {

/// What makes two facts of one kind the same fact: where it stands, and up to two names.
using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;

Key keyAt(const Place &place, std::uint32_t first = 0, std::uint32_t second = 0) {
  return {place.file, place.begin, place.end, first, second};
}
Key keyOf(const IncludeFact &fact) { return keyAt(fact.place, fact.spelled, fact.resolved); }
Key keyOf(const SymbolFact &fact) { return keyAt(fact.place, fact.name, fact.usr); }
Key keyOf(const TypeFact &fact) { return keyAt(fact.place, fact.usr); }
Key keyOf(const FunctionFact &fact) { return keyAt(fact.place, fact.usr); }
Key keyOf(const UseFact &fact) { return keyAt(fact.place, fact.name, fact.usr); }
Key keyOf(const ForwardFact &fact) { return keyAt(fact.place, fact.name, fact.usr); }
Key keyOf(const DirectiveFact &fact) { return keyAt(fact.place, fact.space, fact.isAlias); }
Key keyOf(const ConversionFact &fact) { return keyAt(fact.place, fact.name, fact.index); }
Key keyOf(const CreationFact &fact) { return keyAt(fact.place, fact.className, static_cast<std::uint32_t>(fact.kind)); }
Key keyOf(const StorageFact &fact) { return keyAt(fact.place, fact.className); }
Key keyOf(const CallSiteFact &fact) { return keyAt(fact.callee, fact.name, fact.usr); }
Key keyOf(const InterfaceFact &fact) { return keyAt(fact.self.place, fact.name, fact.self.usr); }
Key keyOf(const CalleeFact &fact) { return keyAt(fact.place, fact.name, fact.usr); }
Key keyOf(const MatchFact &fact) { return keyAt(fact.place, fact.rule, fact.compliant); }
Key keyOf(const NolintFact &fact) { return keyAt(fact.place); }
Key keyOf(const SkippedFact &fact) { return keyAt(fact.place); }

// What every unit may know a part of: it holds for all of them.
template <typename Fact>
void join(Fact &, Fact &) {}
void join(CalleeFact &a, CalleeFact &b) { a.givesStatic = b.givesStatic = a.givesStatic || b.givesStatic; }
void join(SymbolFact &a, SymbolFact &b) { a.defined = b.defined = a.defined || b.defined; }
void join(StorageFact &a, StorageFact &b) {
  a.returned = b.returned = a.returned || b.returned;
  a.filled = b.filled = a.filled || b.filled;
  a.perUnit = b.perUnit = a.perUnit || b.perUnit;
}

/// Every unit finds other things by the directive of a header.
void join(DirectiveFact &a, DirectiveFact &b) {
  llvm::append_range(a.mentions, b.mentions);
  llvm::sort(a.mentions);
  a.mentions.erase(llvm::unique(a.mentions), a.mentions.end());
  b.mentions = a.mentions;
  a.needed = b.needed = a.needed || b.needed;
}

// Of two views of one fact, the one that tells more.
template <typename Fact>
bool tellsMore(const Fact &, const Fact &) {
  return false;
}
bool tellsMore(const UseFact &a, const UseFact &b) {
  return a.kind != UseKind::Inactive && b.kind == UseKind::Inactive;
}
bool tellsMore(const FunctionFact &a, const FunctionFact &b) {
  return std::tuple(a.body.flow.has_value(), a.shape.has_value()) >
         std::tuple(b.body.flow.has_value(), b.shape.has_value());
}

/// Writes a fact down to compare it. With an index it writes texts and paths instead of their numbers, which depend on
/// who came first.
class Spelling {
public:
  explicit Spelling(const Index *names = nullptr) : Names(names) {}

  facts::Bytes bytes;

  template <typename T>
  void integer(T &value) {
    char *at = bytes.room(sizeof value);
    if (Names)
      // Most significant byte first, so that bytes compare as numbers do.
      for (unsigned shift = 8 * sizeof(T); shift; shift -= 8)
        *at++ = static_cast<char>(value >> (shift - 8));
    else // for a digest
      std::memcpy(at, &value, sizeof value);
    bytes.wrote(sizeof value);
  }
  template <typename Enum>
  void enumerator(Enum &value, Enum) {
    bytes.push(static_cast<char>(value));
  }
  void flag(bool &value) { bytes.push(static_cast<char>(value)); }
  void string(std::string &value) { spell(value); }
  void text(StringId &id) {
    if (Names)
      spell(Names->text(id));
    else
      integer(id);
  }
  void file(std::uint32_t &index) {
    if (Names)
      spell(Names->files()[index].path);
    else
      integer(index);
  }
  void call(std::uint32_t &index, bool) { integer(index); }
  void calls(std::size_t) {}
  void deeper() {}
  void shallower() {}
  std::size_t size(std::size_t count) {
    integer(count);
    return count;
  }
  bool present(bool there) {
    bytes.push(static_cast<char>(there));
    return there;
  }

private:
  void spell(llvm::StringRef text) {
    bytes.append(text);
    bytes.push('\0');
  }

  const Index *Names;
};

template <typename Fact>
void sortByPlace(std::vector<Fact> &facts) {
  std::sort(facts.begin(), facts.end(), [](const Fact &a, const Fact &b) { return keyOf(a) < keyOf(b); });
}

} // namespace

/// The part of the linker that may touch the index.
class IndexBuilder {
public:
  Index index;

  IndexBuilder() { intern(""); }

  void add(UnitFacts &&unit) {
    llvm::SmallVector<StringId, 0> strings;
    llvm::SmallVector<std::uint32_t, 0> files;
    for (const std::string &text : unit.strings)
      strings.push_back(intern(text));
    for (const FileFact &file : unit.files)
      files.push_back(fileId(file, !unit.error));
    if (unit.error)
      return;
    facts::renumber(unit, strings, files);
    for (std::uint32_t file : files)
      ++Readers[file];
    for (const UseFact &use : unit.uses)
      if (use.kind == UseKind::Inactive)
        ++LeftOutBy[keyOf(use)];
    take(unit.includes, index.Facts.includes, Includes);
    take(unit.symbols, index.Facts.symbols, Symbols);
    take(unit.types, index.Facts.types, Types);
    take(unit.functions, index.Facts.functions, Functions);
    take(unit.instances, index.Facts.instances, Instances);
    take(unit.uses, index.Facts.uses, Uses);
    take(unit.forwards, index.Facts.forwards, Forwards);
    take(unit.directives, index.Facts.directives, Directives);
    std::erase_if(unit.conversions, [](const ConversionFact &fact) { return fact.kind != ValueKind::Default; });
    take(unit.conversions, index.Facts.conversions, Defaults);
    take(unit.creations, index.Facts.creations, Creations);
    take(unit.storages, index.Facts.storages, Storages);
    take(unit.callSites, index.Facts.callSites, CallSites);
    take(unit.interfaces, index.Facts.interfaces, Interfaces);
    take(unit.callees, index.Facts.callees, Callees);
    take(unit.matches, index.Facts.matches, Matches);
    take(unit.nolints, index.Facts.nolints, Nolints);
    take(unit.skipped, index.Facts.skipped, Skipped);
  }

  bool defines(llvm::StringRef name) const {
    auto is = [&](const auto &fact) { return index.text(fact.name) == name && index.Files[fact.place.file].inProject; };
    return llvm::any_of(index.Facts.types, is) || llvm::any_of(index.Facts.functions, is);
  }

  Index finish() {
    UnitFacts &facts = index.Facts;
    dropActive();
    for (Seen *seen : {&Includes, &Symbols, &Types, &Functions, &Instances, &Uses, &Creations, &Storages, &CallSites,
                       &Interfaces, &Callees, &Matches, &Nolints, &Skipped})
      *seen = Seen(); // nothing comes any more
    sortTables();
    joinSymbols();
    sortByPlace(facts.includes);
    sortByPlace(facts.symbols);
    sortByPlace(facts.types);
    sortByPlace(facts.functions);
    sortByPlace(facts.instances);
    sortByPlace(facts.uses);
    sortByPlace(facts.forwards);
    sortByPlace(facts.directives);
    sortByPlace(facts.conversions);
    sortByPlace(facts.creations);
    sortByPlace(facts.storages);
    sortByPlace(facts.callSites);
    sortByPlace(facts.interfaces);
    sortByPlace(facts.callees);
    sortByPlace(facts.matches);
    sortByPlace(facts.nolints);
    sortByPlace(facts.skipped);
    dropDecidedDependents();
    dropForeignTwins();
    for (std::uint32_t i = 0; i < facts.functions.size(); ++i)
      index.FunctionByUsr.try_emplace(facts.functions[i].usr, i);
    for (std::uint32_t i = 0; i < facts.types.size(); ++i)
      index.TypeByUsr.try_emplace(facts.types[i].usr, i);
    collectScopes();
    return std::move(index);
  }

private:
  struct Known {
    std::uint32_t index;
    std::uint64_t
        digest; ///< of the fact as it was first seen: nearly every repeat is the same and needs no second look
  };
  using Seen = llvm::DenseMap<Key, Known>;

  StringId intern(llvm::StringRef text) {
    auto [entry, isNew] = index.Ids.try_emplace(text, static_cast<StringId>(index.Strings.size()));
    if (isNew)
      index.Strings.push_back(entry->getKey());
    return entry->second;
  }

  std::uint32_t fileId(const FileFact &file, bool parsed) {
    auto [entry, isNew] = FileIds.try_emplace(file.path, static_cast<std::uint32_t>(index.Files.size()));
    if (isNew)
      index.Files.push_back({file.path, file.inProject, file.lines, false});
    IndexedFile &known = index.Files[entry->second];
    known.parsed |= parsed;
    known.inProject |= file.inProject;
    known.lines = std::max(known.lines, file.lines);
    return entry->second;
  }

  template <typename Fact>
  void take(std::vector<Fact> &from, std::vector<Fact> &into, Seen &seen) {
    for (Fact &fact : from) {
      close(fact);
      Scratch.bytes.clear();
      facts::io(Scratch, fact);
      Scratch.bytes.append(Closed);
      Known now{static_cast<std::uint32_t>(into.size()), llvm::xxh3_64bits(Scratch.bytes.view())};
      auto [known, isNew] = seen.try_emplace(keyOf(fact), now);
      if (isNew) {
        keep(fact);
        into.push_back(std::move(fact));
      } else if (known->second.digest != now.digest) {
        Fact &before = into[known->second.index];
        open(before, bytesOf(before));
        open(fact, Closed);
        settle(before, fact);
        close(before);
        keep(before);
      }
    }
  }

  // What is large is kept as bytes.
  template <typename Fact>
  void close(Fact &) {
    Closed.clear();
  }
  template <typename Fact>
  void keep(Fact &) {}
  template <typename Fact>
  llvm::StringRef bytesOf(const Fact &) const {
    return {};
  }
  template <typename Fact>
  void open(Fact &, llvm::StringRef) {}
  void close(FunctionFact &function) { Closed = packed(std::exchange(function.body, {})); }
  void keep(FunctionFact &function) {
    auto *kept = index.BodyBytes.Allocate<char>(Closed.size());
    llvm::copy(Closed, kept);
    function.packed = static_cast<std::uint32_t>(index.Bodies.size());
    index.Bodies.emplace_back(kept, Closed.size());
  }
  llvm::StringRef bytesOf(const FunctionFact &function) const { return index.Bodies[function.packed]; }
  void open(FunctionFact &function, llvm::StringRef bytes) { function.body = unpacked(bytes); }

  /// Two units see one thing differently. Which view stays must not depend on who came first.
  template <typename Fact>
  void settle(Fact &known, Fact &again) {
    join(known, again);
    auto spelled = [&](Fact &fact) {
      Spelling spelling(&index);
      facts::io(spelling, fact);
      return spelling.bytes.view().str();
    };
    if (tellsMore(again, known) || (!tellsMore(known, again) && spelled(again) < spelled(known)))
      known = std::move(again);
  }

  /// \returns for each element its rank in the order of \p textOf.
  template <typename TextOf>
  static llvm::SmallVector<std::uint32_t, 0> ranks(std::size_t count, TextOf textOf) {
    std::vector<std::uint32_t> order(count);
    for (std::uint32_t i = 0; i < count; ++i)
      order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return textOf(a) < textOf(b); });
    llvm::SmallVector<std::uint32_t, 0> rank(count);
    for (std::uint32_t i = 0; i < count; ++i)
      rank[order[i]] = i;
    return rank;
  }

  template <typename T>
  static void reorder(std::vector<T> &values, const llvm::SmallVector<std::uint32_t, 0> &rank) {
    std::vector<T> sorted(values.size());
    for (std::uint32_t i = 0; i < values.size(); ++i)
      sorted[rank[i]] = std::move(values[i]);
    values = std::move(sorted);
  }

  /// Files and strings get their numbers by text: what is sorted by number is sorted by text then, whatever order the
  /// units came in.
  void sortTables() {
    llvm::SmallVector<std::uint32_t, 0> files =
        ranks(index.Files.size(), [&](std::uint32_t i) { return llvm::StringRef(index.Files[i].path); });
    llvm::SmallVector<StringId, 0> strings =
        ranks(index.Strings.size(), [&](std::uint32_t i) { return index.Strings[i]; });
    reorder(index.Files, files);
    reorder(index.Strings, strings);
    for (auto &entry : index.Ids)
      entry.second = strings[entry.second];
    facts::renumber(index.Facts, strings, files);
    index.TextOf = std::move(strings);
    index.FileOf = std::move(files);
  }

  /// One unit declares what another one defines.
  void joinSymbols() {
    llvm::DenseMap<std::pair<StringId, StringId>, bool> defined;
    for (const SymbolFact &symbol : index.Facts.symbols)
      defined[{symbol.name, symbol.usr}] |= symbol.defined;
    for (SymbolFact &symbol : index.Facts.symbols)
      symbol.defined = defined[{symbol.name, symbol.usr}];
  }

  /// What one unit leaves out and another compiles is known from that one, also when it means nothing of ours there.
  void dropActive() {
    std::erase_if(index.Facts.uses, [&](const UseFact &use) {
      return use.kind == UseKind::Inactive && LeftOutBy.lookup(keyOf(use)) < Readers.lookup(use.place.file);
    });
  }

  /// A dependent mention that another unit's instantiation decides needs no guess.
  void dropDecidedDependents() {
    std::vector<UseFact> &uses = index.Facts.uses;
    llvm::DenseMap<Key, bool> decided;
    for (const UseFact &use : uses)
      if (use.kind != UseKind::Dependent)
        decided[keyAt(use.place)] = true;
    std::erase_if(
        uses, [&](const UseFact &use) { return use.kind == UseKind::Dependent && decided.count(keyAt(use.place)); });
  }

  /// What the project defines, a library outside of it may define again under the same name, and never in the same
  /// program. The project's own definition is the one that is meant.
  void dropForeignTwins() {
    UnitFacts &facts = index.Facts;
    auto isOurs = [&](const Place &place) { return index.Files[place.file].inProject; };
    llvm::DenseSet<StringId> ours;
    for (const TypeFact &type : facts.types)
      if (isOurs(type.place))
        ours.insert(type.usr);
    for (const FunctionFact &function : facts.functions)
      if (isOurs(function.place))
        ours.insert(function.usr);
    std::erase_if(facts.types, [&](const TypeFact &type) { return !isOurs(type.place) && ours.contains(type.usr); });
    std::erase_if(facts.functions, [&](const FunctionFact &function) {
      return !isOurs(function.place) && (ours.contains(function.usr) || ours.contains(function.parentClass));
    });
  }

  void collectScopes() {
    index.ScopesByFile.resize(index.Files.size());
    for (const FunctionFact &function : index.Facts.functions)
      if (!function.isLocalOrLambda)
        index.ScopesByFile[function.extent.file].push_back({function.extent.begin, function.extent.end, function.name});
    for (const TypeFact &type : index.Facts.types)
      if (!type.isLocal)
        index.ScopesByFile[type.extent.file].push_back({type.extent.begin, type.extent.end, type.name});
    for (std::vector<Index::Scope> &scopes : index.ScopesByFile)
      std::sort(scopes.begin(), scopes.end(), [](const Index::Scope &a, const Index::Scope &b) {
        return std::tuple(a.begin, ~a.end, a.name) < std::tuple(b.begin, ~b.end, b.name);
      });
  }

  Spelling Scratch;   ///< one buffer for all facts
  std::string Closed; ///< the body of the function that is looked at; empty for other facts
  llvm::StringMap<std::uint32_t> FileIds;
  llvm::DenseMap<std::uint32_t, std::uint32_t> Readers; ///< units that read a file
  llvm::DenseMap<Key, std::uint32_t> LeftOutBy;         ///< units that leave an inactive mention out
  Seen Includes, Symbols, Types, Functions, Instances, Uses, Forwards, Directives, Defaults, Creations, Storages,
      CallSites, Interfaces, Callees, Matches, Nolints, Skipped;
};

struct Linker::State {
  IndexBuilder builder;
};

Linker::Linker() : Self(std::make_unique<State>()) {}
Linker::~Linker() = default;
void Linker::add(UnitFacts &&unit) { Self->builder.add(std::move(unit)); }
bool Linker::defines(llvm::StringRef name) const { return Self->builder.defines(name); }
Index Linker::finish() { return Self->builder.finish(); }

} // namespace ssot
