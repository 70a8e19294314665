#include "judge/pairs.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>

namespace ssot {

namespace {

// Sizes are numbers of different runs of nodes in the smaller body.
constexpr double kJoinClasses = 0.45, kKeepClasses = 0.33;
/// Two classes that do nothing alike are two of a kind and no duplicates; the more so when a common base says which.
constexpr double kLeastBodies = 0.25, kLeastBodiesOfSiblings = 0.6;
/// What two members of a family of functions have at least, and what two functions with small or large bodies need.
constexpr double kLeastLikeness = 0.33, kLeastBody = 0.2, kKeepFunctions = 0.42, kJoinSmall = 0.52, kJoinLarge = 0.42;
constexpr double kSmall = 35, kLarge = 120;
/// A small function alone is no second source of anything, nor is one that says the same again and again.
constexpr double kLeastVariety = 18;
/// With this much a likeness that nothing else supports counts half.
constexpr double kHalfOfFunction = 20, kHalfOfClass = 80;

/// What a likeness is worth: half of it comes from what both speak of, unless the bodies are so large that nobody
/// writes them alike by chance.
double evidence(double likeness, double common, double size, double half) {
  return std::max((likeness + common) / 2, likeness * size / (size + half));
}

double neededBy(double size) {
  double large = std::clamp((size - kSmall) / (kLarge - kSmall), 0.0, 1.0);
  return kJoinSmall + (kJoinLarge - kJoinSmall) * large;
}

/// How many different things a body does: a table of forty cases says the same forty times.
double varietyOf(const BodyShape &body) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < body.shingles.size(); ++i) // sorted
    different += i == 0 || body.shingles[i] != body.shingles[i - 1];
  return static_cast<double>(different);
}

Fingerprints printsOf(const BodyShape &body, const Topic &topic) {
  Fingerprints prints = fingerprintsOf(body);
  llvm::append_range(prints, tokensOf(topic));
  return prints;
}

std::string explained(const Likeness &likeness, const CommonGround &common) {
  return describe(likeness) + "; in common: " + describe(common);
}

template <typename Definitions>
Topics topicsOf(const Index &index, const Definitions &definitions) {
  std::vector<Topic> topics;
  for (const auto &definition : definitions)
    topics.push_back(topicOf(index, definition));
  return Topics(std::move(topics));
}

bool isNamePart(char c) { return isWordByte(c) || c == ':'; }

/// Two ways to do what one interface asks for are no duplicates.
bool overrideOneAnother(const FunctionFact &a, const FunctionFact &b) {
  return llvm::is_contained(a.overrides, b.usr) || llvm::is_contained(b.overrides, a.usr) ||
         llvm::any_of(a.overrides, [&](StringId usr) { return llvm::is_contained(b.overrides, usr); });
}

/// Two operators of one class are asked for by the language, and are never the same operation.
bool areOperatorsOfOneClass(llvm::StringRef a, llvm::StringRef b) {
  auto operatorOf = [](llvm::StringRef name) {
    std::size_t at = name.rfind("::operator");
    return at != llvm::StringRef::npos && !isNamePart(name[std::min(at + 10, name.size() - 1)]) ? name.take_front(at)
                                                                                                : llvm::StringRef();
  };
  return a != b && !operatorOf(a).empty() && operatorOf(a) == operatorOf(b);
}

/// What a macro makes again and again is written once.
bool areMadeByMacros(const FunctionFact &a, const FunctionFact &b) { return !a.written.body && !b.written.body; }

} // namespace

ClassPairs::ClassPairs(const Index &index, const Bodies &bodies, std::vector<ClassBody> classes)
    : Known(index), AllBodies(bodies), Classes(std::move(classes)), Spoken(topicsOf(index, Classes)) {
  for (std::size_t i = 0; i < Classes.size(); ++i) {
    Sizes.push_back(varietyOf(Classes[i].whole));
    Prints.push_back(printsOf(Classes[i].whole, Spoken[i]));
  }
}

PairLikeness ClassPairs::compare(std::size_t a, std::size_t b) const {
  const ClassBody &left = Classes[a], &right = Classes[b];
  if (isBuiltOn(left, right) || isBuiltOn(right, left))
    return {};
  Likeness likeness = AllBodies.contentOf(left, right);
  double strength = evidence(likeness.score, Spoken.common(a, b).score, std::min(Sizes[a], Sizes[b]), kHalfOfClass);
  bool alike = likeness.score >= kJoinClasses || (likeness.score >= kKeepClasses && strength >= kJoinSmall);
  bool siblings = AllBodies.shareAnInterface(*left.type, *right.type);
  bool joins = alike && likeness.bodies >= (siblings ? kLeastBodiesOfSiblings : kLeastBodies);
  return {likeness.score, strength, joins, likeness.score >= kKeepClasses};
}

std::string ClassPairs::explain(std::size_t a, std::size_t b) const {
  return explained(AllBodies.contentOf(Classes[a], Classes[b]), Spoken.common(a, b));
}

/// A class is no duplicate of its base, of a class inside of it, nor of what it keeps or wraps: the one is written in
/// terms of the other.
bool ClassPairs::isBuiltOn(const ClassBody &upper, const ClassBody &lower) const {
  llvm::StringRef inner = Known.text(lower.type->name);
  if (inner.consume_front(Known.text(upper.type->name)) && inner.starts_with("::"))
    return true;
  if (llvm::is_contained(upper.type->bases, lower.type->usr) || keeps(upper, lower.type->name))
    return true;
  return llvm::any_of(lower.type->bases, [&](StringId usr) {
    const TypeFact *base = Known.type(usr);
    return base && keeps(upper, base->name);
  });
}

/// Whether the type of a field names the class.
bool ClassPairs::keeps(const ClassBody &owner, StringId name) const {
  llvm::StringRef kept = Known.text(name);
  return llvm::any_of(owner.fields, [&](const FieldFact *field) {
    llvm::StringRef type = Known.text(field->shape.exact);
    std::size_t at = type.find(kept), end = at + kept.size();
    return at != llvm::StringRef::npos && (end == type.size() || !isNamePart(type[end]));
  });
}

FunctionPairs::FunctionPairs(const Index &index, Bodies &bodies, std::vector<const FunctionFact *> functions)
    : Known(index), AllBodies(bodies), Functions(std::move(functions)),
      Spoken(topicsOf(index, llvm::make_pointee_range(Functions))) {
  for (std::size_t i = 0; i < Functions.size(); ++i) {
    Sizes.push_back(varietyOf(*Functions[i]->shape));
    Prints.push_back(printsOf(*Functions[i]->shape, Spoken[i]));
    std::vector<StringId> &called = Called.emplace_back();
    for (const CallFact &call : index.callsOf(*Functions[i]))
      called.push_back(call.usr);
    llvm::sort(called);
  }
}

bool FunctionPairs::calls(std::size_t caller, std::size_t callee) const {
  return llvm::binary_search(Called[caller], Functions[callee]->usr);
}

bool FunctionPairs::isLargeEnough(const FunctionFact &function) {
  return function.shape && varietyOf(*function.shape) >= kLeastVariety;
}

PairLikeness FunctionPairs::compare(std::size_t a, std::size_t b) {
  const FunctionFact &left = *Functions[a], &right = *Functions[b];
  if (overrideOneAnother(left, right) || calls(a, b) || calls(b, a) || areMadeByMacros(left, right) ||
      areOperatorsOfOneClass(Known.text(left.name), Known.text(right.name)))
    return {};
  Likeness likeness = AllBodies.likenessOf(left, right);
  double size = std::min(Sizes[a], Sizes[b]);
  double strength = evidence(likeness.score, Spoken.common(a, b).score, size, kHalfOfFunction);
  bool joins = likeness.score >= kLeastLikeness && likeness.bodies >= kLeastBody && strength >= neededBy(size);
  return {likeness.score, strength, joins, strength >= kKeepFunctions};
}

std::string FunctionPairs::explain(std::size_t a, std::size_t b) {
  return explained(AllBodies.likenessOf(*Functions[a], *Functions[b]), Spoken.common(a, b));
}

} // namespace ssot
