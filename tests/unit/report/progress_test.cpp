#include "report/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ssot;
using namespace testing;
using namespace std::chrono_literals;

namespace {

/// A progress line on a string, with a clock that the test sets.
struct Screen {
  std::string text;
  llvm::raw_string_ostream out{text};
  std::chrono::steady_clock::time_point now{};

  Progress::Clock clock() {
    return [this] { return now; };
  }
  /// What stands on the line now: what came after the last erasure.
  std::string line() const {
    std::size_t at = text.rfind("\r\x1b[K");
    return at == std::string::npos ? text : text.substr(at + 4);
  }
};

TEST(ProgressTest, CountsWithRateAndRemainingTime) {
  Screen screen;
  Progress progress(screen.out, ProgressMode::Always, 120, screen.clock(), 80);
  EXPECT_EQ(screen.line(), "[>                   ]   0/120");
  for (int i = 0; i < 30; ++i) {
    screen.now += 500ms;
    progress.step("src/a.cpp");
  }
  EXPECT_EQ(screen.line(), "[=====>              ]  30/120 2.0/s, 0:45 left src/a.cpp");
  for (int i = 0; i < 90; ++i) {
    screen.now += 500ms;
    progress.step("src/b.cpp");
  }
  EXPECT_EQ(screen.line(), "[====================] 120/120 2.0/s, 0:00 left src/b.cpp");
}

TEST(ProgressTest, ErasesItselfAtTheEnd) {
  Screen screen;
  Progress progress(screen.out, ProgressMode::Always, 2, screen.clock(), 80);
  progress.finish();
  EXPECT_EQ(screen.line(), "");
  std::size_t written = screen.text.size();
  screen.now += 1h;
  progress.step("late");
  progress.finish();
  EXPECT_EQ(screen.text.size(), written);
}

TEST(ProgressTest, IsSilentWhenNotOnATerminalOrNotWanted) {
  Screen screen;
  for (ProgressMode mode : {ProgressMode::Auto, ProgressMode::Never}) {
    Progress progress(screen.out, mode, 2, screen.clock(), 80);
    screen.now += 1s;
    progress.step("a.cpp");
  }
  {
    Progress nothing(screen.out, ProgressMode::Always, 0, screen.clock(), 80);
  }
  EXPECT_EQ(screen.text, "");
}

TEST(ProgressTest, DrawsAtMostTenTimesASecond) {
  Screen screen;
  Progress progress(screen.out, ProgressMode::Always, 10000, screen.clock(), 80);
  for (int i = 0; i < 1000; ++i) {
    screen.now += 1ms;
    progress.step("a.cpp");
  }
  EXPECT_EQ(std::count(screen.text.begin(), screen.text.end(), '\r'), 11); // the first one, and ten in this second
}

TEST(ProgressTest, ANarrowTerminalHasNoBarAndTheEndOfThePath) {
  Screen screen;
  Progress progress(screen.out, ProgressMode::Always, 10, screen.clock(), 40);
  screen.now += 1s;
  progress.step("a/very/long/path/to/the/file.cpp");
  EXPECT_EQ(screen.line(), " 1/10 1.0/s, 0:09 left .../the/file.cpp"); // 39 columns
}

TEST(ProgressTest, EscapesNames) {
  Screen screen;
  Progress progress(screen.out, ProgressMode::Always, 10, screen.clock(), 80);
  screen.now += 1h;
  progress.step("new\nline.cpp");
  EXPECT_EQ(screen.line(), "[==>                 ]  1/10 0.0/s, 9:00:00 left new\\nline.cpp");
}

TEST(ProgressTest, ReadsItsMode) {
  EXPECT_EQ(progressMode("always"), ProgressMode::Always);
  EXPECT_EQ(progressMode("never"), ProgressMode::Never);
  EXPECT_EQ(progressMode("auto"), ProgressMode::Auto);
}

} // namespace
