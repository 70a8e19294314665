#include "options.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string_view>
#include <yaml-cpp/yaml.h>

namespace netra::server {

namespace {

/// What is wrong with a value, nothing when it was taken.
using Problem = std::optional<std::string>;
using Apply = std::function<Problem(Options &, const std::string &)>;

struct Setting {
  const char *key;
  /// Empty: a switch that takes no value on the command line.
  const char *value;
  const char *help;
  Apply apply;
};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

template <class Number>
Apply number(Number Options::*member, std::uint64_t least, std::uint64_t most) {
  return [=](Options &options, const std::string &text) -> Problem {
    std::optional<std::uint64_t> value = whole_number(text);
    if (!value || *value < least || *value > most)
      return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    options.*member = static_cast<Number>(*value);
    return std::nullopt;
  };
}

Apply duration(std::chrono::milliseconds Options::*member) {
  return [=](Options &options, const std::string &text) -> Problem {
    std::string_view digits = text;
    std::uint64_t unit = 0;
    if (digits.ends_with("ms"))
      unit = 1, digits.remove_suffix(2);
    else if (digits.ends_with("s"))
      unit = 1000, digits.remove_suffix(1);
    else if (digits.ends_with("m"))
      unit = 60000, digits.remove_suffix(1);
    std::optional<std::uint64_t> count = whole_number(digits);
    if (unit == 0 || !count || *count == 0 || *count > 1000000)
      return "a time such as 500ms, 30s or 2m";
    options.*member = std::chrono::milliseconds(*count * unit);
    return std::nullopt;
  };
}

Apply text(std::string Options::*member) {
  return [=](Options &options, const std::string &value) -> Problem {
    options.*member = value;
    return std::nullopt;
  };
}

Apply on_switch(bool Options::*member) {
  return [=](Options &options, const std::string &value) -> Problem {
    if (value != "true" && value != "false")
      return "true or false";
    options.*member = value == "true";
    return std::nullopt;
  };
}

Problem set_listen(Options &options, const std::string &value) {
  auto colon = value.rfind(':');
  std::optional<std::uint64_t> port =
      colon == std::string::npos ? std::nullopt : whole_number(std::string_view(value).substr(colon + 1));
  if (!port || *port > 65535 || colon == 0)
    return "HOST:PORT, such as 127.0.0.1:8080";
  options.host = value.substr(0, colon);
  if (options.host.starts_with('[') && options.host.ends_with(']'))
    options.host = options.host.substr(1, options.host.size() - 2);
  options.port = static_cast<std::uint16_t>(*port);
  return std::nullopt;
}

Problem set_secret(Options &options, const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return "a file that can be read";
  std::ostringstream content;
  content << file.rdbuf();
  options.token_secret = content.str();
  // The line end that an editor adds is not part of the key.
  for (char end : {'\n', '\r'})
    if (options.token_secret.ends_with(end))
      options.token_secret.pop_back();
  if (options.token_secret.empty())
    return "a file that holds a key";
  return std::nullopt;
}

Problem set_agent(Options &options, const std::string &value) {
  if (value != "echo" && value != "none")
    return "echo or none";
  options.echo_agent = value == "echo";
  return std::nullopt;
}

Problem set_log_level(Options &options, const std::string &value) {
  constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};
  auto name = std::find(std::begin(kNames), std::end(kNames), value);
  if (name == std::end(kNames))
    return "debug, info, warning, error or off";
  options.log_level = static_cast<LogLevel>(name - std::begin(kNames));
  return std::nullopt;
}

Problem add_origin(Options &options, const std::string &value) {
  options.allowed_origins.push_back(value);
  return std::nullopt;
}

Problem set_rate(Options &options, const std::string &value) {
  std::optional<std::uint64_t> rate = whole_number(value);
  if (!rate || *rate == 0 || *rate > 1000000000)
    return "a whole number from 1 to 1000000000";
  options.max_messages_per_second = static_cast<double>(*rate);
  return std::nullopt;
}

const std::vector<Setting> &settings() {
  constexpr std::uint64_t kGiB = 1 << 30;
  static const std::vector<Setting> all = {
      {"listen", "HOST:PORT", "where to listen; port 0 is any free one (default 127.0.0.1:0)", set_listen},
      {"port-file", "FILE", "gets the port as a bare number once the server is ready", text(&Options::port_file)},
      {"token-secret-file", "FILE", "the HS256 key of the tokens; required", set_secret},
      {"tls-cert", "FILE", "certificate chain (PEM); turns TLS on", text(&Options::tls_cert)},
      {"tls-key", "FILE", "private key (PEM)", text(&Options::tls_key)},
      {"bus", "URL", "NATS server that joins several nodes (nats://HOST:PORT)", text(&Options::bus)},
      {"agent", "echo|none", "what answers a user_message (default none)", set_agent},
      {"demo", "", "serve a demonstration page at /, with log-in as anybody: never in production",
       on_switch(&Options::demo)},
      {"log-level", "LEVEL", "debug, info, warning, error or off (default info)", set_log_level},
      {"loops", "N", "threads that serve connections; 0 is one less than there are cores (default)",
       number(&Options::loops, 0, 256)},
      {"allow-origin", "ORIGIN",
       "a browser origin that may connect, * for any; repeatable; the server's own may always", add_origin},
      {"max-message-bytes", "N", "longest message from a client (default 65536)",
       number(&Options::max_message_bytes, 1, kGiB)},
      {"max-frame-bytes", "N", "longest frame from a client (default 65536)",
       number(&Options::max_frame_bytes, 1, kGiB)},
      {"max-connections", "N", "connections in all (default 20000)", number(&Options::max_connections, 1, 10000000)},
      {"max-connections-per-user", "N", "connections of one user (default 16)",
       number(&Options::max_connections_per_user, 1, 1000000)},
      {"max-messages-per-second", "N", "messages from one connection (default 100)", set_rate},
      {"max-queue-bytes", "N", "bytes that may wait for one connection (default 1048576)",
       number(&Options::max_queue_bytes, 1, kGiB)},
      {"max-queue-frames", "N", "frames that may wait for one connection (default 4096)",
       number(&Options::max_queue_frames, 1, 1000000)},
      {"max-queue-time", "TIME", "how long a connection may take nothing of what waits (default 10s)",
       duration(&Options::max_queue_time)},
      {"handshake-timeout", "TIME", "from the connection to the end of the upgrade (default 10s)",
       duration(&Options::handshake_timeout)},
      {"idle-timeout", "TIME", "without a sign of life; pinged after half of it (default 60s)",
       duration(&Options::idle_timeout)},
      {"close-timeout", "TIME", "for a client to answer a close (default 3s)", duration(&Options::close_timeout)},
      {"drain-timeout", "TIME", "for queues to drain after SIGTERM (default 10s)", duration(&Options::drain_timeout)},
      {"resume-window", "TIME", "how long the history of a user without connections is kept (default 2m)",
       duration(&Options::resume_window)},
      {"history-events", "N", "events kept per user and priority class for resuming (default 256)",
       number(&Options::history_events, 0, 1000000)},
  };
  return all;
}

const Setting *find_setting(std::string_view key) {
  auto found =
      std::find_if(settings().begin(), settings().end(), [&](const Setting &setting) { return key == setting.key; });
  return found == settings().end() ? nullptr : &*found;
}

std::string help_text() {
  std::ostringstream text;
  text << "netra-router - routes WebSocket messages between users and agents\n\n"
          "usage: netra-router --listen HOST:PORT --token-secret-file FILE [options]\n\n";
  auto line = [&](std::string left, const char *help) {
    left.resize(std::max<std::size_t>(left.size() + 1, 36), ' ');
    text << "  " << left << help << "\n";
  };
  for (const Setting &setting : settings())
    line(std::string("--") + setting.key + (*setting.value ? " " : "") + setting.value, setting.help);
  line("--config FILE", "YAML with the same keys; the command line wins");
  line("--version", "print the version");
  line("--help", "print this");
  return text.str();
}

/// Applies one value. \returns the whole message when it is wrong.
Problem apply(Options &options, const std::string &where, const std::string &key, const std::string &value) {
  const Setting *setting = find_setting(key);
  if (!setting)
    return where + ": unknown setting '" + key + "'; see --help";
  if (Problem expected = setting->apply(options, value))
    return where + ": '" + key + "' needs " + *expected + ", not '" + value + "'";
  return std::nullopt;
}

Problem apply_node(Options &options, const std::string &where, const std::string &key, const YAML::Node &node) {
  if (node.IsScalar())
    return apply(options, where, key, node.Scalar());
  if (!node.IsSequence() || key != "allow-origin")
    return where + ": '" + key + "' needs one value";
  for (const YAML::Node &item : node)
    if (Problem problem = apply_node(options, where, key, item))
      return problem;
  return std::nullopt;
}

Problem read_config(Options &options, const std::string &path) {
  try {
    YAML::Node root = YAML::LoadFile(path);
    if (!root.IsMap())
      return path + ": must be a map of settings";
    for (const auto &entry : root) {
      std::string where = path + ":" + std::to_string(entry.first.Mark().line + 1);
      if (Problem problem = apply_node(options, where, entry.first.Scalar(), entry.second))
        return problem;
    }
    return std::nullopt;
  } catch (const YAML::BadFile &) {
    return path + ": cannot be read";
  } catch (const YAML::Exception &error) {
    return path + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg;
  }
}

Problem missing(const Options &options) {
  if (options.token_secret.empty())
    return "--token-secret-file is required";
  if (options.tls_cert.empty() != options.tls_key.empty())
    return "--tls-cert and --tls-key go together";
  return std::nullopt;
}

using KeyAndValue = std::pair<std::string, std::string>;

/// \returns the pairs on the command line, or what is wrong with it. `--key value` and `--key=value` are the same.
std::variant<std::vector<KeyAndValue>, std::string> split(const std::vector<std::string> &arguments) {
  std::vector<KeyAndValue> pairs;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with("--"))
      return "unexpected argument '" + arguments[i] + "'; see --help";
    std::string key = arguments[i].substr(2);
    if (auto equals = key.find('='); equals != std::string::npos) {
      pairs.emplace_back(key.substr(0, equals), key.substr(equals + 1));
      continue;
    }
    const Setting *setting = find_setting(key);
    if (key == "help" || key == "version" || (setting && !*setting->value))
      pairs.emplace_back(key, "true");
    else if (i + 1 < arguments.size())
      pairs.emplace_back(key, arguments[++i]);
    else
      return "--" + key + " needs a value";
  }
  return pairs;
}

} // namespace

std::variant<Options, PrintAndLeave, UsageError> read_options(const std::vector<std::string> &arguments) {
  auto split_arguments = split(arguments);
  if (auto *problem = std::get_if<std::string>(&split_arguments))
    return UsageError{*problem};
  const auto &pairs = std::get<std::vector<KeyAndValue>>(split_arguments);

  Options options;
  for (const auto &[key, value] : pairs) {
    if (key == "help")
      return PrintAndLeave{help_text()};
    if (key == "version")
      return PrintAndLeave{"netra-router 0.1.0\n"};
    if (key == "config")
      if (Problem problem = read_config(options, value))
        return UsageError{*problem};
  }
  for (const auto &[key, value] : pairs)
    if (key != "config")
      if (Problem problem = apply(options, "command line", key, value))
        return UsageError{*problem};
  if (Problem problem = missing(options))
    return UsageError{*problem};
  return options;
}

} // namespace netra::server
