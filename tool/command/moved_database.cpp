#include "command/moved_database.h"

#include "project/database.h"
#include "project/paths.h"
#include "report/output.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

bool endsPathPart(llvm::StringRef rest) {
  return rest.empty() || rest.front() == '/' ||
         !(llvm::isAlnum(rest.front()) || llvm::StringRef("_-.").contains(rest.front()));
}

/// An argument of a command; what was generated below the build folder of now, and there only, stays there.
std::string movedArgument(llvm::StringRef argument, const Move &move, llvm::StringRef buildFolder) {
  std::string moved = move.moved(argument);
  std::size_t at = argument.find(buildFolder);
  if (buildFolder.empty() || at == llvm::StringRef::npos)
    return moved;
  llvm::StringRef then = llvm::StringRef(moved).drop_front(at);
  return !fs::exists(then) && fs::exists(argument.drop_front(at)) ? argument.str() : moved;
}

} // namespace

std::string Move::moved(llvm::StringRef text) const {
  std::string result;
  while (!text.empty()) {
    std::size_t at = text.find(from);
    result += text.take_front(at);
    if (at == llvm::StringRef::npos)
      break;
    text = text.drop_front(at + from.size());
    result += endsPathPart(text) ? to : from;
  }
  return result;
}

llvm::Expected<std::size_t> writeMovedDatabase(llvm::StringRef database, const Move &move, llvm::StringRef folder) {
  llvm::Expected<std::vector<DatabaseEntry>> entries = readDatabase(database);
  if (!entries)
    return entries.takeError();
  if (std::error_code error = fs::create_directories(folder))
    return llvm::createStringError(error, folder + ": " + error.message());
  llvm::StringSet<> buildFolders;
  llvm::json::Array commands;
  for (const DatabaseEntry &entry : *entries) {
    llvm::SmallString<256> source(entry.file);
    fs::make_absolute(entry.directory, source);
    llvm::sys::path::remove_dots(source, /*remove_dot_dot=*/true);
    std::string file = move.moved(source);
    if (!fs::exists(file))
      continue;
    std::string directory = move.moved(entry.directory);
    if (!fs::exists(directory)) {
      buildFolders.insert(entry.directory);
      if (std::error_code error = fs::create_directories(directory))
        return llvm::createStringError(error, directory + ": " + error.message());
    }
    llvm::StringRef buildFolder = buildFolders.contains(entry.directory) ? entry.directory : llvm::StringRef();
    llvm::json::Array arguments;
    for (const std::string &argument : entry.arguments)
      arguments.push_back(llvm::json::fixUTF8(movedArgument(argument, move, buildFolder)));
    commands.push_back(
        llvm::json::Object{{"directory", directory}, {"file", file}, {"arguments", std::move(arguments)}});
  }
  std::size_t count = commands.size();
  llvm::json::Value text(std::move(commands));
  if (llvm::Error error =
          writeFileAtomically(joined(folder, "compile_commands.json"), [&](llvm::raw_ostream &out) { out << text; }))
    return std::move(error);
  return count;
}

} // namespace ssot
