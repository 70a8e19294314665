// Which calls count as logging and counting, by their names.

#include "judge/side_work.h"

#include <gmock/gmock.h>

namespace ssot::test {
namespace {

using testing::ElementsAre;

TEST(SideWork, WordsOfAnIdentifier) {
  EXPECT_THAT(wordsOf("HTTPRouter_v2"), ElementsAre("http", "router", "v2"));
  EXPECT_THAT(wordsOf("MockMessageRouter"), ElementsAre("mock", "message", "router"));
  EXPECT_THAT(wordsOf("snake_case__name"), ElementsAre("snake", "case", "name"));
}

TEST(SideWork, LogsCountsAndWarns) {
  for (const char *name : {"spdlog::info", "app::Logger::error", "audit_log", "std::cerr::operator<<",
                           "std::clog::operator<<", "warn", "Metrics::add", "netra::record_use", "increment_sends",
                           "Counter::Increment", "warn_deprecated", "std::__atomic_base::fetch_add", "netra::count"})
    EXPECT_TRUE(isSideWork(name)) << name;
}

TEST(SideWork, WordsThatOnlyLookLikeIt) {
  for (const char *name : {"login", "catalog::add", "get_user_info", "show_warning_dialog_for", "std::cout::operator<<",
                           "accountant::account", "error", "Table::error", "recorder::play", "dialog_open"})
    EXPECT_FALSE(isSideWork(name)) << name;
}

} // namespace
} // namespace ssot::test
