#include "command/against.h"

#include "command/checked_project.h"
#include "command/owners.h"
#include "config/load.h"
#include "project/errors.h"
#include "project/files.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

namespace ssot {

namespace {

/// The files of the repository as a commit has them; others as the disk does.
class FilesThen {
public:
  FilesThen(const Git &git, const Revision &revision, const std::string &root)
      : Asked(git), Then(revision), Root(root) {}

  std::optional<std::string> read(llvm::StringRef path) const {
    std::string real = realEvenIfGone(path);
    if (!isBelow(real, Asked.top())) {
      auto buffer = llvm::MemoryBuffer::getFile(real, /*IsText=*/false, /*RequiresNullTerminator=*/false);
      return buffer ? std::optional((*buffer)->getBuffer().str()) : std::nullopt;
    }
    return Asked.content(Then.commit, relativeTo(Asked.top(), real));
  }

  /// The name that a file had then, absolute, when git knows it by another one now.
  std::string oldName(llvm::StringRef path) const {
    auto renamed = Then.renamed.find(relativeTo(Root, realEvenIfGone(path)));
    return renamed == Then.renamed.end() ? path.str() : joined(Root, renamed->second);
  }

  /// The text of a file that may have another name now, with the name that it had.
  std::optional<std::pair<std::string, std::string>> readOld(llvm::StringRef path) const {
    for (const std::string &name : {path.str(), oldName(path)})
      if (std::optional<std::string> text = read(name))
        return std::pair(name, std::move(*text));
    return std::nullopt;
  }

private:
  const Git &Asked;
  const Revision &Then;
  const std::string &Root;
};

/// The rule file of then: under its name of now, the one before a rename, or the usual one.
std::optional<std::string> ruleFileThen(const FilesThen &files, llvm::StringRef now, llvm::StringRef root) {
  if (!now.empty())
    if (auto same = files.readOld(now))
      return same->first;
  std::string usual = joined(root, ".ssot.yaml");
  return files.read(usual) ? std::optional(usual) : std::nullopt;
}

/// The rules of then. No file that held any is no rules.
llvm::Expected<Config> configThen(const SharedOptions &shared, const FilesThen &files, llvm::StringRef main,
                                  llvm::StringRef root, llvm::StringRef revision) {
  LoadOptions options{shared.packDirectories, [&](llvm::StringRef path) -> llvm::Expected<std::string> {
                        if (std::optional<std::string> text = files.read(path))
                          return std::move(*text);
                        return inputError("no such file at " + revision);
                      }};
  std::vector<std::string> extra;
  for (const std::string &name : shared.rules)
    if (bool isPack = !llvm::StringRef(name).contains('/') && llvm::sys::path::extension(name).empty();
        isPack || files.read(name))
      extra.push_back(name);
  std::optional<std::string> file = ruleFileThen(files, main, root);
  if (!file && extra.empty())
    return Config();
  llvm::Expected<Config> config = loadConfig(file.value_or(""), extra, options);
  if (!config)
    return inputError(llvm::Twine("the rules at ") + revision +
                      " cannot be read: " + llvm::toString(config.takeError()));
  return config;
}

/// A place in a bundled pack is in nobody's file: what changed is the project's own file, which no longer names it.
void placeInProject(Config &config, const std::string &root) {
  Mark top{config.files.front(), 1, 1};
  for (Rule &rule : config.rules)
    for (Mark *mark : {&rule.mark, &rule.severityAt, &rule.scopeAt})
      if (!isBelow(realEvenIfGone(mark->file), root))
        *mark = top;
}

/// Sources and headers that git tracks or would, as they are now.
std::vector<std::string> codeOf(const Git &git) {
  std::vector<std::string> files;
  Git::Answer listed = git.run({"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
  for (ZeroEnded fields(listed.out); !fields.done();)
    if (llvm::StringRef name = fields.next(); isHeaderName(name) || isSourceName(name))
      files.push_back(name.str());
  llvm::sort(files);
  files.erase(llvm::unique(files), files.end());
  return files;
}

llvm::Error addBaseline(const AgainstRequest &request, const FilesThen &files, const std::string &root,
                        GateBefore &before) {
  std::string file = request.baseline.empty() ? joined(root, kBaselineName) : request.baseline;
  if (request.baseline.empty() && !llvm::sys::fs::exists(file))
    return llvm::Error::success();
  std::string name = nameForReports(root, file);
  llvm::Expected<Baseline> now = readBaseline(file, name);
  if (!now)
    return now.takeError();
  std::optional<Baseline> then;
  if (auto text = files.readOld(file)) {
    llvm::Expected<Baseline> read = parseBaseline(text->second, name);
    if (!read)
      return inputError("the baseline at " + request.revision + " cannot be read: " + llvm::toString(read.takeError()));
    then = std::move(*read);
  }
  auto exists = [&](llvm::StringRef path) { return llvm::sys::fs::exists(joined(root, path)); };
  llvm::append_range(before.weaker, grownBaseline(then ? &*then : nullptr, *now, exists));
  return llvm::Error::success();
}

} // namespace

llvm::Expected<GateBefore> gateBefore(const SharedOptions &shared, const AgainstRequest &request, const Git &git,
                                      const Revision &revision, const Project &project, const Config &now,
                                      llvm::raw_ostream &err) {
  GateBefore before;
  before.revision = request.revision;
  before.owners = ownersAt(git, revision.commit, project.root);
  FilesThen files(git, revision, project.root);
  llvm::Expected<Config> then = configThen(shared, files, ruleFileOf(shared), project.root, request.revision);
  if (!then)
    return then.takeError();
  if (then->files.empty()) {
    if (!shared.quiet)
      err << "ssot: there are no rules at " << request.revision << ", so none can be weaker now\n";
  } else {
    placeInProject(*then, project.root);
    nameRuleFiles(*then, project.root);
    before.weaker = weakenings(*then, now, {codeOf(git), revision.renamed});
  }
  if (llvm::Error error = addBaseline(request, files, project.root, before))
    return std::move(error);
  return before;
}

} // namespace ssot
