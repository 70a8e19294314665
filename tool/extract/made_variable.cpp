#include "extract/made_variable.h"

#include <llvm/ADT/DenseSet.h>

namespace ssot {

using namespace clang;

namespace {

/// The uses of one variable in the function around it.
class VariableUses : public RecursiveASTVisitor<VariableUses> {
public:
  VariableUses(const VarDecl &variable, MadeVariable &made, Recorder &out) : Variable(variable), Made(made), Out(out) {}

  bool VisitMemberExpr(MemberExpr *member) {
    const auto *base = dyn_cast<DeclRefExpr>(member->getBase()->IgnoreParenImpCasts());
    SourceLocation dot = member->getOperatorLoc();
    if (!base || base->getDecl() != &Variable || member->isArrow() || dot.isInvalid() || dot.isMacroID() ||
        base->getLocation().isMacroID() || base->refersToEnclosingVariableOrCapture() ||
        isa<ParenExpr>(member->getBase()->IgnoreImpCasts()))
      return true;
    Simple.insert(base);
    if (std::optional<Place> place = Out.token(dot))
      Made.members.push_back(*place);
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    if (reference->getDecl() == &Variable && !Simple.contains(reference) && !Made.other)
      Made.other = Out.token(reference->getLocation());
    return true;
  }

private:
  const VarDecl &Variable;
  MadeVariable &Made;
  Recorder &Out;
  llvm::DenseSet<const DeclRefExpr *> Simple;
};

/// What stands between the brackets of the construction; empty behind \p otherwise where there are none.
std::optional<Place> argumentsOf(const CXXConstructExpr &made, const Place &otherwise, Recorder &out) {
  SourceRange brackets = made.getParenOrBraceRange();
  if (brackets.isInvalid()) {
    bool isEmpty = made.getNumArgs() == 0 || isa<CXXDefaultArgExpr>(made.getArg(0));
    return isEmpty ? std::optional(otherwise) : std::nullopt;
  }
  if (brackets.getBegin().isMacroID() || brackets.getEnd().isMacroID())
    return std::nullopt;
  auto [file, begin] = out.sources().getDecomposedLoc(brackets.getBegin());
  return out.place(file, begin + 1, out.sources().getFileOffset(brackets.getEnd()));
}

} // namespace

std::optional<MadeVariable> madeVariable(const VarDecl &variable, const CXXConstructExpr &made, Recorder &out) {
  const SourceManager &sources = out.sources();
  const auto *function = dyn_cast<FunctionDecl>(variable.getDeclContext());
  SourceLocation begin = variable.getOuterLocStart(), name = variable.getLocation(), end = variable.getEndLoc();
  const TypeSourceInfo *type = variable.getTypeSourceInfo();
  bool isPlain = type && begin.isFileID() && name.isFileID() && end.isFileID() && !variable.isTemplated() &&
                 !variable.getType()->isArrayType() && variable.getInitStyle() != VarDecl::ParenListInit &&
                 !(function && function->isTemplateInstantiation()) && !isa<VarTemplateSpecializationDecl>(variable) &&
                 !variable.isOutOfLine();
  if (!isPlain)
    return std::nullopt;
  // The name follows the type, and the semicolon follows: no other variable is declared with it.
  SourceLocation typeEnd = type->getTypeLoc().getEndLoc();
  if (typeEnd.isMacroID())
    return std::nullopt;
  std::optional<Token> next = Lexer::findNextToken(typeEnd, sources, out.language());
  std::optional<Token> semicolon = Lexer::findNextToken(end, sources, out.language());
  if (!next || next->getLocation() != name || !semicolon || semicolon->isNot(tok::semi))
    return std::nullopt;
  auto [file, first] = sources.getDecomposedLoc(begin);
  auto [nameFile, nameBegin] = sources.getDecomposedLoc(name);
  auto [endFile, behind] = sources.getDecomposedLoc(semicolon->getLocation());
  if (file != nameFile || file != endFile)
    return std::nullopt;
  MadeVariable result;
  std::optional<Place> token = out.token(name);
  if (!token)
    return std::nullopt;
  result.name = *token;
  result.head = out.place(file, first, nameBegin);
  result.rest = out.place(file, result.name.end, behind);
  std::optional<Place> arguments = argumentsOf(made, out.place(file, behind, behind), out);
  if (!arguments)
    return std::nullopt;
  result.arguments = *arguments;
  result.isStatic = variable.getStorageClass() == SC_Static;
  result.isConst = variable.getType().isConstQualified();
  result.isLocal = function && (variable.hasLocalStorage() || variable.isStaticLocal());
  if (result.isLocal)
    VariableUses(variable, result, out).TraverseStmt(function->getBody());
  return result;
}

std::optional<MadeVariable> madeMember(const CXXCtorInitializer &initializer, const CXXConstructExpr &made,
                                       Recorder &out) {
  SourceRange written = initializer.getSourceRange();
  std::optional<Place> name = out.token(initializer.getMemberLocation());
  if (written.getBegin().isMacroID() || written.getEnd().isMacroID() || !name || initializer.getLParenLoc().isInvalid())
    return std::nullopt;
  auto [file, open] = out.sources().getDecomposedLoc(initializer.getLParenLoc());
  SourceLocation close = initializer.getRParenLoc();
  if (close.isMacroID() || close.isInvalid() || made.getConstructor()->getParent()->isDependentContext())
    return std::nullopt;
  MadeVariable result;
  result.name = *name;
  result.arguments = out.place(file, open + 1, out.sources().getFileOffset(close));
  result.head = out.place(file, name->begin, name->begin);
  result.rest = out.place(file, name->end, result.arguments.end + 1);
  return result;
}

} // namespace ssot
