#include "lsp/actions.h"

#include "lsp/documents.h"
#include "lsp/uri.h"
#include "migrate/text.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kQuickFix = "quickfix";

bool isAskedFor(const ActionQuestion &question, llvm::StringRef kind) {
  return question.only.empty() || llvm::any_of(question.only, [&](llvm::StringRef asked) {
           return kind == asked || (kind.starts_with(asked) && kind.drop_front(asked.size()).starts_with("."));
         });
}

llvm::json::Object action(llvm::StringRef kind, const std::string &title, llvm::json::Object data,
                          const ClientSupport &support) {
  llvm::json::Object action{{"title", jsonText(title)}, {"kind", kind}};
  if (support.resolvesEdits)
    action["data"] = std::move(data);
  else
    action["command"] = llvm::json::Object{
        {"title", jsonText(title)}, {"command", kFixCommand}, {"arguments", llvm::json::Array{std::move(data)}}};
  return action;
}

bool isFixable(const llvm::json::Object &diagnostic) {
  const llvm::json::Value *fixable = valueAt(diagnostic, {"data", "fixable"});
  return fixable && fixable->getAsBoolean().value_or(false);
}

EditorRange rangeOf(const llvm::json::Object &diagnostic) {
  EditorRange range;
  llvm::json::Path::Root root;
  if (const llvm::json::Value *value = diagnostic.get("range"))
    fromJSON(*value, range, root);
  return range;
}

} // namespace

std::optional<FixRequest> fixRequestOf(const llvm::json::Object &data) {
  std::optional<std::string> path = pathOfUri(textAt(data, {"uri"}));
  if (!path)
    return std::nullopt;
  return FixRequest{realEvenIfGone(*path), textAt(data, {"fingerprint"}).str(), textAt(data, {"scope"}) == "project"};
}

ActionQuestion actionQuestionOf(const llvm::json::Object &parameters) {
  ActionQuestion question;
  question.uri = textAt(parameters, {"textDocument", "uri"}).str();
  llvm::json::Path::Root root;
  if (const llvm::json::Value *range = parameters.get("range"))
    fromJSON(*range, question.range, root);
  const llvm::json::Value *only = valueAt(parameters, {"context", "only"});
  if (const llvm::json::Array *kinds = only ? only->getAsArray() : nullptr)
    for (const llvm::json::Value &kind : *kinds)
      question.only.push_back(kind.getAsString().value_or("").str());
  return question;
}

llvm::json::Array codeActions(const llvm::json::Array &diagnostics, const ActionQuestion &question,
                              const ClientSupport &support) {
  llvm::json::Array actions;
  std::size_t fixable = 0;
  for (const llvm::json::Value &value : diagnostics) {
    const llvm::json::Object *diagnostic = value.getAsObject();
    if (!diagnostic || !isFixable(*diagnostic))
      continue;
    ++fixable;
    if (!isAskedFor(question, kQuickFix) || !touches(rangeOf(*diagnostic), question.range))
      continue;
    llvm::StringRef canonical = textAt(*diagnostic, {"data", "canonical"}), rule = textAt(*diagnostic, {"code"});
    llvm::json::Object fix =
        action(kQuickFix, ("Use " + canonical + " [" + rule + "]").str(),
               llvm::json::Object{{"uri", question.uri}, {"fingerprint", textAt(*diagnostic, {"data", "fingerprint"})}},
               support);
    fix["diagnostics"] = llvm::json::Array{value};
    fix["isPreferred"] = true;
    actions.push_back(std::move(fix));
  }
  if (fixable && isAskedFor(question, kFixAllKind))
    actions.push_back(action(kFixAllKind, "Fix everything in this file that ssot can prove",
                             llvm::json::Object{{"uri", question.uri}, {"scope", "file"}}, support));
  if (fixable && isAskedFor(question, kFixProjectKind))
    actions.push_back(action(kFixProjectKind, "Fix everything in the project that ssot can prove",
                             llvm::json::Object{{"uri", question.uri}, {"scope", "project"}}, support));
  return actions;
}

llvm::json::Object provenFix(llvm::ArrayRef<FileChange> changes, const std::string &root,
                             const ClientSupport &support) {
  llvm::json::Array files;
  for (const FileChange &change : changes) {
    // The editor's text is another one then, and so are its places.
    if (!llvm::json::isUTF8(change.before) || !llvm::json::isUTF8(change.after))
      return refusedFix(change.path + " is not UTF-8; `ssot migrate` edits it byte for byte");
    EditorText before(change.before, support.encoding);
    llvm::json::Array edits;
    for (const Replacement &each : differences(change.before, change.after))
      edits.push_back(
          llvm::json::Object{{"range", toJSON(before.range(each.begin, each.end))}, {"newText", jsonText(each.text)}});
    files.push_back(llvm::json::Object{{"uri", fileUri(realOrNormalised(joined(root, change.path)))},
                                       {"digest", digest(change.before)},
                                       {"edits", std::move(edits)}});
  }
  return llvm::json::Object{{"files", std::move(files)}};
}

llvm::json::Object refusedFix(llvm::StringRef why) { return llvm::json::Object{{"refused", jsonText(why)}}; }

} // namespace ssot
