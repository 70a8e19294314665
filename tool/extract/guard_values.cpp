#include "extract/guard_values.h"

#include "extract/event_instances.h"
#include "extract/risks.h"
#include "extract/standard_library.h"
#include "extract/values.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

using namespace clang;

namespace {

class TouchVisitor : public RecursiveASTVisitor<TouchVisitor> {
public:
  explicit TouchVisitor(const VarDecl &variable) : Variable(variable) {}
  bool isTouched = false;

  bool TraverseCStyleCastExpr(CStyleCastExpr *cast) {
    if (cast->getType()->isVoidType() && isa<DeclRefExpr>(cast->getSubExpr()->IgnoreParens()))
      return true;
    return RecursiveASTVisitor::TraverseCStyleCastExpr(cast);
  }
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    isTouched |= reference->getDecl() == &Variable;
    return !isTouched;
  }

private:
  const VarDecl &Variable;
};

/// Whether an initialiser does nothing but keep what it is given.
class CallVisitor : public RecursiveASTVisitor<CallVisitor> {
public:
  bool calls = false, mayThrow = false;
  bool VisitCXXConstructExpr(CXXConstructExpr *made) {
    mayThrow |= !isQuiet(*made->getConstructor());
    return true;
  }
  bool VisitCallExpr(CallExpr *call) {
    const FunctionDecl *callee = call->getDirectCallee();
    calls |= !callee || !isPassedOn(*callee);
    return !calls;
  }
  bool TraverseLambdaExpr(LambdaExpr * /*lambda*/) { return true; }
};

bool callsNothing(const Expr *value, bool &mayThrow) {
  CallVisitor visitor;
  visitor.TraverseStmt(const_cast<Expr *>(value));
  mayThrow |= visitor.mayThrow;
  return !visitor.calls;
}

/// Members that a destructor asks for what they held when it began.
class ReadVisitor : public RecursiveASTVisitor<ReadVisitor> {
public:
  llvm::SmallPtrSet<const FieldDecl *, 4> lost;

  bool TraverseBinaryOperator(BinaryOperator *operation) {
    const FieldDecl *field = operation->isAssignmentOp() ? GuardValues::memberOf(operation->getLHS()) : nullptr;
    if (!field)
      return RecursiveASTVisitor::TraverseBinaryOperator(operation);
    bool goesOn = TraverseStmt(operation->getRHS());
    Written.insert(field);
    return goesOn;
  }
  bool TraverseCXXOperatorCallExpr(CXXOperatorCallExpr *operation) {
    const FieldDecl *field = operation->isAssignmentOp() ? GuardValues::memberOf(operation->getArg(0)) : nullptr;
    bool goesOn = RecursiveASTVisitor::TraverseCXXOperatorCallExpr(operation);
    if (field)
      Written.insert(field);
    return goesOn;
  }
  bool VisitUnaryOperator(UnaryOperator *operation) {
    const FieldDecl *field = GuardValues::memberOf(operation->getSubExpr());
    if (field && (operation->isIncrementDecrementOp() || operation->getOpcode() == UO_AddrOf))
      lost.insert(field);
    return true;
  }
  bool VisitMemberExpr(MemberExpr *member) {
    if (const FieldDecl *field = GuardValues::memberOf(member); field && Written.contains(field))
      lost.insert(field);
    return true;
  }
  bool TraverseCallExpr(CallExpr *call) {
    bool goesOn = RecursiveASTVisitor::TraverseCallExpr(call);
    // `std::exchange(member, value)` and whatever else may change it.
    for (const Expr *value : call->arguments())
      if (const FieldDecl *field = GuardValues::memberOf(value); field && value->isLValue())
        Written.insert(field);
    return goesOn;
  }
  // A loop reads again what it has written.
  bool VisitForStmt(ForStmt * /*loop*/) { return loop(); }
  bool VisitWhileStmt(WhileStmt * /*loop*/) { return loop(); }
  bool VisitDoStmt(DoStmt * /*loop*/) { return loop(); }
  bool VisitGotoStmt(GotoStmt * /*jump*/) { return loop(); }

  bool loops = false;

private:
  bool loop() {
    loops = true;
    return false;
  }
  llvm::SmallPtrSet<const FieldDecl *, 4> Written;
};

const Expr *bareInit(const Expr *value) {
  while (value) {
    value = bare(value);
    if (const auto *cast = dyn_cast<CXXFunctionalCastExpr>(value))
      value = cast->getSubExpr();
    else if (const auto *member = dyn_cast<CXXDefaultInitExpr>(value))
      value = member->getExpr();
    else if (const auto *copy = dyn_cast<CXXConstructExpr>(value); copy && copy->isElidable() && copy->getNumArgs())
      value = copy->getArg(0);
    else
      break;
  }
  return value;
}

bool isErased(QualType type) {
  const CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  llvm::StringRef name = standardName(record);
  return name == "function" || name == "move_only_function" || name == "copyable_function";
}

class ValueReader {
public:
  explicit ValueReader(ASTContext &context) : Context(context) {}

  QuietGuard read(const Expr *init) {
    const Expr *made = bareInit(init);
    QuietGuard guard;
    if (!made || !make(made, guard, 3))
      return QuietGuard();
    guard.made = made;
    return guard;
  }

private:
  bool make(const Expr *made, QuietGuard &guard, unsigned depth) {
    if (const auto *construction = dyn_cast<CXXConstructExpr>(made))
      return construct(*construction, guard);
    if (const auto *list = dyn_cast<InitListExpr>(made)) {
      const CXXRecordDecl *record = list->getType()->getAsCXXRecordDecl();
      if (!record || record->isUnion() || record->getNumBases())
        return false;
      unsigned i = 0;
      for (const FieldDecl *field : record->fields())
        if (i < list->getNumInits())
          member(*field, list->getInit(i++), guard);
      return true;
    }
    const auto *call = dyn_cast<CallExpr>(made);
    const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
    const FunctionDecl *definition = callee ? callee->getDefinition() : nullptr;
    const auto *body = definition ? dyn_cast_or_null<CompoundStmt>(definition->getBody()) : nullptr;
    const Expr *result = body ? onlyResult(*body) : nullptr;
    if (!result || depth == 0 || isa<CXXMethodDecl>(definition) || definition->getNumParams() != call->getNumArgs())
      return false;
    give(*definition, llvm::ArrayRef(call->getArgs(), call->getNumArgs()));
    const Expr *inner = bareInit(result);
    // What it is made of was made before; its own constructor is looked at.
    if (const auto *construction = dyn_cast_or_null<CXXConstructExpr>(inner))
      for (const Expr *argument : construction->arguments())
        callsNothing(argument, guard.mayThrow);
    return inner && make(inner, guard, depth - 1);
  }

  /// What a function gives that does nothing else: `return T(f);` or `T made(f); return made;`.
  static const Expr *onlyResult(const CompoundStmt &body) {
    const auto *last = body.body_empty() ? nullptr : dyn_cast<ReturnStmt>(body.body_back());
    if (!last || body.size() > 2)
      return nullptr;
    if (body.size() == 1)
      return last->getRetValue();
    const auto *declaration = dyn_cast<DeclStmt>(body.body_front());
    const auto *made =
        declaration && declaration->isSingleDecl() ? dyn_cast<VarDecl>(declaration->getSingleDecl()) : nullptr;
    return made && made->isNRVOVariable() && last->getNRVOCandidate() == made ? made->getInit() : nullptr;
  }

  bool construct(const CXXConstructExpr &construction, QuietGuard &guard) {
    const CXXConstructorDecl *constructor = construction.getConstructor();
    const auto *definition = cast_or_null<CXXConstructorDecl>(constructor->getDefinition());
    const auto *body = definition ? dyn_cast_or_null<CompoundStmt>(definition->getBody()) : nullptr;
    if (!body || !body->body_empty() || definition->isDelegatingConstructor() ||
        definition->isCopyOrMoveConstructor() || definition->getNumParams() != construction.getNumArgs())
      return false;
    give(*definition, llvm::ArrayRef(construction.getArgs(), construction.getNumArgs()));
    for (const CXXCtorInitializer *init : definition->inits()) {
      if (!init->isMemberInitializer() || !callsNothing(init->getInit(), guard.mayThrow))
        return false;
      member(*init->getMember(), init->getInit(), guard);
    }
    return true;
  }

  void give(const FunctionDecl &function, llvm::ArrayRef<const Expr *> arguments) {
    for (unsigned i = 0; i < function.getNumParams(); ++i)
      Given[function.getParamDecl(i)] = arguments[i];
  }

  void member(const FieldDecl &field, const Expr *value, QuietGuard &guard) {
    if (isErased(field.getType())) {
      if (const Expr *lambda = lambdaIn(value, guard))
        guard.values.kept[&field] =
            lambda->getType().getNonReferenceType()->getAsCXXRecordDecl()->getLambdaCallOperator();
      return;
    }
    if (!field.getType()->isScalarType())
      return;
    for (unsigned depth = 0; value && depth < 8; ++depth) {
      value = bareInit(value);
      const auto *list = dyn_cast_or_null<InitListExpr>(value);
      if (list && list->getNumInits() == 1)
        value = bareInit(list->getInit(0));
      const auto *reference = dyn_cast_or_null<DeclRefExpr>(value);
      auto given = reference ? Given.find(reference->getDecl()) : Given.end();
      if (given == Given.end())
        break;
      value = given->second;
      if (const auto *defaulted = dyn_cast<CXXDefaultArgExpr>(value))
        value = defaulted->getExpr();
    }
    bool holds = false;
    if (!value || value->isValueDependent())
      return;
    const auto *address = dyn_cast<UnaryOperator>(value);
    if ((address && address->getOpcode() == UO_AddrOf) || isa<CXXThisExpr>(value))
      guard.values.flags[&field] = true;
    else if (value->EvaluateAsBooleanCondition(holds, Context))
      guard.values.flags[&field] = holds;
  }

  /// The lambda that a `std::function` is made of, on its way through parameters.
  const Expr *lambdaIn(const Expr *value, QuietGuard &guard) {
    for (unsigned depth = 0; value && depth < 16; ++depth) {
      if (const Expr *lambda = handedLambda(value)) {
        const auto *reference = dyn_cast<DeclRefExpr>(lambda);
        auto given = reference ? Given.find(reference->getDecl()) : Given.end();
        if (given == Given.end()) {
          guard.lambdas.insert(lambda);
          return isa<LambdaExpr, DeclRefExpr>(lambda) ? lambda : nullptr;
        }
        value = given->second;
        continue;
      }
      value = bareInit(value);
      if (const auto *call = dyn_cast<CallExpr>(value);
          call && call->getNumArgs() == 1 && call->getDirectCallee() && isPassedOn(*call->getDirectCallee()))
        value = call->getArg(0);
      else if (const auto *made = dyn_cast<CXXConstructExpr>(value);
               made && made->getNumArgs() >= 1 && isErased(made->getType()))
        value = made->getArg(0);
      else if (const auto *list = dyn_cast<InitListExpr>(value); list && list->getNumInits() == 1)
        value = list->getInit(0);
      else if (const auto *reference = dyn_cast<DeclRefExpr>(value); reference && Given.contains(reference->getDecl()))
        value = Given.lookup(reference->getDecl());
      else
        return nullptr;
    }
    return nullptr;
  }

  ASTContext &Context;
  llvm::DenseMap<const ValueDecl *, const Expr *> Given; ///< to parameters
};

} // namespace

std::string GuardValues::key(Recorder &recorder) const {
  std::vector<std::string> parts;
  for (const auto &[field, value] : flags)
    parts.push_back(field->getNameAsString() + (value ? "+" : "-"));
  for (const auto &[field, lambda] : kept) {
    Place place = recorder.anyToken(lambda->getLocation());
    parts.push_back(field->getNameAsString() + "=" + recorder.facts.files[place.file].path + ":" +
                    std::to_string(place.begin));
  }
  llvm::sort(parts);
  return llvm::join(parts, " ");
}

const FieldDecl *GuardValues::memberOf(const Expr *value) {
  const auto *member = dyn_cast_or_null<MemberExpr>(value ? value->IgnoreParenImpCasts() : nullptr);
  return member && isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts())
             ? dyn_cast<FieldDecl>(member->getMemberDecl())
             : nullptr;
}

std::optional<bool> GuardValues::holds(const Expr *condition) const {
  condition = condition ? condition->IgnoreParenImpCasts() : nullptr;
  if (!condition)
    return std::nullopt;
  if (const FieldDecl *field = memberOf(condition)) {
    auto known = flags.find(field);
    return known == flags.end() ? std::nullopt : std::optional(known->second);
  }
  if (const auto *conversion = dyn_cast<CXXMemberCallExpr>(condition))
    return conversion->getMethodDecl() && isa<CXXConversionDecl>(conversion->getMethodDecl()) &&
                   kept.contains(memberOf(conversion->getImplicitObjectArgument()))
               ? std::optional(true)
               : std::nullopt;
  if (const auto *call = dyn_cast<CallExpr>(condition)) {
    const FunctionDecl *callee = call->getDirectCallee();
    if (callee && callee->isInStdNamespace() && callee->getIdentifier() && callee->getName() == "exchange")
      return holds(call->getArg(0));
  }
  const auto *comparison = dyn_cast<BinaryOperator>(condition);
  if (comparison && comparison->isEqualityOp() &&
      isa<CXXNullPtrLiteralExpr>(comparison->getRHS()->IgnoreParenImpCasts()))
    if (std::optional<bool> set = holds(comparison->getLHS()))
      return *set == (comparison->getOpcode() == BO_NE);
  return std::nullopt;
}

const CXXMethodDecl *GuardValues::called(const CallExpr &invocation) const {
  const auto *call = dyn_cast<CXXOperatorCallExpr>(&invocation);
  return call && call->getOperator() == OO_Call ? kept.lookup(memberOf(call->getArg(0))) : nullptr;
}

bool isLeftAlone(const VarDecl &variable) {
  if (!variable.isReferenced())
    return true;
  const auto *function = dyn_cast<FunctionDecl>(variable.getDeclContext());
  if (!function || !function->getBody())
    return false;
  TouchVisitor visitor(variable);
  visitor.TraverseStmt(function->getBody());
  return !visitor.isTouched;
}

QuietGuard quietGuard(const VarDecl &variable) {
  const CXXRecordDecl *record = variable.getType()->getAsCXXRecordDecl();
  const CXXDestructorDecl *destructor = record && record->hasDefinition() ? record->getDestructor() : nullptr;
  const FunctionDecl *definition = destructor ? destructor->getDefinition() : nullptr;
  if (!definition || !destructor->isUserProvided() || !definition->getBody() || !variable.getInit() ||
      !isLeftAlone(variable))
    return QuietGuard();
  QuietGuard guard = ValueReader(variable.getASTContext()).read(variable.getInit());
  ReadVisitor reads;
  reads.TraverseStmt(definition->getBody());
  if (reads.loops)
    return QuietGuard();
  for (const FieldDecl *field : reads.lost) {
    guard.values.flags.erase(field);
    if (guard.values.kept.erase(field))
      return QuietGuard();
  }
  return guard;
}

const CXXMethodDecl *deleterOf(const CXXRecordDecl &record) {
  const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&record);
  if (standardName(&record) != "unique_ptr" || !special || special->getTemplateArgs().size() < 2)
    return nullptr;
  const CXXRecordDecl *deleter = special->getTemplateArgs()[1].getAsType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!deleter || !deleter->hasDefinition() || deleter->isInStdNamespace())
    return nullptr;
  if (deleter->isLambda())
    return deleter->isGenericLambda() ? nullptr : deleter->getLambdaCallOperator();
  const CXXMethodDecl *only = nullptr;
  for (const CXXMethodDecl *method : deleter->methods())
    if (method->getOverloadedOperator() == OO_Call) {
      if (only)
        return nullptr;
      only = method;
    }
  return only && !only->isVirtual() ? only : nullptr;
}

std::optional<ForeignGuard> foreignGuard(const VarDecl &variable) {
  const CXXRecordDecl *record = variable.getType()->getAsCXXRecordDecl();
  if (!record || record->isDependentType() || !isa<ClassTemplateSpecializationDecl>(record))
    return std::nullopt;
  ForeignGuard guard;
  guard.when = scopeEndOf(qualifiedNameOf(*record));
  if (guard.when == ScopeEnd::Never || !variable.getInit() || !isLeftAlone(variable))
    return std::nullopt;
  const bool owns = standardName(record) == "unique_ptr";
  if (owns) {
    guard.callable = deleterOf(*record);
  } else if (Lambdas lambdas = lambdasIn(variable.getType()); lambdas.size() == 1) {
    guard.callable = lambdas.front();
  }
  guard.made = bareInit(variable.getInit());
  if (!guard.callable || !guard.made)
    return std::nullopt;
  llvm::SmallVector<const Expr *, 2> given;
  if (const auto *construction = dyn_cast<CXXConstructExpr>(guard.made))
    given.append(construction->arg_begin(), construction->arg_end());
  else if (const auto *call = dyn_cast<CallExpr>(guard.made))
    given.append(call->arg_begin(), call->arg_end());
  for (const Expr *value : given)
    if (const Expr *lambda = handedLambda(value))
      guard.lambda = lambda;
  if (const auto *construction = dyn_cast<CXXConstructExpr>(guard.made))
    guard.mayThrow = !isQuiet(*construction->getConstructor());
  else if (const auto *call = dyn_cast<CallExpr>(guard.made))
    guard.mayThrow = !call->getDirectCallee() || !isQuiet(*call->getDirectCallee());
  if (owns) {
    if (!isa<CXXConstructExpr>(guard.made) || given.empty())
      return std::nullopt;
    const Expr *pointer = given.front()->IgnoreParenCasts();
    const auto *address = dyn_cast<UnaryOperator>(pointer);
    bool isSet = false;
    guard.maybe = !(address && address->getOpcode() == UO_AddrOf) && !isa<CXXThisExpr, CXXNewExpr>(pointer) &&
                  !(pointer->EvaluateAsBooleanCondition(isSet, variable.getASTContext()) && isSet);
  }
  return guard;
}

} // namespace ssot
