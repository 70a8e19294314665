#include "config/shape.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <chrono>

namespace ssot {

namespace {

/// Words that C++ keeps for itself: nothing can have them as a name.
constexpr llvm::StringLiteral kKeywords[] = {
    "alignas",     "alignof",   "and",        "and_eq",    "asm",      "auto",         "bitand",
    "bitor",       "bool",      "break",      "case",      "catch",    "char",         "char8_t",
    "char16_t",    "char32_t",  "class",      "compl",     "concept",  "const",        "consteval",
    "constexpr",   "constinit", "const_cast", "continue",  "co_await", "co_return",    "co_yield",
    "decltype",    "default",   "delete",     "do",        "double",   "dynamic_cast", "else",
    "enum",        "explicit",  "export",     "extern",    "false",    "float",        "for",
    "friend",      "goto",      "if",         "inline",    "int",      "long",         "mutable",
    "namespace",   "new",       "noexcept",   "not",       "not_eq",   "nullptr",      "operator",
    "or",          "or_eq",     "private",    "protected", "public",   "register",     "reinterpret_cast",
    "requires",    "return",    "short",      "signed",    "sizeof",   "static",       "static_assert",
    "static_cast", "struct",    "switch",     "template",  "this",     "thread_local", "throw",
    "true",        "try",       "typedef",    "typeid",    "typename", "union",        "unsigned",
    "using",       "virtual",   "void",       "volatile",  "wchar_t",  "while",        "xor",
    "xor_eq"};

std::string quoted(llvm::StringRef text) { return ("'" + text + "'").str(); }

bool isIdentifier(llvm::StringRef text) {
  auto isLetter = [](char c) { return llvm::isAlpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  auto isInside = [&](char c) { return isLetter(c) || llvm::isDigit(c); };
  return !text.empty() && isLetter(text.front()) && llvm::all_of(text, isInside);
}

// The checks of scalars: each returns what is wrong with the text, or nothing.

std::string problemInIdentifier(llvm::StringRef text) {
  if (!isIdentifier(text))
    return quoted(text) + " is not a C++ identifier";
  if (llvm::is_contained(kKeywords, text))
    return quoted(text) + " is a keyword of C++; nothing has this name";
  return std::string();
}

std::string problemInQualifiedName(llvm::StringRef text) {
  if (text.starts_with("::"))
    return quoted(text) + " starts with '::'; write " + quoted(text.drop_front(2));
  if (text.contains('<'))
    return quoted(text) + " has template arguments; write the template's name alone";
  if (text.contains('('))
    return quoted(text) + " has parameters; write the function's name alone";
  llvm::SmallVector<llvm::StringRef, 6> parts;
  text.split(parts, "::");
  for (llvm::StringRef part : parts) {
    if (part.empty())
      return quoted(text) + " has an empty part between its '::'";
    std::string problem = problemInIdentifier(part);
    if (!problem.empty())
      return parts.size() == 1 ? problem : quoted(text) + " cannot exist: " + problem;
  }
  return std::string();
}

std::string problemInRuleId(llvm::StringRef text) {
  auto isAllowed = [](char c) { return llvm::isDigit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
  return llvm::all_of(text, isAllowed) ? std::string()
                                       : quoted(text) + " is not a rule id; use lower-case letters, digits and '-'";
}

std::string problemInHeader(llvm::StringRef text) {
  return text.find_first_of("<>\"\n") == llvm::StringRef::npos
             ? std::string()
             : quoted(text) + " is not a header's name; write it without quotes and angle brackets";
}

std::string problemInRegex(llvm::StringRef text) {
  llvm::Expected<Pattern> pattern = Pattern::compile(text);
  return pattern ? std::string() : quoted(text) + " is not a pattern: " + llvm::toString(pattern.takeError());
}

std::string problemInOldHeader(llvm::StringRef text) {
  return isHeaderPattern(text) ? problemInRegex(text) : problemInHeader(text);
}

std::string problemInGlob(llvm::StringRef text) {
  llvm::Expected<Glob> glob = Glob::compile(text);
  return glob ? std::string() : llvm::toString(glob.takeError());
}

bool isDate(llvm::StringRef text) {
  unsigned year, month, day;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || text.substr(0, 4).getAsInteger(10, year) ||
      text.substr(5, 2).getAsInteger(10, month) || text.substr(8, 2).getAsInteger(10, day))
    return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                     std::chrono::day(day))
      .ok();
}

std::string problemInDate(llvm::StringRef text) {
  return isDate(text) ? std::string() : quoted(text) + " is not a day of the calendar as YYYY-MM-DD";
}

std::string nothingWrong(llvm::StringRef) { return std::string(); }

using ScalarCheck = std::string (*)(llvm::StringRef);

/// \returns the check of a type whose values are strings, or null for the other types.
ScalarCheck checkOf(ValueType type) {
  switch (type) {
  case ValueType::Text:
  case ValueType::AnyText:
  case ValueType::Signature: // read by its own reader, which knows more to say
    return nothingWrong;
  case ValueType::RuleId:
    return problemInRuleId;
  case ValueType::Identifier:
    return problemInIdentifier;
  case ValueType::QualifiedName:
    return problemInQualifiedName;
  case ValueType::Header:
    return problemInHeader;
  case ValueType::OldHeader:
    return problemInOldHeader;
  case ValueType::Regex:
    return problemInRegex;
  case ValueType::Glob:
    return problemInGlob;
  case ValueType::Date:
    return problemInDate;
  default:
    return nullptr;
  }
}

class ShapeChecker {
public:
  explicit ShapeChecker(std::vector<ConfigError::Item> &problems) : Problems(problems) {}

  void value(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what) {
    if (ScalarCheck check = checkOf(spec.type)) {
      if (isKind(node, YamlKind::String, what))
        scalar(node.text, node.mark, spec.type, check, what);
      return;
    }
    switch (spec.type) {
    case ValueType::Word:
      return word(node, spec.words, what);
    case ValueType::Format:
      return format(node);
    case ValueType::Count:
      return count(node, what);
    case ValueType::Number:
      return number(node, spec, what);
    case ValueType::List:
      return list(node, spec, what);
    case ValueType::Map:
      return map(node, spec, what);
    case ValueType::WordOrObject:
      return node.kind == YamlKind::Map ? object(node, *spec.object) : wordOrObject(node, spec, what);
    case ValueType::Object:
      return object(node, *spec.object);
    case ValueType::Rules:
      return rules(node);
    default:
      llvm_unreachable("a string type");
    }
  }

  void object(const YamlNode &node, const ObjectSpec &spec) {
    if (!isKind(node, YamlKind::Map, spec.what))
      return;
    for (const YamlEntry &entry : node.entries) {
      if (const KeySpec *key = spec.find(entry.key))
        value(entry.value, key->value, quoted(key->name));
      else
        unknownKey(entry, spec);
    }
    for (const KeySpec *key : spec.keys())
      if (key->required && !node.find(key->name))
        add(node.mark, "missing key " + quoted(key->name) + " in " + spec.what.str());
    for (const KeySpec *key : spec.keys())
      if (const YamlNode *given = key->needs.empty() ? nullptr : node.find(key->name); given && !node.find(key->needs))
        add(given->mark, quoted(key->name) + " goes with " + quoted(key->needs));
    choice(node, spec);
  }

  void rule(const YamlNode &node) {
    if (!isKind(node, YamlKind::Map, "a rule"))
      return;
    const YamlNode *kind = node.find("kind");
    if (!kind)
      return add(node.mark, "missing key 'kind' in a rule");
    if (!isKind(*kind, YamlKind::String, "'kind'"))
      return;
    if (const KindSpec *known = findKind(kind->text))
      return object(node, known->object);
    std::vector<std::string> names = kindNames();
    add(kind->mark, "unknown rule kind " + quoted(kind->text) +
                        suggestion(kind->text, names, "; known are " + llvm::join(names, ", ")));
  }

private:
  void add(const Mark &mark, std::string message) { Problems.push_back({mark, std::move(message)}); }

  bool isKind(const YamlNode &node, YamlKind kind, llvm::StringRef what) {
    if (node.kind != kind)
      mustBe(node, describe(kind), what);
    return node.kind == kind;
  }

  void mustBe(const YamlNode &node, llvm::StringRef wanted, llvm::StringRef what) {
    std::string message = (what + " must be " + wanted + ", not " + describe(node.kind)).str();
    bool couldBeQuoted = wanted == describe(YamlKind::String) && node.isScalar() && node.kind != YamlKind::Null;
    add(node.mark, couldBeQuoted ? message + "; write \"" + node.text + "\"" : message);
  }

  void scalar(llvm::StringRef text, const Mark &mark, ValueType type, ScalarCheck check, llvm::StringRef what) {
    if (type != ValueType::AnyText && text.trim().empty())
      return add(mark, what.str() + " is empty");
    std::string problem = check(text);
    if (!problem.empty())
      add(mark, what.str() + ": " + problem);
  }

  void unknownKey(const YamlEntry &entry, const ObjectSpec &spec) {
    std::vector<std::string> known;
    for (const KeySpec *key : spec.keys())
      known.push_back(key->name.str());
    add(entry.mark, "unknown key " + quoted(entry.key) + " in " + spec.what.str() +
                        suggestion(entry.key, known, "; known are " + llvm::join(known, ", ")));
  }

  void choice(const YamlNode &node, const ObjectSpec &spec) {
    auto isGiven = [&](llvm::StringRef key) { return node.find(key) != nullptr; };
    auto given = llvm::count_if(spec.choice, isGiven);
    std::string list;
    for (llvm::StringRef key : spec.choice)
      list += (list.empty() ? "" : key == spec.choice.back() ? " or " : ", ") + quoted(key);
    if (spec.choose != Choice::None && given == 0)
      add(node.mark, spec.what.str() + " needs " + list);
    if (spec.choose == Choice::ExactlyOne && given > 1)
      add(node.mark, spec.what.str() + " has either " + list + ", not more than one of them");
  }

  void word(const YamlNode &node, llvm::ArrayRef<llvm::StringLiteral> words, llvm::StringRef what) {
    if (!isKind(node, YamlKind::String, what) || llvm::is_contained(words, node.text))
      return;
    std::vector<std::string> known(words.begin(), words.end());
    add(node.mark, "unknown value " + quoted(node.text) + " for " + what.str() +
                       suggestion(node.text, known, "; known are " + llvm::join(known, ", ")));
  }

  void wordOrObject(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what) {
    if (node.isScalar() && node.kind != YamlKind::Null)
      word(node, spec.words, what);
    else
      mustBe(node, "'" + spec.words.front().str() + "' or a map", what);
  }

  void format(const YamlNode &node) {
    if (node.kind != YamlKind::Integer || node.text != "1")
      add(node.mark, "'ssot' is the version of the format; this program reads version 1");
  }

  void count(const YamlNode &node, llvm::StringRef what) {
    unsigned value;
    if (node.kind != YamlKind::Integer)
      mustBe(node, "a whole number", what);
    else if (llvm::StringRef(node.text).ltrim('+').getAsInteger(10, value) || value < 1)
      add(node.mark, what.str() + " must be a whole number of at least 1, not " + node.text);
  }

  void number(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what) {
    if (node.kind != YamlKind::Integer && node.kind != YamlKind::Number)
      return mustBe(node, "a number", what);
    double value;
    if (llvm::StringRef(node.text).getAsDouble(value) || !(value >= spec.minimum && value <= spec.maximum))
      add(node.mark, what.str() + " must lie between " + std::to_string(static_cast<int>(spec.minimum)) + " and " +
                         std::to_string(static_cast<int>(spec.maximum)) + ", which " + node.text + " does not");
  }

  void list(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what) {
    if (!isKind(node, YamlKind::List, what))
      return;
    if (node.items.empty() && !spec.mayBeEmpty)
      add(node.mark, what.str() + " is empty");
    else if (static_cast<double>(node.items.size()) < spec.minimum)
      add(node.mark, what.str() + " has " + std::to_string(node.items.size()) + " of at least " +
                         std::to_string(static_cast<int>(spec.minimum)) + " entries");
    else if (spec.maximum > 0 && static_cast<double>(node.items.size()) > spec.maximum)
      add(node.mark, what.str() + " has " + std::to_string(node.items.size()) + " of at most " +
                         std::to_string(static_cast<int>(spec.maximum)) + " entries");
    for (const YamlNode &item : node.items)
      value(item, *spec.element, "an entry of " + what.str());
  }

  void map(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what) {
    if (!isKind(node, YamlKind::Map, what))
      return;
    if (node.entries.empty())
      add(node.mark, what.str() + " is empty");
    for (const YamlEntry &entry : node.entries) {
      scalar(entry.key, entry.mark, spec.key->type, checkOf(spec.key->type), "a key of " + what.str());
      value(entry.value, *spec.element, "a value of " + what.str());
    }
  }

  void rules(const YamlNode &node) {
    if (!isKind(node, YamlKind::List, "'rules'"))
      return;
    for (const YamlNode &item : node.items)
      rule(item);
  }

  std::vector<ConfigError::Item> &Problems;
};

template <typename Check>
bool withoutProblem(std::vector<ConfigError::Item> &problems, Check check) {
  std::size_t before = problems.size();
  check(ShapeChecker(problems));
  return problems.size() == before;
}

} // namespace

bool checkShape(const YamlNode &node, const ValueSpec &spec, llvm::StringRef what,
                std::vector<ConfigError::Item> &problems) {
  return withoutProblem(problems, [&](ShapeChecker checker) { checker.value(node, spec, what); });
}

bool checkShape(const YamlNode &node, const ObjectSpec &spec, std::vector<ConfigError::Item> &problems) {
  return withoutProblem(problems, [&](ShapeChecker checker) { checker.object(node, spec); });
}

bool checkRuleShape(const YamlNode &node, std::vector<ConfigError::Item> &problems) {
  return withoutProblem(problems, [&](ShapeChecker checker) { checker.rule(node); });
}

std::string suggestion(llvm::StringRef word, llvm::ArrayRef<std::string> candidates, const std::string &otherwise) {
  std::string near = nearest(word, candidates);
  return near.empty() ? otherwise : "; did you mean '" + near + "'?";
}

} // namespace ssot
