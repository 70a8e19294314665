// The formats by name: what `--format` offers is what is listed here.
#include "report/dashboard_page.h"
#include "report/report.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

namespace {

template <void (*Write)(const ReportInput &, llvm::raw_ostream &)>
void unstyled(const ReportInput &input, const TextStyle & /*style*/, llvm::raw_ostream &out) {
  Write(input, out);
}

constexpr Format kFormats[] = {
    {"text", writeText},
    {"json", unstyled<writeJson>},
    {"sarif", unstyled<writeSarif>},
    {"junit", unstyled<writeJunit>},
    {"github", unstyled<writeGithub>},
    {"gitlab", unstyled<writeGitlab>},
    {"markdown", unstyled<writeMarkdown>},
    {"csv", unstyled<writeCsv>},
    {"html", unstyled<writeHtml>},
};

} // namespace

llvm::ArrayRef<Format> formats() { return llvm::ArrayRef(kFormats).drop_back(dashboardPage().empty() ? 1 : 0); }

const Format *findFormat(llvm::StringRef name) {
  const Format *found = llvm::find_if(formats(), [&](const Format &format) { return format.name == name; });
  return found == formats().end() ? nullptr : found;
}

} // namespace ssot
