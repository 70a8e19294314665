#include "migrate/linkage.h"

#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>

#include <map>
#include <set>
#include <string>
#include <tuple>

namespace ssot {

namespace {

/// A declaration of a function as it is written.
struct WrittenFunction {
  std::string name, usr, file;
  std::size_t begin, end; ///< its bytes, up to the bracket behind its parameters
  std::uint32_t line;
  bool isDefined;
};

std::vector<WrittenFunction> functionsOf(const UnitFacts &facts) {
  std::vector<WrittenFunction> functions;
  for (const ConversionFact &fact : facts.conversions)
    if (fact.kind == ValueKind::Function)
      functions.push_back({facts.strings[fact.name], facts.strings[fact.text], facts.files[fact.value.file].path,
                           fact.value.begin, fact.value.end, fact.value.line, facts.strings[fact.steps] == "defined"});
  return functions;
}

class LinkageCheck {
public:
  LinkageCheck(Verification &verification, llvm::ArrayRef<UnitOutcome> before) : Proof(verification), Before(before) {
    for (std::size_t unit = 0; unit < Before.size(); ++unit)
      llvm::append_range(Now, functionsOf(factsNow(Proof, Before, unit)));
    for (const WrittenFunction &function : Now)
      (function.isDefined ? DefinedNow : DeclaredNow).emplace(function.usr, &function);
  }

  std::vector<LeftEdit> run() {
    std::set<std::tuple<std::string, std::size_t, std::string>> seen; // a header says it in every unit
    for (const auto &[unit, facts] : Proof.facts)
      for (const WrittenFunction &function : functionsOf(Before[unit].facts))
        if (seen.emplace(function.file, function.begin, function.usr).second)
          look(function);
    return takeOut(Proof.edits, Taken);
  }

private:
  /// Takes out the edits of a function as it was if they part it from its definition, or from a declaration.
  void look(const WrittenFunction &function) {
    const auto &others = function.isDefined ? DeclaredNow : DefinedNow;
    auto rest = others.find(function.usr);
    if (rest == others.end())
      return;
    std::vector<std::size_t> edits = editsWithin(Proof.edits, function.file, function.begin, function.end);
    if (edits.empty() || isStillThere(function))
      return;
    for (std::size_t edit : edits)
      Taken.emplace(edit, quoted(function.name) + " is still " + (function.isDefined ? "declared" : "defined") +
                              " with the old parameters, at " + rest->second->file + ":" +
                              std::to_string(rest->second->line));
  }

  /// Whether the edits leave it the function that it is: they lie in its result or in a default.
  bool isStillThere(const WrittenFunction &function) const {
    return llvm::any_of(Now, [&](const WrittenFunction &now) {
      return now.usr == function.usr && now.file == function.file && now.isDefined == function.isDefined;
    });
  }

  Verification &Proof;
  llvm::ArrayRef<UnitOutcome> Before;
  std::vector<WrittenFunction> Now;
  std::map<std::string, const WrittenFunction *> DefinedNow, DeclaredNow; ///< by USR
  std::map<std::size_t, std::string> Taken;
};

} // namespace

std::vector<LeftEdit> takeUnlinked(Verification &verification, llvm::ArrayRef<UnitOutcome> before) {
  return LinkageCheck(verification, before).run();
}

} // namespace ssot
