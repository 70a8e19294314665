#include "extract/type_meaning.h"

#include <llvm/ADT/StringExtras.h>

#include <set>

namespace ssot {

using namespace clang;

namespace {

void addPublicBases(const CXXRecordDecl &record, std::set<std::string> &names) {
  for (const CXXBaseSpecifier &base : record.bases())
    if (const CXXRecordDecl *type = base.getType()->getAsCXXRecordDecl();
        type && type->hasDefinition() && base.getAccessSpecifier() == AS_public) {
      names.insert(qualifiedNameOf(*type));
      addPublicBases(*type->getDefinition(), names);
    }
}

bool isDestroyedThroughBase(const CXXRecordDecl &record) {
  return llvm::any_of(record.bases(), [](const CXXBaseSpecifier &base) {
    const CXXRecordDecl *type = base.getType()->getAsCXXRecordDecl();
    const CXXDestructorDecl *destructor =
        type && type->hasDefinition() ? type->getDefinition()->getDestructor() : nullptr;
    return (destructor && destructor->isVirtual()) ||
           (type && type->hasDefinition() && isDestroyedThroughBase(*type->getDefinition()));
  });
}

/// A class of the project is what it is meant to be; other types have the meaning that everybody knows.
bool isKnownByItself(QualType type) {
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return !type->isDependentType() && (!record || record->isInStdNamespace()) && !type->isEnumeralType();
}

} // namespace

void TypeMeaningRecorder::note(ValueKind kind, StringId name, const Place &at, const Place &value,
                               const std::string &steps, const std::string &text) {
  Out.facts.conversions.push_back({kind, name, at, value, 0, Out.intern(""), Out.intern(steps), Out.intern(text)});
}

/// Which handlers catch an exception nobody writes where it is thrown.
void TypeMeaningRecorder::exception(const CXXThrowExpr &thrown) {
  const CXXRecordDecl *record = thrown.getSubExpr() ? thrown.getSubExpr()->getType()->getAsCXXRecordDecl() : nullptr;
  std::optional<Place> at = Out.token(thrown.getThrowLoc()), whole = Out.range(thrown.getSourceRange());
  if (!record || !record->hasDefinition() || !at || !whole)
    return;
  std::set<std::string> bases;
  addPublicBases(*record->getDefinition(), bases);
  bool isOfMoved = Moved.moves(record) || hasMovingBase(*record->getDefinition());
  if (isOfMoved)
    note(ValueKind::Exception, Out.qualifiedName(record), *at, *whole, "",
         bases.empty() ? "caught by its own name only" : "caught as " + llvm::join(bases, ", "));
}

void TypeMeaningRecorder::handlers(const CXXTryStmt &statement) {
  std::optional<Place> block = Out.range(statement.getTryBlock()->getSourceRange());
  for (unsigned i = 0; block && i < statement.getNumHandlers(); ++i) {
    const VarDecl *variable = statement.getHandler(i)->getExceptionDecl();
    if (!variable || !variable->getTypeSourceInfo())
      continue;
    QualType type = variable->getType().getNonReferenceType();
    const CXXRecordDecl *record =
        type->isPointerType() ? type->getPointeeType()->getAsCXXRecordDecl() : type->getAsCXXRecordDecl();
    std::optional<Place> caught = Out.range(variable->getTypeSourceInfo()->getTypeLoc().getSourceRange());
    if (caught && Moved.moves(record))
      note(ValueKind::Handler, Out.qualifiedName(record), *block, *caught, "", "");
  }
}

bool TypeMeaningRecorder::hasMovingBase(const CXXRecordDecl &record) {
  return llvm::any_of(record.bases(), [&](const CXXBaseSpecifier &base) {
    const CXXRecordDecl *type = base.getType()->getAsCXXRecordDecl();
    return type && (Moved.moves(type) || (type->hasDefinition() && hasMovingBase(*type->getDefinition())));
  });
}

void TypeMeaningRecorder::record(const CXXRecordDecl &record) {
  if (!record.isThisDeclarationADefinition() || record.isDependentContext() || record.isLambda() ||
      !hasMovingBase(record))
    return;
  auto overrides = [&](const NamedDecl &method, bool isOverride) {
    if (std::optional<Place> at = Out.token(method.getLocation()))
      note(ValueKind::Override, Out.qualifiedName(&method), *at, *at, isOverride ? "overrides" : "", "");
  };
  for (const CXXMethodDecl *method : record.methods())
    if (!method->isImplicit() && !isa<CXXDestructorDecl>(method))
      overrides(*method, method->size_overridden_methods() != 0);
  if (std::optional<Place> at = Out.token(record.getLocation()))
    note(ValueKind::Override, Out.intern(qualifiedNameOf(record) + "::~" + record.getNameAsString()), *at, *at,
         isDestroyedThroughBase(record) ? "overrides" : "", "");
}

/// Whether a type that moves is a part of the name that the linker knows something of \p type by.
bool TypeMeaningRecorder::isMadeOfMoved(QualType type, unsigned depth) {
  constexpr unsigned kDeepest = 8;
  if (depth > kDeepest || type.isNull())
    return false;
  type = type.getCanonicalType();
  if (type->isAnyPointerType() || type->isReferenceType())
    return isMadeOfMoved(type->getPointeeType(), depth + 1);
  if (const auto *function = type->getAs<FunctionProtoType>())
    return isMadeOfMoved(function->getReturnType(), depth + 1) ||
           llvm::any_of(function->param_types(), [&](QualType each) { return isMadeOfMoved(each, depth + 1); });
  if (const TagDecl *tag = type->getAsTagDecl(); tag && Moved.moves(tag))
    return true;
  const auto *instance = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsTagDecl());
  return instance && (Moved.moves(instance->getSpecializedTemplate()) ||
                      llvm::any_of(instance->getTemplateArgs().asArray(), [&](const TemplateArgument &argument) {
                        return argument.getKind() == TemplateArgument::Type &&
                               isMadeOfMoved(argument.getAsType(), depth + 1);
                      }));
}

void TypeMeaningRecorder::function(const FunctionDecl &function) {
  if (isa<CXXMethodDecl>(function) || function.isTemplated() || function.isTemplateInstantiation() ||
      function.getFriendObjectKind() != Decl::FOK_None || function.isInlined() ||
      !function.hasExternalFormalLinkage() ||
      llvm::none_of(function.parameters(), [&](const ParmVarDecl *each) { return isMadeOfMoved(each->getType()); }))
    return;
  std::optional<Place> at = Out.token(function.getLocation());
  FunctionTypeLoc written = function.getFunctionTypeLoc();
  std::optional<Place> whole =
      at && written ? Out.range(SourceRange(function.getBeginLoc(), written.getRParenLoc())) : std::nullopt;
  if (whole)
    note(ValueKind::Function, Out.qualifiedName(&function), *at, *whole,
         function.isThisDeclarationADefinition() ? "defined" : "", Out.facts.strings[Out.usr(&function)]);
}

void TypeMeaningRecorder::alias(const NamedDecl &alias, QualType type, SourceLocation at) {
  std::optional<Place> place = Moved.moves(&alias) && isKnownByItself(type) ? Out.token(at) : std::nullopt;
  if (place)
    note(ValueKind::Result, Out.qualifiedName(&alias), *place, *place, "",
         "'" + type.getCanonicalType().getAsString(Context.getPrintingPolicy()) + "'");
}

} // namespace ssot
