// link/index.h - the whole project as one picture.
//
// Facts come one translation unit at a time, each with its own view of the headers. The index joins them: a symbol is
// known by its USR, a place by file and offset, so code in a header is counted once however many units include it, also
// with different flags. All vectors are sorted by place and hold each fact once.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Allocator.h>

#include <memory>
#include <string>
#include <vector>

namespace ssot {

struct IndexedFile {
  std::string path; ///< relative to the root; absolute outside
  bool inProject = false;
  std::uint32_t lines = 0;
  bool parsed = false; ///< read by a unit that did not fail
};

class Index {
public:
  llvm::ArrayRef<IndexedFile> files() const { return Files; }
  llvm::StringRef text(StringId id) const { return Strings[id]; }
  llvm::StringRef path(const Place &place) const { return Files[place.file].path; }
  /// \returns the id of \p text, or 0 when no fact has it.
  StringId find(llvm::StringRef text) const;

  llvm::ArrayRef<IncludeFact> includes() const { return Facts.includes; }
  llvm::ArrayRef<SymbolFact> symbols() const { return Facts.symbols; }
  llvm::ArrayRef<TypeFact> types() const { return Facts.types; }
  llvm::ArrayRef<FunctionFact> functions() const { return Facts.functions; }
  /// What callers make of templates; see `UnitFacts::instances`.
  llvm::ArrayRef<FunctionFact> instances() const { return Facts.instances; }
  llvm::ArrayRef<UseFact> uses() const { return Facts.uses; }
  llvm::ArrayRef<ForwardFact> forwards() const { return Facts.forwards; }
  llvm::ArrayRef<DirectiveFact> directives() const { return Facts.directives; }
  /// What calls of something that moves leave to a default.
  llvm::ArrayRef<ConversionFact> defaults() const { return Facts.conversions; }
  llvm::ArrayRef<CreationFact> creations() const { return Facts.creations; }
  llvm::ArrayRef<StorageFact> storages() const { return Facts.storages; }
  llvm::ArrayRef<CallSiteFact> callSites() const { return Facts.callSites; }
  llvm::ArrayRef<InterfaceFact> interfaces() const { return Facts.interfaces; }
  llvm::ArrayRef<CalleeFact> callees() const { return Facts.callees; }
  llvm::ArrayRef<MatchFact> matches() const { return Facts.matches; }
  llvm::ArrayRef<NolintFact> nolints() const { return Facts.nolints; }
  /// Branches that some unit left out; another may have compiled them.
  llvm::ArrayRef<SkippedFact> skipped() const { return Facts.skipped; }

  /// The definition with this USR, or null. When several files define it, the first by place.
  const FunctionFact *function(StringId usr) const;
  const TypeFact *type(StringId usr) const;
  /// The body of one of `functions()`. Bodies are most of what is known of a project, and few are looked into: so they
  /// are kept as bytes.
  FunctionBody bodyOf(const FunctionFact &function) const;
  /// The calls in it.
  std::vector<CallFact> callsOf(const FunctionFact &function) const;
  /// Declarations of a vocabulary name, in and outside the project.
  std::vector<const SymbolFact *> symbolsNamed(llvm::StringRef name) const;
  /// The innermost function or type around a place, as a qualified name; empty at namespace scope.
  llvm::StringRef enclosing(const Place &place) const;

private:
  friend class Linker;
  friend class IndexBuilder;
  std::vector<IndexedFile> Files;
  llvm::StringMap<StringId> Ids;
  std::vector<llvm::StringRef> Strings; ///< keys of Ids
  UnitFacts Facts;                      ///< strings and files unused: they live above
  std::vector<llvm::StringRef> Bodies; ///< packed, with strings and files as they were numbered before they were sorted
  llvm::BumpPtrAllocator BodyBytes;
  llvm::SmallVector<StringId, 0> TextOf;      ///< the number of a string by what it was
  llvm::SmallVector<std::uint32_t, 0> FileOf; ///< the same of a file
  llvm::DenseMap<StringId, std::uint32_t> FunctionByUsr;
  llvm::DenseMap<StringId, std::uint32_t> TypeByUsr;
  struct Scope {
    std::uint32_t begin, end;
    StringId name;
  };
  std::vector<std::vector<Scope>> ScopesByFile; ///< sorted by begin, outer first
};

/// Joins units one by one. The order of `add` does not change the index, also where two units say different things of
/// the same place.
class Linker {
public:
  Linker();
  ~Linker();
  /// Takes over the facts of one unit. A failed unit adds nothing but its file list.
  void add(UnitFacts &&unit);
  /// \returns whether some unit so far defines a class or function of this qualified name in the project.
  bool defines(llvm::StringRef name) const;
  /// Sorts by place, removes repeats and gives the index away.
  Index finish();

private:
  struct State;
  std::unique_ptr<State> Self;
};

} // namespace ssot
