#include "command/rules.h"

#include "config/load.h"

#include <llvm/Support/FormatVariadic.h>

#include <algorithm>

namespace ssot {

namespace {

llvm::StringRef nameOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  }
  llvm_unreachable("a severity of its own");
}

} // namespace

int runRulesList(const Config &config, llvm::raw_ostream &out) {
  std::size_t idWidth = 0, kindWidth = 0;
  for (const Rule &rule : config.rules) {
    idWidth = std::max(idWidth, rule.id.size());
    kindWidth = std::max(kindWidth, rule.kind.size());
  }
  for (const Rule &rule : config.rules) {
    out << llvm::left_justify(rule.id, static_cast<unsigned>(idWidth)) << "  "
        << llvm::left_justify(rule.kind, static_cast<unsigned>(kindWidth)) << "  ";
    if (rule.description.empty())
      out << nameOf(rule.severity);
    else
      out << llvm::left_justify(nameOf(rule.severity), 7) << "  " << rule.description;
    out << '\n';
  }
  return 0;
}

int runRulesValidate(const Config &config, llvm::raw_ostream &out) {
  for (const std::string &file : config.files) {
    auto isFromFile = [&](const Rule &rule) { return rule.mark.file == file; };
    auto count = std::count_if(config.rules.begin(), config.rules.end(), isFromFile);
    out << file << ": " << count << (count == 1 ? " rule" : " rules") << ", no error\n";
  }
  return 0;
}

int runRulesSchema(llvm::raw_ostream &out) {
  out << ruleSchema();
  return 0;
}

} // namespace ssot
