#include "project/database.h"

#include "project/errors.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace ssot {

namespace {

constexpr char kDatabaseName[] = "compile_commands.json";
constexpr char kHowToMakeOne[] = "make one with `cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON` or, for "
                                 "another build system, `bear -- make`; "
                                 "name its folder with -p when it lies elsewhere";

bool isFile(llvm::StringRef path) { return llvm::sys::fs::is_regular_file(path); }

/// \returns the database below \p build, one level down, or an empty string.
std::string databaseInSubfolder(llvm::StringRef build) {
  std::vector<std::string> found;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator at(build, error), end; at != end && !error; at.increment(error))
    if (std::string candidate = joined(at->path(), kDatabaseName); isFile(candidate))
      found.push_back(candidate);
  std::string preferred = joined(joined(build, "release"), kDatabaseName);
  if (llvm::is_contained(found, preferred))
    return preferred;
  return found.empty() ? std::string() : *std::min_element(found.begin(), found.end());
}

std::string databaseIn(llvm::StringRef folder) {
  std::string build = joined(folder, "build");
  for (const std::string &candidate : {joined(folder, kDatabaseName), joined(build, kDatabaseName)})
    if (isFile(candidate))
      return candidate;
  return databaseInSubfolder(build);
}

struct LineColumn {
  unsigned line = 1;
  unsigned column = 1;
};

/// An element of the outermost array.
struct Element {
  LineColumn place;
  llvm::StringRef text;
};

/// Cuts a JSON text at the commas of its outermost array. The parser does not keep places, and a tree of a whole
/// database takes longer to make and to take away than all of its entries one by one.
/// \returns nothing when the text is no array, or is one with something missing or too much between its elements.
std::optional<std::vector<Element>> elementsOf(llvm::StringRef text) {
  std::vector<Element> elements;
  LineColumn at;
  std::size_t depth = 0;
  bool inString = false, awaitsElement = false, isOver = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool isSpace = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!inString && !isSpace && (isOver || (depth == 0 && c != '[')))
      return std::nullopt;
    if (!inString && !isSpace && depth == 1) {
      bool isEnd = c == ',' || c == ']';
      if (awaitsElement && !isEnd)
        elements.push_back({at, text.substr(i)});
      else if (isEnd && !elements.empty() && !awaitsElement)
        elements.back().text = text.slice(text.size() - elements.back().text.size(), i);
      else if (isEnd && (c == ',' || !elements.empty()))
        return std::nullopt;
      awaitsElement = c == ',';
    }
    if (inString) {
      if (c == '\\') {
        ++i;
        ++at.column;
      } else if (c == '"') {
        inString = false;
      }
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      awaitsElement = awaitsElement || depth == 0;
      ++depth;
    } else if (c == ']' || c == '}') {
      isOver = --depth == 0;
    }
    at = c == '\n' ? LineColumn{at.line + 1, 1} : LineColumn{at.line, at.column + 1};
  }
  return isOver ? std::optional(std::move(elements)) : std::nullopt;
}

/// Brings the parser's "[3:7, byte=40]: what" into the form of every message: path:3:7: what.
llvm::Error syntaxError(llvm::StringRef path, llvm::Error error) {
  std::string text = llvm::toString(std::move(error));
  llvm::StringRef place = text;
  llvm::StringRef message = text;
  if (place.consume_front("[")) {
    message = place.split("]: ").second;
    place = place.split(',').first;
  } else {
    place = "1:1";
  }
  return inputError(path + ":" + place + ": error: not valid JSON: " + message +
                    "; let the build system write it again");
}

/// Takes one entry apart. \returns what is wrong with it, or nothing.
std::optional<std::string> readEntry(const llvm::json::Value &value, llvm::StringRef databaseFolder,
                                     DatabaseEntry &entry) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object)
    return "an entry must be an object with 'directory', 'file' and 'command' or 'arguments'";
  auto text = [&](llvm::StringRef key, std::string &into) -> std::optional<std::string> {
    const llvm::json::Value *found = object->get(key);
    if (!found)
      return ("the entry has no '" + key + "'").str();
    std::optional<llvm::StringRef> string = found->getAsString();
    if (!string)
      return ("'" + key + "' must be a string").str();
    into = string->str();
    return std::nullopt;
  };
  if (auto wrong = text("directory", entry.directory))
    return wrong;
  if (auto wrong = text("file", entry.file))
    return wrong;
  if (entry.file.empty())
    return "'file' is empty";
  entry.directory = normalised(absoluteFrom(databaseFolder, entry.directory));
  if (const llvm::json::Value *arguments = object->get("arguments")) {
    const llvm::json::Array *array = arguments->getAsArray();
    if (!array ||
        !llvm::all_of(*array, [](const llvm::json::Value &argument) { return argument.getAsString().has_value(); }))
      return "'arguments' must be an array of strings";
    for (const llvm::json::Value &argument : *array)
      entry.arguments.push_back(argument.getAsString()->str());
  } else {
    std::string command;
    if (!object->get("command"))
      return "the entry has neither 'command' nor 'arguments'";
    if (auto wrong = text("command", command))
      return wrong;
    entry.arguments = splitShellWords(command);
  }
  if (entry.arguments.empty())
    return "the entry's command is empty";
  return std::nullopt;
}

/// What is wrong with a database: its syntax, else what is known.
llvm::Error whyNoDatabase(llvm::StringRef path, llvm::StringRef text, const llvm::Twine &known, LineColumn place) {
  if (llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(text); !parsed)
    return syntaxError(path, parsed.takeError());
  return inputError(path + ":" + llvm::Twine(place.line) + ":" + llvm::Twine(place.column) + ": error: " + known);
}

} // namespace

std::vector<std::string> splitShellWords(llvm::StringRef command) {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    char c = command[i];
    char next = i + 1 < command.size() ? command[i + 1] : '\0';
    if (quote == '\'') {
      if (c == '\'')
        quote = '\0';
      else
        word += c;
    } else if (c == '\\' && i + 1 < command.size() && (!quote || llvm::StringRef("$`\"\\\n").contains(next))) {
      ++i;
      if (next != '\n') { // a backslash before a line's end joins the lines
        word += next;
        inWord = true;
      }
    } else if (quote) {
      if (c == quote)
        quote = '\0';
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      inWord = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (inWord)
        words.push_back(std::move(word));
      word.clear();
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (inWord)
    words.push_back(std::move(word));
  return words;
}

llvm::Expected<std::vector<std::string>> findDatabases(llvm::StringRef root, llvm::ArrayRef<std::string> buildPaths) {
  std::vector<std::string> databases;
  for (const std::string &buildPath : buildPaths) {
    std::string path = realOrNormalised(absoluteFrom(currentDirectory(), buildPath));
    std::string database = isFile(path) ? path : joined(path, kDatabaseName);
    if (!isFile(database))
      return inputError(buildPath + ": error: there is no compile_commands.json here; " + kHowToMakeOne);
    databases.push_back(database);
  }
  if (!databases.empty())
    return databases;
  for (llvm::StringRef folder = root; !folder.empty(); folder = llvm::sys::path::parent_path(folder))
    if (std::string database = databaseIn(folder); !database.empty())
      return std::vector<std::string>{database};
  return inputError(root + ": error: no compile_commands.json here, in build/, in build/*/ or in a folder above; " +
                    kHowToMakeOne);
}

llvm::Expected<std::vector<DatabaseEntry>> readDatabase(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return inputError(path + ":1:1: error: cannot be read: " + buffer.getError().message());
  llvm::StringRef text = (*buffer)->getBuffer();
  if (text.trim().empty())
    return inputError(path + ":1:1: error: the compile database is empty; " + kHowToMakeOne);
  std::optional<std::vector<Element>> elements = elementsOf(text);
  if (!elements)
    return whyNoDatabase(path, text, "a compile database is an array of entries; " + llvm::Twine(kHowToMakeOne), {});
  if (elements->empty())
    return inputError(
        path +
        ":1:1: error: the compile database has no entries; build or configure the project first: " + kHowToMakeOne);
  std::vector<DatabaseEntry> entries;
  entries.reserve(elements->size());
  for (const auto &[place, elementText] : *elements) {
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(elementText);
    std::string wrong = value ? std::string() : llvm::toString(value.takeError());
    DatabaseEntry entry;
    entry.line = place.line;
    entry.column = place.column;
    if (value)
      wrong = readEntry(*value, llvm::sys::path::parent_path(path), entry).value_or(std::string());
    if (!wrong.empty())
      return whyNoDatabase(path, text, wrong, place);
    entries.push_back(std::move(entry));
  }
  return entries;
}

} // namespace ssot
