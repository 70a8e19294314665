#include "command/examples.h"

#include "command/analysis.h"
#include "command/extraction.h"
#include "config/load.h"
#include "facts/serialize.h"
#include "judge/judge.h"
#include "judge/marked_text.h"
#include "project/errors.h"
#include "project/files.h"
#include "project/workers.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <set>

namespace ssot {

namespace {

struct Example {
  std::string path;   ///< as it was named
  std::string folder; ///< absolute; the root of the project that the example stands for
  std::string marked;
  std::vector<MarkedFile> files;

  const MarkedFile *file(llvm::StringRef relative) const {
    auto known = llvm::find_if(files, [&](const MarkedFile &each) { return each.path == relative; });
    return known == files.end() ? nullptr : &*known;
  }
  /// `path:line:column` of a byte of one of its files, as it is written.
  std::string place(const MarkedFile &file, std::uint32_t offset) const {
    llvm::StringRef before = llvm::StringRef(marked).take_front(file.written(offset));
    std::size_t line = before.count('\n') + 1, column = before.size() - (before.rfind('\n') + 1) + 1;
    return path + ":" + std::to_string(line) + ":" + std::to_string(column);
  }
};

/// One source of one example.
struct ExampleUnit {
  std::size_t example;
  std::string file;
};

/// The examples that are named, or those beside the rule files: `examples/NAME/` beside `NAME.yaml`.
llvm::Expected<std::vector<std::string>> findExamples(const Config &config, std::vector<std::string> named) {
  const bool isNamed = !named.empty();
  if (!isNamed)
    for (const std::string &file : config.files) {
      llvm::SmallString<256> folder(llvm::sys::path::parent_path(file));
      llvm::sys::path::append(folder, "examples", llvm::sys::path::stem(file));
      if (llvm::sys::fs::is_directory(folder))
        named.push_back(folder.str().str());
    }
  std::set<std::string> found;
  for (const std::string &path : named) {
    if (!llvm::sys::fs::exists(path))
      return inputError(path + ": there is no such file or folder");
    if (!llvm::sys::fs::is_directory(path)) {
      found.insert(path);
      continue;
    }
    llvm::Expected<std::vector<std::string>> below = filesBelow(path, ".cpp");
    if (!below)
      return below.takeError();
    found.insert(below->begin(), below->end());
  }
  if (found.empty())
    return inputError(isNamed ? named.front() + ": no example (*.cpp) is in it"
                              : "no examples: name a file or a folder, or put them into 'examples/NAME/' beside the "
                                "rule file NAME.yaml");
  return std::vector<std::string>(found.begin(), found.end());
}

llvm::Expected<Example> readExample(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return inputError(path + ": cannot be read: " + buffer.getError().message());
  llvm::SmallString<256> folder(path);
  if (std::error_code error = llvm::sys::fs::make_absolute(folder))
    return inputError(path + ": " + error.message());
  llvm::sys::path::remove_filename(folder);
  llvm::sys::path::remove_dots(folder, /*remove_dot_dot=*/true);
  Example example{path, folder.str().str(), (*buffer)->getBuffer().str(), {}};
  example.files = readMarked(example.marked, llvm::sys::path::filename(path));
  return example;
}

/// \returns an error when a mark has no end, or names no rule of \p all.
llvm::Error checkMarks(const Example &example, llvm::ArrayRef<std::string> all) {
  for (const MarkedFile &file : example.files) {
    if (!file.isClosed)
      return inputError(example.path + ": a mark of '" + file.path + "' has no end ']]'");
    for (const CodeMark &mark : file.marks)
      if (!llvm::is_contained(all, mark.word)) {
        std::string near = nearest(mark.word, all);
        return inputError(example.place(file, mark.begin) + ": error: no rule '" + mark.word + "' is in force" +
                          (near.empty() ? std::string() : "; did you mean '" + near + "'?"));
      }
  }
  return llvm::Error::success();
}

/// The files of an example in place of what is on the disk, which gives the rest.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> filesOf(const Example &example) {
  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(new llvm::vfs::InMemoryFileSystem);
  for (const MarkedFile &file : example.files)
    memory->addFile(example.folder + "/" + file.path, 0, llvm::MemoryBuffer::getMemBufferCopy(file.text));
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> all(
      new llvm::vfs::OverlayFileSystem(llvm::vfs::createPhysicalFileSystem()));
  all->pushOverlay(memory);
  return all;
}

class ExamplesRun {
public:
  ExamplesRun(const Config &config, std::vector<Example> examples, Streams streams)
      : Settings(config), Examples(std::move(examples)), Out(streams.out), Err(streams.err) {
    for (std::size_t number = 0; number < Examples.size(); ++number)
      for (const MarkedFile &file : Examples[number].files)
        if (llvm::sys::path::extension(file.path) == ".cpp")
          Units.push_back({number, file.path});
  }

  ExitCode run(const WorkerOptions &how) {
    extract(how);
    for (std::size_t number = 0; number < Examples.size(); ++number)
      if (!Broken.count(number))
        compare(number);
    Out << Examples.size() << (Examples.size() == 1 ? " example, " : " examples, ") << Marks
        << (Marks == 1 ? " mark" : " marks") << ": " << Lost << " not found, " << Unmarked << " found without a mark";
    if (!Broken.empty())
      Out << "; " << Broken.size() << (Broken.size() == 1 ? " example does" : " examples do") << " not compile";
    Out << '\n';
    return !Broken.empty() ? ExitCode::Incomplete : Lost || Unmarked ? ExitCode::GateFailed : ExitCode::Passed;
  }

private:
  void extract(const WorkerOptions &how) {
    Facts.resize(Units.size());
    auto work = [&](std::size_t item) { return serialize(factsOf(Units[item])); };
    runInWorkers(Units.size(), how, work, [&](const WorkerResult &result) {
      const Example &example = Examples[Units[result.item].example];
      llvm::Expected<UnitFacts> unit = deserialize(result.bytes);
      if (!result.failure.empty() || !unit) {
        Failures[result.item] =
            example.path + ": error: " + (result.failure.empty() ? llvm::toString(unit.takeError()) : result.failure);
        llvm::consumeError(unit.takeError());
      } else if (unit->error) {
        Failures[result.item] = describe(example, *unit->error);
      } else {
        Facts[result.item] = std::move(*unit);
      }
    });
    for (const auto &[item, failure] : Failures) {
      Err << escaped(failure) << '\n';
      Broken.insert(Units[item].example);
    }
  }

  UnitFacts factsOf(const ExampleUnit &unit) const {
    const Example &example = Examples[unit.example];
    CompileUnit command;
    command.file = unit.file;
    command.absolute = example.folder + "/" + unit.file;
    command.directory = example.folder;
    command.arguments = {"clang++", "-std=c++20", "-I" + example.folder, command.absolute};
    Extractor extractor(vocabularyOf(Settings), example.folder,
                        [&](llvm::StringRef file) { return example.file(file) != nullptr; });
    return extractor.run(command, filesOf(example));
  }

  static std::string describe(const Example &example, const DiagnosticFact &error) {
    const MarkedFile *file = example.file(error.file);
    if (!file)
      return error.file + ":" + std::to_string(error.line) + ": error: " + error.message;
    std::size_t begin = 0;
    for (unsigned line = 1; line < error.line && begin != std::string::npos; ++line)
      begin = file->text.find('\n', begin) + 1;
    return example.place(*file, static_cast<std::uint32_t>(begin + error.column - 1)) + ": error: " + error.message;
  }

  /// Compares what each rule finds in an example with the marks.
  void compare(std::size_t number) {
    const Example &example = Examples[number];
    Linker linker;
    for (std::size_t item = 0; item < Units.size(); ++item)
      if (Units[item].example == number)
        linker.add(std::move(Facts[item]));
    Index index = linker.finish();
    for (const Rule &rule : Settings.rules) {
      Judgement judgement = judge(JudgeContext{index, Settings, rule});
      std::size_t wanted = 0;
      for (const MarkedFile &file : example.files)
        wanted += compare(example, file, rule, judgement, index);
      // Of most rules the canonical definition is not in the example: that is wrong only where something is marked.
      for (const RuleProblem &problem : judgement.problems)
        if (wanted)
          Out << example.path << ": note: '" << rule.id << "': " << problem.message << '\n';
      Marks += wanted;
    }
  }

  /// \returns how many marks of the rule are in the file.
  std::size_t compare(const Example &example, const MarkedFile &file, const Rule &rule, const Judgement &judgement,
                      const Index &index) {
    std::vector<CodeMark> open;
    llvm::copy_if(file.marks, std::back_inserter(open), [&](const CodeMark &mark) { return mark.word == rule.id; });
    const std::size_t wanted = open.size();
    for (const Site &site : judgement.sites) {
      if (site.verdict != Verdict::Violation || index.path(site.place) != file.path)
        continue;
      auto marked = llvm::find(open, CodeMark{rule.id, site.place.begin, site.place.end});
      if (marked != open.end()) {
        open.erase(marked);
        continue;
      }
      ++Unmarked;
      Out << example.place(file, site.place.begin) << ": error: '" << rule.id << "' finds "
          << quoted(llvm::StringRef(file.text).slice(site.place.begin, site.place.end))
          << ", and it is not marked: " << escaped(site.message) << '\n';
    }
    for (const CodeMark &mark : open) {
      ++Lost;
      Out << example.place(file, mark.begin) << ": error: '" << rule.id << "' does not find "
          << quoted(llvm::StringRef(file.text).slice(mark.begin, mark.end));
      if (!rule.scope.contains(file.path))
        Out << "; '" << file.path << "' is not in its scope: say another path in a line '//- PATH' above";
      Out << '\n';
    }
    return wanted;
  }

  static std::string quoted(llvm::StringRef code) {
    llvm::StringRef line = code.take_until([](char c) { return c == '\n'; });
    return "'" + escaped(line) + (line.size() < code.size() ? "...'" : "'");
  }

  const Config &Settings;
  std::vector<Example> Examples;
  llvm::raw_ostream &Out, &Err;
  std::vector<ExampleUnit> Units;
  std::vector<UnitFacts> Facts;
  std::map<std::size_t, std::string> Failures; ///< by unit
  std::set<std::size_t> Broken;                ///< examples
  std::size_t Marks = 0, Lost = 0, Unmarked = 0;
};

} // namespace

int runRulesExamples(const SharedOptions &shared, const RulesTestOptions &options, Streams streams) {
  SharedOptions everyRule = shared;
  everyRule.ruleIds.clear();
  llvm::Expected<Config> all = loadConfiguration(everyRule), config = loadConfiguration(shared);
  if (!all || !config) {
    llvm::Error error = llvm::joinErrors(all.takeError(), config.takeError());
    return reportUsageError(std::move(error), streams.err);
  }
  config->scope = {}; // it says which files of a project are looked at, and an example is none of these
  std::vector<std::string> known;
  for (const Rule &rule : all->rules)
    known.push_back(rule.id);
  llvm::Expected<std::vector<std::string>> paths = findExamples(*config, options.examples);
  if (!paths)
    return reportUsageError(paths.takeError(), streams.err);
  std::vector<Example> examples;
  for (const std::string &path : *paths) {
    llvm::Expected<Example> example = readExample(path);
    if (!example)
      return reportUsageError(example.takeError(), streams.err);
    if (llvm::Error error = checkMarks(*example, known))
      return reportUsageError(std::move(error), streams.err);
    examples.push_back(std::move(*example));
  }
  ExamplesRun run(*config, std::move(examples), streams);
  return static_cast<int>(run.run(workersFor(shared.jobs, options.timeoutSeconds)));
}

} // namespace ssot
