// server/nats_bus.h - the bus between nodes, over NATS.
//
// NATS core delivers at most once. What that leaves open is closed by numbers: every event of a user carries its origin
// and a number, so a node that missed one knows, counts it, and tells its clients to reload. A thread of its own talks
// to NATS; nobody who publishes waits.
#pragma once

#include "hub.h"
#include "log.h"
#include "metrics.h"

#include <functional>
#include <memory>
#include <string>

namespace netra::server {

struct BusCallbacks {
  std::function<void(const BusEvent &)> received;
  /// The bus came back after an interruption.
  std::function<void()> reconnected;
};

/// At most one in a process: the NATS library is closed with it.
class NatsBus : public EventBus {
public:
  /// Starts connecting and goes on trying for as long as it lives; the server is useful without.
  NatsBus(const std::string &url, BusCallbacks callbacks, Metrics &metrics, Log &log);
  NatsBus(const NatsBus &) = delete;
  NatsBus &operator=(const NatsBus &) = delete;
  ~NatsBus() override;

  bool connected() const noexcept;

  void publish(BusEvent event) override;
  void listen(const UserId &user, std::function<void()> ready) override;
  void stop_listening(const UserId &user) override;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra::server
