#include "netra/websocket_core/deprecation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace netra {
namespace {

TEST(Deprecation, CountsByName) {
  DeprecationCounter counter;
  counter.count("MessageRouter", "CanonicalMessageRouter");
  counter.count("MessageRouter", "CanonicalMessageRouter");
  counter.count("broadcast_to_user", "WebSocketBroadcastService::broadcast_to_user");
  EXPECT_EQ(counter.calls("MessageRouter"), 2u);
  EXPECT_EQ(counter.calls("never"), 0u);
  ASSERT_EQ(counter.uses().size(), 2u);
  EXPECT_EQ(counter.uses()[0].api, "MessageRouter");
}

TEST(Deprecation, ReportsEachNameOnce) {
  std::vector<std::string> reported;
  DeprecationCounter counter([&](const LegacyApiUse &use) { reported.push_back(use.api + " -> " + use.replacement); });
  for (int i = 0; i < 3; ++i)
    counter.count("Old", "New");
  counter.count("Older", "New");
  EXPECT_THAT(reported, testing::ElementsAre("Old -> New", "Older -> New"));
}

TEST(Deprecation, WritesMetricsThatPrometheusReads) {
  DeprecationCounter counter;
  counter.count("Old\"\\\n", "New");
  EXPECT_EQ(counter.prometheus_text(), "# HELP legacy_api_calls_total Calls of legacy names, by name.\n"
                                       "# TYPE legacy_api_calls_total counter\n"
                                       "legacy_api_calls_total{api=\"Old\\\"\\\\\\n\",replacement=\"New\"} 1\n");
}

TEST(Deprecation, LosesNoCountBetweenThreads) {
  DeprecationCounter counter;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&counter] {
      for (int round = 0; round < 1000; ++round)
        counter.count(round % 2 ? "odd" : "even", "x");
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(counter.calls("odd") + counter.calls("even"), 4000u);
}

TEST(Deprecation, HasOneWording) {
  EXPECT_EQ(
      deprecation_text("MessageRouter", "CanonicalMessageRouter", "netra/websocket_core/canonical_message_router.h"),
      "MessageRouter is deprecated. Use CanonicalMessageRouter from netra/websocket_core/canonical_message_router.h "
      "instead.");
}

} // namespace
} // namespace netra
