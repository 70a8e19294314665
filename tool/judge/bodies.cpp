#include "judge/bodies.h"

#include "judge/side_work.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

constexpr unsigned kDeepest = 3;

/// `InteriorPointArea` and `InteriorPointLine`.
bool differInOneWord(llvm::StringRef a, llvm::StringRef b) {
  std::vector<std::string> left = wordsOf(a), right = wordsOf(b);
  if (left.size() != right.size() || left.size() < 2)
    return false;
  std::size_t differ = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    differ += left[i] != right[i];
  return differ == 1;
}

} // namespace

Bodies::Bodies(const Index &index) : Known(index) {
  for (const FunctionFact &function : Known.functions())
    if (function.parentClass)
      MethodsOf[function.parentClass].push_back(&function);
}

ClassBody Bodies::of(const TypeFact &type) const {
  const TypeFact *part = nullptr;
  for (const FieldFact &field : type.fields)
    if (field.part && !part)
      part = Known.type(field.part);
  std::vector<const FunctionFact *> methods = methodsOf(type.usr).vec();
  if (part)
    llvm::append_range(methods, methodsOf(part->usr));
  return classBody(type, part, std::move(methods));
}

llvm::ArrayRef<const FunctionFact *> Bodies::methodsOf(StringId usr) const {
  auto known = MethodsOf.find(usr);
  return known == MethodsOf.end() ? llvm::ArrayRef<const FunctionFact *>() : llvm::ArrayRef(known->second);
}

const FunctionFact *Bodies::helperOf(const FunctionFact &caller, const CallFact &call) const {
  const FunctionFact *callee = call.usr ? Known.function(call.usr) : nullptr;
  if (!callee || !callee->shape || callee == &caller)
    return nullptr;
  bool own = callee->parentClass && callee->parentClass == caller.parentClass && callee->access != Access::Public;
  bool local = !callee->parentClass && callee->place.file == caller.place.file && isInternal(Known.text(callee->usr));
  return own || local ? callee : nullptr;
}

void Bodies::addHelpers(const FunctionFact &function, unsigned depth, Whole &whole) const {
  for (const CallFact &call : Known.callsOf(function))
    if (const FunctionFact *helper = helperOf(function, call); helper && !llvm::is_contained(whole.helpers, helper)) {
      whole.helpers.push_back(helper);
      if (depth < kDeepest)
        addHelpers(*helper, depth + 1, whole);
    }
}

const Bodies::Whole &Bodies::wholeOf(const FunctionFact &function) {
  auto [known, isNew] = Wholes.try_emplace(&function);
  if (!isNew)
    return known->second;
  Whole &whole = known->second;
  addHelpers(function, 1, whole);
  // One statement is a forwarder: what its helper does is compared where the helper stands.
  if (!whole.helpers.empty() && function.shape->statements.size() > 1)
    whole.shape = std::make_unique<BodyShape>(joined(function, whole.helpers));
  return whole;
}

bool Bodies::shareAnInterface(const TypeFact &a, const TypeFact &b) const {
  return llvm::any_of(a.bases, [&](StringId usr) {
    const TypeFact *base = llvm::is_contained(b.bases, usr) ? Known.type(usr) : nullptr;
    return base && llvm::any_of(base->methods, [](const MethodFact &method) { return !method.isSpecial; });
  });
}

Likeness Bodies::likenessOf(const ClassBody &a, const ClassBody &b) const {
  llvm::StringRef left = Known.text(a.type->name), right = Known.text(b.type->name);
  llvm::StringRef nameOfLeft = unqualified(left), nameOfRight = unqualified(right);
  bool together = left.drop_back(nameOfLeft.size()) == right.drop_back(nameOfRight.size());
  Kinship kinship{.sameInterface = shareAnInterface(*a.type, *b.type),
                  .twoOfAKind = together && differInOneWord(nameOfLeft, nameOfRight),
                  .sameName = nameOfLeft == nameOfRight};
  return limited(likenessOfTypes(a, b, kinship), kinship);
}

Likeness Bodies::likenessOf(const FunctionFact &a, const FunctionFact &b) {
  Likeness best = likenessOfFunctions(a, b);
  if (!a.shape || !b.shape || best.score == 1)
    return best;
  wholeOf(b); // both are known before either is looked at: the map may move what it holds
  const Whole &left = wholeOf(a), &right = Wholes.find(&b)->second;
  // A function is not like its own helper.
  if (llvm::is_contained(left.helpers, &b) || llvm::is_contained(right.helpers, &a))
    return best;
  // What both call is one function and no duplicate.
  if (llvm::any_of(left.helpers, [&](const FunctionFact *each) { return llvm::is_contained(right.helpers, each); }))
    return best;
  // A helper that alone is as much alike does the work: it is the duplicate, and not who calls it.
  auto doesAll = [](const Whole &whole, const FunctionFact &other, const BodyShape &body, double score) {
    return llvm::any_of(whole.helpers, [&](const FunctionFact *helper) {
      return likenessOfFunctions(*helper, other, *helper->shape, body).score >= score;
    });
  };
  auto consider = [&](const BodyShape *first, const BodyShape *second) {
    Likeness other = likenessOfFunctions(a, b, *first, *second);
    if (other.score > best.score && !(first == left.shape.get() && doesAll(left, b, *second, other.score)) &&
        !(second == right.shape.get() && doesAll(right, a, *first, other.score)))
      best = other;
  };
  if (left.shape)
    consider(left.shape.get(), &*b.shape);
  if (right.shape)
    consider(&*a.shape, right.shape.get());
  if (left.shape && right.shape)
    consider(left.shape.get(), right.shape.get());
  return best;
}

} // namespace ssot
