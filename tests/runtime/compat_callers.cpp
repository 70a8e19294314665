// Callers as they were written before the consolidation: not a line of them knows of it. They must compile, with
// warnings and nothing more.
#include "compat_callers.h"

#include <netra/services/user_scoped_websocket_event_router.h>
#include <netra/services/websocket/quality_message_router.h>
#include <netra/services/websocket_event_router.h>
#include <netra/websocket_core/handlers.h>
#include <netra/websocket_core/message_router.h>

namespace legacy_callers {

int notify_by_router(std::shared_ptr<netra::ConnectionManager> manager, const std::string &user,
                     const netra::Event &event) {
  netra::WebSocketEventRouter router(manager);
  return router.broadcast_to_user(user, event);
}

int notify_by_function(const std::string &user, const netra::Event &event) {
  return netra::broadcast_to_user(user, event);
}

int notify_by_scoped_router(std::shared_ptr<netra::ConnectionManager> manager, const std::string &user,
                            const netra::Event &event) {
  netra::UserScopedWebSocketEventRouter router(netra::UserContext{netra::UserId(user), {}, "thread-1"}, manager);
  return router.broadcast_to_user(event);
}

int notify_by_swapped_function(const std::string &user, const netra::Event &event) {
  return netra::broadcast_user_event(event, netra::UserContext{netra::UserId(user)});
}

bool join(const std::string &user, const std::string &connection) {
  return netra::handlers::register_connection(user, connection, "thread-1");
}

std::vector<std::string> connections_of(const std::string &user) {
  return netra::get_message_router().get_user_connections(user);
}

std::vector<std::string> route_through(netra::MessageSink sink, const std::string &user) {
  std::shared_ptr<netra::MessageRouterSST> router = netra::create_router(sink);
  router->register_connection("c1", user);
  router->register_connection("c2", user, "session-1");
  router->register_connection("x1", "somebody else");
  netra::RoutingContext context;
  context.user_id = netra::UserId(user);
  return router->route_message({"chat", netra::Json().set("text", "hi")}, context);
}

std::vector<std::string> events_of_a_run(netra::MessageSink sink, const std::string &user) {
  netra::UnifiedMessageRouter router(sink);
  router.register_connection("c1", user);
  std::vector<std::string> handled;
  router.add_handler("user_message", [&](const netra::UserId &who, const netra::WebSocketMessage &message) {
    netra::RoutingContext context;
    context.user_id = who;
    for (const char *type :
         {"agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"}) {
      router.route_message({type, message.payload}, context);
      handled.push_back(type);
    }
  });
  router.handle_message(user, {"user_message", netra::Json().set("text", "hi")});
  return handled;
}

bool ask_for_quality(const std::string &type, const std::string &user, std::string &seen) {
  netra::QualityHandlers handlers;
  handlers.validate_content = [&](const netra::UserId &who, const netra::WebSocketMessage &message) {
    seen = who.str() + " " + message.type;
  };
  netra::QualityMessageRouter router(handlers);
  return router.handle_message(user, {type});
}

int clean_up() {
  netra::handlers::MessageRouter router;
  router.register_connection("ann", "c1", "thread-1");
  return router.cleanup_inactive_connections(3600) + static_cast<int>(router.get_user_connections("ann").size());
}

} // namespace legacy_callers
