#include "report/registry.h"

#include "report/json_list.h"
#include "report/markup.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringExtras.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

/// A section is there when it has rows.
template <typename List, typename Row>
void writeSection(llvm::StringRef title, llvm::StringRef head, const List &list, Row row, llvm::raw_ostream &out) {
  if (list.empty())
    return;
  out << "\n## " << title << "\n\n" << head;
  for (const auto &entry : list)
    out << markdownRow(row(entry));
}

std::string ownersCell(const std::vector<std::string> &owners) { return markdownCell(llvm::join(owners, " ")); }

std::string placeOf(const Registry::Canonical &entry) {
  return !entry.definedIn.empty() ? markdownCell(entry.definedIn)
         : entry.outside          ? "outside the project"
                                  : "**nowhere**";
}

std::string legacyUses(const Registry::Legacy &legacy) {
  return std::to_string(legacy.uses) +
         (legacy.unjudged ? " (and " + std::to_string(legacy.unjudged) + " not judged)" : "");
}

} // namespace

void writeRegistryMarkdown(const Registry &registry, llvm::raw_ostream &out) {
  using Row = std::vector<std::string>;
  out << "# Import registry\n\nWritten by `ssot registry`: the names to use, and what is left of those they replace.\n";
  writeSection(
      "Canonical names",
      "| name | | include | defined in | owners | uses | rule |\n| --- | --- | --- | --- | --- | ---: | --- |\n",
      registry.canonical,
      [](const Registry::Canonical &entry) -> Row {
        return {markdownCell(entry.name),   entry.kind,
                markdownCell(entry.header), placeOf(entry),
                ownersCell(entry.owners),   std::to_string(entry.uses),
                markdownCell(entry.rule)};
      },
      out);
  writeSection(
      "Factories", "| class | made by | in order | sites | rule |\n| --- | --- | ---: | ---: | --- |\n",
      registry.factories,
      [](const Registry::Factory &entry) -> Row {
        return {markdownCell(entry.className), markdownCell(entry.factory), std::to_string(entry.sites.part),
                std::to_string(entry.sites.whole), markdownCell(entry.rule)};
      },
      out);
  writeSection(
      "Adapters", "| adapter | hands its work to | in | owners |\n| --- | --- | --- | --- |\n", registry.adapters,
      [](const Registry::RegisteredAdapter &entry) -> Row {
        return {markdownCell(entry.symbol), markdownCell(entry.canonical), markdownCell(entry.file),
                ownersCell(entry.owners)};
      },
      out);
  auto legacyRow = [](const Registry::Legacy &entry) -> Row {
    return {markdownCell(entry.name), markdownCell(entry.replacement), markdownCell(entry.header),
            legacyUses(entry),        ownersCell(entry.owners),        entry.sunset,
            markdownCell(entry.rule)};
  };
  writeSection("Legacy names",
               "| legacy | use instead | include | uses | owners of the uses | gone by | rule |\n| --- | --- | --- | "
               "---: | --- | --- | --- |\n",
               registry.names, legacyRow, out);
  writeSection("Legacy calls",
               "| legacy | call instead | include | calls | owners of the calls | gone by | rule |\n| --- | --- | --- "
               "| ---: | --- | --- | --- |\n",
               registry.calls, legacyRow, out);
  writeSection(
      "Legacy headers",
      "| legacy | include instead | includes | owners of the includes | gone by | rule |\n| --- | --- | ---: | --- | "
      "--- | --- |\n",
      registry.headers,
      [](const Registry::Legacy &entry) -> Row {
        return {markdownCell(entry.name),
                markdownCell(entry.replacement),
                std::to_string(entry.uses),
                ownersCell(entry.owners),
                entry.sunset,
                markdownCell(entry.rule)};
      },
      out);
}

void writeRegistryJson(const Registry &registry, llvm::raw_ostream &out) {
  auto canonical = [](const Registry::Canonical &entry) -> Json {
    return {{"name", entry.name},       {"kind", entry.kind},
            {"header", entry.header},   {"defined_in", entry.definedIn.empty() ? Json() : Json(entry.definedIn)},
            {"outside", entry.outside}, {"uses", entry.uses},
            {"rule", entry.rule},       {"owners", entry.owners}};
  };
  auto factory = [](const Registry::Factory &entry) -> Json {
    return {{"class", entry.className},
            {"factory", entry.factory},
            {"compliant", entry.sites.part},
            {"sites", entry.sites.whole},
            {"rule", entry.rule}};
  };
  auto adapter = [](const Registry::RegisteredAdapter &entry) -> Json {
    return {{"symbol", entry.symbol}, {"canonical", entry.canonical}, {"file", entry.file}, {"owners", entry.owners}};
  };
  auto sunset = [](const Registry::Legacy &entry) { return entry.sunset.empty() ? Json() : Json(entry.sunset); };
  auto legacy = [&](const Registry::Legacy &entry) -> Json {
    return {{"name", entry.name},     {"replacement", entry.replacement}, {"header", entry.header},
            {"uses", entry.uses},     {"unjudged", entry.unjudged},       {"rule", entry.rule},
            {"owners", entry.owners}, {"sunset", sunset(entry)}};
  };
  auto header = [&](const Registry::Legacy &entry) -> Json {
    return {{"header", entry.name}, {"replacement", entry.replacement}, {"includes", entry.uses},
            {"rule", entry.rule},   {"owners", entry.owners},           {"sunset", sunset(entry)}};
  };
  Json json{{"schema", "ssot-registry/1"},
            {"canonical", listOf(registry.canonical, canonical)},
            {"factories", listOf(registry.factories, factory)},
            {"adapters", listOf(registry.adapters, adapter)},
            {"legacy_names", listOf(registry.names, legacy)},
            {"legacy_calls", listOf(registry.calls, legacy)},
            {"legacy_headers", listOf(registry.headers, header)}};
  out << json.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
