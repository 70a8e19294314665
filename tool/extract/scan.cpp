#include "extract/scan.h"

#include "facts/words.h"

#include <clang/Basic/CharInfo.h>
#include <clang/Lex/PreprocessorOptions.h>

#include <llvm/ADT/STLExtras.h>

#include <array>

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

bool TokenWatch::speaksOfNone(const VocabularyNames &names) const {
  // What a precompiled header or a module declares comes without tokens.
  if (Imports || !Source.getPreprocessorOpts().ImplicitPCHInclude.empty())
    return false;
  IdentifierTable &table = Source.getIdentifierTable();
  // `operator==` and `~T` are more than one token.
  return llvm::none_of(names.identifiers(), [&](const llvm::StringMapEntry<std::nullopt_t> &word) {
    return !isValidAsciiIdentifier(word.getKey()) || table.find(word.getKey()) != table.end();
  });
}

llvm::DenseSet<llvm::StringRef> TokenWatch::spelledOf(const llvm::DenseSet<llvm::StringRef> &words) {
  llvm::DenseSet<llvm::StringRef> spelled;
  if (words.empty())
    return spelled;
  std::array<bool, 256> begins{};
  for (llvm::StringRef word : words)
    if (!word.empty())
      begins[static_cast<unsigned char>(word.front())] = true;
  Out.forEachProjectFile([&](FileID id) {
    eachWord(Out.sources().getBufferData(id), [&](llvm::StringRef word) {
      if (begins[static_cast<unsigned char>(word.front())] && words.contains(word))
        spelled.insert(word);
    });
  });
  return spelled;
}

void TokenWatch::finish(const Vocabulary &vocabulary) {
  IdentifierTable &table = Source.getIdentifierTable();
  auto isLexed = [&](llvm::StringRef name) {
    llvm::SmallVector<llvm::StringRef, 6> parts;
    name.split(parts, "::");
    return Imports || llvm::all_of(parts, [&](llvm::StringRef word) { return table.find(word) != table.end(); });
  };
  auto lastOf = [](llvm::StringRef name) { return name.contains("::") ? name.rsplit("::").second : name; };
  llvm::DenseSet<llvm::StringRef> asked;
  for (const IdentifierInfo *identifier : Expanded)
    asked.insert(identifier->getName());
  std::vector<std::string> names = wholeNames(vocabulary);
  for (const std::string &name : names)
    if (!isLexed(name))
      asked.insert(lastOf(name));
  llvm::DenseSet<llvm::StringRef> spelled = spelledOf(asked);

  for (const IdentifierInfo *identifier : Expanded)
    if (!spelled.contains(identifier->getName()))
      Out.facts.expanded.push_back(identifier->getName().str());
  llvm::sort(Out.facts.expanded);
  for (std::string &name : names)
    if (isLexed(name) || spelled.contains(lastOf(name)))
      Out.facts.named.push_back(std::move(name));
}

} // namespace ssot
