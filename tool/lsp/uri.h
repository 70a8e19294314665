// lsp/uri.h - files as an editor names them.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>

namespace ssot {

/// \param path absolute.
std::string fileUri(llvm::StringRef path);

/// \returns the path that a `file:` URI names; nothing for any other.
std::optional<std::string> pathOfUri(llvm::StringRef uri);

} // namespace ssot
