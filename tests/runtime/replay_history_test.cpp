#include "netra/websocket_core/replay_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netra {
namespace {

using History = ReplayHistory<std::string>;

std::vector<std::string> texts(const std::vector<History::Numbered> &entries) {
  std::vector<std::string> result;
  for (const History::Numbered &entry : entries)
    result.push_back(std::string(to_string(entry.priority)) + " " + std::to_string(entry.sequence) + " " + entry.entry);
  return result;
}

ReplayPosition at(std::string epoch, std::uint64_t normal, std::uint64_t critical = 0) {
  ReplayPosition position{std::move(epoch)};
  position.last[static_cast<std::size_t>(MessagePriority::normal)] = normal;
  position.last[static_cast<std::size_t>(MessagePriority::critical)] = critical;
  return position;
}

TEST(History, NumbersEachClassByItself) {
  History history("e", 10);
  EXPECT_EQ(history.append(MessagePriority::normal, "a"), 1u);
  EXPECT_EQ(history.append(MessagePriority::normal, "b"), 2u);
  EXPECT_EQ(history.next(MessagePriority::critical), 1u);
  EXPECT_EQ(history.append(MessagePriority::critical, "c"), 1u);
  EXPECT_THAT(texts(history.after(at("e", 1))), testing::ElementsAre("critical 1 c", "normal 2 b"));
  EXPECT_THAT(texts(history.after(history.position())), testing::IsEmpty());
}

TEST(History, ReachesBackAsFarAsItKeeps) {
  History history("e", 2);
  for (const char *text : {"a", "b", "c", "d"})
    history.append(MessagePriority::normal, text);
  EXPECT_TRUE(history.reaches(at("e", 2)));
  EXPECT_FALSE(history.reaches(at("e", 1)));
  EXPECT_THAT(texts(history.after(at("e", 2))), testing::ElementsAre("normal 3 c", "normal 4 d"));
}

TEST(History, RefusesPositionsItCannotVouchFor) {
  History history("e", 10);
  history.append(MessagePriority::normal, "a");
  EXPECT_FALSE(history.reaches(at("other", 1))) << "another epoch";
  EXPECT_FALSE(history.reaches(at("e", 2))) << "from the future";
  EXPECT_FALSE(history.reaches(at("e", ~std::uint64_t{0}))) << "arithmetic must not wrap around";
}

TEST(History, OfNoCapacityOnlyNumbers) {
  History history("e", 0);
  EXPECT_EQ(history.append(MessagePriority::normal, "a"), 1u);
  EXPECT_FALSE(history.reaches(at("e", 0)));
  EXPECT_TRUE(history.reaches(at("e", 1)));
}

} // namespace
} // namespace netra
