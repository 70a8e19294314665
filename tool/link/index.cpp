#include "link/index.h"

#include "facts/packed.h"
#include "facts/renumber.h"

#include <algorithm>

namespace ssot {

StringId Index::find(llvm::StringRef text) const {
  auto known = Ids.find(text);
  return known == Ids.end() ? 0 : known->second;
}

const FunctionFact *Index::function(StringId usr) const {
  auto known = FunctionByUsr.find(usr);
  return known == FunctionByUsr.end() ? nullptr : &Facts.functions[known->second];
}

const TypeFact *Index::type(StringId usr) const {
  auto known = TypeByUsr.find(usr);
  return known == TypeByUsr.end() ? nullptr : &Facts.types[known->second];
}

FunctionBody Index::bodyOf(const FunctionFact &function) const {
  FunctionBody body = unpacked(Bodies[function.packed]);
  facts::Renumber archive([&](StringId id) { return TextOf[id]; }, [&](std::uint32_t file) { return FileOf[file]; });
  facts::io(archive, body);
  return body;
}

std::vector<CallFact> Index::callsOf(const FunctionFact &function) const {
  std::vector<CallFact> calls = unpackedCalls(Bodies[function.packed]);
  facts::Renumber archive([&](StringId id) { return TextOf[id]; }, [&](std::uint32_t file) { return FileOf[file]; });
  facts::calls(archive, calls);
  return calls;
}

std::vector<const SymbolFact *> Index::symbolsNamed(llvm::StringRef name) const {
  std::vector<const SymbolFact *> found;
  if (StringId id = find(name))
    for (const SymbolFact &symbol : Facts.symbols)
      if (symbol.name == id)
        found.push_back(&symbol);
  return found;
}

llvm::StringRef Index::enclosing(const Place &place) const {
  if (place.file >= ScopesByFile.size())
    return llvm::StringRef();
  const std::vector<Scope> &scopes = ScopesByFile[place.file];
  // Scopes nest: the last one that begins before the place and has not ended is the innermost.
  auto after = std::partition_point(scopes.begin(), scopes.end(),
                                    [&](const Scope &scope) { return scope.begin <= place.begin; });
  while (after != scopes.begin()) {
    --after;
    if (place.end <= after->end && !(after->begin == place.begin && after->end == place.end))
      return text(after->name);
  }
  return llvm::StringRef();
}

} // namespace ssot
