// netra/websocket_core/websocket_core.h - legacy. Everything of the message layer at once.
#pragma once

#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/handlers.h"
#include "netra/websocket_core/message_router.h"
