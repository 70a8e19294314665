#include "migrate/forwards.h"

#include "facts/words.h"
#include "judge/sites.h"
#include "migrate/removal.h"
#include "migrate/text.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>

#include <algorithm>
#include <map>
#include <set>

namespace ssot {

namespace {

using Components = llvm::SmallVector<llvm::StringRef, 4>;

Components componentsOf(llvm::StringRef name) {
  Components components;
  if (!name.empty())
    name.split(components, "::");
  return components;
}

bool beginsWith(const Components &whole, const Components &part) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

/// A USR without its namespaces and without the name itself: what kind of thing it is, and with which parameters.
struct Identity {
  std::size_t spaces = 0;
  std::string kind; ///< empty: nothing that can be declared in a namespace
};

Identity identityOf(llvm::StringRef usr, llvm::StringRef name) {
  Identity identity;
  if (!usr.consume_front("c:"))
    return identity;
  while (usr.consume_front("@N@")) {
    ++identity.spaces;
    usr = usr.drop_until([](char c) { return c == '@'; });
  }
  // A class, enumeration or function, or a template of one; a member of a class has more than one component.
  bool isKnown = llvm::any_of(std::initializer_list<llvm::StringRef>{"@S@", "@ST>", "@E@", "@F@", "@FT@>"},
                              [&](llvm::StringRef start) { return usr.starts_with(start); });
  std::string token = "@" + name.str();
  std::size_t at = usr.find(token);
  llvm::StringRef rest = at == llvm::StringRef::npos ? llvm::StringRef() : usr.substr(at + token.size());
  if (!isKnown || at == llvm::StringRef::npos || (!rest.empty() && !rest.starts_with("#")))
    return identity;
  identity.kind = (usr.take_front(at) + "@*" + rest).str();
  return identity;
}

/// A declaration that goes, with what belongs to it.
struct Gone {
  const MovedForward *moved;
  TextSpan lines;
};

/// A block of a namespace, and how much of it goes.
struct Block {
  const BlockFact *fact = nullptr;
  std::size_t depth = 0;               ///< from the outside
  std::optional<std::uint32_t> around; ///< where the block around it begins
  std::vector<const Gone *> gone;      ///< that stand directly in it
  std::vector<TextSpan> inner;         ///< blocks in it that go
  std::vector<const Gone *> all;       ///< that go with it
  bool isEmptied = false;
};

class ForwardPlanner {
public:
  ForwardPlanner(const std::string &path, llvm::StringRef text, llvm::ArrayRef<MovedForward> moved, const Index &index,
                 const ForwardContext &context)
      : Path(path), Text(text), Moved(moved), Picture(index), Context(context) {}

  ForwardPlan run() {
    for (const MovedForward &moved : Moved)
      decide(moved);
    attachComments();
    findSites();
    takeOut();
    putIn();
    return std::move(Result);
  }

private:
  void leave(const MovedForward &moved, const char *reason, std::string detail) {
    const Place &place = moved.fact->place;
    Result.residue.push_back({Path, place.line, place.column, moved.rule, reason, std::move(detail)});
  }

  Edit editOf(const MovedForward &moved, std::size_t begin, std::size_t end, std::string text) const {
    Edit edit;
    edit.file = Path;
    edit.begin = static_cast<std::uint32_t>(begin);
    edit.end = static_cast<std::uint32_t>(end);
    edit.line = moved.fact->place.line;
    edit.column = moved.fact->place.column;
    edit.rule = moved.rule;
    edit.before = Text.slice(begin, end).str();
    edit.choices = {std::move(text)};
    edit.target = moved.canonical;
    return edit;
  }

  // --- what becomes of each
  // -------------------------------------------------------------------------------------------------------------------

  void decide(const MovedForward &moved) {
    if (moved.fact->kind == ForwardKind::Inner)
      return decideInner(moved);
    if (moved.fact->kind == ForwardKind::Macro)
      return decideMacro(moved);
    std::string why = Context.whyStays(*moved.fact);
    bool isThere = Known.contains(moved.canonical) || Context.isDefined(moved) || isDeclared(moved);
    bool isWanted = !isThere && (why.empty() || Context.isUsed(moved.canonical));
    if (isWanted) {
      std::string obstacle = obstacleOf(moved);
      if (obstacle.empty()) {
        if (why.empty() && scopeOf(moved.canonical) == innermost(*moved.fact))
          return rename(moved);
        New.push_back(&moved);
      } else if (!Context.include(moved.canonical)) {
        return leave(moved, "behaviour-differs", std::move(obstacle));
      }
      Known.insert(moved.canonical);
    }
    if (!why.empty())
      return leave(moved, "still-used", std::move(why));
    Taken.push_back({&moved, removalOf(Text, moved.fact->extent.begin, moved.fact->extent.end)});
  }

  /// A friend, or `class T *t`, may declare what it names; by a qualified name it cannot.
  void decideInner(const MovedForward &moved) {
    const ForwardFact &fact = *moved.fact;
    if (Known.contains(moved.canonical) || Context.isDefined(moved) || isDeclared(moved))
      return;
    std::string obstacle = obstacleOf(moved);
    if (fact.isOdd || !fact.key || Picture.text(fact.key) == "enum" ||
        (!siteOf(moved).beside && fact.extent.begin == fact.extent.end))
      obstacle = "the new name has to be declared in front of it first";
    if (obstacle.empty())
      New.push_back(&moved);
    else if (fact.isOdd || !Context.include(moved.canonical))
      return refuse(moved, fact.isOdd ? "macro-body" : "behaviour-differs", std::move(obstacle));
    Known.insert(moved.canonical);
  }

  void refuse(const MovedForward &moved, const char *reason, std::string detail) {
    leave(moved, reason, std::move(detail));
    Result.refused.push_back(moved.fact);
  }

  /// What a macro writes is edited where that is written, if nothing else is declared by it.
  void decideMacro(const MovedForward &moved) {
    if (std::string why = Context.whyStays(*moved.fact); !why.empty())
      return leave(moved, "still-used", std::move(why));
    std::map<const BlockFact *, llvm::StringRef> renamed;
    if (std::string obstacle = obstacleInMacro(moved, renamed); !obstacle.empty())
      return leave(moved, "macro-body", std::move(obstacle));
    for (auto [block, word] : renamed) {
      auto at = std::make_pair(block->word.begin, block->word.end);
      auto [known, isNew] = Words.try_emplace(at, Result.edits.size());
      if (isNew) {
        Edit edit = editOf(moved, at.first, at.second, word.str());
        edit.target = moved.rule;
        edit.isRaw = true;
        edit.inMacroBody = !isArgument(moved, block->word);
        Result.edits.push_back(std::move(edit));
      }
      Result.edits[known->second].removes.push_back(Picture.text(moved.fact->name).str());
    }
    llvm::StringRef name = unqualified(moved.canonical);
    if (const Place &place = moved.fact->place; Text.slice(place.begin, place.end) != name) {
      Edit edit = editOf(moved, place.begin, place.end, name.str());
      edit.inMacroBody = !isArgument(moved, place);
      Result.edits.push_back(std::move(edit));
    }
    Known.insert(moved.canonical);
  }

  /// Whether \p place is written where the macro is used.
  static bool isArgument(const MovedForward &moved, const Place &place) {
    const Place &use = moved.fact->extent;
    return place.file == use.file && use.begin <= place.begin && place.end <= use.end;
  }

  /// \param renamed gets the blocks whose namespace becomes another.
  std::string obstacleInMacro(const MovedForward &moved, std::map<const BlockFact *, llvm::StringRef> &renamed) const {
    const ForwardFact &fact = *moved.fact;
    if (std::string obstacle = obstacleOf(moved); !obstacle.empty())
      return obstacle;
    Components now = componentsOf(scopeOf(moved.canonical));
    Components old = componentsOf(innermost(fact));
    if (now == old)
      return std::string();
    if (now.size() != old.size() || fact.blocks.size() != old.size())
      return "a macro writes it, and " + quoted(moved.canonical) + " is as many namespaces deep in another way";
    bool isWhole = false; // whether the macro writes all in the block of a renamed namespace
    for (std::size_t i = 0; i < now.size(); ++i) {
      const BlockFact &block = fact.blocks[now.size() - 1 - i];
      if (old[i] == now[i])
        continue;
      if (block.word.begin == block.word.end || block.word.file != fact.place.file)
        return "its namespace is not written together with it";
      bool sameUse = isArgument(moved, block.word) == isArgument(moved, fact.place);
      if (!isArgument(moved, block.word) && !sameUse)
        return "other uses of the macro that writes the namespace may declare what stays";
      if (!sameUse && unqualified(moved.canonical) != unqualified(Picture.text(fact.name)))
        return "other uses of the macro that writes the name may declare what stays";
      renamed.emplace(&block, now[i]);
      isWhole = true;
    }
    const BlockFact &inner = fact.blocks.front();
    std::size_t alike = llvm::count_if(Moved, [&](const MovedForward &other) {
      return other.fact->kind == ForwardKind::Macro && !other.fact->blocks.empty() &&
             other.fact->blocks.front().extent == inner.extent && other.fact->blocks.front().word == inner.word &&
             scopeOf(other.canonical) == scopeOf(moved.canonical) && Context.whyStays(*other.fact).empty() &&
             obstacleOf(other).empty();
    });
    bool isAlone = llvm::all_of(llvm::drop_begin(fact.blocks), [&](const BlockFact &block) {
      return !renamed.count(&block) || block.declarations == 1;
    });
    if (isWhole && (alike != inner.declarations || !isAlone))
      return "the macro declares more in that namespace than what moves";
    return std::string();
  }

  llvm::StringRef innermost(const ForwardFact &fact) const {
    return fact.blocks.empty() ? llvm::StringRef() : Picture.text(fact.blocks.front().name);
  }

  /// Whether the file declares the new name itself, and nothing in between needs it.
  bool isDeclared(const MovedForward &moved) const {
    const ForwardFact &old = *moved.fact;
    return llvm::any_of(Picture.forwards(), [&](const ForwardFact &other) {
      if (other.place.file != old.place.file || Picture.text(other.name) != moved.canonical ||
          other.kind == ForwardKind::Inner)
        return false;
      if (other.place.begin < old.place.begin)
        return true;
      return old.kind != ForwardKind::Inner && llvm::none_of(Picture.uses(), [&](const UseFact &use) {
               return use.place.file == old.place.file && use.name == old.name && old.extent.end <= use.place.begin &&
                      use.place.begin < other.place.begin && !isForward(use.place);
             });
    });
  }

  bool isForward(const Place &place) const {
    return llvm::any_of(Picture.forwards(), [&](const ForwardFact &fact) {
      return fact.kind != ForwardKind::Inner && fact.place == place;
    });
  }

  /// Why the new name cannot be declared in the place of the old one; empty when it can.
  std::string obstacleOf(const MovedForward &moved) const {
    const ForwardFact &fact = *moved.fact;
    Identity old = identityOf(Picture.text(fact.usr), unqualified(Picture.text(fact.name)));
    std::size_t spaces = componentsOf(moved.canonical).size() - 1;
    std::string name = quoted(moved.canonical);
    std::vector<const SymbolFact *> symbols = Picture.symbolsNamed(moved.canonical);
    // Where a rule names the header, the proof will read it, and does not compile if that defines something else.
    bool isClass = llvm::StringRef(old.kind).starts_with("@S");
    if (symbols.empty())
      return isClass && Context.hasHeader(moved.canonical) ? std::string()
                                                           : "no unit that was analysed declares " + name;
    for (const SymbolFact *symbol : symbols) {
      Identity now = identityOf(Picture.text(symbol->usr), unqualified(moved.canonical));
      if (now.kind.empty())
        return name + " is no class, enumeration or function of a namespace: it cannot be declared in front";
      if (now.spaces != spaces)
        return name + " stands in an inline namespace: to declare it in front would be another one";
      if (now.kind != old.kind)
        return name + " is of another kind, or has other parameters, than what was declared here";
    }
    return std::string();
  }

  /// The same namespace: the name alone is another.
  void rename(const MovedForward &moved) {
    Known.insert(moved.canonical);
    TextSpan name = nameOf(moved);
    Edit edit = editOf(moved, name.begin, name.end, newName(moved, name));
    Result.edits.push_back(std::move(edit));
  }

  // --- the new text
  // -------------------------------------------------------------------------------------------------------------------

  /// `class` or `struct` in front of the name when the new one says otherwise, and the name.
  TextSpan nameOf(const MovedForward &moved) const {
    const Place &place = moved.fact->place;
    llvm::StringRef key = newKey(moved);
    llvm::StringRef before = Text.slice(moved.fact->extent.begin, place.begin);
    std::size_t length = before.rtrim().size();
    for (llvm::StringRef old : {"class", "struct"})
      if (!key.empty() && key != old && before.rtrim().ends_with(old))
        return {moved.fact->extent.begin + length - old.size(), place.end};
    return {place.begin, place.end};
  }

  std::string newName(const MovedForward &moved, TextSpan old) const {
    std::string name = unqualified(moved.canonical).str();
    return old.begin == moved.fact->place.begin ? name : newKey(moved).str() + " " + name;
  }

  llvm::StringRef newKey(const MovedForward &moved) const {
    for (const TypeFact &type : Picture.types())
      if (Picture.text(type.name) == moved.canonical && !type.isSpecialization)
        return type.kind == TypeKind::Class ? "class" : type.kind == TypeKind::Struct ? "struct" : "";
    return "";
  }

  std::string rendered(const MovedForward &moved, std::size_t begin, std::size_t end) const {
    if (const ForwardFact &fact = *moved.fact; fact.kind == ForwardKind::Inner) {
      llvm::StringRef key = newKey(moved).empty() ? Picture.text(fact.key) : newKey(moved);
      std::string head = Text.slice(fact.head.begin, fact.head.end).str();
      return head + (head.empty() ? "" : " ") + key.str() + " " + unqualified(moved.canonical).str() + ";";
    }
    TextSpan name = nameOf(moved);
    return Context.render(begin, name.begin) + newName(moved, name) + Context.render(name.end, end);
  }

  // --- the old ones
  // -------------------------------------------------------------------------------------------------------------------

  /// A comment right above goes with the last declaration that it stands over.
  void attachComments() {
    for (std::size_t i = Taken.size(); i-- > 0;) {
      TextSpan &lines = Taken[i].lines;
      if (lineBegin(Text, lines.begin) != lines.begin || Taken[i].moved->fact->blocks.empty() ||
          !endsParagraph(lines.end))
        continue;
      while (lines.begin > Taken[i].moved->fact->blocks.front().open) {
        std::size_t above = lineBegin(Text, lines.begin - 1);
        if (above < Taken[i].moved->fact->blocks.front().open ||
            !Text.slice(above, lines.begin).trim().starts_with("//"))
          break;
        lines.begin = above;
      }
    }
  }

  /// Whether the line at \p at is blank, the end of the block, or goes too.
  bool endsParagraph(std::size_t at) const {
    for (const Gone &gone : Taken)
      if (gone.lines.begin == at)
        return endsParagraph(gone.lines.end);
    llvm::StringRef line = Text.slice(at, lineEnd(Text, at)).trim();
    return line.empty() || line.starts_with("}");
  }

  void takeOut() {
    std::map<std::uint32_t, Block> blocks;
    for (const Gone &gone : Taken) {
      const std::vector<BlockFact> &around = gone.moved->fact->blocks;
      for (std::size_t i = 0; i < around.size(); ++i) {
        Block &block = blocks[around[i].extent.begin];
        block.fact = &around[i];
        block.depth = around.size() - i;
        if (i + 1 < around.size())
          block.around = around[i + 1].extent.begin;
        if (i == 0)
          block.gone.push_back(&gone);
      }
      if (around.empty())
        remove({&gone}, gone.lines);
    }
    std::vector<Block *> inside;
    for (auto &[begin, block] : blocks)
      inside.push_back(&block);
    llvm::stable_sort(inside, [](const Block *a, const Block *b) { return a->depth > b->depth; });
    for (Block *block : inside) {
      llvm::append_range(block->all, block->gone);
      block->isEmptied = isEmptied(*block);
      if (!block->isEmptied || !block->around)
        continue;
      Block &around = blocks[*block->around];
      around.inner.push_back(removalOf(Text, block->fact->extent.begin, block->fact->extent.end));
      llvm::append_range(around.all, block->all);
    }
    // The largest block that goes takes all in it along.
    std::set<const Gone *> done;
    for (const Block *block : llvm::reverse(inside)) {
      if (!block->isEmptied)
        continue;
      Emptied.insert(block->fact->extent.begin);
      std::vector<const Gone *> gone;
      for (const Gone *each : block->all)
        if (done.insert(each).second)
          gone.push_back(each);
      if (!gone.empty())
        remove(gone, removalOf(Text, block->fact->extent.begin, block->fact->extent.end));
    }
    for (const Gone &gone : Taken)
      if (!gone.moved->fact->blocks.empty() && !done.contains(&gone))
        remove({&gone}, gone.lines);
  }

  /// Whether nothing is left between the brackets, not even a comment or a directive of the preprocessor.
  bool isEmptied(const Block &block) const {
    if (block.gone.size() + block.inner.size() != block.fact->declarations)
      return false;
    std::vector<TextSpan> spans = block.inner;
    for (const Gone *gone : block.gone)
      spans.push_back(gone->lines);
    llvm::sort(spans, [](const TextSpan &a, const TextSpan &b) { return a.begin < b.begin; });
    std::size_t at = block.fact->open;
    for (const TextSpan &span : spans) {
      if (span.begin > at && !isBlank(Text, at, span.begin))
        return false;
      at = std::max(at, span.end);
    }
    std::size_t close = block.fact->close;
    return at >= close || isBlank(Text, at, close);
  }

  void remove(llvm::ArrayRef<const Gone *> gone, TextSpan lines) {
    // Where the new declaration takes the place of the old one, the lines around stay apart as they were.
    bool isReplaced = llvm::any_of(Sites, [&](const Site &site) {
      return (beginsLine(Text, site.at) ? lineBegin(Text, site.at) : site.at) == lines.begin;
    });
    if (!isReplaced)
      lines = withBlankLine(Text, lines);
    const MovedForward &moved = *gone.front()->moved;
    Edit edit = editOf(moved, lines.begin, lines.end, "");
    edit.target = moved.rule;
    edit.isRaw = true;
    for (const Gone *each : gone)
      edit.removes.push_back(Picture.text(each->moved->fact->name).str());
    Result.edits.push_back(std::move(edit));
  }

  // --- the new ones
  // -------------------------------------------------------------------------------------------------------------------

  /// Where the new declaration goes: in front of the outermost block that its namespace is no part of.
  struct Site {
    std::size_t at;
    const BlockFact *beside = nullptr;   ///< null: where the old one is
    Components space;                    ///< to open
    std::optional<std::size_t> end = {}; ///< where the block that it is beside ends, with its line
  };

  Site siteOf(const MovedForward &moved) const {
    Components space = componentsOf(scopeOf(moved.canonical));
    const ForwardFact &fact = *moved.fact;
    if (Components here = componentsOf(innermost(fact)); beginsWith(space, here))
      return {beginOf(moved), nullptr, Components(space.begin() + here.size(), space.end())};
    for (const BlockFact &block : fact.blocks)
      if (Components around = componentsOf(Picture.text(block.around)); beginsWith(space, around))
        return {block.extent.begin, &block, Components(space.begin() + around.size(), space.end()),
                removalOf(Text, block.extent.begin, block.extent.end).end};
    return {beginOf(moved), nullptr, space};
  }

  /// The lines of the old declaration, with the comments that go with it; null where it does not begin a line, or
  /// stays.
  const Gone *ownLines(const MovedForward &moved) const {
    auto found = llvm::find_if(Taken, [&](const Gone &gone) { return gone.moved == &moved; });
    return found != Taken.end() && lineBegin(Text, found->lines.begin) == found->lines.begin ? &*found : nullptr;
  }

  std::size_t beginOf(const MovedForward &moved) const {
    if (const Gone *gone = ownLines(moved))
      return gone->lines.begin + Text.substr(gone->lines.begin).find_first_not_of(" \t");
    std::size_t at = moved.fact->extent.begin;
    return moved.fact->kind == ForwardKind::Inner ? aboveComments(at) : at;
  }

  /// In front of the comment lines right above the declaration that begins at \p at.
  std::size_t aboveComments(std::size_t at) const {
    std::size_t first = lineBegin(Text, at);
    if (!beginsLine(Text, at))
      return at;
    while (first > 0 && Text.slice(lineBegin(Text, first - 1), first).trim().starts_with("//"))
      first = lineBegin(Text, first - 1);
    return first + Text.substr(first).find_first_not_of(" \t");
  }

  /// What goes to one namespace out of blocks that follow each other goes into one block.
  void findSites() {
    for (const MovedForward *moved : New) {
      Site site = siteOf(*moved);
      if (const Site *last = Sites.empty() ? nullptr : &Sites.back(); last && last->end && site.beside) {
        std::size_t from = std::min<std::size_t>(*last->end, site.beside->extent.begin);
        bool follows = last->space == site.space && isBlank(Text, from, site.beside->extent.begin);
        if (follows)
          site = {last->at, last->beside, last->space, site.end};
      }
      Sites.push_back(site);
    }
  }

  void putIn() {
    std::map<std::pair<std::size_t, std::string>, std::pair<Site, std::vector<const MovedForward *>>> places;
    for (const auto &[moved, site] : llvm::zip(New, Sites)) {
      auto &entry = places[{site.at, llvm::join(site.space, "::")}];
      entry.first = site;
      entry.second.push_back(moved);
    }
    for (const auto &[key, entry] : places) {
      const auto &[site, moved] = entry;
      bool isAlone = beginsLine(Text, site.at);
      std::size_t at = isAlone ? lineBegin(Text, site.at) : site.at;
      Edit edit = editOf(*moved.front(), at, at, written(site, moved, isAlone));
      edit.isCall = true; // the name is somewhere in it
      for (const MovedForward *each : moved)
        edit.declares.push_back(each->canonical);
      // A function that is only declared says nothing; its calls will.
      bool isFunction = Picture.text(moved.front()->fact->usr).contains("@F@");
      if (isFunction) {
        edit.isRaw = true;
        edit.target = edit.rule;
      }
      Result.edits.push_back(std::move(edit));
    }
  }

  std::string written(const Site &site, llvm::ArrayRef<const MovedForward *> moved, bool isAlone) const {
    llvm::StringRef indent = isAlone ? Text.slice(lineBegin(Text, site.at), site.at) : llvm::StringRef();
    std::string newline = isAlone ? lineEndingAt(Text, site.at).str() : " ";
    bool isShort =
        !isAlone || (site.beside && !Text.slice(site.beside->extent.begin, site.beside->extent.end).contains('\n'));
    bool isNested = llvm::any_of(moved.front()->fact->blocks, [](const BlockFact &block) { return block.isNested; });
    std::vector<std::string> open, close;
    if (isNested && site.space.size() > 1)
      open = {"namespace " + llvm::join(site.space, "::") + " {"}, close = {llvm::join(site.space, "::")};
    else
      for (llvm::StringRef space : site.space) {
        open.push_back("namespace " + space.str() + " {");
        close.insert(close.begin(), space.str());
      }
    std::string text;
    if (isShort) {
      text = indent.str() + llvm::join(open, " ");
      for (const MovedForward *each : moved)
        text += (text.empty() || text == indent ? "" : " ") +
                rendered(*each, each->fact->extent.begin, each->fact->extent.end);
      for (std::size_t i = 0; i < close.size(); ++i)
        text += " }";
      return text + newline;
    }
    for (const std::string &line : open)
      (text += indent) += line + newline;
    for (const MovedForward *each : moved)
      text += lineOf(*each, newline);
    std::string comment = closingComment(site.beside);
    for (const std::string &name : close) {
      (text += indent) += "}";
      if (!comment.empty())
        (text += comment) += name;
      text += newline;
    }
    bool staysBeside = site.beside && !Emptied.contains(site.beside->extent.begin);
    return text + (staysBeside ? newline : "");
  }

  /// The declaration in its lines, with the comments that go with it.
  std::string lineOf(const MovedForward &moved, const std::string &newline) const {
    if (const Gone *gone = ownLines(moved); gone && lineBegin(Text, gone->lines.end) == gone->lines.end)
      return rendered(moved, gone->lines.begin, gone->lines.end);
    return rendered(moved, moved.fact->extent.begin, moved.fact->extent.end) + newline;
  }

  /// What stands in front of the name in `} // namespace old`.
  std::string closingComment(const BlockFact *beside) const {
    if (!beside)
      return std::string();
    std::size_t end = beside->extent.end;
    llvm::StringRef behind = Text.slice(end, lineEnd(Text, end));
    std::size_t at = behind.find("namespace ");
    return behind.ltrim().starts_with("//") && at != llvm::StringRef::npos
               ? behind.take_front(at + llvm::StringRef("namespace ").size()).str()
               : std::string();
  }

  const std::string &Path;
  llvm::StringRef Text;
  llvm::ArrayRef<MovedForward> Moved;
  const Index &Picture;
  const ForwardContext &Context;
  ForwardPlan Result;
  llvm::StringSet<> Known; ///< new names that are declared once the edits are made
  std::vector<const MovedForward *> New;
  std::vector<Site> Sites; ///< of the new ones
  std::vector<Gone> Taken;
  std::set<std::uint32_t> Emptied;                                      ///< where blocks begin that go
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> Words; ///< names of namespaces in macros -> their edit
};

} // namespace

ForwardPlan planForwards(const std::string &path, llvm::StringRef text, llvm::ArrayRef<MovedForward> moved,
                         const Index &index, const ForwardContext &context) {
  return ForwardPlanner(path, text, moved, index, context).run();
}

} // namespace ssot
