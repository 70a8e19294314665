#include "extract/definitions.h"

#include "extract/events.h"
#include "extract/flow.h"
#include "extract/risks.h"
#include "extract/shape.h"
#include "extract/steps.h"
#include "extract/value_text.h"

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

Access accessOf(const Decl &declaration) {
  switch (declaration.getAccess()) {
  case AS_protected:
    return Access::Protected;
  case AS_private:
    return Access::Private;
  case AS_public:
  case AS_none:
    return Access::Public;
  }
  return Access::Public;
}

bool isLambdaCall(const FunctionDecl &function) {
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  return method && method->getParent()->isLambda();
}

/// Whether it stands in what a template was made into. Of a lambda there Clang does not say what it was made from.
bool isInInstantiation(const Decl &declaration) {
  for (const DeclContext *around = declaration.getDeclContext(); around; around = around->getParent()) {
    if (const auto *function = dyn_cast<FunctionDecl>(around); function && function->isTemplateInstantiation())
      return true;
    if (const auto *record = dyn_cast<CXXRecordDecl>(around);
        record && isTemplateInstantiation(record->getTemplateSpecializationKind()))
      return true;
  }
  return false;
}

/// Made by the compiler from a template or without anybody writing it: the pattern is what stands in the source.
bool isWritten(const FunctionDecl &function) {
  return !function.isImplicit() && !function.isTemplateInstantiation() &&
         primaryDecl(&function) == function.getCanonicalDecl();
}

/// A body that is there only where somebody uses it, and is nobody's text: behind `= default` in a class, and of a
/// lambda in what a template is made into.
bool isMadeOnDemand(const FunctionDecl &function) {
  return (function.isDefaulted() && !function.isUserProvided()) ||
         (isLambdaCall(function) && isInInstantiation(function));
}

bool isWritten(const TagDecl &type) {
  if (type.isImplicit())
    return false;
  if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&type))
    return special->isExplicitSpecialization() || isa<ClassTemplatePartialSpecializationDecl>(special);
  return primaryDecl(&type) == type.getCanonicalDecl();
}

bool isSpecial(const FunctionDecl &function) {
  if (isa<CXXConstructorDecl, CXXDestructorDecl, CXXConversionDecl>(function))
    return true;
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  return method && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
}

bool isInFunction(const Decl &declaration) { return declaration.getParentFunctionOrMethod() != nullptr; }

/// Everything that a body calls or constructs, lambdas in it included, in the order of the source.
class ReachVisitor : public RecursiveASTVisitor<ReachVisitor> {
public:
  ReachVisitor(Recorder &recorder, std::vector<StringId> &usrs) : Out(recorder), Usrs(usrs) {}

  bool VisitCallExpr(CallExpr *call) { return add(call->getDirectCallee()); }
  bool VisitCXXConstructExpr(CXXConstructExpr *construction) { return add(construction->getConstructor()); }

private:
  bool add(const FunctionDecl *callee) {
    if (StringId usr = callee ? Out.usr(primaryDecl(callee)) : 0; usr && !llvm::is_contained(Usrs, usr))
      Usrs.push_back(usr);
    return true;
  }

  Recorder &Out;
  std::vector<StringId> &Usrs;
};

template <typename T>
void sortUnique(std::vector<T> &values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

SymbolKind kindOf(const NamedDecl &declaration) {
  if (isa<RecordDecl>(declaration))
    return SymbolKind::Class;
  if (isa<EnumDecl>(declaration))
    return SymbolKind::Enum;
  if (isa<FunctionDecl>(declaration))
    return SymbolKind::Function;
  if (isa<EnumConstantDecl>(declaration))
    return SymbolKind::Enumerator;
  if (isa<VarDecl, FieldDecl>(declaration))
    return SymbolKind::Variable;
  if (isa<TypedefNameDecl>(declaration))
    return SymbolKind::Alias;
  if (isa<NamespaceDecl, NamespaceAliasDecl>(declaration))
    return SymbolKind::Namespace;
  return SymbolKind::Other;
}

/// The class or enumeration that the declaration is, or is another name of; null where it is none, or not known as long
/// as a template is none.
const TagDecl *tagOf(const NamedDecl &declaration) {
  if (const auto *tag = dyn_cast<TagDecl>(&declaration))
    return tag;
  const auto *alias = dyn_cast<TypedefNameDecl>(&declaration);
  if (!alias)
    return nullptr;
  QualType type = alias->getUnderlyingType().getCanonicalType();
  return type.hasLocalQualifiers() || type->isDependentType() ? nullptr : type->getAsTagDecl();
}

} // namespace

void DefinitionRecorder::bases(const CXXRecordDecl &record, std::vector<StringId> &usrs,
                               llvm::SmallPtrSetImpl<const CXXRecordDecl *> &entered) {
  // `template <int n> struct Rank : Rank<n - 1>` has itself as a base, as long as nobody says what n is.
  if (!entered.insert(&record).second)
    return;
  for (const CXXBaseSpecifier &base : record.bases()) {
    const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl();
    if (!parent)
      if (const auto *special = base.getType()->getAs<TemplateSpecializationType>())
        if (const auto *described = dyn_cast_or_null<ClassTemplateDecl>(special->getTemplateName().getAsTemplateDecl()))
          parent = described->getTemplatedDecl();
    if (!parent)
      continue;
    usrs.push_back(Out.usr(primaryDecl(parent)));
    if (const CXXRecordDecl *definition = parent->getDefinition())
      bases(*definition, usrs, entered);
  }
}

void DefinitionRecorder::members(const CXXRecordDecl &record, TypeFact &fact) {
  for (const Decl *member : record.decls()) {
    if (member->isImplicit())
      continue;
    if (const auto *described = dyn_cast<FunctionTemplateDecl>(member))
      member = described->getTemplatedDecl();
    if (const auto *method = dyn_cast<CXXMethodDecl>(member)) {
      MethodFact entry;
      entry.usr = Out.usr(primaryDecl(method));
      entry.name = Out.intern(method->getNameAsString());
      entry.signature = Out.typeName(method->getType(), Context);
      entry.access = accessOf(*method);
      entry.isSpecial = isSpecial(*method);
      entry.isPure = method->isPureVirtual();
      entry.isDefaultedOrDeleted = method->isDefaulted() || method->isDeleted();
      if (Words.bodies)
        entry.shape = Shapes.ofSignature(*method);
      fact.methods.push_back(entry);
    } else if (const auto *field = dyn_cast<FieldDecl>(member)) {
      FieldFact entry{Out.intern(field->getNameAsString()), Out.typeName(field->getType(), Context)};
      if (Words.bodies) {
        entry.shape = Shapes.of(field->getType(), &record);
        if (const CXXRecordDecl *part = hiddenPart(*field))
          entry.part = Out.usr(primaryDecl(part));
      }
      if (const Expr *initial = Words.flow ? field->getInClassInitializer() : nullptr)
        entry.initial = Out.intern(valueText(*initial, Context));
      fact.fields.push_back(entry);
    }
  }
}

void DefinitionRecorder::type(const TagDecl &definition) {
  if (!isWritten(definition) || !Seen.insert(&definition).second)
    return;
  const auto *record = dyn_cast<CXXRecordDecl>(&definition);
  if (record && record->isLambda())
    return;
  TypeFact fact;
  fact.usr = Out.usr(primaryDecl(&definition));
  fact.isSpecialization = isa<ClassTemplateSpecializationDecl>(definition);
  if (fact.isSpecialization)
    fact.usr = Out.usr(&definition);
  // `typedef struct { ... } Message;` defines a type of that name.
  const NamedDecl *named = &definition;
  if (const TypedefNameDecl *alias = definition.getTypedefNameForAnonDecl(); alias && !definition.getDeclName())
    named = alias;
  fact.name = named->getDeclName() ? Out.qualifiedName(named) : 0;
  fact.kind = definition.isEnum()     ? TypeKind::Enum
              : definition.isUnion()  ? TypeKind::Union
              : definition.isStruct() ? TypeKind::Struct
                                      : TypeKind::Class;
  fact.place = Out.anyToken(named->getLocation());
  fact.extent = Out.anyRange(definition.getSourceRange());
  fact.access = accessOf(definition);
  fact.isNested = isa<RecordDecl>(definition.getDeclContext());
  fact.isLocal = isInFunction(definition);
  for (const TagDecl *each : definition.redecls())
    if (const auto *attribute = each->getAttr<DeprecatedAttr>()) {
      fact.isDeprecated = true;
      fact.deprecation = Out.intern(attribute->getMessage());
    }
  if (record) {
    fact.isTemplate = record->getDescribedClassTemplate() != nullptr;
    fact.isAbstract = record->isAbstract();
    llvm::SmallPtrSet<const CXXRecordDecl *, 8> entered;
    bases(*record, fact.bases, entered);
    sortUnique(fact.bases);
    members(*record, fact);
  }
  Out.facts.types.push_back(std::move(fact));
}

void DefinitionRecorder::overridden(const CXXMethodDecl &method, std::vector<StringId> &usrs) {
  for (const CXXMethodDecl *base : method.overridden_methods()) {
    usrs.push_back(Out.usr(primaryDecl(base)));
    overridden(*base, usrs);
  }
}

WrittenFact DefinitionRecorder::written(const FunctionDecl &definition) {
  auto inFile = [&](SourceRange range) { return range.getBegin().isFileID() && range.getEnd().isFileID(); };
  WrittenFact fact;
  if (SourceRange body = definition.getBody()->getSourceRange(); inFile(body))
    fact.body = Out.range(body);
  // A friend declaration that defines nothing takes no attribute.
  for (const FunctionDecl *each = &definition; each; each = each->getPreviousDecl()) {
    bool friendly = each->getFriendObjectKind() != Decl::FOK_None && !each->isThisDeclarationADefinition();
    SourceRange head(each->getInnerLocStart(), each->getLocation());
    if (inFile(head) && !friendly && Out.inProject(head.getBegin()))
      fact.head = Out.range(head);
    if (const auto *attribute = each->getAttr<DeprecatedAttr>()) {
      fact.isDeprecated = true;
      fact.deprecation = Out.intern(attribute->getMessage());
    }
  }
  if (const auto *type = definition.getType()->getAs<FunctionProtoType>())
    fact.isNoexcept = !definition.isTemplated() && type->canThrow() == CT_Cannot;
  return fact;
}

void DefinitionRecorder::function(const FunctionDecl &definition) {
  const Stmt *body = definition.getBody();
  if (!isWritten(definition) || !body || !Seen.insert(&definition).second)
    return;
  // Who follows events follows calls of these too.
  if (!Emitters && isMadeOnDemand(definition))
    return;
  FunctionFact fact;
  fact.usr = Out.usr(primaryDecl(&definition));
  fact.name = Out.qualifiedName(&definition);
  fact.place = Out.anyToken(definition.getLocation());
  fact.extent = Out.anyRange(definition.getSourceRange());
  Place bodyPlace = Out.anyRange(body->getSourceRange());
  fact.bodyLines = bodyPlace.endLine - bodyPlace.line + 1;
  fact.access = accessOf(definition);
  fact.isStatic = definition.isStatic();
  fact.isSpecial = isSpecial(definition);
  fact.isTemplate = definition.getDescribedFunctionTemplate() != nullptr || definition.isTemplated();
  fact.isLocalOrLambda = isLambdaCall(definition) || isInFunction(definition);
  fact.result = Out.typeName(definition.getReturnType(), Context);
  for (const ParmVarDecl *parameter : definition.parameters())
    fact.parameters.push_back({Out.intern(parameter->getNameAsString()), Out.typeName(parameter->getType(), Context)});
  if (const auto *method = dyn_cast<CXXMethodDecl>(&definition)) {
    fact.isMethod = true;
    fact.parentClass = Out.usr(primaryDecl(method->getParent()));
    overridden(*method, fact.overrides);
    sortUnique(fact.overrides);
  }
  if (isNamed(definition, Out.facts.strings[fact.name]))
    ReachVisitor(Out, fact.reaches).TraverseStmt(definition.getBody());
  if (Words.flow && !fact.isLocalOrLambda) {
    recordFlow(definition, Out, fact);
    fact.written = written(definition);
    recordSteps(definition, Out, fact);
    fact.body.risks = risksIn(definition, Out);
  }
  if (Words.bodies && !fact.isLocalOrLambda) {
    fact.shape = shapeOf(definition, Out);
    fact.signature = Shapes.ofSignature(definition);
  }
  if (Events)
    Events->record(definition, fact);
  Out.facts.functions.push_back(std::move(fact));
}

/// A rule names it, or the namespace that it stands in.
bool DefinitionRecorder::isNamed(const FunctionDecl &definition, llvm::StringRef name) const {
  return llvm::binary_search(Words.names, name) ||
         (definition.getDeclContext()->isNamespace() && llvm::binary_search(Words.names, name.rsplit("::").first));
}

void DefinitionRecorder::outside(const CXXRecordDecl &record) {
  type(record);
  for (const CXXMethodDecl *method : record.methods())
    if (const FunctionDecl *written = method->getDefinition())
      function(*written);
  if (!Words.bodies)
    return;
  for (const FieldDecl *field : record.fields())
    if (const CXXRecordDecl *part = hiddenPart(*field);
        part && part->getDefinition() && !Seen.contains(part->getDefinition()))
      outside(*part->getDefinition());
}

StringId DefinitionRecorder::identity(const TagDecl &tag) {
  StringId usr = Out.usr(&tag);
  if (!usr)
    return 0;
  // The USR leaves out the values of some arguments of templates, and the spelling the file of a namespace without
  // name.
  PrintingPolicy policy = Context.getPrintingPolicy();
  policy.AnonymousTagLocations = false;
  std::string spelling = Context.getTypeDeclType(&tag).getCanonicalType().getAsString(policy);
  return Out.intern(Out.facts.strings[usr] + " " + spelling);
}

void DefinitionRecorder::symbols(const VocabularyNames &names) {
  for (const auto &[declaration, name] : names.entries()) {
    SymbolFact symbol;
    symbol.name = Out.intern(*name);
    symbol.usr = Out.usr(declaration);
    symbol.kind = kindOf(*declaration);
    symbol.inProject = Out.inProject(declaration->getLocation());
    symbol.place = Out.anyToken(declaration->getLocation());
    if (const TagDecl *tag = tagOf(*declaration))
      symbol.type = identity(*tag);
    if (const auto *tag = dyn_cast<TagDecl>(declaration)) {
      const TagDecl *definition = tag->getDefinition();
      symbol.defined = definition != nullptr;
      if (definition) {
        symbol.place = Out.anyToken(definition->getLocation());
        symbol.inProject = Out.inProject(definition->getLocation());
        if (!symbol.inProject) {
          if (const auto *record = dyn_cast<CXXRecordDecl>(definition))
            outside(*record);
          else
            type(*definition);
        }
      }
    } else if (const auto *func = dyn_cast<FunctionDecl>(declaration)) {
      const FunctionDecl *definition = func->getDefinition();
      symbol.defined = definition != nullptr;
      if (definition && !Out.inProject(definition->getLocation()))
        function(*definition);
    } else {
      symbol.defined = true;
    }
    Out.facts.symbols.push_back(symbol);
  }
}

} // namespace ssot
