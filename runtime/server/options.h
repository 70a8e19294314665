// server/options.h - what can be set, on the command line (`--key value`) or in a YAML file (`key: value`): one table
// for both.
#pragma once

#include "log.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace netra::server {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string port_file;
  std::string token_secret;
  std::string tls_cert;
  std::string tls_key;
  std::string bus;
  bool echo_agent = false;
  bool demo = false;
  LogLevel log_level = LogLevel::info;

  /// 0: one less than there are cores, at least one.
  unsigned loops = 0;
  std::vector<std::string> allowed_origins;

  std::size_t max_message_bytes = 65536;
  std::size_t max_frame_bytes = 65536;
  std::size_t max_connections = 20000;
  std::size_t max_connections_per_user = 16;
  double max_messages_per_second = 100;
  std::size_t max_queue_bytes = 1048576;
  std::size_t max_queue_frames = 4096;
  std::chrono::milliseconds max_queue_time = std::chrono::seconds(10);
  std::chrono::milliseconds handshake_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
  std::chrono::milliseconds close_timeout = std::chrono::seconds(3);
  std::chrono::milliseconds drain_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds resume_window = std::chrono::minutes(2);
  std::size_t history_events = 256;
};

/// What the command line asks for: to serve, to print something and leave with 0, or it is wrong.
struct PrintAndLeave {
  std::string text;
};
struct UsageError {
  std::string text;
};

/// Reads the command line and the file that `--config` names; the command line wins.
std::variant<Options, PrintAndLeave, UsageError> read_options(const std::vector<std::string> &arguments);

} // namespace netra::server
