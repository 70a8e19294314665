#include "similar/families.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace ssot {

namespace {

constexpr std::size_t kKnownBy = 64; ///< fingerprints of one definition
constexpr std::size_t kShared = 2;   ///< fingerprints that make a pair worth comparing
/// A fingerprint that more definitions have is how everybody writes a loop.
constexpr std::size_t kCommon = 40;

/// Spreads what comes from different kinds of hashes over all values, so that the smallest ones are any of them.
std::uint64_t spread(std::uint64_t hash) {
  hash = (hash ^ (hash >> 31)) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 32);
}

using Owned = std::pair<std::uint64_t, std::size_t>; ///< a fingerprint and who has it
using Pair = std::pair<std::size_t, std::size_t>;

/// Calls \p use with each run of equal fingerprints. \p owned is sorted.
template <typename Use>
void forEachFingerprint(llvm::ArrayRef<Owned> owned, Use use) {
  for (std::size_t begin = 0, end = 0; begin < owned.size(); begin = end) {
    while (end < owned.size() && owned[end].first == owned[begin].first)
      ++end;
    use(owned.slice(begin, end - begin));
  }
}

/// The smallest fingerprints of each definition that are not everybody's: two with much in common have many of them in
/// common.
std::vector<Owned> sketches(llvm::ArrayRef<Fingerprints> prints) {
  std::vector<Owned> all, kept;
  for (std::size_t i = 0; i < prints.size(); ++i)
    for (std::uint64_t hash : prints[i])
      all.emplace_back(spread(hash), i);
  llvm::sort(all);
  std::vector<std::size_t> taken(prints.size());
  forEachFingerprint(all, [&](llvm::ArrayRef<Owned> owners) {
    if (owners.size() <= kCommon)
      for (const Owned &owner : owners)
        if (taken[owner.second]++ < kKnownBy)
          kept.push_back(owner);
  });
  return kept;
}

std::vector<Pair> candidates(llvm::ArrayRef<Fingerprints> prints) {
  std::vector<Pair> met;
  forEachFingerprint(sketches(prints), [&](llvm::ArrayRef<Owned> owners) {
    for (std::size_t i = 0; i < owners.size(); ++i)
      for (std::size_t k = i + 1; k < owners.size(); ++k)
        met.emplace_back(owners[i].second, owners[k].second);
  });
  llvm::sort(met);
  std::vector<Pair> pairs;
  for (std::size_t begin = 0, end = 0; begin < met.size(); begin = end) {
    while (end < met.size() && met[end] == met[begin])
      ++end;
    if (end - begin >= kShared)
      pairs.push_back(met[begin]);
  }
  return pairs;
}

} // namespace

Fingerprints fingerprintsOf(const BodyShape &body) {
  Fingerprints hashes(body.shingles.begin(), body.shingles.end());
  for (std::uint32_t statement : body.statements)
    hashes.push_back(statement | 1ULL << 32); // apart from the runs
  llvm::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
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
