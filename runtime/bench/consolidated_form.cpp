#include "legacy_form.h"

#include "measure.h"

#include "netra/websocket_core/canonical_message_router.h"

#include <memory>
#include <string>
#include <vector>

namespace netra::bench {

Form measure_consolidated_form(int users) {
  const double before = heap_bytes();
  std::vector<std::unique_ptr<CanonicalMessageRouter>> routers;
  for (int u = 0; u < users; ++u) {
    const UserId user("user-" + std::to_string(u));
    routers.push_back(create_message_router(
        {user}, [](const ConnectionId &, const WebSocketMessage &) { return SendStatus::sent; }, {.history_limit = 0}));
    for (const char *suffix : {"-a", "-b"})
      routers.back()->register_connection(ConnectionId(user.str() + suffix), user, SessionId(user.str() + "-session"),
                                          {{"agent_id", "assistant"}});
  }
  const double bytes = heap_bytes() - before;
  int next = 0;
  const double nanoseconds = nanoseconds_per_call(1000, [&] {
    CanonicalMessageRouter &router = *routers[static_cast<std::size_t>(next++ % users)];
    router.route_message({.type = "chat"}, {.user_id = router.user_context().user_id});
  });
  return {bytes / (users * 2), nanoseconds};
}

} // namespace netra::bench
