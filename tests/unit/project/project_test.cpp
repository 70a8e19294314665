#include "project/project.h"

#include "project/compiler.h"
#include "project/database.h"
#include "support/temporary_folder.h"

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

using namespace ssot;
using namespace testing;
using ssot::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// A project in a temporary folder, with a database in build/ whose entries are added one by one.
struct ProjectFolder : TemporaryFolder {
  ProjectFolder() { fs::create_directories(*this / "build"); }

  void command(const std::string &file, const std::string &text) { add(file, "command", text); }
  void arguments(const std::string &file, const std::vector<std::string> &list) {
    add(file, "arguments", llvm::json::Array(list));
  }
  void add(const std::string &file, const std::string &key, llvm::json::Value value,
           const std::string &directory = "") {
    llvm::json::Object entry;
    entry[key] = std::move(value);
    entry["directory"] = directory.empty() ? *this / "build" : directory;
    entry["file"] = file;
    entries.push_back(std::move(entry));
    std::string text;
    llvm::raw_string_ostream(text) << llvm::json::Value(llvm::json::Array(entries));
    write("build/compile_commands.json", text);
  }

  llvm::Expected<Project> open(
      std::function<void(ProjectOptions &)> change = [](ProjectOptions &) {},
      std::function<bool(llvm::StringRef)> inScope = [](llvm::StringRef) { return true; }) {
    ProjectOptions options;
    options.root = path();
    options.inScope = inScope;
    change(options);
    return openProject(options);
  }
  Project opened() {
    llvm::Expected<Project> project = open();
    if (project)
      return std::move(*project);
    ADD_FAILURE() << llvm::toString(project.takeError());
    return Project();
  }
  std::string failure(std::function<void(ProjectOptions &)> change = [](ProjectOptions &) {}) {
    llvm::Expected<Project> project = open(change);
    return project ? std::string("no error") : llvm::toString(project.takeError());
  }

  std::vector<llvm::json::Value> entries;
};

std::vector<std::string> filesOf(const Project &project) {
  std::vector<std::string> files;
  for (const CompileUnit &unit : project.units)
    files.push_back(unit.file);
  return files;
}

/// The arguments Clang gets for one command, without the source file.
std::vector<std::string>
fitted(const std::string &command, std::function<void(ProjectFolder &)> prepare = [](ProjectFolder &) {}) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  prepare(folder);
  folder.command("../a.cpp", command);
  Project project = folder.opened();
  if (project.units.size() != 1) {
    ADD_FAILURE() << "units: " << project.units.size();
    return {};
  }
  std::vector<std::string> arguments = project.units.front().arguments;
  EXPECT_EQ(std::erase(arguments, folder / "a.cpp"), 1u);
  return arguments;
}

TEST(Project, ReadsCommandsAndArguments) {
  ProjectFolder folder;
  folder.write("src/a.cpp", "");
  folder.write("src/b.cpp", "");
  folder.command("../src/a.cpp", "clang++ -DNAME=\\\"x\\ y\\\" '-DQ=a b' -I\"../in clude\" -c ../src/a.cpp -o a.o");
  folder.arguments("../src/b.cpp", {"clang++", "-I", "x y", "-c", "../src/b.cpp"});
  Project project = folder.opened();
  ASSERT_THAT(filesOf(project), ElementsAre("src/a.cpp", "src/b.cpp"));
  EXPECT_THAT(project.units[0].arguments,
              ElementsAre("clang++", "-DNAME=\"x y\"", "-DQ=a b", "-I../in clude", folder / "src/a.cpp"));
  EXPECT_THAT(project.units[1].arguments, ElementsAre("clang++", "-I", "x y", folder / "src/b.cpp"));
  EXPECT_EQ(project.units[0].directory, folder / "build");
  EXPECT_EQ(project.units[0].absolute, folder / "src/a.cpp");
  EXPECT_EQ(project.root, folder.path());
  EXPECT_EQ(project.database, folder / "build/compile_commands.json");
  EXPECT_THAT(project.problems, IsEmpty());
}

TEST(Project, ADirectoryMayBeRelativeToTheDatabase) {
  ProjectFolder folder;
  folder.write("src/a.cpp", "");
  folder.add("a.cpp", "command", "clang++ a.cpp", "../src");
  Project project = folder.opened();
  ASSERT_THAT(filesOf(project), ElementsAre("src/a.cpp"));
  EXPECT_EQ(project.units[0].directory, folder / "src");
}

TEST(Project, OneFileHasOneName) {
  ProjectFolder folder;
  folder.write("src/a.cpp", "");
  fs::create_directory_symlink(folder / "src", folder / "link");
  folder.command("../src/a.cpp", "clang++ -c ../src/a.cpp");
  folder.command(folder / "src/../src/./a.cpp", "clang++ -c " + (folder / "src/../src/./a.cpp") + " -o other.o");
  folder.command("../link/a.cpp", "clang++ -c ../link/a.cpp");
  EXPECT_THAT(filesOf(folder.opened()), ElementsAre("src/a.cpp"));
}

TEST(Project, ASymlinkToASourceElsewhereKeepsTheFolderOfItsIncludes) {
  ProjectFolder folder;
  folder.write("store/a.cpp", "");
  fs::create_directories(folder / "view");
  fs::create_symlink(folder / "store/a.cpp", folder / "view/a.cpp");
  folder.command("../view/a.cpp", "clang++ -c ../view/a.cpp");
  Project project = folder.opened();
  ASSERT_THAT(filesOf(project), ElementsAre("store/a.cpp"));
  EXPECT_EQ(project.units[0].arguments.back(), folder / "build/../view/a.cpp");
}

TEST(Project, KeepsAFileTwiceWithDifferentFlagsOnly) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.command("../a.cpp", "clang++ -DTWO -c ../a.cpp");
  folder.command("../a.cpp", "clang++ -DONE -c ../a.cpp -o one.o");
  folder.command("../a.cpp", "clang++ -DONE -c ../a.cpp -o copy.o");
  Project project = folder.opened();
  ASSERT_THAT(filesOf(project), ElementsAre("a.cpp", "a.cpp"));
  EXPECT_THAT(project.units[0].arguments, Contains("-DONE"));
  EXPECT_THAT(project.units[1].arguments, Contains("-DTWO"));
}

TEST(Project, DropsOutputsAndWhatOnlyTheBuildNeeds) {
  EXPECT_THAT(
      fitted(
          "clang++ -O2 -MD -MT a.o -MF a.d -MQx -o a.o -oz.o -Werror -Werror=unused -Wall -pedantic-errors -Wp,-MD,x.d "
          "-save-temps=obj --serialize-diagnostics d -ftime-trace -c ../a.cpp"),
      ElementsAre("clang++", "-O2", "-Wall"));
}

TEST(Project, DropsPrecompiledHeadersButKeepsTheHeader) {
  EXPECT_THAT(
      fitted(
          "clang++ -Winvalid-pch -Xclang -include-pch -Xclang x.pch -Xclang -include -Xclang x.hxx -include-pch y.pch "
          "-include z.hxx -fpch-instantiate-templates -c ../a.cpp"),
      ElementsAre("clang++", "-Xclang", "-include", "-Xclang", "x.hxx", "-include", "z.hxx"));
}

TEST(Project, LeavesOutTheJobThatMakesAPrecompiledHeader) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.write("gen/cmake_pch.hxx.cxx", "");
  folder.command("../a.cpp", "clang++ -c ../a.cpp");
  folder.command("../gen/cmake_pch.hxx.cxx", "clang++ -x c++-header -c ../gen/cmake_pch.hxx.cxx");
  EXPECT_THAT(filesOf(folder.opened()), ElementsAre("a.cpp"));
}

TEST(Project, StripsLaunchers) {
  EXPECT_THAT(fitted("ccache clang++ -DA -c ../a.cpp"), ElementsAre("clang++", "-DA"));
  EXPECT_THAT(fitted("/usr/bin/sccache /opt/llvm/bin/clang++ -c ../a.cpp"), ElementsAre("/opt/llvm/bin/clang++"));
  EXPECT_THAT(fitted("env -u Z A=1 B='x y' distcc clang++ -c ../a.cpp"), ElementsAre("clang++"));
  EXPECT_THAT(fitted("/usr/bin/cmake -E env A=1 clang -c ../a.cpp"), ElementsAre("clang"));
  EXPECT_THAT(fitted("cmake -E __run_co_compile --tidy=x --source=a.cpp -- clang++ -c ../a.cpp"),
              ElementsAre("clang++"));
}

TEST(Project, ExpandsResponseFilesFromTheCommandsFolder) {
  auto prepare = [](ProjectFolder &folder) {
    folder.write("build/flags.rsp", "-DA=\"x y\"\n-I inc @more.rsp");
    folder.write("build/more.rsp", "-DB");
  };
  EXPECT_THAT(fitted("clang++ @flags.rsp -c ../a.cpp", prepare), ElementsAre("clang++", "-DA=x y", "-I", "inc", "-DB"));
}

TEST(Project, ReportsAResponseFileThatIsMissingOrNamesItself) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.write("b.cpp", "");
  folder.write("build/circle.rsp", "@circle.rsp");
  folder.command("../a.cpp", "clang++ -c ../a.cpp");
  folder.command("../b.cpp", "clang++ @gone.rsp -c ../b.cpp");
  folder.command("../b.cpp", "clang++ @circle.rsp -c ../b.cpp");
  Project project = folder.opened();
  EXPECT_THAT(filesOf(project), ElementsAre("a.cpp"));
  ASSERT_EQ(project.problems.size(), 2u);
  EXPECT_THAT(project.problems[0].file, StartsWith("build/compile_commands.json:1:"));
  EXPECT_THAT(project.problems[0].message, StartsWith("b.cpp: its response file gone.rsp cannot be read"));
  EXPECT_EQ(project.problems[1].message, "b.cpp: its response file circle.rsp names itself");
}

/// A compiler that answers as g++ does and writes down how often it was asked.
constexpr char kFakeCompiler[] = R"sh(#!/bin/sh
echo "$@" >> "$0.asked"
cat >&2 <<END
Target: x86_64-linux-gnu
#include "..." search starts here:
#include <...> search starts here:
 /opt/g/include/c++/12
 /opt/g/lib/gcc/x86_64-linux-gnu/12/../../../../include/c++/12/backward
 /opt/g/lib/gcc/x86_64-linux-gnu/12/include
 /usr/include
 /opt/g/lib/gcc/x86_64-linux-gnu/12/include-fixed
End of search list.
END
)sh";

TEST(Project, AsksACompilerThatIsNotClangForItsIncludePathsOnce) {
  ProjectFolder folder;
  std::string compiler = folder.writeExecutable("bin/x86_64-linux-gnu-g++-12", kFakeCompiler);
  folder.write("a.cpp", "");
  folder.write("b.cpp", "");
  folder.command("../a.cpp", compiler + " -std=c++17 -I mine -c ../a.cpp");
  folder.command("../b.cpp", compiler + " -DX -std=c++17 -c ../b.cpp");
  Project project = folder.opened();
  ASSERT_EQ(project.units.size(), 2u);
  EXPECT_THAT(project.units[0].arguments,
              ElementsAre("clang++", "-std=c++17", "-I", "mine", folder / "a.cpp", "-nostdinc++", "-nostdlibinc",
                          "-isystem", "/opt/g/include/c++/12", "-isystem", "/opt/g/include/c++/12/backward",
                          "-idirafter", "/usr/include"));
  EXPECT_EQ(folder.read("bin/x86_64-linux-gnu-g++-12.asked"), "-E -v -std=c++17 -x c++ /dev/null\n");
  EXPECT_THAT(project.notes, IsEmpty());
}

TEST(Project, ACrossCompilersTargetIsClangsTarget) {
  CompilerKnowledge knowledge = readVerboseOutput(
      "Target: riscv64-linux-gnu\n#include <...> search starts here:\n /r/include\nEnd of search list.\n");
  EXPECT_TRUE(knowledge.known);
  EXPECT_EQ(knowledge.target, "riscv64-linux-gnu");
  EXPECT_THAT(knowledge.beforeIntrinsics, ElementsAre("/r/include"));
  EXPECT_FALSE(readVerboseOutput("g++: fatal error: no input files\n").known);
}

TEST(Project, DropsWhatOnlyGccKnows) {
  EXPECT_THAT(fitted("absent-g++ -fno-canonical-system-headers -fconserve-stack -mpreferred-stack-boundary=4 "
                     "-fno-tree-vectorize -fipa-pta "
                     "-fmodules-ts -fmodule-mapper=x -fconcepts -fno-exceptions -mavx2 -fPIC -g3 "
                     "-Wno-maybe-uninitialized -c ../a.cpp"),
              ElementsAre("clang++", "-fno-exceptions", "-mavx2", "-fPIC", "-Wno-maybe-uninitialized"));
}

TEST(Project, ACompilerThatCannotBeAskedIsNotedAndItsUnitsStay) {
  ProjectFolder folder;
  folder.write("a.c", "");
  folder.command("../a.c", "/absent/arm-gcc -DA -c ../a.c");
  Project project = folder.opened();
  ASSERT_EQ(project.units.size(), 1u);
  EXPECT_THAT(project.units[0].arguments, ElementsAre("clang", "-DA", folder / "a.c"));
  EXPECT_THAT(project.notes, ElementsAre(HasSubstr("/absent/arm-gcc")));
  EXPECT_THAT(project.problems, IsEmpty());
}

TEST(Project, ACommandMayLeaveTheSourceOutOrNameItTwice) {
  EXPECT_THAT(fitted("clang++ -DA"), ElementsAre("clang++", "-DA"));
  EXPECT_THAT(fitted("clang++ ../a.cpp -DA ../a.cpp"), ElementsAre("clang++", "-DA"));
}

TEST(Project, ReportsEntriesWhoseFileIsGone) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.command("../a.cpp", "clang++ -c ../a.cpp");
  folder.command("../gone.cpp", "clang++ -c ../gone.cpp");
  Project project = folder.opened();
  EXPECT_THAT(filesOf(project), ElementsAre("a.cpp"));
  ASSERT_EQ(project.problems.size(), 1u);
  EXPECT_THAT(project.problems[0].message, StartsWith("gone.cpp: this file is gone"));
}

TEST(Project, CountsWhatIsNotOursOrOutOfScope) {
  ProjectFolder folder;
  TemporaryFolder elsewhere;
  std::string other = elsewhere.write("o.cpp", "");
  for (const char *file : {"a.cpp", "third_party/t.cpp", "build/generated.cpp"}) {
    folder.write(file, "");
    folder.command(folder / file, std::string("clang++ -c ") + (folder / file));
  }
  folder.command(other, "clang++ -c " + other);
  llvm::Expected<Project> project =
      folder.open([](ProjectOptions &) {}, [](llvm::StringRef path) { return !path.starts_with("third_party"); });
  ASSERT_TRUE(static_cast<bool>(project));
  EXPECT_THAT(filesOf(*project), ElementsAre("a.cpp"));
  EXPECT_EQ(project->unitsOutsideRoot, 1u);
  EXPECT_EQ(project->unitsOutOfScope, 2u);
  EXPECT_THAT(project->buildFolders, ElementsAre("build"));
}

TEST(Project, APathArgumentSelectsWhatIsBelowIt) {
  ProjectFolder folder;
  for (const char *file : {"src/a.cpp", "src2/b.cpp"}) {
    folder.write(file, "");
    folder.command(folder / file, std::string("clang++ -c ") + (folder / file));
  }
  folder.write("src/a.h", "");
  folder.write("src2/b.h", "");
  llvm::Expected<Project> project = folder.open([&](ProjectOptions &options) { options.paths = {folder / "src"}; });
  ASSERT_TRUE(static_cast<bool>(project));
  EXPECT_THAT(filesOf(*project), ElementsAre("src/a.cpp"));
  EXPECT_THAT(project->headers, ElementsAre("src/a.h"));
  EXPECT_THAT(project->orphanSources, IsEmpty());
  EXPECT_THAT(folder.failure([&](ProjectOptions &options) { options.paths = {folder / "nowhere"}; }),
              HasSubstr("there is no such file or folder"));
}

TEST(Project, ListsHeadersAndSourcesNobodyCompiles) {
  ProjectFolder folder;
  for (const char *file :
       {"a.cpp", "orphan.cc", "inc/b.hpp", "inc/a.h", "inc/t.tpp", "inc/notes.txt", ".hidden/h.h", ".git/g.h",
        "build/x.h", "vendor/out/CMakeCache.txt", "vendor/out/generated.h", "vendor/v.H"})
    folder.write(file, "");
  fs::create_directory_symlink(folder.path(), folder / "inc/loop");
  fs::create_symlink(folder / "inc/a.h", folder / "alias.h");
  folder.command("../a.cpp", "clang++ -c ../a.cpp");
  Project project = folder.opened();
  EXPECT_THAT(project.headers, ElementsAre("inc/a.h", "inc/b.hpp", "inc/t.tpp", "vendor/v.H"));
  EXPECT_THAT(project.orphanSources, ElementsAre("orphan.cc"));
}

TEST(Project, PathsMayHoldSpacesAndNewlines) {
  ProjectFolder folder;
  std::string odd = "two words/new\nline.cpp";
  folder.write(odd, "");
  folder.arguments(folder / odd, {"clang++", "-c", folder / odd});
  folder.command("../two words/new\nline.cpp", "clang++ -DX -c '../two words/new\nline.cpp'");
  Project project = folder.opened();
  EXPECT_THAT(filesOf(project), ElementsAre(odd, odd));
}

TEST(Project, FindsTheDatabaseUpwardsAndInBuildFolders) {
  TemporaryFolder folder;
  folder.write("p/src/deep/a.cpp", "");
  std::string entry =
      R"([{"directory": ")" + (folder / "p/src/deep") + R"(", "file": "a.cpp", "command": "clang++ -c a.cpp"}])";
  auto databaseFrom = [&](const std::string &root) {
    ProjectOptions options;
    options.root = folder / root;
    auto all = [](llvm::StringRef) { return true; };
    options.inScope = all;
    llvm::Expected<Project> project = openProject(options);
    return project ? relativeTo(folder.path(), project->database) : llvm::toString(project.takeError());
  };
  folder.write("p/build/zeta/compile_commands.json", entry);
  folder.write("p/build/debug/compile_commands.json", entry);
  EXPECT_EQ(databaseFrom("p/src/deep"), "p/build/debug/compile_commands.json");
  folder.write("p/build/release/compile_commands.json", entry);
  EXPECT_EQ(databaseFrom("p"), "p/build/release/compile_commands.json");
  folder.write("p/build/compile_commands.json", entry);
  EXPECT_EQ(databaseFrom("p"), "p/build/compile_commands.json");
  folder.write("p/compile_commands.json", entry);
  EXPECT_EQ(databaseFrom("p"), "p/compile_commands.json");
  folder.write("p/src/deep/compile_commands.json", entry);
  EXPECT_EQ(databaseFrom("p/src"), "p/compile_commands.json");
}

TEST(Project, ADatabaseBesideItsSourcesMakesNoBuildFolder) {
  TemporaryFolder folder;
  folder.write("src/a.cpp", "");
  folder.write("src/a.h", "");
  folder.write("src/compile_commands.json", R"([{"directory": ".", "file": "a.cpp", "command": "clang++ -c a.cpp"}])");
  ProjectOptions options;
  options.root = folder.path();
  options.buildPaths = {folder / "src"};
  auto all = [](llvm::StringRef) { return true; };
  options.inScope = all;
  llvm::Expected<Project> project = openProject(options);
  ASSERT_TRUE(static_cast<bool>(project)) << llvm::toString(project.takeError());
  EXPECT_THAT(filesOf(*project), ElementsAre("src/a.cpp"));
  EXPECT_THAT(project->headers, ElementsAre("src/a.h"));
  EXPECT_THAT(project->buildFolders, IsEmpty());
}

TEST(Project, AUnityBuildsFileStandsForTheSourcesThatItIncludes) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.write("b.cpp", "");
  folder.write("c.cpp", "");
  const std::string unity = "build/CMakeFiles/x.dir/Unity/unity_0_cxx.cxx",
                    other = "build/CMakeFiles/y.dir/Unity/unity_0_cxx.cxx";
  folder.write(unity, "/* generated by CMake */\n\n#include \"" + (folder / "a.cpp") + "\"\n#include \"" +
                          (folder / "b.cpp") + "\"\n");
  folder.write(other, "#include \"/usr/include/elsewhere.cpp\"\n");
  for (const std::string &file : {unity, other, std::string("c.cpp")})
    folder.command(folder / file, "clang++ -c " + (folder / file));
  Project project = folder.opened();
  EXPECT_THAT(filesOf(project), UnorderedElementsAre(unity, "c.cpp"));
  EXPECT_THAT(project.orphanSources, IsEmpty());
  EXPECT_THAT(project.buildFolders, ElementsAre("build"));
}

TEST(Project, TheConfigurationFilesFolderIsTheRoot) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.write(".ssot.yaml", "");
  folder.command("../a.cpp", "clang++ -c ../a.cpp");
  llvm::Expected<Project> project = folder.open([&](ProjectOptions &options) {
    options.root.clear();
    options.configFile = folder / ".ssot.yaml";
  });
  ASSERT_TRUE(static_cast<bool>(project));
  EXPECT_EQ(project->root, folder.path());
}

/// The error for a database with this text, its folder replaced.
std::string errorOf(const std::string &text) {
  ProjectFolder folder;
  std::string database = folder.write("build/compile_commands.json", text);
  std::string message = folder.failure();
  if (auto at = message.find(database); at != std::string::npos)
    message.replace(at, database.size(), "DB");
  return message;
}

TEST(ProjectErrors, NoDatabase) {
  ProjectFolder folder;
  EXPECT_THAT(folder.failure([&](ProjectOptions &options) { options.buildPaths = {folder / "nowhere"}; }),
              AllOf(StartsWith(folder / "nowhere: error: there is no compile_commands.json here"),
                    HasSubstr("-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"), HasSubstr("bear -- make")));
  EXPECT_THAT(folder.failure(), AllOf(HasSubstr("no compile_commands.json here, in build/"), HasSubstr("-p")));
}

TEST(ProjectErrors, AnEmptyDatabase) {
  EXPECT_THAT(errorOf(""), StartsWith("DB:1:1: error: the compile database is empty"));
  EXPECT_THAT(errorOf(" [ ]\n"), StartsWith("DB:1:1: error: the compile database has no entries"));
}

TEST(ProjectErrors, MalformedJsonWithItsPlace) {
  EXPECT_THAT(errorOf("[\n  {\"directory\": \"/\",, }]"), StartsWith("DB:2:21: error: not valid JSON: "));
}

TEST(ProjectErrors, NoArray) {
  EXPECT_THAT(errorOf("{}"), StartsWith("DB:1:1: error: a compile database is an array of entries"));
}

TEST(ProjectErrors, EntriesOfTheWrongTypeWithTheirPlace) {
  const std::string good = R"([{"directory": "/[{", "file": "x,\"{", "command": "c"},)";
  EXPECT_EQ(errorOf(good + "\n   {\"directory\": 1}]"), "DB:2:4: error: 'directory' must be a string");
  EXPECT_EQ(errorOf(good + "\n\n {\"directory\": \"/\"}]"), "DB:3:2: error: the entry has no 'file'");
  EXPECT_EQ(errorOf(good + "{\"directory\": \"/\", \"file\": \"a\"}]"),
            "DB:1:56: error: the entry has neither 'command' nor 'arguments'");
  EXPECT_EQ(errorOf("[7]"),
            "DB:1:2: error: an entry must be an object with 'directory', 'file' and 'command' or 'arguments'");
  EXPECT_EQ(errorOf(R"([{"directory": "/", "file": "a", "arguments": ["c", 1]}])"),
            "DB:1:2: error: 'arguments' must be an array of strings");
  EXPECT_EQ(errorOf(R"([{"directory": "/", "file": "a", "command": " "}])"),
            "DB:1:2: error: the entry's command is empty");
}

TEST(ProjectErrors, NoUnitInScope) {
  ProjectFolder folder;
  folder.write("a.cpp", "");
  folder.command("../a.cpp", "clang++ -c ../a.cpp");
  llvm::Expected<Project> project = folder.open([](ProjectOptions &) {}, [](llvm::StringRef) { return false; });
  ASSERT_FALSE(static_cast<bool>(project));
  EXPECT_THAT(llvm::toString(project.takeError()),
              HasSubstr("no translation unit to analyse: its 1 entries below the root are out of scope"));
}

TEST(ProjectErrors, OnlyUnitsElsewhereOrGone) {
  ProjectFolder folder;
  folder.command("/usr/include/stdio.h", "clang -c /usr/include/stdio.h");
  EXPECT_THAT(folder.failure(), HasSubstr("its 1 entries lie outside the root"));
  ProjectFolder gone;
  gone.command("../gone.cpp", "clang++ -c ../gone.cpp");
  EXPECT_THAT(gone.failure(),
              AllOf(HasSubstr("none of its 1 entries in scope can be used"), HasSubstr("gone.cpp: this file is gone")));
}

TEST(ShellWords, SplitsAsAShellDoes) {
  EXPECT_THAT(splitShellWords(R"(a  b\ c "d \" \x" 'e \' "" f"g"'h')"),
              ElementsAre("a", "b c", R"(d " \x)", R"(e \)", "", "fgh"));
  EXPECT_THAT(splitShellWords("a\\\nb\n'c\nd'"), ElementsAre("ab", "c\nd"));
  EXPECT_THAT(splitShellWords("  "), IsEmpty());
}

TEST(RelativeTo, TakesOnlyWhatLiesBelow) {
  EXPECT_EQ(relativeTo("/a/b", "/a/b/c/d"), "c/d");
  EXPECT_EQ(relativeTo("/a/b", "/a/bc/d"), "/a/bc/d");
  EXPECT_EQ(relativeTo("/", "/a"), "a");
}

} // namespace
