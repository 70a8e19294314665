#include "project/project.h"

#include "project/command.h"
#include "project/compiler.h"
#include "project/database.h"
#include "project/errors.h"
#include "project/files.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

#include <fcntl.h>
#include <unistd.h>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// An entry of a database with what is known of its file.
struct FoundEntry {
  const DatabaseEntry *entry = nullptr;
  std::string database;
  std::string real;                  ///< every symlink resolved
  bool isFile = false;               ///< known to be one
  std::string spelling;              ///< how Clang shall be given it
  std::string name;                  ///< relative to the root
  std::vector<std::string> gathered; ///< of a unity build: the sources below the root that it is made of
};

/// CMake compiles a file of its own to make a precompiled header; it is no source of the project.
bool isPrecompiledHeaderJob(llvm::StringRef file) { return path::filename(file).starts_with("cmake_pch.h"); }

/// The name under which Clang reads a source: its real path, unless a symlink moved it away from the folder where
/// `#include "..."` begins to search.
std::string spellingFor(llvm::StringRef written, llvm::StringRef real, RealPaths &paths) {
  return paths.ofFolder(path::parent_path(written)) == path::parent_path(real) ? real.str() : written.str();
}

FoundEntry locate(const DatabaseEntry &entry, llvm::StringRef database, llvm::StringRef root, RealPaths &paths) {
  FoundEntry found;
  found.entry = &entry;
  found.database = database.str();
  // Only lexically absolute: `a/../b` differs from `b` when `a` is a symlink.
  std::string written = absoluteFrom(entry.directory, entry.file);
  RealPath real = paths.of(written);
  found.real = std::move(real.path);
  found.isFile = real.isFile;
  found.spelling = found.isFile || fs::exists(written) ? spellingFor(written, found.real, paths) : found.real;
  found.name = relativeTo(root, found.real);
  return found;
}

class Opener {
public:
  explicit Opener(const ProjectOptions &options) : Options(options) {}

  llvm::Expected<Project> open() {
    if (llvm::Error error = findRoot())
      return std::move(error);
    if (llvm::Error error = findPaths())
      return std::move(error);
    if (Options.unitNames)
      return openNamed();
    llvm::Expected<std::vector<std::string>> databases = findDatabases(Result.root, Options.buildPaths);
    if (!databases)
      return databases.takeError();
    Result.database = databases->front();
    std::vector<std::vector<DatabaseEntry>> entries;
    for (const std::string &database : *databases) {
      llvm::Expected<std::vector<DatabaseEntry>> read = readDatabase(database);
      if (!read)
        return read.takeError();
      entries.push_back(std::move(*read));
    }
    std::vector<FoundEntry> ours;
    RealPaths paths;
    for (const auto &[database, list] : llvm::zip(*databases, entries))
      for (const DatabaseEntry &entry : list)
        take(locate(entry, database, Result.root, paths), ours);
    findBuildFolders(*databases, ours);
    addUnits(ours);
    addReferences();
    if (Result.units.empty())
      return nothingToAnalyse(ours.size());
    listFilesOnDisk();
    noteSilentCompilers();
    return std::move(Result);
  }

private:
  llvm::Expected<Project> openNamed() {
    for (const std::string &name : *Options.unitNames) {
      Compiled.insert(name);
      if (isWanted(name))
        Result.units.push_back({name, joined(Result.root, name), Result.root, {}});
      else
        ++Result.unitsOutOfScope;
    }
    listFilesOnDisk();
    return std::move(Result);
  }

  llvm::Error findRoot() {
    std::string root = Options.root;
    if (root.empty() && !Options.configFile.empty())
      root = path::parent_path(absoluteFrom(currentDirectory(), Options.configFile)).str();
    Result.root =
        realOrNormalised(absoluteFrom(currentDirectory(), root.empty() ? llvm::StringRef(".") : llvm::StringRef(root)));
    if (fs::is_directory(Result.root))
      return llvm::Error::success();
    return inputError(root + ": error: the project root is not a folder");
  }

  llvm::Error findPaths() {
    for (const std::string &given : Options.paths) {
      std::string real = realOrNormalised(absoluteFrom(currentDirectory(), given));
      if (!fs::exists(real))
        return inputError(given + ": error: there is no such file or folder");
      if (!isBelow(real, Result.root))
        return inputError(given + ": error: lies outside the project root " + Result.root);
      Result.paths.push_back(real == Result.root ? std::string() : relativeTo(Result.root, real));
      Paths.push_back(std::move(real));
    }
    return llvm::Error::success();
  }

  /// Counts an entry that is not ours, reports one that is broken, keeps the rest.
  void take(FoundEntry found, std::vector<FoundEntry> &ours) {
    if (isPrecompiledHeaderJob(found.real))
      return;
    found.gathered = gatheredBy(found.real);
    if (isBelow(found.real, Result.root) || !found.gathered.empty()) {
      ours.push_back(std::move(found));
      return;
    }
    ++Result.unitsOutsideRoot;
    if (namesOneOf(found.real, Options.outsideWords))
      Outside.push_back(std::move(found));
  }

  /// CMake's unity builds compile a file in the build folder that includes sources of the project and is none itself.
  std::vector<std::string> gatheredBy(llvm::StringRef file) const {
    std::vector<std::string> sources;
    if (path::filename(path::parent_path(file)) != "Unity" || !path::filename(file).starts_with("unity_"))
      return sources;
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    llvm::SmallVector<llvm::StringRef, 32> lines;
    if (buffer)
      (*buffer)->getBuffer().split(lines, '\n');
    for (llvm::StringRef line : lines) {
      line = line.ltrim();
      if (!line.consume_front("#include \""))
        continue;
      std::string source = realOrNormalised(absoluteFrom(path::parent_path(file), line.split('"').first));
      if (isBelow(source, Result.root))
        sources.push_back(relativeTo(Result.root, source));
    }
    return sources;
  }

  static bool namesOneOf(const std::string &file, llvm::ArrayRef<std::string> words) {
    if (words.empty())
      return false;
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return buffer &&
           llvm::any_of(words, [&](const std::string &word) { return (*buffer)->getBuffer().contains(word); });
  }

  /// An entry outside the root that cannot be used is nobody's loss but that of whoever asks for the body in it.
  void addReferences() {
    Compilers compilers;
    for (const FoundEntry &found : Outside) {
      if (!whyUnreadable(found).empty())
        continue;
      llvm::Expected<std::vector<std::string>> arguments = fitForClang(*found.entry, found.spelling, compilers);
      if (arguments)
        Result.references.push_back({found.real, found.real, found.entry->directory, std::move(*arguments)});
      else
        llvm::consumeError(arguments.takeError());
    }
    llvm::sort(Result.references, [](const CompileUnit &a, const CompileUnit &b) {
      return std::tie(a.file, a.arguments, a.directory) < std::tie(b.file, b.arguments, b.directory);
    });
  }

  /// A folder that holds a database is a build folder, unless all that is compiled lies in it: then it is where the
  /// sources are.
  void findBuildFolders(llvm::ArrayRef<std::string> databases, llvm::ArrayRef<FoundEntry> ours) {
    for (llvm::StringRef database : databases) {
      llvm::StringRef folder = path::parent_path(database);
      if (folder == Result.root || !isBelow(folder, Result.root))
        continue;
      if (llvm::any_of(ours, [&](const FoundEntry &found) {
            return !isBelow(found.real, folder) || llvm::any_of(found.gathered, [&](const std::string &source) {
              return !isBelow(joined(Result.root, source), folder);
            });
          }))
        Result.buildFolders.push_back(relativeTo(Result.root, folder));
    }
    llvm::sort(Result.buildFolders);
    Result.buildFolders.erase(std::unique(Result.buildFolders.begin(), Result.buildFolders.end()),
                              Result.buildFolders.end());
  }

  bool isWanted(llvm::StringRef name) const {
    if (llvm::any_of(Result.buildFolders, [&](const std::string &folder) { return isBelow(name, folder); }))
      return false;
    std::string absolute = joined(Result.root, name);
    if (!Options.analyseAll && !Paths.empty() &&
        llvm::none_of(Paths, [&](const std::string &given) { return isBelow(absolute, given); }))
      return false;
    return Options.inScope(name);
  }

  void addUnits(llvm::ArrayRef<FoundEntry> ours) {
    Compilers compilers;
    for (const FoundEntry &found : ours) {
      Compiled.insert(found.name);
      for (const std::string &source : found.gathered)
        Compiled.insert(source);
      bool wanted = found.gathered.empty()
                        ? isWanted(found.name)
                        : llvm::any_of(found.gathered, [&](const std::string &source) { return isWanted(source); });
      if (!wanted) {
        ++Result.unitsOutOfScope;
        continue;
      }
      std::string place = relativeTo(Result.root, found.database) + ":" + std::to_string(found.entry->line) + ":" +
                          std::to_string(found.entry->column);
      if (std::string wrong = whyUnreadable(found); !wrong.empty()) {
        Result.problems.push_back({place, std::move(wrong)});
        continue;
      }
      llvm::Expected<std::vector<std::string>> arguments = fitForClang(*found.entry, found.spelling, compilers);
      if (!arguments) {
        Result.problems.push_back({place, found.name + ": " + llvm::toString(arguments.takeError())});
        continue;
      }
      Result.units.push_back({found.name, found.real, found.entry->directory, std::move(*arguments),
                              makesDeprecationAnError(*found.entry)});
    }
    auto key = [](const CompileUnit &unit) { return std::tie(unit.file, unit.arguments, unit.directory); };
    std::sort(Result.units.begin(), Result.units.end(),
              [&](const CompileUnit &a, const CompileUnit &b) { return key(a) < key(b); });
    Result.units.erase(std::unique(Result.units.begin(), Result.units.end(),
                                   [&](const CompileUnit &a, const CompileUnit &b) { return key(a) == key(b); }),
                       Result.units.end());
    Silent = compilers.silent();
  }

  std::string whyUnreadable(const FoundEntry &found) {
    fs::file_status status;
    if (!found.isFile && fs::status(found.real, status))
      return found.name + ": this file is gone; configure the build again, or remove the entry";
    if (!found.isFile && !fs::is_regular_file(status))
      return found.name + ": this is no file";
    auto [isFolder, isNew] = IsFolder.try_emplace(found.entry->directory);
    if (isNew)
      isFolder->second = fs::is_directory(found.entry->directory);
    if (!isFolder->second)
      return found.name + ": its folder " + found.entry->directory + " is gone; configure the build again";
    if (::faccessat(AT_FDCWD, found.real.c_str(), R_OK, AT_EACCESS) != 0)
      return found.name + ": cannot be read: " + std::generic_category().message(errno);
    return std::string();
  }
  llvm::StringMap<bool> IsFolder; ///< of the folders that commands run in

  llvm::Error nothingToAnalyse(std::size_t entries) const {
    std::string start = Result.database + ":1:1: error: no translation unit to analyse: ";
    if (!Result.problems.empty())
      return inputError(start + "none of its " + llvm::Twine(Result.problems.size()) +
                        " entries in scope can be used; the first: " + Result.problems.front().file + ": " +
                        Result.problems.front().message);
    if (entries == 0)
      return inputError(start + "its " + llvm::Twine(Result.unitsOutsideRoot) + " entries lie outside the root " +
                        Result.root + "; name another root with --root");
    return inputError(
        start + "its " + llvm::Twine(entries) +
        " entries below the root are out of scope; look at `scope` in the rule file" +
        (Paths.empty() ? "" : " and at the PATH arguments (they select source files; headers come with them)"));
  }

  void listFilesOnDisk() {
    FilesOnDisk files = listFiles(Result.root, Result.buildFolders);
    for (const std::string &folder : files.unreadableFolders)
      Result.problems.push_back({folder, "this folder cannot be read"});
    for (std::string &header : files.headers)
      (isWanted(header) ? Result.headers : Result.outOfScope).push_back(std::move(header));
    for (std::string &source : files.sources)
      if (!isWanted(source))
        Result.outOfScope.push_back(std::move(source));
      else if (!Compiled.contains(source))
        Result.orphanSources.push_back(std::move(source));
    llvm::sort(Result.outOfScope);
  }

  void noteSilentCompilers() {
    for (const std::string &program : Silent)
      Result.notes.push_back("the compiler " + program +
                             " could not be asked for its include paths; Clang's own defaults serve");
  }

  const ProjectOptions &Options;
  Project Result;
  std::vector<FoundEntry> Outside;
  std::vector<std::string> Paths; ///< the PATH arguments, real
  llvm::StringSet<> Compiled;     ///< names of all files that a command compiles, wanted or not
  std::vector<std::string> Silent;
};

} // namespace

llvm::Expected<Project> openProject(const ProjectOptions &options) { return Opener(options).open(); }

} // namespace ssot
