#include "netra/websocket_core/json.h"

#include <nlohmann/json.hpp>

namespace netra {

namespace {

const nlohmann::json &empty_object() {
  static const nlohmann::json empty = nlohmann::json::object();
  return empty;
}

/// Builds a value and gives up as soon as it nests too deep, so that a bomb costs no more than its text.
class BoundedReader : public nlohmann::detail::json_sax_dom_parser<nlohmann::json> {
  using Base = nlohmann::detail::json_sax_dom_parser<nlohmann::json>;

public:
  BoundedReader(nlohmann::json &result, std::size_t max_depth) : Base(result, false), max_depth_(max_depth) {}

  bool start_object(std::size_t elements) { return ++depth_ <= max_depth_ && Base::start_object(elements); }
  bool end_object() { return --depth_, Base::end_object(); }
  bool start_array(std::size_t elements) { return ++depth_ <= max_depth_ && Base::start_array(elements); }
  bool end_array() { return --depth_, Base::end_array(); }

private:
  std::size_t max_depth_;
  std::size_t depth_ = 0;
};

/// \returns the value as an object, an empty one when it was something else.
nlohmann::json &object_in(nlohmann::json &value) {
  if (!value.is_object())
    value = nlohmann::json::object();
  return value;
}

} // namespace

Json::Json(const nlohmann::json &value) : value_(std::make_shared<nlohmann::json>(value)) {}
Json::Json(nlohmann::json &&value) : value_(std::make_shared<nlohmann::json>(std::move(value))) {}

std::optional<Json> Json::parse(std::string_view text, std::size_t max_depth) {
  nlohmann::json value;
  BoundedReader reader(value, max_depth);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &reader))
    return std::nullopt;
  return Json(std::move(value));
}

Json &Json::set(std::string_view key, std::string_view value) {
  object_in(edit())[std::string(key)] = std::string(value);
  return *this;
}

Json &Json::set(std::string_view key, const Json &value) {
  nlohmann::json member = value.value(); // a copy first: `value` may be this object
  object_in(edit())[std::string(key)] = std::move(member);
  return *this;
}

Json &Json::set_bool(std::string_view key, bool value) {
  object_in(edit())[std::string(key)] = value;
  return *this;
}

Json &Json::set_integer(std::string_view key, std::int64_t value) {
  object_in(edit())[std::string(key)] = value;
  return *this;
}

Json &Json::set_real(std::string_view key, double value) {
  object_in(edit())[std::string(key)] = value;
  return *this;
}

bool Json::contains(std::string_view key) const { return value().is_object() && value().contains(key); }

std::optional<std::string> Json::get_string(std::string_view key) const {
  if (!contains(key))
    return std::nullopt;
  const nlohmann::json &member = value().at(std::string(key));
  if (!member.is_string())
    return std::nullopt;
  return member.get<std::string>();
}

std::optional<std::int64_t> Json::get_integer(std::string_view key) const {
  if (!contains(key))
    return std::nullopt;
  const nlohmann::json &member = value().at(std::string(key));
  if (!member.is_number_integer())
    return std::nullopt;
  return member.get<std::int64_t>();
}

Json Json::get(std::string_view key) const { return contains(key) ? Json(value().at(std::string(key))) : Json(); }

std::string Json::dump() const {
  return value_ ? value_->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) : std::string("{}");
}

const nlohmann::json &Json::value() const { return value_ ? *value_ : empty_object(); }

nlohmann::json &Json::edit() {
  if (!value_)
    value_ = std::make_shared<nlohmann::json>(nlohmann::json::object());
  else if (value_.use_count() > 1)
    value_ = std::make_shared<nlohmann::json>(*value_);
  else
    // The last other owner may have been a thread that only just let go: counting up and down makes what it read happen
    // before our change.
    std::shared_ptr<nlohmann::json>(value_).reset();
  return *value_;
}

bool operator==(const Json &left, const Json &right) {
  return left.value_ == right.value_ || left.value() == right.value();
}

} // namespace netra
