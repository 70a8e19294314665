// Where a name of the vocabulary is written, in every position. A use is printed as `line:column kind name`.

#include "support/extracted.h"

#include <gmock/gmock.h>

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char *text(UseKind kind) {
  switch (kind) {
  case UseKind::Reference:
    return "reference";
  case UseKind::Declaration:
    return "declaration";
  case UseKind::Using:
    return "using";
  case UseKind::Directive:
    return "directive";
  case UseKind::Alias:
    return "alias";
  case UseKind::MacroDefinition:
    return "macro";
  case UseKind::Dependent:
    return "dependent";
  case UseKind::Inactive:
    return "inactive";
  }
  return "?";
}

std::vector<std::string> usesOf(const UnitFacts &facts) {
  std::vector<std::string> uses;
  if (facts.error)
    uses.push_back("error: " + facts.error->message);
  for (const UseFact &use : facts.uses)
    uses.push_back((facts.files[use.place.file].path == "main.cpp" ? "" : facts.files[use.place.file].path + ":") +
                   std::to_string(use.place.line) + ":" + std::to_string(use.place.column) + " " + text(use.kind) +
                   " " + facts.strings[use.name]);
  return uses;
}

Vocabulary names(std::vector<std::string> words) {
  Vocabulary vocabulary;
  vocabulary.names = std::move(words);
  return vocabulary;
}

constexpr char kLegacy[] = R"cpp(
#pragma once
namespace old {
class Router {
public:
  Router();
  Router(const Router &);
  int send(int);
  static Router &instance();
};
int broadcast(int user);
template <typename T> struct Pool { T value; };
enum class Level { low, high };
}
)cpp";

std::vector<std::string> usesIn(const std::string &code, std::vector<std::string> words = {"old::Router"}) {
  return usesOf(extract({{"old.h", kLegacy}, {"main.cpp", "#include \"old.h\"\n" + code}}, names(std::move(words))));
}

TEST(Uses, OwnDefinitionAndMembersAreNone) {
  EXPECT_THAT(usesIn("old::Router::Router() {}\n"
                     "int old::Router::send(int v) { Router copy(*this); return v; }\n"
                     "old::Router &old::Router::instance() { static Router r; return r; }\n"),
              IsEmpty());
}

TEST(Uses, TypesInEveryPosition) {
  EXPECT_THAT(usesIn("old::Router global;\n"
                     "void f(old::Router &r, const old::Router *p = nullptr);\n"
                     "struct D : old::Router { D() : old::Router() {} };\n"
                     "old::Pool<old::Router> pool;\n"
                     "auto g = [](old::Router) {};\n"
                     "using Fn = int (old::Router::*)(int);\n"
                     "auto size = sizeof(old::Router);\n"),
              ElementsAre("2:6 reference old::Router", "3:13 reference old::Router", "3:35 reference old::Router",
                          "4:17 reference old::Router", "4:37 reference old::Router", "5:16 reference old::Router",
                          "6:18 reference old::Router", "7:22 reference old::Router", "8:25 reference old::Router"));
}

TEST(Uses, ExpressionsThatNameTheType) {
  EXPECT_THAT(usesIn("void f() {\n"
                     "  auto a = old::Router();\n"
                     "  auto *b = new old::Router;\n"
                     "  old::Router::instance();\n"
                     "  auto c = static_cast<void *>(b);\n"
                     "  auto d = static_cast<old::Router *>(c);\n"
                     "  decltype(a) e;\n"
                     "  auto m = &old::Router::send;\n"
                     "}\n"),
              ElementsAre("3:17 reference old::Router", "4:22 reference old::Router", "5:8 reference old::Router",
                          "7:29 reference old::Router", "9:18 reference old::Router"));
}

TEST(Uses, AliasesCountOnceAtTheAlias) {
  EXPECT_THAT(usesIn("using Alias = old::Router;\n"
                     "typedef old::Router Other;\n"
                     "Alias a; Other b;\n"),
              ElementsAre("2:20 alias old::Router", "3:14 alias old::Router"));
}

TEST(Uses, UsingDeclarationsAndWhatIsWrittenThroughThem) {
  EXPECT_THAT(usesIn("using old::Router;\nRouter r;\n"),
              ElementsAre("2:12 using old::Router", "3:1 reference old::Router"));
}

TEST(Uses, NamespacesAliasesAndDirectives) {
  EXPECT_THAT(usesIn("namespace short_name = old;\nusing namespace old;\nshort_name::Router r;\n", {"old"}),
              ElementsAre("2:24 directive old", "3:17 directive old"));
}

TEST(Uses, ForwardAndFriendDeclarations) {
  EXPECT_THAT(usesIn("namespace old { class Router; }\nclass X { friend class old::Router; };\n"),
              ElementsAre("2:23 declaration old::Router", "3:29 declaration old::Router"));
}

TEST(Uses, FunctionsCalledAndTaken) {
  EXPECT_THAT(
      usesIn(
          "int (*p)(int) = old::broadcast;\nint v = old::broadcast(1);\nusing old::broadcast;\nint w = broadcast(2);\n",
          {"old::broadcast"}),
      ElementsAre("2:22 reference old::broadcast", "3:14 reference old::broadcast", "4:12 using old::broadcast",
                  "5:9 reference old::broadcast"));
}

TEST(Uses, MethodsOnObjects) {
  EXPECT_THAT(
      usesIn("int f(old::Router &r, old::Router *p) { return r.send(1) + p->send(2); }\n", {"old::Router::send"}),
      ElementsAre("2:50 reference old::Router::send", "2:63 reference old::Router::send"));
}

TEST(Uses, TemplatesAndTemplateTemplateArguments) {
  EXPECT_THAT(usesIn("old::Pool<int> a;\ntemplate <template <typename> class P> struct Holder { P<int> p; "
                     "};\nHolder<old::Pool> h;\n"
                     "old::Pool d{1};\n",
                     {"old::Pool"}),
              ElementsAre("2:6 reference old::Pool", "4:13 reference old::Pool", "5:6 reference old::Pool"));
}

TEST(Uses, ADeductionGuideIsPartOfItsClass) {
  EXPECT_THAT(usesIn("namespace old { Pool(int *) -> Pool<int>; }\nold::Pool<int> pool;\n", {"old::Pool"}),
              ElementsAre("3:6 reference old::Pool"));
}

TEST(Uses, ExplicitInstantiations) {
  EXPECT_THAT(usesIn("template class old::Pool<int>;\nextern template class old::Pool<long>;\n"
                     "namespace old { template <typename T> void drain(T) {} }\n"
                     "template void old::drain<int>(int);\ntemplate <> class old::Pool<char> {};\n",
                     {"old::Pool", "old::drain"}),
              ElementsAre("2:21 reference old::Pool", "3:28 reference old::Pool", "5:20 reference old::drain"));
}

TEST(Uses, MacroArgumentAtTheArgumentMacroBodyAtTheDefinition) {
  EXPECT_THAT(usesIn("#define DECLARE(type, name) type name\n"
                     "#define ROUTER old::Router\n"
                     "DECLARE(old::Router, a);\n"
                     "ROUTER b;\nROUTER c;\n"),
              ElementsAre("3:21 reference old::Router", "4:14 reference old::Router"));
}

TEST(Uses, MacrosThemselves) {
  EXPECT_THAT(
      usesIn("#define OLD_SEND(x) old::broadcast(x)\nint v = OLD_SEND(1);\n#ifdef OLD_SEND\n#endif\n", {"OLD_SEND"}),
      ElementsAre("3:9 reference OLD_SEND", "4:8 reference OLD_SEND"));
}

TEST(Uses, NeitherCommentsNorStrings) {
  EXPECT_THAT(usesIn("// old::Router\nconst char *s = \"old::Router\";\n"), IsEmpty());
}

TEST(Uses, NamesInBranchesThatAreOffAreMentions) {
  EXPECT_THAT(
      usesIn("#if 0\nold::Router r; // old::Router\nconst char *s = \"old::Router\";\n#else\nold::Router q;\n#endif\n"),
      ElementsAre("3:6 inactive old::Router", "6:6 reference old::Router"));
  EXPECT_THAT(usesIn("#ifdef OLD\nold::Router a;\nnet::Router b;\no::Router c;\nRouter d;\n#endif\n#define OLD\n",
                     {"OLD", "net::Router", "old::Router"}),
              ElementsAre("2:8 reference OLD", "3:6 inactive old::Router", "4:6 inactive net::Router",
                          "5:4 inactive net::Router", "5:4 inactive old::Router", "6:1 inactive net::Router",
                          "6:1 inactive old::Router"))
      << "what the qualifier says decides; when it says none of the names, it may be any";
}

TEST(Uses, ADependentCallIsDecidedByItsInstantiations) {
  EXPECT_THAT(
      usesIn("template <typename T> int f(T &t) { return t.send(1); }\nint g(old::Router &r) { return f(r); }\n",
             {"old::Router::send"}),
      ElementsAre("2:46 reference old::Router::send"));
}

TEST(Uses, ADependentCallWithoutInstantiationStaysUndecided) {
  EXPECT_THAT(usesIn("template <typename T> int f(T &t) { return t.send(1); }\n", {"old::Router::send"}),
              ElementsAre("2:46 dependent old::Router::send"));
}

TEST(Uses, WhatNobodyWroteIsNone) {
  EXPECT_THAT(
      usesIn("struct D : old::Router { using old::Router::Router; };\nD d;\nauto f() { D copy = d; return copy; }\n"),
      ElementsAre("2:17 reference old::Router", "2:37 reference old::Router", "2:45 reference old::Router"));
}

TEST(Uses, EnumeratorsThroughTheirEnumeration) {
  EXPECT_THAT(usesIn("auto l = old::Level::low;\n", {"old::Level", "old::Level::low"}),
              ElementsAre("2:15 reference old::Level", "2:22 reference old::Level::low"));
}

} // namespace
} // namespace ssot::test
