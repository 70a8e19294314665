// The golden path three times: with the canonical names, with the legacy names over them, and in the legacy code base
// itself.
#include "compat_callers.h"
#include "legacy_golden_path.h"
#include "test_doubles.h"

#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/agent_events.h"
#include "netra/websocket_core/canonical_message_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netra {
namespace {

using testing::ElementsAre;

/// Ann and bob are connected; what each was sent, as the legacy side reports it.
struct Room {
  Room() {
    manager->connect("ann", "a1");
    manager->connect("bob", "b1");
  }

  std::vector<std::string> heard() const {
    std::vector<std::string> lines;
    for (const Event &event : manager->sent_to("a1"))
      lines.push_back(event.type + " " + event.data.get_string("user_id").value_or(""));
    for (const Event &event : manager->sent_to("b1"))
      lines.push_back("bob: " + event.type);
    return lines;
  }

  std::shared_ptr<test::RecordingManager> manager = std::make_shared<test::RecordingManager>();
};

std::vector<std::string> canonical_golden_path() {
  Room room;
  auto broadcast = create_broadcast_service(room.manager);
  auto router = create_message_router({UserId("ann")});
  router->add_handler("user_message", [&](const UserId &user, const WebSocketMessage &message) {
    AgentEventStream run({"r", message.thread_id, user, "calc"},
                         [&](const Event &event) { broadcast->broadcast_to_user(user, event); });
    run.started();
    run.thinking("two numbers and a sign");
    run.tool_executing("calc");
    run.tool_completed(Json().set("result", 6));
    run.completed();
  });
  EXPECT_TRUE(router->handle_message(UserId("ann"), {.type = "user_message", .thread_id = "t"}));
  return room.heard();
}

TEST(GoldenPaths, TheCanonicalOne) {
  EXPECT_THAT(canonical_golden_path(), ElementsAre("agent_started ann", "agent_thinking ann", "tool_executing ann",
                                                   "tool_completed ann", "agent_completed ann"));
}

TEST(GoldenPaths, LegacyNamesSayTheSame) {
  Room room;
  legacy_callers::golden_path(room.manager, UserId("ann"));
  EXPECT_EQ(room.heard(), canonical_golden_path());
}

#ifdef LEGACY_APP
TEST(GoldenPaths, TheLegacyCodeBaseSaysTheSame) { EXPECT_EQ(test::legacy_golden_path(), canonical_golden_path()); }
#endif

} // namespace
} // namespace netra
