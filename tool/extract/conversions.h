// extract/conversions.h - what becomes of values, without anybody writing it, where something is used that moves.
//
// A call of the new function may compile and still do something else: because a number is cut off on the way into it, a
// temporary is made, or another default is taken. So the conversions are recorded, and compared when the edits are
// verified.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/StringSet.h>

#include <string>
#include <vector>

namespace ssot {

class ConversionRecorder {
public:
  ConversionRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                     clang::ASTContext &context);

  /// Notes which values \p statement throws away. To be called before its parts are.
  void statement(const clang::Stmt &statement);
  /// To be called for what an expression is a part of before the expression itself.
  void expression(const clang::Expr &expression);

private:
  /// An expression without what the compiler has put around it.
  struct Peeled {
    const clang::Expr *core;
    std::string steps;
    std::vector<const clang::CXXConstructExpr *>
        made; ///< the objects that are made on the way, and the core if it is one
  };
  Peeled peeled(const clang::Expr &expression) const;
  std::string stepOf(const clang::ImplicitCastExpr &cast) const;
  bool keepsValue(const clang::ImplicitCastExpr &cast) const;
  bool fits(const clang::Expr &constant, clang::QualType type) const;
  std::string nameOf(clang::QualType type) const;
  /// The type of a value as whoever gets it sees it.
  std::string typeOf(const clang::Expr &value) const;

  /// Whether \p declaration moves, or what it is a part of does.
  bool moves(const clang::NamedDecl *declaration);
  /// What moves and makes the value of \p core; null when nothing does.
  const clang::NamedDecl *sourceOf(const clang::Expr &core, clang::SourceLocation &at);
  template <typename Call>
  void arguments(const Call &call, const clang::FunctionDecl &callee, const Place &at);
  void discard(const clang::Stmt *statement);

  Recorder &Out;
  const VocabularyNames &Names;
  clang::ASTContext &Context;
  llvm::StringSet<> Moved;
  llvm::DenseMap<const clang::Decl *, bool> Moves;
  llvm::DenseSet<const clang::Expr *> Seen;
  llvm::DenseSet<const clang::Expr *> Discarded;
};

} // namespace ssot
