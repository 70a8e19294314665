// netra/websocket_core/websocket_message_router.h - legacy. An alias now, see message_router.h.
#pragma once

#include "netra/websocket_core/message_router.h"
