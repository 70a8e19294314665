#include "extract/objects.h"

#include "extract/made_variable.h"
#include "extract/standard_library.h"
#include "extract/standard_makers.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

const CXXConstructExpr *constructionIn(const Expr *init) {
  if (!init)
    return nullptr;
  // In `T x = 1` nothing of the construction is spelled; before C++17 a copy that is left out stands around it.
  if (const auto *implicit = dyn_cast<CXXConstructExpr>(init->IgnoreImplicit()))
    return implicit->isElidable() && implicit->getNumArgs() > 0 ? constructionIn(implicit->getArg(0)) : implicit;
  return dyn_cast<CXXConstructExpr>(init->IgnoreUnlessSpelledInSource());
}

/// What the initialiser of a holder makes in it.
MadeObjects madeByInitializer(const Expr *init) {
  if (const CXXConstructExpr *inner = constructionIn(init))
    return madeBy(*inner);
  // `std::array<T, 2> x{}`: what is written for an element stands there.
  const auto *list = init ? dyn_cast<InitListExpr>(init->IgnoreImplicit()) : nullptr;
  const InitListExpr *syntax = list && list->getSyntacticForm() ? list->getSyntacticForm() : list;
  return syntax && syntax->getNumInits() == 0 ? madeFromTheStart(list->getType()) : MadeObjects();
}

/// A type whose name does not say what is in it.
bool hidesItsClass(QualType type) {
  type = type.getCanonicalType();
  if (QualType pointee = type->getPointeeType(); !pointee.isNull())
    return pointee->isVoidType();
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  StringRef name = standardName(record);
  if (llvm::is_contained({"any", "function", "move_only_function", "copyable_function"}, name))
    return true;
  const auto *special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(record);
  return special && name.ends_with("_ptr") && special->getTemplateArgs().size() > 0 &&
         special->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
         special->getTemplateArgs()[0].getAsType()->isVoidType();
}

/// The value that becomes what the holder holds: without the conversion to the holder.
const Expr *handedValue(const Expr *value) {
  while (value) {
    const Expr *inner = value->IgnoreParenCasts();
    if (const auto *cleanups = dyn_cast<ExprWithCleanups>(inner))
      inner = cleanups->getSubExpr();
    else if (const auto *made = dyn_cast<MaterializeTemporaryExpr>(inner))
      inner = made->getSubExpr();
    else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(inner))
      inner = bound->getSubExpr();
    else if (const auto *list = dyn_cast<InitListExpr>(inner); list && list->getNumInits() == 1)
      inner = list->getInit(0);
    else if (const auto *construction = dyn_cast<CXXConstructExpr>(inner);
             construction && construction->getNumArgs() >= 1 &&
             (hidesItsClass(construction->getType()) || construction->getConstructor()->isCopyOrMoveConstructor()))
      inner = construction->getArg(0);
    if (inner == value)
      return value;
    value = inner;
  }
  return nullptr;
}

const VarDecl *staticVariable(const Expr *target) {
  const auto *reference = target ? dyn_cast<DeclRefExpr>(target->IgnoreParenImpCasts()) : nullptr;
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return variable && variable->hasGlobalStorage() ? variable : nullptr;
}

/// Whether every unit that includes it has a variable of its own.
bool isPerUnit(const VarDecl &variable, const SourceManager &sources) {
  if (sources.isInMainFile(sources.getExpansionLoc(variable.getLocation())))
    return false;
  const auto *function = dyn_cast_or_null<FunctionDecl>(variable.getParentFunctionOrMethod());
  const NamedDecl *linked = function ? static_cast<const NamedDecl *>(function) : &variable;
  return linked->isInAnonymousNamespace() || linked->getFormalLinkage() == Linkage::Internal;
}

/// The base of \p kept that \p variable belongs to: `Singleton<Router>` of `class Router : Singleton<Router>`.
const CXXRecordDecl *owningBase(const VarDecl &variable, QualType kept) {
  const DeclContext *around = variable.getDeclContext();
  if (const auto *function = dyn_cast<FunctionDecl>(around))
    around = function->getDeclContext();
  const auto *owner = dyn_cast<CXXRecordDecl>(around);
  if (const QualType pointee = kept->getPointeeType(); !pointee.isNull())
    kept = pointee;
  const CXXRecordDecl *record = kept->getAsCXXRecordDecl();
  return owner && record && record->hasDefinition() && owner->hasDefinition() && record != owner &&
                 record->isDerivedFrom(owner)
             ? owner
             : nullptr;
}

/// What `emplace<T>()` of a `std::any` or a variant makes, or `emplace<1>()` of a variant; else null.
QualType chosenToEmplace(const CXXMemberCallExpr &call) {
  const CXXMethodDecl *method = call.getMethodDecl();
  const TemplateArgumentList *chosen = method ? method->getTemplateSpecializationArgs() : nullptr;
  const CXXRecordDecl *holder = method ? method->getParent() : nullptr;
  if (!chosen || chosen->size() == 0 || !holder->isInStdNamespace() || !holder->getIdentifier() ||
      !(holder->getName() == "any" || holder->getName() == "variant"))
    return QualType();
  const TemplateArgument &first = chosen->get(0);
  if (first.getKind() == TemplateArgument::Type)
    return first.getAsType();
  const auto *variant = dyn_cast<ClassTemplateSpecializationDecl>(holder);
  if (first.getKind() != TemplateArgument::Integral || !variant || variant->getTemplateArgs().size() == 0 ||
      variant->getTemplateArgs()[0].getKind() != TemplateArgument::Pack)
    return QualType();
  llvm::ArrayRef<TemplateArgument> all = variant->getTemplateArgs()[0].getPackAsArray();
  std::uint64_t number = first.getAsIntegral().getZExtValue();
  return number < all.size() && all[number].getKind() == TemplateArgument::Type ? all[number].getAsType() : QualType();
}

/// Whether a later assignment is the first: the variable begins with nothing.
bool isEmptyAtFirst(const VarDecl &variable) {
  const Expr *init = variable.getAnyInitializer();
  if (!init)
    return true;
  init = init->IgnoreParenImpCasts();
  if (const auto *list = dyn_cast<InitListExpr>(init))
    return list->getNumInits() == 0;
  if (const auto *construction = dyn_cast<CXXConstructExpr>(init))
    return construction->getNumArgs() == 0 ||
           (construction->getNumArgs() == 1 && construction->getArg(0)->getType()->isNullPtrType());
  return isa<CXXNullPtrLiteralExpr, GNUNullExpr, ImplicitValueInitExpr>(init) ||
         (isa<IntegerLiteral>(init) && cast<IntegerLiteral>(init)->getValue().isZero());
}

} // namespace

ObjectRecorder::ObjectRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                               ASTContext &context)
    : Out(recorder), Names(names), Context(context), Kept(recorder, names, vocabulary, context) {}

CreationFact *ObjectRecorder::add(const std::string &name, StringId usr, CreationKind kind, SourceRange range) {
  std::optional<Place> place = Out.range(range);
  if (!place)
    return nullptr;
  CreationFact fact;
  fact.className = Out.intern(name);
  fact.usr = usr;
  fact.kind = kind;
  fact.place = *place;
  fact.context = Out.context(*place);
  return &Out.facts.creations.emplace_back(std::move(fact));
}

void ObjectRecorder::unevaluated(const Expr &expression) {
  Told.insert(&expression);
  if (const auto *asked = dyn_cast<RequiresExpr>(&expression))
    for (const concepts::Requirement *requirement : asked->getRequirements())
      if (const auto *simple = dyn_cast<concepts::ExprRequirement>(requirement);
          simple && !simple->isExprSubstitutionFailure())
        unevaluated(*simple->getExpr());
  for (const Stmt *child : expression.children())
    if (const auto *inner = dyn_cast_or_null<Expr>(child))
      unevaluated(*inner);
}

void ObjectRecorder::construction(const CXXConstructExpr &construction) {
  callback(construction);
  // A copy or a move keeps an object, it makes no second source of truth; a base subobject is part of its derived
  // object.
  if (construction.getConstructor()->isCopyOrMoveConstructor() ||
      (construction.getConstructionKind() != CXXConstructionKind::Complete) || Told.contains(&construction))
    return;
  if (auto [name, usr] = created(construction.getType()); name)
    add(*name, usr, CreationKind::Temporary, construction.getSourceRange());
  held(madeBy(construction), construction.getSourceRange());
}

CreationFact *ObjectRecorder::held(const MadeObjects &objects, SourceRange range, CreationKind kind) {
  for (const MadeObject &object : objects)
    if (auto [name, usr] = created(Context.getBaseElementType(object.type)); name && !object.isCopy())
      return add(*name, usr, kind, range);
  return nullptr;
}

void ObjectRecorder::allocation(const CXXNewExpr &allocation) {
  if (Told.contains(&allocation))
    return;
  const CXXConstructExpr *inner = allocation.getConstructExpr();
  if (inner)
    Told.insert(inner);
  if (inner)
    held(madeBy(*inner), allocation.getSourceRange());
  // What another object or a call gives is moved there: nothing is made.
  bool given = inner ? inner->getConstructor()->isCopyOrMoveConstructor()
                     : allocation.hasInitializer() && !isa<InitListExpr>(allocation.getInitializer());
  if (given)
    return;
  if (auto [name, usr] = created(allocation.getAllocatedType()); name)
    add(*name, usr, CreationKind::New, allocation.getSourceRange());
}

void ObjectRecorder::call(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee || Told.contains(&call))
    return;
  if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
      operation && operation->isAssignmentOp() && operation->getNumArgs() == 2)
    assigned(operation->getArg(0), operation->getArg(1));
  if (const std::string *name = Names.find(callee)) {
    CreationFact fact;
    if (std::optional<Place> place = Out.range(call.getSourceRange())) {
      fact.className = Out.intern(*name);
      fact.usr = Out.usr(primaryDecl(callee));
      fact.kind = CreationKind::FactoryCall;
      fact.place = *place;
      fact.context = Out.context(*place);
      Out.facts.creations.push_back(fact);
    }
    return;
  }
  held(madeBy(call), call.getSourceRange(),
       isa<CXXMethodDecl>(callee) ? CreationKind::Holder : CreationKind::MakeFunction);
  const IdentifierInfo *identifier = callee->getIdentifier();
  if (!identifier)
    return;
  llvm::StringRef function = identifier->getName();
  const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
  if (member && (function == "reset" || function == "emplace"))
    if (const VarDecl *variable = staticVariable(member->getImplicitObjectArgument())) {
      Filled.insert(variable->getCanonicalDecl());
      const TemplateArgumentList *made = callee->getTemplateSpecializationArgs();
      if (made && made->size() > 0 && hidesItsClass(variable->getType()) &&
          made->get(0).getKind() == TemplateArgument::Type)
        store(*variable, Kept.of(made->get(0).getAsType()), Out.token(call.getExprLoc()));
    }
  if (!member || !(function.starts_with("emplace") || function == "try_emplace"))
    return;
  bool fromObject =
      std::any_of(call.arg_begin(), call.arg_end(), [&](const Expr *given) { return created(given->getType()).first; });
  if (QualType type = chosenToEmplace(*member); !type.isNull()) {
    if (auto [name, usr] = created(type); name && !fromObject)
      add(*name, usr, CreationKind::MakeFunction, call.getSourceRange());
    return;
  }
  const auto *container = dyn_cast_or_null<ClassTemplateSpecializationDecl>(member->getRecordDecl());
  if (!container)
    return;
  for (const TemplateArgument &argument : container->getTemplateArgs().asArray()) {
    if (argument.getKind() != TemplateArgument::Type)
      continue;
    auto [name, usr] = created(argument.getAsType());
    if (name && !fromObject)
      return static_cast<void>(add(*name, usr, CreationKind::MakeFunction, call.getSourceRange()));
  }
}

void ObjectRecorder::constructor(const CXXConstructorDecl &constructor) {
  for (const CXXCtorInitializer *initializer : constructor.inits()) {
    const FieldDecl *field = initializer->getAnyMember();
    // A default member initialiser is told once, at the field.
    if (!field || isa<CXXDefaultInitExpr>(initializer->getInit()))
      continue;
    const CXXConstructExpr *inner = constructionIn(initializer->getInit());
    if (!inner)
      continue;
    Told.insert(inner);
    SourceRange place = initializer->isWritten() ? initializer->getSourceRange() : SourceRange(field->getLocation());
    held(madeBy(*inner), place);
    auto [name, usr] = created(Context.getBaseElementType(field->getType()));
    // What a call returns, or another object, is moved in: nothing is made here.
    if (!name || inner->getConstructor()->isCopyOrMoveConstructor())
      continue;
    CreationFact *fact = add(*name, usr, CreationKind::Member, place);
    if (fact && initializer->isWritten())
      fact->variable = madeMember(*initializer, *inner, Out);
  }
}

void ObjectRecorder::field(const FieldDecl &field) {
  keyedField(field);
  const CXXConstructExpr *inner = constructionIn(field.getInClassInitializer());
  if (inner)
    Told.insert(inner);
  const auto *parent = dyn_cast<CXXRecordDecl>(field.getParent());
  if (parent && parent->isLambda())
    return; // a capture is a copy
  // Of a union's members at most one is there, and none from the start unless it says so.
  bool madeByDefault =
      !field.hasInClassInitializer() && parent && !parent->isUnion() && !parent->hasUserDeclaredConstructor();
  held(madeByDefault ? madeFromTheStart(field.getType()) : madeByInitializer(field.getInClassInitializer()),
       SourceRange(field.getLocation()));
  auto [name, usr] = created(Context.getBaseElementType(field.getType()));
  if (!name)
    return;
  if (madeByDefault || (inner && !inner->getConstructor()->isCopyOrMoveConstructor()))
    add(*name, usr, CreationKind::Member, SourceRange(field.getLocation()));
}

namespace {

/// A raw pointer, a reference and a `std::weak_ptr` leave the object to others.
bool ownsNothing(QualType type) {
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return type->isPointerType() || type->isReferenceType() || standardName(record) == "weak_ptr";
}

/// The key of a map as it is written, so that an alias such as `UserId` speaks.
std::string writtenKey(QualType map, const PrintingPolicy &policy) {
  const auto *written = map->getAs<TemplateSpecializationType>();
  if (written && !written->template_arguments().empty() &&
      written->template_arguments()[0].getKind() == TemplateArgument::Type)
    return written->template_arguments()[0].getAsType().getUnqualifiedType().getAsString(policy);
  return std::string();
}

bool saysByUser(llvm::StringRef name) {
  return name.contains_insensitive("by_user") || name.contains_insensitive("byuser") ||
         name.contains_insensitive("per_user") || name.contains_insensitive("peruser");
}

} // namespace

/// A map from something that is not the user to an object that belongs to one user: another context finds it there.
void ObjectRecorder::keyedField(const FieldDecl &field) {
  const auto *map = dyn_cast_or_null<ClassTemplateSpecializationDecl>(field.getType()->getAsCXXRecordDecl());
  if (!map || !map->isInStdNamespace() || !map->getName().ends_with("map") || map->getTemplateArgs().size() < 2)
    return;
  const TemplateArgument &key = map->getTemplateArgs()[0], &value = map->getTemplateArgs()[1];
  if (key.getKind() != TemplateArgument::Type || value.getKind() != TemplateArgument::Type)
    return;
  Holding kept = Kept.direct(value.getAsType());
  std::optional<Place> place = Out.token(field.getLocation());
  std::string written = writtenKey(field.getType(), Context.getPrintingPolicy());
  if (!kept.name || !place || llvm::StringRef(written).contains_insensitive("user") ||
      llvm::StringRef(key.getAsType().getAsString()).contains_insensitive("user") || saysByUser(field.getName()))
    return;
  StorageFact fact;
  fact.className = Out.intern(*kept.name);
  fact.usr = kept.usr;
  fact.variable = Out.qualifiedName(&field);
  fact.kind = StorageKind::KeyedMember;
  fact.type = Out.intern(key.getAsType().getUnqualifiedType().getAsString(Context.getPrintingPolicy()));
  fact.viaPointer = true;
  fact.place = *place;
  Out.facts.storages.push_back(fact);
}

/// A lambda that becomes a `std::function` and owns a captured object keeps it for as long as somebody keeps the
/// function.
void ObjectRecorder::callback(const CXXConstructExpr &construction) {
  const CXXRecordDecl *made = construction.getConstructor()->getParent();
  if (!made->isInStdNamespace() || construction.getNumArgs() == 0 || !made->getIdentifier() ||
      !llvm::is_contained({"function", "move_only_function", "copyable_function", "packaged_task"}, made->getName()))
    return;
  const auto *lambda = dyn_cast<LambdaExpr>(construction.getArg(0)->IgnoreUnlessSpelledInSource());
  if (!lambda || Told.contains(lambda))
    return;
  for (const LambdaCapture &capture : lambda->captures()) {
    if (capture.getCaptureKind() == LCK_StarThis)
      copyOfThis(*lambda, capture);
    if (!capture.capturesVariable() || capture.getCaptureKind() != LCK_ByCopy)
      continue;
    const ValueDecl *variable = capture.getCapturedVar();
    Holding kept = Kept.direct(variable->getType());
    std::optional<Place> place = Out.token(capture.getLocation());
    if (!kept.name || !place || ownsNothing(variable->getType()))
      continue;
    StorageFact fact;
    fact.className = Out.intern(*kept.name);
    fact.usr = kept.usr;
    fact.variable = Out.qualifiedName(variable);
    fact.kind = StorageKind::Capture;
    fact.type = Out.intern(variable->getType().getAsString(Context.getPrintingPolicy()));
    fact.viaPointer = true;
    fact.place = *place;
    Out.facts.storages.push_back(fact);
  }
}

void ObjectRecorder::copyOfThis(const LambdaExpr &lambda, const LambdaCapture &capture) {
  for (const FieldDecl *field : lambda.getLambdaClass()->fields()) {
    auto [name, usr] = field->isImplicit() || !field->getDeclName() ? created(field->getType())
                                                                    : std::pair<const std::string *, StringId>();
    std::optional<Place> place = Out.token(capture.getLocation());
    if (!name || !place)
      continue;
    StorageFact fact;
    fact.className = Out.intern(*name);
    fact.usr = usr;
    fact.variable = Out.intern("*this");
    fact.kind = StorageKind::Capture;
    fact.type = fact.className;
    fact.viaPointer = true;
    fact.place = *place;
    Out.facts.storages.push_back(fact);
    return;
  }
}

void ObjectRecorder::variable(const VarDecl &variable) {
  if (isa<ParmVarDecl>(variable))
    return;
  if (const CXXConstructExpr *inner = constructionIn(variable.getInit()))
    if (auto [name, usr] = created(Context.getBaseElementType(variable.getType())); name && !Told.contains(inner)) {
      // `T x(...)` is a variable; in `T x = make()` and in copies nothing is constructed here.
      Told.insert(inner);
      if (!inner->getConstructor()->isCopyOrMoveConstructor())
        if (CreationFact *fact = add(*name, usr, CreationKind::Variable, SourceRange(variable.getLocation())))
          fact->variable = madeVariable(variable, *inner, Out);
    }
  if (const Expr *init = variable.getInit(); init && !Told.contains(constructionIn(init)))
    if (MadeObjects objects = madeByInitializer(init); !objects.empty()) {
      Told.insert(constructionIn(init));
      held(objects, SourceRange(variable.getLocation()));
    }
  if (variable.hasLocalStorage() && !variable.isStaticLocal())
    return;
  store(variable, Kept.of(variable.getType()), std::nullopt);
  handedTo(variable, variable.getInit());
}

void ObjectRecorder::store(const VarDecl &variable, std::vector<Holding> holdings, std::optional<Place> put) {
  const VarDecl *first = variable.getCanonicalDecl();
  std::optional<Place> place = Out.token(first->getLocation());
  if (holdings.empty() || !place)
    return;
  StorageFact fact;
  fact.variable = Out.qualifiedName(&variable);
  fact.kind = variable.getTLSKind() != VarDecl::TLS_None ? StorageKind::ThreadLocal
              : variable.isStaticLocal()                 ? StorageKind::LocalStatic
              : !variable.isStaticDataMember()           ? StorageKind::NamespaceScope
              : first->isInline()                        ? StorageKind::InlineStaticMember
                                                         : StorageKind::StaticMember;
  fact.type = Out.intern(variable.getType().getAsString(Context.getPrintingPolicy()));
  fact.perUnit = isPerUnit(variable, Out.sources());
  if (const CXXRecordDecl *base = owningBase(variable, variable.getType()))
    fact.throughBase = Out.typeName(Context.getRecordType(base), Context);
  fact.put = put;
  fact.place = *place;
  bool constant = Context.getBaseElementType(variable.getType()).isConstQualified() && !put;
  // One fact for each class; what can change says more than what cannot.
  while (!holdings.empty()) {
    StringId usr = holdings.front().usr;
    auto canChange = [&](const Holding &holding) { return !constant || holding.viaPointer || holding.mutableWay; };
    bool changes =
        llvm::any_of(holdings, [&](const Holding &holding) { return holding.usr == usr && canChange(holding); });
    fact.className = Out.intern(*holdings.front().name);
    fact.usr = usr;
    fact.isConst = !changes;
    fact.ways.clear();
    fact.viaPointer = fact.viaTemplate = false;
    for (const Holding &holding : holdings)
      if (holding.usr == usr && changes == canChange(holding)) {
        if (fact.ways.empty()) {
          fact.viaPointer = holding.viaPointer;
          fact.viaTemplate = holding.byTemplate;
        }
        fact.ways.push_back({holding.way});
      }
    llvm::erase_if(holdings, [&](const Holding &holding) { return holding.usr == usr; });
    Stored.emplace_back(&variable, Out.facts.storages.size());
    Out.facts.storages.push_back(fact);
  }
}

void ObjectRecorder::handedTo(const VarDecl &variable, const Expr *value) {
  if (!value || value->isValueDependent() || !hidesItsClass(variable.getType()))
    return;
  value = handedValue(value);
  std::vector<Holding> kept;
  if (const auto *call = dyn_cast_or_null<CallExpr>(value)) {
    // `std::make_any<Router>()` and `std::make_shared<Router>()`, which becomes a pointer to nobody knows what.
    const FunctionDecl *callee = call->getDirectCallee();
    const TemplateArgumentList *made = callee ? callee->getTemplateSpecializationArgs() : nullptr;
    if (made && callee->isInStdNamespace() && callee->getIdentifier() && callee->getName().starts_with("make_") &&
        made->size() > 0 && made->get(0).getKind() == TemplateArgument::Type)
      kept = Kept.of(made->get(0).getAsType());
  }
  if (value && kept.empty())
    kept = Kept.of(value->getType());
  std::optional<Place> put = value ? Out.token(value->getBeginLoc()) : std::nullopt;
  if (!put || kept.empty())
    return;
  if (const auto *lambda = dyn_cast<LambdaExpr>(value))
    Told.insert(lambda);
  store(variable, std::move(kept), put);
}

void ObjectRecorder::assigned(const Expr *target, const Expr *value) {
  const VarDecl *variable = staticVariable(target);
  if (!variable)
    return;
  Filled.insert(variable->getCanonicalDecl());
  handedTo(*variable, value);
}

void ObjectRecorder::assignment(const BinaryOperator &assignment) {
  assigned(assignment.getLHS(), assignment.getRHS());
}

void ObjectRecorder::returned(const ReturnStmt &statement) {
  const Expr *value = statement.getRetValue();
  while (value) {
    const Expr *inner = value->IgnoreUnlessSpelledInSource();
    if (const auto *operation = dyn_cast<UnaryOperator>(inner);
        operation && (operation->getOpcode() == UO_Deref || operation->getOpcode() == UO_AddrOf))
      inner = operation->getSubExpr();
    else if (const auto *dereference = dyn_cast<CXXOperatorCallExpr>(inner);
             dereference && dereference->getNumArgs() == 1)
      inner = dereference->getArg(0);
    else if (const auto *get = dyn_cast<CXXMemberCallExpr>(inner); get && get->getNumArgs() == 0)
      inner = get->getImplicitObjectArgument();
    if (inner == value)
      break;
    value = inner;
  }
  if (const auto *reference = dyn_cast_or_null<DeclRefExpr>(value))
    if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()); variable && variable->isStaticLocal())
      HandedOut.insert(variable);
}

void ObjectRecorder::finish() {
  for (const auto &[variable, index] : Stored) {
    Out.facts.storages[index].returned = HandedOut.contains(variable);
    Out.facts.storages[index].filled = Filled.contains(variable->getCanonicalDecl()) && isEmptyAtFirst(*variable);
  }
  auto around = [&](const Place &place) -> StringId {
    const FunctionFact *innermost = nullptr;
    for (const FunctionFact &function : Out.facts.functions)
      if (!function.isLocalOrLambda && function.extent.file == place.file && function.extent.begin <= place.begin &&
          place.end <= function.extent.end && (!innermost || innermost->extent.begin < function.extent.begin))
        innermost = &function;
    return innermost ? innermost->usr : 0;
  };
  for (CreationFact &creation : Out.facts.creations)
    creation.functionUsr = around(creation.place);
  for (StorageFact &storage : Out.facts.storages)
    if (storage.kind == StorageKind::LocalStatic || storage.kind == StorageKind::ThreadLocal)
      storage.functionUsr = around(storage.place);
}

} // namespace ssot
