// What is cut is joined again, and units that see a file alike have the same piece of it.

#include "facts/pieces.h"

#include "facts/serialize.h"
#include "support/sample_facts.h"

#include <gmock/gmock.h>

namespace ssot::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// \returns the error's text, or an empty string.
template <typename T>
std::string errorOf(llvm::Expected<T> value) {
  return value ? std::string() : llvm::toString(value.takeError());
}

/// A unit that reads its own file and a header, and says the same of that as any other does.
UnitFacts unitOf(const std::string &file) {
  UnitFacts unit;
  unit.files = {{file, true, 3}, {"a.h", true, 9}, {"unused.h", true, 1}};
  unit.strings = {"", "of " + file, "f", "usr"};
  FunctionFact own, shared;
  own.name = 1;
  shared.name = 2;
  shared.usr = 3;
  shared.place.file = shared.extent.file = 1;
  unit.functions = {own, shared};
  NolintFact comment;
  comment.place.file = 1;
  unit.nolints = {comment};
  UseFact leftOut;
  leftOut.kind = UseKind::Inactive;
  leftOut.name = 2;
  leftOut.place.file = 1;
  unit.uses = {leftOut};
  return unit;
}

CutFacts mustRead(const std::string &bytes) {
  llvm::Expected<CutFacts> read = readCut(bytes);
  if (!read)
    ADD_FAILURE() << llvm::toString(read.takeError());
  return read ? std::move(*read) : CutFacts();
}

TEST(Pieces, WhatIsCutIsJoined) {
  UnitFacts sample = sampleFacts();
  sample.error.reset();
  llvm::Expected<UnitFacts> again = joined(cut(sample));
  ASSERT_TRUE(static_cast<bool>(again)) << llvm::toString(again.takeError());
  EXPECT_EQ(again->functions.size(), sample.functions.size());
  EXPECT_EQ(again->strings[again->functions[0].name], "ns::send");
  EXPECT_EQ(again->files[again->functions[0].place.file].path, sample.files[sample.functions[0].place.file].path);
  EXPECT_EQ(cut(*again), cut(sample));
}

TEST(Pieces, UnitsThatSeeAHeaderAlikeShareItsPieces) {
  std::string a = cut(unitOf("a.cpp")), b = cut(unitOf("b.cpp"));
  CutFacts first = mustRead(a), second = mustRead(b);
  ASSERT_THAT(first.pieces, SizeIs(3)) << "of the unit's file what a parse tells, of the header the two kinds";
  EXPECT_NE(first.pieces[0].name, second.pieces[0].name);
  EXPECT_EQ(first.pieces[1].name, second.pieces[1].name);
  EXPECT_EQ(first.pieces[2].name, second.pieces[2].name);
  EXPECT_EQ(first.pieces[1].kind, PieceKind::Scanned);
  EXPECT_EQ(first.pieces[2].kind, PieceKind::Parsed);
}

TEST(Pieces, WhatEachUnitMustSayForItself) {
  std::string bytes = cut(unitOf("a.cpp"));
  llvm::Expected<UnitFacts> own = ownFacts(mustRead(bytes));
  ASSERT_TRUE(static_cast<bool>(own));
  EXPECT_THAT(own->files, SizeIs(3)) << "all that was read, whatever is said of it";
  EXPECT_THAT(own->functions, IsEmpty());
  ASSERT_THAT(own->uses, SizeIs(1)) << "it counts how many units leave a branch out";
  EXPECT_EQ(own->strings[own->uses[0].name], "f");
}

TEST(Pieces, AHeadIsReadAlone) {
  std::string bytes = cut(unitOf("a.cpp"));
  CutFacts whole = mustRead(bytes);
  std::string head = whole.head.str();
  CutFacts alone = mustRead(head);
  EXPECT_EQ(alone.own, whole.own);
  ASSERT_THAT(alone.pieces, SizeIs(3));
  EXPECT_EQ(alone.pieces[1].name, whole.pieces[1].name);
  EXPECT_EQ(alone.pieces[1].bytes.data(), nullptr);
  EXPECT_EQ(errorOf(joined(head)), "damaged facts") << "its pieces are missing";
}

TEST(Pieces, DamageIsNoticed) {
  const std::string bytes = cut(unitOf("a.cpp"));
  EXPECT_EQ(errorOf(joined("")), "not a facts file");
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(errorOf(joined(llvm::StringRef(bytes).take_front(length))), "") << "cut to " << length << " bytes";
  CutFacts read = mustRead(bytes);
  for (std::size_t at = read.head.size(); at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    EXPECT_EQ(errorOf(joined(damaged)), "damaged facts") << "byte " << at;
  }
  for (std::size_t at = 0; at < read.head.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    errorOf(joined(damaged)); // may mean something else; must not crash
  }
}

} // namespace
} // namespace ssot::test
