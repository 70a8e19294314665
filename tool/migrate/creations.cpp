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

} // namespace ssot
