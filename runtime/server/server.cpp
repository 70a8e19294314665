#include "server.h"

#include "demo_page.h"
#include "echo_agent.h"
#include "hub.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "nats_bus.h"
#include "session.h"
#include "token.h"

#include "netra/services/websocket_broadcast_service.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>

namespace netra::server {

namespace net = boost::asio;
using ErrorCode = boost::system::error_code;
using Acceptor = net::basic_socket_acceptor<net::ip::tcp, net::io_context::executor_type>;

namespace {

constexpr std::chrono::milliseconds kDrainPoll(20);
constexpr std::chrono::milliseconds kAcceptPause(100);
constexpr std::chrono::seconds kSweep(1);
constexpr std::int64_t kDemoTokenSeconds = 3600;
constexpr std::size_t kSafeSecret = 32; // RFC 7518, 3.2: a key of at least the size of the hash

unsigned loops_for(const Options &options) {
  if (options.loops > 0)
    return options.loops;
  return std::max(2u, std::thread::hardware_concurrency()) - 1;
}

/// As many descriptors as the system lets us have: one per connection.
void raise_descriptor_limit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Readers see no file or a whole one.
void write_port_file(const std::string &path, std::uint16_t port) {
  std::string temporary = path + ".new";
  {
    std::ofstream file(temporary);
    file << port;
    if (!file.flush())
      throw std::runtime_error("cannot write the port file " + path);
  }
  std::filesystem::rename(temporary, path);
}

std::string random_name() {
  std::random_device device;
  return std::to_string(device() % 1000000);
}

net::ip::tcp::endpoint endpoint_of(const Options &options) {
  net::io_context context;
  net::ip::tcp::resolver resolver(context);
  ErrorCode error;
  auto found = resolver.resolve(options.host, std::to_string(options.port), net::ip::tcp::resolver::passive, error);
  if (error)
    throw std::runtime_error("cannot listen on " + options.host + ": " + error.message());
  return *found.begin();
}

} // namespace

struct Server::State {
  explicit State(Options given)
      : options(std::move(given)), log(options.log_level),
        hub({options.max_connections_per_user, options.history_events, options.resume_window}, metrics, log),
        broadcast(create_broadcast_service(std::shared_ptr<ConnectionManager>(std::shared_ptr<void>(), &hub))),
        agent(*broadcast, metrics, random_name()), context{options, hub, metrics, log} {
    raise_descriptor_limit();
    if (options.token_secret.size() < kSafeSecret)
      log.write(LogLevel::warning, "token_secret_short",
                {{"bytes", static_cast<std::int64_t>(options.token_secret.size())}});
    context.answer = [this](std::string_view method, std::string_view target, std::string_view body) {
      return answer(method, target, body);
    };
    if (options.echo_agent)
      hub.set_router_setup([this](CanonicalMessageRouter &router) { agent.attach(router); });
    load_certificate();
    join_bus();
    listen();
  }

  void load_certificate() {
    if (options.tls_cert.empty())
      return;
    tls = std::make_unique<net::ssl::context>(net::ssl::context::tls_server);
    tls->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_tlsv1 |
                     net::ssl::context::no_tlsv1_1);
    tls->use_certificate_chain_file(options.tls_cert);
    tls->use_private_key_file(options.tls_key, net::ssl::context::pem);
  }

  void join_bus() {
    if (options.bus.empty())
      return;
    bus = std::make_unique<NatsBus>(
        options.bus,
        BusCallbacks{[this](const BusEvent &event) { hub.receive(event); }, [this] { hub.publish_last_numbers(); }},
        metrics, log);
    hub.set_bus(bus.get());
  }

  /// One acceptor per loop on the same port: the kernel spreads the connections, and they stay where they were
  /// accepted.
  void listen() {
    net::ip::tcp::endpoint endpoint = endpoint_of(options);
    for (unsigned i = 0; i < loops_for(options); ++i) {
      loops.push_back(std::make_unique<Loop>());
      auto acceptor = std::make_unique<Acceptor>(loops.back()->context());
      acceptor->open(endpoint.protocol());
      acceptor->set_option(net::socket_base::reuse_address(true));
      acceptor->set_option(net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
      acceptor->bind(endpoint);
      acceptor->listen(4096);
      endpoint = acceptor->local_endpoint();
      acceptors.push_back(std::move(acceptor));
    }
    port = endpoint.port();
  }

  void accept(std::size_t index) {
    acceptors[index]->async_accept(loops[index]->context(), [this, index](ErrorCode error, Socket socket) {
      if (error == net::error::operation_aborted)
        return;
      if (error)
        return pause_accepting(index);
      ErrorCode ignored;
      socket.set_option(net::ip::tcp::no_delay(true), ignored);
      if (tls)
        start_tls_session(std::move(socket), *tls, *loops[index], context);
      else
        start_plain_session(std::move(socket), *loops[index], context);
      accept(index);
    });
  }

  /// Out of descriptors: those who wait in the backlog get their turn when somebody has left.
  void pause_accepting(std::size_t index) {
    log.write(LogLevel::error, "accept_failed");
    auto timer = std::make_shared<net::steady_timer>(loops[index]->context(), kAcceptPause);
    timer->async_wait([this, index, timer](ErrorCode error) {
      if (!error)
        accept(index);
    });
  }

  HttpAnswer answer(std::string_view method, std::string_view target, std::string_view body) {
    std::string_view path = target.substr(0, target.find('?'));
    if (path == "/demo/login" && options.demo)
      return method == "POST" ? log_in(body) : HttpAnswer{405, "text/plain", "POST\n"};
    if (method != "GET" && method != "HEAD")
      return {405, "text/plain", "GET\n"};
    if (path == "/health")
      return {200, "application/json", "{\"status\":\"alive\"}\n"};
    if (path == "/ready")
      return readiness();
    if (path == "/metrics")
      return {200, "text/plain; version=0.0.4", metrics.text()};
    if (path == "/" && options.demo)
      return {200, "text/html; charset=utf-8", kDemoPage};
    return {404, "text/plain", "not found\n"};
  }

  /// A node without its bus still serves its own users, and all nodes lose the same bus at once: it is told, but the
  /// node stays ready.
  HttpAnswer readiness() const {
    const char *bus_state = !bus ? "none" : bus->connected() ? "connected" : "lost";
    const char *status = context.draining ? "draining" : bus && !bus->connected() ? "degraded" : "ready";
    Json body = Json().set("status", status).set("bus", bus_state);
    return {context.draining ? 503u : 200u, "application/json", body.dump() + "\n"};
  }

  HttpAnswer log_in(std::string_view body) const {
    std::optional<Json> request = Json::parse(body);
    std::optional<std::string> name = request ? request->get_string("user") : std::nullopt;
    std::optional<UserId> user = name ? UserId::parse(*name) : std::nullopt;
    if (!user)
      return {400, "text/plain", "who?\n"};
    std::string token = sign_token(*user, std::time(nullptr) + kDemoTokenSeconds, options.token_secret);
    return {200, "application/json", Json().set("token", token).dump()};
  }

  void sweep() {
    housekeeping->expires_after(kSweep);
    housekeeping->async_wait([this](ErrorCode error) {
      if (error)
        return;
      hub.sweep(std::chrono::steady_clock::now());
      sweep();
    });
  }

  void begin_draining() {
    if (context.draining.exchange(true))
      return;
    metrics.set(Metrics::Level::draining, 1);
    log.write(LogLevel::info, "draining", {{"connections", static_cast<std::int64_t>(context.connections.load())}});
    for (auto &loop : loops)
      loop->post([&loop] {
        for (const std::shared_ptr<Connection> &connection : loop->connections())
          connection->close(CloseCode::going_away, "stopping", false);
      });
    deadline = std::chrono::steady_clock::now() + options.drain_timeout;
    wait_until_drained();
  }

  void wait_until_drained() {
    if (context.connections == 0 || std::chrono::steady_clock::now() >= deadline) {
      log.write(LogLevel::info, "stopped",
                {{"connections_left", static_cast<std::int64_t>(context.connections.load())}});
      for (auto &loop : loops)
        loop->stop();
      return;
    }
    drain_timer->expires_after(kDrainPoll);
    drain_timer->async_wait([this](ErrorCode error) {
      if (!error)
        wait_until_drained();
    });
  }

  void run() {
    net::io_context &first = loops.front()->context();
    net::signal_set signals(first, SIGTERM, SIGINT);
    signals.async_wait([this](ErrorCode error, int) {
      if (!error)
        begin_draining();
    });
    housekeeping = std::make_unique<net::steady_timer>(first);
    drain_timer = std::make_unique<net::steady_timer>(first);
    sweep();
    for (std::size_t i = 0; i < loops.size(); ++i)
      accept(i);
    if (!options.port_file.empty())
      write_port_file(options.port_file, port);
    log.write(LogLevel::info, "listening",
              {{"host", options.host}, {"port", port}, {"loops", static_cast<std::int64_t>(loops.size())}});
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < loops.size(); ++i)
      threads.emplace_back([&loop = *loops[i]] { loop.run(); });
    loops.front()->run();
  }

  // Sessions die with their loops and refer to all that stands above them; the hub holds sessions and must let go of
  // them first.
  const Options options;
  Log log;
  Metrics metrics;
  Hub hub;
  std::unique_ptr<WebSocketBroadcastService> broadcast;
  EchoAgent agent;
  ServerContext context;
  std::unique_ptr<net::ssl::context> tls;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  std::unique_ptr<net::steady_timer> housekeeping;
  std::unique_ptr<net::steady_timer> drain_timer;
  std::unique_ptr<NatsBus> bus;
  std::chrono::steady_clock::time_point deadline;
  std::uint16_t port = 0;
};

Server::Server(Options options) : state_(std::make_unique<State>(std::move(options))) {}

Server::~Server() {
  state_->bus.reset(); // its threads call the hub
  state_->hub.forget_everyone();
}

std::uint16_t Server::port() const noexcept { return state_->port; }

void Server::run() { state_->run(); }

} // namespace netra::server
