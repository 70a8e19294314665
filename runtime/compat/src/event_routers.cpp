#include "netra/compat/legacy_runtime.h"
#include "netra/services/user_scoped_websocket_event_router.h"
#include "netra/services/websocket_event_router.h"

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra {

namespace {

constexpr const char *kReplacement = "WebSocketBroadcastService::broadcast_to_user";

std::shared_ptr<WebSocketBroadcastService> service_over(std::shared_ptr<ConnectionManager> manager) {
  if (!manager)
    return nullptr;
  return create_broadcast_service(std::move(manager));
}

/// What all five do in the end.
int send(WebSocketBroadcastService *service, const std::string &user, const Event &event) {
  if (!service)
    return 0;
  std::optional<UserId> id = UserId::parse(user);
  return id ? service->broadcast_to_user(*id, event).successful_sends : 0;
}

Event with_context(const Event &event, const UserContext &context) {
  Event scoped = event;
  scoped.data.set("user_id", context.user_id.str());
  if (context.session_id)
    scoped.data.set("session_id", context.session_id->str());
  if (!context.thread_id.empty() && !scoped.data.contains("thread_id"))
    scoped.data.set("thread_id", context.thread_id);
  return scoped;
}

} // namespace

WebSocketEventRouter::WebSocketEventRouter(std::shared_ptr<ConnectionManager> manager)
    : service_(service_over(std::move(manager))) {}

int WebSocketEventRouter::broadcast_to_user(const compat::IdText &user, const Event &event) {
  static DeprecationCounter::Api uses =
      compat::legacy_usage().api("WebSocketEventRouter::broadcast_to_user", kReplacement);
  uses.count();
  return send(service_.get(), user.text, event);
}

UserScopedWebSocketEventRouter::UserScopedWebSocketEventRouter(UserContext context,
                                                               std::shared_ptr<ConnectionManager> manager)
    : context_(std::move(context)), service_(service_over(std::move(manager))) {}

int UserScopedWebSocketEventRouter::broadcast_to_user(const Event &event) {
  static DeprecationCounter::Api uses =
      compat::legacy_usage().api("UserScopedWebSocketEventRouter::broadcast_to_user", kReplacement);
  uses.count();
  return send(service_.get(), context_.user_id.str(), with_context(event, context_));
}

int broadcast_to_user(const compat::IdText &user, const Event &event) {
  static DeprecationCounter::Api uses = compat::legacy_usage().api("broadcast_to_user", kReplacement);
  uses.count();
  return send(compat::broadcast_service().get(), user.text, event);
}

int broadcast_user_event(const Event &event, const UserContext &context) {
  static DeprecationCounter::Api uses = compat::legacy_usage().api("broadcast_user_event", kReplacement);
  uses.count();
  return send(compat::broadcast_service().get(), context.user_id.str(), with_context(event, context));
}

} // namespace netra
