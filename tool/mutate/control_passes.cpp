// Type 4: the same work with another control flow.

#include "mutate/passes.h"

namespace ssot {

using namespace clang;

namespace {

class Continues : public RecursiveASTVisitor<Continues> {
public:
  bool found = false;
  bool VisitContinueStmt(ContinueStmt *) { return !(found = true); }
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
};

bool continues(const Stmt *stmt) {
  Continues visitor;
  visitor.TraverseStmt(const_cast<Stmt *>(stmt));
  return visitor.found;
}

/// Whether control never comes out at the end.
bool leaves(const Stmt *stmt) {
  if (const auto *block = dyn_cast<CompoundStmt>(stmt))
    return !block->body_empty() && leaves(block->body_back());
  return isa<ReturnStmt, ContinueStmt, BreakStmt, CXXThrowExpr>(stmt);
}

class LoopVisitor : public RecursiveASTVisitor<LoopVisitor> {
public:
  explicit LoopVisitor(Draft &draft) : Edits(draft.edits) {}

  bool VisitForStmt(ForStmt *loop) {
    if (continues(loop->getBody()) || loop->getConditionVariable())
      return true;
    SourceEdits *edits = &Edits;
    Edits.replace(Edits.statement(loop), [edits, loop] {
      std::string text = "{ ";
      if (loop->getInit())
        text += edits->render(loop->getInit()) + (isa<DeclStmt>(loop->getInit()) ? " " : "; ");
      text += "while (" + (loop->getCond() ? edits->render(loop->getCond()) : "true") + ") { ";
      text += bodyOf(*edits, loop->getBody());
      return text + (loop->getInc() ? edits->render(loop->getInc()) + "; " : "") + "} }";
    });
    return true;
  }

  bool VisitWhileStmt(WhileStmt *loop) {
    if (loop->getConditionVariable())
      return true;
    SourceEdits *edits = &Edits;
    Edits.replace(Edits.statement(loop), [edits, loop] {
      return "for (;;) { if (!(" + edits->render(loop->getCond()) + ")) break; " + bodyOf(*edits, loop->getBody()) +
             "}";
    });
    return true;
  }

  bool VisitCXXForRangeStmt(CXXForRangeStmt *loop) {
    if (continues(loop->getBody()) || loop->getInit())
      return true;
    SourceEdits *edits = &Edits;
    std::string number = std::to_string(++Number);
    Edits.replace(Edits.statement(loop), [edits, loop, number] {
      // `for (T x : range)`: the text of the declaration goes to the colon.
      const DeclStmt *variable = loop->getLoopVarStmt();
      std::optional<SourceSpan> declared = edits->span({variable->getBeginLoc(), loop->getColonLoc()});
      std::string text = declared ? edits->render(SourceSpan{declared->file, declared->begin, declared->end - 1}) : "";
      return "{ auto &&range" + number + " = " + edits->render(loop->getRangeInit()) + "; for (auto at" + number +
             " = std::begin(range" + number + "); at" + number + " != std::end(range" + number + "); ++at" + number +
             ") { " + text + " = *at" + number + "; " + bodyOf(*edits, loop->getBody()) + "} }";
    });
    return true;
  }

private:
  static std::string bodyOf(SourceEdits &edits, const Stmt *body) {
    std::optional<SourceSpan> span = edits.statement(body);
    return span ? edits.render(*span) + " " : "; ";
  }

  SourceEdits &Edits;
  unsigned Number = 0;
};

class BranchVisitor : public RecursiveASTVisitor<BranchVisitor> {
public:
  explicit BranchVisitor(Draft &draft) : Edits(draft.edits), Context(draft.context) {}

  bool VisitCompoundStmt(CompoundStmt *block) {
    for (auto stmt = block->body_begin(); stmt != block->body_end(); ++stmt) {
      auto *branch = dyn_cast<IfStmt>(*stmt);
      if (branch && isPlain(*branch) && !branch->getElse() && leaves(branch->getThen()) &&
          *stmt != block->body_back()) {
        nestRest(*branch, **(stmt + 1), *block->body_back());
        break; // what follows is inside now
      }
    }
    for (Stmt *stmt : block->body())
      rewriteStatement(stmt);
    return true;
  }

  bool VisitIfStmt(IfStmt *branch) {
    SourceEdits *edits = &Edits;
    if (!isPlain(*branch))
      return true;
    if (branch->getElse()) {
      Edits.replace(Edits.statement(branch), [edits, branch] {
        return "if (!(" + edits->render(branch->getCond()) + ")) { " + bodyOf(*edits, branch->getElse()) + "} else { " +
               bodyOf(*edits, branch->getThen()) + "}";
      });
    } else if (const auto *both = dyn_cast<BinaryOperator>(branch->getCond()->IgnoreParenImpCasts());
               both && both->getOpcode() == BO_LAnd) {
      Edits.replace(Edits.statement(branch), [edits, branch, both] {
        return "if (" + edits->render(both->getLHS()) + ") { if (" + edits->render(both->getRHS()) + ") { " +
               bodyOf(*edits, branch->getThen()) + "} }";
      });
    }
    return true;
  }

private:
  static bool isPlain(const IfStmt &branch) {
    return !branch.getInit() && !branch.getConditionVariable() && !branch.isConstexpr() && !branch.isConsteval();
  }

  static std::string bodyOf(SourceEdits &edits, const Stmt *body) {
    std::optional<SourceSpan> span = edits.statement(body);
    return span ? edits.render(*span) + " " : "; ";
  }

  /// `if (c) return a; rest` becomes `if (!c) { rest } else { return a; }`.
  void nestRest(const IfStmt &branch, const Stmt &next, const Stmt &last) {
    std::optional<SourceSpan> first = Edits.statement(&branch), from = Edits.statement(&next),
                              to = Edits.statement(&last);
    if (!first || !from || !to)
      return;
    SourceSpan rest{from->file, from->begin, to->end};
    SourceEdits *edits = &Edits;
    const IfStmt *stmt = &branch;
    Edits.replace(SourceSpan{first->file, first->begin, to->end}, [edits, stmt, rest] {
      return "if (!(" + edits->render(stmt->getCond()) + ")) { " + edits->render(rest) + " } else { " +
             bodyOf(*edits, stmt->getThen()) + "}";
    });
  }

  void rewriteStatement(Stmt *stmt) {
    SourceEdits *edits = &Edits;
    if (auto *result = dyn_cast<ReturnStmt>(stmt)) {
      const auto *choice =
          result->getRetValue() ? dyn_cast<ConditionalOperator>(result->getRetValue()->IgnoreParenImpCasts()) : nullptr;
      if (choice)
        Edits.replace(Edits.statement(stmt), [edits, choice] {
          return "if (" + edits->render(choice->getCond()) + ") return " + edits->render(choice->getTrueExpr()) +
                 "; return " + edits->render(choice->getFalseExpr()) + ";";
        });
    } else if (auto *operation = dyn_cast<BinaryOperator>(stmt)) {
      rewriteAssignment(*operation);
    } else if (auto *step = dyn_cast<UnaryOperator>(stmt); step && step->isIncrementDecrementOp()) {
      Edits.replace(Edits.span(step->getSourceRange()), [edits, step] {
        return edits->render(step->getSubExpr()) + (step->isIncrementOp() ? " += 1" : " -= 1");
      });
    }
  }

  void rewriteAssignment(const BinaryOperator &operation) {
    SourceEdits *edits = &Edits;
    const BinaryOperator *whole = &operation;
    if (operation.isCompoundAssignmentOp() && !operation.getLHS()->HasSideEffects(Context)) {
      std::string sign =
          BinaryOperator::getOpcodeStr(BinaryOperator::getOpForCompoundAssignment(operation.getOpcode())).str();
      Edits.replace(Edits.span(operation.getSourceRange()), [edits, whole, sign] {
        std::string target = edits->render(whole->getLHS());
        return target + " = " + target + " " + sign + " (" + edits->render(whole->getRHS()) + ")";
      });
    } else if (operation.getOpcode() == BO_Assign) {
      const auto *choice = dyn_cast<ConditionalOperator>(operation.getRHS()->IgnoreParenImpCasts());
      if (choice && !operation.getLHS()->HasSideEffects(Context))
        Edits.replace(Edits.span(operation.getSourceRange()), [edits, whole, choice] {
          std::string target = edits->render(whole->getLHS());
          return "if (" + edits->render(choice->getCond()) + ") " + target + " = " +
                 edits->render(choice->getTrueExpr()) + "; else " + target + " = " +
                 edits->render(choice->getFalseExpr());
        });
    }
  }

  SourceEdits &Edits;
  ASTContext &Context;
};

template <typename Visitor>
void visitBodies(Draft &draft) {
  Visitor visitor(draft);
  for (const FunctionDecl *function : draft.definition.bodies)
    visitor.TraverseStmt(function->getBody());
}

} // namespace

void rewriteLoops(Draft &draft) { visitBodies<LoopVisitor>(draft); }

void rewriteBranches(Draft &draft) { visitBodies<BranchVisitor>(draft); }

} // namespace ssot
