// Groups of definitions, by fingerprints that were made by hand.

#include "similar/families.h"

#include <gmock/gmock.h>

#include <set>

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PairLikeness alike() { return {1, 1, true, true}; }

std::vector<std::vector<std::size_t>> membersOf(const std::vector<LikeFamily> &families) {
  std::vector<std::vector<std::size_t>> members;
  for (const LikeFamily &family : families)
    members.push_back(family.members);
  return members;
}

TEST(Families, OnlyWhatSharesTwoFingerprintsIsCompared) {
  std::set<std::pair<std::size_t, std::size_t>> compared;
  std::vector<Fingerprints> prints = {{1, 2, 3}, {2, 3, 9}, {3, 7, 8}};
  auto families = familiesOf(prints, [&](std::size_t a, std::size_t b) {
    compared.insert({a, b});
    return alike();
  });
  EXPECT_THAT(membersOf(families), ElementsAre(ElementsAre(0, 1)));
  EXPECT_EQ(compared, (std::set<std::pair<std::size_t, std::size_t>>{{0, 1}}));
}

TEST(Families, AChainOfResemblancesIsNone) {
  std::vector<Fingerprints> prints(3, {1, 2});
  auto families = familiesOf(prints, [](std::size_t a, std::size_t b) -> PairLikeness {
    bool near = std::max(a, b) - std::min(a, b) == 1;
    return {near ? 0.9 - 0.1 * static_cast<double>(std::min(a, b)) : 0.1, near ? 0.9 : 0.1, near, near};
  });
  EXPECT_THAT(membersOf(families), ElementsAre(ElementsAre(0, 1)));
  EXPECT_EQ(families[0].least, 0.9);
}

TEST(Families, TheLeastLikenessIsThatOfAnyTwo) {
  std::vector<Fingerprints> prints(3, {1, 2});
  auto families = familiesOf(
      prints, [](std::size_t a, std::size_t b) -> PairLikeness { return {a + b == 2 ? 0.4 : 0.8, 0.5, true, true}; });
  EXPECT_THAT(membersOf(families), ElementsAre(ElementsAre(0, 1, 2)));
  EXPECT_EQ(families[0].least, 0.4);
}

TEST(Families, WhatAllHaveIsNoReasonToCompareAndHidesNothing) {
  // A hundred definitions share eighty fingerprints; two of them share two more.
  std::vector<Fingerprints> prints(100);
  for (Fingerprints &each : prints)
    for (std::uint64_t hash = 0; hash < 80; ++hash)
      each.push_back(hash);
  for (std::size_t i : {7u, 93u})
    prints[i].insert(prints[i].end(), {1000000, 1000001});
  std::size_t compared = 0;
  auto families = familiesOf(prints, [&](std::size_t, std::size_t) {
    ++compared;
    return alike();
  });
  EXPECT_THAT(membersOf(families), ElementsAre(ElementsAre(7, 93)));
  EXPECT_LE(compared, 2u);
}

TEST(Families, RunsAndStatementsAreApartAndEachOnce) {
  BodyShape body;
  body.shingles = {5, 5, 6};
  body.statements = {5};
  EXPECT_EQ(fingerprintsOf(body).size(), 3u);
  EXPECT_THAT(fingerprintsOf(BodyShape()), IsEmpty());
}

} // namespace
} // namespace ssot::test
