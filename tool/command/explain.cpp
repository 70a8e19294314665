#include "command/explain.h"

#include "config/format.h"
#include "config/load.h"
#include "gate/gate.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>

namespace ssot {

namespace {

constexpr std::size_t kTextWidth = 96;
constexpr unsigned kIndent = 2;

/// Prints \p text broken at spaces, each line indented.
void printWrapped(llvm::StringRef text, unsigned indent, llvm::raw_ostream &out) {
  std::size_t column = 0;
  llvm::SmallVector<llvm::StringRef, 64> words;
  text.split(words, ' ', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words) {
    if (column && column + 1 + word.size() > kTextWidth) {
      out << '\n';
      column = 0;
    }
    if (column)
      out << ' ';
    else
      out.indent(indent);
    column = (column ? column + 1 : indent) + word.size();
    out << word;
  }
  out << '\n';
}

void printSection(llvm::StringRef title, llvm::StringRef text, llvm::raw_ostream &out) {
  if (text.empty())
    return;
  out << '\n' << title << '\n';
  printWrapped(text, kIndent, out);
}

/// Prints \p code as it is, indented.
void printCode(llvm::StringRef title, llvm::StringRef code, llvm::raw_ostream &out) {
  if (code.empty())
    return;
  out << '\n' << title << '\n';
  llvm::SmallVector<llvm::StringRef, 32> lines;
  code.rtrim('\n').split(lines, '\n');
  for (llvm::StringRef line : lines) {
    if (!line.empty())
      out.indent(kIndent) << line;
    out << '\n';
  }
}

void printKeys(const KindSpec &kind, llvm::raw_ostream &out) {
  std::size_t width = 0;
  for (const KeySpec &key : kind.object.own)
    width = std::max(width, key.name.size());
  out << "\nKeys\n";
  for (const KeySpec &key : kind.object.own) {
    out.indent(kIndent) << llvm::left_justify(key.name, static_cast<unsigned>(width)) << "  " << key.doc;
    out << (key.required ? " (required)\n" : "\n");
  }
}

/// What the judges of this kind do, for a rule as for the kind itself.
void printMeaning(const KindSpec &kind, llvm::raw_ostream &out) {
  printSection("A site is", kind.site, out);
  printSection("It is compliant when", kind.compliant, out);
  printSection("What it cannot see", kind.blind, out);
}

/// The names that a rule speaks of, one line each.
class Subject {
public:
  explicit Subject(llvm::raw_ostream &out) : Out(out) {}

  void operator()(const SingleClassRule &rule) const { single(rule.canonical.value, rule.header); }
  void operator()(const SingleFunctionRule &rule) const { single(rule.canonical.value, rule.header); }
  void operator()(const LegacyIncludeRule &rule) const {
    for (const IncludeReplacement &entry : rule.replace)
      arrow(entry.old.text(), entry.replacement);
  }
  void operator()(const LegacyNameRule &rule) const {
    for (const NameReplacement &entry : rule.replace)
      arrow(entry.old, entry.replacement);
  }
  void operator()(const LegacyCallRule &rule) const {
    std::string signature = rule.from.value + "(";
    for (const NamedParameter &parameter : rule.parameters) {
      signature += &parameter == rule.parameters.data() ? "" : ", ";
      signature += parameter.type + (parameter.type.empty() ? "" : " ") + parameter.name;
    }
    arrow(signature + ")", rule.toText);
    line("a call of " + rule.canonical + " is compliant");
  }
  void operator()(const FactoryOnlyRule &rule) const {
    line(rule.className.value + " is created by " + rule.factory.value + " only");
    if (rule.forbidSharedState)
      line("no static, global, thread-local or singleton storage keeps one");
  }
  void operator()(const EventOrderRule &rule) const {
    line("emitted by " + rule.emit.value);
    for (const std::string &event : rule.order)
      line("  " + event);
  }
  void operator()(const SameInterfaceRule &rule) const {
    line("what " + rule.legacy.value + " offers, " + rule.canonical.value + " offers too");
  }
  void operator()(const OneDefinitionRule &rule) const {
    if (rule.names)
      line("types named " + rule.names->text());
    for (const Pattern &apart : rule.apartFrom)
      line("apart from " + apart.text());
  }
  void operator()(const SizeLimitRule &rule) const {
    if (rule.maxFileLines)
      line("at most " + std::to_string(*rule.maxFileLines) + " lines a file");
    if (rule.maxFunctionLines)
      line("at most " + std::to_string(*rule.maxFunctionLines) + " lines a function body");
  }
  void operator()(const MatcherRule &rule) const {
    line("match " + llvm::StringRef(rule.match.value).rtrim().str());
    if (rule.compliant)
      line("compliant " + llvm::StringRef(rule.compliant->value).rtrim().str());
    line("says: " + rule.message);
  }

private:
  void line(const std::string &text) const { Out.indent(kIndent) << text << '\n'; }
  void arrow(const std::string &from, const std::string &to) const { line(from + " -> " + to); }
  void single(const std::string &canonical, const std::string &header) const {
    line("canonical " + canonical + (header.empty() ? "" : " (" + header + ")"));
  }

  llvm::raw_ostream &Out;
};

void printAllowances(const std::vector<Allowance> &allow, llvm::raw_ostream &out) {
  if (allow.empty())
    return;
  out << "\nAllowed\n";
  for (const Allowance &allowance : allow) {
    out.indent(kIndent) << (allowance.symbol ? allowance.symbol->text() : allowance.file->text()) << ": "
                        << allowance.reason;
    if (!allowance.until.empty())
      out << " (until " << allowance.until << ")";
    out << '\n';
  }
}

} // namespace

bool isRuleKind(llvm::StringRef word) { return findKind(word) != nullptr; }

int runExplainKind(llvm::StringRef name, llvm::raw_ostream &out) {
  const KindSpec &kind = *findKind(name);
  out << kind.name << " (rule kind)\n";
  printWrapped(kind.purpose, kIndent, out);
  printMeaning(kind, out);
  printKeys(kind, out);
  printCode("Example", kind.example, out);
  return static_cast<int>(ExitCode::Passed);
}

int runExplain(const Config &config, llvm::StringRef id, llvm::raw_ostream &out, llvm::raw_ostream &err) {
  auto found = llvm::find_if(config.rules, [&](const Rule &rule) { return rule.id == id; });
  if (found == config.rules.end()) {
    std::vector<std::string> known = kindNames();
    for (const Rule &rule : config.rules)
      known.push_back(rule.id);
    std::string near = nearest(id, known);
    err << "ssot: error: no rule '" << id << "'"
        << (near.empty() ? "; `ssot rules list` shows the rules in force" : "; did you mean '" + near + "'?") << '\n';
    return static_cast<int>(ExitCode::Usage);
  }
  const Rule &rule = *found;
  out << rule.id << " (" << rule.kind << "), " << rule.mark.file << ':' << rule.mark.line << '\n';
  printWrapped(rule.description.empty() ? llvm::StringRef(findKind(rule.kind)->purpose)
                                        : llvm::StringRef(rule.description),
               kIndent, out);
  printSection("Why", rule.why, out);
  out << "\nWhat it speaks of\n";
  std::visit(Subject(out), rule.body);
  printMeaning(*findKind(rule.kind), out);
  printCode("Before", rule.exampleBefore, out);
  printCode("After", rule.exampleAfter, out);
  printAllowances(rule.allow, out);
  out << "\nAn exception in code: // NOLINT(ssot-" << rule.id << "): reason\n";
  return static_cast<int>(ExitCode::Passed);
}

} // namespace ssot
