#include "extract/extract.h"

#include "extract/callees.h"
#include "extract/calls.h"
#include "extract/conversions.h"
#include "extract/custom_matchers.h"
#include "extract/definitions.h"
#include "extract/directives.h"
#include "extract/interfaces.h"
#include "extract/names.h"
#include "extract/nolint.h"
#include "extract/objects.h"
#include "extract/preprocessor.h"
#include "extract/scan.h"
#include "extract/uses.h"
#include "extract/walk.h"

#include <clang/Lex/PreprocessorOptions.h>
#include <clang/Sema/Sema.h>

#include <functional>

namespace ssot {

using namespace clang;
using namespace clang::ast_matchers;

namespace {

/// Everything that lives as long as one unit is parsed.
struct UnitRun {
  UnitRun(CompilerInstance &compiler, ProjectFiles &files)
      : recorder(compiler.getSourceManager(), compiler.getLangOpts(), files),
        tokens(compiler.getPreprocessor(), recorder) {}

  Recorder recorder;
  TokenWatch tokens;
  bool speaksOfNone = false;    ///< known behind the last token: it has no name that rules ask about
  bool onlyDefinitions = false; ///< nothing that rules name can be used in the unit
  std::optional<UseRecorder> uses;
  std::optional<DefinitionRecorder> definitions;
  std::optional<ObjectRecorder> objects;
  std::optional<CallSiteRecorder> calls;
};

/// Keeps the errors, and the warnings that Clang has been asked for.
class Errors : public DiagnosticConsumer {
public:
  struct Error {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
    std::string message;
    std::string flag;
  };
  std::vector<Error> all;
  std::vector<Error> warnings;

  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < DiagnosticsEngine::Warning)
      return;
    Error error;
    llvm::SmallString<128> text;
    diagnostic.FormatDiagnostic(text);
    error.message = text.str().str();
    if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
      PresumedLoc place = diagnostic.getSourceManager().getPresumedLoc(diagnostic.getLocation());
      if (place.isValid()) {
        error.file = place.getFilename();
        error.line = place.getLine();
        error.column = place.getColumn();
      }
    }
    error.flag = DiagnosticIDs::getWarningOptionForDiag(diagnostic.getID()).str();
    (level < DiagnosticsEngine::Error ? warnings : all).push_back(std::move(error));
  }
};

/// The matchers of the rules that have one, built once and used for every unit.
class Matchers {
public:
  explicit Matchers(const std::vector<MatcherRequest> &requests)
      : Callbacks(addCustomMatchers(requests, Finder, [this]() -> Recorder & { return *Current; })) {}

  void run(Recorder &recorder, ASTContext &context) {
    if (Callbacks.empty())
      return;
    Current = &recorder;
    Finder.matchAST(context);
    Current = nullptr;
  }

private:
  MatchFinder Finder;
  std::vector<std::unique_ptr<MatchFinder::MatchCallback>> Callbacks;
  Recorder *Current = nullptr;
};

/// Traverses what the project wrote, once, for all rules.
class FactsConsumer : public ASTConsumer {
public:
  FactsConsumer(CompilerInstance &compiler, UnitRun &run, VocabularyNames &names, const Vocabulary &vocabulary,
                Matchers &matchers, bool templates)
      : Compiler(compiler), Run(run), Names(names), Words(vocabulary), AllMatchers(matchers), Templates(templates) {}

  /// The bodies that templates are made into tell where names are used, and nothing else that is asked for. They are
  /// made behind the last declaration; where the unit speaks of no such name, they are left out. Not before that
  /// declaration is over: what it lacks is said when the end has been read.
  bool HandleTopLevelDecl(DeclGroupRef) override {
    if (!Run.speaksOfNone || Compiler.getSema().inTemplateInstantiation())
      return true;
    Run.onlyDefinitions = true;
    Compiler.getSema().PendingInstantiations.clear();
    // Else Clang complains of what is used and has no body now.
    Compiler.getDiagnostics().setSuppressAllDiagnostics(true);
    return true;
  }

  bool shouldSkipFunctionBody(Decl *declaration) override {
    if (Run.recorder.inProject(declaration->getLocation()))
      return false;
    if (Templates && declaration->isTemplated())
      return false;
    const auto *named = dyn_cast<NamedDecl>(declaration);
    return !named || !Names.mayBeNamed(*named);
  }

  void HandleTranslationUnit(ASTContext &context) override {
    if (context.getDiagnostics().hasErrorOccurred())
      return;
    // What has no name is not told by where the checkout is.
    PrintingPolicy spelling = context.getPrintingPolicy();
    spelling.AnonymousTagLocations = false;
    context.setPrintingPolicy(spelling);
    // Before any name is looked up: that would make it known.
    Run.recorder.recordFiles();
    Run.tokens.finish(Words);
    std::vector<Decl *> ours;
    for (Decl *declaration : context.getTranslationUnitDecl()->decls())
      if (Run.recorder.inProject(declaration->getLocation()))
        ours.push_back(declaration);
    context.setTraversalScope(ours);
    Names.resolve(context);
    Run.uses.emplace(Run.recorder, Names);
    Run.definitions.emplace(Run.recorder, Words, context);
    Run.objects.emplace(Run.recorder, Names, Words, context);
    Run.calls.emplace(Run.recorder, Names, Words, context);
    walk(context, Names,
         {.definitions = &*Run.definitions,
          .uses = Words.names.empty() || Run.onlyDefinitions ? nullptr : &*Run.uses,
          .objects = Words.created.empty() ? nullptr : &*Run.objects,
          .calls = Words.called.empty() ? nullptr : &*Run.calls});
    AllMatchers.run(Run.recorder, context);
    Run.definitions->symbols(Names);
    recordConversions(Run.recorder, Names, Words, context);
    recordDirectives(Run.recorder, Names, Words, Run.uses->imports(), context);
    recordCallees(Run.recorder, Names, context);
    recordInterfaces(Run.recorder, Words, context);
    Run.uses->finish();
    Run.objects->finish();
  }

private:
  CompilerInstance &Compiler;
  UnitRun &Run;
  VocabularyNames &Names;
  const Vocabulary &Words;
  Matchers &AllMatchers;
  bool Templates; ///< those of others are parsed too
};

} // namespace

struct Extractor::State {
  State(Vocabulary words, std::string root, std::function<bool(llvm::StringRef)> inProject)
      : vocabulary(std::move(words)), files(std::move(root), std::move(inProject)), names(vocabulary),
        matchers(vocabulary.matchers) {}

  Vocabulary vocabulary;
  ProjectFiles files;
  VocabularyNames names;
  Matchers matchers;
  unsigned errorLimit = 1;
  bool warnings = false;
  bool foreignTemplates = false;
  bool onlyNeeded = false;
};

namespace {

/// What one unit is parsed with. Gives its facts when the source file ends, while Clang's source manager still lives.
class FactsAction : public ASTFrontendAction {
public:
  /// \param onlyNeeded as the extractor has it.
  FactsAction(ProjectFiles &files, VocabularyNames &names, const Vocabulary &vocabulary, Matchers &matchers,
              bool templates, bool onlyNeeded)
      : Files(files), Names(names), Words(vocabulary), AllMatchers(matchers), Templates(templates),
        OnlyNames(onlyNeeded && !templates && vocabulary.created.empty() && vocabulary.called.empty() &&
                  vocabulary.moved.empty() && vocabulary.matchers.empty() && vocabulary.emitters.empty() &&
                  vocabulary.interfaces.empty()) {}

  UnitFacts facts;

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &compiler, llvm::StringRef) override {
    Run = std::make_unique<UnitRun>(compiler, Files);
    compiler.getPreprocessor().addPPCallbacks(
        makePreprocessorRecorder(Run->recorder, Names, compiler.getPreprocessor()));
    compiler.getPreprocessor().setTokenWatcher([this, &compiler](const Token &token) {
      Run->tokens.see(token);
      if (token.is(tok::eof))
        end(token, compiler);
    });
    return std::make_unique<FactsConsumer>(compiler, *Run, Names, Words, AllMatchers, Templates);
  }

  void EndSourceFileAction() override {
    Run->recorder.recordFiles();
    recordInactive(Run->recorder, Names);
    recordNolints(Run->recorder);
    facts = std::move(Run->recorder.facts);
  }

private:
  void end(const Token &token, CompilerInstance &compiler) {
    bool isLast = !token.getEofData() && compiler.getSourceManager().isInMainFile(token.getLocation());
    Run->speaksOfNone = isLast && OnlyNames && Run->tokens.speaksOfNone(Names);
  }

  ProjectFiles &Files;
  VocabularyNames &Names;
  const Vocabulary &Words;
  Matchers &AllMatchers;
  bool Templates;
  bool OnlyNames; ///< what else is asked for needs no bodies of templates
  std::unique_ptr<UnitRun> Run;
};

/// What one unit is scanned with.
class ScanAction : public PreprocessorFrontendAction {
public:
  ScanAction(ProjectFiles &files, VocabularyNames &names, const Vocabulary &vocabulary,
             const Extractor::TextTest &mustParse)
      : Files(files), Names(names), Words(vocabulary), MustParse(mustParse) {}

  /// Unless the unit must be parsed.
  std::optional<UnitFacts> facts;

protected:
  bool BeginSourceFileAction(CompilerInstance &compiler) override {
    // What a precompiled header declares comes without tokens.
    if (!compiler.getPreprocessorOpts().ImplicitPCHInclude.empty())
      return false;
    Run = std::make_unique<UnitRun>(compiler, Files);
    compiler.getPreprocessor().addPPCallbacks(
        makePreprocessorRecorder(Run->recorder, Names, compiler.getPreprocessor()));
    return true;
  }

  void ExecuteAction() override {
    Preprocessor &source = getCompilerInstance().getPreprocessor();
    source.IgnorePragmas();
    source.EnterMainSourceFile();
    Token token;
    do {
      source.Lex(token);
      Run->tokens.see(token);
    } while (token.isNot(tok::eof));
  }

  void EndSourceFileAction() override {
    if (!Run || getCompilerInstance().getDiagnostics().hasErrorOccurred())
      return;
    Recorder &recorder = Run->recorder;
    recorder.recordFiles();
    Run->tokens.finish(Words);
    if (MustParse && mustParse())
      return;
    recordNolints(recorder);
    recorder.facts.parsed = false;
    facts = std::move(recorder.facts);
  }

private:
  bool mustParse() {
    if (!Run->recorder.facts.named.empty())
      return true;
    std::string expanded = llvm::join(Run->recorder.facts.expanded, " ");
    std::vector<llvm::StringRef> texts{expanded};
    Run->recorder.forEachProjectFile([&](FileID id) { texts.push_back(Run->recorder.sources().getBufferData(id)); });
    return MustParse(texts);
  }

  ProjectFiles &Files;
  VocabularyNames &Names;
  const Vocabulary &Words;
  const Extractor::TextTest &MustParse;
  std::unique_ptr<UnitRun> Run;
};

class FactsInvocation : public tooling::ToolAction {
public:
  FactsInvocation(FrontendAction &action, unsigned errorLimit, bool warnings)
      : Action(action), ErrorLimit(errorLimit), Warnings(warnings) {}

  bool runInvocation(std::shared_ptr<CompilerInvocation> invocation, FileManager *files,
                     std::shared_ptr<PCHContainerOperations> containers, DiagnosticConsumer *diagnostics) override {
    invocation->getFrontendOpts().SkipFunctionBodies = true;
    invocation->getFrontendOpts().DisableFree = false;
    invocation->getDiagnosticOpts().IgnoreWarnings = !Warnings;
    invocation->getDiagnosticOpts().ErrorLimit = ErrorLimit;
    // Who learns from more than the first error is misled by those that follow from a guess at what was meant.
    if (ErrorLimit != 1)
      invocation->getLangOpts().SpellChecking = false;
    CompilerInstance compiler(std::move(containers));
    compiler.setInvocation(std::move(invocation));
    compiler.setVerboseOutputStream(llvm::nulls());
    compiler.setFileManager(files);
    compiler.createDiagnostics(diagnostics, /*ShouldOwnClient=*/false);
    compiler.createSourceManager(*files);
    bool parsed = compiler.ExecuteAction(Action);
    files->clearStatCache();
    return parsed;
  }

private:
  FrontendAction &Action;
  unsigned ErrorLimit;
  bool Warnings;
};

DiagnosticFact factOf(const Errors::Error &error, const CompileUnit &unit, ProjectFiles &files,
                      llvm::vfs::FileSystem &system) {
  DiagnosticFact fact;
  fact.file = error.file.empty() ? unit.file : files.name(error.file, system).path;
  fact.line = error.line;
  fact.column = error.column;
  fact.message = error.message;
  fact.flag = error.flag;
  return fact;
}

/// A unit with errors gives no verdicts: only the files it read and the errors remain.
void markFailed(UnitFacts &facts, const CompileUnit &unit, const std::vector<Errors::Error> &errors,
                ProjectFiles &files, llvm::vfs::FileSystem &system) {
  UnitFacts failed;
  failed.files = std::move(facts.files);
  failed.error = DiagnosticFact{unit.file, 0, 0, "Clang gave no reason", ""};
  for (std::size_t i = 0; i < errors.size(); ++i) {
    DiagnosticFact fact = factOf(errors[i], unit, files, system);
    if (i == 0)
      failed.error = std::move(fact);
    else
      failed.moreErrors.push_back(std::move(fact));
  }
  facts = std::move(failed);
}

} // namespace

std::vector<std::string> clangCommandOf(const CompileUnit &unit) {
  std::vector<std::string> command = unit.arguments;
  command.insert(command.begin() + 1, {"-fsyntax-only", "-resource-dir=" SSOT_CLANG_RESOURCE_DIR});
  return command;
}

Extractor::Extractor(Vocabulary vocabulary, std::string root, std::function<bool(llvm::StringRef)> inProject,
                     unsigned errorLimit, bool warnings, bool foreignTemplates, bool onlyNeeded)
    : Self(std::make_unique<State>(std::move(vocabulary), std::move(root), std::move(inProject))) {
  Self->errorLimit = errorLimit;
  Self->warnings = warnings;
  Self->foreignTemplates = foreignTemplates;
  Self->onlyNeeded = onlyNeeded;
}

Extractor::~Extractor() = default;

namespace {

/// Runs \p action over the unit.
/// \returns whether there was no error.
bool execute(FrontendAction &action, Errors &errors, unsigned errorLimit, bool warnings, const CompileUnit &unit,
             llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> system) {
  // A folder that is not there is told by the files that are not found in it.
  static_cast<void>(system->setCurrentWorkingDirectory(unit.directory));
  llvm::IntrusiveRefCntPtr<FileManager> manager(new FileManager(FileSystemOptions{unit.directory}, std::move(system)));
  FactsInvocation run(action, errorLimit, warnings);
  tooling::ToolInvocation invocation(clangCommandOf(unit), &run, manager.get(),
                                     std::make_shared<PCHContainerOperations>());
  invocation.setDiagnosticConsumer(&errors);
  return invocation.run() && errors.all.empty();
}

} // namespace

UnitFacts Extractor::run(const CompileUnit &unit, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> system) {
  if (!system)
    system = llvm::vfs::createPhysicalFileSystem();
  Self->files.forget();
  FactsAction action(Self->files, Self->names, Self->vocabulary, Self->matchers, Self->foreignTemplates,
                     Self->onlyNeeded);
  Errors errors;
  if (!execute(action, errors, Self->errorLimit, Self->warnings, unit, system)) {
    markFailed(action.facts, unit, errors.all, Self->files, *system);
    // How far it was read, nobody knows.
    action.facts.named = wholeNames(Self->vocabulary);
  }
  for (const Errors::Error &warning : errors.warnings)
    action.facts.warnings.push_back(factOf(warning, unit, Self->files, *system));
  return std::move(action.facts);
}

std::optional<UnitFacts> Extractor::scan(const CompileUnit &unit,
                                         llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> system,
                                         const TextTest &mustParse) {
  if (!system)
    system = llvm::vfs::createPhysicalFileSystem();
  Self->files.forget();
  ScanAction action(Self->files, Self->names, Self->vocabulary, mustParse);
  Errors errors;
  if (!execute(action, errors, Self->errorLimit, Self->warnings, unit, std::move(system)))
    return std::nullopt;
  return std::move(action.facts);
}

} // namespace ssot
