#include "netra/websocket_core/agent_events.h"

#include <deque>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

namespace netra {

namespace {

std::string in_seconds(std::chrono::milliseconds limit) {
  std::string text = std::to_string(limit.count() / 1000);
  if (limit.count() % 1000 != 0)
    text += "." + std::to_string(1000 + limit.count() % 1000).substr(1);
  return text + " s";
}

} // namespace

const char *to_string(AgentEventType type) noexcept {
  switch (type) {
  case AgentEventType::agent_started:
    return "agent_started";
  case AgentEventType::agent_thinking:
    return "agent_thinking";
  case AgentEventType::tool_executing:
    return "tool_executing";
  case AgentEventType::tool_completed:
    return "tool_completed";
  case AgentEventType::agent_completed:
    return "agent_completed";
  }
  return "unknown";
}

struct AgentEventStream::State {
  using Lock = std::unique_lock<std::mutex>;
  using Clock = std::chrono::steady_clock;

  State(AgentRun run, AgentEventSink sink, AgentEventOptions options)
      : run(std::move(run)), sink(std::move(sink)), options(std::move(options)) {
    if (!this->sink)
      throw std::invalid_argument("an agent event stream needs a sink");
    if (this->run.run_id.empty())
      throw std::invalid_argument("an agent run needs an id");
    if (!this->options.clock)
      this->options.clock = [] { return Clock::now(); };
  }

  /// The event `type` of this run, with what every event carries.
  Event make_event(AgentEventType type, const Json &payload) {
    ++sequence;
    Json data;
    data.set("event_id", run.run_id + ":" + std::to_string(sequence))
        .set("run_id", run.run_id)
        .set("thread_id", run.thread_id)
        .set("user_id", run.user_id.str())
        .set("agent_name", run.agent_name)
        .set("sequence", sequence)
        .set("timestamp", to_iso8601(std::chrono::system_clock::now()))
        .set("payload", payload);
    return {to_string(type), std::move(data)};
  }

  /// \returns why `type` may not come now, nullptr when it may.
  const char *order_problem(AgentEventType type) const {
    if (over)
      return "the run is over";
    if (type == AgentEventType::agent_started)
      return last ? "the run has started already" : nullptr;
    if (!last)
      return "the run has not started";
    if (type == AgentEventType::tool_completed)
      return tool ? nullptr : "no tool executes";
    if (tool)
      return "a tool executes";
    if (type == AgentEventType::tool_executing && options.require_all_events && !thought)
      return "no agent_thinking came before";
    if (type == AgentEventType::agent_completed && options.require_all_events && !tool_done)
      return "the run has not had all five events";
    return nullptr;
  }

  void require_order(AgentEventType type) const {
    if (const char *problem = order_problem(type))
      throw EventOrderError(std::string(to_string(type)) + " out of order: " + problem);
  }

  /// \returns which limit has passed, nothing when none has.
  std::optional<std::string> passed_limit() const {
    if (!last || over)
      return std::nullopt;
    Clock::time_point now = options.clock();
    if (now - started_at > options.run_limit)
      return "the run took longer than " + in_seconds(options.run_limit);
    if (now - last_at > options.gap_limit)
      return "no event for longer than " + in_seconds(options.gap_limit);
    return std::nullopt;
  }

  void require_time(Lock &lock) {
    std::optional<std::string> limit = passed_limit();
    if (!limit)
      return;
    end_with_error(lock, *limit);
    throw EventOrderError("the run is over: " + *limit);
  }

  void end_with_error(Lock &lock, std::string_view error) {
    Event event = make_event(AgentEventType::agent_completed, Json().set("status", "error").set("error", error));
    event.data.set("error", error);
    over = true;
    emit(lock, AgentEventType::agent_completed, std::move(event));
  }

  /// Hands the event to the sink, after those before it. Only one thread is at the sink; the others leave their events
  /// to it.
  void emit(Lock &lock, AgentEventType type, Event event) {
    last = type;
    last_at = options.clock();
    outbox.push_back(std::move(event));
    if (emitting)
      return;
    emitting = true;
    while (!outbox.empty()) {
      Event next = std::move(outbox.front());
      outbox.pop_front();
      lock.unlock();
      try {
        sink(next);
      } catch (...) {
        lock.lock();
        emitting = false;
        throw;
      }
      lock.lock();
    }
    emitting = false;
  }

  const AgentRun run;
  const AgentEventSink sink;
  AgentEventOptions options;

  mutable std::mutex mutex;
  std::optional<AgentEventType> last;
  std::optional<std::string> tool;
  bool thought = false;
  bool tool_done = false;
  bool over = false;
  int sequence = 0;
  Clock::time_point started_at;
  Clock::time_point last_at;
  std::deque<Event> outbox;
  bool emitting = false;
};

AgentEventStream::AgentEventStream(AgentRun run, AgentEventSink sink, AgentEventOptions options)
    : state_(std::make_unique<State>(std::move(run), std::move(sink), std::move(options))) {}

AgentEventStream::~AgentEventStream() {
  State::Lock lock(state_->mutex);
  if (!state_->last || state_->over)
    return;
  try {
    state_->end_with_error(lock, "the run was abandoned");
  } catch (const std::exception &) { // NOLINT(bugprone-empty-catch): see below
    // The sink failed on the very last event and nobody is left to be told: the sink's owner has seen the exception it
    // threw.
  }
}

void AgentEventStream::started(const Json &payload) {
  State::Lock lock(state_->mutex);
  state_->require_order(AgentEventType::agent_started);
  state_->started_at = state_->options.clock();
  state_->emit(lock, AgentEventType::agent_started, state_->make_event(AgentEventType::agent_started, payload));
}

void AgentEventStream::thinking(std::string_view thought, const Json &payload) {
  State::Lock lock(state_->mutex);
  state_->require_time(lock);
  state_->require_order(AgentEventType::agent_thinking);
  state_->thought = true;
  Json with_thought = payload;
  with_thought.set("thought", thought);
  state_->emit(lock, AgentEventType::agent_thinking, state_->make_event(AgentEventType::agent_thinking, with_thought));
}

void AgentEventStream::tool_executing(std::string_view tool_name, const Json &payload) {
  State::Lock lock(state_->mutex);
  state_->require_time(lock);
  state_->require_order(AgentEventType::tool_executing);
  state_->tool = std::string(tool_name);
  Event event = state_->make_event(AgentEventType::tool_executing, payload);
  event.data.set("tool_name", tool_name);
  state_->emit(lock, AgentEventType::tool_executing, std::move(event));
}

void AgentEventStream::tool_completed(const Json &results, const Json &payload) {
  State::Lock lock(state_->mutex);
  state_->require_time(lock);
  state_->require_order(AgentEventType::tool_completed);
  Event event = state_->make_event(AgentEventType::tool_completed, payload);
  event.data.set("tool_name", *state_->tool).set("results", results);
  state_->tool.reset();
  state_->tool_done = true;
  state_->emit(lock, AgentEventType::tool_completed, std::move(event));
}

void AgentEventStream::completed(const Json &payload) {
  State::Lock lock(state_->mutex);
  state_->require_time(lock);
  state_->require_order(AgentEventType::agent_completed);
  Json with_status = payload;
  with_status.set("status", "success");
  Event event = state_->make_event(AgentEventType::agent_completed, with_status);
  state_->over = true;
  state_->emit(lock, AgentEventType::agent_completed, std::move(event));
}

void AgentEventStream::failed(std::string_view error) {
  State::Lock lock(state_->mutex);
  if (state_->over)
    throw EventOrderError("agent_completed out of order: the run is over");
  if (!state_->last)
    throw EventOrderError("agent_completed out of order: the run has not started");
  state_->end_with_error(lock, error);
}

bool AgentEventStream::enforce_limits() {
  State::Lock lock(state_->mutex);
  if (std::optional<std::string> limit = state_->passed_limit())
    state_->end_with_error(lock, *limit);
  return state_->over;
}

bool AgentEventStream::is_over() const {
  State::Lock lock(state_->mutex);
  return state_->over;
}

} // namespace netra
