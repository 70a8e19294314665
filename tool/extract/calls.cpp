#include "extract/calls.h"

#include <clang/AST/QualTypeNames.h>
#include <clang/Lex/Lexer.h>

namespace ssot {

using namespace clang;

namespace {

SourceLocation nameOf(const Expr &callee) {
  if (const auto *member = dyn_cast<MemberExpr>(&callee))
    return member->getMemberLoc();
  if (const auto *reference = dyn_cast<DeclRefExpr>(&callee))
    return reference->getLocation();
  return SourceLocation();
}

/// The object as it is written: that of `smart->f()` is `smart`, although Clang's goes on to the arrow.
const Expr &objectOf(const MemberExpr &member) {
  const Expr *object = member.getBase();
  while (const auto *arrow = dyn_cast<CXXOperatorCallExpr>(object->IgnoreImplicit())) {
    if (arrow->getOperator() != OO_Arrow)
      break;
    object = arrow->getArg(0);
  }
  return *object;
}

bool isPrimary(const Expr &expression) {
  const Expr *spelled = expression.IgnoreUnlessSpelledInSource();
  if (isa<CXXOperatorCallExpr>(spelled))
    return false;
  return isa<DeclRefExpr, MemberExpr, CallExpr, ArraySubscriptExpr, CXXThisExpr, IntegerLiteral, FloatingLiteral,
             StringLiteral, CharacterLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr, UserDefinedLiteral, ParenExpr,
             CXXNamedCastExpr, CXXTemporaryObjectExpr, CXXFunctionalCastExpr, InitListExpr, LambdaExpr>(spelled) ||
         isa<ParenExpr>(expression.IgnoreImplicit());
}

} // namespace

CallSiteRecorder::CallSiteRecorder(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                                   ASTContext &context)
    : Out(recorder), Names(names), Context(context) {
  for (const std::string &name : vocabulary.called)
    Called.insert(name);
}

void CallSiteRecorder::call(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  const std::string *name = callee ? Names.find(callee) : nullptr;
  if (!name || !Called.contains(*name) || isa<CXXOperatorCallExpr>(call))
    return;
  SourceLocation token = nameOf(*call.getCallee()->IgnoreParenImpCasts());
  std::optional<Place> at = token.isValid() ? Out.token(token) : std::nullopt;
  if (!at)
    return;
  CallSiteFact fact;
  fact.name = Out.intern(*name);
  fact.usr = Out.usr(primaryDecl(callee));
  fact.callee = *at;
  std::optional<Place> whole = written(call.getSourceRange());
  // A macro that makes the whole call is written where the call is, and its name is not.
  bool named = whole && whole->file == at->file && whole->begin <= at->begin && at->end <= whole->end;
  fact.inMacroBody = !named || !addOperands(call, fact);
  fact.place = whole ? *whole : *at;
  PrintingPolicy policy(Out.language());
  for (const ParmVarDecl *parameter : callee->parameters())
    fact.types.push_back(Out.intern(TypeName::getFullyQualifiedName(parameter->getType(), Context, policy)));
  fact.context = Out.context(fact.callee);
  Out.facts.callSites.push_back(std::move(fact));
}

bool CallSiteRecorder::addOperands(const CallExpr &call, CallSiteFact &fact) {
  if (const auto *member = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParenImpCasts())) {
    fact.arrow = member->isArrow();
    const Expr &object = objectOf(*member);
    const auto *self = dyn_cast<CXXThisExpr>(object.IgnoreImplicit());
    if (!self || !self->isImplicit()) {
      fact.object = argument(object);
      if (!fact.object)
        return false;
    }
  }
  for (const Expr *given : call.arguments()) {
    if (isa<CXXDefaultArgExpr>(given))
      break;
    std::optional<ArgumentFact> operand = argument(*given);
    if (!operand)
      return false;
    fact.arguments.push_back(*operand);
  }
  return true;
}

std::optional<ArgumentFact> CallSiteRecorder::argument(const Expr &expression) {
  std::optional<Place> place = written(expression.getSourceRange());
  if (!place)
    return std::nullopt;
  bool dependent = expression.isInstantiationDependent();
  return ArgumentFact{*place, dependent || expression.HasSideEffects(Context), isPrimary(expression)};
}

std::optional<Place> CallSiteRecorder::written(SourceRange range) {
  const SourceManager &sources = Out.sources();
  SourceLocation first = range.getBegin(), last = range.getEnd();
  // An argument of a macro is edited where it is written.
  while (sources.isMacroArgExpansion(first) && sources.isMacroArgExpansion(last)) {
    first = sources.getImmediateSpellingLoc(first);
    last = sources.getImmediateSpellingLoc(last);
  }
  CharSourceRange text = Lexer::makeFileCharRange(CharSourceRange::getTokenRange(first, last), sources, Out.language());
  if (text.isInvalid())
    return std::nullopt;
  auto [file, begin] = sources.getDecomposedLoc(text.getBegin());
  auto [endFile, end] = sources.getDecomposedLoc(text.getEnd());
  if (file != endFile || begin > end || !Out.inProject(file))
    return std::nullopt;
  return Out.place(file, begin, end);
}

} // namespace ssot
