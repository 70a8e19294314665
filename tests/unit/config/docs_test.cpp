// The pages about the rule format say what the format is: every key is on its page, and every rule they show is sound.

#include "unit/config/files.h"

#include "config/format.h"

#include <llvm/Support/MemoryBuffer.h>

namespace ssot {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Docs : public RuleFiles {
protected:
  static std::string page(const std::string &name) {
    auto buffer = llvm::MemoryBuffer::getFile(std::string(SSOT_SOURCE_DIR) + "/docs/" + name);
    EXPECT_TRUE(buffer) << name;
    return buffer ? (*buffer)->getBuffer().str() : std::string();
  }

  /// \returns the YAML examples of a page.
  static std::vector<std::string> examplesIn(llvm::StringRef page) {
    std::vector<std::string> examples;
    for (auto [before, rest] = page.split("```yaml\n"); !rest.empty(); std::tie(before, rest) = rest.split("```yaml\n"))
      examples.push_back(rest.split("```").first.str());
    return examples;
  }
};

TEST_F(Docs, EveryKindHasAPageWithItsKeysAndSoundExamples) {
  for (const KindSpec &kind : ruleKinds()) {
    std::string text = page("rules/" + kind.name.str() + ".md");
    for (const KeySpec &key : kind.object.own)
      EXPECT_THAT(text, HasSubstr("| `" + key.name.str() + "` |")) << kind.name.str();
    EXPECT_THAT(examplesIn(text), Not(IsEmpty())) << kind.name.str();
    for (const std::string &example : examplesIn(text))
      for (const Rule &rule : load("ssot: 1\nrules:\n" + example).rules)
        EXPECT_EQ(rule.kind, kind.name);
  }
}

TEST_F(Docs, TheFormatsPageHasEveryKeyOfEveryRuleAndEveryKind) {
  std::string text = page("rule-format.md");
  for (const KeySpec &key : ruleKinds().front().object.common)
    EXPECT_THAT(text, HasSubstr("| `" + key.name.str() + "` |"));
  for (const KindSpec &kind : ruleKinds())
    EXPECT_THAT(text, HasSubstr("(rules/" + kind.name.str() + ".md)"));
  for (const KeySpec &key : fileSpec().own)
    EXPECT_THAT(text, HasSubstr("\n" + key.name.str() + ":")) << "in the example of a whole file";
}

TEST_F(Docs, TheExamplesOfTheFormatsPageAreSound) {
  write("team_rules.yaml", "ssot: 1\nrules: [{id: readable-size, kind: size-limit, max-file-lines: 600}]\n");
  for (const std::string &example : examplesIn(page("rule-format.md")))
    load(example.starts_with("ssot:") ? example : "ssot: 1\nrules:\n" + example);
}

} // namespace
} // namespace ssot
