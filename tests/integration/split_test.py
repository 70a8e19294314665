#!/usr/bin/env python3
"""`ssot migrate --split-by`: several patches, and the project compiles after each of them."""

import shutil
import subprocess
import unittest

from legacy_router import RULES, MigrateTest

# The new router is an old one too: callers can go before what they call, and not after it.
NEW = """\
#pragma once
#include "old/router.h"
namespace net {
class Router : public old::Router {};
inline int send(int id) { return id + 1; }
}
"""
FILES = {
    "api/take.h": '#pragma once\n#include "old/router.h"\ninline int take(const old::Router &r) { return r.route(1); }\n',
    "mail/mail.cpp": '#include "../api/take.h"\n#include "old/router.h"\nint mail() { old::Router r; return take(r); }\n',
    "news/news.cpp": '#include "../api/take.h"\n#include "old/router.h"\nint news() { old::Router r; return take(r) + old::send(1); }\n',
    # A declaration and its definition: neither goes alone.
    "core/hub.h": '#pragma once\n#include "old/router.h"\nstruct Hub { int join(const old::Router &r); };\n',
    "impl/hub.cpp": '#include "../core/hub.h"\nint Hub::join(const old::Router &r) { return r.route(2); }\n',
    "impl/apart.cpp": '#include "old/router.h"\nint apart = old::send(3);\n',
}
OWNERS = "/api/ @org/a-api\n/core/ @org/core\n/impl/hub.cpp @org/impl\n/mail/ @org/mail\n/news/ @org/news @org/mail\n"


class Split(MigrateTest):
    def setUp(self):
        super().setUp()
        self.write("include/net/router.h", NEW)
        self.write(".ssot.yaml", RULES.replace("rules:", "scope: {editable: ['api/**', 'core/**', 'impl/**', 'mail/**', 'news/**']}\nrules:"))
        for path, text in FILES.items():
            self.write(path, text)
        self.write("CODEOWNERS", OWNERS)
        self.units = sorted(self.root.rglob("*.cpp"))
        self.database(*self.units, flags=("-std=c++20", f"-I{self.root}/include"))
        self.git_init()
        self.commit("before")

    def compiles(self, folder):
        return all(subprocess.run(["clang++-19", "-std=c++20", "-fsyntax-only", f"-I{folder}/include", folder / unit.relative_to(self.root)],
                                  capture_output=True).returncode == 0 for unit in self.units)

    def split(self, by):
        """The names of the patches and of their parts, applied one after the other to a copy that compiles after each."""
        report, done = self.migrate("--split-by", by, "--patch-dir", "patches")
        self.assertEqual(done.returncode, 1, done.stderr)
        copy = self.root.parent / f"copy {by}"
        shutil.copytree(self.root, copy)
        names = sorted(path.name for path in (self.root / "patches").iterdir())
        self.assertEqual(names, [patch["patch"] for patch in report["patches"]])
        for name in names:
            self.git("apply", str(self.root / "patches" / name), cwd=copy)
            self.assertTrue(self.compiles(copy), name)
        self.git("diff", "--exit-code", cwd=self.root)
        self.assertTrue(self.migrate("--apply")[0]["journal"])
        for path in FILES:
            self.assertEqual((copy / path).read_text(), (self.root / path).read_text(), "all patches together are the migration")
        self.git("checkout", "-q", ".")
        shutil.rmtree(self.root / "patches")
        return report["patches"]

    def test_one_for_each_owner(self):
        patches = self.split("owner")
        names = [patch["name"] for patch in patches]
        self.assertEqual(names, ["@org/mail", "@org/news @org/mail", "nobody", "@org/a-api", "@org/core + @org/impl"])
        self.assertEqual([patch["patch"] for patch in patches][-1], "0005-org-core-org-impl.patch")
        self.assertEqual(patches[-1]["files"], ["core/hub.h", "impl/hub.cpp"])

    def test_one_for_each_directory(self):
        self.assertEqual([patch["name"] for patch in self.split("directory")], ["mail", "news", "api", "core + impl"])

    def test_one_for_every_two_files(self):
        patches = self.split("count:2")
        self.assertEqual(sorted(file for patch in patches for file in patch["files"]), sorted(FILES))

    def test_the_text_lists_them(self):
        text = self.ssot("migrate", "--split-by", "directory", "--patch-dir", "patches").stdout
        self.assertIn("0001-mail.patch", text)
        self.assertRegex(text, r"0004-core-impl\.patch +3 files  core \+ impl\n")

    def test_what_is_refused(self):
        for arguments, word in ((["--split-by", "team", "--patch-dir", "p"], "owner, directory or count:N"), (["--split-by", "count:0", "--patch-dir", "p"], "count:N"),
                                (["--split-by", "owner"], "--patch-dir"), (["--patch-dir", "p"], "--split-by"),
                                (["--split-by", "owner", "--patch-dir", "p", "--apply"], "dry run")):
            done = self.ssot("migrate", *arguments)
            self.assertEqual((done.returncode, word in done.stderr), (2, True), done.stderr)
        self.write("p/0001-old.patch", "")
        done = self.ssot("migrate", "--split-by", "owner", "--patch-dir", "p")
        self.assertEqual((done.returncode, "patches of an earlier run" in done.stderr), (2, True))


if __name__ == "__main__":
    unittest.main()
