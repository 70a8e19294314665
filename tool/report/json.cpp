// The report for programs: `ssot-report/1`.
#include "report/json_list.h"
#include "report/report.h"
#include "report/words.h"

#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

/// A figure without sites is no figure.
Json percent(const Share &share) { return share.empty() ? Json() : Json(share.percent()); }

Json compliance(const Result &result) {
  return {{"ssot", percent(result.ssot)},
          {"architecture", percent(result.architecture)},
          {"sites", result.ssot.whole},
          {"compliant", result.ssot.part},
          {"files", result.architecture.whole},
          {"clean_files", result.architecture.part},
          {"coverage", percent(result.coverage.share())},
          {"complete", result.coverage.complete()}};
}

Json gate(const Result &result) {
  return {{"passed", result.gatePassed},
          {"min_compliance", result.minCompliance ? Json(*result.minCompliance) : Json()},
          {"violations", result.violations},
          {"reaches_minimum", result.reachesMinimum}};
}

Json rule(const RuleResult &rule) {
  return {{"id", rule.id},
          {"kind", rule.kind},
          {"severity", wordFor(rule.severity).str()},
          {"compliance", percent(rule.compliance)},
          {"sites", rule.compliance.whole},
          {"compliant", rule.compliance.part}};
}

Json related(const Finding::Related &related) {
  Json json{{"message", related.message}};
  if (related.place) {
    json["file"] = related.file;
    json["line"] = related.place->line;
    json["column"] = related.place->column;
  }
  return json;
}

Json finding(const Finding &finding) {
  Json json{{"rule", finding.rule},
            {"kind", finding.kind},
            {"severity", wordFor(finding.severity).str()},
            {"state", wordFor(finding.state).str()},
            {"file", finding.file},
            {"line", finding.place.line},
            {"column", finding.place.column},
            {"end_line", finding.place.endLine},
            {"end_column", finding.place.endColumn},
            {"symbol", finding.symbol},
            {"role", wordFor(finding.role).str()},
            {"canonical", finding.canonical},
            {"similarity", finding.similarity ? Json(*finding.similarity) : Json()},
            {"message", finding.message},
            {"fixable", finding.fixable},
            {"fingerprint", finding.fingerprint}};
  if (!finding.identity.empty())
    json["identity"] = finding.identity;
  if (!finding.reason.empty())
    json["reason"] = finding.reason;
  if (!finding.owners.empty())
    json["owners"] = finding.owners;
  Json notes = Json::array();
  for (const Finding::Related &note : finding.related)
    notes.push_back(related(note));
  json["notes"] = std::move(notes);
  return json;
}

Json adapter(const Adapter &adapter) {
  return {{"symbol", adapter.symbol}, {"canonical", adapter.canonical}, {"file", adapter.file}, {"line", adapter.line}};
}

Json failure(const FailedUnit &unit) { return {{"file", unit.file}, {"error", unit.error}}; }

Json aside(const AsideEntry &entry) {
  return {{"rule", entry.rule},
          {"file", entry.file},
          {"line", entry.aside.place.line},
          {"column", entry.aside.place.column},
          {"symbol", entry.aside.symbol},
          {"role", wordFor(entry.aside.role).str()},
          {"reason", entry.aside.reason}};
}

/// What is no site (test doubles, declarations), or the mentions that could not be judged.
Json asides(const Result &result, bool unjudged) {
  Json json = Json::array();
  for (const AsideEntry &entry : result.asides)
    if (entry.aside.unjudged == unjudged)
      json.push_back(aside(entry));
  return json;
}

Json difference(const DriftPoint &difference, const Result &result) {
  Json json{{"kind", wordFor(difference.kind).str()}, {"decides", difference.decides}, {"message", difference.text}};
  auto place = [&](const char *side, const std::optional<Place> &where) {
    if (where)
      json[side] = {{"file", result.files[where->file]}, {"line", where->line}, {"column", where->column}};
  };
  place("at_canonical", difference.canonical);
  place("at_duplicate", difference.duplicate);
  return json;
}

Json drift(const DriftEntry &entry, const Result &result) {
  Json methods = Json::array();
  for (const MethodDrift &row : entry.drift.methods) {
    Json differences = Json::array();
    for (const DriftPoint &each : row.differences)
      differences.push_back(difference(each, result));
    methods.push_back({{"canonical", row.canonical}, {"duplicate", row.duplicate}, {"differences", differences}});
  }
  return {{"rule", entry.rule},
          {"symbol", entry.drift.symbol},
          {"canonical", entry.drift.canonical},
          {"file", entry.file},
          {"line", entry.drift.place.line},
          {"column", entry.drift.place.column},
          {"verdict", wordFor(entry.drift.verdict).str()},
          {"reason", entry.drift.reason},
          {"methods", methods}};
}

Json units(const UnitCounts &counts) {
  return {{"total", counts.total},
          {"parsed", counts.parsed},
          {"cached", counts.cached},
          {"skipped", counts.skipped},
          {"failed", listOf(counts.failed, failure)}};
}

Json coverage(const Coverage &coverage) {
  Share share = coverage.share();
  return {{"analysed", share.part},
          {"total", share.whole},
          {"headers", coverage.headers},
          {"unreached_headers", coverage.unreachedHeaders},
          {"orphan_sources", coverage.orphanSources},
          {"unreadable", listOf(coverage.unreadable, failure)}};
}

} // namespace

void writeJson(const ReportInput &input, llvm::raw_ostream &out) {
  const Result &result = input.result;
  Json report{{"schema", "ssot-report/1"},
              {"tool", {{"name", "ssot"}, {"version", input.version}}},
              {"compliance", compliance(result)},
              {"gate", gate(result)},
              {"rules", listOf(result.rules, rule)},
              {"findings", listOf(result.findings, finding)},
              {"adapters", listOf(result.adapters, adapter)},
              {"units", units(result.coverage.units)},
              {"coverage", coverage(result.coverage)},
              {"asides", asides(result, /*unjudged=*/false)},
              {"unjudged", asides(result, /*unjudged=*/true)},
              {"drift", listOf(result.drifts, [&](const DriftEntry &entry) { return drift(entry, result); })}};
  if (result.baseline)
    report["baseline"] = {{"entries", result.baseline->entries},
                          {"matched", result.baseline->matched},
                          {"unmatched", result.baseline->unmatched}};
  out << report.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
