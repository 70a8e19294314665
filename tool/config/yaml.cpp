#include "config/yaml.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/ConvertUTF.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

namespace ssot {

namespace {

// A rule file is written by a person. These are far beyond any of them and far below what hurts.
constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxDepth = 64;

/// Thrown out of yaml-cpp's callbacks, which have no other way to stop it. Caught in parseYaml.
struct Stop : std::exception {
  Stop(Mark place, std::string text) : mark(std::move(place)), message(std::move(text)) {}
  Mark mark;
  std::string message;
};

bool isInteger(llvm::StringRef text) {
  if (!text.consume_front("-"))
    text.consume_front("+");
  return !text.empty() && llvm::all_of(text, llvm::isDigit);
}

bool isNumber(llvm::StringRef text) {
  double value;
  return !text.empty() && text.find_first_not_of("+-.0123456789eE") == llvm::StringRef::npos &&
         text.find_first_of("0123456789") != llvm::StringRef::npos && !llvm::isAlpha(text.front()) &&
         !text.getAsDouble(value);
}

/// The type of an unquoted scalar.
YamlKind kindOfPlain(llvm::StringRef text) {
  if (llvm::is_contained({"", "~", "null", "Null", "NULL"}, text))
    return YamlKind::Null;
  if (llvm::is_contained({"true", "True", "TRUE", "false", "False", "FALSE"}, text))
    return YamlKind::Boolean;
  if (isInteger(text))
    return YamlKind::Integer;
  return isNumber(text) ? YamlKind::Number : YamlKind::String;
}

std::size_t sizeOf(const YamlNode &node) {
  std::size_t size = 1;
  for (const YamlNode &item : node.items)
    size += sizeOf(item);
  for (const YamlEntry &entry : node.entries)
    size += sizeOf(entry.value);
  return size;
}

class TreeBuilder : public YAML::EventHandler {
public:
  TreeBuilder(llvm::StringRef file, std::vector<ConfigError::Item> &problems) : File(file), Problems(problems) {}

  std::optional<YamlNode> root;
  Mark last; ///< of the newest event, for errors that yaml-cpp reports without a place

  Mark markOf(const YAML::Mark &mark) const {
    if (mark.is_null())
      return last.line ? last : Mark{File.str(), 1, 1};
    return Mark{File.str(), static_cast<unsigned>(mark.line) + 1, static_cast<unsigned>(mark.column) + 1};
  }

  void OnDocumentStart(const YAML::Mark &mark) override {
    if (root)
      throw Stop(markOf(mark), "a second YAML document; a rule file is one document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override { add(start(mark, YamlKind::Null), anchor); }

  void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                const std::string &value) override {
    YamlNode node = start(mark, tag == "?" ? kindOfPlain(value) : YamlKind::String);
    refuseTag(tag, node.mark);
    node.text = value;
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override {
    Mark place = markOf(mark);
    auto known = Anchors.find(anchor);
    if (known == Anchors.end())
      throw Stop(place, "an alias inside the value that it stands for");
    count(sizeOf(known->second), place);
    YamlNode copy = known->second;
    copy.mark = place;
    add(std::move(copy), 0);
  }

  void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlKind::List);
  }
  void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlKind::Map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::optional<YamlEntry> entry; ///< of a map: the key whose value comes next
  };

  YamlNode start(const YAML::Mark &mark, YamlKind kind) {
    YamlNode node;
    node.kind = kind;
    node.mark = last = markOf(mark);
    count(1, node.mark);
    return node;
  }

  void count(std::size_t nodes, const Mark &mark) {
    Nodes += nodes;
    if (Nodes > kMaxNodes)
      throw Stop(mark,
                 "more than " + std::to_string(kMaxNodes) + " values (aliases counted as often as they are used)");
  }

  static void refuseTag(const std::string &tag, const Mark &mark) {
    if (!tag.empty() && tag != "?" && tag != "!")
      throw Stop(mark, "a YAML tag; rule files have none");
  }

  void open(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YamlKind kind) {
    YamlNode node = start(mark, kind);
    refuseTag(tag, node.mark);
    if (Stack.size() == kMaxDepth)
      throw Stop(node.mark, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    Stack.push_back({std::move(node), anchor, std::nullopt});
  }

  void close() {
    Open done = std::move(Stack.back());
    Stack.pop_back();
    add(std::move(done.node), done.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor)
      Anchors[anchor] = node;
    if (Stack.empty())
      root = std::move(node);
    else if (Stack.back().node.kind == YamlKind::List)
      Stack.back().node.items.push_back(std::move(node));
    else
      addToMap(Stack.back(), std::move(node));
  }

  void addToMap(Open &map, YamlNode node) {
    if (!map.entry) {
      if (!node.isScalar() || node.kind == YamlKind::Null)
        throw Stop(node.mark, "a key must be a word, not " + describe(node.kind).str());
      map.entry = YamlEntry{std::move(node.text), std::move(node.mark), YamlNode()};
      return;
    }
    YamlEntry entry = std::move(*map.entry);
    map.entry.reset();
    entry.value = std::move(node);
    auto first = llvm::find_if(map.node.entries, [&](const YamlEntry &other) { return other.key == entry.key; });
    if (first == map.node.entries.end())
      map.node.entries.push_back(std::move(entry));
    else
      Problems.push_back({entry.mark, "key '" + entry.key + "' is given twice; the first one is on line " +
                                          std::to_string(first->mark.line)});
  }

  llvm::StringRef File;
  std::vector<ConfigError::Item> &Problems;
  std::vector<Open> Stack;
  std::map<YAML::anchor_t, YamlNode> Anchors;
  std::size_t Nodes = 0;
};

/// \returns the place of the byte at \p offset.
Mark placeOf(llvm::StringRef file, llvm::StringRef text, std::size_t offset) {
  llvm::StringRef before = text.take_front(offset);
  std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
  return Mark{file.str(), static_cast<unsigned>(before.count('\n')) + 1, static_cast<unsigned>(offset - lineStart) + 1};
}

/// \returns the first byte that begins no well-formed UTF-8 sequence, or npos.
std::size_t firstNonUtf8(llvm::StringRef text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  const auto *end = reinterpret_cast<const llvm::UTF8 *>(text.end());
  const llvm::UTF8 *at = begin;
  return llvm::isLegalUTF8String(&at, end) ? llvm::StringRef::npos : static_cast<std::size_t>(at - begin);
}

/// YAML has no control characters, and yaml-cpp takes one of them for the end of the file.
std::size_t firstControlCharacter(llvm::StringRef text) {
  auto isControl = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t'; };
  auto found = llvm::find_if(text, isControl);
  return found == text.end() ? llvm::StringRef::npos : static_cast<std::size_t>(found - text.begin());
}

/// The text without byte-order mark and carriage returns at line ends.
std::string normalised(llvm::StringRef text) {
  text.consume_front("\xEF\xBB\xBF");
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!(text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n'))
      result += text[i];
  return result;
}

std::optional<ConfigError::Item> problemInBytes(llvm::StringRef file, llvm::StringRef text) {
  std::size_t at = firstNonUtf8(text);
  if (at != llvm::StringRef::npos)
    return ConfigError::Item{placeOf(file, text, at), "not UTF-8 (byte 0x" + llvm::toHex(text.substr(at, 1)) + ")"};
  at = firstControlCharacter(text);
  if (at != llvm::StringRef::npos)
    return ConfigError::Item{placeOf(file, text, at),
                             "a control character (0x" + llvm::toHex(text.substr(at, 1)) + "); a rule file is text"};
  return std::nullopt;
}

} // namespace

const YamlNode *YamlNode::find(llvm::StringRef key) const {
  auto found = llvm::find_if(entries, [&](const YamlEntry &entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

llvm::StringRef describe(YamlKind kind) {
  switch (kind) {
  case YamlKind::Null:
    return "nothing";
  case YamlKind::Boolean:
    return "a truth value";
  case YamlKind::Integer:
  case YamlKind::Number:
    return "a number";
  case YamlKind::String:
    return "a string";
  case YamlKind::List:
    return "a list";
  case YamlKind::Map:
    return "a map";
  }
  llvm_unreachable("a kind of its own");
}

std::optional<YamlNode> parseYaml(llvm::StringRef file, llvm::StringRef text,
                                  std::vector<ConfigError::Item> &problems) {
  if (text.size() > kMaxBytes) {
    problems.push_back(
        {Mark{file.str(), 1, 1}, "larger than " + std::to_string(kMaxBytes) + " bytes; this is no rule file"});
    return std::nullopt;
  }
  std::string clean = normalised(text);
  if (std::optional<ConfigError::Item> problem = problemInBytes(file, clean)) {
    problems.push_back(std::move(*problem));
    return std::nullopt;
  }
  TreeBuilder builder(file, problems);
  try {
    std::istringstream stream(clean);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop &stop) {
    problems.push_back({stop.mark, stop.message});
    return std::nullopt;
  } catch (const YAML::Exception &error) {
    problems.push_back({builder.markOf(error.mark), "not valid YAML: " + error.msg});
    return std::nullopt;
  }
  if (!builder.root || builder.root->kind == YamlKind::Null) {
    problems.push_back({Mark{file.str(), 1, 1}, "empty; a rule file begins with 'ssot: 1'"});
    return std::nullopt;
  }
  return std::move(builder.root);
}

} // namespace ssot
