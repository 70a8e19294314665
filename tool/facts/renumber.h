// facts/renumber.h - the same facts with other tables of strings and files.
#pragma once

#include "facts/visit.h"

#include <llvm/ADT/ArrayRef.h>

namespace ssot::facts {

/// An archive that gives each string and file the number that functions of the old one say.
template <typename Text, typename File>
class Renumber {
public:
  Renumber(Text text, File file) : TextOf(std::move(text)), FileOf(std::move(file)) {}

  template <typename T>
  void integer(T &) {}
  template <typename Enum>
  void enumerator(Enum &, Enum) {}
  void flag(bool &) {}
  void string(std::string &) {}
  void text(StringId &id) { id = TextOf(id); }
  void file(std::uint32_t &index) { index = FileOf(index); }
  void call(std::uint32_t &, bool) {}
  void calls(std::size_t) {}
  void deeper() {}
  void shallower() {}
  std::size_t size(std::size_t count) { return count; }
  bool present(bool there) { return there; }

private:
  Text TextOf;
  File FileOf;
};

/// \param strings, files the new number for each old one.
inline void renumber(UnitFacts &facts, llvm::ArrayRef<StringId> strings, llvm::ArrayRef<std::uint32_t> files) {
  Renumber archive([=](StringId id) { return strings[id]; }, [=](std::uint32_t file) { return files[file]; });
  contents(archive, facts);
}

} // namespace ssot::facts
