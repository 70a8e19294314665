// netra/services/websocket_broadcast_service.h - the one way to tell a user something.
//
// It takes the place of five "broadcast to a user" that had drifted apart: one swallowed errors, one counted failed
// sends as sent, all let another user's id through in the routing fields. Here an event is validated, cleaned, sent
// through the connection manager, and what is counted is what really happened.
#pragma once

#include "netra/websocket_core/connection_manager.h"
#include "netra/websocket_core/types.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace netra {

struct BroadcastResult {
  UserId user_id;
  int connections_attempted = 0;
  /// Admitted to the bounded queue of a connection; 0 when the user has none.
  int successful_sends = 0;
  std::string event_type = {};
  Timestamp timestamp = {};
  /// Why a send failed or what was replaced in the event. Never names another user.
  std::vector<std::string> errors = {};

  /// \returns sends that succeeded per send attempted, 0 when there was none.
  double success_rate() const noexcept;
  /// \returns whether at least one connection took the event and none failed.
  bool is_successful() const noexcept;
};

/// What can be switched while the service runs.
enum class BroadcastFlag {
  contamination_detection, ///< replace foreign users in routing fields
  performance_monitoring,  ///< measure how long a broadcast takes
  comprehensive_logging,   ///< one log line per broadcast
  delegate_to_canonical    ///< off: the preserved legacy implementation (the rollback path)
};

struct BroadcastStats {
  std::uint64_t total_broadcasts = 0;
  std::uint64_t successful_broadcasts = 0;
  std::uint64_t failed_broadcasts = 0;
  /// Foreign users replaced in routing fields.
  std::uint64_t contamination_prevented = 0;
  std::uint64_t attempted_sends = 0;
  std::uint64_t successful_sends = 0;
  /// Broadcasts that took the rollback path.
  std::uint64_t legacy_broadcasts = 0;
  /// Only while performance monitoring is on.
  std::uint64_t measured_broadcasts = 0;
  std::chrono::nanoseconds total_duration{0};
  std::chrono::nanoseconds longest_duration{0};
};

/// One line for the log, without what the event holds.
using BroadcastLog = std::function<void(std::string_view line)>;

struct BroadcastOptions {
  BroadcastLog log = {};
  /// Empty: the steady clock of the system.
  SteadyClock clock = {};
};

/// May be used from any thread. No lock is held while the connection manager sends.
class WebSocketBroadcastService {
public:
  /// \throws std::invalid_argument when there is no manager.
  explicit WebSocketBroadcastService(std::shared_ptr<ConnectionManager> manager, BroadcastOptions options = {});
  WebSocketBroadcastService(const WebSocketBroadcastService &) = delete;
  WebSocketBroadcastService &operator=(const WebSocketBroadcastService &) = delete;
  ~WebSocketBroadcastService();

  /// Sends the event to every connection of the user.
  ///
  /// A foreign user in a routing field (`recipient_id`, `target_user_id`, `userId`) is replaced by the target and
  /// reported in the errors of the result. The provenance fields (`user_id`, `sender_id`, `creator_id`, `owner_id`) are
  /// left as they are.
  /// \returns what became of it. An event without a type, or whose data is no object, is sent to nobody and reported.
  BroadcastResult broadcast_to_user(const UserId &user, const Event &event);

  void set_flag(BroadcastFlag flag, bool on) noexcept;
  bool flag(BroadcastFlag flag) const noexcept;

  BroadcastStats get_stats() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Makes the service that sends through the manager. The caller owns it.
/// \throws std::invalid_argument when there is no manager.
std::unique_ptr<WebSocketBroadcastService> create_broadcast_service(std::shared_ptr<ConnectionManager> manager,
                                                                    BroadcastOptions options = {});

} // namespace netra
