#include "extract/forwards.h"

#include <utility>

namespace ssot {

using namespace clang;

namespace {

/// The place where a macro is used, when the whole range comes from that one use.
std::optional<CharSourceRange> expansionOf(SourceRange range, const SourceManager &sources) {
  if (!range.getBegin().isMacroID() || !range.getEnd().isMacroID())
    return std::nullopt;
  CharSourceRange begin = sources.getExpansionRange(range.getBegin());
  if (begin.getBegin() != sources.getExpansionRange(range.getEnd()).getBegin())
    return std::nullopt;
  return begin;
}

SourceRange writtenRange(const NamedDecl &declaration) {
  const TemplateDecl *described = declaration.getDescribedTemplate();
  return described ? described->getSourceRange() : declaration.getSourceRange();
}

class Blocks {
public:
  explicit Blocks(Recorder &out) : Out(out) {}

  /// The blocks of namespaces around what stands in \p around, from the inside.
  /// \returns nothing where one is not written as a block: as a part of a macro, or around something else.
  std::optional<std::vector<BlockFact>> around(const DeclContext *around) {
    std::vector<BlockFact> blocks;
    while (const auto *inner = dyn_cast<NamespaceDecl>(around)) {
      const NamespaceDecl *outer = inner;
      bool isMacro = inner->getBeginLoc().isMacroID();
      while (isa<NamespaceDecl>(outer->getLexicalDeclContext()) && (isMacro ? opensWith(*outer) : outer->isNested()))
        outer = cast<NamespaceDecl>(outer->getLexicalDeclContext());
      std::optional<BlockFact> block = isMacro ? ofMacros(*inner, *outer) : written(*inner, *outer);
      if (!block || inner->isAnonymousNamespace())
        return std::nullopt;
      block->name = Out.qualifiedName(inner);
      around = outer->getLexicalDeclContext();
      if (const auto *space = dyn_cast<NamespaceDecl>(around))
        block->around = Out.qualifiedName(space);
      blocks.push_back(*block);
    }
    return isa<TranslationUnitDecl>(around) ? std::optional(std::move(blocks)) : std::nullopt;
  }

private:
  /// Whether the macro that opens the namespace opens the one around it too.
  bool opensWith(const NamespaceDecl &space) const {
    const auto &outer = cast<NamespaceDecl>(*space.getLexicalDeclContext());
    return outer.getBeginLoc().isMacroID() &&
           Out.sources().getExpansionLoc(outer.getBeginLoc()) == Out.sources().getExpansionLoc(space.getBeginLoc());
  }

  std::optional<BlockFact> written(const NamespaceDecl &inner, const NamespaceDecl &outer) {
    SourceLocation begin = outer.getBeginLoc(), end = inner.getRBraceLoc();
    SourceLocation open = Lexer::findLocationAfterToken(inner.getLocation(), tok::l_brace, Out.sources(),
                                                        Out.language(), /*SkipTrailingWhitespaceAndNewLine=*/false);
    std::optional<Place> extent = Out.range({begin, end});
    if (begin.isMacroID() || end.isMacroID() || open.isInvalid() || !extent)
      return std::nullopt;
    BlockFact block;
    block.extent = *extent;
    block.open = Out.sources().getFileOffset(open);
    block.close = extent->end - 1;
    block.isNested = &outer != &inner;
    block.declarations = count(inner);
    return block;
  }

  /// `OPEN … CLOSE`: a use of one macro that opens all of it, and a use of another one that closes it.
  std::optional<BlockFact> ofMacros(const NamespaceDecl &inner, const NamespaceDecl &outer) {
    const SourceManager &sources = Out.sources();
    std::optional<CharSourceRange> open = expansionOf({outer.getBeginLoc(), inner.getLocation()}, sources);
    std::optional<CharSourceRange> close = expansionOf({inner.getRBraceLoc(), outer.getRBraceLoc()}, sources);
    if (!open || !close || open->getBegin() == close->getBegin())
      return std::nullopt;
    auto [file, begin] = sources.getDecomposedLoc(open->getBegin());
    auto [closeFile, closeAt] = sources.getDecomposedLoc(close->getBegin());
    if (file != closeFile || !Out.inProject(file))
      return std::nullopt;
    BlockFact block;
    block.extent = Out.place(file, begin, closeAt + lengthOf(*close));
    block.open = Out.sources().getFileOffset(open->getEnd()) + lengthAtEnd(*open);
    block.close = closeAt;
    block.declarations = count(inner);
    return block;
  }

  unsigned lengthOf(const CharSourceRange &range) const {
    return Out.sources().getFileOffset(range.getEnd()) + lengthAtEnd(range) -
           Out.sources().getFileOffset(range.getBegin());
  }
  unsigned lengthAtEnd(const CharSourceRange &range) const {
    return range.isTokenRange() ? Lexer::MeasureTokenLength(range.getEnd(), Out.sources(), Out.language()) : 0;
  }

  static std::uint32_t count(const NamespaceDecl &space) {
    std::uint32_t declarations = 0;
    for (const Decl *each : space.decls())
      declarations += !each->isImplicit();
    return declarations;
  }

  Recorder &Out;
};

ForwardFact named(const NamedDecl &declaration, llvm::StringRef name, const Place &place, Recorder &out) {
  ForwardFact fact;
  fact.name = out.intern(name);
  fact.usr = out.usr(primaryDecl(&declaration));
  fact.place = place;
  const auto *described = dyn_cast<ClassTemplateDecl>(&declaration);
  if (const TagDecl *tag = described ? described->getTemplatedDecl() : dyn_cast<TagDecl>(&declaration))
    fact.key = out.intern(tag->getKindName());
  return fact;
}

/// The blocks as a macro writes them along with the declaration; the namespaces that it does not write have no word.
std::vector<BlockFact> blocksOfMacro(const NamedDecl &declaration, Recorder &out) {
  const SourceManager &sources = out.sources();
  SourceLocation use = sources.getExpansionLoc(declaration.getLocation());
  std::vector<BlockFact> blocks;
  for (const auto *space = dyn_cast<NamespaceDecl>(declaration.getLexicalDeclContext()); space;
       space = dyn_cast<NamespaceDecl>(space->getLexicalDeclContext())) {
    BlockFact &block = blocks.emplace_back();
    block.name = out.qualifiedName(space);
    for (const Decl *each : space->decls())
      block.declarations += !each->isImplicit();
    std::optional<CharSourceRange> whole = expansionOf({space->getBeginLoc(), space->getRBraceLoc()}, sources);
    std::optional<Place> word = out.token(space->getLocation());
    if (!whole || whole->getBegin() != use || !word || out.textAt(*word) != space->getName())
      continue;
    block.extent = *out.range(space->getSourceRange());
    block.word = *word;
  }
  return blocks;
}

/// The declaration at the scope of a namespace, or of the file, that \p context is within, and where that stands.
std::pair<const NamedDecl *, const DeclContext *> outermost(const DeclContext *context) {
  const NamedDecl *declaration = nullptr;
  while (!context->isFileContext()) {
    if (const auto *named = dyn_cast<NamedDecl>(context))
      declaration = named;
    context = context->getLexicalParent();
  }
  return {declaration, context};
}

/// What stands within another declaration: `extent` is that one, to put something in front of it.
ForwardFact within(ForwardFact fact, const DeclContext *context, Recorder &out) {
  fact.kind = ForwardKind::Inner;
  auto [whole, space] = outermost(context);
  std::optional<std::vector<BlockFact>> blocks = Blocks(out).around(space);
  fact.isOdd = !blocks || (whole && writtenRange(*whole).getBegin().isMacroID());
  if (blocks)
    fact.blocks = std::move(*blocks);
  std::optional<Place> extent = whole && !fact.isOdd ? out.range(writtenRange(*whole)) : std::nullopt;
  fact.extent = extent.value_or(Place{fact.place.file, 0, 0});
  return fact;
}

} // namespace

std::optional<ForwardFact> forwardOf(const NamedDecl &declaration, llvm::StringRef name, Recorder &out) {
  std::optional<Place> place = out.token(declaration.getLocation());
  if (!place)
    return std::nullopt;
  ForwardFact fact = named(declaration, name, *place, out);
  SourceRange written = writtenRange(declaration);
  bool isMacro =
      written.getBegin().isMacroID() || written.getEnd().isMacroID() || declaration.getLocation().isMacroID();
  const auto *tag = dyn_cast<TagDecl>(&declaration);
  bool isEmbedded = tag && tag->isEmbeddedInDeclarator();
  if (!isEmbedded && !declaration.getLexicalDeclContext()->isFileContext())
    return std::nullopt;
  if (isEmbedded) {
    fact = within(std::move(fact), declaration.getLexicalDeclContext(), out);
    fact.isOdd |= isMacro;
    return fact;
  }
  std::optional<Place> extent = out.statement(written);
  std::optional<std::vector<BlockFact>> blocks = Blocks(out).around(declaration.getLexicalDeclContext());
  bool isOneFile =
      blocks && llvm::all_of(*blocks, [&](const BlockFact &block) { return block.extent.file == place->file; });
  if (!isMacro && extent && isOneFile) {
    fact.extent = *extent;
    fact.blocks = std::move(*blocks);
    return fact;
  }
  fact.kind = ForwardKind::Macro;
  if (std::optional<Place> whole = out.range(written))
    fact.extent = *whole;
  fact.blocks = blocksOfMacro(declaration, out);
  return fact;
}

std::optional<ForwardFact> friendOf(const FriendDecl &friendship, const NamedDecl &declaration, llvm::StringRef name,
                                    Recorder &out) {
  SourceLocation at = declaration.getLocation();
  if (const TypeSourceInfo *info = friendship.getFriendType()) {
    auto elaborated = info->getTypeLoc().getAs<ElaboratedTypeLoc>();
    if (!elaborated || !isa<TagDecl>(declaration) || elaborated.getQualifierLoc() ||
        elaborated.getElaboratedKeywordLoc().isInvalid())
      return std::nullopt;
    at = elaborated.getNamedTypeLoc().getBeginLoc();
  } else if (const FunctionDecl *function = declaration.getAsFunction(); function && function->getQualifier()) {
    return std::nullopt;
  }
  std::optional<Place> place = out.token(at);
  if (!place)
    return std::nullopt;
  ForwardFact fact = within(named(declaration, name, *place, out), friendship.getLexicalDeclContext(), out);
  fact.isOdd |= at.isMacroID() && !out.sources().isMacroArgExpansion(at);
  if (const auto *described = dyn_cast<ClassTemplateDecl>(&declaration)) {
    SourceLocation head = described->getTemplateParameters()->getTemplateLoc();
    std::optional<Place> parameters = out.range({head, described->getTemplateParameters()->getRAngleLoc()});
    fact.isOdd |= head.isMacroID() || !parameters;
    if (parameters)
      fact.head = *parameters;
  }
  return fact;
}

} // namespace ssot
