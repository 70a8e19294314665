// Which texts may hold what a rule selects: never too few.

#include "config/sieve.h"

#include "unit/config/files.h"

namespace ssot {
namespace {

class SieveTest : public RuleFiles {
protected:
  Sieve sieve(const std::string &match, const std::string &kind = "single-class") const {
    return Sieve(
        load("ssot: 1\nrules:\n  - {id: it, kind: " + kind + ", canonical: n::A, match: " + match + "}\n").rules);
  }
  static bool selects(const Sieve &sieve, llvm::StringRef text) { return sieve.selects(sieve.marksOf(text)); }
};

TEST_F(SieveTest, AsksForTheWordsThatAPatternNeeds) {
  Sieve router = sieve("{name: \"app::.*Router\"}");
  EXPECT_TRUE(selects(router, "namespace app { class OldRouter {}; }"));
  EXPECT_FALSE(selects(router, "namespace app { class Old {}; }"));
  EXPECT_FALSE(selects(router, "class OldRouter;")) << "the namespace is written nowhere";
  EXPECT_FALSE(selects(router, "namespace app { int router; }")) << "the case of a plain pattern counts";
  EXPECT_TRUE(selects(router, "namespace app { class OldRou\\\nter {}; }")) << "a line goes on";
}

TEST_F(SieveTest, OfAlternativesOneIsEnough) {
  Sieve either = sieve("{name: \".*::(split|tokenize)(_string)?\"}", "single-function");
  EXPECT_TRUE(selects(either, "int split();"));
  EXPECT_TRUE(selects(either, "int tokenize_string();"));
  EXPECT_TRUE(selects(either, "int SPLIT();")) << "how it is spelled cannot be told from this pattern";
  EXPECT_FALSE(selects(either, "int join();"));
}

TEST_F(SieveTest, CountsMethods) {
  Sieve two = sieve("{methods: {names: [send, route, drop], at-least: 2}}");
  EXPECT_TRUE(selects(two, "void send(); void drop();"));
  EXPECT_FALSE(selects(two, "void send(); void dropped();")) << "methods are whole words";
}

TEST_F(SieveTest, SaysWhichRuleNeedsEverything) {
  EXPECT_EQ(sieve("{similar: 0.9}").everything(), "rule 'it' compares all bodies");
  EXPECT_EQ(sieve("{name: \".*\"}").everything(), "rule 'it' has a pattern that may match any name");
  EXPECT_EQ(sieve("{name: \"Xy.*\"}").everything(), "");
}

TEST_F(SieveTest, OneListOfWordsIsEnough) {
  Sieve words = Sieve::ofWords({{"post", "Chat"}, {"go"}});
  EXPECT_TRUE(selects(words, "chat.go()"));
  EXPECT_TRUE(selects(words, "class Chat; x.post();"));
  EXPECT_FALSE(selects(words, "x.post();"));
}

} // namespace
} // namespace ssot
