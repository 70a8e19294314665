# LLVM and Clang as the rooms link them: `ssot_llvm` and `ssot_clang`.
#
# From their archives where those are installed: the loader's work for libLLVM and libclang-cpp, half a million relocations, is most of what a warm
# check costs. For the same reason such a program lies at a fixed address, and what it never calls is left out. With sanitizers, or where
# archives are missing, from the shared libraries.
option(SSOT_STATIC_CLANG "Link LLVM and Clang from their archives where those are installed" ON)

add_library(ssot_llvm INTERFACE)
add_library(ssot_clang INTERFACE)

set(link_archives OFF)
if(SSOT_STATIC_CLANG AND NOT SSOT_SANITIZE)
  file(GLOB llvm_archives "${LLVM_LIBRARY_DIR}/libLLVM*.a")
  file(GLOB clang_archives "${LLVM_LIBRARY_DIR}/libclang[A-Z]*.a")
  # What LLVM's support library needs of the system. Its -dev packages need not be there.
  find_library(SSOT_ZLIB NAMES z libz.so.1)
  find_library(SSOT_ZSTD NAMES zstd libzstd.so.1)
  find_library(SSOT_TINFO NAMES tinfo libtinfo.so.6)
  if(llvm_archives AND clang_archives AND SSOT_ZLIB AND SSOT_ZSTD AND SSOT_TINFO)
    set(link_archives ON)
  else()
    message(STATUS "LLVM and Clang: no archives, so their shared libraries are linked; ssot starts more slowly")
  endif()
endif()

if(link_archives)
  # They name each other in circles.
  list(JOIN llvm_archives "," llvm_list)
  list(JOIN clang_archives "," clang_list)
  target_link_libraries(ssot_llvm INTERFACE "$<LINK_GROUP:RESCAN,${llvm_list}>" ${SSOT_ZLIB} ${SSOT_ZSTD} ${SSOT_TINFO} ${CMAKE_DL_LIBS})
  target_link_libraries(ssot_clang INTERFACE "$<LINK_GROUP:RESCAN,${clang_list}>" ssot_llvm)
  target_link_options(ssot_llvm INTERFACE -no-pie -Wl,--gc-sections)
else()
  target_link_libraries(ssot_llvm INTERFACE LLVM)
  target_link_libraries(ssot_clang INTERFACE clang-cpp ssot_llvm)
endif()
