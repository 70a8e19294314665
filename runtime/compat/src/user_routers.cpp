#include "user_routers.h"

#include <algorithm>

namespace netra::compat {

UserRouters::SharedRouter UserRouters::find(const UserId &user) const {
  std::lock_guard lock(mutex_);
  auto found = routers_.find(user);
  return found == routers_.end() ? nullptr : found->second;
}

UserRouters::SharedRouter UserRouters::find_or_make(const UserId &user) {
  std::lock_guard lock(mutex_);
  SharedRouter &router = routers_[user];
  if (!router)
    router = create_message_router({user}, sink_, options_);
  return router;
}

std::vector<UserRouters::SharedRouter> UserRouters::all() const {
  std::lock_guard lock(mutex_);
  std::vector<SharedRouter> result;
  result.reserve(routers_.size());
  for (const auto &[user, router] : routers_)
    result.push_back(router);
  std::ranges::sort(result, {}, [](const SharedRouter &router) { return router->user_context().user_id; });
  return result;
}

bool UserRouters::register_connection(const ConnectionId &connection, const UserId &user,
                                      std::optional<SessionId> session, Metadata metadata) {
  {
    std::lock_guard lock(mutex_);
    if (!owners_.emplace(connection, user).second)
      return false;
  }
  return find_or_make(user)->register_connection(connection, user, std::move(session), std::move(metadata));
}

bool UserRouters::unregister_connection(const ConnectionId &connection) {
  SharedRouter router;
  {
    std::lock_guard lock(mutex_);
    auto owner = owners_.find(connection);
    if (owner == owners_.end())
      return false;
    router = routers_.at(owner->second);
    owners_.erase(owner);
  }
  return router->unregister_connection(connection);
}

std::vector<ConnectionId> UserRouters::connections_of(const UserId &user) const {
  SharedRouter router = find(user);
  return router ? router->get_user_connections(user) : std::vector<ConnectionId>();
}

int UserRouters::cleanup(std::chrono::milliseconds timeout) {
  int cleaned = 0;
  for (const SharedRouter &router : all()) {
    const UserId &user = router->user_context().user_id;
    std::vector<ConnectionId> before = router->get_user_connections(user);
    cleaned += router->cleanup_inactive_connections(timeout);
    std::vector<ConnectionId> after = router->get_user_connections(user);
    std::lock_guard lock(mutex_);
    for (const ConnectionId &connection : before)
      if (std::ranges::find(after, connection) == after.end())
        owners_.erase(connection);
  }
  return cleaned;
}

std::size_t UserRouters::connection_count() const {
  std::lock_guard lock(mutex_);
  return owners_.size();
}

} // namespace netra::compat
