// The golden path against the real server: log in, say something, get the five events in order, and nobody else does.
#include "router_process.h"
#include "ws_client.h"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netra::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> read_types(WsClient &client, int count) {
  std::vector<std::string> types;
  for (int i = 0; i < count; ++i) {
    auto message = client.read_message();
    types.push_back(message ? message->at("type").get<std::string>() : "end");
  }
  return types;
}

TEST(GoldenPath, FiveEventsInOrderOnEveryConnectionOfTheUserAndOnNoOther) {
  Router router;
  WsClient first(router.port(), "ann"), second(router.port(), "ann"), other(router.port(), "bob");
  for (WsClient *client : {&first, &second, &other})
    ASSERT_EQ(client->read_message()->at("type"), "hello");
  first.say("t1", "hi");
  for (WsClient *client : {&first, &second})
    EXPECT_THAT(read_types(*client, 5),
                ElementsAre("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"));
  other.send_json({{"type", "ping"}});
  EXPECT_EQ(other.read_message()->at("type"), "pong") << "the first thing that bob hears is the answer to his ping";
}

TEST(GoldenPath, EventsCarryWhatTheContractPromises) {
  Router router;
  WsClient client(router.port(), "ann");
  client.read_until("hello");
  client.say("t1", "hi");
  std::string run;
  for (int number = 1; number <= 5; ++number) {
    auto event = client.read_message();
    ASSERT_TRUE(event);
    for (const char *field :
         {"type", "run_id", "thread_id", "user_id", "sequence", "timestamp", "payload", "event_id", "agent_name"})
      EXPECT_TRUE(event->contains(field)) << field;
    EXPECT_EQ(event->at("sequence"), number);
    EXPECT_EQ(event->at("run_sequence"), number);
    EXPECT_EQ(event->at("user_id"), "ann");
    EXPECT_EQ(event->at("thread_id"), "t1");
    if (number == 1)
      run = event->at("run_id");
    EXPECT_EQ(event->at("run_id"), run);
    if (event->at("type") == "tool_completed") {
      EXPECT_EQ(event->at("tool_name"), "echo");
      EXPECT_EQ(event->at("results").at("text"), "hi");
    }
  }
}

TEST(GoldenPath, ARunThatFailsEndsWithTheError) {
  Router router;
  WsClient client(router.port(), "ann");
  client.read_until("hello");
  client.send_json({{"type", "user_message"}, {"thread_id", "t"}, {"payload", nlohmann::json::object()}});
  EXPECT_EQ(client.read_message()->at("type"), "agent_started");
  auto end = client.read_message();
  EXPECT_EQ(end->at("type"), "agent_completed");
  EXPECT_EQ(end->at("error"), "a user_message needs payload.text");
}

TEST(GoldenPath, AnUnknownTypeGetsAnAckOnThatConnectionOnly) {
  Router router;
  WsClient asker(router.port(), "ann"), sibling(router.port(), "ann");
  asker.read_until("hello");
  sibling.read_until("hello");
  asker.send_json({{"type", "whatever"}, {"message_id", "m1"}});
  auto ack = asker.read_message();
  EXPECT_EQ(ack->at("type"), "ack");
  EXPECT_EQ(ack->at("payload").at("received_type"), "whatever");
  EXPECT_EQ(ack->at("payload").at("message_id"), "m1");
  sibling.send_json({{"type", "ping"}});
  EXPECT_EQ(sibling.read_message()->at("type"), "pong");
}

TEST(Serving, WritesTheBarePortOnceReady) {
  TemporaryFolder folder;
  std::string port_file = (folder.path() / "port").string();
  Router router({"--port-file", port_file});
  std::string content;
  std::ifstream(port_file) >> content;
  EXPECT_EQ(content, std::to_string(router.port()));
}

TEST(Serving, AnswersHealthReadyAndMetrics) {
  Router router;
  EXPECT_THAT(router.get("/health"), HasSubstr("200 OK"));
  EXPECT_THAT(router.get("/ready"), HasSubstr("\"status\":\"ready\""));
  EXPECT_THAT(router.get("/metrics"), HasSubstr("# TYPE netra_connections gauge"));
  EXPECT_THAT(router.get("/nothing"), HasSubstr("404"));
  EXPECT_THAT(router.get("/"), HasSubstr("404")) << "the demonstration page is off by default";
  WsClient client(router.port(), "ann");
  client.read_until("hello");
  EXPECT_EQ(router.metric("netra_connections"), 1);
}

TEST(Serving, SpeaksTls) {
  TemporaryFolder folder;
  std::string key = (folder.path() / "key.pem").string(), cert = (folder.path() / "cert.pem").string();
  std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout " +
      key + " -out " + cert + " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  Router router({"--tls-cert", cert, "--tls-key", key});
  WsClient client(router.port(), {.token = Router::token("ann"), .tls = true});
  ASSERT_EQ(client.status(), 101);
  client.read_until("hello");
  client.say("t", std::string(20000, 'x'));
  EXPECT_THAT(read_types(client, 5),
              ElementsAre("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"));
  client.close();
  EXPECT_EQ(client.read_close(), 1000);
}

TEST(Serving, ReadsTheSameSettingsFromAFile) {
  TemporaryFolder folder;
  std::string config = folder.file(
      "config.yaml", "max-connections-per-user: 1\nallow-origin: [\"https://a.example\", \"https://b.example\"]\n");
  Router router({"--config", config});
  WsClient first(router.port(), "ann");
  first.read_until("hello");
  EXPECT_EQ(WsClient(router.port(), "ann").status(), 429);
  EXPECT_EQ(
      WsClient(router.port(), {.token = Router::token("bob"), .headers = "Origin: https://b.example\r\n"}).status(),
      101);
}

TEST(Serving, SaysWhatIsWrongWithItsSettings) {
  TemporaryFolder folder;
  std::string secret = folder.file("secret", kSecret);
  auto run = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), NETRA_ROUTER);
    Process process(arguments);
    std::string line = process.wait_for_line("netra-router: ").value_or("");
    return std::make_pair(process.wait(), line);
  };
  EXPECT_EQ(run({}), std::make_pair(2, std::string("netra-router: --token-secret-file is required")));
  EXPECT_EQ(run({"--listen", "nowhere"}),
            std::make_pair(
                2, std::string(
                       "netra-router: command line: 'listen' needs HOST:PORT, such as 127.0.0.1:8080, not 'nowhere'")));
  EXPECT_EQ(run({"--frobnicate", "1"}).second, "netra-router: command line: unknown setting 'frobnicate'; see --help");
  EXPECT_EQ(run({"--token-secret-file", folder.file("empty", "\n")}).first, 2);
  std::string config = folder.file("c.yaml", "idle-timeout: 3s\nmax-queue-bytes: many\n");
  EXPECT_THAT(run({"--config", config}).second, HasSubstr("c.yaml:2: 'max-queue-bytes' needs a whole number"));
  EXPECT_EQ(run({"--token-secret-file", secret, "--listen", "256.1.1.1:0"}).first, 1);
}

} // namespace
} // namespace netra::test
