#include "gate/breakdown.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/Path.h>

#include <map>

namespace ssot {

namespace {

using Tallies = std::map<std::string, Tally>;

/// Calls \p visit with each folder that a file lies in, the innermost first and "." last.
template <typename Visit>
void forEachFolder(llvm::StringRef file, Visit visit) {
  for (llvm::StringRef folder = llvm::sys::path::parent_path(file); !folder.empty();
       folder = llvm::sys::path::parent_path(folder))
    visit(folder.str());
  visit(std::string("."));
}

void count(Tallies &tallies, const std::string &name, const Finding &finding) {
  Tally &tally = tallies[name];
  ++tally.violations;
  tally.fresh += finding.state == FindingState::New ? 1 : 0;
}

std::vector<Tally> listOf(Tallies tallies) {
  std::vector<Tally> list;
  list.reserve(tallies.size());
  for (auto &[name, tally] : tallies) {
    tally.name = name;
    list.push_back(std::move(tally));
  }
  return list;
}

} // namespace

std::string ownersText(const Finding &finding) {
  return finding.owners.empty() ? "nobody" : llvm::join(finding.owners, " ");
}

bool countsAgainstRule(const Finding &finding) {
  return !finding.identity.empty() || finding.kind == "canonical-missing";
}

Breakdown breakdownOf(const Result &result) {
  Tallies folders, files, owners;
  for (const Finding &finding : result.findings) {
    if (!countsAgainstRule(finding))
      continue;
    count(files, finding.file, finding);
    forEachFolder(finding.file, [&](const std::string &folder) { count(folders, folder, finding); });
    if (finding.severity == Severity::Error)
      count(owners, ownersText(finding), finding);
  }
  for (const AnalysedFile &file : result.analysed) {
    auto add = [&](Tally &tally) {
      ++tally.files.whole;
      tally.files.part += file.clean ? 1 : 0;
    };
    if (auto known = files.find(file.path); known != files.end())
      add(known->second);
    forEachFolder(file.path, [&](const std::string &folder) { add(folders[folder]); });
  }
  return {listOf(std::move(folders)), listOf(std::move(files)), listOf(std::move(owners))};
}

} // namespace ssot
