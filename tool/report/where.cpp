#include "report/where.h"

#include "facts/words.h"
#include "report/json_list.h"
#include "report/words.h"

#include <llvm/ADT/StringExtras.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

/// Names and signatures that are listed of one entry; JSON has all of them.
constexpr std::size_t kListed = 3;

llvm::ArrayRef<CatalogHit> shown(const WhereReport &report) {
  llvm::ArrayRef<CatalogHit> hits = report.answer.hits;
  return report.limit ? hits.take_front(report.limit) : hits;
}

/// The first of \p names and how many more there are.
std::string firstOf(llvm::ArrayRef<std::string> names) {
  std::string text = llvm::join(names.take_front(kListed), ", ");
  return escaped(text) + (names.size() > kListed ? " and " + std::to_string(names.size() - kListed) + " more" : "");
}

/// Without the members of what is listed itself.
std::vector<std::string> withoutMembers(llvm::ArrayRef<std::string> names) {
  std::vector<std::string> kept;
  for (const std::string &name : names)
    if (!llvm::is_contained(names, scopeOf(name)))
      kept.push_back(name);
  return kept;
}

void writeHit(const Index &index, const CatalogHit &hit, llvm::raw_ostream &out) {
  const CatalogEntry &entry = *hit.entry;
  out << escaped(entry.symbol) << " (" << entry.kind;
  if (!entry.rule.empty())
    out << ", canonical: " << escaped(entry.rule);
  out << ")\n";
  if (!entry.include.empty())
    out << "    #include \"" << escaped(entry.include) << "\"\n";
  if (entry.place)
    out << "    " << escaped(index.path(*entry.place)) << ':' << entry.place->line << ':' << entry.place->column
        << '\n';
  for (const CatalogSignature &signature : llvm::ArrayRef(entry.signatures).take_front(kListed))
    out << "    " << escaped(signature.text) << '\n';
  if (entry.signatures.size() > kListed)
    out << "    ... and " << entry.signatures.size() - kListed << " more\n";
  if (!hit.askedFor.empty())
    out << "    instead of " << firstOf(withoutMembers(hit.askedFor)) << '\n';
  else if (!entry.standsFor.empty())
    out << "    stands for " << firstOf(withoutMembers(entry.standsFor)) << '\n';
}

} // namespace

void writeWhere(const WhereReport &report, llvm::raw_ostream &out) {
  for (const CatalogHit &hit : shown(report))
    writeHit(report.index, hit, out);
  std::size_t hits = report.answer.hits.size();
  if (shown(report).size() < hits)
    out << "... and " << hits - shown(report).size() << " more (--limit 0 shows all)\n";
  if (hits == 0)
    out << "nothing of that name\n";
  else if (!report.answer.unmatched.empty())
    out << "no name has: " << escaped(llvm::join(report.answer.unmatched, ", ")) << '\n';
  Share share = report.coverage.share();
  out << "coverage " << share.text() << " (" << coverageDetail(report.coverage) << ")\n";
}

void writeWhereJson(const WhereReport &report, llvm::raw_ostream &out) {
  auto signature = [](const CatalogSignature &each) { return each.text; };
  auto hit = [&](const CatalogHit &each) -> Json {
    const CatalogEntry &entry = *each.entry;
    Json json{{"symbol", entry.symbol},
              {"kind", entry.kind},
              {"canonical", !entry.rule.empty()},
              {"rule", entry.rule.empty() ? Json() : Json(entry.rule)},
              {"include", entry.include.empty() ? Json() : Json(entry.include)},
              {"file", nullptr},
              {"line", nullptr},
              {"column", nullptr},
              {"signatures", listOf(entry.signatures, signature)},
              {"stands_for", entry.standsFor},
              {"exact", each.isExact},
              {"same_parameters", each.takesTheSame},
              {"matched", each.matched},
              {"matched_types", each.matchedTypes},
              {"asked_for", each.askedFor}};
    if (entry.place) {
      json["file"] = report.index.path(*entry.place).str();
      json["line"] = entry.place->line;
      json["column"] = entry.place->column;
    }
    return json;
  };
  Share share = report.coverage.share();
  Json json{{"schema", "ssot-where/1"},
            {"query",
             {{"name", report.query.name},
              {"words", report.query.words},
              {"signature", report.query.isSignature},
              {"result", report.query.result},
              {"parameters", report.query.takes}}},
            {"unmatched", report.answer.unmatched},
            {"coverage", {{"analysed", share.part}, {"total", share.whole}, {"complete", report.coverage.complete()}}},
            {"found", report.answer.hits.size()},
            {"results", listOf(shown(report), hit)}};
  out << json.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
