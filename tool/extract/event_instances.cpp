#include "extract/event_instances.h"

#include "extract/standard_library.h"
#include "extract/values.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

namespace ssot {

using namespace clang;

namespace {

/// Looks in the body of a template for what only its arguments decide.
class OpenVisitor : public RecursiveASTVisitor<OpenVisitor> {
public:
  bool isOpen = false;

  bool VisitExpr(Expr *value) { return !value->isTypeDependent() || itself(); }
  bool VisitVarDecl(VarDecl *variable) {
    return isa<ParmVarDecl>(variable) || !variable->getType()->isDependentType() || itself();
  }
  bool TraverseTypeLoc(TypeLoc /*type*/) { return true; }

private:
  bool itself() {
    isOpen = true;
    return false;
  }
};

void add(QualType type, Lambdas &found, unsigned depth);

void add(llvm::ArrayRef<TemplateArgument> arguments, Lambdas &found, unsigned depth) {
  for (const TemplateArgument &argument : arguments)
    if (argument.getKind() == TemplateArgument::Type)
      add(argument.getAsType(), found, depth);
    else if (argument.getKind() == TemplateArgument::Pack)
      add(argument.pack_elements(), found, depth);
}

void add(QualType type, Lambdas &found, unsigned depth) {
  if (type.isNull() || depth == 0)
    return;
  type = type.getNonReferenceType();
  if (type->isAnyPointerType())
    type = type->getPointeeType();
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return;
  if (record->isLambda())
    found.push_back(record->getLambdaCallOperator());
  else if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record))
    add(special->getTemplateArgs().asArray(), found, depth - 1);
}

/// The lambdas that an instance is made with, and those that it stands in.
Lambdas lambdasAround(const FunctionDecl &instance) {
  Lambdas found;
  const DeclContext *context = &instance;
  for (; context && !context->isTranslationUnit(); context = context->getParent()) {
    if (const auto *function = dyn_cast<FunctionDecl>(context)) {
      if (const TemplateArgumentList *arguments = function->getTemplateSpecializationArgs())
        add(arguments->asArray(), found, 4);
    } else if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(context)) {
      add(special->getTemplateArgs().asArray(), found, 4);
    } else if (const auto *record = dyn_cast<CXXRecordDecl>(context); record && record->isLambda()) {
      found.push_back(record->getLambdaCallOperator());
    }
  }
  return found;
}

bool isInInstantiation(const Decl &declaration) {
  for (const DeclContext *around = declaration.getDeclContext(); around; around = around->getParent())
    if (const auto *function = dyn_cast<FunctionDecl>(around); function && function->isTemplateInstantiation())
      return true;
  return false;
}

} // namespace

Lambdas lambdasIn(QualType type) {
  Lambdas found;
  add(type, found, 4);
  return found;
}

const Expr *handedLambda(const Expr *value) {
  while (value) {
    value = bare(value);
    if (const auto *cast = dyn_cast<ExplicitCastExpr>(value)) {
      value = cast->getSubExpr();
    } else if (const auto *call = dyn_cast<CallExpr>(value);
               call && call->getNumArgs() == 1 && call->getDirectCallee() && isPassedOn(*call->getDirectCallee())) {
      value = call->getArg(0);
    } else if (const auto *copy = dyn_cast<CXXConstructExpr>(value);
               copy && copy->getNumArgs() == 1 && copy->getConstructor()->isCopyOrMoveConstructor()) {
      value = copy->getArg(0);
    } else if (const auto *list = dyn_cast<InitListExpr>(value); list && list->getNumInits() == 1) {
      value = list->getInit(0);
    } else {
      break;
    }
  }
  if (!value || value->getType().isNull()) // in a template a list has no type yet
    return nullptr;
  const CXXRecordDecl *record = value->getType().getNonReferenceType()->getAsCXXRecordDecl();
  return record && record->isLambda() ? value : nullptr;
}

bool EventInstances::isOpen(const FunctionDecl &pattern) {
  if (auto known = Open.find(&pattern); known != Open.end())
    return known->second;
  OpenVisitor visitor;
  visitor.TraverseDecl(const_cast<FunctionDecl *>(&pattern));
  // A destructor also destroys what its class is made of.
  bool open = visitor.isOpen || (isa<CXXDestructorDecl>(pattern) && pattern.isTemplated());
  return Open[&pattern] = open;
}

StringId EventInstances::keyOf(const FunctionDecl &instance) {
  StringId usr = Out.usr(&instance), pattern = Out.usr(primaryDecl(&instance));
  if (!usr || !pattern)
    return 0;
  // The USR leaves out which lambda a template is made with.
  std::string text = Out.facts.strings[usr];
  for (const CXXMethodDecl *lambda : lambdasAround(instance)) {
    Place place = Out.anyToken(lambda->getLocation());
    text += " " + Out.facts.files[place.file].path + ":" + std::to_string(place.begin);
  }
  return Out.intern(Out.facts.strings[pattern] + "#" + llvm::utohexstr(llvm::xxh3_64bits(text)));
}

StringId EventInstances::usrOf(const FunctionDecl &callee) {
  const FunctionDecl *first = callee.getCanonicalDecl();
  if (auto known = Keys.find(first); known != Keys.end())
    return known->second;
  const FunctionDecl *pattern = callee.getTemplateSpecializationKind() == TSK_ExplicitSpecialization
                                    ? nullptr
                                    : callee.getTemplateInstantiationPattern();
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  const bool isInner = method && method->getParent()->isLambda() && isInInstantiation(callee);
  const FunctionDecl *definition = callee.getDefinition();
  StringId usr = 0;
  if (definition && definition->getBody() && !definition->isTemplated() && Out.inProject(definition->getLocation()) &&
      (isInner || (pattern && pattern->getBody() && isOpen(*pattern))))
    usr = keyOf(callee);
  if (usr)
    Waiting.push_back({definition, usr, GuardValues()});
  else
    usr = Out.usr(primaryDecl(&callee));
  return Keys[first] = usr;
}

bool EventInstances::isSeen(const FunctionDecl &callee) {
  const FunctionDecl *definition = callee.getDefinition();
  return definition && definition->getBody() && !definition->isTemplated() && Out.inProject(definition->getLocation());
}

StringId EventInstances::usrOf(const CXXDestructorDecl &destructor, const GuardValues &values) {
  StringId plain = keyOf(destructor);
  const FunctionDecl *definition = destructor.getDefinition();
  if (values.empty() || !plain || !definition || !isSeen(destructor))
    return usrOf(destructor);
  StringId usr = Out.intern(Out.facts.strings[plain] + "#" + llvm::utohexstr(llvm::xxh3_64bits(values.key(Out))));
  if (Variants.insert(usr).second)
    Waiting.push_back({definition, usr, values});
  return usr;
}

std::optional<EventInstances::Instance> EventInstances::next() {
  if (Waiting.empty())
    return std::nullopt;
  Instance first = std::move(Waiting.front());
  Waiting.pop_front();
  return first;
}

} // namespace ssot
