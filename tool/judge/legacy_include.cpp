// legacy-include: whoever includes the old header includes the new one instead.
//
// A header is known by the name the rule gives it, and, however it was spelled (`../message_router.h`), by the path of
// the file it led to.

#include "judge/sites.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <map>

namespace ssot {

namespace {

/// \returns a pattern for the headers that a replacement with groups can name.
Pattern patternOfTemplate(llvm::StringRef replacement) {
  std::string expression;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    char c = replacement[i];
    if (c == '$' && i + 1 < replacement.size() && llvm::isDigit(replacement[i + 1])) {
      expression += ".*";
      ++i;
      continue;
    }
    if (c == '$' && i + 1 < replacement.size() && replacement[i + 1] == '$')
      ++i;
    if (!llvm::isAlnum(c) && static_cast<unsigned char>(c) < 0x80)
      expression += '\\';
    expression += c;
  }
  return llvm::cantFail(Pattern::compile(expression));
}

class LegacyIncludeJudge {
public:
  LegacyIncludeJudge(const JudgeContext &context, const LegacyIncludeRule &rule)
      : Context(context), Known(context.index), Rule(rule) {
    for (const IncludeReplacement &entry : rule.replace)
      NewHeaders.push_back(patternOfTemplate(entry.replacement));
    // A file that some include names as the rule does is that header, whatever others call it.
    for (const IncludeFact &include : Known.includes())
      if (include.resolved)
        if (std::optional<Verdict> named = verdictOf(Known.text(include.spelled)))
          NamedFiles.try_emplace(include.resolved, Header{Known.text(include.spelled), *named});
  }

  Judgement run() {
    for (const IncludeFact &include : Known.includes())
      if (Context.covers(include.place))
        if (std::optional<Header> header = headerOf(include))
          add(include, *header);
    return std::move(Result);
  }

private:
  /// A header of the rule, by a name that one of its patterns matches.
  struct Header {
    llvm::StringRef name;
    Verdict verdict;
  };

  std::optional<Verdict> verdictOf(llvm::StringRef name) const {
    if (llvm::any_of(Rule.replace, [&](const IncludeReplacement &entry) { return entry.old.matches(name); }))
      return Verdict::Violation;
    if (llvm::any_of(NewHeaders, [&](const Pattern &pattern) { return pattern.matches(name); }))
      return Verdict::Compliant;
    return std::nullopt;
  }

  std::optional<Header> headerOf(const IncludeFact &include) {
    auto [entry, isNew] = Headers.try_emplace({include.spelled, include.resolved});
    if (isNew)
      entry->second = findHeader(Known.text(include.spelled), include.resolved);
    return entry->second;
  }

  std::optional<Header> findHeader(llvm::StringRef spelled, StringId resolved) const {
    if (std::optional<Verdict> verdict = verdictOf(spelled))
      return Header{spelled, *verdict};
    if (!resolved)
      return std::nullopt;
    if (auto named = NamedFiles.find(resolved); named != NamedFiles.end())
      return named->second;
    llvm::StringRef tail = spelled;
    while (tail.consume_front("./") || tail.consume_front("../")) {
    }
    // Every way to spell the file from some folder above it. One that says less than what is written could be any file
    // of that name.
    for (llvm::StringRef rest = Known.text(resolved); !rest.empty(); rest = rest.split('/').second) {
      if (rest.size() < tail.size() && !rest.contains('/'))
        break;
      if (std::optional<Verdict> verdict = verdictOf(rest))
        return Header{rest, *verdict};
    }
    return std::nullopt;
  }

  void add(const IncludeFact &include, const Header &header) {
    Site &site = Result.sites.emplace_back();
    site.place = include.place;
    site.verdict = header.verdict;
    site.symbol = Known.text(include.spelled).str();
    site.identity = "include|" + site.symbol;
    if (header.verdict == Verdict::Compliant)
      return;
    for (const IncludeReplacement &entry : Rule.replace)
      if (entry.old.rewrite(header.name, entry.replacement, site.canonical))
        break;
    site.message = quoted(site.symbol) + " is a legacy header; include " + quoted(site.canonical) + " instead";
    site.fixable = true;
  }

  const JudgeContext &Context;
  const Index &Known;
  const LegacyIncludeRule &Rule;
  std::vector<Pattern> NewHeaders;
  llvm::DenseMap<StringId, Header> NamedFiles;
  std::map<std::pair<StringId, StringId>, std::optional<Header>>
      Headers; ///< the same few headers are included thousands of times
  Judgement Result;
};

} // namespace

Judgement judgeRule(const JudgeContext &context, const LegacyIncludeRule &rule) {
  return LegacyIncludeJudge(context, rule).run();
}

} // namespace ssot
