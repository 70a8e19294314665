#include "extract/event_paths.h"

#include "extract/risks.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

std::uint32_t EventPaths::newNode(EventNodeKind kind, Place place) {
  EventNode &node = Graph.nodes.emplace_back();
  node.kind = kind;
  node.place = place;
  return static_cast<std::uint32_t>(Graph.nodes.size() - 1);
}

void EventPaths::connect(std::uint32_t from, std::uint32_t to) {
  if (from == kNowhere || to == kNowhere)
    return;
  Nodes &next = Graph.nodes[from].next;
  if (!llvm::is_contained(next, to))
    next.push_back(to);
}

std::uint32_t EventPaths::step(EventNodeKind kind, const Place &place) {
  if (At == kNowhere || isFull())
    return kNowhere;
  std::uint32_t node = newNode(kind, place);
  connect(At, node);
  return At = node;
}
void EventPaths::jump(std::uint32_t target, std::size_t depth) {
  if (At == kNowhere)
    return;
  for (std::size_t i = Frames.size(); i > depth; --i)
    for (const Cleanup &cleanup : Frames[i - 1].cleanups)
      destroy(cleanup, Frames[i - 1].place);
  connect(At, target);
  At = kNowhere;
}

void EventPaths::destroy(const Cleanup &cleanup, const Place &place) {
  if (cleanup.when == When::Thrown)
    return;
  std::uint32_t before = At;
  std::uint32_t node = step(cleanup.hidden ? EventNodeKind::Escape : EventNodeKind::Call, place);
  name(node, cleanup);
  if (cleanup.maybe)
    At = joined(At, before);
}

void EventPaths::name(std::uint32_t node, const Cleanup &cleanup) {
  if (!cleanup.usr)
    return name(node, *cleanup.destructor);
  if (node == kNowhere)
    return;
  StringId called = Out.qualifiedName(cleanup.destructor);
  Graph.nodes[node].usr = cleanup.usr;
  Graph.nodes[node].name = called;
}

void EventPaths::name(std::uint32_t node, const FunctionDecl &callee) {
  if (node == kNowhere)
    return;
  StringId usr = Made.usrOf(callee), called = Out.qualifiedName(&callee);
  Graph.nodes[node].usr = usr;
  Graph.nodes[node].name = called;
}

EventPaths::Nodes EventPaths::unwound(std::size_t depth) {
  if (depth == 0)
    return isQuiet(Function) ? Nodes() : Nodes{kThrow}; // what leaves a noexcept function ends the program
  if (Frames[depth - 1].unwound)
    return *Frames[depth - 1].unwound;
  Nodes targets = pass(depth, unwound(depth - 1));
  Frames[depth - 1].unwound = targets;
  return targets;
}

/// What an exception meets in one frame on its way to \p outer.
EventPaths::Nodes EventPaths::pass(std::size_t depth, Nodes outer) {
  Nodes targets;
  bool catchesAll = false;
  for (const Handler &handler : Frames[depth - 1].handlers) {
    targets.push_back(handler.entry);
    catchesAll |= handler.type.isNull();
  }
  if (!targets.empty()) {
    if (!catchesAll)
      targets.insert(targets.end(), outer.begin(), outer.end());
    return targets;
  }
  return clean(depth, std::move(outer));
}

/// The destructors of one frame, before \p outer.
EventPaths::Nodes EventPaths::clean(std::size_t depth, Nodes outer) {
  std::vector<Cleanup> cleanups = Frames[depth - 1].cleanups;
  for (const Cleanup &cleanup : llvm::reverse(cleanups)) {
    if (cleanup.when == When::Returned)
      continue;
    std::uint32_t node = newNode(cleanup.hidden ? EventNodeKind::Escape : EventNodeKind::Call, Frames[depth - 1].place);
    name(node, cleanup);
    Graph.nodes[node].next = outer;
    if (!cleanup.maybe)
      outer.clear();
    outer.push_back(node);
  }
  return outer;
}

EventPaths::Nodes EventPaths::unwound(std::size_t depth, QualType type) {
  if (depth == 0)
    return unwound(0);
  if (Frames[depth - 1].handlers.empty())
    return clean(depth, unwound(depth - 1, type));
  for (const Handler &handler : Frames[depth - 1].handlers)
    if (handler.type.isNull() || takes(handler.type, type))
      return {handler.entry};
  return unwound(depth - 1, type);
}

bool EventPaths::takes(QualType handler, QualType thrown) const {
  handler = handler.getNonReferenceType().getUnqualifiedType();
  if (Context.hasSameType(handler, thrown.getUnqualifiedType()))
    return true;
  if (handler->isPointerType() && thrown->isNullPtrType())
    return true;
  if (handler->isPointerType() && thrown->isPointerType()) {
    handler = handler->getPointeeType().getUnqualifiedType();
    thrown = thrown->getPointeeType().getUnqualifiedType();
    if (Context.hasSameType(handler, thrown) || (handler->isVoidType() && thrown->isObjectType()))
      return true;
  }
  const CXXRecordDecl *base = handler->getAsCXXRecordDecl(), *derived = thrown->getAsCXXRecordDecl();
  return base && derived && derived->hasDefinition() && base->hasDefinition() && derived->isDerivedFrom(base);
}

void EventPaths::mayThrow(std::uint32_t node) {
  if (node == kNowhere)
    return;
  Nodes targets = unwound(Frames.size());
  Graph.nodes[node].thrown = std::move(targets);
}

void EventPaths::risk(SourceLocation location) {
  if (At == kNowhere)
    return;
  Nodes targets = unwound(Frames.size());
  if (targets.empty() ||
      (At > kThrow && Graph.nodes[At].kind == EventNodeKind::Pass && Graph.nodes[At].thrown == targets))
    return;
  if (std::uint32_t node = step(EventNodeKind::Pass, location); node != kNowhere)
    Graph.nodes[node].thrown = std::move(targets);
}

std::size_t EventPaths::timesOf(QualType type) const {
  const ConstantArrayType *array = Context.getAsConstantArrayType(type);
  return array ? std::min<std::uint64_t>(Context.getConstantArrayElementCount(array), 3) : 1;
}

QualType EventPaths::madeBy(const CXXCtorInitializer &initializer) const {
  if (const FieldDecl *field = initializer.getAnyMember())
    return field->getType();
  return QualType(initializer.isBaseInitializer() ? initializer.getBaseClass()
                                                  : cast<CXXMethodDecl>(Function).getParent()->getTypeForDecl(),
                  0);
}

const EnumConstantDecl *EventPaths::constantEnumerator(const Expr &argument) const {
  const auto *type = argument.getType()->getAs<EnumType>();
  Expr::EvalResult value;
  if (!type || argument.isValueDependent() || !argument.EvaluateAsInt(value, Context))
    return nullptr;
  const EnumConstantDecl *only = nullptr;
  for (const EnumConstantDecl *enumerator : type->getDecl()->enumerators())
    if (llvm::APSInt::isSameValue(enumerator->getInitVal(), value.Val.getInt())) {
      if (only)
        return nullptr;
      only = enumerator;
    }
  return only;
}

std::vector<EventPaths::Cleanup> EventPaths::cleanupsOf(QualType type) {
  std::vector<Cleanup> one = cleanupsOfOne(type), all;
  for (std::size_t left = one.empty() ? 0 : timesOf(type); left > 0; --left)
    llvm::append_range(all, one);
  return all;
}

std::vector<EventPaths::Cleanup> EventPaths::cleanupsOfOne(QualType type) {
  type = Context.getBaseElementType(type);
  const CXXRecordDecl *declared = type->getAsCXXRecordDecl();
  const CXXRecordDecl *record = declared ? declared->getDefinition() : nullptr;
  if (!record || record->hasTrivialDestructor() || record->isDependentType())
    return {};
  if (!Out.inProject(record->getLocation())) {
    // A smart pointer or an optional of a guard: whether it holds one, only runs tell.
    std::vector<Cleanup> hidden;
    if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record);
        special && Entered.insert(record).second) {
      for (const TemplateArgument &part : special->getTemplateArgs().asArray())
        if (part.getKind() == TemplateArgument::Type)
          for (const Cleanup &cleanup : cleanupsOf(part.getAsType()))
            hidden.push_back({cleanup.destructor, true, When::Always, false, 0});
      Entered.erase(record);
    }
    // So it is with what a pointer calls in the end: it may be null, or owned by somebody else by then.
    if (const CXXMethodDecl *deleter = deleterOf(*record))
      hidden.push_back({deleter, true, When::Always, false, 0});
    return hidden;
  }
  if (!Entered.insert(record).second)
    return {};
  std::vector<Cleanup> all;
  if (const CXXDestructorDecl *destructor = record->getDestructor(); destructor && destructor->isUserProvided())
    all.push_back({destructor, false, When::Always, false, 0}); // its graph goes on with the parts
  else
    all = partsOf(*record);
  Entered.erase(record);
  return all;
}

std::vector<EventPaths::Cleanup> EventPaths::partsOf(const CXXRecordDecl &record) {
  std::vector<Cleanup> all;
  std::vector<const FieldDecl *> fields(record.field_begin(), record.field_end());
  for (const FieldDecl *field : llvm::reverse(fields))
    llvm::append_range(all, cleanupsOf(field->getType()));
  for (const CXXBaseSpecifier &base : record.bases())
    llvm::append_range(all, cleanupsOf(base.getType()));
  return all;
}

void EventPaths::guard(QualType type, SourceLocation location, When when) {
  std::vector<Cleanup> cleanups = cleanupsOf(type);
  for (Cleanup &cleanup : cleanups)
    cleanup.when = when;
  guard(std::move(cleanups), location);
}

void EventPaths::guard(const CXXDestructorDecl &destructor, const GuardValues &values, SourceLocation location) {
  Cleanup cleanup{&destructor};
  cleanup.usr = Made.usrOf(destructor, values);
  guard({cleanup}, location);
}

void EventPaths::guard(std::vector<Cleanup> cleanups, SourceLocation location) {
  if (cleanups.empty())
    return;
  Frame frame;
  frame.cleanups = std::move(cleanups);
  frame.place = placeOf(location);
  push(std::move(frame));
}

void EventPaths::leave(std::size_t depth) {
  while (Frames.size() > depth) {
    Frame frame = std::move(Frames.back());
    Frames.pop_back();
    for (const Cleanup &cleanup : frame.cleanups)
      destroy(cleanup, frame.place);
  }
}

void EventPaths::leaveTemporaries(std::size_t depth, const Expr &init) {
  const Expr *made = &init;
  while (made && !isa<MaterializeTemporaryExpr>(made)) {
    if (const auto *cleanups = dyn_cast<ExprWithCleanups>(made))
      made = cleanups->getSubExpr();
    else if (const auto *cast = dyn_cast<CastExpr>(made))
      made = cast->getSubExpr();
    else if (const auto *parens = dyn_cast<ParenExpr>(made))
      made = parens->getSubExpr();
    else if (const auto *member = dyn_cast<MemberExpr>(made))
      made = member->getBase();
    else
      made = nullptr;
  }
  bool extends = made && cast<MaterializeTemporaryExpr>(made)->getExtendingDecl();
  if (!extends || Frames.size() <= depth || cleanupsOf(made->getType()).empty())
    return leave(depth);
  Frame kept = std::move(Frames.back()); // the temporary itself was made last
  Frames.pop_back();
  kept.unwound.reset();
  leave(depth);
  push(std::move(kept));
}

void EventPaths::leave(std::size_t depth, Outcome &outcome) {
  const std::vector<Frame> all = Frames;
  At = outcome.yes;
  leave(depth);
  outcome.yes = std::exchange(At, outcome.no);
  Frames = all;
  leave(depth);
  outcome.no = At;
}

std::uint32_t EventPaths::joined(std::uint32_t a, std::uint32_t b) {
  if (a == b || b == kNowhere)
    return a;
  if (a == kNowhere)
    return b;
  std::uint32_t join = label();
  connect(a, join);
  connect(b, join);
  return join;
}

void EventPaths::push(Frame frame) {
  frame.number = ++LastFrame;
  Frames.push_back(std::move(frame));
}

void EventPaths::jumpTo(const LabelDecl &label) {
  if (At != kNowhere)
    Pending.push_back({&label, At, Frames});
  At = kNowhere;
}

void EventPaths::arriveAt(const LabelDecl &label) {
  std::uint32_t node = this->label();
  connect(At, node);
  At = node;
  Label &arrival = Labels[&label];
  arrival.node = node;
  for (const Frame &frame : Frames)
    arrival.frames.push_back(frame.number);
}

/// A `goto` leaves the scopes that its label does not stand in.
void EventPaths::finishJumps() {
  std::uint32_t before = At;
  for (const PendingJump &jump : Pending) {
    auto known = Labels.find(jump.label);
    if (known == Labels.end()) {
      giveUp("a goto enters what nothing else reaches");
      break;
    }
    const Label &target = known->second;
    std::size_t common = 0;
    while (common < jump.frames.size() && common < target.frames.size() &&
           jump.frames[common].number == target.frames[common])
      ++common;
    At = jump.from;
    for (std::size_t i = jump.frames.size(); i > common; --i)
      for (const Cleanup &cleanup : jump.frames[i - 1].cleanups)
        destroy(cleanup, jump.frames[i - 1].place);
    connect(At, target.node);
  }
  At = before;
}

bool EventPaths::isReached(std::uint32_t node) const {
  std::vector<bool> seen(Graph.nodes.size());
  Nodes open{kEntry};
  while (!open.empty()) {
    std::uint32_t at = open.back();
    open.pop_back();
    if (at >= seen.size() || seen[at])
      continue;
    seen[at] = true;
    llvm::append_range(open, Graph.nodes[at].next);
    llvm::append_range(open, Graph.nodes[at].thrown);
  }
  return seen[node];
}

} // namespace ssot
