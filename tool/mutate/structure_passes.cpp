// Type 4: the same work divided among functions in another way; and near misses.

#include "mutate/passes.h"

#include <llvm/ADT/MapVector.h>
#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/Twine.h>

namespace ssot {

using namespace clang;

namespace {

constexpr unsigned kFewestToSplit = 4; ///< statements
constexpr double kLargestPart = 0.25;  ///< of the text of all bodies

/// The variables that some statements use, and whether they can stand in another function.
class TailReader : public RecursiveASTVisitor<TailReader> {
public:
  llvm::MapVector<const VarDecl *, bool> used;
  llvm::SmallPtrSet<const Decl *, 8> declared;
  bool movable = true;

  bool VisitVarDecl(VarDecl *variable) {
    declared.insert(variable);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    if (isa<BindingDecl>(reference->getDecl()))
      movable = false;
    if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
        variable && (variable->isLocalVarDeclOrParm()) && !declared.contains(variable))
      used.insert({variable, true});
    return true;
  }
  bool VisitLabelStmt(LabelStmt *) { return movable = false; }
  bool VisitGotoStmt(GotoStmt *) { return movable = false; }
  bool VisitSwitchCase(SwitchCase *) { return true; }
};

std::string spelled(QualType type, ASTContext &context) {
  return TypeName::getFullyQualifiedName(type, context, context.getPrintingPolicy(), /*WithGlobalNsPrefix=*/true);
}

/// The type as it is written, which means the same within the class; `auto` is written out.
std::string typeTextOf(const VarDecl &variable, Draft &draft) {
  PrintingPolicy policy = draft.context.getPrintingPolicy();
  policy.SuppressScope = false;
  QualType type = variable.getType();
  if (!type->getContainedAutoType() && variable.getTypeSourceInfo() && !type->isArrayType() &&
      !type->isFunctionPointerType())
    return type.getAsString(policy);
  return spelled(type, draft.context);
}

class Splitter {
public:
  explicit Splitter(Draft &draft) : Out(draft) {}

  void run() {
    for (const FunctionDecl *function : Out.definition.bodies)
      split(*function);
    if (Helpers.empty())
      return;
    if (const CXXRecordDecl *record = Out.definition.record) {
      std::string text = "\nprivate:\n" + Helpers;
      std::optional<SourceSpan> brace = Out.edits.span(SourceRange(record->getBraceRange().getEnd()));
      if (brace)
        Out.edits.replace(SourceSpan{brace->file, brace->begin, brace->begin}, [text] { return text; });
      // Their text is made now, with the edits that were there before.
    } else {
      Out.before += Helpers;
    }
  }

private:
  void split(const FunctionDecl &function) {
    const auto *body = cast<CompoundStmt>(function.getBody());
    const auto *method = dyn_cast<CXXMethodDecl>(&function);
    if (body->size() < kFewestToSplit || isa<CXXConstructorDecl, CXXDestructorDecl>(function) ||
        function.isConstexpr() || function.getReturnType()->getContainedAutoType() || function.isVariadic() ||
        (method && method->getParent() != Out.definition.record) ||
        function.isTemplated() != Out.definition.isTemplate())
      return;
    if (!method && function.isTemplated())
      return;
    llvm::SmallVector<const Stmt *, 8> all(body->body_begin(), body->body_end());
    TailReader reader;
    for (std::size_t i = all.size() / 2; i < all.size(); ++i)
      reader.TraverseStmt(const_cast<Stmt *>(all[i]));
    std::optional<SourceSpan> from = Out.edits.statement(all[all.size() / 2]), to = Out.edits.statement(all.back());
    if (!reader.movable || !from || !to)
      return;
    std::string parameters, arguments;
    for (const auto &[variable, used] : reader.used) {
      QualType type = variable->getType();
      if (type->isArrayType() || variable->isStaticLocal())
        return;
      std::string text = typeTextOf(*variable, Out);
      bool reference = type->isReferenceType();
      parameters += (parameters.empty() ? "" : ", ") + text + (reference ? " " : " &") + variable->getNameAsString();
      bool moved = type->isRValueReferenceType();
      arguments +=
          (arguments.empty() ? "" : ", ") +
          (moved ? "static_cast<" + text + ">(" + variable->getNameAsString() + ")" : variable->getNameAsString());
    }
    SourceSpan tail{from->file, from->begin, to->end};
    std::string name = "secondHalf" + std::to_string(++Number);
    std::string result = spelled(function.getReturnType(), Out.context);
    bool isStatic = method ? method->isStatic() : true;
    Helpers += (isStatic ? "static " : "") + result + " " + name + "(" + parameters + ")" +
               (method && method->isConst() ? " const" : "") + " { " + Out.edits.render(tail) + " }\n";
    Out.edits.replace(tail, "return " + name + "(" + arguments + ");");
  }

  Draft &Out;
  std::string Helpers;
  unsigned Number = 0;
};

class Returns : public RecursiveASTVisitor<Returns> {
public:
  bool found = false;
  bool VisitReturnStmt(ReturnStmt *) { return !(found = true); }
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
};

/// Writes own helpers out where they are called.
class Merger : public RecursiveASTVisitor<Merger> {
public:
  explicit Merger(Draft &draft) : Out(draft) {}

  bool VisitCompoundStmt(CompoundStmt *block) {
    for (Stmt *stmt : block->body()) {
      Expr *expression = dyn_cast<Expr>(stmt);
      bool returned = false;
      if (auto *result = dyn_cast<ReturnStmt>(stmt); result && result->getRetValue()) {
        expression = result->getRetValue();
        returned = true;
      }
      if (auto *call = expression ? dyn_cast<CallExpr>(expression->IgnoreParenImpCasts()) : nullptr)
        inlineCall(*stmt, *call, returned);
    }
    return true;
  }

private:
  const FunctionDecl *helper(const CallExpr &call) const {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee || !callee->hasBody() || callee->isVariadic() || callee->getNumParams() != call.getNumArgs())
      return nullptr;
    const FunctionDecl *definition = callee->getDefinition();
    if (const auto *method = dyn_cast<CXXMethodDecl>(callee)) {
      const auto *member = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParens());
      bool own =
          method->getParent() == Out.definition.record && !method->isVirtual() && !method->isOverloadedOperator();
      return own && member && member->isImplicitAccess() && llvm::is_contained(Out.definition.bodies, definition)
                 ? definition
                 : nullptr;
    }
    bool isLocal = !Out.definition.record && callee->getFormalLinkage() == Linkage::Internal &&
                   definition != Out.definition.declaration && !callee->isTemplated() &&
                   !callee->isTemplateInstantiation();
    return isLocal ? definition : nullptr;
  }

  void inlineCall(const Stmt &stmt, const CallExpr &call, bool returned) {
    const FunctionDecl *function = helper(call);
    if (!function || !isa<CompoundStmt>(function->getBody()))
      return;
    Returns returns;
    returns.TraverseStmt(function->getBody());
    bool isVoid = function->getReturnType()->isVoidType();
    if (returned == isVoid || (!returned && returns.found))
      return;
    std::string text = "{ ";
    std::string passed;
    for (const Expr *argument : call.arguments())
      passed += " " + Out.edits.render(argument) + " ";
    for (unsigned i = 0; i < call.getNumArgs(); ++i) {
      const ParmVarDecl *parameter = function->getParamDecl(i);
      std::string name = parameter->getNameAsString();
      if (name.empty())
        continue;
      const auto *same = dyn_cast<DeclRefExpr>(call.getArg(i)->IgnoreParenImpCasts());
      if (same && same->getDecl()->getNameAsString() == name)
        continue;
      if (passed.find(name) != std::string::npos || isa<CXXDefaultArgExpr>(call.getArg(i)))
        return;
      std::optional<SourceSpan> written = Out.edits.span(parameter->getSourceRange());
      if (!written || parameter->hasDefaultArg())
        return;
      text += Out.edits.original(*written).str() + " = " + Out.edits.render(call.getArg(i)) + "; ";
    }
    text += Out.edits.render(function->getBody()) + " }";
    Out.edits.replace(Out.edits.statement(&stmt), text);
  }

  Draft &Out;
};

/// The builtin type that a definition names most, to become a parameter.
class BuiltinCounter : public RecursiveASTVisitor<BuiltinCounter> {
public:
  explicit BuiltinCounter(Draft &draft) : Out(draft) {}

  bool VisitBuiltinTypeLoc(BuiltinTypeLoc type) {
    if (type.getTypePtr()->isInteger() && !type.getTypePtr()->isBooleanType() && !type.getTypePtr()->isCharType())
      if (std::optional<SourceSpan> span = Out.edits.span(type.getSourceRange()))
        places[type.getTypePtr()->getKind()].push_back(*span);
    return true;
  }

  std::map<BuiltinType::Kind, std::vector<SourceSpan>> places;

private:
  Draft &Out;
};

std::optional<SourceLocation> leftParenOf(const FunctionDecl &function) {
  if (!function.getFunctionTypeLoc())
    return std::nullopt;
  return function.getFunctionTypeLoc().getLParenLoc();
}

/// Moves what is defined outside of the class between its braces.
void moveIntoClass(Draft &draft) {
  for (const Definition::Piece &piece : llvm::ArrayRef(draft.definition.pieces).drop_front()) {
    const auto *method = dyn_cast<CXXMethodDecl>(piece.declaration);
    const auto *inside = method ? method->getCanonicalDecl() : nullptr;
    auto from = method ? leftParenOf(*method) : std::nullopt, to = inside ? leftParenOf(*inside) : std::nullopt;
    std::optional<SourceSpan> declared = inside ? draft.edits.span(inside->getSourceRange()) : std::nullopt;
    if (!from || !to || !declared || from->isMacroID() || to->isMacroID())
      continue;
    const SourceManager &sources = draft.context.getSourceManager();
    SourceSpan head{declared->file, declared->begin, sources.getFileOffset(*to)};
    SourceSpan rest{piece.span.file, sources.getFileOffset(*from), piece.span.end};
    SourceEdits *edits = &draft.edits;
    // Up to the semicolon: the body stands for `override` and the like as well.
    std::optional<Token> next = Lexer::findNextToken(inside->getEndLoc(), sources, draft.context.getLangOpts());
    while (next && !next->is(tok::semi) && !next->is(tok::r_brace))
      next = Lexer::findNextToken(next->getLocation(), sources, draft.context.getLangOpts());
    if (!next || !next->is(tok::semi))
      continue;
    SourceSpan whole{declared->file, declared->begin, sources.getFileOffset(next->getLocation()) + 1};
    edits->replace(whole, [edits, head, rest] { return edits->render(head) + edits->render(rest); });
    draft.dropped.push_back(piece.span);
  }
}

class OwnCalls : public RecursiveASTVisitor<OwnCalls> {
public:
  llvm::SmallPtrSet<const Decl *, 8> called;
  bool VisitMemberExpr(MemberExpr *member) {
    called.insert(member->getMemberDecl()->getCanonicalDecl());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    called.insert(reference->getDecl()->getCanonicalDecl());
    return true;
  }
};

bool isSpecialMember(const FunctionDecl &function) { return isa<CXXConstructorDecl, CXXDestructorDecl>(function); }

} // namespace

void splitBodies(Draft &draft) { Splitter(draft).run(); }

void mergeHelpers(Draft &draft) {
  Merger merger(draft);
  for (const FunctionDecl *function : draft.definition.bodies)
    merger.TraverseStmt(function->getBody());
}

void makeTemplate(Draft &draft) {
  if (draft.definition.isTemplate())
    return;
  BuiltinCounter counter(draft);
  for (const Definition::Piece &piece : draft.definition.pieces)
    counter.TraverseDecl(const_cast<Decl *>(piece.declaration));
  const std::vector<SourceSpan> *most = nullptr;
  for (const auto &[kind, places] : counter.places)
    if (!most || places.size() > most->size())
      most = &places;
  if (!most)
    return;
  std::string old = draft.edits.original(most->front()).str();
  for (const SourceSpan &span : *most)
    draft.edits.replace(span, std::string("SsotValue"));
  draft.before += "template <typename SsotValue = " + old + ">\n";
  if (draft.definition.record)
    moveIntoClass(draft);
}

void hollowOut(Draft &draft) {
  for (const FunctionDecl *function : draft.definition.bodies)
    draft.edits.replace(draft.edits.span(function->getBody()->getSourceRange()),
                        std::string(isSpecialMember(*function) ? "{}" : "{ __builtin_trap(); }"));
}

void keepAPart(Draft &draft) {
  struct Candidate {
    const FunctionDecl *function;
    unsigned size;
    llvm::SmallPtrSet<const Decl *, 8> called;
  };
  std::vector<Candidate> candidates;
  unsigned whole = 0;
  for (const FunctionDecl *function : draft.definition.bodies) {
    std::optional<SourceSpan> span = draft.edits.span(function->getBody()->getSourceRange());
    if (!span)
      return;
    OwnCalls calls;
    calls.TraverseStmt(function->getBody());
    whole += span->end - span->begin;
    if (!isSpecialMember(*function))
      candidates.push_back({function, span->end - span->begin, std::move(calls.called)});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate &a, const Candidate &b) { return a.size > b.size; });
  llvm::SmallPtrSet<const Decl *, 8> kept, candidateDecls;
  for (const Candidate &each : candidates)
    candidateDecls.insert(each.function->getCanonicalDecl());
  unsigned size = 0;
  for (const Candidate &each : candidates) {
    bool alone = llvm::none_of(
        each.called, [&](const Decl *callee) { return candidateDecls.contains(callee) && !kept.contains(callee); });
    if (!alone || size + each.size > kLargestPart * whole)
      continue;
    kept.insert(each.function->getCanonicalDecl());
    size += each.size;
  }
  if (kept.empty() || kept.size() == candidates.size())
    return;
  for (const Candidate &each : candidates) {
    if (kept.contains(each.function->getCanonicalDecl()))
      continue;
    const SourceManager &sources = draft.context.getSourceManager();
    const FunctionDecl *inside = each.function->getCanonicalDecl();
    std::optional<SourceSpan> declared = draft.edits.span(inside->getSourceRange());
    if (!declared)
      return;
    if (!inside->doesThisDeclarationHaveABody()) {
      std::optional<Token> next = Lexer::findNextToken(inside->getEndLoc(), sources, draft.context.getLangOpts());
      while (next && !next->is(tok::semi) && !next->is(tok::r_brace))
        next = Lexer::findNextToken(next->getLocation(), sources, draft.context.getLangOpts());
      if (next && next->is(tok::semi))
        declared->end = sources.getFileOffset(next->getLocation()) + 1;
    }
    draft.edits.replace(declared, std::string());
    for (const Definition::Piece &piece : draft.definition.pieces)
      if (piece.declaration == each.function)
        draft.dropped.push_back(piece.span);
  }
}

std::string wrapperOf(ASTContext &context, const Definition &definition) {
  if (!definition.record || definition.isTemplate())
    return "";
  std::string original = "::" + definition.record->getQualifiedNameAsString();
  std::string name = definition.record->getNameAsString();
  if (original.find("(anonymous") != std::string::npos)
    return "";
  std::string text, state = "  " + original + " &inner_;\n  long calls_ = 0;\n";
  for (const CXXMethodDecl *method : definition.record->methods()) {
    if (method->getAccess() != AS_public || method->isStatic() || method->isImplicit() || isSpecialMember(*method) ||
        method->isOverloadedOperator() || isa<CXXConversionDecl>(method))
      continue;
    std::string parameters, arguments;
    for (const ParmVarDecl *parameter : method->parameters()) {
      std::string each = "p" + std::to_string(parameter->getFunctionScopeIndex());
      std::string type = spelled(parameter->getType(), context);
      if (parameter->getType()->isArrayType() || parameter->getType()->isFunctionPointerType())
        return "";
      const char *comma = parameters.empty() ? "" : ", ";
      parameters += (llvm::Twine(comma) + type + " " + each).str();
      arguments += (llvm::Twine(comma) + "static_cast<" + type + "&&>(" + each + ")").str();
    }
    std::string called = method->getNameAsString();
    text += (llvm::Twine("  ") + spelled(method->getReturnType(), context) + " " + called + "(" + parameters +
             ") { ++calls_; return inner_." + called + "(" + arguments + "); }\n")
                .str();
  }
  if (text.empty())
    return "";
  return "class " + name + " {\npublic:\n  explicit " + name + "(" + original + " &inner) : inner_(inner) {}\n" + text +
         "private:\n" + state + "};\n";
}

} // namespace ssot
