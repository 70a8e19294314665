#include "migrate/delegating_call.h"

#include "facts/words.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <optional>

namespace ssot {

namespace {

/// A type by value: without reference and outermost const.
llvm::StringRef bare(llvm::StringRef type) {
  type = type.rtrim("& ");
  if (!type.ends_with("*"))
    type.consume_front("const ");
  return type;
}

bool isMoved(llvm::StringRef type) { return type.ends_with("&&"); }
bool isReference(llvm::StringRef type) { return type.ends_with("&"); }

/// How an object of the class is reached through a value of \p type: `.`, `->`, or not at all.
llvm::StringRef accessTo(llvm::StringRef type, llvm::StringRef className) {
  llvm::StringRef inner = bare(type);
  if (inner == className)
    return ".";
  inner.consume_front("const ");
  if (llvm::StringRef pointee = inner; pointee.consume_back("*"))
    return pointee.rtrim() == className ? "->" : "";
  for (llvm::StringRef smart : {"std::unique_ptr<", "std::shared_ptr<"})
    if (llvm::StringRef pointee = inner; pointee.consume_front(smart) && pointee.consume_front(className))
      return pointee.starts_with(">") || pointee.starts_with(",") ? "->" : "";
  return "";
}

class CallDeriver {
public:
  CallDeriver(const Index &index, const FunctionFact &duplicate, const CalleeFact &canonical, const Adapters &how)
      : Known(index), Duplicate(duplicate), Canonical(canonical), How(how), Used(duplicate.parameters.size()) {}

  DelegatingCall run() {
    if (Duplicate.written.isNoexcept && !Canonical.isNoexcept)
      refuse("it is noexcept, and the canonical one may throw");
    else if (findArguments() && findCallee() && findResult() && nothingIsDropped())
      write();
    return std::move(Call);
  }

private:
  bool refuse(std::string why) {
    Call.refusal = std::move(why);
    return false;
  }

  llvm::StringRef text(StringId id) const { return Known.text(id); }
  llvm::StringRef nameOf(std::size_t parameter) const { return text(Duplicate.parameters[parameter].name); }
  llvm::StringRef typeOf(std::size_t parameter) const { return text(Duplicate.parameters[parameter].type); }

  // --- arguments

  bool findArguments() {
    if (std::optional<bool> positional = takeInOrder())
      return *positional;
    for (const ParameterFact &wanted : Canonical.parameters) {
      if (std::optional<std::size_t> given = sourceOf(wanted)) {
        if (Arguments.size() < static_cast<std::size_t>(&wanted - Canonical.parameters.data()))
          return refuse("the canonical one takes " + quoted(text(Canonical.parameters[Arguments.size()].name)) +
                        " before " + quoted(text(wanted.name)) + ", and there is nothing to pass for it");
        if (!pass(*given, wanted))
          return false;
      } else if (std::optional<std::size_t> namesake = unusedNamed(wanted.name)) {
        return refuse("parameter " + quoted(nameOf(*namesake)) + " is a " + quoted(typeOf(*namesake)) +
                      ", the canonical one takes " + quoted(text(wanted.type)));
      } else if (!wanted.defaultValue) {
        return refuse("there is nothing to pass for parameter " + quoted(text(wanted.name)) + " of the canonical one");
      }
    }
    return true;
  }

  /// The same types in the same order, and no name says otherwise.
  /// \returns nothing when it is not so.
  std::optional<bool> takeInOrder() {
    if (Duplicate.parameters.size() != Canonical.parameters.size())
      return std::nullopt;
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i)
      if (bare(typeOf(i)) != bare(text(Canonical.parameters[i].type)))
        return std::nullopt;
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i)
      for (std::size_t k = 0; k < Canonical.parameters.size(); ++k)
        if (i != k && Duplicate.parameters[i].name && Duplicate.parameters[i].name == Canonical.parameters[k].name)
          return std::nullopt;
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i)
      if (!pass(i, Canonical.parameters[i]))
        return false;
    return true;
  }

  std::optional<std::size_t> unusedNamed(StringId name) const {
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i)
      if (name && Duplicate.parameters[i].name == name && !Used[i])
        return i;
    return std::nullopt;
  }

  /// The parameter of the same name and type; else the only one of that type that is wanted once.
  std::optional<std::size_t> sourceOf(const ParameterFact &wanted) const {
    llvm::StringRef type = bare(text(wanted.type));
    std::optional<std::size_t> only;
    unsigned ofType = 0;
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i) {
      if (Used[i])
        continue;
      bool sameType = bare(typeOf(i)) == type;
      if (Duplicate.parameters[i].name == wanted.name && wanted.name && (sameType || !How.via.empty()))
        return i;
      if (sameType && llvm::none_of(Canonical.parameters, [&](const ParameterFact &other) {
            return other.name == Duplicate.parameters[i].name && bare(text(other.type)) == type;
          })) {
        only = i;
        ++ofType;
      }
    }
    auto wantedOfType = llvm::count_if(Canonical.parameters, [&](const ParameterFact &other) {
      return bare(text(other.type)) == type && llvm::none_of(Duplicate.parameters, [&](const ParameterFact &given) {
               return given.name == other.name && bare(text(given.type)) == type;
             });
    });
    return ofType == 1 && wantedOfType == 1 ? only : std::nullopt;
  }

  bool pass(std::size_t given, const ParameterFact &wanted) {
    std::string name = nameOf(given).str();
    if (name.empty())
      return refuse("parameter " + std::to_string(given + 1) + " has no name");
    Used[given] = true;
    llvm::StringRef from = typeOf(given), to = text(wanted.type);
    std::vector<std::string> choices;
    bool owned = !isReference(from) || isMoved(from);
    if (bare(from) != bare(to)) {
      for (const std::string &via : How.via)
        choices.push_back((llvm::Twine(via) + "(" + name + ")").str());
    } else {
      if (!isMoved(to))
        choices.push_back(name);
      if (owned && (isMoved(to) || !isReference(to)))
        choices.push_back("std::move(" + name + ")"); // of what cannot be copied
    }
    Arguments.push_back(std::move(choices));
    return true;
  }

  // --- the function or the object

  bool findCallee() {
    llvm::StringRef name = text(Canonical.name);
    if (!Canonical.className) {
      Callees = {name.str(), "::" + name.str()};
      return true;
    }
    std::string method = unqualified(name).str();
    std::vector<std::string> objects;
    if (!onlyParameter(objects) && !onlyMember(objects) && !configuredObject(objects))
      return refuse("no parameter and no member, or more than one, is a " + quoted(text(Canonical.className)) +
                    "; say with 'adapters: {object: [...]}' which object to call");
    for (const std::string &object : objects)
      Callees.push_back(object + method);
    return true;
  }

  bool configuredObject(std::vector<std::string> &objects) {
    for (const std::string &expression : How.objects) {
      std::vector<std::size_t> needed;
      if (std::optional<std::string> object = filledIn(expression, needed)) {
        for (std::size_t parameter : needed)
          Used[parameter] = true;
        // Whether it is a pointer, or behaves like one, is for the compiler to say.
        llvm::StringRef pointer = *object;
        if (pointer.consume_front("*"))
          objects = {pointer.str() + "->"};
        else
          objects = {*object + ".", *object + "->"};
        return true;
      }
    }
    return false;
  }

  /// The expression with the parameters that it names; nothing when there is none of such a name.
  std::optional<std::string> filledIn(llvm::StringRef expression, std::vector<std::size_t> &needed) const {
    std::string result;
    while (!expression.empty()) {
      auto [before, rest] = expression.split('$');
      result += before;
      if (before.size() == expression.size())
        break;
      llvm::StringRef name = rest.take_while(isWordByte);
      auto parameter =
          llvm::find_if(Duplicate.parameters, [&](const ParameterFact &each) { return text(each.name) == name; });
      if (name.empty() || parameter == Duplicate.parameters.end())
        return std::nullopt;
      needed.push_back(static_cast<std::size_t>(parameter - Duplicate.parameters.begin()));
      result += name;
      expression = rest.drop_front(name.size());
    }
    return result;
  }

  bool onlyMember(std::vector<std::string> &objects) {
    objects.clear();
    const TypeFact *own = Duplicate.parentClass && !Duplicate.isStatic ? Known.type(Duplicate.parentClass) : nullptr;
    for (const FieldFact &field : own ? llvm::ArrayRef(own->fields) : llvm::ArrayRef<FieldFact>())
      if (llvm::StringRef access = accessTo(text(field.type), text(Canonical.className)); !access.empty())
        objects.push_back((text(field.name) + access).str());
    return objects.size() == 1;
  }

  bool onlyParameter(std::vector<std::string> &objects) {
    std::size_t only = 0;
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i)
      if (llvm::StringRef access = accessTo(typeOf(i), text(Canonical.className));
          !Used[i] && !access.empty() && !nameOf(i).empty()) {
        objects.push_back((nameOf(i) + access).str());
        only = i;
      }
    if (objects.size() == 1)
      Used[only] = true;
    return objects.size() == 1;
  }

  bool nothingIsDropped() {
    for (std::size_t i = 0; i < Duplicate.parameters.size(); ++i)
      if (!Used[i])
        return refuse(nameOf(i).empty() ? "parameter " + std::to_string(i + 1) + " would be dropped"
                                        : "parameter " + quoted(nameOf(i)) + " would be dropped");
    return true;
  }

  // --- the result

  bool findResult() {
    llvm::StringRef old = text(Duplicate.result), given = text(Canonical.result);
    if (old == "void" || old == given || (!isReference(old) && old == bare(given)))
      return true;
    std::vector<std::string> fields;
    for (const ParameterFact &member : Canonical.members)
      if (!text(member.name).ends_with(")") && text(member.type) == old)
        fields.push_back(text(member.name).str());
    for (bool converts : {false, true})
      for (const std::string &member : How.results)
        if (giveBack(member, old, converts))
          return true;
    if (How.results.empty() && fields.size() == 1)
      return giveBack(fields.front(), old, false);
    std::string hint = "; say with 'adapters: {result: [...]}' which member of the result to give back";
    if (fields.size() > 1)
      return refuse("of " + quoted(bare(given)) + " both " + quoted(fields[0]) + " and " + quoted(fields[1]) + " are " +
                    quoted(old) + hint);
    return refuse("it returns " + quoted(old) + ", the canonical one " + quoted(given) + (given == "void" ? "" : hint));
  }

  /// A member of the type that was returned. One that the rule names may be another number.
  bool giveBack(llvm::StringRef name, llvm::StringRef type, bool converts) {
    for (const ParameterFact &member : Canonical.members) {
      llvm::StringRef called = text(member.name), has = bare(text(member.type));
      called.consume_back("()");
      if (called != name || (has != bare(type) && !(converts && isInteger(has) && isInteger(type))))
        continue;
      if (has != bare(type))
        Prefix = "static_cast<" + type.str() + ">(";
      Suffix = ("." + text(member.name) + (Prefix.empty() ? "" : ")")).str();
      return true;
    }
    return false;
  }

  static bool isInteger(llvm::StringRef type) {
    type.consume_front("unsigned ");
    return type == "int" || type == "long" || type == "long long" || type == "short";
  }

  // --- the text

  void write() {
    std::vector<std::string> lists{std::string()};
    for (const std::vector<std::string> &choices : Arguments) {
      std::vector<std::string> longer;
      for (const std::string &choice : choices)
        for (const std::string &list : lists)
          longer.push_back(list.empty() ? choice : (llvm::Twine(list) + ", " + choice).str());
      lists = std::move(longer);
    }
    bool returns = text(Duplicate.result) != "void";
    constexpr std::size_t kMost = 12; // each costs a parse of what reads the file
    for (const std::string &list : lists)
      for (const std::string &callee : Callees)
        if (Call.choices.size() < kMost)
          Call.choices.push_back(
              (llvm::Twine(returns ? "return " : "") + Prefix + callee + "(" + list + ")" + Suffix + ";").str());
  }

  const Index &Known;
  const FunctionFact &Duplicate;
  const CalleeFact &Canonical;
  const Adapters &How;
  std::vector<bool> Used;
  std::vector<std::vector<std::string>> Arguments; ///< in the ways that each may be written
  std::vector<std::string> Callees;
  std::string Prefix, Suffix; ///< around the call
  DelegatingCall Call;
};

} // namespace

DelegatingCall delegatingCall(const Index &index, const FunctionFact &duplicate, const CalleeFact &canonical,
                              const Adapters &how) {
  return CallDeriver(index, duplicate, canonical, how).run();
}

} // namespace ssot
