#include "extract/scan.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

namespace {

void sortUnique(std::vector<std::string> &words) {
  llvm::sort(words);
  words.erase(llvm::unique(words), words.end());
}

} // namespace

std::vector<std::string> wholeNames(const Vocabulary &vocabulary) {
  std::vector<std::string> all;
  for (const std::vector<std::string> *names :
       {&vocabulary.names, &vocabulary.created, &vocabulary.called, &vocabulary.interfaces})
    llvm::append_range(all, *names);
  sortUnique(all);
  return all;
}

void TokenWatch::see(const Token &token) {
  if (token.isOneOf(tok::kw_import, tok::annot_module_include, tok::annot_module_begin, tok::annot_header_unit))
    Imports = true;
  if (token.isNot(tok::identifier) || !token.getLocation().isMacroID())
    return;
  // Nearly every identifier that a macro brings comes often.
  const IdentifierInfo *identifier = token.getIdentifierInfo();
  if (!Expanded.contains(identifier) && Out.inProject(token.getLocation()))
    Expanded.insert(identifier);
}

void TokenWatch::finish(const Vocabulary &vocabulary) {
  llvm::DenseSet<llvm::StringRef> spelled;
  // Those in comments and strings too.
  Out.forEachProjectFile([&](FileID id) {
    eachWord(Out.sources().getBufferData(id), [&](llvm::StringRef word) { spelled.insert(word); });
  });
  for (const IdentifierInfo *identifier : Expanded)
    if (!spelled.contains(identifier->getName()))
      Out.facts.expanded.push_back(identifier->getName().str());
  llvm::sort(Out.facts.expanded);

  IdentifierTable &table = Source.getIdentifierTable();
  auto isLexed = [&](llvm::StringRef word) { return table.find(word) != table.end(); };
  auto maySpeakOf = [&](llvm::StringRef name) {
    llvm::SmallVector<llvm::StringRef, 6> parts;
    name.split(parts, "::");
    return Imports || llvm::all_of(parts, isLexed) || spelled.contains(parts.back());
  };
  llvm::copy_if(wholeNames(vocabulary), std::back_inserter(Out.facts.named), maySpeakOf);
}

} // namespace ssot
