// server/upgrade.h - whether a request may become a WebSocket, decided without any I/O.
#pragma once

#include "session.h"

#include "netra/websocket_core/replay_history.h"
#include "netra/websocket_core/types.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>
#include <variant>

namespace netra::server {

using Request = boost::beast::http::request<boost::beast::http::string_body>;

struct Upgrade {
  UserId user;
  std::optional<ReplayPosition> position;
  /// The sub-protocol to answer with, empty for none.
  std::string subprotocol;
};

struct Refusal {
  boost::beast::http::status status;
  std::string reason;
  Metrics::Count count;
};

/// \returns whether the request asks for `/ws`, whatever else it says.
bool asks_for_websocket(const Request &request);

/// Checks draining, the request itself, origin, token and limits, in this order.
/// The user comes from the signed token and from nothing else.
std::variant<Upgrade, Refusal> judge_upgrade(const Request &request, const ServerContext &context, std::int64_t now);

} // namespace netra::server
