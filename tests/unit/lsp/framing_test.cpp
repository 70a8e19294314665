#include "lsp/framing.h"

#include <gtest/gtest.h>

namespace {

using ssot::framed;
using ssot::FrameReader;

TEST(Framing, GivesBackWhatWasFramedWhateverThePiecesAre) {
  std::string stream = framed("{}") + framed("") + framed("\r\n\r\n") +
                       framed("Gr\xc3\xbc\xc3\x9f"
                              "e");
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader;
    std::string got;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.feed(llvm::StringRef(stream).substr(at, piece));
      while (std::optional<ssot::Frame> frame = reader.next()) {
        EXPECT_EQ(frame->problem, "");
        got += "[" + frame->content + "]";
      }
    }
    EXPECT_EQ(got, "[{}][][\r\n\r\n][Gr\xc3\xbc\xc3\x9f"
                   "e]")
        << piece;
  }
}

TEST(Framing, ReadsOtherHeadersAndAnyCase) {
  FrameReader reader;
  reader.feed("content-length:  2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}");
  std::optional<ssot::Frame> frame = reader.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->content, "{}");
  EXPECT_FALSE(reader.next());
}

TEST(Framing, CountsBytesAndNotCharacters) { EXPECT_EQ(framed("\xc3\xbc"), "Content-Length: 2\r\n\r\n\xc3\xbc"); }

TEST(Framing, GoesOnBehindAHeaderWithoutALength) {
  for (llvm::StringRef header : {"Nonsense\r\n\r\n", "Content-Length: many\r\n\r\n", "Content-Length: -1\r\n\r\n",
                                 "Content-Length: 99999999999999999999\r\n\r\n", "\r\n\r\n"}) {
    FrameReader reader;
    reader.feed(header);
    reader.feed(framed("{}"));
    std::optional<ssot::Frame> first = reader.next();
    ASSERT_TRUE(first) << header.str();
    EXPECT_NE(first->problem, "");
    std::optional<ssot::Frame> second = reader.next();
    ASSERT_TRUE(second) << header.str();
    EXPECT_EQ(second->content, "{}");
  }
}

} // namespace
