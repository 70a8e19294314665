#include "extract/preprocessor.h"

#include "extract/macro_arguments.h"
#include "extract/mentions.h"
#include "facts/words.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

using namespace clang;

namespace {

class PreprocessorRecorder : public PPCallbacks {
public:
  PreprocessorRecorder(Recorder &recorder, const VocabularyNames &names, const Preprocessor &preprocessor)
      : Out(recorder), Names(names), Macros(preprocessor) {}

  void InclusionDirective(SourceLocation hash, const Token &, llvm::StringRef spelled, bool angled,
                          CharSourceRange written, OptionalFileEntryRef file, llvm::StringRef, llvm::StringRef,
                          const Module *, bool, SrcMgr::CharacteristicKind) override {
    FileID id = Out.sources().getFileID(hash);
    if (hash.isMacroID() || !Out.inProject(id))
      return;
    IncludeFact include;
    include.place = Out.anyRange(CharSourceRange::getCharRange(written.getBegin(), written.getEnd()).getAsRange());
    std::uint32_t end = Out.sources().getFileOffset(written.getEnd());
    // A header name is not a token to the lexer that measures tokens, so its end is taken from the directive.
    if (Out.sources().getFileID(written.getEnd()) == id && end > include.place.begin) {
      include.place.end = end;
      include.place.endLine = include.place.line;
      include.place.endColumn = include.place.column + (end - include.place.begin);
    }
    include.spelled = Out.intern(spelled);
    include.angled = angled;
    if (file)
      include.resolved = Out.intern(Out.nameOf(*file));
    Out.facts.includes.push_back(include);
  }

  void SourceRangeSkipped(SourceRange range, SourceLocation) override {
    if (std::optional<Place> place = Out.range(range))
      Out.facts.skipped.push_back({*place});
  }
  void MacroExpands(const Token &name, const MacroDefinition &definition, SourceRange use,
                    const MacroArgs *arguments) override {
    std::optional<Place> place = mention(name, UseKind::Reference);
    const MacroInfo *macro = definition.getMacroInfo();
    if (!place || !macro)
      return;
    std::string meaning = arguments ? treatmentOf(*macro, *arguments, use, Macros) : constantIn(*macro);
    if (!meaning.empty())
      Out.facts.conversions.push_back({ValueKind::Result, Out.intern(name.getIdentifierInfo()->getName()), *place,
                                       *place, 0, Out.intern(""), Out.intern(""), Out.intern(meaning)});
  }
  void MacroUndefined(const Token &name, const MacroDefinition &, const MacroDirective *) override {
    std::size_t known = Out.facts.uses.size();
    mention(name, UseKind::Reference);
    if (Out.facts.uses.size() > known)
      Undefined[name.getIdentifierInfo()] = Out.facts.uses.back().place;
  }
  void Defined(const Token &name, const MacroDefinition &, SourceRange) override { mention(name, UseKind::Reference); }
  void Ifdef(SourceLocation, const Token &name, const MacroDefinition &) override { mention(name, UseKind::Reference); }
  void Ifndef(SourceLocation, const Token &name, const MacroDefinition &) override {
    mention(name, UseKind::Reference);
  }
  void MacroDefined(const Token &name, const MacroDirective *directive) override {
    const IdentifierInfo *identifier = name.getIdentifierInfo();
    if (!identifier || !Names.isMacro(identifier->getName()) || !directive)
      return;
    SymbolFact symbol;
    symbol.name = Out.intern(identifier->getName());
    symbol.usr = Out.intern(("macro:" + identifier->getName()).str());
    symbol.kind = SymbolKind::Macro;
    symbol.defined = true;
    symbol.inProject = Out.inProject(name.getLocation());
    symbol.place = Out.anyToken(name.getLocation());
    Out.facts.symbols.push_back(symbol);
    // An `#undef` that makes room for a definition in the same file belongs to that definition.
    if (auto undefined = Undefined.find(identifier); undefined != Undefined.end()) {
      if (undefined->second.file == symbol.place.file)
        std::erase_if(Out.facts.uses, [&](const UseFact &use) { return use.place == undefined->second; });
      Undefined.erase(undefined);
    }
  }

private:
  /// The number, character or text that a macro stands for, as it is written; empty when it stands for anything else.
  std::string constantIn(const MacroInfo &macro) const {
    std::string text;
    unsigned literals = 0;
    for (const Token &token : macro.tokens()) {
      if (token.isOneOf(tok::l_paren, tok::r_paren))
        continue;
      if (!token.isOneOf(tok::numeric_constant, tok::char_constant, tok::string_literal, tok::minus))
        return std::string();
      literals += token.isNot(tok::minus);
      text += Lexer::getSpelling(token, Out.sources(), Out.language());
    }
    return macro.isObjectLike() && literals == 1 ? text : std::string();
  }

  /// \returns where the macro stands when a rule names it and the place is the project's.
  std::optional<Place> mention(const Token &name, UseKind kind) {
    const IdentifierInfo *identifier = name.getIdentifierInfo();
    if (!identifier || !Names.isMacro(identifier->getName()))
      return std::nullopt;
    std::optional<Place> place = Out.token(name.getLocation());
    if (!place)
      return std::nullopt;
    UseFact use;
    use.name = Out.intern(identifier->getName());
    use.usr = Out.intern(("macro:" + identifier->getName()).str());
    use.kind = kind;
    use.place = *place;
    use.inMacroBody = name.getLocation().isMacroID() && !Out.sources().isMacroArgExpansion(name.getLocation());
    use.context = Out.context(*place);
    Out.facts.uses.push_back(use);
    return place;
  }

  Recorder &Out;
  const VocabularyNames &Names;
  const Preprocessor &Macros;
  llvm::DenseMap<const IdentifierInfo *, Place> Undefined; ///< where the macro was last undefined, not defined since
};

/// The words with `::` between them that end with \p word, as far as they are written: `old::Router` before nothing.
std::string writtenName(llvm::StringRef before, llvm::StringRef word) {
  std::string name = word.str();
  while ((before = before.rtrim()).consume_back("::")) {
    before = before.rtrim();
    std::size_t begin = before.size();
    while (begin > 0 && isWordByte(before[begin - 1]))
      --begin;
    llvm::StringRef scope = before.drop_front(begin);
    if (scope.empty())
      break;
    name = (scope + "::" + name).str();
    before = before.drop_back(scope.size());
  }
  return name;
}

/// Which names of the vocabulary a mention may be. When what is written names none of them, as through a namespace
/// alias, it may be any.
std::vector<const std::string *> meanings(const VocabularyNames &names, llvm::StringRef word, llvm::StringRef written) {
  std::vector<const std::string *> all = names.endingIn(word), fitting;
  for (const std::string *name : all)
    if (*name == written || llvm::StringRef(*name).ends_with(("::" + written).str()))
      fitting.push_back(name);
  return fitting.empty() ? all : fitting;
}

} // namespace

void recordInactive(Recorder &recorder, const VocabularyNames &names) {
  llvm::StringSet<> words = names.identifiers();
  std::vector<SkippedFact> &skipped = recorder.facts.skipped;
  if (words.empty() || skipped.empty())
    return;
  std::vector<unsigned> readings = recorder.readings();
  std::vector<std::vector<const Place *>> byFile(recorder.facts.files.size());
  for (const SkippedFact &fact : skipped)
    byFile[fact.place.file].push_back(&fact.place);
  llvm::DenseSet<std::pair<std::uint32_t, std::uint32_t>> decided;
  for (const UseFact &use : recorder.facts.uses)
    decided.insert({use.place.file, use.place.begin});
  auto add = [&](FileID id) {
    std::uint32_t file = recorder.file(id);
    llvm::StringRef text = recorder.sources().getBufferData(id);
    // Reading a file again is dear, and most branches that are off say nothing of ours.
    auto maySpeak = [&](const Place *place) {
      llvm::StringRef branch = text.slice(place->begin, place->end);
      return llvm::any_of(words, [&](const auto &word) { return branch.contains(word.getKey()); });
    };
    if (llvm::none_of(byFile[file], maySpeak))
      return;
    for (const Mention &mention : mentionsOf(text, words)) {
      auto leavesOut = [&](const Place *place) {
        return place->begin <= mention.offset && mention.offset < place->end;
      };
      if (mention.kind != MentionKind::Code ||
          static_cast<unsigned>(llvm::count_if(byFile[file], leavesOut)) < readings[file] ||
          decided.contains({file, mention.offset}))
        continue;
      UseFact use;
      use.kind = UseKind::Inactive;
      use.place = recorder.place(id, mention.offset, mention.offset + static_cast<unsigned>(mention.word.size()));
      use.qualifierBegin = use.place.begin;
      use.context = recorder.context(use.place);
      for (const std::string *name :
           meanings(names, mention.word, writtenName(text.take_front(mention.offset), mention.word))) {
        use.name = recorder.intern(*name);
        recorder.facts.uses.push_back(use);
      }
    }
  };
  recorder.forEachProjectFile(add);
  llvm::stable_sort(recorder.facts.uses, [](const UseFact &a, const UseFact &b) { return a.place < b.place; });
}

std::unique_ptr<PPCallbacks> makePreprocessorRecorder(Recorder &recorder, const VocabularyNames &names,
                                                      const Preprocessor &preprocessor) {
  return std::make_unique<PreprocessorRecorder>(recorder, names, preprocessor);
}

} // namespace ssot
