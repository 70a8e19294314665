// SARIF 2.1.0, as GitHub's code scanning, editors and other consumers read it.
//
// GitHub asks for more than the standard: a rule with short, full and help text for each result, four region fields, a
// fingerprint, 25,000 results at most. Nothing depends on the machine: paths are relative to %SRCROOT%, no time is
// told.
#include "report/fixes.h"
#include "report/markup.h"
#include "report/report.h"
#include "report/rule_help.h"
#include "report/selection.h"
#include "report/source_lines.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <nlohmann/json.hpp>

#include <map>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostResults = 25000;
constexpr std::size_t kLongestSnippet = 2000; ///< bytes; longer ranges are left to the file
constexpr char kRoot[] = "%SRCROOT%";
constexpr char kNotAnalysed[] = "ssot.not-analysed";
constexpr char kCut[] = "ssot.results-cut";

llvm::StringRef problemSeverity(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "recommendation";
}

/// "one-router" -> "OneRouter".
std::string friendlyName(llvm::StringRef id) {
  std::string name;
  bool starts = true;
  for (char c : id) {
    if (llvm::isAlnum(c))
      name += starts ? llvm::toUpper(c) : c;
    starts = !llvm::isAlnum(c);
  }
  return name;
}

/// Text in which "[a](b)" is no link: viewers make links of it.
std::string message(llvm::StringRef text) {
  std::string shown = escaped(text);
  if (!llvm::StringRef(shown).contains("]("))
    return shown;
  std::string result;
  for (char c : shown) {
    if (c == '[' || c == ']' || c == '\\')
      result += '\\';
    result += c;
  }
  return result;
}

class SarifReport {
public:
  explicit SarifReport(const ReportInput &input)
      : Input(input), Outcome(input.result), Lines(input), Fixes(input.fixes) {}

  Json log() {
    std::vector<const Finding *> shown = worstFirst(Input, Outcome.compared ? Baselined::Too : Baselined::OnRequest);
    Listed = std::min(shown.size(), kMostResults);
    std::vector<const Finding *> listed(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(Listed));
    Json rules = descriptors(listed);
    Json results = Json::array();
    for (const Finding *finding : listed)
      results.push_back(result(*finding));
    Json run{{"tool",
              {{"driver",
                {{"name", "ssot"},
                 {"semanticVersion", Input.version},
                 {"rules", std::move(rules)},
                 {"notifications", notifications()}}}}},
             {"invocations", Json::array({invocation(shown.size())})},
             {"originalUriBaseIds", {{kRoot, {{"description", {{"text", "The root of the project."}}}}}}},
             {"columnKind", "utf16CodeUnits"},
             {"results", std::move(results)},
             {"properties", figures(shown.size())}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
  }

private:
  // --- rules ---

  Json descriptor(const std::string &id, const RuleHelp &help, Severity severity, llvm::StringRef kind) {
    RuleIndex[id] = RuleIndex.size();
    Json json{{"id", id},
              {"shortDescription", {{"text", help.brief}}},
              {"fullDescription", {{"text", help.full}}},
              {"help", {{"text", help.text}, {"markdown", help.markdown}}},
              {"defaultConfiguration", {{"level", wordFor(severity).str()}}},
              {"properties",
               {{"tags", Json::array({"ssot", kind.str()})}, {"problem.severity", problemSeverity(severity).str()}}}};
    // A name that is the id over again says nothing, and validators complain.
    if (std::string name = friendlyName(id); !llvm::StringRef(name).equals_insensitive(id))
      json["name"] = std::move(name);
    return json;
  }

  /// Every rule in force, found or not; then what the gate itself found.
  Json descriptors(llvm::ArrayRef<const Finding *> listed) {
    Json rules = Json::array();
    for (const RuleResult &rule : Outcome.rules) {
      auto known = llvm::find_if(Input.config.rules, [&](const Rule &candidate) { return candidate.id == rule.id; });
      if (known != Input.config.rules.end())
        rules.push_back(descriptor(rule.id, helpFor(*known), rule.severity, rule.kind));
    }
    std::map<std::string, const Finding *> others;
    for (const Finding *finding : listed)
      if (std::string name = checkName(*finding); !RuleIndex.count(name))
        others.emplace(name, finding);
    for (const auto &[name, finding] : others)
      rules.push_back(descriptor(name, helpForGateKind(finding->kind), finding->severity, finding->kind));
    return rules;
  }

  // --- results ---

  static Json artifact(llvm::StringRef file) { return {{"uri", uriPath(file)}, {"uriBaseId", kRoot}}; }

  static Json regionJson(const SourceLines::Region &region) {
    return {{"startLine", region.line},
            {"startColumn", region.column},
            {"endLine", region.endLine},
            {"endColumn", region.endColumn}};
  }

  Json location(const std::string &file, const Place &place, bool quote) {
    Json region = regionJson(Lines.regionOf(file, place));
    if (quote && Input.snippets)
      if (std::optional<std::string> text = snippet(file, place))
        region["snippet"] = {{"text", *text}};
    return {{"physicalLocation", {{"artifactLocation", artifact(file)}, {"region", std::move(region)}}}};
  }

  std::optional<std::string> snippet(const std::string &file, const Place &place) {
    const std::optional<std::string> &text = Lines.textOf(file);
    if (!text || place.end <= place.begin || place.end > text->size() || place.end - place.begin > kLongestSnippet)
      return std::nullopt;
    return text->substr(place.begin, place.end - place.begin);
  }

  Json result(const Finding &finding) {
    std::string name = checkName(finding);
    Json primary = location(finding.file, finding.place, /*quote=*/true);
    if (!finding.symbol.empty())
      primary["logicalLocations"] = Json::array({{{"fullyQualifiedName", escaped(finding.symbol)}}});
    Json json{{"ruleId", name},
              {"ruleIndex", RuleIndex[name]},
              {"level", wordFor(finding.severity).str()},
              {"message", {{"text", message(finding.message)}}},
              {"locations", Json::array({std::move(primary)})},
              // GitHub knows an alert again by this one. The ordinal is part of our fingerprint already.
              {"partialFingerprints",
               {{"primaryLocationLineHash", finding.fingerprint + ":1"}, {"ssotFingerprint/v1", finding.fingerprint}}}};
    addRelated(finding, json);
    addState(finding, json);
    addFix(finding, json);
    Json properties{{"rule", finding.rule}, {"kind", finding.kind}, {"fixable", finding.fixable}};
    if (!finding.canonical.empty())
      properties["canonical"] = escaped(finding.canonical);
    if (finding.similarity)
      properties["similarity"] = *finding.similarity;
    json["properties"] = std::move(properties);
    return json;
  }

  /// The notes of an order of events are the steps of the way on which it breaks.
  static Json codeFlow(const Json &steps) {
    Json locations = Json::array();
    for (Json step : steps) {
      step.erase("id");
      locations.push_back({{"location", std::move(step)}});
    }
    return {{"threadFlows", Json::array({{{"locations", std::move(locations)}}})}};
  }

  /// Notes with a place are related locations; the others go to the message.
  void addRelated(const Finding &finding, Json &json) {
    Json related = Json::array();
    std::string text = json["message"]["text"];
    for (const Finding::Related &note : finding.related) {
      if (!note.place) {
        text += "; " + message(note.message);
        continue;
      }
      Json place = location(note.file, *note.place, /*quote=*/false);
      place["id"] = related.size() + 1;
      place["message"] = {{"text", message(note.message)}};
      related.push_back(std::move(place));
    }
    json["message"]["text"] = std::move(text);
    if (!related.empty() && finding.kind == "event-order")
      json["codeFlows"] = Json::array({codeFlow(related)});
    if (!related.empty())
      json["relatedLocations"] = std::move(related);
  }

  void addState(const Finding &finding, Json &json) const {
    if (Outcome.compared)
      json["baselineState"] = finding.state == FindingState::Baseline ? "unchanged" : "new";
    if (finding.state == FindingState::Suppressed || finding.state == FindingState::Allowed)
      json["suppressions"] =
          Json::array({{{"kind", finding.state == FindingState::Suppressed ? "inSource" : "external"},
                        {"status", "accepted"},
                        {"justification", escaped(finding.reason)}}});
  }

  void addFix(const Finding &finding, Json &json) {
    Json replacements = Json::array();
    for (const Fix *fix : Fixes.of(finding)) {
      std::optional<SourceLines::Region> region = Lines.regionOf(fix->file, fix->begin, fix->end);
      if (!region)
        return;
      replacements.push_back({{"deletedRegion", regionJson(*region)}, {"insertedContent", {{"text", fix->text}}}});
    }
    if (!replacements.empty())
      json["fixes"] = Json::array(
          {{{"description", {{"text", "As `ssot migrate` plans it; `ssot migrate` proves it before it writes."}}},
            {"artifactChanges", Json::array({{{"artifactLocation", artifact(finding.file)},
                                              {"replacements", std::move(replacements)}}})}}});
  }

  // --- the run ---

  static Json notifications() {
    auto descriptor = [](const char *id, const char *name, const char *text) -> Json {
      return {{"id", id},
              {"name", name},
              {"shortDescription", {{"text", text}}},
              {"fullDescription", {{"text", text}}},
              {"help", {{"text", text}}}};
    };
    return Json::array({descriptor(kNotAnalysed, "NotAnalysed", "Something could not be analysed."),
                        descriptor(kCut, "ResultsCut", "Not all findings are listed.")});
  }

  Json notAnalysed(const FailedUnit &failure) const {
    return {{"level", Input.allowIncomplete ? "warning" : "error"},
            {"descriptor", {{"id", kNotAnalysed}, {"index", 0}}},
            {"message", {{"text", message(failure.file + ": " + failure.error)}}}};
  }

  Json invocation(std::size_t shown) {
    Json notes = Json::array();
    for (const FailedUnit &unit : Outcome.coverage.units.failed) {
      Json note = notAnalysed(unit);
      note["locations"] = Json::array({{{"physicalLocation", {{"artifactLocation", artifact(unit.file)}}}}});
      notes.push_back(std::move(note));
    }
    for (const FailedUnit &file : Outcome.coverage.unreadable)
      notes.push_back(notAnalysed(file));
    if (shown > Listed)
      notes.push_back({{"level", "warning"},
                       {"descriptor", {{"id", kCut}, {"index", 1}}},
                       {"message",
                        {{"text", "The worst " + std::to_string(Listed) + " of " + std::to_string(shown) +
                                      " findings are listed; `--format json` has all of them."}}}});
    return {{"executionSuccessful", Outcome.coverage.complete() || Input.allowIncomplete},
            {"toolExecutionNotifications", std::move(notes)}};
  }

  static Json share(const Share &share) {
    return {{"percent", share.empty() ? Json() : Json(share.percent())}, {"part", share.part}, {"whole", share.whole}};
  }

  /// What each duplicate does otherwise than the canonical one, in a word and with the first reason.
  Json drifts() const {
    Json list = Json::array();
    for (const DriftEntry &entry : Outcome.drifts)
      list.push_back({{"rule", entry.rule},
                      {"symbol", escaped(entry.drift.symbol)},
                      {"canonical", escaped(entry.drift.canonical)},
                      {"verdict", wordFor(entry.drift.verdict).str()},
                      {"reason", escaped(entry.drift.reason)}});
    return list;
  }

  Json figures(std::size_t shown) const {
    return {{"ssotCompliance", share(Outcome.ssot)},
            {"architectureCompliance", share(Outcome.architecture)},
            {"coverage", share(Outcome.coverage.share())},
            {"complete", Outcome.coverage.complete()},
            {"gatePassed", Outcome.gatePassed},
            {"violations", Outcome.violations},
            {"findings", shown},
            {"findingsListed", Listed},
            {"drift", drifts()}};
  }

  const ReportInput &Input;
  const Result &Outcome;
  SourceLines Lines;
  std::size_t Listed = 0;
  std::map<std::string, std::size_t> RuleIndex;
  FixesByFinding Fixes;
};

} // namespace

void writeSarif(const ReportInput &input, llvm::raw_ostream &out) {
  out << SarifReport(input).log().dump(1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
