// netra/websocket_core/message_router.h - legacy. One router for all users of the process, as it was; a canonical
// router for each user inside.
#pragma once

#include "netra/websocket_core/canonical_message_router.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace netra::websocket_core {

/// Where a message goes. Older than the strategies of the runtime, which have one more.
enum class RoutingMode { broadcast_all, user_specific, session_specific, agent_specific };

struct RouterConfig {
  /// Has no effect any more: a connection that is registered already is refused.
  bool allow_duplicates = true;
  /// 0: the canonical limit.
  std::size_t queue_limit = 0;
  std::string name = "main";
};

class [[deprecated("MessageRouter is deprecated. Use CanonicalMessageRouter from "
                   "netra/websocket_core/canonical_message_router.h instead.")]] MessageRouter {
public:
  explicit MessageRouter(MessageSink sink, RouterConfig config = {});
  /// The copies of this router took something of the application's as well (metrics, a logger). It is not needed any
  /// more.
  template <class... Unneeded>
    requires(sizeof...(Unneeded) > 0)
  MessageRouter(MessageSink sink, Unneeded &...) : MessageRouter(std::move(sink), RouterConfig()) {}
  MessageRouter(const MessageRouter &) = delete;
  MessageRouter &operator=(const MessageRouter &) = delete;
  ~MessageRouter();

  bool register_connection(const ConnectionId &connection, const UserId &user,
                           std::optional<SessionId> session = std::nullopt, Metadata metadata = {});
  bool unregister_connection(const ConnectionId &connection);
  std::vector<ConnectionId> route_message(const WebSocketMessage &message, const RoutingContext &context);
  HandlerId add_handler(std::string type, MessageHandler handler);
  bool remove_handler(const std::string &type);
  /// \returns false for a type without a handler, as ever, although the user is now sent an `ack`.
  bool handle_message(const UserId &user, const WebSocketMessage &message);
  std::vector<ConnectionId> get_user_connections(const UserId &user) const;
  int cleanup_inactive_connections(std::chrono::milliseconds timeout);
  std::map<std::string, std::int64_t> get_stats() const;
  std::size_t connection_count() const;

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
std::shared_ptr<MessageRouter> create_router(MessageSink sink, RouterConfig config = {});

#pragma clang diagnostic pop

} // namespace netra::websocket_core
