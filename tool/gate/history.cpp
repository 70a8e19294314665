#include "gate/history.h"

#include "gate/breakdown.h"
#include "gate/calendar.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <tuple>

namespace ssot {

namespace {

namespace json = llvm::json;

constexpr llvm::StringLiteral kSchema = "ssot-history/1";

auto keyOf(const HistoryEntry &entry) { return std::tie(entry.date, entry.commit); }

llvm::StringRef wordOf(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

bool isHash(llvm::StringRef text) {
  return (text.size() == 40 || text.size() == 64) &&
         llvm::all_of(text, [](char c) { return llvm::isHexDigit(c) && !llvm::isUpper(c); });
}

} // namespace

// LLVM finds these by their argument, so they stand beside its type.
static bool fromJSON(const json::Value &value, Severity &severity, json::Path path) {
  std::string word;
  if (!fromJSON(value, word, path))
    return false;
  for (Severity known : {Severity::Error, Severity::Warning, Severity::Note})
    if (word == wordOf(known)) {
      severity = known;
      return true;
    }
  path.report("expected error, warning or note");
  return false;
}

static bool fromJSON(const json::Value &value, Share &share, json::Path path) {
  json::ObjectMapper map(value, path);
  if (!map || !map.map("part", share.part) || !map.map("whole", share.whole))
    return false;
  if (share.part <= share.whole)
    return true;
  path.report("the part is more than the whole");
  return false;
}

static bool fromJSON(const json::Value &value, HistoryEntry::RuleFigure &rule, json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("id", rule.id) && map.map("severity", rule.severity) && map.map("part", rule.compliance.part) &&
         map.map("whole", rule.compliance.whole) && fromJSON(value, rule.compliance, path);
}

static bool fromJSON(const json::Value &value, HistoryEntry::LegacyFigure &legacy, json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("uses", legacy.uses) && map.mapOptional("calls", legacy.calls);
}

static bool fromJSON(const json::Value &value, HistoryEntry &entry, json::Path path) {
  json::ObjectMapper map(value, path);
  std::string schema;
  if (!map || !map.map("schema", schema))
    return false;
  if (schema != kSchema) {
    path.field("schema").report("this program reads ssot-history/1");
    return false;
  }
  if (!map.map("commit", entry.commit) || !map.map("date", entry.date) || !map.map("ssot", entry.ssot) ||
      !map.map("architecture", entry.architecture) || !map.map("coverage", entry.coverage) ||
      !map.map("complete", entry.complete) || !map.map("violations", entry.violations) ||
      !map.map("rules", entry.rules) || !map.map("owners", entry.owners) || !map.map("legacy", entry.legacy))
    return false;
  if (!isHash(entry.commit)) {
    path.field("commit").report("expected the full hash of a commit");
    return false;
  }
  if (!secondsOf(entry.date)) {
    path.field("date").report("expected YYYY-MM-DDTHH:MM:SSZ");
    return false;
  }
  return true;
}

namespace {

void write(json::OStream &out, const HistoryEntry &entry) {
  auto share = [&](llvm::StringRef name, const Share &figure) {
    out.attributeObject(name, [&] {
      out.attribute("part", static_cast<std::uint64_t>(figure.part));
      out.attribute("whole", static_cast<std::uint64_t>(figure.whole));
    });
  };
  out.attribute("schema", kSchema);
  out.attribute("commit", entry.commit);
  out.attribute("date", entry.date);
  share("ssot", entry.ssot);
  share("architecture", entry.architecture);
  share("coverage", entry.coverage);
  out.attribute("complete", entry.complete);
  out.attribute("violations", static_cast<std::uint64_t>(entry.violations));
  out.attributeArray("rules", [&] {
    for (const HistoryEntry::RuleFigure &rule : entry.rules)
      out.object([&] {
        out.attribute("id", rule.id);
        out.attribute("severity", wordOf(rule.severity));
        out.attribute("part", static_cast<std::uint64_t>(rule.compliance.part));
        out.attribute("whole", static_cast<std::uint64_t>(rule.compliance.whole));
      });
  });
  out.attributeObject("owners", [&] {
    for (const auto &[owner, count] : entry.owners)
      out.attribute(json::fixUTF8(owner), static_cast<std::uint64_t>(count));
  });
  out.attributeObject("legacy", [&] {
    for (const auto &[name, legacy] : entry.legacy)
      out.attributeObject(json::fixUTF8(name), [&, &legacy = legacy] {
        out.attribute("uses", static_cast<std::uint64_t>(legacy.uses));
        if (legacy.calls)
          out.attribute("calls", *legacy.calls);
      });
  });
}

/// "[1:4, byte=3]: Expected ..." -> the column and the words.
std::pair<std::string, std::string> placed(const std::string &message) {
  auto [place, words] = llvm::StringRef(message).split("]: ");
  llvm::StringRef column = place.split(':').second.split(',').first;
  unsigned number = 0;
  return words.empty() || column.getAsInteger(10, number) ? std::pair<std::string, std::string>("1", message)
                                                          : std::pair(column.str(), words.str());
}

llvm::Expected<HistoryEntry> parseLine(llvm::StringRef line, const llvm::Twine &at) {
  auto problem = [&](const std::string &column, const std::string &words) {
    return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                   at + ":" + column + ": error: " + words +
                                       "; a line is written by `ssot report --history` or `ssot history import`");
  };
  llvm::Expected<json::Value> value = json::parse(line);
  if (!value) {
    auto [column, words] = placed(llvm::toString(value.takeError()));
    return problem(column, words);
  }
  HistoryEntry entry;
  json::Path::Root root("entry");
  if (!fromJSON(*value, entry, root))
    return problem("1", llvm::toString(root.getError()));
  return entry;
}

} // namespace

HistoryEntry historyEntryOf(const Result &result, const DeprecationUsage &usage, std::string commit, std::string date) {
  HistoryEntry entry;
  entry.commit = std::move(commit);
  entry.date = std::move(date);
  entry.ssot = result.ssot;
  entry.architecture = result.architecture;
  entry.coverage = result.coverage.share();
  entry.complete = result.coverage.complete();
  entry.violations = result.violations;
  for (const RuleResult &rule : result.rules)
    entry.rules.push_back({rule.id, rule.severity, rule.compliance});
  for (const Tally &owner : breakdownOf(result).owners)
    entry.owners[owner.name] = owner.violations;
  for (const LegacyUsage &name : usage.names) {
    HistoryEntry::LegacyFigure &legacy = entry.legacy[name.name];
    legacy.uses += name.uses;
    if (usage.counted)
      legacy.calls = legacy.calls.value_or(0) + name.calls;
  }
  return entry;
}

void put(History &history, HistoryEntry entry) {
  llvm::erase_if(history.entries, [&](const HistoryEntry &known) { return known.commit == entry.commit; });
  auto behind = std::upper_bound(history.entries.begin(), history.entries.end(), entry,
                                 [](const HistoryEntry &a, const HistoryEntry &b) { return keyOf(a) < keyOf(b); });
  history.entries.insert(behind, std::move(entry));
}

llvm::Expected<History> parseHistory(llvm::StringRef text, llvm::StringRef name) {
  History history;
  unsigned number = 0;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    ++number;
    if (line.trim().empty())
      continue;
    llvm::Expected<HistoryEntry> entry = parseLine(line, name + ":" + llvm::Twine(number));
    if (!entry)
      return entry.takeError();
    put(history, std::move(*entry));
  }
  return history;
}

std::string historyText(const History &history) {
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const HistoryEntry &entry : history.entries) {
    json::OStream line(out);
    line.object([&] { write(line, entry); });
    out << '\n';
  }
  return text;
}

} // namespace ssot
