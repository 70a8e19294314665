// project/library_pages.h - gives back the pages of libraries that only the dynamic loader has read.
//
// To relocate libLLVM and libclang-cpp the loader reads their tables of symbols and relocations, some 45 MiB that stay
// in the process though nobody reads them again.
#pragma once

namespace ssot {

/// Unmaps the pages of large libraries that the process cannot have changed. Those that are read again come back from
/// the page cache. Does nothing where the system cannot do that.
void giveBackLibraryPages();

} // namespace ssot
