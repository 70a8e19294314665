// report/where.h - the answer to "is there already one?", for people and for programs.
#pragma once

#include "catalog/search.h"
#include "gate/gate.h"

#include <llvm/Support/raw_ostream.h>

namespace ssot {

struct WhereReport {
  const Index &index;
  const CatalogQuery &query;
  const CatalogAnswer &answer;
  const Coverage &coverage;
  std::size_t limit; ///< hits to show; 0: all
};

void writeWhere(const WhereReport &report, llvm::raw_ostream &out);
/// `ssot-where/1`.
void writeWhereJson(const WhereReport &report, llvm::raw_ostream &out);

} // namespace ssot
