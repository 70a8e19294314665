// report/json_list.h - a list of the report's as a JSON array, for the formats that are JSON.
#pragma once

#include <nlohmann/json.hpp>

namespace ssot {

/// \returns what \p function makes of each element, in order.
template <typename List, typename Function>
nlohmann::ordered_json listOf(const List &list, Function function) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const auto &element : list)
    json.push_back(function(element));
  return json;
}

} // namespace ssot
