// The legacy names see what they always saw, and somebody counts them.
#include "compat_callers.h"
#include "test_doubles.h"

#include "netra/compat/legacy_runtime.h"
#include "netra/services/quality_handlers.h"
#include "netra/websocket_core/agent_events.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace netra {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using compat::FreeFunctions;
using test::connections;

class Compat : public testing::Test {
protected:
  Compat() {
    manager->connect("ann", "a1");
    manager->connect("ann", "a2");
    manager->connect("bob", "b1");
    legacy_callers::use_manager(manager);
  }
  ~Compat() override { legacy_callers::use_manager(nullptr); }

  const UserId ann{"ann"};
  const UserId nobody{"nobody"};
  std::shared_ptr<test::RecordingManager> manager = std::make_shared<test::RecordingManager>();
  const Event news{"news", Json().set("userId", "bob").set("text", "hi")};
};

TEST_F(Compat, AllFiveBroadcastsCountRealSendsAndReachOnlyTheUser) {
  EXPECT_EQ(legacy_callers::notify_by_router(manager, ann, news), 2);
  EXPECT_EQ(legacy_callers::notify_by_function(ann, news), 2);
  EXPECT_EQ(legacy_callers::notify_by_scoped_router(manager, ann, news), 2);
  EXPECT_EQ(legacy_callers::notify_by_scoped_function(ann, news), 2);
  EXPECT_EQ(legacy_callers::notify_by_swapped_function(ann, news), 2);
  EXPECT_THAT(manager->sent_to("b1"), IsEmpty());
  std::vector<Event> sent = manager->sent_to("a1");
  ASSERT_EQ(sent.size(), 5u);
  for (const Event &event : sent)
    EXPECT_EQ(event.data.get_string("userId"), "ann") << "the canonical service cleans for them too";
  EXPECT_EQ(sent[2].data.get_string("user_id"), "ann") << "the scoped router adds its context";
  EXPECT_EQ(sent[2].data.get_string("thread_id"), "thread-1");
  EXPECT_EQ(sent[4].data.get_string("user_id"), "ann");
  EXPECT_EQ(legacy_callers::notify_all(manager, {ann, UserId("bob")}, news), 3)
      << "not one of the five, and still there";
}

TEST_F(Compat, BroadcastsReturnZeroWithoutAManagerOrAConnection) {
  EXPECT_EQ(legacy_callers::notify_by_function(nobody, news), 0);
  EXPECT_EQ(legacy_callers::notify_by_router(nullptr, ann, news), 0);
  EXPECT_EQ(legacy_callers::notify_by_scoped_router(nullptr, ann, news), 0);
  legacy_callers::use_manager(nullptr);
  EXPECT_EQ(legacy_callers::notify_by_function(ann, news), 0);
  EXPECT_EQ(legacy_callers::notify_by_scoped_function(ann, news), 0);
  EXPECT_EQ(legacy_callers::notify_by_swapped_function(ann, news), 0);
}

TEST_F(Compat, TheRollbackIsWithinReachOfTheFreeFunctions) {
  compat::broadcast_service(FreeFunctions::event_router)->set_flag(BroadcastFlag::delegate_to_canonical, false);
  EXPECT_EQ(legacy_callers::notify_by_function(nobody, news), 1) << "the legacy count";
  EXPECT_EQ(legacy_callers::notify_by_scoped_function(nobody, news), 0) << "each has its own";
  compat::broadcast_service(FreeFunctions::event_router)->set_flag(BroadcastFlag::delegate_to_canonical, true);
  EXPECT_EQ(legacy_callers::notify_by_function(nobody, news), 0);
}

TEST_F(Compat, SwappedArgumentsAreSwappedBack) {
  EXPECT_EQ(legacy_callers::join_by_handlers(ann, ConnectionId("c1")), connections({"c1"}));
}

TEST_F(Compat, HandlersKeepTheirResultsAndTheirExceptions) {
  EXPECT_TRUE(legacy_callers::ask_handlers("yes"));
  EXPECT_FALSE(legacy_callers::ask_handlers("no"));
  EXPECT_FALSE(legacy_callers::ask_handlers("unknown"));
  EXPECT_THROW(legacy_callers::ask_handlers("throws"), std::runtime_error);
}

TEST_F(Compat, TheOldRouterRoutesForOneUserOrForAll) {
  std::vector<ConnectionId> sent;
  auto took = legacy_callers::route_through(
      [&](const ConnectionId &connection, const WebSocketMessage &) {
        sent.push_back(connection);
        return SendStatus::sent;
      },
      ann);
  EXPECT_EQ(took, connections({"c1", "c2"}));
  EXPECT_EQ(sent, took);
  EXPECT_EQ(legacy_callers::route_to_all(), connections({"a1", "b1"}));
}

TEST_F(Compat, TheRouterOfTheProcessIsShared) {
  EXPECT_EQ(legacy_callers::shared_connections_after(ConnectionId("c1"), ann), 1u);
  EXPECT_EQ(legacy_callers::shared_connections_after(ConnectionId("c1"), ann), 1u);
}

TEST_F(Compat, QualityTypesAreHandlersOfTheCanonicalRouter) {
  std::string seen;
  EXPECT_TRUE(legacy_callers::ask_for_quality("validate_content", ann, seen));
  EXPECT_EQ(seen, "ann validate_content");
  EXPECT_FALSE(legacy_callers::ask_for_quality("chat", ann, seen));
}

TEST_F(Compat, TheGoldenPathIsTheSameUnderOldAndNewNames) {
  std::vector<std::string> heard_old, heard_new;
  auto into = [](std::vector<std::string> &heard) {
    return [&heard](const ConnectionId &connection, const WebSocketMessage &message) {
      heard.push_back(connection.str() + " " + message.type);
      return SendStatus::sent;
    };
  };
  legacy_callers::events_of_a_run(into(heard_old), ann);

  auto router = create_message_router({UserId("ann")}, into(heard_new));
  router->register_connection(ConnectionId("c1"), UserId("ann"));
  router->add_handler("user_message", [&](const UserId &user, const WebSocketMessage &) {
    AgentEventStream run({"r", "t", user, "echo"}, [&](const Event &event) {
      router->route_message({.type = event.type, .payload = event.data}, {.user_id = user});
    });
    run.started();
    run.thinking("hm");
    run.tool_executing("echo");
    run.tool_completed({});
    run.completed();
  });
  router->handle_message(UserId("ann"), {.type = "user_message"});
  ASSERT_EQ(heard_old.back(), "c1 ack") << "the unknown type that the legacy caller tries as well is acknowledged now";
  heard_old.pop_back();
  EXPECT_EQ(heard_old, heard_new);
  EXPECT_THAT(heard_new, ElementsAre("c1 agent_started", "c1 agent_thinking", "c1 tool_executing", "c1 tool_completed",
                                     "c1 agent_completed"));
}

TEST_F(Compat, EveryUseIsCountedByName) {
  DeprecationCounter &usage = compat::legacy_usage();
  auto before = usage.calls("broadcast_user_event");
  legacy_callers::notify_by_swapped_function(ann, news);
  legacy_callers::notify_by_swapped_function(ann, news);
  EXPECT_EQ(usage.calls("broadcast_user_event"), before + 2);
  legacy_callers::join_by_handlers(ann, ConnectionId("c1"));
  EXPECT_GT(usage.calls("handlers::MessageRouter::register_connection"), 0u);
  EXPECT_THAT(usage.prometheus_text(), HasSubstr("legacy_api_calls_total{api=\"broadcast_user_event\",replacement="
                                                 "\"WebSocketBroadcastService::broadcast_to_user\"} "));
}

#ifdef LEGACY_APP
/// Not only callers of our own: what the legacy code base says about these names compiles against the layer as it
/// stands.
TEST(CompatWarnings, CallersOfTheLegacyCodeBaseCompileUnchanged) {
  for (const char *file : {"/src/app/router_access.cpp"}) {
    const std::string command = std::string(COMPAT_COMPILER) +
                                " -std=c++20 -fsyntax-only -Wno-deprecated-declarations " + COMPAT_INCLUDES +
                                " -I" LEGACY_APP "/include -include netra/core/logging.h " LEGACY_APP + file;
    EXPECT_EQ(std::system(command.c_str()), 0) << file;
  }
}
#endif

/// The compiler says for each legacy name, in its own words, what to use instead.
TEST(CompatWarnings, NameEveryLegacyNameAndItsReplacement) {
  const std::string log = testing::TempDir() + "compat_warnings.txt";
  const std::string command = std::string(COMPAT_COMPILER) + " -std=c++20 -fsyntax-only -Wdeprecated-declarations " +
                              COMPAT_INCLUDES + " " + COMPAT_CALLERS + " > " + log + " 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0) << "legacy callers compile unchanged";
  std::ifstream file(log);
  std::stringstream warnings;
  warnings << file.rdbuf();
  for (const char *text : {
           "MessageRouter is deprecated. Use CanonicalMessageRouter from "
           "netra/websocket_core/canonical_message_router.h instead.",
           "MessageRouterSST is deprecated. Use CanonicalMessageRouter from "
           "netra/websocket_core/canonical_message_router.h instead.",
           "UnifiedMessageRouter is deprecated. Use CanonicalMessageRouter from",
           "get_message_router is deprecated. Use create_message_router from",
           "create_router is deprecated. Use create_message_router from",
           "handlers::MessageRouter is deprecated. Use CanonicalMessageRouter from",
           "WebSocketMessageRouter is deprecated. Use CanonicalMessageRouter from",
           "WebSocketEventRouter is deprecated. Use WebSocketBroadcastService from "
           "netra/services/websocket_broadcast_service.h instead.",
           "UserScopedWebSocketEventRouter is deprecated. Use WebSocketBroadcastService from",
           "broadcast_to_user is deprecated. Use WebSocketBroadcastService::broadcast_to_user from",
           "user_scoped::broadcast_to_user is deprecated. Use WebSocketBroadcastService::broadcast_to_user from",
           "broadcast_user_event is deprecated. Use WebSocketBroadcastService::broadcast_to_user from",
           "QualityMessageRouter is deprecated. Use CanonicalMessageRouter with add_quality_handlers from",
       })
    EXPECT_THAT(warnings.str(), HasSubstr(text));
}

} // namespace
} // namespace netra
