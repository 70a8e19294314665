// user_routers.h - a canonical router for each user: what the legacy routers mixed is kept apart here.
#pragma once

#include "netra/websocket_core/canonical_message_router.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace netra::compat {

/// May be used from any thread.
class UserRouters {
public:
  using SharedRouter = std::shared_ptr<CanonicalMessageRouter>;

  UserRouters(MessageSink sink, RouterOptions options) : sink_(std::move(sink)), options_(std::move(options)) {}

  /// Null when the user has none.
  SharedRouter find(const UserId &user) const;
  SharedRouter find_or_make(const UserId &user);
  std::vector<SharedRouter> all() const;

  /// \returns false when the connection is registered already, with this user or another.
  bool register_connection(const ConnectionId &connection, const UserId &user, std::optional<SessionId> session,
                           Metadata metadata);
  bool unregister_connection(const ConnectionId &connection);
  std::vector<ConnectionId> connections_of(const UserId &user) const;
  int cleanup(std::chrono::milliseconds timeout);
  std::size_t connection_count() const;

private:
  const MessageSink sink_;
  const RouterOptions options_;
  mutable std::mutex mutex_;
  std::unordered_map<UserId, SharedRouter> routers_;
  std::unordered_map<ConnectionId, UserId> owners_;
};

} // namespace netra::compat
