// gate/burn_down.h - what is left to do, commit by commit, and when it will be done if it goes on as it did.
//
// The forecast is a line through the last 90 days: the median of the slopes between every two points (Theil-Sen), which
// one large clean-up or one bad week does not bend. The quarter points of the slopes give an early and a late day. With
// fewer than five points, or less than two weeks between the first and the last, nothing is forecast.
#pragma once

#include "gate/history.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ssot {

struct Forecast {
  enum class Outlook { Done, TooFewData, NotFalling, TooFar, Dated };
  Outlook kind = Outlook::TooFewData;
  std::size_t points = 0;       ///< that the line goes through
  double perWeek = 0;           ///< change in violations a week
  std::string date;             ///< YYYY-MM-DD, when Dated
  std::string earliest, latest; ///< the same; `latest` is empty when the slow quarter never ends
  std::string text;             ///< one sentence
};

/// One line of the burn-down.
struct BurnDown {
  struct Point {
    std::size_t entry = 0; ///< index into the history
    std::size_t remaining = 0;
  };
  std::string name;
  std::vector<Point> points;
  Forecast forecast;
};

struct BurnDowns {
  BurnDown all; ///< violations of severity error, excused or not
  std::vector<BurnDown> rules;
  std::vector<BurnDown> owners;
  std::vector<BurnDown> legacy; ///< uses of legacy names
};

/// A rule or name that the last entry does not know any more is left out. Entries of incomplete runs are points of no
/// forecast.
BurnDowns burnDownsOf(const History &history);

} // namespace ssot
