#include "lsp/protocol.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

bool isOn(const llvm::json::Object &capabilities, std::initializer_list<llvm::StringRef> keys) {
  const llvm::json::Value *value = valueAt(capabilities, keys);
  return value && value->getAsBoolean().value_or(false);
}

bool lists(const llvm::json::Value *value, const llvm::json::Value &word) {
  const llvm::json::Array *words = value ? value->getAsArray() : nullptr;
  return words && llvm::is_contained(*words, word);
}

} // namespace

ClientSupport supportOf(const llvm::json::Object &capabilities) {
  constexpr std::int64_t kDeprecated = 2;
  ClientSupport support;
  if (lists(valueAt(capabilities, {"general", "positionEncodings"}), "utf-8"))
    support.encoding = PositionEncoding::Utf8;
  support.relatedInformation = isOn(capabilities, {"textDocument", "publishDiagnostics", "relatedInformation"});
  support.deprecatedTag =
      lists(valueAt(capabilities, {"textDocument", "publishDiagnostics", "tagSupport", "valueSet"}), kDeprecated);
  support.documentChanges = isOn(capabilities, {"workspace", "workspaceEdit", "documentChanges"});
  support.resolvesEdits =
      lists(valueAt(capabilities, {"textDocument", "codeAction", "resolveSupport", "properties"}), "edit");
  support.progress = isOn(capabilities, {"window", "workDoneProgress"});
  support.watchesFiles = isOn(capabilities, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"});
  return support;
}

llvm::json::Value jsonText(llvm::StringRef text) {
  return llvm::json::isUTF8(text) ? llvm::json::Value(text.str()) : llvm::json::Value(llvm::json::fixUTF8(text));
}

llvm::json::Object notification(llvm::StringRef method, llvm::json::Value params) {
  return llvm::json::Object{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

llvm::json::Object response(const llvm::json::Value &id, llvm::json::Value result) {
  return llvm::json::Object{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

llvm::json::Object failure(const llvm::json::Value &id, RpcError code, llvm::StringRef message) {
  return llvm::json::Object{
      {"jsonrpc", "2.0"},
      {"id", id},
      {"error", llvm::json::Object{{"code", static_cast<int>(code)}, {"message", jsonText(message)}}}};
}

const llvm::json::Value *valueAt(const llvm::json::Object &object, std::initializer_list<llvm::StringRef> keys) {
  const llvm::json::Object *at = &object;
  const llvm::json::Value *value = nullptr;
  for (llvm::StringRef key : keys) {
    value = at ? at->get(key) : nullptr;
    if (!value)
      return nullptr;
    at = value->getAsObject();
  }
  return value;
}

llvm::StringRef textAt(const llvm::json::Object &object, std::initializer_list<llvm::StringRef> keys) {
  const llvm::json::Value *value = valueAt(object, keys);
  return value ? value->getAsString().value_or("") : "";
}

} // namespace ssot
