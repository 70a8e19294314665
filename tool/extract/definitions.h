// extract/definitions.h - the types and functions that the project defines.
//
// A canonical definition outside the project is recorded too, so that others can be compared with it; its file says
// that it is no site.
#pragma once

#include "extract/events.h"
#include "extract/names.h"
#include "extract/recorder.h"
#include "extract/shape.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/SmallPtrSet.h>

namespace ssot {

class DefinitionRecorder {
public:
  DefinitionRecorder(Recorder &recorder, const Vocabulary &vocabulary, clang::ASTContext &context)
      : Out(recorder), Words(vocabulary), Context(context), Shapes(recorder) {
    if (vocabulary.emitters.empty())
      return;
    EmitterWords.names = vocabulary.emitters;
    Emitters.emplace(EmitterWords);
    Emitters->resolve(context);
    Events.emplace(recorder, *Emitters);
  }
  DefinitionRecorder(const DefinitionRecorder &) = delete;
  DefinitionRecorder &operator=(const DefinitionRecorder &) = delete;

  void type(const clang::TagDecl &definition);
  void function(const clang::FunctionDecl &definition);
  /// Where the vocabulary's names are declared, and the definitions of theirs that lie outside the project.
  void symbols(const VocabularyNames &names);

private:
  /// A canonical class outside the project, with the nested class that hides its state.
  void outside(const clang::CXXRecordDecl &record);
  void members(const clang::CXXRecordDecl &record, TypeFact &fact);
  void bases(const clang::CXXRecordDecl &record, std::vector<StringId> &usrs,
             llvm::SmallPtrSetImpl<const clang::CXXRecordDecl *> &entered);
  /// One text for each type, whatever name it goes by; 0 where Clang has none.
  StringId identity(const clang::TagDecl &tag);
  WrittenFact written(const clang::FunctionDecl &definition);
  bool isNamed(const clang::FunctionDecl &definition, llvm::StringRef name) const;
  void overridden(const clang::CXXMethodDecl &method, std::vector<StringId> &usrs);

  Recorder &Out;
  const Vocabulary &Words;
  clang::ASTContext &Context;
  TypeShapes Shapes;
  Vocabulary EmitterWords;
  std::optional<VocabularyNames> Emitters; ///< the functions that emit events, when a rule asks
  std::optional<EventRecorder> Events;     ///< the same
  llvm::DenseSet<const clang::Decl *> Seen;
};

} // namespace ssot
