#include "netra/websocket_core/types.h"

#include <gtest/gtest.h>
#include <type_traits>

namespace netra {
namespace {

TEST(Identifiers, AreDistinctTypes) {
  static_assert(!std::is_same_v<UserId, ConnectionId>);
  static_assert(!std::is_convertible_v<UserId, ConnectionId>);
  static_assert(!std::is_convertible_v<std::string, UserId>);
  EXPECT_EQ(UserId("ann"), UserId("ann"));
  EXPECT_NE(UserId("ann"), UserId("bob"));
}

TEST(Identifiers, RefuseWhatIsNotAnIdentifier) {
  EXPECT_THROW(UserId(""), InvalidIdentifier);
  EXPECT_THROW(UserId("an\nn"), InvalidIdentifier);
  EXPECT_THROW(UserId(std::string("an\0n", 4)), InvalidIdentifier);
  EXPECT_THROW(UserId("an\x7fn"), InvalidIdentifier);
  EXPECT_THROW(UserId(std::string(257, 'a')), InvalidIdentifier);
  EXPECT_EQ(UserId(std::string(256, 'a')).str().size(), 256u);
  EXPECT_EQ(UserId("Ünï cødé").str(), "Ünï cødé");
  EXPECT_FALSE(SessionId::parse(""));
  EXPECT_EQ(SessionId::parse("s1"), SessionId("s1"));
}

TEST(Identifiers, SayWhichKindAndNeverTheText) {
  try {
    ConnectionId("secret\n");
    FAIL() << "a control character was let through";
  } catch (const InvalidIdentifier &error) {
    EXPECT_STREQ(error.what(), "connection id holds a control character");
  }
}

TEST(Timestamps, AreUtcWithMilliseconds) {
  EXPECT_EQ(to_iso8601(Timestamp()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(Timestamp(std::chrono::milliseconds(1714564800123))), "2024-05-01T12:00:00.123Z");
  EXPECT_EQ(to_iso8601(Timestamp(std::chrono::milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(Events, GoOutWithTheirTypeAmongTheFields) {
  Event event{"agent_started", Json().set("run_id", "r1")};
  EXPECT_EQ(event.to_json().dump(), R"({"run_id":"r1","type":"agent_started"})");
}

TEST(Names, OfEveryEnumerator) {
  EXPECT_STREQ(to_string(MessagePriority::critical), "critical");
  EXPECT_STREQ(to_string(RoutingTarget::agent), "agent");
  EXPECT_STREQ(to_string(SendStatus::busy), "busy");
}

} // namespace
} // namespace netra
