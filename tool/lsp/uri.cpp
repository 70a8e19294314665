#include "lsp/uri.h"

#include "report/markup.h"

#include <llvm/ADT/StringExtras.h>

namespace ssot {

std::string fileUri(llvm::StringRef path) { return "file://" + uriPath(path); }

std::optional<std::string> pathOfUri(llvm::StringRef uri) {
  if (!uri.consume_front_insensitive("file://"))
    return std::nullopt;
  uri.consume_front_insensitive("localhost");
  if (!uri.starts_with("/"))
    return std::nullopt;
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    std::uint8_t byte = 0;
    if (uri[i] == '%' && i + 2 < uri.size() && llvm::tryGetHexFromNibbles(uri[i + 1], uri[i + 2], byte)) {
      path += static_cast<char>(byte);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path;
}

} // namespace ssot
