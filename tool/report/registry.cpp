#include "report/registry.h"

#include "report/markup.h"

#include <llvm/ADT/ArrayRef.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

/// Code in a cell of a table, where a bar would end it.
std::string cell(llvm::StringRef text) {
  if (text.empty())
    return "";
  std::string result;
  for (char c : markdownCode(text)) {
    if (c == '|')
      result += '\\';
    result += c;
  }
  return result;
}

void writeRow(llvm::ArrayRef<std::string> cells, llvm::raw_ostream &out) {
  for (const std::string &text : cells)
    out << "| " << text << (text.empty() ? "" : " ");
  out << "|\n";
}

/// A section is there when it has rows.
template <typename List, typename Row>
void writeSection(llvm::StringRef title, llvm::StringRef head, const List &list, Row row, llvm::raw_ostream &out) {
  if (list.empty())
    return;
  out << "\n## " << title << "\n\n" << head;
  for (const auto &entry : list)
    writeRow(row(entry), out);
}

std::string placeOf(const Registry::Canonical &entry) {
  return !entry.definedIn.empty() ? cell(entry.definedIn) : entry.outside ? "outside the project" : "**nowhere**";
}

std::string legacyUses(const Registry::Legacy &legacy) {
  return std::to_string(legacy.uses) +
         (legacy.unjudged ? " (and " + std::to_string(legacy.unjudged) + " not judged)" : "");
}

template <typename List, typename Function>
Json listOf(const List &list, Function function) {
  Json json = Json::array();
  for (const auto &element : list)
    json.push_back(function(element));
  return json;
}

} // namespace

void writeRegistryMarkdown(const Registry &registry, llvm::raw_ostream &out) {
  using Row = std::vector<std::string>;
  out << "# Import registry\n\nWritten by `ssot registry`: the names to use, and what is left of those they replace.\n";
  writeSection(
      "Canonical names", "| name | | include | defined in | uses | rule |\n| --- | --- | --- | --- | ---: | --- |\n",
      registry.canonical,
      [](const Registry::Canonical &entry) -> Row {
        return {cell(entry.name),           entry.kind,      cell(entry.header), placeOf(entry),
                std::to_string(entry.uses), cell(entry.rule)};
      },
      out);
  writeSection(
      "Factories", "| class | made by | in order | sites | rule |\n| --- | --- | ---: | ---: | --- |\n",
      registry.factories,
      [](const Registry::Factory &entry) -> Row {
        return {cell(entry.className), cell(entry.factory), std::to_string(entry.sites.part),
                std::to_string(entry.sites.whole), cell(entry.rule)};
      },
      out);
  writeSection(
      "Adapters", "| adapter | hands its work to | in |\n| --- | --- | --- |\n", registry.adapters,
      [](const Registry::RegisteredAdapter &entry) -> Row {
        return {cell(entry.symbol), cell(entry.canonical), cell(entry.file)};
      },
      out);
  auto legacyRow = [](const Registry::Legacy &entry) -> Row {
    return {cell(entry.name), cell(entry.replacement), cell(entry.header), legacyUses(entry), cell(entry.rule)};
  };
  writeSection("Legacy names", "| legacy | use instead | include | uses | rule |\n| --- | --- | --- | ---: | --- |\n",
               registry.names, legacyRow, out);
  writeSection("Legacy calls", "| legacy | call instead | include | calls | rule |\n| --- | --- | --- | ---: | --- |\n",
               registry.calls, legacyRow, out);
  writeSection(
      "Legacy headers", "| legacy | include instead | includes | rule |\n| --- | --- | ---: | --- |\n",
      registry.headers,
      [](const Registry::Legacy &entry) -> Row {
        return {cell(entry.name), cell(entry.replacement), std::to_string(entry.uses), cell(entry.rule)};
      },
      out);
}

void writeRegistryJson(const Registry &registry, llvm::raw_ostream &out) {
  auto canonical = [](const Registry::Canonical &entry) -> Json {
    return {{"name", entry.name},       {"kind", entry.kind},
            {"header", entry.header},   {"defined_in", entry.definedIn.empty() ? Json() : Json(entry.definedIn)},
            {"outside", entry.outside}, {"uses", entry.uses},
            {"rule", entry.rule}};
  };
  auto factory = [](const Registry::Factory &entry) -> Json {
    return {{"class", entry.className},
            {"factory", entry.factory},
            {"compliant", entry.sites.part},
            {"sites", entry.sites.whole},
            {"rule", entry.rule}};
  };
  auto adapter = [](const Registry::RegisteredAdapter &entry) -> Json {
    return {{"symbol", entry.symbol}, {"canonical", entry.canonical}, {"file", entry.file}};
  };
  auto legacy = [](const Registry::Legacy &entry) -> Json {
    return {{"name", entry.name}, {"replacement", entry.replacement}, {"header", entry.header},
            {"uses", entry.uses}, {"unjudged", entry.unjudged},       {"rule", entry.rule}};
  };
  auto header = [](const Registry::Legacy &entry) -> Json {
    return {{"header", entry.name}, {"replacement", entry.replacement}, {"includes", entry.uses}, {"rule", entry.rule}};
  };
  Json json{{"schema", "ssot-registry/1"},
            {"canonical", listOf(registry.canonical, canonical)},
            {"factories", listOf(registry.factories, factory)},
            {"adapters", listOf(registry.adapters, adapter)},
            {"legacy_names", listOf(registry.names, legacy)},
            {"legacy_calls", listOf(registry.calls, legacy)},
            {"legacy_headers", listOf(registry.headers, header)}};
  out << json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
