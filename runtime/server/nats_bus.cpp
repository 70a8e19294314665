#include "nats_bus.h"

#include "token.h"

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <nats/nats.h>
#include <thread>
#include <unordered_map>
#include <variant>

namespace netra::server {

namespace {

constexpr std::size_t kMaxWaiting = 65536;
constexpr std::int64_t kFlushMilliseconds = 1000;
constexpr std::int64_t kReconnectWaitMilliseconds = 200;

/// Any user id as one token of a subject.
std::string subject_of(const UserId &user) { return "netra.user." + base64url(user.str()); }

/// "kind user-length origin number priority\nuser text"
std::string encode(const BusEvent &event) {
  std::string bytes = std::to_string(static_cast<int>(event.kind)) + " " + std::to_string(event.user.str().size()) +
                      " " + event.origin + " " + std::to_string(event.number) + " " +
                      std::to_string(static_cast<int>(event.priority)) + "\n";
  return bytes += event.user.str() + event.text;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

std::optional<BusEvent> decode(std::string_view bytes) {
  auto end_of_head = bytes.find('\n');
  if (end_of_head == std::string_view::npos)
    return std::nullopt;
  std::string_view head = bytes.substr(0, end_of_head), body = bytes.substr(end_of_head + 1);
  auto next_word = [&head] {
    std::string_view word = head.substr(0, head.find(' '));
    head.remove_prefix(std::min(head.size(), word.size() + 1));
    return word;
  };
  std::optional<std::uint64_t> kind = number_in(next_word());
  std::optional<std::uint64_t> user_size = number_in(next_word());
  std::string origin(next_word());
  std::optional<std::uint64_t> number = number_in(next_word());
  std::optional<std::uint64_t> priority = number_in(next_word());
  if (!kind || *kind > static_cast<std::uint64_t>(BusEvent::Kind::question) || !user_size || *user_size > body.size() ||
      origin.empty() || !number || !priority || *priority >= kPriorityClasses)
    return std::nullopt;
  std::optional<UserId> user = UserId::parse(body.substr(0, *user_size));
  std::string_view text = body.substr(*user_size);
  const bool is_event = *kind == static_cast<std::uint64_t>(BusEvent::Kind::event);
  if (!user || is_event != (text.size() > 2 && text.front() == '{'))
    return std::nullopt;
  return BusEvent{static_cast<BusEvent::Kind>(*kind),      std::move(*user), std::move(origin), *number,
                  static_cast<MessagePriority>(*priority), std::string(text)};
}

} // namespace

struct NatsBus::State {
  State(BusCallbacks callbacks, Metrics &metrics, Log &log)
      : callbacks(std::move(callbacks)), metrics(metrics), log(log) {}

  struct Listen {
    UserId user;
    std::function<void()> ready;
  };
  struct StopListening {
    UserId user;
  };
  struct Reconnected {};
  using Command = std::variant<BusEvent, Listen, StopListening, Reconnected>;

  void give(Command command) {
    {
      std::lock_guard lock(mutex);
      commands.push_back(std::move(command));
    }
    changed.notify_one();
  }

  void work() {
    for (;;) {
      std::deque<Command> batch;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return stopping || !commands.empty(); });
        if (commands.empty())
          return;
        batch.swap(commands);
      }
      std::vector<std::function<void()>> ready;
      for (Command &command : batch)
        std::visit([&](auto &one) { carry_out(one, ready); }, command);
      if (ready.empty())
        continue;
      // One round trip for all who began to listen: after it the server knows of every subscription.
      if (connected)
        natsConnection_FlushTimeout(connection, kFlushMilliseconds);
      for (const auto &call : ready)
        call();
    }
  }

  using Ready = std::vector<std::function<void()>>;

  void carry_out(const BusEvent &event, Ready &) {
    std::string bytes = encode(event);
    natsStatus status = natsConnection_Publish(connection, subject_of(event.user).c_str(), bytes.data(),
                                               static_cast<int>(bytes.size()));
    if (status == NATS_OK && event.kind == BusEvent::Kind::event)
      metrics.add(Metrics::Count::bus_published);
    else if (status != NATS_OK)
      log.write(LogLevel::error, "bus_publish_failed", {{"error", natsStatus_GetText(status)}});
  }

  void carry_out(Listen &listen, Ready &ready) {
    natsSubscription *&subscription = subscriptions[listen.user];
    if (!subscription) {
      natsStatus status =
          natsConnection_Subscribe(&subscription, connection, subject_of(listen.user).c_str(), on_message, this);
      if (status != NATS_OK)
        log.write(LogLevel::error, "bus_subscribe_failed", {{"error", natsStatus_GetText(status)}});
    }
    ready.push_back(std::move(listen.ready));
  }

  void carry_out(const StopListening &stop, Ready &) {
    auto found = subscriptions.find(stop.user);
    if (found == subscriptions.end())
      return;
    natsSubscription_Destroy(found->second);
    subscriptions.erase(found);
  }

  void carry_out(const Reconnected &, Ready &) { callbacks.reconnected(); }

  static void on_message(natsConnection *, natsSubscription *, natsMsg *message, void *closure) {
    auto *self = static_cast<State *>(closure);
    std::string_view bytes(natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message)));
    if (std::optional<BusEvent> event = decode(bytes))
      self->callbacks.received(*event);
    else
      self->log.write(LogLevel::error, "bus_message_invalid", {{"bytes", static_cast<std::int64_t>(bytes.size())}});
    natsMsg_Destroy(message);
  }

  void set_connected(bool now) {
    connected = now;
    metrics.set(Metrics::Level::bus_connected, now);
    log.write(now ? LogLevel::info : LogLevel::warning, now ? "bus_connected" : "bus_lost");
  }

  static void on_connected(natsConnection *, void *closure) { static_cast<State *>(closure)->set_connected(true); }

  static void on_disconnected(natsConnection *, void *closure) {
    auto *self = static_cast<State *>(closure);
    self->set_connected(false);
    self->metrics.add(Metrics::Count::bus_disconnects);
  }

  static void on_reconnected(natsConnection *, void *closure) {
    auto *self = static_cast<State *>(closure);
    self->set_connected(true);
    self->metrics.add(Metrics::Count::bus_reconnects);
    self->give(Reconnected{});
  }

  const BusCallbacks callbacks;
  Metrics &metrics;
  Log &log;
  natsConnection *connection = nullptr;
  std::atomic<bool> connected = false;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Command> commands;
  bool stopping = false;

  /// Of the worker only.
  std::unordered_map<UserId, natsSubscription *> subscriptions;
  std::thread worker;
};

NatsBus::NatsBus(const std::string &url, BusCallbacks callbacks, Metrics &metrics, Log &log)
    : state_(std::make_unique<State>(std::move(callbacks), metrics, log)) {
  natsOptions *options = nullptr;
  auto check = [](natsStatus status) {
    if (status != NATS_OK)
      throw std::runtime_error(std::string("bus: ") + natsStatus_GetText(status));
  };
  check(natsOptions_Create(&options));
  std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)> owned(options, natsOptions_Destroy);
  check(natsOptions_SetURL(options, url.c_str()));
  check(natsOptions_SetMaxReconnect(options, -1));
  check(natsOptions_SetReconnectWait(options, kReconnectWaitMilliseconds));
  check(natsOptions_SetReconnectJitter(options, kReconnectWaitMilliseconds / 2, kReconnectWaitMilliseconds));
  check(natsOptions_SetNoEcho(options, true));
  check(natsOptions_UseGlobalMessageDelivery(options, true));
  check(natsOptions_SetRetryOnFailedConnect(options, true, State::on_connected, state_.get()));
  check(natsOptions_SetDisconnectedCB(options, State::on_disconnected, state_.get()));
  check(natsOptions_SetReconnectedCB(options, State::on_reconnected, state_.get()));
  natsStatus status = natsConnection_Connect(&state_->connection, options);
  if (status == NATS_OK)
    state_->set_connected(true);
  else if (status != NATS_NOT_YET_CONNECTED)
    check(status);
  state_->worker = std::thread([this] { state_->work(); });
}

NatsBus::~NatsBus() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_one();
  state_->worker.join();
  if (state_->connected)
    natsConnection_FlushTimeout(state_->connection, kFlushMilliseconds);
  for (auto &[user, subscription] : state_->subscriptions)
    natsSubscription_Destroy(subscription);
  natsConnection_Destroy(state_->connection);
  // Callbacks run on threads of the library: after this none does.
  nats_CloseAndWait(kFlushMilliseconds);
}

bool NatsBus::connected() const noexcept { return state_->connected; }

void NatsBus::publish(BusEvent event) {
  {
    std::lock_guard lock(state_->mutex);
    if (state_->commands.size() >= kMaxWaiting) {
      // The others see by the numbers that it is missing; this node sees it here.
      state_->metrics.add(Metrics::Count::bus_lost);
      return;
    }
    state_->commands.emplace_back(std::move(event));
  }
  state_->changed.notify_one();
}

void NatsBus::listen(const UserId &user, std::function<void()> ready) {
  state_->give(State::Listen{user, std::move(ready)});
}

void NatsBus::stop_listening(const UserId &user) { state_->give(State::StopListening{user}); }

} // namespace netra::server
