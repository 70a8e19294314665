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

std::string scopeOf(const std::string &name) {
  std::size_t at = name.rfind("::");
  return at == std::string::npos ? std::string() : name.substr(0, at);
}

/// Whether the text before a word is `scope ::`.
bool standsIn(llvm::StringRef before, llvm::StringRef scope) {
  before = before.rtrim();
  return scope.empty() || (before.consume_back("::") && before.rtrim().ends_with(scope));
}

} // namespace

std::map<std::string, OldWord> oldWords(llvm::ArrayRef<JudgedRule> judged) {
  std::map<std::string, OldWord> words;
  for (const JudgedRule &rule : judged)
    if (const auto *call = std::get_if<LegacyCallRule>(&rule.rule->body)) {
      OldWord word{rule.rule->id, std::string()};
      if (lastComponent(call->from.value) == lastComponent(call->canonical))
        word.scope = lastComponent(scopeOf(call->from.value));
      words.emplace(lastComponent(call->from.value), std::move(word));
    } else if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
      for (const NameReplacement &replacement : names->replace) {
        OldWord word{rule.rule->id, std::string()};
        if (lastComponent(replacement.old) == lastComponent(replacement.replacement))
          word.scope = lastComponent(scopeOf(replacement.old));
        words.emplace(lastComponent(replacement.old), std::move(word));
      }
  return words;
}

std::vector<Residue> unseenMentions(const Index &index, const std::map<std::string, OldWord> &words,
                                    llvm::ArrayRef<std::string> files, const llvm::StringSet<> &unparsed,
                                    ReadFile read) {
  llvm::StringSet<> identifiers;
  for (const auto &[word, old] : words)
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
      const OldWord &old = words.at(mention.word);
      if (!standsIn(llvm::StringRef(*text).take_front(mention.offset), old.scope))
        continue;
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
        residue.push_back({file, mention.line, mention.column, old.rule, reason, mention.word});
    }
  }
  return residue;
}

} // namespace ssot
