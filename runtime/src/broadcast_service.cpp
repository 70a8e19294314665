#include "netra/services/websocket_broadcast_service.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

namespace netra {

namespace {

constexpr int kFlags = 4;

/// Fields that say where an event goes. Provenance (`user_id`, `sender_id`, `creator_id`, `owner_id`) says where it
/// came from and is none.
constexpr std::array<const char *, 3> kRoutingFields = {"recipient_id", "target_user_id", "userId"};

/// Objects inside an event that clients read as the event itself.
constexpr std::array<const char *, 2> kEnvelopes = {"payload", "data"};

bool names_foreign_user(const nlohmann::json &fields, const char *field, const UserId &user) {
  auto value = fields.find(field);
  return value != fields.end() && !value->is_null() &&
         !(value->is_string() && value->get_ref<const std::string &>() == user.str());
}

/// \returns the routing fields of one object that name somebody other than the user.
std::vector<const char *> foreign_fields(const nlohmann::json &object, const UserId &user) {
  std::vector<const char *> found;
  if (object.is_object())
    std::copy_if(kRoutingFields.begin(), kRoutingFields.end(), std::back_inserter(found),
                 [&](const char *field) { return names_foreign_user(object, field, user); });
  return found;
}

/// Puts the user into every routing field that names somebody else, in the event and in its envelopes.
/// \returns a line for each, which says which field it was and never whom it named.
std::vector<std::string> decontaminate(Json &data, const UserId &user) {
  std::vector<std::string> replaced;
  auto replace_in = [&](const std::vector<const char *> &fields, auto select, const std::string &prefix) {
    for (const char *field : fields) {
      select(data.edit())[field] = user.str();
      replaced.push_back("routing field '" + prefix + field + "' named another user and was replaced");
    }
  };
  replace_in(foreign_fields(data.value(), user), [](nlohmann::json &event) -> nlohmann::json & { return event; }, "");
  for (const char *envelope : kEnvelopes)
    if (data.contains(envelope))
      replace_in(
          foreign_fields(data.value().at(envelope), user),
          [&](nlohmann::json &event) -> nlohmann::json & { return event[envelope]; }, std::string(envelope) + ".");
  return replaced;
}

/// \returns what makes the event unfit to be sent, nullptr when it is fit.
const char *event_problem(const Event &event) {
  if (event.type.empty())
    return "the event has no type";
  if (detail::identifier_problem(event.type))
    return "the event's type is not valid";
  if (!event.data.value().is_object())
    return "the event's data is not an object";
  return nullptr;
}

} // namespace

double BroadcastResult::success_rate() const noexcept {
  return connections_attempted == 0 ? 0.0 : static_cast<double>(successful_sends) / connections_attempted;
}

bool BroadcastResult::is_successful() const noexcept {
  return successful_sends > 0 && successful_sends >= connections_attempted;
}

struct WebSocketBroadcastService::State {
  State(std::shared_ptr<ConnectionManager> manager, BroadcastOptions options)
      : manager(std::move(manager)), options(std::move(options)), flags{true, true, false, true} {
    if (!this->manager)
      throw std::invalid_argument("a broadcast service needs a connection manager");
    if (!this->options.clock)
      this->options.clock = [] { return std::chrono::steady_clock::now(); };
  }

  bool on(BroadcastFlag flag) const noexcept {
    return flags[static_cast<std::size_t>(flag)].load(std::memory_order_relaxed);
  }

  void send_canonical(const UserId &user, const Event &event, BroadcastResult &result) {
    for (SendOutcome &outcome : manager->send_to_user(user, event)) {
      ++result.connections_attempted;
      if (outcome.status == SendStatus::sent)
        ++result.successful_sends;
      else
        result.errors.push_back("connection " + outcome.connection.str() + ": " +
                                (outcome.error.empty() ? to_string(outcome.status) : outcome.error));
    }
  }

  /// The implementation that the service took the place of, for the day somebody has to go back: it sends connection by
  /// connection and counts 1 for a user without any.
  void send_legacy(const UserId &user, const Event &event, BroadcastResult &result) {
    std::vector<ConnectionId> connections = manager->connections_of(user);
    if (connections.empty()) {
      result.successful_sends = 1;
      return;
    }
    for (const ConnectionId &connection : connections) {
      ++result.connections_attempted;
      try {
        SendStatus status = manager->send(connection, user, event);
        if (status == SendStatus::sent)
          ++result.successful_sends;
        else
          result.errors.push_back("connection " + connection.str() + ": " + to_string(status));
      } catch (const std::exception &error) {
        result.errors.push_back("connection " + connection.str() + ": " + error.what());
      }
    }
  }

  void send(const UserId &user, const Event &event, bool legacy, BroadcastResult &result) {
    if (legacy)
      return send_legacy(user, event, result);
    try {
      send_canonical(user, event, result);
    } catch (const std::exception &error) {
      result.errors.push_back(std::string("the connection manager failed: ") + error.what());
    }
  }

  void count(const BroadcastResult &result, std::size_t replaced, bool legacy, std::chrono::nanoseconds duration,
             bool measured) {
    std::lock_guard lock(mutex);
    ++stats.total_broadcasts;
    ++(result.is_successful() ? stats.successful_broadcasts : stats.failed_broadcasts);
    stats.contamination_prevented += replaced;
    stats.attempted_sends += static_cast<std::uint64_t>(result.connections_attempted);
    stats.successful_sends += static_cast<std::uint64_t>(result.successful_sends);
    stats.legacy_broadcasts += legacy;
    if (!measured)
      return;
    ++stats.measured_broadcasts;
    stats.total_duration += duration;
    stats.longest_duration = std::max(stats.longest_duration, duration);
  }

  void log(const BroadcastResult &result) const {
    if (!options.log || !on(BroadcastFlag::comprehensive_logging))
      return;
    std::string line = "broadcast type=" + result.event_type + " user=" + result.user_id.str() +
                       " attempted=" + std::to_string(result.connections_attempted) +
                       " sent=" + std::to_string(result.successful_sends) +
                       " errors=" + std::to_string(result.errors.size());
    options.log(line);
  }

  const std::shared_ptr<ConnectionManager> manager;
  BroadcastOptions options;
  std::array<std::atomic<bool>, kFlags> flags;
  mutable std::mutex mutex;
  BroadcastStats stats;
};

WebSocketBroadcastService::WebSocketBroadcastService(std::shared_ptr<ConnectionManager> manager,
                                                     BroadcastOptions options)
    : state_(std::make_unique<State>(std::move(manager), std::move(options))) {}
WebSocketBroadcastService::~WebSocketBroadcastService() = default;

BroadcastResult WebSocketBroadcastService::broadcast_to_user(const UserId &user, const Event &event) {
  const bool measured = state_->on(BroadcastFlag::performance_monitoring);
  const bool legacy = !state_->on(BroadcastFlag::delegate_to_canonical);
  const auto start = measured ? state_->options.clock() : std::chrono::steady_clock::time_point();

  BroadcastResult result{.user_id = user, .event_type = event.type, .timestamp = std::chrono::system_clock::now()};
  std::size_t replaced = 0;
  if (const char *problem = event_problem(event)) {
    result.errors.emplace_back(problem);
  } else {
    Event clean = event;
    if (state_->on(BroadcastFlag::contamination_detection))
      result.errors = decontaminate(clean.data, user);
    replaced = result.errors.size();
    state_->send(user, clean, legacy, result);
  }

  const auto duration = measured ? state_->options.clock() - start : std::chrono::nanoseconds(0);
  state_->count(result, replaced, legacy, duration, measured);
  state_->log(result);
  return result;
}

void WebSocketBroadcastService::set_flag(BroadcastFlag flag, bool on) noexcept {
  state_->flags[static_cast<std::size_t>(flag)].store(on, std::memory_order_relaxed);
}

bool WebSocketBroadcastService::flag(BroadcastFlag flag) const noexcept { return state_->on(flag); }

BroadcastStats WebSocketBroadcastService::get_stats() const {
  std::lock_guard lock(state_->mutex);
  return state_->stats;
}

std::unique_ptr<WebSocketBroadcastService> create_broadcast_service(std::shared_ptr<ConnectionManager> manager,
                                                                    BroadcastOptions options) {
  return std::make_unique<WebSocketBroadcastService>(std::move(manager), std::move(options));
}

} // namespace netra
