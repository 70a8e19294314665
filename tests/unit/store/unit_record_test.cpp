#include "store/unit_record.h"

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

std::string errorOf(llvm::StringRef bytes) {
  llvm::Expected<std::optional<UnitRecord>> read = takeRecord(bytes);
  return read ? "none" : llvm::toString(read.takeError());
}

TEST(UnitRecord, ComesBackAsItWas) {
  std::string bytes = serialize(sample());
  llvm::StringRef rest = bytes;
  llvm::Expected<std::optional<UnitRecord>> read = takeRecord(rest);
  ASSERT_TRUE(static_cast<bool>(read) && *read);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(serialize(**read), bytes);
  EXPECT_EQ((*read)->sources.back().path, "src/a.cpp");
  EXPECT_EQ((*read)->facts, sample().facts);
}

TEST(UnitRecord, RecordsStandOneAfterTheOther) {
  UnitRecord second = sample();
  second.file = "src/b.cpp";
  std::string bytes = emptyArchive() + serialize(sample()) + serialize(second);
  llvm::StringRef rest = bytes;
  std::vector<std::string> files;
  while (!rest.empty()) {
    llvm::Expected<std::optional<UnitRecord>> read = takeRecord(rest);
    ASSERT_TRUE(static_cast<bool>(read));
    files.push_back(*read ? (*read)->file : "none");
  }
  EXPECT_THAT(files, testing::ElementsAre("none", "src/a.cpp", "src/b.cpp"));
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
