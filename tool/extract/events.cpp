#include "extract/events.h"

#include "extract/event_calls.h"
#include "extract/risks.h"
#include "extract/standard_library.h"

namespace ssot {

using namespace clang;

namespace {

class EventBuilder : private EventCalls {
public:
  /// \param values of the object that a destructor ends.
  EventBuilder(const FunctionDecl &function, const VocabularyNames &emitters, Recorder &recorder,
               EventInstances &instances, GuardValues values = GuardValues())
      : EventCalls(function, emitters, recorder, instances), Values(std::move(values)) {}

  /// Fills the graph, or what is known of a function that calls nothing of interest.
  void run(FunctionFact &fact) {
    Place here = Out.anyToken(Function.getLocation());
    for (int i = 0; i < 3; ++i)
      Graph.nodes.emplace_back().place = here;
    At = kEntry;
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&Function))
      for (const CXXCtorInitializer *member : constructor->inits()) {
        initializer(member->getInit());
        // What is complete is destroyed when an exception leaves the constructor, and else lives on.
        guard(madeBy(*member), member->getSourceLocation());
      }
    Kept = Frames.size();
    statement(Function.getBody());
    if (const auto *destructor = dyn_cast<CXXDestructorDecl>(&Function))
      for (const Cleanup &cleanup : partsOf(*destructor->getParent()))
        destroy(cleanup, here);
    if (At != kNowhere) {
      step(EventNodeKind::Pass, Function.getBody()->getEndLoc());
      jump(kReturn, Kept);
    }
    finishJumps();
    if (!Graph.unknown && isFull())
      giveUp("it is too large");
    auto matters = [](const EventNode &node) { return node.kind != EventNodeKind::Pass; };
    if (llvm::any_of(Graph.nodes, matters)) {
      fact.events = std::move(Graph);
      return;
    }
    fact.neverThrows = !Graph.unknown && !isReached(kThrow);
    fact.neverReturns = !Graph.unknown && !isReached(kReturn);
  }

private:
  // --- expressions

  static const Expr *unwrapped(const Expr *value) {
    while (value) {
      if (const auto *cleanups = dyn_cast<ExprWithCleanups>(value))
        value = cleanups->getSubExpr();
      else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(value))
        value = bound->getSubExpr();
      else if (const auto *cast = dyn_cast<CXXFunctionalCastExpr>(value))
        value = cast->getSubExpr();
      else if (const auto *parens = dyn_cast<ParenExpr>(value))
        value = parens->getSubExpr();
      else if (const auto *copy = dyn_cast<CXXConstructExpr>(value); copy && copy->isElidable() && copy->getNumArgs())
        value = copy->getArg(0);
      else if (const auto *made = dyn_cast<MaterializeTemporaryExpr>(value); made && !made->isLValue())
        value = made->getSubExpr();
      else
        break;
    }
    return value;
  }

  /// A value that becomes an object of its own: no temporary is destroyed for it.
  void initializer(const Expr *value) {
    const Expr *inner = unwrapped(value);
    if (const auto *lambda = dyn_cast_or_null<LambdaExpr>(inner))
      return captures(*lambda);
    fullExpression(inner);
  }

  void fullExpression(const Expr *value) {
    std::size_t depth = Frames.size();
    expression(value);
    leave(depth);
  }

  void captures(const LambdaExpr &lambda) {
    for (const Expr *init : lambda.capture_inits())
      argument(init, true);
  }

  void expression(const Stmt *stmt) {
    if (!stmt || At == kNowhere || isFull())
      return;
    if (isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, CXXTypeidExpr, RequiresExpr>(stmt))
      return;
    if (const auto *value = dyn_cast<Expr>(stmt); value && KeptLambdas.contains(value)) {
      if (const auto *lambda = dyn_cast<LambdaExpr>(value))
        captures(*lambda);
      return; // the guard that keeps it is known
    }
    if (const auto *lambda = dyn_cast<LambdaExpr>(stmt)) {
      captures(*lambda);
      return escape(*lambda->getCallOperator(), lambda->getBeginLoc());
    }
    if (const auto *suspension = dyn_cast<CoroutineSuspendExpr>(stmt))
      return suspend(*suspension);
    if (isa<DependentCoawaitExpr>(stmt))
      return unknown(stmt->getBeginLoc(), "what a template's argument decides");
    if (const auto *cast = dyn_cast<ExplicitCastExpr>(stmt);
        cast && cast->getType()->isVoidType() && isa<DeclRefExpr>(cast->getSubExpr()->IgnoreParens()))
      return; // `(void)unused`
    if (isa<StmtExpr>(stmt))
      return giveUp("it has statements in an expression");
    if (const auto *defaulted = dyn_cast<CXXDefaultArgExpr>(stmt))
      return expression(defaulted->getExpr());
    if (const auto *member = dyn_cast<CXXDefaultInitExpr>(stmt))
      return expression(member->getExpr());
    if (const auto *choice = dyn_cast<AbstractConditionalOperator>(stmt)) {
      return either(
          decide(choice->getCond()), [&] { sometimes(choice->getTrueExpr()); },
          [&] { sometimes(choice->getFalseExpr()); });
    }
    if (const auto *operation = dyn_cast<BinaryOperator>(stmt); operation && operation->isLogicalOp()) {
      Outcome left = decide(operation->getLHS());
      if (operation->getOpcode() == BO_LOr)
        std::swap(left.yes, left.no);
      return either(left, [&] { sometimes(operation->getRHS()); }, [] {});
    }
    if (const auto *thrown = dyn_cast<CXXThrowExpr>(stmt))
      return raise(*thrown);
    if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(stmt)) {
      expression(bound->getSubExpr());
      return guard(bound->getType(), bound->getBeginLoc());
    }
    if (isa<DeclRefExpr, MemberExpr>(stmt)) {
      if (const auto *member = dyn_cast<MemberExpr>(stmt))
        expression(member->getBase());
      if (const CXXRecordDecl *record = cast<Expr>(stmt)->getType().getNonReferenceType()->getAsCXXRecordDecl();
          record && record->isLambda())
        escape(*record->getLambdaCallOperator(), cast<Expr>(stmt)->getExprLoc());
      return;
    }
    if (const auto *invocation = dyn_cast<CallExpr>(stmt))
      return invoke(*invocation);
    if (const auto *list = dyn_cast<InitListExpr>(stmt)) {
      for (const Expr *value : list->inits())
        initializer(value);
      return;
    }
    if (const auto *construction = dyn_cast<CXXConstructExpr>(stmt)) {
      if (construction == KeptBy)
        return keep(construction->arguments(), construction->getLocation());
      construct(*construction);
      for (std::size_t left = timesOf(construction->getType()); left > 0; --left)
        call(construction->getConstructor(), construction->getLocation(),
             llvm::ArrayRef(construction->getArgs(), construction->getNumArgs()), false);
      return;
    }
    for (const Stmt *child : stmt->children())
      expression(child);
    if (const auto *allocation = dyn_cast<CXXNewExpr>(stmt)) {
      if (const FunctionDecl *function = allocation->getOperatorNew(); !function || !isQuiet(*function))
        risk(allocation->getBeginLoc());
    } else if (const auto *deletion = dyn_cast<CXXDeleteExpr>(stmt)) {
      QualType type = deletion->getDestroyedType();
      for (const Cleanup &cleanup : type.isNull() ? std::vector<Cleanup>() : cleanupsOf(type)) {
        EventNodeKind kind = deletion->isArrayForm() ? EventNodeKind::Escape // of how many?
                             : cast<CXXMethodDecl>(cleanup.destructor)->isVirtual() ? EventNodeKind::Virtual
                                                                                    : EventNodeKind::Call;
        name(step(kind, deletion->getBeginLoc()), *cleanup.destructor);
      }
    } else if (isa<CXXDynamicCastExpr>(stmt) && cast<Expr>(stmt)->isGLValue()) {
      risk(stmt->getBeginLoc()); // std::bad_cast
    } else if (isa<CXXUnresolvedConstructExpr>(stmt)) {
      unknown(stmt->getBeginLoc(), "what a template's argument decides");
    }
  }

  /// Something is handed to a callee. A lambda is no secret of one whose body is seen with its type.
  void argument(const Expr *value, bool isSeen) {
    const Expr *lambda = isSeen ? handedLambda(value) : nullptr;
    if (!lambda)
      return expression(value);
    if (const auto *written = dyn_cast<LambdaExpr>(lambda))
      captures(*written);
    else if (const auto *member = dyn_cast<MemberExpr>(lambda))
      expression(member->getBase());
    else if (!isa<DeclRefExpr>(lambda))
      expression(lambda);
  }

  /// A guard is made that does nothing but keep what it is given.
  template <typename Values>
  void keep(Values values, SourceLocation location) {
    for (const Expr *value : values)
      expression(value);
    if (KeptMayThrow)
      risk(location);
  }

  void construct(const CXXConstructExpr &construction) {
    const CXXConstructorDecl &constructor = *construction.getConstructor();
    const CXXRecordDecl &record = *constructor.getParent();
    const bool isMade = constructor.isImplicit() || constructor.isDefaulted();
    const bool isSeen = (isMade && Out.inProject(record.getLocation())) || Made.isSeen(constructor);
    for (const Expr *value : construction.arguments())
      argument(value, isSeen);
    // Who sees only the base calls what no type tells; and which of two guards still acts when one was moved, only runs
    // tell.
    if (record.hasDefinition() && (record.isPolymorphic() || (constructor.isMoveConstructor() && !isMade)))
      for (const CXXMethodDecl *lambda : lambdasIn(construction.getType()))
        escape(*lambda, construction.getLocation());
  }

  /// A part of an expression that is not always reached. A guard made there has no fixed end.
  void sometimes(const Expr *value) {
    withoutGuards([&] { expression(value); });
  }
  template <typename Part>
  void withoutGuards(Part part) {
    std::size_t depth = Frames.size();
    part();
    if (Frames.size() > depth)
      giveUp("a temporary guard is made under a condition");
    Frames.resize(depth);
  }

  /// Walks over a condition. In `a && b` what `b` emits was emitted whenever the whole holds.
  Outcome decide(const Expr *value) {
    if (const auto *cleanups = dyn_cast_or_null<ExprWithCleanups>(value))
      return decide(cleanups->getSubExpr());
    const Expr *inner = value ? value->IgnoreParenImpCasts() : nullptr;
    if (const auto *negation = dyn_cast_or_null<UnaryOperator>(inner); negation && negation->getOpcode() == UO_LNot) {
      Outcome outcome = decide(negation->getSubExpr());
      return {outcome.no, outcome.yes};
    }
    const auto *operation = dyn_cast_or_null<BinaryOperator>(inner);
    if (operation && operation->getOpcode() == BO_Comma) {
      expression(operation->getLHS());
      return decide(operation->getRHS());
    }
    if (operation && operation->isLogicalOp()) {
      bool isAnd = operation->getOpcode() == BO_LAnd;
      Outcome left = decide(operation->getLHS()), right{};
      At = isAnd ? left.yes : left.no;
      withoutGuards([&] { right = decide(operation->getRHS()); });
      return isAnd ? Outcome{right.yes, joined(left.no, right.no)} : Outcome{joined(left.yes, right.yes), right.no};
    }
    std::optional<bool> known = Values.holds(value);
    expression(value);
    if (!known)
      known = constant(value);
    return {known == std::optional(false) ? kNowhere : At, known == std::optional(true) ? kNowhere : At};
  }

  /// It is taken to be resumed: a coroutine that nobody resumes has no way on.
  void suspend(const CoroutineSuspendExpr &suspension) {
    if (suspension.getType()->isDependentType() || !suspension.getCommonExpr())
      return unknown(suspension.getKeywordLoc(), "what a template's argument decides");
    const Expr *outer = AwaitedCall;
    AwaitedCall = suspension.getOperand() ? unwrapped(suspension.getOperand()->IgnoreImplicit()) : nullptr;
    expression(suspension.getCommonExpr());
    AwaitedCall = outer;
    expression(suspension.getReadyExpr());
    fork([&] { sometimes(suspension.getSuspendExpr()); }, [] {});
    expression(suspension.getResumeExpr());
  }

  void raise(const CXXThrowExpr &thrown) {
    const Expr *value = thrown.getSubExpr();
    if (value)
      expression(unwrapped(value));
    std::uint32_t node = step(EventNodeKind::Pass, thrown.getThrowLoc());
    if (node == kNowhere)
      return;
    Nodes targets = value ? unwound(Frames.size(), value->getType()) : unwound(Frames.size());
    Graph.nodes[node].thrown = std::move(targets);
    At = kNowhere;
  }

  /// The lambda that is called, in place or by what keeps it, and where its own arguments begin.
  static const CXXMethodDecl *lambdaCalled(const CallExpr &invocation) {
    const FunctionDecl *callee = invocation.getDirectCallee();
    const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
    if (method && method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call)
      return isa<CXXOperatorCallExpr>(invocation) ? method : nullptr;
    if (!callee || !callee->isInStdNamespace() || !callee->getIdentifier() || callee->getName() != "invoke")
      return nullptr;
    const Expr *lambda = invocation.getNumArgs() ? handedLambda(invocation.getArg(0)) : nullptr;
    const CXXRecordDecl *record = lambda ? lambda->getType().getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
    return record && !record->isGenericLambda() ? record->getLambdaCallOperator() : nullptr;
  }

  void invoke(const CallExpr &invocation) {
    const FunctionDecl *callee = invocation.getDirectCallee();
    const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
    const bool isAwaited = &invocation == AwaitedCall;
    if (&invocation == KeptBy)
      return keep(invocation.arguments(), invocation.getBeginLoc());
    if (const CXXMethodDecl *lambda = Values.called(invocation)) {
      for (unsigned i = 1; i < invocation.getNumArgs(); ++i)
        expression(invocation.getArg(i));
      return call(lambda, invocation.getBeginLoc(), {}, false);
    }
    if (const CXXMethodDecl *lambda = lambdaCalled(invocation)) {
      argument(invocation.getArg(0), true);
      for (unsigned i = 1; i < invocation.getNumArgs(); ++i)
        argument(invocation.getArg(i), Made.isSeen(*lambda));
      return call(lambda, invocation.getBeginLoc(), {}, false, isAwaited);
    }
    if (const auto *pseudo = dyn_cast<CXXPseudoDestructorExpr>(invocation.getCallee()->IgnoreParens()))
      return expression(pseudo->getBase());
    std::vector<const Expr *> arguments(invocation.arg_begin(), invocation.arg_end());
    bool isVirtual = false;
    SourceLocation location = invocation.getBeginLoc();
    if (const auto *member = dyn_cast<MemberExpr>(invocation.getCallee()->IgnoreParens())) {
      expression(member->getBase());
      location = member->getMemberLoc();
      if (method && method->isVirtual() && !member->hasQualifier()) {
        // What is final, or of an object that is seen to be made, is not overridden.
        const CXXMethodDecl *only = method->getDevirtualizedMethod(member->getBase(), /*IsAppleKext=*/false);
        isVirtual = !only;
        callee = only ? only : callee;
      }
      if (callee && !isVirtual && !Emitters.find(callee) && !Out.inProject(callee->getLocation()))
        arguments.push_back(member->getBase());
    } else if (!callee) {
      expression(invocation.getCallee());
    }
    for (const Expr *value : invocation.arguments())
      argument(value, callee && !isVirtual && Made.isSeen(*callee));
    if (!callee && invocation.isTypeDependent())
      return maybeEmitter(invocation);
    call(callee, location, arguments, isVirtual, isAwaited);
  }

  // --- statements

  template <typename First, typename Second>
  void fork(First first, Second second) {
    either({At, At}, first, second);
  }

  template <typename First, typename Second>
  void either(Outcome outcome, First first, Second second) {
    At = outcome.yes;
    first();
    std::uint32_t end = At;
    At = outcome.no;
    second();
    At = joined(end, At);
  }

  void scoped(const Stmt *stmt) {
    std::size_t depth = Frames.size();
    statement(stmt);
    leave(depth);
  }

  std::optional<bool> constant(const Expr *condition) const {
    bool value = false;
    if (!condition || condition->isValueDependent() || !condition->EvaluateAsBooleanCondition(value, Context))
      return std::nullopt;
    return value;
  }

  void variable(const VarDecl &declaration) {
    const Expr *init = declaration.getInit();
    if (declaration.isStaticLocal()) {
      if (init)
        fork([&] { initializer(init); }, [] {});
      return; // it ends with the program
    }
    std::size_t depth = Frames.size();
    if (init && declaration.getType()->isReferenceType()) {
      argument(init, true);
      return leaveTemporaries(depth, *init);
    }
    if (std::optional<ForeignGuard> foreign = foreignGuard(declaration)) {
      KeptBy = foreign->made;
      KeptMayThrow = foreign->mayThrow;
      if (foreign->lambda)
        KeptLambdas.insert(foreign->lambda);
      initializer(init);
      KeptBy = nullptr;
      When when = foreign->when == ScopeEnd::Thrown     ? When::Thrown
                  : foreign->when == ScopeEnd::Returned ? When::Returned
                                                        : When::Always;
      return guard({Cleanup{foreign->callable, false, when, foreign->maybe, 0}}, declaration.getLocation());
    }
    QuietGuard quiet = declaration.getType()->isDependentType() ? QuietGuard() : quietGuard(declaration);
    if (!quiet.lambdas.empty()) {
      KeptBy = quiet.made;
      KeptMayThrow = quiet.mayThrow;
      KeptLambdas.insert(quiet.lambdas.begin(), quiet.lambdas.end());
    }
    initializer(init);
    KeptBy = nullptr;
    if (!quiet.values.empty())
      return guard(*declaration.getType()->getAsCXXRecordDecl()->getDestructor(), quiet.values,
                   declaration.getLocation());
    guard(declaration.getType(), declaration.getLocation(), declaration.isNRVOVariable() ? When::Thrown : When::Always);
  }

  void statement(const Stmt *stmt) {
    if (!stmt || isFull())
      return;
    switch (stmt->getStmtClass()) {
    case Stmt::NullStmtClass:
      return;
    case Stmt::CompoundStmtClass: {
      std::size_t depth = Frames.size();
      for (const Stmt *child : cast<CompoundStmt>(stmt)->body())
        statement(child);
      return leave(depth);
    }
    case Stmt::DeclStmtClass:
      for (const Decl *declaration : cast<DeclStmt>(stmt)->decls())
        if (const auto *local = dyn_cast<VarDecl>(declaration))
          variable(*local);
      return;
    case Stmt::IfStmtClass:
      return branch(*cast<IfStmt>(stmt));
    case Stmt::SwitchStmtClass:
      return choose(*cast<SwitchStmt>(stmt));
    case Stmt::CaseStmtClass:
    case Stmt::DefaultStmtClass: {
      std::uint32_t entry = label();
      connect(At, entry);
      connect(SwitchHead, entry);
      At = SwitchHead == kNowhere && At == kNowhere ? kNowhere : entry;
      return statement(cast<SwitchCase>(stmt)->getSubStmt());
    }
    case Stmt::WhileStmtClass: {
      const auto *loop = cast<WhileStmt>(stmt);
      return repeat([&] { return condition(loop->getConditionVariable(), loop->getCond()); },
                    [&] { scoped(loop->getBody()); }, [] {});
    }
    case Stmt::ForStmtClass: {
      const auto *loop = cast<ForStmt>(stmt);
      std::size_t depth = Frames.size();
      statement(loop->getInit());
      repeat(
          [&] {
            return loop->getCond() ? condition(loop->getConditionVariable(), loop->getCond()) : Outcome{At, kNowhere};
          },
          [&] { scoped(loop->getBody()); }, [&] { fullExpression(loop->getInc()); });
      return leave(depth);
    }
    case Stmt::CXXForRangeStmtClass: {
      const auto *loop = cast<CXXForRangeStmt>(stmt);
      std::size_t depth = Frames.size();
      statement(loop->getInit());
      if (!loop->getBeginStmt()) { // dependent
        fullExpression(loop->getRangeInit());
      } else {
        statement(loop->getRangeStmt());
        statement(loop->getBeginStmt());
        statement(loop->getEndStmt());
      }
      repeat([&] { return condition(nullptr, loop->getCond()); },
             [&] {
               std::size_t inner = Frames.size();
               if (loop->getBeginStmt())
                 statement(loop->getLoopVarStmt());
               statement(loop->getBody());
               leave(inner);
             },
             [&] { fullExpression(loop->getInc()); });
      return leave(depth);
    }
    case Stmt::DoStmtClass:
      return repeatOnce(*cast<DoStmt>(stmt));
    case Stmt::BreakStmtClass:
      return Breaks.empty() ? giveUp("a break leaves nothing") : jump(Breaks.back().node, Breaks.back().depth);
    case Stmt::ContinueStmtClass:
      return Continues.empty() ? giveUp("a continue repeats nothing")
                               : jump(Continues.back().node, Continues.back().depth);
    case Stmt::ReturnStmtClass:
      // What is returned by its name is made where the caller keeps it.
      if (const VarDecl *named = cast<ReturnStmt>(stmt)->getNRVOCandidate(); !named || !named->isNRVOVariable())
        initializer(cast<ReturnStmt>(stmt)->getRetValue());
      step(EventNodeKind::Pass, stmt->getBeginLoc());
      return jump(kReturn, Kept);
    case Stmt::CXXTryStmtClass:
      return attempt(*cast<CXXTryStmt>(stmt));
    case Stmt::LabelStmtClass:
      arriveAt(*cast<LabelStmt>(stmt)->getDecl());
      return statement(cast<LabelStmt>(stmt)->getSubStmt());
    case Stmt::AttributedStmtClass:
      return statement(cast<AttributedStmt>(stmt)->getSubStmt());
    case Stmt::GotoStmtClass:
      step(EventNodeKind::Pass, stmt->getBeginLoc());
      return jumpTo(*cast<GotoStmt>(stmt)->getLabel());
    case Stmt::IndirectGotoStmtClass:
      return giveUp("it has a goto whose target is computed");
    case Stmt::CoreturnStmtClass:
      return coreturn(*cast<CoreturnStmt>(stmt));
    case Stmt::CoroutineBodyStmtClass:
      return coroutine(*cast<CoroutineBodyStmt>(stmt));
    default:
      break;
    }
    if (const auto *value = dyn_cast<Expr>(stmt))
      return fullExpression(value);
    giveUp("it has a statement that is not understood");
  }

  Outcome condition(const VarDecl *declared, const Expr *value) {
    if (declared)
      variable(*declared);
    std::size_t depth = Frames.size();
    Outcome outcome = decide(value);
    leave(depth, outcome);
    return outcome;
  }

  void branch(const IfStmt &stmt) {
    std::size_t depth = Frames.size();
    statement(stmt.getInit());
    Outcome outcome = stmt.isConsteval() ? Outcome{At, At} : condition(stmt.getConditionVariable(), stmt.getCond());
    either(outcome, [&] { scoped(stmt.getThen()); }, [&] { scoped(stmt.getElse()); });
    leave(depth);
  }

  void choose(const SwitchStmt &stmt) {
    std::size_t depth = Frames.size();
    statement(stmt.getInit());
    if (stmt.getConditionVariable())
      variable(*stmt.getConditionVariable());
    fullExpression(stmt.getCond());
    std::uint32_t head = At, after = label(), outer = SwitchHead;
    bool hasDefault = stmt.isAllEnumCasesCovered();
    for (const SwitchCase *choice = stmt.getSwitchCaseList(); choice; choice = choice->getNextSwitchCase())
      hasDefault |= isa<DefaultStmt>(choice);
    SwitchHead = head;
    Breaks.push_back({after, Frames.size()});
    At = kNowhere;
    scoped(stmt.getBody());
    Breaks.pop_back();
    SwitchHead = outer;
    connect(At, after);
    if (!hasDefault)
      connect(head, after);
    At = head == kNowhere && !hasLabels() ? kNowhere : after;
    leave(depth);
  }

  template <typename Condition, typename Body, typename Increment>
  void repeat(Condition condition, Body body, Increment increment) {
    if (At == kNowhere)
      return;
    std::uint32_t head = label(), after = label(), next = label();
    connect(At, head);
    At = head;
    std::size_t depth = Frames.size();
    Outcome outcome = condition();
    if (Frames.size() > depth)
      giveUp("a loop's condition makes a guard");
    Frames.resize(depth);
    connect(outcome.no, after);
    At = outcome.yes;
    Breaks.push_back({after, depth});
    Continues.push_back({next, depth});
    body();
    Breaks.pop_back();
    Continues.pop_back();
    connect(At, next);
    At = next;
    increment();
    connect(At, head);
    At = after;
  }

  void repeatOnce(const DoStmt &loop) {
    if (At == kNowhere)
      return;
    std::uint32_t head = label(), after = label(), next = label();
    connect(At, head);
    At = head;
    Breaks.push_back({after, Frames.size()});
    Continues.push_back({next, Frames.size()});
    scoped(loop.getBody());
    Breaks.pop_back();
    Continues.pop_back();
    connect(At, next);
    At = next;
    Outcome outcome = condition(nullptr, loop.getCond());
    connect(outcome.yes, head);
    connect(outcome.no, after);
    At = after;
  }

  /// The body runs as one: what the promise does with an exception comes last, and the caller meets the exception.
  void coroutine(const CoroutineBodyStmt &body) {
    Graph.isCoroutine = true;
    std::uint32_t unhandled = label(), done = label();
    statement(body.getPromiseDeclStmt());
    statement(body.getInitSuspendStmt());
    Frame frame;
    frame.place = Graph.nodes[kEntry].place;
    frame.handlers.push_back({QualType(), unhandled});
    push(std::move(frame));
    Final = JumpTarget{done, Frames.size() - 1};
    scoped(body.getBody());
    Frames.pop_back();
    if (At != kNowhere)
      statement(body.getFallthroughHandler());
    connect(At, done);
    At = unhandled;
    statement(body.getExceptionHandler());
    if (std::uint32_t node = step(EventNodeKind::Pass, Function.getLocation()); node != kNowhere)
      Graph.nodes[node].thrown = {kThrow};
    At = done;
    statement(body.getFinalSuspendStmt());
  }

  void coreturn(const CoreturnStmt &stmt) {
    if (!Final)
      return giveUp("it is a coroutine in a template");
    if (stmt.getPromiseCall())
      fullExpression(stmt.getPromiseCall());
    else
      fullExpression(stmt.getOperand());
    step(EventNodeKind::Pass, stmt.getBeginLoc());
    jump(Final->node, Final->depth);
  }

  void attempt(const CXXTryStmt &stmt) {
    if (At == kNowhere)
      return;
    Frame frame;
    for (unsigned i = 0; i < stmt.getNumHandlers(); ++i) {
      const CXXCatchStmt *handler = stmt.getHandler(i);
      std::uint32_t entry = newNode(EventNodeKind::Pass, placeOf(handler->getCatchLoc()));
      frame.handlers.push_back({handler->getExceptionDecl() ? handler->getCaughtType() : QualType(), entry});
    }
    std::vector<Handler> handlers = frame.handlers;
    push(std::move(frame));
    scoped(stmt.getTryBlock());
    Frames.pop_back();
    std::uint32_t after = label();
    connect(At, after);
    for (unsigned i = 0; i < stmt.getNumHandlers(); ++i) {
      At = handlers[i].entry;
      scoped(stmt.getHandler(i)->getHandlerBlock());
      connect(At, after);
    }
    At = after;
  }

  std::vector<JumpTarget> Breaks, Continues;
  std::optional<JumpTarget> Final;                ///< where a coroutine goes when it is done
  const Expr *AwaitedCall = nullptr;              ///< the operand of a co_await
  const GuardValues Values;                       ///< of the object that a destructor ends
  const Expr *KeptBy = nullptr;                   ///< what makes a guard that is known whole
  bool KeptMayThrow = false;                      ///< while it is made
  llvm::SmallPtrSet<const Expr *, 4> KeptLambdas; ///< what such guards keep
  std::uint32_t SwitchHead = kNowhere;
  std::size_t Kept = 0; ///< frames of what a constructor has made, which live on when it returns
};

} // namespace

void EventRecorder::record(const FunctionDecl &function, FunctionFact &fact) {
  EventBuilder(function, Emitters, Out, Instances).run(fact);
  while (std::optional<EventInstances::Instance> made = Instances.next()) {
    const FunctionDecl &definition = *made->definition;
    FunctionFact instance;
    instance.usr = made->usr;
    instance.instanceOf = Out.usr(primaryDecl(&definition));
    instance.name = Out.qualifiedName(&definition);
    instance.place = Out.anyToken(definition.getLocation());
    instance.extent = Out.anyRange(definition.getSourceRange());
    const auto *method = dyn_cast<CXXMethodDecl>(&definition);
    instance.isLocalOrLambda = definition.getParentFunctionOrMethod() || (method && method->getParent()->isLambda());
    EventBuilder(definition, Emitters, Out, Instances, std::move(made->values)).run(instance);
    Out.facts.instances.push_back(std::move(instance));
  }
}

} // namespace ssot
