#include "config/sieve.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <re2/filtered_re2.h>

namespace ssot {

namespace {

/// Shorter pieces of a pattern stand in every file.
constexpr int kShortestAtom = 2;

/// What qualified names hold that no source spells.
bool isMadeUp(llvm::StringRef piece) { return llvm::StringRef("(anonymous)operator()").contains(piece); }

/// Whether each literal character of the pattern stands for itself and next to its neighbours.
bool isPlain(llvm::StringRef pattern) {
  return llvm::all_of(pattern, [](char c) { return llvm::isAlnum(c) || llvm::StringRef("_:.*+").contains(c); });
}

/// How \p piece, in lower case, is spelled in a pattern; empty when that cannot be told.
std::vector<std::string> spellingsIn(llvm::StringRef pattern, llvm::StringRef piece) {
  std::vector<std::string> spellings;
  if (!isPlain(pattern))
    return spellings;
  std::string lower = pattern.lower();
  for (std::size_t at = lower.find(piece); at != std::string::npos; at = lower.find(piece, at + 1))
    if (std::string spelled = pattern.substr(at, piece.size()).str(); !llvm::is_contained(spellings, spelled))
      spellings.push_back(std::move(spelled));
  return spellings;
}

/// The text with continued lines joined: an identifier may go on in the next line.
std::string joined(llvm::StringRef text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto [before, after] = text.split('\\');
    result += before;
    if (before.size() == text.size())
      break;
    if (!after.consume_front("\r\n") && !after.consume_front("\n"))
      result += '\\';
    text = after;
  }
  return result;
}

} // namespace

class SieveBuilder {
public:
  explicit SieveBuilder(Sieve &sieve) : Out(sieve) {}

  void operator()(const SingleClassRule &rule) {
    single(rule.match);
    addMethods(rule.match.methodNames, std::max(1u, rule.match.methodsAtLeast));
  }
  void operator()(const SingleFunctionRule &rule) {
    single(rule.match);
    addMethods(rule.match.methodNames, 1);
  }
  void operator()(const EventOrderRule &) { all("follows events through all functions"); }
  void operator()(const MatcherRule &) { all("has a matcher of its own"); }
  void operator()(const OneDefinitionRule &rule) {
    if (rule.names)
      addPattern(*rule.names);
    else
      all("asks about every type");
  }
  void operator()(const SizeLimitRule &rule) {
    if (rule.maxFunctionLines)
      all("asks about every function");
  }
  // The preprocessor tells of includes, and of names that are spelled out whole.
  void operator()(const LegacyIncludeRule &) {}
  void operator()(const LegacyNameRule &) {}
  void operator()(const LegacyCallRule &) {}
  void operator()(const FactoryOnlyRule &) {}
  void operator()(const SameInterfaceRule &) {}

  void addWords(llvm::ArrayRef<std::string> words) {
    Sieve::WordTest test;
    test.atLeast = static_cast<unsigned>(words.size());
    for (const std::string &word : words)
      test.marks.push_back(markOfWord(word));
    Out.WordTests.push_back(std::move(test));
  }

  std::string rule;

private:
  void all(const char *why) {
    if (Out.Everything.empty())
      Out.Everything = "rule '" + rule + "' " + why;
  }

  void single(const Match &match) {
    if (match.similar)
      all("compares all bodies");
    if (match.name)
      addPattern(*match.name);
  }

  unsigned markOfWord(llvm::StringRef word) {
    auto [known, isNew] = Out.Words.try_emplace(word, Out.Count);
    if (isNew)
      ++Out.Count;
    return known->second;
  }

  void addMethods(llvm::ArrayRef<std::string> names, unsigned atLeast) {
    Sieve::WordTest test;
    test.atLeast = atLeast;
    for (const std::string &name : names) {
      if (!llvm::all_of(name, isWordByte)) // an operator may be written with spaces, or declared as something else
        return all("asks about an operator");
      test.marks.push_back(markOfWord(name));
    }
    Out.Text += "methods " + std::to_string(atLeast) + " " + llvm::join(names, " ") + "\n";
    if (!test.marks.empty())
      Out.WordTests.push_back(std::move(test));
  }

  unsigned markOfPiece(llvm::StringRef piece, llvm::StringRef pattern) {
    Sieve::Substring substring;
    substring.spellings = spellingsIn(pattern, piece);
    substring.ignoresCase = substring.spellings.empty();
    if (substring.ignoresCase)
      substring.spellings.push_back(piece.str());
    for (const Sieve::Substring &known : Out.Substrings)
      if (known.spellings == substring.spellings && known.ignoresCase == substring.ignoresCase)
        return known.mark;
    substring.mark = Out.Count++;
    Out.Substrings.push_back(std::move(substring));
    return Out.Substrings.back().mark;
  }

  /// What a text must hold where a name holds \p atom: its identifiers. The scopes of a name are written elsewhere.
  std::vector<unsigned> marksOfAtom(llvm::StringRef atom, llvm::StringRef pattern) {
    std::vector<unsigned> marks;
    if (!llvm::all_of(atom, [](char c) { return c == ':' || llvm::isAlnum(c) || c == '_'; }))
      return marks;
    llvm::SmallVector<llvm::StringRef, 4> pieces;
    atom.split(pieces, ':', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef piece : pieces)
      if (!isMadeUp(piece))
        marks.push_back(markOfPiece(piece, pattern));
    return marks;
  }

  void addPattern(const Pattern &pattern) {
    Out.Text += "pattern " + pattern.text() + "\n";
    Sieve::PatternTest test;
    test.filter = std::make_unique<re2::FilteredRE2>(kShortestAtom);
    re2::RE2::Options options;
    options.set_log_errors(false);
    int id = 0;
    if (test.filter->Add(pattern.text(), options, &id) != re2::RE2::NoError)
      return all("has a pattern that matches anything");
    std::vector<std::string> atoms;
    test.filter->Compile(&atoms);
    for (const std::string &atom : atoms)
      test.atoms.push_back(marksOfAtom(atom, pattern.text()));
    if (atoms.empty())
      return all("has a pattern that may match any name");
    Out.Patterns.push_back(std::move(test));
  }

  Sieve &Out;
};

Sieve::Sieve() = default;
Sieve::Sieve(Sieve &&) noexcept = default;
Sieve &Sieve::operator=(Sieve &&) noexcept = default;
Sieve::~Sieve() = default;

Sieve::Sieve(const std::vector<Rule> &rules) {
  SieveBuilder builder(*this);
  for (const Rule &rule : rules) {
    builder.rule = rule.id;
    std::visit([&](const auto &body) { builder(body); }, rule.body);
  }
  // Nothing is searched for where nothing can be passed over; what the empty text selects is selected everywhere.
  if (Everything.empty() && selects(none()))
    Everything = "a pattern may match any name";
}

Sieve Sieve::ofWords(llvm::ArrayRef<std::vector<std::string>> lists) {
  Sieve sieve;
  SieveBuilder builder(sieve);
  for (const std::vector<std::string> &words : lists) {
    builder.addWords(words);
    sieve.Text += "words " + llvm::join(words, " ") + "\n";
  }
  return sieve;
}

Sieve::Marks Sieve::marksOf(llvm::StringRef text) const {
  Marks marks = none();
  if (Count == 0)
    return marks;
  std::string whole;
  if (text.contains("\\\n") || text.contains("\\\r\n")) {
    whole = joined(text);
    text = whole;
  }
  // A trigraph may stand for the backslash that continues a line.
  if (text.contains("\?\?/"))
    return marks.set();
  if (!Words.empty())
    eachWord(text, [&](llvm::StringRef word) {
      if (auto known = Words.find(word); known != Words.end())
        marks.set(known->second);
    });
  std::string lower;
  if (llvm::any_of(Substrings, [](const Substring &substring) { return substring.ignoresCase; }))
    lower = text.lower();
  for (const Substring &substring : Substrings) {
    llvm::StringRef within = substring.ignoresCase ? llvm::StringRef(lower) : text;
    auto isThere = [&](const std::string &spelling) {
      return ::memmem(within.data(), within.size(), spelling.data(), spelling.size()) != nullptr;
    };
    if (llvm::any_of(substring.spellings, isThere))
      marks.set(substring.mark);
  }
  return marks;
}

bool Sieve::selects(const Marks &marks) const {
  auto isMarked = [&](unsigned mark) { return marks.test(mark); };
  for (const WordTest &test : WordTests)
    if (llvm::count_if(test.marks, isMarked) >= static_cast<std::ptrdiff_t>(test.atLeast))
      return true;
  for (const PatternTest &test : Patterns) {
    std::vector<int> matched, potentials;
    for (std::size_t i = 0; i < test.atoms.size(); ++i)
      if (llvm::all_of(test.atoms[i], isMarked))
        matched.push_back(static_cast<int>(i));
    test.filter->AllPotentials(matched, &potentials);
    if (!potentials.empty())
      return true;
  }
  return false;
}

} // namespace ssot
