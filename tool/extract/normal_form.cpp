#include "extract/normal_form.h"

#include "extract/values.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <utility>

namespace ssot {

using namespace clang;

namespace {

using List = std::vector<const Stmt *>;

bool isLabelled(const Stmt *stmt) { return isa<SwitchCase, LabelStmt>(stmt); }
bool declares(const Stmt *stmt) { return isa<DeclStmt>(stmt); }
bool isBranch(const Stmt *stmt) { return isa<IfStmt>(stmt); }

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

bool isSimple(const IfStmt &code) {
  return !code.getInit() && !code.getConditionVariable() && !code.isConstexpr() && !code.isConsteval();
}

bool equals(const Stmt *stmt, Tail tail) {
  const auto *end = dyn_cast<ReturnStmt>(stmt);
  return tail == Tail::Return ? end && !end->getRetValue() : tail == Tail::Continue && isa<ContinueStmt>(stmt);
}

/// What is asked of a statement again and again: chains of `else if` hold one another.
class Measures {
public:
  /// Whether what comes behind the list is never reached from it.
  bool leaves(const List &list) { return !list.empty() && leaves(*list.back()); }

  std::size_t sizeOf(const Stmt &stmt) {
    if (auto known = Sizes.find(&stmt); known != Sizes.end())
      return known->second;
    std::size_t size = isa<ImplicitCastExpr, ParenExpr, ExprWithCleanups, CompoundStmt>(stmt) ? 0 : 1;
    for (const Stmt *child : stmt.children())
      size += child ? sizeOf(*child) : 0;
    if (isa<IfStmt>(stmt))
      Sizes[&stmt] = size;
    return size;
  }
  std::size_t sizeOf(const List &list) {
    std::size_t size = 0;
    for (const Stmt *stmt : list)
      size += sizeOf(*stmt);
    return size;
  }

private:
  bool leaves(const Stmt &stmt) {
    if (isa<ReturnStmt, ContinueStmt, BreakStmt>(stmt) || isThrow(&stmt))
      return true;
    const auto *branch = dyn_cast<IfStmt>(&stmt);
    if (!branch || !isSimple(*branch) || !branch->getElse())
      return false;
    if (auto known = Leaving.find(&stmt); known != Leaving.end())
      return known->second;
    bool both = leaves(listOf(branch->getThen())) && leaves(listOf(branch->getElse()));
    Leaving[&stmt] = both;
    return both;
  }

  llvm::DenseMap<const Stmt *, std::size_t> Sizes;
  llvm::DenseMap<const Stmt *, bool> Leaving;
};

/// Statements that are still to be read. Generated code has ten thousand of them in one body, so what is asked of all
/// that follow is kept with each.
class Pending {
public:
  /// A statement, or a scope around some.
  struct Part {
    const Stmt *stmt = nullptr;
    List scope;                               ///< when there is no statement
    bool hasLabel = false, hasBranch = false; ///< in it or behind it
    std::size_t size = 0;                     ///< of it and what is behind it, once it was asked for
  };

  explicit Pending(Measures &measures) : Known(&measures) {}

  bool empty() const { return Parts.empty(); }
  bool hasLabel() const { return !Parts.empty() && Parts.back().hasLabel; }
  bool leaves() const { return !Parts.empty() && Known->leaves(last()); }
  bool onlyThrows() const { return !Parts.empty() && !Parts.back().hasBranch && isThrow(last().back()); }
  std::size_t size() {
    for (; Measured < Parts.size(); ++Measured) {
      Part &part = Parts[Measured];
      part.size = Known->sizeOf(listOf(part)) + (Measured ? Parts[Measured - 1].size : 0);
    }
    return Parts.empty() ? 0 : Parts.back().size;
  }

  Part pop() {
    Part part = std::move(Parts.back());
    Parts.pop_back();
    Measured = std::min(Measured, Parts.size());
    return part;
  }
  /// Puts a list in front of the rest.
  void push(const List &list) {
    for (const Stmt *stmt : llvm::reverse(list))
      push(Part{stmt, {}});
  }
  /// What is declared in the list ends with it.
  void pushScope(const List &list) { push(Part{nullptr, list}); }

private:
  static List listOf(const Part &part) { return part.stmt ? List{part.stmt} : part.scope; }
  List last() const { return listOf(Parts.front()); }

  void push(Part part) {
    auto isAny = [&](bool (*is)(const Stmt *)) { return part.stmt ? is(part.stmt) : llvm::any_of(part.scope, is); };
    part.hasLabel = isAny(isLabelled) || (!Parts.empty() && Parts.back().hasLabel);
    part.hasBranch = isAny(isBranch) || (!Parts.empty() && Parts.back().hasBranch);
    Parts.push_back(std::move(part));
  }

  Measures *Known;
  std::vector<Part> Parts;  ///< the next one last
  std::size_t Measured = 0; ///< how many at the beginning know their size
};

class Normaliser {
public:
  std::vector<NormalStep> run(List list, Tail tail) {
    if (llvm::any_of(list, isLabelled))
      tail = Tail::Unknown;
    list = trimmed(std::move(list), tail);
    if (llvm::none_of(list, isBranch))
      return asTheyStand(list);
    Pending rest(Known);
    rest.push(list);
    return run(std::move(rest), tail);
  }

private:
  /// Most lists have no branch.
  static std::vector<NormalStep> asTheyStand(const List &list) {
    std::vector<NormalStep> steps(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
      steps[i].stmt = list[i];
    return steps;
  }

  /// One way to go on at a branch.
  struct Side {
    List list;
    bool hasRest = false; ///< what follows the branch comes next
  };

  std::vector<NormalStep> run(Pending rest, Tail tail) {
    std::vector<NormalStep> all;
    while (!rest.empty()) {
      // A label may be jumped to from anywhere.
      const bool isRigid = rest.hasLabel();
      if (isRigid)
        tail = Tail::Unknown;
      Pending::Part part = rest.pop();
      NormalStep &step = all.emplace_back();
      if (!part.stmt) {
        step.kind = NormalStep::Block;
        step.stmt = part.scope.front();
        step.inner = run(std::move(part.scope), Tail::Unknown);
        continue;
      }
      step.stmt = part.stmt;
      const auto *branch = dyn_cast<IfStmt>(part.stmt);
      if (!branch || !isSimple(*branch))
        continue;
      step.kind = NormalStep::Branch;
      step.condition = branch->getCond();
      List then = listOf(branch->getThen()), other = listOf(branch->getElse());
      const bool isLast = rest.empty() && tail != Tail::Unknown;
      if (!isRigid && (Known.leaves(then) || Known.leaves(other) || isLast))
        fork(step, std::move(then), std::move(other), rest, tail);
      else
        plain(step, std::move(then), std::move(other));
    }
    return all;
  }

  /// A branch that comes back.
  void plain(NormalStep &step, List then, List other) {
    if (!other.empty() && (then.empty() || isNegative(*step.condition))) {
      std::swap(then, other);
      step.negated = true;
    }
    step.inner = run(std::move(then), Tail::Unknown);
    step.other = run(std::move(other), Tail::Unknown);
  }

  /// A branch of which at least one side does not come back: that one comes first, and \p rest becomes the other.
  void fork(NormalStep &step, List then, List other, Pending &rest, Tail tail) {
    Side first = sideOf(std::move(then), rest, tail), second = sideOf(std::move(other), rest, tail);
    const bool firstEnds = leaves(first, rest) || tail != Tail::Unknown;
    const bool secondEnds = leaves(second, rest) || tail != Tail::Unknown;
    step.negated = firstEnds && secondEnds ? isSecond(step, first, second, rest) : !firstEnds;
    if (step.negated)
      std::swap(first, second);
    const bool isEnd = !leaves(first, rest);
    Pending after = first.hasRest || second.hasRest ? std::move(rest) : Pending(Known);
    rest = Pending(Known);
    if (first.hasRest) {
      put(first.list, after);
      step.inner = run(std::move(after), tail);
      rest.push(second.list);
    } else {
      step.inner = run(std::move(first.list), tail);
      if (second.hasRest)
        rest = std::move(after);
      put(second.list, rest);
    }
    if (isEnd) {
      NormalStep &end = step.inner.emplace_back();
      end.kind = NormalStep::Leave;
      end.stmt = step.stmt;
    }
  }

  Side sideOf(List list, const Pending &rest, Tail tail) {
    bool hasRest = !rest.empty() && !Known.leaves(list);
    return hasRest ? Side{std::move(list), true} : Side{trimmed(std::move(list), tail), false};
  }

  static void put(const List &list, Pending &rest) {
    if (!rest.empty() && llvm::any_of(list, declares))
      rest.pushScope(list);
    else
      rest.push(list);
  }

  /// Without what says the same as nothing at its end.
  static List trimmed(List list, Tail tail) {
    while (!list.empty() && equals(list.back(), tail))
      list.pop_back();
    return list;
  }

  bool leaves(const Side &side, const Pending &rest) { return side.hasRest ? rest.leaves() : Known.leaves(side.list); }
  static bool onlyThrows(const Side &side, const Pending &rest) {
    bool atTheEnd = side.hasRest ? rest.onlyThrows() : !side.list.empty() && isThrow(side.list.back());
    return atTheEnd && llvm::none_of(side.list, isBranch);
  }
  std::size_t sizeOf(const Side &side, Pending &rest) {
    return Known.sizeOf(side.list) + (side.hasRest ? rest.size() : 0);
  }

  /// Both sides may come first: which does must not depend on how the condition is said.
  bool isSecond(const NormalStep &step, const Side &yes, const Side &no, Pending &rest) {
    auto isEmpty = [](const Side &side) { return side.list.empty() && !side.hasRest; };
    if (isEmpty(yes) != isEmpty(no))
      return isEmpty(yes);
    const bool throws = onlyThrows(yes, rest), throwsElse = onlyThrows(no, rest);
    if (throws != throwsElse)
      return throwsElse;
    const std::size_t size = sizeOf(yes, rest), other = sizeOf(no, rest);
    return size == other ? isNegative(*step.condition) : other < size;
  }

  Measures Known;
};

} // namespace

std::vector<NormalStep> normalForm(const Stmt &code, Tail tail) { return Normaliser().run(listOf(&code), tail); }

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
