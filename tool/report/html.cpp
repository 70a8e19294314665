// The dashboard: the page that the build bundled, with the data of one run in it.
//
// Data are JSON in a script element that is never run, with every character escaped that could end the element or the
// string. All words come out of the page as text nodes. Fifty thousand findings name the same files, symbols and
// messages again and again, so words are numbered and each stands in the page once.
#include "gate/breakdown.h"
#include "gate/burn_down.h"
#include "report/dashboard_page.h"
#include "report/dashboard_source.h"
#include "report/json_list.h"
#include "report/report.h"
#include "report/rule_help.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

/// Words by number.
class Words {
public:
  Words() { of(""); }
  std::size_t of(llvm::StringRef text) {
    std::string word = escaped(text);
    auto [known, isNew] = Numbers.try_emplace(word, Numbers.size());
    if (isNew)
      List.push_back(std::move(word));
    return known->second;
  }
  Json take() { return std::move(List); }

private:
  llvm::StringMap<std::size_t> Numbers;
  Json List = Json::array();
};

Json share(const Share &figure) {
  return {{"text", figure.text()},
          {"percent", figure.empty() ? Json() : Json(figure.percent())},
          {"part", figure.part},
          {"whole", figure.whole}};
}

Json figure(const char *id, const char *name, const char *of, const Share &value) {
  Json json{{"id", id}, {"name", name}, {"of", of}};
  json.update(share(value));
  return json;
}

Json tally(const Tally &entry) {
  return {{"name", escaped(entry.name)}, {"violations", entry.violations}, {"new", entry.fresh},
          {"clean", entry.files.part},   {"files", entry.files.whole},     {"text", entry.files.text()}};
}

Json failure(const FailedUnit *unit) { return {{"file", escaped(unit->file)}, {"error", escaped(unit->error)}}; }

llvm::StringRef wordFor(Forecast::Outlook kind) {
  switch (kind) {
  case Forecast::Outlook::Done:
    return "done";
  case Forecast::Outlook::TooFewData:
    return "too-few-data";
  case Forecast::Outlook::NotFalling:
    return "not-falling";
  case Forecast::Outlook::TooFar:
    return "too-far";
  case Forecast::Outlook::Dated:
    return "dated";
  }
  return "too-few-data";
}

Json burnDown(const char *group, const BurnDown &line) {
  Json points =
      listOf(line.points, [](const BurnDown::Point &point) { return Json::array({point.entry, point.remaining}); });
  const Forecast &forecast = line.forecast;
  return {{"group", group},
          {"name", escaped(line.name)},
          {"points", std::move(points)},
          {"forecast",
           {{"kind", wordFor(forecast.kind).str()},
            {"text", forecast.text},
            {"date", forecast.date},
            {"earliest", forecast.earliest},
            {"latest", forecast.latest}}}};
}

Json history(const History &history) {
  Json entries = listOf(history.entries, [](const HistoryEntry &entry) -> Json {
    return {{"commit", entry.commit},           {"date", entry.date},
            {"complete", entry.complete},       {"violations", entry.violations},
            {"ssot", share(entry.ssot)},        {"architecture", share(entry.architecture)},
            {"coverage", share(entry.coverage)}};
  });
  BurnDowns lines = burnDownsOf(history);
  Json burn = Json::array({burnDown("all", lines.all)});
  for (const BurnDown &line : lines.rules)
    burn.push_back(burnDown("rule", line));
  for (const BurnDown &line : lines.owners)
    burn.push_back(burnDown("owner", line));
  for (const BurnDown &line : lines.legacy)
    burn.push_back(burnDown("legacy", line));
  return {{"entries", std::move(entries)}, {"burnDown", std::move(burn)}};
}

class Dashboard {
public:
  explicit Dashboard(const ReportInput &input) : Input(input), Outcome(input.result), Source(input) {}

  Json data() {
    Breakdown where = breakdownOf(Outcome);
    Json rules = listOf(Outcome.rules, [&](const RuleResult &result) { return rule(result); });
    std::map<const Finding *, DashboardSource::Marks> marks;
    for (const Finding *finding : worstFirst(Input)) // the budget goes to the worst
      marks[finding] = Source.quote(*finding);
    Json findings = listOf(Outcome.findings, [&](const Finding &finding) {
      auto known = marks.find(&finding);
      return row(finding, known == marks.end() ? Source.quote(finding) : known->second);
    });
    Json aside = asides(/*unjudged=*/false), unjudged = asides(/*unjudged=*/true);
    Json drifts = listOf(Outcome.drifts, [&](const DriftEntry &entry) { return drift(entry); });
    Json sources = Source.quoted([&](const std::string &file) { return std::to_string(Names.of(file)); });
    return {{"schema", "ssot-dashboard/1"},
            {"version", Input.version},
            {"verdict", verdict(Input)},
            {"passed", Outcome.gatePassed && (Outcome.coverage.complete() || Input.allowIncomplete)},
            {"complete", Outcome.coverage.complete()},
            {"compared", Outcome.compared},
            {"snippets", Input.snippets},
            {"withoutExcerpt", Source.left()},
            {"figures", Json::array({figure("ssot", "SSOT compliance", "sites", Outcome.ssot),
                                     figure("architecture", "Architecture compliance", "files", Outcome.architecture),
                                     figure("coverage", "Coverage", "units and headers", Outcome.coverage.share())})},
            {"minCompliance", Outcome.minCompliance ? Json(shortNumber(*Outcome.minCompliance)) : Json()},
            {"rules", std::move(rules)},
            {"folders", listOf(where.folders, tally)},
            {"files", listOf(where.files, tally)},
            {"owners", listOf(where.owners, tally)},
            {"findings", std::move(findings)},
            {"drifts", std::move(drifts)},
            {"asides", std::move(aside)},
            {"unjudged", std::move(unjudged)},
            {"adapters", listOf(Outcome.adapters, [&](const Adapter &entry) { return adapter(entry); })},
            {"missing", whatIsMissing(Outcome.coverage)},
            {"failures", listOf(failures(Outcome.coverage), failure)},
            {"unreachedHeaders", listOf(Outcome.coverage.unreachedHeaders, [](const auto &x) { return escaped(x); })},
            {"orphanSources", listOf(Outcome.coverage.orphanSources, [](const auto &x) { return escaped(x); })},
            {"history", Input.history ? history(*Input.history) : Json()},
            {"sources", std::move(sources)},
            {"words", Names.take()}}; // last: everything above numbers words
  }

private:
  Json rule(const RuleResult &result) {
    Json json{{"id", result.id}, {"kind", result.kind}, {"severity", ssot::wordFor(result.severity).str()}};
    json.update(share(result.compliance));
    auto known = llvm::find_if(Input.config.rules, [&](const Rule &candidate) { return candidate.id == result.id; });
    if (known != Input.config.rules.end())
      json["help"] = escaped(helpFor(*known).full);
    return json;
  }

  /// The order of the fields is that of page's data.js.
  Json row(const Finding &finding, const DashboardSource::Marks &marks) {
    Json json = Json::array({Names.of(finding.rule), Names.of(finding.kind), static_cast<int>(finding.severity),
                             static_cast<int>(finding.state), Names.of(finding.file), finding.place.line,
                             finding.place.column, std::max(finding.place.line, finding.place.endLine),
                             Names.of(finding.symbol), Names.of(finding.canonical), Names.of(finding.message),
                             finding.fingerprint, Names.of(ownersText(finding)), Names.of(finding.reason),
                             finding.fixable ? 1 : 0, finding.similarity ? Json(*finding.similarity) : Json(0),
                             marks.known ? Json::array({marks.begin, marks.end}) : Json(0)});
    Json notes = listOf(finding.related, [&](const Finding::Related &note) {
      return Json::array({Names.of(note.file), note.place ? note.place->line : 0, Names.of(note.message)});
    });
    Json edit = Source.edit(finding);
    if (!notes.empty() || !edit.is_null())
      json.push_back({{"notes", std::move(notes)}, {"edit", std::move(edit)}});
    return json;
  }

  Json asides(bool unjudged) {
    Json json = Json::array();
    for (const AsideEntry &entry : Outcome.asides)
      if (entry.aside.unjudged == unjudged)
        json.push_back({{"rule", escaped(entry.rule)},
                        {"file", escaped(entry.file)},
                        {"line", entry.aside.place.line},
                        {"symbol", escaped(entry.aside.symbol)},
                        {"role", ssot::wordFor(entry.aside.role).str()},
                        {"reason", escaped(entry.aside.reason)}});
    return json;
  }

  static Json adapter(const Adapter &entry) {
    return {{"symbol", escaped(entry.symbol)},
            {"canonical", escaped(entry.canonical)},
            {"file", escaped(entry.file)},
            {"line", entry.line}};
  }

  Json drift(const DriftEntry &entry) {
    Json methods = listOf(entry.drift.methods, [&](const MethodDrift &method) -> Json {
      Json differences = listOf(method.differences, [&](const DriftPoint &point) -> Json {
        return {{"kind", ssot::wordFor(point.kind).str()},
                {"decides", point.decides},
                {"text", escaped(point.text)},
                {"atCanonical", where(point.canonical)},
                {"atDuplicate", where(point.duplicate)}};
      });
      return {{"canonical", escaped(method.canonical)},
              {"duplicate", escaped(method.duplicate)},
              {"differences", std::move(differences)}};
    });
    return {{"rule", escaped(entry.rule)},
            {"symbol", escaped(entry.drift.symbol)},
            {"canonical", escaped(entry.drift.canonical)},
            {"file", escaped(entry.file)},
            {"line", entry.drift.place.line},
            {"verdict", wordsFor(entry.drift.verdict).str()},
            {"reason", escaped(entry.drift.reason)},
            {"methods", std::move(methods)}};
  }

  Json where(const std::optional<Place> &place) const {
    return place ? Json(escaped(Outcome.files[place->file]) + ":" + std::to_string(place->line)) : Json();
  }

  const ReportInput &Input;
  const Result &Outcome;
  DashboardSource Source;
  Words Names;
};

/// \returns \p json so that no part of it ends a script element or opens a comment in it. None of the characters stands
/// in JSON outside of strings.
std::string inScript(llvm::StringRef json) {
  std::string text;
  text.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '<')
      text += "\\u003c";
    else if (json[i] == '>')
      text += "\\u003e";
    else if (json[i] == '&')
      text += "\\u0026";
    else if (json.substr(i).starts_with("\xe2\x80\xa8") || json.substr(i).starts_with("\xe2\x80\xa9")) {
      text += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else
      text += json[i];
  }
  return text;
}

} // namespace

void writeHtml(const ReportInput &input, llvm::raw_ostream &out) {
  auto [before, after] = dashboardPage().split(kDashboardData);
  Json data = Dashboard(input).data();
  out << before << inScript(data.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace)) << after;
}

} // namespace ssot
