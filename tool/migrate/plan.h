// migrate/plan.h - from the picture of the project to the edits that would move it to the canonical API.
//
// A plan is data: which bytes of which file become what, and what is left for a person with the reason. Planning judges
// nothing again and proves nothing; verify.h does.
#pragma once

#include "gate/gate.h"
#include "link/index.h"
#include "migrate/text.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace ssot {

/// A part of what an edit replaces that stands in its new text as it was.
struct KeptText {
  std::uint32_t oldBegin = 0; ///< in the file
  std::size_t begin = 0;      ///< in the new text
  std::size_t size = 0;
};

/// One change of one file. The choices are tried in order until one verifies; the first is what a person would write.
struct Edit {
  std::string file; ///< relative to the root
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string rule;
  std::string before;
  std::vector<std::string> choices;
  std::size_t choice = 0;
  /// Of an edit of includes: the lines and columns of the old headers that each choice keeps.
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> kept;
  /// The qualified name that the edited place must resolve to; empty for includes.
  std::string target;
  bool inMacroBody = false;       ///< what is replaced is written in the body of a macro
  bool isCall = false;            ///< a whole call was rewritten: the target is used somewhere in it
  std::vector<KeptText> keptText; ///< of such a call: its operands
  /// Of an edit that makes a duplicate an adapter: which one. The judge says whether it has become one.
  std::string adapter;

  /// A rule's own text, which it must not ask for again, or a part of what another edit does. The target is the rule.
  bool isRaw = false;
  /// Of an edit that takes out declarations: the old names that they made known, or the namespace. It is raw as well.
  std::vector<std::string> removes;

  /// Of an edit that only adds includes: the rules whose edits in the file need them. Without those it has no purpose.
  std::vector<std::string> onlyFor;

  /// Of an edit that puts declarations in front of what uses them: the new names.
  std::vector<std::string> declares;

  /// Of an edit that completes a call or a construction: where the edited name ends that it is for.
  std::optional<std::uint32_t> completes;

  const std::string &after() const { return choices[choice]; }
  bool isInclude() const { return target.empty(); }
  /// The choices are spellings of one name, and the last can mean nothing else.
  bool isName() const { return !isInclude() && adapter.empty() && !isRaw; }
};

/// A known mention that is not rewritten. `reason` is a word of the contract.
struct Residue {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string rule;
  std::string reason;
  std::string detail; ///< for people; may be empty

  friend bool operator<(const Residue &a, const Residue &b) {
    return std::tie(a.file, a.line, a.column, a.rule, a.reason) < std::tie(b.file, b.line, b.column, b.rule, b.reason);
  }
  friend bool operator==(const Residue &a, const Residue &b) { return !(a < b) && !(b < a); }
};

/// An edit that was planned and taken out again, with the compiler's message.
struct Rejection {
  Edit edit;
  std::string error;
  bool differs = false; ///< it compiles, and does something else
};

struct Plan {
  std::vector<Edit> edits; ///< sorted by file and place, without overlaps
  std::vector<Residue> residue;
};

/// Gives the text of a project file, or nothing when it cannot be read.
using ReadFile = llvm::function_ref<std::optional<std::string>(llvm::StringRef)>;

struct PlanOptions {
  bool adapters = false;                 ///< duplicates become delegating adapters
  std::set<std::string> refusedRewrites; ///< ids of rules whose `rewrite` does not end in what they ask for
  std::set<std::string> refusedAdapters; ///< `Edit::adapter` of those that were tried and did not hold
};

/// Plans the edits for the violations that the judges call fixable: legacy includes, names and calls, and duplicates
/// when \p options ask for adapters. Every other violation is in the residue.
/// \param judged the rules with what their judges said of \p index.
Plan planMigration(const Index &index, llvm::ArrayRef<JudgedRule> judged, ReadFile read,
                   const PlanOptions &options = {});

/// \returns the new text of every edited file.
std::map<std::string, std::string> editedFiles(llvm::ArrayRef<Edit> edits, ReadFile read);

} // namespace ssot
