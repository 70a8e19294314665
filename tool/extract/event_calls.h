// extract/event_calls.h - what a call means for events: it emits, its callee is looked at, or only runs tell.
#pragma once

#include "extract/event_paths.h"
#include "extract/names.h"

namespace ssot {

class EventCalls : protected EventPaths {
protected:
  EventCalls(const clang::FunctionDecl &function, const VocabularyNames &emitters, Recorder &recorder,
             EventInstances &instances);

  void call(const clang::FunctionDecl *callee, clang::SourceLocation location,
            llvm::ArrayRef<const clang::Expr *> arguments, bool isVirtual, bool isAwaited = false);
  /// Something in a template that is called as what emits is: it may be that.
  void maybeEmitter(const clang::CallExpr &invocation);
  void unknown(clang::SourceLocation location, llvm::StringRef what);
  /// A lambda is handed to somebody who may call it.
  void escape(const clang::FunctionDecl &lambda, clang::SourceLocation location);

  const VocabularyNames &Emitters;

private:
  bool speaks(const clang::Expr &argument) const;
  StringId eventOf(llvm::ArrayRef<const clang::Expr *> arguments);

  llvm::SmallPtrSet<const clang::CXXRecordDecl *, 4> Speakers; ///< classes whose methods emit
};

} // namespace ssot
