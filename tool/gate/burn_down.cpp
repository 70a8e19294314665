#include "gate/burn_down.h"

#include "gate/calendar.h"

#include <llvm/Support/FormatVariadic.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace ssot {

namespace {

constexpr std::int64_t kDay = 86'400; // seconds
constexpr std::int64_t kWindow = 90 * kDay;
constexpr std::int64_t kShortest = 14 * kDay;
constexpr std::size_t kFewest = 5;
constexpr double kFarthest = 5 * 365.25; ///< days

struct Sample {
  double day;
  double remaining;
};

/// The points of complete runs in the last 90 days.
std::vector<Sample> samplesOf(const BurnDown &line, const History &history) {
  auto secondsAt = [&](const BurnDown::Point &point) {
    return secondsOf(history.entries[point.entry].date).value_or(0);
  };
  std::vector<Sample> samples;
  if (line.points.empty())
    return samples;
  std::int64_t end = secondsAt(line.points.back());
  for (const BurnDown::Point &point : line.points)
    if (std::int64_t at = secondsAt(point); history.entries[point.entry].complete && end - at <= kWindow)
      samples.push_back({static_cast<double>(at) / kDay, static_cast<double>(point.remaining)});
  return samples;
}

/// Changes a day between every two points, sorted.
std::vector<double> slopesOf(const std::vector<Sample> &samples) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < samples.size(); ++i)
    for (std::size_t j = i + 1; j < samples.size(); ++j)
      if (samples[j].day > samples[i].day)
        slopes.push_back((samples[j].remaining - samples[i].remaining) / (samples[j].day - samples[i].day));
  std::sort(slopes.begin(), slopes.end());
  return slopes;
}

/// \returns the value below which this share of the sorted \p values lies.
double quantile(const std::vector<double> &values, double share) {
  double at = share * static_cast<double>(values.size() - 1);
  auto below = static_cast<std::size_t>(std::floor(at));
  std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (at - static_cast<double>(below));
}

/// \returns the day on which nothing is left, or nothing when that is never or too far.
std::string endOf(const Sample &last, double slope) {
  double days = slope < 0 ? std::ceil(last.remaining / -slope) : kFarthest + 1;
  return days > kFarthest ? std::string() : dateOf(std::llround((last.day + days) * kDay)).substr(0, 10);
}

Forecast forecastOf(const BurnDown &line, const History &history) {
  Forecast forecast;
  std::vector<Sample> samples = samplesOf(line, history);
  forecast.points = samples.size();
  if (!line.points.empty() && history.entries[line.points.back().entry].complete && line.points.back().remaining == 0) {
    forecast.kind = Forecast::Outlook::Done;
    forecast.text = "Nothing is left.";
    return forecast;
  }
  double days = samples.empty() ? 0 : samples.back().day - samples.front().day;
  if (samples.size() < kFewest || days * kDay < kShortest) {
    forecast.text =
        llvm::formatv("Too little data for a forecast: {0} complete {1} over {2} days in the last 90; it "
                      "takes 5 over 14.",
                      samples.size(), samples.size() == 1 ? "run" : "runs", static_cast<std::int64_t>(std::floor(days)))
            .str();
    return forecast;
  }
  std::vector<double> slopes = slopesOf(samples);
  double slope = quantile(slopes, 0.5);
  forecast.perWeek = slope * 7;
  if (slope >= 0) {
    forecast.kind = Forecast::Outlook::NotFalling;
    forecast.text = "It does not fall: no end can be forecast.";
    return forecast;
  }
  std::string rate = llvm::formatv("{0:f1} fewer a week", -forecast.perWeek).str();
  forecast.date = endOf(samples.back(), slope);
  if (forecast.date.empty()) {
    forecast.kind = Forecast::Outlook::TooFar;
    forecast.text = rate + ": more than five years are left.";
    return forecast;
  }
  forecast.kind = Forecast::Outlook::Dated;
  forecast.earliest = endOf(samples.back(), quantile(slopes, 0.25));
  forecast.latest = endOf(samples.back(), quantile(slopes, 0.75));
  forecast.text = rate + ": done about " + forecast.date + " (between " + forecast.earliest + " and " +
                  (forecast.latest.empty() ? "never" : forecast.latest) + ").";
  return forecast;
}

/// Lines by name, in the order of their names.
class Lines {
public:
  void add(const std::string &name, std::size_t entry, std::size_t remaining) {
    ByName[name].points.push_back({entry, remaining});
  }
  /// \returns those that go on to the last entry, with their forecasts.
  std::vector<BurnDown> take(const History &history) {
    std::vector<BurnDown> lines;
    for (auto &[name, line] : ByName) {
      if (line.points.back().entry + 1 != history.entries.size())
        continue;
      line.name = name;
      line.forecast = forecastOf(line, history);
      lines.push_back(std::move(line));
    }
    return lines;
  }

private:
  std::map<std::string, BurnDown> ByName;
};

} // namespace

BurnDowns burnDownsOf(const History &history) {
  BurnDowns result;
  Lines rules, owners, legacy;
  std::set<std::string> owned;
  for (const HistoryEntry &entry : history.entries)
    for (const auto &[owner, count] : entry.owners)
      owned.insert(owner);
  for (std::size_t i = 0; i < history.entries.size(); ++i) {
    const HistoryEntry &entry = history.entries[i];
    result.all.points.push_back({i, entry.ssot.whole - entry.ssot.part});
    for (const HistoryEntry::RuleFigure &rule : entry.rules)
      rules.add(rule.id, i, rule.compliance.whole - rule.compliance.part);
    for (const std::string &owner : owned) // an owner without a violation is not in the entry
      owners.add(owner, i, entry.owners.count(owner) ? entry.owners.at(owner) : 0);
    for (const auto &[name, use] : entry.legacy)
      legacy.add(name, i, use.uses);
  }
  result.all.name = "all rules";
  result.all.forecast = forecastOf(result.all, history);
  result.rules = rules.take(history);
  result.owners = owners.take(history);
  result.legacy = legacy.take(history);
  return result;
}

} // namespace ssot
