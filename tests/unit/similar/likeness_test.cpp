// Likeness of bodies that were made by hand. Real code is compared where it is judged.

#include "similar/likeness.h"

#include <gmock/gmock.h>

namespace ssot::test {
namespace {

/// A body of \p nodes nodes whose contents begin at \p from: two of them overlap as their ranges do.
FunctionFact body(std::uint32_t from, std::uint32_t nodes) {
  FunctionFact function;
  function.shape.emplace();
  function.shape->nodes = nodes;
  for (std::uint32_t i = from; i < from + nodes; ++i) {
    function.shape->shingles.push_back(i);
    if (i % 5 == 0)
      function.shape->statements.push_back(i);
  }
  return function;
}

TEST(Likeness, TheSameAndNothingAlike) {
  EXPECT_EQ(likenessOfFunctions(body(0, 50), body(0, 50)).score, 1.0);
  EXPECT_EQ(likenessOfFunctions(body(0, 50), body(100, 50)).score, 0.0);
}

TEST(Likeness, IsTheSameInBothDirectionsAndFallsWithWhatDiffers) {
  double near = likenessOfFunctions(body(0, 50), body(5, 50)).score;
  double far = likenessOfFunctions(body(0, 50), body(25, 50)).score;
  EXPECT_EQ(near, likenessOfFunctions(body(5, 50), body(0, 50)).score);
  EXPECT_GT(near, 0.85);
  EXPECT_LT(far, 0.6);
  EXPECT_GT(far, 0.4);
}

TEST(Likeness, AnInsertedStatementIsTolerated) { EXPECT_GT(likenessOfFunctions(body(0, 50), body(0, 60)).score, 0.85); }

TEST(Likeness, SmallBodiesAreLikeNothing) {
  EXPECT_EQ(likenessOfFunctions(body(0, kLeastBodyNodes - 1), body(0, kLeastBodyNodes - 1)).score, 0.0);
  EXPECT_EQ(likenessOfFunctions(body(0, kLeastBodyNodes), body(0, kLeastBodyNodes)).score, 1.0);
  EXPECT_EQ(likenessOfFunctions(FunctionFact(), body(0, 50)).score, 0.0);
}

TEST(Likeness, TheSameFacilitiesSpeakForACopyAndOthersAgainst) {
  FunctionFact a = body(0, 50), same = body(10, 50), other = body(10, 50);
  a.shape->callees = same.shape->callees = {1, 2};
  other.shape->callees = {3, 4};
  EXPECT_EQ(likenessOfFunctions(a, same).callees, 1.0);
  EXPECT_GT(likenessOfFunctions(a, same).score, likenessOfFunctions(a, other).score);
}

TEST(Likeness, ATermThatRestsOnLittleCountsForLittle) {
  FunctionFact a = body(0, 50), b = body(40, 50);
  double bodies = likenessOfFunctions(a, b).score;
  a.signature = b.signature = {{1, 1, 1}}; // no result, no parameters
  a.shape->callees = b.shape->callees = {1};
  Likeness little = likenessOfFunctions(a, b);
  EXPECT_EQ(little.signatures, 1.0);
  EXPECT_EQ(little.callees, 1.0);
  EXPECT_LT(little.score, bodies + 0.2);
  a.signature = b.signature = {{1, 1, 1}, {2, 3, 4}, {5, 6, 7}, {8, 9, 10}};
  a.shape->callees = b.shape->callees = {1, 2, 3, 4, 5, 6};
  EXPECT_GT(likenessOfFunctions(a, b).score, little.score + 0.1);
}

TEST(Likeness, ATermWithoutEvidenceOnEitherSideIsNoTerm) {
  Likeness likeness = likenessOfFunctions(body(0, 50), body(0, 50));
  EXPECT_FALSE(likeness.callees);
  EXPECT_EQ(describe(likeness), "bodies 1.00");
}

TEST(Likeness, ClassesPairTheirMethods) {
  TypeFact type;
  FunctionFact first = body(0, 50), second = body(100, 30), small = body(300, 10), other = body(500, 50);
  ClassBody router = classBody(type, nullptr, {&first, &second, &small});
  EXPECT_EQ(likenessOfTypes(router, classBody(type, nullptr, {&small, &second, &first})).score, 1.0);
  EXPECT_EQ(likenessOfTypes(router, classBody(type, nullptr, {&other})).score, 0.0);
  double withOneOther = likenessOfTypes(router, classBody(type, nullptr, {&first, &second, &other})).score;
  EXPECT_GT(withOneOther, 0.6);
  EXPECT_LT(withOneOther, 0.9);
  EXPECT_EQ(likenessOfTypes(classBody(type, nullptr, {&small}), classBody(type, nullptr, {&small})).score, 0.0);
}

/// A class with one method.
ClassBody classOf(const TypeFact &type, const FunctionFact &method) { return classBody(type, nullptr, {&method}); }

TEST(Likeness, WhatIsThereFiftyTimesDoesNotWeighFiftyTimes) {
  TypeFact type;
  FunctionFact few = body(0, 60), many = few;
  for (int i = 0; i < 50; ++i) {
    many.shape->shingles.push_back(60);
    many.shape->statements.push_back(60);
  }
  double likeness = likenessOfTypes(classOf(type, few), classOf(type, many)).score;
  EXPECT_GT(likeness, 0.8);
  EXPECT_LT(likeness, 1.0);
  EXPECT_EQ(likeness, likenessOfTypes(classOf(type, many), classOf(type, few)).score);
  EXPECT_LT(likenessOfFunctions(few, many).score, 0.75);
}

TEST(Likeness, ANameOnlySpeaksForALikeness) {
  TypeFact type;
  FunctionFact first = body(0, 60), second = body(30, 60), other = body(100, 60);
  Likeness without = likenessOfTypes(classOf(type, first), classOf(type, second));
  Likeness with = likenessOfTypes(classOf(type, first), classOf(type, second), {.sameName = true});
  EXPECT_EQ(without.name, std::nullopt);
  EXPECT_EQ(with.name, 1.0);
  EXPECT_GT(with.score, without.score + 0.1);
  EXPECT_EQ(likenessOfTypes(classOf(type, first), classOf(type, first)).score, 1.0);
  EXPECT_LT(likenessOfTypes(classOf(type, first), classOf(type, other), {.sameName = true}).score, 0.5);
}

TEST(Likeness, TheBodiesHaveTheLastWord) {
  auto score = [](double bodies, Kinship kinship) {
    Likeness likeness;
    likeness.bodies = bodies;
    likeness.score = 1;
    return limited(likeness, kinship).score;
  };
  for (Kinship kinship : {Kinship{}, Kinship{.sameInterface = true}, Kinship{.twoOfAKind = true}}) {
    EXPECT_EQ(score(0, kinship), 0.0);
    EXPECT_EQ(score(1, kinship), 1.0);
  }
  EXPECT_DOUBLE_EQ(score(0.2, {}), 0.5);
  EXPECT_DOUBLE_EQ(score(0.6, {.sameInterface = true}), 0.5);
  EXPECT_LT(score(0.5, {.twoOfAKind = true}), 0.5);
  EXPECT_LT(score(0.5, {.twoOfAKind = true, .sameName = true}), 0.5);
  EXPECT_DOUBLE_EQ(score(0.2, {.sameName = true}), 0.5);
}

TEST(Likeness, SaysWhenTheBodiesAllowNoMore) {
  Likeness likeness;
  likeness.score = 0.8;
  likeness.bodies = 0.1;
  likeness = limited(likeness, {});
  EXPECT_DOUBLE_EQ(likeness.score, 0.25);
  EXPECT_EQ(describe(likeness), "bodies 0.10; no more than such bodies allow");
}

} // namespace
} // namespace ssot::test
