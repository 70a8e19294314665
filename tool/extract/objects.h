// extract/objects.h - where objects of the vocabulary's classes are made, and which variables keep them beyond a scope.
#pragma once

#include "extract/holdings.h"
#include "extract/names.h"
#include "extract/recorder.h"
#include "extract/standard_makers.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/DenseSet.h>

#include <string>
#include <utility>

namespace ssot {

class ObjectRecorder {
public:
  ObjectRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                 clang::ASTContext &context);

  /// Comes before what is inside of it.
  void unevaluated(const clang::Expr &expression);
  void construction(const clang::CXXConstructExpr &construction);
  void allocation(const clang::CXXNewExpr &allocation);
  void call(const clang::CallExpr &call);
  void variable(const clang::VarDecl &variable);
  void field(const clang::FieldDecl &field);
  void constructor(const clang::CXXConstructorDecl &constructor);
  void returned(const clang::ReturnStmt &statement);
  void assignment(const clang::BinaryOperator &assignment);

  /// Ties creations and local statics to the functions around them.
  void finish();

private:
  void keyedField(const clang::FieldDecl &field);
  void callback(const clang::CXXConstructExpr &construction);
  void copyOfThis(const clang::LambdaExpr &lambda, const clang::LambdaCapture &capture);
  std::pair<const std::string *, StringId> created(clang::QualType type) { return Kept.classOf(type); }
  /// A variable of static storage that names no class gets a value: `std::any`, `void *`, `std::function`.
  void handedTo(const clang::VarDecl &variable, const clang::Expr *value);
  void assigned(const clang::Expr *target, const clang::Expr *value);
  void store(const clang::VarDecl &variable, std::vector<Holding> holdings, std::optional<Place> put);
  /// \returns the fact, or null where nobody wrote anything.
  CreationFact *add(const std::string &name, StringId usr, CreationKind kind, clang::SourceRange range);
  /// The first of \p objects that is one of the vocabulary's and no copy.
  CreationFact *held(const MadeObjects &objects, clang::SourceRange range, CreationKind kind = CreationKind::Holder);

  Recorder &Out;
  const VocabularyNames &Names;
  clang::ASTContext &Context;
  Holdings Kept;
  llvm::DenseSet<const clang::Expr *> Told; ///< what another node has told already, or nobody evaluates
  llvm::DenseSet<const clang::VarDecl *> HandedOut;
  llvm::DenseSet<const clang::VarDecl *> Filled; ///< by a later assignment
  std::vector<std::pair<const clang::VarDecl *, std::size_t>> Stored;
};

} // namespace ssot
