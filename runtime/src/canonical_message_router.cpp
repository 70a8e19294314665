#include "netra/websocket_core/canonical_message_router.h"

#include "netra/websocket_core/fifo.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <unordered_map>

namespace netra {

namespace {

using SharedMessage = std::shared_ptr<const WebSocketMessage>;

/// What waits for one connection: the most urgent class first, in order within a class.
class PriorityQueue {
public:
  void push(MessagePriority priority, SharedMessage message) {
    classes_[index(priority)].push_back(std::move(message));
    ++size_;
  }

  struct Item {
    MessagePriority priority;
    SharedMessage message;
  };

  /// Puts back what `pop` gave, in front of its class.
  void put_back(Item item) {
    classes_[index(item.priority)].push_front(std::move(item.message));
    ++size_;
  }

  std::optional<Item> pop() {
    for (int i = kPriorityClasses - 1; i >= 0 && size_ > 0; --i) {
      Fifo<SharedMessage> &queue = classes_[static_cast<std::size_t>(i)];
      if (queue.empty())
        continue;
      --size_;
      return Item{static_cast<MessagePriority>(i), queue.pop_front()};
    }
    return std::nullopt;
  }

  std::size_t size() const { return size_; }

private:
  static std::size_t index(MessagePriority priority) { return static_cast<std::size_t>(priority); }

  std::array<Fifo<SharedMessage>, kPriorityClasses> classes_;
  std::size_t size_ = 0;
};

struct Connection {
  ConnectionId id;
  std::optional<SessionId> session;
  Metadata metadata;
  std::chrono::steady_clock::time_point last_seen;
  PriorityQueue queue = {};
  bool registered = true;
  /// A thread is at the sink with this connection's messages; it takes along what others queue meanwhile.
  bool draining = false;
  /// The transport asked to go on while a thread was at the sink: its `busy` may be out of date.
  bool flush_requested = false;
};

using SharedConnection = std::shared_ptr<Connection>;

struct RegisteredHandler {
  HandlerId id;
  std::shared_ptr<const MessageHandler> call;
};

/// A message with where it went, so that a replay sends it to those it was meant for.
struct Sent {
  RouteDestination destination;
  SharedMessage message;
};

bool leads_to(const RouteDestination &destination, const Connection &connection) {
  switch (destination.target) {
  case RoutingTarget::user:
  case RoutingTarget::broadcast:
    return true;
  case RoutingTarget::session:
    return connection.session && connection.session->str() == destination.id;
  case RoutingTarget::agent:
    auto agent = connection.metadata.find("agent_id");
    return agent != connection.metadata.end() && agent->second == destination.id;
  }
  return false;
}

/// Only `priority_based` overtakes; every other strategy keeps the order in which it was called.
MessagePriority class_of(const RoutingContext &context) {
  return context.strategy == MessageRoutingStrategy::priority_based ? context.priority : MessagePriority::normal;
}

/// Tells the routers of one process apart, and those of the next process too: a position of another router must never
/// fit.
std::string new_epoch(const void *router) {
  auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return std::to_string(now) + "-" + std::to_string(reinterpret_cast<std::uintptr_t>(router));
}

WebSocketMessage acknowledgement(const UserId &user, const WebSocketMessage &message) {
  return {.type = "ack",
          .payload = Json().set("received_type", message.type).set("message_id", message.message_id),
          .user_id = user,
          .thread_id = message.thread_id,
          .timestamp = std::chrono::system_clock::now(),
          .message_id = {}};
}

} // namespace

const char *to_string(MessageRoutingStrategy strategy) noexcept {
  switch (strategy) {
  case MessageRoutingStrategy::broadcast_all:
    return "broadcast_all";
  case MessageRoutingStrategy::user_specific:
    return "user_specific";
  case MessageRoutingStrategy::session_specific:
    return "session_specific";
  case MessageRoutingStrategy::agent_specific:
    return "agent_specific";
  case MessageRoutingStrategy::priority_based:
    return "priority_based";
  }
  return "unknown";
}

std::optional<RouteDestination> destination_of(const RoutingContext &context) {
  auto to = [](RoutingTarget target, const auto &id) -> std::optional<RouteDestination> {
    if (!id)
      return std::nullopt;
    return RouteDestination{target, id->str()};
  };
  switch (context.strategy) {
  case MessageRoutingStrategy::broadcast_all:
    return RouteDestination{RoutingTarget::broadcast, {}};
  case MessageRoutingStrategy::user_specific:
  case MessageRoutingStrategy::priority_based:
    return to(RoutingTarget::user, context.user_id);
  case MessageRoutingStrategy::session_specific:
    return to(RoutingTarget::session, context.session_id);
  case MessageRoutingStrategy::agent_specific:
    return to(RoutingTarget::agent, context.agent_id);
  }
  return std::nullopt;
}

bool DispatchReport::succeeded() const {
  return !refused &&
         std::all_of(handlers.begin(), handlers.end(), [](const HandlerOutcome &outcome) { return outcome.succeeded; });
}

struct CanonicalMessageRouter::State {
  using Lock = std::unique_lock<std::mutex>;

  State(UserContext context, MessageSink sink, RouterOptions options)
      : context(std::move(context)), sink(std::move(sink)), options(std::move(options)),
        history(new_epoch(this), this->options.history_limit) {
    if (!this->options.clock)
      this->options.clock = [] { return std::chrono::steady_clock::now(); };
  }

  bool is_foreign(const UserId &user) const { return user != context.user_id; }
  bool is_foreign(const std::optional<UserId> &user) const { return user && is_foreign(*user); }

  SharedConnection find(const ConnectionId &id) const {
    auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  }

  /// Forgets the connection; what was queued for it has failed.
  void forget(const SharedConnection &connection) {
    if (!connection->registered)
      return;
    connection->registered = false;
    stats.failed_deliveries += connection->queue.size();
    by_id.erase(connection->id);
    std::erase(in_order, connection);
  }

  /// Queues the message for the connection.
  bool admit(const SharedConnection &connection, MessagePriority priority, const SharedMessage &message) {
    if (connection->queue.size() >= options.queue_limit) {
      ++stats.failed_deliveries;
      return false;
    }
    connection->queue.push(priority, message);
    return true;
  }

  /// Counts what became of a message at the sink, with the lock held again. \returns whether the next may follow.
  bool settle(const SharedConnection &connection, PriorityQueue::Item item, SendStatus status) {
    if (status == SendStatus::sent) {
      ++stats.deliveries;
      return true;
    }
    if (status == SendStatus::closed || !connection->registered) {
      ++stats.failed_deliveries;
      forget(connection);
      return false;
    }
    connection->queue.put_back(std::move(item));
    return std::exchange(connection->flush_requested, false);
  }

  struct Drained {
    int sent = 0;
    /// `watched` went to the sink and was not taken.
    bool watched_failed = false;
  };

  /// Sends what waits for the connection, the most urgent first, until nothing is left or the sink takes no more. The
  /// lock is let go while the sink runs. A sink that throws has lost that one message: to send it again could deliver
  /// it twice.
  Drained drain(Lock &lock, const SharedConnection &connection, const WebSocketMessage *watched = nullptr) {
    Drained drained;
    if (!sink)
      return drained;
    if (connection->draining) {
      connection->flush_requested = true;
      return drained;
    }
    const AtSink at_sink_now(lock, *connection);
    for (bool go_on = true; go_on && connection->registered;) {
      std::optional<PriorityQueue::Item> item = connection->queue.pop();
      if (!item)
        break;
      const WebSocketMessage *current = item->message.get();
      lock.unlock();
      std::optional<SendStatus> status = at_sink(connection->id, *current);
      lock.lock();
      drained.sent += status == SendStatus::sent;
      drained.watched_failed |= current == watched && (!status || *status == SendStatus::closed);
      if (status)
        go_on = settle(connection, std::move(*item), *status);
      else
        ++stats.failed_deliveries;
    }
    return drained;
  }

  /// Marks the connection while a thread is at the sink with its messages, whichever way the thread leaves.
  class AtSink {
  public:
    AtSink(Lock &lock, Connection &connection) : lock_(lock), connection_(connection) { connection_.draining = true; }
    AtSink(const AtSink &) = delete;
    AtSink &operator=(const AtSink &) = delete;
    ~AtSink() {
      if (!lock_.owns_lock())
        lock_.lock();
      connection_.draining = false;
      connection_.flush_requested = false;
    }

  private:
    Lock &lock_;
    Connection &connection_;
  };

  /// \returns nothing when the sink threw.
  std::optional<SendStatus> at_sink(const ConnectionId &connection, const WebSocketMessage &message) const {
    try {
      return sink(connection, message);
    } catch (const std::exception &) {
      return std::nullopt; // counted as a failed delivery by the caller
    }
  }

  /// Queues the message for each connection and sends it on. \returns those that took it.
  std::vector<ConnectionId> deliver(Lock &lock, std::vector<SharedConnection> targets, MessagePriority priority,
                                    const SharedMessage &message) {
    std::erase_if(targets, [&](const SharedConnection &connection) { return !admit(connection, priority, message); });
    std::vector<ConnectionId> took;
    took.reserve(targets.size());
    for (const SharedConnection &connection : targets) {
      Drained drained = drain(lock, connection, message.get());
      if (connection->registered && !drained.watched_failed)
        took.push_back(connection->id);
    }
    return took;
  }

  const UserContext context;
  const MessageSink sink;
  RouterOptions options;

  mutable std::mutex mutex;
  std::unordered_map<ConnectionId, SharedConnection> by_id;
  std::vector<SharedConnection> in_order;
  std::unordered_map<std::string, std::vector<RegisteredHandler>> handlers;
  std::uint64_t last_handler = 0;
  ReplayHistory<Sent> history;
  RouterStats stats;
};

CanonicalMessageRouter::CanonicalMessageRouter(FactoryKey, UserContext context, MessageSink sink, RouterOptions options)
    : state_(std::make_unique<State>(std::move(context), std::move(sink), std::move(options))) {}
CanonicalMessageRouter::~CanonicalMessageRouter() = default;

const UserContext &CanonicalMessageRouter::user_context() const noexcept { return state_->context; }

bool CanonicalMessageRouter::register_connection(const ConnectionId &connection, const UserId &user,
                                                 std::optional<SessionId> session, Metadata metadata) {
  auto now = state_->options.clock();
  State::Lock lock(state_->mutex);
  if (state_->is_foreign(user)) {
    ++state_->stats.isolation_refusals;
    return false;
  }
  if (state_->find(connection))
    return false;
  auto added = std::make_shared<Connection>(Connection{connection, std::move(session), std::move(metadata), now});
  state_->by_id.emplace(connection, added);
  state_->in_order.push_back(std::move(added));
  return true;
}

bool CanonicalMessageRouter::unregister_connection(const ConnectionId &connection) {
  State::Lock lock(state_->mutex);
  SharedConnection found = state_->find(connection);
  if (!found)
    return false;
  state_->forget(found);
  return true;
}

std::vector<ConnectionId> CanonicalMessageRouter::route_message(const WebSocketMessage &message,
                                                                const RoutingContext &context) {
  std::optional<RouteDestination> destination = destination_of(context);
  SharedMessage shared = std::make_shared<const WebSocketMessage>(message);
  MessagePriority priority = class_of(context);

  State::Lock lock(state_->mutex);
  if (state_->is_foreign(message.user_id) || state_->is_foreign(context.user_id)) {
    ++state_->stats.isolation_refusals;
    return {};
  }
  std::vector<ConnectionId> took;
  if (destination) {
    std::vector<SharedConnection> targets;
    std::copy_if(state_->in_order.begin(), state_->in_order.end(), std::back_inserter(targets),
                 [&](const SharedConnection &connection) { return leads_to(*destination, *connection); });
    state_->history.append(priority, {std::move(*destination), shared});
    took = state_->deliver(lock, std::move(targets), priority, shared);
  }
  ++(took.empty() ? state_->stats.messages_unrouted : state_->stats.messages_routed);
  return took;
}

int CanonicalMessageRouter::flush_connection(const ConnectionId &connection) {
  State::Lock lock(state_->mutex);
  SharedConnection found = state_->find(connection);
  return found ? state_->drain(lock, found).sent : 0;
}

std::optional<WebSocketMessage> CanonicalMessageRouter::next_message(const ConnectionId &connection) {
  State::Lock lock(state_->mutex);
  SharedConnection found = state_->find(connection);
  if (!found || found->draining)
    return std::nullopt;
  std::optional<PriorityQueue::Item> item = found->queue.pop();
  if (!item)
    return std::nullopt;
  ++state_->stats.deliveries;
  return *item->message;
}

HandlerId CanonicalMessageRouter::add_handler(std::string type, MessageHandler handler) {
  auto shared = std::make_shared<const MessageHandler>(std::move(handler));
  State::Lock lock(state_->mutex);
  HandlerId id{++state_->last_handler};
  state_->handlers[std::move(type)].push_back({id, std::move(shared)});
  return id;
}

bool CanonicalMessageRouter::remove_handler(const std::string &type) {
  State::Lock lock(state_->mutex);
  return state_->handlers.erase(type) > 0;
}

bool CanonicalMessageRouter::remove_handler(HandlerId handler) {
  State::Lock lock(state_->mutex);
  for (auto &[type, registered] : state_->handlers) {
    if (std::erase_if(registered, [&](const RegisteredHandler &one) { return one.id == handler; }) == 0)
      continue;
    if (registered.empty())
      state_->handlers.erase(std::string(type));
    return true;
  }
  return false;
}

bool CanonicalMessageRouter::handle_message(const UserId &user, const WebSocketMessage &message) {
  return dispatch_message(user, message).succeeded();
}

namespace {

HandlerOutcome run_handler(const RegisteredHandler &handler, const UserId &user, const WebSocketMessage &message) {
  try {
    (*handler.call)(user, message);
    return {handler.id, true};
  } catch (const std::exception &error) {
    return {handler.id, false, error.what()};
  } catch (...) {
    // Not lost: it stands in the report, in this handler's place.
    return {handler.id, false, "an exception that is no std::exception"};
  }
}

} // namespace

DispatchReport CanonicalMessageRouter::dispatch_message(const UserId &user, const WebSocketMessage &message,
                                                        const std::optional<ConnectionId> &reply_to) {
  DispatchReport report;
  State::Lock lock(state_->mutex);
  if (state_->is_foreign(user) || state_->is_foreign(message.user_id)) {
    ++state_->stats.isolation_refusals;
    report.refused = true;
    return report;
  }
  auto found = state_->handlers.find(message.type);
  if (found == state_->handlers.end()) {
    ++state_->stats.messages_acknowledged;
    report.acknowledged = true;
    std::vector<SharedConnection> targets = state_->in_order;
    if (reply_to)
      std::erase_if(targets, [&](const SharedConnection &connection) { return connection->id != *reply_to; });
    auto ack = std::make_shared<const WebSocketMessage>(acknowledgement(user, message));
    state_->deliver(lock, std::move(targets), MessagePriority::normal, ack);
    return report;
  }

  std::vector<RegisteredHandler> handlers = found->second;
  ++state_->stats.messages_handled;
  lock.unlock();
  for (const RegisteredHandler &handler : handlers)
    report.handlers.push_back(run_handler(handler, user, message));
  lock.lock();
  state_->stats.handler_errors +=
      static_cast<std::uint64_t>(std::count_if(report.handlers.begin(), report.handlers.end(),
                                               [](const HandlerOutcome &outcome) { return !outcome.succeeded; }));
  return report;
}

std::vector<ConnectionId> CanonicalMessageRouter::get_user_connections(const UserId &user) const {
  State::Lock lock(state_->mutex);
  std::vector<ConnectionId> connections;
  if (state_->is_foreign(user))
    return connections;
  for (const SharedConnection &connection : state_->in_order)
    connections.push_back(connection->id);
  return connections;
}

bool CanonicalMessageRouter::touch_connection(const ConnectionId &connection) {
  auto now = state_->options.clock();
  State::Lock lock(state_->mutex);
  SharedConnection found = state_->find(connection);
  if (!found)
    return false;
  found->last_seen = now;
  return true;
}

int CanonicalMessageRouter::cleanup_inactive_connections(std::chrono::milliseconds timeout) {
  auto now = state_->options.clock();
  State::Lock lock(state_->mutex);
  std::vector<SharedConnection> inactive;
  std::copy_if(state_->in_order.begin(), state_->in_order.end(), std::back_inserter(inactive),
               [&](const SharedConnection &connection) { return now - connection->last_seen > timeout; });
  for (const SharedConnection &connection : inactive)
    state_->forget(connection);
  state_->stats.connections_cleaned += inactive.size();
  return static_cast<int>(inactive.size());
}

ReplayPosition CanonicalMessageRouter::history_position() const {
  State::Lock lock(state_->mutex);
  return state_->history.position();
}

std::optional<int> CanonicalMessageRouter::replay(const ConnectionId &connection, const ReplayPosition &position) {
  State::Lock lock(state_->mutex);
  SharedConnection found = state_->find(connection);
  if (!found || !state_->history.reaches(position))
    return std::nullopt;
  int replayed = 0;
  for (const auto &missed : state_->history.after(position))
    if (leads_to(missed.entry.destination, *found))
      replayed += state_->admit(found, missed.priority, missed.entry.message);
  state_->drain(lock, found);
  return replayed;
}

RouterStats CanonicalMessageRouter::get_stats() const {
  State::Lock lock(state_->mutex);
  RouterStats stats = state_->stats;
  stats.active_connections = state_->in_order.size();
  for (const SharedConnection &connection : state_->in_order)
    stats.queued_messages += connection->queue.size();
  for (const auto &[type, handlers] : state_->handlers)
    stats.handlers += handlers.size();
  return stats;
}

std::unique_ptr<CanonicalMessageRouter> create_message_router(UserContext context, MessageSink sink,
                                                              RouterOptions options) {
  return std::make_unique<CanonicalMessageRouter>(CanonicalMessageRouter::FactoryKey(), std::move(context),
                                                  std::move(sink), std::move(options));
}

} // namespace netra
