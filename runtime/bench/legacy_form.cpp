#include "legacy_form.h"

#include "measure.h"

#include "netra/app/message_layer.h"
#include "netra/chat/moderation.h"
#include "netra/core/logging.h"
#include "netra/core/metrics.h"
#include "netra/transport/socket_connection_manager.h"
#include "netra/transport/socket_table.h"
#include "netra/websocket_core/message_router.h"

#include <string>
#include <vector>

namespace netra::bench {

namespace {

/// Lines are neither kept nor counted as memory.
class NoLog final : public core::LogSink {
public:
  void write(const core::LogLine &) override {}
};

std::vector<ConnectionId> connections_of(const UserId &user) {
  return {ConnectionId(user.str() + "-a"), ConnectionId(user.str() + "-b")};
}

/// What the table of sockets takes: it is needed in either form, so it is no part of the routers.
double transport_bytes(const std::vector<UserId> &users) {
  transport::SocketTable sockets;
  const double before = heap_bytes();
  transport::SocketConnectionManager manager(sockets);
  for (const UserId &user : users)
    for (const ConnectionId &connection : connections_of(user))
      manager.add(connection, user);
  return heap_bytes() - before;
}

/// What the application's message layer takes, which makes a connection known to each of its ten routers.
double layer_bytes(const std::vector<UserId> &users) {
  NoLog nowhere;
  core::MetricsRegistry metrics;
  chat::Moderator moderator;
  transport::SocketTable sockets;
  const double before = heap_bytes();
  app::MessageLayer layer(sockets, core::Logger(nowhere, "bench"), metrics, moderator);
  for (const UserId &user : users)
    for (const ConnectionId &connection : connections_of(user))
      layer.attach(connection, user, SessionId(user.str() + "-session"));
  return heap_bytes() - before;
}

double routing_nanoseconds(const std::vector<UserId> &users) {
  websocket_core::MessageRouter router([](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; });
  for (const UserId &user : users)
    for (const ConnectionId &connection : connections_of(user))
      router.register_connection(connection, user);
  std::size_t next = 0;
  return nanoseconds_per_call(
      200, [&] { router.route_message({.type = "chat"}, {.user_id = users[next++ % users.size()]}); });
}

} // namespace

Form measure_legacy_form(int users) {
  std::vector<UserId> names;
  for (int u = 0; u < users; ++u)
    names.emplace_back("user-" + std::to_string(u));
  return {(layer_bytes(names) - transport_bytes(names)) / (users * 2), routing_nanoseconds(names)};
}

} // namespace netra::bench
