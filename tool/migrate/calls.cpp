#include "migrate/calls.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>

#include <algorithm>
#include <vector>

namespace ssot {

namespace {

/// The object and the arguments by the numbers that pieces know them by.
class CallWriter {
public:
  CallWriter(const LegacyCallRule &rule, const CallSiteFact &call, llvm::StringRef file,
             llvm::function_ref<std::string(const Place &)> render, const std::map<unsigned, std::string> &defaults)
      : Rule(rule), Call(call), File(file), Render(render), Defaults(defaults) {}

  RewrittenCall run() {
    if (!textCanGo() || !operandsAreThere() || !orderIsKept())
      return {std::string(), std::move(Refusal), {}};
    for (std::size_t i = 0; i < Rule.to.size(); ++i)
      write(i);
    return {std::move(Text), std::string(), std::move(Operands)};
  }

private:
  bool refuse(std::string why) {
    Refusal = std::move(why);
    return false;
  }

  // --- what a person has to look at ---

  /// Between the operands stands nothing that would be missed.
  bool textCanGo() {
    std::vector<const Place *> operands;
    if (Call.object)
      operands.push_back(&Call.object->place);
    for (const ArgumentFact &argument : Call.arguments)
      operands.push_back(&argument.place);
    std::uint32_t at = Call.place.begin;
    for (const Place *operand : operands) {
      if (operand->begin < at)
        return refuse("the call is written in an unusual order");
      if (!isPlain(File.slice(at, operand->begin)))
        return false;
      at = operand->end;
    }
    return isPlain(File.slice(at, Call.place.end));
  }

  bool isPlain(llvm::StringRef between) {
    if (between.contains("//") || between.contains("/*"))
      return refuse("a comment inside the call would be lost");
    if (between.contains('#'))
      return refuse("a directive of the preprocessor stands inside the call");
    return true;
  }

  bool operandsAreThere() {
    if (Call.arguments.size() > Rule.parameters.size())
      return refuse("the call has more arguments than 'from' names");
    for (const CallPiece &piece : Rule.to)
      if (piece.kind == CallPiece::Kind::Parameter && isLeftOut(piece.parameter) && !Defaults.contains(piece.parameter))
        return refuse("the call leaves '" + Rule.parameters[piece.parameter].name +
                      "' to its default, which is no constant that could be written here");
    return true;
  }

  bool isLeftOut(unsigned parameter) const { return parameter >= Call.arguments.size(); }

  /// What has effects happens once, and before or after what depends on it as it did.
  bool orderIsKept() {
    std::vector<unsigned> written; // 0 is the object, 1 the first argument
    for (const CallPiece &piece : Rule.to)
      if (piece.kind == CallPiece::Kind::Object)
        written.push_back(0);
      else if (piece.kind == CallPiece::Kind::Parameter)
        written.push_back(piece.parameter + 1);
    if (Call.object && Call.object->effects && !happensOnce(written, 0))
      return false;
    for (unsigned i = 0; i < Call.arguments.size(); ++i)
      if (Call.arguments[i].effects && !happensOnce(written, i + 1))
        return false;
    return llvm::all_of(Call.order, [&](const OperandOrder &order) {
      auto firstOfSecond = std::find(written.begin(), written.end(), order.second);
      return std::find(firstOfSecond, written.end(), order.first) == written.end() ||
             refuse(nameOf(order.first) + " would be evaluated after " + nameOf(order.second) +
                    ", and one changes what the other one reads or changes");
    });
  }

  std::string nameOf(unsigned operand) const {
    return operand ? "'" + Rule.parameters[operand - 1].name + "'" : "the object";
  }

  bool happensOnce(llvm::ArrayRef<unsigned> written, unsigned operand) {
    auto times = llvm::count(written, operand);
    if (times == 1)
      return true;
    return refuse(nameOf(operand) + (times ? " has effects and would be evaluated more than once"
                                           : " has effects and would not be evaluated any more"));
  }

  // --- the new text ---

  void write(std::size_t number) {
    const CallPiece &piece = Rule.to[number];
    switch (piece.kind) {
    case CallPiece::Kind::Text:
      Text += llvm::StringRef(piece.text).drop_front(Skip).str();
      Skip = 0;
      break;
    case CallPiece::Kind::Parameter:
      if (isLeftOut(piece.parameter))
        Text += inBrackets(Defaults.at(piece.parameter), delimited(number));
      else
        put(Call.arguments[piece.parameter], delimited(number));
      break;
    case CallPiece::Kind::Object:
      object(number);
      break;
    }
  }

  /// `$object.f()` is `object->f()` for a pointer and `f()` inside of the class itself.
  void object(std::size_t number) {
    llvm::StringRef next = following(number);
    unsigned access = next.starts_with(".") ? 1 : next.starts_with("->") ? 2 : 0;
    if (!Call.object) {
      Text += access ? "" : "(*this)";
      Skip = access;
    } else if (access) {
      put(*Call.object, false);
      Text += Call.arrow ? "->" : ".";
      Skip = access;
    } else {
      bool isDelimited = !Call.arrow && delimited(number);
      Text += Call.arrow ? "*" : "";
      put(*Call.object, isDelimited);
    }
  }

  llvm::StringRef following(std::size_t number) const {
    bool isText = number + 1 < Rule.to.size() && Rule.to[number + 1].kind == CallPiece::Kind::Text;
    return isText ? llvm::StringRef(Rule.to[number + 1].text) : llvm::StringRef();
  }

  /// Whether brackets and commas around the operand keep it together.
  bool delimited(std::size_t number) const {
    llvm::StringRef before = llvm::StringRef(Text).rtrim(), after = following(number).ltrim();
    return !before.empty() && llvm::StringRef("(,{[").contains(before.back()) && !after.empty() &&
           llvm::StringRef("),}]").contains(after.front());
  }

  /// A constant; only one with a sign needs brackets.
  static std::string inBrackets(const std::string &constant, bool isDelimited) {
    return isDelimited || constant.front() != '-' ? constant : "(" + constant + ")";
  }

  /// Writes an operand, in brackets unless it is one thing.
  void put(const ArgumentFact &operand, bool isDelimited) {
    bool needsBrackets = !isDelimited && !operand.primary;
    Text += needsBrackets ? "(" : "";
    Operands.emplace_back(operand.place, Text.size());
    Text += Render(operand.place);
    Text += needsBrackets ? ")" : "";
  }

  const LegacyCallRule &Rule;
  const CallSiteFact &Call;
  llvm::StringRef File;
  llvm::function_ref<std::string(const Place &)> Render;
  const std::map<unsigned, std::string> &Defaults;
  std::string Text, Refusal;
  std::vector<std::pair<Place, std::size_t>> Operands;
  std::size_t Skip = 0; ///< characters of the next text that have been written in another way
};

} // namespace

RewrittenCall rewriteCall(const LegacyCallRule &rule, const CallSiteFact &call, llvm::StringRef file,
                          llvm::function_ref<std::string(const Place &)> render,
                          const std::map<unsigned, std::string> &defaults) {
  return CallWriter(rule, call, file, render, defaults).run();
}

} // namespace ssot
