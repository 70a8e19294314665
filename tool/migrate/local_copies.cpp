#include "migrate/local_copies.h"

#include "judge/sites.h"
#include "migrate/removal.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>

#include <map>

namespace ssot {

namespace {

class LocalCopyPlanner {
public:
  LocalCopyPlanner(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits, ReadFile read)
      : Picture(index), Planned(edits), Read(read) {
    for (const JudgedRule &rule : judged)
      if (const auto *names = std::get_if<LegacyNameRule>(&rule.rule->body))
        for (const NameReplacement &replacement : names->replace)
          RuleOf.try_emplace(replacement.old, rule.rule->id);
    for (const IncludeFact &include : Picture.includes())
      Included.insert(Picture.text(include.resolved));
  }

  std::vector<Edit> run() {
    for (const FunctionFact &function : Picture.functions())
      if (auto rule = RuleOf.find(Picture.text(function.name));
          rule != RuleOf.end() && isLocal(function) && isLeftUnused(function))
        remove(function, rule->second);
    std::vector<Edit> edits;
    for (auto &[file, copies] : Copies)
      for (Edit &edit : removals(file, copies))
        edits.push_back(std::move(edit));
    return edits;
  }

private:
  struct Copy {
    const FunctionFact *function;
    std::string rule;
    std::vector<TextSpan> spans; ///< the definition and what declares it, sorted
  };

  static bool isWithin(const Place &place, const Place &whole) {
    return place.file == whole.file && whole.begin <= place.begin && place.end <= whole.end;
  }

  /// Whether only its own file can name it, and what it takes up can be told.
  bool isLocal(const FunctionFact &function) const {
    llvm::StringRef path = Picture.path(function.place);
    return isInternal(Picture.text(function.usr)) && !function.isMethod && !function.isTemplate &&
           !function.isLocalOrLambda && function.written.body && Picture.files()[function.place.file].inProject &&
           !Included.contains(path);
  }

  bool isEdited(const Place &place) const {
    llvm::StringRef path = Picture.path(place);
    return llvm::any_of(Planned, [&](const Edit &edit) {
      return !edit.isInclude() && edit.file == path && edit.begin <= place.begin && place.end <= edit.end;
    });
  }

  bool isLeftUnused(const FunctionFact &function) const {
    bool any = false;
    for (const UseFact &use : Picture.uses()) {
      bool isUndecided = use.kind == UseKind::Inactive || use.kind == UseKind::Dependent;
      bool isIts = use.usr == function.usr ||
                   (isUndecided && use.name == function.name && use.place.file == function.place.file);
      if (!isIts || isWithin(use.place, function.extent))
        continue;
      if (isUndecided || !isEdited(use.place))
        return false;
      any = true;
    }
    return any;
  }

  void remove(const FunctionFact &function, const std::string &rule) {
    std::string path = Picture.path(function.place).str();
    std::optional<std::string> text = Read(path);
    Copy copy{&function, rule, {}};
    auto take = [&](std::size_t begin, std::size_t end) {
      if (!text || end > text->size() || !startsDeclaration(*text, begin))
        return false;
      copy.spans.push_back(withComment(*text, removalOf(*text, begin, end)));
      return true;
    };
    const std::optional<Place> &head = function.written.head;
    bool isDeclaredBefore = head && head->end < function.extent.begin;
    if (isDeclaredBefore && text && !take(head->begin, std::min(text->find(';', head->begin), text->size() - 1) + 1))
      return;
    if (take(function.extent.begin, function.extent.end))
      Copies[path].push_back(std::move(copy));
  }

  /// Whether no attribute, macro or `template` of its own stands in front of what is told of a declaration.
  static bool startsDeclaration(llvm::StringRef text, std::size_t begin) {
    if (!beginsLine(text, begin))
      return false;
    llvm::StringRef above = lineBefore(text, lineBegin(text, begin));
    bool isOther = above.ends_with(";") || above.ends_with("}") || above.ends_with("{");
    return above.empty() || isOther || above.contains("//") || above.ends_with("*/") || above.starts_with("#");
  }

  /// \returns the line above the one that begins at \p at, or nothing.
  static llvm::StringRef lineBefore(llvm::StringRef text, std::size_t at) {
    return at == 0 ? llvm::StringRef() : text.slice(lineBegin(text, at - 1), at).trim();
  }

  /// With the lines of comment that stand right above.
  static TextSpan withComment(llvm::StringRef text, TextSpan span) {
    while (span.begin > 0 && lineBefore(text, span.begin).starts_with("//"))
      span.begin = lineBegin(text, span.begin - 1);
    return span;
  }

  /// The edits of one file. A namespace that nothing is left in goes as well.
  std::vector<Edit> removals(const std::string &file, llvm::ArrayRef<Copy> copies) const {
    std::string text = *Read(file);
    std::string left = text;
    for (const Copy &copy : copies)
      for (TextSpan span : copy.spans)
        std::fill(left.begin() + static_cast<std::ptrdiff_t>(span.begin),
                  left.begin() + static_cast<std::ptrdiff_t>(span.end), ' ');
    std::vector<Edit> edits;
    for (const Copy &copy : copies)
      for (TextSpan span : copy.spans) {
        span = withEmptyNamespace(text, left, span);
        span = withBlankLine(text, span);
        if (!edits.empty() && span.begin < edits.back().end) {
          edits.back().removes.push_back(Picture.text(copy.function->name).str());
          continue;
        }
        Edit &edit = edits.emplace_back();
        edit.file = file;
        edit.begin = static_cast<std::uint32_t>(span.begin);
        edit.end = static_cast<std::uint32_t>(span.end);
        edit.line = copy.function->place.line;
        edit.column = copy.function->place.column;
        edit.rule = copy.rule;
        edit.before = text.substr(span.begin, span.end - span.begin);
        edit.choices = {std::string()};
        edit.target = copy.rule;
        edit.isRaw = true;
        edit.removes = {Picture.text(copy.function->name).str()};
      }
    return edits;
  }

  /// \param left the text with blanks in place of what is taken out.
  static TextSpan withEmptyNamespace(llvm::StringRef text, llvm::StringRef left, TextSpan span) {
    llvm::StringRef above = left.take_front(span.begin).rtrim(), below = left.drop_front(span.end);
    std::size_t close = span.end + (below.size() - below.ltrim().size());
    if (!above.consume_back("{") || close >= left.size() || left[close] != '}')
      return span;
    above = above.rtrim();
    if (!above.consume_back("namespace") || !beginsLine(text, above.size()))
      return span;
    return removalOf(text, above.size(), close + 1);
  }

  const Index &Picture;
  llvm::ArrayRef<Edit> Planned;
  ReadFile Read;
  llvm::StringMap<std::string> RuleOf; ///< old name -> the first rule that replaces it
  llvm::StringSet<> Included;          ///< files that others include
  std::map<std::string, std::vector<Copy>> Copies;
};

} // namespace

std::vector<Edit> planLocalCopies(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                                  ReadFile read) {
  return LocalCopyPlanner(index, judged, edits, read).run();
}

void putInPlaceOfWhatIsInside(std::vector<Edit> removals, Plan &plan, ReadFile read) {
  for (const Edit &removal : removals) {
    std::erase_if(plan.edits, [&](const Edit &edit) {
      return edit.file == removal.file && removal.begin <= edit.begin && edit.end <= removal.end;
    });
    std::string text = *read(removal.file);
    auto lineOf = [&](std::uint32_t offset) { return llvm::StringRef(text).take_front(offset).count('\n') + 1; };
    // It takes out whole lines.
    std::erase_if(plan.residue, [&](const Residue &left) {
      return left.file == removal.file && lineOf(removal.begin) <= left.line && left.line < lineOf(removal.end);
    });
  }
  llvm::move(removals, std::back_inserter(plan.edits));
}

} // namespace ssot
