// Who gets in: tokens, origins, limits, and requests that are no proper upgrade.
#include "router_process.h"
#include "token.h"
#include "ws_client.h"

#include <ctime>
#include <gtest/gtest.h>

namespace netra::test {
namespace {

using server::base64url;

/// A token with any header and claims, signed with any key.
std::string token_of(const std::string &header, const std::string &claims, std::string_view key = kSecret) {
  // The signature of our own signer over other parts: sign a real token, then see whether the server notices the
  // exchange.
  std::string real = server::sign_token(UserId("ann"), std::time(nullptr) + 3600, key);
  return base64url(header) + "." + base64url(claims) + real.substr(real.rfind('.'));
}

class Admission : public testing::Test {
protected:
  int status_with(const std::string &token) { return WsClient(router.port(), {.token = token}).status(); }
  static std::string in(long seconds) { return std::to_string(std::time(nullptr) + seconds); }

  Router router;
};

TEST_F(Admission, AValidTokenInTheHeaderOrAsASubProtocol) {
  EXPECT_EQ(status_with(Router::token("ann")), 101);
  WsClient client(router.port(), {.token = Router::token("ann"), .token_as_protocol = true});
  EXPECT_EQ(client.status(), 101);
  EXPECT_NE(client.answer().find("Sec-WebSocket-Protocol: netra\r\n"), std::string::npos)
      << "the answer does not repeat the token";
}

TEST_F(Admission, ATokenThatIsASubProtocolByItself) {
  const std::string token = Router::token("ann");
  WsClient beside(router.port(), {.headers = "Sec-WebSocket-Protocol: bearer, " + token + "\r\n"});
  EXPECT_EQ(beside.status(), 101);
  EXPECT_NE(beside.answer().find("Sec-WebSocket-Protocol: bearer\r\n"), std::string::npos);
  WsClient alone(router.port(), {.headers = "Sec-WebSocket-Protocol: " + token + "\r\n"});
  EXPECT_EQ(alone.status(), 101);
}

TEST_F(Admission, NoTokenIs401) {
  EXPECT_EQ(status_with(""), 401);
  EXPECT_EQ(router.metric("netra_connections_refused_total{reason=\"token\"}"), 1);
}

TEST_F(Admission, ATokenInAParameterIsNoToken) {
  EXPECT_EQ(WsClient(router.port(), {.target = "/ws?token=" + Router::token("ann") + "&user_id=ann"}).status(), 401);
}

TEST_F(Admission, ForgedTokensAre401) {
  std::string claims = R"({"sub":"ann","exp":)" + in(3600) + "}";
  EXPECT_EQ(status_with(server::sign_token(UserId("ann"), std::time(nullptr) + 3600,
                                           "another secret of more than 32 bytes ......")),
            401);
  EXPECT_EQ(status_with(token_of(R"({"alg":"HS256","typ":"JWT"})", R"({"sub":"bob","exp":)" + in(3600) + "}")), 401)
      << "exchanged claims";
  EXPECT_EQ(status_with(token_of(R"({"alg":"none"})", claims)), 401);
  EXPECT_EQ(status_with(base64url(R"({"alg":"none"})") + "." + base64url(claims) + "."), 401);
  EXPECT_EQ(status_with(token_of(R"({"alg":"hs256"})", claims)), 401);
  EXPECT_EQ(status_with(token_of(R"({"alg":"RS256"})", claims)), 401);
  std::string good = Router::token("ann");
  EXPECT_EQ(status_with(good.substr(0, good.size() - 1)), 401) << "cut off";
  EXPECT_EQ(status_with(good + "A"), 401);
  EXPECT_EQ(status_with("a.b"), 401);
  EXPECT_EQ(status_with("..."), 401);
  EXPECT_EQ(status_with(std::string(5000, 'a')), 401);
}

TEST_F(Admission, ExpiredTokensAre401) {
  EXPECT_EQ(status_with(server::sign_token(UserId("ann"), std::time(nullptr) - 1, kSecret)), 401);
  EXPECT_EQ(status_with(server::sign_token(UserId("ann"), 0, kSecret)), 401);
}

TEST_F(Admission, AForeignOriginIs403) {
  auto with_origin = [&](const std::string &origin) {
    return WsClient(router.port(), {.token = Router::token("ann"), .headers = "Origin: " + origin + "\r\n"}).status();
  };
  EXPECT_EQ(with_origin("https://evil.example"), 403);
  EXPECT_EQ(with_origin("null"), 403);
  EXPECT_EQ(with_origin("http://localhost:" + std::to_string(router.port())), 101) << "the server's own";
}

TEST_F(Admission, WhatIsNoUpgradeIsRefused) {
  EXPECT_EQ(WsClient(router.port(), {.token = Router::token("ann"), .key = "AAA="}).status(), 400)
      << "a key of 2 bytes";
  EXPECT_EQ(WsClient(router.port(), {.token = Router::token("ann"), .key = "not base64 at all!!!!!!!"}).status(), 400);
  EXPECT_EQ(WsClient(router.port(), {.token = Router::token("ann"), .version = "8"}).status(), 426);
  RawSocket plain(router.port());
  plain.send("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(plain.read_to_end().find("400"), std::string::npos);
  RawSocket garbage(router.port());
  garbage.send(std::string("\x16\x03\x01\x02\x00\x01\x00garbage\r\n\r\n", 18));
  EXPECT_NE(garbage.read_to_end().find("400"), std::string::npos);
  RawSocket endless(router.port());
  endless.send("GET / HTTP/1.1\r\nX: " + std::string(20000, 'x'));
  EXPECT_NE(endless.read_to_end().find("431"), std::string::npos);
}

TEST(AdmissionLimits, ConnectionsPerUserAndInAll) {
  Router router({"--max-connections-per-user", "2", "--max-connections", "3"});
  WsClient a(router.port(), "ann"), b(router.port(), "ann");
  a.read_until("hello");
  b.read_until("hello");
  EXPECT_EQ(WsClient(router.port(), "ann").status(), 429);
  WsClient c(router.port(), "bob");
  c.read_until("hello");
  EXPECT_EQ(WsClient(router.port(), "eve").status(), 503);
  a.close();
  a.read_close();
  EXPECT_EQ(router.metric_becomes("netra_connections", 2), 2);
}

TEST(AdmissionLimits, ASlowHandshakeIsCutOff) {
  Router router({"--handshake-timeout", "300ms"});
  RawSocket silent(router.port()), dribbling(router.port());
  dribbling.send("GET /ws HTTP/1.1\r\nHost: ");
  EXPECT_EQ(silent.read_some(), "");
  EXPECT_FALSE(silent.timed_out());
  EXPECT_EQ(dribbling.read_to_end(), "");
  EXPECT_FALSE(dribbling.timed_out());
}

TEST(Tokens, AreVerifiedInEveryPart) {
  std::string token = server::sign_token(UserId("ann"), 1000, kSecret);
  auto verified = server::verify_token(token, kSecret, 999);
  ASSERT_TRUE(std::holds_alternative<server::Claims>(verified));
  EXPECT_EQ(std::get<server::Claims>(verified).user, UserId("ann"));
  EXPECT_EQ(std::get<server::TokenProblem>(server::verify_token(token, kSecret, 1000)), server::TokenProblem::expired);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(std::holds_alternative<server::TokenProblem>(server::verify_token(changed, kSecret, 999))) << i;
  }
}

} // namespace
} // namespace netra::test
