#include "extract/macro_arguments.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

using namespace clang;

namespace {

constexpr unsigned kDeepest = 8; ///< macros in macros

bool mayFollowBracket(const Token &token) {
  return token.isOneOf(tok::l_paren, tok::comma, tok::l_square, tok::l_brace, tok::semi, tok::equal, tok::kw_return);
}

bool mayPrecedeBracket(const Token &token) {
  return token.isOneOf(tok::r_paren, tok::comma, tok::r_square, tok::r_brace, tok::semi);
}

/// A word by itself is no call: who calls a macro's argument is told apart by the bracket behind it.
bool hasEffects(llvm::ArrayRef<Token> argument) {
  for (std::size_t i = 0; i < argument.size(); ++i) {
    const Token &token = argument[i];
    if (token.isOneOf(tok::plusplus, tok::minusminus, tok::equal, tok::plusequal, tok::minusequal, tok::starequal,
                      tok::slashequal, tok::percentequal) ||
        token.isOneOf(tok::ampequal, tok::pipeequal, tok::caretequal, tok::lesslessequal, tok::greatergreaterequal,
                      tok::kw_new, tok::kw_delete, tok::kw_throw, tok::kw_co_await))
      return true;
    bool isCalled = i > 0 && token.is(tok::l_paren) &&
                    (argument[i - 1].isAnyIdentifier() || argument[i - 1].isOneOf(tok::greater, tok::r_paren));
    if (isCalled)
      return true;
  }
  return false;
}

bool isOperator(const Token &token) {
  return token.isOneOf(tok::plus, tok::minus, tok::star, tok::slash, tok::percent, tok::amp, tok::pipe, tok::caret,
                       tok::ampamp, tok::pipepipe) ||
         token.isOneOf(tok::less, tok::greater, tok::lessequal, tok::greaterequal, tok::equalequal, tok::exclaimequal,
                       tok::lessless, tok::greatergreater, tok::spaceship, tok::question) ||
         token.isOneOf(tok::equal, tok::plusequal, tok::minusequal, tok::starequal, tok::slashequal, tok::exclaim,
                       tok::tilde);
}

/// Whether an operator stands outside of all brackets.
bool hasOperator(llvm::ArrayRef<Token> tokens) {
  int depth = 0;
  return llvm::any_of(tokens, [&](const Token &token) {
    depth += token.isOneOf(tok::l_paren, tok::l_square, tok::l_brace);
    depth -= token.isOneOf(tok::r_paren, tok::r_square, tok::r_brace);
    return depth == 0 && isOperator(token);
  });
}

bool isStatement(llvm::ArrayRef<Token> body) {
  return llvm::any_of(body, [](const Token &token) { return token.isOneOf(tok::semi, tok::l_brace); });
}

/// What becomes of one parameter in the text of a macro.
struct Treatment {
  unsigned times = 0;  ///< written as code; 2 for more
  bool isBare = false; ///< next to something that may take it apart
};

class BodyReader {
public:
  BodyReader(const Preprocessor &preprocessor, bool bareOutside) : Macros(preprocessor), BareOutside(bareOutside) {}

  Treatment read(const MacroInfo &macro, const IdentifierInfo &parameter, unsigned depth = 0) const {
    Treatment sum;
    llvm::ArrayRef<Token> body = macro.tokens();
    std::vector<Frame> frames;
    int brackets = 0;
    for (std::size_t i = 0; i < body.size(); ++i) {
      const Token &token = body[i];
      if (token.is(tok::l_paren)) {
        ++brackets;
        if (const MacroInfo *inner = i > 0 ? called(body[i - 1]) : nullptr)
          frames.push_back({inner, brackets, 0});
      } else if (token.is(tok::r_paren)) {
        if (!frames.empty() && frames.back().bracket == brackets)
          frames.pop_back();
        --brackets;
      } else if (token.is(tok::comma) && !frames.empty() && frames.back().bracket == brackets) {
        ++frames.back().argument;
      } else if (token.getIdentifierInfo() == &parameter && !(i > 0 && body[i - 1].is(tok::hash))) {
        add(sum, place(body, i), frames, depth);
      }
    }
    return sum;
  }

private:
  struct Frame {
    const MacroInfo *macro;
    int bracket;
    unsigned argument;
  };

  const MacroInfo *called(const Token &name) const {
    const IdentifierInfo *identifier = name.getIdentifierInfo();
    const MacroInfo *macro = identifier ? Macros.getMacroInfo(identifier) : nullptr;
    return macro && macro->isFunctionLike() ? macro : nullptr;
  }

  /// One occurrence as it stands there.
  Treatment place(llvm::ArrayRef<Token> body, std::size_t i) const {
    bool opens = i == 0 ? !BareOutside : mayFollowBracket(body[i - 1]);
    bool closes = i + 1 == body.size() ? !BareOutside : mayPrecedeBracket(body[i + 1]);
    return {1, !(opens && closes)};
  }

  /// What macros around the occurrence make of it.
  void add(Treatment &sum, Treatment one, llvm::ArrayRef<Frame> frames, unsigned depth) const {
    for (const Frame &frame : llvm::reverse(frames)) {
      unsigned count = frame.macro->getNumParams();
      if (depth >= kDeepest || count == 0) {
        one.times = 2;
        break;
      }
      const IdentifierInfo *inner = frame.macro->params()[std::min(frame.argument, count - 1)];
      Treatment within = BodyReader(Macros, false).read(*frame.macro, *inner, depth + 1);
      one.times = std::min(2U, one.times * within.times);
      one.isBare |= within.isBare;
    }
    sum.times = std::min(2U, sum.times + one.times);
    sum.isBare |= one.isBare && one.times > 0;
  }

  const Preprocessor &Macros;
  bool BareOutside; ///< what stands around the use may take its text apart
};

/// Whether an operator stands next to the use.
bool isOperand(SourceRange use, const Preprocessor &preprocessor) {
  const SourceManager &sources = preprocessor.getSourceManager();
  if (use.getBegin().isMacroID() || use.getEnd().isMacroID())
    return true;
  auto [file, begin] = sources.getDecomposedLoc(use.getBegin());
  llvm::StringRef before = sources.getBufferData(file).take_front(begin).rtrim();
  bool opens = before.empty() || llvm::StringRef("(,[{;=}").contains(before.back()) || before.ends_with("return");
  // `==`, `<=`, `>=`, `!=`.
  bool compares = before.ends_with("==") || before.ends_with("<=") || before.ends_with(">=") || before.ends_with("!=");
  std::optional<Token> next = Lexer::findNextToken(use.getEnd(), sources, preprocessor.getLangOpts());
  return !opens || compares || !next || !mayPrecedeBracket(*next);
}

} // namespace

std::string treatmentOf(const MacroInfo &macro, const MacroArgs &arguments, SourceRange use,
                        const Preprocessor &preprocessor) {
  std::string text;
  auto say = [&](const std::string &part) { text += (text.empty() ? "a macro that " : " and ") + part; };
  bool isBare = isOperand(use, preprocessor);
  BodyReader reader(preprocessor, isBare);
  for (unsigned i = 0; i < std::min(macro.getNumParams(), arguments.getNumMacroArguments()); ++i) {
    const Token *first = arguments.getUnexpArgument(i);
    llvm::ArrayRef<Token> argument(first, MacroArgs::getArgLength(first));
    Treatment treatment = reader.read(macro, *macro.params()[i]);
    std::string name = "argument " + std::to_string(i + 1);
    if (hasEffects(argument))
      say("evaluates " + name + (treatment.times == 0 ? " never" : treatment.times == 1 ? " once" : " more than once"));
    if (hasOperator(argument) && treatment.times)
      say((treatment.isBare ? "writes " : "keeps ") + name + (treatment.isBare ? " without brackets" : " together"));
  }
  if (isBare && !isStatement(macro.tokens()))
    say(hasOperator(macro.tokens()) ? "is written without brackets" : "stays together");
  return text;
}

} // namespace ssot
