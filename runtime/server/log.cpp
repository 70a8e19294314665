#include "log.h"

#include "netra/websocket_core/types.h"

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace netra::server {

namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
  case LogLevel::debug:
    return spdlog::level::debug;
  case LogLevel::info:
    return spdlog::level::info;
  case LogLevel::warning:
    return spdlog::level::warn;
  case LogLevel::error:
    return spdlog::level::err;
  case LogLevel::off:
    return spdlog::level::off;
  }
  return spdlog::level::off;
}

} // namespace

struct Log::State {
  spdlog::logger logger{"netra", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

Log::Log(LogLevel level) : state_(std::make_unique<State>()) {
  state_->logger.set_pattern("%v");
  state_->logger.set_level(level_of(level));
}
Log::~Log() = default;

bool Log::enabled(LogLevel level) const noexcept { return state_->logger.should_log(level_of(level)); }

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!enabled(level))
    return;
  auto name = spdlog::level::to_string_view(level_of(level));
  nlohmann::ordered_json line = {{"time", to_iso8601(std::chrono::system_clock::now())},
                                 {"level", std::string(name.data(), name.size())},
                                 {"event", std::string(event)}};
  for (const LogField &field : fields) {
    if (field.is_number)
      line[std::string(field.key)] = field.number;
    else
      line[std::string(field.key)] = std::string(field.text);
  }
  state_->logger.log(level_of(level), line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

} // namespace netra::server
