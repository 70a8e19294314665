#include "token.h"

#include <array>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace netra::server {

namespace {

constexpr std::size_t kMaxToken = 4096;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// \returns nothing for a foreign character, padding, or bits that are left over.
std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    auto value = kAlphabet.find(c);
    if (value == std::string_view::npos)
      return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count);
    }
  }
  if (bits & ((1u << count) - 1))
    return std::nullopt;
  return bytes;
}

std::string hmac_sha256(std::string_view data, std::string_view secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char *>(data.data()), data.size(), digest.data(), &size);
  return std::string(reinterpret_cast<const char *>(digest.data()), size);
}

/// \returns the JSON object in a part of a token.
std::optional<nlohmann::json> object_in(std::string_view part) {
  std::optional<std::string> text = from_base64url(part);
  if (!text)
    return std::nullopt;
  std::optional<Json> json = Json::parse(*text, 8);
  if (!json || !json->value().is_object())
    return std::nullopt;
  return json->value();
}

/// A NumericDate: whole seconds, or with a fraction, which is cut off.
std::optional<std::int64_t> seconds(const nlohmann::json &claims, const char *name) {
  constexpr double kFarFuture = 1e15;
  auto claim = claims.find(name);
  if (claim == claims.end() || !claim->is_number())
    return std::nullopt;
  const double value = claim->get<double>();
  if (!(value > -kFarFuture && value < kFarFuture))
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::variant<Claims, TokenProblem> check_claims(const nlohmann::json &claims, std::int64_t now) {
  auto subject = claims.find("sub");
  if (subject == claims.end() || !subject->is_string())
    return TokenProblem::claims;
  std::optional<UserId> user = UserId::parse(subject->get_ref<const std::string &>());
  std::optional<std::int64_t> expires = seconds(claims, "exp");
  if (!user || !expires)
    return TokenProblem::claims;
  if (*expires <= now)
    return TokenProblem::expired;
  if (claims.contains("nbf")) {
    std::optional<std::int64_t> not_before = seconds(claims, "nbf");
    if (!not_before || *not_before > now)
      return TokenProblem::claims;
  }
  return Claims{std::move(*user), *expires};
}

} // namespace

const char *to_string(TokenProblem problem) noexcept {
  switch (problem) {
  case TokenProblem::malformed:
    return "malformed";
  case TokenProblem::algorithm:
    return "algorithm";
  case TokenProblem::signature:
    return "signature";
  case TokenProblem::expired:
    return "expired";
  case TokenProblem::claims:
    return "claims";
  }
  return "unknown";
}

std::variant<Claims, TokenProblem> verify_token(std::string_view token, std::string_view secret, std::int64_t now) {
  auto first = token.find('.');
  auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > kMaxToken || second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos)
    return TokenProblem::malformed;

  std::optional<nlohmann::json> header = object_in(token.substr(0, first));
  if (!header)
    return TokenProblem::malformed;
  auto algorithm = header->find("alg");
  if (algorithm == header->end() || *algorithm != "HS256" || header->contains("crit"))
    return TokenProblem::algorithm;

  std::optional<std::string> signature = from_base64url(token.substr(second + 1));
  std::string expected = hmac_sha256(token.substr(0, second), secret);
  if (!signature || signature->size() != expected.size() ||
      CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0)
    return TokenProblem::signature;

  std::optional<nlohmann::json> claims = object_in(token.substr(first + 1, second - first - 1));
  if (!claims)
    return TokenProblem::malformed;
  return check_claims(*claims, now);
}

std::string sign_token(const UserId &user, std::int64_t expires, std::string_view secret) {
  std::string signed_part = base64url(R"({"alg":"HS256","typ":"JWT"})");
  signed_part += '.';
  signed_part += base64url(Json().set("sub", user.str()).set("exp", expires).dump());
  return signed_part + "." + base64url(hmac_sha256(signed_part, secret));
}

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (unsigned char byte : bytes) {
    bits = (bits << 8 | byte) & 0xffff;
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += kAlphabet[bits >> count & 0x3f];
    }
  }
  if (count > 0)
    text += kAlphabet[bits << (6 - count) & 0x3f];
  return text;
}

bool is_websocket_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("=="))
    return false;
  std::string url_safe(key.substr(0, 22));
  for (char &c : url_safe)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  std::optional<std::string> bytes = from_base64url(url_safe);
  return bytes && bytes->size() == 16;
}

} // namespace netra::server
