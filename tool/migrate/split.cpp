#include "migrate/split.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/Path.h>

#include <map>
#include <numeric>

namespace ssot {

namespace {

std::vector<PatchPart> slices(const std::vector<std::string> &files, std::size_t count) {
  std::vector<PatchPart> parts;
  for (std::size_t i = 0; i < files.size(); i += count) {
    std::size_t end = std::min(files.size(), i + count);
    auto at = [&](std::size_t n) { return files.begin() + static_cast<std::ptrdiff_t>(n); };
    parts.push_back({llvm::formatv("files {0} to {1}", i + 1, end), std::vector<std::string>(at(i), at(end))});
  }
  return parts;
}

class Orderer {
public:
  using Obstacles = llvm::function_ref<std::optional<std::set<std::string>>(const std::set<std::string> &,
                                                                            const std::vector<std::string> &)>;
  Orderer(std::vector<PatchPart> parts, Obstacles obstacles) : Waiting(std::move(parts)), Ask(obstacles) {}

  std::vector<PatchPart> run() {
    while (!Waiting.empty())
      if (!placeWhatCompiles())
        place(joinedFrom(0));
    return std::move(Placed);
  }

private:
  bool placeWhatCompiles() {
    bool any = false;
    for (std::size_t i = 0; i < Waiting.size();) {
      if (with({i}))
        ++i;
      else
        place({i}), any = true;
    }
    return any;
  }

  /// What stands in the way of the project with some of the waiting parts.
  std::optional<std::set<std::string>> with(const std::vector<std::size_t> &chosen) {
    std::set<std::string> files = Done;
    std::vector<std::string> added;
    for (std::size_t i : chosen)
      llvm::append_range(added, Waiting[i].files);
    files.insert(added.begin(), added.end());
    return Ask(files, added);
  }

  /// The parts that the first one cannot do without, itself among them.
  std::vector<std::size_t> joinedFrom(std::size_t first) {
    std::vector<std::size_t> chosen{first};
    while (std::optional<std::set<std::string>> obstacles = with(chosen)) {
      std::size_t before = chosen.size();
      for (std::size_t i = 0; i < Waiting.size(); ++i)
        if (!llvm::is_contained(chosen, i) &&
            llvm::any_of(Waiting[i].files, [&](const std::string &file) { return obstacles->count(file) != 0; }))
          chosen.push_back(i);
      if (chosen.size() == before) { // the reason lies elsewhere: only the whole is known to compile
        chosen.resize(Waiting.size());
        std::iota(chosen.begin(), chosen.end(), std::size_t{0});
        break;
      }
    }
    // Some of them only read the same headers.
    for (std::size_t at = chosen.size(); at-- > 0;) {
      if (chosen[at] == first)
        continue;
      std::vector<std::size_t> fewer = chosen;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
      if (!with(fewer))
        chosen = std::move(fewer);
    }
    llvm::sort(chosen);
    return chosen;
  }

  void place(const std::vector<std::size_t> &chosen) {
    PatchPart part;
    for (std::size_t i : chosen) {
      part.name += (part.name.empty() ? "" : " + ") + Waiting[i].name;
      llvm::append_range(part.files, Waiting[i].files);
    }
    llvm::sort(part.files);
    Done.insert(part.files.begin(), part.files.end());
    Placed.push_back(std::move(part));
    for (std::size_t at = chosen.size(); at-- > 0;)
      Waiting.erase(Waiting.begin() + static_cast<std::ptrdiff_t>(chosen[at]));
  }

  std::vector<PatchPart> Waiting, Placed;
  std::set<std::string> Done;
  Obstacles Ask;
};

} // namespace

llvm::Expected<SplitBy> parseSplitBy(llvm::StringRef text) {
  SplitBy by;
  if (text == "owner" || text == "directory") {
    by.criterion = text == "owner" ? SplitBy::Criterion::Owner : SplitBy::Criterion::Directory;
    return by;
  }
  by.criterion = SplitBy::Criterion::Count;
  if (text.consume_front("count:") && !text.getAsInteger(10, by.count) && by.count > 0)
    return by;
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                 "--split-by takes owner, directory or count:N, where N is a number of files");
}

std::vector<PatchPart> partsOf(const std::vector<std::string> &files, const SplitBy &by,
                               llvm::function_ref<std::string(llvm::StringRef)> ownerOf) {
  if (by.criterion == SplitBy::Criterion::Count)
    return slices(files, by.count);
  std::map<std::string, std::vector<std::string>> named;
  for (const std::string &file : files) {
    llvm::StringRef folder = llvm::sys::path::parent_path(file);
    named[by.criterion == SplitBy::Criterion::Owner ? ownerOf(file)
          : folder.empty()                          ? "."
                                                    : folder.str()]
        .push_back(file);
  }
  std::vector<PatchPart> parts;
  for (auto &[name, own] : named)
    parts.push_back({name, std::move(own)});
  return parts;
}

std::vector<PatchPart> inCompilingOrder(std::vector<PatchPart> parts, Orderer::Obstacles obstacles) {
  return Orderer(std::move(parts), obstacles).run();
}

std::string patchFileName(const PatchPart &part, std::size_t number) {
  constexpr std::size_t kLongest = 60;
  std::string words;
  for (char c : part.name) {
    bool plain = llvm::isAlnum(c) || c == '_' || c == '.';
    if (plain)
      words += c;
    else if (!words.empty() && words.back() != '-')
      words += '-';
  }
  llvm::StringRef name = llvm::StringRef(words).take_front(kLongest).trim("-.");
  return llvm::formatv("{0,0+4}-{1}.patch", number, name.empty() ? "root" : name);
}

} // namespace ssot
