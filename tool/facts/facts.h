// facts/facts.h - what one translation unit says.
//
// Plain structs without behaviour and without Clang. Texts are kept once in `strings` and named by index, since the
// same few USRs occur thousands of times. Only what stands in the project's own files is recorded, but for `symbols`,
// which also tells where a name of the vocabulary is declared outside.
#pragma once

#include "facts/boxed.h"
#include "facts/place.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

using StringId = std::uint32_t; ///< index into `UnitFacts::strings`; 0 is the empty string

/// A file of the project that the unit read.
struct FileFact {
  std::string path; ///< relative to the project root, with '/'; absolute when it lies outside
  bool inProject = false;
  std::uint32_t lines = 0;
};

/// An `#include` written in a file of the project.
struct IncludeFact {
  Place place;          ///< the file name with its delimiters
  StringId spelled = 0; ///< as written, without delimiters
  bool angled = false;
  StringId resolved =
      0; ///< path of the file it named: relative to the root, or absolute outside; empty when nothing of it is known
};

enum class SymbolKind : std::uint8_t { Class, Enum, Function, Variable, Alias, Namespace, Macro, Enumerator, Other };

/// A declaration of a name of the vocabulary, wherever it stands.
struct SymbolFact {
  StringId name = 0; ///< qualified, as the vocabulary has it
  StringId usr = 0;
  SymbolKind kind = SymbolKind::Other;
  bool defined = false;   ///< this unit has the definition
  bool inProject = false; ///< the declaration stands in a file of the project
  Place place;            ///< the name token
  StringId type = 0;      ///< of a class, an enumeration or another name of one: equal where these are the same type
};

enum class Access : std::uint8_t { Public, Protected, Private };

/// A type as far as a copy keeps it, from the narrow to the wide: references, `const`, pointers and optionals are gone,
/// containers go by their elements.
struct TypeShape {
  StringId exact = 0; ///< named types keep their names, but for those nested in the class itself
  StringId loose = 0; ///< named types are records, choices or, when they wrap one, texts
  StringId outer = 0; ///< a container, a text, a number ...
};

struct ParameterFact {
  StringId name = 0;
  StringId type = 0;         ///< canonical spelling
  StringId defaultValue = 0; ///< as it is written where the function is defined or declared before; empty: none
  StringId value = 0;        ///< of the default of a callee: names qualified, constants by value
};

/// Where a value in a function body comes from. `Call` names a node of the flow by its index among the flow's calls.
enum class OriginKind : std::uint8_t { Parameter, Member, This, Constant, Call, Conversion, Local, Other };

struct Origin {
  OriginKind kind = OriginKind::Other;
  std::uint32_t index = 0;      ///< parameter number or call number
  StringId usr = 0;             ///< of the member, or of the function that converts
  StringId name = 0;            ///< qualified, for messages and `via`
  std::vector<Origin> operands; ///< what is converted
  friend bool operator==(const Origin &, const Origin &) = default;
};

/// One call (or construction) in a function body.
struct CallFact {
  StringId usr = 0;
  StringId name = 0; ///< qualified name of the callee; empty when unknown
  Place place;
  std::optional<Origin> object;
  std::vector<Origin> arguments;
  bool dependent = false; ///< the callee is known in instantiations only
  bool resultUsed = false;
};

enum class FlowKind : std::uint8_t {
  Sequence, ///< children in order
  Branch,   ///< children: then, else
  Loop,     ///< children: body
  Try,      ///< children: body, then each handler
  Call,     ///< index into FunctionFact::calls
  Return,   ///< value
  Throw,
  Effect, ///< own work: an assignment to state, an increment, a statement of no other kind
  Break,  ///< break, continue; a goto may be a loop or skip what follows: it is an Effect
  Switch, ///< children: any of them is entered, and goes on with the next one; a break leaves it
};

enum class ConditionKind : std::uint8_t { Other, Null, Constant };

/// A function body reduced to what decides whether it delegates.
struct FlowNode {
  FlowKind kind = FlowKind::Sequence;
  ConditionKind condition = ConditionKind::Other; ///< of a branch
  bool nullIsElse = false;                        ///< of a null check: the `else` side is the one where it is null
  bool rethrows = false;                          ///< of a handler (a Sequence child of Try)
  bool counts = false; ///< of an effect: only an increment or decrement; of a loop: it goes through something
  std::uint32_t call = 0;
  Place place;
  std::optional<Origin> value; ///< of a return
  std::vector<FlowNode> children;
};

/// The body in normalised form: names and literals abstracted.
struct BodyShape {
  std::vector<std::uint32_t> statements; ///< hash of each statement's tree, sorted
  std::vector<std::uint32_t> shingles;   ///< hashes of runs of the linearised body, sorted
  std::vector<StringId> callees;         ///< names of what it calls outside the project, sorted, with repeats
  std::vector<std::uint32_t> effects;    ///< hashes of what it does to which kind of field, sorted
  std::uint32_t nodes = 0;               ///< size of the tree
};

enum class StepKind : std::uint8_t {
  Call,       ///< of a function of the project
  Constant,   ///< a literal or an enumerator that is computed with, stored or passed on
  Comparison, ///< with a constant: the operator and the constant
  Lock,       ///< a lock is taken; the text says of what: `global` or `member`
  Swallow,    ///< a handler that does not throw; the text is what it catches
  Throw,      ///< the text is the type
  Return,     ///< of a constant
  Guard,      ///< a constant is returned when a pointer is null
  Loop,
  Standard, ///< a call of the standard library, by its last name
  Change,   ///< a field gets another value; the text is the operator
  Global,   ///< a variable is named that others can see and that can change
  Detail,   ///< an operator, or a constant that every counter needs: 0, 1, true, false
};

/// What a body does, as far as two copies of it can be compared: in the order of the source.
struct StepFact {
  StepKind kind = StepKind::Call;
  StringId text = 0;        ///< of a call the qualified name, of a constant its spelling
  StringId usr = 0;         ///< of a call
  std::uint32_t within = 0; ///< 1 + the index of the call whose argument or object it is; 0: none
  Place place;
};

/// One statement of a body with all that it names: two bodies with the same statements do the same. What a function
/// calls its own (locals, parameters, its class) is known by where it comes from, everything else by its name.
struct StatementFact {
  static constexpr std::uint32_t kElse = 1, kEnd = 2; ///< the hashes of the brackets around nested statements
  std::uint32_t hash = 0;
  std::uint32_t step = 0; ///< 1 + the index of the step that is the whole of it: a call, a check for null, a lock
  Place place;
};

enum class EventNodeKind : std::uint8_t {
  Pass,    ///< nothing but a place on the way
  Event,   ///< a call of a function that emits
  Call,    ///< of a function whose definition says what it emits
  Virtual, ///< of whichever function overrides it
  Unknown, ///< of something that only runs tell
  Escape,  ///< a lambda is handed to somebody who may call it
  Await,   ///< a Call whose result is awaited in place: a coroutine runs to its end here
};

/// One step of a function as far as events go.
struct EventNode {
  EventNodeKind kind = EventNodeKind::Pass;
  StringId usr = 0;   ///< of the callee
  StringId name = 0;  ///< of the callee, qualified
  StringId event = 0; ///< of an Event: the enumerator or the text; empty when it is computed
  Place place;
  std::vector<std::uint32_t> next;   ///< nodes that may follow
  std::vector<std::uint32_t> thrown; ///< nodes that follow when it throws; empty when it cannot
};

/// The ways through a function. The first three nodes are where it begins, where it returns and where an exception
/// leaves it.
struct EventGraph {
  std::vector<EventNode> nodes;
  StringId unknown = 0; ///< why the ways are not known; empty when they are
  bool isCoroutine = false;
};

/// What of a function's text is written anew when it becomes an adapter. Recorded with the flow.
struct WrittenFact {
  std::optional<Place> body; ///< with its braces, or from `try` on; empty when a macro makes it
  std::optional<Place> head; ///< the first declaration of it in the project, from where an attribute may stand
  bool isDeprecated = false;
  StringId deprecation = 0; ///< what the attribute says
  bool isNoexcept = false;
};

/// What a function does, as far as rules look into it.
struct FunctionBody {
  std::vector<CallFact> calls;
  Boxed<FlowNode> flow;                  ///< when the vocabulary asks; absent too when `flowTooLarge`
  std::vector<StepFact> steps;           ///< when the vocabulary asks for the flow
  std::vector<StatementFact> statements; ///< the same; empty when some of it cannot be compared
  std::vector<StringId> risks;           ///< the same: USRs of what it calls that is not noexcept; 0: it throws itself
};

/// A function or method definition in a file of the project.
struct FunctionFact {
  StringId usr = 0;
  StringId name = 0;        ///< qualified
  StringId parentClass = 0; ///< USR of the class of a method
  Place place;              ///< the name token
  Place extent;             ///< the whole definition
  std::uint32_t bodyLines = 0;
  Access access = Access::Public;
  bool isMethod = false;
  bool isStatic = false;
  bool isSpecial = false; ///< constructor, destructor, assignment, conversion operator
  bool isTemplate = false;
  bool isLocalOrLambda = false;
  StringId result = 0;
  std::vector<ParameterFact> parameters;
  std::vector<StringId> overrides; ///< USRs, transitively
  std::vector<StringId> reaches;   ///< USRs of what it calls and constructs, when the vocabulary names it
  FunctionBody body;               ///< empty in an index, which keeps it packed: `Index::bodyOf`
  std::uint32_t packed = 0;        ///< in an index: the number of the body
  bool flowTooLarge = false;
  WrittenFact written;
  Boxed<BodyShape> shape;           ///< when the vocabulary asks
  std::vector<TypeShape> signature; ///< result and parameters; when the vocabulary asks for shapes
  Boxed<EventGraph> events;         ///< when the vocabulary asks and it calls anything
  bool neverThrows = false;         ///< the same question, of a function without such a graph
  bool neverReturns = false;
  StringId instanceOf = 0; ///< in `UnitFacts::instances`: the USR of the template
};

struct MethodFact {
  StringId usr = 0;
  StringId name = 0; ///< unqualified
  StringId signature = 0;
  Access access = Access::Public;
  bool isSpecial = false;
  bool isPure = false;
  bool isDefaultedOrDeleted = false;
  std::vector<TypeShape> shape = {}; ///< result and parameters; when the vocabulary asks
};

struct FieldFact {
  StringId name = 0;
  StringId type = 0;    ///< canonical spelling
  TypeShape shape = {}; ///< when the vocabulary asks
  StringId part = 0;    ///< USR of the nested class behind a pointer: the state may be hidden in it
  StringId initial = 0; ///< the value that it begins with where no constructor says another
};

enum class TypeKind : std::uint8_t { Class, Struct, Union, Enum };

/// A class, union or enumeration defined in a file of the project.
struct TypeFact {
  StringId usr = 0;
  StringId name = 0; ///< qualified
  TypeKind kind = TypeKind::Class;
  Place place;                    ///< the name token
  Place extent;                   ///< the whole definition
  Access access = Access::Public; ///< of a nested type
  bool isNested = false;
  bool isLocal = false;
  bool isTemplate = false;
  bool isSpecialization = false;
  bool isAbstract = false;
  bool isDeprecated = false;
  StringId deprecation = 0;    ///< what the attribute says
  std::vector<StringId> bases; ///< USRs, transitively, also outside the project
  std::vector<MethodFact> methods;
  std::vector<FieldFact> fields;
};

/// A name of the vocabulary written in a file of the project.
enum class UseKind : std::uint8_t {
  Reference,   ///< type, expression, base, template argument, initialiser, qualifier ...
  Declaration, ///< a declaration that is no definition: forward declaration, friend
  Using,       ///< using-declaration
  Directive,   ///< using-directive, namespace alias
  Alias,       ///< `using X = Old` or `typedef Old X`
  MacroDefinition,
  Dependent, ///< only the unqualified name is known: in a template whose instantiations do not decide it
  Inactive,  ///< written in a branch that the preprocessor leaves out, so that nothing decides what it means
};

struct UseFact {
  StringId name = 0; ///< qualified, as the vocabulary has it
  StringId usr = 0;
  UseKind kind = UseKind::Reference;
  Place place;                      ///< the name token, where a person would edit it
  std::uint32_t qualifierBegin = 0; ///< offset where the written name starts, qualifier included
  StringId space = 0;               ///< the namespace around it, qualified
  bool isMember = false;            ///< written after `.` or `->`, or as a member of the object that `this` is
  bool inMacroBody = false;
  StringId context = 0; ///< normalised tokens around, hashed: part of the site's identity
};

/// A block of a namespace around a declaration; `namespace a::b {` is one block.
struct BlockFact {
  StringId name = 0;              ///< of the namespace, qualified
  StringId around = 0;            ///< of the namespace around the block; empty: there is none
  Place extent;                   ///< from its first word to the closing bracket
  std::uint32_t open = 0;         ///< offset behind the opening bracket, or behind the macro that writes it
  std::uint32_t close = 0;        ///< offset of the closing bracket, or of the macro that writes it
  std::uint32_t declarations = 0; ///< that stand directly in it
  bool isNested = false;          ///< written `a::b`
  /// Of a declaration that a macro writes with this block: the name of the namespace, in the macro or its argument.
  Place word;
};

enum class ForwardKind : std::uint8_t {
  Alone,
  Inner, ///< within another declaration: a friend without a qualifier, or `class T *t`
  Macro, ///< a macro writes a part of it
};

/// A declaration of a class, enumeration or function of the vocabulary, of what is defined or declared elsewhere.
struct ForwardFact {
  StringId name = 0; ///< qualified, as the vocabulary has it
  StringId usr = 0;
  Place place; ///< the name token
  /// From `template` to the semicolon; of an inner one the declaration in a namespace, or in none, that it is within.
  Place extent;
  std::vector<BlockFact> blocks; ///< around `extent`, from the inside
  ForwardKind kind = ForwardKind::Alone;
  StringId key = 0;   ///< `class`, `struct`, `union` or `enum`; empty for a function
  Place head;         ///< of an inner one: the parameters of a template
  bool isOdd = false; ///< of an inner one: nothing can be put in front, or a macro writes the name
};

/// A using-directive for a namespace that names of the vocabulary move out of or into, or an alias of it.
struct DirectiveFact {
  StringId space = 0; ///< the namespace, qualified
  bool isAlias = false;
  bool inMacro = false; ///< a macro writes a part of it
  Place place;          ///< the name of the namespace
  Place extent;         ///< with the semicolon
  /// Where names of the vocabulary, or namespaces, are found by it in the project's files. Sorted, unique.
  std::vector<Place> mentions;
  bool needed = false; ///< something else is found by it
};

enum class CreationKind : std::uint8_t { Variable, Temporary, New, MakeFunction, Member, FactoryCall, Holder };

/// How a variable or a member that an object was made in is written, and how it is used.
struct MadeVariable {
  Place head; ///< from the first specifier to before the name
  Place name;
  Place rest;      ///< from behind the name to before the semicolon
  Place arguments; ///< of the construction, between the brackets; empty when there are none
  bool isStatic = false;
  bool isConst = false;
  bool isLocal = false;            ///< all of its uses are in the function around it
  std::vector<Place> members = {}; ///< the dots of `x.`
  std::optional<Place> other = {}; ///< the first use of another form
};

/// An object of a class of the vocabulary comes into being.
struct CreationFact {
  StringId className = 0; ///< as the vocabulary has it
  StringId usr = 0;       ///< of the class; of the factory for a FactoryCall
  CreationKind kind = CreationKind::Temporary;
  Place place;
  StringId functionUsr = 0;                  ///< the function around it
  StringId context = 0;                      ///< as in UseFact
  std::optional<MadeVariable> variable = {}; ///< when it can be written in another way
};

enum class StorageKind : std::uint8_t {
  LocalStatic,
  NamespaceScope,
  StaticMember,
  InlineStaticMember,
  ThreadLocal,
  KeyedMember, ///< in a member map whose key is not the user; `type` is the key
  Capture,     ///< owned by a lambda that became a std::function
};

/// A base or a member on the way from a variable to what it keeps.
struct StorageStep {
  StringId name = 0; ///< of the member, qualified; empty for a base and for what a lambda captures
  StringId type = 0; ///< canonical spelling
  bool isBase = false;
  Place place;
};

struct StorageWay {
  std::vector<StorageStep> steps; ///< empty: the variable itself keeps it
};

/// A variable that keeps objects of a class of the vocabulary beyond a scope.
struct StorageFact {
  StringId className = 0;
  StringId usr = 0;
  StringId variable = 0; ///< qualified name
  StorageKind kind = StorageKind::NamespaceScope;
  StringId type = 0;        ///< as written
  bool isConst = false;     ///< nobody can change what it keeps
  bool viaPointer = false;  ///< held by pointer, smart pointer or reference
  bool viaTemplate = false; ///< held by a container or another template
  bool perUnit = false;     ///< each unit that includes the header has one of its own
  bool filled = false;      ///< something is assigned to it later
  StringId throughBase = 0; ///< the variable belongs to this base of the class: a singleton by inheritance
  StringId functionUsr = 0; ///< the function of a local static
  bool returned = false;    ///< the function of a local static hands it out: a singleton
  std::vector<StorageWay> ways;
  std::optional<Place> put; ///< where the object is put into a variable whose type does not name its class
  Place place;              ///< the variable's name
};

enum class MemberKind : std::uint8_t { Function, Field, Alias, Class, Enum, Enumerator };

enum class RefQualifier : std::uint8_t { None, LValue, RValue };

struct InterfaceParameter {
  StringId type = 0; ///< canonical spelling
  bool hasDefault = false;
  StringId defaultValue = 0; ///< names qualified, constants by value
  /// Types that convert into this one by its constructors, and those that this one converts into: bases and conversion
  /// functions. Canonical spellings without reference and qualifiers.
  std::vector<StringId> accepts, becomes;
};

/// What a caller may name: a member of a class, an enumerator, an overload of a function.
struct InterfaceMember {
  StringId usr = 0;
  StringId name = 0; ///< unqualified
  MemberKind kind = MemberKind::Function;
  Place place; ///< the name token
  Access access = Access::Public;
  StringId type = 0; ///< result, type of a field, what an alias means, underlying type; canonical spelling
  std::vector<InterfaceParameter> parameters;
  StringId exceptions = 0; ///< `noexcept`, or its dependent condition; empty when it may throw
  StringId head = 0;       ///< template parameters and constraints
  StringId value = 0;      ///< of an enumerator
  RefQualifier ref = RefQualifier::None;
  bool exceptionsKnown = true;
  bool isStatic = false; ///< of a field or function; of an enumeration: its enumerators are in its own scope
  bool isConst = false;
  bool isVolatile = false;
  bool isVariadic = false;
  bool isVirtual = false;
  bool isExplicit = false;
  bool isDeleted = false;
  bool isMutable = false; ///< a field that changes in a constant object
  bool isConstexpr = false;
  bool isConsteval = false;
  bool isConstant = false; ///< a variable whose value the compiler may ask for, `constexpr` or not
  bool isFinal = false;    ///< nobody can override it, or derive from it
  bool isPure = false;
  std::vector<StringId> becomes;      ///< types that a result which is a class, or a pointer or reference to one, fits
  std::vector<StringId> headDefaults; ///< of each template parameter; empty where it has none
  std::vector<InterfaceMember> members; ///< of a class or enumeration
};

/// A class, enumeration or function that a `same-interface` rule names, with all that callers may use of it. Recorded
/// wherever it stands.
struct InterfaceFact {
  StringId name = 0;  ///< as the vocabulary has it
  StringId meant = 0; ///< qualified; another name where the vocabulary names an alias
  InterfaceMember self;
};

/// How a function of the vocabulary, or a public method of one of its classes, is called: what an adapter has to know.
/// Recorded wherever it is declared.
struct CalleeFact {
  StringId name = 0;                     ///< qualified, as the vocabulary has it; of a method `Class::method`
  StringId usr = 0;                      ///< of the function
  StringId className = 0;                ///< of a method that needs an object: the class, as the vocabulary has it
  Place place;                           ///< the name token
  StringId result = 0;                   ///< canonical spelling
  std::vector<ParameterFact> parameters; ///< the value of a default is its text, if it has any
  /// What the result has to offer: public fields, and methods without parameters as `name()`.
  std::vector<ParameterFact> members;
  bool isNoexcept = false;
  bool givesStatic = false; ///< on every path the address of one variable that lives as long as the program
};

/// One argument, or the object, of a call as it is written.
struct ArgumentFact {
  Place place;
  bool effects = false; ///< may change something, so that it is to be evaluated once
  bool primary = false; ///< a name, a literal, a call ...: needs no parentheses anywhere
};

/// Two operands of a call by their numbers, 0 for the object and 1 for the first argument, of which one has to be
/// evaluated before the other: it may change what that reads, or the other way round.
struct OperandOrder {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
};

/// A call of a function that the vocabulary asks about, as text that could be rewritten.
struct CallSiteFact {
  StringId name = 0; ///< qualified, as the vocabulary has it
  StringId usr = 0;
  Place place;                         ///< the whole call, its object and its closing bracket included
  Place callee;                        ///< the name token, where a person would edit it
  std::optional<ArgumentFact> object;  ///< of a member call, unless it is an implicit `this`
  bool arrow = false;                  ///< the object is a pointer, or behaves like one
  std::vector<ArgumentFact> arguments; ///< as written: defaults are not among them
  std::vector<OperandOrder> order;     ///< what is not among them may be evaluated in any order
  std::vector<StringId> types;         ///< of the parameters, qualified as in their declaration
  bool inMacroBody = false;            ///< a part of it, if only a bracket, comes from a macro's body
  StringId context = 0;
};

enum class ValueKind : std::uint8_t { Argument, Default, Result, Override, Initial, Exception, Handler, Function };

/// What becomes, without anybody writing it, of a value at a use of something that moves: of an argument of a call or a
/// construction, and of what a call, a variable or a field gives. An override is a method of a class with a base that
/// moves; `steps` says whether it overrides anything. An initial is the value that a field begins with by its class's
/// word where an object is made. An exception is a class that is thrown: `place` is the keyword, `value` the whole. A
/// handler catches a class: `place` is the block that it guards, `value` the type that it catches. A function is one
/// that other units may find by its parameters: `place` is its name, `value` ends with them, `text` is its USR.
struct ConversionFact {
  ValueKind kind = ValueKind::Argument;
  StringId name = 0; ///< of what is called or named, qualified
  Place place;       ///< its name token, or where an object is made without one
  /// The expression as written; of a default: the bracket where the call's arguments end, nothing behind the name of a
  /// variable that is made without brackets, else `place`.
  Place value;
  std::uint32_t index = 0; ///< of the argument
  StringId type = 0;       ///< that it has in the end; ends in `&` when whoever gets it may change it
  /// The conversions that may change the value or run code; of a default: the value; of a function: `defined` where it
  /// is; may be empty.
  StringId steps = 0;
  /// Of a default: how a call can spell it out; of an argument that is a constant, of a named constant and of an
  /// enumerator that becomes a number: the value. Of an exception: its bases by which handlers catch it, too.
  StringId text = 0;
  StringId usr = 0; ///< of a default: the function
  /// Of an argument or a default: the name of the parameter. What braces give to a field, and a part of a structured
  /// binding, are arguments too, and the field is the parameter.
  StringId parameter = 0;
};

/// A node that a rule's own matcher found.
struct MatchFact {
  StringId rule = 0;
  bool compliant = false;
  Place place;
  StringId context = 0;
};

/// Lines that the preprocessor left out: a branch that is off.
struct SkippedFact {
  Place place;
};

/// A `NOLINT` comment that names a rule of ours.
enum class NolintKind : std::uint8_t { Line, NextLine, Begin, End };

struct NolintFact {
  NolintKind kind = NolintKind::Line;
  std::vector<StringId> rules; ///< rule ids, without the prefix
  StringId reason = 0;
  Place place; ///< the comment
};

/// An error or a warning of the compiler.
struct DiagnosticFact {
  std::string file; ///< relative to the root; may be empty
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;
  std::string flag; ///< of a warning: what turns it on and off, without the -W
};

struct UnitFacts {
  std::vector<std::string> strings{std::string()};
  std::vector<FileFact> files;
  std::vector<IncludeFact> includes;
  std::vector<SymbolFact> symbols;
  std::vector<TypeFact> types;
  std::vector<FunctionFact> functions;
  /// What callers of templates make of them, where the template alone does not say what it emits. Known by USRs of
  /// their own, and no definitions: only their events are recorded.
  std::vector<FunctionFact> instances;
  std::vector<UseFact> uses;
  std::vector<ForwardFact> forwards;
  std::vector<DirectiveFact> directives;
  std::vector<CreationFact> creations;
  std::vector<StorageFact> storages;
  std::vector<CallSiteFact> callSites;
  std::vector<InterfaceFact> interfaces;
  std::vector<CalleeFact> callees;
  std::vector<ConversionFact> conversions;
  std::vector<MatchFact> matches;
  std::vector<NolintFact> nolints;
  std::vector<SkippedFact> skipped;
  /// Whether the unit was parsed. When not, it cannot hold anything that the rules ask about, and there is only what
  /// the preprocessor tells: `files`, `includes`, `nolints` and `skipped`.
  bool parsed = true;
  /// The names of the vocabulary that the unit may speak of. Asking for further names, or for fewer, gives the same
  /// facts as long as these are the same. Sorted.
  std::vector<std::string> named;
  /// Identifiers that macros bring into the project's code and that none of its files spells. Sorted.
  std::vector<std::string> expanded;
  /// The first error. When it is set the unit failed: everything but `files` and `includes` is empty.
  std::optional<DiagnosticFact> error;
  /// The errors after the first, as many as were asked for.
  std::vector<DiagnosticFact> moreErrors;
  /// When they were asked for.
  std::vector<DiagnosticFact> warnings;
};

} // namespace ssot
