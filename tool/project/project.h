// project/project.h - what there is to analyse: the root, the compile commands, the files that are ours.
//
// Everything that is wrong with a compile database is found here and said once, before Clang sees a command.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// One translation unit: a source file and the command that compiles it, made fit for Clang.
struct CompileUnit {
  std::string file;      ///< relative to the root, normalised, symlinks resolved; the unit's name in reports
  std::string absolute;  ///< where it is
  std::string directory; ///< the command's working directory, absolute
  std::vector<std::string>
      arguments; ///< argv for Clang, argv[0] included; response files expanded, GCC-only flags removed, outputs
                 ///< removed, the compiler's built-in include paths added when it is not a clang
  bool deprecationIsError = false; ///< the real command fails where something deprecated is used
};

struct ProjectProblem {
  std::string file; ///< what it speaks of; may carry :line:column
  std::string message;
};

struct Project {
  std::string root;     ///< absolute, real
  std::string database; ///< the compile_commands.json that was read
  std::vector<CompileUnit>
      units; ///< sorted by file, then arguments; exact repeats removed; only sources under the root and in scope
  std::vector<std::string> headers;       ///< headers on disk, in scope, relative; sorted
  std::vector<std::string> orphanSources; ///< sources on disk, in scope, that no command compiles; sorted
  std::vector<std::string> outOfScope;    ///< headers and sources on disk that are not in scope; sorted
  std::vector<std::string> paths;         ///< the PATH arguments, relative, symlinks resolved
  std::vector<ProjectProblem>
      problems; ///< entries whose file is gone, unreadable files: reported, the analysis is incomplete
  /// Units outside the root whose source names one of ProjectOptions::outsideWords: read for the canonical bodies they
  /// may hold, never counted, never judged.
  std::vector<CompileUnit> references;
  std::size_t unitsOutsideRoot = 0; ///< units of the database that are not ours
  std::size_t unitsOutOfScope = 0;  ///< ours, but outside the scope, the PATH arguments, or below a build folder
  /// Build folders below the root, relative: what lies in them was generated or downloaded and is nobody's source.
  std::vector<std::string> buildFolders;
  std::vector<std::string> notes; ///< worth saying with `-v`; nothing is incomplete for them
};

struct ProjectOptions {
  std::string root;       ///< empty: found from the configuration file or the working directory
  std::string configFile; ///< empty when there is none
  std::vector<std::string>
      buildPaths; ///< `-p`; empty: searched upwards from the root, in each folder itself and its build/ (and build/*/)
  std::vector<std::string> paths; ///< PATH arguments: only files below them
  /// Names of units that are analysed elsewhere: these are the units, and no compile database is read.
  std::optional<std::vector<std::string>> unitNames = std::nullopt;
  bool analyseAll = false; ///< PATH arguments are checked and resolved, but select nothing
  /// Identifiers for Project::references.
  std::vector<std::string> outsideWords;
  /// Whether a project file (relative path) is in scope.
  llvm::function_ref<bool(llvm::StringRef)> inScope;
};

/// Finds and reads the compile database and lists the project's files.
/// \returns an error (with path:line:column for malformed JSON and what to do) when there is no database, it is empty
/// or malformed, or no unit is in scope.
llvm::Expected<Project> openProject(const ProjectOptions &options);

/// \returns \p path relative to \p root with '/' when it lies below it, else unchanged. Both absolute and normalised.
std::string relativeTo(llvm::StringRef root, llvm::StringRef path);

} // namespace ssot
