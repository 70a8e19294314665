// What the server does about clients that misbehave, break, or come back, and about its own end.
#include "router_process.h"
#include "ws_client.h"

#include <csignal>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <sys/socket.h>

namespace netra::test {
namespace {

using testing::HasSubstr;

void expect_served(const Router &router, const std::string &user) {
  WsClient client(router.port(), user);
  ASSERT_EQ(client.status(), 101);
  ASSERT_TRUE(client.read_until("hello"));
  client.say("t", "still there?");
  EXPECT_TRUE(client.read_until("agent_completed"));
}

/// admitted = written + dropped, once nothing is queued any more.
void expect_balanced_books(const Router &router) {
  double admitted = router.metric("netra_frames_admitted_total");
  double dropped = router.metric("netra_frames_dropped_total");
  EXPECT_EQ(router.metric_becomes("netra_frames_written_total", admitted - dropped),
            admitted - router.metric("netra_frames_dropped_total"));
}

TEST(Messages, ThatAreNoneAreAnsweredWithAnError) {
  Router router;
  WsClient client(router.port(), "ann");
  client.read_until("hello");
  std::vector<std::string> bad = {"",
                                  "{",
                                  "[]",
                                  "7",
                                  "null",
                                  "{\"type\":7}",
                                  "{\"type\":\"\"}",
                                  "{\"payload\":{}}",
                                  "\"user_message\"",
                                  std::string(10000, '['),
                                  R"({"type":"x","type2":)" + std::string(100, '[') + std::string(100, ']') + "}"};
  for (const std::string &text : bad) {
    client.send_text(text);
    auto error = client.read_message();
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->at("type"), "error");
    EXPECT_EQ(error->at("payload").at("code"), "invalid_message");
  }
  EXPECT_EQ(router.metric("netra_messages_rejected_total"), static_cast<double>(bad.size()));
  client.send_json({{"type", "ping"}});
  EXPECT_TRUE(client.read_until("pong"));
}

TEST(Messages, ThatNameAnotherUserAreRefused) {
  Router router;
  WsClient ann(router.port(), "ann"), bob(router.port(), "bob");
  ann.read_until("hello");
  bob.read_until("hello");
  for (const char *field : {"user_id", "userId", "recipient_id", "target_user_id"}) {
    ann.send_json({{"type", "user_message"}, {field, "bob"}, {"payload", {{"text", "for bob"}}}});
    auto refusal = ann.read_message();
    EXPECT_EQ(refusal->at("payload").at("code"), "foreign_user") << field;
    EXPECT_THAT(refusal->dump(), testing::Not(HasSubstr("bob")));
    ann.send_json({{"type", "user_message"}, {"payload", {{"text", "for bob"}, {field, "bob"}}}});
    EXPECT_EQ(ann.read_message()->at("payload").at("code"), "foreign_user") << field;
  }
  bob.send_json({{"type", "ping"}});
  EXPECT_EQ(bob.read_message()->at("type"), "pong") << "bob has heard nothing";
  EXPECT_EQ(router.metric("netra_foreign_user_refused_total"), 8);
  EXPECT_EQ(router.metric("netra_isolation_violations_total"), 0);
}

TEST(Floods, AreClosedWith1008AndDisturbNobody) {
  Router router({"--max-messages-per-second", "50"});
  WsClient flood(router.port(), "eve");
  flood.read_until("hello");
  for (int i = 0; i < 200 && flood.send_text("{\"type\":\"ping\"}"); ++i) {
  }
  EXPECT_EQ(flood.read_close(), 1008);
  EXPECT_EQ(router.metric("netra_rate_limited_total"), 1);
  expect_served(router, "ann");
}

TEST(Floods, OfGarbageFramesDisturbNobody) {
  Router router({"--close-timeout", "300ms"});
  WsClient bystander(router.port(), "ann");
  bystander.read_until("hello");
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    WsClient client(router.port(), "eve" + std::to_string(i % 20));
    ASSERT_EQ(client.status(), 101);
    std::string garbage;
    for (std::uint32_t bytes = random() % 300; bytes > 0; --bytes)
      garbage += static_cast<char>(random());
    client.socket().send(garbage);
    if (i % 2 == 0)
      client.socket().reset();
  }
  EXPECT_EQ(router.metric_becomes("netra_connections", 1), 1);
  bystander.say("t", "undisturbed");
  EXPECT_TRUE(bystander.read_until("agent_completed"));
  expect_balanced_books(router);
}

TEST(SlowConsumers, AreClosedWith1013ByBytesWhileTheOthersGetEverything) {
  Router router({"--max-queue-bytes", "65536", "--max-messages-per-second", "100000", "--close-timeout", "300ms"});
  WsClient slow(router.port(), {.token = Router::token("ann"), .receive_buffer = 4096});
  WsClient quick(router.port(), "ann");
  slow.read_until("hello");
  quick.read_until("hello");
  constexpr int kRuns = 200;
  const std::string text(20000, 'x');
  int completed = 0;
  for (int i = 0; i < kRuns; ++i) {
    ASSERT_TRUE(quick.say("t", text));
    completed += quick.read_until("agent_completed").has_value();
  }
  EXPECT_EQ(completed, kRuns);
  EXPECT_EQ(router.metric("netra_slow_consumers_total"), 1);
  EXPECT_EQ(router.metric_becomes("netra_connections", 1), 1) << "the slow one had its time to answer";
  expect_balanced_books(router);
}

TEST(SlowConsumers, HearWhyOnceTheyRead) {
  Router router({"--max-queue-frames", "64", "--max-messages-per-second", "100000"});
  WsClient slow(router.port(), {.token = Router::token("ann"), .receive_buffer = 4096});
  WsClient quick(router.port(), "ann");
  slow.read_until("hello");
  quick.read_until("hello");
  while (router.metric("netra_slow_consumers_total") == 0) {
    quick.say("t", std::string(30000, 'x'));
    quick.read_until("agent_completed");
  }
  EXPECT_EQ(slow.read_close(), 1013);
}

TEST(SlowConsumers, AreClosedByTimeToo) {
  Router router({"--max-queue-time", "300ms", "--close-timeout", "300ms", "--max-messages-per-second", "100000",
                 "--max-queue-bytes", "100000000"});
  WsClient slow(router.port(), {.token = Router::token("ann"), .receive_buffer = 4096});
  WsClient quick(router.port(), "ann");
  slow.read_until("hello");
  quick.read_until("hello");
  for (int i = 0; i < 150; ++i) { // more than the kernel buffers for the one who does not read
    quick.say("t", std::string(30000, 'x'));
    quick.read_until("agent_completed");
  }
  EXPECT_EQ(router.metric_becomes("netra_slow_consumers_total", 1), 1);
  EXPECT_EQ(router.metric_becomes("netra_connections", 1), 1);
  expect_balanced_books(router);
}

TEST(BrokenClients, HalfOpenConnectionsAreFoundByPings) {
  Router router({"--idle-timeout", "400ms"});
  WsClient dead(router.port(), "ann"); // reads nothing, so answers no ping
  WsClient alive(router.port(), "ann");
  dead.read_until("hello");
  alive.read_until("hello");
  int pings = 0;
  while (pings < 4) {
    auto frame = alive.read_frame();
    ASSERT_TRUE(frame) << "who answers pings stays";
    ASSERT_EQ(frame->opcode, kPing);
    alive.send_frame(kPong, frame->payload);
    ++pings;
  }
  EXPECT_EQ(router.metric_becomes("netra_connections", 1), 1);
  EXPECT_EQ(router.metric("netra_timeouts_total"), 1);
}

TEST(BrokenClients, ResetsLeaveNothingBehind) {
  Router router({"--max-messages-per-second", "100000"});
  for (int i = 0; i < 50; ++i) {
    WsClient client(router.port(), "ann" + std::to_string(i % 5));
    ASSERT_EQ(client.status(), 101);
    client.say("t", "and gone");
    client.socket().reset();
  }
  EXPECT_EQ(router.metric_becomes("netra_connections", 0), 0);
  expect_balanced_books(router);
  expect_served(router, "ann");
}

TEST(BrokenClients, AKilledClientProcessCostsNobodyAnything) {
  Router router;
  WsClient watcher(router.port(), "ann");
  watcher.read_until("hello");
  pid_t child = fork();
  if (child == 0) {
    WsClient doomed(router.port(), "ann");
    doomed.read_until("hello");
    doomed.say("t", "my last words");
    kill(getpid(), SIGKILL);
  }
  EXPECT_TRUE(watcher.read_until("agent_completed"));
  EXPECT_EQ(router.metric_becomes("netra_connections", 1), 1);
  expect_balanced_books(router);
}

TEST(ManyConnects, LeaveTheMemoryBounded) {
  Router router;
  const int rounds = std::getenv("NETRA_SOAK") ? 100000 : 2000;
  auto connect_some = [&](int count) {
    for (int i = 0; i < count; ++i) {
      WsClient client(router.port(), WsOptions{.token = i % 2 ? Router::token("u" + std::to_string(i % 100)) : ""});
      RawSocket bare(router.port());
      if (i % 3 == 0)
        bare.send("garbage");
      bare.reset();
      client.socket().reset();
    }
    router.metric_becomes("netra_connections", 0);
  };
  connect_some(rounds / 4);
  long before = resident_kib(router.process().pid());
  connect_some(rounds / 4 * 3);
  EXPECT_LT(resident_kib(router.process().pid()), before + 8 * 1024);
  expect_served(router, "ann");
}

/// Says and hears out one run; returns the last sequence number.
std::uint64_t one_run(WsClient &client) {
  client.say("t", "hi");
  auto end = client.read_until("agent_completed");
  return end ? end->at("sequence").get<std::uint64_t>() : 0;
}

TEST(Acknowledging, IsCountedOnceAndOnlyForWhatWasSent) {
  Router router;
  WsClient client(router.port(), "ann");
  std::string epoch = client.read_until("hello")->at("payload").at("epoch");
  one_run(client);
  auto acknowledge = [&](const std::string &in_epoch, std::uint64_t last) {
    client.send_json({{"type", "ack"}, {"payload", {{"epoch", in_epoch}, {"last_sequence", last}}}});
    client.send_json({{"type", "ping"}});
    client.read_until("pong");
    return router.metric("netra_frames_acknowledged_total");
  };
  EXPECT_EQ(acknowledge(epoch, 3), 3);
  EXPECT_EQ(acknowledge(epoch, 3), 3);
  EXPECT_EQ(acknowledge("other", 5), 3);
  EXPECT_EQ(acknowledge(epoch, 1000000), 5);
}

TEST(Resuming, GivesWhatWasMissedInOrderAndNothingTwice) {
  Router router;
  WsClient talker(router.port(), "ann");
  talker.read_until("hello");
  std::optional<WsClient> listener(std::in_place, router.port(), "ann");
  std::string epoch = listener->read_until("hello")->at("payload").at("epoch");
  one_run(talker);
  auto last = listener->read_until("tool_executing")->at("sequence").get<std::uint64_t>();
  EXPECT_EQ(last, 3u);
  listener.reset(); // in the middle of a run
  one_run(talker);

  WsClient back(router.port(), "ann", "/ws?epoch=" + epoch + "&last_sequence=" + std::to_string(last));
  EXPECT_EQ(back.read_message()->at("type"), "hello");
  one_run(talker);
  for (std::uint64_t expected = last + 1; expected <= 15; ++expected)
    EXPECT_EQ(back.read_message()->at("sequence"), expected);
  EXPECT_EQ(router.metric("netra_resumes_total{result=\"resumed\"}"), 1);
}

TEST(Resuming, AfterJoiningGivesOnlyWhatCameBefore) {
  Router router;
  WsClient talker(router.port(), "ann");
  std::string epoch = talker.read_until("hello")->at("payload").at("epoch");
  one_run(talker);
  WsClient back(router.port(), "ann");
  EXPECT_EQ(back.read_until("hello")->at("payload").at("last_sequence"), 5);
  one_run(talker);
  back.read_until("agent_completed");
  back.send_json({{"type", "resume"}, {"payload", {{"epoch", epoch}, {"last_sequence", 2}}}});
  for (int expected : {3, 4, 5})
    EXPECT_EQ(back.read_message()->at("sequence"), expected);
  back.send_json({{"type", "ping"}});
  EXPECT_EQ(back.read_message()->at("type"), "pong") << "6 to 10 came live and do not come again";
}

TEST(Resuming, TellsWhoIsTooFarBehindToReload) {
  Router router({"--history-events", "4"});
  WsClient talker(router.port(), "ann");
  std::string epoch = talker.read_until("hello")->at("payload").at("epoch");
  one_run(talker);
  const std::vector<std::string> targets = {
      "/ws?epoch=" + epoch + "&last_sequence=0", "/ws?epoch=other&last_sequence=5", "/ws?last_sequence=5",
      "/ws?epoch=" + epoch + "&last_sequence=99", "/ws?epoch=" + epoch + "&last_sequence=x"};
  for (const std::string &target : targets) {
    WsClient back(router.port(), "ann", target);
    EXPECT_EQ(back.read_message()->at("type"), "hello");
    EXPECT_EQ(back.read_message()->at("type"), "reload_required") << target;
  }
  WsClient back(router.port(), "ann", "/ws?epoch=" + epoch + "&last_sequence=1");
  back.read_until("hello");
  EXPECT_EQ(back.read_message()->at("sequence"), 2);
}

TEST(Resuming, OutlivesTheLastConnectionForAWhile) {
  Router router({"--resume-window", "30s"});
  std::optional<WsClient> client(std::in_place, router.port(), "ann");
  std::string epoch = client->read_until("hello")->at("payload").at("epoch");
  one_run(*client);
  client.reset();
  ASSERT_EQ(router.metric_becomes("netra_connections", 0), 0);
  WsClient back(router.port(), "ann", "/ws?epoch=" + epoch + "&last_sequence=4");
  back.read_until("hello");
  EXPECT_EQ(back.read_message()->at("sequence"), 5);
}

TEST(Resuming, EndsWithItsWindow) {
  Router router({"--resume-window", "200ms"});
  std::optional<WsClient> client(std::in_place, router.port(), "ann");
  std::string epoch = client->read_until("hello")->at("payload").at("epoch");
  one_run(*client);
  client.reset();
  EXPECT_EQ(router.metric_becomes("netra_users", 0), 0);
  WsClient back(router.port(), "ann", "/ws?epoch=" + epoch + "&last_sequence=4");
  back.read_until("hello");
  EXPECT_EQ(back.read_message()->at("type"), "reload_required");
}

TEST(Stopping, DrainsQueuesAndParts1001) {
  Router router({"--max-messages-per-second", "100000"});
  WsClient busy(router.port(), "ann"), idle(router.port(), "bob");
  busy.read_until("hello");
  idle.read_until("hello");
  constexpr int kRuns = 100;
  for (int i = 0; i < kRuns; ++i)
    busy.say("t", "hi");
  ASSERT_EQ(router.metric_becomes("netra_agent_runs_total", kRuns), kRuns);
  router.process().signal(SIGTERM);
  ASSERT_TRUE(router.process().wait_for_line("\"draining\""));
  // While clients have not parted, the node still tells that it goes, and takes nobody.
  EXPECT_THAT(router.get("/ready"), HasSubstr("503"));
  EXPECT_EQ(WsClient(router.port(), "eve").status(), 503);
  int events = 0;
  std::optional<WsFrame> frame;
  while ((frame = busy.read_frame()) && frame->opcode == kText)
    ++events;
  EXPECT_EQ(events, kRuns * 5) << "everything admitted was written before the close";
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, kClose);
  EXPECT_EQ(frame->payload.substr(0, 2), close_payload(1001));
  busy.close(1001);
  EXPECT_EQ(idle.read_close(), 1001);
  idle.close(1001);
  EXPECT_EQ(router.process().wait(), 0);
}

TEST(Stopping, IsNotHeldUpByAClientThatDoesNotPart) {
  Router router({"--drain-timeout", "300ms"});
  WsClient stubborn(router.port(), "ann");
  stubborn.read_until("hello");
  router.process().signal(SIGTERM);
  EXPECT_EQ(router.process().wait(), 0);
}

TEST(Stopping, KilledItIsMissedAndASuccessorTellsToReload) {
  Router router;
  WsClient client(router.port(), "ann");
  std::string epoch = client.read_until("hello")->at("payload").at("epoch");
  std::uint64_t last = one_run(client);
  router.process().signal(SIGKILL);
  EXPECT_EQ(client.read_close(), 0);
  EXPECT_EQ(router.process().wait(), -SIGKILL);
  Router successor;
  WsClient back(successor.port(), "ann", "/ws?epoch=" + epoch + "&last_sequence=" + std::to_string(last));
  back.read_until("hello");
  EXPECT_EQ(back.read_message()->at("type"), "reload_required")
      << "nothing that the old one may have sent is passed over in silence";
}

} // namespace
} // namespace netra::test
