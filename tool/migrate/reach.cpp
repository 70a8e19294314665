#include "migrate/reach.h"

#include <llvm/ADT/StringSet.h>

namespace ssot {

Reach::Reach(const Index &index) {
  for (const IncludeFact &include : index.includes())
    Included[index.path(include.place)].push_back(index.text(include.resolved));
}

bool Reach::reaches(llvm::StringRef from, llvm::StringRef to) const {
  llvm::StringSet<> seen;
  std::vector<llvm::StringRef> toDo{from};
  while (!toDo.empty()) {
    llvm::StringRef file = toDo.back();
    toDo.pop_back();
    if (file == to)
      return true;
    if (!seen.insert(file).second)
      continue;
    if (auto known = Included.find(file); known != Included.end())
      toDo.insert(toDo.end(), known->second.begin(), known->second.end());
  }
  return false;
}

} // namespace ssot
