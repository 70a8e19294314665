#include "netra/websocket_core/message_router.h"

#include "netra/compat/legacy_runtime.h"
#include "netra/services/websocket/quality_message_router.h"
#include "netra/websocket_core/handlers.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra {

namespace {

constexpr const char *kRouter = "CanonicalMessageRouter";

void count(const char *api, const char *replacement = kRouter) { compat::legacy_usage().count(api, replacement); }

std::vector<std::string> texts(const std::vector<ConnectionId> &connections) {
  std::vector<std::string> result;
  for (const ConnectionId &connection : connections)
    result.push_back(connection.str());
  return result;
}

RouterStats &operator+=(RouterStats &sum, const RouterStats &one) {
  sum.messages_routed += one.messages_routed;
  sum.messages_unrouted += one.messages_unrouted;
  sum.deliveries += one.deliveries;
  sum.failed_deliveries += one.failed_deliveries;
  sum.isolation_refusals += one.isolation_refusals;
  sum.messages_handled += one.messages_handled;
  sum.messages_acknowledged += one.messages_acknowledged;
  sum.handler_errors += one.handler_errors;
  sum.connections_cleaned += one.connections_cleaned;
  sum.active_connections += one.active_connections;
  sum.queued_messages += one.queued_messages;
  sum.handlers += one.handlers;
  return sum;
}

} // namespace

/// A canonical router for each user: what the legacy router mixed is kept apart here.
struct MessageRouter::State {
  explicit State(MessageSink sink) : sink(std::move(sink)) {}

  using SharedRouter = std::shared_ptr<CanonicalMessageRouter>;

  SharedRouter find(const std::string &user) const {
    std::lock_guard lock(mutex);
    auto found = routers.find(user);
    return found == routers.end() ? nullptr : found->second;
  }

  SharedRouter find_or_make(const UserId &user) {
    std::lock_guard lock(mutex);
    SharedRouter &router = routers[user.str()];
    if (!router) {
      router = create_message_router({user}, sink);
      for (const auto &[type, handler] : handlers)
        router->add_handler(type, handler);
    }
    return router;
  }

  std::vector<SharedRouter> all() const {
    std::lock_guard lock(mutex);
    std::vector<SharedRouter> result;
    for (const auto &[user, router] : routers)
      result.push_back(router);
    return result;
  }

  const MessageSink sink;
  mutable std::mutex mutex;
  std::map<std::string, SharedRouter> routers;
  std::map<std::string, std::string> user_of_connection;
  std::vector<std::pair<std::string, MessageHandler>> handlers;
};

MessageRouter::MessageRouter(MessageSink sink) : state_(std::make_unique<State>(std::move(sink))) {
  count("MessageRouter");
}
MessageRouter::~MessageRouter() = default;

bool MessageRouter::register_connection(const compat::IdText &connection, const compat::IdText &user,
                                        const std::string &session) {
  count("MessageRouter::register_connection");
  std::optional<SessionId> session_id;
  if (!session.empty())
    session_id = SessionId(session);
  UserId user_id(user.text);
  ConnectionId connection_id(connection.text);
  {
    std::lock_guard lock(state_->mutex);
    if (!state_->user_of_connection.emplace(connection.text, user.text).second)
      return false;
  }
  return state_->find_or_make(user_id)->register_connection(connection_id, user_id, std::move(session_id));
}

bool MessageRouter::unregister_connection(const compat::IdText &connection) {
  count("MessageRouter::unregister_connection");
  std::string user;
  {
    std::lock_guard lock(state_->mutex);
    auto found = state_->user_of_connection.find(connection.text);
    if (found == state_->user_of_connection.end())
      return false;
    user = found->second;
    state_->user_of_connection.erase(found);
  }
  State::SharedRouter router = state_->find(user);
  return router && router->unregister_connection(ConnectionId(connection.text));
}

std::vector<std::string> MessageRouter::route_message(const WebSocketMessage &message, const RoutingContext &context) {
  count("MessageRouter::route_message");
  const std::optional<UserId> &user = context.user_id ? context.user_id : message.user_id;
  if (user) {
    State::SharedRouter router = state_->find(user->str());
    return router ? texts(router->route_message(message, context)) : std::vector<std::string>();
  }
  std::vector<std::string> took;
  for (const State::SharedRouter &router : state_->all())
    std::ranges::move(texts(router->route_message(message, context)), std::back_inserter(took));
  return took;
}

void MessageRouter::add_handler(const std::string &type, MessageHandler handler) {
  count("MessageRouter::add_handler");
  {
    std::lock_guard lock(state_->mutex);
    state_->handlers.emplace_back(type, handler);
  }
  for (const State::SharedRouter &router : state_->all())
    router->add_handler(type, handler);
}

bool MessageRouter::remove_handler(const std::string &type) {
  count("MessageRouter::remove_handler");
  bool removed = false;
  {
    std::lock_guard lock(state_->mutex);
    removed = std::erase_if(state_->handlers, [&](const auto &entry) { return entry.first == type; }) > 0;
  }
  for (const State::SharedRouter &router : state_->all())
    router->remove_handler(type);
  return removed;
}

bool MessageRouter::handle_message(const compat::IdText &user, const WebSocketMessage &message) {
  count("MessageRouter::handle_message");
  UserId id(user.text);
  return state_->find_or_make(id)->handle_message(id, message);
}

std::vector<std::string> MessageRouter::get_user_connections(const compat::IdText &user) const {
  count("MessageRouter::get_user_connections");
  State::SharedRouter router = state_->find(user.text);
  return router ? texts(router->get_user_connections(router->user_context().user_id)) : std::vector<std::string>();
}

int MessageRouter::cleanup_inactive_connections(int timeout_seconds) {
  count("MessageRouter::cleanup_inactive_connections");
  int cleaned = 0;
  for (const State::SharedRouter &router : state_->all())
    cleaned += router->cleanup_inactive_connections(std::chrono::seconds(timeout_seconds));
  std::lock_guard lock(state_->mutex);
  std::erase_if(state_->user_of_connection, [&](const auto &entry) {
    const State::SharedRouter &router = state_->routers.at(entry.second);
    auto left = router->get_user_connections(router->user_context().user_id);
    return std::ranges::none_of(left, [&](const ConnectionId &id) { return id.str() == entry.first; });
  });
  return cleaned;
}

RouterStats MessageRouter::get_stats() const {
  count("MessageRouter::get_stats");
  RouterStats sum;
  for (const State::SharedRouter &router : state_->all())
    sum += router->get_stats();
  return sum;
}

MessageRouter &get_message_router() {
  count("get_message_router", "create_message_router");
  static MessageRouter router; // what the name promised; see compat/legacy_runtime.h
  return router;
}

std::shared_ptr<MessageRouter> create_router(MessageSink sink) {
  count("create_router", "create_message_router");
  return std::make_shared<MessageRouter>(std::move(sink));
}

namespace handlers {

bool MessageRouter::register_connection(const compat::IdText &user, const compat::IdText &connection,
                                        const std::string &thread) {
  count("handlers::MessageRouter::register_connection");
  return netra::MessageRouter::register_connection(connection, user, thread);
}

bool register_connection(const compat::IdText &user, const compat::IdText &connection, const std::string &thread) {
  count("handlers::register_connection");
  return get_message_router().register_connection(connection, user, thread);
}

} // namespace handlers

struct QualityMessageRouter::State {
  explicit State(QualityHandlers handlers) : handlers(std::move(handlers)) {}

  const QualityHandlers handlers;
};

QualityMessageRouter::QualityMessageRouter(QualityHandlers handlers)
    : state_(std::make_unique<State>(std::move(handlers))) {
  count("QualityMessageRouter");
}
QualityMessageRouter::~QualityMessageRouter() = default;

bool QualityMessageRouter::is_quality_message_type(const std::string &type) {
  return std::ranges::find(kQualityMessageTypes, type) != kQualityMessageTypes.end();
}

bool QualityMessageRouter::handle_message(const compat::IdText &user, const WebSocketMessage &message) {
  count("QualityMessageRouter::handle_message");
  if (!is_quality_message_type(message.type))
    return false;
  UserId id(user.text);
  auto router = create_message_router({id});
  add_quality_handlers(*router, state_->handlers);
  return router->handle_message(id, message);
}

} // namespace netra
