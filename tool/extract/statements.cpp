#include "extract/statements.h"

#include "extract/normal_form.h"

#include <llvm/Support/xxhash.h>

namespace ssot {

using namespace clang;

namespace {

/// What a hash is of, beside Clang's own kinds of nodes.
enum Tag : std::uint64_t {
  kLocal = 0x10000,
  kParameter,
  kItself,
  kNamed,
  kState,
  kConstant,
  kOwnClass,
  kType,
  kCast,
  kUpdate,
  kWritten,
  kDeclared,
  kDiscarded,
  kBlock,
  kBody,
  kHead,
  kField,
  kLeave
};

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t mixed = (seed ^ (value + 0x9E3779B97F4A7C15ULL + (seed << 6U))) * 0xBF58476D1CE4E5B9ULL;
  return mixed ^ (mixed >> 29U);
}

std::uint64_t textHash(llvm::StringRef text) { return llvm::xxh3_64bits(text); }

std::uint64_t numberHash(const llvm::APInt &value) { return textHash(llvm::toString(value, 16, /*Signed=*/false)); }

class StatementHasher {
public:
  StatementHasher(const FunctionDecl &function, const StepOf &steps, Recorder &recorder, FunctionFact &fact)
      : Function(function), Steps(steps), Out(recorder), Fact(fact), Context(function.getASTContext()) {}

  void run() {
    std::uint64_t head = mix(kHead, typeHash(Function.getReturnType()));
    for (const ParmVarDecl *parameter : Function.parameters()) {
      std::uint64_t hash = mix(mix(kParameter, Identities.size()), typeHash(parameter->getType()));
      Identities[parameter] = hash;
      head = mix(head, hash);
    }
    head = mix(mix(head, Function.isVariadic()), Fact.written.isNoexcept);
    add(head, Function.getLocation());
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&Function))
      for (const CXXCtorInitializer *initializer : constructor->inits())
        add(mix(mix(kField, memberHash(*initializer)), hashOf(initializer->getInit())),
            initializer->getSourceLocation());
    if (const auto *block = dyn_cast<CompoundStmt>(Function.getBody()))
      list(normalForm(*block, tailOf(Function)));
    else
      statement(Function.getBody());
    if (!Comparable)
      Fact.body.statements.clear();
  }

private:
  void add(std::uint64_t hash, SourceLocation location, std::uint32_t step = 0) {
    auto folded = static_cast<std::uint32_t>(hash ^ (hash >> 32U));
    Fact.body.statements.push_back({std::max(folded, StatementFact::kEnd + 1), step, placeOf(location)});
  }
  void bracket(std::uint32_t which, SourceLocation location) {
    Fact.body.statements.push_back({which, 0, placeOf(location)});
  }
  /// What nobody has written, as an initialiser that is left out, stands nowhere.
  Place placeOf(SourceLocation location) {
    return Out.anyToken(location.isValid() ? location : Function.getLocation());
  }
  std::uint64_t incomparable() {
    Comparable = false;
    return 0;
  }

  void statement(const Stmt *code) {
    if (!code || isa<NullStmt>(code) || !Comparable)
      return;
    if (const auto *expression = dyn_cast<Expr>(code))
      return add(mix(kDiscarded, discarded(*expression)), code->getBeginLoc(), Steps.lookup(stripped(expression)));
    switch (code->getStmtClass()) {
    case Stmt::CompoundStmtClass:
      return block(*cast<CompoundStmt>(code));
    case Stmt::AttributedStmtClass:
      return statement(cast<AttributedStmt>(code)->getSubStmt());
    case Stmt::DeclStmtClass:
      for (const Decl *declaration : cast<DeclStmt>(code)->decls())
        declare(*declaration);
      return;
    case Stmt::ReturnStmtClass:
      return add(mix(code->getStmtClass(), hashOf(cast<ReturnStmt>(code)->getRetValue())), code->getBeginLoc());
    case Stmt::CoreturnStmtClass:
      return add(mix(code->getStmtClass(), hashOf(cast<CoreturnStmt>(code)->getOperand())), code->getBeginLoc());
    case Stmt::CoroutineBodyStmtClass:
      return statement(cast<CoroutineBodyStmt>(code)->getBody());
    case Stmt::BreakStmtClass:
    case Stmt::ContinueStmtClass:
      return add(code->getStmtClass(), code->getBeginLoc());
    case Stmt::IfStmtClass:
      return list(normalForm(*code, Tail::Unknown));
    case Stmt::ForStmtClass: {
      const auto *loop = cast<ForStmt>(code);
      statement(loop->getInit());
      declareCondition(loop->getConditionVariable());
      std::uint64_t step = loop->getInc() ? discarded(*loop->getInc()) : 0;
      return nested(mix(mix(code->getStmtClass(), hashOf(loop->getCond())), step), *code, loop->getBody());
    }
    case Stmt::WhileStmtClass: {
      const auto *loop = cast<WhileStmt>(code);
      declareCondition(loop->getConditionVariable());
      return nested(mix(code->getStmtClass(), hashOf(loop->getCond())), *code, loop->getBody());
    }
    case Stmt::DoStmtClass:
      return nested(mix(code->getStmtClass(), hashOf(cast<DoStmt>(code)->getCond())), *code,
                    cast<DoStmt>(code)->getBody());
    case Stmt::CXXForRangeStmtClass: {
      const auto *loop = cast<CXXForRangeStmt>(code);
      statement(loop->getInit());
      std::uint64_t range = hashOf(loop->getRangeInit());
      introduce(*loop->getLoopVariable(), range);
      return nested(mix(mix(code->getStmtClass(), range), Identities.lookup(loop->getLoopVariable())), *code,
                    loop->getBody());
    }
    case Stmt::SwitchStmtClass: {
      const auto *choice = cast<SwitchStmt>(code);
      statement(choice->getInit());
      declareCondition(choice->getConditionVariable());
      return nested(mix(code->getStmtClass(), hashOf(choice->getCond())), *code, choice->getBody());
    }
    case Stmt::CaseStmtClass: {
      const auto *label = cast<CaseStmt>(code);
      add(mix(mix(code->getStmtClass(), hashOf(label->getLHS())), hashOf(label->getRHS())), code->getBeginLoc());
      return statement(label->getSubStmt());
    }
    case Stmt::DefaultStmtClass:
      add(code->getStmtClass(), code->getBeginLoc());
      return statement(cast<DefaultStmt>(code)->getSubStmt());
    case Stmt::CXXTryStmtClass: {
      const auto *attempt = cast<CXXTryStmt>(code);
      add(code->getStmtClass(), code->getBeginLoc());
      statement(attempt->getTryBlock());
      for (unsigned i = 0; i < attempt->getNumHandlers(); ++i) {
        const CXXCatchStmt *handler = attempt->getHandler(i);
        std::uint64_t caught = 0;
        if (const VarDecl *variable = handler->getExceptionDecl()) {
          caught = typeHash(variable->getType());
          introduce(*variable, mix(handler->getStmtClass(), i));
        }
        add(mix(handler->getStmtClass(), caught), handler->getBeginLoc());
        statement(handler->getHandlerBlock());
      }
      return bracket(StatementFact::kEnd, code->getEndLoc());
    }
    default:
      incomparable();
    }
  }

  /// What dies at the end of a block makes the block matter.
  void block(const CompoundStmt &code) {
    bool guards = Depth > 0 && llvm::any_of(code.body(), [](const Stmt *each) { return isa<DeclStmt>(each); });
    if (guards)
      add(kBlock, code.getBeginLoc());
    list(normalForm(code, Tail::Unknown));
    if (guards)
      bracket(StatementFact::kEnd, code.getEndLoc());
  }

  void list(const std::vector<NormalStep> &steps) {
    ++Depth;
    for (const NormalStep &step : steps)
      each(step);
    --Depth;
  }

  void each(const NormalStep &step) {
    switch (step.kind) {
    case NormalStep::Plain:
      return isa<IfStmt>(step.stmt) ? branch(*cast<IfStmt>(step.stmt)) : statement(step.stmt);
    case NormalStep::Block:
      add(kBlock, step.stmt->getBeginLoc());
      list(step.inner);
      return bracket(StatementFact::kEnd, step.stmt->getEndLoc());
    case NormalStep::Leave:
      return add(kLeave, step.stmt->getBeginLoc());
    case NormalStep::Branch:
      break;
    }
    SourceLocation begin = step.stmt->getBeginLoc();
    std::uint64_t hash = mix(Stmt::IfStmtClass, truth(step.condition, step.negated));
    const ReturnStmt *checked = nullReturn(step);
    if (std::uint32_t guard = checked ? Steps.lookup(checked) : 0)
      return add(mix(hash, hashOf(checked->getRetValue())), begin, guard);
    add(mix(hash, false), begin);
    list(step.inner);
    if (!step.other.empty()) {
      bracket(StatementFact::kElse, begin);
      list(step.other);
    }
    bracket(StatementFact::kEnd, step.stmt->getEndLoc());
  }

  /// The body of a loop or of a branch ends where its bracket does, with or without braces.
  void body(const Stmt *code, Tail tail = Tail::Unknown) {
    unsigned depth = std::exchange(Depth, 0);
    if (code && isa<CompoundStmt, IfStmt>(code))
      list(normalForm(*code, tail));
    else
      statement(code);
    Depth = depth;
  }

  void nested(std::uint64_t hash, const Stmt &whole, const Stmt *inner) {
    add(hash, whole.getBeginLoc());
    body(inner, isa<SwitchStmt>(whole) ? Tail::Unknown : Tail::Continue);
    bracket(StatementFact::kEnd, whole.getEndLoc());
  }

  /// One that declares something in its head, or that the compiler decides.
  void branch(const IfStmt &code) {
    if (code.isConsteval())
      return static_cast<void>(incomparable());
    statement(code.getInit());
    declareCondition(code.getConditionVariable());
    add(mix(mix(code.getStmtClass(), hashOf(code.getCond())), code.isConstexpr()), code.getBeginLoc());
    body(code.getThen());
    if (code.getElse()) {
      bracket(StatementFact::kElse, code.getElseLoc());
      body(code.getElse());
    }
    bracket(StatementFact::kEnd, code.getEndLoc());
  }

  void declareCondition(const VarDecl *variable) {
    if (variable)
      declare(*variable);
  }

  void declare(const Decl &declaration) {
    if (isa<UsingDecl, UsingDirectiveDecl, TypedefNameDecl, StaticAssertDecl, UsingEnumDecl, NamespaceAliasDecl,
            EmptyDecl>(declaration))
      return;
    const auto *variable = dyn_cast<VarDecl>(&declaration);
    // A static variable is a state of its own.
    if (!variable || (variable->hasGlobalStorage() && !variable->getType().isConstQualified()))
      return static_cast<void>(incomparable());
    const Expr *init = variable->getInit();
    std::uint64_t value = mix(variable->hasGlobalStorage(), hashOf(init));
    introduce(*variable, value);
    add(mix(kDeclared, Identities.lookup(variable)), variable->getLocation(), init ? Steps.lookup(stripped(init)) : 0);
  }

  /// Gives a variable of the body its identity: its type and where its value comes from. One that logging needs does
  /// not give those behind it another.
  void introduce(const VarDecl &variable, std::uint64_t value) {
    std::uint64_t hash = mix(mix(kLocal, typeHash(variable.getType())), value);
    hash = mix(hash, Equals[hash]++);
    Identities[&variable] = hash;
    if (const auto *parts = dyn_cast<DecompositionDecl>(&variable))
      for (const BindingDecl *part : parts->bindings())
        Identities[part] = mix(hash, Equals[hash]++);
  }

  std::uint64_t typeHash(QualType type) {
    if (type.isNull())
      return kType;
    auto [known, isNew] = Types.try_emplace(type.getAsOpaquePtr(), 0);
    if (!isNew)
      return known->second;
    std::uint64_t hash = kType;
    QualType inner = type.getCanonicalType();
    for (; inner->isPointerType() || inner->isReferenceType(); inner = inner->getPointeeType())
      hash = mix(hash, mix(inner->getTypeClass(), inner->getPointeeType().isConstQualified()));
    const auto *method = dyn_cast<CXXMethodDecl>(&Function);
    const CXXRecordDecl *record = inner->getAsCXXRecordDecl();
    if (method && record && record->getCanonicalDecl() == method->getParent()->getCanonicalDecl()) {
      hash = mix(hash, kOwnClass);
    } else {
      PrintingPolicy spelling{Context.getLangOpts()};
      spelling.SuppressScope = method && record && record->getDeclContext()->Equals(method->getParent());
      spelling.AnonymousTagLocations = false;
      hash = mix(hash, textHash(inner.getUnqualifiedType().getAsString(spelling)));
    }
    return Types[type.getAsOpaquePtr()] = hash;
  }

  std::uint64_t memberHash(const CXXCtorInitializer &initializer) {
    if (const FieldDecl *field = initializer.getAnyMember())
      return mix(textHash(field->getName()), typeHash(field->getType()));
    return initializer.getBaseClass() ? typeHash(QualType(initializer.getBaseClass(), 0)) : kItself;
  }

  /// Without what the compiler puts around an expression and what changes no value.
  static const Expr *stripped(const Expr *expression) {
    while (expression) {
      const Expr *inner = nullptr;
      if (const auto *parens = dyn_cast<ParenExpr>(expression))
        inner = parens->getSubExpr();
      else if (const auto *full = dyn_cast<FullExpr>(expression))
        inner = full->getSubExpr();
      else if (const auto *temporary = dyn_cast<MaterializeTemporaryExpr>(expression))
        inner = temporary->getSubExpr();
      else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(expression))
        inner = bound->getSubExpr();
      else if (const auto *argument = dyn_cast<CXXDefaultArgExpr>(expression))
        inner = argument->getExpr();
      else if (const auto *init = dyn_cast<CXXDefaultInitExpr>(expression))
        inner = init->getExpr();
      else if (const auto *replaced = dyn_cast<SubstNonTypeTemplateParmExpr>(expression))
        inner = replaced->getReplacement();
      else if (const auto *list = dyn_cast<CXXStdInitializerListExpr>(expression))
        inner = list->getSubExpr();
      else if (const auto *conversion = dyn_cast<CastExpr>(expression); conversion && changesNothing(*conversion))
        inner = conversion->getSubExpr();
      if (!inner)
        break;
      expression = inner;
    }
    return expression;
  }

  static bool changesNothing(const CastExpr &conversion) {
    switch (conversion.getCastKind()) {
    case CK_LValueToRValue:
    case CK_ArrayToPointerDecay:
    case CK_FunctionToPointerDecay:
    case CK_BuiltinFnToFnPtr:
    case CK_ConstructorConversion: // the construction below says it
    case CK_UserDefinedConversion:
    case CK_ToVoid:
      return true;
    case CK_NoOp:
    case CK_DerivedToBase:
    case CK_UncheckedDerivedToBase:
    case CK_NullToPointer:
      return isa<ImplicitCastExpr>(conversion);
    default:
      return false;
    }
  }

  /// `++x`, `x++`, `x += 1` and `x = x + 1` are one thing when nobody asks for the value.
  std::uint64_t discarded(const Expr &expression) {
    const Expr *inner = stripped(&expression);
    if (const auto *step = dyn_cast_or_null<UnaryOperator>(inner); step && step->isIncrementDecrementOp())
      return updated(step->isIncrementOp() ? BO_Add : BO_Sub, hashOf(step->getSubExpr()),
                     mix(kConstant, textHash("1")));
    const auto *operation = dyn_cast_or_null<BinaryOperator>(inner);
    if (!operation)
      return hashOf(inner);
    if (operation->getOpcode() == BO_Comma)
      return mix(discarded(*operation->getLHS()), discarded(*operation->getRHS()));
    if (operation->isCompoundAssignmentOp())
      return updated(BinaryOperator::getOpForCompoundAssignment(operation->getOpcode()), hashOf(operation->getLHS()),
                     operand(*operation->getRHS()));
    const auto *computed = dyn_cast<BinaryOperator>(operation->getRHS()->IgnoreParenImpCasts());
    if (operation->getOpcode() == BO_Assign && computed &&
        (computed->isAdditiveOp() || computed->isMultiplicativeOp()) &&
        hashOf(computed->getLHS()->IgnoreParenImpCasts()) == hashOf(operation->getLHS()))
      return updated(computed->getOpcode(), hashOf(operation->getLHS()), operand(*computed->getRHS()));
    return hashOf(operation);
  }
  static std::uint64_t updated(BinaryOperatorKind kind, std::uint64_t what, std::uint64_t by) {
    return mix(mix(mix(kUpdate, kind), what), by);
  }
  /// A small number is the same whatever it is converted to.
  std::uint64_t operand(const Expr &expression) {
    const auto *literal = dyn_cast<IntegerLiteral>(expression.IgnoreParenImpCasts());
    return literal ? mix(kConstant, numberHash(literal->getValue())) : hashOf(&expression);
  }

  std::uint64_t children(std::uint64_t hash, const Stmt &node) {
    for (const Stmt *child : node.children()) {
      const auto *expression = dyn_cast_or_null<Expr>(child);
      if (child && !expression)
        return incomparable();
      hash = mix(hash, hashOf(expression));
    }
    return hash;
  }

  std::uint64_t hashOf(const Expr *expression) {
    expression = stripped(expression);
    if (!expression || !Comparable)
      return 0;
    std::uint64_t hash = expression->getStmtClass();
    switch (expression->getStmtClass()) {
    case Stmt::DeclRefExprClass:
      return declared(*cast<DeclRefExpr>(expression)->getDecl());
    case Stmt::MemberExprClass: {
      const auto *member = cast<MemberExpr>(expression);
      hash = mix(hash, declared(*member->getMemberDecl()));
      // Who says which class's method it is calls no override.
      return mix(mix(hash, member->hasQualifier()), hashOf(member->getBase()));
    }
    case Stmt::IntegerLiteralClass:
      return mix(mix(kConstant, numberHash(cast<IntegerLiteral>(expression)->getValue())),
                 typeHash(expression->getType()));
    case Stmt::FloatingLiteralClass: {
      llvm::APInt bits = cast<FloatingLiteral>(expression)->getValue().bitcastToAPInt();
      return mix(mix(hash, numberHash(bits)), typeHash(expression->getType()));
    }
    case Stmt::CharacterLiteralClass:
      return mix(mix(hash, cast<CharacterLiteral>(expression)->getValue()), typeHash(expression->getType()));
    case Stmt::StringLiteralClass:
      return mix(mix(hash, textHash(cast<StringLiteral>(expression)->getBytes())), typeHash(expression->getType()));
    case Stmt::CXXBoolLiteralExprClass:
      return mix(hash, cast<CXXBoolLiteralExpr>(expression)->getValue());
    case Stmt::CXXNullPtrLiteralExprClass:
    case Stmt::GNUNullExprClass:
    case Stmt::CXXThisExprClass:
      return hash;
    case Stmt::UnaryOperatorClass:
      if (cast<UnaryOperator>(expression)->getOpcode() == UO_LNot)
        return truth(expression, false);
      return children(mix(hash, cast<UnaryOperator>(expression)->getOpcode()), *expression);
    case Stmt::BinaryOperatorClass:
      return truth(expression, false);
    case Stmt::CompoundAssignOperatorClass:
      return children(mix(hash, cast<BinaryOperator>(expression)->getOpcode()), *expression);
    case Stmt::CXXOperatorCallExprClass:
      return children(mix(hash, cast<CXXOperatorCallExpr>(expression)->getOperator()), *expression);
    case Stmt::CXXRewrittenBinaryOperatorClass: {
      const auto *rewritten = cast<CXXRewrittenBinaryOperator>(expression);
      return mix(mix(mix(hash, rewritten->getOperator()), hashOf(rewritten->getLHS())), hashOf(rewritten->getRHS()));
    }
    case Stmt::ImplicitCastExprClass:
    case Stmt::CStyleCastExprClass:
    case Stmt::CXXFunctionalCastExprClass:
    case Stmt::CXXStaticCastExprClass:
    case Stmt::CXXReinterpretCastExprClass:
    case Stmt::CXXConstCastExprClass:
    case Stmt::CXXDynamicCastExprClass: {
      const auto *conversion = cast<CastExpr>(expression);
      return mix(mix(mix(kCast, conversion->getCastKind()), typeHash(expression->getType())),
                 hashOf(conversion->getSubExpr()));
    }
    case Stmt::CXXConstructExprClass:
    case Stmt::CXXTemporaryObjectExprClass: {
      const auto *construction = cast<CXXConstructExpr>(expression);
      return children(
          mix(mix(Stmt::CXXConstructExprClass, typeHash(expression->getType())), construction->isListInitialization()),
          *expression);
    }
    case Stmt::CallExprClass:
    case Stmt::CXXMemberCallExprClass:
    case Stmt::UserDefinedLiteralClass:
    case Stmt::ArraySubscriptExprClass:
    case Stmt::ParenListExprClass:
    case Stmt::CXXThrowExprClass:
      return children(hash, *expression);
    case Stmt::ConditionalOperatorClass: {
      const auto *choice = cast<ConditionalOperator>(expression);
      const bool turned = isNegative(*choice->getCond());
      const Expr *first = choice->getTrueExpr(), *second = choice->getFalseExpr();
      if (turned)
        std::swap(first, second);
      return mix(mix(mix(hash, truth(choice->getCond(), turned)), hashOf(first)), hashOf(second));
    }
    case Stmt::InitListExprClass:
    case Stmt::ImplicitValueInitExprClass:
    case Stmt::CXXScalarValueInitExprClass:
    case Stmt::CXXUnresolvedConstructExprClass:
      return children(mix(hash, typeHash(expression->getType())), *expression);
    case Stmt::CXXNewExprClass: {
      const auto *made = cast<CXXNewExpr>(expression);
      return children(mix(mix(hash, typeHash(made->getAllocatedType())), made->isArray()), *expression);
    }
    case Stmt::CXXDeleteExprClass:
      return children(mix(hash, cast<CXXDeleteExpr>(expression)->isArrayForm()), *expression);
    case Stmt::UnaryExprOrTypeTraitExprClass: {
      const auto *trait = cast<UnaryExprOrTypeTraitExpr>(expression);
      return mix(mix(hash, trait->getKind()), typeHash(trait->getTypeOfArgument()));
    }
    case Stmt::CoawaitExprClass:
      return mix(hash, hashOf(cast<CoawaitExpr>(expression)->getOperand()));
    case Stmt::CoyieldExprClass:
      return mix(hash, hashOf(cast<CoyieldExpr>(expression)->getOperand()));
    case Stmt::LambdaExprClass:
      return lambda(*cast<LambdaExpr>(expression));
    case Stmt::CXXDependentScopeMemberExprClass: {
      const auto *member = cast<CXXDependentScopeMemberExpr>(expression);
      hash = mix(hash, textHash(member->getMember().getAsString()));
      return mix(hash, member->isImplicitAccess() ? 0 : hashOf(member->getBase()));
    }
    case Stmt::UnresolvedMemberExprClass: {
      const auto *member = cast<UnresolvedMemberExpr>(expression);
      hash = mix(hash, textHash(member->getMemberName().getAsString()));
      return mix(hash, member->isImplicitAccess() ? 0 : hashOf(member->getBase()));
    }
    case Stmt::UnresolvedLookupExprClass:
      return mix(hash, textHash(cast<UnresolvedLookupExpr>(expression)->getName().getAsString()));
    default:
      return incomparable();
    }
  }

  /// What a condition asks, or its opposite: `!(a && b)` is `!a || !b`, and `!(a < b)` is `a >= b`.
  std::uint64_t truth(const Expr *condition, bool negated) {
    condition = stripped(condition);
    if (const auto *negation = dyn_cast_or_null<UnaryOperator>(condition); negation && negation->getOpcode() == UO_LNot)
      return truth(negation->getSubExpr(), !negated);
    if (const auto *operation = dyn_cast_or_null<BinaryOperator>(condition)) {
      BinaryOperatorKind kind = operation->getOpcode();
      if (operation->isLogicalOp()) {
        kind = (kind == BO_LAnd) != negated ? BO_LAnd : BO_LOr;
        return mix(mix(mix(operation->getStmtClass(), kind), truth(operation->getLHS(), negated)),
                   truth(operation->getRHS(), negated));
      }
      if (!negated || hasOpposite(*operation))
        return binary(*operation, negated ? BinaryOperator::negateComparisonOp(kind) : kind);
    }
    std::uint64_t hash = hashOf(condition);
    return negated ? mix(mix(Stmt::UnaryOperatorClass, UO_LNot), hash) : hash;
  }

  /// `a > b` asks what `b < a` does.
  std::uint64_t binary(const BinaryOperator &operation, BinaryOperatorKind kind) {
    std::uint64_t left = hashOf(operation.getLHS()), right = hashOf(operation.getRHS());
    if (kind == BO_GT || kind == BO_GE) {
      kind = BinaryOperator::reverseComparisonOp(kind);
      std::swap(left, right);
    }
    return mix(mix(mix(operation.getStmtClass(), kind), left), right);
  }

  std::uint64_t lambda(const LambdaExpr &code) {
    std::uint64_t hash = code.getStmtClass();
    for (const LambdaCapture &capture : code.captures()) {
      hash = mix(hash, capture.getCaptureKind());
      if (!capture.capturesVariable())
        continue;
      const ValueDecl *variable = capture.getCapturedVar();
      if (const auto *made = dyn_cast<VarDecl>(variable); made && made->isInitCapture())
        introduce(*made, hashOf(made->getInit()));
      hash = mix(hash, declared(*variable));
    }
    const CXXMethodDecl *call = code.getCallOperator();
    for (const ParmVarDecl *parameter : call->parameters()) {
      introduce(*parameter, kParameter);
      hash = mix(hash, Identities.lookup(parameter));
    }
    hash = mix(mix(hash, typeHash(call->getReturnType())), code.isMutable());
    std::vector<StatementFact> outer = std::exchange(Fact.body.statements, {});
    body(code.getBody());
    for (const StatementFact &inner : Fact.body.statements)
      hash = mix(hash, inner.hash);
    Fact.body.statements = std::move(outer);
    return mix(hash, kBody);
  }

  std::uint64_t fieldHash(const FieldDecl &field) {
    return mix(mix(kField, textHash(field.getName())), typeHash(field.getType()));
  }

  std::uint64_t declared(const ValueDecl &declaration) {
    if (auto known = Identities.find(&declaration); known != Identities.end())
      return known->second;
    if (const auto *field = dyn_cast<FieldDecl>(&declaration))
      return fieldHash(*field);
    if (const auto *choice = dyn_cast<EnumConstantDecl>(&declaration))
      return mix(mix(kNamed, textHash(choice->getName())), numberHash(choice->getInitVal()));
    if (const auto *parameter = dyn_cast<NonTypeTemplateParmDecl>(&declaration))
      return mix(mix(kParameter, parameter->getDepth()), parameter->getIndex());
    if (const auto *function = dyn_cast<FunctionDecl>(&declaration)) {
      if (primaryDecl(function) == primaryDecl(&Function))
        return kItself;
      // Which function it is the steps say; what it is called on and with stands here.
      return mix(kNamed, textHash(function->getDeclName().getAsString()));
    }
    const auto *variable = dyn_cast<VarDecl>(&declaration);
    if (!variable || !variable->hasGlobalStorage())
      return incomparable();
    if (variable->getType().isConstQualified() && variable->getAnyInitializer() && Deep < kDeepest) {
      ++Deep;
      std::uint64_t value = hashOf(variable->getAnyInitializer());
      --Deep;
      return mix(mix(kWritten, typeHash(variable->getType())), value);
    }
    return mix(kState, textHash(Out.facts.strings[Out.usr(primaryDecl(variable))]));
  }

  static constexpr unsigned kDeepest = 4;

  const FunctionDecl &Function;
  const StepOf &Steps;
  Recorder &Out;
  FunctionFact &Fact;
  const ASTContext &Context;
  bool Comparable = true;
  unsigned Depth = 0; ///< of blocks within a body
  unsigned Deep = 0;  ///< of constants that are made of constants
  llvm::DenseMap<const ValueDecl *, std::uint64_t> Identities;
  llvm::DenseMap<std::uint64_t, std::uint32_t> Equals; ///< how many variables of this type and value came before
  llvm::DenseMap<const void *, std::uint64_t> Types;
};

} // namespace

void recordStatements(const FunctionDecl &function, const StepOf &steps, Recorder &recorder, FunctionFact &fact) {
  StatementHasher(function, steps, recorder, fact).run();
}

} // namespace ssot
