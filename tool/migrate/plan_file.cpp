#include "migrate/plan_file.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

namespace ssot {

namespace {

llvm::Error refuse(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

} // namespace

std::string planFile(const std::vector<Edit> &edits, const std::vector<FileChange> &changes) {
  llvm::json::Array files, list;
  for (const FileChange &change : changes)
    files.push_back(
        llvm::json::Object{{"path", change.path}, {"before", digest(change.before)}, {"after", digest(change.after)}});
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
    return refuse("the plan is no JSON: " + llvm::toString(parsed.takeError()));
  const llvm::json::Object *plan = parsed->getAsObject();
  if (!plan || plan->getString("schema") != llvm::StringRef("ssot-plan/1"))
    return refuse("not a plan of ssot (schema ssot-plan/1)");
  const llvm::json::Array *files = plan->getArray("files"), *edits = plan->getArray("edits");
  if (!files || !edits)
    return refuse("the plan has no files or no edits");
  if (!plan->getBoolean("verified").value_or(false))
    return refuse("the plan was never verified");

  std::map<std::string, std::vector<Replacement>> byFile;
  for (const llvm::json::Value &value : *edits) {
    const llvm::json::Object *edit = value.getAsObject();
    if (!edit || !edit->getString("file") || !edit->getInteger("begin") || !edit->getInteger("end") ||
        !edit->getString("after"))
      return refuse("an edit of the plan is incomplete");
    byFile[edit->getString("file")->str()].push_back({static_cast<std::size_t>(*edit->getInteger("begin")),
                                                      static_cast<std::size_t>(*edit->getInteger("end")),
                                                      edit->getString("after")->str()});
  }
  LoadedPlan loaded;
  std::size_t done = 0;
  for (const llvm::json::Value &value : *files) {
    const llvm::json::Object *file = value.getAsObject();
    if (!file || !file->getString("path") || !file->getString("before") || !file->getString("after"))
      return refuse("a file of the plan is incomplete");
    FileChange change;
    change.path = file->getString("path")->str();
    std::optional<std::string> now = read(change.path);
    if (!now)
      return refuse(change.path + ": the plan edits this file, but it cannot be read");
    std::string seen = digest(*now);
    if (seen == *file->getString("after")) {
      ++done;
      continue;
    }
    if (seen != *file->getString("before"))
      return refuse(change.path + ": was edited since the plan was made; plan again");
    std::vector<Replacement> &replacements = byFile[change.path];
    llvm::sort(replacements, [](const Replacement &a, const Replacement &b) { return a.begin < b.begin; });
    std::size_t at = 0;
    for (const Replacement &replacement : replacements) {
      if (replacement.begin < at || replacement.end < replacement.begin || replacement.end > now->size())
        return refuse(change.path + ": the plan's edits do not fit the file");
      at = replacement.end;
    }
    change.before = std::move(*now);
    change.after = applied(change.before, replacements);
    if (digest(change.after) != *file->getString("after"))
      return refuse(change.path + ": the plan's edits do not give the file it promises");
    loaded.changes.push_back(std::move(change));
  }
  if (done && !loaded.changes.empty())
    return refuse("the plan is applied in " + std::to_string(done) + " of " + std::to_string(files->size()) +
                  " files and not in the others, first of all " + loaded.changes.front().path);
  if (loaded.changes.empty())
    loaded.state = PlanState::Applied;
  return loaded;
}

} // namespace ssot
