#include "migrate/residue.h"

#include "extract/mentions.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>

namespace ssot {

namespace {

std::string lastComponent(const std::string &name) {
  std::size_t at = name.rfind("::");
  return at == std::string::npos ? name : name.substr(at + 2);
}

} // namespace

std::map<std::string, std::string> oldWords(llvm::ArrayRef<JudgedRule> judged) {
  std::map<std::string, std::string> words;
  for (const JudgedRule &rule : judged)
    if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
      for (const NameReplacement &replacement : names->replace)
        words.emplace(lastComponent(replacement.old), rule.rule->id);
  return words;
}

std::vector<Residue> unseenMentions(const Index &index, const std::map<std::string, std::string> &words,
                                    llvm::ArrayRef<std::string> files, const llvm::StringSet<> &unparsed,
                                    ReadFile read) {
  llvm::StringSet<> identifiers;
  for (const auto &[word, rule] : words)
    identifiers.insert(word);
  llvm::StringMap<std::vector<const SkippedFact *>> skipped;
  for (const SkippedFact &fact : index.skipped())
    skipped[index.path(fact.place)].push_back(&fact);
  llvm::StringSet<> parsed;
  for (const IndexedFile &file : index.files())
    if (file.parsed)
      parsed.insert(file.path);
  llvm::StringMap<llvm::DenseSet<std::uint32_t>> known;
  for (const UseFact &use : index.uses())
    known[index.path(use.place)].insert(use.place.begin);

  std::vector<Residue> residue;
  for (const std::string &file : files) {
    std::optional<std::string> text = read(file);
    if (!text)
      continue;
    for (const Mention &mention : mentionsOf(*text, identifiers)) {
      const char *reason = nullptr;
      bool off = llvm::any_of(skipped[file], [&](const SkippedFact *fact) {
        return fact->place.begin <= mention.offset && mention.offset < fact->place.end;
      });
      if (mention.kind != MentionKind::Code)
        reason = "string-or-comment";
      else if (!parsed.contains(file))
        reason = unparsed.contains(file) ? "unparsed-unit" : "unreached-header";
      else if (off && !known[file].contains(mention.offset))
        reason = "inactive-branch";
      if (reason)
        residue.push_back({file, mention.line, mention.column, words.at(mention.word), reason, mention.word});
    }
  }
  return residue;
}

} // namespace ssot
