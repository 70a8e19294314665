#include "command/init.h"

#include "gate/gate.h"
#include "project/database.h"
#include "project/files.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <set>

namespace ssot {

namespace {

constexpr char kFileName[] = ".ssot.yaml";

/// What `init` found out about a project.
struct Survey {
  std::size_t sources = 0;
  std::size_t headers = 0;
  std::set<std::string> folders; ///< top-level folders with code of the project
  std::set<std::string> foreign; ///< top-level folders with code that others wrote
  bool filesAtRoot = false;
};

bool isForeign(llvm::StringRef folder) {
  return llvm::is_contained({"third_party", "third-party", "3rdparty", "thirdparty", "external", "extern", "vendor",
                             "deps", "node_modules", "submodules"},
                            folder.lower());
}

Survey survey(llvm::StringRef root) {
  FilesOnDisk files = listFiles(root, {});
  Survey found;
  found.sources = files.sources.size();
  found.headers = files.headers.size();
  for (llvm::StringRef path : llvm::concat<const std::string>(files.sources, files.headers)) {
    auto [folder, rest] = path.split('/');
    if (rest.empty())
      found.filesAtRoot = true;
    else
      (isForeign(folder) ? found.foreign : found.folders).insert(folder.str());
  }
  return found;
}

/// Whether a folder's name means itself in a glob and in a double-quoted YAML string.
bool isPlain(llvm::StringRef name) {
  return llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || llvm::StringRef("_-.+ ,=@~").contains(c); });
}

std::string globsOf(const std::set<std::string> &folders) {
  std::string list;
  for (const std::string &folder : folders)
    list += (list.empty() ? "\"" : ", \"") + folder + "/**\"";
  return "[" + list + "]";
}

/// The `scope` of the file: the folders with code when all of it lies in folders that can be named, else everything.
void writeScope(const Survey &found, llvm::raw_ostream &out) {
  bool canName = !found.filesAtRoot && !found.folders.empty() && llvm::all_of(found.folders, isPlain);
  std::set<std::string> foreign;
  llvm::copy_if(found.foreign, std::inserter(foreign, foreign.end()), isPlain);
  out << "# The files that the rules speak of, relative to this file. '*' stays in one folder, '**' goes through all "
         "below.\n"
      << "scope:\n"
      << (canName ? "  include: " + globsOf(found.folders) : "  # include: [\"src/**\"]") << '\n'
      << (foreign.empty() ? "  # exclude: [\"third_party/**\", \"**/generated/**\"]" : "  exclude: " + globsOf(foreign))
      << '\n'
      << "  # Where tests and their mocks, fakes and stubs live; a test double is no second source of truth.\n"
      << "  tests: [\"**/test*/**\"]\n\n";
}

constexpr char kHead[] =
    R"(# Rules of this project for ssot. `ssot check` judges them, `ssot explain RULE` says what one means,
# `ssot rules schema` prints the format as a JSON Schema for editors.
ssot: 1

# Rule packs that come with ssot, or rule files of your own:
# extends: [architecture, tools/more_rules.yaml]

)";

constexpr char kRules[] =
    R"(# `ssot check` fails under this SSOT compliance (percent), and for every violation of severity error.
# gate:
#   min-compliance: 100
# To parse only the units that can hold a site of a rule (an error of the compiler in another one then goes unnoticed):
# check:
#   parse: needed

rules:
  # These two say something about every project; a warning never fails the gate. Change the limits to yours.
  - id: readable-size
    kind: size-limit
    description: Files and functions stay small enough to read.
    severity: warning
    max-file-lines: 1000
    max-function-lines: 150

  - id: one-name-one-type
    kind: one-definition
    description: A type's name means one thing in the whole project.
    severity: warning

  # One class does this job; others that do it derive from it or delegate to it.
  # - id: one-router
  #   kind: single-class
  #   canonical: net::Router
  #   header: net/router.h
  #   match:
  #     name: .*Router

  # A header and a name that have successors.
  # - id: router-header
  #   kind: legacy-include
  #   replace:
  #     old/router.h: net/router.h
  # - id: router-name
  #   kind: legacy-name
  #   replace:
  #     old::Router: net::Router

  # Exceptions are written down with a reason, here or in the code as `// NOLINT(ssot-one-router): reason`.
  #   allow:
  #     - symbol: net::LegacyRouter
  #       reason: removed with the 2.0 protocol
  #       until: 2030-12-31
)";

int refuse(const llvm::Twine &message, llvm::raw_ostream &err) {
  err << "ssot: error: " << message << '\n';
  return static_cast<int>(ExitCode::Usage);
}

void sayWhatWasFound(llvm::StringRef root, llvm::ArrayRef<std::string> buildPaths, const Survey &found,
                     llvm::raw_ostream &out) {
  out << "found " << found.sources << " sources and " << found.headers << " headers\n";
  llvm::Expected<std::vector<std::string>> databases = findDatabases(root, buildPaths);
  if (databases)
    out << "found the compile database " << databases->front() << '\n';
  else
    out << llvm::toString(databases.takeError()) << '\n';
}

} // namespace

int runInit(llvm::StringRef root, llvm::ArrayRef<std::string> buildPaths, llvm::raw_ostream &out,
            llvm::raw_ostream &err) {
  llvm::SmallString<256> folder;
  if (std::error_code error = llvm::sys::fs::real_path(root, folder))
    return refuse("cannot look at '" + root + "': " + error.message(), err);
  if (!llvm::sys::fs::is_directory(folder))
    return refuse("'" + root + "' is not a folder", err);
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, kFileName);

  int descriptor = -1;
  std::error_code error = llvm::sys::fs::openFileForWrite(path, descriptor, llvm::sys::fs::CD_CreateNew);
  if (error == std::errc::file_exists)
    return refuse("'" + path + "' exists already; it is not touched", err);
  if (error)
    return refuse("cannot write '" + path + "': " + error.message(), err);
  Survey found = survey(folder);
  llvm::raw_fd_ostream file(descriptor, /*shouldClose=*/true);
  file << kHead;
  writeScope(found, file);
  file << kRules;
  file.close();
  if (file.has_error()) {
    std::string reason = file.error().message();
    file.clear_error();
    // The write has failed already; what cannot be removed either is said by that error.
    static_cast<void>(llvm::sys::fs::remove(path));
    err << "ssot: error: cannot write '" << path << "': " << reason << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  sayWhatWasFound(folder, buildPaths, found, out);
  out << "wrote " << path << "; read it, then run `ssot check`\n";
  return static_cast<int>(ExitCode::Passed);
}

} // namespace ssot
