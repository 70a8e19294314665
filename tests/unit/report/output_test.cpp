#include "report/output.h"

#include "support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace ssot;
using namespace testing;
using ssot::test::TemporaryFolder;

namespace {

std::vector<std::string> namesIn(const TemporaryFolder &folder) {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(folder.path()))
    names.push_back(entry.path().filename().string());
  return names;
}

std::string errorOf(llvm::Error error) { return error ? llvm::toString(std::move(error)) : "success"; }

auto text(const std::string &value) {
  return [value](llvm::raw_ostream &out) { out << value; };
}

TEST(Output, WritesANewFileAndReplacesAnOldOne) {
  TemporaryFolder folder;
  EXPECT_EQ(errorOf(writeFileAtomically(folder / "report.json", text("first, longer"))), "success");
  EXPECT_EQ(errorOf(writeFileAtomically(folder / "report.json", text("second"))), "success");
  EXPECT_EQ(folder.read("report.json"), "second");
  EXPECT_THAT(namesIn(folder), ElementsAre("report.json"));
}

TEST(Output, KeepsTheModeAndTheTargetOfASymlink) {
  TemporaryFolder folder;
  std::string file = folder.write("real.json", "old");
  ASSERT_EQ(chmod(file.c_str(), 0660), 0); // wider than the mask of most people
  std::filesystem::create_symlink("real.json", folder / "link.json");
  EXPECT_EQ(errorOf(writeFileAtomically(folder / "link.json", text("new"))), "success");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.json"));
  EXPECT_EQ(folder.read("real.json"), "new");
  struct stat status{};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660u);
}

TEST(Output, ANewFileHasTheUsualMode) {
  TemporaryFolder folder;
  mode_t mask = umask(022);
  EXPECT_EQ(errorOf(writeFileAtomically(folder / "new", text("x"))), "success");
  umask(mask);
  struct stat status{};
  ASSERT_EQ(stat((folder / "new").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0644u);
}

TEST(Output, LeavesTheOldFileWhenTheDiskIsFull) {
  TemporaryFolder folder;
  folder.write("report.json", "old");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small{64, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string error = errorOf(writeFileAtomically(folder / "report.json", text(std::string(100000, 'x'))));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(error, AllOf(StartsWith(folder / "report.json: cannot be written: "), HasSubstr("too large")));
  EXPECT_EQ(folder.read("report.json"), "old");
  EXPECT_THAT(namesIn(folder), ElementsAre("report.json"));
}

TEST(Output, NamesThePathThatCannotBeWritten) {
  TemporaryFolder folder;
  EXPECT_THAT(errorOf(writeFileAtomically(folder / "no/such/folder", text("x"))),
              StartsWith(folder / "no/such/folder: cannot be written: "));
  EXPECT_THAT(namesIn(folder), IsEmpty());
}

TEST(Output, WritesDirectlyToWhatIsNoFile) {
  EXPECT_EQ(errorOf(writeFileAtomically("/dev/null", text("x"))), "success");
  EXPECT_THAT(errorOf(writeFileAtomically("/dev/full", text("x"))), StartsWith("/dev/full: cannot be written: "));
}

} // namespace
