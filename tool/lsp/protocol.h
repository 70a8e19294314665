// lsp/protocol.h - the words of the Language Server Protocol that are used in more than one place.
#pragma once

#include "lsp/positions.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/JSON.h>

namespace ssot {

enum class RpcError : int {
  Parse = -32700,
  InvalidRequest = -32600,
  MethodNotFound = -32601,
  InvalidParams = -32602,
  ServerNotInitialized = -32002,
  RequestCancelled = -32800,
  RequestFailed = -32803,
};

enum class MessageType : int { Error = 1, Warning = 2, Info = 3, Log = 4 };

/// Of a diagnostic.
enum class EditorSeverity : int { Error = 1, Warning = 2, Information = 3, Hint = 4 };

/// What the client can do with an answer.
struct ClientSupport {
  PositionEncoding encoding = PositionEncoding::Utf16;
  bool relatedInformation = false;
  bool deprecatedTag = false;
  bool documentChanges = false;
  bool resolvesEdits = false; ///< an action may come without its edit
  bool progress = false;
  bool watchesFiles = false; ///< and may be asked to
};

/// \param capabilities of `initialize`.
ClientSupport supportOf(const llvm::json::Object &capabilities);

/// A string of JSON; bytes that are no UTF-8 are replaced.
llvm::json::Value jsonText(llvm::StringRef text);

llvm::json::Object notification(llvm::StringRef method, llvm::json::Value params);
llvm::json::Object response(const llvm::json::Value &id, llvm::json::Value result);
llvm::json::Object failure(const llvm::json::Value &id, RpcError code, llvm::StringRef message);

/// \returns the value below \p object at the end of a path of keys, or null.
const llvm::json::Value *valueAt(const llvm::json::Object &object, std::initializer_list<llvm::StringRef> keys);
/// The same as text; empty when there is none.
llvm::StringRef textAt(const llvm::json::Object &object, std::initializer_list<llvm::StringRef> keys);

} // namespace ssot
