// Many units, one picture: what they share counts once, whatever order they come in.

#include "link/index.h"

#include "support/sample_facts.h"

#include <gmock/gmock.h>

namespace ssot::test {
namespace {

using testing::ElementsAre;

Index linked(std::vector<UnitFacts> units) {
  Linker linker;
  for (UnitFacts &unit : units)
    linker.add(std::move(unit));
  return linker.finish();
}

/// `name@path:begin` of every use.
std::vector<std::string> usesOf(const Index &index) {
  std::vector<std::string> texts;
  for (const UseFact &use : index.uses())
    texts.push_back(index.text(use.name).str() + "@" + index.path(use.place).str() + ":" +
                    std::to_string(use.place.begin));
  return texts;
}

TEST(Linker, CodeInAHeaderCountsOnce) {
  FactsMaker first, second;
  second.text("a string that shifts the numbers");
  second.file("src/b.cpp");
  for (FactsMaker *unit : {&first, &second}) {
    unit->use("Old", "include/a.h", 40);
    unit->function("inlined", "include/a.h", 60, 90);
    unit->type("Old", "include/a.h", 10, 30);
    unit->facts.nolints.push_back(
        {NolintKind::Line, {unit->text("r")}, unit->text("why"), unit->place("include/a.h", 100)});
  }
  second.use("Old", "src/b.cpp", 5);
  Index index = linked({first.facts, second.facts});
  EXPECT_THAT(usesOf(index), ElementsAre("Old@include/a.h:40", "Old@src/b.cpp:5"));
  EXPECT_EQ(index.functions().size(), 1u);
  EXPECT_EQ(index.types().size(), 1u);
  EXPECT_EQ(index.nolints().size(), 1u);
}

TEST(Linker, TheSamePlaceMeaningTwoThingsKeepsBoth) {
  FactsMaker plain, withFlag;
  plain.use("a::Old", "include/a.h", 40);
  withFlag.use("b::Old", "include/a.h", 40);
  EXPECT_THAT(usesOf(linked({withFlag.facts, plain.facts})),
              ElementsAre("a::Old@include/a.h:40", "b::Old@include/a.h:40"));
}

TEST(Linker, ADependentUseYieldsToADecidedOne) {
  FactsMaker guesses, knows;
  guesses.use("a::send", "include/a.h", 40, UseKind::Dependent);
  guesses.use("a::send", "include/a.h", 80, UseKind::Dependent);
  knows.use("b::send", "include/a.h", 40);
  Index index = linked({guesses.facts, knows.facts});
  EXPECT_THAT(usesOf(index), ElementsAre("b::send@include/a.h:40", "a::send@include/a.h:80"));
}

TEST(Linker, AnInactiveMentionStaysWhenEveryUnitLeavesItOut) {
  FactsMaker first, second, third;
  for (FactsMaker *unit : {&first, &second, &third})
    unit->use("a::Old", "include/a.h", 40, UseKind::Inactive);
  for (FactsMaker *unit : {&first, &second})
    unit->use("a::Old", "include/a.h", 80, UseKind::Inactive);
  EXPECT_THAT(usesOf(linked({first.facts, second.facts})),
              ElementsAre("a::Old@include/a.h:40", "a::Old@include/a.h:80"));
  EXPECT_THAT(usesOf(linked({third.facts, first.facts, second.facts})), ElementsAre("a::Old@include/a.h:40"))
      << "the third compiles the second mention, and it means nothing of ours there";
}

TEST(Linker, AFailedUnitTellsItsFilesOnly) {
  FactsMaker broken, good;
  broken.use("Old", "src/broken.cpp", 4);
  broken.file("include/both.h");
  broken.facts.error = DiagnosticFact{"src/broken.cpp", 1, 1, "no", ""};
  good.use("Old", "src/good.cpp", 4);
  good.file("include/both.h");
  Index index = linked({broken.facts, good.facts});
  EXPECT_THAT(usesOf(index), ElementsAre("Old@src/good.cpp:4"));
  std::vector<std::string> parsed;
  for (const IndexedFile &file : index.files())
    parsed.push_back(file.path + (file.parsed ? " parsed" : ""));
  EXPECT_THAT(parsed, ElementsAre("include/both.h parsed", "src/broken.cpp", "src/good.cpp parsed"));
}

TEST(Linker, DefinedAnywhereIsDefined) {
  FactsMaker declares, defines;
  declares.symbol("ns::Router", "include/a.h", 10, false);
  defines.symbol("ns::Router", "src/a.cpp", 10, true);
  Index index = linked({declares.facts, defines.facts});
  ASSERT_EQ(index.symbolsNamed("ns::Router").size(), 2u);
  for (const SymbolFact *symbol : index.symbolsNamed("ns::Router"))
    EXPECT_TRUE(symbol->defined);
  EXPECT_TRUE(index.symbolsNamed("nobody").empty());
}

TEST(Linker, TheViewWithAFlowStays) {
  FactsMaker without, with;
  without.function("f", "include/a.h", 10, 90).bodyLines = 1;
  with.function("f", "include/a.h", 10, 90).body.flow = FlowNode{};
  for (const auto &units : {std::vector{without.facts, with.facts}, std::vector{with.facts, without.facts}}) {
    Index index = linked(units);
    ASSERT_EQ(index.functions().size(), 1u);
    EXPECT_TRUE(index.bodyOf(index.functions()[0]).flow.has_value());
  }
}

TEST(Linker, ABodySpeaksOfTheNamesAndFilesOfTheIndex) {
  FactsMaker first, second;
  second.text("a string that shifts the numbers");
  second.file("src/a-file-that-shifts-the-numbers.cpp");
  for (FactsMaker *unit : {&first, &second}) {
    FunctionFact function = unit->function("f", "include/a.h", 10, 90);
    CallFact call;
    call.name = unit->text("callee");
    call.place = unit->place("include/a.h", 20);
    call.arguments = {Origin{OriginKind::Member, 0, unit->text("c:member"), unit->text("Member"), {}}};
    FlowNode invoke;
    invoke.kind = FlowKind::Call;
    invoke.place = call.place;
    function.body.calls = {call};
    function.body.flow = FlowNode{};
    function.body.flow->children = {invoke};
    function.body.steps = {{StepKind::Call, unit->text("callee"), unit->text("c:callee"), 0, call.place}};
    unit->facts.functions = {function};
  }
  for (const auto &units : {std::vector{first.facts, second.facts}, std::vector{second.facts, first.facts}}) {
    Index index = linked(units);
    ASSERT_EQ(index.functions().size(), 1u);
    FunctionBody body = index.bodyOf(index.functions()[0]);
    ASSERT_EQ(body.calls.size(), 1u);
    EXPECT_EQ(index.text(body.calls[0].name), "callee");
    EXPECT_EQ(index.path(body.calls[0].place), "include/a.h");
    EXPECT_EQ(index.text(body.calls[0].arguments.at(0).name), "Member");
    EXPECT_EQ(index.path(body.flow->children.at(0).place), "include/a.h");
    EXPECT_EQ(index.text(body.steps.at(0).usr), "c:callee");
    EXPECT_EQ(index.text(index.callsOf(index.functions()[0]).at(0).name), "callee");
  }
}

TEST(Linker, WhatTheProjectDefinesNobodyElseDefinesForIt) {
  FactsMaker ours, library;
  ours.type("Router", "include/router.h", 10, 30);
  library.file("/lib/router.cpp", false);
  library.type("Router", "/lib/router.cpp", 10, 30);
  library.function("Router::send", "/lib/router.cpp", 40, 60).parentClass = library.text("c:Router");
  library.function("canonical", "/lib/router.cpp", 70, 90);
  Index index = linked({ours.facts, library.facts});
  ASSERT_EQ(index.types().size(), 1u);
  EXPECT_EQ(index.path(index.types()[0].place), "include/router.h");
  ASSERT_EQ(index.functions().size(), 1u);
  EXPECT_EQ(index.text(index.functions()[0].name), "canonical");
}

TEST(Linker, KnowsWhatTheProjectDefinesSoFar) {
  FactsMaker ours, library;
  ours.type("Router", "include/router.h", 10, 30);
  library.file("/lib/other.cpp", false);
  library.type("Other", "/lib/other.cpp", 10, 30);
  Linker linker;
  EXPECT_FALSE(linker.defines("Router"));
  linker.add(std::move(ours.facts));
  linker.add(std::move(library.facts));
  EXPECT_TRUE(linker.defines("Router"));
  EXPECT_FALSE(linker.defines("Other"));
}

TEST(Linker, TheOrderOfUnitsDoesNotMatter) {
  FactsMaker a, b, c;
  a.use("Old", "src/z.cpp", 4);
  a.function("f", "include/a.h", 10, 90).bodyLines = 3;
  b.text("zzz");
  b.use("Elder", "src/a.cpp", 4);
  b.use("Old", "src/a.cpp", 4);
  b.function("f", "include/a.h", 10, 90).bodyLines = 4;
  c.use("Old", "include/a.h", 9);
  c.function("f", "include/a.h", 10, 90).result = c.text("aaa");
  auto picture = [](const Index &index) {
    std::vector<std::string> texts = usesOf(index);
    for (const FunctionFact &function : index.functions())
      texts.push_back(index.text(function.name).str() + " " + std::to_string(function.bodyLines) +
                      index.text(function.result).str());
    for (StringId id = 0; id < 8; ++id)
      texts.push_back(index.text(id).str());
    return texts;
  };
  std::vector<std::string> expected = picture(linked({a.facts, b.facts, c.facts}));
  EXPECT_EQ(picture(linked({a.facts, c.facts, b.facts})), expected);
  EXPECT_EQ(picture(linked({b.facts, a.facts, c.facts})), expected);
  EXPECT_EQ(picture(linked({c.facts, b.facts, a.facts})), expected);
}

TEST(Index, FindsByUsrAndTextAndPlace) {
  FactsMaker make;
  make.type("ns::Router", "src/a.cpp", 10, 200);
  make.function("ns::Router::send", "src/a.cpp", 50, 100);
  make.use("Old", "src/a.cpp", 60);
  make.use("Old", "src/a.cpp", 120);
  make.use("Old", "src/a.cpp", 300);
  Index index = linked({make.facts});
  EXPECT_EQ(index.text(index.find("ns::Router")), "ns::Router");
  EXPECT_EQ(index.find("nobody"), 0u);
  EXPECT_EQ(index.text(index.function(index.find("c:ns::Router::send"))->name), "ns::Router::send");
  EXPECT_EQ(index.function(index.find("c:ns::Router")), nullptr);
  EXPECT_NE(index.type(index.find("c:ns::Router")), nullptr);
  EXPECT_EQ(index.enclosing(index.uses()[0].place), "ns::Router::send");
  EXPECT_EQ(index.enclosing(index.uses()[1].place), "ns::Router");
  EXPECT_EQ(index.enclosing(index.uses()[2].place), "");
}

} // namespace
} // namespace ssot::test
