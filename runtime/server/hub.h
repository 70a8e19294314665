// server/hub.h - who is connected to this node, and the one critical section per user.
//
// To number an event, to keep it for those who come back, and to hand it to the connections is one step under the lock
// of the user; to join with a position takes the same lock. So nothing falls between what is replayed and what comes
// live, and nothing comes twice.
#pragma once

#include "connection.h"
#include "frame.h"
#include "log.h"
#include "metrics.h"

#include "netra/websocket_core/canonical_message_router.h"
#include "netra/websocket_core/connection_manager.h"
#include "netra/websocket_core/replay_history.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace netra::server {

/// What goes over the bus about one user.
struct BusEvent {
  enum class Kind {
    event,       ///< `text`, the `number`th of the origin
    last_number, ///< no event: `number` was the last. Who has not seen it has lost some
    question     ///< who begins to listen asks for the last numbers
  };

  Kind kind;
  UserId user;
  /// Whose numbers these are: one user on one node, since it was last made known there.
  std::string origin;
  std::uint64_t number = 0;
  MessagePriority priority = MessagePriority::normal;
  std::string text = {};
};

/// What the hub asks of the bus between nodes. Never waits.
class EventBus {
public:
  virtual ~EventBus() = default;
  virtual void publish(BusEvent event) = 0;
  /// Listens to the user's events from other nodes; `ready` is called once nothing more is missed, or the bus is not
  /// there.
  virtual void listen(const UserId &user, std::function<void()> ready) = 0;
  virtual void stop_listening(const UserId &user) = 0;
};

struct HubLimits {
  std::size_t connections_per_user;
  std::size_t history_events;
  std::chrono::milliseconds resume_window;
};

enum class Joined { joined, too_many_connections };

/// Adds the server's handlers to the router of a user, once, when the router is made.
using RouterSetup = std::function<void(CanonicalMessageRouter &)>;

class Hub : public ConnectionManager {
public:
  Hub(HubLimits limits, Metrics &metrics, Log &log);
  Hub(const Hub &) = delete;
  Hub &operator=(const Hub &) = delete;
  ~Hub() override;

  /// Before the first connection.
  void set_router_setup(RouterSetup setup);
  void set_bus(EventBus *bus);

  /// Makes the user known here, and calls `ready` once the user's events from other nodes arrive. The state of the user
  /// is kept until the resume window has passed without a connection.
  void prepare(const UserId &user, std::function<void()> ready);

  /// Adds the connection: it gets a `hello` with the position it starts from, then what it missed since `position` if
  /// it gave one (or a `reload_required`), then what is live.
  Joined join(const std::shared_ptr<Connection> &connection, const std::optional<ReplayPosition> &position);
  void leave(const Connection &connection);

  /// A client came back with a position after it had joined. What it is sent again are events from before it joined.
  void resume(Connection &connection, const ReplayPosition &position);

  /// A client says up to where it has got its events; counted, each event once for each connection.
  void acknowledge(const Connection &connection, const ReplayPosition &position);

  /// A message from a client goes through the router of its user.
  DispatchReport dispatch(const Connection &connection, const WebSocketMessage &message);

  /// Sends a frame that is no event of the user (an answer, an error) to one connection.
  void reply(Connection &connection, const Event &event);

  std::vector<ConnectionId> connections_of(const UserId &user) const override;
  SendStatus send(const ConnectionId &connection, const UserId &owner, const Event &event) override;
  std::vector<SendOutcome> send_to_user(const UserId &user, const Event &event) override;

  /// An event that another node published.
  void receive(const BusEvent &event);
  /// Says on the bus, for every user, which number was the last: after an interruption others see by it what was lost.
  void publish_last_numbers();

  /// Lets go of every user and connection: before the loops that the connections live on are gone.
  void forget_everyone();

  /// Forgets users whose resume window has passed.
  void sweep(std::chrono::steady_clock::time_point now);

private:
  struct User;
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra::server
