#include "migrate/creations.h"

#include "judge/sites.h"

namespace ssot {

namespace {

/// The offset of the first of \p wanted outside of `<` and `>`, or npos.
std::size_t findOutside(llvm::StringRef text, llvm::StringRef wanted) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (depth == 0 && wanted.contains(text[i]))
      return i;
    depth += text[i] == '<' ? 1 : text[i] == '>' ? -1 : 0;
  }
  return llvm::StringRef::npos;
}

/// Whether what comes next is given to a smart pointer: `std::unique_ptr<T>(` or `std::unique_ptr<T> name(`. Elsewhere
/// an owner in place of a bare pointer would end the object's life earlier.
bool isGivenToOwner(llvm::StringRef before) {
  before = before.rtrim();
  if (!before.consume_back("(") && !before.consume_back("{"))
    return false;
  before = before.rtrim();
  if (!before.ends_with(">"))
    before = before.rtrim("_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").rtrim();
  llvm::StringRef statement = before.drop_front(std::min(before.find_last_of(";{}()") + 1, before.size()));
  return statement.ends_with(">") && (statement.contains("unique_ptr<") || statement.contains("shared_ptr<"));
}

/// `new T`, up to the arguments.
std::optional<std::size_t> headOfNew(llvm::StringRef written) {
  llvm::StringRef type = written;
  if (!type.consume_front("new") || type.ltrim().starts_with("("))
    return std::nullopt;
  std::size_t end = findOutside(written, "([{");
  if (end == llvm::StringRef::npos)
    return written.size();
  return written[end] == '(' ? std::optional(end) : std::nullopt;
}

/// `std::make_unique<T>`, up to the arguments.
std::optional<std::size_t> headOfMake(llvm::StringRef written) {
  llvm::StringRef function = unqualified(written.take_front(written.find('<')).trim());
  std::size_t end = findOutside(written, "(");
  if ((function != "make_unique" && function != "make_shared") || end == llvm::StringRef::npos)
    return std::nullopt;
  return end;
}

} // namespace

std::optional<FactoryCall> factoryCallFor(const CreationFact &creation, llvm::StringRef text) {
  const Place &place = creation.place;
  if (place.end > text.size() || place.begin >= place.end)
    return std::nullopt;
  llvm::StringRef written = text.slice(place.begin, place.end);
  std::optional<std::size_t> head;
  if (creation.kind == CreationKind::New && isGivenToOwner(text.take_front(place.begin)))
    head = headOfNew(written);
  else if (creation.kind == CreationKind::MakeFunction)
    head = headOfMake(written);
  if (!head)
    return std::nullopt;
  return FactoryCall{place.begin + static_cast<std::uint32_t>(*head), *head == written.size() ? "()" : ""};
}

namespace {

enum class Given { Reference, ConstReference, Value, Owner, Pointer, ConstPointer, Other };

Given givenBy(llvm::StringRef result, llvm::StringRef className) {
  for (llvm::StringRef owner : {"std::unique_ptr<", "std::shared_ptr<"})
    if (llvm::StringRef made = result; made.consume_front(owner) && made.consume_front(className))
      return made.starts_with(">") || made.starts_with(",") ? Given::Owner : Given::Other;
  if (result == className)
    return Given::Value;
  bool isConst = result.consume_front("const ");
  if (result.rtrim("* ") == className && result.count('*') == 1)
    return isConst ? Given::ConstPointer : Given::Pointer;
  if (result.rtrim("& ") != className || !result.ends_with("&") || result.ends_with("&&"))
    return Given::Other;
  return isConst ? Given::ConstReference : Given::Reference;
}

} // namespace

FactoryVariable factoryVariableFor(const CreationFact &creation, llvm::StringRef className, llvm::StringRef result,
                                   bool isStatic, llvm::StringRef text) {
  FactoryVariable planned;
  if (!creation.variable || creation.variable->rest.end > text.size()) {
    planned.refusal = "the object is not made where it could be written in another way";
    return planned;
  }
  const MadeVariable &variable = *creation.variable;
  Given given = givenBy(result, className);
  std::string arguments = "(" + text.slice(variable.arguments.begin, variable.arguments.end).trim().str() + ")";
  if (creation.kind == CreationKind::Member) {
    if (given != Given::Value)
      planned.refusal = "the factory gives " + quoted(result) + ", and the member is an object";
    planned.begin = variable.arguments.begin;
    planned.end = variable.arguments.end;
    planned.after = std::move(arguments);
    return planned;
  }
  llvm::StringRef head = text.slice(variable.head.begin, variable.head.end).rtrim();
  llvm::StringRef type = head;
  if (type.consume_front("static"))
    type = type.ltrim();
  std::string name = text.slice(variable.name.begin, variable.name.end).str();
  auto otherUse = [&] {
    return quoted(name) + " is used otherwise than as '" + name + ".', first in line " +
           std::to_string(variable.other->line) + ", and the factory gives " + quoted(result);
  };
  planned.begin = variable.head.begin;
  planned.end = variable.rest.end;
  planned.after = std::move(arguments);
  switch (given) {
  case Given::Reference:
  case Given::ConstReference:
    // Nothing of its own is kept any more, so there is nothing that could be static.
    if (!variable.isLocal)
      planned.refusal = "the factory gives a reference, and the variable is not local";
    if (given == Given::ConstReference && !variable.isConst)
      planned.before = "const ";
    planned.before += type.str() + " &" + name + " = ";
    break;
  case Given::Value:
    planned.before = head.str() + " " + name + " = ";
    break;
  case Given::Owner:
    if (!variable.isLocal)
      planned.refusal = "the factory gives " + quoted(result) + ", and not all uses of " + quoted(name) + " are known";
    else if (variable.isConst)
      planned.refusal = "the factory gives " + quoted(result) + ", through which " + quoted(name) + " could be changed";
    else if (variable.other)
      planned.refusal = otherUse();
    planned.before = (head != type ? "static auto " : "auto ") + name + " = ";
    planned.arrows = variable.members;
    break;
  case Given::Pointer:
  case Given::ConstPointer:
    if (!isStatic)
      planned.refusal = "the factory gives " + quoted(result) + ", and who owns that is not known";
    else if (!variable.isLocal)
      planned.refusal = "the factory gives " + quoted(result) + ", and not all uses of " + quoted(name) + " are known";
    else if (variable.other)
      planned.refusal = otherUse();
    // The object is another's: nothing of its own is kept that could be static.
    planned.before = (variable.isConst || given == Given::ConstPointer ? "const auto *" : "auto *") + name + " = ";
    planned.arrows = variable.members;
    break;
  case Given::Other:
    planned.refusal = "the factory gives " + quoted(result) + ", and who owns that is not known";
    break;
  }
  return planned;
}

} // namespace ssot
