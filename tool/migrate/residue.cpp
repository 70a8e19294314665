#include "migrate/residue.h"

#include "extract/mentions.h"
#include "facts/words.h"
#include "judge/sites.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>

namespace ssot {

namespace {

/// Whether the text before a word is `scope ::`.
bool standsIn(llvm::StringRef before, llvm::StringRef scope) {
  before = before.rtrim();
  return scope.empty() || (before.consume_back("::") && before.rtrim().ends_with(scope));
}

/// \returns the old name that a mention speaks of, as far as the scope in front of it tells; else null.
const OldWord *oldWordAt(const Mention &mention, llvm::StringRef text, const OldWords &words,
                         std::string OldWord::*scope) {
  auto [begin, end] = words.equal_range(mention.word);
  for (auto at = begin; at != end; ++at)
    if (standsIn(text.take_front(mention.offset), at->second.*scope))
      return &at->second;
  return nullptr;
}

llvm::StringSet<> identifiersOf(const OldWords &words) {
  llvm::StringSet<> identifiers;
  for (const auto &[word, old] : words)
    identifiers.insert(word);
  return identifiers;
}

} // namespace

OldWords oldWords(llvm::ArrayRef<JudgedRule> judged) {
  OldWords words;
  for (const JudgedRule &rule : judged)
    if (const auto *call = std::get_if<LegacyCallRule>(&rule.rule->body)) {
      OldWord word{rule.rule->id, unqualified(scopeOf(call->from.value)).str(), std::string()};
      if (unqualified(call->from.value) == unqualified(call->canonical))
        word.scope = word.space;
      words.emplace(unqualified(call->from.value), std::move(word));
    } else if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
      for (const NameReplacement &replacement : names->replace) {
        OldWord word{rule.rule->id, unqualified(scopeOf(replacement.old)).str(), std::string()};
        if (unqualified(replacement.old) == unqualified(replacement.replacement))
          word.scope = word.space;
        words.emplace(unqualified(replacement.old), std::move(word));
      }
  return words;
}

std::vector<Residue> unseenMentions(const Index &index, const OldWords &words, llvm::ArrayRef<std::string> files,
                                    const llvm::StringSet<> &unparsed, ReadFile read) {
  llvm::StringSet<> identifiers = identifiersOf(words);
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
      const OldWord *old = oldWordAt(mention, *text, words, &OldWord::scope);
      if (!old)
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
        residue.push_back({file, mention.line, mention.column, old->rule, reason, mention.word});
    }
  }
  return residue;
}

std::vector<Residue> outsideRuleScope(const Index &index, llvm::ArrayRef<JudgedRule> judged, const PathScope &scope) {
  std::vector<Residue> residue;
  for (const JudgedRule &rule : judged) {
    llvm::StringSet<> old;
    if (const auto *call = std::get_if<LegacyCallRule>(&rule.rule->body))
      old.insert(call->from.value);
    else if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
      for (const NameReplacement &replacement : names->replace)
        old.insert(replacement.old);
    for (const UseFact &use : index.uses()) {
      llvm::StringRef path = index.path(use.place);
      bool isOutside =
          index.files()[use.place.file].inProject && scope.contains(path) && !rule.rule->scope.contains(path);
      if (isOutside && old.contains(index.text(use.name)))
        residue.push_back({path.str(), use.place.line, use.place.column, rule.rule->id, "outside-scope",
                           "outside of the rule's own scope"});
    }
  }
  return residue;
}

std::vector<Residue> outsideScope(const OldWords &words, llvm::ArrayRef<std::string> files, ReadFile read) {
  llvm::StringSet<> identifiers = identifiersOf(words);
  std::vector<Residue> residue;
  for (const std::string &file : files) {
    std::optional<std::string> text = read(file);
    if (!text)
      continue;
    for (const Mention &mention : mentionsOf(*text, identifiers)) {
      const OldWord *old = oldWordAt(mention, *text, words, &OldWord::space);
      if (old && mention.kind == MentionKind::Code)
        residue.push_back({file, mention.line, mention.column, old->rule, "outside-scope", "the file is out of scope"});
    }
  }
  return residue;
}

} // namespace ssot
