// RFC 6455 as a server must keep it: the cases of the Autobahn suite that matter here, by its sections, over bare
// sockets.
#include "router_process.h"
#include "ws_client.h"

#include <gtest/gtest.h>

namespace netra::test {
namespace {

/// One server for all cases: each has a connection of its own, as a user of its own.
class Conformance : public testing::Test {
protected:
  static void SetUpTestSuite() {
    router =
        new Router({"--max-message-bytes", "4096", "--max-frame-bytes", "2048", "--max-messages-per-second", "100000"});
  }
  static void TearDownTestSuite() {
    delete router;
    router = nullptr;
  }

  void SetUp() override {
    client.emplace(router->port(), testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_EQ(client->status(), 101);
    ASSERT_TRUE(client->read_until("hello"));
  }

  /// The server still takes this connection's messages.
  void expect_alive() {
    client->send_json({{"type", "ping"}, {"payload", {{"n", 7}}}});
    auto pong = client->read_until("pong");
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->at("payload").at("n"), 7);
  }

  static Router *router;
  std::optional<WsClient> client;
};

Router *Conformance::router = nullptr;

const std::string kPingText = R"({"type":"ping","payload":{"text":"κόσμε 😀"}})";

// 1: framing

TEST_F(Conformance, TextOfEveryLengthForm) {
  for (std::size_t size : {0u, 1u, 125u, 126u, 127u, 128u, 1000u, 2000u}) {
    client->send_json({{"type", "ping"}, {"payload", {{"text", std::string(size, '*')}}}});
    auto pong = client->read_until("pong");
    ASSERT_TRUE(pong) << size;
    EXPECT_EQ(pong->at("payload").at("text").get<std::string>().size(), size);
  }
}

TEST_F(Conformance, BinaryIsRefusedWith1003) {
  client->send_frame(kBinary, "\x01\x02");
  EXPECT_EQ(client->read_close(), 1003);
}

// 2: pings and pongs

TEST_F(Conformance, PingIsAnsweredWithItsPayload) {
  for (std::size_t size : {0u, 1u, 125u}) {
    client->send_frame(kPing, std::string(size, 'p'));
    auto pong = client->read_frame();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, kPong);
    EXPECT_EQ(pong->payload, std::string(size, 'p'));
  }
}

TEST_F(Conformance, PingOfMoreThan125BytesIsAProtocolError) {
  client->send_frame(kPing, std::string(126, 'p'));
  EXPECT_EQ(client->read_close(), 1002);
}

TEST_F(Conformance, UnsolicitedPongIsIgnored) {
  client->send_frame(kPong, "nobody asked");
  expect_alive();
}

TEST_F(Conformance, TenPingsGetTenPongsInOrder) {
  for (char c = '0'; c <= '9'; ++c)
    client->send_frame(kPing, std::string(1, c));
  for (char c = '0'; c <= '9'; ++c)
    EXPECT_EQ(client->read_frame()->payload, std::string(1, c));
}

// 3: reserved bits

TEST_F(Conformance, Rsv1) {
  client->send_frame(kText, kPingText, true, true, 4);
  EXPECT_EQ(client->read_close(), 1002);
}
TEST_F(Conformance, Rsv2) {
  client->send_frame(kText, kPingText, true, true, 2);
  EXPECT_EQ(client->read_close(), 1002);
}
TEST_F(Conformance, Rsv3InAControlFrame) {
  client->send_frame(kPing, "x", true, true, 1);
  EXPECT_EQ(client->read_close(), 1002);
}

// 4: opcodes

TEST_F(Conformance, ReservedDataOpcode) {
  client->send_frame(3, "x");
  EXPECT_EQ(client->read_close(), 1002);
}
TEST_F(Conformance, ReservedControlOpcode) {
  client->send_frame(11, "x");
  EXPECT_EQ(client->read_close(), 1002);
}

// 5: fragmentation

TEST_F(Conformance, TextInFragments) {
  client->send_frame(kText, kPingText.substr(0, 10), false);
  client->send_frame(kContinuation, kPingText.substr(10, 20), false);
  client->send_frame(kContinuation, kPingText.substr(30), true);
  EXPECT_EQ(client->read_until("pong")->at("payload").at("text"), "κόσμε 😀");
}

TEST_F(Conformance, ControlFramesBetweenFragments) {
  client->send_frame(kText, kPingText.substr(0, 10), false);
  client->send_frame(kPing, "between");
  auto pong = client->read_frame();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->payload, "between") << "answered before the message is complete";
  client->send_frame(kContinuation, kPingText.substr(10), true);
  EXPECT_TRUE(client->read_until("pong"));
}

TEST_F(Conformance, EmptyFragments) {
  client->send_frame(kText, "", false);
  client->send_frame(kContinuation, kPingText, false);
  client->send_frame(kContinuation, "", true);
  EXPECT_TRUE(client->read_until("pong"));
}

TEST_F(Conformance, OneByteAtATime) {
  for (std::size_t i = 0; i < kPingText.size(); ++i)
    client->send_frame(i == 0 ? kText : kContinuation, kPingText.substr(i, 1), i + 1 == kPingText.size());
  EXPECT_TRUE(client->read_until("pong"));
}

TEST_F(Conformance, FragmentedPingIsAProtocolError) {
  client->send_frame(kPing, "x", false);
  EXPECT_EQ(client->read_close(), 1002);
}

TEST_F(Conformance, ContinuationWithoutABeginning) {
  client->send_frame(kContinuation, "x");
  EXPECT_EQ(client->read_close(), 1002);
}

TEST_F(Conformance, NewMessageInsideAFragmentedOne) {
  client->send_frame(kText, "{", false);
  client->send_frame(kText, "}");
  EXPECT_EQ(client->read_close(), 1002);
}

// 6: UTF-8

TEST_F(Conformance, Utf8SplitInsideACodePoint) {
  auto split = kPingText.find("😀") + 2;
  client->send_frame(kText, kPingText.substr(0, split), false);
  client->send_frame(kContinuation, kPingText.substr(split), true);
  EXPECT_EQ(client->read_until("pong")->at("payload").at("text"), "κόσμε 😀");
}

TEST_F(Conformance, InvalidUtf8) {
  client->send_frame(kText, "{\"type\":\"\xff\"}");
  EXPECT_EQ(client->read_close(), 1007);
}
TEST_F(Conformance, OverlongUtf8) {
  client->send_frame(kText, "\xc0\xaf");
  EXPECT_EQ(client->read_close(), 1007);
}
TEST_F(Conformance, Utf8Surrogate) {
  client->send_frame(kText, "\xed\xa0\x80");
  EXPECT_EQ(client->read_close(), 1007);
}
TEST_F(Conformance, Utf8CutOffAtTheEnd) {
  client->send_frame(kText, "\xf0\x9f\x98");
  EXPECT_EQ(client->read_close(), 1007);
}
TEST_F(Conformance, InvalidUtf8InALaterFragment) {
  client->send_frame(kText, "abc", false);
  client->send_frame(kContinuation, "\xff\xff", true);
  EXPECT_EQ(client->read_close(), 1007);
}

// 7: close

TEST_F(Conformance, CloseIsAnsweredWithItsCode) {
  client->close(1000);
  EXPECT_EQ(client->read_close(), 1000);
  EXPECT_FALSE(client->read_frame()) << "and the server ends the connection";
}
TEST_F(Conformance, CloseWithoutACode) {
  client->send_frame(kClose, "");
  int code = client->read_close();
  EXPECT_TRUE(code == 1005 || code == 1000) << code;
}
TEST_F(Conformance, CloseWithHalfACode) {
  client->send_frame(kClose, "\x03");
  EXPECT_EQ(client->read_close(), 1002);
}
TEST_F(Conformance, CloseWithAReasonThatIsNotUtf8) {
  client->send_frame(kClose, close_payload(1000, "\xff"));
  EXPECT_EQ(client->read_close(), 1002) << "Beast takes it for a malformed close frame, where 1007 would be as right";
}
TEST_F(Conformance, CloseCodesThatMustNotBeSent) {
  for (std::uint16_t code : {0, 999, 1004, 1005, 1006, 1015, 2999}) {
    WsClient other(router->port(), "codes" + std::to_string(code));
    other.read_until("hello");
    other.close(code);
    EXPECT_EQ(other.read_close(), 1002) << code;
  }
}
TEST_F(Conformance, CloseCodesOfApplications) {
  for (std::uint16_t code : {1001, 1011, 3000, 4999}) {
    WsClient other(router->port(), "codes" + std::to_string(code));
    other.read_until("hello");
    other.close(code);
    EXPECT_EQ(other.read_close(), code) << code;
  }
}
TEST_F(Conformance, NothingIsTakenAfterAClose) {
  client->close(1000);
  client->say("t", "too late");
  EXPECT_EQ(client->read_close(), 1000);
  EXPECT_EQ(router->metric("netra_agent_runs_total"), 0);
}
TEST_F(Conformance, CloseOfMoreThan125Bytes) {
  client->send_frame(kClose, close_payload(1000, std::string(124, 'x')));
  EXPECT_EQ(client->read_close(), 1002);
}

// 9: limits

TEST_F(Conformance, MessageOverTheLimitInFragments) {
  client->send_frame(kText, std::string(2048, 'x'), false);
  client->send_frame(kContinuation, std::string(2048, 'x'), false);
  client->send_frame(kContinuation, "x", true);
  EXPECT_EQ(client->read_close(), 1009);
}
TEST_F(Conformance, FrameOverTheLimit) {
  client->send_frame(kText, std::string(2049, 'x'));
  EXPECT_EQ(client->read_close(), 1009);
}
TEST_F(Conformance, FrameThatAnnouncesExabytesIsRefusedBeforeItComes) {
  client->socket().send(std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"
                                    "abcd",
                                    14));
  EXPECT_EQ(client->read_close(), 1009);
}

// masks

TEST_F(Conformance, UnmaskedFrameIsAProtocolError) {
  client->send_frame(kText, kPingText, true, false);
  EXPECT_EQ(client->read_close(), 1002);
}

TEST_F(Conformance, FramesInOneSegmentAndAcrossSegments) {
  for (int i = 0; i < 50; ++i)
    client->send_frame(kPing, std::to_string(i));
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(client->read_frame()->payload, std::to_string(i));
  std::string frame = "\x89\x81mmmm";
  frame += static_cast<char>('x' ^ 'm');
  for (char byte : frame)
    client->socket().send(std::string(1, byte));
  EXPECT_EQ(client->read_frame()->payload, "x");
}

} // namespace
} // namespace netra::test
