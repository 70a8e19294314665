# ssot_add_check(NAME [CONFIG FILE] [ARGUMENTS ...]) adds a target that runs `ssot check` on this project, and fails with it.
#
#   set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
#   include(SsotCheck)
#   ssot_add_check(ssot ARGUMENTS --baseline .ssot-baseline)
#   add_test(NAME ssot COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target ssot)
#
# CONFIG is the rule file (default: .ssot.yaml of the source folder); ARGUMENTS go to `ssot check`. SSOT_PROGRAM names the program.
function(ssot_add_check name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CONFIG" "ARGUMENTS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ssot_add_check: unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT CMAKE_EXPORT_COMPILE_COMMANDS)
    message(FATAL_ERROR "ssot_add_check: set CMAKE_EXPORT_COMPILE_COMMANDS to ON before the first target")
  endif()
  find_program(SSOT_PROGRAM ssot REQUIRED)
  if(NOT arg_CONFIG)
    set(arg_CONFIG "${CMAKE_CURRENT_SOURCE_DIR}/.ssot.yaml")
  endif()
  add_custom_target(${name}
    COMMAND "${SSOT_PROGRAM}" check --root "${CMAKE_CURRENT_SOURCE_DIR}" -c "${arg_CONFIG}" -p "${CMAKE_BINARY_DIR}" ${arg_ARGUMENTS}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    VERBATIM USES_TERMINAL)
endfunction()
