// Many users at once, who come, go, talk and dawdle: nobody hears another, and who stays hears everything once and in
// order.
#include "router_process.h"
#include "ws_client.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <poll.h>
#include <random>
#include <set>
#include <sys/resource.h>

namespace netra::test {
namespace {

/// One connection of the crowd, with what it must see.
struct Member {
  Member(std::uint16_t port, std::string name) : user(std::move(name)), client(port, user) {
    auto hello = client.read_until("hello");
    if (hello)
      last = hello->at("payload").at("last_sequence").get<std::uint64_t>();
    joined = hello.has_value();
  }

  /// Checks one event: mine, the next, and in the order of its run.
  void take(const nlohmann::json &event) {
    if (event.at("type") == "pong") {
      ++pongs;
      return;
    }
    foreign += event.at("user_id") != user;
    auto sequence = event.at("sequence").get<std::uint64_t>();
    lost_or_doubled += sequence != last + 1;
    last = sequence;
    int &in_run = runs[event.at("run_id")];
    if (in_run > 0 || event.at("run_sequence") == 1) // who joins in the middle of a run sees its rest
      out_of_order += event.at("run_sequence") != in_run + 1;
    in_run = event.at("run_sequence").get<int>();
  }

  std::string user;
  WsClient client;
  bool joined = false;
  bool dawdles = false;
  std::uint64_t last = 0;
  int pongs = 0;
  int foreign = 0;
  int lost_or_doubled = 0;
  int out_of_order = 0;
  std::map<std::string, int> runs;
};

class Crowd {
public:
  Crowd(std::uint16_t port, int users, unsigned seed) : port_(port), users_(users), random_(seed) {
    for (int i = 0; i < users * 2; ++i)
      join(name(i % users));
  }

  void join(const std::string &user) { members_.push_back(std::make_unique<Member>(port_, user)); }

  /// One round: some talk, some come, some go, some stop reading for a while.
  void round() {
    for (int i = 0; i < users_ / 4 + 1; ++i)
      some().client.say("t", "hi");
    for (int i = 0; i < users_ / 50 + 1; ++i) {
      join(name(number(users_)));
      some().dawdles = true;
      some().dawdles = false;
      leave(static_cast<std::size_t>(number(static_cast<int>(members_.size()))), number(2) == 0);
    }
    read_what_is_there();
  }

  /// Everyone reads on until the answer to a ping has come: what was said before has then been answered.
  void settle() {
    for (auto &member : members_) {
      member->dawdles = false;
      member->client.send_json({{"type", "ping"}});
    }
    for (auto &member : members_)
      for (int pongs = member->pongs; member->pongs == pongs;) {
        auto message = member->client.read_message();
        ASSERT_TRUE(message) << member->user << " was cut off";
        member->take(*message);
      }
  }

  /// Compares every connection with the truth: the number of the user's last event.
  void check() {
    std::map<std::string, std::uint64_t> truth;
    for (auto &member : members_)
      if (!truth.contains(member->user))
        truth[member->user] = Member(port_, member->user).last;
    for (auto &member : members_) {
      while (member->last < truth[member->user]) {
        auto message = member->client.read_message();
        ASSERT_TRUE(message) << member->user << " has lost the end";
        member->take(*message);
      }
      EXPECT_TRUE(member->joined);
      EXPECT_EQ(member->last, truth[member->user]);
      EXPECT_EQ(member->foreign, 0) << "events of another user";
      EXPECT_EQ(member->lost_or_doubled, 0);
      EXPECT_EQ(member->out_of_order, 0);
      events_ += member->last;
    }
  }

  std::uint64_t events() const { return events_; }

private:
  static std::string name(int i) { return "user-" + std::to_string(i); }
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  Member &some() { return *members_[static_cast<std::size_t>(number(static_cast<int>(members_.size())))]; }

  void leave(std::size_t index, bool politely) {
    Member &member = *members_[index];
    if (politely) {
      member.client.close();
    } else {
      // What it said must have been taken before it breaks: otherwise nobody can say what there was to hear.
      member.client.send_json({{"type", "ping"}});
      for (int pongs = member.pongs; member.pongs == pongs;)
        member.take(*member.client.read_message());
      member.client.socket().reset();
    }
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void read_what_is_there() {
    std::vector<pollfd> ready;
    for (auto &member : members_)
      ready.push_back({member->client.socket().descriptor(), static_cast<short>(member->dawdles ? 0 : POLLIN), 0});
    poll(ready.data(), ready.size(), 0);
    for (std::size_t i = 0; i < ready.size(); ++i)
      if (ready[i].revents & POLLIN)
        if (auto message = members_[i]->client.read_message())
          members_[i]->take(*message);
  }

  const std::uint16_t port_;
  const int users_;
  std::mt19937 random_;
  std::vector<std::unique_ptr<Member>> members_;
  std::uint64_t events_ = 0;
};

void run_crowd(int users, int rounds, unsigned seed) {
  rlimit descriptors = {};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);

  Router router({"--loops", "2", "--max-messages-per-second", "100000", "--max-connections-per-user", "1000",
                 "--log-level", "info", "--max-queue-time", "5m", "--idle-timeout", "5m"});
  Crowd crowd(router.port(), users, seed);
  for (int i = 0; i < rounds; ++i)
    crowd.round();
  crowd.settle();
  if (testing::Test::HasFatalFailure())
    return;
  crowd.check();
  EXPECT_GT(crowd.events(), static_cast<std::uint64_t>(users)) << "there was something to hear";
  EXPECT_EQ(router.metric("netra_isolation_violations_total"), 0);
  EXPECT_EQ(router.metric("netra_slow_consumers_total"), 0);
}

int users_from_environment(int otherwise) {
  const char *text = std::getenv("NETRA_CROWD_USERS");
  return text ? std::atoi(text) : otherwise;
}

TEST(Crowd, OfTenUsers) { run_crowd(10, 60, 1); }

TEST(Crowd, OfAThousandUsersWithTwoConnectionsEach) { run_crowd(users_from_environment(1000), 20, 2); }

} // namespace
} // namespace netra::test
