// measure.h - how the figures are taken: best of several rounds, so that what else the machine does is left out.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <malloc.h>
#include <vector>

namespace netra::bench {

/// What is allocated now, large blocks included.
inline double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// \returns the least time per call of several rounds.
template <class Call>
double nanoseconds_per_call(int calls, Call call) {
  constexpr int kRounds = 7;
  double best = 1e300;
  for (int round = 0; round < kRounds; ++round) {
    auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i)
      call();
    best = std::min(best, seconds_since(start) * 1e9 / calls);
  }
  return best;
}

/// \returns the value that `share` of them do not exceed.
inline double percentile(std::vector<double> values, double share) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

} // namespace netra::bench
