#include "migrate/includes.h"

#include "judge/canonical.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/Path.h>

#include <algorithm>

namespace ssot {

namespace {

struct Line {
  const IncludeFact *include;
  const IncludeChanges::Replaced *replaced; ///< null: stays
};

/// Where the line of \p offset begins, behind a byte-order mark.
std::size_t lineStart(llvm::StringRef text, std::size_t offset) {
  constexpr llvm::StringLiteral kMark = "\xef\xbb\xbf";
  std::size_t begin = lineBegin(text, offset);
  return begin == 0 && text.starts_with(kMark) ? kMark.size() : begin;
}

/// Consecutive lines that are includes.
using Block = std::vector<Line>;

std::vector<Block> blocksOf(const std::vector<const IncludeFact *> &written, const IncludeChanges &changes) {
  std::vector<Block> blocks;
  for (const IncludeFact *include : written) {
    const IncludeChanges::Replaced *replaced = nullptr;
    for (const IncludeChanges::Replaced &candidate : changes.replace)
      if (candidate.place.begin == include->place.begin)
        replaced = &candidate;
    bool continues = !blocks.empty() && blocks.back().back().include->place.line + 1 == include->place.line;
    if (!continues)
      blocks.emplace_back();
    blocks.back().push_back({include, replaced});
  }
  return blocks;
}

class BlockEditor {
public:
  BlockEditor(llvm::StringRef text, const Index &index) : Text(text), Picture(index) {}

  llvm::StringRef lineOf(const Line &line) const {
    std::size_t at = line.include->place.begin;
    return Text.slice(lineStart(Text, at), lineEnd(Text, at));
  }

  /// The old line with another header between the delimiters it has.
  std::string replacedLine(const Line &line) const {
    const Place &place = line.include->place;
    std::size_t begin = lineStart(Text, place.begin);
    llvm::StringRef whole = lineOf(line);
    char open = Text[place.begin], close = open == '<' ? '>' : '"';
    return (whole.take_front(place.begin - begin) + llvm::Twine(open) + line.replaced->header + llvm::Twine(close) +
            whole.drop_front(place.end - begin))
        .str();
  }

  bool isSorted(const Block &block) const {
    std::vector<llvm::StringRef> lines;
    for (const Line &line : block)
      lines.push_back(lineOf(line).trim());
    return block.size() > 1 && std::is_sorted(lines.begin(), lines.end());
  }

  /// \param present headers that the file includes outside this block; a replaced line that would repeat one falls
  /// away.
  std::vector<std::string> rewritten(const Block &block, llvm::StringSet<> present,
                                     const std::vector<bool> &keep) const {
    std::vector<std::string> lines;
    for (const Line &line : block)
      if (!line.replaced)
        present.insert(Picture.text(line.include->spelled));
    std::size_t replaced = 0;
    for (const Line &line : block) {
      if (!line.replaced || keep[replaced++])
        lines.push_back(withEnding(lineOf(line).str(), line));
      if (line.replaced && present.insert(line.replaced->header).second)
        lines.push_back(withEnding(replacedLine(line), line));
    }
    return lines;
  }

  std::string withEnding(std::string line, const Line &like) const {
    if (!llvm::StringRef(line).ends_with("\n"))
      line += lineEndingAt(Text, like.include->place.begin);
    return line;
  }

private:
  llvm::StringRef Text;
  const Index &Picture;
};

/// Which of the block's old headers may have to stay, the fewest first; of many, none, one of them, or all.
std::vector<std::vector<bool>> keptHeaders(const Block &block) {
  auto count =
      static_cast<std::size_t>(llvm::count_if(block, [](const Line &line) { return line.replaced != nullptr; }));
  std::vector<std::vector<bool>> choices;
  constexpr std::size_t kFew = 3;
  if (count <= kFew) {
    for (std::size_t bits = 0; bits < (std::size_t{1} << count); ++bits) {
      std::vector<bool> keep(count);
      for (std::size_t i = 0; i < count; ++i)
        keep[i] = ((bits >> i) & 1) != 0;
      choices.push_back(std::move(keep));
    }
    llvm::stable_sort(choices,
                      [](const auto &a, const auto &b) { return llvm::count(a, true) < llvm::count(b, true); });
    return choices;
  }
  choices.emplace_back(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    choices.emplace_back(count, false);
    choices.back()[i] = true;
  }
  choices.emplace_back(count, true);
  return choices;
}

/// Where a header is added: the last block with headers between quotes, since those between `<` and `>` are others'.
struct Home {
  std::size_t block;
  bool isApart; ///< the block has no headers of the project, or just the one that the source file implements
};

Home homeOf(const std::vector<Block> &blocks, llvm::StringRef text, llvm::StringRef path, const Index &index) {
  auto isQuoted = [&](const Line &line) { return text[line.include->place.begin] == '"'; };
  for (std::size_t i = blocks.size(); i-- > 0;)
    if (llvm::any_of(blocks[i], isQuoted)) {
      llvm::StringRef spelled = index.text(blocks[i].front().include->spelled);
      bool own = i == 0 && blocks.size() > 1 && blocks[i].size() == 1 &&
                 llvm::sys::path::stem(spelled) == llvm::sys::path::stem(path) &&
                 llvm::sys::path::extension(spelled) != llvm::sys::path::extension(path);
      return {i, own};
    }
  return {blocks.size() - 1, true};
}

/// Where the first include of a file goes: below what it says of itself as a whole, which a blank line sets apart, and
/// below its guard.
std::size_t placeOfFirstInclude(llvm::StringRef text) {
  std::size_t place = lineStart(text, 0);
  bool inComment = false, said = false;
  for (std::size_t at = place; at < text.size(); at = lineEnd(text, at)) {
    llvm::StringRef line = text.slice(at, lineEnd(text, at)).trim();
    bool opens = line.starts_with("/*");
    bool isGuard = line.starts_with("#pragma once") || line.starts_with("#ifndef") || line.starts_with("#define");
    if (inComment || opens || line.starts_with("//")) {
      inComment = (inComment || opens) && !line.contains("*/");
      said = true;
    } else if (isGuard || line.empty()) {
      if (isGuard || said || place == at)
        place = lineEnd(text, at);
      said = false;
    } else {
      break;
    }
  }
  return place;
}

/// The edit of a file that has no includes yet.
Edit firstIncludes(const std::string &path, llvm::StringRef text, llvm::ArrayRef<IncludeChanges::Needed> added) {
  Edit edit;
  edit.file = path;
  std::size_t place = placeOfFirstInclude(text);
  edit.begin = edit.end = static_cast<std::uint32_t>(place);
  edit.line = static_cast<std::uint32_t>(text.take_front(place).count('\n') + 1);
  edit.column = 1;
  edit.rule = added.front().rule;
  std::string ending = lineEndingAt(text, place).str(), lines;
  bool isBelowText = place != lineStart(text, 0) && !text.slice(lineBegin(text, place - 1), place).trim().empty();
  if (isBelowText)
    lines = ending;
  for (const IncludeChanges::Needed &needed : added)
    lines += "#include \"" + needed.header + "\"" + ending;
  bool isAboveText = place < text.size() && !text.slice(place, lineEnd(text, place)).trim().empty();
  edit.choices = {lines + (isAboveText ? ending : "")};
  edit.kept = {{}};
  return edit;
}

} // namespace

std::vector<Edit> includeEdits(const std::string &path, llvm::StringRef text,
                               const std::vector<const IncludeFact *> &written, const Index &index,
                               const IncludeChanges &changes) {
  std::vector<Edit> edits;
  std::vector<Block> blocks = blocksOf(written, changes);
  BlockEditor editor(text, index);
  // The canonical header itself may still have an old one; it does not come to include itself.
  auto isItself = [&](llvm::StringRef header) { return mayMean(header, path); };
  llvm::StringSet<> comes; // headers the file includes once the replacements are made
  for (const IncludeFact *include : written)
    comes.insert(index.text(include->spelled));
  for (const IncludeChanges::Replaced &replaced : changes.replace)
    comes.insert(replaced.header);
  // What takes the place of an old header may be written from another folder.
  auto comesAnyway = [&](llvm::StringRef header) {
    return llvm::any_of(changes.replace, [&](const IncludeChanges::Replaced &replaced) {
      return mayMean(replaced.header, header) || mayMean(header, replaced.header);
    });
  };
  std::vector<IncludeChanges::Needed> added;
  for (const IncludeChanges::Needed &needed : changes.need)
    if (!comesAnyway(needed.header) && !isItself(needed.header) && comes.insert(needed.header).second)
      added.push_back(needed);
  llvm::sort(added, [](const auto &a, const auto &b) { return a.header < b.header; });

  if (blocks.empty() && !added.empty())
    return {firstIncludes(path, text, added)};
  Home home = homeOf(blocks, text, path, index);
  llvm::StringSet<> elsewhere; // headers of the blocks before this one
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block &block = blocks[i];
    bool isHome = i == home.block && !added.empty();
    bool touched = isHome || llvm::any_of(block, [](const Line &line) { return line.replaced != nullptr; });
    llvm::StringSet<> present = elsewhere;
    for (const Line &line : block)
      if (line.replaced && isItself(line.replaced->header))
        present.insert(line.replaced->header);
    for (std::size_t k = 0; k < blocks.size(); ++k)
      if (k != i)
        for (const Line &line : blocks[k])
          if (!line.replaced)
            present.insert(index.text(line.include->spelled));
    for (const Line &line : block)
      if (line.replaced)
        elsewhere.insert(line.replaced->header);
    if (!touched)
      continue;
    Edit edit;
    edit.file = path;
    std::size_t begin = lineStart(text, block.front().include->place.begin);
    std::size_t end = lineEnd(text, block.back().include->place.begin);
    edit.begin = static_cast<std::uint32_t>(begin);
    edit.end = static_cast<std::uint32_t>(end);
    edit.before = text.slice(begin, end).str();
    auto first = llvm::find_if(block, [](const Line &line) { return line.replaced != nullptr; });
    bool hasReplaced = first != block.end();
    edit.line = hasReplaced ? first->include->place.line : block.back().include->place.line;
    edit.column = hasReplaced ? first->include->place.column : 1;
    edit.rule = hasReplaced ? first->replaced->rule : added.front().rule;
    for (const std::vector<bool> &keep : keptHeaders(block)) {
      std::vector<std::string> lines = editor.rewritten(block, present, keep);
      if (isHome && home.isApart)
        lines.push_back(lineEndingAt(text, block.back().include->place.begin).str());
      if (isHome)
        for (const IncludeChanges::Needed &needed : added)
          lines.push_back(editor.withEnding("#include \"" + needed.header + "\"", block.back()));
      if (editor.isSorted(block))
        llvm::stable_sort(lines, [](llvm::StringRef a, llvm::StringRef b) { return a.trim() < b.trim(); });
      std::string whole = llvm::join(lines, "");
      // A file that ends in its include block may end without a newline.
      if (!edit.before.empty() && edit.before.back() != '\n')
        whole = llvm::StringRef(whole).rtrim("\r\n").str();
      if (llvm::is_contained(edit.choices, whole))
        continue;
      edit.choices.push_back(std::move(whole));
      edit.kept.emplace_back();
      std::size_t replaced = 0;
      for (const Line &line : block)
        if (line.replaced && keep[replaced++])
          edit.kept.back().emplace_back(line.include->place.line, line.include->place.column);
    }
    edits.push_back(std::move(edit));
  }
  return edits;
}

} // namespace ssot
