#include "project/library_pages.h"

#ifdef __linux__
#include <cstddef>
#include <cstdint>

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace ssot {

#ifdef __linux__

namespace {

/// What is smaller is not worth a system call.
constexpr std::size_t kLarge = std::size_t(4) << 20;

/// The loader tells addresses as numbers.
void *pointer(std::uintptr_t address) {
  return reinterpret_cast<void *>(address); // NOLINT(performance-no-int-to-ptr)
}

/// Whether the loader writes into segments that are not writable: such pages are not those of the file.
bool hasTextRelocations(const dl_phdr_info &object) {
  for (std::size_t i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_DYNAMIC)
      continue;
    const auto *entry = static_cast<const ElfW(Dyn) *>(pointer(object.dlpi_addr + segment.p_vaddr));
    for (; entry->d_tag != DT_NULL; ++entry)
      if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL)))
        return true;
  }
  return false;
}

int giveBack(dl_phdr_info *object, std::size_t, void *) {
  if (hasTextRelocations(*object))
    return 0;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) || segment.p_filesz < kLarge)
      continue;
    // Whole pages only: a neighbour may begin in the last one.
    std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    std::uintptr_t end = (object->dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
    // An error means that the pages stay, which does no harm.
    (void)::madvise(pointer(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

} // namespace

void giveBackLibraryPages() { dl_iterate_phdr(giveBack, nullptr); }

#else

void giveBackLibraryPages() {}

#endif

} // namespace ssot
