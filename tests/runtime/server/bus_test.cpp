// Several nodes and the bus between them: each event once on each connection, in order, and nothing lost in silence.
#include "router_process.h"
#include "ws_client.h"

#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netra::test {
namespace {

using testing::HasSubstr;

/// A NATS server on a port of the loopback, which can be killed and started again.
class Nats {
public:
  Nats() : port_(free_port()) { start(); }

  void start() {
    process_.emplace(std::vector<std::string>{"nats-server", "-a", "127.0.0.1", "-p", std::to_string(port_)});
    if (!process_->wait_for_line("Server is ready"))
      throw std::runtime_error("nats-server did not start");
  }
  void kill() { process_.reset(); }
  std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

private:
  std::uint16_t port_;
  std::optional<Process> process_;
};

class Cluster : public testing::Test {
protected:
  static constexpr int kNodes = 3;

  void SetUp() override {
    for (int i = 0; i < kNodes; ++i)
      nodes.push_back(std::make_unique<Router>(
          std::vector<std::string>{"--bus", nats.url(), "--max-messages-per-second", "100000"}));
    for (auto &node : nodes)
      ASSERT_EQ(node->metric_becomes("netra_bus_connected", 1), 1);
  }

  std::vector<std::unique_ptr<WsClient>> one_client_per_node(const std::string &user) {
    std::vector<std::unique_ptr<WsClient>> clients;
    for (auto &node : nodes) {
      clients.push_back(std::make_unique<WsClient>(node->port(), user));
      EXPECT_TRUE(clients.back()->read_until("hello"));
    }
    return clients;
  }

  /// Reads to the end of the run "and back": every event of so many runs was delivered, or reported to the client as
  /// lost.
  static void expect_delivered_or_reported(WsClient &client, int runs) {
    int delivered = 0, reported = 0;
    for (bool back = false; !back;) {
      auto message = client.read_message();
      ASSERT_TRUE(message);
      if (message->at("type") == "reload_required")
        reported += message->at("payload").at("count").get<int>();
      else
        ++delivered;
      back = message->at("type") == "agent_completed" && message->at("thread_id") == "and back";
    }
    EXPECT_EQ(delivered + reported, runs * 5) << "delivered " << delivered << ", reported " << reported;
  }

  Nats nats;
  std::vector<std::unique_ptr<Router>> nodes;
};

TEST_F(Cluster, AUserOnThreeNodesGetsEachEventOnceOnEachConnectionInOrder) {
  auto clients = one_client_per_node("ann");
  auto others = one_client_per_node("bob");
  constexpr int kRuns = 30;
  for (int i = 0; i < kRuns; ++i)
    clients[0]->say("t" + std::to_string(i), "hi");
  for (auto &client : clients)
    for (int run = 0; run < kRuns; ++run)
      for (int number = 1; number <= 5; ++number) {
        auto event = client->read_message();
        ASSERT_TRUE(event);
        EXPECT_EQ(event->at("thread_id"), "t" + std::to_string(run));
        EXPECT_EQ(event->at("run_sequence"), number);
        EXPECT_EQ(event->at("sequence"), run * 5 + number);
      }
  for (auto &other : others) {
    other->send_json({{"type", "ping"}});
    EXPECT_EQ(other->read_message()->at("type"), "pong") << "bob heard nothing";
  }
  EXPECT_EQ(nodes[1]->metric("netra_bus_lost_total"), 0);
  EXPECT_EQ(nodes[1]->metric("netra_bus_duplicates_total"), 0);
}

TEST_F(Cluster, ALostBusIsShownCountedAndReconnectedWhileLocalDeliveryGoesOn) {
  auto clients = one_client_per_node("ann");
  clients[0]->say("before", "hi");
  for (auto &client : clients)
    ASSERT_TRUE(client->read_until("agent_completed"));
  nats.kill();
  for (auto &node : nodes)
    ASSERT_EQ(node->metric_becomes("netra_bus_connected", 0), 0);
  EXPECT_THAT(nodes[0]->get("/ready"), HasSubstr(R"({"bus":"lost","status":"degraded"})"));
  EXPECT_EQ(nodes[0]->metric("netra_bus_disconnects_total"), 1);

  clients[0]->say("while it is gone", "hi");
  EXPECT_TRUE(clients[0]->read_until("agent_completed")) << "local delivery goes on";

  nats.start();
  for (auto &node : nodes)
    ASSERT_EQ(node->metric_becomes("netra_bus_connected", 1), 1);
  EXPECT_EQ(nodes[0]->metric("netra_bus_reconnects_total"), 1);
  EXPECT_THAT(nodes[0]->get("/ready"), HasSubstr("\"status\":\"ready\""));

  clients[0]->say("and back", "hi");
  for (int node : {1, 2})
    expect_delivered_or_reported(*clients[static_cast<std::size_t>(node)], 2);
}

TEST_F(Cluster, ABusThatIsKilledUnderLoadLosesNothingInSilence) {
  auto clients = one_client_per_node("ann");
  clients[0]->say("before", "hi");
  for (auto &client : clients)
    ASSERT_TRUE(client->read_until("agent_completed"));
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    if (run == 100)
      nats.kill();
    if (run == 200)
      nats.start();
    clients[0]->say("under load", "hi");
  }
  for (int run = 0; run < kRuns; ++run)
    ASSERT_TRUE(clients[0]->read_until("agent_completed")) << "local delivery goes on";
  for (auto &node : nodes)
    ASSERT_EQ(node->metric_becomes("netra_bus_connected", 1), 1);
  clients[0]->say("and back", "hi");
  for (int node : {1, 2})
    expect_delivered_or_reported(*clients[static_cast<std::size_t>(node)], kRuns + 1);
}

TEST_F(Cluster, AKilledNodeCostsOnlyItsOwnConnections) {
  auto clients = one_client_per_node("ann");
  nodes[0]->process().signal(SIGKILL);
  EXPECT_EQ(clients[0]->read_close(), 0);
  clients[1]->say("t", "hi");
  EXPECT_TRUE(clients[1]->read_until("agent_completed"));
  EXPECT_TRUE(clients[2]->read_until("agent_completed"));
}

TEST(WithoutABus, TheServerStartsAndSaysSo) {
  Router router({"--bus", "nats://127.0.0.1:" + std::to_string(free_port())});
  EXPECT_THAT(router.get("/ready"), HasSubstr("degraded"));
  WsClient client(router.port(), "ann");
  ASSERT_TRUE(client.read_until("hello"));
  client.say("t", "hi");
  EXPECT_TRUE(client.read_until("agent_completed"));
}

} // namespace
} // namespace netra::test
