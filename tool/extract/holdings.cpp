#include "extract/holdings.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

/// Templates of the standard library whose arguments say nothing about what an object keeps.
bool keepsNothing(llvm::StringRef name) {
  return llvm::is_contained({"allocator", "hash", "less", "less_equal", "greater", "greater_equal", "equal_to",
                             "not_equal_to", "default_delete", "type_identity", "in_place_type_t", "integral_constant",
                             "numeric_limits", "owner_less"},
                            name);
}

/// Those that point: being constant themselves, they do not make constant what they point to.
bool pointsElsewhere(llvm::StringRef name) {
  return name.ends_with("_ptr") || name.ends_with("reference_wrapper") || name.starts_with("atomic") ||
         name.ends_with("function") || name.ends_with("span") || name.ends_with("view");
}

/// What may change inside a constant object without being state: locks and atomics.
bool isSynchronisation(QualType type) {
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || !record->getIdentifier())
    return false;
  llvm::StringRef name = record->getName();
  return name.contains_insensitive("mutex") || name.starts_with("atomic") || name.ends_with("once_flag");
}

/// A constant object that can change all the same.
bool hasMutableState(const CXXRecordDecl &record) {
  if (!record.hasDefinition())
    return false;
  return llvm::any_of(record.getDefinition()->fields(), [](const FieldDecl *field) {
    return field->isMutable() && !isSynchronisation(field->getType());
  });
}

/// A pointer to what the template was made for: the class is a smart pointer or a container.
bool pointsToArgument(const CXXRecordDecl &record, QualType type) {
  const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&record);
  if (!special || !type->isPointerType())
    return false;
  QualType pointee = type->getPointeeType().getCanonicalType().getUnqualifiedType();
  return llvm::any_of(special->getTemplateArgs().asArray(), [&](const TemplateArgument &argument) {
    return argument.getKind() == TemplateArgument::Type &&
           argument.getAsType().getCanonicalType().getUnqualifiedType() == pointee;
  });
}

} // namespace

Holdings::Holdings(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary, ASTContext &context)
    : Out(recorder), Names(names), Words(vocabulary), Context(context) {}

std::pair<const std::string *, StringId> Holdings::classOf(QualType type) {
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

Holding Holdings::direct(QualType type) {
  std::vector<Holding> found;
  Walk plain;
  plain.looksInside = false;
  walk(type, plain, found);
  return found.empty() ? Holding() : found.front();
}

std::vector<Holding> Holdings::of(QualType type) {
  std::vector<Holding> found;
  walk(type, Walk(), found);
  return found;
}

void Holdings::walk(QualType type, Walk at, std::vector<Holding> &into) {
  if (type.isNull() || at.depth > 6 || into.size() >= kMaxWays)
    return;
  type = type.getCanonicalType();
  if (const ArrayType *array = Context.getAsArrayType(type))
    return walk(array->getElementType(), at, into);
  if (auto [name, usr] = classOf(type); name) {
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    into.push_back(
        {name, usr, at.viaPointer, at.mutableWay || (record && hasMutableState(*record)), at.byTemplate, {}});
  }
  ++at.depth;
  if (QualType pointee = type->getPointeeType(); !pointee.isNull()) {
    at.viaPointer = true;
    if (!at.isMember)
      walk(pointee, at, into);
    return;
  }
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record) {
    if (const auto *special = type->getAs<TemplateSpecializationType>())
      arguments(special->getTemplateName().getAsTemplateDecl(), special->template_arguments(), at, into);
    return;
  }
  const CXXRecordDecl *definition = record->getDefinition();
  bool ours = definition && Out.inProject(definition->getLocation()) && !record->isInStdNamespace();
  if (ours && at.looksInside)
    for (Holding &part : inside(*definition)) {
      if (into.size() >= kMaxWays)
        return;
      part.viaPointer |= at.viaPointer;
      part.mutableWay |= at.mutableWay;
      part.byTemplate |= at.byTemplate;
      into.push_back(std::move(part));
    }
  if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record); special && (!ours || !at.looksInside))
    arguments(special->getSpecializedTemplate(), special->getTemplateArgs().asArray(), at, into);
}

void Holdings::arguments(const TemplateDecl *described, llvm::ArrayRef<TemplateArgument> given, Walk at,
                         std::vector<Holding> &into) {
  llvm::StringRef name = described && described->getIdentifier() ? described->getName() : llvm::StringRef();
  if (described && described->isInStdNamespace() && keepsNothing(name))
    return;
  at.byTemplate = true;
  at.viaPointer |= pointsElsewhere(name);
  at.isMember = false; // a container of pointers is there to keep them
  std::size_t before = into.size();
  auto follow = [&](QualType type) {
    // The bound arguments of `std::bind` stand in the type of a function.
    if (const auto *function = type->getAs<FunctionProtoType>(); function && name.contains("ind"))
      for (QualType bound : function->getParamTypes())
        walk(bound, at, into);
    else
      walk(type, at, into);
  };
  for (const TemplateArgument &argument : given) {
    if (argument.getKind() == TemplateArgument::Type)
      follow(argument.getAsType());
    else if (argument.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &element : argument.pack_elements())
        if (element.getKind() == TemplateArgument::Type)
          follow(element.getAsType());
    if (into.size() > before)
      return; // the key, the deleter and the allocator say it again
  }
}

StringId Holdings::nameOf(const NamedDecl &member, const CXXRecordDecl &record) {
  const CXXRecordDecl *named = &record;
  while (named->isAnonymousStructOrUnion() && isa<CXXRecordDecl>(named->getDeclContext()))
    named = cast<CXXRecordDecl>(named->getDeclContext());
  return named == &record ? Out.qualifiedName(&member)
                          : Out.intern(qualifiedNameOf(*named) + "::" + member.getNameAsString());
}

std::vector<Holding> Holdings::inside(const CXXRecordDecl &record) {
  if (auto known = Known.find(&record); known != Known.end())
    return known->second;
  if (llvm::is_contained(Open, &record)) {
    Cut = true;
    return {};
  }
  Open.push_back(&record);
  std::vector<Holding> all;
  auto part = [&](QualType type, const NamedDecl *member, bool isMutable, SourceLocation location) {
    if (type->isDependentType())
      return;
    Walk at;
    at.isMember = !record.isLambda() && !pointsToArgument(record, type);
    at.mutableWay = isMutable;
    std::vector<Holding> kept;
    walk(type, at, kept);
    for (Holding &holding : kept) {
      StorageStep step;
      step.name = member && member->getDeclName() ? nameOf(*member, record) : 0;
      step.type = Out.typeName(type, Context);
      step.isBase = !member;
      step.place = Out.anyToken(location);
      // The members of an anonymous union are members of the class around it.
      if (const auto *field = dyn_cast_or_null<FieldDecl>(member); !field || !field->isAnonymousStructOrUnion())
        holding.way.insert(holding.way.begin(), step);
      if (all.size() < kMaxWays)
        all.push_back(std::move(holding));
    }
  };
  for (const CXXBaseSpecifier &base : record.bases())
    part(base.getType(), nullptr, false, base.getBaseTypeLoc());
  for (const FieldDecl *field : record.fields())
    part(field->getType(), field, field->isMutable() && !isSynchronisation(field->getType()), field->getLocation());
  Open.pop_back();
  // What was found on the way back to a class that is still open is a part only.
  if (!Cut || Open.empty()) {
    Cut = false;
    Known[&record] = all;
  }
  return all;
}

} // namespace ssot
