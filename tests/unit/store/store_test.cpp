// What is kept is given out while its inputs are as they were, and only then.

#include "store/store.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <gmock/gmock.h>

#include <fstream>

namespace ssot::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTest : public testing::Test {
protected:
  StoreTest() {
    llvm::SmallString<128> folder;
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("ssot-store", folder));
    EXPECT_FALSE(llvm::sys::fs::real_path(folder, folder));
    Folder = folder.str().str();
  }
  ~StoreTest() override { llvm::sys::fs::remove_directories(Folder); }

  std::string path(const std::string &name) { return Folder + "/" + name; }
  void write(const std::string &name, const std::string &text) { std::ofstream(path(name)) << text; }

  std::unique_ptr<Store> open(std::uint64_t limit = std::uint64_t(1) << 30) {
    return Store::open({path("cache"), limit, true}, [this](const std::string &note) { Notes.push_back(note); });
  }

  /// What another run finds.
  std::optional<std::string> found(const Digest &key) {
    std::optional<KeptFacts> kept = open()->find(key);
    return kept ? std::optional(kept->facts) : std::nullopt;
  }

  /// What a parse that opens \p read, and looks for \p missing in vain, depends on.
  UnitInputs reading(const std::string &read, const std::string &missing = "nothing.h") {
    llvm::IntrusiveRefCntPtr<RecordingFileSystem> files(new RecordingFileSystem(llvm::vfs::createPhysicalFileSystem()));
    EXPECT_FALSE(files->setCurrentWorkingDirectory(Folder));
    EXPECT_FALSE(files->status(missing));
    auto buffer = files->getBufferForFile(read);
    EXPECT_TRUE(static_cast<bool>(buffer)) << read;
    return files->take();
  }

  static Digest key(const std::string &name) { return digestOf(name); }

  std::string Folder;
  std::vector<std::string> Notes;
};

TEST_F(StoreTest, GivesOutWhatWasKeptByAnEarlierRun) {
  write("a.h", "a");
  open()->keep(key("unit"), reading("a.h"), "facts");
  EXPECT_EQ(found(key("unit")), "facts");
  EXPECT_EQ(found(key("other")), std::nullopt);
  EXPECT_THAT(Notes, IsEmpty());
}

TEST_F(StoreTest, FindsNothingOnceAnInputChanged) {
  write("a.h", "a");
  open()->keep(key("unit"), reading("a.h"), "facts");
  write("a.h", "b");
  EXPECT_EQ(found(key("unit")), std::nullopt);
  write("a.h", "a");
  EXPECT_EQ(found(key("unit")), "facts");
}

TEST_F(StoreTest, FindsNothingOnceALookIsNoLongerInVain) {
  write("a.h", "a");
  open()->keep(key("unit"), reading("a.h"), "facts");
  write("nothing.h", "");
  EXPECT_EQ(found(key("unit")), std::nullopt);
}

TEST_F(StoreTest, FindsNothingOnceALinkPointsElsewhereThoughTheTextIsTheSame) {
  for (const char *name : {"one", "two"}) {
    ASSERT_FALSE(llvm::sys::fs::create_directory(path(name)));
    write(std::string(name) + "/a.h", "a");
  }
  ASSERT_FALSE(llvm::sys::fs::create_link(path("one"), path("link")));
  open()->keep(key("unit"), reading("link/a.h"), "facts");
  EXPECT_EQ(found(key("unit")), "facts");
  ASSERT_FALSE(llvm::sys::fs::remove(path("link")));
  ASSERT_FALSE(llvm::sys::fs::create_link(path("two"), path("link")));
  EXPECT_EQ(found(key("unit")), std::nullopt);
}

TEST_F(StoreTest, KeepsNothingOfAUnitWhoseInputsAreInDoubt) {
  write("a.h", "const char *when = __DATE__;");
  UnitInputs inputs = reading("a.h");
  EXPECT_THAT(inputs.doubt, HasSubstr("asks for the time"));
  open()->keep(key("unit"), inputs, "facts");
  EXPECT_EQ(found(key("unit")), std::nullopt);
}

TEST_F(StoreTest, DoubtsAFileThatChangedBetweenTwoLooks) {
  write("a.h", "a");
  llvm::IntrusiveRefCntPtr<RecordingFileSystem> files(new RecordingFileSystem(llvm::vfs::createPhysicalFileSystem()));
  EXPECT_FALSE(files->status(path("b.h")));
  write("b.h", "b");
  EXPECT_TRUE(static_cast<bool>(files->status(path("b.h"))));
  EXPECT_THAT(files->take().doubt, HasSubstr("b.h changed while it was read"));
}

TEST_F(StoreTest, MakesRoomByWhatWasUsedLongestAgo) {
  write("a.h", "a");
  constexpr std::uint64_t limit = 400'000;
  {
    std::unique_ptr<Store> store = open(limit);
    for (int i = 0; i < 100; ++i)
      store->keep(key("unit " + std::to_string(i)), reading("a.h"), std::string(10'000, 'x'));
  }
  std::unique_ptr<Store> store = open(limit);
  StoreStats stats = store->stats();
  EXPECT_LE(stats.bytes, limit);
  EXPECT_GT(stats.units, 10u);
  EXPECT_THAT(store->verify([](llvm::StringRef, bool) { return true; }), IsEmpty());
}

TEST_F(StoreTest, KeepsOnceWhatUnitsShare) {
  write("a.h", "a");
  std::string shared(10'000, 's');
  std::vector<std::string> own;
  {
    std::unique_ptr<Store> store = open();
    for (int i = 0; i < 10; ++i) {
      own.push_back("of unit " + std::to_string(i));
      KeptPiece pieces[] = {{digestOf(shared), shared}, {digestOf(own.back()), own.back()}};
      store->keep(key("unit " + std::to_string(i)), reading("a.h"), own.back(), pieces);
    }
  }
  EXPECT_EQ(open()->stats().pieces, 11u);
  EXPECT_EQ(open()->piece(digestOf(shared)), shared);
  EXPECT_EQ(open()->piece(digestOf(own[3])), own[3]);
  EXPECT_EQ(open()->piece(digestOf("another")), std::nullopt);
  EXPECT_THAT(open()->verify([](llvm::StringRef, bool) { return true; }), IsEmpty());
}

TEST_F(StoreTest, PiecesGoWithTheLastUnitThatNamesThem) {
  write("a.h", "a");
  constexpr std::uint64_t limit = 400'000;
  std::string shared(10'000, 's');
  {
    std::unique_ptr<Store> store = open(limit);
    for (int i = 0; i < 100; ++i) {
      std::string own = std::to_string(i) + std::string(10'000, 'x');
      KeptPiece pieces[] = {{digestOf(shared), shared}, {digestOf(own), own}};
      store->keep(key("unit " + std::to_string(i)), reading("a.h"), "facts", pieces);
    }
  }
  std::unique_ptr<Store> store = open(limit);
  StoreStats stats = store->stats();
  EXPECT_LE(stats.bytes, limit);
  EXPECT_GT(stats.units, 10u);
  EXPECT_EQ(stats.pieces, stats.units + 1);
  EXPECT_EQ(store->piece(digestOf(shared)), shared);
  EXPECT_THAT(store->verify([](llvm::StringRef, bool) { return true; }), IsEmpty());
}

TEST_F(StoreTest, SaysWhatIsWrong) {
  write("a.h", "a");
  open()->keep(key("unit"), reading("a.h"), "facts");
  EXPECT_THAT(open()->verify([](llvm::StringRef, bool) { return false; }), Contains(HasSubstr("cannot read")));
}

TEST_F(StoreTest, IsEmptyOnceCleared) {
  write("a.h", "a");
  open()->keep(key("unit"), reading("a.h"), "facts");
  EXPECT_EQ(open()->clear(), 1u);
  EXPECT_EQ(found(key("unit")), std::nullopt);
}

TEST_F(StoreTest, DoesWithoutAFolderThatCannotBe) {
  write("cache", "a file");
  EXPECT_EQ(open(), nullptr);
  EXPECT_THAT(Notes, Contains(HasSubstr("goes on without it")));
}

TEST_F(StoreTest, InputsCutShortAreAnError) {
  write("a.h", "a");
  std::string whole = serialize(reading("a.h"));
  llvm::StringRef rest = whole;
  EXPECT_TRUE(static_cast<bool>(takeInputs(rest)));
  EXPECT_TRUE(rest.empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    llvm::StringRef part = llvm::StringRef(whole).take_front(size);
    llvm::Expected<UnitInputs> read = takeInputs(part);
    EXPECT_FALSE(static_cast<bool>(read)) << size;
    llvm::consumeError(read.takeError());
  }
}

} // namespace
} // namespace ssot::test
