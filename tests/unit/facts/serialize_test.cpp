// What is written is read again, and what was damaged on the way is an error and nothing worse.

#include "facts/serialize.h"

#include "support/sample_facts.h"

#include <gmock/gmock.h>

namespace ssot::test {
namespace {

/// \returns the error's text, or an empty string.
std::string errorOf(llvm::Expected<UnitFacts> facts) {
  return facts ? std::string() : llvm::toString(facts.takeError());
}

TEST(Serialize, ReadsBackWhatWasWritten) {
  std::string bytes = serialize(sampleFacts());
  llvm::Expected<UnitFacts> read = deserialize(bytes);
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(serialize(*read), bytes);

  // The bytes above would agree on a field that neither direction knows: a few fields of each depth are looked at.
  const FunctionFact &function = read->functions.at(0);
  EXPECT_EQ(read->strings[function.name], "ns::send");
  EXPECT_EQ(function.body.calls.at(0).arguments.at(0), sampleFacts().functions[0].body.calls[0].arguments[0]);
  EXPECT_EQ(function.body.flow->children.at(0).children.at(1).value,
            sampleFacts().functions[0].body.flow->children[0].children[1].value);
  EXPECT_EQ(function.shape->statements, (std::vector<std::uint32_t>{1, 2, 4000000000u}));
  EXPECT_TRUE(read->types.at(0).methods.at(0).isDefaultedOrDeleted);
  EXPECT_TRUE(read->storages.at(0).returned);
  EXPECT_EQ(function.events->nodes.at(0).thrown, std::vector<std::uint32_t>{2});
  EXPECT_EQ(read->interfaces.at(0).self.members.at(0).ref, RefQualifier::RValue);
  EXPECT_TRUE(read->callees.at(0).isNoexcept);
  EXPECT_EQ(read->warnings.at(0).flag, "unused-variable");
  EXPECT_EQ(read->nolints.at(0).kind, NolintKind::End);
  EXPECT_EQ(read->error->message, "unknown type");
  EXPECT_EQ(read->files.at(0).lines, 10u);
}

TEST(Serialize, AnEmptyUnit) {
  llvm::Expected<UnitFacts> read = deserialize(serialize(UnitFacts()));
  ASSERT_TRUE(static_cast<bool>(read));
  EXPECT_EQ(read->strings.size(), 1u);
  EXPECT_FALSE(read->error);
}

TEST(Serialize, OtherBytesAreRefused) {
  EXPECT_EQ(errorOf(deserialize("")), "not a facts file");
  EXPECT_EQ(errorOf(deserialize("{\"facts\": []}")), "not a facts file");
  EXPECT_EQ(errorOf(deserialize(serialize(sampleFacts()) + "x")), "damaged facts");
  std::string newer = serialize(sampleFacts());
  newer[10] = 100; // the version follows the magic word
  EXPECT_EQ(errorOf(deserialize(newer)), "facts of another version of ssot");
}

TEST(Serialize, EveryTruncationIsAnError) {
  std::string bytes = serialize(sampleFacts());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(errorOf(deserialize(llvm::StringRef(bytes).take_front(length))), "") << "cut to " << length << " bytes";
}

TEST(Serialize, IndicesOutOfRangeAreRefused) {
  UnitFacts facts = sampleFacts();
  facts.uses[0].name = static_cast<StringId>(facts.strings.size());
  EXPECT_EQ(errorOf(deserialize(serialize(facts))), "damaged facts");

  facts = sampleFacts();
  facts.uses[0].place.file = static_cast<std::uint32_t>(facts.files.size());
  EXPECT_EQ(errorOf(deserialize(serialize(facts))), "damaged facts");

  facts = sampleFacts();
  facts.functions[0].body.flow->children[0].children[0].call = 1;
  EXPECT_EQ(errorOf(deserialize(serialize(facts))), "damaged facts");

  facts = sampleFacts();
  facts.functions[0].body.flow->children[0].children[1].value->index = 1;
  EXPECT_EQ(errorOf(deserialize(serialize(facts))), "damaged facts");

  facts = sampleFacts();
  facts.creations[0].kind = static_cast<CreationKind>(7);
  EXPECT_EQ(errorOf(deserialize(serialize(facts))), "damaged facts");
}

TEST(Serialize, NestingHasALimit) {
  UnitFacts facts = sampleFacts();
  Origin deep;
  for (int i = 0; i < 5000; ++i) {
    Origin outer;
    outer.operands.push_back(std::move(deep));
    deep = std::move(outer);
  }
  facts.functions[0].body.calls[0].arguments = {deep};
  EXPECT_EQ(errorOf(deserialize(serialize(facts))), "damaged facts");
}

/// Every byte takes a few other values: reading ends in facts whose indices are in range, or in an error.
TEST(Serialize, DamagedBytesNeverGiveIndicesOutOfRange) {
  const std::string bytes = serialize(sampleFacts());
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (unsigned change : {0x01u, 0x7fu, 0x80u, 0xffu}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      llvm::Expected<UnitFacts> read = deserialize(damaged);
      if (!read) {
        llvm::consumeError(read.takeError());
        ++refused;
        continue;
      }
      for (const UseFact &use : read->uses) {
        ASSERT_LT(use.name, read->strings.size());
        ASSERT_LT(use.place.file, read->files.size());
      }
      EXPECT_EQ(errorOf(deserialize(serialize(*read))), "") << "byte " << at << " ^ " << change;
    }
  EXPECT_GT(refused, bytes.size());
}

} // namespace
} // namespace ssot::test
