// extract/uses.h - where the vocabulary's names are written.
//
// A use stands where a person would edit it and carries the name that is written there: what is reached through an
// alias is a use of the alias, not of what it stands for. A class's own definition, and its members' definitions
// elsewhere, are no uses of its name.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"

#include <llvm/ADT/DenseSet.h>

namespace ssot {

class UseRecorder {
public:
  UseRecorder(Recorder &recorder, const VocabularyNames &names) : Out(recorder), Names(names) {}

  void typeLoc(const clang::TypeLoc &type);
  void qualifier(const clang::NestedNameSpecifierLoc &qualifier);
  void expression(const clang::Expr &expression);
  void templateArgument(const clang::TemplateArgumentLoc &argument);
  void declaration(const clang::NamedDecl &declaration);
  void friendship(const clang::FriendDecl &friendship);

  /// The name stands where no qualifier may: it is replaced by its last component.
  void alone(clang::SourceLocation name);
  void space(const clang::NamespaceDecl &space);

  /// The using-directives and aliases of namespaces that were declared.
  const std::vector<const clang::NamedDecl *> &imports() const { return Imports; }

  /// Takes out what is no use, and repeats; fills in what stands around each use.
  void finish();

private:
  struct OwnDefinition {
    Place extent;
    StringId usr; ///< of the class
  };
  struct Space {
    Place extent;
    StringId name; ///< qualified
  };
  void add(const clang::NamedDecl *target, clang::SourceLocation location, UseKind kind);
  /// Remembers where the qualifier before the name at \p name begins.
  void memberPointer(const clang::MemberPointerTypeLoc &pointer);
  void qualified(const clang::NestedNameSpecifierLoc &qualifier, clang::SourceLocation name);
  void addDependent(clang::DeclarationName name, clang::SourceLocation location);
  void addNamed(const std::string &name, StringId usr, clang::SourceLocation location, UseKind kind);
  bool isFirstDeclaration(const clang::NamedDecl &declaration) const;
  bool isLocalPrototype(const clang::FunctionDecl &function) const;
  void forwardFact(const clang::NamedDecl &declaration);
  void befriend(const clang::FriendDecl &friendship, const clang::NamedDecl *target, clang::SourceLocation location);
  /// Adds the use, and all of the declaration when it stands on its own.
  void forward(const clang::NamedDecl &declaration);

  Recorder &Out;
  const VocabularyNames &Names;
  std::vector<OwnDefinition> Own;
  std::vector<Space> Spaces;
  std::vector<const clang::NamedDecl *> Imports;
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>
      QualifierBegin;                                            ///< file and offset of a name -> offset
  llvm::DenseSet<std::pair<std::uint32_t, std::uint32_t>> Alone; ///< file and offset of names that take no qualifier
};

/// The declaration a type name refers to and the name token; null when the type is no name.
std::pair<const clang::NamedDecl *, clang::SourceLocation> namedBy(const clang::TypeLoc &type);

} // namespace ssot
