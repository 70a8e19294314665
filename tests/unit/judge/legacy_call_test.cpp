// Calls of an old function and of the new one. What the new text looks like is tested with the real program.

#include "support/marks.h"

namespace ssot::test {
namespace {

LegacyCallRule sendRule(std::vector<NamedParameter> parameters = {{"", "to"}, {"", "times"}}) {
  LegacyCallRule rule;
  rule.from = {"old::send", Mark{}};
  rule.parameters = std::move(parameters);
  rule.canonical = "core::Bus::deliver";
  rule.toText = "core::bus().deliver($times, $to)";
  return rule;
}

constexpr char kCalls[] =
    "//- calls.h\n#pragma once\nnamespace old { int send(int to, int times = 1); int send(const char *to, int times); "
    "int send(int); }\n"
    "namespace core { struct Bus { int deliver(int, int); }; Bus &bus(); }\n"
    "//- main.cpp\n#include \"calls.h\"\n";

TEST(LegacyCall, OldAndNew) {
  Checked run =
      check(std::string(kCalls) + "int a = old::$violation[[send]](1, 2) + old::$violation[[send]](\"x\", 2);\n"
                                  "int b = core::bus().$compliant[[deliver]](2, 1);\n",
            sendRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_EQ(run.messages().front(),
            "'old::send' is legacy; call 'core::Bus::deliver' instead: core::bus().deliver($times, $to)");
}

TEST(LegacyCall, AnotherOverloadIsNotMeant) {
  Checked run = check(std::string(kCalls) + "int a = old::send(1, 2) + old::$violation[[send]](\"x\", 2);\n",
                      sendRule({{"const char *", "to"}, {"int", "times"}}));
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(LegacyCall, WhatIsNoCallIsNotJudged) {
  Checked run =
      check(std::string(kCalls) + "int (*pointer)(int, int) = &old::$unjudged[[send]];\n"
                                  "template <typename T> int f(T t) { return old::$unjudged[[send]](t, 2); }\n",
            sendRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(LegacyCall, InAMacroItIsFoundWhereItIsWritten) {
  Checked run = check(std::string(kCalls) + "#define TWICE(x) old::$violation[[send]](x, 2)\nint a = TWICE(3);\n"
                                            "#define SAME(x) x\nint b = SAME(old::$violation[[send]](1, 2));\n",
                      sendRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  ASSERT_EQ(run.judgement.sites.size(), 2u);
  EXPECT_FALSE(run.judgement.sites[0].fixable);
  EXPECT_TRUE(run.judgement.sites[1].fixable);
}

} // namespace
} // namespace ssot::test
