// netra/websocket_core/agent_events.h - the five events of an agent's run, in their order.
//
// A user interface that waits for `agent_completed` hangs when it never comes, and shows nonsense when a tool completes
// before it began. Both happened. `AgentEventStream` is the only way to emit these events: a wrong order is an
// exception at the place that made it, and the last event comes whatever happens to the run.
#pragma once

#include "netra/websocket_core/types.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace netra {

enum class AgentEventType { agent_started, agent_thinking, tool_executing, tool_completed, agent_completed };

inline constexpr std::array<AgentEventType, 5> kAgentEventOrder = {
    AgentEventType::agent_started, AgentEventType::agent_thinking, AgentEventType::tool_executing,
    AgentEventType::tool_completed, AgentEventType::agent_completed};

const char *to_string(AgentEventType type) noexcept;

/// An event came where it may not come. Nothing was sent.
class EventOrderError : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// What every event of a run carries.
struct AgentRun {
  std::string run_id;
  std::string thread_id;
  UserId user_id;
  std::string agent_name;
};

/// Takes the events of a run, in order. One at a time: never called by two threads at once for one stream.
using AgentEventSink = std::function<void(const Event &)>;

struct AgentEventOptions {
  /// From the first event to the last.
  std::chrono::milliseconds run_limit = std::chrono::seconds(30);
  /// From one event to the next.
  std::chrono::milliseconds gap_limit = std::chrono::seconds(15);
  /// A run that succeeds has had each of the five. Off: thinking and tools may be missing.
  bool require_all_events = true;
  /// Empty: the steady clock of the system.
  SteadyClock clock = {};
};

/// The events of one run. May be used from any thread.
///
/// A call that is out of order throws `EventOrderError`. A call that comes too late ends the run with an error event
/// and throws `EventOrderError` as well, as does each call after the end.
class AgentEventStream {
public:
  /// \throws std::invalid_argument when there is no sink or the run has no id.
  AgentEventStream(AgentRun run, AgentEventSink sink, AgentEventOptions options = {});
  AgentEventStream(const AgentEventStream &) = delete;
  AgentEventStream &operator=(const AgentEventStream &) = delete;
  /// Ends a run that began and did not end, with an error: `agent_completed` comes in any case.
  ~AgentEventStream();

  void started(const Json &payload = {});
  void thinking(std::string_view thought, const Json &payload = {});
  void tool_executing(std::string_view tool_name, const Json &payload = {});
  /// Completes the tool that executes.
  void tool_completed(const Json &results, const Json &payload = {});
  void completed(const Json &payload = {});
  /// Ends the run with the error. May come at any point after the start.
  void failed(std::string_view error);

  /// Ends the run with an error when a limit has passed. To be called by whoever keeps time for the run.
  /// \returns whether the run is over.
  bool enforce_limits();

  bool is_over() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra
