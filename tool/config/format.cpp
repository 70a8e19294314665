#include "config/format.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

using llvm::StringLiteral;

constexpr ValueSpec kText{ValueType::Text};
constexpr ValueSpec kAnyText{ValueType::AnyText};
constexpr ValueSpec kRuleId{ValueType::RuleId};
constexpr ValueSpec kIdentifier{ValueType::Identifier};
constexpr ValueSpec kName{ValueType::QualifiedName};
constexpr ValueSpec kSignature{ValueType::Signature};
constexpr ValueSpec kHeader{ValueType::Header};
constexpr ValueSpec kOldHeader{ValueType::OldHeader};
constexpr ValueSpec kRegex{ValueType::Regex};
constexpr ValueSpec kGlob{ValueType::Glob};
constexpr ValueSpec kDate{ValueType::Date};
constexpr ValueSpec kCount{ValueType::Count};

constexpr ValueSpec words(llvm::ArrayRef<StringLiteral> list) { return {.type = ValueType::Word, .words = list}; }
constexpr ValueSpec object(const ObjectSpec &spec) { return {.type = ValueType::Object, .object = &spec}; }
constexpr ValueSpec listOf(const ValueSpec &element) { return {.type = ValueType::List, .element = &element}; }
constexpr ValueSpec anyListOf(const ValueSpec &element) {
  return {.type = ValueType::List, .element = &element, .mayBeEmpty = true};
}
constexpr ValueSpec mapOf(const ValueSpec &key, const ValueSpec &element) {
  return {.type = ValueType::Map, .key = &key, .element = &element};
}
constexpr ValueSpec number(double minimum, double maximum) {
  return {.type = ValueType::Number, .minimum = minimum, .maximum = maximum};
}

// --- parts of rules ---

constexpr StringLiteral kSeverities[] = {"error", "warning", "note"};
constexpr StringLiteral kForbid[] = {"forbid"};

constexpr KeySpec kRuleScopeKeys[] = {
    {"include", listOf(kGlob), false, "Globs: only files that one of them matches."},
    {"exclude", anyListOf(kGlob), false, "Globs: no file that one of them matches."},
};
constexpr ObjectSpec kRuleScope{"a rule's scope", {}, kRuleScopeKeys};

constexpr StringLiteral kAllowChoice[] = {"symbol", "file"};
constexpr KeySpec kAllowKeys[] = {
    {"symbol", kRegex, false, "Pattern over the qualified name of the symbol that is allowed."},
    {"file", kGlob, false, "Glob over the files in which everything is allowed."},
    {"reason", kText, true, "Why this is acceptable; printed in reports."},
    {"until", kDate, false, "Last day of the allowance, YYYY-MM-DD; without it there is no end."},
};
constexpr ObjectSpec kAllow{"an allowance", {}, kAllowKeys, Choice::ExactlyOne, kAllowChoice};
constexpr ValueSpec kAllowance = object(kAllow);

constexpr KeySpec kExampleKeys[] = {
    {"before", kText, true, "Code that breaks the rule."},
    {"after", kText, true, "The same code in accordance with it."},
};
constexpr ObjectSpec kExample{"an example", {}, kExampleKeys};

constexpr KeySpec kRuleKeys[] = {
    {"id", kRuleId, true, "Name of the rule: lower-case letters, digits and '-'. Unique."},
    {"kind", kText, true, "What the rule judges."},
    {"description", kText, false, "One line for lists and reports."},
    {"why", kText, false, "Why the rule exists, for `ssot explain`."},
    {"example", object(kExample), false, "Code before and after, for `ssot explain`."},
    {"severity", words(kSeverities), false, "How grave a violation is; by default an error."},
    {"scope", object(kRuleScope), false, "The files that the rule speaks of, within the scope of the rule file."},
    {"allow", anyListOf(kAllowance), false, "Accepted exceptions, each with a reason."},
    {"sunset", kDate, false, "Day from which what the rule replaces is to be gone, YYYY-MM-DD; shown in the registry."},
};

constexpr KeySpec kMethodsKeys[] = {
    {"names", listOf(kIdentifier), true, "Unqualified method names."},
    {"at-least", kCount, false, "How many of the names a class must have; by default all."},
};
constexpr ObjectSpec kMethods{"'methods' of classes", {}, kMethodsKeys};

constexpr KeySpec kSimilarToCopies{"similar-to-copies", number(0, 1), false,
                                   "Likeness to what 'similar' selects from which a definition counts too, and so on "
                                   "from there, 0 to 1.",
                                   "similar"};

constexpr StringLiteral kMatchChoice[] = {"name", "methods", "similar"};
constexpr KeySpec kMatchKeys[] = {
    {"name", kRegex, false, "Pattern over the qualified name."},
    {"methods", object(kMethods), false, "Methods by which a class is recognised."},
    {"similar", number(0, 1), false, "Likeness to the canonical body from which a definition counts, 0 to 1."},
    kSimilarToCopies,
};
constexpr ObjectSpec kMatch{"'match' of classes", {}, kMatchKeys, Choice::AtLeastOne, kMatchChoice};

constexpr KeySpec kFunctionMethodsKeys[] = {
    {"names", listOf(kIdentifier), true, "Unqualified names; a function or method with any of them is selected."},
};
constexpr ObjectSpec kFunctionMethods{"'methods' of functions", {}, kFunctionMethodsKeys};

constexpr KeySpec kFunctionMatchKeys[] = {
    {"name", kRegex, false, "Pattern over the qualified name."},
    {"methods", object(kFunctionMethods), false, "Unqualified names by which a function is recognised."},
    {"similar", number(0, 1), false, "Likeness to the canonical body from which a definition counts, 0 to 1."},
    kSimilarToCopies,
};
constexpr ObjectSpec kFunctionMatch{"'match' of functions", {}, kFunctionMatchKeys, Choice::AtLeastOne, kMatchChoice};

constexpr StringLiteral kAdaptersChoice[] = {"via", "object", "result"};
constexpr KeySpec kAdaptersKeys[] = {
    {"via", listOf(kName), false, "Functions that an argument may pass through on its way to the canonical call."},
    {"object", listOf(kText), false,
     "For `migrate --adapters`: expressions that give the object to call, in which $name is a parameter of the old "
     "function; the first one whose parameters there are."},
    {"result", listOf(kIdentifier), false,
     "For `migrate --adapters`: members of the canonical result that may be given back; the first one of the type."},
};
constexpr ObjectSpec kAdapters{"'adapters'", {}, kAdaptersKeys, Choice::AtLeastOne, kAdaptersChoice};
constexpr ValueSpec kAdaptersValue{.type = ValueType::WordOrObject, .words = kForbid, .object = &kAdapters};

// --- rule kinds ---

constexpr KeySpec kCanonical{"canonical", kName, true, "Qualified name of the one that stays."};
constexpr KeySpec kCanonicalHeader{"header", kHeader, false,
                                   "Header that declares it, as between the quotes of an #include."};
constexpr StringLiteral kMatchDoc = "Which definitions are rivals: those for which any condition holds.";
constexpr KeySpec kAdaptersKey{"adapters", kAdaptersValue, false,
                               "'forbid': delegating adapters are violations too. Or how one passes on what it is "
                               "given: 'via', 'object', 'result'."};

constexpr KeySpec kSingleClassKeys[] = {
    kCanonical, kCanonicalHeader, {"match", object(kMatch), true, kMatchDoc}, kAdaptersKey};
constexpr KeySpec kSingleFunctionKeys[] = {
    kCanonical, kCanonicalHeader, {"match", object(kFunctionMatch), true, kMatchDoc}, kAdaptersKey};

constexpr ValueSpec kIncludeReplacements = mapOf(kOldHeader, kHeader);
constexpr KeySpec kLegacyIncludeKeys[] = {
    {"replace", kIncludeReplacements, true,
     "Old header to new header. An old one with any of ( ) [ ] * ? | ^ $ \\ is a pattern; the new one may use its "
     "groups as $1."},
};

constexpr KeySpec kLegacyNameKeys[] = {
    {"replace", mapOf(kName, kName), true, "Old qualified name to new qualified name."},
};

constexpr KeySpec kLegacyCallKeys[] = {
    {"from", kSignature, true,
     "The old function with its parameters' names, or types and names: ns::send(to, text) or "
     "ns::Bus::send(const std::string &to, int times)."},
    {"to", kText, true,
     "The expression that replaces the call: $to or $1 for an argument, $object for the object of a member call, $$ "
     "for "
     "a dollar."},
    {"canonical", kName, false,
     "Qualified name of the function that 'to' calls, where 'to' does not show it as ns::name( or $object.name(."},
    {"header", kHeader, false, "Header that the new form needs, as between the quotes of an #include."},
};

constexpr KeySpec kFactoryOnlyKeys[] = {
    {"class", kName, true, "The class whose objects only the factory may create."},
    {"factory", kName, true, "The function that creates them."},
    {"shared-state", words(kForbid), false,
     "'forbid': no static, global, thread-local or singleton storage of the class."},
};

/// The judge keeps a set of events in the bits of one number.
constexpr ValueSpec kEvents{.type = ValueType::List, .minimum = 2, .maximum = 24, .element = &kName};

constexpr KeySpec kEventOrderKeys[] = {
    {"emit", kName, true, "The function or method that emits an event."},
    {"order", kEvents, true, "Enumerators or event names in their order; the first one opens, the last one ends."},
};

constexpr KeySpec kSameInterfaceKeys[] = {
    {"legacy", kName, true, "The class, enumeration or function whose callers are to move."},
    {"canonical", kName, true, "The one they move to."},
};

constexpr KeySpec kOneDefinitionKeys[] = {
    {"names", kRegex, false, "Pattern over the qualified names of the types judged; by default all."},
    {"apart-from", listOf(kRegex), false, "Patterns over qualified names that may be defined more than once."},
};

constexpr StringLiteral kSizeChoice[] = {"max-file-lines", "max-function-lines"};
constexpr KeySpec kSizeLimitKeys[] = {
    {"max-file-lines", kCount, false, "Most lines a file may have."},
    {"max-function-lines", kCount, false, "Most lines a function body may have."},
};

constexpr KeySpec kMatcherKeys[] = {
    {"match", kText, true,
     "AST matcher expression as clang-query reads it; a node bound to \"site\" is the place of the finding, else the "
     "whole match."},
    {"compliant", kText, false, "AST matcher expression for the nodes that are as they should be."},
    {"message", kText, true, "What a finding says."},
    {"rewrite", mapOf(kIdentifier, kAnyText), false, "Name bound in 'match' to the text that replaces the node."},
};

constexpr KindSpec kKinds[] = {
    {"single-class",
     "One class does this job; every other class that does it is a second source of truth.",
     "a class definition: the canonical class, or one that 'match' selects",
     "it is the canonical class, derives from it, or is a delegating adapter: all its selected methods hand their work "
     "to the canonical one",
     "A class behind a macro that is never expanded, a class in a file that no compile command reaches, an interface "
     "emulated by free functions. 'similar' compares bodies: two texts that compute the same in different ways are not "
     "alike.",
     R"(- id: one-router
  kind: single-class
  canonical: net::Router
  header: net/router.h
  match:
    name: .*Router
    methods: {names: [send, broadcast, deliver], at-least: 2}
)",
     {"a rule of kind 'single-class'", kRuleKeys, kSingleClassKeys}},
    {"single-function",
     "One function does this job; every other function that does it is a second source of truth.",
     "a function or method definition: the canonical function, or one that 'match' selects",
     "it is the canonical function, an override of it, or delegates to it: it calls it exactly once on every path that "
     "does work, with its own parameters",
     "Calls through function pointers and std::function, code in macros that are never expanded, files that no compile "
     "command reaches.",
     R"(- id: one-broadcast
  kind: single-function
  canonical: net::BroadcastService::broadcast_to_user
  header: net/broadcast_service.h
  match:
    name: (.*::)?broadcast_to_user
    similar: 0.85
)",
     {"a rule of kind 'single-function'", kRuleKeys, kSingleFunctionKeys}},
    {"legacy-include",
     "A header has a successor; everybody includes the successor.",
     "an #include of the project that names an old or a new header",
     "it names the new header",
     "An #include inside a branch that the preprocessor skips in every compile command, and one whose file name is "
     "computed by a macro.",
     R"(- id: router-header
  kind: legacy-include
  replace:
    old/router.h: net/router.h
    legacy/(.*)_events\.h: net/events/$1.h
)",
     {"a rule of kind 'legacy-include'", kRuleKeys, kLegacyIncludeKeys}},
    {"legacy-name",
     "A class, enumeration, function, alias, namespace or macro has a successor; everybody names the successor.",
     "a use of an old or a new name in the project's code, at the place where the name is written",
     "it uses the new name",
     "Names in comments and string literals (never a site), code that the preprocessor skips in every compile command, "
     "and templates that are never instantiated, where a dependent name is known by its last part only.",
     R"(- id: router-name
  kind: legacy-name
  replace:
    old::Router: net::Router
    OLD_SEND: net::send
)",
     {"a rule of kind 'legacy-name'", kRuleKeys, kLegacyNameKeys}},
    {"legacy-call",
     "A function has a successor with other parameters, another order or another object; everybody calls the "
     "successor.",
     "a call of the old function, or of the one that 'to' calls",
     "it calls the new function",
     "Calls through function pointers and std::function; a mention that is no call is listed as not judged.",
     R"(- id: send-through-the-service
  kind: legacy-call
  from: old::send(user, event)
  to: net::service().deliver($event, $user)
  canonical: net::Service::deliver
  header: net/service.h
)",
     {"a rule of kind 'legacy-call'", kRuleKeys, kLegacyCallKeys}},
    {"factory-only",
     "Objects of a class come from one factory, and nobody keeps one where everybody can reach it.",
     "each creation of the class, and each variable that keeps one beyond a scope",
     "the factory creates it; with 'shared-state: forbid' it is not in static, global, thread-local or singleton "
     "storage",
     "Objects created by code outside the project (a library that is handed the type), memory filled by "
     "reinterpret_cast or placement new through void pointers.",
     R"(- id: routers-from-the-factory
  kind: factory-only
  class: net::Router
  factory: net::makeRouter
  shared-state: forbid
)",
     {"a rule of kind 'factory-only'", kRuleKeys, kFactoryOnlyKeys}},
    {"event-order",
     "Events that belong together are emitted complete and in order, whatever happens in between.",
     "a function that emits any of the events, itself or through helpers",
     "on every path through it the first event comes first and once, the last one last and once, also when an "
     "exception "
     "leaves the function; a pair that was opened is closed, and nothing comes for the first time after what it goes "
     "before",
     "Conditions that are never both true, callees that only runs tell (such functions are listed as not judged), and "
     "events whose name is computed.",
     R"(- id: run-events
  kind: event-order
  emit: net::Notifier::emit
  order: [net::Event::started, net::Event::tool_executing, net::Event::tool_completed, net::Event::completed]
)",
     {"a rule of kind 'event-order'", kRuleKeys, kEventOrderKeys}},
    {"same-interface",
     "Callers of the legacy class can move to the canonical one without being read.",
     "a public member of the legacy class (of an enumeration: an enumerator; of a function: an overload); "
     "constructors, "
     "destructors and assignments apart",
     "the canonical class has it with the same parameters, result, constness, ref-qualifier and exception "
     "specification",
     "What the functions do, friends, constructors, implicit conversions between different types, and macros that "
     "stand "
     "for members.",
     R"(- id: router-keeps-its-interface
  kind: same-interface
  legacy: old::Router
  canonical: net::Router
)",
     {"a rule of kind 'same-interface'", kRuleKeys, kSameInterfaceKeys}},
    {"one-definition",
     "A type's name means one thing in the whole project.",
     "a type defined in the project",
     "no other file of the project defines a type of the same unqualified name, whatever the namespace; private nested "
     "types apart",
     "Two types with different names and the same content (see 'similar' of single-class, and `ssot discover`), and "
     "types in files that no compile command reaches.",
     R"(- id: one-name-one-type
  kind: one-definition
  names: app::.*
  apart-from: [".*::Options"]
)",
     {"a rule of kind 'one-definition'", kRuleKeys, kOneDefinitionKeys}},
    {"size-limit",
     "Files and functions stay small enough to read.",
     "a file, and a function body",
     "it is within the limit",
     "Whether the lines are worth having: blank lines and comments count like any other line.",
     R"(- id: readable-size
  kind: size-limit
  max-file-lines: 600
  max-function-lines: 60
)",
     {"a rule of kind 'size-limit'", kRuleKeys, kSizeLimitKeys, Choice::AtLeastOne, kSizeChoice}},
    {"matcher",
     "Whatever the other kinds do not say, in the language of clang-query.",
     "a node that 'match' or 'compliant' finds",
     "'compliant' found it",
     "What AST matchers cannot see: comments, preprocessor directives, code that is not compiled, and whatever lies in "
     "another translation unit.",
     R"(- id: no-stdout
  kind: matcher
  match: declRefExpr(to(varDecl(hasName("::std::cout")))).bind("stream")
  message: print through the logger
)",
     {"a rule of kind 'matcher'", kRuleKeys, kMatcherKeys}},
};

// --- the file ---

constexpr KeySpec kScopeKeys[] = {
    {"include", listOf(kGlob), false, "Globs: only files that one of them matches; by default all of the project."},
    {"exclude", anyListOf(kGlob), false, "Globs: no file that one of them matches."},
    {"tests", anyListOf(kGlob), false, "Globs: where tests and their doubles live; by default **/test*/**."},
    {"editable", anyListOf(kGlob), false,
     "Globs: the files that `ssot migrate` may write; by default all in scope. The others are analysed and judged."},
};
constexpr ObjectSpec kScope{"'scope'", {}, kScopeKeys};

constexpr KeySpec kGateKeys[] = {
    {"min-compliance", number(0, 100), false, "SSOT compliance in percent under which the gate fails."},
};
constexpr ObjectSpec kGate{"'gate'", {}, kGateKeys};

constexpr StringLiteral kParsed[] = {"all", "needed"};
constexpr KeySpec kCheckKeys[] = {
    {"parse", words(kParsed), false,
     "Which units `ssot check` parses: all (the default), or with 'needed', as with --skip, those that can hold a site "
     "of a rule."},
};
constexpr ObjectSpec kCheck{"'check'", {}, kCheckKeys};

constexpr StringLiteral kOverrideChoice[] = {"severity", "scope", "allow"};
constexpr KeySpec kOverrideKeys[] = {
    {"severity", words(kSeverities), false, "Replaces the rule's severity."},
    {"scope", object(kRuleScope), false, "Replaces the rule's scope."},
    {"allow", anyListOf(kAllowance), false, "Further allowances, after the rule's own."},
};
constexpr ObjectSpec kOverride{"an override", {}, kOverrideKeys, Choice::AtLeastOne, kOverrideChoice};
constexpr ValueSpec kOverrideValue = object(kOverride);

constexpr StringLiteral kFileChoice[] = {"rules", "extends"};
constexpr KeySpec kFileKeys[] = {
    {"ssot", {ValueType::Format}, true, "Version of this format: 1."},
    {"extends", listOf(kText), false,
     "Rule files whose rules come first: bundled packs by name, files (with '/' or .yaml) relative to this one."},
    {"scope", object(kScope), false, "The files that the rules speak of."},
    {"gate", object(kGate), false, "When `ssot check` fails."},
    {"check", object(kCheck), false, "How `ssot check` goes about it."},
    {"override", mapOf(kRuleId, kOverrideValue), false, "Adjusts rules of the extended files, by id."},
    {"rules", {ValueType::Rules}, false, "The rules."},
};
constexpr ObjectSpec kFile{"a rule file", {}, kFileKeys, Choice::AtLeastOne, kFileChoice};

} // namespace

std::vector<const KeySpec *> ObjectSpec::keys() const {
  std::vector<const KeySpec *> all;
  for (const KeySpec &key : llvm::concat<const KeySpec>(common, own))
    all.push_back(&key);
  return all;
}

const KeySpec *ObjectSpec::find(llvm::StringRef name) const {
  for (const KeySpec *key : keys())
    if (key->name == name)
      return key;
  return nullptr;
}

const ObjectSpec &fileSpec() { return kFile; }

llvm::ArrayRef<KindSpec> ruleKinds() { return kKinds; }

const KindSpec *findKind(llvm::StringRef name) {
  const auto *found = llvm::find_if(kKinds, [&](const KindSpec &kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::vector<std::string> kindNames() {
  std::vector<std::string> names;
  for (const KindSpec &kind : kKinds)
    names.push_back(kind.name.str());
  return names;
}

bool isHeaderPattern(llvm::StringRef old) { return old.find_first_of("()[]*?|^$\\") != llvm::StringRef::npos; }

} // namespace ssot
