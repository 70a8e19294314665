// extract/type_meaning.h - what a type that moves means where it is used, without anybody writing it: which handlers
// catch it, what a class made from it overrides, and which type an alias stands for.
#pragma once

#include "extract/moved_names.h"
#include "extract/recorder.h"

namespace ssot {

class TypeMeaningRecorder {
public:
  TypeMeaningRecorder(Recorder &recorder, MovedNames &moved, const clang::ASTContext &context)
      : Out(recorder), Moved(moved), Context(context) {}

  void exception(const clang::CXXThrowExpr &thrown);
  void handlers(const clang::CXXTryStmt &statement);
  void record(const clang::CXXRecordDecl &record);
  /// Notes a function by whose parameters other units find it.
  void function(const clang::FunctionDecl &function);
  /// \param type what \p alias is where it stands, \p at.
  void alias(const clang::NamedDecl &alias, clang::QualType type, clang::SourceLocation at);

private:
  bool hasMovingBase(const clang::CXXRecordDecl &record);
  bool isMadeOfMoved(clang::QualType type, unsigned depth = 0);
  void note(ValueKind kind, StringId name, const Place &at, const Place &value, const std::string &steps,
            const std::string &text);

  Recorder &Out;
  MovedNames &Moved;
  const clang::ASTContext &Context;
};

} // namespace ssot
