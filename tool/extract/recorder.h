// extract/recorder.h - Clang's locations, names and declarations in the terms of facts.
//
// One recorder per unit. The collectors (definitions, uses, objects ...) know Clang's nodes; what a place, a USR or an
// identity is stands here, once.
#pragma once

#include "extract/clang_headers.h"
#include "extract/file_text.h"
#include "extract/project_files.h"
#include "facts/facts.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ssot {

class Recorder {
public:
  Recorder(const clang::SourceManager &sources, const clang::LangOptions &language, ProjectFiles &files)
      : Sources(sources), Language(language), Files(files) {}

  UnitFacts facts;

  StringId intern(llvm::StringRef text);
  const clang::SourceManager &sources() const { return Sources; }
  const clang::LangOptions &language() const { return Language; }

  /// Whether a person reads the location in a file of the project. Locations in macros count where they are expanded.
  bool inProject(clang::SourceLocation location);
  bool inProject(clang::FileID file);

  /// The token at \p location, where a person would edit it: a macro argument where it is written, a macro's body at
  /// its definition.
  /// \returns nothing outside the project.
  std::optional<Place> token(clang::SourceLocation location);
  /// The whole range, in the file where it is written or, for code made by a macro, where the macro is used.
  std::optional<Place> range(clang::SourceRange range);
  /// The same for anything in the project or outside it.
  Place anyRange(clang::SourceRange range);
  Place anyToken(clang::SourceLocation location);
  /// The range with the semicolon behind it.
  /// \returns nothing where a macro writes a part of that, or no semicolon follows, or outside the project.
  std::optional<Place> statement(clang::SourceRange range);
  Place place(clang::FileID file, unsigned begin, unsigned end);
  /// How often the unit reads a file, by its index in the facts.
  std::vector<unsigned> readings() const;
  /// The bytes of a place that was made by this recorder.
  llvm::StringRef textAt(const Place &place);
  /// The normalised tokens of the statement around a place, hashed: unchanged by reformatting and by comments.
  StringId context(const Place &place);

  /// The file's name: relative to the root inside it, absolute outside.
  llvm::StringRef nameOf(clang::FileEntryRef file) {
    return Files.name(file.getName(), Sources.getFileManager().getVirtualFileSystem()).path;
  }
  StringId usr(const clang::Decl *declaration);
  StringId qualifiedName(const clang::NamedDecl *declaration);
  StringId typeName(clang::QualType type, const clang::ASTContext &context);

  /// Notes every file of the project that the unit read.
  void recordFiles();
  /// Calls \p visit for each file of the project that is noted.
  template <typename Visit>
  void forEachProjectFile(Visit visit) {
    for (std::size_t i = 0; i < FileIds.size(); ++i)
      if (facts.files[i].inProject)
        visit(FileIds[i]);
  }
  /// \returns the index of the file in the facts.
  std::uint32_t file(clang::FileID id);

private:
  struct Token {
    std::uint32_t offset;
    std::uint32_t hash;
    bool boundary; ///< `;`, `{` or `}`, or the start of a line of the preprocessor
  };
  /// Where a person would edit the token: never inside a macro expansion.
  clang::SourceLocation editable(clang::SourceLocation location) const;
  FileText &text(clang::FileID file);
  /// \param location of the token that begins at \p offset.
  unsigned tokenEnd(clang::FileID file, unsigned offset, clang::SourceLocation location);
  bool isOurs(clang::FileID file);
  std::uint32_t indexOf(clang::FileID file);
  const std::vector<Token> &tokens(clang::FileID file);

  const clang::SourceManager &Sources;
  const clang::LangOptions &Language;
  ProjectFiles &Files;
  llvm::StringMap<StringId> Strings;
  llvm::DenseMap<clang::FileID, std::uint32_t> FileIndex;
  llvm::DenseMap<clang::FileID, bool> ProjectFile;
  std::vector<clang::FileID> FileIds; ///< by index in the facts
  llvm::DenseMap<clang::FileID, std::vector<Token>> Tokens;
  llvm::DenseMap<const clang::Decl *, StringId> Usrs;
  llvm::DenseMap<const clang::Decl *, StringId> QualifiedNames;
  llvm::DenseMap<const void *, StringId> TypeNames; ///< by canonical type
  llvm::DenseMap<clang::FileID, std::unique_ptr<FileText>> Texts;
  // What was asked for last is mostly asked for next.
  FileText *LastText = nullptr;
  clang::FileID LastTextId;
  std::pair<clang::FileID, bool> LastAsked;
  std::pair<clang::FileID, std::uint32_t> LastFile;
};

/// The qualified name as rules write it: without anonymous and inline namespaces and without template arguments.
std::string qualifiedNameOf(const clang::NamedDecl &declaration);

/// The declaration that stands for all others of the same thing: the template behind a specialisation, the member
/// behind an instantiated member, the target of a using-declaration, the first redeclaration.
const clang::NamedDecl *primaryDecl(const clang::NamedDecl *declaration);

} // namespace ssot
