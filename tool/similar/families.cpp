#include "similar/families.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace ssot {

namespace {

constexpr std::size_t kFingerprints = 48; ///< of one body
constexpr std::size_t kShared = 2;        ///< fingerprints that make a pair worth comparing
/// A fingerprint that more bodies have is how everybody writes a loop.
constexpr std::size_t kCommon = 40;

using Pair = std::pair<std::size_t, std::size_t>;

std::vector<Pair> candidates(llvm::ArrayRef<Fingerprints> prints) {
  std::map<std::uint64_t, std::vector<std::size_t>> owners;
  for (std::size_t i = 0; i < prints.size(); ++i)
    for (std::uint64_t hash : prints[i])
      owners[hash].push_back(i);
  std::map<Pair, std::size_t> shared;
  for (const auto &[hash, all] : owners)
    if (all.size() <= kCommon)
      for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t k = i + 1; k < all.size(); ++k)
          ++shared[{all[i], all[k]}];
  std::vector<Pair> pairs;
  for (const auto &[pair, count] : shared)
    if (count >= kShared)
      pairs.push_back(pair);
  return pairs;
}

} // namespace

Fingerprints fingerprintsOf(const BodyShape &body) {
  Fingerprints hashes(body.shingles.begin(), body.shingles.end()); // sorted
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (hashes.size() > kFingerprints)
    hashes.resize(kFingerprints);
  return hashes;
}

std::vector<LikeFamily> familiesOf(llvm::ArrayRef<Fingerprints> prints,
                                   llvm::function_ref<PairLikeness(std::size_t, std::size_t)> compare) {
  std::vector<std::tuple<double, std::size_t, std::size_t>> links;
  for (auto [a, b] : candidates(prints))
    if (PairLikeness pair = compare(a, b); pair.joins)
      links.emplace_back(-pair.strength, a, b);
  std::sort(links.begin(), links.end());
  std::vector<std::size_t> home(prints.size());
  std::iota(home.begin(), home.end(), 0);
  std::map<std::size_t, LikeFamily> families;
  auto familyOf = [&](std::size_t member) {
    auto known = families.find(home[member]);
    return known == families.end() ? LikeFamily{{member}, 1} : known->second;
  };
  for (const auto &[negated, a, b] : links) {
    if (home[a] == home[b])
      continue;
    LikeFamily left = familyOf(a), right = familyOf(b);
    double least = std::min(left.least, right.least);
    bool fit = llvm::all_of(left.members, [&](std::size_t one) {
      return llvm::all_of(right.members, [&](std::size_t other) {
        PairLikeness pair = compare(one, other);
        least = std::min(least, pair.likeness);
        return pair.keeps;
      });
    });
    if (!fit)
      continue;
    families.erase(home[a]);
    families.erase(home[b]);
    left.members.insert(left.members.end(), right.members.begin(), right.members.end());
    std::sort(left.members.begin(), left.members.end());
    left.least = least;
    std::size_t first = left.members.front();
    for (std::size_t member : left.members)
      home[member] = first;
    families[first] = std::move(left);
  }
  std::vector<LikeFamily> result;
  for (auto &[first, family] : families)
    result.push_back(std::move(family));
  return result;
}

} // namespace ssot
