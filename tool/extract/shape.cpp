#include "extract/shape.h"

#include <llvm/ADT/Hashing.h>
#include <llvm/Support/xxhash.h>

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

/// Runs of this many nodes of the linearised body make a shingle: long enough to carry order, short enough to survive
/// an inserted statement.
constexpr std::size_t kShingle = 4;

/// What a node is once names and literals are gone.
enum Role : std::uint32_t {
  kLoop = 0x10000,
  kBranch,
  kLiteral,
  kParameter,
  kLocal,
  kField,
  kGlobal,
  kProjectCall,
  kProjectType,
  kDeclaration,
  kLambda,
  kThis
};

std::uint32_t mix(std::uint32_t seed, std::uint32_t value) {
  std::uint64_t product = (static_cast<std::uint64_t>(seed) ^ value) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::uint32_t>(product >> 32) ^ static_cast<std::uint32_t>(product);
}

class ShapeBuilder {
public:
  ShapeBuilder(Recorder &recorder) : Out(recorder) {}

  BodyShape run(const Stmt &body) {
    tree(&body);
    for (std::size_t i = 0; i + kShingle <= Linear.size(); ++i) {
      std::uint32_t hash = 0;
      for (std::size_t k = 0; k < kShingle; ++k)
        hash = mix(hash, Linear[i + k]);
      Shape.shingles.push_back(hash);
    }
    Shape.nodes = static_cast<std::uint32_t>(Linear.size());
    std::sort(Shape.statements.begin(), Shape.statements.end());
    std::sort(Shape.shingles.begin(), Shape.shingles.end());
    std::vector<std::string> names = std::move(Callees);
    std::sort(names.begin(), names.end());
    for (const std::string &name : names)
      Shape.callees.push_back(Out.intern(name));
    return std::move(Shape);
  }

private:
  /// \returns the hash of the tree below \p stmt, 0 for nothing.
  std::uint32_t tree(const Stmt *stmt) {
    if (!stmt)
      return 0;
    if (const auto *expression = dyn_cast<Expr>(stmt))
      return expressionTree(*expression);
    switch (stmt->getStmtClass()) {
    case Stmt::CompoundStmtClass: {
      std::uint32_t hash = 0;
      for (const Stmt *child : cast<CompoundStmt>(stmt)->body())
        hash = mix(hash, statement(child));
      return hash;
    }
    case Stmt::CXXForRangeStmtClass: {
      const auto *loop = cast<CXXForRangeStmt>(stmt);
      push(kLoop);
      return mix(mix(kLoop, tree(loop->getRangeInit())), statement(loop->getBody()));
    }
    case Stmt::ForStmtClass: {
      const auto *loop = cast<ForStmt>(stmt);
      push(kLoop);
      return mix(mix(kLoop, tree(loop->getCond())), statement(loop->getBody()));
    }
    case Stmt::WhileStmtClass: {
      const auto *loop = cast<WhileStmt>(stmt);
      push(kLoop);
      return mix(mix(kLoop, tree(loop->getCond())), statement(loop->getBody()));
    }
    case Stmt::DeclStmtClass: {
      std::uint32_t hash = kDeclaration;
      push(kDeclaration);
      for (const Decl *declaration : cast<DeclStmt>(stmt)->decls())
        if (const auto *variable = dyn_cast<VarDecl>(declaration))
          hash = mix(hash, tree(variable->getInit()));
      return hash;
    }
    case Stmt::IfStmtClass: {
      const auto *branch = cast<IfStmt>(stmt);
      push(kBranch);
      std::uint32_t hash = kBranch;
      if (const DeclStmt *variable = branch->getConditionVariableDeclStmt())
        hash = mix(hash, tree(variable));
      hash = mix(hash, tree(branch->getInit()));
      hash = mix(hash, tree(branch->getCond()));
      hash = mix(hash, statement(branch->getThen()));
      return mix(hash, branch->getElse() ? statement(branch->getElse()) : 0);
    }
    default: {
      std::uint32_t hash = stmt->getStmtClass();
      push(hash);
      for (const Stmt *child : stmt->children())
        hash = mix(hash, tree(child));
      return hash;
    }
    }
  }

  std::uint32_t statement(const Stmt *stmt) {
    std::uint32_t hash = tree(stmt);
    if (!isa<CompoundStmt, NullStmt>(stmt))
      Shape.statements.push_back(hash);
    return hash;
  }

  static const Expr *bare(const Expr *expression) {
    for (;;) {
      const Expr *inner = expression->IgnoreParenImpCasts();
      if (const auto *cleanups = dyn_cast<ExprWithCleanups>(inner))
        inner = cleanups->getSubExpr();
      else if (const auto *temporary = dyn_cast<MaterializeTemporaryExpr>(inner))
        inner = temporary->getSubExpr();
      else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(inner))
        inner = bound->getSubExpr();
      else if (const auto *construction = dyn_cast<CXXConstructExpr>(inner);
               construction && construction->getNumArgs() == 1 &&
               construction->getConstructor()->isCopyOrMoveConstructor())
        inner = construction->getArg(0);
      if (inner == expression)
        return expression;
      expression = inner;
    }
  }

  std::uint32_t expressionTree(const Expr &whole) {
    const Expr *inner = bare(&whole);
    std::uint32_t hash = role(*inner);
    push(hash);
    if (const auto *lambda = dyn_cast<LambdaExpr>(inner))
      return mix(hash, statement(lambda->getBody()));
    if (const auto *call = dyn_cast<CallExpr>(inner)) {
      // The callee is in the role; its own tree would say the name again.
      if (const auto *member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParens());
          member && !member->isImplicitAccess())
        hash = mix(hash, tree(member->getBase()));
      for (const Expr *argument : call->arguments())
        if (!isa<CXXDefaultArgExpr>(argument))
          hash = mix(hash, tree(argument));
      return hash;
    }
    for (const Stmt *child : inner->children())
      hash = mix(hash, tree(child));
    return hash;
  }

  std::uint32_t role(const Expr &expression) {
    if (isa<IntegerLiteral, FloatingLiteral, StringLiteral, CharacterLiteral, CXXBoolLiteralExpr,
            CXXNullPtrLiteralExpr>(expression))
      return kLiteral;
    if (isa<CXXThisExpr>(expression))
      return kThis;
    if (isa<LambdaExpr>(expression))
      return kLambda;
    if (const auto *reference = dyn_cast<DeclRefExpr>(&expression))
      return roleOf(*reference->getDecl());
    if (const auto *member = dyn_cast<MemberExpr>(&expression))
      return isa<FieldDecl>(member->getMemberDecl()) ? kField : kProjectCall;
    if (const auto *call = dyn_cast<CallExpr>(&expression))
      return calleeRole(*call);
    if (const auto *construction = dyn_cast<CXXConstructExpr>(&expression))
      return named(*construction->getConstructor()->getParent(), kProjectType);
    if (const auto *operation = dyn_cast<BinaryOperator>(&expression))
      return mix(Stmt::BinaryOperatorClass, operation->getOpcode());
    if (const auto *operation = dyn_cast<UnaryOperator>(&expression))
      return mix(Stmt::UnaryOperatorClass, operation->getOpcode());
    return expression.getStmtClass();
  }

  static std::uint32_t roleOf(const ValueDecl &declaration) {
    if (isa<ParmVarDecl>(declaration))
      return kParameter;
    if (const auto *variable = dyn_cast<VarDecl>(&declaration))
      return variable->hasLocalStorage() ? kLocal : kGlobal;
    if (isa<BindingDecl>(declaration))
      return kLocal;
    return isa<EnumConstantDecl>(declaration) ? kLiteral : kGlobal;
  }

  std::uint32_t calleeRole(const CallExpr &call) {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee)
      return mix(kProjectCall, call.getNumArgs());
    if (callee->isOverloadedOperator())
      return mix(Stmt::CXXOperatorCallExprClass, callee->getOverloadedOperator());
    Callees.push_back(callee->getNameAsString());
    return named(*callee, mix(kProjectCall, call.getNumArgs()));
  }

  /// The facilities of the standard library and of others keep their names: a copy uses the same ones. The project's
  /// own are abstracted.
  std::uint32_t named(const NamedDecl &declaration, std::uint32_t otherwise) {
    if (Out.inProject(declaration.getLocation()))
      return otherwise;
    return static_cast<std::uint32_t>(llvm::xxh3_64bits(declaration.getNameAsString()));
  }

  void push(std::uint32_t value) { Linear.push_back(value); }

  Recorder &Out;
  BodyShape Shape;
  std::vector<std::uint32_t> Linear;
  std::vector<std::string> Callees;
};

} // namespace

BodyShape shapeOf(const FunctionDecl &function, Recorder &recorder) {
  return ShapeBuilder(recorder).run(*function.getBody());
}

} // namespace ssot
