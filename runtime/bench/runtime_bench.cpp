// The runtime's figures, taken in one run, as a table in Markdown. `netra_bench [--node PATH_TO_ws_peer.js]`.
#include "legacy_form.h"
#include "measure.h"

#include "router_process.h"
#include "ws_client.h"

#include "netra/compat/legacy_runtime.h"
#include "netra/services/websocket_broadcast_service.h"
#include "netra/services/websocket_event_router.h"
#include "netra/websocket_core/canonical_message_router.h"

#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra::bench {
namespace {

using test::Process;
using test::Router;
using test::WsClient;
using test::WsOptions;

constexpr int kConnections = 100;
constexpr int kRunsPerRound = 50;
constexpr int kEventsPerRun = 5;
constexpr int kFramesPerRound = kRunsPerRound * kEventsPerRun;

void row(const char *what, const std::string &figure, const char *target, bool met) {
  std::printf("| %s | %s | %s | %s |\n", what, figure.c_str(), target, met ? "yes" : "**no**");
  std::fflush(stdout);
}

template <class... Values>
std::string text(const char *format, Values... values) {
  char buffer[256];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

/// Counts the frames that come on a connection, and hands the payloads to whoever wants them.
class FrameCounter {
public:
  std::function<void(std::string_view)> payloads;
  std::size_t frames = 0;
  std::size_t payload_bytes = 0;

  void take(std::string_view bytes) {
    buffer_ += bytes;
    std::size_t at = 0;
    for (std::size_t header, size; complete(at, header, size); at += header + size) {
      ++frames;
      payload_bytes += size;
      if (payloads)
        payloads(std::string_view(buffer_).substr(at + header, size));
    }
    buffer_.erase(0, at);
  }

private:
  bool complete(std::size_t at, std::size_t &header, std::size_t &size) const {
    if (buffer_.size() < at + 4)
      return false;
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(buffer_[at + i]); };
    size = byte(1);
    header = 2;
    if (size == 126) {
      size = static_cast<std::size_t>(byte(2)) << 8 | byte(3);
      header = 4;
    }
    return buffer_.size() >= at + header + size;
  }

  std::string buffer_;
};

/// Connections that are read together, as fast as they come.
class Audience {
public:
  Audience(std::uint16_t port, int connections, bool is_netra)
      : epoll_(epoll_create1(0)), counters_(static_cast<std::size_t>(connections)) {
    for (int i = 0; i < connections; ++i) {
      clients_.push_back(std::make_unique<WsClient>(port, WsOptions{.token = is_netra ? Router::token("ann") : ""}));
      if (is_netra)
        clients_.back()->read_until("hello");
      epoll_event event = {EPOLLIN, {.u64 = static_cast<std::uint64_t>(i)}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_.back()->socket().descriptor(), &event);
    }
  }
  ~Audience() { close(epoll_); }

  WsClient &speaker() { return *clients_.front(); }
  FrameCounter &counter(std::size_t index) { return counters_[index]; }

  /// Reads what is there, waiting at most so long. \returns the frames that came.
  std::size_t read(int milliseconds) {
    epoll_event events[64];
    const int ready = epoll_wait(epoll_, events, 64, milliseconds);
    std::size_t came = 0;
    for (int i = 0; i < ready; ++i) {
      const auto index = static_cast<std::size_t>(events[i].data.u64);
      const ssize_t size = recv(clients_[index]->socket().descriptor(), buffer_, sizeof buffer_, MSG_DONTWAIT);
      if (size <= 0)
        continue;
      const std::size_t before = counters_[index].frames;
      counters_[index].take({buffer_, static_cast<std::size_t>(size)});
      came += counters_[index].frames - before;
    }
    return came;
  }

  void read_frames(std::size_t count) {
    for (std::size_t came = 0; came < count;)
      came += read(1000);
  }

private:
  int epoll_;
  std::vector<std::unique_ptr<WsClient>> clients_;
  std::vector<FrameCounter> counters_;
  char buffer_[65536];
};

/// \returns deliveries per second, the median of several rounds.
double fan_out(Audience &audience, int rounds, const std::function<void()> &start_round) {
  std::vector<double> rates;
  for (int round = 0; round < rounds; ++round) {
    auto start = std::chrono::steady_clock::now();
    start_round();
    audience.read_frames(static_cast<std::size_t>(kFramesPerRound) * kConnections);
    rates.push_back(kFramesPerRound * kConnections / seconds_since(start));
  }
  return percentile(rates, 0.5);
}

double fan_out_of_peer(const std::vector<std::string> &command, std::size_t frame_size, int rounds) {
  Process peer(command);
  auto line = peer.wait_for_line("listening ");
  if (!line)
    return 0;
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(' '))));
  Audience audience(port, kConnections, false);
  return fan_out(audience, rounds, [&] {
    audience.speaker().send_text(std::to_string(kFramesPerRound) + " " + std::to_string(frame_size));
  });
}

const std::vector<std::string> kWithoutLimits = {"--max-messages-per-second",
                                                 "1000000",
                                                 "--max-connections-per-user",
                                                 "100000",
                                                 "--log-level",
                                                 "info",
                                                 "--loops",
                                                 "1"};

/// \returns the runs per second that go through while a steady number of them is under way: the most that can be kept
/// up.
double sustained_runs(Audience &audience, int under_way, double seconds) {
  int completed = 0;
  audience.counter(0).payloads = [&](std::string_view payload) {
    completed += payload.find("\"type\":\"agent_completed\"") != std::string_view::npos;
  };
  auto start = std::chrono::steady_clock::now();
  int said = 0;
  for (; seconds_since(start) < seconds; audience.read(1))
    for (; said < completed + under_way; ++said)
      audience.speaker().say("t", "hi");
  const double rate = completed / seconds_since(start);
  while (completed < said)
    audience.read(1);
  audience.counter(0).payloads = nullptr;
  return rate;
}

/// Latency from a message to the last event of its run, with events going to all connections at a given rate.
std::vector<double> latencies_at(Audience &audience, double runs_per_second, int runs) {
  std::vector<double> milliseconds;
  auto start = std::chrono::steady_clock::now();
  audience.counter(0).payloads = [&](std::string_view payload) {
    if (payload.find("\"type\":\"agent_completed\"") == std::string_view::npos)
      return;
    const auto at = payload.find("\"text\":\"at ");
    const double sent = std::strtod(payload.data() + at + 11, nullptr);
    milliseconds.push_back((seconds_since(start) - sent) * 1e3);
  };
  for (int sent = 0; milliseconds.size() < static_cast<std::size_t>(runs);) {
    const double now = seconds_since(start);
    for (; sent < runs && sent / runs_per_second <= now; ++sent)
      audience.speaker().say(
          "t", text("at %.9f", sent / runs_per_second)); // from when it was due, not from when there was time for it
    audience.read(1);
  }
  audience.counter(0).payloads = nullptr;
  return milliseconds;
}

void measure_in_process_routing() {
  auto router = create_message_router({UserId("ann")},
                                      [](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; });
  router->register_connection(ConnectionId("c1"), UserId("ann"));
  const WebSocketMessage message{.type = "chat", .payload = Json().set("text", "hi"), .user_id = UserId("ann")};
  const RoutingContext context{.user_id = UserId("ann")};
  const double rate = 1e3 / nanoseconds_per_call(300000, [&] { router->route_message(message, context); });
  row("in-process routing of one message to one connection, one core", text("%.2f million/s", rate), ">= 2 million/s",
      rate >= 2);
}

void measure_server(const std::string &node_peer) {
  auto started = std::chrono::steady_clock::now();
  Router router(kWithoutLimits);
  const double ready = seconds_since(started) * 1e3;
  row("ready after the start of the process", text("%.0f ms", ready), "<= 100 ms", ready <= 100);

  std::vector<double> set_up;
  for (int i = 0; i < 1000; ++i) {
    auto start = std::chrono::steady_clock::now();
    WsClient client(router.port(), "u" + std::to_string(i));
    client.read_until("hello");
    set_up.push_back(seconds_since(start) * 1e3);
  }
  row("connection set-up to `hello`, P99 of 1,000", text("%.2f ms", percentile(set_up, 0.99)), "<= 20 ms",
      percentile(set_up, 0.99) <= 20);

  Audience audience(router.port(), kConnections, true);
  auto start_round = [&] {
    for (int i = 0; i < kRunsPerRound; ++i)
      audience.speaker().say("t", "hi");
  };
  const double netra = fan_out(audience, 20, start_round);
  const std::size_t frame_size = audience.counter(0).payload_bytes / audience.counter(0).frames;
  const double beast = fan_out_of_peer({NETRA_BEAST_PEER}, frame_size, 20);
  row("fan-out over loopback to 100 connections",
      text("%.2f million deliveries/s of %zu bytes", netra / 1e6, frame_size), "(see ratios)", true);
  row("... against a bare Beast server that only writes the same frames",
      text("%.1f x (its %.2f million/s)", netra / beast, beast / 1e6), ">= 0.8 x", netra >= 0.8 * beast);
  if (!node_peer.empty()) {
    const double node = fan_out_of_peer({"node", node_peer}, frame_size, 3);
    row("... against the same server on npm `ws`", text("%.1f x (its %.2f million/s)", netra / node, node / 1e6),
        ">= 10 x", netra >= 10 * node);
  }

  const double runs_at_half = sustained_runs(audience, kRunsPerRound, 2) / 2;
  std::vector<double> latency = latencies_at(audience, runs_at_half, static_cast<int>(runs_at_half * 3));
  row("message to last event, to 100 connections, at half of the sustained rate, P50 / P99",
      text("%.2f / %.2f ms at %.0f runs/s", percentile(latency, 0.5), percentile(latency, 0.99), runs_at_half),
      "P99 <= 10 ms", percentile(latency, 0.99) <= 10);
}

void measure_idle_memory() {
  Router router(kWithoutLimits);
  constexpr int kIdle = 2000;
  std::vector<std::unique_ptr<WsClient>> clients;
  auto join = [&](int count) {
    for (int i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<WsClient>(router.port(), "u" + std::to_string(i % 1000)));
      clients.back()->read_until("hello");
    }
  };
  join(200);
  const long before = test::resident_kib(router.process().pid());
  join(kIdle);
  const double kib = static_cast<double>(test::resident_kib(router.process().pid()) - before) / kIdle;
  row("memory per idle connection, without TLS (1,000 users)", text("%.1f KiB", kib), "<= 16 KiB", kib <= 16);
}

/// Takes every event and keeps none.
class NullManager : public ConnectionManager {
public:
  std::vector<ConnectionId> connections_of(const UserId &) const override {
    return {ConnectionId("c1"), ConnectionId("c2")};
  }
  SendStatus send(const ConnectionId &, const UserId &, const Event &event) override {
    bytes += event.to_json().dump().size(); // what any transport has to do
    return SendStatus::sent;
  }
  std::size_t bytes = 0;
};

void measure_compatibility() {
  auto manager = std::make_shared<NullManager>();
  auto canonical = create_broadcast_service(manager);
  services::WebSocketEventRouter legacy(manager);
  const UserId user("ann");
  const Event event{
      "tool_completed",
      Json().set("run_id", "r1").set("thread_id", "t1").set("user_id", "ann").set("text", std::string(200, 'x'))};
  double direct = 1e300, through = 1e300;
  for (int round = 0; round < 5; ++round) { // in turns, so that both see the same machine
    direct = std::min(direct, nanoseconds_per_call(5000, [&] { canonical->broadcast_to_user(user, event); }));
    through = std::min(through, nanoseconds_per_call(5000, [&] { legacy.broadcast_to_user(user, event); }));
  }
  const double cost = (through / direct - 1) * 100;
  row("compatibility layer: latency added to a broadcast",
      text("%.1f %% (%.0f ns against %.0f ns)", cost, through, direct), "<= 2 %", cost <= 2);
}

#ifdef NETRA_LEGACY_FORM
void measure_forms() {
  constexpr int kUsers = 1000;
  const Form legacy = measure_legacy_form(kUsers);
  const Form consolidated = measure_consolidated_form(kUsers);
  const double memory = (1 - consolidated.bytes_per_connection / legacy.bytes_per_connection) * 100;
  row("consolidated against legacy form, 1,000 users x 2: memory",
      text("%.0f %% lower (%.0f against %.0f bytes a connection)", memory, consolidated.bytes_per_connection,
           legacy.bytes_per_connection),
      ">= 15 % lower", memory >= 15);
  row("... latency of one message",
      text("%.0f against %.0f ns", consolidated.nanoseconds_per_message, legacy.nanoseconds_per_message), "not higher",
      consolidated.nanoseconds_per_message <= legacy.nanoseconds_per_message);
}
#endif

void run(const std::string &node_peer) {
  rlimit descriptors = {};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  std::printf("| what | figure | target | met |\n| --- | --- | --- | --- |\n");
  measure_in_process_routing();
  measure_compatibility();
#ifdef NETRA_LEGACY_FORM
  measure_forms();
#endif
  measure_server(node_peer);
  measure_idle_memory();
}

} // namespace
} // namespace netra::bench

int main(int argc, char **argv) { netra::bench::run(argc == 3 && std::strcmp(argv[1], "--node") == 0 ? argv[2] : ""); }
