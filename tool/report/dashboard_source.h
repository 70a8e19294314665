// report/dashboard_source.h - the lines of source that the dashboard quotes, each once, and the edits that it shows.
//
// A page of 50,000 findings must stay small enough to be sent and opened: lines are cut, long ranges are shown from
// their beginning, and when the budget is spent the other findings go without (the page says so).
#pragma once

#include "report/fixes.h"
#include "report/source_lines.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace ssot {

class DashboardSource {
public:
  explicit DashboardSource(const ReportInput &input) : Input(input), Lines(input), Fixes(input.fixes) {}

  /// UTF-16 columns (0-based, end exclusive) of the lines as they are shown.
  struct Marks {
    std::size_t begin = 0, end = 0;
    bool known = false;
  };
  /// Takes the lines around a finding in, as long as the budget lasts.
  Marks quote(const Finding &finding);
  /// The lines that the planned edits of a finding change, each with its number: [[line, before, after], ...]; null
  /// when there are none or nothing may be quoted.
  nlohmann::ordered_json edit(const Finding &finding);

  /// {name: {line: text}} of all that was taken in. \param nameOf the name under which the page knows a file.
  nlohmann::ordered_json quoted(llvm::function_ref<std::string(const std::string &)> nameOf) const;
  std::size_t left() const { return Left; } ///< findings whose lines were not taken in, for the budget

private:
  bool takeLine(const std::string &file, std::uint32_t number);
  std::string lineOf(const std::string &file, std::uint32_t number);
  std::size_t columnOf(const std::string &file, std::uint32_t line, std::uint32_t byteColumn);

  const ReportInput &Input;
  SourceLines Lines;
  FixesByFinding Fixes;
  std::map<std::string, std::map<std::uint32_t, std::string>> Quoted;
  std::size_t Bytes = 0;
  std::size_t Left = 0;
};

} // namespace ssot
