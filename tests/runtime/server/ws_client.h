// ws_client.h - a WebSocket client of our own, over bare sockets: it can do everything right, and everything wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace netra::test {

/// A TCP connection to the loopback. Reads give up after half a minute: a test that hangs is a test that fails.
class RawSocket {
public:
  /// \param receive_buffer 0 for the system's default; a small one makes a slow reader.
  explicit RawSocket(std::uint16_t port, bool tls = false, int receive_buffer = 0);
  RawSocket(const RawSocket &) = delete;
  RawSocket &operator=(const RawSocket &) = delete;
  ~RawSocket();

  /// \returns false when the other end has gone.
  bool send(std::string_view bytes);
  /// \returns at least one byte, or nothing at the end (or after the time-out).
  std::string read_some();
  std::string read_to_end();
  /// Ends the connection with a reset, as a killed process without a kernel would not, but a broken network does.
  void reset();
  int descriptor() const { return descriptor_; }
  /// The last read ended because nothing came in time.
  bool timed_out() const { return timed_out_; }

private:
  int descriptor_;
  bool timed_out_ = false;
  ssl_ctx_st *context_ = nullptr;
  ssl_st *tls_ = nullptr;
};

enum Opcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

struct WsFrame {
  bool fin;
  std::uint8_t opcode;
  std::string payload;
};

struct WsOptions {
  std::string token = {};
  std::string target = "/ws";
  /// More header lines, each with its line end.
  std::string headers = {};
  std::string key = "dGhlIHNhbXBsZSBub25jZQ==";
  std::string version = "13";
  bool tls = false;
  int receive_buffer = 0;
  /// The token as a sub-protocol instead of a header.
  bool token_as_protocol = false;
};

class WsClient {
public:
  WsClient(std::uint16_t port, const WsOptions &options);
  /// As the user, with a valid token.
  WsClient(std::uint16_t port, const std::string &user, const std::string &target = "/ws");

  /// The status of the answer to the upgrade; 101 is success.
  int status() const { return status_; }
  const std::string &answer() const { return answer_; }

  /// One frame; everything about it can be wrong.
  bool send_frame(std::uint8_t opcode, std::string_view payload, bool fin = true, bool masked = true,
                  std::uint8_t reserved = 0);
  bool send_text(std::string_view text) { return send_frame(kText, text); }
  bool send_json(const nlohmann::json &json) { return send_text(json.dump()); }
  /// Starts a run of the echo agent.
  bool say(const std::string &thread, const std::string &text);

  /// \returns the next frame, nothing at the end of the connection.
  std::optional<WsFrame> read_frame();
  /// \returns the next text message; pings are answered on the way.
  std::optional<nlohmann::json> read_message();
  /// Reads on until a message of the type has come. \returns it.
  std::optional<nlohmann::json> read_until(const std::string &type);
  /// Reads on to the close frame. \returns its code, 1005 when it has none, 0 when the connection ended without one.
  int read_close();
  /// Does what a polite client does.
  bool close(std::uint16_t code = 1000);

  RawSocket &socket() { return *socket_; }

private:
  bool fill(std::size_t size);

  std::unique_ptr<RawSocket> socket_;
  std::string answer_;
  std::string buffer_;
  int status_ = 0;
};

/// A close frame's payload.
std::string close_payload(std::uint16_t code, std::string_view reason = {});

} // namespace netra::test
