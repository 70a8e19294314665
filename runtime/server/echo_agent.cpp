#include "echo_agent.h"

#include "netra/websocket_core/agent_events.h"

namespace netra::server {

EchoAgent::EchoAgent(WebSocketBroadcastService &broadcast, Metrics &metrics, std::string node)
    : broadcast_(broadcast), metrics_(metrics), node_(std::move(node)) {}

void EchoAgent::attach(CanonicalMessageRouter &router) {
  router.add_handler("user_message",
                     [this](const UserId &user, const WebSocketMessage &message) { run(user, message); });
}

void EchoAgent::run(const UserId &user, const WebSocketMessage &message) {
  metrics_.add(Metrics::Count::runs);
  AgentRun run{"run-" + node_ + "-" + std::to_string(++runs_), message.thread_id, user, "echo"};
  AgentEventStream events(std::move(run), [&](const Event &event) { broadcast_.broadcast_to_user(user, event); });
  events.started(Json().set("message_id", message.message_id));
  std::optional<std::string> text = message.payload.get_string("text");
  if (!text)
    return events.failed("a user_message needs payload.text");
  events.thinking("what was I told?");
  events.tool_executing("echo", Json().set("text", *text));
  events.tool_completed(Json().set("text", *text));
  events.completed(Json().set("text", *text));
}

} // namespace netra::server
