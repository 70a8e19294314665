#include "report/mutation.h"

#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <nlohmann/json.hpp>

#include <map>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

/// How many variants of one sort there are, and how many were found.
struct FoundCount {
  std::size_t found = 0, whole = 0;

  void count(bool isFound) {
    ++whole;
    found += isFound;
  }
};

struct FoundCounts {
  std::map<std::pair<unsigned, std::string>, FoundCount> positives, negatives;
  FoundCount expected, unexpected;
};

FoundCounts tallyOf(const MutationResult &result) {
  FoundCounts tallies;
  for (const JudgedVariant &variant : result.variants) {
    (variant.expected ? tallies.positives : tallies.negatives)[{variant.type, variant.kind}].count(variant.found);
    (variant.expected ? tallies.expected : tallies.unexpected).count(variant.found);
  }
  return tallies;
}

/// Never rounded up, and nothing of nothing is no share.
std::string share(std::size_t part, std::size_t whole) {
  if (!whole)
    return "-";
  std::size_t thousandths = part * 1000 / whole;
  return llvm::formatv("{0}.{1:d3}", thousandths / 1000, thousandths % 1000).str();
}

Json shareJson(std::size_t part, std::size_t whole) {
  return {{"value", whole ? Json(static_cast<double>(part) / static_cast<double>(whole)) : Json()},
          {"part", part},
          {"whole", whole}};
}

Json termsOf(const std::optional<Likeness> &likeness) {
  if (!likeness)
    return nullptr;
  Json json{{"score", likeness->score}};
  auto add = [&](const char *name, std::optional<double> term) {
    if (term)
      json[name] = *term;
  };
  add("signatures", likeness->signatures);
  add("state", likeness->state);
  add("bodies", likeness->bodies);
  add("callees", likeness->callees);
  add("effects", likeness->effects);
  add("name", likeness->name);
  return json;
}

/// Recall for each sort of variant, precision over all of them.
Json figuresOf(const MutationResult &result) {
  FoundCounts tallies = tallyOf(result);
  auto list = [](const auto &sorts, const char *figure) {
    Json json = Json::array();
    for (const auto &[sort, tally] : sorts)
      json.push_back({{"variant", sort.second}, {"type", sort.first}, {figure, shareJson(tally.found, tally.whole)}});
    return json;
  };
  return {{"recall", shareJson(tallies.expected.found, tallies.expected.whole)},
          {"precision", shareJson(tallies.expected.found, tallies.expected.found + tallies.unexpected.found)},
          {"variants", list(tallies.positives, "recall")},
          {"nearMisses", list(tallies.negatives, "found")},
          {"discarded", result.discarded}};
}

} // namespace

void writeMutationText(llvm::ArrayRef<MutationResult> results, llvm::raw_ostream &out) {
  for (const MutationResult &result : results) {
    FoundCounts tallies = tallyOf(result);
    out << "== " << result.rule << " == " << result.kind << ", " << counted(result.originals.size(), "definition")
        << ", " << counted(result.variants.size(), "variant") << " (" << result.discarded
        << " more did not compile and are none)\n";
    for (const std::string &name : result.missing)
      out << "no unit has all of '" << escaped(name) << "': it is not measured\n";
    out << "type  variant     found  of  recall\n";
    for (const auto &[sort, tally] : tallies.positives)
      out << llvm::formatv("{0,4}  {1,-10} {2,6} {3,3}  {4}\n", sort.first, sort.second, tally.found, tally.whole,
                           share(tally.found, tally.whole));
    for (const auto &[sort, tally] : tallies.negatives)
      out << llvm::formatv("{0,4}  {1,-10} {2,6} {3,3}  should not be found\n", sort.first ? "same" : "near",
                           sort.second, tally.found, tally.whole);
    out << "recall " << share(tallies.expected.found, tallies.expected.whole) << " (" << tallies.expected.found
        << " of " << tallies.expected.whole << "), precision "
        << share(tallies.expected.found, tallies.expected.found + tallies.unexpected.found) << " ("
        << tallies.unexpected.found << " of " << tallies.unexpected.whole << " others found too)\n";
    for (const JudgedVariant &variant : result.variants)
      if (variant.expected != variant.found)
        out << (variant.expected ? "  missed: " : "  wrongly found: ") << escaped(variant.symbol)
            << (variant.likeness
                    ? llvm::formatv(" ({0:f2}: {1})", variant.likeness->score, describe(*variant.likeness)).str()
                    : std::string())
            << '\n';
    for (const OtherLike &other : result.others)
      if (other.found)
        out << "  found in the code itself: " << escaped(other.symbol) << '\n';
    out << '\n';
  }
}

void writeMutationJson(llvm::ArrayRef<MutationResult> results, llvm::raw_ostream &out) {
  Json rules = Json::array();
  for (const MutationResult &result : results) {
    Json variants = Json::array(), others = Json::array();
    for (const JudgedVariant &variant : result.variants)
      variants.push_back({{"variant", variant.kind},
                          {"type", variant.type},
                          {"original", variant.original},
                          {"symbol", variant.symbol},
                          {"expected", variant.expected},
                          {"found", variant.found},
                          {"likeness", termsOf(variant.likeness)}});
    for (const OtherLike &other : result.others)
      others.push_back({{"symbol", other.symbol}, {"found", other.found}, {"likeness", termsOf(other.likeness)}});
    rules.push_back({{"id", result.rule},
                     {"kind", result.kind},
                     {"originals", result.originals},
                     {"figures", figuresOf(result)},
                     {"variants", std::move(variants)},
                     {"others", std::move(others)},
                     {"missing", result.missing}});
  }
  Json report{{"schema", "ssot-mutation/1"}, {"rules", std::move(rules)}};
  out << report.dump(1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) << '\n';
}

void writeMutationSarif(llvm::ArrayRef<MutationResult> results, llvm::StringRef version, llvm::raw_ostream &out) {
  Json rules = Json::array();
  for (const MutationResult &result : results)
    rules.push_back(
        {{"id", "ssot-" + result.rule},
         {"properties", {{"tags", Json::array({"ssot", result.kind})}, {"ssot/mutation", figuresOf(result)}}}});
  Json run{{"tool", {{"driver", {{"name", "ssot"}, {"semanticVersion", version.str()}, {"rules", std::move(rules)}}}}},
           {"columnKind", "utf16CodeUnits"},
           {"results", Json::array()}};
  Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
           {"version", "2.1.0"},
           {"runs", Json::array({std::move(run)})}};
  out << log.dump(1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
