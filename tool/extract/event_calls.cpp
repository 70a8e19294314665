#include "extract/event_calls.h"

#include "extract/risks.h"
#include "extract/standard_library.h"

namespace ssot {

using namespace clang;

namespace {

const CXXRecordDecl *recordOf(QualType type) {
  type = type.getNonReferenceType();
  if (type->isPointerType())
    type = type->getPointeeType();
  return type->getAsCXXRecordDecl();
}

} // namespace

EventCalls::EventCalls(const FunctionDecl &function, const VocabularyNames &emitters, Recorder &recorder,
                       EventInstances &instances)
    : EventPaths(function, recorder, instances), Emitters(emitters) {
  for (const VocabularyNames::Entry &entry : emitters.entries())
    if (const auto *method = dyn_cast<CXXMethodDecl>(entry.declaration))
      Speakers.insert(method->getParent()->getCanonicalDecl());
}

/// Whether something is handed over that can emit.
bool EventCalls::speaks(const Expr &argument) const {
  const CXXRecordDecl *record = recordOf(argument.IgnoreParenImpCasts()->getType());
  if (!record)
    return false;
  if (Speakers.contains(record->getCanonicalDecl()))
    return true;
  // `std::ref(notifier)`, a pointer that owns one.
  if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record))
    for (const TemplateArgument &part : special->getTemplateArgs().asArray())
      if (part.getKind() == TemplateArgument::Type)
        if (const CXXRecordDecl *inner = recordOf(part.getAsType());
            inner && Speakers.contains(inner->getCanonicalDecl()))
          return true;
  return false;
}

void EventCalls::unknown(SourceLocation location, llvm::StringRef what) {
  std::uint32_t node = step(EventNodeKind::Unknown, location);
  if (node != kNowhere)
    Graph.nodes[node].name = Out.intern(what);
  mayThrow(node);
}

void EventCalls::call(const FunctionDecl *callee, SourceLocation location, llvm::ArrayRef<const Expr *> arguments,
                      bool isVirtual, bool isAwaited) {
  if (At == kNowhere)
    return;
  if (!callee)
    return unknown(location, "a function that only runs tell");
  if (const std::string *emitter = Emitters.find(callee)) {
    std::uint32_t node = step(EventNodeKind::Event, location);
    name(node, *callee);
    if (node != kNowhere) {
      Graph.nodes[node].name = Out.intern(*emitter);
      Graph.nodes[node].event = eventOf(arguments);
    }
    if (!isQuiet(*callee))
      mayThrow(node);
    return;
  }
  if (isErasedCall(*callee))
    return unknown(location, "a function object");
  // An object that keeps a lambda is in the hands of somebody who may call it.
  if (!Out.inProject(callee->getLocation()) && !isPassedOn(*callee))
    for (const Expr *argument : arguments)
      if (argument && !handedLambda(argument))
        for (const CXXMethodDecl *lambda : lambdasIn(argument->getType()))
          escape(*lambda, location);
  if (Out.inProject(callee->getLocation()) && !callee->isImplicit() && !callee->isDefaulted()) {
    EventNodeKind direct = isAwaited ? EventNodeKind::Await : EventNodeKind::Call;
    std::uint32_t node = step(isVirtual ? EventNodeKind::Virtual : direct, location);
    name(node, *callee);
    if (!isQuiet(*callee))
      mayThrow(node);
  } else if (!callee->isTrivial() && !isa<CXXConstructorDecl>(callee) &&
             llvm::any_of(arguments, [&](const Expr *argument) { return argument && speaks(*argument); }) &&
             !Speakers.empty() && !handsOn(*callee)) {
    unknown(location, callee->getQualifiedNameAsString());
  } else if (!isQuiet(*callee)) {
    risk(location);
  }
  if (callee->isNoReturn())
    At = kNowhere;
}

void EventCalls::maybeEmitter(const CallExpr &invocation) {
  const auto *member = dyn_cast<CXXDependentScopeMemberExpr>(invocation.getCallee()->IgnoreParens());
  for (const VocabularyNames::Entry &entry : Emitters.entries())
    if (member && isa<CXXMethodDecl>(entry.declaration) && entry.declaration->getDeclName() == member->getMember()) {
      std::uint32_t node = step(EventNodeKind::Event, invocation.getBeginLoc());
      if (node != kNowhere)
        Graph.nodes[node].name = Out.intern(*entry.name);
      return mayThrow(node);
    }
  unknown(invocation.getBeginLoc(), "a function that only runs tell");
}

StringId EventCalls::eventOf(llvm::ArrayRef<const Expr *> arguments) {
  const StringLiteral *text = nullptr;
  for (const Expr *argument : arguments) {
    const Expr *inner = argument->IgnoreUnlessSpelledInSource();
    if (const auto *defaulted = dyn_cast<CXXDefaultArgExpr>(inner))
      inner = defaulted->getExpr()->IgnoreUnlessSpelledInSource();
    if (const auto *reference = dyn_cast<DeclRefExpr>(inner))
      if (const auto *enumerator = dyn_cast<EnumConstantDecl>(reference->getDecl()))
        return Out.qualifiedName(enumerator);
    if (argument->getType()->isEnumeralType()) {
      const EnumConstantDecl *constant = constantEnumerator(*argument);
      return constant ? Out.qualifiedName(constant) : 0; // computed
    }
    if (const auto *literal = dyn_cast<UserDefinedLiteral>(inner))
      inner = literal->getNumArgs() ? literal->getArg(0)->IgnoreUnlessSpelledInSource() : inner;
    if (!text)
      text = dyn_cast<StringLiteral>(inner);
  }
  return text && text->isOrdinary() ? Out.intern(text->getString()) : 0;
}

void EventCalls::escape(const FunctionDecl &lambda, SourceLocation location) {
  name(step(EventNodeKind::Escape, location), lambda);
}

} // namespace ssot
