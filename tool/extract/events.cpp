#include "extract/events.h"

#include <llvm/ADT/SmallPtrSet.h>

namespace ssot {

using namespace clang;

namespace {

/// A function with more steps than this is not judged.
constexpr std::size_t kMaxNodes = 2000;
constexpr std::uint32_t kNowhere = ~0u;
enum : std::uint32_t { kEntry, kReturn, kThrow };

using Nodes = std::vector<std::uint32_t>;

/// A destructor that runs when a scope is left.
struct Cleanup {
  const CXXDestructorDecl *destructor;
  bool hidden; ///< called by a class outside the project, which may or may not have an object
};

struct Handler {
  QualType type; ///< null: catches everything
  std::uint32_t entry;
};

/// Something that a jump or an exception passes on its way out.
struct Frame {
  std::vector<Cleanup> cleanups; ///< of one object
  Place place;
  std::vector<Handler> handlers; ///< of a try block
  std::optional<Nodes> unwound;  ///< where any exception goes from here, once asked for
};

struct JumpTarget {
  std::uint32_t node;
  std::size_t depth;
};

class EventBuilder {
public:
  EventBuilder(const FunctionDecl &function, const VocabularyNames &emitters, Recorder &recorder)
      : Function(function), Emitters(emitters), Out(recorder), Context(function.getASTContext()) {
    for (const VocabularyNames::Entry &entry : emitters.entries())
      if (const auto *method = dyn_cast<CXXMethodDecl>(entry.declaration))
        Speakers.insert(method->getParent()->getCanonicalDecl());
  }

  std::optional<EventGraph> run() {
    Place here = Out.anyToken(Function.getLocation());
    for (int i = 0; i < 3; ++i)
      Graph.nodes.emplace_back().place = here;
    At = kEntry;
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&Function))
      for (const CXXCtorInitializer *member : constructor->inits())
        initializer(member->getInit());
    statement(Function.getBody());
    if (const auto *destructor = dyn_cast<CXXDestructorDecl>(&Function))
      for (const Cleanup &cleanup : partsOf(*destructor->getParent()))
        destroy(cleanup, here);
    if (At != kNowhere) {
      step(EventNodeKind::Pass, Function.getBody()->getEndLoc());
      jump(kReturn, 0);
    }
    if (!Graph.unknown && Graph.nodes.size() > kMaxNodes)
      giveUp("it is too large");
    auto matters = [](const EventNode &node) { return node.kind != EventNodeKind::Pass; };
    if (llvm::none_of(Graph.nodes, matters))
      return std::nullopt;
    return std::move(Graph);
  }

private:
  // --- the graph

  void giveUp(llvm::StringRef why) {
    if (!Graph.unknown)
      Graph.unknown = Out.intern(why);
  }

  /// The place comes by value: it may be that of a node, and nodes move when there is one more.
  std::uint32_t newNode(EventNodeKind kind, Place place) {
    EventNode &node = Graph.nodes.emplace_back();
    node.kind = kind;
    node.place = place;
    return static_cast<std::uint32_t>(Graph.nodes.size() - 1);
  }

  void connect(std::uint32_t from, std::uint32_t to) {
    if (from == kNowhere || to == kNowhere)
      return;
    Nodes &next = Graph.nodes[from].next;
    if (!llvm::is_contained(next, to))
      next.push_back(to);
  }

  /// Goes on with a new node. \returns its number, or kNowhere where nothing is reached.
  std::uint32_t step(EventNodeKind kind, const Place &place) {
    if (At == kNowhere || Graph.nodes.size() > kMaxNodes)
      return kNowhere;
    std::uint32_t node = newNode(kind, place);
    connect(At, node);
    return At = node;
  }
  /// What the compiler adds, such as the parts of a range-for, stands nowhere: it is shown at the function.
  Place placeOf(SourceLocation location) {
    return Out.anyToken(location.isValid() ? location : Function.getLocation());
  }
  std::uint32_t step(EventNodeKind kind, SourceLocation location) { return step(kind, placeOf(location)); }

  std::uint32_t label() { return newNode(EventNodeKind::Pass, Graph.nodes[kEntry].place); }

  /// Leaves all scopes above \p depth and goes to \p target.
  void jump(std::uint32_t target, std::size_t depth) {
    if (At == kNowhere)
      return;
    for (std::size_t i = Frames.size(); i > depth; --i)
      for (const Cleanup &cleanup : Frames[i - 1].cleanups)
        destroy(cleanup, Frames[i - 1].place);
    connect(At, target);
    At = kNowhere;
  }

  void destroy(const Cleanup &cleanup, const Place &place) {
    std::uint32_t node = step(cleanup.hidden ? EventNodeKind::Escape : EventNodeKind::Call, place);
    name(node, *cleanup.destructor);
  }

  void name(std::uint32_t node, const FunctionDecl &callee) {
    if (node == kNowhere)
      return;
    StringId usr = Out.usr(primaryDecl(&callee)), called = Out.qualifiedName(&callee);
    Graph.nodes[node].usr = usr;
    Graph.nodes[node].name = called;
  }

  /// Where an exception of unknown type goes from \p depth.
  Nodes unwound(std::size_t depth) {
    if (depth == 0)
      return isQuiet(Function) ? Nodes() : Nodes{kThrow}; // what leaves a noexcept function ends the program
    if (Frames[depth - 1].unwound)
      return *Frames[depth - 1].unwound;
    Nodes targets = pass(depth, unwound(depth - 1));
    Frames[depth - 1].unwound = targets;
    return targets;
  }

  /// What an exception meets in one frame on its way to \p outer.
  Nodes pass(std::size_t depth, Nodes outer) {
    Nodes targets;
    bool catchesAll = false;
    for (const Handler &handler : Frames[depth - 1].handlers) {
      targets.push_back(handler.entry);
      catchesAll |= handler.type.isNull();
    }
    if (!targets.empty()) {
      if (!catchesAll)
        targets.insert(targets.end(), outer.begin(), outer.end());
      return targets;
    }
    return clean(depth, std::move(outer));
  }

  /// The destructors of one frame, before \p outer.
  Nodes clean(std::size_t depth, Nodes outer) {
    std::vector<Cleanup> cleanups = Frames[depth - 1].cleanups;
    for (const Cleanup &cleanup : llvm::reverse(cleanups)) {
      std::uint32_t node =
          newNode(cleanup.hidden ? EventNodeKind::Escape : EventNodeKind::Call, Frames[depth - 1].place);
      name(node, *cleanup.destructor);
      Graph.nodes[node].next = std::move(outer);
      outer = {node};
    }
    return outer;
  }

  /// Where an exception of a known type goes: past the handlers that do not take it.
  Nodes unwound(std::size_t depth, QualType type) {
    if (depth == 0)
      return unwound(0);
    if (Frames[depth - 1].handlers.empty())
      return clean(depth, unwound(depth - 1, type));
    for (const Handler &handler : Frames[depth - 1].handlers)
      if (handler.type.isNull() || takes(handler.type, type))
        return {handler.entry};
    return unwound(depth - 1, type);
  }

  bool takes(QualType handler, QualType thrown) const {
    handler = handler.getNonReferenceType().getUnqualifiedType();
    if (Context.hasSameType(handler, thrown.getUnqualifiedType()))
      return true;
    const CXXRecordDecl *base = handler->getAsCXXRecordDecl(), *derived = thrown->getAsCXXRecordDecl();
    return base && derived && derived->hasDefinition() && base->hasDefinition() && derived->isDerivedFrom(base);
  }

  void mayThrow(std::uint32_t node) {
    if (node == kNowhere)
      return;
    Nodes targets = unwound(Frames.size());
    Graph.nodes[node].thrown = std::move(targets);
  }

  /// Something outside that may throw and emits nothing.
  void risk(SourceLocation location) {
    if (At == kNowhere)
      return;
    Nodes targets = unwound(Frames.size());
    if (targets.empty() ||
        (At > kThrow && Graph.nodes[At].kind == EventNodeKind::Pass && Graph.nodes[At].thrown == targets))
      return;
    if (std::uint32_t node = step(EventNodeKind::Pass, location); node != kNowhere)
      Graph.nodes[node].thrown = std::move(targets);
  }

  // --- what is called

  static bool isQuiet(const FunctionDecl &function) {
    if (function.hasAttr<NoThrowAttr>() || function.getBuiltinID() || function.isTrivial())
      return true;
    const auto *type = function.getType()->getAs<FunctionProtoType>();
    return type && !isUnresolvedExceptionSpec(type->getExceptionSpecType()) && type->isNothrow();
  }

  static const CXXRecordDecl *recordOf(QualType type) {
    type = type.getNonReferenceType();
    if (type->isPointerType())
      type = type->getPointeeType();
    return type->getAsCXXRecordDecl();
  }

  /// Whether something is handed over that can emit.
  bool speaks(const Expr &argument) const {
    const CXXRecordDecl *record = recordOf(argument.IgnoreParenImpCasts()->getType());
    if (!record)
      return false;
    if (Speakers.contains(record->getCanonicalDecl()))
      return true;
    // `std::ref(notifier)`, a pointer that owns one.
    if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record))
      for (const TemplateArgument &part : special->getTemplateArgs().asArray())
        if (part.getKind() == TemplateArgument::Type)
          if (const CXXRecordDecl *inner = recordOf(part.getAsType());
              inner && Speakers.contains(inner->getCanonicalDecl()))
            return true;
    return false;
  }

  static bool isErasedCall(const FunctionDecl &callee) {
    const auto *method = dyn_cast<CXXMethodDecl>(&callee);
    if (!method || method->getOverloadedOperator() != OO_Call || !method->getParent()->getIdentifier())
      return false;
    return llvm::is_contained({"function", "move_only_function", "copyable_function", "packaged_task"},
                              method->getParent()->getName());
  }

  void unknown(SourceLocation location, llvm::StringRef what) {
    std::uint32_t node = step(EventNodeKind::Unknown, location);
    if (node != kNowhere)
      Graph.nodes[node].name = Out.intern(what);
    mayThrow(node);
  }

  void call(const FunctionDecl *callee, SourceLocation location, llvm::ArrayRef<const Expr *> arguments,
            bool isVirtual) {
    if (At == kNowhere)
      return;
    if (!callee)
      return unknown(location, "a function that only runs tell");
    if (const std::string *emitter = Emitters.find(callee)) {
      std::uint32_t node = step(EventNodeKind::Event, location);
      name(node, *callee);
      if (node != kNowhere) {
        Graph.nodes[node].name = Out.intern(*emitter);
        Graph.nodes[node].event = eventOf(arguments);
      }
      if (!isQuiet(*callee))
        mayThrow(node);
      return;
    }
    if (isErasedCall(*callee))
      return unknown(location, "a function object");
    if (Out.inProject(callee->getLocation()) && !callee->isImplicit() && !callee->isDefaulted()) {
      std::uint32_t node = step(isVirtual ? EventNodeKind::Virtual : EventNodeKind::Call, location);
      name(node, *callee);
      if (!isQuiet(*callee))
        mayThrow(node);
    } else if (!callee->isTrivial() && !isa<CXXConstructorDecl>(callee) &&
               llvm::any_of(arguments, [&](const Expr *argument) { return argument && speaks(*argument); }) &&
               !Speakers.empty() && !isTransparent(*callee)) {
      unknown(location, callee->getQualifiedNameAsString());
    } else if (!isQuiet(*callee)) {
      risk(location);
    }
    if (callee->isNoReturn())
      At = kNowhere;
  }

  /// Hands on what it is given.
  static bool isTransparent(const FunctionDecl &callee) {
    const IdentifierInfo *identifier = callee.getIdentifier();
    return callee.isInStdNamespace() && identifier &&
           (identifier->isStr("move") || identifier->isStr("forward") || identifier->isStr("ref") ||
            identifier->isStr("addressof"));
  }

  StringId eventOf(llvm::ArrayRef<const Expr *> arguments) {
    const StringLiteral *text = nullptr;
    for (const Expr *argument : arguments) {
      const Expr *inner = argument->IgnoreUnlessSpelledInSource();
      if (const auto *defaulted = dyn_cast<CXXDefaultArgExpr>(inner))
        inner = defaulted->getExpr()->IgnoreUnlessSpelledInSource();
      if (const auto *reference = dyn_cast<DeclRefExpr>(inner))
        if (const auto *enumerator = dyn_cast<EnumConstantDecl>(reference->getDecl()))
          return Out.qualifiedName(enumerator);
      if (argument->getType()->isEnumeralType())
        return 0; // computed
      if (const auto *literal = dyn_cast<UserDefinedLiteral>(inner))
        inner = literal->getNumArgs() ? literal->getArg(0)->IgnoreUnlessSpelledInSource() : inner;
      if (!text)
        text = dyn_cast<StringLiteral>(inner);
    }
    return text && text->isOrdinary() ? Out.intern(text->getString()) : 0;
  }

  // --- destructors

  /// The destructors that the end of an object of this class runs, in order: its own, its members', its bases'.
  std::vector<Cleanup> cleanupsOf(QualType type) {
    type = Context.getBaseElementType(type);
    const CXXRecordDecl *declared = type->getAsCXXRecordDecl();
    const CXXRecordDecl *record = declared ? declared->getDefinition() : nullptr;
    if (!record || record->hasTrivialDestructor() || record->isDependentType())
      return {};
    if (!Out.inProject(record->getLocation())) {
      // A smart pointer or an optional of a guard: whether it holds one, only runs tell.
      std::vector<Cleanup> hidden;
      if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record);
          special && Entered.insert(record).second) {
        for (const TemplateArgument &part : special->getTemplateArgs().asArray())
          if (part.getKind() == TemplateArgument::Type)
            for (const Cleanup &cleanup : cleanupsOf(part.getAsType()))
              hidden.push_back({cleanup.destructor, true});
        Entered.erase(record);
      }
      return hidden;
    }
    if (!Entered.insert(record).second)
      return {};
    std::vector<Cleanup> all;
    if (const CXXDestructorDecl *destructor = record->getDestructor(); destructor && destructor->isUserProvided())
      all.push_back({destructor, false}); // its graph goes on with the parts
    else
      all = partsOf(*record);
    Entered.erase(record);
    return all;
  }

  std::vector<Cleanup> partsOf(const CXXRecordDecl &record) {
    std::vector<Cleanup> all;
    std::vector<const FieldDecl *> fields(record.field_begin(), record.field_end());
    for (const FieldDecl *field : llvm::reverse(fields))
      llvm::append_range(all, cleanupsOf(field->getType()));
    for (const CXXBaseSpecifier &base : record.bases())
      llvm::append_range(all, cleanupsOf(base.getType()));
    return all;
  }

  void guard(QualType type, SourceLocation location) {
    std::vector<Cleanup> cleanups = cleanupsOf(type);
    if (cleanups.empty())
      return;
    Frame frame;
    frame.cleanups = std::move(cleanups);
    frame.place = placeOf(location);
    Frames.push_back(std::move(frame));
  }

  /// Ends the scopes above \p depth.
  void leave(std::size_t depth) {
    while (Frames.size() > depth) {
      Frame frame = std::move(Frames.back());
      Frames.pop_back();
      for (const Cleanup &cleanup : frame.cleanups)
        destroy(cleanup, frame.place);
    }
  }

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
      expression(init);
  }

  void expression(const Stmt *stmt) {
    if (!stmt || At == kNowhere || Graph.nodes.size() > kMaxNodes)
      return;
    if (isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, CXXTypeidExpr, RequiresExpr>(stmt))
      return;
    if (const auto *lambda = dyn_cast<LambdaExpr>(stmt)) {
      captures(*lambda);
      return escape(*lambda->getCallOperator(), lambda->getBeginLoc());
    }
    if (isa<CoroutineSuspendExpr, DependentCoawaitExpr>(stmt))
      return giveUp("it is a coroutine");
    if (isa<StmtExpr>(stmt))
      return giveUp("it has statements in an expression");
    if (const auto *defaulted = dyn_cast<CXXDefaultArgExpr>(stmt))
      return expression(defaulted->getExpr());
    if (const auto *member = dyn_cast<CXXDefaultInitExpr>(stmt))
      return expression(member->getExpr());
    if (const auto *choice = dyn_cast<AbstractConditionalOperator>(stmt)) {
      expression(choice->getCond());
      return fork([&] { sometimes(choice->getTrueExpr()); }, [&] { sometimes(choice->getFalseExpr()); });
    }
    if (const auto *operation = dyn_cast<BinaryOperator>(stmt); operation && operation->isLogicalOp()) {
      expression(operation->getLHS());
      return fork([&] { sometimes(operation->getRHS()); }, [] {});
    }
    if (const auto *thrown = dyn_cast<CXXThrowExpr>(stmt))
      return raise(*thrown);
    if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(stmt)) {
      expression(bound->getSubExpr());
      return guard(bound->getType(), bound->getBeginLoc());
    }
    if (const auto *reference = dyn_cast<DeclRefExpr>(stmt)) {
      if (const CXXRecordDecl *record = reference->getType().getNonReferenceType()->getAsCXXRecordDecl();
          record && record->isLambda())
        escape(*record->getLambdaCallOperator(), reference->getLocation());
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
      for (const Expr *argument : construction->arguments())
        expression(argument);
      return call(construction->getConstructor(), construction->getLocation(),
                  llvm::ArrayRef(construction->getArgs(), construction->getNumArgs()), false);
    }
    for (const Stmt *child : stmt->children())
      expression(child);
    if (const auto *allocation = dyn_cast<CXXNewExpr>(stmt)) {
      if (const FunctionDecl *function = allocation->getOperatorNew(); !function || !isQuiet(*function))
        risk(allocation->getBeginLoc());
    } else if (const auto *deletion = dyn_cast<CXXDeleteExpr>(stmt)) {
      QualType type = deletion->getDestroyedType();
      for (const Cleanup &cleanup : type.isNull() ? std::vector<Cleanup>() : cleanupsOf(type)) {
        std::uint32_t node = step(cleanup.destructor->isVirtual() ? EventNodeKind::Virtual : EventNodeKind::Call,
                                  deletion->getBeginLoc());
        name(node, *cleanup.destructor);
      }
    } else if (isa<CXXUnresolvedConstructExpr>(stmt)) {
      unknown(stmt->getBeginLoc(), "what a template's argument decides");
    }
  }

  /// A part of an expression that is not always reached. A guard made there has no fixed end.
  void sometimes(const Expr *value) {
    std::size_t depth = Frames.size();
    expression(value);
    if (Frames.size() > depth)
      giveUp("a temporary guard is made under a condition");
    Frames.resize(depth);
  }

  void escape(const FunctionDecl &lambda, SourceLocation location) {
    name(step(EventNodeKind::Escape, location), lambda);
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

  void invoke(const CallExpr &invocation) {
    const FunctionDecl *callee = invocation.getDirectCallee();
    const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
    bool isLambda = method && method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call;
    if (isLambda && isa<CXXOperatorCallExpr>(invocation)) {
      // Called in place, or by the name of the variable that keeps it.
      const Expr *object = invocation.getArg(0)->IgnoreParenImpCasts();
      if (const auto *made = dyn_cast<MaterializeTemporaryExpr>(object))
        object = unwrapped(made->getSubExpr());
      if (const auto *lambda = dyn_cast<LambdaExpr>(object->IgnoreParenImpCasts()))
        captures(*lambda);
      else if (!isa<DeclRefExpr>(object))
        expression(object);
      for (unsigned i = 1; i < invocation.getNumArgs(); ++i)
        expression(invocation.getArg(i));
      return call(callee, invocation.getBeginLoc(), {}, false);
    }
    if (const auto *pseudo = dyn_cast<CXXPseudoDestructorExpr>(invocation.getCallee()->IgnoreParens()))
      return expression(pseudo->getBase());
    std::vector<const Expr *> arguments(invocation.arg_begin(), invocation.arg_end());
    bool isVirtual = false;
    SourceLocation location = invocation.getBeginLoc();
    if (const auto *member = dyn_cast<MemberExpr>(invocation.getCallee()->IgnoreParens())) {
      expression(member->getBase());
      location = member->getMemberLoc();
      isVirtual = method && method->isVirtual() && !member->hasQualifier() && !method->hasAttr<FinalAttr>() &&
                  !method->getParent()->hasAttr<FinalAttr>();
      if (!Emitters.find(callee) && !isVirtual && callee && !Out.inProject(callee->getLocation()))
        arguments.push_back(member->getBase());
    } else if (!callee) {
      expression(invocation.getCallee());
    }
    for (const Expr *argument : invocation.arguments())
      expression(argument);
    call(callee, location, arguments, isVirtual);
  }

  // --- statements

  template <typename First, typename Second>
  void fork(First first, Second second) {
    std::uint32_t before = At;
    first();
    std::uint32_t end = At;
    At = before;
    second();
    if (end == At)
      return;
    if (end == kNowhere || At == kNowhere) {
      At = end == kNowhere ? At : end;
      return;
    }
    std::uint32_t join = label();
    connect(end, join);
    connect(At, join);
    At = join;
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
      // A temporary that the reference keeps alive ends with the reference.
      expression(init);
      bool extends = false;
      if (const auto *made = dyn_cast<MaterializeTemporaryExpr>(init->IgnoreImplicit()))
        extends = made->getExtendingDecl() != nullptr;
      if (const auto *cleanups = dyn_cast<ExprWithCleanups>(init))
        if (const auto *made = dyn_cast<MaterializeTemporaryExpr>(cleanups->getSubExpr()->IgnoreParenImpCasts()))
          extends = made->getExtendingDecl() != nullptr;
      if (!extends)
        leave(depth);
      return;
    }
    initializer(init);
    guard(declaration.getType(), declaration.getLocation());
  }

  void statement(const Stmt *stmt) {
    if (!stmt || Graph.nodes.size() > kMaxNodes)
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
            return loop->getCond() ? condition(loop->getConditionVariable(), loop->getCond()) : std::optional(true);
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
      repeat([&]() -> std::optional<bool> { return fullExpression(loop->getCond()), std::nullopt; },
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
      initializer(cast<ReturnStmt>(stmt)->getRetValue());
      step(EventNodeKind::Pass, stmt->getBeginLoc());
      return jump(kReturn, 0);
    case Stmt::CXXTryStmtClass:
      return attempt(*cast<CXXTryStmt>(stmt));
    case Stmt::LabelStmtClass:
      return statement(cast<LabelStmt>(stmt)->getSubStmt());
    case Stmt::AttributedStmtClass:
      return statement(cast<AttributedStmt>(stmt)->getSubStmt());
    case Stmt::GotoStmtClass:
    case Stmt::IndirectGotoStmtClass:
      return giveUp("it has a goto");
    case Stmt::CoreturnStmtClass:
    case Stmt::CoroutineBodyStmtClass:
      return giveUp("it is a coroutine");
    default:
      break;
    }
    if (const auto *value = dyn_cast<Expr>(stmt))
      return fullExpression(value);
    giveUp("it has a statement that is not understood");
  }

  std::optional<bool> condition(const VarDecl *declared, const Expr *value) {
    if (declared)
      variable(*declared);
    fullExpression(value);
    return constant(value);
  }

  void branch(const IfStmt &stmt) {
    std::size_t depth = Frames.size();
    statement(stmt.getInit());
    std::optional<bool> known =
        stmt.isConsteval() ? std::nullopt : condition(stmt.getConditionVariable(), stmt.getCond());
    if (known)
      scoped(*known ? stmt.getThen() : stmt.getElse());
    else
      fork([&] { scoped(stmt.getThen()); }, [&] { scoped(stmt.getElse()); });
    leave(depth);
  }

  void choose(const SwitchStmt &stmt) {
    std::size_t depth = Frames.size();
    statement(stmt.getInit());
    condition(stmt.getConditionVariable(), stmt.getCond());
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
    At = head == kNowhere ? kNowhere : after;
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
    std::optional<bool> known = condition();
    if (Frames.size() > depth)
      giveUp("a loop's condition makes a guard");
    Frames.resize(depth);
    if (known != std::optional(true))
      connect(At, after);
    if (known == std::optional(false))
      At = kNowhere;
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
    std::optional<bool> known = condition(nullptr, loop.getCond());
    if (known != std::optional(false))
      connect(At, head);
    if (known != std::optional(true))
      connect(At, after);
    At = after;
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
    Frames.push_back(std::move(frame));
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

  const FunctionDecl &Function;
  const VocabularyNames &Emitters;
  Recorder &Out;
  ASTContext &Context;
  llvm::SmallPtrSet<const CXXRecordDecl *, 4> Speakers; ///< classes whose methods emit
  llvm::SmallPtrSet<const CXXRecordDecl *, 8> Entered;
  EventGraph Graph;
  std::vector<Frame> Frames;
  std::vector<JumpTarget> Breaks, Continues;
  std::uint32_t SwitchHead = kNowhere;
  std::uint32_t At = kNowhere;
};

} // namespace

void recordEvents(const FunctionDecl &function, const VocabularyNames &emitters, Recorder &recorder,
                  FunctionFact &fact) {
  fact.events = EventBuilder(function, emitters, recorder).run();
}

} // namespace ssot
