// Callers as they were written before the consolidation: not a line of them knows of it. They must compile, with
// warnings and nothing more.
#include "compat_callers.h"

#include <netra/services/user_scoped_websocket_event_router.h>
#include <netra/services/websocket/quality_message_router.h>
#include <netra/services/websocket_event_router.h>
#include <netra/websocket_core/unified_message_router.h>
#include <netra/websocket_core/websocket_core.h>
#include <netra/websocket_core/websocket_message_router.h>

namespace legacy_callers {

using namespace netra;

/// Of the application: the legacy constructors wanted them.
struct Logger {};
struct Metrics {};

int notify_by_router(std::shared_ptr<ConnectionManager> manager, const UserId &user, const Event &event) {
  Metrics metrics;
  services::WebSocketEventRouter router(manager, Logger(), metrics);
  return router.broadcast_to_user(user, event);
}

int notify_all(std::shared_ptr<ConnectionManager> manager, const std::vector<UserId> &users, const Event &event) {
  return services::WebSocketEventRouter(manager).broadcast_to_all(users, event);
}

void use_manager(std::shared_ptr<ConnectionManager> manager) {
  services::set_event_manager(manager);
  services::user_scoped::set_manager(manager);
}

int notify_by_function(const UserId &user, const Event &event) { return services::broadcast_to_user(user, event); }

int notify_by_scoped_function(const UserId &user, const Event &event) {
  return services::user_scoped::broadcast_to_user(user, event);
}

int notify_by_scoped_router(std::shared_ptr<ConnectionManager> manager, const UserId &user, const Event &event) {
  services::UserScopedWebSocketEventRouter router(manager, UserContext{user, {}, "thread-1"});
  return router.broadcast_to_user(event);
}

int notify_by_swapped_function(const UserId &user, const Event &event) {
  return services::user_scoped::broadcast_user_event(event, UserContext{user});
}

std::vector<ConnectionId> join_by_handlers(const UserId &user, const ConnectionId &connection) {
  handlers::MessageRouter router([](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; },
                                 Logger());
  if (!router.register_connection(user, connection, "thread-1") ||
      router.register_connection(user, connection, "thread-1"))
    return {};
  if (router.route_message(user, {"chat"}) != 1)
    return {};
  return router.get_user_connections(user);
}

bool ask_handlers(const std::string &type) {
  handlers::MessageRouter router([](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; },
                                 Logger());
  router.add_handler("yes", [](const UserId &, const WebSocketMessage &) { return true; });
  router.add_handler("no", [](const UserId &, const WebSocketMessage &) { return false; });
  router.add_handler("throws",
                     [](const UserId &, const WebSocketMessage &) -> bool { throw std::runtime_error("broken"); });
  return router.handle_message(UserId("ann"), {type});
}

std::vector<ConnectionId> route_through(MessageSink sink, const UserId &user) {
  std::shared_ptr<websocket_core::MessageRouterSST> router = websocket_core::create_router(sink);
  router->register_connection(ConnectionId("c1"), user);
  router->register_connection(ConnectionId("c2"), user, SessionId("session-1"));
  router->register_connection(ConnectionId("x1"), UserId("somebody else"));
  return router->route_message({"chat", Json().set("text", "hi")}, {.user_id = user});
}

std::vector<ConnectionId> route_to_all() {
  Metrics metrics;
  websocket_core::WebSocketMessageRouter router(
      [](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; }, metrics);
  router.register_connection(ConnectionId("b1"), UserId("bob"));
  router.register_connection(ConnectionId("a1"), UserId("ann"));
  return router.route_message({"chat"}, {.strategy = MessageRoutingStrategy::broadcast_all});
}

std::vector<std::string> events_of_a_run(MessageSink sink, const UserId &user) {
  websocket_core::UnifiedMessageRouter router(sink);
  router.register_connection(ConnectionId("c1"), user);
  std::vector<std::string> handled;
  router.add_handler("user_message", [&](const UserId &who, const WebSocketMessage &message) {
    for (const char *type :
         {"agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"}) {
      router.route_message({type, message.payload}, {.user_id = who});
      handled.push_back(type);
    }
  });
  if (!router.handle_message(user, {"user_message", Json().set("text", "hi")}) ||
      router.handle_message(user, {"unknown"}))
    return {};
  return handled;
}

void golden_path(std::shared_ptr<ConnectionManager> manager, const UserId &user) {
  services::UserScopedWebSocketEventRouter events(manager, UserContext{user, {}, "t"});
  websocket_core::UnifiedMessageRouter router(
      [](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; });
  router.add_handler("user_message", [&](const UserId &, const WebSocketMessage &) {
    for (const char *type : {"agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"})
      events.broadcast_to_user({type, Json().set("run_id", "r")});
  });
  router.handle_message(user, {"user_message"});
}

bool ask_for_quality(const std::string &type, const UserId &user, std::string &seen) {
  QualityHandlers handlers;
  handlers.validate_content = [&](const UserId &who, const WebSocketMessage &message) {
    seen = who.str() + " " + message.type;
  };
  services::websocket::QualityMessageRouter router(handlers);
  return router.handle_message(user, {type});
}

std::size_t shared_connections_after(const ConnectionId &connection, const UserId &user) {
  websocket_core::MessageRouter &router = websocket_core::get_message_router();
  router.register_connection(connection, user);
  router.cleanup_inactive_connections(std::chrono::seconds(3600));
  const std::size_t count = router.connection_count();
  router.unregister_connection(connection);
  return count;
}

} // namespace legacy_callers
