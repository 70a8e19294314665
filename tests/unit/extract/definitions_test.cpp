// Types, functions, flow: what a unit defines, and how a body is reduced.

#include "support/extracted.h"

#include <gmock/gmock.h>

#include <map>

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Vocabulary flowOf(std::vector<std::string> names = {}) {
  Vocabulary vocabulary;
  vocabulary.names = std::move(names);
  vocabulary.flow = true;
  return vocabulary;
}

std::string text(const UnitFacts &facts, const Origin &origin) {
  std::string result;
  switch (origin.kind) {
  case OriginKind::Parameter:
    result = "param" + std::to_string(origin.index);
    break;
  case OriginKind::Member:
    result = "member";
    break;
  case OriginKind::This:
    result = "this";
    break;
  case OriginKind::Constant:
    result = "constant";
    break;
  case OriginKind::Call:
    result = "call" + std::to_string(origin.index);
    break;
  case OriginKind::Conversion:
    result = "conversion";
    break;
  case OriginKind::Local:
    result = "local";
    break;
  case OriginKind::Other:
    result = "other";
    break;
  }
  if (origin.operands.empty())
    return result;
  result += "(";
  for (const Origin &operand : origin.operands)
    result += (result.back() == '(' ? "" : ", ") + text(facts, operand);
  return result + ")";
}

/// The flow on one line: `if-null{...}{...}`, `call NAME(args)`, `return VALUE` ...
std::string text(const UnitFacts &facts, const FunctionFact &function, const FlowNode &node) {
  auto children = [&] {
    std::string inner;
    for (const FlowNode &child : node.children) {
      std::string one = text(facts, function, child);
      if (node.kind == FlowKind::Sequence)
        inner += (inner.empty() ? "" : "; ") + one;
      else
        inner += "{" + one + "}";
    }
    return inner;
  };
  switch (node.kind) {
  case FlowKind::Sequence:
    return children();
  case FlowKind::Branch: {
    std::string kind = node.condition == ConditionKind::Null ? (node.nullIsElse ? "if-there" : "if-null") : "if";
    return kind + children();
  }
  case FlowKind::Loop:
    return "loop" + children();
  case FlowKind::Try:
    return "try" + children() + (node.children.size() > 1 && node.children[1].rethrows ? " rethrows" : "");
  case FlowKind::Call: {
    const CallFact &call = function.body.calls[node.call];
    std::string result = "call " + facts.strings[call.name] + "(";
    for (const Origin &argument : call.arguments)
      result += (result.back() == '(' ? "" : ", ") + text(facts, argument);
    return result + ")";
  }
  case FlowKind::Return:
    return node.value ? "return " + text(facts, *node.value) : "return";
  case FlowKind::Throw:
    return "throw";
  case FlowKind::Effect:
    return node.counts ? "count" : "effect";
  case FlowKind::Break:
    return "break";
  case FlowKind::Switch:
    return "switch" + children();
  }
  return "?";
}

/// The flow of the function `f` in \p code.
std::string flowIn(const std::string &code) {
  constexpr char kService[] = R"cpp(
    #pragma once
    struct Result { int sent; bool ok() const; };
    struct Service { Result send(int user, const char *event); };
    Service *find();
    void log(const char *text);
    struct Guard { Guard(int &); ~Guard(); };
  )cpp";
  UnitFacts facts = extract({{"service.h", kService}, {"main.cpp", "#include \"service.h\"\n" + code}}, flowOf());
  if (facts.error)
    return "error: " + facts.error->message;
  for (const FunctionFact &function : facts.functions)
    if (facts.strings[function.name] == "f" || facts.strings[function.name] == "S::f")
      return function.body.flow ? text(facts, function, *function.body.flow) : "none";
  return "no function";
}

TEST(Flow, AForwardedCallAndItsResult) {
  EXPECT_EQ(flowIn("int f(Service &s, int u, const char *e) { return s.send(u, e).sent; }"),
            "call Service::send(param1, param2); return conversion(call0)");
}

TEST(Flow, ThroughALocal) {
  EXPECT_EQ(flowIn("int f(Service &s, int u, const char *e) { auto result = s.send(u, e); return result.sent; }"),
            "call Service::send(param1, param2); return conversion(call0)");
}

TEST(Flow, NullCheckFirst) {
  EXPECT_EQ(flowIn("int f(Service *s, int u) { if (!s) return 0; return s->send(u, nullptr).sent; }"),
            "if-null{return constant}{}; call Service::send(param1, constant); return conversion(call0)");
  EXPECT_EQ(flowIn("int f(Service *s, int u) { if (s != nullptr) { return s->send(u, \"\").sent; } return 0; }"),
            "if-there{call Service::send(param1, constant); return conversion(call0)}{}; return constant");
  EXPECT_EQ(flowIn("int f(Service *s, int u) { return s ? s->send(u, \"\").sent : 0; }"),
            "if-there{call Service::send(param1, constant); return conversion(call0)}{return constant}");
}

TEST(Flow, OwnWork) {
  EXPECT_EQ(
      flowIn("struct S { int n; int last; int f(Service &s, int u) { ++n; last = u; return s.send(u, \"\").sent; } };"),
      "count; effect; call Service::send(param1, constant); return conversion(call0)");
}

TEST(Flow, AChangedParameterIsNoLongerTheParameter) {
  EXPECT_EQ(flowIn("int f(Service &s, int u) { u = u + 1; return s.send(u, \"\").sent; }"),
            "call Service::send(local, constant); return conversion(call0)");
}

TEST(Flow, AComputedArgument) {
  EXPECT_EQ(flowIn("int f(Service &s, int u) { return s.send(u + 1, \"\").sent; }"),
            "call Service::send(other(param1, constant), constant); return conversion(call0)");
}

TEST(Flow, LoopsBranchesAndTries) {
  EXPECT_EQ(
      flowIn("void f(Service &s, int u) { for (int i = 0; i < u; ++i) { if (i == 2) continue; s.send(i, \"\"); } }"),
      "loop{if{break}{}; call Service::send(local, constant)}");
  EXPECT_EQ(
      flowIn("int f(Service &s, int u) { try { return s.send(u, \"\").sent; } catch (...) { log(\"\"); return 0; } }"),
      "try{call Service::send(param1, constant); return conversion(call0)}{call log(constant); return constant}");
  EXPECT_EQ(flowIn("int f(Service &s, int u) { try { return s.send(u, \"\").sent; } catch (...) { throw; } }"),
            "try{call Service::send(param1, constant); return conversion(call0)}{throw} rethrows");
}

TEST(Flow, AGuardIsACallAndAUsedLocalIsNone) {
  EXPECT_EQ(flowIn("int f(Service &s, int u) { int n = 0; Guard guard(n); return s.send(u, \"\").sent; }"),
            "call Guard::Guard(constant); call Service::send(param1, constant); return conversion(call1)");
}

TEST(Types, ProjectTypesWithTheirRelations) {
  UnitFacts facts =
      extract({{"main.cpp", "namespace a { struct B {}; class C : public B { public: virtual void m() = 0; private: "
                            "int x; struct P {}; };\n"
                            "inline namespace v1 { enum class E { one }; } template <typename T> class T1 {}; }\n"
                            "namespace { struct Hidden {}; }\nvoid f() { struct Local {}; }"}},
              Vocabulary());
  std::vector<std::string> seen;
  for (const TypeFact &type : facts.types)
    seen.push_back(facts.strings[type.name] + (type.isLocal ? " local" : "") + (type.isNested ? " nested" : "") +
                   (type.isTemplate ? " template" : "") + (type.isAbstract ? " abstract" : "") +
                   (type.bases.empty() ? "" : " : " + facts.strings[type.bases[0]]));
  EXPECT_THAT(seen, UnorderedElementsAre("a::B", "a::C abstract : c:@N@a@S@B", "a::C::P nested", "a::E",
                                         "a::T1 template", "Hidden", "f::Local local"));
}

TEST(Unit, AnErrorLeavesFilesAndTheFirstErrorOnly) {
  UnitFacts facts =
      extract({{"a.h", "struct A {};\n"}, {"main.cpp", "#include \"a.h\"\nint x = nowhere;\nint y = elsewhere;\n"}},
              flowOf({"A"}));
  ASSERT_TRUE(facts.error);
  EXPECT_EQ(facts.error->file, "main.cpp");
  EXPECT_EQ(facts.error->line, 2u);
  EXPECT_EQ(facts.error->column, 9u);
  EXPECT_EQ(facts.error->message, "use of undeclared identifier 'nowhere'");
  EXPECT_THAT(facts.types, IsEmpty());
  std::vector<std::string> files;
  for (const FileFact &file : facts.files)
    files.push_back(file.path);
  EXPECT_THAT(files, UnorderedElementsAre("a.h", "main.cpp"));
}

TEST(Unit, BodiesOutsideTheProjectAreNotParsedAndNotRecorded) {
  UnitFacts facts =
      extract({{"/outside/lib.h", "inline int helper() { return not_declared_anywhere; }\nstruct Outside {};\n"},
               {"main.cpp", "#include \"/outside/lib.h\"\nint f() { return helper(); }\n"}},
              flowOf());
  EXPECT_FALSE(facts.error) << facts.error->message;
  EXPECT_EQ(facts.types.size(), 0u);
  EXPECT_EQ(facts.functions.size(), 1u);
}

TEST(Unit, ACanonicalDefinitionOutsideIsRecordedButNotOurs) {
  UnitFacts facts =
      extract({{"/outside/lib.h", "namespace lib { class Router { public: int send(int) { return 1; } }; }\n"},
               {"main.cpp", "#include \"/outside/lib.h\"\nlib::Router r;\n"}},
              flowOf({"lib::Router"}));
  ASSERT_FALSE(facts.error) << facts.error->message;
  ASSERT_EQ(facts.types.size(), 1u);
  EXPECT_EQ(facts.files[facts.types[0].place.file].path, "/outside/lib.h");
  EXPECT_FALSE(facts.files[facts.types[0].place.file].inProject);
  ASSERT_EQ(facts.symbols.size(), 1u);
  EXPECT_TRUE(facts.symbols[0].defined);
  EXPECT_FALSE(facts.symbols[0].inProject);
}

TEST(Symbols, NamesOfOneTypeHaveOneType) {
  UnitFacts facts =
      extract({{"main.cpp", "template <typename T> struct View {};\n"
                            "template <double Scale> struct Scaled {};\n"
                            "namespace { struct Local {}; }\n"
                            "using Text = View<char>;\ntypedef Text OldText;\nusing Constant = const Text;\n"
                            "using Wide = View<wchar_t>;\nusing Half = Scaled<0.5>;\nusing Third = Scaled<0.3>;\n"
                            "using Mine = Local;\nusing Number = int;\n"
                            "template <typename T> struct Of { using Part = View<T>; };\n"}},
              flowOf({"Text", "OldText", "Constant", "Wide", "Half", "Third", "Local", "Mine", "Number", "Of::Part"}));
  ASSERT_FALSE(facts.error) << facts.error->message;
  std::map<std::string, std::string> types;
  for (const SymbolFact &symbol : facts.symbols)
    types[facts.strings[symbol.name]] = facts.strings[symbol.type];
  EXPECT_NE(types.at("Text"), "");
  EXPECT_EQ(types.at("Text"), types.at("OldText"));
  EXPECT_NE(types.at("Text"), types.at("Wide"));
  EXPECT_NE(types.at("Half"), types.at("Third"));
  EXPECT_EQ(types.at("Local"), types.at("Mine"));
  for (const char *unknown : {"Constant", "Number", "Of::Part"})
    EXPECT_EQ(types.at(unknown), "") << unknown;
}

TEST(Includes, AsWrittenAndWhatTheyName) {
  UnitFacts facts = extract(
      {{"sub/a.h", "#pragma once\n"}, {"main.cpp", "#include \"sub/a.h\"\n#include <sub/../sub/a.h>\n"}}, Vocabulary());
  ASSERT_EQ(facts.includes.size(), 2u);
  EXPECT_EQ(facts.strings[facts.includes[0].spelled], "sub/a.h");
  EXPECT_FALSE(facts.includes[0].angled);
  EXPECT_EQ(facts.strings[facts.includes[1].resolved], "sub/a.h");
  EXPECT_TRUE(facts.includes[1].angled);
  EXPECT_EQ(facts.includes[0].place.column, 10u);
  EXPECT_EQ(facts.includes[0].place.endColumn, 19u);
}

TEST(Nolint, KindsRulesAndReasons) {
  UnitFacts facts =
      extract({{"main.cpp",
                "int a; // NOLINT(ssot-x): it is needed\n// NOLINTNEXTLINE(other, ssot-y,ssot-z)\nint b; // NOLINT\n"
                "const char *s = \"NOLINT(ssot-x): no\";\n"}},
              Vocabulary());
  ASSERT_EQ(facts.nolints.size(), 2u);
  EXPECT_EQ(facts.strings[facts.nolints[0].reason], "it is needed");
  EXPECT_EQ(facts.nolints[0].kind, NolintKind::Line);
  EXPECT_EQ(facts.nolints[1].rules.size(), 2u);
  EXPECT_EQ(facts.nolints[1].kind, NolintKind::NextLine);
  EXPECT_EQ(facts.nolints[1].reason, 0u);
}

TEST(Matchers, ErrorsCarryClangsWords) {
  EXPECT_FALSE(checkMatcher("varDecl(hasStaticStorageDuration()).bind(\"site\")"));
  std::optional<MatcherProblem> problem = checkMatcher("varDecl(hasStaticStorageDurations())");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "Matcher not found: hasStaticStorageDurations");
  EXPECT_EQ(problem->column, 9u);
}

const char *const kTemplates = R"cpp(
template <class T> struct Box {
  T value;
  T get() { return [this] { return value; }(); }
  template <class U> U as(U u) { return [&](auto other) { return other; }(u); }
  friend int peek(Box box) { return [box] { return int(box.value); }(); }
};
struct Kept { Kept() = default; ~Kept(); int number = 1; };
Kept::~Kept() = default;
template <class T> int make(T) { T made; return made.number; }
template <class F> int run(F f) { struct Local { F inner; int go() { return inner(); } }; return Local{f}.go(); }
int main() { Box<int> box{1}; return box.get() + box.as(2) + peek(box) + run([] { return 3; }) + make(Kept()); }
)cpp";

std::vector<std::string> functionsOf(const UnitFacts &facts) {
  std::vector<std::string> functions;
  for (const FunctionFact &function : facts.functions)
    functions.push_back(std::to_string(function.place.line) + ":" + std::to_string(function.place.column) + " " +
                        facts.strings[function.name]);
  return functions;
}

UnitFacts needed(const std::string &code) {
  return extract({{"main.cpp", code}}, flowOf({"net::Router"}), "main.cpp", {"-std=c++20"}, /*onlyNeeded=*/true);
}

TEST(Definitions, WhatATemplateIsMadeIntoIsNone) {
  UnitFacts facts = extract({{"main.cpp", kTemplates}}, flowOf());
  EXPECT_FALSE(facts.error);
  EXPECT_THAT(functionsOf(facts),
              ElementsAre("4:5 Box::get", "4:20 Box::get::(anonymous)::operator()", "5:24 Box::as",
                          "5:41 Box::as::(anonymous)::operator()", "6:14 peek", "6:37 peek::(anonymous)::operator()",
                          "9:7 Kept::~Kept", "10:24 make", "11:24 run", "11:63 run::Local::go", "12:5 main",
                          "12:78 main::(anonymous)::operator()"));
}

TEST(Definitions, AreTheSameWithoutTheBodiesThatTemplatesAreMadeInto) {
  UnitFacts all = extract({{"main.cpp", kTemplates}}, flowOf({"net::Router"}));
  UnitFacts some = needed(kTemplates);
  EXPECT_FALSE(some.error);
  EXPECT_THAT(functionsOf(some), testing::ElementsAreArray(functionsOf(all)));
}

TEST(Definitions, AnErrorInABodyThatIsNotMadeGoesUnnoticedWhereThatWasAskedFor) {
  const std::string wrong = "template <class T> int size(T t) { return t.size; }\nint main() { return size(1); }\n";
  EXPECT_TRUE(extract({{"main.cpp", wrong}}, flowOf({"net::Router"})).error);
  EXPECT_FALSE(needed(wrong).error);
  EXPECT_TRUE(needed(wrong + "namespace net { class Router; }").error);
  EXPECT_TRUE(needed("int main() { return 1.size; }").error);
}

} // namespace
} // namespace ssot::test
