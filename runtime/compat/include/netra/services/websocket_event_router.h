// netra/services/websocket_event_router.h - legacy. "Broadcast to a user", first and second.
#pragma once

#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/connection_manager.h"

#include <memory>
#include <vector>

namespace netra::services {

class [[deprecated("WebSocketEventRouter is deprecated. Use WebSocketBroadcastService from "
                   "netra/services/websocket_broadcast_service.h "
                   "instead.")]] WebSocketEventRouter {
public:
  explicit WebSocketEventRouter(std::shared_ptr<ConnectionManager> manager);
  /// It took the application's logger and metrics as well, which are not needed any more.
  template <class Logger, class Metrics>
  WebSocketEventRouter(std::shared_ptr<ConnectionManager> manager, const Logger &, Metrics &)
      : WebSocketEventRouter(std::move(manager)) {}

  /// \returns the number of connections that took the event; 0 without a manager.
  int broadcast_to_user(const UserId &user, const Event &event);
  /// Tells every user in the list. \returns how many connections took the event.
  int broadcast_to_all(const std::vector<UserId> &users, const Event &event);

private:
  std::shared_ptr<WebSocketBroadcastService> service_;
};

/// The manager that the free function sends through; none at first.
void set_event_manager(std::shared_ptr<ConnectionManager> manager);

/// \returns the number of connections that took the event; 0 without a manager.
[[deprecated("broadcast_to_user is deprecated. Use WebSocketBroadcastService::broadcast_to_user from "
             "netra/services/websocket_broadcast_service.h instead.")]]
int broadcast_to_user(const UserId &user, const Event &event);

} // namespace netra::services
