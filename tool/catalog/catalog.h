// catalog/catalog.h - what there is to be called: the canonical names with all that they stand for, and what else the
// project defines.
//
// Whoever looks for something may know it by the name of any of its copies. So a copy is no entry of its own: it leads
// to the canonical one.
#pragma once

#include "config/config.h"
#include "gate/registry.h"
#include "link/index.h"

#include <llvm/ADT/ArrayRef.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// A function as it is called.
struct CatalogSignature {
  std::string text;                            ///< `int (UserId, const std::string &)`
  std::vector<std::string> result;             ///< words of its type, see `wordsOfType`
  std::vector<std::vector<std::string>> takes; ///< the same of each parameter
};

struct CatalogEntry {
  std::string symbol;                       ///< qualified; of a header how it is included
  std::string kind;                         ///< class, enum, function, namespace, header or name
  std::string rule;                         ///< the rule that declares it canonical; empty: none does
  std::string include;                      ///< header to include, where a rule tells it
  std::string about;                        ///< what the rule says of it
  std::optional<Place> place;               ///< of its first definition in the project
  std::vector<CatalogSignature> signatures; ///< of a function's definitions, by place
  std::vector<std::string> standsFor;       ///< names that it replaces, sorted
};

/// The words that tell types apart whatever they are spelled like: without namespaces, `const`, references and
/// pointers; what holds characters is "text", arithmetic types are "number", others keep their last name.
std::vector<std::string> wordsOfType(llvm::StringRef type);

/// Whether a word of a type is one of the language or of its texts: it does not tell what a function is about.
bool isPlainType(llvm::StringRef word);

/// \param registry of the same rules and code.
/// \returns the entries sorted by symbol, each symbol once. What is private, local to a function or a file, or a test
/// is none.
std::vector<CatalogEntry> catalogOf(const Config &config, const Index &index, llvm::ArrayRef<JudgedRule> judged,
                                    const Registry &registry);

} // namespace ssot
