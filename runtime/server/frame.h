// server/frame.h - an event as bytes, made once and shared by every connection it goes to.
//
// Encoding once per event instead of once per connection is what makes the fan-out fast; naming the owner is what lets
// the very last step before the socket check that the bytes belong to the user of the connection.
#pragma once

#include "netra/websocket_core/types.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace netra::server {

struct Frame {
  /// A whole WebSocket frame: header and payload.
  std::string wire;
  UserId owner;
};

using SharedFrame = std::shared_ptr<const Frame>;

enum class Opcode : std::uint8_t { text = 0x1, close = 0x8 };

/// \returns the unmasked, unfragmented frame that a server sends.
std::string encode_frame(Opcode opcode, std::string_view payload);

/// Close codes of RFC 6455, as far as this server sends them itself.
enum class CloseCode : std::uint16_t {
  going_away = 1001,
  unsupported_data = 1003,
  policy_violation = 1008,
  message_too_big = 1009,
  try_again_later = 1013
};

/// \returns a close frame with the code and a reason of at most 123 bytes.
std::string encode_close(CloseCode code, std::string_view reason);

/// The event as text, without its number: what goes over the bus, and what `number_event` completes.
/// A run's own count travels as `run_sequence`, since `sequence` is the number that a client resumes from.
std::string event_text(const Event &event, const UserId &user);

/// \returns the text of an event with its number and class among the fields.
std::string number_event(std::string_view text, std::uint64_t sequence, MessagePriority priority);

/// \returns the class that the event is numbered in. All events of a run share one.
MessagePriority priority_of(const Event &event);

} // namespace netra::server
