// report/dashboard_page.h - the page of the dashboard without its data, as the build bundled it.
#pragma once

#include <llvm/ADT/StringRef.h>

namespace ssot {

/// Stands in the page where the data go.
inline constexpr llvm::StringLiteral kDashboardData = "@SSOT_DATA@";

/// \returns the page; empty where ssot was built without npm's packages.
llvm::StringRef dashboardPage();

} // namespace ssot
