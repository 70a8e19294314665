#include "netra/websocket_core/types.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace netra {

namespace detail {

const char *identifier_problem(std::string_view text) noexcept {
  if (text.empty())
    return "is empty";
  if (text.size() > kMaxIdentifierBytes)
    return "is longer than 256 bytes";
  for (unsigned char c : text)
    if (c < 0x20 || c == 0x7f)
      return "holds a control character";
  return nullptr;
}

void throw_invalid_identifier(const char *kind, const char *problem) {
  throw InvalidIdentifier(std::string(kind) + " " + problem);
}

} // namespace detail

const char *to_string(MessagePriority priority) noexcept {
  switch (priority) {
  case MessagePriority::low:
    return "low";
  case MessagePriority::normal:
    return "normal";
  case MessagePriority::high:
    return "high";
  case MessagePriority::critical:
    return "critical";
  }
  return "unknown";
}

const char *to_string(RoutingTarget target) noexcept {
  switch (target) {
  case RoutingTarget::user:
    return "user";
  case RoutingTarget::session:
    return "session";
  case RoutingTarget::broadcast:
    return "broadcast";
  case RoutingTarget::agent:
    return "agent";
  }
  return "unknown";
}

const char *to_string(SendStatus status) noexcept {
  switch (status) {
  case SendStatus::sent:
    return "sent";
  case SendStatus::busy:
    return "busy";
  case SendStatus::closed:
    return "closed";
  }
  return "unknown";
}

std::string to_iso8601(Timestamp timestamp) {
  using namespace std::chrono;
  auto whole_seconds = floor<seconds>(timestamp);
  std::time_t time = system_clock::to_time_t(whole_seconds);
  std::tm utc = {};
  gmtime_r(&time, &utc);
  std::array<char, 64> text;
  int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                             utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                             static_cast<int>(duration_cast<milliseconds>(timestamp - whole_seconds).count()));
  return std::string(text.data(), static_cast<std::size_t>(length));
}

Json Event::to_json() const {
  Json wire = data;
  return wire.set("type", type);
}

} // namespace netra
