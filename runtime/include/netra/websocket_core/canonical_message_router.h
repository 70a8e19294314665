// netra/websocket_core/canonical_message_router.h - the one message router.
//
// It takes the place of a dozen that each did a part of this. One router works for one user: it is made by the factory
// for a user context, refuses everything that belongs to another user, and shares no state with any other router. What
// goes from one user to another goes through the broadcast service, which checks it.
//
// All functions may be called from any thread. No lock is held while a handler or the sink runs.
#pragma once

#include "netra/websocket_core/replay_history.h"
#include "netra/websocket_core/types.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace netra {

/// Which connections of the router's user a message goes to.
enum class MessageRoutingStrategy {
  broadcast_all,    ///< every connection of the router
  user_specific,    ///< every connection of `RoutingContext::user_id`, who must be the router's user
  session_specific, ///< the connections registered with `RoutingContext::session_id`
  agent_specific,   ///< the connections whose metadata `agent_id` is `RoutingContext::agent_id`
  priority_based    ///< every connection of the user; overtakes queued messages of lower priority
};

const char *to_string(MessageRoutingStrategy strategy) noexcept;

struct RoutingContext {
  std::optional<UserId> user_id = std::nullopt;
  std::optional<SessionId> session_id = std::nullopt;
  std::optional<AgentId> agent_id = std::nullopt;
  MessagePriority priority = MessagePriority::normal;
  MessageRoutingStrategy strategy = MessageRoutingStrategy::user_specific;
  Metadata metadata = {};
};

/// Where a context leads: the kind of target and its identifier (empty for a broadcast).
struct RouteDestination {
  RoutingTarget target;
  std::string id;

  friend bool operator==(const RouteDestination &, const RouteDestination &) = default;
};

/// \returns where the context leads, or nothing when it lacks the identifier that its strategy needs.
std::optional<RouteDestination> destination_of(const RoutingContext &context);

/// Takes one message for one connection. `busy` keeps the message queued in the router until `flush_connection`.
using MessageSink = std::function<SendStatus(const ConnectionId &, const WebSocketMessage &)>;

using MessageHandler = std::function<void(const UserId &, const WebSocketMessage &)>;

/// Identifies one handler among those of its message type.
enum class HandlerId : std::uint64_t {};

/// What became of a message at one handler.
struct HandlerOutcome {
  HandlerId handler;
  bool succeeded;
  std::string error = {};
};

/// What became of a message that came in.
struct DispatchReport {
  /// In the order the handlers were added; a handler that threw stands in its place with what it threw.
  std::vector<HandlerOutcome> handlers = {};
  /// The type had no handler, the user was told with an `ack`.
  bool acknowledged = false;
  /// The message was another user's: nothing was done.
  bool refused = false;

  bool succeeded() const;
};

struct RouterStats {
  std::uint64_t messages_routed = 0;       ///< messages that at least one connection took
  std::uint64_t messages_unrouted = 0;     ///< messages that nobody took
  std::uint64_t deliveries = 0;            ///< messages × connections that took them
  std::uint64_t failed_deliveries = 0;     ///< messages × connections that did not
  std::uint64_t isolation_refusals = 0;    ///< calls that named another user
  std::uint64_t messages_handled = 0;      ///< incoming messages that met a handler
  std::uint64_t messages_acknowledged = 0; ///< incoming messages of unknown type
  std::uint64_t handler_errors = 0;
  std::uint64_t connections_cleaned = 0;
  std::size_t active_connections = 0;
  std::size_t queued_messages = 0;
  std::size_t handlers = 0;
};

struct RouterOptions {
  /// Messages that may wait for one connection.
  std::size_t queue_limit = 4096;
  /// Messages per priority class that `replay` can give again.
  std::size_t history_limit = 256;
  /// Empty: the steady clock of the system.
  SteadyClock clock = {};
};

class CanonicalMessageRouter {
public:
  /// Only the factory can make a key, so only the factory can make a router.
  class FactoryKey {
    friend std::unique_ptr<CanonicalMessageRouter> create_message_router(UserContext context, MessageSink sink,
                                                                         RouterOptions options);
    FactoryKey() {}
  };

  CanonicalMessageRouter(FactoryKey key, UserContext context, MessageSink sink, RouterOptions options);
  CanonicalMessageRouter(const CanonicalMessageRouter &) = delete;
  CanonicalMessageRouter &operator=(const CanonicalMessageRouter &) = delete;
  ~CanonicalMessageRouter();

  const UserContext &user_context() const noexcept;

  /// \returns false when the connection is registered already, or the user is not the router's.
  bool register_connection(const ConnectionId &connection, const UserId &user,
                           std::optional<SessionId> session = std::nullopt, Metadata metadata = {});

  /// Forgets the connection and what was queued for it. \returns false when it was not registered.
  bool unregister_connection(const ConnectionId &connection);

  /// Sends the message where the context leads.
  /// \returns the connections that took it: it was sent, or it waits in their queue. Empty when nobody did, when the
  /// context lacks what its strategy needs, or when the message or the context names another user.
  std::vector<ConnectionId> route_message(const WebSocketMessage &message, const RoutingContext &context);

  /// Goes on sending what waits for the connection, the most urgent first, until the sink is busy again.
  /// \returns how many messages were sent.
  int flush_connection(const ConnectionId &connection);

  /// Takes the next message that waits for the connection: the way out of a router that has no sink.
  std::optional<WebSocketMessage> next_message(const ConnectionId &connection);

  /// Adds a handler for messages of the type; a type can have several, which run in the order they were added.
  HandlerId add_handler(std::string type, MessageHandler handler);
  /// Removes all handlers of the type. \returns false when there was none.
  bool remove_handler(const std::string &type);
  /// Removes one handler. \returns false when it was gone.
  bool remove_handler(HandlerId handler);

  /// Runs the handlers of a message that came in from the user.
  /// \returns whether every handler succeeded; a message of unknown type is acknowledged, which is a success.
  bool handle_message(const UserId &user, const WebSocketMessage &message);

  /// The same, with what became of it at each handler. An acknowledgement goes to `reply_to`, or to all connections of
  /// the user.
  DispatchReport dispatch_message(const UserId &user, const WebSocketMessage &message,
                                  const std::optional<ConnectionId> &reply_to = std::nullopt);

  /// \returns the connections in the order they came; none for another user.
  std::vector<ConnectionId> get_user_connections(const UserId &user) const;

  /// Marks the connection as alive: a pong, a message from the client. \returns false when it is not registered.
  bool touch_connection(const ConnectionId &connection);

  /// Forgets the connections without a sign of life for longer than `timeout`. \returns how many.
  int cleanup_inactive_connections(std::chrono::milliseconds timeout);

  /// Where the history stands, to be given back to `replay` by a client that was away.
  ReplayPosition history_position() const;

  /// Sends again what the connection's user was sent after the position.
  /// \returns how many messages, or nothing when the history does not reach back that far: the client must reload.
  std::optional<int> replay(const ConnectionId &connection, const ReplayPosition &position);

  /// A consistent picture of one moment.
  RouterStats get_stats() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Makes the router of one user context. The caller owns it.
/// \param sink takes what is routed; without one, messages wait for `next_message`.
std::unique_ptr<CanonicalMessageRouter> create_message_router(UserContext context, MessageSink sink = {},
                                                              RouterOptions options = {});

} // namespace netra
