#include "store/record_file.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/raw_ostream.h>

#include <gmock/gmock.h>

namespace ssot {
namespace {

UnitRecord sample() {
  UnitRecord record;
  record.version = "1.2";
  record.build = digestOf("build");
  record.asked = digestOf("asked");
  record.command = digestOf("command");
  record.file = "src/a.cpp";
  record.sources = {{"include/a.h", digestOf("header")}, {"src/a.cpp", digestOf("source")}};
  record.facts = std::string("with\0zero", 9);
  return record;
}

std::string nameOf(const FactsRecord &record) {
  if (const auto *piece = std::get_if<PieceRecord>(&record))
    return "piece " + piece->bytes.str();
  const auto *unit = std::get_if<UnitRecord>(&record);
  return unit ? unit->file : "none";
}

std::string errorOf(llvm::StringRef bytes) {
  llvm::Expected<FactsRecord> read = takeRecord(bytes);
  return read ? "none" : llvm::toString(read.takeError());
}

TEST(UnitRecord, ComesBackAsItWas) {
  std::string bytes = serialize(sample());
  llvm::StringRef rest = bytes;
  llvm::Expected<FactsRecord> read = takeRecord(rest);
  ASSERT_TRUE(static_cast<bool>(read) && std::holds_alternative<UnitRecord>(*read));
  const auto &unit = std::get<UnitRecord>(*read);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(serialize(unit), bytes);
  EXPECT_EQ(unit.sources.back().path, "src/a.cpp");
  EXPECT_EQ(unit.facts, sample().facts);
}

TEST(UnitRecord, RecordsStandOneAfterTheOther) {
  UnitRecord second = sample();
  second.file = "src/b.cpp";
  std::string bytes = emptyArchive() + serialize(PieceRecord{"shared"}) + serialize(sample()) + serialize(second) +
                      serialize(PieceRecord{});
  llvm::StringRef rest = bytes;
  std::vector<std::string> names;
  while (!rest.empty()) {
    llvm::Expected<FactsRecord> read = takeRecord(rest);
    ASSERT_TRUE(static_cast<bool>(read));
    names.push_back(nameOf(*read));
  }
  EXPECT_THAT(names, testing::ElementsAre("none", "piece shared", "src/a.cpp", "src/b.cpp", "piece "));
}

/// A file that is gone after the test.
class RecordFileTest : public testing::Test {
protected:
  void SetUp() override { ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("records", "facts", Path)); }
  void TearDown() override { static_cast<void>(llvm::sys::fs::remove(Path)); }

  void write(llvm::StringRef bytes) {
    std::error_code error;
    llvm::raw_fd_ostream(Path, error) << bytes;
    ASSERT_FALSE(error);
  }

  llvm::SmallString<128> Path;
};

TEST_F(RecordFileTest, GivesTheRecordsWhateverIsReadAtOnce) {
  std::string first = serialize(PieceRecord{"shared"}), second = serialize(sample());
  write(first + second + first);
  for (std::size_t ahead : {std::size_t(0), std::size_t(50), second.size(), std::size_t(1) << 20}) {
    llvm::Expected<RecordFile> file = RecordFile::open(Path.str().str(), ahead);
    ASSERT_TRUE(static_cast<bool>(file));
    std::vector<std::string> names;
    for (std::uint64_t at = 0; at < file->size();) {
      llvm::Expected<FactsRecord> read = file->read(at);
      ASSERT_TRUE(static_cast<bool>(read));
      names.push_back(nameOf(*read));
    }
    EXPECT_THAT(names, testing::ElementsAre("piece shared", "src/a.cpp", "piece shared")) << ahead;
    std::uint64_t back = first.size();
    llvm::Expected<FactsRecord> again = file->read(back);
    ASSERT_TRUE(static_cast<bool>(again));
    EXPECT_EQ(nameOf(*again), "src/a.cpp");
    EXPECT_EQ(back, first.size() + second.size());
  }
}

TEST_F(RecordFileTest, SaysWhatIsWrong) {
  auto error = [&](std::uint64_t at) {
    llvm::Expected<RecordFile> file = RecordFile::open(Path.str().str(), 64);
    llvm::Expected<FactsRecord> read = file ? file->read(at) : file.takeError();
    return read ? "none" : llvm::toString(read.takeError());
  };
  std::string bytes = serialize(sample());
  write(bytes + bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(error(0), "none");
  EXPECT_EQ(error(bytes.size()), "is cut off; extract again");
  EXPECT_EQ(error(3), "is no facts file; remove it, or extract again");
  std::string older = bytes;
  --older[8];
  write(older);
  EXPECT_EQ(error(0), "was written by another version of ssot; extract again with this one");
  std::string huge = bytes;
  for (int i = 16; i < 24; ++i)
    huge[i] = '\xff';
  write(huge);
  EXPECT_EQ(error(0), "is cut off; extract again");
  TearDown();
  EXPECT_EQ(error(0), "cannot be read: No such file or directory");
}

TEST(UnitRecord, EveryCutAndEveryFlippedBitIsNoticed) {
  std::string bytes = serialize(sample());
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_NE(errorOf(llvm::StringRef(bytes).take_front(size)), "none") << size;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      EXPECT_NE(errorOf(damaged), "none") << at;
    }
}

TEST(UnitRecord, ErrorsSayWhatToDo) {
  EXPECT_EQ(errorOf("#!/bin/sh"), "is no facts file; remove it, or extract again");
  EXPECT_EQ(errorOf(serialize(sample()).substr(0, 50)), "is cut off; extract again");
  std::string damaged = serialize(sample());
  damaged.back() ^= 1;
  EXPECT_EQ(errorOf(damaged), "is damaged: its checksum does not hold; extract again");
}

} // namespace
} // namespace ssot
