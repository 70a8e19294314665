#include "frame.h"

#include <nlohmann/json.hpp>

namespace netra::server {

namespace {

constexpr std::size_t kMaxCloseReason = 123;

void append_big_endian(std::string &bytes, std::uint64_t value, int width) {
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift);
}

} // namespace

std::string encode_frame(Opcode opcode, std::string_view payload) {
  std::string bytes;
  bytes.reserve(payload.size() + 10);
  bytes += static_cast<char>(0x80 | static_cast<std::uint8_t>(opcode));
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size());
  } else if (payload.size() <= 0xffff) {
    bytes += static_cast<char>(126);
    append_big_endian(bytes, payload.size(), 2);
  } else {
    bytes += static_cast<char>(127);
    append_big_endian(bytes, payload.size(), 8);
  }
  return bytes += payload;
}

std::string encode_close(CloseCode code, std::string_view reason) {
  std::string payload;
  append_big_endian(payload, static_cast<std::uint16_t>(code), 2);
  payload += reason.substr(0, kMaxCloseReason);
  return encode_frame(Opcode::close, payload);
}

std::string event_text(const Event &event, const UserId &user) {
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  const nlohmann::json &fields = event.data.value();
  std::string text = "{\"type\":" + nlohmann::json(event.type).dump(-1, ' ', false, kReplace);
  auto append = [&](const std::string &name, const nlohmann::json &value) {
    text.append(",")
        .append(nlohmann::json(name).dump(-1, ' ', false, kReplace))
        .append(":")
        .append(value.dump(-1, ' ', false, kReplace));
  };
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    const std::string &name = field.key();
    if (name == "sequence")
      append("run_sequence", *field);
    else if (name != "type" && name != "priority")
      append(name, *field);
  }
  if (!fields.contains("user_id"))
    append("user_id", user.str());
  if (!fields.contains("timestamp"))
    append("timestamp", to_iso8601(std::chrono::system_clock::now()));
  return text += "}";
}

std::string number_event(std::string_view text, std::uint64_t sequence, MessagePriority priority) {
  std::string numbered;
  numbered.reserve(text.size() + 48);
  numbered.append("{\"sequence\":")
      .append(std::to_string(sequence))
      .append(",\"priority\":\"")
      .append(to_string(priority))
      .append("\",");
  numbered.append(text.substr(1)); // never an empty object: it has a type
  return numbered;
}

MessagePriority priority_of(const Event &event) {
  std::optional<std::string> name = event.data.get_string("priority");
  for (MessagePriority priority : {MessagePriority::low, MessagePriority::high, MessagePriority::critical})
    if (name == to_string(priority))
      return priority;
  return MessagePriority::normal;
}

} // namespace netra::server
