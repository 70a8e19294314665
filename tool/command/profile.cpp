#include "command/profile.h"

#include "report/table.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/JSON.h>

#include <algorithm>
#include <map>

namespace ssot {

namespace {

constexpr std::size_t kShown = 10; ///< slowest units and rules in the table

double secondsOf(Profile::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

std::int64_t microsecondsOf(Profile::Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

std::string number(const char *format, double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(format, value);
  return text;
}

} // namespace

void Profile::add(const char *kind, std::string name, Clock::time_point begin, Clock::duration time, unsigned row) {
  Entries.push_back({kind, std::move(name), begin - Start, time, row});
}

std::vector<const Profile::Entry *> Profile::slowest(llvm::StringRef kind) const {
  std::vector<const Entry *> chosen;
  for (const Entry &entry : Entries)
    if (kind == entry.kind)
      chosen.push_back(&entry);
  llvm::stable_sort(
      chosen, [](const Entry *a, const Entry *b) { return std::tie(b->time, a->name) < std::tie(a->time, b->name); });
  return chosen;
}

void Profile::writeSlowest(const char *kind, const char *title, llvm::raw_ostream &out) const {
  std::vector<const Entry *> entries = slowest(kind);
  if (entries.empty())
    return;
  Clock::duration all{};
  for (const Entry *entry : entries)
    all += entry->time;
  std::vector<std::vector<TableCell>> rows;
  for (const Entry *entry : llvm::ArrayRef(entries).take_front(kShown))
    rows.push_back({{entry->name, ""}, {number("%.3f", secondsOf(entry->time)), ""}});
  if (entries.size() > kShown)
    rows.push_back({{std::to_string(entries.size() - kShown) + " more", ""}, {"", ""}});
  rows.push_back({{"all " + std::to_string(entries.size()), ""}, {number("%.3f", secondsOf(all)), ""}});
  out << '\n';
  ssot::writeTable({{title}, {"seconds", true}}, rows, "", out);
}

void Profile::writeTable(llvm::raw_ostream &out) const {
  double whole = secondsOf(Clock::now() - Start), known = 0;
  std::vector<std::vector<TableCell>> rows;
  auto add = [&](const std::string &name, double seconds) {
    double share = whole > 0 ? 100 * seconds / whole : 0;
    rows.push_back({{name, ""}, {number("%.3f", seconds), ""}, {number("%.1f %%", share), ""}});
  };
  for (const Entry &entry : Entries)
    if (llvm::StringRef(kPhase) == entry.kind) {
      known += secondsOf(entry.time);
      add(entry.name, secondsOf(entry.time));
    }
  add("everything else", std::max(0.0, whole - known));
  add("the run", whole);
  ssot::writeTable({{"phase"}, {"seconds", true}, {"share", true}}, rows, "", out);
  writeSlowest(kUnit, "unit (slowest first)", out);
  writeSlowest(kRule, "rule (slowest first)", out);
}

void Profile::writeTrace(llvm::raw_ostream &out) const {
  std::map<unsigned, std::string> names{{0, "ssot"}};
  for (const Entry &entry : Entries)
    if (entry.row)
      names[entry.row] = "worker " + std::to_string(entry.row);
  llvm::json::OStream json(out, /*IndentSize=*/0);
  json.object([&] {
    json.attribute("displayTimeUnit", "ms");
    json.attributeArray("traceEvents", [&] {
      for (const auto &[row, name] : names)
        json.object([&] {
          json.attribute("ph", "M");
          json.attribute("name", "thread_name");
          json.attribute("pid", 1);
          json.attribute("tid", row);
          json.attributeObject("args", [&, &name = name] { json.attribute("name", name); });
        });
      for (const Entry &entry : Entries)
        json.object([&] {
          json.attribute("ph", "X");
          json.attribute("name", llvm::json::fixUTF8(entry.name));
          json.attribute("cat", entry.kind);
          json.attribute("pid", 1);
          json.attribute("tid", entry.row);
          json.attribute("ts", microsecondsOf(entry.begin));
          json.attribute("dur", microsecondsOf(entry.time));
        });
    });
  });
  out << '\n';
}

} // namespace ssot
