#include "config/pattern.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringExtras.h>
#include <re2/re2.h>

#include <array>

namespace ssot {

namespace {

constexpr int kMaxGroups = 9;

llvm::Error problem(const llvm::Twine &message) { return llvm::createStringError(message); }

re2::StringPiece piece(llvm::StringRef text) { return re2::StringPiece(text.data(), text.size()); }

llvm::Error checkGlob(llvm::StringRef glob) {
  if (glob.empty())
    return problem("an empty glob matches nothing");
  if (glob.starts_with("/") || glob.starts_with("./"))
    return problem("a glob is relative to the project root: write it without '/' or './' in front");
  llvm::SmallVector<llvm::StringRef, 8> folders;
  glob.split(folders, '/');
  if (llvm::is_contained(folders, ".."))
    return problem("a glob cannot leave the project root with '..'");
  std::size_t strange = glob.find_first_of("[]{}\\");
  if (strange != llvm::StringRef::npos)
    return problem("'" + llvm::Twine(glob[strange]) + "' has no meaning in a glob; use '*', '**' and '?'");
  return llvm::Error::success();
}

std::string regexOfGlob(llvm::StringRef glob) {
  std::string regex = "(?s)";
  bool atFolder = true; // at the start, or after a '/'
  while (!glob.empty()) {
    if (atFolder && glob.consume_front("**/")) {
      regex += "(?:[^/]*/)*";
      continue;
    }
    if (glob.consume_front("**")) {
      regex += ".*";
      atFolder = false;
      continue;
    }
    char next = glob.front();
    glob = glob.drop_front();
    atFolder = next == '/';
    if (next == '*')
      regex += "[^/]*";
    else if (next == '?')
      regex += "[^/]";
    else
      regex += re2::RE2::QuoteMeta(re2::StringPiece(&next, 1));
  }
  return atFolder ? regex + ".*" : regex;
}

} // namespace

llvm::Expected<Pattern> Pattern::compile(llvm::StringRef text, const std::string &expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(expression, options);
  if (!compiled->ok())
    return problem(compiled->error());
  Pattern pattern;
  pattern.Text = text.str();
  pattern.Compiled = std::move(compiled);
  return pattern;
}

llvm::Expected<Pattern> Pattern::compile(llvm::StringRef expression) { return compile(expression, expression.str()); }

Pattern Pattern::literal(llvm::StringRef text) {
  return llvm::cantFail(compile(text, re2::RE2::QuoteMeta(piece(text))));
}

bool Pattern::matches(llvm::StringRef text) const { return Compiled && re2::RE2::FullMatch(piece(text), *Compiled); }

bool Pattern::rewrite(llvm::StringRef text, llvm::StringRef replacement, std::string &result) const {
  std::array<re2::StringPiece, kMaxGroups + 1> groups;
  int wanted = static_cast<int>(std::min<unsigned>(kMaxGroups, this->groups())) + 1;
  if (!Compiled || !Compiled->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, groups.data(), wanted))
    return false;
  result.clear();
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (replacement[i] != '$' || (next != '$' && !llvm::isDigit(next))) {
      result += replacement[i];
      continue;
    }
    ++i;
    if (next == '$')
      result += '$';
    else
      result += groups[next - '0'].as_string();
  }
  return true;
}

unsigned Pattern::groups() const { return Compiled ? Compiled->NumberOfCapturingGroups() : 0; }

std::string problemInReplacement(llvm::StringRef replacement, unsigned groups) {
  for (std::size_t at = replacement.find('$'); at != llvm::StringRef::npos; at = replacement.find('$', at + 2)) {
    llvm::StringRef next = replacement.substr(at + 1, 1);
    if (next == "$")
      continue;
    if (next.empty() || !llvm::isDigit(next.front()) || next == "0")
      return "'$' stands before the number of a group, as in '$1'; write '$$' for a dollar sign";
    unsigned group = next.front() - '0';
    if (group > groups)
      return "'$" + next.str() + "' names a group that the pattern does not have (it has " + std::to_string(groups) +
             ")";
  }
  return std::string();
}

llvm::Expected<Glob> Glob::compile(llvm::StringRef expression) {
  if (llvm::Error error = checkGlob(expression))
    return std::move(error);
  llvm::Expected<Pattern> regex = Pattern::compile(regexOfGlob(expression));
  if (!regex)
    return regex.takeError();
  Glob glob;
  glob.Text = expression.str();
  glob.Regex = std::move(*regex);
  return glob;
}

bool PathScope::contains(llvm::StringRef path) const {
  auto matches = [&](const Glob &glob) { return glob.matches(path); };
  return (include.empty() || llvm::any_of(include, matches)) && llvm::none_of(exclude, matches);
}

} // namespace ssot
