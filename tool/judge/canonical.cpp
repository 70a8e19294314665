#include "judge/canonical.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/MapVector.h>

#include <set>

namespace ssot {

namespace {

class FunctionChoice {
public:
  FunctionChoice(const Index &index, const SingleFunctionRule &rule) : Known(index), Rule(rule) {
    for (const SymbolFact *symbol : Known.symbolsNamed(Rule.canonical.value)) {
      DeclaredIn[symbol->usr].insert(symbol->place.file);
      if (!isInternal(Known.text(symbol->usr)))
        Homes.insert(symbol->place.file);
    }
    StringId name = Known.find(Rule.canonical.value);
    for (const FunctionFact &function : Known.functions())
      if (name && function.name == name)
        (isInternal(Known.text(function.usr)) ? Internal : External[function.usr]).push_back(&function);
  }

  CanonicalDefinitions<FunctionFact> choose() {
    for (auto &[usr, definitions] : External) {
      for (const FunctionFact *definition : definitions)
        Homes.insert(definition->place.file);
      chooseExternal(definitions);
    }
    if (Homes.empty())
      chooseByFile(Internal);
    else
      // A static function beside one that other files see is an overload of it only where that one is.
      llvm::copy_if(Internal, std::back_inserter(Chosen.stay),
                    [&](const FunctionFact *definition) { return Homes.contains(definition->place.file); });
    auto byPlace = [](const FunctionFact *a, const FunctionFact *b) {
      return std::pair(a->place.file, a->place.begin) < std::pair(b->place.file, b->place.begin);
    };
    llvm::sort(Chosen.stay, byPlace);
    return std::move(Chosen);
  }

private:
  using Definitions = llvm::SmallVector<const FunctionFact *, 2>;

  bool isInHeader(const FunctionFact &definition) const { return mayMean(Rule.header, Known.path(definition.place)); }

  /// Whether the unit that defines it saw a declaration in another file first.
  bool isDeclaredElsewhere(const FunctionFact &definition) const {
    auto files = DeclaredIn.find(definition.usr);
    return files != DeclaredIn.end() && !files->second.contains(definition.place.file);
  }

  bool isDeclaredInHeader(const FunctionFact &definition) const {
    auto files = DeclaredIn.find(definition.usr);
    return isDeclaredElsewhere(definition) && llvm::any_of(files->second, [&](std::uint32_t file) {
             return mayMean(Rule.header, Known.files()[file].path);
           });
  }

  /// Definitions that one program could not have side by side.
  void chooseExternal(const Definitions &definitions) {
    std::set<std::uint32_t> own; // files that declare it for themselves
    bool anyElsewhere = false;
    for (const FunctionFact *definition : definitions) {
      if (isDeclaredElsewhere(*definition))
        anyElsewhere = true;
      else
        own.insert(definition->place.file);
    }
    if (own.size() + anyElsewhere <= 1) {
      llvm::append_range(Chosen.stay, definitions);
      return;
    }
    auto inHeader = [&](const FunctionFact *definition) {
      return isInHeader(*definition) || isDeclaredInHeader(*definition);
    };
    bool any = llvm::any_of(definitions, inHeader);
    Chosen.undecided |= !any && !anyElsewhere;
    for (const FunctionFact *definition : definitions)
      (any ? inHeader(definition) : isDeclaredElsewhere(*definition)) ? Chosen.stay.push_back(definition)
                                                                      : Chosen.namesakes.push_back(definition);
  }

  void chooseByFile(const Definitions &definitions) {
    std::set<std::uint32_t> files;
    for (const FunctionFact *definition : definitions)
      files.insert(definition->place.file);
    bool any = llvm::any_of(definitions, [&](const FunctionFact *definition) { return isInHeader(*definition); });
    Chosen.undecided |= files.size() > 1 && !any;
    for (const FunctionFact *definition : definitions)
      (files.size() <= 1 || isInHeader(*definition) ? Chosen.stay : Chosen.namesakes).push_back(definition);
  }

  const Index &Known;
  const SingleFunctionRule &Rule;
  llvm::DenseMap<StringId, std::set<std::uint32_t>> DeclaredIn; ///< files of the first declaration, by USR
  llvm::DenseSet<std::uint32_t> Homes;             ///< files that declare or define what other files can see
  llvm::MapVector<StringId, Definitions> External; ///< by USR
  Definitions Internal;
  CanonicalDefinitions<FunctionFact> Chosen;
};

} // namespace

bool mayMean(llvm::StringRef header, llvm::StringRef path) {
  return !header.empty() && (path == header || path.ends_with(("/" + header).str()));
}

CanonicalDefinitions<FunctionFact> canonicalDefinitions(const Index &index, const SingleFunctionRule &rule) {
  return FunctionChoice(index, rule).choose();
}

CanonicalDefinitions<TypeFact> canonicalDefinitions(const Index &index, const SingleClassRule &rule) {
  llvm::SmallVector<const TypeFact *, 4> definitions;
  StringId name = index.find(rule.canonical.value);
  std::set<std::uint32_t> files, externalFiles;
  for (const TypeFact &type : index.types())
    if (name && type.name == name && type.kind != TypeKind::Enum && !type.isSpecialization) {
      definitions.push_back(&type);
      files.insert(type.place.file);
      if (!isInternal(index.text(type.usr)))
        externalFiles.insert(type.place.file);
    }
  auto isInHeader = [&](const TypeFact *type) { return mayMean(rule.header, index.path(type->place)); };
  bool byHeader = llvm::any_of(definitions, isInHeader);
  bool byLinkage = externalFiles.size() == 1 || (!externalFiles.empty() && !rule.header.empty());
  CanonicalDefinitions<TypeFact> chosen;
  chosen.undecided = files.size() > 1 && !byHeader && !byLinkage;
  for (const TypeFact *type : definitions) {
    bool stays = files.size() <= 1 || (byHeader    ? isInHeader(type)
                                       : byLinkage ? externalFiles.contains(type->place.file)
                                                   : false);
    (stays ? chosen.stay : chosen.namesakes).push_back(type);
  }
  return chosen;
}

} // namespace ssot
