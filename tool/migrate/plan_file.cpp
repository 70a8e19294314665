#include "migrate/plan_file.h"

#include "project/errors.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

namespace ssot {

namespace {

std::optional<Replacement> replacementOf(const llvm::json::Value &value) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object || !object->getInteger("begin") || !object->getInteger("end") || !object->getString("after"))
    return std::nullopt;
  return Replacement{static_cast<std::size_t>(*object->getInteger("begin")),
                     static_cast<std::size_t>(*object->getInteger("end")), object->getString("after")->str()};
}

/// \returns the text with the replacements applied, or nothing when they do not fit it.
std::optional<std::string> fitted(const std::string &text, std::vector<Replacement> replacements) {
  llvm::stable_sort(replacements, [](const Replacement &a, const Replacement &b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  std::size_t at = 0;
  for (const Replacement &replacement : replacements) {
    if (replacement.begin < at || replacement.end < replacement.begin || replacement.end > text.size())
      return std::nullopt;
    at = replacement.end;
  }
  return applied(text, replacements);
}

} // namespace

std::string planFile(const std::vector<Edit> &edits, const std::map<std::string, LaidOutFile> &laidOut,
                     const std::vector<FileChange> &changes) {
  llvm::json::Array files, list;
  for (const FileChange &change : changes) {
    llvm::json::Array layout;
    for (const Replacement &space : laidOut.at(change.path).layout)
      layout.push_back(llvm::json::Object{{"begin", space.begin}, {"end", space.end}, {"after", space.text}});
    files.push_back(llvm::json::Object{{"path", change.path},
                                       {"before", digest(change.before)},
                                       {"after", digest(change.after)},
                                       {"layout", std::move(layout)}});
  }
  for (const Edit &edit : edits)
    list.push_back(llvm::json::Object{{"file", edit.file},
                                      {"begin", edit.begin},
                                      {"end", edit.end},
                                      {"line", edit.line},
                                      {"column", edit.column},
                                      {"rule", edit.rule},
                                      {"before", edit.before},
                                      {"after", edit.after()}});
  std::string text;
  llvm::raw_string_ostream out(text);
  out << llvm::formatv("{0:2}", llvm::json::Value(llvm::json::Object{{"schema", "ssot-plan/1"},
                                                                     {"verified", true},
                                                                     {"files", std::move(files)},
                                                                     {"edits", std::move(list)}}))
      << '\n';
  return text;
}

llvm::Expected<LoadedPlan> loadPlan(llvm::StringRef text, ReadFile read) {
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(text);
  if (!parsed)
    return inputError("the plan is no JSON: " + llvm::toString(parsed.takeError()));
  const llvm::json::Object *plan = parsed->getAsObject();
  if (!plan || plan->getString("schema") != llvm::StringRef("ssot-plan/1"))
    return inputError("not a plan of ssot (schema ssot-plan/1)");
  const llvm::json::Array *files = plan->getArray("files"), *edits = plan->getArray("edits");
  if (!files || !edits)
    return inputError("the plan has no files or no edits");
  if (!plan->getBoolean("verified").value_or(false))
    return inputError("the plan was never verified");

  std::map<std::string, std::vector<Replacement>> byFile;
  for (const llvm::json::Value &value : *edits) {
    const llvm::json::Object *edit = value.getAsObject();
    std::optional<Replacement> replacement = replacementOf(value);
    if (!replacement || !edit->getString("file"))
      return inputError("an edit of the plan is incomplete");
    byFile[edit->getString("file")->str()].push_back(std::move(*replacement));
  }
  LoadedPlan loaded;
  std::size_t done = 0;
  for (const llvm::json::Value &value : *files) {
    const llvm::json::Object *file = value.getAsObject();
    if (!file || !file->getString("path") || !file->getString("before") || !file->getString("after"))
      return inputError("a file of the plan is incomplete");
    FileChange change;
    change.path = file->getString("path")->str();
    std::optional<std::string> now = read(change.path);
    if (!now)
      return inputError(change.path + ": the plan edits this file, but it cannot be read");
    std::string seen = digest(*now);
    if (seen == *file->getString("after")) {
      ++done;
      continue;
    }
    if (seen != *file->getString("before"))
      return inputError(change.path + ": was edited since the plan was made; plan again");
    std::vector<Replacement> layout;
    if (const llvm::json::Array *spaces = file->getArray("layout"))
      for (const llvm::json::Value &space : *spaces) {
        std::optional<Replacement> replacement = replacementOf(space);
        if (!replacement)
          return inputError("a file of the plan is incomplete");
        layout.push_back(std::move(*replacement));
      }
    change.before = std::move(*now);
    std::optional<std::string> edited = fitted(change.before, std::move(byFile[change.path]));
    std::optional<std::string> laidOut = edited ? fitted(*edited, std::move(layout)) : std::nullopt;
    if (!laidOut)
      return inputError(change.path + ": the plan's edits do not fit the file");
    change.after = std::move(*laidOut);
    if (digest(change.after) != *file->getString("after"))
      return inputError(change.path + ": the plan's edits do not give the file it promises");
    loaded.changes.push_back(std::move(change));
  }
  if (done && !loaded.changes.empty())
    return inputError("the plan is applied in " + std::to_string(done) + " of " + std::to_string(files->size()) +
                      " files and not in the others, first of all " + loaded.changes.front().path);
  if (loaded.changes.empty())
    loaded.state = PlanState::Applied;
  return loaded;
}

} // namespace ssot
