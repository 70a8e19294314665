// tests/support/sample_facts.h - facts made by hand: a few of every kind, with everything set that can be.
#pragma once

#include "facts/facts.h"

#include <string>
#include <utility>

namespace ssot::test {

/// Adds strings and places to a unit as extraction would.
class FactsMaker {
public:
  UnitFacts facts;

  StringId text(const std::string &value) {
    for (StringId i = 0; i < facts.strings.size(); ++i)
      if (facts.strings[i] == value)
        return i;
    facts.strings.push_back(value);
    return static_cast<StringId>(facts.strings.size() - 1);
  }
  std::uint32_t file(const std::string &path, bool inProject = true, std::uint32_t lines = 10) {
    for (std::uint32_t i = 0; i < facts.files.size(); ++i)
      if (facts.files[i].path == path)
        return i;
    facts.files.push_back({path, inProject, lines});
    return static_cast<std::uint32_t>(facts.files.size() - 1);
  }
  Place place(const std::string &path, std::uint32_t begin, std::uint32_t length = 5) {
    Place place;
    place.file = file(path);
    place.begin = begin;
    place.end = begin + length;
    place.line = place.endLine = 1;
    place.column = begin + 1;
    place.endColumn = place.column + length;
    return place;
  }
  UseFact &use(const std::string &name, const std::string &path, std::uint32_t begin,
               UseKind kind = UseKind::Reference) {
    UseFact use;
    use.name = text(name);
    use.usr = kind == UseKind::Dependent ? 0 : text("c:" + name);
    use.kind = kind;
    use.place = place(path, begin);
    return facts.uses.emplace_back(use);
  }
  FunctionFact &function(const std::string &name, const std::string &path, std::uint32_t begin, std::uint32_t end) {
    FunctionFact function;
    function.name = text(name);
    function.usr = text("c:" + name);
    function.place = place(path, begin);
    function.extent = place(path, begin, end - begin);
    return facts.functions.emplace_back(std::move(function));
  }
  TypeFact &type(const std::string &name, const std::string &path, std::uint32_t begin, std::uint32_t end) {
    TypeFact type;
    type.name = text(name);
    type.usr = text("c:" + name);
    type.place = place(path, begin);
    type.extent = place(path, begin, end - begin);
    return facts.types.emplace_back(std::move(type));
  }
  SymbolFact &symbol(const std::string &name, const std::string &path, std::uint32_t begin, bool defined) {
    SymbolFact symbol;
    symbol.name = text(name);
    symbol.usr = text("c:" + name);
    symbol.place = place(path, begin);
    symbol.defined = defined;
    symbol.inProject = true;
    return facts.symbols.emplace_back(symbol);
  }
};

/// A unit with at least one fact of every kind, no field left at its default.
inline UnitFacts sampleFacts() {
  FactsMaker make;
  make.facts.includes.push_back({make.place("src/a.cpp", 9), make.text("lib/a.h"), true, make.text("include/lib/a.h")});
  make.symbol("ns::Router", "src/a.cpp", 30, true).kind = SymbolKind::Class;
  TypeFact &type = make.type("ns::Router", "include/lib/a.h", 20, 90);
  type.kind = TypeKind::Struct;
  type.access = Access::Private;
  type.isNested = type.isLocal = type.isTemplate = type.isSpecialization = type.isAbstract = true;
  type.bases = {make.text("c:@S@Base")};
  type.methods = {{make.text("c:m"), make.text("m"), make.text("int (int)"), Access::Protected, true, true, true}};
  type.fields = {{make.text("table_"), make.text("std::map<int, int>")}};
  FunctionFact &function = make.function("ns::send", "src/a.cpp", 100, 300);
  function.parentClass = make.text("c:ns::Router");
  function.bodyLines = 7;
  function.access = Access::Protected;
  function.isMethod = function.isStatic = function.isSpecial = function.isTemplate = function.isLocalOrLambda = true;
  function.result = make.text("int");
  function.parameters = {{make.text("user"), make.text("UserId")}, {make.text("event"), make.text("const Event &")}};
  function.overrides = {make.text("c:base")};
  Origin parameter{OriginKind::Parameter, 1, 0, make.text("event"), {}};
  Origin converted{OriginKind::Conversion, 0, make.text("c:str"), make.text("Id::str"), {parameter}};
  CallFact call{make.text("c:target"),
                make.text("ns::target"),
                make.place("src/a.cpp", 150),
                parameter,
                {converted, parameter},
                true,
                true};
  function.body.calls = {call};
  FlowNode invoke;
  invoke.kind = FlowKind::Call;
  invoke.place = make.place("src/a.cpp", 150);
  FlowNode leave;
  leave.kind = FlowKind::Return;
  leave.value = Origin{OriginKind::Call, 0, 0, 0, {}};
  FlowNode fork;
  fork.kind = FlowKind::Branch;
  fork.condition = ConditionKind::Null;
  fork.nullIsElse = fork.rethrows = fork.counts = true;
  fork.children = {invoke, leave};
  function.body.flow = FlowNode{};
  function.body.flow->children = {fork};
  function.flowTooLarge = true;
  function.body.steps = {{StepKind::Guard, make.text("0"), make.text("c:@F@step#"), 3, make.place("src/a.cpp", 150)}};
  function.shape = BodyShape{{1, 2, 4000000000u}, {7, 9}, {make.text("push_back")}, {5, 8}, 42};
  EventNode begin;
  begin.kind = EventNodeKind::Event;
  begin.usr = make.text("c:emit");
  begin.name = make.text("ns::emit");
  begin.event = make.text("ns::started");
  begin.place = make.place("src/a.cpp", 160);
  begin.next = {1};
  begin.thrown = {2};
  function.events = EventGraph{{begin, {}, {}}, make.text("goto")};
  UseFact &use = make.use("ns::Old", "src/a.cpp", 400, UseKind::Alias);
  use.inMacroBody = true;
  use.context = make.text("9F");
  ForwardFact forward;
  forward.name = make.text("ns::Old");
  forward.usr = make.text("c:ns::Old");
  forward.place = make.place("src/a.cpp", 402, 3);
  forward.extent = make.place("src/a.cpp", 400, 6);
  forward.blocks = {{make.text("ns"), make.text("around"), make.place("src/a.cpp", 390, 30), 398, 419, 2, true,
                     make.place("src/a.cpp", 392, 2)}};
  forward.kind = ForwardKind::Macro;
  forward.key = make.text("class");
  forward.head = make.place("src/a.cpp", 399, 1);
  forward.isOdd = true;
  make.facts.forwards.push_back(forward);
  make.facts.directives.push_back({make.text("ns"),
                                   true,
                                   true,
                                   make.place("src/a.cpp", 405),
                                   make.place("src/a.cpp", 404, 9),
                                   {make.place("src/a.cpp", 430)},
                                   true});
  make.facts.creations.push_back({make.text("ns::Router"), make.text("c:ns::Router"), CreationKind::MakeFunction,
                                  make.place("src/a.cpp", 410), make.text("c:ns::send"), make.text("A0")});
  MadeVariable variable{make.place("src/a.cpp", 406), make.place("src/a.cpp", 411), make.place("src/a.cpp", 416),
                        make.place("src/a.cpp", 417, 3)};
  variable.isStatic = variable.isConst = variable.isLocal = true;
  variable.members = {make.place("src/a.cpp", 450, 1)};
  variable.other = make.place("src/a.cpp", 455, 1);
  make.facts.creations.back().variable = variable;
  StorageFact storage;
  storage.className = make.text("ns::Router");
  storage.usr = make.text("c:ns::Router");
  storage.variable = make.text("ns::instance");
  storage.kind = StorageKind::ThreadLocal;
  storage.type = make.text("std::shared_ptr<Router>");
  storage.ways = {{{{2, 3, true, {}}}}};
  storage.isConst = storage.viaPointer = storage.perUnit = storage.returned = true;
  storage.functionUsr = make.text("c:ns::send");
  storage.place = make.place("src/a.cpp", 420);
  make.facts.storages.push_back(storage);
  CallSiteFact site;
  site.name = make.text("ns::send");
  site.usr = make.text("c:ns::send");
  site.place = make.place("src/a.cpp", 500, 30);
  site.callee = make.place("src/a.cpp", 506);
  site.object = ArgumentFact{make.place("src/a.cpp", 500), true, true};
  site.arguments = {{make.place("src/a.cpp", 512), true, false}, {make.place("src/a.cpp", 520), false, true}};
  site.types = {make.text("int"), make.text("std::string")};
  site.arrow = site.inMacroBody = true;
  site.context = make.text("C2");
  make.facts.callSites.push_back(site);
  make.facts.conversions.push_back({ValueKind::Result, make.text("old::send"), make.place("src/a.cpp", 30),
                                    make.place("src/a.cpp", 25, 12), 1, make.text("bool"),
                                    make.text("from 'int' to 'bool'"), make.text("true"), make.text("c:old::send")});
  InterfaceMember method;
  method.usr = make.text("c:ns::Old::send");
  method.name = make.text("send");
  method.place = make.place("src/a.cpp", 425);
  method.access = Access::Protected;
  method.type = make.text("int");
  method.parameters = {{make.text("UserId"), true, make.text("0"), {make.text("int")}, {}}};
  method.exceptions = make.text("noexcept");
  method.head = make.text("template <typename>");
  method.value = make.text("7");
  method.ref = RefQualifier::RValue;
  method.isStatic = method.isConst = method.isVolatile = method.isVariadic = true;
  method.isVirtual = method.isExplicit = method.isDeleted = true;
  InterfaceMember holder = method;
  holder.kind = MemberKind::Class;
  holder.members = {method};
  make.facts.interfaces.push_back({make.text("ns::Old"), make.text("ns::Older"), holder});
  CalleeFact callee;
  callee.name = make.text("ns::New::send");
  callee.usr = make.text("c:ns::New::send");
  callee.className = make.text("ns::New");
  callee.place = make.place("src/a.cpp", 460);
  callee.result = make.text("ns::Sent");
  callee.parameters = {{make.text("to"), make.text("int"), make.text("default"), make.text("7")}};
  callee.members = {{make.text("count"), make.text("int"), 0}};
  callee.isNoexcept = callee.givesStatic = true;
  make.facts.callees.push_back(callee);
  make.facts.matches.push_back({make.text("no-sleep"), true, make.place("src/a.cpp", 430), make.text("B1")});
  make.facts.nolints.push_back(
      {NolintKind::End, {make.text("no-sleep")}, make.text("why"), make.place("src/a.cpp", 440)});
  make.facts.error = DiagnosticFact{"src/a.cpp", 3, 4, "unknown type", ""};
  make.facts.warnings = {{"src/a.cpp", 5, 6, "unused", "unused-variable"}};
  return make.facts;
}

} // namespace ssot::test
