#include "report/discover.h"

#include "report/words.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/Format.h>
#include <nlohmann/json.hpp>

#include <set>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kListed = 10;

std::string idOf(llvm::StringRef symbol) {
  std::string id = "one";
  bool lower = true;
  for (char c : symbol) {
    if (!llvm::isAlnum(c)) {
      lower = true;
      if (id.back() != '-')
        id += '-';
      continue;
    }
    if ((llvm::isUpper(c) && id.back() != '-' && !lower) || id == "one")
      id += '-';
    lower = llvm::isUpper(c);
    id += llvm::toLower(c);
  }
  while (id.back() == '-')
    id.pop_back();
  return id;
}

bool isHeader(llvm::StringRef path) { return path.ends_with(".h") || path.ends_with(".hpp") || path.ends_with(".hh"); }

/// Functions of this name that are no members: a rule knows functions by their names, so it means them too.
std::size_t othersNamed(const Index &index, const DuplicateFamily &family, llvm::StringRef symbol) {
  StringId name = index.find(symbol);
  std::set<Place> members, others;
  for (const FamilyMember &member : family.members) {
    members.insert(member.place);
    members.insert(member.twins.begin(), member.twins.end());
  }
  for (const FunctionFact &function : index.functions())
    if (function.name == name && !members.contains(function.place))
      others.insert(function.place);
  return others.size();
}

} // namespace

std::string ruleFor(const Index &index, const DuplicateFamily &family) {
  const FamilyMember &suggested = family.suggested();
  std::set<std::string> others;
  bool namesakes = false; // in other files: the name alone does not say which one stays
  std::size_t overloads = 0;
  for (const FamilyMember &member : family.members) {
    if (member.symbol != suggested.symbol)
      others.insert(member.symbol);
    else if (member.place.file != suggested.place.file)
      namesakes = true;
    else
      ++overloads;
  }
  if (overloads > 1)
    return "  # " + std::to_string(overloads) + " overloads of " + suggested.symbol +
           (others.empty() && !namesakes ? "" : ", and others") +
           ": a rule knows functions by name, so none can say which of them stays\n";
  std::string rule;
  if (!family.isClass) {
    std::set<std::string> named = others;
    named.insert(suggested.symbol);
    for (const std::string &symbol : named)
      if (std::size_t count = othersNamed(index, family, symbol); count && !(namesakes && symbol == suggested.symbol))
        rule += "  # means " + counted(count, "other overload") + " of " + symbol + " too\n";
  }
  llvm::StringRef path = index.path(suggested.place);
  rule += "  - id: " + idOf(suggested.symbol) + "\n    kind: " + (family.isClass ? "single-class" : "single-function") +
          "\n    severity: warning\n    canonical: " + suggested.symbol + "\n";
  if (isHeader(path) || namesakes)
    rule += "    header: " + path.str() + "\n";
  if (others.empty())
    others.insert(suggested.symbol);
  return rule + "    match: {name: \"" + llvm::join(others, "|") + "\"}\n";
}

void writeFamilies(const Index &index, llvm::ArrayRef<DuplicateFamily> families, const Coverage &coverage,
                   llvm::raw_ostream &out) {
  std::size_t number = 0;
  for (const DuplicateFamily &family : families.take_front(kListed)) {
    out << ++number << ". " << counted(family.members.size(), family.isClass ? "classe" : "function") << ", alike "
        << llvm::format("%.2f and more, evidence %.2f, cost ", family.likeness, family.evidence) << family.cost << '\n';
    for (const FamilyMember &member : family.members)
      out << (&member == &family.suggested() ? "  * " : "    ") << escaped(index.path(member.place)) << ':'
          << member.place.line << ':' << member.place.column << ": " << escaped(member.symbol) << " ("
          << counted(member.nodes, "node") << ", " << counted(member.callers, "caller")
          << (member.isDeprecated ? ", " + escaped(member.reasons) : "") << ")"
          << (member.twins.empty() ? std::string()
                                   : ", and with other const at line " + std::to_string(member.twins.front().line))
          << '\n'
          << (member.terms.empty() ? "" : "        " + member.terms + "\n");
    for (const FamilyMember &other : family.related)
      out << "    a method of theirs is also like " << escaped(other.symbol) << " (" << escaped(index.path(other.place))
          << ':' << other.place.line << ':' << other.place.column << ")\n";
    const FamilyMember &suggested = family.suggested();
    out << "  keep " << escaped(suggested.symbol) << ": "
        << (suggested.reasons.empty() ? "the first of equals" : suggested.reasons) << "\n\n"
        << ruleFor(index, family) << '\n';
  }
  if (families.size() > kListed)
    out << "... and " << families.size() - kListed << " more (--format json has all of them)\n";
  Share share = coverage.share();
  out << (families.size() == 1 ? "1 family" : std::to_string(families.size()) + " families")
      << " of duplicates; coverage " << share.text() << " (" << share.part << " of " << share.whole
      << " units and headers)\n";
}

void writeFamiliesJson(const Index &index, llvm::ArrayRef<DuplicateFamily> families, const Coverage &coverage,
                       llvm::raw_ostream &out) {
  Json list = Json::array();
  for (const DuplicateFamily &family : families) {
    Json members = Json::array(), related = Json::array();
    for (const FamilyMember &other : family.related)
      related.push_back({{"symbol", other.symbol},
                         {"file", index.path(other.place).str()},
                         {"line", other.place.line},
                         {"column", other.place.column}});
    for (const FamilyMember &member : family.members)
      members.push_back({{"symbol", member.symbol},
                         {"file", index.path(member.place).str()},
                         {"line", member.place.line},
                         {"column", member.place.column},
                         {"nodes", member.nodes},
                         {"callers", member.callers},
                         {"deprecated", member.isDeprecated},
                         {"points", member.points},
                         {"reasons", member.reasons},
                         {"evidence", member.evidence},
                         {"terms", member.terms}});
    list.push_back({{"kind", family.isClass ? "class" : "function"},
                    {"cost", family.cost},
                    {"likeness", family.likeness},
                    {"evidence", family.evidence},
                    {"canonical", family.suggested().symbol},
                    {"members", members},
                    {"related", related},
                    {"rule", ruleFor(index, family)}});
  }
  Share share = coverage.share();
  Json report{{"schema", "ssot-discover/1"},
              {"coverage", {{"analysed", share.part}, {"total", share.whole}, {"complete", coverage.complete()}}},
              {"families", list}};
  out << report.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << '\n';
}

} // namespace ssot
