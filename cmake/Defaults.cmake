# What every target of the repository is built with. Third-party headers come in as SYSTEM, so -Werror speaks of our code only.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-Wall -Wextra -Werror)

if(SSOT_SANITIZE)
  add_compile_options(-fsanitize=${SSOT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SSOT_SANITIZE})
endif()

# lld halves the link time; the default linker serves where it is not installed.
find_program(SSOT_LLD NAMES ld.lld-19 ld.lld)
if(SSOT_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

# ccache must be told that a precompiled header's time stamp and __TIME__ do not matter to us (see `dev`, which sets CCACHE_SLOPPINESS).
find_program(SSOT_CCACHE ccache)
if(SSOT_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SSOT_CCACHE}")
endif()
