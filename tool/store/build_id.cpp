#include "store/build_id.h"

#include "store/prober.h"

#include <llvm/Support/Path.h>

#include <elf.h>
#include <link.h>

namespace ssot {

namespace {

/// The note that the linker leaves; empty when it was not asked to.
llvm::StringRef buildIdOf(const dl_phdr_info &object) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    // The loader says where a segment is as a number; that is what a pointer is made of here.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    llvm::StringRef notes(reinterpret_cast<const char *>(object.dlpi_addr + segment.p_vaddr), segment.p_memsz);
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) head;
      std::memcpy(&head, notes.data(), sizeof head);
      std::size_t name = (head.n_namesz + 3U) & ~std::size_t(3), value = (head.n_descsz + 3U) & ~std::size_t(3);
      notes = notes.drop_front(sizeof head);
      if (notes.size() < name + value)
        break;
      if (head.n_type == NT_GNU_BUILD_ID && notes.take_front(head.n_namesz) == llvm::StringRef("GNU\0", 4))
        return notes.substr(name, head.n_descsz);
      notes = notes.drop_front(name + value);
    }
  }
  return llvm::StringRef();
}

int addObject(dl_phdr_info *object, std::size_t, void *into) {
  llvm::StringRef path = object->dlpi_name;
  llvm::StringRef name = llvm::sys::path::filename(path);
  // The program itself has no name here. Of the libraries, only Clang and LLVM decide what the facts are.
  if (!path.empty() && !name.starts_with("libclang") && !name.starts_with("libLLVM"))
    return 0;
  auto &input = *static_cast<DigestInput *>(into);
  llvm::StringRef id = buildIdOf(*object);
  if (!id.empty()) {
    input.add(id);
    return 0;
  }
  std::optional<Digest> content = contentDigest(path.empty() ? "/proc/self/exe" : path);
  input.add(content ? bytesOf(*content) : llvm::StringRef());
  return 0;
}

} // namespace

Digest toolBuild() {
  DigestInput input;
  dl_iterate_phdr(addObject, &input);
  return input.digest();
}

} // namespace ssot
