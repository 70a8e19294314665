// mutate/passes.h - what can be done to a definition: each pass adds edits, and variants are sums of passes.
#pragma once

#include "mutate/definition.h"

namespace ssot {

/// One variant in the making.
struct Draft {
  Draft(clang::ASTContext &context, const Definition &definition)
      : context(context), definition(definition), edits(context.getSourceManager(), context.getLangOpts()) {}

  Draft(const Draft &) = delete;

  clang::ASTContext &context;
  const Definition &definition;
  SourceEdits edits;
  std::string name;                     ///< unqualified, when it is another one
  std::string before;                   ///< text that goes before the first piece
  bool reversed = false;                ///< pieces after the first in the other order
  std::vector<SourceSpan> dropped = {}; ///< pieces that are left out
};

void renameAll(Draft &draft);
void retype(Draft &draft);
void insertStatements(Draft &draft);
void deleteStatements(Draft &draft);
void reorderStatements(Draft &draft);
void rewriteLoops(Draft &draft);
void rewriteBranches(Draft &draft);
void splitBodies(Draft &draft);
void mergeHelpers(Draft &draft);
void makeTemplate(Draft &draft);
void hollowOut(Draft &draft);
void keepAPart(Draft &draft);
/// \returns the text of a class that hands its interface on to an instance of the original; empty when there is
/// nothing to hand on.
std::string wrapperOf(clang::ASTContext &context, const Definition &definition);

} // namespace ssot
