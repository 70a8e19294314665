// extract/objects.h - where objects of the vocabulary's classes are made, and which variables keep them beyond a scope.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>

#include <string>
#include <utility>

namespace ssot {

class ObjectRecorder {
public:
  ObjectRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                 clang::ASTContext &context);

  void construction(const clang::CXXConstructExpr &construction);
  void allocation(const clang::CXXNewExpr &allocation);
  void call(const clang::CallExpr &call);
  void variable(const clang::VarDecl &variable);
  void field(const clang::FieldDecl &field);
  void constructor(const clang::CXXConstructorDecl &constructor);
  void returned(const clang::ReturnStmt &statement);

  /// Ties creations and local statics to the functions around them.
  void finish();

private:
  void keyedField(const clang::FieldDecl &field);
  void callback(const clang::CXXConstructExpr &construction);
  /// The vocabulary name of the class behind a type, and its USR; null when it is none of those asked for.
  std::pair<const std::string *, StringId> created(clang::QualType type);
  /// The same for a class that the type holds: by pointer, reference, array, smart pointer or container.
  struct Held {
    const std::string *name = nullptr;
    StringId usr = 0;
    bool viaPointer = false;
  };
  Held held(clang::QualType type, unsigned depth = 0);
  /// The same for a class that a base or a member of a class of the project holds.
  Held heldInside(clang::QualType type);
  Held heldByPart(clang::QualType type);
  void add(const std::string &name, StringId usr, CreationKind kind, clang::SourceRange range);

  Recorder &Out;
  const VocabularyNames &Names;
  const Vocabulary &Words;
  clang::ASTContext &Context;
  llvm::DenseMap<const clang::CXXRecordDecl *, Held> Inside; ///< by class
  llvm::DenseSet<const clang::Expr *> Told;                  ///< constructions that another node has told already
  llvm::DenseSet<const clang::VarDecl *> HandedOut;
  std::vector<std::pair<const clang::VarDecl *, std::size_t>> LocalStatics;
};

} // namespace ssot
