#include "client_message.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace netra::server {

namespace {

constexpr std::array<const char *, 4> kUserFields = {"user_id", "recipient_id", "target_user_id", "userId"};

bool names_foreign_user(const nlohmann::json &fields, const UserId &user) {
  return fields.is_object() && std::any_of(kUserFields.begin(), kUserFields.end(), [&](const char *name) {
           auto field = fields.find(name);
           return field != fields.end() && *field != user.str();
         });
}

void refuse(Connection &connection, Hub &hub, const char *code, const std::string &message_id = {}) {
  hub.reply(connection, {"error", Json().set("payload", Json().set("code", code).set("message_id", message_id))});
}

ReplayPosition position_in(const Json &payload) {
  ReplayPosition position{payload.get_string("epoch").value_or("")};
  auto set = [&](MessagePriority priority, std::optional<std::int64_t> number) {
    if (number && *number >= 0)
      position.last[static_cast<std::size_t>(priority)] = static_cast<std::uint64_t>(*number);
  };
  Json last = payload.get("last");
  for (int i = 0; i < kPriorityClasses; ++i)
    set(static_cast<MessagePriority>(i), last.get_integer(to_string(static_cast<MessagePriority>(i))));
  set(MessagePriority::normal, payload.get_integer("last_sequence"));
  return position;
}

} // namespace

void handle_client_message(Connection &connection, std::string_view text, Hub &hub, Metrics &metrics) {
  std::optional<Json> fields = Json::parse(text);
  std::optional<std::string> type = fields ? fields->get_string("type") : std::nullopt;
  if (!type || detail::identifier_problem(*type)) {
    metrics.add(Metrics::Count::messages_rejected);
    return refuse(connection, hub, "invalid_message");
  }
  std::string message_id = fields->get_string("message_id").value_or("");
  Json payload = fields->get("payload");
  if (names_foreign_user(fields->value(), connection.user()) ||
      names_foreign_user(payload.value(), connection.user())) {
    metrics.add(Metrics::Count::foreign_user_refused);
    return refuse(connection, hub, "foreign_user", message_id);
  }

  if (*type == "ping")
    return hub.reply(connection, {"pong", Json().set("payload", payload)});
  if (*type == "resume")
    return hub.resume(connection, position_in(payload));
  if (*type == "ack")
    return hub.acknowledge(connection, position_in(payload));
  DispatchReport report = hub.dispatch(connection, {.type = *type,
                                                    .payload = payload,
                                                    .user_id = connection.user(),
                                                    .thread_id = fields->get_string("thread_id").value_or(""),
                                                    .timestamp = std::chrono::system_clock::now(),
                                                    .message_id = message_id});
  if (!report.succeeded())
    refuse(connection, hub, "handler_failed", message_id);
}

} // namespace netra::server
