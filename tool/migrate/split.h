// migrate/split.h - one migration as several patches, each of which compiles on top of those before it.
//
// Who owns a folder reviews what changes in it. The order is no guess: a part is only put next when the units that read
// its files have been seen to compile with it; parts that need each other are one patch.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ssot {

struct SplitBy {
  enum class Criterion { Owner, Directory, Count };
  Criterion criterion = Criterion::Directory;
  std::size_t count = 0; ///< files of a part
};

/// Reads `owner`, `directory` or `count:N`.
llvm::Expected<SplitBy> parseSplitBy(llvm::StringRef text);

struct PatchPart {
  std::string name; ///< the owner, the folder; of parts that were joined, both
  std::vector<std::string> files;
};

/// \param files edited files, sorted.
std::vector<PatchPart> partsOf(const std::vector<std::string> &files, const SplitBy &by,
                               llvm::function_ref<std::string(llvm::StringRef)> ownerOf);

/// \param obstacles tells of the project with \p files in their new form, of which \p added came last: nothing when it
/// compiles, else the files that the units read which do not.
/// \returns the parts in an order in which the project compiles after each; all files together do.
std::vector<PatchPart>
inCompilingOrder(std::vector<PatchPart> parts,
                 llvm::function_ref<std::optional<std::set<std::string>>(const std::set<std::string> &files,
                                                                         const std::vector<std::string> &added)>
                     obstacles);

/// \returns the name of the patch file of a part, the \p number-th from 1: `0001-src-net.patch`.
std::string patchFileName(const PatchPart &part, std::size_t number);

} // namespace ssot
