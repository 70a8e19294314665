#include "gate/breakdown.h"
#include "gate/burn_down.h"
#include "gate/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ssot;
using namespace testing;

namespace {

/// A history in which one rule has these counts left, so many days after another.
History historyOf(std::vector<std::size_t> left, std::int64_t days = 7) {
  History history;
  std::int64_t at = *secondsOf("2026-01-01T12:00:00Z");
  for (std::size_t count : left) {
    HistoryEntry entry;
    entry.commit = std::string(40, static_cast<char>('a' + history.entries.size()));
    entry.date = dateOf(at);
    entry.ssot = {1000 - count, 1000};
    entry.rules.push_back({"one", Severity::Error, {1000 - count, 1000}});
    if (count)
      entry.owners["@team"] = count;
    put(history, entry);
    at += days * 86'400;
  }
  return history;
}

Forecast forecastOf(const History &history) { return burnDownsOf(history).all.forecast; }

TEST(Calendar, GoesThereAndBack) {
  for (const char *date : {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-11-25T08:07:06Z"})
    EXPECT_EQ(dateOf(*secondsOf(date)), date);
  EXPECT_EQ(secondsOf("1970-01-02T00:00:01Z"), 86'401);
  for (const char *none : {"", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00+01:00", "2026-1-01T00:00:00Z",
                           "2026-01-01T24:00:00Z", "2026-01-01T00:00:00Zx"})
    EXPECT_EQ(secondsOf(none), std::nullopt) << none;
}

TEST(BurnDown, ForecastsTheDayOnWhichALineEnds) {
  Forecast forecast = forecastOf(historyOf({50, 40, 30, 20, 10}));
  EXPECT_EQ(forecast.kind, Forecast::Outlook::Dated);
  EXPECT_EQ(forecast.date, "2026-02-05"); // the fifth point is on 29 January; a week more
  EXPECT_EQ(forecast.earliest, "2026-02-05");
  EXPECT_EQ(forecast.latest, "2026-02-05");
  EXPECT_NEAR(forecast.perWeek, -10, 1e-9);
}

TEST(BurnDown, OneCleanUpDoesNotBendTheForecast) {
  Forecast forecast = forecastOf(historyOf({100, 98, 96, 94, 92, 90, 20}));
  EXPECT_EQ(forecast.kind, Forecast::Outlook::Dated);
  EXPECT_NEAR(forecast.perWeek, -2, 1e-9);
  EXPECT_LT(forecast.earliest, forecast.date);
}

TEST(BurnDown, SaysWhenItCannotTell) {
  EXPECT_EQ(forecastOf(historyOf({50, 40, 30, 20})).kind, Forecast::Outlook::TooFewData);
  EXPECT_EQ(forecastOf(historyOf({50, 40, 30, 20, 10}, 3)).kind, Forecast::Outlook::TooFewData);
  EXPECT_THAT(forecastOf(historyOf({50})).text, HasSubstr("1 complete run over 0 days"));
  EXPECT_EQ(forecastOf(historyOf({10, 12, 9, 14, 15, 16})).kind, Forecast::Outlook::NotFalling);
  EXPECT_EQ(forecastOf(historyOf({900, 900, 900, 899, 899, 898, 898})).kind, Forecast::Outlook::TooFar);
  EXPECT_EQ(forecastOf(historyOf({5, 0})).kind, Forecast::Outlook::Done);
}

TEST(BurnDown, LooksAtTheLast90DaysAndAtCompleteRuns) {
  // A long time ago it rose.
  Forecast forecast = forecastOf(historyOf({1, 50, 200, 400, 500, 90, 80, 70, 60, 50, 40, 30, 20}, 14));
  EXPECT_EQ(forecast.points, 7u);
  EXPECT_NEAR(forecast.perWeek, -5, 1e-9);
  History history = historyOf({50, 40, 30, 20, 10});
  history.entries[2].complete = false;
  EXPECT_EQ(forecastOf(history).kind, Forecast::Outlook::TooFewData);
}

TEST(BurnDown, KnowsRulesOwnersAndWhoIsDone) {
  BurnDowns lines = burnDownsOf(historyOf({3, 0}));
  ASSERT_EQ(lines.rules.size(), 1u);
  EXPECT_EQ(lines.rules.front().name, "one");
  ASSERT_EQ(lines.owners.size(), 1u);
  EXPECT_EQ(lines.owners.front().points.back().remaining, 0u);
  EXPECT_EQ(lines.owners.front().forecast.kind, Forecast::Outlook::Done);
}

TEST(BurnDown, LeavesOutARuleThatIsGone) {
  History history = historyOf({3, 2});
  history.entries.back().rules.front().id = "two";
  std::vector<BurnDown> rules = burnDownsOf(history).rules;
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules.front().name, "two");
}

TEST(History, ReadsWhatItWrites) {
  History history = historyOf({3, 2});
  history.entries[0].legacy["app::\"Old\""] = {4, 12};
  history.entries[0].complete = false;
  std::string text = historyText(history);
  llvm::Expected<History> read = parseHistory(text, "h.jsonl");
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(historyText(*read), text);
  EXPECT_EQ(read->entries[0].legacy["app::\"Old\""].calls, 12u);
}

TEST(History, AnEntryOfTheSameCommitGivesWay) {
  History history = historyOf({3, 2});
  HistoryEntry again = history.entries[0];
  again.violations = 7;
  put(history, again);
  ASSERT_EQ(history.entries.size(), 2u);
  EXPECT_EQ(history.entries[0].violations, 7u);
}

TEST(History, SaysWhereALineIsWrong) {
  std::string good = historyText(historyOf({3}));
  auto messageOf = [&](const std::string &line) {
    llvm::Expected<History> read = parseHistory(good + line, "h.jsonl");
    return read ? std::string() : llvm::toString(read.takeError());
  };
  EXPECT_THAT(messageOf("{\"schema\": }\n"), StartsWith("h.jsonl:2:12: error: "));
  EXPECT_THAT(messageOf("<<<<<<< HEAD\n"), StartsWith("h.jsonl:2:1: error: "));
  std::string wrong = good;
  wrong.replace(wrong.find("\"part\":997"), 10, "\"part\":9999");
  EXPECT_THAT(messageOf(wrong), HasSubstr("the part is more than the whole"));
}

TEST(Breakdown, CountsFoldersWithWhatLiesBelowAndOwnersTogether) {
  Result result;
  auto add = [&](const char *file, FindingState state, std::vector<std::string> owners, const char *identity = "x") {
    Finding finding;
    finding.file = file;
    finding.state = state;
    finding.owners = std::move(owners);
    finding.identity = identity;
    result.findings.push_back(finding);
  };
  add("a/b/c.cpp", FindingState::New, {"@x", "@y"});
  add("a/d.cpp", FindingState::Suppressed, {});
  add("a/d.cpp", FindingState::New, {}, ""); // an unused suppression is no violation of a rule
  result.analysed = {{"a/b/c.cpp", false}, {"a/d.cpp", false}, {"e.cpp", true}};
  Breakdown where = breakdownOf(result);
  std::vector<std::string> lines;
  for (const std::vector<Tally> *list : {&where.folders, &where.owners})
    for (const Tally &tally : *list)
      lines.push_back(tally.name + " " + std::to_string(tally.violations) + " " + std::to_string(tally.fresh) + " " +
                      std::to_string(tally.files.part) + "/" + std::to_string(tally.files.whole));
  EXPECT_THAT(lines, ElementsAre(". 2 1 1/3", "a 2 1 0/2", "a/b 1 1 0/1", "@x @y 1 1 0/0", "nobody 1 0 0/0"));
}

} // namespace
