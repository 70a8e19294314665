#include "upgrade.h"

#include "token.h"

#include <algorithm>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <charconv>

namespace netra::server {

namespace http = boost::beast::http;

namespace {

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string_view path_of(const Request &request) {
  std::string_view target = view(request.target());
  return target.substr(0, target.find('?'));
}

/// \returns the value of a query parameter. Enough for numbers and epochs, which need no decoding.
std::optional<std::string_view> query(const Request &request, std::string_view name) {
  std::string_view target = view(request.target());
  auto start = target.find('?');
  while (start != std::string_view::npos) {
    std::string_view rest = target.substr(start + 1);
    std::string_view pair = rest.substr(0, rest.find('&'));
    if (pair.substr(0, pair.find('=')) == name && pair.size() > name.size())
      return pair.substr(name.size() + 1);
    start = target.find('&', start + 1);
  }
  return std::nullopt;
}

/// `epoch=E&last_sequence=N`, and `last_low=`, `last_high=`, `last_critical=` for the other classes. A position that
/// cannot be understood fits no history: the client will be told to reload.
std::optional<ReplayPosition> position_of(const Request &request) {
  ReplayPosition position{std::string(query(request, "epoch").value_or(""))};
  bool given = !position.epoch.empty();
  constexpr const char *kNames[kPriorityClasses] = {"last_low", "last_sequence", "last_high", "last_critical"};
  for (std::size_t i = 0; i < kPriorityClasses; ++i) {
    std::optional<std::string_view> text = query(request, kNames[i]);
    if (!text)
      continue;
    given = true;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), position.last[i]);
    if (error != std::errc() || end != text->data() + text->size())
      position.epoch.clear();
  }
  if (!given)
    return std::nullopt;
  return position;
}

/// `jwt.TOKEN`, `bearer.TOKEN`, or the token by itself: three parts with two dots between them.
std::optional<std::string_view> token_in_protocol(std::string_view protocol) {
  for (std::string_view prefix : {"jwt.", "bearer."})
    if (protocol.starts_with(prefix))
      return protocol.substr(prefix.size());
  if (std::count(protocol.begin(), protocol.end(), '.') == 2)
    return protocol;
  return std::nullopt;
}

struct Credentials {
  std::string token;
  std::string subprotocol;
};

/// The token from `Authorization: Bearer …` or from the sub-protocol `jwt.…`. The answer names another sub-protocol
/// when one is offered.
Credentials credentials_of(const Request &request) {
  Credentials found;
  std::string_view authorization = view(request[http::field::authorization]);
  constexpr std::string_view kScheme = "bearer ";
  bool is_bearer =
      authorization.size() > kScheme.size() &&
      std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), [](char a, char b) { return a == (b | 0x20); });
  if (is_bearer)
    found.token = authorization.substr(kScheme.size());
  std::string carrier;
  for (auto offered : http::token_list(request[http::field::sec_websocket_protocol])) {
    std::string_view protocol = view(offered);
    std::optional<std::string_view> token = token_in_protocol(protocol);
    if (!token && found.subprotocol.empty())
      found.subprotocol = protocol;
    if (token && carrier.empty())
      carrier = protocol;
    if (token && found.token.empty())
      found.token = *token;
  }
  if (found.subprotocol.empty())
    found.subprotocol = carrier;
  return found;
}

/// \returns what is wrong with the request as an opening handshake of RFC 6455, nullptr when it is right.
const char *handshake_problem(const Request &request) {
  if (!boost::beast::websocket::is_upgrade(request))
    return "not a WebSocket upgrade";
  if (request[http::field::host].empty())
    return "no Host";
  if (!is_websocket_key(view(request[http::field::sec_websocket_key])))
    return "Sec-WebSocket-Key is not 16 bytes of base64";
  if (!request.body().empty())
    return "an upgrade has no body";
  return nullptr;
}

/// A browser says where the page came from; other clients do not, and cannot be made to.
bool origin_allowed(const Request &request, const Options &options) {
  std::string_view origin = view(request[http::field::origin]);
  if (request.find(http::field::origin) == request.end())
    return true;
  auto allowed = [&](const std::string &entry) { return entry == "*" || entry == origin; };
  if (std::any_of(options.allowed_origins.begin(), options.allowed_origins.end(), allowed))
    return true;
  auto host = origin.find("://");
  return host != std::string_view::npos && origin.substr(host + 3) == view(request[http::field::host]);
}

} // namespace

bool asks_for_websocket(const Request &request) { return path_of(request) == "/ws"; }

std::variant<Upgrade, Refusal> judge_upgrade(const Request &request, const ServerContext &context, std::int64_t now) {
  if (context.draining)
    return Refusal{http::status::service_unavailable, "stopping", Metrics::Count::refused_draining};
  if (const char *problem = handshake_problem(request))
    return Refusal{http::status::bad_request, problem, Metrics::Count::refused_request};
  if (request[http::field::sec_websocket_version] != "13")
    return Refusal{http::status::upgrade_required, "version 13 is spoken here", Metrics::Count::refused_request};
  if (!origin_allowed(request, context.options))
    return Refusal{http::status::forbidden, "origin not allowed", Metrics::Count::refused_origin};

  Credentials credentials = credentials_of(request);
  auto verified = verify_token(credentials.token, context.options.token_secret, now);
  if (auto *problem = std::get_if<TokenProblem>(&verified)) {
    context.log.write(LogLevel::info, "token_refused", {{"reason", to_string(*problem)}});
    return Refusal{http::status::unauthorized, "a valid token is required", Metrics::Count::refused_token};
  }
  UserId user = std::get<Claims>(std::move(verified)).user;
  if (context.hub.connections_of(user).size() >= context.options.max_connections_per_user)
    return Refusal{http::status::too_many_requests, "too many connections of this user",
                   Metrics::Count::refused_user_limit};
  if (context.connections >= context.options.max_connections)
    return Refusal{http::status::service_unavailable, "too many connections", Metrics::Count::refused_capacity};
  return Upgrade{std::move(user), position_of(request), std::move(credentials.subprotocol)};
}

} // namespace netra::server
