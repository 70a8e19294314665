// Every percentage is computed here: shares and what they are made of.
#include "gate/gate.h"

namespace ssot {

namespace {

/// Whole tenths of a percent, rounded down. The product of two counts of sites needs no more than 128 bits.
std::uint64_t tenths(const Share &share) {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(share.part) * 1000 / share.whole);
}

} // namespace

double Share::percent() const { return empty() ? 0 : static_cast<double>(tenths(*this)) / 10; }

std::string Share::text() const {
  if (empty())
    return "no sites";
  std::uint64_t value = tenths(*this);
  return std::to_string(value / 10) + "." + std::to_string(value % 10) + " %";
}

Share Coverage::share() const {
  Share share;
  share.part = units.parsed + units.cached + units.skipped + (headers - unreachedHeaders.size());
  share.whole = units.total + headers + orphanSources.size() + unreadable.size();
  return share;
}

bool Coverage::complete() const { return units.failed.empty() && unreadable.empty(); }

} // namespace ssot
