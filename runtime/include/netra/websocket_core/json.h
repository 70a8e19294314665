// netra/websocket_core/json.h - a JSON object that is cheap to pass around.
//
// A message is copied to queues, histories and threads many times and changed rarely. `Json` shares its value and
// copies it on the first change, and it keeps the JSON library out of every header that only passes messages on: who
// looks inside includes <nlohmann/json.hpp>.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace netra {

class Json {
public:
  /// An empty object.
  Json() = default;
  Json(const nlohmann::json &value);
  Json(nlohmann::json &&value);

  /// Reads JSON text of at most `max_depth` nested arrays and objects.
  /// \returns nothing when the text is not JSON, is nested deeper, or is not valid UTF-8.
  static std::optional<Json> parse(std::string_view text, std::size_t max_depth = 64);

  /// Sets one member; the value becomes an object if it was none. \returns this, so calls can be chained.
  Json &set(std::string_view key, std::string_view value);
  Json &set(std::string_view key, const char *value) { return set(key, std::string_view(value)); }
  Json &set(std::string_view key, const std::string &value) { return set(key, std::string_view(value)); }
  Json &set(std::string_view key, const Json &value);
  template <std::integral Number>
  Json &set(std::string_view key, Number value) {
    if constexpr (std::same_as<Number, bool>)
      return set_bool(key, value);
    else
      return set_integer(key, static_cast<std::int64_t>(value));
  }
  template <std::floating_point Number>
  Json &set(std::string_view key, Number value) {
    return set_real(key, value);
  }

  bool contains(std::string_view key) const;

  /// \returns the member when there is one and it is text.
  std::optional<std::string> get_string(std::string_view key) const;
  /// \returns the member when there is one and it is a whole number.
  std::optional<std::int64_t> get_integer(std::string_view key) const;
  /// \returns the member, an empty object when there is none.
  Json get(std::string_view key) const;

  /// The JSON text, in one line. Text that is not UTF-8 is replaced, never an exception.
  std::string dump() const;

  /// The value itself, for those who include the JSON library.
  const nlohmann::json &value() const;
  /// The value to change; nobody who holds a copy sees the change.
  nlohmann::json &edit();

  friend bool operator==(const Json &left, const Json &right);

private:
  Json &set_bool(std::string_view key, bool value);
  Json &set_integer(std::string_view key, std::int64_t value);
  Json &set_real(std::string_view key, double value);

  /// Null stands for the empty object, so that a default `Json` allocates nothing.
  std::shared_ptr<nlohmann::json> value_;
};

} // namespace netra
