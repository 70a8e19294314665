// netra/websocket_core/connection_manager.h - the way out: who is connected, and how an event reaches them.
//
// The broadcast service decides what is sent and to whom; the transport (a server, an in-process queue, a test) decides
// how. This is the whole surface between the two.
#pragma once

#include "netra/websocket_core/types.h"

#include <string>
#include <vector>

namespace netra {

/// What became of an event at one connection.
struct SendOutcome {
  ConnectionId connection;
  SendStatus status;
  /// For people, empty when it was sent. Never names another user.
  std::string error = {};
};

class ConnectionManager {
public:
  virtual ~ConnectionManager() = default;

  /// \returns the connections that the user has now, in the order they came.
  virtual std::vector<ConnectionId> connections_of(const UserId &user) const = 0;

  /// Hands the event to one connection. The owner is checked once more here: a connection of another user answers
  /// `closed`.
  virtual SendStatus send(const ConnectionId &connection, const UserId &owner, const Event &event) = 0;

  /// Hands the event to every connection of the user. A transport that numbers its events overrides this and makes it
  /// one step; the default sends one after the other, and an exception costs only the connection it came from.
  virtual std::vector<SendOutcome> send_to_user(const UserId &user, const Event &event);
};

} // namespace netra
