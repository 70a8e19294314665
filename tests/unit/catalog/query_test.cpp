// What somebody types, and what is understood. What is found for it is tested on code: tests/integration/where_test.py.

#include "catalog/catalog.h"
#include "catalog/query.h"

#include <gmock/gmock.h>

namespace ssot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Words = std::vector<std::string>;

CatalogQuery read(llvm::StringRef text) {
  llvm::Expected<CatalogQuery> query = readQuery(text);
  EXPECT_TRUE(static_cast<bool>(query)) << text.str() << ": " << llvm::toString(query.takeError());
  return query ? std::move(*query) : CatalogQuery();
}

std::string errorOf(llvm::StringRef text) {
  llvm::Expected<CatalogQuery> query = readQuery(text);
  return query ? "" : llvm::toString(query.takeError());
}

TEST(CatalogQuery, SplitsNamesIntoWords) {
  EXPECT_THAT(read("broadcast to a user").words, ElementsAre("broadcast", "user"));
  EXPECT_THAT(read("HTTPRouter").words, ElementsAre("http", "router"));
  EXPECT_THAT(read("net::send_all").words, ElementsAre("net", "send", "all"));
  EXPECT_THAT(read("app/old_router.h").words, ElementsAre("app", "old", "router", "h"));
  EXPECT_THAT(read("send the sender SEND").words, ElementsAre("send", "sender"));
  EXPECT_THAT(read("gr\xC3\xB6\xC3\x9F"
                   "e_messen")
                  .words,
              ElementsAre("gr\xC3\xB6\xC3\x9F"
                          "e",
                          "messen"));
}

TEST(CatalogQuery, WordsThatSayLittleCountWhereNothingElseIsSaid) {
  EXPECT_THAT(read("to").words, ElementsAre("to"));
  EXPECT_THAT(read("is there a router").words, ElementsAre("router"));
}

TEST(CatalogQuery, ReadsSignatures) {
  CatalogQuery query = read("int app::send(UserId user, const std::string &text = {}, unsigned long)");
  EXPECT_TRUE(query.isSignature);
  EXPECT_EQ(query.name, "app::send");
  EXPECT_THAT(query.words, ElementsAre("app", "send"));
  EXPECT_THAT(query.result, ElementsAre("number"));
  EXPECT_THAT(query.takes, ElementsAre(Words{"userid"}, Words{"text"}, Words{"number"}));
}

TEST(CatalogQuery, ASignatureNeedsNeitherNameNorResult) {
  EXPECT_THAT(read("int(UserId)").words, IsEmpty());
  EXPECT_THAT(read("int(UserId)").result, ElementsAre("number"));
  EXPECT_THAT(read("send(UserId)").words, ElementsAre("send"));
  EXPECT_THAT(read("send(UserId)").result, IsEmpty());
  EXPECT_THAT(read("std::string(const char *)").result, ElementsAre("text"));
  EXPECT_THAT(read("send(void)").takes, IsEmpty());
  EXPECT_THAT(read("(std::map<UserId, std::vector<Event>> all, int n)").takes,
              ElementsAre(Words{"map", "userid", "vector", "event"}, Words{"number"}));
}

TEST(CatalogQuery, SaysWhatIsWrong) {
  EXPECT_EQ(errorOf(" :: "), "there is no word in '::'");
  EXPECT_EQ(errorOf("send(UserId"), "a bracket is not closed");
  EXPECT_EQ(errorOf("send(std::vector<int)"), "a bracket is not closed");
  EXPECT_EQ(errorOf("send(int>, int)"), "a bracket closes that was not opened");
}

TEST(CatalogTypes, AreToldApartWhateverTheyAreSpelledLike) {
  EXPECT_EQ(wordsOfType("const std::basic_string<char> &"), wordsOfType("std::string_view"));
  EXPECT_EQ(wordsOfType("unsigned long long"), wordsOfType("std::size_t"));
  EXPECT_EQ(wordsOfType("struct net::UserId *"), wordsOfType("UserId"));
  EXPECT_NE(wordsOfType("std::vector<UserId>"), wordsOfType("UserId"));
  EXPECT_NE(wordsOfType("bool"), wordsOfType("int"));
}

} // namespace
} // namespace ssot
