// server/token_bucket.h - so many messages a second, and as many at once.
#pragma once

#include <algorithm>
#include <chrono>

namespace netra::server {

class TokenBucket {
public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit TokenBucket(double per_second) : per_second_(per_second), tokens_(per_second) {}

  /// \returns whether one more is allowed now.
  bool take(TimePoint now) {
    if (last_ != TimePoint())
      tokens_ = std::min(per_second_, tokens_ + per_second_ * std::chrono::duration<double>(now - last_).count());
    last_ = now;
    if (tokens_ < 1)
      return false;
    tokens_ -= 1;
    return true;
  }

private:
  const double per_second_;
  double tokens_;
  TimePoint last_;
};

} // namespace netra::server
