// Files that are no sound YAML, or more than a rule file should be.

#include "unit/config/files.h"

namespace ssot {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kSound[] = "ssot: 1\nrules:\n  - id: sizes\n    kind: size-limit\n    max-file-lines: 10\n";

class Yaml : public RuleFiles {};

TEST_F(Yaml, AnEmptyFile) {
  EXPECT_EQ(errors(""), ".ssot.yaml:1:1: error: empty; a rule file begins with 'ssot: 1'\n");
  EXPECT_EQ(errors("# only a comment\n"), ".ssot.yaml:1:1: error: empty; a rule file begins with 'ssot: 1'\n");
}

TEST_F(Yaml, Malformed) {
  EXPECT_EQ(errors("ssot: 1\nrules: [\n"), ".ssot.yaml:3:1: error: not valid YAML: end of sequence flow not found\n");
  EXPECT_EQ(errors("ssot: 1\nscope: {include: [\"a]}\n"),
            ".ssot.yaml:3:1: error: not valid YAML: end of sequence flow not found\n");
  EXPECT_EQ(errors("ssot: *nobody\n"), ".ssot.yaml:1:7: error: not valid YAML: the referenced anchor is not defined\n");
}

TEST_F(Yaml, NotAMap) {
  EXPECT_EQ(errors("- ssot\n"), ".ssot.yaml:1:1: error: a rule file must be a map, not a list\n");
  EXPECT_EQ(errors("hello\n"), ".ssot.yaml:1:1: error: a rule file must be a map, not a string\n");
}

TEST_F(Yaml, AKeyGivenTwice) {
  EXPECT_EQ(
      errors("ssot: 1\nrules:\n  - id: sizes\n    kind: size-limit\n    max-file-lines: 10\n    max-file-lines: 20\n"),
      ".ssot.yaml:6:5: error: key 'max-file-lines' is given twice; the first one is on line 5\n");
}

TEST_F(Yaml, TwoDocuments) {
  EXPECT_EQ(errors(std::string(kSound) + "---\nssot: 1\n"),
            ".ssot.yaml:6:1: error: a second YAML document; a rule file is one document\n");
}

TEST_F(Yaml, AKeyThatIsNoWord) {
  EXPECT_EQ(errors("ssot: 1\n? [a, b]\n: c\n"), ".ssot.yaml:2:3: error: a key must be a word, not a list\n");
}

TEST_F(Yaml, ATag) {
  EXPECT_EQ(errors("ssot: !!str 1\n"), ".ssot.yaml:1:7: error: a YAML tag; rule files have none\n");
}

TEST_F(Yaml, ABombOfAliases) {
  std::string bomb = "ssot: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 10; ++level) {
    std::string below = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
    for (int i = 1; i < 10; ++i)
      bomb += ", " + below;
    bomb += "]\n";
  }
  EXPECT_EQ(errors(bomb),
            ".ssot.yaml:6:45: error: more than 100000 values (aliases counted as often as they are used)\n");
}

TEST_F(Yaml, AnAliasOfWhatContainsIt) {
  EXPECT_EQ(errors("ssot: 1\nscope: &a {include: [*a]}\n"),
            ".ssot.yaml:2:22: error: an alias inside the value that it stands for\n");
}

TEST_F(Yaml, NestedTooDeep) {
  std::string deep = "ssot: " + std::string(65, '[') + std::string(65, ']') + "\n";
  EXPECT_EQ(errors(deep), ".ssot.yaml:1:70: error: nested deeper than 64 levels\n");
  EXPECT_THAT(errors("ssot: " + std::string(100'000, '[')), StartsWith(".ssot.yaml:1:"));
}

TEST_F(Yaml, TooLarge) {
  EXPECT_EQ(errors("ssot: 1\n#" + std::string(1 << 20, 'x') + "\n"),
            ".ssot.yaml:1:1: error: larger than 1048576 bytes; this is no rule file\n");
}

TEST_F(Yaml, NotUtf8) {
  EXPECT_EQ(errors("ssot: 1\n# caf\xE9\n"), ".ssot.yaml:2:6: error: not UTF-8 (byte 0xE9)\n");
  EXPECT_EQ(errors(llvm::StringRef("\xFF\xFEs\0s\0", 6)), ".ssot.yaml:1:1: error: not UTF-8 (byte 0xFF)\n");
}

TEST_F(Yaml, ControlCharacters) {
  EXPECT_EQ(errors(std::string(kSound) + "# \x04\nunknown: 1\n"),
            ".ssot.yaml:6:3: error: a control character (0x04); a rule file is text\n");
  EXPECT_EQ(errors(llvm::StringRef("ssot: \0", 7)),
            ".ssot.yaml:1:7: error: a control character (0x00); a rule file is text\n");
}

TEST_F(Yaml, AByteOrderMarkAndCarriageReturnsChangeNothing) {
  std::string windows = "\xEF\xBB\xBF";
  for (char c : llvm::StringRef(kSound))
    windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_THAT(load(windows).rules, SizeIs(1));
  EXPECT_EQ(errors("\xEF\xBB\xBFssot: 1\r\nruls: []\r\nrules: []\r\n"),
            ".ssot.yaml:2:1: error: unknown key 'ruls' in a rule file; did you mean 'rules'?\n");
}

TEST_F(Yaml, AliasesOfReasonableSizeAreFine) {
  Config config = load("ssot: 1\nrules:\n"
                       "  - {id: a, kind: size-limit, max-file-lines: 10, scope: &src {include: [src/**]}}\n"
                       "  - {id: b, kind: size-limit, max-file-lines: 20, scope: *src}\n");
  ASSERT_THAT(config.rules, SizeIs(2));
  EXPECT_TRUE(config.rules[1].scope.contains("src/a.cpp"));
  EXPECT_FALSE(config.rules[1].scope.contains("lib/a.cpp"));
}

TEST_F(Yaml, FilesThatCannotBeRead) {
  EXPECT_EQ(errorsOf(loadFile("nowhere.yaml")),
            "nowhere.yaml: error: cannot read 'nowhere.yaml': No such file or directory\n");
  write("folder/x", "");
  EXPECT_EQ(errorsOf(loadFile("folder")), "folder: error: cannot read 'folder': Is a directory\n");
  EXPECT_EQ(errorsOf(loadConfig("/dev/zero", {}, {})),
            "/dev/zero: error: cannot read '/dev/zero': not a regular file\n");
}

} // namespace
} // namespace ssot
