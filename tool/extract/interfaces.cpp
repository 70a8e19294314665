#include "extract/interfaces.h"

#include "extract/names.h"
#include "extract/value_text.h"
#include "facts/words.h"

#include <llvm/ADT/SetVector.h>
#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

using namespace clang;

namespace {

/// A nested class of a nested class of ... : deeper than anybody writes, and an end for what contains itself.
constexpr unsigned kMaxDepth = 8;

class InterfaceRecorder {
public:
  InterfaceRecorder(Recorder &recorder, ASTContext &context) : Out(recorder), Context(context) {}

  void record(const NamedDecl &declaration, StringId name) {
    const NamedDecl *meant = &declaration;
    if (const auto *alias = dyn_cast<TypedefNameDecl>(meant))
      meant = alias->getUnderlyingType()->getAsTagDecl();
    if (const auto *described = dyn_cast_or_null<ClassTemplateDecl>(meant))
      meant = described->getTemplatedDecl();
    if (const auto *tag = dyn_cast_or_null<TagDecl>(meant))
      meant = tag->getDefinition();
    if (!meant)
      return;
    if (const auto *function = dyn_cast<FunctionDecl>(meant))
      Out.facts.interfaces.push_back({name, Out.qualifiedName(function), functionMember(*mostComplete(function))});
    else if (const auto *tag = dyn_cast<TagDecl>(meant))
      Out.facts.interfaces.push_back({name, Out.qualifiedName(tag), typeMember(*tag, 0)});
  }

private:
  /// Default arguments of free functions come with a later declaration as well: the last one has them all.
  static const FunctionDecl *mostComplete(const FunctionDecl *function) { return function->getMostRecentDecl(); }

  InterfaceMember member(const NamedDecl &declaration, MemberKind kind) {
    InterfaceMember entry;
    entry.usr = Out.usr(primaryDecl(&declaration));
    entry.name = Out.intern(declaration.getNameAsString());
    entry.kind = kind;
    entry.place = Out.anyToken(declaration.getLocation());
    entry.access = declaration.getAccess() == AS_private     ? Access::Private
                   : declaration.getAccess() == AS_protected ? Access::Protected
                                                             : Access::Public;
    return entry;
  }

  InterfaceMember functionMember(const FunctionDecl &function) {
    InterfaceMember entry = member(function, MemberKind::Function);
    entry.type = Out.typeName(function.getReturnType(), Context);
    fits(function.getReturnType(), entry);
    for (const ParmVarDecl *parameter : function.parameters())
      entry.parameters.push_back(parameterOf(*parameter));
    exceptions(function, entry);
    entry.head = head(function);
    if (const FunctionTemplateDecl *described = function.getDescribedFunctionTemplate())
      entry.headDefaults = defaults(*described->getTemplateParameters());
    entry.isConstexpr = function.isConstexprSpecified();
    entry.isConsteval = function.isConsteval();
    entry.isPure = function.isPureVirtual();
    entry.isFinal = function.hasAttr<FinalAttr>();
    entry.isVariadic = function.isVariadic();
    entry.isDeleted = function.isDeleted();
    if (const auto *method = dyn_cast<CXXMethodDecl>(&function)) {
      entry.isStatic = method->isStatic();
      entry.isConst = method->isConst();
      entry.isVolatile = method->isVolatile();
      entry.isVirtual = method->isVirtual();
      entry.ref = method->getRefQualifier() == RQ_LValue   ? RefQualifier::LValue
                  : method->getRefQualifier() == RQ_RValue ? RefQualifier::RValue
                                                           : RefQualifier::None;
    }
    if (const auto *conversion = dyn_cast<CXXConversionDecl>(&function)) {
      entry.isExplicit = conversion->isExplicit();
      entry.name = Out.intern("operator " + Out.facts.strings[entry.type]);
    }
    return entry;
  }

  InterfaceParameter parameterOf(const ParmVarDecl &parameter) {
    InterfaceParameter entry;
    // `const int` by value is the callee's business.
    entry.type = Out.typeName(parameter.getType().getCanonicalType().getUnqualifiedType(), Context);
    entry.hasDefault = parameter.hasDefaultArg();
    if (entry.hasDefault && !parameter.hasUninstantiatedDefaultArg() && !parameter.hasUnparsedDefaultArg())
      entry.defaultValue = Out.intern(valueText(*parameter.getDefaultArg(), Context));
    conversions(parameter.getType(), entry);
    return entry;
  }

  StringId plainName(QualType type) {
    return Out.typeName(type.getCanonicalType().getNonReferenceType().getUnqualifiedType(), Context);
  }

  /// The classes that this one is derived from for everybody.
  static void publicBases(const CXXRecordDecl &record, llvm::SmallSetVector<const CXXRecordDecl *, 4> &found) {
    for (const CXXBaseSpecifier &base : record.bases()) {
      const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl();
      parent = parent ? parent->getDefinition() : nullptr;
      if (parent && base.getAccessSpecifier() == AS_public && found.insert(parent))
        publicBases(*parent, found);
    }
  }

  /// What a result may be kept in that has the type of a base, or points or refers to one or to a constant.
  void fits(QualType type, InterfaceMember &entry) {
    type = type.getCanonicalType();
    bool points = type->isPointerType(), refers = type->isLValueReferenceType();
    QualType pointee = points || refers ? type->getPointeeType() : type;
    const CXXRecordDecl *record = pointee->getAsCXXRecordDecl();
    llvm::SmallSetVector<const CXXRecordDecl *, 4> bases;
    if (record && record->hasDefinition())
      publicBases(*record->getDefinition(), bases);
    auto add = [&](QualType to) {
      to = points ? Context.getPointerType(to) : refers ? Context.getLValueReferenceType(to) : to;
      entry.becomes.push_back(Out.typeName(to, Context));
    };
    bool becomesConstant = points && !pointee.isConstQualified() && pointee->isObjectType();
    if (becomesConstant)
      add(pointee.withConst());
    for (const CXXRecordDecl *base : bases) {
      QualType to = Context.getRecordType(base).withCVRQualifiers(pointee.getCVRQualifiers());
      add(to);
      if (becomesConstant)
        add(to.withConst());
    }
  }

  /// Whether the compiler knows the value of a constant wherever its class is known.
  bool isConstant(const VarDecl &variable) const {
    if (variable.isConstexpr())
      return true;
    const Expr *value = variable.getType().isConstQualified() && variable.getType()->isIntegralOrEnumerationType()
                            ? variable.getAnyInitializer()
                            : nullptr;
    if (!value)
      return false;
    const VarDecl *with = variable.getInitializingDeclaration();
    bool isSeen = with && Out.sources().getFileID(Out.sources().getExpansionLoc(with->getLocation())) ==
                              Out.sources().getFileID(Out.sources().getExpansionLoc(variable.getLocation()));
    return isSeen && (value->isValueDependent() || value->isIntegerConstantExpr(Context));
  }

  /// What converts into the type of a parameter, and what that type converts into, without anybody writing it.
  void conversions(QualType type, InterfaceParameter &entry) {
    type = type.getCanonicalType().getNonReferenceType();
    if (const auto *enumeration = type->getAs<EnumType>(); enumeration && !enumeration->getDecl()->isScoped())
      entry.becomes.push_back(Out.intern("int"));
    QualType pointee = type->getPointeeType();
    const CXXRecordDecl *record = (pointee.isNull() ? type : pointee)->getAsCXXRecordDecl();
    if (!record || !record->hasDefinition())
      return;
    llvm::SmallSetVector<const CXXRecordDecl *, 4> bases;
    publicBases(*record->getDefinition(), bases);
    for (const CXXRecordDecl *base : bases) {
      QualType to = Context.getRecordType(base);
      entry.becomes.push_back(plainName(pointee.isNull() ? to : Context.getPointerType(to)));
      if (pointee.isNull()) // what can change as well, unlike what a conversion makes
        entry.becomes.push_back(Out.typeName(Context.getLValueReferenceType(Context.getCanonicalType(to)), Context));
    }
    if (!pointee.isNull())
      return;
    for (const Decl *declaration : record->getDefinition()->decls()) {
      // `std::string` takes a literal by a template, whose own parameter is another one.
      const auto *described = dyn_cast<FunctionTemplateDecl>(declaration);
      const auto *constructor = dyn_cast<CXXConstructorDecl>(described ? described->getTemplatedDecl() : declaration);
      if (constructor && !constructor->isCopyOrMoveConstructor() &&
          constructor->isConvertingConstructor(/*AllowExplicit=*/false) &&
          constructor->getMinRequiredArguments() <= 1 && constructor->getNumParams() >= 1 &&
          constructor->getAccess() == AS_public && !constructor->isDeleted() &&
          !constructor->getParamDecl(0)->getType()->isDependentType())
        entry.accepts.push_back(plainName(constructor->getParamDecl(0)->getType()));
    }
    for (const NamedDecl *found : record->getDefinition()->getVisibleConversionFunctions())
      if (const auto *conversion = dyn_cast<CXXConversionDecl>(found->getUnderlyingDecl());
          conversion && !conversion->isExplicit())
        entry.becomes.push_back(plainName(conversion->getConversionType()));
  }

  /// The default of each template parameter; empty where it has none.
  std::vector<StringId> defaults(const TemplateParameterList &list) {
    std::vector<StringId> all;
    for (const NamedDecl *parameter : list) {
      StringId value = 0;
      if (const auto *type = dyn_cast<TemplateTypeParmDecl>(parameter); type && type->hasDefaultArgument())
        value = Out.typeName(type->getDefaultArgument().getArgument().getAsType(), Context);
      else if (const auto *number = dyn_cast<NonTypeTemplateParmDecl>(parameter);
               number && number->hasDefaultArgument())
        value = Out.intern(printedQualified(*number->getDefaultArgument().getSourceExpression(), Context));
      all.push_back(value);
    }
    return all;
  }

  void exceptions(const FunctionDecl &function, InterfaceMember &entry) {
    const auto *type = function.getType()->getAs<FunctionProtoType>();
    if (!type)
      return;
    ExceptionSpecificationType specification = type->getExceptionSpecType();
    if (isUnresolvedExceptionSpec(specification) || specification == EST_Unparsed)
      entry.exceptionsKnown = false;
    else if (specification == EST_DependentNoexcept)
      entry.exceptions = Out.intern("noexcept(" + printedQualified(*type->getNoexceptExpr(), Context) + ")");
    else if (type->isNothrow())
      entry.exceptions = Out.intern("noexcept");
  }

  /// The template parameters by kind and type, not by name, and what they are constrained by.
  StringId head(const FunctionDecl &function) {
    std::string text;
    Renamed.clear();
    if (const FunctionTemplateDecl *described = function.getDescribedFunctionTemplate())
      addParameters(*described->getTemplateParameters(), text);
    if (const Expr *constraint = function.getTrailingRequiresClause())
      text += " requires " + byPosition(printedQualified(*constraint, Context));
    return text.empty() ? 0 : Out.intern(text);
  }

  StringId headOf(const TemplateParameterList &list) {
    std::string text;
    Renamed.clear();
    addParameters(list, text);
    return Out.intern(text);
  }

  void addParameters(const TemplateParameterList &list, std::string &text) {
    text += "template <";
    llvm::StringRef separator = "";
    for (const NamedDecl *parameter : list) {
      text += separator;
      separator = ", ";
      if (parameter->getIdentifier())
        Renamed.emplace_back(parameter->getName().str(), "$" + std::to_string(Renamed.size()));
      if (const auto *type = dyn_cast<TemplateTypeParmDecl>(parameter)) {
        const TypeConstraint *constraint = type->getTypeConstraint();
        text += constraint ? constraint->getNamedConcept()->getQualifiedNameAsString() : std::string("typename");
      } else if (const auto *value = dyn_cast<NonTypeTemplateParmDecl>(parameter)) {
        text += value->getType().getCanonicalType().getAsString(Context.getPrintingPolicy());
      } else {
        addParameters(*cast<TemplateTemplateParmDecl>(parameter)->getTemplateParameters(), text);
      }
      if (parameter->isParameterPack())
        text += "...";
    }
    text += ">";
    if (const Expr *constraint = list.getRequiresClause())
      text += " requires " + byPosition(printedQualified(*constraint, Context));
  }

  /// What a template's parameters are called makes no difference.
  std::string byPosition(std::string text) const {
    for (const auto &[name, position] : Renamed) {
      std::string replaced;
      for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isWordByte(text[end]))
          ++end;
        if (end == at)
          ++end;
        llvm::StringRef word = llvm::StringRef(text).slice(at, end);
        replaced += word == name ? position : word.str();
        at = end;
      }
      text = std::move(replaced);
    }
    return text;
  }

  InterfaceMember typeMember(const TagDecl &tag, unsigned depth) {
    InterfaceMember entry = member(tag, isa<EnumDecl>(tag) ? MemberKind::Enum : MemberKind::Class);
    if (const auto *enumeration = dyn_cast<EnumDecl>(&tag)) {
      entry.isStatic = enumeration->isScoped();
      entry.type = Out.typeName(enumeration->getIntegerType(), Context);
      for (const EnumConstantDecl *enumerator : enumeration->enumerators()) {
        entry.members.push_back(member(*enumerator, MemberKind::Enumerator));
        entry.members.back().value = Out.intern(llvm::toString(enumerator->getInitVal(), 10));
      }
    } else if (const auto *record = dyn_cast<CXXRecordDecl>(&tag)) {
      if (const ClassTemplateDecl *described = record->getDescribedClassTemplate()) {
        entry.head = headOf(*described->getTemplateParameters());
        entry.headDefaults = defaults(*described->getTemplateParameters());
      }
      // `struct State;` whose definition is hidden has nothing to offer.
      entry.isFinal = record->hasAttr<FinalAttr>();
      entry.isPure = record->isCompleteDefinition() && record->isAbstract();
      if (depth < kMaxDepth && record->isCompleteDefinition()) {
        llvm::SmallPtrSet<const CXXRecordDecl *, 8> entered;
        members(*record, depth, entry, entered);
      }
    }
    return entry;
  }

  /// Members of the class and of its public bases. What the class declares hides the same name of a base.
  void members(const CXXRecordDecl &record, unsigned depth, InterfaceMember &into,
               llvm::SmallPtrSetImpl<const CXXRecordDecl *> &entered) {
    if (!entered.insert(&record).second)
      return;
    std::vector<InterfaceMember> own;
    for (const Decl *declaration : record.decls())
      if (const auto *named = dyn_cast<NamedDecl>(declaration);
          named && (!named->isImplicit() || isa<UsingShadowDecl>(named)))
        add(*named, depth, own);
    std::size_t inherited = into.members.size();
    for (InterfaceMember &entry : own) {
      auto hides = [&](const InterfaceMember &other) { return other.name == entry.name; };
      if (std::none_of(into.members.begin(), into.members.begin() + static_cast<std::ptrdiff_t>(inherited), hides))
        into.members.push_back(std::move(entry));
    }
    for (const CXXBaseSpecifier &base : record.bases())
      if (const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl();
          parent && parent->getDefinition() && base.getAccessSpecifier() == AS_public)
        members(*parent->getDefinition(), depth, into, entered);
  }

  void add(const NamedDecl &declaration, unsigned depth, std::vector<InterfaceMember> &into) {
    const NamedDecl *meant = &declaration;
    if (const auto *shadow = dyn_cast<UsingShadowDecl>(meant)) {
      // `using Base::f;` makes a member of the base one of this class, with the access it has here.
      std::size_t before = into.size();
      add(*shadow->getTargetDecl(), depth, into);
      for (std::size_t i = before; i < into.size(); ++i)
        into[i].access = member(*shadow, MemberKind::Alias).access;
      return;
    }
    StringId templateHead = 0;
    if (const auto *described = dyn_cast<FunctionTemplateDecl>(meant))
      meant = described->getTemplatedDecl();
    else if (const auto *type = dyn_cast<ClassTemplateDecl>(meant))
      meant = type->getTemplatedDecl();
    else if (const auto *alias = dyn_cast<TypeAliasTemplateDecl>(meant)) {
      templateHead = headOf(*alias->getTemplateParameters());
      meant = alias->getTemplatedDecl();
    } else if (const auto *variable = dyn_cast<VarTemplateDecl>(meant)) {
      templateHead = headOf(*variable->getTemplateParameters());
      meant = variable->getTemplatedDecl();
    }
    if (const auto *function = dyn_cast<FunctionDecl>(meant)) {
      const auto *method = dyn_cast<CXXMethodDecl>(function);
      bool special = isa<CXXConstructorDecl, CXXDestructorDecl, CXXDeductionGuideDecl>(function) ||
                     (method && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()));
      if (!special)
        into.push_back(functionMember(*function));
    } else if (isa<FieldDecl, VarDecl>(meant)) {
      if (!meant->getDeclName())
        return;
      into.push_back(member(*meant, MemberKind::Field));
      into.back().type = Out.typeName(cast<ValueDecl>(meant)->getType(), Context);
      into.back().isStatic = isa<VarDecl>(meant);
      if (const auto *field = dyn_cast<FieldDecl>(meant))
        into.back().isMutable = field->isMutable();
      if (const auto *variable = dyn_cast<VarDecl>(meant)) {
        into.back().isConstexpr = variable->isConstexpr();
        into.back().isConstant = isConstant(*variable);
        const Expr *initial = variable->getType().isConstQualified() ? variable->getAnyInitializer() : nullptr;
        // Other values can be written in more than one way.
        if (initial &&
            (isa<StringLiteral>(initial->IgnoreImplicit()) || initial->getType()->isIntegralOrEnumerationType()))
          into.back().value = Out.intern(valueText(*initial->IgnoreImplicit(), Context));
      }
      into.back().head = templateHead;
    } else if (const auto *alias = dyn_cast<TypedefNameDecl>(meant)) {
      into.push_back(member(*meant, MemberKind::Alias));
      into.back().type = Out.typeName(alias->getUnderlyingType(), Context);
      into.back().head = templateHead;
    } else if (const auto *tag = dyn_cast<TagDecl>(meant)) {
      const TagDecl *definition = tag->getDefinition();
      if (definition && tag != definition)
        return; // the definition comes on its own
      if (const auto *enumeration = dyn_cast<EnumDecl>(tag); enumeration && !enumeration->isScoped())
        for (const EnumConstantDecl *enumerator : enumeration->enumerators()) {
          into.push_back(member(*enumerator, MemberKind::Enumerator));
          into.back().value = Out.intern(llvm::toString(enumerator->getInitVal(), 10));
        }
      if (tag->getDeclName())
        into.push_back(typeMember(*tag, depth + 1));
    }
  }

  Recorder &Out;
  ASTContext &Context;
  std::vector<std::pair<std::string, std::string>> Renamed; ///< template parameters of what is looked at, by position
};

} // namespace

void recordInterfaces(Recorder &recorder, const Vocabulary &vocabulary, ASTContext &context) {
  if (vocabulary.interfaces.empty())
    return;
  Vocabulary words;
  words.names = vocabulary.interfaces;
  VocabularyNames names(words);
  names.resolve(context);
  InterfaceRecorder interfaces(recorder, context);
  for (const auto &[declaration, name] : names.entries())
    interfaces.record(*declaration, recorder.intern(*name));
}

} // namespace ssot
