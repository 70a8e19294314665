// facts/boxed.h - an optional value that takes no more than a pointer when it is not there.
//
// For what most facts of a kind do not have: a project has hundreds of thousands of functions, and few of them carry
// the graph of a body.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace ssot {

/// To be used like a `std::optional`.
template <typename T>
class Boxed {
public:
  Boxed() = default;
  Boxed(T value) : Value(std::make_unique<T>(std::move(value))) {}
  Boxed(std::optional<T> value) : Value(value ? std::make_unique<T>(std::move(*value)) : nullptr) {}
  Boxed(const Boxed &other) : Value(other.Value ? std::make_unique<T>(*other.Value) : nullptr) {}
  Boxed(Boxed &&) noexcept = default;
  Boxed &operator=(const Boxed &other) { return *this = Boxed(other); }
  Boxed &operator=(Boxed &&) noexcept = default;
  ~Boxed() = default;

  bool has_value() const { return Value != nullptr; }
  explicit operator bool() const { return has_value(); }
  T &operator*() { return *Value; }
  const T &operator*() const { return *Value; }
  T *operator->() { return Value.get(); }
  const T *operator->() const { return Value.get(); }

  T &emplace() {
    Value = std::make_unique<T>();
    return *Value;
  }
  void reset() { Value.reset(); }

private:
  std::unique_ptr<T> Value;
};

} // namespace ssot
