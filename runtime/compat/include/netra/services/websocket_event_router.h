// netra/services/websocket_event_router.h - legacy. "Broadcast to a user", first and second.
#pragma once

#include "netra/compat/id_text.h"
#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/connection_manager.h"

#include <memory>

namespace netra {

class [[deprecated("WebSocketEventRouter is deprecated. Use WebSocketBroadcastService from "
                   "netra/services/websocket_broadcast_service.h "
                   "instead.")]] WebSocketEventRouter {
public:
  explicit WebSocketEventRouter(std::shared_ptr<ConnectionManager> manager);

  /// \returns the number of connections that took the event; 0 without a manager or for a user id that is none.
  int broadcast_to_user(const compat::IdText &user, const Event &event);

private:
  std::shared_ptr<WebSocketBroadcastService> service_;
};

/// \returns the number of connections that took the event; 0 without a manager.
[[deprecated("broadcast_to_user is deprecated. Use WebSocketBroadcastService::broadcast_to_user from "
             "netra/services/websocket_broadcast_service.h instead.")]]
int broadcast_to_user(const compat::IdText &user, const Event &event);

} // namespace netra
