// netra/websocket_core/types.h - the words everything else is said in: who, where to, how urgent, what.
//
// The identifiers are distinct types, since most of the misdeliveries of the legacy system were a user id passed where
// a connection id was meant (one of its functions even took the two the other way round). A valid identifier is checked
// once, where it is made.
#pragma once

#include "netra/websocket_core/json.h"

#include <chrono>
#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace netra {

/// An identifier was empty, too long, or held a control character. The message never repeats the text itself.
class InvalidIdentifier : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

namespace detail {
inline constexpr std::size_t kMaxIdentifierBytes = 256;

/// \returns what is wrong with the text as an identifier, nullptr when it is right.
const char *identifier_problem(std::string_view text) noexcept;
[[noreturn]] void throw_invalid_identifier(const char *kind, const char *problem);
} // namespace detail

/// A validated identifier: not empty, at most 256 bytes, no control characters. `Kind` tells the kinds apart.
template <class Kind>
class Identifier {
public:
  /// \throws InvalidIdentifier when the text is not a valid identifier.
  explicit Identifier(std::string text) : text_(std::move(text)) {
    if (const char *problem = detail::identifier_problem(text_))
      detail::throw_invalid_identifier(Kind::name, problem);
  }

  /// \returns nothing when the text is not a valid identifier.
  static std::optional<Identifier> parse(std::string_view text) {
    if (detail::identifier_problem(text))
      return std::nullopt;
    return Identifier(std::string(text));
  }

  const std::string &str() const noexcept { return text_; }

  friend auto operator<=>(const Identifier &, const Identifier &) = default;

private:
  std::string text_;
};

struct UserIdKind {
  static constexpr const char *name = "user id";
};
struct ConnectionIdKind {
  static constexpr const char *name = "connection id";
};
struct SessionIdKind {
  static constexpr const char *name = "session id";
};
struct AgentIdKind {
  static constexpr const char *name = "agent id";
};

using UserId = Identifier<UserIdKind>;
using ConnectionId = Identifier<ConnectionIdKind>;
using SessionId = Identifier<SessionIdKind>;
using AgentId = Identifier<AgentIdKind>;

/// What is known of a connection beside its user and session, for instance `agent_id` or `client`.
using Metadata = std::map<std::string, std::string>;

enum class MessagePriority { low, normal, high, critical };
inline constexpr int kPriorityClasses = 4;

enum class RoutingTarget { user, session, broadcast, agent };

const char *to_string(MessagePriority priority) noexcept;
const char *to_string(RoutingTarget target) noexcept;

/// A wall-clock time: for people and logs. Nothing is ever decided by it; see `SteadyClock`.
using Timestamp = std::chrono::system_clock::time_point;

/// "2024-05-01T12:00:00.123Z", always UTC, always milliseconds.
std::string to_iso8601(Timestamp timestamp);

/// Where limits and ages are measured. Injected, so that tests turn the hands themselves.
using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

/// A message as it comes from a client or goes to one.
struct WebSocketMessage {
  std::string type = {};
  Json payload = {};
  std::optional<UserId> user_id = std::nullopt;
  std::string thread_id = {};
  Timestamp timestamp = {};
  std::string message_id = {};
};

/// Something that happened and that a user is told of: a type and its fields.
struct Event {
  std::string type = {};
  Json data = {};

  /// \returns the fields with `type` among them: what goes over the wire.
  Json to_json() const;
};

/// The one user that a router works for.
struct UserContext {
  UserId user_id;
  std::optional<SessionId> session_id = std::nullopt;
  std::string thread_id = {};
};

/// What became of one message at one connection.
enum class SendStatus {
  sent,  ///< admitted to the connection's queue
  busy,  ///< not taken: the queue is full; the connection lives
  closed ///< not taken: the connection is gone
};

const char *to_string(SendStatus status) noexcept;

} // namespace netra

template <class Kind>
struct std::hash<netra::Identifier<Kind>> {
  std::size_t operator()(const netra::Identifier<Kind> &id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
