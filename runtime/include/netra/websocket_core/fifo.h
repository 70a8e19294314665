// netra/websocket_core/fifo.h - a queue that costs nothing while it is empty.
//
// Every connection has a queue per priority class and every user a history per class; nearly all of them are empty
// nearly always. A std::deque allocates more than half a kilobyte for each of those, which was most of what an idle
// connection took.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace netra {

template <class T>
class Fifo {
public:
  bool empty() const noexcept { return size() == 0; }
  std::size_t size() const noexcept { return items_.size() - first_; }
  const T &operator[](std::size_t index) const { return items_[first_ + index]; }
  T &front() { return items_[first_]; }
  T &back() { return items_.back(); }

  void push_back(T item) { items_.push_back(std::move(item)); }

  void pop_back() { items_.pop_back(); }

  /// For what was just taken from the front.
  void push_front(T item) {
    if (first_ > 0)
      items_[--first_] = std::move(item);
    else
      items_.insert(items_.begin(), std::move(item));
  }

  T pop_front() {
    T item = std::move(items_[first_]);
    items_[first_++] = T();
    // Constant time on average: what is moved was preceded by as many that were taken.
    if (first_ * 2 >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    return item;
  }

private:
  std::vector<T> items_;
  std::size_t first_ = 0;
};

} // namespace netra
