#include "migrate/remembered.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Overlay = std::map<std::string, std::string>;

/// Units that read the files given, and say the text of each.
class RememberedUnitsTest : public ::testing::Test {
protected:
  std::vector<std::string> parse(const std::vector<std::size_t> &units, const Overlay &overlay) {
    Asked.clear();
    auto extract = [&](llvm::ArrayRef<std::size_t> some, const Overlay &texts) {
      std::vector<UnitOutcome> outcomes;
      for (std::size_t unit : some) {
        Asked.push_back(unit);
        outcomes.push_back(outcomeOf(unit, texts));
      }
      return outcomes;
    };
    std::vector<std::string> said;
    for (const UnitOutcome &outcome : Remembered.parse(units, overlay, extract))
      said.push_back(outcome.facts.error ? outcome.facts.error->message : outcome.failure);
    return said;
  }

  UnitOutcome outcomeOf(std::size_t unit, const Overlay &texts) const {
    UnitOutcome outcome;
    if (unit == Crashing) {
      outcome.failure = "crashed";
      return outcome;
    }
    std::string message;
    for (const std::string &file : Reads[unit]) {
      FileFact fact;
      fact.path = file;
      outcome.facts.files.push_back(fact);
      auto text = texts.find(file);
      message += text == texts.end() ? "-" : text->second;
    }
    outcome.facts.error = DiagnosticFact{"a.cpp", 1, 1, message, ""};
    return outcome;
  }

  std::vector<std::vector<std::string>> Reads{{"a.cpp", "shared.h"}, {"b.cpp", "shared.h"}, {"c.cpp"}};
  std::size_t Crashing = 9;
  std::vector<std::size_t> Asked;
  RememberedUnits Remembered;
};

TEST_F(RememberedUnitsTest, AsksOnceForTheSameTexts) {
  EXPECT_THAT(parse({0, 1}, {{"a.cpp", "A"}, {"shared.h", "S"}}), ElementsAre("AS", "-S"));
  EXPECT_THAT(Asked, ElementsAre(0, 1));
  EXPECT_THAT(parse({0, 1}, {{"a.cpp", "A"}, {"shared.h", "S"}}), ElementsAre("AS", "-S"));
  EXPECT_THAT(Asked, IsEmpty());
}

TEST_F(RememberedUnitsTest, AsksAgainOnlyWhoReadsWhatChanged) {
  parse({0, 1, 2}, {{"a.cpp", "A"}, {"b.cpp", "B"}});
  EXPECT_THAT(parse({0, 1, 2}, {{"a.cpp", "A2"}, {"b.cpp", "B"}}), ElementsAre("A2-", "B-", "-"));
  EXPECT_THAT(Asked, ElementsAre(0));
}

TEST_F(RememberedUnitsTest, AFileThatIsNoLongerOverlaidHasChanged) {
  parse({0}, {{"a.cpp", "A"}, {"shared.h", "S"}});
  EXPECT_THAT(parse({0}, {{"a.cpp", "A"}}), ElementsAre("A-"));
  EXPECT_THAT(Asked, ElementsAre(0));
  EXPECT_THAT(parse({0}, {{"a.cpp", "A"}, {"shared.h", "S"}}), ElementsAre("AS"));
  EXPECT_THAT(Asked, IsEmpty());
}

TEST_F(RememberedUnitsTest, AFileThatTheEditsBringInCounts) {
  parse({2}, {{"new.h", "N"}});
  Reads[2].push_back("new.h"); // by an edit of c.cpp
  EXPECT_THAT(parse({2}, {{"c.cpp", "C"}, {"new.h", "N"}}), ElementsAre("CN"));
  EXPECT_THAT(parse({2}, {{"c.cpp", "C"}, {"new.h", "N2"}}), ElementsAre("CN2"));
  EXPECT_THAT(Asked, ElementsAre(2));
}

TEST_F(RememberedUnitsTest, OneThatCrashedIsAskedAgain) {
  Crashing = 1;
  EXPECT_THAT(parse({1, 2}, {}), ElementsAre("crashed", "-"));
  Crashing = 9;
  EXPECT_THAT(parse({1, 2}, {}), ElementsAre("--", "-"));
  EXPECT_THAT(Asked, ElementsAre(1));
}

} // namespace
} // namespace ssot
