#include "migrate/directives.h"

#include "facts/words.h"
#include "judge/sites.h"
#include "migrate/removal.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>

namespace ssot {

namespace {

class DirectivePlanner {
public:
  DirectivePlanner(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                   const Reach &reach, ReadFile read)
      : Picture(index), Files(reach), Read(read) {
    for (const JudgedRule &rule : judged)
      if (std::holds_alternative<LegacyNameRule>(rule.rule->body) ||
          std::holds_alternative<LegacyCallRule>(rule.rule->body))
        for (const Site &site : rule.judgement.sites)
          if (site.verdict == Verdict::Violation)
            for (llvm::StringRef space = scopeOf(site.symbol); !space.empty(); space = scopeOf(space))
              RuleOf.try_emplace(space, rule.rule->id);
    for (const Edit &edit : edits) {
      Touched.insert(edit.file);
      if (edit.begin != edit.end && !edit.isInclude())
        Written[edit.file].push_back({edit.begin, edit.end, edit.isRaw ? std::string() : edit.target});
    }
  }

  DirectivePlan run() {
    // A directive may name an alias.
    for (bool isAlias : {false, true})
      for (const DirectiveFact &directive : Picture.directives())
        if (directive.isAlias == isAlias)
          consider(directive);
    return std::move(Result);
  }

private:
  struct Stretch {
    std::uint32_t begin, end;
    std::string target;
  };

  static bool isIn(llvm::StringRef name, llvm::StringRef space) {
    return name.consume_front(space) && name.starts_with("::");
  }

  /// The edit that a mention is a part of, or null.
  const Stretch *editOf(const Place &place) const {
    auto known = Written.find(Picture.path(place));
    if (known == Written.end())
      return nullptr;
    auto found = llvm::find_if(known->second, [&](const Stretch &stretch) {
      return stretch.begin <= place.begin && place.end <= stretch.end;
    });
    return found == known->second.end() ? nullptr : &*found;
  }

  void consider(const DirectiveFact &directive) {
    llvm::StringRef space = Picture.text(directive.space), path = Picture.path(directive.place);
    auto rule = RuleOf.find(space);
    if (rule == RuleOf.end() || directive.needed || !Picture.files()[directive.place.file].inProject)
      return;
    bool isConcerned = Touched.contains(path);
    for (const Place &mention : directive.mentions) {
      const Stretch *edit = editOf(mention);
      // What is not edited says itself why, and a new name in the same namespace is found by the directive as well.
      if (!edit || (!directive.isAlias && isIn(edit->target, space)))
        return;
      isConcerned = true;
    }
    if (!isConcerned || (!directive.isAlias && bringsIn(path, space)))
      return;
    if (directive.inMacro)
      return leave(directive, rule->second, "macro-body", "nothing is found by this directive any more");
    if (isUndecided(directive))
      return leave(directive, rule->second, "still-used",
                   "a mention that no unit decides may be found by this directive");
    remove(directive, rule->second);
  }

  /// Whether an edit of the file writes a new name of the same namespace, which may be short.
  bool bringsIn(llvm::StringRef path, llvm::StringRef space) const {
    auto known = Written.find(path);
    return known != Written.end() &&
           llvm::any_of(known->second, [&](const Stretch &stretch) { return isIn(stretch.target, space); });
  }

  bool isUndecided(const DirectiveFact &directive) const {
    llvm::StringRef path = Picture.path(directive.place), space = Picture.text(directive.space);
    return llvm::any_of(Picture.uses(), [&](const UseFact &use) {
      return (use.kind == UseKind::Inactive || use.kind == UseKind::Dependent) && isIn(Picture.text(use.name), space) &&
             Files.reaches(Picture.path(use.place), path);
    });
  }

  void leave(const DirectiveFact &directive, const std::string &rule, const char *reason, const char *detail) {
    Result.residue.push_back(
        {Picture.path(directive.place).str(), directive.place.line, directive.place.column, rule, reason, detail});
  }

  void remove(const DirectiveFact &directive, const std::string &rule) {
    std::string path = Picture.path(directive.place).str();
    std::optional<std::string> text = Read(path);
    if (!text || directive.extent.end > text->size())
      return leave(directive, rule, "behaviour-differs", "the place could not be read again");
    TextSpan lines = removalOf(*text, directive.extent.begin, directive.extent.end);
    lines = withBlankLine(*text, lines);
    Edit edit;
    edit.file = path;
    edit.begin = static_cast<std::uint32_t>(lines.begin);
    edit.end = static_cast<std::uint32_t>(lines.end);
    edit.line = directive.place.line;
    edit.column = directive.place.column;
    edit.rule = rule;
    edit.before = text->substr(lines.begin, lines.end - lines.begin);
    edit.choices = {std::string()};
    edit.target = rule;
    edit.isRaw = true;
    edit.removes = {Picture.text(directive.space).str()};
    if (directive.isAlias) {
      llvm::StringRef written = llvm::StringRef(*text).slice(directive.extent.begin, directive.place.begin);
      edit.removes = {written.split('=').first.rtrim().rsplit(' ').second.str()};
    }
    Written[path].push_back({edit.begin, edit.end, std::string()});
    Result.edits.push_back(std::move(edit));
  }

  const Index &Picture;
  const Reach &Files;
  ReadFile Read;
  DirectivePlan Result;
  llvm::StringMap<std::string> RuleOf; ///< namespace that names move out of -> the first rule that says so
  llvm::StringSet<> Touched;
  llvm::StringMap<std::vector<Stretch>> Written; ///< what edits replace, by file
};

} // namespace

DirectivePlan planDirectives(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                             const Reach &reach, ReadFile read) {
  return DirectivePlanner(index, judged, edits, reach, read).run();
}

} // namespace ssot
