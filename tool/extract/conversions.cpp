#include "extract/conversions.h"

#include "extract/moved_names.h"
#include "extract/type_meaning.h"
#include "extract/value_text.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

#include <string>
#include <vector>

namespace ssot {

using namespace clang;

namespace {

class ConversionRecorder {
public:
  ConversionRecorder(Recorder &recorder, MovedNames &moved, ASTContext &context)
      : Out(recorder), Moved(moved), Context(context) {}

  /// Notes which values \p statement throws away. To be called before its parts are.
  void statement(const Stmt &statement);
  /// To be called for what an expression is a part of before the expression itself.
  void expression(const Expr &expression);
  /// To be called for a variable before its initialiser.
  void variable(const VarDecl &variable);
  /// Notes what the members and bases of a class are made with where no constructor says it.
  void record(const CXXRecordDecl &record);

private:
  /// An expression without what the compiler has put around it.
  struct Peeled {
    const Expr *core;
    std::string steps;
    std::vector<const CXXConstructExpr *> made; ///< the objects that are made on the way, and the core if it is one
    const NamedDecl *conversion = nullptr;      ///< the function of the class that the core is converted by
  };
  Peeled peeled(const Expr &expression) const;
  std::string stepOf(const ImplicitCastExpr &cast) const;
  bool keepsValue(const ImplicitCastExpr &cast) const;
  bool fits(const Expr &constant, QualType type) const;
  std::string nameOf(QualType type) const;
  /// The type of a value as whoever gets it sees it.
  std::string typeOf(const Expr &value) const;

  bool moves(const NamedDecl *declaration) { return Moved.moves(declaration); }
  /// What moves and makes the value of \p core; null when nothing does.
  const NamedDecl *sourceOf(const Expr &core, SourceLocation &at);
  /// \param end where the arguments end: the closing bracket.
  template <typename Call>
  void arguments(const Call &call, const FunctionDecl &callee, const Place &at, SourceLocation end);
  void enumeratorAsNumber(const Expr &value, QualType type);
  void amongEnumerators(const Stmt &statement);
  void discard(const Stmt *statement);
  void madeByDefault(QualType type, SourceLocation at);
  void braces(const InitListExpr &list);
  void bindings(const DecompositionDecl &variable);
  void beginsWith(const FieldDecl &field, const Place &at);
  void beginsWith(const CXXRecordDecl &record, const Place &at);

  Recorder &Out;
  MovedNames &Moved;
  ASTContext &Context;
  llvm::DenseSet<const Expr *> Seen;
  llvm::DenseSet<const Expr *> WithoutBrackets; ///< constructions of `T name;`
  llvm::DenseSet<const Expr *> Discarded;
  llvm::DenseSet<const Expr *> Compared; ///< enumerators that are compared with a value of an enumeration
};

// --- conversions -----------------------------------------------------------------------------------------------------

std::string ConversionRecorder::nameOf(QualType type) const {
  type = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  return type.getAsString(Context.getPrintingPolicy());
}

std::string ConversionRecorder::typeOf(const Expr &value) const {
  bool mayChange = value.isLValue() && !value.getType().isConstQualified() && !value.getType()->isFunctionType();
  return nameOf(value.getType()) + (mayChange ? " &" : "");
}

bool ConversionRecorder::fits(const Expr &constant, QualType type) const {
  Expr::EvalResult result;
  if (constant.isValueDependent() || !constant.EvaluateAsInt(result, Context))
    return false;
  llvm::APSInt value = result.Val.getInt(), there = value;
  there = there.extOrTrunc(static_cast<unsigned>(Context.getIntWidth(type)));
  there.setIsUnsigned(!type->isSignedIntegerOrEnumerationType());
  return llvm::APSInt::isSameValue(value, there);
}

/// Whether every value is the same after the cast, or at least the one that is there.
bool ConversionRecorder::keepsValue(const ImplicitCastExpr &cast) const {
  QualType from = cast.getSubExpr()->getType(), to = cast.getType();
  switch (cast.getCastKind()) {
  case CK_LValueToRValue:
  case CK_NoOp:
  case CK_ArrayToPointerDecay:
  case CK_FunctionToPointerDecay:
  case CK_BuiltinFnToFnPtr:
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
  case CK_BaseToDerivedMemberPointer:
  case CK_AtomicToNonAtomic:
  case CK_NonAtomicToAtomic:
  // The constructor or the conversion function is a step of its own.
  case CK_ConstructorConversion:
  case CK_UserDefinedConversion:
  case CK_Dependent:
  // Of a pointer or a reference; a copy of the base alone is a step of its own.
  case CK_DerivedToBase:
  case CK_UncheckedDerivedToBase:
    return true;
  case CK_IntegralCast: {
    unsigned before = static_cast<unsigned>(Context.getIntWidth(from));
    unsigned after = static_cast<unsigned>(Context.getIntWidth(to));
    bool isSigned = from->isSignedIntegerOrEnumerationType(), staysSigned = to->isSignedIntegerOrEnumerationType();
    bool widens = isSigned == staysSigned ? after >= before : !isSigned && after > before;
    return widens || fits(*cast.getSubExpr(), to);
  }
  case CK_IntegralToFloating:
    return Context.getIntWidth(from) <= llvm::APFloat::semanticsPrecision(Context.getFloatTypeSemantics(to));
  case CK_FloatingCast:
    return llvm::APFloat::semanticsPrecision(Context.getFloatTypeSemantics(to)) >=
           llvm::APFloat::semanticsPrecision(Context.getFloatTypeSemantics(from));
  default:
    return false;
  }
}

std::string ConversionRecorder::stepOf(const ImplicitCastExpr &cast) const {
  if (keepsValue(cast))
    return std::string();
  return "from '" + nameOf(cast.getSubExpr()->getType()) + "' to '" + nameOf(cast.getType()) + "'";
}

ConversionRecorder::Peeled ConversionRecorder::peeled(const Expr &expression) const {
  Peeled result{&expression, std::string(), {}};
  auto step = [&](const std::string &text) {
    if (!text.empty())
      result.steps = text + (result.steps.empty() ? "" : ", " + result.steps);
  };
  for (;;) {
    const Expr *at = result.core;
    if (const auto *made = dyn_cast<CXXConstructExpr>(at))
      result.made.push_back(made);
    if (const auto *cast = dyn_cast<ImplicitCastExpr>(at)) {
      step(stepOf(*cast));
      result.core = cast->getSubExpr();
    } else if (const auto *full = dyn_cast<FullExpr>(at)) {
      result.core = full->getSubExpr();
    } else if (const auto *temporary = dyn_cast<MaterializeTemporaryExpr>(at)) {
      result.core = temporary->getSubExpr();
    } else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(at)) {
      result.core = bound->getSubExpr();
    } else if (const auto *brackets = dyn_cast<ParenExpr>(at)) {
      result.core = brackets->getSubExpr();
    } else if (const auto *parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(at)) {
      result.core = parameter->getReplacement();
    } else if (const auto *made = dyn_cast<CXXConstructExpr>(at);
               made && made->getParenOrBraceRange().isInvalid() && made->getNumArgs() > 0 &&
               !isa<CXXTemporaryObjectExpr>(made) && !isa<CXXDefaultArgExpr>(made->getArg(0))) {
      const Expr *given = made->getArg(0);
      QualType from = given->IgnoreImplicit()->getType(), to = made->getType();
      if (!made->getConstructor()->isCopyOrMoveConstructor())
        step("from '" + nameOf(from) + "' to a new '" + nameOf(to) + "'");
      else if (!Context.hasSameUnqualifiedType(from.getNonReferenceType(), to) &&
               given->IgnoreImplicit()->isGLValue() && isa<ImplicitCastExpr>(given))
        step("to a copy of the base '" + nameOf(to) + "'");
      result.core = given;
    } else if (const auto *call = dyn_cast<CXXMemberCallExpr>(at);
               call && isa_and_nonnull<CXXConversionDecl>(call->getMethodDecl()) &&
               call->getExprLoc() == call->getImplicitObjectArgument()->getExprLoc()) {
      step("from '" + nameOf(call->getImplicitObjectArgument()->getType()) + "' by its conversion to '" +
           nameOf(call->getType()) + "'");
      result.conversion = call->getMethodDecl();
      result.core = call->getImplicitObjectArgument();
    } else {
      return result;
    }
  }
}

// --- uses ------------------------------------------------------------------------------------------------------------

/// What the value of \p core is taken from: the object of a member, the first operand.
const Expr *takenFrom(const Expr &core) {
  if (const auto *member = dyn_cast<MemberExpr>(&core))
    return member->getBase();
  if (const auto *call = dyn_cast<CXXMemberCallExpr>(&core))
    return call->getImplicitObjectArgument();
  if (const auto *call = dyn_cast<CXXOperatorCallExpr>(&core))
    return call->getNumArgs() ? call->getArg(0) : nullptr;
  if (const auto *operation = dyn_cast<UnaryOperator>(&core))
    return operation->getSubExpr();
  if (const auto *operation = dyn_cast<BinaryOperator>(&core))
    return operation->isAssignmentOp() ? nullptr : operation->getLHS();
  if (const auto *cast = dyn_cast<ExplicitCastExpr>(&core))
    return cast->getSubExpr();
  return nullptr;
}

SourceLocation nameIn(const Expr &callee) {
  if (const auto *member = dyn_cast<MemberExpr>(&callee))
    return member->getMemberLoc();
  if (const auto *reference = dyn_cast<DeclRefExpr>(&callee))
    return reference->getLocation();
  return callee.getExprLoc();
}

const NamedDecl *ConversionRecorder::sourceOf(const Expr &core, SourceLocation &at) {
  const Expr *next = &core;
  while (next) {
    const Expr &expression = *peeled(*next).core;
    const NamedDecl *named = nullptr;
    at = nameIn(expression);
    if (const auto *call = dyn_cast<CallExpr>(&expression)) {
      named = call->getDirectCallee();
      at = isa<CXXOperatorCallExpr>(call) ? call->getExprLoc() : nameIn(*call->getCallee()->IgnoreParenImpCasts());
    } else if (const auto *reference = dyn_cast<DeclRefExpr>(&expression)) {
      const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
      named = variable && variable->hasGlobalStorage() && !variable->isStaticLocal() ? variable : nullptr;
    } else if (const auto *member = dyn_cast<MemberExpr>(&expression)) {
      named = dyn_cast<FieldDecl>(member->getMemberDecl());
    }
    if (moves(named))
      return named;
    next = takenFrom(expression);
  }
  return nullptr;
}

/// The value of a constant that is named, when it is a number or a text; else nothing.
std::string constantValue(const Expr &core, const ASTContext &context) {
  const auto *reference = dyn_cast<DeclRefExpr>(&core);
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  if (!variable || core.isValueDependent() || !variable->getType().isConstQualified())
    return std::string();
  const Expr *initial = variable->getAnyInitializer();
  if (const auto *text = initial ? dyn_cast<StringLiteral>(initial->IgnoreImplicit()) : nullptr)
    return "\"" + text->getBytes().str() + "\"";
  Expr::EvalResult result;
  if (!core.getType()->isArithmeticType() || !core.EvaluateAsRValue(result, context))
    return std::string();
  llvm::SmallString<24> number;
  if (result.Val.isInt())
    result.Val.getInt().toString(number);
  else if (result.Val.isFloat())
    result.Val.getFloat().toString(number);
  return number.str().str();
}

/// \returns `numbered low = 0, high = 1`, the enumerators by their qualified names.
std::string numbering(const EnumDecl &enumeration) {
  std::string text = "numbered ";
  for (const EnumConstantDecl *each : enumeration.enumerators())
    text += qualifiedNameOf(*each) + " = " + llvm::toString(each->getInitVal(), 10) + ", ";
  return StringRef(text).rtrim(", ").str();
}

/// Two enumerations may number their enumerators otherwise, which nobody sees until a value of one becomes a number.
void ConversionRecorder::enumeratorAsNumber(const Expr &value, QualType type) {
  const Expr &core = *peeled(value).core;
  // The text of a static_assert has no type.
  if (type.isNull() || !type->isBuiltinType() || Compared.contains(&core))
    return;
  const auto *reference = dyn_cast<DeclRefExpr>(&core);
  const auto *enumerator = reference ? dyn_cast<EnumConstantDecl>(reference->getDecl()) : nullptr;
  const auto *enumeration = core.getType()->getAs<EnumType>();
  const NamedDecl *named = enumerator ? static_cast<const NamedDecl *>(enumerator)
                                      : (enumeration ? enumeration->getDecl()->getDefinition() : nullptr);
  if (!named || !moves(named))
    return;
  std::string text = enumerator ? llvm::toString(enumerator->getInitVal(), 10) : numbering(*cast<EnumDecl>(named));
  std::optional<Place> at = Out.token(core.getExprLoc()), range = Out.range(core.getSourceRange());
  if (at && range)
    Out.facts.conversions.push_back({ValueKind::Result, Out.qualifiedName(named), *at, *range, 0,
                                     Out.intern(nameOf(type)), Out.intern(""), Out.intern(text)});
}

/// `mode == slow` and `case slow:` promote both sides to a number, and go by the names all the same.
void ConversionRecorder::amongEnumerators(const Stmt &statement) {
  auto isChoice = [](const Expr *value) { return value && value->IgnoreParenImpCasts()->getType()->isEnumeralType(); };
  if (const auto *choice = dyn_cast<SwitchStmt>(&statement); choice && isChoice(choice->getCond())) {
    Compared.insert(peeled(*choice->getCond()).core);
    for (const SwitchCase *label = choice->getSwitchCaseList(); label; label = label->getNextSwitchCase())
      if (const auto *one = dyn_cast<CaseStmt>(label))
        Compared.insert(peeled(*one->getLHS()).core);
  } else if (const auto *operation = dyn_cast<BinaryOperator>(&statement);
             operation && (operation->isEqualityOp() || operation->getOpcode() == BO_Assign)) {
    if (isChoice(operation->getLHS()))
      Compared.insert(peeled(*operation->getRHS()).core);
    if (isChoice(operation->getRHS()))
      Compared.insert(peeled(*operation->getLHS()).core);
  }
}

void ConversionRecorder::discard(const Stmt *statement) {
  if (const auto *value = dyn_cast_or_null<Expr>(statement))
    Discarded.insert(peeled(*value).core);
}

void ConversionRecorder::statement(const Stmt &statement) {
  amongEnumerators(statement);
  if (const auto *block = dyn_cast<CompoundStmt>(&statement)) {
    for (const Stmt *each : block->body())
      discard(each);
  } else if (const auto *choice = dyn_cast<IfStmt>(&statement)) {
    discard(choice->getThen());
    discard(choice->getElse());
  } else if (const auto *loop = dyn_cast<ForStmt>(&statement)) {
    discard(loop->getInit());
    discard(loop->getInc());
    discard(loop->getBody());
  } else if (const auto *loop = dyn_cast<WhileStmt>(&statement)) {
    discard(loop->getBody());
  } else if (const auto *loop = dyn_cast<DoStmt>(&statement)) {
    discard(loop->getBody());
  } else if (const auto *loop = dyn_cast<CXXForRangeStmt>(&statement)) {
    discard(loop->getBody());
  } else if (const auto *label = dyn_cast<SwitchCase>(&statement)) {
    discard(label->getSubStmt());
  } else if (const auto *operation = dyn_cast<BinaryOperator>(&statement)) {
    if (operation->getOpcode() == BO_Comma)
      discard(operation->getLHS());
  } else if (const auto *cast = dyn_cast<ExplicitCastExpr>(&statement)) {
    if (cast->getCastKind() == CK_ToVoid)
      discard(cast->getSubExpr());
  }
}

void ConversionRecorder::variable(const VarDecl &variable) {
  if (const auto *parts = dyn_cast<DecompositionDecl>(&variable))
    bindings(*parts);
  const Expr *initial = variable.getInit();
  const auto *made = initial ? dyn_cast<CXXConstructExpr>(peeled(*initial).core) : nullptr;
  if (made && variable.getInitStyle() == VarDecl::CallInit && made->getParenOrBraceRange().isInvalid() &&
      made->getLocation() == variable.getLocation() && made->getLocation().isFileID() &&
      !variable.getType()->isArrayType() && !variable.isCXXForRangeDecl() &&
      (made->getNumArgs() == 0 || isa<CXXDefaultArgExpr>(made->getArg(0))))
    WithoutBrackets.insert(made);
}

/// Of a call whose result nobody looks at: whether the object comes back, changed, or a copy that has changed instead.
bool givesItself(const Expr &core) {
  const auto *call = dyn_cast<CXXMemberCallExpr>(&core);
  const CXXMethodDecl *method = call ? call->getMethodDecl() : nullptr;
  return method && method->getReturnType().getNonReferenceType()->getAsCXXRecordDecl() == method->getParent();
}

void ConversionRecorder::expression(const Expr &expression) {
  if (expression.isInstantiationDependent())
    return;
  auto [core, steps, made, conversion] = peeled(expression);
  if (!Seen.insert(core).second)
    return;
  SourceLocation name;
  const NamedDecl *source = sourceOf(*core, name);
  if (!source && moves(conversion)) {
    source = conversion;
    name = core->getExprLoc();
  }
  if (source && !core->getType()->isVoidType() && (!Discarded.contains(core) || givesItself(*core))) {
    std::optional<Place> at = Out.token(name), value = Out.range(core->getSourceRange());
    // Keeps the value, but where it stands for a number it is another one than a number would be.
    if (steps.empty() && core->getType()->isBooleanType() && !expression.getType()->isBooleanType())
      steps = "from 'bool' to '" + nameOf(expression.getType()) + "'";
    if (at && value)
      Out.facts.conversions.push_back({ValueKind::Result, Out.qualifiedName(source), *at, *value, 0,
                                       Out.intern(typeOf(expression)), Out.intern(steps),
                                       Out.intern(constantValue(*core, Context))});
  }
  if (const auto *cast = dyn_cast<ExplicitCastExpr>(core))
    enumeratorAsNumber(*cast->getSubExpr(), cast->getType());
  if (const auto *element = dyn_cast<ArraySubscriptExpr>(core))
    enumeratorAsNumber(*element->getIdx(), Context.getSizeType());
  enumeratorAsNumber(*core, expression.getType());
  if (const auto *list = dyn_cast<InitListExpr>(core))
    braces(*list);
  if (const auto *call = dyn_cast<CallExpr>(core)) {
    const FunctionDecl *callee = call->getDirectCallee();
    bool isOperator = isa<CXXOperatorCallExpr>(call);
    SourceLocation token = isOperator ? call->getExprLoc() : nameIn(*call->getCallee()->IgnoreParenImpCasts());
    if (moves(callee))
      if (std::optional<Place> at = Out.token(token))
        arguments(*call, *callee, *at, isOperator ? SourceLocation() : call->getRParenLoc());
  }
  for (const CXXConstructExpr *each : made)
    if (const CXXConstructorDecl *constructor = each->getConstructor();
        !constructor->isImplicit() && moves(constructor))
      if (std::optional<Place> at = Out.token(each->getLocation()))
        arguments(*each, *constructor, *at, each->getParenOrBraceRange().getEnd());
  for (const CXXConstructExpr *each : made)
    if (const CXXConstructorDecl *constructor = each->getConstructor();
        constructor->isDefaultConstructor() && !constructor->isUserProvided() && moves(constructor->getParent()))
      if (std::optional<Place> at = Out.token(each->getLocation()))
        beginsWith(*constructor->getParent(), *at);
}

/// What a call can write for a default that is a constant: a literal, an enumerator or a constant that everybody may
/// name.
std::string spelledOut(const Expr &value, const ASTContext &context) {
  const Expr *core = value.IgnoreImplicit();
  if (const auto *inner = dyn_cast<ConstantExpr>(core))
    core = inner->getSubExpr()->IgnoreImplicit();
  const Expr *literal = core;
  if (const auto *sign = dyn_cast<UnaryOperator>(core); sign && sign->getOpcode() == UO_Minus)
    literal = sign->getSubExpr()->IgnoreImplicit();
  if (isa<IntegerLiteral, FloatingLiteral>(literal) ||
      isa<CXXBoolLiteralExpr, CXXNullPtrLiteralExpr, StringLiteral, CharacterLiteral>(core)) {
    SourceRange range = core->getSourceRange();
    if (range.getBegin().isMacroID() || range.getEnd().isMacroID())
      return std::string();
    return Lexer::getSourceText(CharSourceRange::getTokenRange(range), context.getSourceManager(),
                                context.getLangOpts())
        .str();
  }
  const auto *reference = dyn_cast<DeclRefExpr>(core);
  if (!reference)
    return std::string();
  const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
  bool isConstant = isa<EnumConstantDecl>(reference->getDecl()) ||
                    (variable && variable->hasGlobalStorage() && !variable->isStaticLocal() &&
                     variable->getType().isConstQualified());
  // Everybody may name it, and it is no part of a template.
  for (const Decl *at = reference->getDecl(); isConstant && !isa<TranslationUnitDecl>(at);
       at = Decl::castFromDeclContext(at->getDeclContext()))
    isConstant = (at->getAccess() == AS_none || at->getAccess() == AS_public) && !isa<FunctionDecl>(at) &&
                 !isa<ClassTemplateSpecializationDecl>(at);
  return isConstant && !reference->getDecl()->isInAnonymousNamespace() ? qualifiedNameOf(*reference->getDecl())
                                                                       : std::string();
}

template <typename Call>
void ConversionRecorder::arguments(const Call &call, const FunctionDecl &callee, const Place &at, SourceLocation end) {
  StringId name = Out.qualifiedName(&callee);
  // Braces may make a class without constructors too, and are known by themselves there.
  const auto *listed = llvm::dyn_cast<CXXConstructExpr>(&call);
  std::optional<Place> brace = listed && listed->isListInitialization() && !listed->isStdInitListInitialization()
                                   ? Out.token(listed->getParenOrBraceRange().getBegin())
                                   : std::nullopt;
  std::optional<Place> bracket = end.isValid() && end.isFileID() ? Out.token(end) : std::nullopt;
  if (const auto *made = llvm::dyn_cast<CXXConstructExpr>(&call); made && WithoutBrackets.contains(made)) {
    bracket = at;
    bracket->begin = at.end;
    bracket->line = at.endLine;
    bracket->column = at.endColumn;
  }
  for (unsigned i = 0; i < call.getNumArgs(); ++i) {
    const Expr &given = *call.getArg(i);
    // The first operand of an operator may be its object.
    bool isParameter = !isa<CXXOperatorCallExpr>(call) && i < callee.getNumParams();
    StringId parameter = isParameter ? Out.intern(callee.getParamDecl(i)->getName()) : 0;
    if (const auto *missing = dyn_cast<CXXDefaultArgExpr>(&given)) {
      ConversionFact fact{ValueKind::Default, name, at, at, i, 0, Out.intern(valueText(*missing->getExpr(), Context))};
      fact.parameter = parameter;
      if (bracket) {
        fact.value = *bracket;
        fact.text = Out.intern(spelledOut(*missing->getExpr(), Context));
        fact.usr = Out.usr(primaryDecl(&callee));
      }
      Out.facts.conversions.push_back(fact);
      continue;
    }
    auto [core, steps, made, conversion] = peeled(given);
    if (isa<InitListExpr>(core) || isa<CXXStdInitializerListExpr>(core))
      steps = "from braces to '" + nameOf(given.getType()) + "'";
    if (std::optional<Place> value = Out.range(core->getSourceRange())) {
      ConversionFact fact{ValueKind::Argument, name, brace.value_or(at), *value, i, Out.intern(typeOf(given)),
                          Out.intern(steps)};
      fact.parameter = parameter;
      if (!spelledOut(given, Context).empty())
        fact.text = Out.intern(valueText(given, Context));
      Out.facts.conversions.push_back(fact);
    }
  }
}

/// Braces and structured bindings go by the order of the fields, and nobody writes their names.
void ConversionRecorder::braces(const InitListExpr &list) {
  const InitListExpr *given = list.isSemanticForm() ? &list : list.getSemanticForm();
  const CXXRecordDecl *record = given ? given->getType()->getAsCXXRecordDecl() : nullptr;
  std::optional<Place> at = Out.token(list.getLBraceLoc());
  if (!record || !at || record->isUnion() || record->getNumBases() || !moves(record))
    return;
  unsigned i = 0;
  for (const FieldDecl *field : record->fields()) {
    if (field->isUnnamedBitField())
      continue;
    const Expr *init = i < given->getNumInits() ? given->getInit(i) : nullptr;
    if (isa_and_nonnull<CXXDefaultInitExpr>(init)) {
      beginsWith(*field, *at);
    } else if (init && !isa<ImplicitValueInitExpr>(init)) {
      auto [core, steps, made, conversion] = peeled(*init);
      if (std::optional<Place> value = Out.range(core->getSourceRange())) {
        ConversionFact fact{ValueKind::Argument, Out.qualifiedName(record), *at, *value, i, 0, Out.intern(steps)};
        fact.parameter = Out.intern(field->getName());
        Out.facts.conversions.push_back(fact);
      }
    }
    ++i;
  }
}

void ConversionRecorder::beginsWith(const FieldDecl &field, const Place &at) {
  const Expr *initial = field.getInClassInitializer();
  if (!initial || !field.getDeclName())
    return;
  ConversionFact fact{ValueKind::Initial, Out.qualifiedName(&field), at, at,
                      static_cast<std::uint32_t>(llvm::xxh3_64bits(field.getName()))};
  fact.text = Out.intern(valueText(*initial, Context));
  Out.facts.conversions.push_back(fact);
}

void ConversionRecorder::beginsWith(const CXXRecordDecl &record, const Place &at) {
  for (const FieldDecl *field : record.fields())
    beginsWith(*field, at);
}

void ConversionRecorder::bindings(const DecompositionDecl &variable) {
  std::optional<Place> at = Out.token(variable.getLocation());
  const CXXRecordDecl *record = variable.getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!at || !record || !moves(record))
    return;
  for (unsigned i = 0; i < variable.bindings().size(); ++i) {
    const BindingDecl *part = variable.bindings()[i];
    const auto *member =
        dyn_cast_or_null<MemberExpr>(part->getBinding() ? part->getBinding()->IgnoreImplicit() : nullptr);
    std::optional<Place> value = Out.token(part->getLocation());
    if (!member || !value)
      continue;
    ConversionFact fact{ValueKind::Argument, Out.qualifiedName(record), *at, *value, i};
    fact.parameter = Out.intern(member->getMemberDecl()->getName());
    Out.facts.conversions.push_back(fact);
  }
}

/// Whether some constructor of \p record makes a part of it without saying how.
bool isLeftOut(const CXXRecordDecl &record, llvm::function_ref<bool(const CXXCtorInitializer &)> makes) {
  if (record.needsImplicitDefaultConstructor())
    return true;
  return llvm::any_of(record.ctors(), [&](const CXXConstructorDecl *constructor) {
    const FunctionDecl *found = nullptr;
    if (constructor->isDeleted() || constructor->isCopyOrMoveConstructor())
      return false;
    if (constructor->isDefaulted())
      return constructor->isDefaultConstructor();
    if (!constructor->isDefined(found))
      return false;
    return llvm::any_of(cast<CXXConstructorDecl>(found)->inits(), [&](const CXXCtorInitializer *initializer) {
      return !initializer->isWritten() && makes(*initializer);
    });
  });
}

void ConversionRecorder::record(const CXXRecordDecl &record) {
  if (!record.isThisDeclarationADefinition() || record.isDependentContext() || record.isLambda())
    return;
  for (const FieldDecl *field : record.fields())
    if (!field->hasInClassInitializer() &&
        isLeftOut(record, [&](const CXXCtorInitializer &each) { return each.getAnyMember() == field; }))
      madeByDefault(Context.getBaseElementType(field->getType()), field->getLocation());
  for (const CXXBaseSpecifier &base : record.bases())
    if (isLeftOut(record, [&](const CXXCtorInitializer &each) {
          return each.isBaseInitializer() && Context.hasSameType(QualType(each.getBaseClass(), 0), base.getType());
        }))
      madeByDefault(base.getType(), base.getBaseTypeLoc());
}

void ConversionRecorder::madeByDefault(QualType type, SourceLocation at) {
  const CXXRecordDecl *made = type->getAsCXXRecordDecl();
  made = made ? made->getDefinition() : nullptr;
  std::optional<Place> place = made ? Out.token(at) : std::nullopt;
  if (!place)
    return;
  if (moves(made) && llvm::none_of(made->ctors(), [](const CXXConstructorDecl *constructor) {
        return constructor->isDefaultConstructor() && constructor->isUserProvided();
      }))
    beginsWith(*made, *place);
  for (const CXXConstructorDecl *constructor : made->ctors()) {
    if (constructor->isImplicit() || !constructor->isDefaultConstructor() || !moves(constructor))
      continue;
    for (const ParmVarDecl *parameter : constructor->parameters())
      if (parameter->hasDefaultArg() && !parameter->hasUninstantiatedDefaultArg() &&
          !parameter->hasUnparsedDefaultArg())
        Out.facts.conversions.push_back({ValueKind::Default, Out.qualifiedName(constructor), *place, *place,
                                         parameter->getFunctionScopeIndex(), 0,
                                         Out.intern(valueText(*parameter->getDefaultArg(), Context))});
  }
}

/// Comes to what an expression is a part of before the expression itself.
class ConversionVisitor : public RecursiveASTVisitor<ConversionVisitor> {
public:
  ConversionVisitor(ConversionRecorder &conversions, TypeMeaningRecorder &types)
      : Conversions(conversions), Types(types) {}

  static bool shouldVisitTemplateInstantiations() { return true; }
  bool VisitStmt(Stmt *statement) {
    Conversions.statement(*statement);
    if (const auto *value = dyn_cast<Expr>(statement))
      Conversions.expression(*value);
    if (const auto *thrown = dyn_cast<CXXThrowExpr>(statement))
      Types.exception(*thrown);
    else if (const auto *guarded = dyn_cast<CXXTryStmt>(statement))
      Types.handlers(*guarded);
    return true;
  }

  bool VisitCXXRecordDecl(CXXRecordDecl *record) {
    Conversions.record(*record);
    Types.record(*record);
    return true;
  }
  bool VisitVarDecl(VarDecl *variable) {
    Conversions.variable(*variable);
    return true;
  }
  bool VisitFunctionDecl(FunctionDecl *function) {
    Types.function(*function);
    return true;
  }
  bool VisitTypedefTypeLoc(TypedefTypeLoc alias) {
    Types.alias(*alias.getTypedefNameDecl(), alias.getType(), alias.getNameLoc());
    return true;
  }
  bool VisitTemplateSpecializationTypeLoc(TemplateSpecializationTypeLoc alias) {
    if (alias.getTypePtr()->isTypeAlias() && !alias.getType()->isDependentType())
      Types.alias(*alias.getTypePtr()->getTemplateName().getAsTemplateDecl(), alias.getType(),
                  alias.getTemplateNameLoc());
    return true;
  }

private:
  ConversionRecorder &Conversions;
  TypeMeaningRecorder &Types;
};

} // namespace

void recordConversions(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                       ASTContext &context) {
  MovedNames moved(names, vocabulary);
  if (!moved.any())
    return;
  ConversionRecorder conversions(recorder, moved, context);
  TypeMeaningRecorder types(recorder, moved, context);
  ConversionVisitor visitor(conversions, types);
  for (Decl *declaration : context.getTraversalScope())
    visitor.TraverseDecl(declaration);
}

} // namespace ssot
