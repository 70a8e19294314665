#include "similar/likeness.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ssot {

namespace {

/// The one table of weights. docs/similarity.md says how they were found.
struct Weights {
  double signatures, state, bodies, callees, effects;
};
constexpr Weights kClassWeights = {.signatures = 0.30, .state = 0.20, .bodies = 0.25, .callees = 0.10, .effects = 0.15};
constexpr Weights kFunctionWeights = {.signatures = 0.2, .state = 0, .bodies = 0.6, .callees = 0.2, .effects = 0};

// Runs of nodes carry most of what makes a body; whole statements tell a body in another order from one that only uses
// the same words.
constexpr double kShinglesWeight = 0.65;
constexpr double kStatementsWeight = 0.35;

// A class of the same name in another namespace: with such a weight it joins the sum.
constexpr double kNameWeight = 0.2;
// Likeness reaches a half only with so much of the bodies in common: two that do nothing alike are two of a kind, and
// two of whom an interface or their names say so are duplicates only when they do the same as well.
constexpr double kBodiesForHalf = 0.2;
constexpr double kBodiesForHalfOfSiblings = 0.6;

// What two types count that agree only when names of types are forgotten, or only in being a container, a record ...
constexpr double kSameLoosely = 0.5;
constexpr double kSameOutside = 0.2;
// With this much to compare (weight of the types, number of callees, of both functions) a term has half of its weight.
constexpr double kHalfOfSignatures = 2;
constexpr double kHalfOfCallees = 2;
// Every second class has a mutex, and every second function takes a number.
constexpr double kPlainTypeWeight = 0.35;

/// The share of two sorted bags that they have in common.
template <typename T>
double common(llvm::ArrayRef<T> a, llvm::ArrayRef<T> b) {
  if (a.empty() && b.empty())
    return 0;
  std::size_t shared = 0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left < *right)
      ++left;
    else if (*right < *left)
      ++right;
    else
      ++shared, ++left, ++right;
  }
  return 2.0 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size());
}

/// The same where repeats count for less and less: what stands in fifty cases of a switch is not fifty times the work.
double commonKinds(llvm::ArrayRef<std::uint32_t> a, llvm::ArrayRef<std::uint32_t> b) {
  double shared = 0, whole = 0;
  auto weigh = [](std::size_t times) {
    auto count = static_cast<double>(times);
    return times < 2 ? count : std::log2(1 + count); // the same, and nearly all are there once
  };
  for (std::size_t left = 0, right = 0; left < a.size() || right < b.size();) {
    std::uint32_t value = right == b.size() ? a[left] : left == a.size() ? b[right] : std::min(a[left], b[right]);
    std::size_t ofLeft = 0, ofRight = 0;
    for (; left < a.size() && a[left] == value; ++left)
      ++ofLeft;
    for (; right < b.size() && b[right] == value; ++right)
      ++ofRight;
    shared += 2 * weigh(std::min(ofLeft, ofRight));
    whole += weigh(ofLeft) + weigh(ofRight);
  }
  return whole > 0 ? shared / whole : 0;
}

template <typename T>
std::optional<double> evidence(llvm::ArrayRef<T> a, llvm::ArrayRef<T> b) {
  if (a.empty() && b.empty())
    return std::nullopt;
  return common<T>(a, b);
}

/// Pairs the items of two lists, the most alike first.
/// \returns the likeness of the pairs, each weighed by both sides, as a share of the weight of all.
template <typename Alike, typename Weigh>
double paired(std::size_t left, std::size_t right, Alike alike, Weigh weigh) {
  struct Pair {
    double likeness;
    std::size_t left, right;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < left; ++i)
    for (std::size_t k = 0; k < right; ++k)
      if (double likeness = alike(i, k); likeness > 0)
        pairs.push_back({likeness, i, k});
  std::sort(pairs.begin(), pairs.end(), [](const Pair &x, const Pair &y) {
    return std::tuple(-x.likeness, x.left, x.right) < std::tuple(-y.likeness, y.left, y.right);
  });
  std::vector<bool> leftTaken(left), rightTaken(right);
  double shared = 0, whole = 0;
  for (std::size_t i = 0; i < left; ++i)
    whole += weigh(true, i);
  for (std::size_t k = 0; k < right; ++k)
    whole += weigh(false, k);
  for (const Pair &pair : pairs) {
    if (leftTaken[pair.left] || rightTaken[pair.right])
      continue;
    leftTaken[pair.left] = rightTaken[pair.right] = true;
    shared += pair.likeness * (weigh(true, pair.left) + weigh(false, pair.right));
  }
  return whole > 0 ? shared / whole : 0;
}

double likenessOfShapes(const TypeShape &a, const TypeShape &b) {
  if (a.exact == b.exact)
    return 1;
  return a.loose == b.loose ? kSameLoosely : a.outer == b.outer ? kSameOutside : 0;
}

double weightOf(const TypeShape &type) {
  return type.exact == type.loose && type.loose == type.outer ? kPlainTypeWeight : 1;
}

double weightOf(llvm::ArrayRef<TypeShape> types) {
  double weight = 0;
  for (const TypeShape &type : types)
    weight += weightOf(type);
  return weight;
}

/// Parameters may change places; the result is the result.
double likenessOfSignatures(llvm::ArrayRef<TypeShape> a, llvm::ArrayRef<TypeShape> b) {
  if (a.empty() || b.empty())
    return 0;
  auto left = a.drop_front(), right = b.drop_front();
  double parameters = paired(
      left.size(), right.size(), [&](std::size_t i, std::size_t k) { return likenessOfShapes(left[i], right[k]); },
      [&](bool isLeft, std::size_t i) { return weightOf(isLeft ? left[i] : right[i]); });
  double ofResult = weightOf(a.front()) + weightOf(b.front()), ofParameters = weightOf(left) + weightOf(right);
  return (likenessOfShapes(a.front(), b.front()) * ofResult + parameters * ofParameters) / (ofResult + ofParameters);
}

double likenessOfBodies(const BodyShape &a, const BodyShape &b) {
  return kShinglesWeight * common<std::uint32_t>(a.shingles, b.shingles) +
         kStatementsWeight * common<std::uint32_t>(a.statements, b.statements);
}

double likenessOfClassBodies(const BodyShape &a, const BodyShape &b) {
  return kShinglesWeight * commonKinds(a.shingles, b.shingles) +
         kStatementsWeight * commonKinds(a.statements, b.statements);
}

std::optional<double> likenessOfCallees(const BodyShape &a, const BodyShape &b) {
  // Callees come sorted by name, not by number.
  std::vector<StringId> left = a.callees, right = b.callees;
  llvm::sort(left);
  llvm::sort(right);
  return evidence<StringId>(left, right);
}

std::uint32_t nodesOf(const FunctionFact *function) { return function->shape ? function->shape->nodes : 0; }

/// Pairs the methods of two classes and weighs each pair by the size of its bodies; or takes all bodies together, when
/// that is more: the same work may have been divided among methods in another way.
double likenessOfMethods(const ClassBody &a, const ClassBody &b) {
  double pairs = paired(
      a.methods.size(), b.methods.size(),
      [&](std::size_t i, std::size_t k) {
        return nodesOf(a.methods[i]) && nodesOf(b.methods[k])
                   ? likenessOfClassBodies(*a.methods[i]->shape, *b.methods[k]->shape)
                   : 0;
      },
      [&](bool left, std::size_t i) { return static_cast<double>(nodesOf(left ? a.methods[i] : b.methods[i])); });
  return std::max(pairs, likenessOfClassBodies(a.whole, b.whole));
}

std::vector<const MethodFact *> interfaceOf(const TypeFact &type) {
  std::vector<const MethodFact *> methods;
  for (const MethodFact &method : type.methods)
    if (method.access == Access::Public && !method.isSpecial && !method.shape.empty())
      methods.push_back(&method);
  return methods;
}

/// A method with many parameters says more than one with none.
std::optional<double> likenessOfInterfaces(const TypeFact &a, const TypeFact &b) {
  std::vector<const MethodFact *> left = interfaceOf(a), right = interfaceOf(b);
  if (left.empty() && right.empty())
    return std::nullopt;
  return paired(
      left.size(), right.size(),
      [&](std::size_t i, std::size_t k) { return likenessOfSignatures(left[i]->shape, right[k]->shape); },
      [&](bool isLeft, std::size_t i) { return weightOf((isLeft ? left[i] : right[i])->shape); });
}

std::optional<double> likenessOfState(const ClassBody &a, const ClassBody &b) {
  if (a.fields.empty() && b.fields.empty())
    return std::nullopt;
  return paired(
      a.fields.size(), b.fields.size(),
      [&](std::size_t i, std::size_t k) { return likenessOfShapes(a.fields[i]->shape, b.fields[k]->shape); },
      [&](bool left, std::size_t i) { return weightOf((left ? a : b).fields[i]->shape); });
}

void weigh(Likeness &likeness, const Weights &weights) {
  double sum = 0, whole = 0;
  auto add = [&](std::optional<double> term, double weight) {
    if (!term)
      return;
    sum += *term * weight;
    whole += weight;
  };
  add(likeness.signatures, weights.signatures);
  add(likeness.state, weights.state);
  add(likeness.bodies, weights.bodies);
  add(likeness.callees, weights.callees);
  add(likeness.effects, weights.effects);
  add(likeness.name, kNameWeight);
  likeness.score = whole > 0 ? sum / whole : 0;
}

/// What rests on little counts for little: two functions without parameters that both assert something are not alike
/// for that.
Weights weightsFor(const FunctionFact &a, const FunctionFact &b, const BodyShape &left, const BodyShape &right) {
  auto share = [](double amount, double half) { return amount / (amount + half); };
  Weights weights = kFunctionWeights;
  weights.signatures *= share(weightOf(a.signature) + weightOf(b.signature), kHalfOfSignatures);
  weights.callees *= share(static_cast<double>(left.callees.size() + right.callees.size()), kHalfOfCallees);
  return weights;
}

template <typename T>
void append(std::vector<T> &to, const std::vector<T> &from) {
  to.insert(to.end(), from.begin(), from.end());
}

BodyShape sumOf(llvm::ArrayRef<const FunctionFact *> functions) {
  BodyShape sum;
  for (const FunctionFact *function : functions) {
    if (!function->shape)
      continue;
    append(sum.statements, function->shape->statements);
    append(sum.shingles, function->shape->shingles);
    append(sum.callees, function->shape->callees);
    append(sum.effects, function->shape->effects);
    sum.nodes += function->shape->nodes;
  }
  llvm::sort(sum.statements);
  llvm::sort(sum.shingles);
  llvm::sort(sum.effects);
  return sum;
}

} // namespace

ClassBody classBody(const TypeFact &type, const TypeFact *part, std::vector<const FunctionFact *> methods) {
  ClassBody body;
  body.type = &type;
  body.methods = std::move(methods);
  for (const FieldFact &field : type.fields)
    if (!part || field.part != part->usr)
      body.fields.push_back(&field);
  if (part)
    for (const FieldFact &field : part->fields)
      body.fields.push_back(&field);
  body.whole = sumOf(body.methods);
  return body;
}

BodyShape joined(const FunctionFact &function, llvm::ArrayRef<const FunctionFact *> helpers) {
  std::vector<const FunctionFact *> all = helpers.vec();
  all.push_back(&function);
  return sumOf(all);
}

Likeness likenessOfFunctions(const FunctionFact &a, const FunctionFact &b) {
  return a.shape && b.shape ? likenessOfFunctions(a, b, *a.shape, *b.shape) : Likeness();
}

Likeness likenessOfFunctions(const FunctionFact &a, const FunctionFact &b, const BodyShape &left,
                             const BodyShape &right) {
  Likeness likeness;
  if (std::min(left.nodes, right.nodes) < kLeastBodyNodes)
    return likeness;
  if (!a.signature.empty() || !b.signature.empty())
    likeness.signatures = likenessOfSignatures(a.signature, b.signature);
  likeness.bodies = likenessOfBodies(left, right);
  likeness.callees = likenessOfCallees(left, right);
  weigh(likeness, weightsFor(a, b, left, right));
  return likeness;
}

Likeness likenessOfTypes(const ClassBody &a, const ClassBody &b, Kinship kinship) {
  Likeness likeness;
  if (std::min(a.whole.nodes, b.whole.nodes) < kLeastClassNodes)
    return likeness;
  if (!kinship.sameInterface)
    likeness.signatures = likenessOfInterfaces(*a.type, *b.type);
  likeness.state = likenessOfState(a, b);
  likeness.bodies = likenessOfMethods(a, b);
  likeness.callees = likenessOfCallees(a.whole, b.whole);
  likeness.effects = evidence<std::uint32_t>(a.whole.effects, b.whole.effects);
  if (kinship.sameName)
    likeness.name = 1;
  weigh(likeness, kClassWeights);
  return likeness;
}

Likeness limited(Likeness likeness, Kinship kinship) {
  bool siblings = kinship.sameInterface || kinship.twoOfAKind;
  if (!likeness.bodies)
    return likeness;
  double half = siblings ? kBodiesForHalfOfSiblings : kBodiesForHalf, bodies = *likeness.bodies;
  double most = bodies < half ? bodies / half / 2 : (1 + (bodies - half) / (1 - half)) / 2;
  likeness.isLimited = likeness.score > most;
  likeness.score = std::min(likeness.score, most);
  return likeness;
}

std::string describe(const Likeness &likeness) {
  std::string text;
  auto add = [&](const char *name, std::optional<double> term) {
    if (term)
      text += llvm::formatv("{0}{1} {2:f2}", text.empty() ? "" : ", ", name, *term).str();
  };
  add("signatures", likeness.signatures);
  add("state", likeness.state);
  add("bodies", likeness.bodies);
  add("callees", likeness.callees);
  add("effects", likeness.effects);
  add("name", likeness.name);
  if (likeness.isLimited)
    text += "; no more than such bodies allow";
  return text;
}

} // namespace ssot
