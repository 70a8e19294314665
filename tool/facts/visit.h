// facts/visit.h - the fields of every fact, named once.
//
// An archive that writes, one that reads and one that renumbers all walk over the same description, so none of them can
// forget a field. An archive has: integer, enumerator(value, last), flag, string, text(StringId), file(index),
// call(index, isCall), calls(count), size(count) -> count, present(bool) -> bool, deeper() and shallower() around what
// holds its own kind.
#pragma once

#include "facts/facts.h"

namespace ssot::facts {

template <typename Archive>
void io(Archive &archive, Place &value);
template <typename Archive>
void io(Archive &archive, FileFact &value);
template <typename Archive>
void io(Archive &archive, IncludeFact &value);
template <typename Archive>
void io(Archive &archive, SymbolFact &value);
template <typename Archive>
void io(Archive &archive, ParameterFact &value);
template <typename Archive>
void io(Archive &archive, Origin &value);
template <typename Archive>
void io(Archive &archive, CallFact &value);
template <typename Archive>
void io(Archive &archive, FlowNode &value);
template <typename Archive>
void io(Archive &archive, TypeShape &value);
template <typename Archive>
void io(Archive &archive, BodyShape &value);
template <typename Archive>
void io(Archive &archive, StepFact &value);
template <typename Archive>
void io(Archive &archive, StatementFact &value);
template <typename Archive>
void io(Archive &archive, EventNode &value);
template <typename Archive>
void io(Archive &archive, EventGraph &value);
template <typename Archive>
void io(Archive &archive, FunctionFact &value);
template <typename Archive>
void io(Archive &archive, MethodFact &value);
template <typename Archive>
void io(Archive &archive, FieldFact &value);
template <typename Archive>
void io(Archive &archive, TypeFact &value);
template <typename Archive>
void io(Archive &archive, UseFact &value);
template <typename Archive>
void io(Archive &archive, BlockFact &value);
template <typename Archive>
void io(Archive &archive, ForwardFact &value);
template <typename Archive>
void io(Archive &archive, DirectiveFact &value);
template <typename Archive>
void io(Archive &archive, MadeVariable &value);
template <typename Archive>
void io(Archive &archive, CreationFact &value);
template <typename Archive>
void io(Archive &archive, StorageStep &value);
template <typename Archive>
void io(Archive &archive, StorageWay &value);
template <typename Archive>
void io(Archive &archive, StorageFact &value);
template <typename Archive>
void io(Archive &archive, ArgumentFact &value);
template <typename Archive>
void io(Archive &archive, OperandOrder &value);
template <typename Archive>
void io(Archive &archive, CallSiteFact &value);
template <typename Archive>
void io(Archive &archive, InterfaceParameter &value);
template <typename Archive>
void io(Archive &archive, InterfaceMember &value);
template <typename Archive>
void io(Archive &archive, InterfaceFact &value);
template <typename Archive>
void io(Archive &archive, CalleeFact &value);
template <typename Archive>
void io(Archive &archive, ConversionFact &value);
template <typename Archive>
void io(Archive &archive, MatchFact &value);
template <typename Archive>
void io(Archive &archive, NolintFact &value);
template <typename Archive>
void io(Archive &archive, SkippedFact &value);
template <typename Archive>
void io(Archive &archive, DiagnosticFact &value);

template <typename Archive, typename T>
void sequence(Archive &archive, std::vector<T> &values) {
  values.resize(archive.size(values.size()));
  for (T &value : values)
    io(archive, value);
}

template <typename Archive>
void texts(Archive &archive, std::vector<StringId> &ids) {
  ids.resize(archive.size(ids.size()));
  for (StringId &id : ids)
    archive.text(id);
}

/// \param value a `std::optional` or a `Boxed`.
template <typename Archive, typename Optional>
void optional(Archive &archive, Optional &value) {
  if (archive.present(value.has_value())) {
    if (!value)
      value.emplace();
    io(archive, *value);
  }
}

template <typename Archive>
void io(Archive &archive, Place &place) {
  archive.file(place.file);
  archive.integer(place.begin);
  archive.integer(place.end);
  archive.integer(place.line);
  archive.integer(place.column);
  archive.integer(place.endLine);
  archive.integer(place.endColumn);
}

template <typename Archive>
void io(Archive &archive, FileFact &file) {
  archive.string(file.path);
  archive.flag(file.inProject);
  archive.integer(file.lines);
}

template <typename Archive>
void io(Archive &archive, IncludeFact &include) {
  io(archive, include.place);
  archive.text(include.spelled);
  archive.flag(include.angled);
  archive.text(include.resolved);
}

template <typename Archive>
void io(Archive &archive, SymbolFact &symbol) {
  archive.text(symbol.name);
  archive.text(symbol.usr);
  archive.enumerator(symbol.kind, SymbolKind::Other);
  archive.flag(symbol.defined);
  archive.flag(symbol.inProject);
  io(archive, symbol.place);
  archive.text(symbol.type);
}

template <typename Archive>
void io(Archive &archive, ParameterFact &parameter) {
  archive.text(parameter.name);
  archive.text(parameter.type);
  archive.text(parameter.defaultValue);
  archive.text(parameter.value);
}

template <typename Archive>
void io(Archive &archive, Origin &origin) {
  archive.deeper();
  archive.enumerator(origin.kind, OriginKind::Other);
  archive.call(origin.index, origin.kind == OriginKind::Call);
  archive.text(origin.usr);
  archive.text(origin.name);
  sequence(archive, origin.operands);
  archive.shallower();
}

template <typename Archive>
void io(Archive &archive, CallFact &call) {
  archive.text(call.usr);
  archive.text(call.name);
  io(archive, call.place);
  optional(archive, call.object);
  sequence(archive, call.arguments);
  archive.flag(call.dependent);
  archive.flag(call.resultUsed);
}

template <typename Archive>
void io(Archive &archive, FlowNode &node) {
  archive.deeper();
  archive.enumerator(node.kind, FlowKind::Switch);
  archive.enumerator(node.condition, ConditionKind::Constant);
  archive.flag(node.nullIsElse);
  archive.flag(node.rethrows);
  archive.flag(node.counts);
  archive.call(node.call, node.kind == FlowKind::Call);
  io(archive, node.place);
  optional(archive, node.value);
  sequence(archive, node.children);
  archive.shallower();
}

template <typename Archive>
void integers(Archive &archive, std::vector<std::uint32_t> &values) {
  values.resize(archive.size(values.size()));
  for (std::uint32_t &value : values)
    archive.integer(value);
}

template <typename Archive>
void io(Archive &archive, TypeShape &shape) {
  archive.text(shape.exact);
  archive.text(shape.loose);
  archive.text(shape.outer);
}

template <typename Archive>
void io(Archive &archive, BodyShape &shape) {
  integers(archive, shape.statements);
  integers(archive, shape.shingles);
  texts(archive, shape.callees);
  integers(archive, shape.effects);
  archive.integer(shape.nodes);
}

template <typename Archive>
void io(Archive &archive, StepFact &step) {
  archive.enumerator(step.kind, StepKind::Detail);
  archive.text(step.text);
  archive.text(step.usr);
  archive.integer(step.within);
  io(archive, step.place);
}

template <typename Archive>
void io(Archive &archive, StatementFact &statement) {
  archive.integer(statement.hash);
  archive.integer(statement.step);
  io(archive, statement.place);
}

template <typename Archive>
void io(Archive &archive, EventNode &node) {
  archive.enumerator(node.kind, EventNodeKind::Await);
  archive.text(node.usr);
  archive.text(node.name);
  archive.text(node.event);
  io(archive, node.place);
  integers(archive, node.next);
  integers(archive, node.thrown);
}

template <typename Archive>
void io(Archive &archive, EventGraph &graph) {
  sequence(archive, graph.nodes);
  archive.text(graph.unknown);
  archive.flag(graph.isCoroutine);
}

template <typename Archive>
void calls(Archive &archive, std::vector<CallFact> &calls) {
  calls.resize(archive.size(calls.size()));
  archive.calls(calls.size());
  for (CallFact &call : calls)
    io(archive, call);
}

template <typename Archive>
void io(Archive &archive, FunctionBody &body) {
  calls(archive, body.calls);
  optional(archive, body.flow);
  sequence(archive, body.steps);
  sequence(archive, body.statements);
  texts(archive, body.risks);
}

template <typename Archive>
void io(Archive &archive, FunctionFact &function) {
  archive.text(function.usr);
  archive.text(function.name);
  archive.text(function.parentClass);
  io(archive, function.place);
  io(archive, function.extent);
  archive.integer(function.bodyLines);
  archive.enumerator(function.access, Access::Private);
  archive.flag(function.isMethod);
  archive.flag(function.isStatic);
  archive.flag(function.isSpecial);
  archive.flag(function.isTemplate);
  archive.flag(function.isLocalOrLambda);
  archive.text(function.result);
  sequence(archive, function.parameters);
  texts(archive, function.overrides);
  texts(archive, function.reaches);
  calls(archive, function.body.calls);
  optional(archive, function.body.flow);
  archive.flag(function.flowTooLarge);
  optional(archive, function.written.body);
  optional(archive, function.written.head);
  archive.flag(function.written.isDeprecated);
  archive.text(function.written.deprecation);
  archive.flag(function.written.isNoexcept);
  sequence(archive, function.body.steps);
  sequence(archive, function.body.statements);
  texts(archive, function.body.risks);
  optional(archive, function.shape);
  sequence(archive, function.signature);
  optional(archive, function.events);
  archive.flag(function.neverThrows);
  archive.flag(function.neverReturns);
  archive.text(function.instanceOf);
}

template <typename Archive>
void io(Archive &archive, MethodFact &method) {
  archive.text(method.usr);
  archive.text(method.name);
  archive.text(method.signature);
  archive.enumerator(method.access, Access::Private);
  archive.flag(method.isSpecial);
  archive.flag(method.isPure);
  archive.flag(method.isDefaultedOrDeleted);
  sequence(archive, method.shape);
}

template <typename Archive>
void io(Archive &archive, FieldFact &field) {
  archive.text(field.name);
  archive.text(field.type);
  archive.text(field.part);
  archive.text(field.initial);
  io(archive, field.shape);
}

template <typename Archive>
void io(Archive &archive, TypeFact &type) {
  archive.text(type.usr);
  archive.text(type.name);
  archive.enumerator(type.kind, TypeKind::Enum);
  io(archive, type.place);
  io(archive, type.extent);
  archive.enumerator(type.access, Access::Private);
  archive.flag(type.isNested);
  archive.flag(type.isLocal);
  archive.flag(type.isTemplate);
  archive.flag(type.isSpecialization);
  archive.flag(type.isAbstract);
  archive.flag(type.isDeprecated);
  archive.text(type.deprecation);
  texts(archive, type.bases);
  sequence(archive, type.methods);
  sequence(archive, type.fields);
}

template <typename Archive>
void io(Archive &archive, UseFact &use) {
  archive.text(use.name);
  archive.text(use.usr);
  archive.enumerator(use.kind, UseKind::Inactive);
  io(archive, use.place);
  archive.flag(use.isMember);
  archive.flag(use.inMacroBody);
  archive.text(use.context);
  archive.integer(use.qualifierBegin);
  archive.text(use.space);
}

template <typename Archive>
void io(Archive &archive, BlockFact &block) {
  archive.text(block.name);
  archive.text(block.around);
  io(archive, block.extent);
  archive.integer(block.open);
  archive.integer(block.close);
  archive.integer(block.declarations);
  archive.flag(block.isNested);
  io(archive, block.word);
}

template <typename Archive>
void io(Archive &archive, ForwardFact &forward) {
  archive.text(forward.name);
  archive.text(forward.usr);
  io(archive, forward.place);
  io(archive, forward.extent);
  sequence(archive, forward.blocks);
  archive.enumerator(forward.kind, ForwardKind::Macro);
  archive.text(forward.key);
  io(archive, forward.head);
  archive.flag(forward.isOdd);
}

template <typename Archive>
void io(Archive &archive, DirectiveFact &directive) {
  archive.text(directive.space);
  archive.flag(directive.isAlias);
  archive.flag(directive.inMacro);
  io(archive, directive.place);
  io(archive, directive.extent);
  sequence(archive, directive.mentions);
  archive.flag(directive.needed);
}

template <typename Archive>
void io(Archive &archive, MadeVariable &variable) {
  io(archive, variable.head);
  io(archive, variable.name);
  io(archive, variable.rest);
  io(archive, variable.arguments);
  archive.flag(variable.isStatic);
  archive.flag(variable.isConst);
  archive.flag(variable.isLocal);
  sequence(archive, variable.members);
  optional(archive, variable.other);
}

template <typename Archive>
void io(Archive &archive, CreationFact &creation) {
  archive.text(creation.className);
  archive.text(creation.usr);
  archive.enumerator(creation.kind, CreationKind::Holder);
  io(archive, creation.place);
  archive.text(creation.functionUsr);
  archive.text(creation.context);
  optional(archive, creation.variable);
}

template <typename Archive>
void io(Archive &archive, StorageStep &step) {
  archive.text(step.name);
  archive.text(step.type);
  archive.flag(step.isBase);
  io(archive, step.place);
}

template <typename Archive>
void io(Archive &archive, StorageWay &way) {
  sequence(archive, way.steps);
}

template <typename Archive>
void io(Archive &archive, StorageFact &storage) {
  archive.text(storage.className);
  archive.text(storage.usr);
  archive.text(storage.variable);
  archive.enumerator(storage.kind, StorageKind::Capture);
  archive.text(storage.type);
  archive.flag(storage.isConst);
  archive.flag(storage.viaPointer);
  archive.flag(storage.viaTemplate);
  archive.flag(storage.perUnit);
  archive.flag(storage.filled);
  archive.text(storage.throughBase);
  archive.text(storage.functionUsr);
  archive.flag(storage.returned);
  sequence(archive, storage.ways);
  optional(archive, storage.put);
  io(archive, storage.place);
}

template <typename Archive>
void io(Archive &archive, ArgumentFact &argument) {
  io(archive, argument.place);
  archive.flag(argument.effects);
  archive.flag(argument.primary);
}

template <typename Archive>
void io(Archive &archive, OperandOrder &order) {
  archive.integer(order.first);
  archive.integer(order.second);
}

template <typename Archive>
void io(Archive &archive, CallSiteFact &call) {
  archive.text(call.name);
  archive.text(call.usr);
  io(archive, call.place);
  io(archive, call.callee);
  optional(archive, call.object);
  archive.flag(call.arrow);
  sequence(archive, call.arguments);
  sequence(archive, call.order);
  texts(archive, call.types);
  archive.flag(call.inMacroBody);
  archive.text(call.context);
}

template <typename Archive>
void io(Archive &archive, InterfaceParameter &parameter) {
  archive.text(parameter.type);
  archive.flag(parameter.hasDefault);
  archive.text(parameter.defaultValue);
  texts(archive, parameter.accepts);
  texts(archive, parameter.becomes);
}

template <typename Archive>
void io(Archive &archive, InterfaceMember &member) {
  archive.deeper();
  archive.text(member.usr);
  archive.text(member.name);
  archive.enumerator(member.kind, MemberKind::Enumerator);
  io(archive, member.place);
  archive.enumerator(member.access, Access::Private);
  archive.text(member.type);
  sequence(archive, member.parameters);
  archive.text(member.exceptions);
  archive.text(member.head);
  archive.text(member.value);
  archive.enumerator(member.ref, RefQualifier::RValue);
  archive.flag(member.exceptionsKnown);
  archive.flag(member.isStatic);
  archive.flag(member.isConst);
  archive.flag(member.isVolatile);
  archive.flag(member.isVariadic);
  archive.flag(member.isVirtual);
  archive.flag(member.isExplicit);
  archive.flag(member.isDeleted);
  archive.flag(member.isMutable);
  archive.flag(member.isConstexpr);
  archive.flag(member.isConsteval);
  archive.flag(member.isConstant);
  archive.flag(member.isFinal);
  archive.flag(member.isPure);
  texts(archive, member.becomes);
  texts(archive, member.headDefaults);
  sequence(archive, member.members);
  archive.shallower();
}

template <typename Archive>
void io(Archive &archive, InterfaceFact &interface) {
  archive.text(interface.name);
  archive.text(interface.meant);
  io(archive, interface.self);
}

template <typename Archive>
void io(Archive &archive, MatchFact &match) {
  archive.text(match.rule);
  archive.flag(match.compliant);
  io(archive, match.place);
  archive.text(match.context);
}

template <typename Archive>
void io(Archive &archive, NolintFact &nolint) {
  archive.enumerator(nolint.kind, NolintKind::End);
  texts(archive, nolint.rules);
  archive.text(nolint.reason);
  io(archive, nolint.place);
}

template <typename Archive>
void io(Archive &archive, SkippedFact &skipped) {
  io(archive, skipped.place);
}

template <typename Archive>
void io(Archive &archive, DiagnosticFact &diagnostic) {
  archive.string(diagnostic.file);
  archive.integer(diagnostic.line);
  archive.integer(diagnostic.column);
  archive.string(diagnostic.message);
  archive.string(diagnostic.flag);
}

template <typename Archive>
void io(Archive &archive, CalleeFact &callee) {
  archive.text(callee.name);
  archive.text(callee.usr);
  archive.text(callee.className);
  io(archive, callee.place);
  archive.text(callee.result);
  sequence(archive, callee.parameters);
  sequence(archive, callee.members);
  archive.flag(callee.isNoexcept);
  archive.flag(callee.givesStatic);
}

template <typename Archive>
void io(Archive &archive, ConversionFact &conversion) {
  archive.enumerator(conversion.kind, ValueKind::Function);
  archive.text(conversion.name);
  io(archive, conversion.place);
  io(archive, conversion.value);
  archive.integer(conversion.index);
  archive.text(conversion.type);
  archive.text(conversion.steps);
  archive.text(conversion.text);
  archive.text(conversion.usr);
  archive.text(conversion.parameter);
}

template <typename Archive>
void strings(Archive &archive, std::vector<std::string> &texts) {
  texts.resize(archive.size(texts.size()));
  for (std::string &text : texts)
    archive.string(text);
}

/// Calls \p visit with each list of facts about places, as a pointer to the member.
template <typename Visit>
void eachList(Visit visit) {
  visit(&UnitFacts::includes);
  visit(&UnitFacts::symbols);
  visit(&UnitFacts::types);
  visit(&UnitFacts::functions);
  visit(&UnitFacts::instances);
  visit(&UnitFacts::uses);
  visit(&UnitFacts::forwards);
  visit(&UnitFacts::directives);
  visit(&UnitFacts::creations);
  visit(&UnitFacts::storages);
  visit(&UnitFacts::callSites);
  visit(&UnitFacts::interfaces);
  visit(&UnitFacts::callees);
  visit(&UnitFacts::conversions);
  visit(&UnitFacts::matches);
  visit(&UnitFacts::nolints);
  visit(&UnitFacts::skipped);
}

template <typename Archive>
void contents(Archive &archive, UnitFacts &facts) {
  eachList([&](auto list) { sequence(archive, facts.*list); });
  archive.flag(facts.parsed);
  strings(archive, facts.named);
  strings(archive, facts.expanded);
  optional(archive, facts.error);
  sequence(archive, facts.moreErrors);
  sequence(archive, facts.warnings);
}

template <typename Archive>
void tables(Archive &archive, UnitFacts &facts) {
  strings(archive, facts.strings);
  sequence(archive, facts.files);
}

} // namespace ssot::facts
