// netra/services/user_scoped_websocket_event_router.h - legacy. "Broadcast to a user", third to fifth; the last with
// its arguments swapped.
#pragma once

#include "netra/compat/id_text.h"
#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/connection_manager.h"

#include <memory>

namespace netra {

class [[deprecated("UserScopedWebSocketEventRouter is deprecated. Use WebSocketBroadcastService from "
                   "netra/services/websocket_broadcast_service.h instead.")]] UserScopedWebSocketEventRouter {
public:
  UserScopedWebSocketEventRouter(UserContext context, std::shared_ptr<ConnectionManager> manager);

  /// Adds the user context to the event and sends it to that user.
  /// \returns the number of connections that took it; 0 without a manager.
  int broadcast_to_user(const Event &event);

private:
  UserContext context_;
  std::shared_ptr<WebSocketBroadcastService> service_;
};

/// The same function as in websocket_event_router.h.
[[deprecated("broadcast_to_user is deprecated. Use WebSocketBroadcastService::broadcast_to_user from "
             "netra/services/websocket_broadcast_service.h instead.")]]
int broadcast_to_user(const compat::IdText &user, const Event &event);

/// Event first!
[[deprecated("broadcast_user_event is deprecated. Use WebSocketBroadcastService::broadcast_to_user from "
             "netra/services/websocket_broadcast_service.h instead.")]]
int broadcast_user_event(const Event &event, const UserContext &context);

} // namespace netra
