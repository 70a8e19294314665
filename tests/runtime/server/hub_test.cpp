// The hub by itself: numbers, priority classes, bounds, and what comes over the bus, with connections that only
// remember.
#include "hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace netra::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Delivers at once.
class DirectMailbox : public Mailbox {
public:
  void deliver(std::vector<std::shared_ptr<Connection>> connections, SharedFrame frame) override {
    for (const auto &connection : connections)
      connection->append(frame);
  }
};

class RememberingConnection : public Connection {
public:
  using Connection::Connection;

  void close(CloseCode code, std::string, bool) override { closed_with.push_back(static_cast<int>(code)); }
  bool append(const SharedFrame &frame) override {
    owners.push_back(frame->owner);
    const std::string &wire = frame->wire;
    events.push_back(nlohmann::json::parse(wire.substr(wire.find('{'))));
    return false;
  }
  void flush() override {}
  void tick() override {}

  /// "type class sequence", or "type" for what is not numbered.
  std::vector<std::string> heard() const {
    std::vector<std::string> lines;
    for (const nlohmann::json &event : events) {
      std::string line = event.at("type");
      if (event.contains("sequence"))
        line += " " + event.at("priority").get<std::string>() + " " + std::to_string(event.at("sequence").get<int>());
      lines.push_back(line);
    }
    return lines;
  }

  std::vector<int> closed_with;
  std::vector<UserId> owners;
  std::vector<nlohmann::json> events;
};

class HubTest : public testing::Test {
protected:
  std::shared_ptr<RememberingConnection> join(const std::string &id, std::optional<ReplayPosition> position = {},
                                              QueueLimits limits = {100000, 100}) {
    auto connection =
        std::make_shared<RememberingConnection>(ConnectionId(id), UserId("ann"), limits, mailbox, metrics);
    joined = hub.join(connection, position);
    return connection;
  }

  std::vector<SendOutcome> send(const char *type, const char *priority = "normal") {
    return hub.send_to_user(UserId("ann"), {type, Json().set("priority", priority)});
  }

  BusEvent remote(std::uint64_t number) {
    return {BusEvent::Kind::event,   UserId("ann"),         "other-node", number,
            MessagePriority::normal, R"({"type":"remote"})"};
  }

  Metrics metrics;
  Log log{LogLevel::off};
  DirectMailbox mailbox;
  Hub hub{{.connections_per_user = 3, .history_events = 4, .resume_window = std::chrono::minutes(1)}, metrics, log};
  Joined joined = Joined::joined;
};

TEST_F(HubTest, NumbersEachPriorityClassByItself) {
  auto connection = join("c1");
  send("a");
  send("b", "critical");
  send("c");
  EXPECT_THAT(connection->heard(), ElementsAre("hello", "a normal 1", "b critical 1", "c normal 2"));
}

TEST_F(HubTest, ResumesEachPriorityClassWhereItStood) {
  auto first = join("c1");
  const std::string epoch = first->events[0].at("payload").at("epoch");
  send("a");
  send("b", "critical");
  send("c");
  ReplayPosition position{epoch};
  position.last[static_cast<std::size_t>(MessagePriority::normal)] = 1;
  auto back = join("c2", position);
  EXPECT_THAT(back->heard(), ElementsAre("hello", "b critical 1", "c normal 2"));
  send("d");
  EXPECT_EQ(back->heard().back(), "d normal 3");
}

TEST_F(HubTest, BoundsTheConnectionsOfAUser) {
  std::vector<std::shared_ptr<RememberingConnection>> kept;
  for (const char *id : {"c1", "c2", "c3"})
    kept.push_back(join(id));
  EXPECT_EQ(joined, Joined::joined);
  kept.push_back(join("c4"));
  EXPECT_EQ(joined, Joined::too_many_connections);
  hub.leave(*kept[0]);
  kept.push_back(join("c5"));
  EXPECT_EQ(joined, Joined::joined);
}

TEST_F(HubTest, AFullQueueIsReportedAndClosedOnceAndTheOthersGoOn) {
  auto slow = join("slow", {}, {100000, 2});
  auto quick = join("quick");
  EXPECT_EQ(send("a")[0].status, SendStatus::sent);
  std::vector<SendOutcome> outcomes = send("b");
  EXPECT_EQ(outcomes[0].status, SendStatus::busy);
  EXPECT_EQ(outcomes[1].status, SendStatus::sent);
  EXPECT_EQ(send("c")[0].status, SendStatus::closed);
  EXPECT_THAT(slow->closed_with, ElementsAre(1013));
  EXPECT_THAT(quick->heard(), ElementsAre("hello", "a normal 1", "b normal 2", "c normal 3"));
  EXPECT_EQ(metrics.value(Metrics::Count::frames_refused), 2);
}

TEST_F(HubTest, FramesNameTheirOwner) {
  auto connection = join("c1");
  send("a");
  EXPECT_THAT(connection->owners, testing::Each(UserId("ann")));
}

TEST_F(HubTest, EventsOfAnotherNodeComeOnceInOrderAndGapsAreReported) {
  auto connection = join("c1");
  hub.receive(remote(4)); // what came before it began to listen is not missed
  hub.receive(remote(4));
  hub.receive(remote(5));
  EXPECT_THAT(connection->heard(), ElementsAre("hello", "remote normal 1", "remote normal 2"));
  EXPECT_EQ(metrics.value(Metrics::Count::bus_duplicates), 1);
  hub.receive(remote(8));
  ASSERT_EQ(connection->heard()[3], "reload_required");
  EXPECT_EQ(connection->events[3].at("payload").at("count"), 2);
  EXPECT_EQ(connection->heard()[4], "remote normal 3");
  EXPECT_EQ(metrics.value(Metrics::Count::bus_lost), 2);
}

TEST_F(HubTest, TheLastNumberOfAnotherNodeShowsWhatWasLostAtTheEnd) {
  auto connection = join("c1");
  hub.receive(remote(1));
  BusEvent last = remote(3);
  last.kind = BusEvent::Kind::last_number;
  last.text.clear();
  hub.receive(last);
  EXPECT_EQ(metrics.value(Metrics::Count::bus_lost), 2);
  hub.receive(last);
  EXPECT_EQ(metrics.value(Metrics::Count::bus_lost), 2) << "said twice, lost once";
  hub.receive(remote(4));
  EXPECT_THAT(connection->heard(), ElementsAre("hello", "remote normal 1", "reload_required", "remote normal 2"));
}

TEST_F(HubTest, ForgetsAUserOnlyAfterTheResumeWindow) {
  auto connection = join("c1");
  const auto now = std::chrono::steady_clock::now();
  hub.leave(*connection);
  hub.sweep(now);
  auto back = join("c2", ReplayPosition{connection->events[0].at("payload").at("epoch")});
  EXPECT_THAT(back->heard(), ElementsAre("hello")) << "nothing was missed, and it is still known";
  hub.leave(*back);
  hub.sweep(now + std::chrono::minutes(2));
  auto late = join("c3", ReplayPosition{connection->events[0].at("payload").at("epoch")});
  EXPECT_THAT(late->heard(), ElementsAre("hello", "reload_required"));
}

} // namespace
} // namespace netra::server
