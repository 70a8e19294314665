# ssot_add_dashboard(TARGET FOLDER)
#
# Bundles the page of `--format html` (FOLDER: its sources and its package.json) into TARGET. Nothing is downloaded here: `npm ci` in FOLDER,
# which `./dev setup` does, brings the chart library and the bundler. Without them, or with SSOT_DASHBOARD off, ssot is built without the
# format and says so when somebody asks for it.
function(ssot_add_dashboard target folder)
  set(page "${CMAKE_CURRENT_BINARY_DIR}/dashboard_page.cpp")
  find_program(SSOT_NODE NAMES node nodejs)
  # A glob is looked at in every build: packages that come later are noticed.
  file(GLOB packages CONFIGURE_DEPENDS "${folder}/node_modules/.package-lock.json")
  if(SSOT_DASHBOARD AND SSOT_NODE AND packages)
    file(GLOB parts CONFIGURE_DEPENDS "${folder}/*.js" "${folder}/*.mjs" "${folder}/*.css" "${folder}/*.html")
    add_custom_command(OUTPUT "${page}" COMMAND "${SSOT_NODE}" build.mjs "${page}" DEPENDS ${parts} ${packages}
                       WORKING_DIRECTORY "${folder}" COMMENT "Bundling the dashboard" VERBATIM)
  else()
    if(SSOT_DASHBOARD)
      message(WARNING "`--format html` is left out: it needs Node.js, and `npm ci` in ${folder} (./dev setup does that)")
    endif()
    file(CONFIGURE OUTPUT "${page}" CONTENT [[
#include "report/dashboard_page.h"

namespace ssot {
llvm::StringRef dashboardPage() { return {}; }
} // namespace ssot
]])
  endif()
  target_sources(${target} PRIVATE "${page}")
endfunction()
