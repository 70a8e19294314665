#include "netra/websocket_core/agent_events.h"

#include "test_doubles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

namespace netra {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// A stream of the run "r1" for ann, with what it emitted.
class AgentEvents : public testing::Test {
protected:
  std::unique_ptr<AgentEventStream> stream(bool require_all_events = true) {
    return std::make_unique<AgentEventStream>(
        AgentRun{"r1", "t1", UserId("ann"), "triage"}, [this](const Event &event) { events.push_back(event); },
        AgentEventOptions{.require_all_events = require_all_events, .clock = clock.read()});
  }

  static void run_to_the_end(AgentEventStream &run) {
    run.started();
    run.thinking("hm");
    run.tool_executing("search");
    run.tool_completed(Json().set("hits", 3));
    run.completed();
  }

  std::vector<std::string> types() const {
    std::vector<std::string> result;
    for (const Event &event : events)
      result.push_back(event.type);
    return result;
  }

  test::HandClock clock;
  std::vector<Event> events;
};

TEST_F(AgentEvents, ComeInTheirOrder) {
  run_to_the_end(*stream());
  std::vector<std::string> order;
  for (AgentEventType type : kAgentEventOrder)
    order.push_back(to_string(type));
  EXPECT_EQ(types(), order);
}

TEST_F(AgentEvents, CarryWhatEveryEventCarries) {
  run_to_the_end(*stream());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Json &data = events[i].data;
    EXPECT_EQ(data.get_string("run_id"), "r1");
    EXPECT_EQ(data.get_string("thread_id"), "t1");
    EXPECT_EQ(data.get_string("user_id"), "ann");
    EXPECT_EQ(data.get_string("agent_name"), "triage");
    EXPECT_EQ(data.get_integer("sequence"), static_cast<std::int64_t>(i + 1));
    EXPECT_TRUE(data.get_string("timestamp"));
    ids.insert(data.get_string("event_id").value_or(""));
  }
  EXPECT_EQ(ids.size(), 5u) << "event ids are unique";
  EXPECT_EQ(events[2].data.get_string("tool_name"), "search");
  EXPECT_EQ(events[3].data.get_string("tool_name"), "search");
  EXPECT_EQ(events[3].data.get("results").get_integer("hits"), 3);
}

TEST_F(AgentEvents, ThinkingAndToolsMayRepeat) {
  auto run = stream();
  run->started();
  run->thinking("a");
  run->thinking("b");
  run->tool_executing("one");
  run->tool_completed({});
  run->thinking("c");
  run->tool_executing("two");
  run->tool_completed({});
  run->completed();
  EXPECT_TRUE(run->is_over());
  EXPECT_EQ(events.size(), 9u);
}

TEST_F(AgentEvents, OutOfOrderIsAnErrorAndSendsNothing) {
  auto run = stream();
  EXPECT_THROW(run->thinking("early"), EventOrderError);
  EXPECT_THROW(run->failed("early"), EventOrderError);
  run->started();
  EXPECT_THROW(run->started(), EventOrderError);
  EXPECT_THROW(run->tool_executing("before any thought"), EventOrderError);
  EXPECT_THROW(run->tool_completed({}), EventOrderError);
  run->thinking("hm");
  EXPECT_THROW(run->completed(), EventOrderError) << "no tool has run";
  run->tool_executing("search");
  EXPECT_THROW(run->tool_executing("a pair interleaves with itself"), EventOrderError);
  EXPECT_THROW(run->thinking("in the middle of a pair"), EventOrderError);
  EXPECT_THROW(run->completed(), EventOrderError);
  run->tool_completed({});
  run->completed();
  EXPECT_THROW(run->completed(), EventOrderError);
  EXPECT_THROW(run->failed("late"), EventOrderError);
  EXPECT_THAT(types(),
              ElementsAre("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"));
}

TEST_F(AgentEvents, ThinkingAndToolsMayBeMissingWhenAllowed) {
  auto run = stream(false);
  run->started();
  run->completed();
  EXPECT_THAT(types(), ElementsAre("agent_started", "agent_completed"));
}

TEST_F(AgentEvents, FailureEndsTheRunWithTheError) {
  auto run = stream();
  run->started();
  run->thinking("hm");
  run->tool_executing("search");
  run->failed("the tool broke");
  EXPECT_THAT(types(), ElementsAre("agent_started", "agent_thinking", "tool_executing", "agent_completed"));
  EXPECT_EQ(events.back().data.get_string("error"), "the tool broke");
}

TEST_F(AgentEvents, AnAbandonedRunEndsWithAnError) {
  auto run = stream();
  run->started();
  run.reset();
  EXPECT_THAT(types(), ElementsAre("agent_started", "agent_completed"));
  EXPECT_EQ(events.back().data.get_string("error"), "the run was abandoned");
}

TEST_F(AgentEvents, ARunThatNeverStartedSaysNothing) {
  stream();
  EXPECT_TRUE(events.empty());
}

TEST_F(AgentEvents, AGapOfMoreThan15SecondsEndsTheRun) {
  auto run = stream();
  clock.advance(1h);
  run->started();
  clock.advance(10s);
  run->thinking("in time");
  clock.advance(15s);
  EXPECT_FALSE(run->enforce_limits()) << "not longer than the limit";
  clock.advance(1ms);
  EXPECT_THROW(run->thinking("too late"), EventOrderError);
  EXPECT_THAT(types(), ElementsAre("agent_started", "agent_thinking", "agent_completed"));
  EXPECT_EQ(events.back().data.get_string("error"), "no event for longer than 15 s");
}

TEST_F(AgentEvents, ARunOfMoreThan30SecondsEnds) {
  auto run = stream();
  run->started();
  for (int i = 0; i < 3; ++i) {
    clock.advance(10s);
    run->thinking("still at it");
  }
  EXPECT_FALSE(run->enforce_limits());
  clock.advance(1ms);
  EXPECT_TRUE(run->enforce_limits());
  EXPECT_EQ(types().back(), "agent_completed");
  EXPECT_EQ(events.back().data.get_string("error"), "the run took longer than 30 s");
  EXPECT_TRUE(run->enforce_limits()) << "and is not ended twice";
  EXPECT_EQ(events.size(), 5u);
}

TEST_F(AgentEvents, LimitsDoNotTouchARunThatIsOver) {
  auto run = stream();
  run_to_the_end(*run);
  clock.advance(1h);
  EXPECT_TRUE(run->enforce_limits());
  EXPECT_EQ(events.size(), 5u);
}

TEST_F(AgentEvents, ASinkThatThrowsIsHeardByTheCaller) {
  AgentEventStream run({"r1", "t1", UserId("ann"), "triage"}, [](const Event &event) {
    if (event.type == "agent_thinking")
      throw std::runtime_error("wire cut");
  });
  run.started();
  EXPECT_THROW(run.thinking("hm"), std::runtime_error);
  run.failed("wire cut");
  EXPECT_TRUE(run.is_over());
}

TEST_F(AgentEvents, TheSinkMayLookAtTheStream) {
  AgentEventStream *seen = nullptr;
  std::vector<bool> over;
  AgentEventStream run({"r1", "t1", UserId("ann"), "triage"}, [&](const Event &) { over.push_back(seen->is_over()); });
  seen = &run;
  run_to_the_end(run);
  EXPECT_THAT(over, ElementsAre(false, false, false, false, true));
}

TEST_F(AgentEvents, KeepTheirOrderAcrossThreads) {
  auto run = stream();
  run->started();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&run] {
      for (int round = 0; round < 100; ++round)
        run->thinking("hm");
    });
  for (std::thread &thread : threads)
    thread.join();
  run->failed("enough");
  ASSERT_EQ(events.size(), 402u);
  for (std::size_t i = 0; i < events.size(); ++i)
    EXPECT_EQ(events[i].data.get_integer("sequence"), static_cast<std::int64_t>(i + 1));
}

TEST_F(AgentEvents, NeedASinkAndARunId) {
  EXPECT_THROW(AgentEventStream({"r1", "t1", UserId("ann"), "a"}, {}), std::invalid_argument);
  EXPECT_THROW(AgentEventStream({"", "t1", UserId("ann"), "a"}, [](const Event &) {}), std::invalid_argument);
}

} // namespace
} // namespace netra
