#include "project/workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace ssot;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

/// Results by item; a second result for an item would be an error.
using Results = std::map<std::size_t, WorkerResult>;

template <typename Work>
Results run(std::size_t count, const WorkerOptions &options, Work work, std::vector<std::size_t> order = {}) {
  Results results;
  runInWorkers(
      count, options, work,
      [&](WorkerResult result) {
        bool isNew = results.try_emplace(result.item, result).second;
        EXPECT_TRUE(isNew) << "item " << result.item << " came twice";
      },
      order);
  return results;
}

WorkerOptions jobs(unsigned count) {
  WorkerOptions options;
  options.jobs = count;
  return options;
}

bool hasChildren() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

[[noreturn]] void loopForever() {
  for (volatile int spin = 0;; spin = spin + 1) {
  }
}

/// Deep enough to overflow any stack; the array keeps the compiler from making a loop of it.
[[gnu::noinline]] int descend(std::uint64_t levels) {
  volatile int frame[1024];
  frame[0] = static_cast<int>(levels);
  return levels ? descend(levels - 1) + frame[0] : 0;
}

std::string numbered(std::size_t item) { return "result " + std::to_string(item); }

TEST(Workers, GivesEachItemItsResult) {
  for (unsigned count : {1u, 2u, 5u}) {
    Results results = run(7, jobs(count), numbered);
    ASSERT_EQ(results.size(), 7u);
    for (const auto &[item, result] : results) {
      EXPECT_EQ(result.bytes, numbered(item));
      EXPECT_EQ(result.failure, "");
      EXPECT_GE(result.seconds, 0.0);
    }
    EXPECT_FALSE(hasChildren());
  }
}

TEST(Workers, DoesNothingWithoutItems) {
  EXPECT_THAT(run(0, jobs(4), numbered), IsEmpty());
  EXPECT_FALSE(hasChildren());
}

TEST(Workers, TakesMoreJobsThanItemsAndNoJobsForOne) {
  EXPECT_EQ(run(2, jobs(16), numbered).size(), 2u);
  EXPECT_EQ(run(2, jobs(0), numbered).size(), 2u);
}

TEST(Workers, WorksInOtherProcesses) {
  int touched = 0;
  pid_t parent = getpid();
  Results results = run(3, jobs(2), [&](std::size_t) {
    ++touched;
    return std::string(getpid() == parent ? "here" : "elsewhere");
  });
  EXPECT_EQ(touched, 0);
  for (const auto &[item, result] : results)
    EXPECT_EQ(result.bytes, "elsewhere");
}

TEST(Workers, StartsItemsInTheOrderGiven) {
  std::vector<std::size_t> completed;
  std::vector<std::size_t> order{2, 0, 3};
  runInWorkers(4, jobs(1), numbered, [&](WorkerResult result) { completed.push_back(result.item); }, order);
  EXPECT_THAT(completed, ElementsAre(2, 0, 3, 1));
}

TEST(Workers, IgnoresAnOrderThatNamesItemsTwiceOrNoItemAtAll) {
  EXPECT_EQ(run(2, jobs(1), numbered, {1, 1, 7, 0}).size(), 2u);
}

TEST(Workers, ACrashCostsItsItemOnly) {
  Results results = run(6, jobs(2), [](std::size_t item) {
    if (item == 1)
      std::abort();
    if (item == 3)
      std::raise(SIGSEGV);
    return numbered(item);
  });
  ASSERT_EQ(results.size(), 6u);
  EXPECT_EQ(results[1].failure, "crashed (signal 6, SIGABRT)");
  EXPECT_EQ(results[1].bytes, "");
  EXPECT_EQ(results[3].failure, "crashed (signal 11, SIGSEGV)");
  for (std::size_t item : {0, 2, 4, 5})
    EXPECT_EQ(results[item].bytes, numbered(item));
  EXPECT_FALSE(hasChildren());
}

TEST(Workers, EveryItemMayCrash) {
  Results results = run(5, jobs(3), [](std::size_t) -> std::string { std::abort(); });
  ASSERT_EQ(results.size(), 5u);
  for (const auto &[item, result] : results)
    EXPECT_THAT(result.failure, HasSubstr("SIGABRT"));
}

TEST(Workers, AnExhaustedStackCostsItsItemOnly) {
  Results results =
      run(2, jobs(1), [](std::size_t item) { return item ? numbered(item) : std::to_string(descend(UINT64_MAX)); });
  EXPECT_EQ(results[0].failure, "crashed (signal 11, SIGSEGV)");
  EXPECT_EQ(results[1].bytes, numbered(1));
}

TEST(Workers, AHangCostsItsItemOnly) {
  WorkerOptions options = jobs(1);
  options.timeout = std::chrono::milliseconds(250);
  Results results = run(3, options, [](std::size_t item) {
    if (item == 1)
      loopForever();
    return numbered(item);
  });
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[1].failure, "timed out after 0.25 s");
  EXPECT_GE(results[1].seconds, 0.25);
  EXPECT_EQ(results[0].bytes, numbered(0));
  EXPECT_EQ(results[2].bytes, numbered(2));
  EXPECT_FALSE(hasChildren());
}

TEST(Workers, LeavingTheProcessIsNoResult) {
  Results results = run(2, jobs(1), [](std::size_t item) {
    if (item == 0)
      std::_Exit(0);
    return numbered(item);
  });
  EXPECT_EQ(results[0].failure, "ended with exit code 0 before it gave a result");
  EXPECT_EQ(results[1].bytes, numbered(1));
}

TEST(Workers, SaysWhenTheSystemKilledIt) {
  Results results = run(1, jobs(1), [](std::size_t) {
    std::raise(SIGKILL);
    return std::string();
  });
  EXPECT_EQ(results[0].failure, "killed (signal 9, SIGKILL), perhaps for want of memory");
}

TEST(Workers, CarriesLargeAndEmptyAndBinaryResults) {
  constexpr std::size_t kLarge = 100'000'000;
  Results results = run(3, jobs(2), [](std::size_t item) {
    if (item == 0)
      return std::string(kLarge, 'x');
    return item == 1 ? std::string() : std::string("a\0b\n", 4);
  });
  EXPECT_EQ(results[0].bytes.size(), kLarge);
  EXPECT_EQ(results[0].bytes.back(), 'x');
  EXPECT_EQ(results[1].bytes, "");
  EXPECT_EQ(results[1].failure, "");
  EXPECT_EQ(results[2].bytes, std::string("a\0b\n", 4));
}

TEST(Workers, ChildrenEndByTheSignalThatEndsTheParent) {
  auto ignored = std::signal(SIGINT, SIG_IGN);
  Results results = run(1, jobs(1), [](std::size_t) {
    std::raise(SIGINT);
    return std::string("survived");
  });
  std::signal(SIGINT, ignored);
  EXPECT_EQ(results[0].failure, "crashed (signal 2, SIGINT)");
}

} // namespace
