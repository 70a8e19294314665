// size-limit: files and functions that a person can still read.

#include "judge/sites.h"

namespace ssot {

namespace {

Site siteOf(const Place &place, std::string symbol, std::string identity, const char *what, unsigned lines,
            unsigned limit) {
  Site site;
  site.place = place;
  site.role = Role::Implementation;
  site.symbol = std::move(symbol);
  site.identity = std::move(identity);
  site.verdict = lines > limit ? Verdict::Violation : Verdict::Compliant;
  if (lines > limit)
    site.message = quoted(site.symbol) + ": " + what + " of " + std::to_string(lines) + " lines; the limit is " +
                   std::to_string(limit);
  return site;
}

Place startOf(std::uint32_t file) {
  Place place;
  place.file = file;
  place.line = place.column = place.endLine = place.endColumn = 1;
  return place;
}

} // namespace

Judgement judgeRule(const JudgeContext &context, const SizeLimitRule &rule) {
  const Index &index = context.index;
  Judgement judgement;
  for (std::uint32_t i = 0; rule.maxFileLines && i < index.files().size(); ++i) {
    const IndexedFile &file = index.files()[i];
    llvm::StringRef name = llvm::StringRef(file.path).rsplit('/').second;
    if (name.empty())
      name = file.path;
    if (file.parsed && context.covers(startOf(i)))
      judgement.sites.push_back(
          siteOf(startOf(i), name.str(), "file|" + name.str(), "a file", file.lines, *rule.maxFileLines));
  }
  for (const FunctionFact &function : index.functions())
    // What stands in a function, a lambda or a local class, is a part of its length.
    if (rule.maxFunctionLines && !function.isLocalOrLambda && context.covers(function.place))
      judgement.sites.push_back(siteOf(function.place, index.text(function.name).str(), identityOf(index, function),
                                       "a body", function.bodyLines, *rule.maxFunctionLines));
  return judgement;
}

} // namespace ssot
