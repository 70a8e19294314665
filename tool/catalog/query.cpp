#include "catalog/query.h"

#include "catalog/catalog.h"
#include "facts/words.h"
#include "judge/side_work.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSwitch.h>

#include <utility>

namespace ssot {

namespace {

llvm::Error queryError(const std::string &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

bool saysLittle(llvm::StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases("a", "an", "the", "of", "for", "in", "on", "at", "by", true)
      .Cases("to", "is", "are", "be", "do", "does", "there", "that", "this", "and", true)
      .Cases("or", "with", "how", "what", "which", "where", "i", "we", "it", true)
      .Default(false);
}

std::vector<std::string> wordsOfQuery(llvm::StringRef text) {
  std::vector<std::string> all, telling;
  for (std::string &word : wordsOf(text)) {
    if (llvm::is_contained(all, word))
      continue;
    if (!saysLittle(word))
      telling.push_back(word);
    all.push_back(std::move(word));
  }
  return telling.empty() ? all : telling;
}

/// \returns where the qualified name at the end of \p text begins; its end when there is none.
std::size_t lastNameIn(llvm::StringRef text) {
  std::size_t at = text.size();
  while (at && (isWordByte(text[at - 1]) || text[at - 1] == ':'))
    --at;
  return at;
}

/// Whether all of \p type is keywords and types of the language or its library, so that a parameter of it has no name.
bool isKnownType(llvm::StringRef type) { return llvm::all_of(wordsOfType(type), isPlainType); }

/// A parameter without its name and default.
std::vector<std::string> wordsOfParameter(llvm::StringRef parameter) {
  parameter = parameter.split('=').first.trim();
  std::size_t at = lastNameIn(parameter);
  llvm::StringRef type = parameter.take_front(at).rtrim(), name = parameter.drop_front(at);
  bool isNamed = !wordsOfType(type).empty() && !name.contains(':') && !isKnownType(name);
  return wordsOfType(isNamed ? type : parameter);
}

llvm::Error checkBrackets(llvm::StringRef text) {
  int depth = 0;
  for (char c : text) {
    depth += llvm::StringRef("<([{").contains(c) ? 1 : llvm::StringRef(">)]}").contains(c) ? -1 : 0;
    if (depth < 0)
      return queryError("a bracket closes that was not opened");
  }
  return depth ? queryError("a bracket is not closed") : llvm::Error::success();
}

llvm::Error readSignature(llvm::StringRef text, CatalogQuery &query) {
  query.isSignature = true;
  llvm::StringRef head = text.take_front(text.find('(')).trim();
  std::size_t close = text.rfind(')');
  if (close == llvm::StringRef::npos)
    return queryError("a bracket is not closed");
  std::size_t at = lastNameIn(head);
  llvm::StringRef before = head.take_front(at), name = head.drop_front(at);
  if (before.trim().empty() && isKnownType(name))
    std::swap(before, name); // `int(UserId)`
  query.name = name.str();
  query.result = wordsOfType(before);
  query.words = wordsOfQuery(name);
  llvm::StringRef parameters = text.slice(text.find('(') + 1, close);
  if (llvm::Error error = checkBrackets(parameters))
    return error;
  for (llvm::StringRef parameter : splitParameters(parameters))
    if (!parameter.empty() && parameter != "void")
      query.takes.push_back(wordsOfParameter(parameter));
  return llvm::Error::success();
}

} // namespace

llvm::Expected<CatalogQuery> readQuery(llvm::StringRef text) {
  CatalogQuery query;
  text = text.trim();
  if (text.contains('(')) {
    if (llvm::Error error = readSignature(text, query))
      return std::move(error);
  } else {
    query.name = text.str();
    query.words = wordsOfQuery(text);
  }
  if (query.words.empty() && !query.isSignature)
    return queryError("there is no word in '" + text.str() + "'");
  return query;
}

} // namespace ssot
