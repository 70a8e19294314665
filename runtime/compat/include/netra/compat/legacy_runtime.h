// netra/compat/legacy_runtime.h - what the legacy interface keeps for the whole process.
//
// `get_message_router()` promises one router per process, and `broadcast_to_user(user, event)` finds its connections by
// itself: that cannot be had without process-wide state. All of it is behind this header, and it goes on the day
// `netra::compat` goes.
#pragma once

#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/connection_manager.h"
#include "netra/websocket_core/deprecation.h"

#include <memory>

namespace netra::compat {

/// Where the free functions send; one for each of the two headers that has some. Without a manager (as at the start)
/// they return 0.
enum class FreeFunctions { event_router, user_scoped };

void set_manager(FreeFunctions functions, std::shared_ptr<ConnectionManager> manager);

/// The service over that manager, null without one: to switch its flags (`delegate_to_canonical` is the rollback).
std::shared_ptr<WebSocketBroadcastService> broadcast_service(FreeFunctions functions);

/// Who still calls: `legacy_api_calls_total{api,…}`.
DeprecationCounter &legacy_usage();

} // namespace netra::compat
