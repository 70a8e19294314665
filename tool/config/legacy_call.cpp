#include "config/legacy_call.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

namespace {

/// \returns the word that \p text begins with; empty when it begins with none.
llvm::StringRef leadingWord(llvm::StringRef text) { return text.take_while(isWordByte); }

/// \returns the qualified name `a::b` before a `(`, the first of \p text; empty when there is none.
llvm::StringRef firstQualifiedCall(llvm::StringRef text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!isWordByte(text[i]) ||
        (i && (isWordByte(text[i - 1]) || text[i - 1] == ':' || text[i - 1] == '.' || text[i - 1] == '>')))
      continue;
    llvm::StringRef name = text.drop_front(i).take_while([](char c) { return isWordByte(c) || c == ':'; });
    if (name.contains("::") && text.drop_front(i + name.size()).ltrim().starts_with("("))
      return name;
  }
  return {};
}

} // namespace

LegacyCallRule LegacyCallCompiler::compile() {
  readFrom(*Node.find("from"));
  readTo(*Node.find("to"));
  if (const YamlNode *header = Node.find("header"))
    Rule.header = header->text;
  if (const YamlNode *canonical = Node.find("canonical"))
    Rule.canonical = canonical->text;
  else
    findCanonical(*Node.find("to"));
  if (!Rule.canonical.empty() && Rule.canonical == Rule.from.value && !Node.find("canonical"))
    add(Node.find("to")->mark,
        "'to' calls '" + Rule.canonical + "' itself; say with 'canonical' which function is meant");
  return std::move(Rule);
}

void LegacyCallCompiler::readFrom(const YamlNode &node) {
  llvm::StringRef text = llvm::StringRef(node.text).trim();
  auto [name, rest] = text.split('(');
  name = name.trim();
  rest = rest.rtrim();
  bool named = !name.empty() && llvm::all_of(name, [](char c) { return isWordByte(c) || c == ':' || c == '~'; });
  if (!named || !rest.consume_back(")"))
    return add(node.mark, "'" + node.text + "' is no signature; write it as ns::function(first, second)");
  Rule.from = {name.str(), node.mark};
  for (llvm::StringRef parameter : splitParameters(rest))
    addParameter(node, parameter);
}

void LegacyCallCompiler::addParameter(const YamlNode &node, llvm::StringRef text) {
  std::size_t begin = text.size();
  while (begin && isWordByte(text[begin - 1]))
    --begin;
  NamedParameter parameter{text.take_front(begin).trim().str(), text.drop_front(begin).str()};
  if (parameter.name.empty() || llvm::isDigit(parameter.name.front()))
    return add(node.mark, "'" + text.str() + "' gives the parameter no name");
  if (llvm::any_of(Rule.parameters, [&](const NamedParameter &known) { return known.name == parameter.name; }))
    return add(node.mark, "two parameters are named '" + parameter.name + "'");
  Rule.parameters.push_back(std::move(parameter));
}

void LegacyCallCompiler::readTo(const YamlNode &node) {
  Rule.toText = llvm::StringRef(node.text).trim().str();
  llvm::StringRef rest = Rule.toText;
  std::string literal;
  auto flush = [&] {
    if (!literal.empty())
      Rule.to.push_back({CallPiece::Kind::Text, std::move(literal), 0});
    literal.clear();
  };
  while (!rest.empty()) {
    if (!rest.consume_front("$")) {
      literal += rest.front();
      rest = rest.drop_front();
    } else if (rest.consume_front("$")) {
      literal += '$';
    } else {
      flush();
      llvm::StringRef name = leadingWord(rest);
      rest = rest.drop_front(name.size());
      addPlaceholder(node, name);
    }
  }
  flush();
}

void LegacyCallCompiler::addPlaceholder(const YamlNode &node, llvm::StringRef name) {
  if (name == "object") {
    Rule.to.push_back({CallPiece::Kind::Object, "", 0});
    return;
  }
  unsigned number = 0;
  bool isNumber = !name.getAsInteger(10, number) && number >= 1 && number <= Rule.parameters.size();
  auto named = llvm::find_if(Rule.parameters, [&](const NamedParameter &known) { return known.name == name; });
  if (!isNumber && named == Rule.parameters.end())
    return add(node.mark, "'$" + name.str() + "' is no parameter of 'from'; write $$ for a dollar");
  if (!isNumber)
    number = static_cast<unsigned>(named - Rule.parameters.begin()) + 1;
  Rule.to.push_back({CallPiece::Kind::Parameter, "", number - 1});
}

void LegacyCallCompiler::findCanonical(const YamlNode &node) {
  llvm::StringRef text = Rule.toText;
  if (text.consume_front("$object.") || text.consume_front("$object->")) {
    llvm::StringRef method = leadingWord(text);
    std::size_t scope = llvm::StringRef(Rule.from.value).rfind("::");
    if (!method.empty() && text.drop_front(method.size()).ltrim().starts_with("(") && scope != llvm::StringRef::npos)
      Rule.canonical = llvm::StringRef(Rule.from.value).take_front(scope + 2).str() + method.str();
  } else {
    Rule.canonical = firstQualifiedCall(text).str();
  }
  if (Rule.canonical.empty())
    add(node.mark, "it does not show which function is called; name it with 'canonical: ns::Class::function'");
}

} // namespace ssot
