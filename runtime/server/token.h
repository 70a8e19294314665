// server/token.h - who a connection belongs to: a JSON Web Token signed with HS256.
//
// Nothing in a token is believed before its signature fits, and the algorithm is ours, not the token's: `alg: none` and
// every other algorithm are refused by name.
#pragma once

#include "netra/websocket_core/types.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace netra::server {

struct Claims {
  UserId user;
  /// Seconds since 1970.
  std::int64_t expires;
};

/// Why a token was refused: one word, for metrics and logs. The client is told no more than 401.
enum class TokenProblem { malformed, algorithm, signature, expired, claims };

const char *to_string(TokenProblem problem) noexcept;

/// Checks the signature, `sub`, `exp` and, when there is one, `nbf`.
/// \param now seconds since 1970.
std::variant<Claims, TokenProblem> verify_token(std::string_view token, std::string_view secret, std::int64_t now);

/// \returns a signed token for the user; for tests and the demonstration page.
std::string sign_token(const UserId &user, std::int64_t expires, std::string_view secret);

/// \returns the text in URL-safe base64 without padding.
std::string base64url(std::string_view bytes);

/// \returns whether the header value is the base64 of exactly 16 bytes, as `Sec-WebSocket-Key` must be.
bool is_websocket_key(std::string_view key);

} // namespace netra::server
