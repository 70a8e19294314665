#include "netra/websocket_core/message_router.h"

#include "netra/compat/legacy_runtime.h"
#include "user_routers.h"

#include <iterator>
#include <mutex>
#include <utility>

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra::websocket_core {

namespace {

void count(const char *api, const char *replacement = "CanonicalMessageRouter") {
  compat::legacy_usage().count(api, replacement);
}

RouterOptions options_of(const RouterConfig &config) {
  RouterOptions options;
  if (config.queue_limit > 0)
    options.queue_limit = config.queue_limit;
  return options;
}

} // namespace

struct MessageRouter::State {
  State(MessageSink sink, const RouterConfig &config) : routers(std::move(sink), options_of(config)) {}

  struct Handler {
    HandlerId id;
    std::string type;
    MessageHandler call;
  };

  /// The user's router with the handlers that all users share; a router that is new gets them first.
  std::shared_ptr<CanonicalMessageRouter> router_of(const UserId &user) {
    std::lock_guard lock(mutex);
    auto router = routers.find_or_make(user);
    if (router->get_stats().handlers == 0)
      for (const Handler &handler : handlers)
        router->add_handler(handler.type, handler.call);
    return router;
  }

  compat::UserRouters routers;
  std::mutex mutex;
  std::vector<Handler> handlers;
  std::uint64_t last_handler = 0;
};

MessageRouter::MessageRouter(MessageSink sink,
                             RouterConfig config) // NOLINT(performance-unnecessary-value-param): legacy
    : state_(std::make_unique<State>(std::move(sink), config)) {
  count("MessageRouter");
}
MessageRouter::~MessageRouter() = default;

bool MessageRouter::register_connection(const ConnectionId &connection, const UserId &user,
                                        std::optional<SessionId> session, Metadata metadata) {
  count("MessageRouter::register_connection", "CanonicalMessageRouter::register_connection");
  return state_->routers.register_connection(connection, user, std::move(session), std::move(metadata));
}

bool MessageRouter::unregister_connection(const ConnectionId &connection) {
  count("MessageRouter::unregister_connection", "CanonicalMessageRouter::unregister_connection");
  return state_->routers.unregister_connection(connection);
}

std::vector<ConnectionId> MessageRouter::route_message(const WebSocketMessage &message, const RoutingContext &context) {
  static DeprecationCounter::Api uses =
      compat::legacy_usage().api("MessageRouter::route_message", "CanonicalMessageRouter::route_message");
  uses.count();
  if (context.user_id) {
    auto router = state_->routers.find(*context.user_id);
    return router ? router->route_message(message, context) : std::vector<ConnectionId>();
  }
  // Nobody in particular: the legacy router went through the connections of all users.
  std::vector<ConnectionId> took;
  for (const auto &router : state_->routers.all()) {
    std::vector<ConnectionId> some = router->route_message(message, context);
    std::move(some.begin(), some.end(), std::back_inserter(took));
  }
  return took;
}

HandlerId MessageRouter::add_handler(std::string type, MessageHandler handler) {
  count("MessageRouter::add_handler", "CanonicalMessageRouter::add_handler");
  std::lock_guard lock(state_->mutex);
  HandlerId id{++state_->last_handler};
  for (const auto &router : state_->routers.all())
    router->add_handler(type, handler);
  state_->handlers.push_back({id, std::move(type), std::move(handler)});
  return id;
}

bool MessageRouter::remove_handler(const std::string &type) {
  count("MessageRouter::remove_handler", "CanonicalMessageRouter::remove_handler");
  std::lock_guard lock(state_->mutex);
  for (const auto &router : state_->routers.all())
    router->remove_handler(type);
  return std::erase_if(state_->handlers, [&](const State::Handler &handler) { return handler.type == type; }) > 0;
}

bool MessageRouter::handle_message(const UserId &user, const WebSocketMessage &message) {
  static DeprecationCounter::Api uses =
      compat::legacy_usage().api("MessageRouter::handle_message", "CanonicalMessageRouter::handle_message");
  uses.count();
  DispatchReport report = state_->router_of(user)->dispatch_message(user, message);
  return report.succeeded() && !report.acknowledged;
}

std::vector<ConnectionId> MessageRouter::get_user_connections(const UserId &user) const {
  count("MessageRouter::get_user_connections", "CanonicalMessageRouter::get_user_connections");
  return state_->routers.connections_of(user);
}

int MessageRouter::cleanup_inactive_connections(std::chrono::milliseconds timeout) {
  count("MessageRouter::cleanup_inactive_connections", "CanonicalMessageRouter::cleanup_inactive_connections");
  return state_->routers.cleanup(timeout);
}

std::map<std::string, std::int64_t> MessageRouter::get_stats() const {
  count("MessageRouter::get_stats", "CanonicalMessageRouter::get_stats");
  std::map<std::string, std::int64_t> sums;
  for (const auto &router : state_->routers.all()) {
    RouterStats stats = router->get_stats();
    sums["messages_routed"] += static_cast<std::int64_t>(stats.messages_routed);
    sums["messages_unknown"] += static_cast<std::int64_t>(stats.messages_acknowledged);
    sums["connections_cleaned"] += static_cast<std::int64_t>(stats.connections_cleaned);
    sums["active_connections"] += static_cast<std::int64_t>(stats.active_connections);
  }
  return sums;
}

std::size_t MessageRouter::connection_count() const { return state_->routers.connection_count(); }

MessageRouter &get_message_router() {
  count("get_message_router", "create_message_router");
  static MessageRouter router(MessageSink{}); // what the name promised; see compat/legacy_runtime.h
  return router;
}

std::shared_ptr<MessageRouter> create_router(MessageSink sink, RouterConfig config) {
  count("create_router", "create_message_router");
  return std::make_shared<MessageRouter>(std::move(sink), std::move(config));
}

} // namespace netra::websocket_core
