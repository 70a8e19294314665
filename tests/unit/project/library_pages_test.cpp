#include "project/library_pages.h"

#include <gtest/gtest.h>

#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>

#include <fstream>
#include <string>

using namespace ssot;

namespace {

#ifdef __linux__
/// KiB of files that are mapped and in memory.
long residentFiles() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "RssFile:") {
      long size = 0;
      status >> size;
      return size;
    }
  return 0;
}

TEST(LibraryPages, WhatTheLoaderReadIsNotKept) {
  giveBackLibraryPages();
  EXPECT_LT(residentFiles(), 32 * 1024);
}
#endif

TEST(LibraryPages, CodeAndTablesComeBackWhenTheyAreUsed) {
  giveBackLibraryPages();
  EXPECT_EQ(llvm::sys::path::filename("a/b.cpp"), "b.cpp");
  llvm::Expected<llvm::json::Value> value = llvm::json::parse("[1, {\"a\": null}]");
  ASSERT_TRUE(static_cast<bool>(value));
  giveBackLibraryPages();
  EXPECT_EQ(value->getAsArray()->size(), 2u);
}

} // namespace
