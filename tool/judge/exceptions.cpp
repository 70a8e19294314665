#include "judge/exceptions.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

bool anyMayThrow(const Index &index, std::vector<StringId> open) {
  llvm::DenseSet<StringId> seen;
  while (!open.empty()) {
    StringId next = open.back();
    open.pop_back();
    if (!seen.insert(next).second)
      continue;
    const FunctionFact *function = next ? index.function(next) : nullptr;
    auto isQuiet = [&](const CalleeFact &callee) { return callee.usr == next && callee.isNoexcept; };
    if (!function && next && llvm::any_of(index.callees(), isQuiet))
      continue;
    if (!function || function->isLocalOrLambda)
      return true;
    if (!function->written.isNoexcept)
      llvm::append_range(open, index.bodyOf(*function).risks);
  }
  return false;
}

} // namespace

bool mayThrow(const Index &index, StringId usr) { return anyMayThrow(index, {usr}); }

bool bodyMayThrow(const Index &index, const FunctionFact &function) {
  return anyMayThrow(index, index.bodyOf(function).risks);
}

} // namespace ssot
