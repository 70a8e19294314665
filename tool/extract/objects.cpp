#include "extract/objects.h"

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

} // namespace

ObjectRecorder::ObjectRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                               ASTContext &context)
    : Out(recorder), Names(names), Words(vocabulary), Context(context) {}

std::pair<const std::string *, StringId> ObjectRecorder::created(QualType type) {
  const CXXRecordDecl *record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  if (!record && !type.isNull())
    if (const auto *special = type->getAs<TemplateSpecializationType>())
      if (const auto *described = dyn_cast_or_null<ClassTemplateDecl>(special->getTemplateName().getAsTemplateDecl()))
        record = described->getTemplatedDecl();
  const std::string *name = record ? Names.find(record) : nullptr;
  if (!name || !std::binary_search(Words.created.begin(), Words.created.end(), *name))
    return {nullptr, 0};
  return {name, Out.usr(primaryDecl(record))};
}

ObjectRecorder::Held ObjectRecorder::held(QualType type, unsigned depth) {
  if (type.isNull() || depth > 6)
    return {};
  type = type.getCanonicalType();
  if (auto [name, usr] = created(type); name)
    return {name, usr, depth > 0};
  if (QualType pointee = type->getPointeeType(); !pointee.isNull())
    return held(pointee, depth + 1);
  if (const ArrayType *array = Context.getAsArrayType(type))
    return held(array->getElementType(), depth);
  auto inArguments = [&](llvm::ArrayRef<TemplateArgument> arguments) -> Held {
    for (const TemplateArgument &argument : arguments) {
      if (argument.getKind() == TemplateArgument::Type)
        if (Held inner = held(argument.getAsType(), depth + 1); inner.name)
          return inner;
      if (argument.getKind() == TemplateArgument::Pack)
        for (const TemplateArgument &element : argument.pack_elements())
          if (element.getKind() == TemplateArgument::Type)
            if (Held inner = held(element.getAsType(), depth + 1); inner.name)
              return inner;
    }
    return {};
  };
  if (const auto *special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl()))
    return inArguments(special->getTemplateArgs().asArray());
  if (const auto *special = type->getAs<TemplateSpecializationType>())
    return inArguments(special->template_arguments());
  return {};
}

/// An object inside an object is kept as long as that one. What a member only points to may be anybody's.
ObjectRecorder::Held ObjectRecorder::heldInside(QualType type) {
  const CXXRecordDecl *record = Context.getBaseElementType(type)->getAsCXXRecordDecl();
  record = record ? record->getDefinition() : nullptr;
  if (!record || !Out.inProject(record->getLocation()))
    return {};
  auto [known, isNew] = Inside.try_emplace(record);
  if (!isNew) // also while it is being looked at
    return known->second;
  auto parts = [&]() -> Held {
    for (const CXXBaseSpecifier &base : record->bases())
      if (Held kept = heldByPart(base.getType()); kept.name)
        return kept;
    for (const FieldDecl *field : record->fields())
      if (Held kept = heldByPart(field->getType()); kept.name)
        return kept;
    return {};
  };
  Held kept = parts();
  return Inside[record] = kept;
}

ObjectRecorder::Held ObjectRecorder::heldByPart(QualType type) {
  if (type->isPointerType() || type->isReferenceType() || type->isDependentType())
    return {};
  Held kept = held(type);
  return kept.name ? kept : heldInside(type);
}

void ObjectRecorder::add(const std::string &name, StringId usr, CreationKind kind, SourceRange range) {
  std::optional<Place> place = Out.range(range);
  if (!place)
    return;
  CreationFact fact;
  fact.className = Out.intern(name);
  fact.usr = usr;
  fact.kind = kind;
  fact.place = *place;
  fact.context = Out.context(*place);
  Out.facts.creations.push_back(fact);
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
}

void ObjectRecorder::allocation(const CXXNewExpr &allocation) {
  if (const CXXConstructExpr *inner = allocation.getConstructExpr())
    Told.insert(inner);
  if (auto [name, usr] = created(allocation.getAllocatedType()); name)
    add(*name, usr, CreationKind::New, allocation.getSourceRange());
}

void ObjectRecorder::call(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee)
    return;
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
  const IdentifierInfo *identifier = callee->getIdentifier();
  if (!identifier)
    return;
  llvm::StringRef function = identifier->getName();
  if (callee->isInStdNamespace() &&
      (function.starts_with("make_unique") || function.starts_with("make_shared") ||
       function.starts_with("allocate_shared") || function == "make_optional" || function == "make_any")) {
    const TemplateArgumentList *arguments = callee->getTemplateSpecializationArgs();
    if (arguments && arguments->size() > 0 && arguments->get(0).getKind() == TemplateArgument::Type)
      if (auto [name, usr] = created(arguments->get(0).getAsType()); name)
        add(*name, usr, CreationKind::MakeFunction, call.getSourceRange());
    return;
  }
  const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
  if (!member || !(function.starts_with("emplace") || function == "try_emplace"))
    return;
  const auto *container = dyn_cast_or_null<ClassTemplateSpecializationDecl>(member->getRecordDecl());
  if (!container)
    return;
  for (const TemplateArgument &argument : container->getTemplateArgs().asArray()) {
    if (argument.getKind() != TemplateArgument::Type)
      continue;
    auto [name, usr] = created(argument.getAsType());
    bool fromObject = std::any_of(call.arg_begin(), call.arg_end(),
                                  [&](const Expr *given) { return created(given->getType()).first; });
    if (name && !fromObject)
      return add(*name, usr, CreationKind::MakeFunction, call.getSourceRange());
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
    auto [name, usr] = created(Context.getBaseElementType(field->getType()));
    // What a call returns, or another object, is moved in: nothing is made here.
    if (!name || inner->getConstructor()->isCopyOrMoveConstructor())
      continue;
    add(*name, usr, CreationKind::Member,
        initializer->isWritten() ? initializer->getSourceRange() : SourceRange(field->getLocation()));
  }
}

void ObjectRecorder::field(const FieldDecl &field) {
  keyedField(field);
  const CXXConstructExpr *inner = constructionIn(field.getInClassInitializer());
  if (inner)
    Told.insert(inner);
  auto [name, usr] = created(Context.getBaseElementType(field.getType()));
  if (!name)
    return;
  const auto *parent = dyn_cast<CXXRecordDecl>(field.getParent());
  bool madeByDefault = !field.hasInClassInitializer() && parent && !parent->hasUserDeclaredConstructor();
  if (madeByDefault || (inner && !inner->getConstructor()->isCopyOrMoveConstructor()))
    add(*name, usr, CreationKind::Member, SourceRange(field.getLocation()));
}

/// A map from something that is not the user to an object that belongs to one user: another context finds it there.
void ObjectRecorder::keyedField(const FieldDecl &field) {
  const auto *map = dyn_cast_or_null<ClassTemplateSpecializationDecl>(field.getType()->getAsCXXRecordDecl());
  if (!map || !map->isInStdNamespace() || !map->getName().ends_with("map") || map->getTemplateArgs().size() < 2)
    return;
  const TemplateArgument &key = map->getTemplateArgs()[0], &value = map->getTemplateArgs()[1];
  if (key.getKind() != TemplateArgument::Type || value.getKind() != TemplateArgument::Type)
    return;
  Held kept = held(value.getAsType(), 1);
  std::optional<Place> place = Out.token(field.getLocation());
  if (!kept.name || !place || llvm::StringRef(key.getAsType().getAsString()).contains_insensitive("user"))
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
      !(made->getName() == "function" || made->getName() == "move_only_function"))
    return;
  const auto *lambda = dyn_cast<LambdaExpr>(construction.getArg(0)->IgnoreUnlessSpelledInSource());
  if (!lambda)
    return;
  for (const LambdaCapture &capture : lambda->captures()) {
    if (!capture.capturesVariable() || capture.getCaptureKind() != LCK_ByCopy)
      continue;
    const ValueDecl *variable = capture.getCapturedVar();
    Held kept = held(variable->getType());
    std::optional<Place> place = Out.token(capture.getLocation());
    // A copied raw pointer or reference owns nothing.
    if (!kept.name || !place || variable->getType()->isPointerType() || variable->getType()->isReferenceType())
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

void ObjectRecorder::variable(const VarDecl &variable) {
  if (isa<ParmVarDecl>(variable))
    return;
  if (const CXXConstructExpr *inner = constructionIn(variable.getInit()))
    if (auto [name, usr] = created(Context.getBaseElementType(variable.getType())); name && !Told.contains(inner)) {
      // `T x(...)` is a variable; in `T x = make()` and in copies nothing is constructed here.
      Told.insert(inner);
      if (!inner->getConstructor()->isCopyOrMoveConstructor())
        add(*name, usr, CreationKind::Variable, SourceRange(variable.getLocation()));
    }
  if (variable.hasLocalStorage() && !variable.isStaticLocal())
    return;
  Held kept = held(variable.getType());
  if (!kept.name)
    kept = heldInside(variable.getType());
  const VarDecl *first = variable.getCanonicalDecl();
  std::optional<Place> place = Out.token(first->getLocation());
  if (!kept.name || !place)
    return;
  StorageFact fact;
  fact.className = Out.intern(*kept.name);
  fact.usr = kept.usr;
  fact.variable = Out.qualifiedName(&variable);
  fact.kind = variable.getTLSKind() != VarDecl::TLS_None ? StorageKind::ThreadLocal
              : variable.isStaticLocal()                 ? StorageKind::LocalStatic
              : !variable.isStaticDataMember()           ? StorageKind::NamespaceScope
              : first->isInline()                        ? StorageKind::InlineStaticMember
                                                         : StorageKind::StaticMember;
  fact.type = Out.intern(variable.getType().getAsString(Context.getPrintingPolicy()));
  fact.isConst = variable.getType().isConstQualified();
  fact.viaPointer = kept.viaPointer;
  fact.inAnonymousNamespace = variable.isInAnonymousNamespace();
  fact.place = *place;
  if (variable.isStaticLocal())
    LocalStatics.emplace_back(&variable, Out.facts.storages.size());
  Out.facts.storages.push_back(fact);
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
  for (const auto &[variable, index] : LocalStatics)
    Out.facts.storages[index].returned = HandedOut.contains(variable);
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
