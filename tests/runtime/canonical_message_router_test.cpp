#include "netra/websocket_core/canonical_message_router.h"

#include "test_doubles.h"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <type_traits>

namespace netra {
namespace {

using namespace std::chrono_literals;
using test::connection;
using test::connections;
using testing::ElementsAre;
using testing::IsEmpty;

WebSocketMessage message(const std::string &id) { return {.type = "chat", .message_id = id}; }

RoutingContext to_user(const std::string &user) { return {.user_id = UserId(user)}; }

RoutingContext with_priority(MessagePriority priority) {
  return {.user_id = UserId("ann"), .priority = priority, .strategy = MessageRoutingStrategy::priority_based};
}

/// What each connection was given, by message id; connections answer as they are told to.
struct RecordingSink {
  MessageSink sink() {
    return [this](const ConnectionId &connection, const WebSocketMessage &message) {
      std::lock_guard lock(mutex);
      auto answer = answers.find(connection.str());
      SendStatus status = answer == answers.end() ? SendStatus::sent : answer->second;
      if (status == SendStatus::sent)
        sent[connection.str()].push_back(message.message_id);
      return status;
    };
  }

  std::mutex mutex;
  std::map<std::string, SendStatus> answers;
  std::map<std::string, std::vector<std::string>> sent;
};

class Router : public testing::Test {
protected:
  const UserId ann{"ann"};
  const UserId bob{"bob"};
  RecordingSink transport;
  test::HandClock clock;
  std::unique_ptr<CanonicalMessageRouter> router =
      create_message_router({ann}, transport.sink(), {.queue_limit = 4, .history_limit = 8, .clock = clock.read()});
};

TEST(RouterFactory, IsTheOnlyWay) {
  static_assert(!std::is_default_constructible_v<CanonicalMessageRouter>);
  static_assert(!std::is_default_constructible_v<CanonicalMessageRouter::FactoryKey>);
  static_assert(!std::is_copy_constructible_v<CanonicalMessageRouter>);
  static_assert(!std::is_copy_assignable_v<CanonicalMessageRouter>);
  static_assert(!std::is_move_constructible_v<CanonicalMessageRouter>);
  EXPECT_EQ(create_message_router({UserId("ann")})->user_context().user_id, UserId("ann"));
}

TEST_F(Router, RegistersAConnectionOnce) {
  EXPECT_TRUE(router->register_connection(connection("c1"), ann));
  EXPECT_FALSE(router->register_connection(connection("c1"), ann));
  router->route_message(message("m"), to_user("ann"));
  EXPECT_THAT(transport.sent["c1"], ElementsAre("m")) << "twice registered must not be twice delivered";
  EXPECT_TRUE(router->unregister_connection(connection("c1")));
  EXPECT_FALSE(router->unregister_connection(connection("c1")));
  EXPECT_THAT(router->get_user_connections(ann), IsEmpty());
}

TEST_F(Router, KeepsConnectionsInTheOrderTheyCame) {
  for (const char *id : {"c3", "c1", "c2"})
    router->register_connection(connection(id), ann);
  EXPECT_EQ(router->get_user_connections(ann), connections({"c3", "c1", "c2"}));
}

TEST_F(Router, EnforcesItsUser) {
  EXPECT_FALSE(router->register_connection(connection("b1"), bob));
  router->register_connection(connection("c1"), ann);
  EXPECT_THAT(router->route_message(message("m"), to_user("bob")), IsEmpty());
  WebSocketMessage foreign = message("m");
  foreign.user_id = bob;
  EXPECT_THAT(router->route_message(foreign, to_user("ann")), IsEmpty());
  EXPECT_THAT(router->route_message(foreign, {.strategy = MessageRoutingStrategy::broadcast_all}), IsEmpty());
  bool ran = false;
  router->add_handler("chat", [&](const UserId &, const WebSocketMessage &) { ran = true; });
  EXPECT_FALSE(router->handle_message(bob, message("m")));
  EXPECT_FALSE(router->handle_message(ann, foreign));
  EXPECT_TRUE(router->dispatch_message(bob, message("m")).refused);
  EXPECT_FALSE(ran);
  EXPECT_THAT(router->get_user_connections(bob), IsEmpty());
  EXPECT_THAT(transport.sent, IsEmpty());
  EXPECT_EQ(router->get_stats().isolation_refusals, 7u);
}

TEST_F(Router, SharesNothingWithAnother) {
  auto other = create_message_router({bob}, transport.sink());
  EXPECT_TRUE(router->register_connection(connection("same"), ann));
  EXPECT_TRUE(other->register_connection(connection("same"), bob));
  router->add_handler("chat", [](const UserId &, const WebSocketMessage &) {});
  EXPECT_EQ(other->get_stats().handlers, 0u);
  router->unregister_connection(connection("same"));
  EXPECT_EQ(other->get_user_connections(bob), connections({"same"}));
  EXPECT_FALSE(other->replay(connection("same"), router->history_position()))
      << "a position of another router never fits";
}

TEST_F(Router, StrategiesDiffer) {
  router->register_connection(connection("plain"), ann);
  router->register_connection(connection("s1"), ann, SessionId("s"));
  router->register_connection(connection("a1"), ann, std::nullopt, {{"agent_id", "triage"}});
  router->register_connection(connection("s1a1"), ann, SessionId("s"), {{"agent_id", "triage"}});

  auto route = [&](RoutingContext context) { return router->route_message(message("m"), context); };
  auto everyone = connections({"plain", "s1", "a1", "s1a1"});
  EXPECT_EQ(route({.strategy = MessageRoutingStrategy::broadcast_all}), everyone);
  EXPECT_EQ(route(to_user("ann")), everyone);
  EXPECT_EQ(route({.session_id = SessionId("s"), .strategy = MessageRoutingStrategy::session_specific}),
            connections({"s1", "s1a1"}));
  EXPECT_EQ(route({.agent_id = AgentId("triage"), .strategy = MessageRoutingStrategy::agent_specific}),
            connections({"a1", "s1a1"}));
  EXPECT_EQ(route(with_priority(MessagePriority::high)), everyone);
}

TEST_F(Router, AContextThatLacksItsIdentifierReachesNobody) {
  router->register_connection(connection("c1"), ann);
  for (auto strategy : {MessageRoutingStrategy::user_specific, MessageRoutingStrategy::session_specific,
                        MessageRoutingStrategy::agent_specific, MessageRoutingStrategy::priority_based})
    EXPECT_THAT(router->route_message(message("m"), {.strategy = strategy}), IsEmpty()) << to_string(strategy);
  EXPECT_EQ(router->get_stats().messages_unrouted, 4u);
  EXPECT_EQ(router->get_stats().messages_routed, 0u);
}

TEST(RouteDestinations, FollowTheStrategy) {
  RoutingContext context{.user_id = UserId("u"), .session_id = SessionId("s"), .agent_id = AgentId("a")};
  auto lead = [&](MessageRoutingStrategy strategy) {
    context.strategy = strategy;
    return *destination_of(context);
  };
  EXPECT_EQ(lead(MessageRoutingStrategy::broadcast_all), (RouteDestination{RoutingTarget::broadcast, ""}));
  EXPECT_EQ(lead(MessageRoutingStrategy::user_specific), (RouteDestination{RoutingTarget::user, "u"}));
  EXPECT_EQ(lead(MessageRoutingStrategy::session_specific), (RouteDestination{RoutingTarget::session, "s"}));
  EXPECT_EQ(lead(MessageRoutingStrategy::agent_specific), (RouteDestination{RoutingTarget::agent, "a"}));
  EXPECT_EQ(lead(MessageRoutingStrategy::priority_based), (RouteDestination{RoutingTarget::user, "u"}));
}

TEST_F(Router, ACriticalMessageOvertakesQueuedOnesAndOrderWithinAPriorityIsKept) {
  router->register_connection(connection("c1"), ann);
  transport.answers["c1"] = SendStatus::busy;
  router->route_message(message("low"), with_priority(MessagePriority::low));
  router->route_message(message("normal 1"), with_priority(MessagePriority::normal));
  router->route_message(message("critical"), with_priority(MessagePriority::critical));
  router->route_message(message("normal 2"), with_priority(MessagePriority::normal));
  EXPECT_EQ(router->get_stats().queued_messages, 4u);
  transport.answers.clear();
  EXPECT_EQ(router->flush_connection(connection("c1")), 4);
  EXPECT_THAT(transport.sent["c1"], ElementsAre("critical", "normal 1", "normal 2", "low"));
}

TEST_F(Router, OnlyThePriorityStrategyOvertakes) {
  router->register_connection(connection("c1"), ann);
  transport.answers["c1"] = SendStatus::busy;
  router->route_message(message("first"), to_user("ann"));
  RoutingContext urgent = to_user("ann");
  urgent.priority = MessagePriority::critical;
  router->route_message(message("second"), urgent);
  transport.answers.clear();
  router->flush_connection(connection("c1"));
  EXPECT_THAT(transport.sent["c1"], ElementsAre("first", "second"));
}

TEST_F(Router, AFullQueueTakesNoMore) {
  router->register_connection(connection("c1"), ann);
  router->register_connection(connection("c2"), ann);
  transport.answers["c1"] = SendStatus::busy;
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(router->route_message(message("m"), to_user("ann")), connections({"c1", "c2"}));
  EXPECT_EQ(router->route_message(message("m"), to_user("ann")), connections({"c2"}))
      << "the others never wait for the slow one";
  EXPECT_EQ(router->get_stats().failed_deliveries, 1u);
}

TEST_F(Router, AClosedConnectionIsForgottenAndItsMessagesAreReported) {
  router->register_connection(connection("c1"), ann);
  router->register_connection(connection("c2"), ann);
  transport.answers["c1"] = SendStatus::closed;
  EXPECT_EQ(router->route_message(message("m"), to_user("ann")), connections({"c2"}));
  EXPECT_EQ(router->get_user_connections(ann), connections({"c2"}));
  EXPECT_EQ(router->get_stats().failed_deliveries, 1u);
  EXPECT_EQ(router->get_stats().deliveries, 1u);
}

TEST(RouterSink, ThatThrowsLosesThatMessageOnly) {
  int calls = 0;
  auto router = create_message_router({UserId("ann")}, [&](const ConnectionId &, const WebSocketMessage &) {
    if (++calls == 1)
      throw std::runtime_error("wire cut");
    return SendStatus::sent;
  });
  router->register_connection(connection("c1"), UserId("ann"));
  EXPECT_THAT(router->route_message(message("m1"), to_user("ann")), IsEmpty());
  EXPECT_EQ(router->route_message(message("m2"), to_user("ann")), connections({"c1"}));
  EXPECT_EQ(calls, 2) << "what may have been delivered is never sent again";
  EXPECT_EQ(router->get_stats().failed_deliveries, 1u);
}

TEST(RouterSink, MayUseTheRouter) {
  CanonicalMessageRouter *seen = nullptr;
  std::vector<std::string> order;
  auto router = create_message_router({UserId("ann")}, [&](const ConnectionId &, const WebSocketMessage &message) {
    order.push_back(message.message_id);
    if (message.message_id == "first")
      seen->route_message({.type = "chat", .message_id = "second"}, to_user("ann"));
    EXPECT_EQ(seen->get_stats().active_connections, 1u);
    return SendStatus::sent;
  });
  seen = router.get();
  router->register_connection(connection("c1"), UserId("ann"));
  router->route_message(message("first"), to_user("ann"));
  EXPECT_THAT(order, ElementsAre("first", "second"));
}

TEST(RouterSink, ThatBecomesReadyWhileItSaysBusyIsAskedAgain) {
  CanonicalMessageRouter *seen = nullptr;
  int calls = 0;
  auto router = create_message_router({UserId("ann")}, [&](const ConnectionId &id, const WebSocketMessage &) {
    if (++calls > 1)
      return SendStatus::sent;
    seen->flush_connection(id); // the transport drains between its answer and our hearing it
    return SendStatus::busy;
  });
  seen = router.get();
  router->register_connection(connection("c1"), UserId("ann"));
  router->route_message(message("m"), to_user("ann"));
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(router->get_stats().queued_messages, 0u);
}

TEST(RouterWithoutSink, KeepsMessagesForTheConnection) {
  auto router = create_message_router({UserId("ann")});
  router->register_connection(connection("c1"), UserId("ann"));
  router->route_message(message("normal"), to_user("ann"));
  router->route_message(message("critical"), with_priority(MessagePriority::critical));
  EXPECT_EQ(router->next_message(connection("c1"))->message_id, "critical");
  EXPECT_EQ(router->next_message(connection("c1"))->message_id, "normal");
  EXPECT_FALSE(router->next_message(connection("c1")));
  EXPECT_FALSE(router->next_message(connection("none")));
}

TEST_F(Router, RunsTheHandlersOfTheTypeInOrder) {
  std::vector<std::string> ran;
  auto note = [&](const char *name) {
    return [&ran, name](const UserId &, const WebSocketMessage &) { ran.emplace_back(name); };
  };
  HandlerId first = router->add_handler("chat", note("first"));
  router->add_handler("chat", note("second"));
  router->add_handler("other", note("other"));
  EXPECT_TRUE(router->handle_message(ann, message("m")));
  EXPECT_THAT(ran, ElementsAre("first", "second"));
  EXPECT_TRUE(router->remove_handler(first));
  EXPECT_FALSE(router->remove_handler(first));
  router->handle_message(ann, message("m"));
  EXPECT_THAT(ran, ElementsAre("first", "second", "second"));
  EXPECT_TRUE(router->remove_handler("chat"));
  EXPECT_FALSE(router->remove_handler("chat"));
}

TEST_F(Router, AHandlerThatThrowsIsReportedInItsPlaceAndTheOthersStillRun) {
  int ran = 0;
  router->add_handler("chat", [&](const UserId &, const WebSocketMessage &) { ++ran; });
  router->add_handler("chat", [](const UserId &, const WebSocketMessage &) { throw std::runtime_error("broken"); });
  router->add_handler("chat", [](const UserId &, const WebSocketMessage &) { throw 7; });
  router->add_handler("chat", [&](const UserId &, const WebSocketMessage &) { ++ran; });
  DispatchReport report = router->dispatch_message(ann, message("m"));
  EXPECT_EQ(ran, 2);
  ASSERT_EQ(report.handlers.size(), 4u);
  EXPECT_TRUE(report.handlers[0].succeeded);
  EXPECT_EQ(report.handlers[1].error, "broken");
  EXPECT_FALSE(report.handlers[2].succeeded);
  EXPECT_TRUE(report.handlers[3].succeeded);
  EXPECT_FALSE(report.succeeded());
  EXPECT_FALSE(router->handle_message(ann, message("m")));
  EXPECT_EQ(router->get_stats().handler_errors, 4u);
}

TEST_F(Router, AHandlerMayUseTheRouter) {
  router->register_connection(connection("c1"), ann);
  router->add_handler("chat", [&](const UserId &, const WebSocketMessage &) {
    router->route_message(message("reply"), to_user("ann"));
    router->remove_handler("chat");
  });
  EXPECT_TRUE(router->handle_message(ann, message("m")));
  EXPECT_THAT(transport.sent["c1"], ElementsAre("reply"));
}

TEST(RouterAcknowledgements, AnswerAnUnknownType) {
  std::vector<std::pair<std::string, WebSocketMessage>> sent;
  auto router = create_message_router({UserId("ann")}, [&](const ConnectionId &id, const WebSocketMessage &message) {
    sent.emplace_back(id.str(), message);
    return SendStatus::sent;
  });
  router->register_connection(connection("c1"), UserId("ann"));
  router->register_connection(connection("c2"), UserId("ann"));
  EXPECT_TRUE(router->handle_message(UserId("ann"), message("m1")));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].second.type, "ack");
  EXPECT_EQ(sent[0].second.payload.get_string("received_type"), "chat");
  EXPECT_EQ(sent[0].second.payload.get_string("message_id"), "m1");
  sent.clear();
  DispatchReport report = router->dispatch_message(UserId("ann"), message("m2"), connection("c2"));
  EXPECT_TRUE(report.acknowledged);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].first, "c2");
}

TEST_F(Router, CleansUpByTheSteadyClockAndSignsOfLife) {
  router->register_connection(connection("quiet"), ann);
  router->register_connection(connection("lively"), ann);
  clock.advance(60s);
  EXPECT_TRUE(router->touch_connection(connection("lively")));
  EXPECT_FALSE(router->touch_connection(connection("none")));
  EXPECT_EQ(router->cleanup_inactive_connections(60s), 0) << "not longer than the time-out";
  clock.advance(1ms);
  EXPECT_EQ(router->cleanup_inactive_connections(60s), 1);
  EXPECT_EQ(router->get_user_connections(ann), connections({"lively"}));
  EXPECT_EQ(router->get_stats().connections_cleaned, 1u);
}

TEST_F(Router, AMessageThatReachedNobodyIsNotCountedAsRouted) {
  router->route_message(message("m"), to_user("ann"));
  EXPECT_EQ(router->get_stats().messages_routed, 0u);
  EXPECT_EQ(router->get_stats().messages_unrouted, 1u);
}

TEST_F(Router, ReplaysWhatAConnectionMissed) {
  router->register_connection(connection("c1"), ann);
  router->route_message(message("seen"), to_user("ann"));
  ReplayPosition position = router->history_position();
  router->unregister_connection(connection("c1"));
  router->route_message(message("missed"), to_user("ann"));
  router->route_message(message("urgent"), with_priority(MessagePriority::critical));
  router->route_message(message("not for this session"),
                        {.session_id = SessionId("s"), .strategy = MessageRoutingStrategy::session_specific});
  router->register_connection(connection("c1"), ann);
  EXPECT_EQ(router->replay(connection("c1"), position), 2);
  EXPECT_THAT(transport.sent["c1"], ElementsAre("seen", "urgent", "missed"));
  EXPECT_EQ(router->replay(connection("c1"), router->history_position()), 0);
}

TEST_F(Router, TellsAConnectionThatIsTooFarBehindToReload) {
  router->register_connection(connection("c1"), ann);
  ReplayPosition position = router->history_position();
  for (int i = 0; i < 9; ++i)
    router->route_message(message("m"), to_user("ann"));
  EXPECT_FALSE(router->replay(connection("c1"), position)) << "the history keeps 8";
  EXPECT_FALSE(router->replay(connection("c1"), {"another epoch", {}}));
}

TEST(RouterThreads, LoseNothingAndKeepEachThreadsOrder) {
  constexpr int kThreads = 4;
  constexpr int kMessages = 2000;
  std::atomic<int> busy_answers = 0;
  std::mutex mutex;
  std::map<std::string, std::vector<std::string>> sent;
  auto router = create_message_router({UserId("ann")},
                                      [&](const ConnectionId &id, const WebSocketMessage &message) {
                                        if (busy_answers.fetch_add(1) % 7 == 0)
                                          return SendStatus::busy;
                                        std::lock_guard lock(mutex);
                                        sent[id.str()].push_back(message.message_id);
                                        return SendStatus::sent;
                                      },
                                      {.queue_limit = kThreads * kMessages});
  router->register_connection(connection("c1"), UserId("ann"));
  router->register_connection(connection("c2"), UserId("ann"));

  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&router, t] {
      for (int n = 0; n < kMessages; ++n)
        router->route_message(message(std::to_string(t) + ":" + std::to_string(n)), to_user("ann"));
    });
  threads.emplace_back([&router] {
    for (int n = 0; n < kMessages; ++n) {
      ConnectionId passing("passing" + std::to_string(n % 3));
      router->register_connection(passing, UserId("ann"));
      router->unregister_connection(passing);
      router->get_stats();
    }
  });
  for (std::thread &thread : threads)
    thread.join();
  while (router->get_stats().queued_messages > 0)
    for (const char *id : {"c1", "c2"})
      router->flush_connection(connection(id));

  for (const char *id : {"c1", "c2"}) {
    ASSERT_EQ(sent[id].size(), static_cast<std::size_t>(kThreads * kMessages)) << id;
    std::map<std::string, int> next;
    for (const std::string &text : sent[id]) {
      auto colon = text.find(':');
      EXPECT_EQ(std::stoi(text.substr(colon + 1)), next[text.substr(0, colon)]++)
          << "order of thread " << text.substr(0, colon);
    }
  }
}

TEST(RouterThreads, TenUsersAtOnceSeeOnlyTheirOwn) {
  constexpr int kUsers = 10;
  std::mutex mutex;
  std::map<std::string, std::set<std::string>> seen_by;
  std::vector<std::unique_ptr<CanonicalMessageRouter>> routers;
  for (int u = 0; u < kUsers; ++u)
    routers.push_back(create_message_router(
        {UserId("u" + std::to_string(u))}, [&](const ConnectionId &id, const WebSocketMessage &message) {
          std::lock_guard lock(mutex);
          seen_by[id.str()].insert(message.payload.get_string("owner").value_or(""));
          return SendStatus::sent;
        }));
  std::vector<std::thread> threads;
  for (int u = 0; u < kUsers; ++u)
    threads.emplace_back([&, u] {
      std::string name = "u" + std::to_string(u);
      CanonicalMessageRouter &router = *routers[static_cast<std::size_t>(u)];
      router.register_connection(connection("c" + std::to_string(u)), UserId(name));
      for (int n = 0; n < 200; ++n) {
        router.route_message({.type = "chat", .payload = Json().set("owner", name), .user_id = UserId(name)},
                             to_user(name));
        routers[static_cast<std::size_t>((u + 1) % kUsers)]->route_message(
            {.type = "chat", .payload = Json().set("owner", name), .user_id = UserId(name)}, to_user(name));
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  for (int u = 0; u < kUsers; ++u)
    EXPECT_THAT(seen_by["c" + std::to_string(u)], ElementsAre("u" + std::to_string(u)));
}

} // namespace
} // namespace netra
