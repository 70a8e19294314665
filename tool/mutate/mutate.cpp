#include "mutate/mutate.h"

#include "extract/extract.h"
#include "mutate/passes.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/VirtualFileSystem.h>

namespace ssot {

using namespace clang;

namespace {

constexpr VariantKind kAll[] = {
    VariantKind::Copy,      VariantKind::Renamed,   VariantKind::Retyped, VariantKind::Inserted,
    VariantKind::Deleted,   VariantKind::Reordered, VariantKind::Edited,  VariantKind::Loops,
    VariantKind::Branches,  VariantKind::Split,     VariantKind::Merged,  VariantKind::Templated,
    VariantKind::Rewritten, VariantKind::Stub,      VariantKind::Wrapper, VariantKind::Part};

std::vector<void (*)(Draft &)> passesOf(VariantKind kind) {
  switch (kind) {
  case VariantKind::Copy:
  case VariantKind::Wrapper:
    return {};
  case VariantKind::Renamed:
    return {renameAll};
  case VariantKind::Retyped:
    return {retype};
  case VariantKind::Inserted:
    return {insertStatements};
  case VariantKind::Deleted:
    return {deleteStatements};
  case VariantKind::Reordered:
    return {reorderStatements};
  case VariantKind::Edited:
    return {renameAll, retype, deleteStatements, reorderStatements, insertStatements};
  case VariantKind::Loops:
    return {rewriteLoops};
  case VariantKind::Branches:
    return {rewriteBranches};
  case VariantKind::Split:
    return {splitBodies};
  case VariantKind::Merged:
    return {mergeHelpers};
  case VariantKind::Templated:
    return {makeTemplate};
  case VariantKind::Rewritten:
    return {rewriteLoops, rewriteBranches, reorderStatements, splitBodies};
  case VariantKind::Stub:
    return {hollowOut};
  case VariantKind::Part:
    return {keepAPart};
  }
  llvm_unreachable("a kind of its own");
}

/// The text without comments and with one blank wherever there was any: the layout of a copy is its own.
std::string laidOutAnew(llvm::StringRef text, const LangOptions &language) {
  std::string buffer = text.str(), result;
  Lexer lexer(SourceLocation(), language, buffer.data(), buffer.data(), buffer.data() + buffer.size());
  bool directive = false;
  for (Token token;;) {
    bool last = lexer.LexFromRawLexer(token);
    if (token.is(tok::eof))
      break;
    if (token.isAtStartOfLine()) {
      directive = token.is(tok::hash);
      result += directive || llvm::StringRef(result).rsplit('\n').second.ltrim().starts_with("#") ? "\n" : "";
    }
    if (token.isAtStartOfLine() || token.hasLeadingSpace())
      result += " ";
    const char *begin = buffer.data() + (lexer.getBufferLocation() - buffer.data()) - token.getLength();
    result.append(begin, token.getLength());
    if (last)
      break;
  }
  return result + "\n";
}

class VariantMaker {
public:
  VariantMaker(ASTContext &context, MutatedUnit &result) : Context(context), Result(result) {}

  void make(const Definition &definition, unsigned number) {
    Draft plain(Context, definition);
    Result.originals.push_back({definition.name, textOf(plain)});
    for (VariantKind kind : kAll)
      if (std::unique_ptr<Draft> draft = drafted(definition, kind))
        add(definition, kind, *draft, number);
  }

private:
  /// \returns nothing when there is nothing in the definition that the passes could change.
  std::unique_ptr<Draft> drafted(const Definition &definition, VariantKind kind) {
    // Its edits know where it lies: it stays there.
    auto draft = std::make_unique<Draft>(Context, definition);
    if (kind == VariantKind::Copy)
      return draft;
    if (kind == VariantKind::Wrapper) {
      draft->before = wrapperOf(Context, definition);
      return draft->before.empty() ? nullptr : std::move(draft);
    }
    for (auto *pass : passesOf(kind)) {
      std::size_t before = draft->edits.count();
      pass(*draft);
      // What only consists of one change is no variant without it.
      if (passesOf(kind).size() == 1 && draft->edits.count() == before && !draft->reversed)
        return nullptr;
    }
    return draft;
  }

  static std::string textOf(Draft &draft) {
    std::string text = draft.before;
    std::vector<Definition::Piece> pieces = draft.definition.pieces;
    if (draft.reversed)
      std::reverse(pieces.begin() + 1, pieces.end());
    for (const Definition::Piece &piece : pieces)
      if (!llvm::is_contained(draft.dropped, piece.span))
        text += draft.edits.render(piece.span) + (piece.wantsSemicolon ? ";\n" : "\n");
    return text;
  }

  void add(const Definition &definition, VariantKind kind, Draft &draft, unsigned number) {
    auto [open, depth] = namespacesAround(*definition.declaration);
    std::string space = "ssot_" + traitsOf(kind).word.str() + "_" + std::to_string(number);
    std::string name = draft.name.empty() ? definition.declaration->getNameAsString() : draft.name;
    std::string text = kind == VariantKind::Wrapper ? draft.before : textOf(draft);
    if (kind == VariantKind::Copy)
      text = laidOutAnew(text, Context.getLangOpts());
    std::string scope = llvm::StringRef(definition.name).rsplit("::").first.str();
    bool isScoped = llvm::StringRef(definition.name).contains("::");
    Result.variants.push_back({kind, definition.name, (isScoped ? scope + "::" : "") + space + "::" + name,
                               open + "namespace " + space + " {\n" + text + "}" + std::string(depth, '}') + "\n"});
  }

  ASTContext &Context;
  MutatedUnit &Result;
};

class MutateConsumer : public ASTConsumer {
public:
  MutateConsumer(llvm::StringRef root, llvm::ArrayRef<std::string> names, MutatedUnit &result)
      : Root(root), Names(names), Result(result) {}

  void HandleTranslationUnit(ASTContext &context) override {
    if (context.getDiagnostics().hasErrorOccurred())
      return;
    VariantMaker maker(context, Result);
    std::vector<Definition> found = findDefinitions(context, Root, Names);
    for (const Definition &definition : found)
      maker.make(definition, static_cast<unsigned>(llvm::find(Names, definition.name) - Names.begin()) + 1);
  }

private:
  llvm::StringRef Root;
  llvm::ArrayRef<std::string> Names;
  MutatedUnit &Result;
};

class MutateAction : public ASTFrontendAction {
public:
  MutateAction(llvm::StringRef root, llvm::ArrayRef<std::string> names, MutatedUnit &result)
      : Root(root), Names(names), Result(result) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &compiler, llvm::StringRef) override {
    compiler.getDiagnostics().setIgnoreAllWarnings(true);
    return std::make_unique<MutateConsumer>(Root, Names, Result);
  }

private:
  llvm::StringRef Root;
  llvm::ArrayRef<std::string> Names;
  MutatedUnit &Result;
};

} // namespace

const VariantTraits &traitsOf(VariantKind kind) {
  static constexpr VariantTraits kTraits[] = {
      {"copy", 1, true},       {"renamed", 2, true},    {"retyped", 2, true},  {"inserted", 3, true},
      {"deleted", 3, false},   {"reordered", 3, false}, {"edited", 3, false},  {"loops", 4, true},
      {"branches", 4, true},   {"split", 4, true},      {"merged", 4, true},   {"templated", 4, true},
      {"rewritten", 4, false}, {"stub", 0, false},      {"wrapper", 0, false}, {"part", 0, false}};
  return kTraits[static_cast<std::size_t>(kind)];
}

llvm::ArrayRef<VariantKind> allVariantKinds() { return kAll; }

MutatedUnit mutateUnit(const CompileUnit &unit, llvm::StringRef root, llvm::ArrayRef<std::string> names) {
  MutatedUnit result;
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> system = llvm::vfs::createPhysicalFileSystem();
  static_cast<void>(system->setCurrentWorkingDirectory(unit.directory));
  llvm::IntrusiveRefCntPtr<FileManager> manager(new FileManager(FileSystemOptions{unit.directory}, system));
  IgnoringDiagConsumer silent;
  tooling::ToolInvocation invocation(clangCommandOf(unit), std::make_unique<MutateAction>(root, names, result),
                                     manager.get(), std::make_shared<PCHContainerOperations>());
  invocation.setDiagnosticConsumer(&silent);
  if (!invocation.run())
    result = {};
  return result;
}

} // namespace ssot
