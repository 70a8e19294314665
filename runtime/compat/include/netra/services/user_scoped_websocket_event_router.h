// netra/services/user_scoped_websocket_event_router.h - legacy. "Broadcast to a user", third to fifth; the last with
// its arguments swapped.
#pragma once

#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/connection_manager.h"

#include <memory>

namespace netra::services {

class [[deprecated("UserScopedWebSocketEventRouter is deprecated. Use WebSocketBroadcastService from "
                   "netra/services/websocket_broadcast_service.h instead.")]] UserScopedWebSocketEventRouter {
public:
  UserScopedWebSocketEventRouter(std::shared_ptr<ConnectionManager> manager, UserContext context);

  /// Adds the user and the thread of the context to the event and sends it to that user.
  /// \returns the number of connections that took it; 0 without a manager.
  int broadcast_to_user(const Event &event);

  const UserContext &context() const { return context_; }

private:
  UserContext context_;
  std::shared_ptr<WebSocketBroadcastService> service_;
};

namespace user_scoped {

/// The manager that the free functions send through; none at first.
void set_manager(std::shared_ptr<ConnectionManager> manager);

/// \returns the number of connections that took the event; 0 without a manager.
[[deprecated("user_scoped::broadcast_to_user is deprecated. Use WebSocketBroadcastService::broadcast_to_user from "
             "netra/services/websocket_broadcast_service.h instead.")]]
int broadcast_to_user(const UserId &user, const Event &event);

/// Event first!
[[deprecated("broadcast_user_event is deprecated. Use WebSocketBroadcastService::broadcast_to_user from "
             "netra/services/websocket_broadcast_service.h instead.")]]
int broadcast_user_event(const Event &event, const UserContext &context);

} // namespace user_scoped
} // namespace netra::services
