#include "extract/custom_matchers.h"

#include <clang/Lex/Lexer.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

using namespace clang;
using namespace clang::ast_matchers;

namespace {

/// The node that a finding points at: the one bound to "site", else the whole match.
constexpr llvm::StringLiteral kSite = "site";
constexpr llvm::StringLiteral kRoot = "ssot-root";

class CustomCallback : public MatchFinder::MatchCallback {
public:
  CustomCallback(const MatcherRequest &request, std::function<Recorder &()> current)
      : Request(request), Current(std::move(current)) {}

  void run(const MatchFinder::MatchResult &result) override {
    const auto &nodes = result.Nodes.getMap();
    auto bound = nodes.find(kSite);
    if (bound == nodes.end())
      bound = nodes.find(kRoot);
    if (bound == nodes.end())
      return;
    Recorder &recorder = Current();
    std::optional<Place> place = placeOf(bound->second, recorder);
    if (!place)
      return;
    MatchFact fact;
    fact.rule = recorder.intern(Request.rule);
    fact.compliant = Request.compliant;
    fact.place = *place;
    fact.context = recorder.context(*place);
    recorder.facts.matches.push_back(fact);
    if (Request.compliant)
      return;
    if (!nodes.count(kSite))
      part(kSite, bound->second, fact, recorder);
    for (const auto &[name, node] : nodes)
      if (name != kRoot)
        part(name, node, fact, recorder);
  }

private:
  /// A declaration is pointed at by its name, anything else by its whole range.
  static std::optional<Place> placeOf(const DynTypedNode &node, Recorder &recorder) {
    if (const auto *named = node.get<NamedDecl>(); named && named->getLocation().isValid())
      return recorder.token(named->getLocation());
    return recorder.range(node.getSourceRange());
  }

  /// A bound node is a match of `rule:name`, when it is written in a file as it stands: what `rewrite` may replace.
  void part(llvm::StringRef name, const DynTypedNode &node, MatchFact fact, Recorder &recorder) {
    CharSourceRange written = CharSourceRange::getTokenRange(node.getSourceRange());
    if (const auto *named = node.get<NamedDecl>(); named && named->getLocation().isValid())
      written = CharSourceRange::getTokenRange(named->getLocation(), named->getLocation());
    const SourceManager &sources = recorder.sources();
    written = Lexer::makeFileCharRange(written, sources, recorder.language());
    if (written.isInvalid() || !recorder.inProject(sources.getFileID(written.getBegin())))
      return;
    auto [file, begin] = sources.getDecomposedLoc(written.getBegin());
    fact.rule = recorder.intern((llvm::Twine(Request.rule) + ":" + name).str());
    fact.place = recorder.place(file, begin, sources.getFileOffset(written.getEnd()));
    recorder.facts.matches.push_back(fact);
  }

  const MatcherRequest Request;
  std::function<Recorder &()> Current;
};

} // namespace

std::optional<ast_matchers::internal::DynTypedMatcher> compileMatcher(llvm::StringRef expression,
                                                                      MatcherProblem &problem) {
  dynamic::Diagnostics diagnostics;
  llvm::StringRef rest = expression;
  std::optional<ast_matchers::internal::DynTypedMatcher> matcher =
      dynamic::Parser::parseMatcherExpression(rest, nullptr, nullptr, &diagnostics);
  if (matcher) {
    if (!rest.trim().empty()) {
      std::size_t at = expression.size() - rest.ltrim().size();
      llvm::StringRef before = expression.take_front(at);
      problem.line = static_cast<unsigned>(before.count('\n')) + 1;
      problem.column =
          static_cast<unsigned>(at - (before.rfind('\n') == llvm::StringRef::npos ? 0 : before.rfind('\n') + 1)) + 1;
      problem.message = "unexpected text after the matcher";
      return std::nullopt;
    }
    if (std::optional<ast_matchers::internal::DynTypedMatcher> bound = matcher->tryBind(kRoot))
      return bound;
    problem.message = "this matcher cannot be bound";
    return std::nullopt;
  }
  // Clang's own words; its places are lines and columns of the expression.
  for (const dynamic::Diagnostics::ErrorContent &error : diagnostics.errors())
    for (const dynamic::Diagnostics::ErrorContent::Message &message : error.Messages) {
      problem.line = std::max(1u, message.Range.Start.Line);
      problem.column = std::max(1u, message.Range.Start.Column);
      break;
    }
  // toString() gives `line:column: message`, a line for each; the place is ours to print.
  std::string text = diagnostics.toString();
  llvm::StringRef first = llvm::StringRef(text).split('\n').first;
  std::size_t colon = first.find(": ");
  problem.message = (colon == llvm::StringRef::npos ? first : first.drop_front(colon + 2)).str();
  return std::nullopt;
}

std::vector<std::unique_ptr<MatchFinder::MatchCallback>> addCustomMatchers(const std::vector<MatcherRequest> &requests,
                                                                           MatchFinder &finder,
                                                                           const std::function<Recorder &()> &current) {
  std::vector<std::unique_ptr<MatchFinder::MatchCallback>> callbacks;
  for (const MatcherRequest &request : requests) {
    MatcherProblem ignored; // expressions were checked when the rules were read
    std::optional<ast_matchers::internal::DynTypedMatcher> matcher = compileMatcher(request.expression, ignored);
    if (!matcher)
      continue;
    callbacks.push_back(std::make_unique<CustomCallback>(request, current));
    finder.addDynamicMatcher(*matcher, callbacks.back().get());
  }
  return callbacks;
}

std::optional<MatcherProblem> checkMatcher(llvm::StringRef expression) {
  MatcherProblem problem;
  if (compileMatcher(expression, problem))
    return std::nullopt;
  return problem;
}

} // namespace ssot
