#include "netra/compat/legacy_runtime.h"
#include "netra/services/user_scoped_websocket_event_router.h"
#include "netra/services/websocket_event_router.h"

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace netra::services {

namespace {

using compat::FreeFunctions;

constexpr const char *kReplacement = "WebSocketBroadcastService::broadcast_to_user";

std::shared_ptr<WebSocketBroadcastService> service_over(std::shared_ptr<ConnectionManager> manager) {
  if (!manager)
    return nullptr;
  return create_broadcast_service(std::move(manager));
}

/// What all five do in the end.
int send(const std::shared_ptr<WebSocketBroadcastService> &service, const UserId &user, const Event &event) {
  return service ? service->broadcast_to_user(user, event).successful_sends : 0;
}

Event with_user(const Event &event, const UserContext &context) {
  Event scoped = event;
  scoped.data.set("user_id", context.user_id.str());
  return scoped;
}

} // namespace

WebSocketEventRouter::WebSocketEventRouter(std::shared_ptr<ConnectionManager> manager)
    : service_(service_over(std::move(manager))) {}

int WebSocketEventRouter::broadcast_to_user(const UserId &user, const Event &event) {
  static DeprecationCounter::Api uses =
      compat::legacy_usage().api("WebSocketEventRouter::broadcast_to_user", kReplacement);
  uses.count();
  return send(service_, user, event);
}

int WebSocketEventRouter::broadcast_to_all(const std::vector<UserId> &users, const Event &event) {
  int sent = 0;
  for (const UserId &user : users)
    sent += broadcast_to_user(user, event);
  return sent;
}

void set_event_manager(std::shared_ptr<ConnectionManager> manager) {
  compat::set_manager(FreeFunctions::event_router, std::move(manager));
}

int broadcast_to_user(const UserId &user, const Event &event) {
  static DeprecationCounter::Api uses = compat::legacy_usage().api("broadcast_to_user", kReplacement);
  uses.count();
  return send(compat::broadcast_service(FreeFunctions::event_router), user, event);
}

UserScopedWebSocketEventRouter::UserScopedWebSocketEventRouter(std::shared_ptr<ConnectionManager> manager,
                                                               UserContext context)
    : context_(std::move(context)), service_(service_over(std::move(manager))) {}

int UserScopedWebSocketEventRouter::broadcast_to_user(const Event &event) {
  static DeprecationCounter::Api uses =
      compat::legacy_usage().api("UserScopedWebSocketEventRouter::broadcast_to_user", kReplacement);
  uses.count();
  Event scoped = with_user(event, context_);
  if (!context_.thread_id.empty())
    scoped.data.set("thread_id", context_.thread_id);
  return send(service_, context_.user_id, scoped);
}

namespace user_scoped {

void set_manager(std::shared_ptr<ConnectionManager> manager) {
  compat::set_manager(FreeFunctions::user_scoped, std::move(manager));
}

int broadcast_to_user(const UserId &user, const Event &event) {
  static DeprecationCounter::Api uses = compat::legacy_usage().api("user_scoped::broadcast_to_user", kReplacement);
  uses.count();
  return send(compat::broadcast_service(FreeFunctions::user_scoped), user, event);
}

int broadcast_user_event(const Event &event, const UserContext &context) {
  static DeprecationCounter::Api uses = compat::legacy_usage().api("broadcast_user_event", kReplacement);
  uses.count();
  return send(compat::broadcast_service(FreeFunctions::user_scoped), context.user_id, with_user(event, context));
}

} // namespace user_scoped
} // namespace netra::services
