// extract/calls.h - calls of the functions that rules want rewritten, as the text they are.
#pragma once

#include "extract/evaluation.h"
#include "extract/names.h"
#include "extract/recorder.h"

#include <llvm/ADT/StringSet.h>

namespace ssot {

class CallSiteRecorder {
public:
  CallSiteRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                   clang::ASTContext &context);

  void call(const clang::CallExpr &call);

private:
  /// Where the range is written as a person would edit it: nothing when a macro's body writes a part of it.
  std::optional<Place> written(clang::SourceRange range);
  std::optional<ArgumentFact> argument(const clang::Expr &expression, const Evaluation &evaluation);
  bool addOperands(const clang::CallExpr &call, CallSiteFact &fact);

  Recorder &Out;
  const VocabularyNames &Names;
  llvm::StringSet<> Called;
  clang::ASTContext &Context;
};

} // namespace ssot
