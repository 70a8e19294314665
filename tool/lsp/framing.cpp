#include "lsp/framing.h"

#include <cstdint>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kEnd = "\r\n\r\n";
/// No text that a person edits is longer; a number beyond it is no length.
constexpr std::uint64_t kLongest = std::uint64_t(1) << 30;

/// \returns the length that a header gives.
std::optional<std::size_t> lengthIn(llvm::StringRef header) {
  std::optional<std::size_t> length;
  while (!header.empty()) {
    auto [line, rest] = header.split("\r\n");
    header = rest;
    auto [name, value] = line.split(':');
    std::uint64_t number = 0;
    if (name.trim().equals_insensitive("Content-Length") && !value.trim().getAsInteger(10, number) &&
        number <= kLongest)
      length = static_cast<std::size_t>(number);
  }
  return length;
}

} // namespace

std::optional<Frame> FrameReader::next() {
  std::size_t end = Waiting.find(kEnd);
  if (end == std::string::npos)
    return std::nullopt;
  std::size_t begin = end + kEnd.size();
  std::optional<std::size_t> length = lengthIn(llvm::StringRef(Waiting).take_front(end));
  if (!length) {
    Waiting.erase(0, begin);
    return Frame{"", "a message without a Content-Length"};
  }
  if (Waiting.size() - begin < *length)
    return std::nullopt;
  Frame frame{Waiting.substr(begin, *length), ""};
  Waiting.erase(0, begin + *length);
  return frame;
}

std::string framed(llvm::StringRef content) {
  return "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content.str();
}

} // namespace ssot
