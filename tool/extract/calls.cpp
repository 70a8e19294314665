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

std::vector<OperandOrder> orderOf(llvm::ArrayRef<std::pair<std::uint32_t, Evaluation>> operands) {
  std::vector<OperandOrder> order;
  for (std::size_t i = 0; i < operands.size(); ++i)
    for (std::size_t k = i + 1; k < operands.size(); ++k) {
      const auto &[first, before] = operands[i];
      const auto &[second, after] = operands[k];
      if (before.dependsOnOrder(after) || before.changesVariable(after))
        order.push_back({first, second});
      else if (after.changesVariable(before))
        order.push_back({second, first});
    }
  return order;
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
  std::vector<std::pair<std::uint32_t, Evaluation>> evaluations;
  if (const auto *member = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParenImpCasts())) {
    fact.arrow = member->isArrow();
    const Expr &object = objectOf(*member);
    const auto *self = dyn_cast<CXXThisExpr>(object.IgnoreImplicit());
    if (!self || !self->isImplicit()) {
      evaluations.emplace_back(0, Evaluation(object));
      fact.object = argument(object, evaluations.back().second);
      if (!fact.object)
        return false;
    }
  }
  for (const Expr *given : call.arguments()) {
    if (isa<CXXDefaultArgExpr>(given))
      break;
    evaluations.emplace_back(fact.arguments.size() + 1, Evaluation(*given));
    std::optional<ArgumentFact> operand = argument(*given, evaluations.back().second);
    if (!operand)
      return false;
    fact.arguments.push_back(*operand);
  }
  fact.order = orderOf(evaluations);
  return true;
}

std::optional<ArgumentFact> CallSiteRecorder::argument(const Expr &expression, const Evaluation &evaluation) {
  std::optional<Place> place = written(expression.getSourceRange());
  if (!place)
    return std::nullopt;
  return ArgumentFact{*place, evaluation.hasEffects(), isPrimary(expression)};
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
