// catalog/search.h - the entries of a catalog that answer a query, the best first.
#pragma once

#include "catalog/catalog.h"
#include "catalog/query.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

struct CatalogHit {
  const CatalogEntry *entry = nullptr;
  bool isExact = false;             ///< it, or what it stands for, has the name that was asked for
  bool takesTheSame = false;        ///< a signature of it has the parameters, and the result if one was given
  std::vector<std::string> matched; ///< words of the query that its name, or one that it stands for, or its rule has
  std::vector<std::string> matchedTypes; ///< words of types that its signatures have
  std::vector<std::string> askedFor;     ///< of what it stands for: the names that match
};

struct CatalogAnswer {
  std::vector<CatalogHit> hits;
  std::vector<std::string> unmatched; ///< words of the query that no entry has
};

/// Words match by their stem, or by their beginning from four letters on. First comes what has the very name; then what
/// has most of the words (a type counts half a word, and the same parameters and result one more); then the canonical;
/// then by BM25 of SQLite's FTS5. Beside one of the very name only what has all words is listed, beside others what has
/// more than half of what the best one has.
/// \returns an error when SQLite fails.
llvm::Expected<CatalogAnswer> search(llvm::ArrayRef<CatalogEntry> catalog, const CatalogQuery &query);

} // namespace ssot
