// deprecation-usage.md: the legacy names that are left, in the code and in a run.
#include "gate/burn_down.h"
#include "report/bundle.h"
#include "report/markup.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

std::string remark(const LegacyUsage &name, bool counted) {
  if (name.calls && !name.uses)
    return "called, but no place in this code names it: the caller is elsewhere";
  if (counted && name.uses && !name.calls)
    return "named, but not called in this run";
  return name.uses || name.calls ? "" : "gone";
}

constexpr std::size_t kCommits = 12; ///< rows of the table by commit

/// The uses of legacy names commit by commit, and name by name from the first to the last.
std::string trend(const History &history, const std::string &file) {
  std::string text = "\n## Trend\n\nFrom " + markdownCode(file) + ", " + counted(history.entries.size(), "commit") +
                     ". Again with `ssot history import --again --history FILE`.\n\n"
                     "| date | commit | uses left | calls | |\n| --- | --- | ---: | ---: | --- |\n";
  std::size_t first = history.entries.size() - std::min(history.entries.size(), kCommits);
  for (const HistoryEntry &entry : llvm::ArrayRef(history.entries).drop_front(first)) {
    std::size_t uses = 0;
    std::optional<std::uint64_t> calls;
    for (const auto &[name, legacy] : entry.legacy) {
      uses += legacy.uses;
      if (legacy.calls)
        calls = calls.value_or(0) + *legacy.calls;
    }
    text += markdownRow({entry.date.substr(0, 10), markdownCode(entry.commit.substr(0, 10)), std::to_string(uses),
                         calls ? std::to_string(*calls) : "not counted", entry.complete ? "" : "incomplete"});
  }
  text += "\n| legacy | at first | now | forecast |\n| --- | ---: | ---: | --- |\n";
  for (const BurnDown &line : burnDownsOf(history).legacy)
    text += markdownRow({markdownCell(line.name), std::to_string(line.points.front().remaining),
                         std::to_string(line.points.back().remaining), line.forecast.text});
  return text;
}

} // namespace

std::string deprecationUsage(const BundleInput &input) {
  const DeprecationUsage &usage = input.usage;
  std::size_t uses = 0, unjudged = 0;
  std::uint64_t calls = 0;
  for (const LegacyUsage &name : usage.names) {
    uses += name.uses;
    unjudged += name.unjudged;
    calls += name.calls;
  }
  for (const auto &[name, count] : usage.unknown)
    calls += count;
  std::string text = "# Deprecation usage\n\n" + counted(usage.names.size(), "legacy name") + ": " +
                     counted(uses, "use") + " left in the code, " + counted(unjudged, "mention") + " not judged. ";
  text += usage.counted
              ? counted(calls, "call") + " at run time, from " + markdownCode(input.countsFile) + ".\n"
              : "Calls at run time were not counted: `--runtime-counts FILE` takes a dump of `/metrics` or a log.\n";
  text += "Again with `ssot registry --format json`: `legacy_names`, `legacy_calls`, `legacy_headers`.\n\n## Names\n\n"
          "| legacy | use instead | uses | not judged | calls | gone by | rule | |\n"
          "| --- | --- | ---: | ---: | ---: | --- | --- | --- |\n";
  for (const LegacyUsage &name : usage.names)
    text += markdownRow({markdownCell(name.name), markdownCell(name.replacement), std::to_string(name.uses),
                         std::to_string(name.unjudged), usage.counted ? std::to_string(name.calls) : "not counted",
                         name.sunset, markdownCell(name.rule), remark(name, usage.counted)});
  if (!usage.unknown.empty()) {
    text += "\n## Counted at run time only\n\nNames that mean no legacy name of a rule, or more than one of them.\n\n"
            "| counted as | calls |\n| --- | ---: |\n";
    for (const auto &[name, count] : usage.unknown)
      text += markdownRow({markdownCell(name), std::to_string(count)});
  }
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<const LegacyUsage *, std::size_t>>> places;
  for (const LegacyUsage &name : usage.names)
    for (const auto &[place, count] : name.places)
      places[place].emplace_back(&name, count);
  if (input.report.history && !input.report.history->entries.empty())
    text += trend(*input.report.history, input.historyFile);
  text += "\n## Modules\n\nUses by folder and owner (`CODEOWNERS`).\n\n";
  if (places.empty())
    return text + "None is left.\n";
  text += "| folder | owner | legacy | uses |\n| --- | --- | --- | ---: |\n";
  for (const auto &[place, names] : places)
    for (const auto &[name, count] : names)
      text += markdownRow(
          {markdownCell(place.first), markdownCell(place.second), markdownCell(name->name), std::to_string(count)});
  return text;
}

} // namespace ssot
