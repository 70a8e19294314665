#include "extract/preprocessor.h"

namespace ssot {

using namespace clang;

namespace {

class PreprocessorRecorder : public PPCallbacks {
public:
  PreprocessorRecorder(Recorder &recorder, const VocabularyNames &names) : Out(recorder), Names(names) {}

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
  void MacroExpands(const Token &name, const MacroDefinition &, SourceRange, const MacroArgs *) override {
    mention(name, UseKind::Reference);
  }
  void MacroUndefined(const Token &name, const MacroDefinition &, const MacroDirective *) override {
    mention(name, UseKind::Reference);
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
  }

private:
  void mention(const Token &name, UseKind kind) {
    const IdentifierInfo *identifier = name.getIdentifierInfo();
    if (!identifier || !Names.isMacro(identifier->getName()))
      return;
    std::optional<Place> place = Out.token(name.getLocation());
    if (!place)
      return;
    UseFact use;
    use.name = Out.intern(identifier->getName());
    use.usr = Out.intern(("macro:" + identifier->getName()).str());
    use.kind = kind;
    use.place = *place;
    use.inMacroBody = name.getLocation().isMacroID() && !Out.sources().isMacroArgExpansion(name.getLocation());
    use.context = Out.context(*place);
    Out.facts.uses.push_back(use);
  }

  Recorder &Out;
  const VocabularyNames &Names;
};

} // namespace

std::unique_ptr<PPCallbacks> makePreprocessorRecorder(Recorder &recorder, const VocabularyNames &names) {
  return std::make_unique<PreprocessorRecorder>(recorder, names);
}

} // namespace ssot
