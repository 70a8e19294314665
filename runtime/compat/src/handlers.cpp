#include "netra/websocket_core/handlers.h"

#include "netra/compat/legacy_runtime.h"
#include "netra/services/websocket/quality_message_router.h"
#include "user_routers.h"

#include <map>
#include <mutex>

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra {

namespace {

void count(const char *api, const char *replacement) { compat::legacy_usage().count(api, replacement); }

} // namespace

namespace handlers {

struct MessageRouter::State {
  explicit State(Deliver deliver) : routers(std::move(deliver), {}) {}

  compat::UserRouters routers;
  mutable std::mutex mutex;
  std::map<std::string, Handler> handlers;
};

MessageRouter::MessageRouter(Deliver deliver) : state_(std::make_unique<State>(std::move(deliver))) {
  count("handlers::MessageRouter", "CanonicalMessageRouter");
}
MessageRouter::~MessageRouter() = default;

bool MessageRouter::register_connection(const UserId &user, const ConnectionId &connection, const std::string &thread) {
  count("handlers::MessageRouter::register_connection", "CanonicalMessageRouter::register_connection");
  return state_->routers.register_connection(connection, user, std::nullopt, {{"thread_id", thread}});
}

bool MessageRouter::unregister_connection(const ConnectionId &connection) {
  count("handlers::MessageRouter::unregister_connection", "CanonicalMessageRouter::unregister_connection");
  return state_->routers.unregister_connection(connection);
}

int MessageRouter::route_message(const UserId &user, const WebSocketMessage &message) {
  count("handlers::MessageRouter::route_message", "CanonicalMessageRouter::route_message");
  auto router = state_->routers.find(user);
  return router ? static_cast<int>(router->route_message(message, {.user_id = user}).size()) : 0;
}

void MessageRouter::add_handler(const std::string &type, Handler handler) {
  count("handlers::MessageRouter::add_handler", "CanonicalMessageRouter::add_handler");
  std::lock_guard lock(state_->mutex);
  state_->handlers.insert_or_assign(type, std::move(handler));
}

bool MessageRouter::handle_message(const UserId &user, const WebSocketMessage &message) {
  count("handlers::MessageRouter::handle_message", "CanonicalMessageRouter::handle_message");
  Handler handler;
  {
    std::lock_guard lock(state_->mutex);
    auto found = state_->handlers.find(message.type);
    if (found == state_->handlers.end())
      return false;
    handler = found->second;
  }
  return handler(user, message); // its result and its exceptions are the caller's, as ever
}

std::vector<ConnectionId> MessageRouter::get_user_connections(const UserId &user) const {
  count("handlers::MessageRouter::get_user_connections", "CanonicalMessageRouter::get_user_connections");
  return state_->routers.connections_of(user);
}

std::vector<std::string> MessageRouter::supported_types() const {
  std::lock_guard lock(state_->mutex);
  std::vector<std::string> types;
  for (const auto &[type, handler] : state_->handlers)
    types.push_back(type);
  return types;
}

} // namespace handlers

namespace services::websocket {

QualityMessageRouter::QualityMessageRouter(QualityHandlers handlers) : handlers_(std::move(handlers)) {
  count("QualityMessageRouter", "add_quality_handlers");
}

bool QualityMessageRouter::handle_message(const UserId &user, const WebSocketMessage &message) {
  count("QualityMessageRouter::handle_message", "CanonicalMessageRouter::handle_message");
  auto router = create_message_router({user});
  add_quality_handlers(*router, handlers_);
  DispatchReport report = router->dispatch_message(user, message);
  return report.succeeded() && !report.acknowledged;
}

std::vector<std::string> QualityMessageRouter::supported_types() const {
  return {kQualityMessageTypes.begin(), kQualityMessageTypes.end()};
}

} // namespace services::websocket
} // namespace netra
