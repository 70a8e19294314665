#include "gate/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

using namespace ssot;
using namespace testing;

namespace {

/// An entry of site \p name, a letter.
BaselineEntry entry(char name, const std::string &file = "a.cpp", unsigned line = 1, const std::string &rule = "r") {
  return {std::string(16, name), rule, file, line, std::string("ns::") + name, 0};
}

/// One entry for each letter.
Baseline baseline(const std::string &names, const std::string &file = "a.cpp") {
  Baseline result{"baseline", {}};
  for (char name : names)
    result.entries.push_back(entry(name, file));
  return result;
}

std::string namesOf(const std::vector<BaselineEntry> &entries) {
  std::string names;
  for (const BaselineEntry &entry : entries)
    names += entry.identity.front();
  std::sort(names.begin(), names.end());
  return names;
}

std::string errorOf(llvm::StringRef text) {
  llvm::Expected<Baseline> parsed = parseBaseline(text, "b");
  return parsed ? "success" : llvm::toString(parsed.takeError());
}

constexpr char kHeader[] = "# ssot-baseline/1: accepted violations, one a line. Written by `ssot baseline`.\n";

TEST(BaselineFile, IsSortedAndReadable) {
  std::string text = baselineText({entry('b', "src/b.cpp", 2), entry('a', "src/b.cpp", 10), entry('c', "src/a.cpp", 7),
                                   entry('d', "x.cpp", 1, "another")});
  EXPECT_EQ(text, std::string(kHeader) + "dddddddddddddddd\tanother\tx.cpp:1\tns::d\n"
                                         "cccccccccccccccc\tr\tsrc/a.cpp:7\tns::c\n"
                                         "bbbbbbbbbbbbbbbb\tr\tsrc/b.cpp:2\tns::b\n"
                                         "aaaaaaaaaaaaaaaa\tr\tsrc/b.cpp:10\tns::a\n");
}

TEST(BaselineFile, ReadsWhatItWrites) {
  std::vector<BaselineEntry> entries{entry('a', "with space:and colon.cpp", 3), entry('b', "tab\tand\nline.cpp", 4)};
  entries.back().symbol.clear();
  std::string text = baselineText(entries);
  llvm::Expected<Baseline> parsed = parseBaseline(text, "b");
  ASSERT_TRUE(static_cast<bool>(parsed)) << llvm::toString(parsed.takeError());
  ASSERT_EQ(parsed->entries.size(), 2u);
  EXPECT_EQ(parsed->entries[1].file, "with space:and colon.cpp");
  EXPECT_EQ(parsed->entries[1].line, 3u);
  EXPECT_EQ(parsed->entries[1].symbol, "ns::a");
  EXPECT_EQ(parsed->entries[1].mark, 3u);
  EXPECT_EQ(parsed->entries[0].file, "tab\\x09and\\x0aline.cpp");
  EXPECT_EQ(baselineText(parsed->entries), text);
}

TEST(BaselineFile, TheOrderOfEntriesDoesNotMatter) {
  std::vector<BaselineEntry> entries;
  for (int i = 0; i < 50; ++i)
    entries.push_back(entry(static_cast<char>('a' + i % 6), "f" + std::to_string(i % 4), static_cast<unsigned>(i)));
  std::string text = baselineText(entries);
  std::mt19937 random(1);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(entries.begin(), entries.end(), random);
    EXPECT_EQ(baselineText(entries), text);
  }
}

TEST(BaselineFile, SaysWhereItIsWrong) {
  EXPECT_EQ(errorOf(""), "b:1:1: error: this is no baseline that this version reads: its first line does not start "
                         "with '# ssot-baseline/1'");
  EXPECT_THAT(errorOf("# ssot-baseline/12\n"), HasSubstr("no baseline that this version reads"));
  EXPECT_EQ(errorOf(std::string(kHeader)), "success");
  EXPECT_THAT(errorOf(std::string(kHeader) + "<<<<<<< HEAD\n"), StartsWith("b:2:1: error: a merge conflict; "));
  EXPECT_THAT(errorOf(std::string(kHeader) + "# a note\n"), HasSubstr("b:2:1: error: a baseline has no comments; "));
  EXPECT_THAT(errorOf(std::string(kHeader) + "one two\n"), HasSubstr("expected identity, rule, file:line and symbol"));
  EXPECT_THAT(errorOf(std::string(kHeader) + "AAAAAAAAAAAAAAAA\tr\ta:1\n"), HasSubstr("is no identity"));
  EXPECT_EQ(errorOf(std::string(kHeader) + "\naaaaaaaaaaaaaaaa\tr\ta.cpp\n"), "b:3:20: error: 'a.cpp' is no file:line");
  std::string many = kHeader;
  for (int i = 0; i < 15; ++i)
    many += "x\n";
  EXPECT_THAT(errorOf(many), EndsWith("b: and 5 more errors"));
}

// --- matching ---

/// The sites that are not covered, and the entries that match nothing, as "new:... stale:...".
std::string match(const Baseline &baseline, const std::vector<std::pair<char, std::string>> &code,
                  const std::vector<std::string> &files) {
  std::vector<std::string> identities;
  for (const auto &[name, file] : code)
    identities.push_back(std::string(16, name));
  std::vector<BaselineSite> sites;
  for (std::size_t i = 0; i < code.size(); ++i)
    sites.push_back({identities[i], code[i].second});
  BaselineMatch match = matchBaseline(baseline, sites, [&](llvm::StringRef file) {
    return std::find(files.begin(), files.end(), file) != files.end();
  });
  std::string text = "new:";
  for (std::size_t i = 0; i < code.size(); ++i)
    if (!match.covered[i])
      text += std::string(" ") + code[i].first + "@" + code[i].second;
  text += " stale:";
  for (std::size_t entry : match.unmatched)
    text += std::string(" ") + baseline.entries[entry].identity.front() + "@" + baseline.entries[entry].file;
  return text;
}

TEST(BaselineMatching, TellsNewAndNoLongerMatchedApart) {
  EXPECT_EQ(match(baseline("ab"), {{'a', "a.cpp"}, {'b', "a.cpp"}}, {"a.cpp"}), "new: stale:");
  EXPECT_EQ(match(baseline("ab"), {{'b', "a.cpp"}}, {"a.cpp"}), "new: stale: a@a.cpp");
  EXPECT_EQ(match(baseline("ab"), {{'b', "a.cpp"}, {'c', "a.cpp"}}, {"a.cpp"}), "new: c@a.cpp stale: a@a.cpp");
}

TEST(BaselineMatching, CountsEqualSitesOfAFile) {
  EXPECT_EQ(match(baseline("aa"), {{'a', "a.cpp"}, {'a', "a.cpp"}, {'a', "a.cpp"}}, {"a.cpp"}), "new: a@a.cpp stale:");
  EXPECT_EQ(match(baseline("aa"), {{'a', "a.cpp"}}, {"a.cpp"}), "new: stale: a@a.cpp");
}

TEST(BaselineMatching, AFixInOneFileHidesNothingInAnother) {
  EXPECT_EQ(match(baseline("a"), {{'a', "b.cpp"}}, {"a.cpp", "b.cpp"}), "new: a@b.cpp stale: a@a.cpp");
}

TEST(BaselineMatching, FollowsAFileThatWasRenamed) {
  EXPECT_EQ(match(baseline("aab"), {{'a', "b.cpp"}, {'a', "b.cpp"}, {'b', "b.cpp"}}, {"b.cpp"}), "new: stale:");
  EXPECT_EQ(match(baseline("a"), {{'a', "b.cpp"}, {'a', "b.cpp"}}, {"b.cpp"}), "new: a@b.cpp stale:");
  // The entry of the file that is there goes first.
  Baseline both = baseline("a");
  both.entries.push_back(entry('a', "b.cpp"));
  EXPECT_EQ(match(both, {{'a', "b.cpp"}}, {"b.cpp"}), "new: stale: a@a.cpp");
}

// --- merging ---

std::string merged(const std::string &base, const std::string &ours, const std::string &theirs) {
  return namesOf(mergeBaselines(baseline(base), baseline(ours), baseline(theirs)));
}

TEST(BaselineMerging, WhatEitherSideRemovedIsGone) {
  EXPECT_EQ(merged("abc", "ab", "abc"), "ab");
  EXPECT_EQ(merged("abc", "abc", "bc"), "bc");
  EXPECT_EQ(merged("abc", "ab", "bc"), "b");
  EXPECT_EQ(merged("abc", "", "abc"), "");
}

TEST(BaselineMerging, WhatOneSideAddedStays) {
  EXPECT_EQ(merged("a", "ab", "ac"), "abc");
  EXPECT_EQ(merged("a", "ab", "ab"), "ab");
  EXPECT_EQ(merged("", "ab", "bc"), "abc");
}

TEST(BaselineMerging, CountsEqualEntries) {
  EXPECT_EQ(merged("aaa", "aa", "aaa"), "aa");
  EXPECT_EQ(merged("aaa", "aa", "a"), "a");
  EXPECT_EQ(merged("a", "aaa", "aa"), "aaa");
  EXPECT_EQ(merged("aa", "aaaa", "a"), "a"); // one side removes, the other adds: the stricter one
}

TEST(BaselineMerging, TakesOurLines) {
  Baseline base = baseline("a"), ours = baseline("a"), theirs = baseline("a");
  ours.entries[0].line = 5;
  theirs.entries[0].line = 9;
  std::vector<BaselineEntry> result = mergeBaselines(base, ours, theirs);
  ASSERT_EQ(result.size(), 1u);
  EXPECT_EQ(result[0].line, 5u);
}

/// The properties that a merge must have whatever the histories were: same result from both sides, nothing that either
/// removed, nothing that nobody had.
TEST(BaselineMerging, IsSymmetricAndNeverLaxerThanASideThatRemoved) {
  std::mt19937 random(7);
  std::bernoulli_distribution coin(0.5);
  for (int run = 0; run < 500; ++run) {
    std::string base, ours, theirs;
    for (char name : std::string("aabbcdef")) {
      if (coin(random))
        base += name;
      if (coin(random))
        ours += name;
      if (coin(random))
        theirs += name;
    }
    std::string result = merged(base, ours, theirs);
    EXPECT_EQ(result, merged(base, theirs, ours));
    for (char name : std::string("abcdef")) {
      auto count = [&](const std::string &text) { return std::count(text.begin(), text.end(), name); };
      EXPECT_LE(count(result), std::max(count(ours), count(theirs)));
      if (count(ours) < count(base) || count(theirs) < count(base))
        EXPECT_EQ(count(result), std::min(count(ours), count(theirs)));
    }
  }
}

} // namespace
