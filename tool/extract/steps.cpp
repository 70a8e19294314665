#include "extract/steps.h"

#include "extract/normal_form.h"
#include "extract/statements.h"
#include "extract/values.h"

#include <llvm/ADT/StringSwitch.h>

namespace ssot {

using namespace clang;

namespace {

bool isLockName(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("lock_guard", "unique_lock", "scoped_lock", "shared_lock", true)
      .Default(false);
}

/// What only hands a value on, or is one way of many to say that all elements are meant.
bool isHandOver(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("move", "forward", "get", "begin", "end", "cbegin", "cend", "c_str", "data", true)
      .Default(false);
}

bool isField(const Expr &expression) {
  const auto *member = dyn_cast<MemberExpr>(expression.IgnoreParenImpCasts());
  return member && isa<FieldDecl>(member->getMemberDecl());
}

/// Whether code in \p code throws, that in lambdas aside.
class ThrowFinder : public RecursiveASTVisitor<ThrowFinder> {
public:
  bool found = false;
  bool VisitCXXThrowExpr(CXXThrowExpr * /*thrown*/) { return !(found = true); }
  bool TraverseLambdaExpr(LambdaExpr * /*lambda*/) { return true; }
};

class StepVisitor : public RecursiveASTVisitor<StepVisitor> {
  using Base = RecursiveASTVisitor<StepVisitor>;

public:
  StepVisitor(Recorder &recorder, FunctionFact &fact) : Out(recorder), Fact(fact) {}

  /// The steps that are the whole of an expression or of a `return`.
  StepOf stepOf;

  bool TraverseStmt(Stmt *stmt) {
    auto *call = dyn_cast_or_null<CallExpr>(stmt);
    const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
    bool named = callee && callee->getDeclName().isIdentifier();
    if (named && callee->isInStdNamespace()) {
      if (!isHandOver(callee->getName()))
        add(StepKind::Standard, callee->getNameAsString(), call->getExprLoc());
      return Base::TraverseStmt(stmt);
    }
    if (!named)
      return Base::TraverseStmt(stmt);
    addNamed(StepKind::Call, Out.qualifiedName(callee), call->getExprLoc(), Out.usr(primaryDecl(callee)), call);
    std::uint32_t before = Within;
    Within = static_cast<std::uint32_t>(Fact.body.steps.size());
    bool goesOn = Base::TraverseStmt(stmt);
    Within = before;
    return goesOn;
  }

  bool TraverseBinaryOperator(BinaryOperator *operation) {
    return operation->isComparisonOp() ? compare(*operation, operation->getOpcode())
                                       : Base::TraverseBinaryOperator(operation);
  }
  bool TraverseUnaryOperator(UnaryOperator *operation) {
    return operation->getOpcode() == UO_LNot ? truth(operation, false) : Base::TraverseUnaryOperator(operation);
  }
  bool TraverseConditionalOperator(ConditionalOperator *choice) {
    if (!isNegative(*choice->getCond()))
      return Base::TraverseConditionalOperator(choice);
    return truth(choice->getCond(), true) && TraverseStmt(choice->getFalseExpr()) &&
           TraverseStmt(choice->getTrueExpr());
  }

  bool VisitBinaryOperator(BinaryOperator *operation) {
    if (operation->isAssignmentOp() && isField(*operation->getLHS()))
      add(StepKind::Change, operation->getOpcodeStr().str(), operation->getOperatorLoc());
    addOperator(operation->getOpcode(), operation->getOperatorLoc());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *operation) {
    SourceLocation location = operation->getOperatorLoc();
    if (operation->isIncrementDecrementOp()) {
      if (isField(*operation->getSubExpr()))
        add(StepKind::Change, operation->isIncrementOp() ? "+=" : "-=", location);
      // As `x += 1` is.
      addOperator(operation->isIncrementOp() ? BO_Add : BO_Sub, location);
      return add(StepKind::Detail, "1", location);
    }
    bool computes = operation->getOpcode() == UO_Minus || operation->getOpcode() == UO_Not;
    return !computes || add(StepKind::Detail, UnaryOperator::getOpcodeStr(operation->getOpcode()).str(), location);
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *call) {
    if (call->isAssignmentOp() && isField(*call->getArg(0)))
      add(StepKind::Change, "=", call->getOperatorLoc());
    // The second argument of `x++` is none.
    bool counts = call->getOperator() == OO_PlusPlus || call->getOperator() == OO_MinusMinus;
    if (!counts && call->isInfixBinaryOp())
      addOperator(BinaryOperator::getOverloadedOpcode(call->getOperator()), call->getOperatorLoc());
    return true;
  }

  bool TraverseReturnStmt(ReturnStmt *statement) {
    std::string text = statement->getRetValue() ? constantOf(*statement->getRetValue()) : std::string();
    if (text.empty())
      return Base::TraverseReturnStmt(statement);
    if (statement == Guarded)
      return add(StepKind::Guard, text, statement->getReturnLoc(), 0, statement);
    return add(StepKind::Return, text, statement->getReturnLoc());
  }

  // Branches are read in their normal form.
  bool TraverseCompoundStmt(CompoundStmt *block) { return walk(normalForm(*block, tailAfter(block))); }
  bool TraverseIfStmt(IfStmt *branch) { return walk(normalForm(*branch, tailAfter(branch))); }
  bool walk(const std::vector<NormalStep> &steps) {
    for (const NormalStep &step : steps)
      if (!walk(step))
        return false;
    return true;
  }

  bool VisitForStmt(ForStmt *loop) { return addLoop(loop->getForLoc(), loop->getBody()); }
  bool VisitWhileStmt(WhileStmt *loop) { return addLoop(loop->getWhileLoc(), loop->getBody()); }
  bool VisitDoStmt(DoStmt *loop) { return addLoop(loop->getDoLoc(), loop->getBody()); }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *loop) { return addLoop(loop->getForLoc(), loop->getBody()); }

  bool VisitCXXThrowExpr(CXXThrowExpr *thrown) {
    const Expr *what = thrown->getSubExpr();
    return add(StepKind::Throw, what ? Out.facts.strings[typeOf(what->getType())] : "what it caught",
               thrown->getThrowLoc());
  }

  bool VisitCXXCatchStmt(CXXCatchStmt *handler) {
    ThrowFinder finder;
    finder.TraverseStmt(handler->getHandlerBlock());
    if (finder.found)
      return true;
    QualType type = handler->getCaughtType();
    return add(StepKind::Swallow,
               type.isNull() ? std::string("...") : Out.facts.strings[typeOf(type.getNonReferenceType())],
               handler->getCatchLoc());
  }

  bool VisitCXXConstructExpr(CXXConstructExpr *construction) {
    const CXXRecordDecl *type = construction->getConstructor()->getParent();
    if (type->isInStdNamespace() && isLockName(type->getName()) && construction->getNumArgs())
      addLock(*construction->getArg(0), construction->getLocation(), construction);
    return true;
  }

  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *call) {
    const CXXMethodDecl *method = call->getMethodDecl();
    if (method && method->getDeclName().isIdentifier() && method->getName() == "lock" &&
        method->getParent()->getName().ends_with("mutex"))
      addLock(*call->getImplicitObjectArgument(), call->getExprLoc());
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
        variable && variable->hasGlobalStorage() && !variable->getType().isConstQualified() &&
        Out.inProject(variable->getLocation()) && !isMutex(variable->getType()))
      add(StepKind::Global, variable->getNameAsString(), reference->getLocation());
    else if (isa<EnumConstantDecl>(reference->getDecl()))
      add(StepKind::Constant, constantOf(*reference), reference->getLocation());
    return true;
  }
  bool VisitIntegerLiteral(IntegerLiteral *literal) {
    // Every counter begins at nought and every loop goes on by one.
    return literal->getValue().ult(2) ? addDetail(*literal) : addConstant(*literal);
  }
  bool VisitCXXBoolLiteralExpr(CXXBoolLiteralExpr *literal) { return addDetail(*literal); }
  bool VisitFloatingLiteral(FloatingLiteral *literal) { return addConstant(*literal); }
  bool VisitStringLiteral(StringLiteral *literal) { return literal->getLength() == 0 || addConstant(*literal); }
  bool VisitCharacterLiteral(CharacterLiteral *literal) { return addConstant(*literal); }

private:
  static constexpr std::size_t kLongestConstant = 60;

  StringId typeOf(QualType type) {
    PrintingPolicy spelling{LangOptions()};
    spelling.AnonymousTagLocations = false;
    return Out.intern(type.getUnqualifiedType().getAsString(spelling));
  }

  /// \param whole what the step is the whole of, when it is.
  bool add(StepKind kind, llvm::StringRef text, SourceLocation location, StringId usr = 0,
           const Stmt *whole = nullptr) {
    return addNamed(kind, Out.intern(text), location, usr, whole);
  }
  bool addNamed(StepKind kind, StringId text, SourceLocation location, StringId usr, const Stmt *whole) {
    if (location.isInvalid()) // nobody has written it
      return true;
    Fact.body.steps.push_back({kind, text, usr, Within, Out.anyToken(location)});
    if (whole)
      stepOf[whole] = static_cast<std::uint32_t>(Fact.body.steps.size());
    return true;
  }
  bool addLoop(SourceLocation location, const Stmt *body) {
    LoopBodies.insert(body);
    return add(StepKind::Loop, "", location);
  }
  Tail tailAfter(const Stmt *code) const { return LoopBodies.contains(code) ? Tail::Continue : Tail::Unknown; }

  bool walk(const NormalStep &step) {
    auto *code = const_cast<Stmt *>(step.stmt);
    switch (step.kind) {
    case NormalStep::Plain:
      return isa<IfStmt>(code) ? Base::TraverseIfStmt(cast<IfStmt>(code)) : TraverseStmt(code);
    case NormalStep::Block:
      return walk(step.inner);
    case NormalStep::Leave:
      return true;
    case NormalStep::Branch:
      break;
    }
    if (const ReturnStmt *checked = nullReturn(step))
      Guarded = checked;
    return truth(const_cast<Expr *>(step.condition), step.negated) && walk(step.inner) && walk(step.other);
  }

  /// A condition, or its opposite.
  bool truth(Expr *condition, bool negated) {
    Expr *inner = condition->IgnoreParens();
    if (auto *cleanups = dyn_cast<ExprWithCleanups>(inner))
      inner = cleanups->getSubExpr()->IgnoreParens();
    if (auto *negation = dyn_cast<UnaryOperator>(inner); negation && negation->getOpcode() == UO_LNot)
      return truth(negation->getSubExpr(), !negated);
    if (auto *operation = dyn_cast<BinaryOperator>(inner)) {
      if (operation->isLogicalOp()) {
        bool isAnd = (operation->getOpcode() == BO_LAnd) != negated;
        addOperator(isAnd ? BO_LAnd : BO_LOr, operation->getOperatorLoc());
        return truth(operation->getLHS(), negated) && truth(operation->getRHS(), negated);
      }
      if (hasOpposite(*operation))
        return compare(*operation,
                       negated ? BinaryOperator::negateComparisonOp(operation->getOpcode()) : operation->getOpcode());
    }
    // That something is not there is a question of its own.
    if (negated && !asksForNull(*inner, true))
      add(StepKind::Detail, "!", inner->getExprLoc());
    return TraverseStmt(condition);
  }

  bool compare(BinaryOperator &operation, BinaryOperatorKind kind) {
    for (bool left : {true, false}) {
      const Expr *constant = left ? operation.getLHS() : operation.getRHS();
      Expr *other = left ? operation.getRHS() : operation.getLHS();
      std::string text = constantOf(*constant);
      if (text.empty())
        continue;
      BinaryOperatorKind turned = left ? BinaryOperator::reverseComparisonOp(kind) : kind;
      add(StepKind::Comparison, BinaryOperator::getOpcodeStr(turned).str() + " " + text, operation.getOperatorLoc());
      return TraverseStmt(other);
    }
    addOperator(kind, operation.getOperatorLoc());
    return TraverseStmt(operation.getLHS()) && TraverseStmt(operation.getRHS());
  }

  bool addConstant(const Expr &literal) { return add(StepKind::Constant, constantOf(literal), literal.getExprLoc()); }
  bool addDetail(const Expr &literal) { return add(StepKind::Detail, constantOf(literal), literal.getExprLoc()); }
  /// `x += y` computes what `x = x + y` does, and `a > b` asks what `b < a` does.
  void addOperator(BinaryOperatorKind kind, SourceLocation location) {
    if (BinaryOperator::isCompoundAssignmentOp(kind))
      kind = BinaryOperator::getOpForCompoundAssignment(kind);
    else if (kind == BO_GT || kind == BO_GE)
      kind = BinaryOperator::reverseComparisonOp(kind);
    if (kind != BO_Assign && kind != BO_Comma)
      add(StepKind::Detail, BinaryOperator::getOpcodeStr(kind).str(), location);
  }
  void addLock(const Expr &guarded, SourceLocation location, const Stmt *whole = nullptr) {
    const Expr *what = bare(&guarded);
    const auto *reference = dyn_cast<DeclRefExpr>(what);
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    add(StepKind::Lock, variable && variable->hasGlobalStorage() ? "global" : "member", location, 0, whole);
  }

  static bool isMutex(QualType type) {
    const CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
    return record && record->getName().ends_with("mutex");
  }

  /// \returns how a constant is said in a message, or nothing when it is none.
  static std::string constantOf(const Expr &expression) {
    const Expr *inner = bare(&expression);
    if (const auto *sign = dyn_cast<UnaryOperator>(inner); sign && sign->getOpcode() == UO_Minus)
      if (std::string text = constantOf(*sign->getSubExpr()); !text.empty())
        return "-" + text;
    if (const auto *number = dyn_cast<IntegerLiteral>(inner))
      return llvm::toString(number->getValue(), 10, /*Signed=*/false);
    if (const auto *number = dyn_cast<FloatingLiteral>(inner)) {
      llvm::SmallString<24> text;
      number->getValue().toString(text);
      return text.str().str();
    }
    if (const auto *character = dyn_cast<CharacterLiteral>(inner))
      return "character " + std::to_string(character->getValue());
    if (const auto *flag = dyn_cast<CXXBoolLiteralExpr>(inner))
      return flag->getValue() ? "true" : "false";
    if (const auto *text = dyn_cast<StringLiteral>(inner))
      return "\"" + text->getBytes().take_front(kLongestConstant).str() + "\"";
    if (isa<CXXNullPtrLiteralExpr>(inner))
      return "nullptr";
    const auto *reference = dyn_cast<DeclRefExpr>(inner);
    const auto *choice = reference ? dyn_cast<EnumConstantDecl>(reference->getDecl()) : nullptr;
    return choice ? choice->getNameAsString() : std::string();
  }

  Recorder &Out;
  FunctionFact &Fact;
  std::uint32_t Within = 0;
  const Stmt *Guarded = nullptr; ///< the return that a check for null leads to
  llvm::SmallPtrSet<const Stmt *, 8> LoopBodies;
};

} // namespace

void recordSteps(const FunctionDecl &function, Recorder &recorder, FunctionFact &fact) {
  StepVisitor visitor(recorder, fact);
  if (const auto *block = dyn_cast<CompoundStmt>(function.getBody()))
    visitor.walk(normalForm(*block, tailOf(function)));
  else
    visitor.TraverseStmt(function.getBody());
  recordStatements(function, visitor.stepOf, recorder, fact);
  for (unsigned i = 0; i < function.getNumParams() && i < fact.parameters.size(); ++i) {
    const ParmVarDecl *parameter = function.getParamDecl(i);
    if (parameter->hasDefaultArg() && !parameter->hasUninstantiatedDefaultArg() && !parameter->hasUnparsedDefaultArg())
      fact.parameters[i].defaultValue = recorder.intern(Lexer::getSourceText(
          CharSourceRange::getTokenRange(parameter->getDefaultArgRange()), recorder.sources(), recorder.language()));
  }
}

} // namespace ssot
