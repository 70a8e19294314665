// judge/event_sequence.h - the order of a rule as a machine: what has come so far, and what may come next.
#pragma once

#include "judge/side_work.h"
#include "judge/sites.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace ssot {

using Events = std::uint32_t; ///< a set of events, one bit each

/// What has been emitted on the way so far.
struct EventState {
  enum Phase : std::uint8_t { Before, Running, Ended };
  Phase phase = Before;
  Events seen = 0;
  Events open = 0; ///< pairs that were opened and not closed

  friend auto operator<=>(const EventState &, const EventState &) = default;
};

/// The order as a machine.
class EventSequence {
public:
  explicit EventSequence(const std::vector<std::string> &names)
      : Names(names), Closer(names.size(), 0), Opener(names.size(), 0) {
    // Neighbours between the first and the last event whose names differ in their last word only are a pair.
    for (std::size_t i = 1; i + 2 < names.size(); ++i)
      if (!Opener[i] && isPair(unqualified(names[i]), unqualified(names[i + 1]))) {
        Closer[i] = i + 1;
        Opener[i + 1] = i;
      }
  }

  std::size_t size() const { return Names.size(); }
  std::string shortName(std::size_t event) const { return quoted(unqualified(Names[event])); }
  Events ends() const { return Events(1) | Events(1) << (size() - 1); }

  /// \returns what is wrong with the event at this point; empty when nothing is.
  std::string step(EventState &state, std::size_t event) const {
    std::size_t last = size() - 1;
    std::string name = shortName(event);
    if (event == 0) {
      if (state.phase == EventState::Running)
        return name + " comes a second time";
      if (state.phase == EventState::Ended)
        return name + " comes after " + shortName(last);
      state.phase = EventState::Running;
      return {};
    }
    if (state.phase == EventState::Before)
      return name + " comes before " + shortName(0);
    if (state.phase == EventState::Ended)
      return event == last ? name + " comes a second time" : name + " comes after " + shortName(last);
    if (event == last) {
      if (state.open)
        return name + " comes while " + opened(state) + " is not closed";
      state.phase = EventState::Ended;
      state.seen = 0;
      return {};
    }
    if (Opener[event]) {
      if (!(state.open & Events(1) << Opener[event]))
        return name + " comes without " + shortName(Opener[event]);
      state.open &= ~(Events(1) << Opener[event]);
    } else if (Closer[event]) {
      if (state.open & Events(1) << event)
        return name + " comes again before " + shortName(Closer[event]);
      state.open |= Events(1) << event;
    }
    // What may repeat may come after a later event, but not for the first time.
    if (!(state.seen & Events(1) << event) && !Opener[event])
      for (std::size_t later = event + 1; later < last; ++later)
        if (state.seen & Events(1) << later)
          return name + " comes for the first time after " + shortName(later);
    state.seen |= Events(1) << event;
    return {};
  }

  /// \returns what is missing where a way ends.
  std::string missing(const EventState &state) const {
    if (state.phase != EventState::Running)
      return {};
    return state.open ? shortName(size() - 1) + " and the end of " + opened(state) : shortName(size() - 1);
  }

  /// \returns those of \p events that may have come between two states: an event in the middle may repeat unseen.
  Events between(const EventState &before, const EventState &after, Events events) const {
    const Events first = 1, end = Events(1) << (size() - 1);
    Events possible = after.phase == EventState::Running ? after.seen : ~(first | end);
    if (before.phase == EventState::Before && after.phase != EventState::Before)
      possible |= first;
    if (before.phase != EventState::Ended && after.phase == EventState::Ended)
      possible |= end;
    return before.phase == EventState::Ended || after.phase == EventState::Before ? 0 : events & possible;
  }

private:
  static bool isPair(llvm::StringRef a, llvm::StringRef b) {
    std::vector<std::string> left = wordsOf(a), right = wordsOf(b);
    return left.size() > 1 && left.size() == right.size() && std::equal(left.begin(), left.end() - 1, right.begin());
  }
  std::string opened(const EventState &state) const {
    for (std::size_t i = 0; i < size(); ++i)
      if (state.open & Events(1) << i)
        return shortName(i);
    return {};
  }

  const std::vector<std::string> &Names;
  std::vector<std::size_t> Closer, Opener; ///< 0: none; the first event is never part of a pair
};

} // namespace ssot
