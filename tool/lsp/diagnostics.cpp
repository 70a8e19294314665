#include "lsp/diagnostics.h"

#include "lsp/uri.h"
#include "project/paths.h"
#include "report/selection.h"
#include "report/words.h"

namespace ssot {

namespace {

EditorSeverity severityOf(const Finding &finding) {
  if (finding.state != FindingState::New)
    return EditorSeverity::Hint;
  switch (finding.severity) {
  case Severity::Error:
    return EditorSeverity::Error;
  case Severity::Warning:
    return EditorSeverity::Warning;
  case Severity::Note:
    break;
  }
  return EditorSeverity::Information;
}

/// The message, what its notes without a place add, and why it is excused.
std::string messageOf(const Finding &finding) {
  std::string message = finding.message;
  for (const Finding::Related &note : finding.related)
    if (!note.place)
      message += "\n" + note.message;
  if (finding.state != FindingState::New)
    message += ("\n" + wordFor(finding.state)).str() + (finding.reason.empty() ? "" : ": " + finding.reason);
  return message;
}

/// Code is moved away from what it names.
bool isOfLegacyUse(const Finding &finding) {
  return llvm::StringRef(finding.kind).starts_with("legacy-") && finding.role == Role::Use;
}

/// `path:line:column: what` or `path: what`.
struct PlacedMessage {
  std::string path;
  Place place;
  std::string message;
};

PlacedMessage taken(llvm::StringRef text, llvm::StringRef unit) {
  auto [head, message] = text.split(": ");
  Place place;
  auto [rest, column] = head.rsplit(':');
  auto [path, line] = rest.rsplit(':');
  if (!column.getAsInteger(10, place.column) && !line.getAsInteger(10, place.line) && !path.empty())
    return {path.str(), place, message.str()};
  place.line = place.column = 1;
  return {unit.str(), place, head == unit ? message.str() : text.str()};
}

} // namespace

std::string DiagnosticList::absolute(llvm::StringRef file) const { return realEvenIfGone(absoluteFrom(Root, file)); }

const EditorText *DiagnosticList::textOf(const std::string &path) {
  auto [known, isNew] = Texts.try_emplace(path);
  if (isNew)
    if (std::optional<std::string> text = Read(path))
      known->second.emplace(std::move(*text), Support.encoding);
  return known->second ? &*known->second : nullptr;
}

void DiagnosticList::put(const std::string &path, const Place &place, EditorSeverity severity, const std::string &code,
                         const std::string &message, llvm::json::Object more) {
  const EditorText *text = textOf(path);
  more["range"] = toJSON(text ? text->range(place) : EditorRange());
  more["severity"] = static_cast<int>(severity);
  more["code"] = jsonText(code);
  more["source"] = "ssot";
  more["message"] = jsonText(message);
  ByPath[path].push_back(std::move(more));
}

llvm::json::Array DiagnosticList::relatedTo(const Finding &finding) {
  llvm::json::Array related;
  for (const Finding::Related &note : finding.related)
    if (note.place) {
      std::string path = absolute(note.file);
      const EditorText *text = textOf(path);
      related.push_back(llvm::json::Object{
          {"location", llvm::json::Object{{"uri", fileUri(path)},
                                          {"range", toJSON(text ? text->range(*note.place) : EditorRange())}}},
          {"message", jsonText(note.message)}});
    }
  return related;
}

void DiagnosticList::add(const Finding &finding, const std::string &ruleFile) {
  constexpr int kDeprecated = 2;
  llvm::json::Object more;
  llvm::json::Array related = relatedTo(finding);
  if (Support.relatedInformation && !related.empty())
    more["relatedInformation"] = std::move(related);
  if (Support.deprecatedTag && isOfLegacyUse(finding))
    more["tags"] = llvm::json::Array{kDeprecated};
  more["data"] = llvm::json::Object{{"fingerprint", finding.fingerprint},
                                    {"fixable", finding.fixable && finding.state == FindingState::New},
                                    {"canonical", jsonText(finding.canonical)}};
  std::string path = absolute(finding.file);
  if (textOf(path) || ruleFile.empty() || isOfRuleKind(finding)) {
    put(path, finding.place, severityOf(finding), checkName(finding), messageOf(finding), std::move(more));
    return;
  }
  // What is said of a bundled rule is said where the project asks for it.
  put(ruleFile, Place{0, 0, 0, 1, 1, 1, 1}, severityOf(finding), checkName(finding),
      finding.file + ":" + std::to_string(finding.place.line) + ": " + messageOf(finding), std::move(more));
}

void DiagnosticList::addFailure(const FailedUnit &unit) {
  PlacedMessage error = taken(unit.error, unit.file);
  std::string path = absolute(error.path), said = "not analysed, so nothing is said of this unit: " + error.message;
  if (!isBelow(path, Root) || !textOf(path)) { // an error in somebody else's header
    path = absolute(unit.file);
    said = "not analysed, so nothing is said of this unit: " + unit.error;
    error.place = Place{0, 0, 0, 1, 1, 1, 1};
  } else if (path != absolute(unit.file)) {
    said = "not analysed, so nothing is said of " + unit.file + ": " + error.message;
  }
  put(path, error.place, EditorSeverity::Warning, "ssot.not-analysed", said);
}

void DiagnosticList::add(const Result &result, const std::string &ruleFile, bool showExcused) {
  for (const Finding &finding : result.findings)
    if (showExcused || finding.state == FindingState::New)
      add(finding, ruleFile);
  for (const FailedUnit &unit : result.coverage.units.failed)
    addFailure(unit);
}

void DiagnosticList::add(const ConfigError &error) {
  for (const ConfigError::Item &item : error.items()) {
    Place place;
    place.line = item.mark.line;
    place.column = item.mark.column;
    put(absolute(absoluteFrom(currentDirectory(), item.mark.file)), place, EditorSeverity::Error, "ssot.rules",
        item.message);
  }
}

llvm::json::Object DiagnosticList::take() && {
  llvm::json::Object files;
  for (auto &[path, list] : ByPath)
    files[fileUri(path)] = std::move(list);
  return files;
}

} // namespace ssot
