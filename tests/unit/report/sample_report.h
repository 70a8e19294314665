// unit/report/sample_report.h - a result put together by hand, for the tests of all formats.
#pragma once

#include "report/report.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot::test {

inline constexpr char kSource[] = "namespace app {\n"
                                  "class OtherRouter {\n"
                                  "\tint näme(int x);\n"
                                  "};\n"
                                  "} // namespace app\n";

inline Place at(std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  Place place;
  place.line = place.endLine = line;
  place.column = column;
  place.endColumn = column + length;
  return place;
}

/// A result put together by hand, and the reports of it.
struct Report {
  Config config;
  Result result;
  std::map<std::string, std::string> sources{{"src/a.cpp", kSource}};
  bool showSuppressed = false;
  bool allowIncomplete = false;
  bool snippets = true;
  std::vector<Fix> fixes;

  Report() {
    rule("one-router", "single-class", Share{1, 2}, "One router routes all messages.");
    result.ssot = {1, 2};
    result.architecture = {1, 2};
    result.coverage.units.total = result.coverage.units.parsed = 2;
    result.coverage.headers = 1;
    result.gatePassed = true;
  }
  void rule(const std::string &id, const std::string &kind, Share share, const std::string &description = "",
            Severity severity = Severity::Error) {
    Rule rule;
    rule.id = id;
    rule.kind = kind;
    rule.description = description;
    config.rules.push_back(rule);
    result.rules.push_back({id, kind, severity, share});
  }
  Finding &finding(const Place &place, const std::string &message) {
    Finding finding;
    finding.rule = "one-router";
    finding.kind = "single-class";
    finding.file = "src/a.cpp";
    finding.place = place;
    finding.role = Role::Implementation;
    finding.symbol = "app::OtherRouter";
    finding.canonical = "app::Router";
    finding.message = message;
    finding.fingerprint = "00112233445566aa";
    result.findings.push_back(finding);
    result.gatePassed = false;
    result.violations = result.findings.size();
    return result.findings.back();
  }
  std::string write(llvm::function_ref<void(const ReportInput &, llvm::raw_ostream &)> writer) const {
    auto source = [&](llvm::StringRef file) -> std::optional<std::string> {
      auto known = sources.find(file.str());
      return known == sources.end() ? std::nullopt : std::optional<std::string>(known->second);
    };
    ReportInput input{config, result, "1.2.3", source, showSuppressed, allowIncomplete, snippets, fixes};
    std::string text;
    llvm::raw_string_ostream out(text);
    writer(input, out);
    return text;
  }
  std::string text(bool color = false, unsigned width = 100) const {
    return write(
        [&](const ReportInput &input, llvm::raw_ostream &out) { writeText(input, TextStyle{color, width}, out); });
  }
  std::string jsonText() const {
    return write([](const ReportInput &input, llvm::raw_ostream &out) { writeJson(input, out); });
  }
  nlohmann::json json() const { return nlohmann::json::parse(jsonText(), nullptr, /*allow_exceptions=*/false); }
};

} // namespace ssot::test
