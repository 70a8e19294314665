// Type 3: statements inserted, deleted and reordered.

#include "mutate/passes.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/Twine.h>

namespace ssot {

using namespace clang;

namespace {

constexpr unsigned kInsertEvery = 4; ///< one statement after so many
constexpr unsigned kDeleteEvery = 5;

/// All blocks below a body, the outer ones first. Those of a `switch` are left alone: a label may not be jumped past.
class BlockCollector : public RecursiveASTVisitor<BlockCollector> {
public:
  std::vector<const CompoundStmt *> blocks;

  bool VisitCompoundStmt(CompoundStmt *block) {
    if (!block->getLBracLoc().isMacroID())
      blocks.push_back(block);
    return true;
  }
  bool TraverseSwitchStmt(SwitchStmt *) { return true; }
};

std::vector<const CompoundStmt *> blocksOf(const FunctionDecl &function) {
  BlockCollector collector;
  collector.TraverseStmt(function.getBody());
  return collector.blocks;
}

bool isExpression(const Stmt *stmt) { return isa<Expr>(stmt) && !isa<CXXThrowExpr>(stmt); }

class Mentions : public RecursiveASTVisitor<Mentions> {
public:
  llvm::SmallPtrSet<const Decl *, 8> declared, used;

  bool VisitVarDecl(VarDecl *variable) {
    declared.insert(variable);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    used.insert(reference->getDecl());
    return true;
  }
};

/// Whether two neighbours may change places as far as the compiler can tell. What they do to one another's state is not
/// asked: a person who edits a copy does not always ask either.
bool areIndependent(const Stmt *first, const Stmt *second) {
  if (!isExpression(second) && !isa<DeclStmt>(second))
    return false;
  if (!isExpression(first) && !isa<DeclStmt>(first))
    return false;
  Mentions before, after;
  before.TraverseStmt(const_cast<Stmt *>(first));
  after.TraverseStmt(const_cast<Stmt *>(second));
  return llvm::none_of(before.declared, [&](const Decl *each) { return after.used.contains(each); });
}

} // namespace

void insertStatements(Draft &draft) {
  unsigned number = 0;
  for (const FunctionDecl *function : draft.definition.bodies) {
    unsigned seen = 0;
    for (const CompoundStmt *block : blocksOf(*function))
      for (const Stmt *stmt : block->body()) {
        ++seen;
        if (stmt == block->body_back() || (seen % kInsertEvery != 1))
          continue;
        std::string name = "extra" + std::to_string(++number);
        std::string text = number % 2
                               ? (llvm::Twine(" int ") + name + " = 0; ++" + name + ";").str()
                               : (llvm::Twine(" if (int ") + name + " = 1) { static_cast<void>(" + name + "); }").str();
        draft.edits.append(draft.edits.statement(stmt), text);
      }
  }
}

void deleteStatements(Draft &draft) {
  for (const FunctionDecl *function : draft.definition.bodies) {
    unsigned seen = 0;
    for (const CompoundStmt *block : blocksOf(*function))
      for (const Stmt *stmt : block->body())
        if (isExpression(stmt) && ++seen % kDeleteEvery == 2)
          draft.edits.replace(draft.edits.statement(stmt), std::string());
  }
}

void reorderStatements(Draft &draft) {
  draft.reversed = draft.definition.pieces.size() > 2;
  for (const FunctionDecl *function : draft.definition.bodies)
    for (const CompoundStmt *block : blocksOf(*function)) {
      llvm::SmallVector<const Stmt *, 8> all(block->body_begin(), block->body_end());
      for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        std::optional<SourceSpan> first = draft.edits.statement(all[i]), second = draft.edits.statement(all[i + 1]);
        if (!first || !second || !areIndependent(all[i], all[i + 1]))
          continue;
        SourceSpan both{first->file, first->begin, second->end};
        SourceEdits *edits = &draft.edits;
        if (draft.edits.replace(
                both, [edits, first, second] { return edits->render(*second) + " " + edits->render(*first); }))
          ++i;
      }
    }
}

} // namespace ssot
