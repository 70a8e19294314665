// netra/websocket_core/replay_history.h - what a client that comes back has missed.
//
// Entries are numbered per priority class, since a critical message overtakes: one number line over all classes would
// make "the last one I saw" a lie. The history is bounded; who is too far behind, or comes from another epoch, is told
// to reload and never given a gap.
#pragma once

#include "netra/websocket_core/fifo.h"
#include "netra/websocket_core/types.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace netra {

/// The last number seen, per priority class; 0 is "none yet".
using Sequences = std::array<std::uint64_t, kPriorityClasses>;

/// Where a client stands: the epoch its numbers belong to, and the numbers.
struct ReplayPosition {
  std::string epoch;
  Sequences last = {};
};

/// Not thread-safe: it lives inside the critical section that numbers and sends.
template <class Entry>
class ReplayHistory {
public:
  struct Numbered {
    MessagePriority priority;
    std::uint64_t sequence;
    Entry entry;
  };

  ReplayHistory(std::string epoch, std::size_t capacity_per_class)
      : epoch_(std::move(epoch)), capacity_(capacity_per_class) {}

  /// \returns the number that the next entry of the class will get.
  std::uint64_t next(MessagePriority priority) const { return last_[index(priority)] + 1; }

  /// Keeps the entry under the next number of its class; the oldest of the class makes room. \returns the number.
  std::uint64_t append(MessagePriority priority, Entry entry) {
    std::uint64_t sequence = ++last_[index(priority)];
    if (capacity_ == 0)
      return sequence;
    Fifo<Entry> &kept = kept_[index(priority)];
    if (kept.size() == capacity_)
      kept.pop_front();
    kept.push_back(std::move(entry));
    return sequence;
  }

  ReplayPosition position() const { return {epoch_, last_}; }

  /// \returns whether everything after the position is still here. False means: the client must reload.
  bool reaches(const ReplayPosition &position) const {
    if (position.epoch != epoch_)
      return false;
    for (std::size_t i = 0; i < kept_.size(); ++i)
      if (position.last[i] > last_[i] || last_[i] - position.last[i] > kept_[i].size())
        return false;
    return true;
  }

  /// \returns what came after the position, most urgent class first, in order within a class. Only when
  /// `reaches(position)`.
  std::vector<Numbered> after(const ReplayPosition &position) const {
    std::vector<Numbered> missed;
    for (int i = kPriorityClasses - 1; i >= 0; --i) {
      std::uint64_t count = last_[i] - position.last[i];
      for (std::uint64_t k = 0; k < count; ++k)
        missed.push_back(
            {static_cast<MessagePriority>(i), position.last[i] + k + 1, kept_[i][kept_[i].size() - count + k]});
    }
    return missed;
  }

private:
  static std::size_t index(MessagePriority priority) { return static_cast<std::size_t>(priority); }

  std::string epoch_;
  std::size_t capacity_;
  Sequences last_ = {};
  std::array<Fifo<Entry>, kPriorityClasses> kept_;
};

} // namespace netra
