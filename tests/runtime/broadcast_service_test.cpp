#include "netra/services/websocket_broadcast_service.h"

#include "test_doubles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

namespace netra {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A service over a transport where ann has two connections and bob one.
class Broadcast : public testing::Test {
protected:
  Broadcast() {
    manager->connect("ann", "a1");
    manager->connect("ann", "a2");
    manager->connect("bob", "b1");
  }

  std::shared_ptr<test::RecordingManager> manager = std::make_shared<test::RecordingManager>();
  std::vector<std::string> log;
  test::HandClock clock;
  std::unique_ptr<WebSocketBroadcastService> service = create_broadcast_service(
      manager, {.log = [this](std::string_view line) { log.emplace_back(line); }, .clock = clock.read()});
};

TEST_F(Broadcast, ReachesEveryConnectionOfTheUserAndNoOther) {
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", Json().set("n", 1)});
  EXPECT_EQ(result.connections_attempted, 2);
  EXPECT_EQ(result.successful_sends, 2);
  EXPECT_EQ(result.event_type, "news");
  EXPECT_EQ(result.user_id, UserId("ann"));
  EXPECT_DOUBLE_EQ(result.success_rate(), 1.0);
  EXPECT_TRUE(result.is_successful());
  EXPECT_EQ(manager->sent_to("a1").size(), 1u);
  EXPECT_EQ(manager->sent_to("a2").size(), 1u);
  EXPECT_THAT(manager->sent_to("b1"), IsEmpty());
}

TEST_F(Broadcast, CountsNothingForAUserWithoutConnections) {
  BroadcastResult result = service->broadcast_to_user(UserId("eve"), {"news", {}});
  EXPECT_EQ(result.successful_sends, 0);
  EXPECT_DOUBLE_EQ(result.success_rate(), 0.0);
  EXPECT_FALSE(result.is_successful());
  EXPECT_EQ(service->get_stats().failed_broadcasts, 1u);
}

TEST_F(Broadcast, ReplacesForeignUsersInRoutingFieldsAndReportsThem) {
  Json data = Json().set("recipient_id", "bob").set("target_user_id", "bob").set("userId", 7).set("text", "bob");
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", data});
  ASSERT_EQ(manager->sent_to("a1").size(), 1u);
  const Json sent = manager->sent_to("a1")[0].data;
  EXPECT_EQ(sent.get_string("recipient_id"), "ann");
  EXPECT_EQ(sent.get_string("target_user_id"), "ann");
  EXPECT_EQ(sent.get_string("userId"), "ann");
  EXPECT_EQ(sent.get_string("text"), "bob");
  EXPECT_EQ(result.errors.size(), 3u);
  EXPECT_THAT(result.errors, testing::Each(Not(HasSubstr("bob"))));
  EXPECT_EQ(service->get_stats().contamination_prevented, 3u);
  EXPECT_TRUE(result.is_successful()) << "the event itself went out";
}

TEST_F(Broadcast, LooksIntoTheEnvelopes) {
  Json data = Json().set("payload", Json().set("userId", "bob")).set("data", Json().set("recipient_id", "bob"));
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", data});
  const Json sent = manager->sent_to("a1").at(0).data;
  EXPECT_EQ(sent.get("payload").get_string("userId"), "ann");
  EXPECT_EQ(sent.get("data").get_string("recipient_id"), "ann");
  EXPECT_THAT(result.errors, ElementsAre("routing field 'payload.userId' named another user and was replaced",
                                         "routing field 'data.recipient_id' named another user and was replaced"));
}

TEST_F(Broadcast, KeepsProvenance) {
  Json data = Json().set("user_id", "bob").set("sender_id", "bob").set("creator_id", "bob").set("owner_id", "bob");
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", data});
  EXPECT_EQ(manager->sent_to("a1").at(0).data, data);
  EXPECT_THAT(result.errors, IsEmpty());
}

TEST_F(Broadcast, LeavesTheCallersEventAsItWas) {
  Event event{"news", Json().set("userId", "bob")};
  service->broadcast_to_user(UserId("ann"), event);
  EXPECT_EQ(event.data.get_string("userId"), "bob");
}

TEST_F(Broadcast, LetsContaminationThroughOnlyWhenDetectionIsOff) {
  service->set_flag(BroadcastFlag::contamination_detection, false);
  service->broadcast_to_user(UserId("ann"), {"news", Json().set("userId", "bob")});
  EXPECT_EQ(manager->sent_to("a1").at(0).data.get_string("userId"), "bob");
  service->set_flag(BroadcastFlag::contamination_detection, true);
  service->broadcast_to_user(UserId("ann"), {"news", Json().set("userId", "bob")});
  EXPECT_EQ(manager->sent_to("a1").at(1).data.get_string("userId"), "ann");
}

TEST_F(Broadcast, AFailedSendIsInTheResultAndTheOthersStillGoOut) {
  manager->connect("ann", "a3");
  manager->make_throw("a1");
  manager->make_busy("a2");
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", {}});
  EXPECT_EQ(result.connections_attempted, 3);
  EXPECT_EQ(result.successful_sends, 1);
  EXPECT_THAT(result.errors, ElementsAre("connection a1: wire cut", "connection a2: the connection's queue is full"));
  EXPECT_FALSE(result.is_successful());
  BroadcastStats stats = service->get_stats();
  EXPECT_EQ(stats.attempted_sends, 3u);
  EXPECT_EQ(stats.successful_sends, 1u);
  EXPECT_EQ(stats.failed_broadcasts, 1u);
}

TEST_F(Broadcast, SendsNothingThatIsNoEvent) {
  EXPECT_THAT(service->broadcast_to_user(UserId("ann"), {"", {}}).errors, ElementsAre("the event has no type"));
  EXPECT_THAT(service->broadcast_to_user(UserId("ann"), {"a\nb", {}}).errors,
              ElementsAre("the event's type is not valid"));
  EXPECT_THAT(service->broadcast_to_user(UserId("ann"), {"news", nlohmann::json::array()}).errors,
              ElementsAre("the event's data is not an object"));
  EXPECT_THAT(manager->sent_to("a1"), IsEmpty());
  EXPECT_EQ(service->get_stats().attempted_sends, 0u);
}

TEST_F(Broadcast, NeedsAManager) { EXPECT_THROW(create_broadcast_service(nullptr), std::invalid_argument); }

TEST_F(Broadcast, GoesBackToTheLegacyImplementationAndForthWhileRunning) {
  EXPECT_EQ(service->broadcast_to_user(UserId("eve"), {"news", {}}).successful_sends, 0);
  service->set_flag(BroadcastFlag::delegate_to_canonical, false);
  EXPECT_EQ(service->broadcast_to_user(UserId("eve"), {"news", {}}).successful_sends, 1) << "the legacy count";
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", Json().set("userId", "bob")});
  EXPECT_EQ(result.successful_sends, 2);
  EXPECT_EQ(manager->sent_to("a1").at(0).data.get_string("userId"), "ann") << "a rollback gives up no isolation";
  service->set_flag(BroadcastFlag::delegate_to_canonical, true);
  EXPECT_EQ(service->broadcast_to_user(UserId("eve"), {"news", {}}).successful_sends, 0);
  EXPECT_EQ(service->get_stats().legacy_broadcasts, 2u);
  EXPECT_EQ(service->get_stats().total_broadcasts, 4u);
}

TEST_F(Broadcast, TheLegacyImplementationReportsFailuresToo) {
  manager->make_throw("a1");
  manager->make_busy("a2");
  service->set_flag(BroadcastFlag::delegate_to_canonical, false);
  BroadcastResult result = service->broadcast_to_user(UserId("ann"), {"news", {}});
  EXPECT_EQ(result.successful_sends, 0);
  EXPECT_THAT(result.errors, ElementsAre("connection a1: wire cut", "connection a2: busy"));
}

TEST_F(Broadcast, LogsOnlyWhenAskedAndNotWhatTheEventHolds) {
  service->broadcast_to_user(UserId("ann"), {"news", Json().set("text", "secret")});
  EXPECT_THAT(log, IsEmpty());
  service->set_flag(BroadcastFlag::comprehensive_logging, true);
  service->broadcast_to_user(UserId("ann"), {"news", Json().set("text", "secret")});
  EXPECT_THAT(log, ElementsAre("broadcast type=news user=ann attempted=2 sent=2 errors=0"));
}

TEST_F(Broadcast, MeasuresOnlyWhileMonitoringIsOn) {
  class SlowManager : public test::RecordingManager {
  public:
    explicit SlowManager(test::HandClock &clock) : clock_(clock) {}
    std::vector<SendOutcome> send_to_user(const UserId &, const Event &) override {
      clock_.advance(std::chrono::milliseconds(5));
      return {};
    }

  private:
    test::HandClock &clock_;
  };
  auto measured = create_broadcast_service(std::make_shared<SlowManager>(clock), {.clock = clock.read()});
  measured->broadcast_to_user(UserId("ann"), {"news", {}});
  measured->set_flag(BroadcastFlag::performance_monitoring, false);
  measured->broadcast_to_user(UserId("ann"), {"news", {}});
  EXPECT_EQ(measured->get_stats().measured_broadcasts, 1u);
  EXPECT_EQ(measured->get_stats().longest_duration, std::chrono::milliseconds(5));
  EXPECT_EQ(measured->get_stats().total_broadcasts, 2u);
}

TEST_F(Broadcast, ConcurrentUsersNeverSeeEachOthersEventsWhileFlagsFlip) {
  constexpr int kUsers = 10;
  constexpr int kEvents = 300;
  for (int u = 0; u < kUsers; ++u)
    manager->connect("user" + std::to_string(u), "c" + std::to_string(u));
  std::vector<std::thread> threads;
  for (int u = 0; u < kUsers; ++u)
    threads.emplace_back([this, u] {
      for (int n = 0; n < kEvents; ++n)
        service->broadcast_to_user(
            UserId("user" + std::to_string(u)),
            {"news", Json().set("n", n).set("owner_id", u).set("userId", "user" + std::to_string(u + 1))});
    });
  threads.emplace_back([this] {
    for (int n = 0; n < kEvents; ++n)
      service->set_flag(BroadcastFlag::delegate_to_canonical, n % 2 == 0);
  });
  for (std::thread &thread : threads)
    thread.join();
  for (int u = 0; u < kUsers; ++u) {
    std::vector<Event> sent = manager->sent_to("c" + std::to_string(u));
    ASSERT_EQ(sent.size(), static_cast<std::size_t>(kEvents));
    for (int n = 0; n < kEvents; ++n) {
      EXPECT_EQ(sent[static_cast<std::size_t>(n)].data.get_integer("n"), n);
      EXPECT_EQ(sent[static_cast<std::size_t>(n)].data.get_integer("owner_id"), u);
      EXPECT_EQ(sent[static_cast<std::size_t>(n)].data.get_string("userId"), "user" + std::to_string(u));
    }
  }
  EXPECT_EQ(service->get_stats().successful_sends, static_cast<std::uint64_t>(kUsers * kEvents));
}

} // namespace
} // namespace netra
