// netra/websocket_core/message_router.h - legacy. One router for all users of the process, as it was; a canonical
// router for each inside.
#pragma once

#include "netra/compat/id_text.h"
#include "netra/websocket_core/canonical_message_router.h"

#include <memory>
#include <string>
#include <vector>

namespace netra {

class [[deprecated("MessageRouter is deprecated. Use CanonicalMessageRouter from "
                   "netra/websocket_core/canonical_message_router.h instead.")]] MessageRouter {
public:
  /// \param sink takes what is routed, as in the canonical factory.
  explicit MessageRouter(MessageSink sink = {});
  MessageRouter(const MessageRouter &) = delete;
  MessageRouter &operator=(const MessageRouter &) = delete;
  virtual ~MessageRouter();

  bool register_connection(const compat::IdText &connection, const compat::IdText &user,
                           const std::string &session = {});
  bool unregister_connection(const compat::IdText &connection);
  std::vector<std::string> route_message(const WebSocketMessage &message, const RoutingContext &context);
  void add_handler(const std::string &type, MessageHandler handler);
  bool remove_handler(const std::string &type);
  bool handle_message(const compat::IdText &user, const WebSocketMessage &message);
  std::vector<std::string> get_user_connections(const compat::IdText &user) const;
  int cleanup_inactive_connections(int timeout_seconds);
  RouterStats get_stats() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"

using MessageRouterSST [[deprecated("MessageRouterSST is deprecated. Use CanonicalMessageRouter from "
                                    "netra/websocket_core/canonical_message_router.h instead.")]] = MessageRouter;
using UnifiedMessageRouter [[deprecated("UnifiedMessageRouter is deprecated. Use CanonicalMessageRouter from "
                                        "netra/websocket_core/canonical_message_router.h instead.")]] = MessageRouter;
using WebSocketMessageRouter [[deprecated("WebSocketMessageRouter is deprecated. Use CanonicalMessageRouter from "
                                          "netra/websocket_core/canonical_message_router.h instead.")]] = MessageRouter;

/// The one router of the process. Its lifetime is the process's: whether a user's router may live shorter is for a
/// person to decide.
[[deprecated("get_message_router is deprecated. Use create_message_router from "
             "netra/websocket_core/canonical_message_router.h instead.")]]
MessageRouter &get_message_router();

/// A router of its own.
[[deprecated("create_router is deprecated. Use create_message_router from "
             "netra/websocket_core/canonical_message_router.h instead.")]]
std::shared_ptr<MessageRouter> create_router(MessageSink sink = {});

#pragma clang diagnostic pop

} // namespace netra
