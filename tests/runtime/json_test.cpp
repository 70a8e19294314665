#include "netra/websocket_core/json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

namespace netra {
namespace {

TEST(JsonValue, IsAnEmptyObjectAtFirst) {
  EXPECT_EQ(Json().dump(), "{}");
  EXPECT_EQ(Json(), Json(nlohmann::json::object()));
}

TEST(JsonValue, SetsMembersOfEveryKind) {
  Json json;
  json.set("text", "t").set("whole", 7).set("real", 0.5).set("yes", true).set("inner", Json().set("a", 1));
  EXPECT_EQ(json.dump(), R"({"inner":{"a":1},"real":0.5,"text":"t","whole":7,"yes":true})");
  EXPECT_EQ(json.get_string("text"), "t");
  EXPECT_EQ(json.get_integer("whole"), 7);
  EXPECT_EQ(json.get("inner").get_integer("a"), 1);
  EXPECT_FALSE(json.get_string("whole"));
  EXPECT_FALSE(json.get_integer("none"));
}

TEST(JsonValue, BecomesAnObjectWhenAMemberIsSet) {
  Json json(nlohmann::json::array({1, 2}));
  EXPECT_FALSE(json.contains("a"));
  EXPECT_EQ(json.set("a", 1).dump(), R"({"a":1})");
}

TEST(JsonValue, CanHoldItself) {
  Json json = Json().set("a", 1);
  json.set("copy", json);
  EXPECT_EQ(json.dump(), R"({"a":1,"copy":{"a":1}})");
}

TEST(JsonValue, ChangesOneCopyOnly) {
  Json first = Json().set("a", 1);
  Json second = first;
  second.set("a", 2);
  EXPECT_EQ(first.get_integer("a"), 1);
  EXPECT_EQ(second.get_integer("a"), 2);
}

TEST(JsonValue, CopiesMayChangeInDifferentThreads) {
  Json shared = Json().set("n", 0);
  std::vector<std::thread> threads;
  std::vector<Json> copies(4, shared);
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&copies, i] {
      for (int round = 0; round < 1000; ++round)
        copies[static_cast<std::size_t>(i)].set("n", i * 1000 + round);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(copies[static_cast<std::size_t>(i)].get_integer("n"), i * 1000 + 999);
  EXPECT_EQ(shared.get_integer("n"), 0);
}

TEST(JsonParsing, RefusesWhatIsNotJson) {
  EXPECT_FALSE(Json::parse(""));
  EXPECT_FALSE(Json::parse("{"));
  EXPECT_FALSE(Json::parse("{} {}"));
  EXPECT_FALSE(Json::parse("{\"a\":\"\xff\"}"));
  EXPECT_EQ(Json::parse(R"({"a":[1]})")->dump(), R"({"a":[1]})");
}

TEST(JsonParsing, RefusesABombByItsDepth) {
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(Json::parse(nested(64)));
  EXPECT_FALSE(Json::parse(nested(65)));
  EXPECT_FALSE(Json::parse(std::string(1000000, '[')));
  EXPECT_TRUE(Json::parse(nested(3), 3));
  EXPECT_FALSE(Json::parse(R"({"a":{"a":{"a":{}}}})", 3));
}

TEST(JsonDumping, ReplacesTextThatIsNotUtf8) { EXPECT_EQ(Json().set("a", "\xff").dump(), "{\"a\":\"\xef\xbf\xbd\"}"); }

} // namespace
} // namespace netra
