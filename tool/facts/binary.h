// facts/binary.h - the archives that write facts as bytes and read them: numbers of seven bits a byte, texts with their
// length.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace ssot::facts {

/// No body that extraction records nests deeper. Without a limit damaged bytes could exhaust the stack.
inline constexpr unsigned kMaxDepth = 512;

/// Bytes to which a few are appended at a time: they grow ahead, so that one more costs no more than a store.
class Bytes {
public:
  Bytes() = default;
  Bytes(const Bytes &) = delete;
  Bytes &operator=(const Bytes &) = delete;

  /// \returns where up to \p most more can be written; `wrote` tells how many were.
  char *room(std::size_t most) {
    if (static_cast<std::size_t>(Limit - At) < most) [[unlikely]]
      grow(most);
    return At;
  }
  void wrote(std::size_t count) { At += count; }
  void append(llvm::StringRef more) {
    std::copy(more.begin(), more.end(), room(more.size()));
    wrote(more.size());
  }
  void push(char byte) {
    *room(1) = byte;
    wrote(1);
  }

  llvm::StringRef view() const { return llvm::StringRef(Text.data(), written()); }
  void clear() { At = Text.data(); }

private:
  std::size_t written() const { return static_cast<std::size_t>(At - Text.data()); }
  void grow(std::size_t most) {
    std::size_t before = written();
    Text.resize(2 * Text.size() + most);
    At = Text.data() + before;
    Limit = Text.data() + Text.size();
  }

  std::string Text; ///< as much as there is room for
  char *At = Text.data();
  char *Limit = At;
};

class Writer {
public:
  Bytes bytes;

  void number(std::uint64_t value) {
    constexpr std::size_t kMost = 10;
    char *begin = bytes.room(kMost), *at = begin;
    if (value < 0x80) { // most are small
      *at = static_cast<char>(value);
      bytes.wrote(1);
      return;
    }
    for (; value >= 0x80; value >>= 7)
      *at++ = static_cast<char>((value & 0x7f) | 0x80);
    *at++ = static_cast<char>(value);
    bytes.wrote(static_cast<std::size_t>(at - begin));
  }
  template <typename T>
  void integer(T &value) {
    number(static_cast<std::uint64_t>(value));
  }
  template <typename Enum>
  void enumerator(Enum &value, Enum) {
    number(static_cast<std::uint64_t>(value));
  }
  void flag(bool &value) { number(value); }
  void string(std::string &value) {
    number(value.size());
    bytes.append(value);
  }
  void text(StringId &id) { number(id); }
  void file(std::uint32_t &index) { number(index); }
  void call(std::uint32_t &index, bool) { number(index); }
  void calls(std::size_t) {}
  void deeper() {}
  void shallower() {}
  std::size_t size(std::size_t count) {
    number(count);
    return count;
  }
  bool present(bool there) {
    number(there);
    return there;
  }
};

class Reader {
public:
  explicit Reader(llvm::StringRef bytes) : Rest(bytes) {}

  std::uint64_t number() {
    if (!Rest.empty() && static_cast<std::uint8_t>(Rest.front()) < 0x80) { // most are small
      std::uint8_t byte = static_cast<std::uint8_t>(Rest.front());
      Rest = Rest.drop_front();
      return byte;
    }
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (Rest.empty())
        return fail();
      std::uint8_t byte = static_cast<std::uint8_t>(Rest.front());
      Rest = Rest.drop_front();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return value;
    }
    return fail();
  }
  template <typename T>
  void integer(T &value) {
    std::uint64_t read = number();
    if (read > std::numeric_limits<T>::max())
      fail();
    value = static_cast<T>(read);
  }
  template <typename Enum>
  void enumerator(Enum &value, Enum last) {
    std::uint64_t read = number();
    if (read > static_cast<std::uint64_t>(last))
      read = fail();
    value = static_cast<Enum>(read);
  }
  void flag(bool &value) {
    std::uint64_t read = number();
    if (read > 1)
      fail();
    value = read == 1;
  }
  void string(std::string &value) {
    std::uint64_t length = number();
    if (length > Rest.size()) {
      fail();
      return;
    }
    value = Rest.take_front(length).str();
    Rest = Rest.drop_front(length);
  }
  void text(StringId &id) {
    integer(id);
    if (id >= Strings)
      fail();
  }
  void file(std::uint32_t &index) {
    integer(index);
    if (index >= Files)
      fail();
  }
  /// \param names whether the index names a call; else it has another meaning and any value.
  void call(std::uint32_t &index, bool names) {
    integer(index);
    if (names && index >= Calls)
      fail();
  }
  void calls(std::size_t count) { Calls = count; }
  void deeper() {
    if (++Depth > kMaxDepth)
      fail();
  }
  void shallower() { --Depth; }
  std::size_t size(std::size_t) {
    std::uint64_t count = number();
    // Every element takes at least one byte: more elements than bytes are a lie, and must not be allocated.
    return count > Rest.size() ? fail() : count;
  }
  bool present(bool) {
    bool there = false;
    flag(there);
    return there;
  }

  bool failed() const { return Failed; }
  bool atEnd() const { return Rest.empty(); }

  std::uint64_t Strings = 1;
  std::uint64_t Files = 0;
  std::uint64_t Calls = 0;

private:
  std::uint64_t fail() {
    Failed = true;
    Rest = llvm::StringRef();
    return 0;
  }
  llvm::StringRef Rest;
  unsigned Depth = 0;
  bool Failed = false;
};

} // namespace ssot::facts
