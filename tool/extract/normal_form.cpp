#include "extract/normal_form.h"

#include "extract/values.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

namespace {

using List = std::vector<const Stmt *>;

/// A part of a list: the statements themselves, or a scope around some of them.
struct Part {
  const Stmt *stmt = nullptr;
  List scope; ///< when there is no statement
};
using Parts = std::vector<Part>;

bool isLabelled(const Stmt *stmt) { return isa<SwitchCase, LabelStmt>(stmt); }
bool declares(const Stmt *stmt) { return isa<DeclStmt>(stmt); }

/// The statements of a branch or block. One within it that declares nothing is no block of its own.
void addTo(List &list, const Stmt *code) {
  if (!code || isa<NullStmt>(code))
    return;
  const auto *block = dyn_cast<CompoundStmt>(code);
  if (!block) {
    list.push_back(code);
    return;
  }
  for (const Stmt *each : block->body()) {
    const auto *inner = dyn_cast<CompoundStmt>(each);
    if (inner && llvm::none_of(inner->body(), [](const Stmt *one) { return declares(one) || isLabelled(one); }))
      addTo(list, inner);
    else if (!isa<NullStmt>(each))
      list.push_back(each);
  }
}

List listOf(const Stmt *code) {
  List list;
  addTo(list, code);
  return list;
}

bool isThrow(const Stmt *stmt) {
  const auto *value = dyn_cast<Expr>(stmt);
  return value && isa<CXXThrowExpr>(value->IgnoreUnlessSpelledInSource());
}

/// What fails, whatever it does before.
bool onlyThrows(const List &list) {
  return !list.empty() && isThrow(list.back()) &&
         llvm::none_of(list, [](const Stmt *each) { return isa<IfStmt>(each); });
}

bool isSimple(const IfStmt &code) {
  return !code.getInit() && !code.getConditionVariable() && !code.isConstexpr() && !code.isConsteval();
}

bool leaves(const List &list) {
  if (list.empty())
    return false;
  const Stmt *last = list.back();
  if (isa<ReturnStmt, ContinueStmt, BreakStmt>(last) || isThrow(last))
    return true;
  const auto *branch = dyn_cast<IfStmt>(last);
  return branch && isSimple(*branch) && branch->getElse() && leaves(listOf(branch->getThen())) &&
         leaves(listOf(branch->getElse()));
}

List flat(const Parts &parts) {
  List list;
  for (const Part &part : parts)
    if (part.stmt)
      list.push_back(part.stmt);
    else
      list.insert(list.end(), part.scope.begin(), part.scope.end());
  return list;
}

std::size_t sizeOf(const Stmt *stmt) {
  std::size_t size = 1;
  for (const Stmt *child : stmt->children())
    if (child && !isa<ImplicitCastExpr, ParenExpr, ExprWithCleanups, CompoundStmt>(child))
      size += sizeOf(child);
    else if (child)
      size += sizeOf(child) - 1;
  return size;
}
std::size_t sizeOf(const List &list) {
  std::size_t size = 0;
  for (const Stmt *stmt : list)
    size += sizeOf(stmt);
  return size;
}

bool equals(const Stmt *stmt, Tail tail) {
  const auto *end = dyn_cast<ReturnStmt>(stmt);
  return tail == Tail::Return ? end && !end->getRetValue() : tail == Tail::Continue && isa<ContinueStmt>(stmt);
}

class Normaliser {
public:
  std::vector<NormalStep> run(Parts parts, Tail tail) {
    const bool isRigid = llvm::any_of(flat(parts), isLabelled);
    if (isRigid)
      tail = Tail::Unknown;
    while (!parts.empty() && parts.back().stmt && equals(parts.back().stmt, tail))
      parts.pop_back();
    std::vector<NormalStep> all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Part &part = parts[i];
      NormalStep &step = all.emplace_back();
      if (!part.stmt) {
        step.kind = NormalStep::Block;
        step.stmt = part.scope.front();
        step.inner = run(partsOf(part.scope), Tail::Unknown);
        continue;
      }
      step.stmt = part.stmt;
      const auto *branch = dyn_cast<IfStmt>(part.stmt);
      if (!branch || !isSimple(*branch))
        continue;
      step.kind = NormalStep::Branch;
      step.condition = branch->getCond();
      const List then = listOf(branch->getThen()), other = listOf(branch->getElse());
      const bool isLast = i + 1 == parts.size() && tail != Tail::Unknown;
      if (isRigid || !(leaves(then) || leaves(other) || isLast)) {
        plain(step, then, other);
        continue;
      }
      Parts rest(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, parts.end());
      fork(all, withRest(then, rest), withRest(other, rest), tail);
      return all;
    }
    return all;
  }

  static Parts partsOf(const List &list) {
    Parts parts;
    for (const Stmt *stmt : list)
      parts.push_back({stmt, {}});
    return parts;
  }

private:
  /// A branch that comes back.
  void plain(NormalStep &step, const List &then, const List &other) {
    step.inner = run(partsOf(then), Tail::Unknown);
    step.other = run(partsOf(other), Tail::Unknown);
    if (!other.empty() && (then.empty() || isNegative(*step.condition))) {
      std::swap(step.inner, step.other);
      step.negated = true;
    }
  }

  static Parts withRest(const List &list, const Parts &rest) {
    Parts parts;
    if (leaves(list) || rest.empty())
      return partsOf(list);
    // What is declared in a branch ends with it.
    if (llvm::any_of(list, declares))
      parts.push_back({nullptr, list});
    else
      parts = partsOf(list);
    parts.insert(parts.end(), rest.begin(), rest.end());
    return parts;
  }

  /// A branch of which at least one side does not come back: that one comes first, and the other behind it.
  void fork(std::vector<NormalStep> &all, Parts yes, Parts no, Tail tail) {
    for (Parts *side : {&yes, &no})
      while (!side->empty() && side->back().stmt && equals(side->back().stmt, tail))
        side->pop_back();
    const List ours = flat(yes), theirs = flat(no);
    const bool yesLeaves = leaves(ours), noLeaves = leaves(theirs);
    bool swap = false;
    if ((yesLeaves || tail != Tail::Unknown) && (noLeaves || tail != Tail::Unknown))
      swap = isSecond(all.back(), ours, theirs);
    else
      swap = !yesLeaves;
    if (swap) {
      std::swap(yes, no);
      all.back().negated = true;
    }
    const bool isEnd = !leaves(flat(yes));
    const Stmt *where = all.back().stmt;
    std::vector<NormalStep> first = run(std::move(yes), tail);
    if (isEnd) {
      NormalStep &end = first.emplace_back();
      end.kind = NormalStep::Leave;
      end.stmt = where;
    }
    all.back().inner = std::move(first);
    std::vector<NormalStep> rest = run(std::move(no), tail);
    all.insert(all.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  }

  /// Both sides may come first: which does must not depend on how the condition is said.
  static bool isSecond(const NormalStep &step, const List &yes, const List &no) {
    if (yes.empty() != no.empty())
      return yes.empty();
    const bool throws = onlyThrows(yes), throwsElse = onlyThrows(no);
    if (throws != throwsElse)
      return throwsElse;
    const std::size_t size = sizeOf(yes), other = sizeOf(no);
    return size == other ? isNegative(*step.condition) : other < size;
  }
};

} // namespace

std::vector<NormalStep> normalForm(const Stmt &code, Tail tail) {
  return Normaliser().run(Normaliser::partsOf(listOf(&code)), tail);
}

Tail tailOf(const FunctionDecl &function) {
  return function.getReturnType()->isVoidType() || isa<CXXConstructorDecl, CXXDestructorDecl>(function) ? Tail::Return
                                                                                                        : Tail::Unknown;
}

bool hasOpposite(const BinaryOperator &operation) {
  if (!operation.isComparisonOp() || operation.getOpcode() == BO_Cmp)
    return false;
  auto isOrdered = [](const Expr *side) {
    return side->getType()->isIntegralOrEnumerationType() || side->getType()->isAnyPointerType() ||
           side->getType()->isNullPtrType() || side->getType()->isMemberPointerType();
  };
  return isOrdered(operation.getLHS()) && isOrdered(operation.getRHS());
}

bool isNegative(const Expr &condition) {
  const Expr *inner = condition.IgnoreParenImpCasts();
  if (const auto *cleanups = dyn_cast<ExprWithCleanups>(inner))
    return isNegative(*cleanups->getSubExpr());
  if (const auto *negation = dyn_cast<UnaryOperator>(inner); negation && negation->getOpcode() == UO_LNot)
    return !isNegative(*negation->getSubExpr());
  if (const auto *operation = dyn_cast<BinaryOperator>(inner)) {
    if (operation->isLogicalOp())
      return operation->getOpcode() == BO_LOr;
    BinaryOperatorKind kind = operation->getOpcode();
    return hasOpposite(*operation) && (kind == BO_LE || kind == BO_GE || kind == BO_NE);
  }
  // Being there is asked for by whoever checks for null.
  return inner->getType()->isPointerType() || isa<CXXMemberCallExpr>(inner);
}

const ReturnStmt *nullReturn(const NormalStep &branch) {
  if (branch.inner.size() != 1 || branch.inner.front().kind != NormalStep::Plain || !branch.other.empty() ||
      !asksForNull(*branch.condition, branch.negated))
    return nullptr;
  return dyn_cast<ReturnStmt>(branch.inner.front().stmt);
}

bool asksForNull(const Expr &condition, bool negated) {
  const Expr *inner = bare(&condition);
  if (const auto *negation = dyn_cast<UnaryOperator>(inner); negation && negation->getOpcode() == UO_LNot)
    return asksForNull(*negation->getSubExpr(), !negated);
  if (const auto *conversion = dyn_cast<CXXMemberCallExpr>(inner); conversion && !conversion->getNumArgs())
    return negated && isa_and_nonnull<CXXConversionDecl>(conversion->getMethodDecl());
  return negated && (inner->getType()->isPointerType() || inner->getType()->getAsCXXRecordDecl());
}

} // namespace ssot
