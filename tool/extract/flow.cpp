#include "extract/flow.h"

#include "extract/called_lambda.h"
#include "extract/conditions.h"
#include "extract/values.h"
#include "extract/written_calls.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringSwitch.h>

namespace ssot {

using namespace clang;

namespace {

/// A delegating adapter is small. A body with more nodes than this does work of its own, whatever it is.
constexpr unsigned kMaxFlowNodes = 256;

class FlowBuilder {
public:
  FlowBuilder(const FunctionDecl &function, Recorder &recorder, FunctionFact &fact)
      : Function(function), Out(recorder), Fact(fact) {
    Named = changesIn(*function.getBody());
  }

  void run() {
    FlowNode root = node(FlowKind::Sequence, Function.getBody()->getSourceRange());
    statement(Function.getBody(), root);
    if (Nodes > kMaxFlowNodes) {
      Fact.flowTooLarge = true;
      Fact.body.calls.clear();
      return;
    }
    Fact.body.flow = std::move(root);
  }

private:
  FlowNode node(FlowKind kind, SourceRange range) {
    ++Nodes;
    FlowNode result;
    result.kind = kind;
    result.place = Out.anyRange(range);
    return result;
  }

  // --- statements
  // ---------------------------------------------------------------------------------------------------------------

  void statement(const Stmt *stmt, FlowNode &into) {
    if (!stmt || Nodes > kMaxFlowNodes)
      return;
    if (const auto *labelled = dyn_cast<LabelStmt>(stmt))
      return statement(labelled->getSubStmt(), into);
    if (const auto *attributed = dyn_cast<AttributedStmt>(stmt))
      return statement(attributed->getSubStmt(), into);
    if (const auto *choice = dyn_cast<SwitchCase>(stmt))
      return statement(choice->getSubStmt(), into);
    switch (stmt->getStmtClass()) {
    case Stmt::CompoundStmtClass:
      for (const Stmt *child : cast<CompoundStmt>(stmt)->body())
        statement(child, into);
      return;
    case Stmt::NullStmtClass:
      return;
    case Stmt::DeclStmtClass:
      for (const Decl *declaration : cast<DeclStmt>(stmt)->decls())
        if (const auto *variable = dyn_cast<VarDecl>(declaration))
          local(*variable, into);
      return;
    case Stmt::IfStmtClass:
      return branch(*cast<IfStmt>(stmt), into);
    case Stmt::SwitchStmtClass:
      return choose(*cast<SwitchStmt>(stmt), into);
    case Stmt::DoStmtClass:
      if (runsOnce(*cast<DoStmt>(stmt))) {
        FlowNode once = node(FlowKind::Switch, stmt->getSourceRange());
        once.children.push_back(sequenceOf(cast<DoStmt>(stmt)->getBody()));
        into.children.push_back(std::move(once));
        return;
      }
      return loop(stmt, into);
    case Stmt::WhileStmtClass:
    case Stmt::ForStmtClass:
    case Stmt::CXXForRangeStmtClass:
      return loop(stmt, into);
    case Stmt::CXXTryStmtClass:
      return attempt(*cast<CXXTryStmt>(stmt), into);
    case Stmt::ReturnStmtClass:
      return result(cast<ReturnStmt>(stmt)->getRetValue(), stmt->getSourceRange(), into);
    case Stmt::CoreturnStmtClass:
      return result(cast<CoreturnStmt>(stmt)->getOperand(), stmt->getSourceRange(), into);
    case Stmt::BreakStmtClass:
    case Stmt::ContinueStmtClass:
      into.children.push_back(node(FlowKind::Break, stmt->getSourceRange()));
      return;
    default:
      break;
    }
    if (const auto *expression = dyn_cast<Expr>(stmt))
      return expressionStatement(expression, into);
    into.children.push_back(node(FlowKind::Effect, stmt->getSourceRange()));
  }

  void local(const VarDecl &variable, FlowNode &into) {
    const Expr *init = variable.getInit();
    if (!init)
      return;
    calls(init, into);
    // An object that nobody names again is there for what its construction and destruction do: a guard, a timer.
    const auto *construction = dyn_cast<CXXConstructExpr>(bare(init));
    if (construction && !Named.referenced.contains(&variable) &&
        !construction->getConstructor()->isCopyOrMoveConstructor())
      emit(construction->getConstructor(), construction, nullptr,
           llvm::ArrayRef(construction->getArgs(), construction->getNumArgs()), into);
    if (!Named.changed.contains(&variable))
      Locals.try_emplace(&variable, init);
    if (!Named.assigned.contains(&variable))
      Objects.try_emplace(&variable, init);
  }

  void branch(const IfStmt &stmt, FlowNode &into) {
    if (stmt.getInit())
      statement(stmt.getInit(), into);
    if (const VarDecl *variable = stmt.getConditionVariable())
      local(*variable, into);
    bool nullIsElse = false;
    ConditionKind kind = condition(stmt.getCond(), nullIsElse);
    if (kind == ConditionKind::Other)
      calls(stmt.getCond(), into);
    alternatives(kind, nullIsElse, stmt.getSourceRange(), stmt.getThen(), stmt.getElse(), into);
  }

  void alternatives(ConditionKind kind, bool nullIsElse, SourceRange range, const Stmt *then, const Stmt *otherwise,
                    FlowNode &into) {
    FlowNode fork = node(FlowKind::Branch, range);
    fork.condition = kind;
    fork.nullIsElse = nullIsElse;
    for (const Stmt *side : {then, otherwise}) {
      FlowNode sequence = node(FlowKind::Sequence, side ? side->getSourceRange() : range);
      statement(side, sequence);
      fork.children.push_back(std::move(sequence));
    }
    into.children.push_back(std::move(fork));
  }

  FlowNode sequenceOf(const Stmt *stmt) {
    FlowNode sequence = node(FlowKind::Sequence, stmt->getSourceRange());
    statement(stmt, sequence);
    return sequence;
  }

  /// `do { ... } while (false)`
  static bool runsOnce(const DoStmt &loop) {
    const Expr *asked = bare(loop.getCond());
    if (const auto *value = dyn_cast<CXXBoolLiteralExpr>(asked))
      return !value->getValue();
    const auto *number = dyn_cast<IntegerLiteral>(asked);
    return number && number->getValue().isZero();
  }

  /// The cases in groups, each of which goes on with the next one where it does not end.
  void choose(const SwitchStmt &stmt, FlowNode &into) {
    if (stmt.getInit())
      statement(stmt.getInit(), into);
    if (const VarDecl *variable = stmt.getConditionVariable())
      local(*variable, into);
    calls(stmt.getCond(), into);
    FlowNode choice = node(FlowKind::Switch, stmt.getSourceRange());
    llvm::SmallPtrSet<const SwitchCase *, 8> seen;
    auto add = [&](const Stmt *child) {
      const auto *labelled = dyn_cast<SwitchCase>(child);
      for (const Stmt *inner = labelled; isa_and_nonnull<SwitchCase>(inner);
           inner = cast<SwitchCase>(inner)->getSubStmt())
        seen.insert(cast<SwitchCase>(inner));
      if (labelled)
        choice.children.push_back(node(FlowKind::Sequence, child->getSourceRange()));
      if (!choice.children.empty()) // nothing gets to what stands before the first case
        statement(child, choice.children.back());
    };
    if (const auto *block = dyn_cast<CompoundStmt>(stmt.getBody()))
      llvm::for_each(block->body(), add);
    else
      add(stmt.getBody());
    bool complete = stmt.isAllEnumCasesCovered();
    for (const SwitchCase *label = stmt.getSwitchCaseList(); label; label = label->getNextSwitchCase()) {
      complete |= isa<DefaultStmt>(label);
      if (!seen.contains(label)) // one inside of another statement may be anything
        choice.children.push_back(node(FlowKind::Effect, label->getSourceRange()));
    }
    if (!complete)
      choice.children.push_back(node(FlowKind::Sequence, stmt.getSourceRange()));
    into.children.push_back(std::move(choice));
  }

  void loop(const Stmt *stmt, FlowNode &into) {
    FlowNode repeated = node(FlowKind::Loop, stmt->getSourceRange());
    FlowNode sequence = node(FlowKind::Sequence, stmt->getSourceRange());
    if (const auto *ranged = dyn_cast<CXXForRangeStmt>(stmt)) {
      repeated.counts = true;
      if (ranged->getInit())
        statement(ranged->getInit(), into);
      calls(ranged->getRangeInit(), into);
      statement(ranged->getBody(), sequence);
    } else if (const auto *counted = dyn_cast<ForStmt>(stmt)) {
      repeated.counts = counted->getCond() && counted->getInc();
      statement(counted->getInit(), into);
      if (const VarDecl *variable = counted->getConditionVariable())
        local(*variable, sequence);
      calls(counted->getCond(), sequence);
      statement(counted->getBody(), sequence);
      calls(counted->getInc(), sequence);
    } else if (const auto *whileLoop = dyn_cast<WhileStmt>(stmt)) {
      if (const VarDecl *variable = whileLoop->getConditionVariable())
        local(*variable, sequence);
      calls(whileLoop->getCond(), sequence);
      statement(whileLoop->getBody(), sequence);
    } else if (const auto *doLoop = dyn_cast<DoStmt>(stmt)) {
      statement(doLoop->getBody(), sequence);
      calls(doLoop->getCond(), sequence);
    }
    repeated.children.push_back(std::move(sequence));
    into.children.push_back(std::move(repeated));
  }

  void attempt(const CXXTryStmt &stmt, FlowNode &into) {
    FlowNode guarded = node(FlowKind::Try, stmt.getSourceRange());
    FlowNode body = node(FlowKind::Sequence, stmt.getTryBlock()->getSourceRange());
    statement(stmt.getTryBlock(), body);
    guarded.children.push_back(std::move(body));
    for (unsigned i = 0; i < stmt.getNumHandlers(); ++i) {
      const CXXCatchStmt *handler = stmt.getHandler(i);
      FlowNode sequence = node(FlowKind::Sequence, handler->getSourceRange());
      statement(handler->getHandlerBlock(), sequence);
      // Whatever the handler does before, an exception leaves it when it ends in a throw.
      sequence.rethrows = !sequence.children.empty() && sequence.children.back().kind == FlowKind::Throw;
      guarded.children.push_back(std::move(sequence));
    }
    into.children.push_back(std::move(guarded));
  }

  std::optional<CalledLambda> called(const Expr *expression) const {
    return calledLambda(expression,
                        [&](const ValueDecl *variable) { return Locals.lookup(dyn_cast<VarDecl>(variable)); });
  }

  /// Makes what \p call gives its parameters what they stand for from here on.
  void bind(const CalledLambda &call) {
    if (call.lambda->isGenericLambda()) { // what it is made into stands nowhere else
      Changes made = changesIn(const_cast<CompoundStmt &>(*call.body));
      Named.changed.insert(made.changed.begin(), made.changed.end());
      Named.assigned.insert(made.assigned.begin(), made.assigned.end());
    }
    for (auto [parameter, argument] : call.given) {
      if (!Named.changed.contains(parameter))
        Locals[parameter] = argument;
      if (!Named.assigned.contains(parameter))
        Objects[parameter] = argument;
    }
  }

  /// What is evaluated before the body of a lambda that is called runs.
  void enter(const CalledLambda &call, FlowNode &into) {
    if (call.inPlace)
      captures(*call.lambda, into);
    for (auto [parameter, argument] : call.given)
      calls(argument, into);
    bind(call);
  }

  void captures(const LambdaExpr &lambda, FlowNode &into) {
    for (const VarDecl *made : initCaptures(lambda))
      local(*made, into);
  }

  static bool returns(const Stmt *stmt) {
    if (!stmt || isa<LambdaExpr>(stmt))
      return false;
    return isa<ReturnStmt, CoreturnStmt>(stmt) || llvm::any_of(stmt->children(), returns);
  }

  void result(const Expr *value, SourceRange range, FlowNode &into) {
    const Expr *inner = value ? bare(value) : nullptr;
    if (std::optional<CalledLambda> lambda = called(inner)) {
      // What the lambda returns is returned.
      enter(*lambda, into);
      statement(lambda->body, into);
      if (value->getType()->isVoidType())
        into.children.push_back(node(FlowKind::Return, range));
      return;
    }
    // `return p ? f(p) : 0` is `if (p) return f(p); else return 0;`.
    if (const auto *choice = dyn_cast_or_null<ConditionalOperator>(inner)) {
      FlowNode fork = node(FlowKind::Branch, range);
      fork.condition = condition(choice->getCond(), fork.nullIsElse);
      if (fork.condition == ConditionKind::Other)
        calls(choice->getCond(), into);
      for (const Expr *side : {choice->getTrueExpr(), choice->getFalseExpr()}) {
        FlowNode sequence = node(FlowKind::Sequence, side->getSourceRange());
        result(side, side->getSourceRange(), sequence);
        fork.children.push_back(std::move(sequence));
      }
      into.children.push_back(std::move(fork));
      return;
    }
    if (value)
      calls(value, into);
    FlowNode leave = node(FlowKind::Return, range);
    if (value)
      leave.value = origin(value);
    into.children.push_back(std::move(leave));
  }

  void expressionStatement(const Expr *expression, FlowNode &into) {
    const Expr *inner = bare(expression);
    if (std::optional<CalledLambda> lambda = called(inner); lambda && !returns(lambda->body)) {
      enter(*lambda, into);
      return statement(lambda->body, into);
    }
    if (const auto *discarded = dyn_cast<CStyleCastExpr>(inner); discarded && discarded->getType()->isVoidType())
      return expressionStatement(discarded->getSubExpr(), into);
    if (const auto *discarded = dyn_cast<CXXStaticCastExpr>(inner); discarded && discarded->getType()->isVoidType())
      return expressionStatement(discarded->getSubExpr(), into);
    if (isa<CXXThrowExpr>(inner)) {
      calls(inner, into);
      into.children.push_back(node(FlowKind::Throw, inner->getSourceRange()));
      return;
    }
    calls(inner, into);
    // An object that nobody keeps is made for what its construction does.
    if (const auto *cast = dyn_cast<CXXFunctionalCastExpr>(inner))
      inner = bare(cast->getSubExpr());
    if (const auto *construction = dyn_cast<CXXConstructExpr>(inner);
        construction && !construction->getConstructor()->isTrivial())
      emit(construction->getConstructor(), construction, nullptr,
           llvm::ArrayRef(construction->getArgs(), construction->getNumArgs()), into);
  }

  /// What an operator changes, wherever it stands in an expression.
  void changes(const Expr *inner, FlowNode &into) {
    if (const auto *operation = dyn_cast<UnaryOperator>(inner); operation && operation->isIncrementDecrementOp())
      effect(operation->getSubExpr(), inner->getSourceRange(), /*counts=*/true, into);
    else if (const auto *assignment = dyn_cast<BinaryOperator>(inner); assignment && assignment->isAssignmentOp())
      effect(assignment->getLHS(), inner->getSourceRange(),
             assignment->isCompoundAssignmentOp() && assignment->getLHS()->getType()->isArithmeticType(), into);
    else if (const auto *call = dyn_cast<CXXOperatorCallExpr>(inner)) {
      if (call->getOperator() == OO_PlusPlus || call->getOperator() == OO_MinusMinus)
        effect(call->getArg(0), inner->getSourceRange(), /*counts=*/true, into);
      else if (call->isAssignmentOp())
        effect(call->getArg(0), inner->getSourceRange(), /*counts=*/false, into);
    } else if (isa<CXXDeleteExpr>(inner)) {
      into.children.push_back(node(FlowKind::Effect, inner->getSourceRange()));
    }
  }

  /// A change of something. A local variable of the function is nobody's state.
  void effect(const Expr *target, SourceRange range, bool counts, FlowNode &into) {
    if (const auto *reference = dyn_cast<DeclRefExpr>(bare(target)))
      if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
          variable && variable->hasLocalStorage() && !variable->getType()->isReferenceType())
        return;
    FlowNode change = node(FlowKind::Effect, range);
    change.counts = counts;
    change.value = origin(target);
    into.children.push_back(std::move(change));
  }

  // --- calls
  // --------------------------------------------------------------------------------------------------------------------

  /// Emits the calls inside an expression, innermost first, as they are evaluated.
  void calls(const Stmt *stmt, FlowNode &into) {
    if (!stmt || Nodes > kMaxFlowNodes)
      return;
    const auto *expression = dyn_cast<Expr>(stmt);
    const Expr *inner = expression ? bare(expression) : nullptr;
    if (!inner) {
      for (const Stmt *child : stmt->children())
        calls(child, into);
      return;
    }
    if (isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr>(inner))
      return;
    if (const auto *lambda = dyn_cast<LambdaExpr>(inner))
      return captures(*lambda, into);
    if (std::optional<CalledLambda> lambda = called(inner); lambda && lambda->onlyResult()) {
      enter(*lambda, into);
      return calls(lambda->onlyResult(), into);
    }
    if (const auto *choice = dyn_cast<AbstractConditionalOperator>(inner))
      return conditionalCalls(*choice, into);
    if (const auto *operation = dyn_cast<BinaryOperator>(inner); operation && operation->isLogicalOp()) {
      calls(operation->getLHS(), into);
      return sometimes(operation->getRHS(), into);
    }
    if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(inner);
        operation && operation->getOperator() == OO_LessLess)
      return streamChain(*operation, into);
    for (const Stmt *child : inner->children())
      calls(child, into);
    changes(inner, into);
    if (const auto *call = dyn_cast<CallExpr>(inner))
      emitCall(*call, into);
    else if (isa<CXXNewExpr>(inner))
      into.children.push_back(node(FlowKind::Effect, inner->getSourceRange()));
  }

  void conditionalCalls(const AbstractConditionalOperator &choice, FlowNode &into) {
    FlowNode fork = node(FlowKind::Branch, choice.getSourceRange());
    fork.condition = condition(choice.getCond(), fork.nullIsElse);
    if (fork.condition == ConditionKind::Other)
      calls(choice.getCond(), into);
    for (const Expr *side : {choice.getTrueExpr(), choice.getFalseExpr()}) {
      FlowNode sequence = node(FlowKind::Sequence, side->getSourceRange());
      calls(side, sequence);
      fork.children.push_back(std::move(sequence));
    }
    if (!fork.children[0].children.empty() || !fork.children[1].children.empty())
      into.children.push_back(std::move(fork));
  }

  void sometimes(const Expr *expression, FlowNode &into) {
    FlowNode fork = node(FlowKind::Branch, expression->getSourceRange());
    fork.children.push_back(node(FlowKind::Sequence, expression->getSourceRange()));
    fork.children.push_back(node(FlowKind::Sequence, expression->getSourceRange()));
    calls(expression, fork.children.front());
    if (!fork.children.front().children.empty())
      into.children.push_back(std::move(fork));
  }

  void emitCall(const CallExpr &call, FlowNode &into) {
    if (passedThrough(call) || isAccessor(call))
      return;
    const FunctionDecl *callee = call.getDirectCallee();
    if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call)) {
      // Assignments and increments are effects; comparisons, arithmetic and element access are values.
      if (operation->getOperator() != OO_Call)
        return;
    }
    if (const auto *overloaded = dyn_cast<OverloadExpr>(call.getCallee()->IgnoreParens()))
      callee = onlyCandidate(*overloaded);
    const Expr *object = writtenObject(call);
    llvm::ArrayRef<const Expr *> arguments(call.getArgs(), call.getNumArgs());
    if (isa<CXXOperatorCallExpr>(call) && !arguments.empty()) {
      object = arguments.front();
      arguments = arguments.drop_front();
    }
    emit(callee, &call, object, arguments, into);
  }

  /// The whole of `log << a << b` is one call.
  void streamChain(const CXXOperatorCallExpr &outermost, FlowNode &into) {
    const Expr *left = &outermost;
    for (const auto *link = &outermost; link && link->getOperator() == OO_LessLess;
         link = dyn_cast<CXXOperatorCallExpr>(left)) {
      calls(link->getArg(1), into);
      left = bare(link->getArg(0));
    }
    calls(left, into);
    emit(outermost.getDirectCallee(), &outermost, left, {}, into);
  }

  void emit(const FunctionDecl *callee, const Expr *call, const Expr *object, llvm::ArrayRef<const Expr *> arguments,
            FlowNode &into) {
    CallFact fact;
    fact.place = Out.anyRange(call->getSourceRange());
    if (callee) {
      const NamedDecl *primary = primaryDecl(callee);
      fact.usr = Out.usr(primary);
      fact.name = Out.qualifiedName(primary);
      if (callee->getOverloadedOperator() == OO_LessLess)
        fact.name = Out.intern(streamName(call));
    } else {
      fact.name = Out.intern(dependentName(call));
      fact.dependent = call->isTypeDependent() || call->isInstantiationDependent();
    }
    if (object)
      fact.object = objectOrigin(object);
    for (const Expr *argument : arguments)
      fact.arguments.push_back(origin(argument));
    ++Nodes;
    FlowNode invoked;
    invoked.kind = FlowKind::Call;
    invoked.place = fact.place;
    invoked.call = static_cast<std::uint32_t>(Fact.body.calls.size());
    CallIndex[call] = invoked.call;
    Fact.body.calls.push_back(std::move(fact));
    into.children.push_back(std::move(invoked));
  }

  // --- origins
  // ------------------------------------------------------------------------------------------------------------------

  static Origin made(OriginKind kind) {
    Origin result;
    result.kind = kind;
    return result;
  }

  Origin conversion(const NamedDecl *through, llvm::ArrayRef<const Expr *> operands) {
    Origin result = made(OriginKind::Conversion);
    if (through) {
      result.usr = Out.usr(primaryDecl(through));
      result.name = Out.qualifiedName(through);
    }
    for (const Expr *operand : operands)
      result.operands.push_back(origin(operand));
    return result;
  }

  Origin origin(const Expr *expression) {
    const Expr *inner = bare(expression);
    if (Depth > 24)
      return made(OriginKind::Other);
    ++Depth;
    Origin result = originOf(inner);
    --Depth;
    return result;
  }

  /// Where the object of a call comes from: it stays the same one while its methods change its state.
  Origin objectOrigin(const Expr *expression) {
    if (const auto *reference = dyn_cast<DeclRefExpr>(bare(expression)))
      if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
        if (auto made = Objects.find(variable); made != Objects.end())
          return origin(made->second);
    return origin(expression);
  }

  Origin originOf(const Expr *inner) {
    if (isa<CXXThisExpr>(inner))
      return made(OriginKind::This);
    if (isa<IntegerLiteral, FloatingLiteral, StringLiteral, CharacterLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr,
            GNUNullExpr, CXXScalarValueInitExpr, ImplicitValueInitExpr, CXXDefaultArgExpr, UnaryExprOrTypeTraitExpr,
            UserDefinedLiteral, SourceLocExpr, PredefinedExpr>(inner))
      return made(OriginKind::Constant);
    if (const auto *reference = dyn_cast<DeclRefExpr>(inner))
      return originOf(*reference);
    if (const auto *member = dyn_cast<MemberExpr>(inner))
      return originOf(*member);
    if (const auto *call = dyn_cast<CallExpr>(inner))
      return originOf(*call);
    if (const auto *construction = dyn_cast<CXXConstructExpr>(inner)) {
      if (construction->getNumArgs() == 0)
        return made(OriginKind::Constant);
      if (construction->getConstructor()->isCopyOrMoveConstructor())
        return origin(construction->getArg(0));
      return conversion(construction->getConstructor(),
                        llvm::ArrayRef(construction->getArgs(), construction->getNumArgs()));
    }
    if (const auto *list = dyn_cast<InitListExpr>(inner))
      return list->getNumInits() == 0
                 ? made(OriginKind::Constant)
                 : conversion(nullptr, llvm::ArrayRef<const Expr *>(list->getInits(), list->getNumInits()));
    if (const auto *cast = dyn_cast<ExplicitCastExpr>(inner))
      return conversion(nullptr, {cast->getSubExpr()});
    if (const auto *unresolved = dyn_cast<CXXUnresolvedConstructExpr>(inner)) {
      llvm::SmallVector<const Expr *, 4> operands(unresolved->arguments());
      return conversion(nullptr, operands);
    }
    if (const auto *operation = dyn_cast<UnaryOperator>(inner)) {
      if (operation->getOpcode() == UO_AddrOf || operation->getOpcode() == UO_Deref ||
          operation->getOpcode() == UO_Plus)
        return origin(operation->getSubExpr());
      if (operation->getOpcode() == UO_Minus && origin(operation->getSubExpr()).kind == OriginKind::Constant)
        return made(OriginKind::Constant);
    }
    if (const auto *operation = dyn_cast<BinaryOperator>(inner); operation && operation->getOpcode() == BO_Comma)
      return origin(operation->getRHS());
    if (const auto *dependent = dyn_cast<CXXDependentScopeMemberExpr>(inner))
      return dependent->isImplicitAccess() ? made(OriginKind::Member) : conversion(nullptr, {dependent->getBase()});
    Origin other = made(OriginKind::Other);
    for (const Stmt *child : inner->children())
      if (const auto *operand = dyn_cast_or_null<Expr>(child); operand && !isa<LambdaExpr>(inner))
        other.operands.push_back(origin(operand));
    return other;
  }

  Origin originOf(const DeclRefExpr &reference) {
    const ValueDecl *declaration = reference.getDecl();
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (auto known = Locals.find(variable); known != Locals.end() && variable->hasLocalStorage())
      return origin(known->second);
    Origin result = made(OriginKind::Other);
    result.name = Out.intern(declaration->getNameAsString());
    if (isa<EnumConstantDecl, FunctionDecl, NonTypeTemplateParmDecl>(declaration)) {
      result.kind = OriginKind::Constant;
      return result;
    }
    if (const auto *parameter = dyn_cast<ParmVarDecl>(declaration)) {
      if (Named.changed.contains(declaration) || parameter->getDeclContext() != &Function) {
        result.kind = OriginKind::Local;
        return result;
      }
      result.kind = OriginKind::Parameter;
      result.index = parameter->getFunctionScopeIndex();
      return result;
    }
    if (variable && variable->hasLocalStorage()) {
      result.kind = OriginKind::Local;
      return result;
    }
    if (const auto *binding = dyn_cast<BindingDecl>(declaration)) {
      if (const auto *whole = dyn_cast_or_null<VarDecl>(binding->getDecomposedDecl()))
        if (auto known = Locals.find(whole); known != Locals.end())
          return conversion(nullptr, {known->second});
      return result;
    }
    if (variable && (variable->isConstexpr() || variable->getType().isConstQualified()))
      result.kind = OriginKind::Constant;
    return result;
  }

  Origin originOf(const MemberExpr &member) {
    Origin base = origin(member.getBase());
    if (isa<VarDecl>(member.getMemberDecl()))
      return made(OriginKind::Member);
    if (base.kind == OriginKind::This || base.kind == OriginKind::Member) {
      Origin result = made(OriginKind::Member);
      result.usr = Out.usr(member.getMemberDecl());
      result.name = Out.intern(member.getMemberDecl()->getNameAsString());
      return result;
    }
    Origin result = made(OriginKind::Conversion);
    result.name = Out.intern(member.getMemberDecl()->getNameAsString());
    result.operands.push_back(std::move(base));
    return result;
  }

  Origin originOf(const CallExpr &call) {
    if (const Expr *passed = passedThrough(call))
      return origin(passed);
    if (std::optional<CalledLambda> lambda = called(&call); lambda && lambda->onlyResult()) {
      bind(*lambda);
      return origin(lambda->onlyResult());
    }
    if (isAccessor(call))
      return conversion(call.getDirectCallee(), {cast<CXXMemberCallExpr>(call).getImplicitObjectArgument()});
    if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
        operation && operation->getOperator() == OO_Subscript)
      return conversion(nullptr, {operation->getArg(0)});
    auto known = CallIndex.find(&call);
    if (known == CallIndex.end())
      return made(OriginKind::Other);
    Origin result = made(OriginKind::Call);
    result.index = known->second;
    return result;
  }

  const FunctionDecl &Function;
  Recorder &Out;
  FunctionFact &Fact;
  Changes Named;
  llvm::DenseMap<const VarDecl *, const Expr *> Locals; ///< what a variable holds as long as it lives
  llvm::DenseMap<const VarDecl *, const Expr *>
      Objects; ///< what a variable was made from, whatever its methods did since
  llvm::DenseMap<const Expr *, std::uint32_t> CallIndex;
  unsigned Nodes = 0;
  unsigned Depth = 0;
};

} // namespace

void recordFlow(const FunctionDecl &function, Recorder &recorder, FunctionFact &fact) {
  FlowBuilder(function, recorder, fact).run();
}

} // namespace ssot
