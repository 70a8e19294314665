#include "lsp/documents.h"

#include "lsp/protocol.h"
#include "lsp/uri.h"
#include "project/paths.h"

namespace ssot {

namespace {

std::int64_t versionIn(const llvm::json::Object &parameters) {
  const llvm::json::Value *version = valueAt(parameters, {"textDocument", "version"});
  return version ? version->getAsInteger().value_or(0) : 0;
}

/// The text as editors hold it.
std::string bare(llvm::StringRef text) {
  text.consume_front("\xef\xbb\xbf");
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r')
      result += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      result += '\n';
  if (llvm::StringRef(result).ends_with("\n"))
    result.pop_back();
  return result;
}

} // namespace

std::string documentPath(const llvm::json::Object &parameters) {
  std::optional<std::string> path = pathOfUri(textAt(parameters, {"textDocument", "uri"}));
  return path ? realEvenIfGone(*path) : std::string();
}

std::string Documents::open(const llvm::json::Object &parameters) {
  std::string path = documentPath(parameters);
  if (!path.empty())
    ByPath[path] = {textAt(parameters, {"textDocument", "uri"}).str(), versionIn(parameters),
                    textAt(parameters, {"textDocument", "text"}).str()};
  return path;
}

void Documents::change(const llvm::json::Object &parameters) {
  auto known = ByPath.find(documentPath(parameters));
  const llvm::json::Array *changes = parameters.getArray("contentChanges");
  if (known == ByPath.end() || !changes)
    return;
  // The server asks for whole texts: the last one is what stands there.
  for (const llvm::json::Value &change : *changes)
    if (const llvm::json::Object *whole = change.getAsObject())
      if (std::optional<llvm::StringRef> text = whole->getString("text"))
        known->second.text = text->str();
  known->second.version = versionIn(parameters);
}

void Documents::close(const llvm::json::Object &parameters) { ByPath.erase(documentPath(parameters)); }

const OpenDocument *Documents::find(const std::string &path) const {
  auto known = ByPath.find(path);
  return known == ByPath.end() ? nullptr : &known->second;
}

bool isSaved(llvm::StringRef buffer, llvm::StringRef file) { return buffer == file || bare(buffer) == bare(file); }

} // namespace ssot
