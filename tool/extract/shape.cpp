#include "extract/shape.h"

#include "extract/values.h"

#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/xxhash.h>

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

/// Runs of this many nodes of the linearised body make a shingle: long enough to carry order, short enough to survive
/// an inserted statement.
constexpr std::size_t kShingle = 4;

/// What a node is once names and literals are gone.
enum NodeRole : std::uint32_t {
  kLoop = 0x10000,
  kBranch,
  kLiteral,
  kLocal, // parameters too: what is a local of one function is passed to the other when a half of it becomes a helper
  kField,
  kGlobal,
  kProjectCall,
  kProjectType,
  kDeclaration,
  kLambda,
  kThis,
  kStep,
  kUpdate,
  kComparison,
  kRelation,
  kReturn,
  kAssignment
};

/// What is done to a field.
enum Effect : std::uint32_t { kNoEffect, kInsert, kErase, kFind, kIterate, kMeasure, kGuard, kWrite, kInvoke };

std::uint32_t mix(std::uint32_t seed, std::uint32_t value) {
  std::uint64_t product = (static_cast<std::uint64_t>(seed) ^ value) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::uint32_t>(product >> 32) ^ static_cast<std::uint32_t>(product);
}

std::uint32_t hashOf(llvm::StringRef text) { return static_cast<std::uint32_t>(llvm::xxh3_64bits(text)); }

/// What the standard library's containers, locks and algorithms do, by their names.
Effect effectOf(llvm::StringRef name) {
  return llvm::StringSwitch<Effect>(name)
      .Cases("push_back", "emplace_back", "push_front", "push", "insert", "emplace", kInsert)
      .Cases("try_emplace", "insert_or_assign", "emplace_front", "emplace_hint", "append", kInsert)
      .Cases("erase", "erase_if", "pop_front", "pop_back", "pop", "clear", "extract", kErase)
      .Cases("find", "contains", "count", "at", "find_if", "lower_bound", "equal_range", kFind)
      .Cases("begin", "cbegin", "rbegin", "front", "back", kIterate)
      .Cases("size", "empty", kMeasure)
      .Cases("lock", "lock_guard", "unique_lock", "scoped_lock", "shared_lock", kGuard)
      .Cases("store", "fetch_add", "fetch_sub", "exchange", "reset", kWrite)
      .Default(kNoEffect);
}

/// The three spellings of a type while they are made.
struct Spelled {
  std::string exact, loose, outer;
};

Spelled all(llvm::StringRef text) { return {text.str(), text.str(), text.str()}; }

/// A type as far as a copy keeps it.
class TypeReader {
public:
  explicit TypeReader(const CXXRecordDecl *owner) : Owner(owner) {}

  Spelled read(QualType type, unsigned depth = 0) const {
    type = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
    if (depth > kDeepest)
      return all("deep");
    if (type->isPointerType()) {
      QualType pointee = type->getPointeeType();
      return pointee->isCharType() ? all("text") : read(pointee, depth);
    }
    if (type->isVoidType())
      return all("nothing");
    if (type->isBooleanType())
      return all("flag");
    if (const auto *choice = type->getAs<EnumType>())
      return {qualifiedNameOf(*choice->getDecl()), "choice", "choice"};
    if (type->isArithmeticType())
      return all("number");
    if (const auto *function = type->getAs<FunctionProtoType>())
      return callback(*function, depth);
    if (const auto *array = type->getAsArrayTypeUnsafe())
      return container({read(array->getElementType(), depth + 1)});
    if (const CXXRecordDecl *record = type->getAsCXXRecordDecl())
      return named(*record, arguments(*record, depth), depth);
    if (const auto *special = type->getAs<TemplateSpecializationType>())
      if (const auto *described = dyn_cast_or_null<ClassTemplateDecl>(special->getTemplateName().getAsTemplateDecl()))
        return named(*described->getTemplatedDecl(), arguments(special->template_arguments(), depth), depth);
    if (const auto *parameter = type->getAs<TemplateTypeParmType>())
      if (std::optional<QualType> usual = usualArgument(*parameter))
        return read(*usual, depth + 1);
    return all("any");
  }

private:
  static constexpr unsigned kDeepest = 4;

  /// What a parameter of the class template is when nobody says.
  std::optional<QualType> usualArgument(const TemplateTypeParmType &parameter) const {
    const ClassTemplateDecl *described = Owner ? Owner->getDescribedClassTemplate() : nullptr;
    if (!described || described->getTemplateParameters()->getDepth() != parameter.getDepth() ||
        parameter.getIndex() >= described->getTemplateParameters()->size())
      return std::nullopt;
    const auto *declared =
        dyn_cast<TemplateTypeParmDecl>(described->getTemplateParameters()->getParam(parameter.getIndex()));
    if (!declared || !declared->hasDefaultArgument())
      return std::nullopt;
    return declared->getDefaultArgument().getArgument().getAsType();
  }

  std::vector<Spelled> arguments(llvm::ArrayRef<TemplateArgument> given, unsigned depth) const {
    std::vector<Spelled> read;
    for (const TemplateArgument &argument : given)
      if (argument.getKind() == TemplateArgument::Type)
        read.push_back(this->read(argument.getAsType(), depth + 1));
    return read;
  }

  std::vector<Spelled> arguments(const CXXRecordDecl &record, unsigned depth) const {
    if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&record))
      return arguments(special->getTemplateArgs().asArray(), depth);
    return {};
  }

  Spelled callback(const FunctionProtoType &type, unsigned depth) const {
    std::vector<Spelled> parts{read(type.getReturnType(), depth + 1)};
    for (QualType parameter : type.getParamTypes())
      parts.push_back(read(parameter, depth + 1));
    return joined("call", parts);
  }

  static Spelled joined(const std::string &head, const std::vector<Spelled> &parts) {
    Spelled result{head + "(", head + "(", head};
    for (const Spelled &part : parts) {
      result.exact += part.exact + ",";
      result.loose += part.loose + ",";
    }
    result.exact += ")";
    result.loose += ")";
    return result;
  }

  static Spelled container(const std::vector<Spelled> &elements) {
    Spelled result = joined(elements.size() == 2 ? "map" : "many", elements);
    result.outer = "container";
    return result;
  }

  Spelled named(const CXXRecordDecl &record, std::vector<Spelled> parts, unsigned depth) const {
    std::string name = qualifiedNameOf(record);
    if (llvm::StringRef(name).starts_with("std::"))
      return standard(llvm::StringRef(name).rsplit("::").second, std::move(parts));
    if (Owner && record.getDeclContext()->Equals(Owner))
      return {"own", "record", "record"};
    std::string loose = wrapsText(record, depth) ? "text" : "record";
    if (parts.empty())
      return {name, loose, loose};
    return {joined(name, parts).exact, loose, loose};
  }

  static Spelled standard(llvm::StringRef name, std::vector<Spelled> parts) {
    unsigned kept = llvm::StringSwitch<unsigned>(name)
                        .Cases("map", "unordered_map", "multimap", "unordered_multimap", 2)
                        .Cases("vector", "list", "deque", "set", "unordered_set", "multiset", "array", "span", 1)
                        .Cases("queue", "stack", "priority_queue", "forward_list", "initializer_list", 1)
                        .Default(0);
    if (kept && parts.size() >= kept) {
      parts.resize(kept);
      return container(parts);
    }
    llvm::StringRef kind = llvm::StringSwitch<llvm::StringRef>(name)
                               .Cases("basic_string", "basic_string_view", "text")
                               .Cases("mutex", "shared_mutex", "recursive_mutex", "lock")
                               .Cases("duration", "time_point", "time")
                               .Default("");
    if (!kind.empty())
      return all(kind);
    bool transparent = llvm::StringSwitch<bool>(name)
                           .Cases("unique_ptr", "shared_ptr", "weak_ptr", "optional", "atomic", true)
                           .Cases("function", "reference_wrapper", true)
                           .Default(false);
    if (transparent && !parts.empty())
      return parts.front();
    return parts.empty() ? all(name) : joined(name.str(), parts);
  }

  /// An identifier: a class around one text.
  bool wrapsText(const CXXRecordDecl &record, unsigned depth) const {
    const CXXRecordDecl *definition = record.getDefinition();
    if (!definition || std::distance(definition->field_begin(), definition->field_end()) != 1)
      return false;
    return read(definition->field_begin()->getType(), depth + 1).loose == "text";
  }

  const CXXRecordDecl *Owner;
};

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
    std::sort(Shape.effects.begin(), Shape.effects.end());
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
      return iteration(loop->getRangeInit(), loop->getBody());
    }
    case Stmt::ForStmtClass: {
      const auto *loop = cast<ForStmt>(stmt);
      if (const Expr *range = iteratedBy(*loop))
        return iteration(range, loop->getBody());
      return this->loop(loop->getInit(), loop->getCond(), loop->getBody(), loop->getInc());
    }
    case Stmt::WhileStmtClass: {
      const auto *loop = cast<WhileStmt>(stmt);
      return this->loop(nullptr, loop->getCond(), loop->getBody(), nullptr);
    }
    case Stmt::ReturnStmtClass:
      return returned(cast<ReturnStmt>(stmt)->getRetValue());
    case Stmt::DeclStmtClass: {
      std::uint32_t hash = kDeclaration;
      push(kDeclaration);
      for (const Decl *declaration : cast<DeclStmt>(stmt)->decls())
        if (const auto *variable = dyn_cast<VarDecl>(declaration))
          hash = mix(hash, tree(variable->getInit()));
      return hash;
    }
    case Stmt::IfStmtClass:
      return branch(*cast<IfStmt>(stmt));
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

  std::uint32_t iteration(const Expr *range, const Stmt *body) {
    push(kLoop);
    effect(kIterate, range);
    std::uint32_t hash = mix(kLoop, tree(range));
    return mix(hash, statement(body));
  }

  /// `for (init; condition; step) body` is `init; while (condition) { body step }`, and so is an endless loop that is
  /// left at its head.
  std::uint32_t loop(const Stmt *init, const Expr *condition, const Stmt *body, const Expr *step) {
    if (init)
      statement(init);
    const Stmt *head = nullptr;
    if (const auto *block = dyn_cast<CompoundStmt>(body); block && !block->body_empty() && isTrue(condition))
      if (const auto *way = dyn_cast<IfStmt>(block->body_front()); way && !way->getElse() && isBreak(way->getThen())) {
        head = way;
        condition = positive(way->getCond());
      }
    push(kLoop);
    std::uint32_t hash = mix(kLoop, isTrue(condition) ? 0 : tree(condition));
    if (head) {
      for (const Stmt *child : cast<CompoundStmt>(body)->body())
        if (child != head)
          hash = mix(hash, statement(child));
    } else {
      hash = mix(hash, statement(body));
    }
    return step ? mix(hash, statement(step)) : hash;
  }

  static bool isTrue(const Expr *condition) {
    if (!condition)
      return true;
    const auto *literal = dyn_cast<CXXBoolLiteralExpr>(bare(condition));
    return literal && literal->getValue();
  }

  static bool isBreak(const Stmt *stmt) {
    const auto *block = dyn_cast<CompoundStmt>(stmt);
    return isa<BreakStmt>(block && block->size() == 1 ? block->body_front() : stmt);
  }

  /// \returns what `for (auto i = x.begin(); i != ...` goes through, or null.
  static const Expr *iteratedBy(const ForStmt &loop) {
    const auto *declaration = dyn_cast_or_null<DeclStmt>(loop.getInit());
    const auto *variable =
        declaration && declaration->isSingleDecl() ? dyn_cast<VarDecl>(declaration->getSingleDecl()) : nullptr;
    const auto *call = variable && variable->getInit() ? dyn_cast<CallExpr>(uncopied(variable->getInit())) : nullptr;
    const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
    if (!callee || !callee->getDeclName().isIdentifier())
      return nullptr;
    if (callee->getName() != "begin" && callee->getName() != "cbegin")
      return nullptr;
    if (const auto *method = dyn_cast<CXXMemberCallExpr>(call))
      return method->getImplicitObjectArgument();
    return call->getNumArgs() == 1 ? call->getArg(0) : nullptr;
  }

  std::uint32_t returned(const Expr *value) {
    const auto *choice = value ? dyn_cast<ConditionalOperator>(uncopied(value)) : nullptr;
    if (choice)
      return chosen(*choice, [&](const Expr *each) { return returned(each); });
    push(kReturn);
    return mix(kReturn, tree(value));
  }

  /// `return c ? a : b` is `if (c) return a; return b`, and so is an assignment.
  template <typename Take>
  std::uint32_t chosen(const ConditionalOperator &choice, Take take) {
    push(kBranch);
    std::uint32_t hash = mix(kBranch, tree(positive(choice.getCond())));
    return mix(hash, inOrder([&] { return noted(take(choice.getTrueExpr())); },
                             [&] { return noted(take(choice.getFalseExpr())); }));
  }

  std::uint32_t noted(std::uint32_t hash) {
    Shape.statements.push_back(hash);
    return hash;
  }

  /// Reads two branches, the smaller one first: which of them is the `else` depends on how the question is put.
  template <typename First, typename Second>
  std::uint32_t inOrder(First first, Second second) {
    auto begin = static_cast<std::ptrdiff_t>(Linear.size());
    std::uint32_t left = first();
    auto middle = static_cast<std::ptrdiff_t>(Linear.size());
    std::uint32_t right = second();
    auto end = static_cast<std::ptrdiff_t>(Linear.size());
    if (std::pair(end - middle, right) < std::pair(middle - begin, left)) {
      std::rotate(Linear.begin() + begin, Linear.begin() + middle, Linear.end());
      std::swap(left, right);
    }
    return mix(left, right);
  }

  static bool leaves(const Stmt *stmt) {
    if (const auto *block = dyn_cast<CompoundStmt>(stmt))
      return !block->body_empty() && leaves(block->body_back());
    return isa<ReturnStmt, ContinueStmt, BreakStmt, CXXThrowExpr>(stmt);
  }

  std::uint32_t branch(const IfStmt &branch) {
    push(kBranch);
    std::uint32_t hash = kBranch;
    if (const DeclStmt *variable = branch.getConditionVariableDeclStmt())
      hash = mix(hash, tree(variable));
    hash = mix(hash, tree(branch.getInit()));
    if (!branch.getElse()) {
      hash = mix(hash, conjunction(branch.getCond()));
      return mix(hash, statement(branch.getThen()));
    }
    hash = mix(hash, tree(positive(branch.getCond())));
    const Stmt *yes = branch.getThen(), *no = branch.getElse();
    if (leaves(no) && !leaves(yes))
      std::swap(yes, no);
    // What comes after an early return is not inside of anything.
    if (leaves(yes)) {
      hash = mix(hash, statement(yes));
      statement(no);
      return hash;
    }
    return mix(hash, inOrder([&] { return statement(yes); }, [&] { return statement(no); }));
  }

  /// `if (a && b)` is `if (a) if (b)`.
  std::uint32_t conjunction(const Expr *condition) {
    const auto *both = dyn_cast<BinaryOperator>(bare(condition));
    if (!both || both->getOpcode() != BO_LAnd)
      return tree(positive(condition));
    std::uint32_t hash = conjunction(both->getLHS());
    push(kBranch);
    return mix(mix(hash, kBranch), conjunction(both->getRHS()));
  }

  /// A copy of a value is that value.
  static const Expr *uncopied(const Expr *expression) {
    for (;;) {
      expression = bare(expression);
      const auto *construction = dyn_cast<CXXConstructExpr>(expression);
      if (!construction || construction->getNumArgs() != 1 ||
          !construction->getConstructor()->isCopyOrMoveConstructor())
        return expression;
      expression = construction->getArg(0);
    }
  }

  /// `if (!x) A` and `if (x) B else A` ask the same: an early return turns the one into the other.
  static const Expr *positive(const Expr *condition) {
    const Expr *inner = uncopied(condition);
    const auto *negation = dyn_cast<UnaryOperator>(inner);
    return negation && negation->getOpcode() == UO_LNot ? negation->getSubExpr() : condition;
  }

  /// Notes what is done when \p target is a field.
  void effect(Effect kind, const Expr *target) {
    if (kind == kNoEffect || !target)
      return;
    const auto *member = dyn_cast<MemberExpr>(uncopied(target));
    const auto *field = member ? dyn_cast<FieldDecl>(member->getMemberDecl()) : nullptr;
    if (!field)
      return;
    auto [known, isNew] = FieldKinds.try_emplace(field, 0);
    if (isNew)
      known->second = hashOf(TypeReader(dyn_cast<CXXRecordDecl>(field->getParent())).read(field->getType()).loose);
    Shape.effects.push_back(mix(kind, known->second));
  }

  void effectsOf(const Expr &expression) {
    if (const auto *call = dyn_cast<CXXOperatorCallExpr>(&expression)) {
      OverloadedOperatorKind kind = call->getOperator();
      effect(kind == OO_Subscript     ? kFind
             : kind == OO_Call        ? kInvoke
             : call->isAssignmentOp() ? kWrite
                                      : kNoEffect,
             call->getArg(0));
    } else if (const auto *call = dyn_cast<CallExpr>(&expression)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (!callee || !callee->getDeclName().isIdentifier())
        return;
      Effect kind = effectOf(callee->getName());
      if (const auto *method = dyn_cast<CXXMemberCallExpr>(call))
        effect(kind, method->getImplicitObjectArgument());
      else if (call->getNumArgs())
        effect(kind, call->getArg(0));
    } else if (const auto *construction = dyn_cast<CXXConstructExpr>(&expression)) {
      if (construction->getNumArgs() && effectOf(construction->getConstructor()->getParent()->getName()) == kGuard)
        effect(kGuard, construction->getArg(0));
    } else if (const auto *operation = dyn_cast<BinaryOperator>(&expression)) {
      effect(operation->isAssignmentOp() ? kWrite : kNoEffect, operation->getLHS());
    } else if (const auto *operation = dyn_cast<UnaryOperator>(&expression)) {
      effect(operation->isIncrementDecrementOp() ? kWrite : kNoEffect, operation->getSubExpr());
    }
  }

  static const ValueDecl *targetOf(const Expr *expression) {
    expression = bare(expression);
    if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
      return reference->getDecl();
    const auto *member = dyn_cast<MemberExpr>(expression);
    return member && isa<CXXThisExpr>(bare(member->getBase())) ? member->getMemberDecl() : nullptr;
  }

  /// `x = x + y` is `x += y`, and with 1 it is `++x`.
  std::optional<std::uint32_t> update(const BinaryOperator &operation) {
    const Expr *by = nullptr;
    BinaryOperatorKind kind = operation.getOpcode();
    if (operation.isCompoundAssignmentOp()) {
      kind = BinaryOperator::getOpForCompoundAssignment(kind);
      by = operation.getRHS();
    } else if (kind == BO_Assign) {
      const auto *value = dyn_cast<BinaryOperator>(bare(operation.getRHS()));
      const ValueDecl *target = targetOf(operation.getLHS());
      if (!value || !target || value->isAssignmentOp() || value->isComparisonOp() ||
          targetOf(value->getLHS()) != target)
        return std::nullopt;
      kind = value->getOpcode();
      by = value->getRHS();
    } else {
      return std::nullopt;
    }
    const auto *literal = dyn_cast<IntegerLiteral>(bare(by));
    bool isStep = (kind == BO_Add || kind == BO_Sub) && literal && literal->getValue() == 1;
    std::uint32_t hash = isStep ? std::uint32_t(kStep) : mix(kUpdate, kind);
    push(hash);
    hash = mix(hash, tree(operation.getLHS()));
    return isStep ? hash : mix(hash, tree(by));
  }

  std::uint32_t expressionTree(const Expr &whole) {
    const Expr *inner = uncopied(&whole);
    effectsOf(*inner);
    if (const auto *operation = dyn_cast<BinaryOperator>(inner)) {
      if (std::optional<std::uint32_t> hash = update(*operation))
        return *hash;
      const auto *choice =
          operation->getOpcode() == BO_Assign ? dyn_cast<ConditionalOperator>(uncopied(operation->getRHS())) : nullptr;
      if (choice)
        return chosen(*choice, [&](const Expr *each) {
          push(kAssignment);
          std::uint32_t hash = mix(kAssignment, tree(operation->getLHS()));
          return mix(hash, tree(each));
        });
    }
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
    if (isa<ConditionalOperator>(expression))
      return kBranch;
    if (const auto *operation = dyn_cast<BinaryOperator>(&expression)) {
      if (operation->isEqualityOp())
        return kComparison;
      if (operation->isRelationalOp())
        return kRelation; // which one it is depends on how the question is put
      return operation->getOpcode() == BO_Assign ? std::uint32_t(kAssignment)
                                                 : mix(Stmt::BinaryOperatorClass, operation->getOpcode());
    }
    if (const auto *operation = dyn_cast<UnaryOperator>(&expression))
      return operation->isIncrementDecrementOp() ? kStep : mix(Stmt::UnaryOperatorClass, operation->getOpcode());
    return expression.getStmtClass();
  }

  static std::uint32_t roleOf(const ValueDecl &declaration) {
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
    if (callee->isOverloadedOperator()) {
      OverloadedOperatorKind kind = callee->getOverloadedOperator();
      return kind == OO_EqualEqual || kind == OO_ExclaimEqual ? kComparison : mix(Stmt::CXXOperatorCallExprClass, kind);
    }
    if (!Out.inProject(callee->getLocation()))
      Callees.push_back(callee->getNameAsString());
    return named(*callee, mix(kProjectCall, call.getNumArgs()));
  }

  /// The facilities of the standard library and of others keep their names: a copy uses the same ones. The project's
  /// own are abstracted.
  std::uint32_t named(const NamedDecl &declaration, std::uint32_t otherwise) {
    if (Out.inProject(declaration.getLocation()))
      return otherwise;
    return hashOf(declaration.getNameAsString());
  }

  void push(std::uint32_t value) { Linear.push_back(value); }

  Recorder &Out;
  BodyShape Shape;
  std::vector<std::uint32_t> Linear;
  std::vector<std::string> Callees;
  llvm::DenseMap<const FieldDecl *, std::uint32_t> FieldKinds;
};

} // namespace

BodyShape shapeOf(const FunctionDecl &function, Recorder &recorder) {
  return ShapeBuilder(recorder).run(*function.getBody());
}

TypeShape TypeShapes::of(QualType type, const CXXRecordDecl *owner) {
  auto [known, isNew] = Known.try_emplace({type.getCanonicalType().getAsOpaquePtr(), owner});
  if (isNew) {
    Spelled spelled = TypeReader(owner).read(type);
    known->second = {Out.intern(spelled.exact), Out.intern(spelled.loose), Out.intern(spelled.outer)};
  }
  return known->second;
}

std::vector<TypeShape> TypeShapes::ofSignature(const FunctionDecl &function) {
  const auto *owner = dyn_cast<CXXRecordDecl>(function.getDeclContext());
  std::vector<TypeShape> shapes{of(function.getReturnType(), owner)};
  for (const ParmVarDecl *parameter : function.parameters())
    shapes.push_back(of(parameter->getType(), owner));
  return shapes;
}

const CXXRecordDecl *hiddenPart(const FieldDecl &field) {
  QualType type = field.getType().getCanonicalType();
  if (type->isPointerType()) {
    type = type->getPointeeType();
  } else if (const auto *holder = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl())) {
    llvm::StringRef name = holder->getName();
    if ((name != "unique_ptr" && name != "shared_ptr") || holder->getTemplateArgs().size() == 0)
      return nullptr;
    type = holder->getTemplateArgs()[0].getAsType();
  }
  const CXXRecordDecl *part = type->getAsCXXRecordDecl();
  return part && part->getDeclContext()->Equals(field.getDeclContext()) ? part : nullptr;
}

} // namespace ssot
