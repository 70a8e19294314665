#include "judge/side_work.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSwitch.h>

namespace ssot {

namespace {

/// A word that makes a function a logging or counting one wherever it stands in the qualified name: `spdlog::info`,
/// `audit_log`, `Metrics::add`.
bool isTellingWord(llvm::StringRef word) {
  return llvm::StringSwitch<bool>(word)
             .Cases("log", "logs", "logger", "logging", "spdlog", "syslog", true)
             .Cases("counter", "counters", "metric", "metrics", true)
             .Default(false) ||
         word.starts_with("deprecat");
}

/// A function that has just this name. As a part of a longer one the word means something else: `get_user_info` logs
/// nothing.
bool isTellingName(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .CasesLower("trace", "debug", "info", "warn", "warning", true)
      .CasesLower("count", "inc", "increment", "dec", "decrement", true)
      .Cases("fetch_add", "fetch_sub", true) // std::atomic
      .Case("__assert_fail", true)           // what `assert` expands to
      .Default(false);
}

bool hasTellingPrefix(llvm::StringRef name) {
  return name.starts_with("record_") || name.starts_with("count_") || name.starts_with("increment_") ||
         name.starts_with("inc_");
}

} // namespace

std::vector<std::string> wordsOf(llvm::StringRef identifier) {
  std::vector<std::string> words;
  std::string word;
  auto finish = [&] {
    if (!word.empty())
      words.push_back(llvm::StringRef(word).lower());
    word.clear();
  };
  for (std::size_t i = 0; i < identifier.size(); ++i) {
    char c = identifier[i];
    if (!isWordByte(c) || c == '_') {
      finish();
      continue;
    }
    bool upper = llvm::isUpper(c);
    bool afterLower = !word.empty() && !llvm::isUpper(word.back());
    // The last capital of a run begins the next word: HTTPRouter.
    bool beforeLower = i + 1 < identifier.size() && llvm::isLower(identifier[i + 1]);
    if (upper && (afterLower || beforeLower))
      finish();
    word.push_back(c);
  }
  finish();
  return words;
}

bool isSideWork(llvm::StringRef qualifiedName) {
  if (qualifiedName == "std::cerr::operator<<" || qualifiedName == "std::clog::operator<<")
    return true;
  llvm::SmallVector<llvm::StringRef, 6> components;
  qualifiedName.split(components, "::");
  for (llvm::StringRef component : components)
    if (llvm::any_of(wordsOf(component), isTellingWord))
      return true;
  return isTellingName(components.back()) || hasTellingPrefix(components.back());
}

} // namespace ssot
