// The JSON Schema of rule files, from the tables that the loader checks with. What a schema cannot say (a pattern that
// does not compile, an id given twice) only the loader refuses.

#include "config/format.h"
#include "config/load.h"

#include <llvm/ADT/STLExtras.h>
#include <nlohmann/json.hpp>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

#define SSOT_IDENTIFIER "[A-Za-z_\u0080-\U0010FFFF][A-Za-z0-9_\u0080-\U0010FFFF]*"
constexpr char kIdentifierRegex[] = "^" SSOT_IDENTIFIER "$";
constexpr char kQualifiedNameRegex[] = "^" SSOT_IDENTIFIER "(::" SSOT_IDENTIFIER ")*$";
constexpr char kSignatureRegex[] = "^\\s*" SSOT_IDENTIFIER "(::" SSOT_IDENTIFIER ")*\\s*\\(.*\\)\\s*$";
#undef SSOT_IDENTIFIER
constexpr char kRuleIdRegex[] = "^[a-z0-9-]+$";
constexpr char kHeaderRegex[] = "^[^<>\"\\n]*[^<>\"\\s][^<>\"\\n]*$";
constexpr char kOldHeaderRegex[] = "^([^<>\"\\n]+|.*[()\\[\\]*?|^$\\\\].*)$";
constexpr char kGlobRegex[] = "^(?=.*\\S)(?!/|\\./)(?!(.*/)?\\.\\.(/|$))[^\\[\\]{}\\\\]+$";
constexpr char kDateRegex[] = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
constexpr char kTextRegex[] = "\\S";

Json schemaOf(const ValueSpec &value);

Json stringLike(const char *regex) { return {{"type", "string"}, {"pattern", regex}}; }

Json wordsOf(llvm::ArrayRef<llvm::StringLiteral> words) {
  Json list = Json::array();
  for (llvm::StringRef word : words)
    list.push_back(word.str());
  return list;
}

/// At least one, or exactly one, of the keys of `choice`.
Json choiceOf(const ObjectSpec &object) {
  Json alternatives = Json::array();
  for (llvm::StringRef key : object.choice)
    alternatives.push_back({{"required", Json::array({key.str()})}});
  return alternatives;
}

Json schemaOf(const ObjectSpec &object) {
  Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  Json required = Json::array();
  for (const KeySpec *key : object.keys()) {
    Json value = schemaOf(key->value);
    value["description"] = key->doc.str();
    schema["properties"][key->name.str()] = std::move(value);
    if (key->required)
      required.push_back(key->name.str());
    if (!key->needs.empty())
      schema["dependentRequired"][key->name.str()] = Json::array({key->needs.str()});
  }
  if (!required.empty())
    schema["required"] = std::move(required);
  if (object.choose != Choice::None)
    schema[object.choose == Choice::ExactlyOne ? "oneOf" : "anyOf"] = choiceOf(object);
  return schema;
}

Json schemaOfMap(const ValueSpec &map) {
  return {{"type", "object"},
          {"minProperties", 1},
          {"propertyNames", schemaOf(*map.key)},
          {"additionalProperties", schemaOf(*map.element)}};
}

Json schemaOfList(const ValueSpec &list) {
  Json schema = {{"type", "array"}, {"items", schemaOf(*list.element)}};
  if (!list.mayBeEmpty)
    schema["minItems"] = list.minimum > 1 ? static_cast<int>(list.minimum) : 1;
  if (list.maximum > 0)
    schema["maxItems"] = static_cast<int>(list.maximum);
  return schema;
}

Json schemaOfRules() {
  Json kinds = Json::array();
  for (const KindSpec &kind : ruleKinds())
    kinds.push_back({{"$ref", "#/$defs/" + kind.name.str()}});
  return {{"type", "array"}, {"items", {{"oneOf", std::move(kinds)}}}};
}

Json schemaOf(const ValueSpec &value) {
  switch (value.type) {
  case ValueType::AnyText:
    return {{"type", "string"}};
  case ValueType::Text:
  case ValueType::Regex:
    return stringLike(kTextRegex);
  case ValueType::RuleId:
    return stringLike(kRuleIdRegex);
  case ValueType::Identifier:
    return stringLike(kIdentifierRegex);
  case ValueType::QualifiedName:
    return stringLike(kQualifiedNameRegex);
  case ValueType::Signature:
    return stringLike(kSignatureRegex);
  case ValueType::Header:
    return stringLike(kHeaderRegex);
  case ValueType::OldHeader:
    return stringLike(kOldHeaderRegex);
  case ValueType::Glob:
    return stringLike(kGlobRegex);
  case ValueType::Date:
    return stringLike(kDateRegex);
  case ValueType::Word:
    return {{"enum", wordsOf(value.words)}};
  case ValueType::Format:
    return {{"const", 1}};
  case ValueType::Count:
    return {{"type", "integer"}, {"minimum", 1}};
  case ValueType::Number:
    return {{"type", "number"}, {"minimum", value.minimum}, {"maximum", value.maximum}};
  case ValueType::List:
    return schemaOfList(value);
  case ValueType::Map:
    return schemaOfMap(value);
  case ValueType::Object:
    return schemaOf(*value.object);
  case ValueType::WordOrObject:
    return {{"oneOf", Json::array({Json{{"enum", wordsOf(value.words)}}, schemaOf(*value.object)})}};
  case ValueType::Rules:
    return schemaOfRules();
  }
  llvm_unreachable("a type of its own");
}

Json schemaOf(const KindSpec &kind) {
  Json schema = schemaOf(kind.object);
  schema["description"] = kind.purpose.str();
  schema["properties"]["kind"] = {{"const", kind.name.str()}};
  return schema;
}

} // namespace

std::string ruleSchema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "ssot rule file"}};
  schema.update(schemaOf(fileSpec()));
  for (const KindSpec &kind : ruleKinds())
    schema["$defs"][kind.name.str()] = schemaOf(kind);
  return schema.dump(2) + "\n";
}

} // namespace ssot
