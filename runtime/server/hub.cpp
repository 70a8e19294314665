#include "hub.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <unordered_map>

namespace netra::server {

namespace {

constexpr std::size_t kShards = 64;

/// What an event is kept as: numbered and encoded, ready for any connection.
using History = ReplayHistory<SharedFrame>;

SharedFrame frame_of(std::string_view text, const UserId &owner) {
  return std::make_shared<const Frame>(Frame{encode_frame(Opcode::text, text), owner});
}

Json sequences_json(const Sequences &last) {
  Json json;
  for (int i = 0; i < kPriorityClasses; ++i)
    json.set(to_string(static_cast<MessagePriority>(i)), last[static_cast<std::size_t>(i)]);
  return json;
}

/// Connections sorted by the loop they live on: one letter for each loop.
class Deliveries {
public:
  void add(const std::shared_ptr<Connection> &connection) {
    Mailbox *mailbox = &connection->mailbox();
    auto found =
        std::find_if(by_mailbox_.begin(), by_mailbox_.end(), [&](const auto &entry) { return entry.first == mailbox; });
    if (found == by_mailbox_.end())
      found = by_mailbox_.insert(found, {mailbox, {}});
    found->second.push_back(connection);
  }

  /// \returns to how many.
  std::size_t deliver(const SharedFrame &frame) {
    std::size_t count = 0;
    for (auto &[mailbox, connections] : by_mailbox_) {
      count += connections.size();
      mailbox->deliver(std::move(connections), frame);
    }
    return count;
  }

private:
  std::vector<std::pair<Mailbox *, std::vector<std::shared_ptr<Connection>>>> by_mailbox_;
};

std::string refusal(SendStatus status) {
  return status == SendStatus::busy ? "the connection's queue is full" : "the connection is closing";
}

} // namespace

/// Everything about one user on this node, under one lock.
struct Hub::User {
  User(UserId id, std::string epoch, std::size_t history_events)
      : id(std::move(id)), history(std::move(epoch), history_events) {}

  struct Member {
    std::shared_ptr<Connection> connection;
    Sequences joined_at;
    Sequences acknowledged;
  };

  Member *find(const ConnectionId &connection) {
    auto found =
        std::find_if(members.begin(), members.end(), [&](const Member &m) { return m.connection->id() == connection; });
    return found == members.end() ? nullptr : &*found;
  }

  const UserId id;
  std::mutex mutex;
  History history;
  std::vector<Member> members;
  std::unique_ptr<CanonicalMessageRouter> router;
  std::uint64_t published = 0;
  /// Last number seen of each other node's events for this user.
  std::unordered_map<std::string, std::uint64_t> origins;
  std::chrono::steady_clock::time_point last_left;
  /// Swept away: whoever still holds it looks the user up again.
  bool forgotten = false;
};

struct Hub::State {
  State(HubLimits limits, Metrics &metrics, Log &log) : limits(limits), metrics(metrics), log(log) {
    std::random_device device;
    node = std::to_string(static_cast<std::uint64_t>(device()) << 32 | device());
  }

  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<UserId, std::shared_ptr<User>> users;
  };

  Shard &shard_of(const UserId &user) { return shards[std::hash<UserId>{}(user) % kShards]; }

  std::shared_ptr<User> find(const UserId &id) {
    Shard &shard = shard_of(id);
    std::lock_guard lock(shard.mutex);
    auto found = shard.users.find(id);
    return found == shard.users.end() ? nullptr : found->second;
  }

  std::shared_ptr<User> find_or_make(const UserId &id, bool &made) {
    Shard &shard = shard_of(id);
    std::lock_guard lock(shard.mutex);
    std::shared_ptr<User> &user = shard.users[id];
    made = !user;
    if (made) {
      user = std::make_shared<User>(id, node + "-" + std::to_string(++epochs), limits.history_events);
      user->last_left = std::chrono::steady_clock::now();
      user->router = make_router(user);
      metrics.change(Metrics::Level::users, 1);
    }
    return user;
  }

  std::unique_ptr<CanonicalMessageRouter> make_router(const std::shared_ptr<User> &user) {
    // The sink finds the user again instead of holding it: the user owns the router.
    std::weak_ptr<User> weak = user;
    auto sink = [this, weak](const ConnectionId &connection, const WebSocketMessage &message) {
      std::shared_ptr<User> user = weak.lock();
      return user ? answer(*user, connection, {message.type, Json().set("payload", message.payload)})
                  : SendStatus::closed;
    };
    auto router = create_message_router({user->id}, std::move(sink), {.history_limit = 0});
    if (setup)
      setup(*router);
    return router;
  }

  SendStatus answer(User &user, const ConnectionId &id, const Event &event) {
    std::shared_ptr<Connection> connection;
    {
      std::lock_guard lock(user.mutex);
      if (User::Member *member = user.find(id))
        connection = member->connection;
    }
    return connection ? connection->admit(frame_of(event_text(event, user.id), user.id)) : SendStatus::closed;
  }

  /// Numbers the text, keeps it, and hands it to the connections. Under the user's lock.
  std::vector<SendOutcome> hand_out(User &user, std::string_view text, MessagePriority priority) {
    SharedFrame frame = frame_of(number_event(text, user.history.next(priority), priority), user.id);
    user.history.append(priority, frame);
    metrics.add(Metrics::Count::events_sent);
    std::vector<SendOutcome> outcomes;
    outcomes.reserve(user.members.size());
    Deliveries deliveries;
    for (const User::Member &member : user.members) {
      SendStatus status = member.connection->reserve(frame->wire.size());
      outcomes.push_back(
          {member.connection->id(), status, status == SendStatus::sent ? std::string() : refusal(status)});
      if (status == SendStatus::sent)
        deliveries.add(member.connection);
    }
    metrics.add(Metrics::Count::frames_admitted, static_cast<double>(deliveries.deliver(frame)));
    return outcomes;
  }

  /// A frame for one connection that is not numbered. Under the user's lock.
  void tell(User &user, Connection &connection, const Event &event) {
    connection.admit(frame_of(event_text(event, user.id), user.id));
  }

  /// Sends the connection what came after the position and not after `until`. Under the user's lock.
  void replay(User &user, Connection &connection, const ReplayPosition &position, const Sequences &until) {
    if (!user.history.reaches(position)) {
      metrics.add(Metrics::Count::reload_required);
      tell(user, connection, {"reload_required", Json().set("payload", Json().set("reason", "position"))});
      return;
    }
    metrics.add(Metrics::Count::resumed);
    for (const History::Numbered &missed : user.history.after(position))
      if (missed.sequence <= until[static_cast<std::size_t>(missed.priority)])
        connection.admit(missed.entry);
  }

  /// Events of another node are gone for good: the clients are told, since only they can reload. Under the user's lock.
  void report_lost(User &user, std::uint64_t count) {
    metrics.add(Metrics::Count::bus_lost, static_cast<double>(count));
    log.write(LogLevel::warning, "bus_events_lost",
              {{"user", user.id.str()}, {"count", static_cast<std::int64_t>(count)}});
    for (const User::Member &member : user.members)
      tell(user, *member.connection,
           {"reload_required", Json().set("payload", Json().set("reason", "events_lost").set("count", count))});
  }

  /// Notes that the origin's events up to the number have been seen, or are known of. \returns how many before it have
  /// not been.
  std::uint64_t advance(User &user, const BusEvent &event) {
    auto [seen, first] = user.origins.try_emplace(event.origin, event.number);
    if (first)
      return 0;
    std::uint64_t missing = event.number - seen->second - (event.kind == BusEvent::Kind::event ? 1 : 0);
    seen->second = event.number;
    return missing;
  }

  /// Under the user's lock.
  void publish_last_number(User &user) {
    bus->publish({BusEvent::Kind::last_number, user.id, user.history.position().epoch, user.published});
  }

  const HubLimits limits;
  Metrics &metrics;
  Log &log;
  std::string node;
  std::atomic<std::uint64_t> epochs = 0;
  RouterSetup setup;
  EventBus *bus = nullptr;
  std::array<Shard, kShards> shards;
};

Hub::Hub(HubLimits limits, Metrics &metrics, Log &log) : state_(std::make_unique<State>(limits, metrics, log)) {}
Hub::~Hub() = default;

void Hub::set_router_setup(RouterSetup setup) { state_->setup = std::move(setup); }
void Hub::set_bus(EventBus *bus) { state_->bus = bus; }

void Hub::prepare(const UserId &id, std::function<void()> ready) {
  bool made = false;
  std::shared_ptr<User> user = state_->find_or_make(id, made);
  if (!state_->bus)
    return ready();
  state_->bus->listen(id, std::move(ready));
  if (made)
    state_->bus->publish({BusEvent::Kind::question, id, user->history.position().epoch});
}

Joined Hub::join(const std::shared_ptr<Connection> &connection, const std::optional<ReplayPosition> &position) {
  for (;;) {
    bool made = false;
    std::shared_ptr<User> user = state_->find_or_make(connection->user(), made);
    std::lock_guard lock(user->mutex);
    if (user->forgotten)
      continue;
    if (user->members.size() >= state_->limits.connections_per_user)
      return Joined::too_many_connections;
    ReplayPosition now = user->history.position();
    state_->tell(*user, *connection,
                 {"hello", Json().set("payload", Json()
                                                     .set("connection_id", connection->id().str())
                                                     .set("epoch", now.epoch)
                                                     .set("last_sequence",
                                                          now.last[static_cast<std::size_t>(MessagePriority::normal)])
                                                     .set("last", sequences_json(now.last)))});
    if (position)
      state_->replay(*user, *connection, *position, now.last);
    user->members.push_back({connection, now.last, now.last});
    user->router->register_connection(connection->id(), user->id);
    state_->metrics.change(Metrics::Level::connections, 1);
    return Joined::joined;
  }
}

void Hub::leave(const Connection &connection) {
  std::shared_ptr<User> user = state_->find(connection.user());
  if (!user)
    return;
  std::lock_guard lock(user->mutex);
  auto left =
      std::erase_if(user->members, [&](const User::Member &member) { return member.connection.get() == &connection; });
  if (left == 0)
    return;
  user->router->unregister_connection(connection.id());
  user->last_left = std::chrono::steady_clock::now();
  state_->metrics.change(Metrics::Level::connections, -1);
}

void Hub::resume(Connection &connection, const ReplayPosition &position) {
  std::shared_ptr<User> user = state_->find(connection.user());
  if (!user)
    return;
  std::lock_guard lock(user->mutex);
  if (User::Member *member = user->find(connection.id()))
    state_->replay(*user, connection, position, member->joined_at);
}

void Hub::acknowledge(const Connection &connection, const ReplayPosition &position) {
  std::shared_ptr<User> user = state_->find(connection.user());
  if (!user)
    return;
  std::lock_guard lock(user->mutex);
  User::Member *member = user->find(connection.id());
  ReplayPosition now = user->history.position();
  if (!member || position.epoch != now.epoch)
    return;
  for (std::size_t i = 0; i < kPriorityClasses; ++i) {
    const std::uint64_t number = std::min(position.last[i], now.last[i]); // what was not sent cannot have been got
    if (number <= member->acknowledged[i])
      continue;
    state_->metrics.add(Metrics::Count::frames_acknowledged, static_cast<double>(number - member->acknowledged[i]));
    member->acknowledged[i] = number;
  }
}

DispatchReport Hub::dispatch(const Connection &connection, const WebSocketMessage &message) {
  std::shared_ptr<User> user = state_->find(connection.user());
  if (!user)
    return {.refused = true};
  return user->router->dispatch_message(connection.user(), message, connection.id());
}

void Hub::reply(Connection &connection, const Event &event) {
  connection.admit(frame_of(event_text(event, connection.user()), connection.user()));
}

std::vector<ConnectionId> Hub::connections_of(const UserId &id) const {
  std::vector<ConnectionId> result;
  std::shared_ptr<User> user = state_->find(id);
  if (!user)
    return result;
  std::lock_guard lock(user->mutex);
  for (const User::Member &member : user->members)
    result.push_back(member.connection->id());
  return result;
}

SendStatus Hub::send(const ConnectionId &connection, const UserId &owner, const Event &event) {
  std::shared_ptr<User> user = state_->find(owner);
  return user ? state_->answer(*user, connection, event) : SendStatus::closed;
}

std::vector<SendOutcome> Hub::send_to_user(const UserId &id, const Event &event) {
  const MessagePriority priority = priority_of(event);
  std::string text = event_text(event, id);
  for (;;) {
    bool made = false;
    std::shared_ptr<User> user = state_->find_or_make(id, made);
    std::lock_guard lock(user->mutex);
    if (user->forgotten)
      continue;
    std::vector<SendOutcome> outcomes = state_->hand_out(*user, text, priority);
    if (state_->bus)
      state_->bus->publish(
          {BusEvent::Kind::event, id, user->history.position().epoch, ++user->published, priority, std::move(text)});
    return outcomes;
  }
}

void Hub::receive(const BusEvent &event) {
  std::shared_ptr<User> user = state_->find(event.user);
  if (!user)
    return;
  std::lock_guard lock(user->mutex);
  if (event.kind == BusEvent::Kind::question)
    return state_->publish_last_number(*user);
  auto seen = user->origins.find(event.origin);
  if (seen != user->origins.end() && event.number <= seen->second) {
    if (event.kind == BusEvent::Kind::event)
      state_->metrics.add(Metrics::Count::bus_duplicates);
    return;
  }
  if (std::uint64_t missing = state_->advance(*user, event))
    state_->report_lost(*user, missing);
  if (event.kind != BusEvent::Kind::event)
    return;
  state_->metrics.add(Metrics::Count::bus_received);
  state_->hand_out(*user, event.text, event.priority);
}

void Hub::publish_last_numbers() {
  for (State::Shard &shard : state_->shards) {
    std::vector<std::shared_ptr<User>> users;
    {
      std::lock_guard lock(shard.mutex);
      for (const auto &[id, user] : shard.users)
        users.push_back(user);
    }
    for (const std::shared_ptr<User> &user : users) {
      std::lock_guard lock(user->mutex);
      state_->publish_last_number(*user);
    }
  }
}

void Hub::forget_everyone() {
  for (State::Shard &shard : state_->shards) {
    std::unordered_map<UserId, std::shared_ptr<User>> users;
    std::lock_guard lock(shard.mutex);
    users.swap(shard.users);
  }
}

void Hub::sweep(std::chrono::steady_clock::time_point now) {
  for (State::Shard &shard : state_->shards) {
    std::lock_guard lock(shard.mutex);
    std::erase_if(shard.users, [&](const auto &entry) {
      User &user = *entry.second;
      std::lock_guard user_lock(user.mutex);
      if (!user.members.empty() || now - user.last_left < state_->limits.resume_window)
        return false;
      user.forgotten = true;
      state_->metrics.change(Metrics::Level::users, -1);
      if (state_->bus)
        state_->bus->stop_listening(user.id);
      return true;
    });
  }
}

} // namespace netra::server
