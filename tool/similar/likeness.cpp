#include "similar/likeness.h"

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

// Runs of nodes carry most of what makes a body; whole statements tell a body in another order from one that only uses
// the same words.
constexpr double kShinglesWeight = 0.65;
constexpr double kStatementsWeight = 0.35;
// The same callees speak for a copy, other callees do not speak against one: a copy often has its helpers renamed.
constexpr double kCalleesWeight = 0.2;
constexpr double kFieldsWeight = 0.15;

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

double likenessOfShapes(const BodyShape &a, const BodyShape &b) {
  double structure = kShinglesWeight * common<std::uint32_t>(a.shingles, b.shingles) +
                     kStatementsWeight * common<std::uint32_t>(a.statements, b.statements);
  // Callees come sorted by name, not by number.
  std::vector<StringId> left = a.callees, right = b.callees;
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  double withCallees = (1 - kCalleesWeight) * structure + kCalleesWeight * common<StringId>(left, right);
  return std::max(structure, withCallees);
}

std::uint32_t nodesOf(const FunctionFact *function) { return function->shape ? function->shape->nodes : 0; }

std::uint32_t nodesOf(const ClassBody &body) {
  std::uint32_t nodes = 0;
  for (const FunctionFact *method : body.methods)
    nodes += nodesOf(method);
  return nodes;
}

/// Pairs the methods of two classes, the most alike first, and weighs each pair by the size of its bodies.
double likenessOfMethods(const ClassBody &a, const ClassBody &b) {
  struct Pair {
    double likeness;
    std::size_t left, right;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < a.methods.size(); ++i)
    for (std::size_t k = 0; k < b.methods.size(); ++k)
      if (nodesOf(a.methods[i]) && nodesOf(b.methods[k]))
        if (double likeness = likenessOfShapes(*a.methods[i]->shape, *b.methods[k]->shape); likeness > 0)
          pairs.push_back({likeness, i, k});
  std::sort(pairs.begin(), pairs.end(), [](const Pair &x, const Pair &y) {
    return std::tuple(-x.likeness, x.left, x.right) < std::tuple(-y.likeness, y.left, y.right);
  });
  std::vector<bool> leftTaken(a.methods.size()), rightTaken(b.methods.size());
  double weighed = 0;
  for (const Pair &pair : pairs) {
    if (leftTaken[pair.left] || rightTaken[pair.right])
      continue;
    leftTaken[pair.left] = rightTaken[pair.right] = true;
    weighed += pair.likeness * (nodesOf(a.methods[pair.left]) + nodesOf(b.methods[pair.right]));
  }
  return weighed / (nodesOf(a) + nodesOf(b));
}

double likenessOfFields(const TypeFact &a, const TypeFact &b) {
  auto types = [](const TypeFact &type) {
    std::vector<StringId> ids;
    for (const FieldFact &field : type.fields)
      ids.push_back(field.type);
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  return common<StringId>(types(a), types(b));
}

} // namespace

double likenessOfFunctions(const FunctionFact &a, const FunctionFact &b) {
  if (std::min(nodesOf(&a), nodesOf(&b)) < kLeastBodyNodes)
    return 0;
  return likenessOfShapes(*a.shape, *b.shape);
}

double likenessOfTypes(const ClassBody &a, const ClassBody &b) {
  if (std::min(nodesOf(a), nodesOf(b)) < kLeastClassNodes)
    return 0;
  double methods = likenessOfMethods(a, b);
  // As with callees: the same fields speak for a copy, renamed types do not speak against one.
  return std::max(methods, (1 - kFieldsWeight) * methods + kFieldsWeight * likenessOfFields(*a.type, *b.type));
}

} // namespace ssot
