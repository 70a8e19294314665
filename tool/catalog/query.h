// catalog/query.h - what somebody looks for: words, a name or a signature.
#pragma once

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

struct CatalogQuery {
  std::string name;               ///< as it is written, for an exact match; of a signature its name, else all of it
  std::vector<std::string> words; ///< lower case, each once
  bool isSignature = false;
  std::vector<std::string> result;             ///< words of its type; empty: it is not said
  std::vector<std::vector<std::string>> takes; ///< the same of each parameter
};

/// Reads `send a message`, `netra::send_message`, `sendMessage`, `netra/router.h`, `int send(UserId user, std::string)`
/// or `int(UserId)`. Words such as `a` and `the` count only where nothing else is said.
/// \returns an error when there is no word in it, or when its brackets do not match.
llvm::Expected<CatalogQuery> readQuery(llvm::StringRef text);

} // namespace ssot
