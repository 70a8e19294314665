// server/echo_agent.h - the agent that a router without an agent framework can be tried with: it says back what it was
// told.
#pragma once

#include "metrics.h"

#include "netra/services/websocket_broadcast_service.h"
#include "netra/websocket_core/canonical_message_router.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace netra::server {

class EchoAgent {
public:
  /// \param node makes the ids of runs unique among nodes.
  EchoAgent(WebSocketBroadcastService &broadcast, Metrics &metrics, std::string node);

  /// Answers `user_message` on the router with a run of five events.
  void attach(CanonicalMessageRouter &router);

private:
  void run(const UserId &user, const WebSocketMessage &message);

  WebSocketBroadcastService &broadcast_;
  Metrics &metrics_;
  const std::string node_;
  std::atomic<std::uint64_t> runs_ = 0;
};

} // namespace netra::server
