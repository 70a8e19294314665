// netra/websocket_core/handlers.h - legacy. The other `MessageRouter`: it registered a connection with user and
// connection the other way round, which is how connections ended up as users.
#pragma once

#include "netra/websocket_core/message_router.h"

#include <string>

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra::handlers {

class [[deprecated("handlers::MessageRouter is deprecated. Use CanonicalMessageRouter from "
                   "netra/websocket_core/canonical_message_router.h "
                   "instead.")]] MessageRouter : public netra::MessageRouter {
public:
  using netra::MessageRouter::MessageRouter;

  /// User first.
  bool register_connection(const compat::IdText &user, const compat::IdText &connection, const std::string &thread);
};

/// The same on the router of the process.
[[deprecated("handlers::register_connection is deprecated. Use CanonicalMessageRouter::register_connection from "
             "netra/websocket_core/canonical_message_router.h instead.")]]
bool register_connection(const compat::IdText &user, const compat::IdText &connection, const std::string &thread);

} // namespace netra::handlers

#pragma clang diagnostic pop
