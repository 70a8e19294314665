#include "command/unit_key.h"

#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Support/Path.h>

namespace ssot {

namespace {

/// \p text with every mention of \p folder replaced by \p name.
std::string renamed(llvm::StringRef text, llvm::StringRef folder, llvm::StringRef name) {
  std::string result;
  for (std::size_t at = text.find(folder); at != llvm::StringRef::npos; at = text.find(folder)) {
    llvm::StringRef after = text.drop_front(at + folder.size());
    bool isFolder = after.empty() || after.front() == '/';
    result += text.take_front(at);
    result += isFolder ? name : folder;
    text = after;
  }
  return result + text.str();
}

/// Calls \p use with each folder above \p root but the topmost, from the nearest on, and its name seen from the root.
void foldersAbove(llvm::StringRef root, llvm::function_ref<void(llvm::StringRef, const std::string &)> use) {
  std::string name = "..";
  for (llvm::StringRef above = llvm::sys::path::parent_path(root); above.size() > 1;
       above = llvm::sys::path::parent_path(above), name += "/..")
    use(above, name);
}

/// \p text without the place where the root is.
std::string seenFrom(llvm::StringRef root, llvm::StringRef text) {
  std::string seen = renamed(text, root, "<root>");
  foldersAbove(root,
               [&](llvm::StringRef above, const std::string &name) { seen = renamed(seen, above, "<root>/" + name); });
  return seen;
}

/// Gives every file that the facts name another name.
void renameFiles(UnitFacts &facts, llvm::function_ref<std::string(const std::string &)> rename) {
  for (FileFact &file : facts.files)
    file.path = rename(file.path);
  std::vector<bool> done(facts.strings.size(), false);
  for (const IncludeFact &include : facts.includes)
    if (include.resolved && !done[include.resolved]) {
      facts.strings[include.resolved] = rename(facts.strings[include.resolved]);
      done[include.resolved] = true;
    }
  if (facts.error)
    facts.error->file = rename(facts.error->file);
  for (DiagnosticFact &error : facts.moreErrors)
    error.file = rename(error.file);
}

/// \returns \p path seen from \p root, with `..` for each step up; unchanged when the two share no folder.
std::string relativeUpwards(llvm::StringRef root, const std::string &path) {
  if (!llvm::sys::path::is_absolute(path))
    return path;
  std::string name;
  foldersAbove(root, [&](llvm::StringRef above, const std::string &up) {
    if (name.empty() && isBelow(path, above))
      name = up + path.substr(above.size());
  });
  return name.empty() ? path : name;
}

} // namespace

Digest askedOf(const Project &project, const Config &config) {
  DigestInput input;
  input.all(project.buildFolders);
  for (const std::vector<Glob> *globs : {&config.scope.include, &config.scope.exclude}) {
    input.number(globs->size());
    for (const Glob &glob : *globs)
      input.add(glob.text());
  }
  Vocabulary words = vocabularyOf(config);
  for (const std::vector<std::string> *names :
       {&words.names, &words.created, &words.called, &words.moved, &words.interfaces, &words.emitters})
    input.all(*names);
  input.number(words.matchers.size());
  for (const MatcherRequest &request : words.matchers)
    input.add(request.rule).number(request.compliant).add(request.expression);
  input.number(words.flow).number(words.bodies);
  return input.digest();
}

Digest commandKey(llvm::StringRef root, const CompileUnit &unit) {
  DigestInput input;
  input.add(unit.file).add(seenFrom(root, unit.directory)).number(unit.arguments.size());
  for (const std::string &argument : unit.arguments)
    input.add(seenFrom(root, argument));
  return input.digest();
}

void nameFromRoot(UnitFacts &facts, llvm::StringRef root) {
  renameFiles(facts, [&](const std::string &path) { return relativeUpwards(root, path); });
}

void nameFromHere(UnitFacts &facts, llvm::StringRef root) {
  renameFiles(facts, [&](const std::string &path) {
    return llvm::StringRef(path).starts_with("../") ? normalised(joined(root, path)) : path;
  });
}

} // namespace ssot
