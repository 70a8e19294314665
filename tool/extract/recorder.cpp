#include "extract/recorder.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/xxhash.h>

#include <algorithm>

namespace ssot {

using namespace clang;

std::string qualifiedNameOf(const NamedDecl &declaration) {
  llvm::SmallVector<const NamedDecl *, 8> parts{&declaration};
  for (const DeclContext *context = declaration.getDeclContext(); context; context = context->getParent()) {
    if (const auto *space = dyn_cast<NamespaceDecl>(context)) {
      if (!space->isAnonymousNamespace() && !space->isInline())
        parts.push_back(space);
    } else if (const auto *tag = dyn_cast<TagDecl>(context)) {
      // The names of an unscoped enumeration's enumerators belong to the scope around it.
      const auto *enumeration = dyn_cast<EnumDecl>(tag);
      if (!enumeration || enumeration->isScoped())
        parts.push_back(tag);
    } else if (const auto *function = dyn_cast<FunctionDecl>(context)) {
      parts.push_back(function);
    }
  }
  std::string name;
  name.reserve(64);
  for (const NamedDecl *part : llvm::reverse(parts)) {
    if (part != parts.back())
      name += "::";
    if (const IdentifierInfo *identifier = part->getIdentifier())
      name += identifier->getName();
    else
      name += part->getDeclName() ? part->getDeclName().getAsString() : "(anonymous)";
  }
  return name;
}

const NamedDecl *primaryDecl(const NamedDecl *declaration) {
  if (const auto *shadow = dyn_cast<UsingShadowDecl>(declaration))
    declaration = shadow->getTargetDecl();
  if (const auto *temploid = dyn_cast<RedeclarableTemplateDecl>(declaration)) {
    const RedeclarableTemplateDecl *primary = temploid;
    while (const RedeclarableTemplateDecl *member = primary->getInstantiatedFromMemberTemplate())
      primary = member;
    declaration = primary->getTemplatedDecl();
  }
  if (const auto *function = dyn_cast<FunctionDecl>(declaration)) {
    // An explicit specialisation is code of its own; everything else leads back to the pattern it was made from.
    if (function->getTemplateSpecializationKind() != TSK_ExplicitSpecialization)
      if (const FunctionDecl *pattern = function->getTemplateInstantiationPattern(/*ForDefinition=*/false))
        declaration = pattern;
    if (const auto *specialization = dyn_cast<FunctionDecl>(declaration))
      if (const FunctionTemplateDecl *primary = specialization->getPrimaryTemplate())
        declaration = primary->getTemplatedDecl();
  } else if (const auto *record = dyn_cast<CXXRecordDecl>(declaration)) {
    if (const auto *specialization = dyn_cast<ClassTemplateSpecializationDecl>(record))
      record = specialization->getSpecializedTemplate()->getTemplatedDecl();
    while (const CXXRecordDecl *member = record->getInstantiatedFromMemberClass())
      record = member;
    if (const ClassTemplateDecl *described = record->getDescribedClassTemplate()) {
      while (const ClassTemplateDecl *member = described->getInstantiatedFromMemberTemplate())
        described = member;
      record = described->getTemplatedDecl();
    }
    declaration = record;
  } else if (const auto *enumeration = dyn_cast<EnumDecl>(declaration)) {
    if (const EnumDecl *pattern = enumeration->getTemplateInstantiationPattern())
      declaration = pattern;
  } else if (const auto *variable = dyn_cast<VarDecl>(declaration)) {
    if (const VarDecl *pattern = variable->getTemplateInstantiationPattern())
      declaration = pattern;
  } else if (const auto *space = dyn_cast<NamespaceDecl>(declaration)) {
    return space->getFirstDecl();
  }
  return cast<NamedDecl>(declaration->getCanonicalDecl());
}

StringId Recorder::intern(llvm::StringRef text) {
  if (text.empty())
    return 0;
  auto [entry, isNew] = Strings.try_emplace(text, static_cast<StringId>(facts.strings.size()));
  if (isNew)
    facts.strings.push_back(text.str());
  return entry->second;
}

SourceLocation Recorder::editable(SourceLocation location) const {
  if (!location.isMacroID())
    return location;
  SourceLocation spelling = Sources.getSpellingLoc(location);
  // Tokens made by `##` or `#` have no place of their own: the person edits where the macro is used.
  if (Sources.isWrittenInScratchSpace(spelling) || Sources.isWrittenInBuiltinFile(spelling) ||
      Sources.isWrittenInCommandLineFile(spelling))
    return Sources.getExpansionLoc(location);
  return spelling;
}

bool Recorder::inProject(FileID id) {
  if (id == LastAsked.first && id.isValid())
    return LastAsked.second;
  LastAsked = {id, isOurs(id)};
  return LastAsked.second;
}

bool Recorder::isOurs(FileID id) {
  auto [entry, isNew] = ProjectFile.try_emplace(id, false);
  if (isNew)
    if (OptionalFileEntryRef ref = Sources.getFileEntryRefForID(id)) {
      bool ours = Files.name(ref->getName(), Sources.getFileManager().getVirtualFileSystem()).inProject;
      ProjectFile[id] = ours;
      return ours;
    }
  return entry->second;
}

bool Recorder::inProject(SourceLocation location) {
  return location.isValid() && inProject(Sources.getFileID(Sources.getExpansionLoc(location)));
}

std::uint32_t Recorder::file(FileID id) {
  if (id == LastFile.first && id.isValid())
    return LastFile.second;
  LastFile = {id, indexOf(id)};
  return LastFile.second;
}

std::uint32_t Recorder::indexOf(FileID id) {
  auto [entry, isNew] = FileIndex.try_emplace(id, 0);
  if (!isNew)
    return entry->second;
  ProjectFiles::Name name;
  std::uint32_t lines = 0;
  if (OptionalFileEntryRef ref = Sources.getFileEntryRefForID(id)) {
    name = Files.name(ref->getName(), Sources.getFileManager().getVirtualFileSystem());
    llvm::StringRef text = Sources.getBufferData(id);
    lines = static_cast<std::uint32_t>(text.count('\n')) + (!text.empty() && text.back() != '\n');
  }
  // The same file under two names (a symlink, an include guard missing) is one file.
  for (std::uint32_t i = 0; i < facts.files.size(); ++i)
    if (facts.files[i].path == name.path)
      return FileIndex[id] = i;
  facts.files.push_back({name.path, name.inProject, lines});
  FileIds.push_back(id);
  return FileIndex[id] = static_cast<std::uint32_t>(facts.files.size() - 1);
}

void Recorder::recordFiles() {
  for (unsigned i = 0, count = Sources.local_sloc_entry_size(); i != count; ++i) {
    const SrcMgr::SLocEntry &entry = Sources.getLocalSLocEntry(i);
    if (!entry.isFile() || !entry.getFile().getContentCache().OrigEntry)
      continue;
    FileID id = Sources.getFileID(SourceLocation::getFromRawEncoding(entry.getOffset()));
    if (inProject(id))
      file(id);
  }
}

std::vector<unsigned> Recorder::readings() const {
  std::vector<unsigned> count(facts.files.size(), 0);
  for (const auto &[id, index] : FileIndex)
    ++count[index];
  return count;
}

FileText &Recorder::text(FileID id) {
  if (LastText && id == LastTextId)
    return *LastText;
  std::unique_ptr<FileText> &text = Texts[id];
  if (!text)
    text = std::make_unique<FileText>(Sources, id);
  LastTextId = id;
  return *(LastText = text.get());
}

unsigned Recorder::tokenEnd(FileID id, unsigned offset, SourceLocation location) {
  std::optional<unsigned> length = text(id).tokenLength(offset);
  return offset + (length ? *length : Lexer::MeasureTokenLength(location, Sources, Language));
}

Place Recorder::place(FileID id, unsigned begin, unsigned end) {
  Place place;
  place.file = file(id);
  place.begin = begin;
  place.end = std::max(begin, end);
  FileText &file = text(id);
  FileText::TextPosition from = file.at(place.begin), to = file.at(place.end);
  place.line = from.line;
  place.column = from.column;
  place.endLine = to.line;
  place.endColumn = to.column;
  return place;
}

Place Recorder::anyToken(SourceLocation location) {
  SourceLocation written = editable(location);
  auto [id, begin] = Sources.getDecomposedLoc(written);
  unsigned end = tokenEnd(id, begin, written);
  // A token after a continued line begins, for Clang, with the backslash.
  llvm::StringRef token = text(id).text().slice(begin, end);
  std::size_t length = token.size();
  while (token.starts_with("\\\n") || token.starts_with("\\\r\n"))
    token = token.drop_front(token.find('\n') + 1);
  return place(id, static_cast<unsigned>(begin + length - token.size()), end);
}

std::optional<Place> Recorder::token(SourceLocation location) {
  if (location.isInvalid() || !inProject(Sources.getFileID(editable(location))))
    return std::nullopt;
  return anyToken(location);
}

Place Recorder::anyRange(SourceRange range) {
  if (range.isValid() && range.getBegin().isFileID() && range.getEnd().isFileID()) {
    auto [id, begin] = Sources.getDecomposedLoc(range.getBegin());
    auto [endId, end] = Sources.getDecomposedLoc(range.getEnd());
    return place(id, begin, endId == id ? tokenEnd(id, end, range.getEnd()) : begin);
  }
  CharSourceRange whole = Lexer::makeFileCharRange(CharSourceRange::getTokenRange(range), Sources, Language);
  if (whole.isInvalid())
    whole = CharSourceRange::getTokenRange(Sources.getExpansionRange(range.getBegin()).getBegin(),
                                           Sources.getExpansionRange(range.getEnd()).getEnd());
  auto [id, begin] = Sources.getDecomposedLoc(whole.getBegin());
  auto [endId, end] = Sources.getDecomposedLoc(whole.getEnd());
  if (endId != id)
    end = begin;
  else if (whole.isTokenRange())
    end += Lexer::MeasureTokenLength(whole.getEnd(), Sources, Language);
  return place(id, begin, end);
}

std::optional<Place> Recorder::range(SourceRange range) {
  if (range.isInvalid() || !inProject(range.getBegin()))
    return std::nullopt;
  return anyRange(range);
}

std::optional<Place> Recorder::statement(SourceRange written) {
  SourceLocation begin = written.getBegin(), end = written.getEnd();
  if (begin.isMacroID() || end.isMacroID())
    return std::nullopt;
  SourceLocation behind = Lexer::findLocationAfterToken(end, tok::semi, Sources, Language,
                                                        /*SkipTrailingWhitespaceAndNewLine=*/false);
  std::optional<Place> extent = range(written);
  if (behind.isInvalid() || !extent)
    return std::nullopt;
  auto [id, offset] = Sources.getDecomposedLoc(behind);
  return place(id, extent->begin, offset);
}

llvm::StringRef Recorder::textAt(const Place &place) {
  return Sources.getBufferData(FileIds[place.file]).substr(place.begin, place.end - place.begin);
}

const std::vector<Recorder::Token> &Recorder::tokens(FileID id) {
  auto [entry, isNew] = Tokens.try_emplace(id);
  std::vector<Token> &result = entry->second;
  if (!isNew)
    return result;
  llvm::MemoryBufferRef buffer = Sources.getBufferOrFake(id);
  Lexer lexer(id, buffer, Sources, Language);
  clang::Token token;
  bool inDirective = false;
  for (bool atEnd = false; !atEnd;) {
    atEnd = lexer.LexFromRawLexer(token);
    if (token.is(tok::eof))
      break;
    std::uint32_t offset = Sources.getFileOffset(token.getLocation());
    llvm::StringRef text = buffer.getBuffer().substr(offset, token.getLength());
    bool startsDirective = token.is(tok::hash) && token.isAtStartOfLine();
    bool endsDirective = inDirective && token.isAtStartOfLine();
    inDirective = startsDirective || (inDirective && !endsDirective);
    bool boundary = token.isOneOf(tok::semi, tok::l_brace, tok::r_brace) || startsDirective || endsDirective;
    result.push_back({offset, static_cast<std::uint32_t>(llvm::xxh3_64bits(text)), boundary});
  }
  return result;
}

StringId Recorder::context(const Place &place) {
  const std::vector<Token> &all = tokens(FileIds[place.file]);
  auto at =
      std::partition_point(all.begin(), all.end(), [&](const Token &token) { return token.offset < place.begin; });
  auto first = at;
  while (first != all.begin() && !std::prev(first)->boundary)
    --first;
  auto last = at;
  while (last != all.end() && (last == at || !last->boundary))
    ++last;
  std::uint64_t hash = 0;
  for (; first != last; ++first)
    hash = (hash ^ first->hash) * 0x9E3779B97F4A7C15ULL;
  return intern(llvm::utohexstr(hash));
}

StringId Recorder::usr(const Decl *declaration) {
  auto [entry, isNew] = Usrs.try_emplace(declaration, 0);
  if (!isNew)
    return entry->second;
  llvm::SmallString<128> text;
  StringId id = index::generateUSRForDecl(declaration, text) ? 0 : intern(text);
  return Usrs[declaration] = id;
}

StringId Recorder::qualifiedName(const NamedDecl *declaration) {
  auto [entry, isNew] = QualifiedNames.try_emplace(declaration, 0);
  if (isNew)
    entry->second = intern(qualifiedNameOf(*declaration));
  return entry->second;
}

StringId Recorder::typeName(QualType type, const ASTContext &context) {
  QualType canonical = type.getCanonicalType();
  auto [entry, isNew] = TypeNames.try_emplace(canonical.getAsOpaquePtr(), 0);
  if (isNew)
    entry->second = intern(canonical.getAsString(context.getPrintingPolicy()));
  return entry->second;
}

} // namespace ssot
