// server/log.h - structured logs: one JSON object a line on stderr.
//
// What a user wrote never goes into a log; identifiers and figures do.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace netra::server {

enum class LogLevel { debug, info, warning, error, off };

/// One field of a line.
struct LogField {
  LogField(std::string_view key, std::string_view value) : key(key), text(value) {}
  LogField(std::string_view key, const char *value) : key(key), text(value) {}
  LogField(std::string_view key, const std::string &value) : key(key), text(value) {}
  LogField(std::string_view key, std::int64_t value) : key(key), number(value), is_number(true) {}

  std::string_view key;
  std::string_view text = {};
  std::int64_t number = 0;
  bool is_number = false;
};

/// May be used from any thread.
class Log {
public:
  explicit Log(LogLevel level);
  Log(const Log &) = delete;
  Log &operator=(const Log &) = delete;
  ~Log();

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
  bool enabled(LogLevel level) const noexcept;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra::server
