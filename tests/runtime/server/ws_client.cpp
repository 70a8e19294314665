#include "ws_client.h"

#include "router_process.h"

#include <arpa/inet.h>
#include <cerrno>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace netra::test {

namespace {

constexpr int kPatienceSeconds = 30;
constexpr std::uint8_t kMask[4] = {0x11, 0x22, 0x33, 0x44};

} // namespace

RawSocket::RawSocket(std::uint16_t port, bool tls, int receive_buffer)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  timeval patience = {kPatienceSeconds, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (receive_buffer > 0)
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor_, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  if (!tls)
    return;
  context_ = SSL_CTX_new(TLS_client_method());
  tls_ = SSL_new(context_);
  SSL_set_fd(tls_, descriptor_);
  if (SSL_connect(tls_) != 1)
    throw std::runtime_error("no TLS");
}

RawSocket::~RawSocket() {
  SSL_free(tls_);
  SSL_CTX_free(context_);
  ::close(descriptor_);
}

bool RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                        : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawSocket::read_some() {
  char buffer[16384];
  errno = 0;
  ssize_t size = tls_ ? SSL_read(tls_, buffer, sizeof buffer) : recv(descriptor_, buffer, sizeof buffer, 0);
  timed_out_ = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return size > 0 ? std::string(buffer, static_cast<std::size_t>(size)) : std::string();
}

std::string RawSocket::read_to_end() {
  std::string all;
  for (std::string part = read_some(); !part.empty(); part = read_some())
    all += part;
  return all;
}

void RawSocket::reset() {
  linger now = {1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(descriptor_);
  descriptor_ = -1;
}

WsClient::WsClient(std::uint16_t port, const std::string &user, const std::string &target)
    : WsClient(port, WsOptions{.token = Router::token(user), .target = target}) {}

WsClient::WsClient(std::uint16_t port, const WsOptions &options)
    : socket_(std::make_unique<RawSocket>(port, options.tls, options.receive_buffer)) {
  std::string request = "GET " + options.target + " HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + options.key +
                        "\r\nSec-WebSocket-Version: " + options.version + "\r\n";
  if (options.token_as_protocol)
    request += "Sec-WebSocket-Protocol: netra, jwt." + options.token + "\r\n";
  else if (!options.token.empty())
    request += "Authorization: Bearer " + options.token + "\r\n";
  socket_->send(request + options.headers + "\r\n");
  while (buffer_.find("\r\n\r\n") == std::string::npos) {
    std::string part = socket_->read_some();
    if (part.empty())
      return;
    buffer_ += part;
  }
  auto end = buffer_.find("\r\n\r\n") + 4;
  answer_ = buffer_.substr(0, end);
  buffer_.erase(0, end);
  if (answer_.size() > 12)
    status_ = std::atoi(answer_.c_str() + 9);
}

bool WsClient::send_frame(std::uint8_t opcode, std::string_view payload, bool fin, bool masked, std::uint8_t reserved) {
  std::string frame;
  frame += static_cast<char>((fin ? 0x80 : 0) | reserved << 4 | opcode);
  const std::uint8_t mask_bit = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    frame += static_cast<char>(mask_bit | payload.size());
  } else {
    const int width = payload.size() <= 0xffff ? 2 : 8;
    frame += static_cast<char>(mask_bit | (width == 2 ? 126 : 127));
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
      frame += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift);
  }
  if (masked)
    frame.append(reinterpret_cast<const char *>(kMask), 4);
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(payload[i] ^ (masked ? kMask[i % 4] : 0));
  return socket_->send(frame);
}

bool WsClient::say(const std::string &thread, const std::string &text) {
  return send_json({{"type", "user_message"}, {"thread_id", thread}, {"payload", {{"text", text}}}});
}

bool WsClient::fill(std::size_t size) {
  while (buffer_.size() < size) {
    std::string part = socket_->read_some();
    if (part.empty())
      return false;
    buffer_ += part;
  }
  return true;
}

std::optional<WsFrame> WsClient::read_frame() {
  if (!fill(2))
    return std::nullopt;
  auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(buffer_[i]); };
  std::size_t header = 2;
  std::uint64_t size = byte(1) & 0x7f;
  const std::size_t length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (length_bytes > 0) {
    header += length_bytes;
    if (!fill(header))
      return std::nullopt;
    size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
      size = size << 8 | byte(2 + i);
  }
  if (!fill(header + size))
    return std::nullopt;
  WsFrame frame{(byte(0) & 0x80) != 0, static_cast<std::uint8_t>(byte(0) & 0x0f), buffer_.substr(header, size)};
  buffer_.erase(0, header + size);
  return frame;
}

std::optional<nlohmann::json> WsClient::read_message() {
  while (std::optional<WsFrame> frame = read_frame()) {
    if (frame->opcode == kPing)
      send_frame(kPong, frame->payload);
    else if (frame->opcode == kText)
      return nlohmann::json::parse(frame->payload);
    else if (frame->opcode == kClose)
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<nlohmann::json> WsClient::read_until(const std::string &type) {
  while (std::optional<nlohmann::json> message = read_message())
    if (message->at("type") == type)
      return message;
  return std::nullopt;
}

int WsClient::read_close() {
  while (std::optional<WsFrame> frame = read_frame()) {
    if (frame->opcode == kPing)
      send_frame(kPong, frame->payload);
    if (frame->opcode != kClose)
      continue;
    if (frame->payload.size() < 2)
      return 1005;
    return static_cast<std::uint8_t>(frame->payload[0]) << 8 | static_cast<std::uint8_t>(frame->payload[1]);
  }
  return 0;
}

bool WsClient::close(std::uint16_t code) { return send_frame(kClose, close_payload(code)); }

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
  return payload += reason;
}

} // namespace netra::test
