// netra/websocket_core/handlers.h - legacy. The other `MessageRouter`: it registers a connection with user and
// connection the other way round, which is how connections ended up as users.
#pragma once

#include "netra/websocket_core/canonical_message_router.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace netra::handlers {

using Handler = std::function<bool(const UserId &, const WebSocketMessage &)>;
using Deliver = std::function<SendStatus(const ConnectionId &, const WebSocketMessage &)>;

class [[deprecated("handlers::MessageRouter is deprecated. Use CanonicalMessageRouter from "
                   "netra/websocket_core/canonical_message_router.h "
                   "instead.")]] MessageRouter {
public:
  explicit MessageRouter(Deliver deliver);
  /// It took the application's logger as well, which is not needed any more.
  template <class Logger>
  MessageRouter(Deliver deliver, const Logger &) : MessageRouter(std::move(deliver)) {}
  MessageRouter(const MessageRouter &) = delete;
  MessageRouter &operator=(const MessageRouter &) = delete;
  ~MessageRouter();

  /// User first!
  bool register_connection(const UserId &user, const ConnectionId &connection, const std::string &thread = {});
  bool unregister_connection(const ConnectionId &connection);
  /// \returns how many connections of the user took it.
  int route_message(const UserId &user, const WebSocketMessage &message);
  /// The last one added for a type counts.
  void add_handler(const std::string &type, Handler handler);
  /// \returns what the handler says, false for a type without one.
  bool handle_message(const UserId &user, const WebSocketMessage &message);
  std::vector<ConnectionId> get_user_connections(const UserId &user) const;
  std::vector<std::string> supported_types() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra::handlers
