#include "support/marks.h"

#include "judge/marked_text.h"
#include "support/extracted.h"

#include <llvm/ADT/STLExtras.h>

#include <map>

namespace ssot::test {

namespace {

const char *markOf(const Site &site) {
  if (site.verdict == Verdict::Violation)
    return "violation";
  return site.role == Role::Adapter ? "adapter" : "compliant";
}

const char *markOf(const Aside &aside) {
  if (aside.unjudged)
    return "unjudged";
  return aside.role == Role::TestDouble ? "test-double" : aside.role == Role::Alias ? "alias" : "declaration";
}

/// Puts marks into one file's text, from the end so that offsets stay true.
std::string mark(std::string text, std::vector<std::pair<Place, std::string>> marks) {
  llvm::sort(marks,
             [](const auto &a, const auto &b) { return std::tie(a.first, a.second) < std::tie(b.first, b.second); });
  for (const auto &[place, word] : llvm::reverse(marks)) {
    text.insert(place.end, "]]");
    text.insert(place.begin, "$" + word + "[[");
  }
  return text;
}

std::string join(const Sources &files) {
  std::string all;
  for (const auto &[name, text] : files)
    all += "//- " + name + "\n" + text;
  return all;
}

} // namespace

Pattern pattern(const std::string &expression) { return llvm::cantFail(Pattern::compile(expression)); }

Located<std::string> located(const std::string &text) { return {text, Mark{"rules.yaml", 1, 1}}; }

Checked check(const std::string &markedCode, RuleBody body, std::vector<std::string> flags) {
  Sources plain, marked;
  for (const MarkedFile &file : readMarked(markedCode, "main.cpp")) {
    std::vector<std::pair<Place, std::string>> expected;
    for (const CodeMark &each : file.marks)
      expected.emplace_back(Place{.begin = each.begin, .end = each.end}, each.word);
    plain[file.path] = file.text;
    marked[file.path] = file.isClosed ? mark(file.text, expected) : "a mark has no end";
  }

  Config config;
  config.tests.push_back(llvm::cantFail(Glob::compile("**/test*/**")));
  Rule rule;
  rule.id = "the-rule";
  rule.body = std::move(body);
  config.rules.push_back(rule);

  Checked checked;
  checked.expected = join(marked);
  Linker linker;
  for (const auto &[name, text] : plain) {
    if (!llvm::StringRef(name).ends_with(".cpp"))
      continue;
    UnitFacts facts = extract(plain, vocabularyOf(config.rules), name, flags);
    if (facts.error)
      checked.found +=
          facts.error->file + ":" + std::to_string(facts.error->line) + ": error: " + facts.error->message + "\n";
    linker.add(std::move(facts));
  }
  checked.index = linker.finish();
  checked.judgement = judge(JudgeContext{checked.index, config, config.rules.front()});

  std::map<std::string, std::vector<std::pair<Place, std::string>>> marks;
  for (const Site &site : checked.judgement.sites)
    marks[checked.index.path(site.place).str()].emplace_back(site.place, markOf(site));
  for (const Aside &aside : checked.judgement.asides)
    marks[checked.index.path(aside.place).str()].emplace_back(aside.place, markOf(aside));
  for (auto &[name, text] : plain)
    text = mark(text, marks[name]);
  checked.found += join(plain);
  return checked;
}

std::vector<std::string> Checked::messages() const {
  std::vector<std::string> texts;
  for (const Site &site : judgement.sites)
    if (site.verdict == Verdict::Violation)
      texts.push_back(site.message);
  return texts;
}

std::vector<std::string> Checked::notes() const {
  std::vector<std::string> texts;
  for (const Site &site : judgement.sites)
    for (const Note &note : site.notes)
      texts.push_back(note.message);
  return texts;
}

std::vector<std::string> Checked::problems() const {
  std::vector<std::string> texts;
  for (const RuleProblem &problem : judgement.problems)
    texts.push_back(problem.code + ": " + problem.message);
  return texts;
}

} // namespace ssot::test
