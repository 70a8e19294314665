// lsp/framing.h - messages in a stream of bytes: a header with the length, an empty line, the content.
//
// The stream comes in pieces that have nothing to do with messages. A header that gives no length is passed over up to
// its empty line, and what follows is read as a header again: a client that makes one mistake is still served.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>

namespace ssot {

/// What a client sent: one message, or what was wrong where one was expected.
struct Frame {
  std::string content;
  std::string problem; ///< empty: the content is whole
};

class FrameReader {
public:
  void feed(llvm::StringRef bytes) { Waiting += bytes; }

  /// \returns what came next; nothing while more bytes are needed.
  std::optional<Frame> next();

private:
  std::string Waiting;
};

/// \returns \p content with its header.
std::string framed(llvm::StringRef content);

} // namespace ssot
