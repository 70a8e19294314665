// What extraction must look for, from the rules.

#include "unit/config/files.h"

namespace ssot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class VocabularyOf : public RuleFiles {
protected:
  Vocabulary vocabulary(const std::string &rules) const {
    return vocabularyOf(load("ssot: 1\nrules:\n" + rules).rules);
  }
};

TEST_F(VocabularyOf, SortedAndUnique) {
  Vocabulary words = vocabulary("  - {id: a, kind: legacy-name, replace: {z::Old: a::New, y::Old: a::New}}\n"
                                "  - {id: b, kind: factory-only, class: a::New, factory: a::make}\n"
                                "  - {id: c, kind: factory-only, class: a::New, factory: a::make2}\n");
  EXPECT_THAT(words.names, ElementsAre("a::New", "a::make", "a::make2", "y::Old", "z::Old"));
  EXPECT_THAT(words.created, ElementsAre("a::New"));
  EXPECT_FALSE(words.flow);
  EXPECT_FALSE(words.bodies);
}

TEST_F(VocabularyOf, FlowForWhoDelegatesAndBodiesForLikeness) {
  Vocabulary named = vocabulary("  - {id: a, kind: single-class, canonical: n::A, match: {name: .*A}}\n");
  EXPECT_THAT(named.names, ElementsAre("n::A"));
  EXPECT_TRUE(named.flow);
  EXPECT_FALSE(named.bodies);
  EXPECT_TRUE(vocabulary("  - {id: a, kind: single-function, canonical: f, match: {similar: 0.9}}\n").bodies);
}

TEST_F(VocabularyOf, InterfacesAreNamesOfTheirOwn) {
  Vocabulary words = vocabulary("  - {id: a, kind: same-interface, legacy: n::Old, canonical: n::New}\n");
  EXPECT_THAT(words.interfaces, ElementsAre("n::New", "n::Old"));
  EXPECT_THAT(words.names, IsEmpty());
}

TEST_F(VocabularyOf, Matchers) {
  Vocabulary words =
      vocabulary("  - {id: m, kind: matcher, match: gotoStmt(), compliant: returnStmt(), message: no}\n");
  EXPECT_THAT(words.matchers,
              ElementsAre(MatcherRequest{"m", false, "gotoStmt()"}, MatcherRequest{"m", true, "returnStmt()"}));
  EXPECT_THAT(words.names, IsEmpty());
}

TEST_F(VocabularyOf, NothingForWhatIsAlwaysRecorded) {
  EXPECT_EQ(vocabulary("  - {id: a, kind: one-definition}\n  - {id: b, kind: size-limit, max-file-lines: 1}\n"
                       "  - {id: c, kind: legacy-include, replace: {a.h: b.h}}\n"),
            Vocabulary());
}

TEST_F(VocabularyOf, IndependentOfSeverityAndText) {
  EXPECT_EQ(vocabulary("  - {id: a, kind: legacy-name, replace: {A: B}}\n"),
            vocabulary("  - {id: other, kind: legacy-name, severity: note, why: because, replace: {A: B}}\n"));
}

} // namespace
} // namespace ssot
