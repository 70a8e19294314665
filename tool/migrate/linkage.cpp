#include "migrate/linkage.h"

#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>

#include <map>
#include <string>

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
  LinkageCheck(Verification &verification, llvm::ArrayRef<UnitOutcome> before) : Proof(verification) {
    for (std::size_t unit = 0; unit < before.size(); ++unit) {
      llvm::append_range(Before, functionsOf(before[unit].facts));
      auto now = Proof.facts.find(unit);
      llvm::append_range(Now, functionsOf(now == Proof.facts.end() ? before[unit].facts : now->second));
    }
    for (const WrittenFunction &function : Before)
      if (function.isDefined)
        DefinedBefore.emplace(function.usr, &function);
    for (const WrittenFunction &function : Now)
      (function.isDefined ? DefinedNow : DeclaredNow).emplace(function.usr, &function);
  }

  std::vector<LeftEdit> run() {
    for (const WrittenFunction &function : Before) {
      std::vector<std::size_t> edits = editsIn(function);
      auto definition = DefinedBefore.find(function.usr);
      if (edits.empty() || definition == DefinedBefore.end())
        continue;
      if (isStillThere(function))
        continue;
      const auto &others = function.isDefined ? DeclaredNow : DefinedNow;
      auto rest = others.find(function.usr);
      if (rest == others.end())
        continue;
      for (std::size_t edit : edits)
        Taken.emplace(edit, quoted(function.name) + " is still " + (function.isDefined ? "declared" : "defined") +
                                " with the old parameters, at " + rest->second->file + ":" +
                                std::to_string(rest->second->line));
    }
    return takeOut(Proof.edits, Taken);
  }

private:
  /// Whether the edits leave it the function that it is: they lie in its result or in a default.
  bool isStillThere(const WrittenFunction &function) const {
    return llvm::any_of(Now, [&](const WrittenFunction &now) {
      return now.usr == function.usr && now.file == function.file && now.isDefined == function.isDefined;
    });
  }

  std::vector<std::size_t> editsIn(const WrittenFunction &function) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < Proof.edits.size(); ++i)
      if (const Edit &edit = Proof.edits[i];
          edit.file == function.file && !edit.isInclude() && function.begin <= edit.begin && edit.end <= function.end)
        found.push_back(i);
    return found;
  }

  Verification &Proof;
  std::vector<WrittenFunction> Before, Now;
  std::map<std::string, const WrittenFunction *> DefinedBefore, DefinedNow, DeclaredNow; ///< by USR
  std::map<std::size_t, std::string> Taken;
};

} // namespace

std::vector<LeftEdit> takeUnlinked(Verification &verification, llvm::ArrayRef<UnitOutcome> before) {
  return LinkageCheck(verification, before).run();
}

} // namespace ssot
