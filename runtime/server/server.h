// server/server.h - the server put together: loops, hub, bus, agent; start and graceful stop.
#pragma once

#include "options.h"

#include <cstdint>
#include <memory>

namespace netra::server {

class Server {
public:
  /// Listens, joins the bus, loads the certificate.
  /// \throws std::exception with a message for the operator when one of them fails.
  explicit Server(Options options);
  Server(const Server &) = delete;
  Server &operator=(const Server &) = delete;
  ~Server();

  std::uint16_t port() const noexcept;

  /// Serves until SIGTERM or SIGINT, then drains: `/ready` fails, upgrades are refused, queues are written out, clients
  /// get 1001.
  void run();

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra::server
