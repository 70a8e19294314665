#include "report/bundle.h"

namespace ssot {

std::vector<BundleFile> bundleDocuments(const BundleInput &input) {
  return {{"validation-report.md", validationReport(input)},
          {"proof-summary.md", proofSummary(input)},
          {"migration-guide.md", migrationGuide(input)},
          {"deprecation-usage.md", deprecationUsage(input)},
          {"rollback-plan.md", rollbackPlan(input)}};
}

} // namespace ssot
