#!/usr/bin/env python3
"""`--history` and `ssot history import` on real git repositories: a line a commit, of the commit and of nothing else."""

import json
import shutil
import unittest

from router_project import CANONICAL, RULES, duplicate, use
from support import ProjectTest


class History(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("CODEOWNERS", "* @all\n/src/ @coders\n")
        self.write(".gitignore", "compile_commands.json\nout/\nbuild/\n")
        self.write("src/app.h", CANONICAL)
        self.write("src/a.cpp", '#include "app.h"\n' + duplicate("First") + use("one") + use("two"))
        self.database(self.root / "src/a.cpp")
        self.git_init()
        self.commit_at("2026-01-01T12:00:00+09:00")

    def commit_at(self, date, message="x"):
        self.git("add", "-A")
        self.git("-c", f"user.name=x", "commit", "-q", "-m", message, "--date", date, env={"GIT_COMMITTER_DATE": date})
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *arguments, env=None, **options):
        import os
        import unittest.mock
        with unittest.mock.patch.dict(os.environ, env or {}):
            return super().git(*arguments, **options)

    def lines(self, file="history.jsonl"):
        return [json.loads(line) for line in (self.root / file).read_text().splitlines()]


class OfThisCommit(History):
    def record(self, *arguments, code=1):
        done = self.check("--history", "history.jsonl", "--format", "json", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_a_line_has_the_figures_of_the_run(self):
        report = json.loads(self.record().stdout)
        (line,) = self.lines()
        self.assertEqual(line["commit"], self.git("rev-parse", "HEAD").strip())
        self.assertEqual(line["date"], "2026-01-01T03:00:00Z")
        self.assertEqual(line["ssot"], {"part": report["compliance"]["compliant"], "whole": report["compliance"]["sites"]})
        self.assertEqual(line["architecture"], {"part": report["compliance"]["clean_files"], "whole": report["compliance"]["files"]})
        self.assertEqual([(rule["id"], rule["part"], rule["whole"]) for rule in line["rules"]],
                         [(rule["id"], rule["compliant"], rule["sites"]) for rule in report["rules"]])
        self.assertEqual(line["owners"], {"@coders": len(report["findings"])})
        self.assertEqual(line["legacy"], {"app::Old": {"uses": 2}})
        self.assertTrue(line["complete"])

    def test_the_same_commit_again_is_the_same_line(self):
        self.record()
        before = (self.root / "history.jsonl").read_bytes()
        self.record("-j1")
        self.assertEqual((self.root / "history.jsonl").read_bytes(), before)

    def test_lines_are_sorted_by_date(self):
        later = self.git("rev-parse", "HEAD").strip()
        self.record()
        self.write("src/a.cpp", '#include "app.h"\n' + use("one"))
        earlier = self.commit_at("2025-06-01T00:00:00Z")
        self.record()
        self.assertEqual([line["commit"] for line in self.lines()], [earlier, later])

    def test_what_is_not_the_commit_gets_no_line(self):
        for change in (lambda: self.write("src/a.cpp", '#include "app.h"\n'), lambda: self.write("src/b.cpp", "int b;\n")):
            change()
            self.database(*(path for path in (self.root / "src/a.cpp", self.root / "src/b.cpp") if path.exists()))
            done = self.ssot("check", "--history", "history.jsonl")
            self.assertIn("history.jsonl gets no line: src/", done.stderr)
            self.assertFalse((self.root / "history.jsonl").exists())
            self.git("checkout", "-q", ".")

    def test_a_tracked_history_may_differ(self):
        self.record()
        self.commit_at("2026-01-02T00:00:00Z")
        self.record()
        self.assertEqual(len(self.lines()), 2)
        self.record()  # it is not as committed now
        self.assertEqual(len(self.lines()), 2)

    def test_an_incomplete_run_is_marked(self):
        self.write("src/b.cpp", "int x = nowhere;\n")
        self.database(self.root / "src/a.cpp", self.root / "src/b.cpp")
        self.commit_at("2026-01-02T00:00:00Z")
        self.record(code=3)
        self.assertFalse(self.lines()[0]["complete"])

    def test_usage(self):
        for text, said in (("{\n", "history.jsonl:1:"), ('{"schema": "ssot-history/2"}\n', "this program reads ssot-history/1"), ("\n[]\n", "history.jsonl:2:1: error: ")):
            self.write("history.jsonl", text)
            done = self.ssot("check", "--history", "history.jsonl")
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr)
            self.assertEqual((self.root / "history.jsonl").read_text(), text)
        self.assertIn("--history needs the whole project", self.ssot("check", "--history", "h.jsonl", "src").stderr)
        shutil.rmtree(self.root / ".git")
        done = self.ssot("check", "--history", "h.jsonl")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--history needs a git repository", done.stderr)


class Report(History):
    def test_trend_in_the_documents(self):
        for day in range(1, 22, 4):
            self.write("src/a.cpp", '#include "app.h"\n' + "".join(use(f"f{n}") for n in range(24 - day)))
            self.commit_at(f"2026-01-{day:02}T12:00:00Z")
            done = self.ssot("report", "-o", "out", "--history", "history.jsonl")
            self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([line["legacy"]["app::Old"]["uses"] for line in self.lines()], [23, 19, 15, 11, 7, 3])
        usage = (self.root / "out/deprecation-usage.md").read_text()
        self.assertIn("| `app::Old` | 23 | 3 | 7.0 fewer a week: done about 2026-01-24 (between 2026-01-24 and 2026-01-24). |", usage)
        self.assertIn("| 2026-01-21 |", usage)
        page = self.root / "out/index.html"
        if page.exists():
            data = json.loads(page.read_text().split('<script type="application/json" id="data">')[1].split("</script>")[0])
            self.assertEqual([entry["ssot"]["part"] for entry in data["history"]["entries"]], [line["ssot"]["part"] for line in self.lines()])
            burn = {line["name"]: line for line in data["history"]["burnDown"]}
            self.assertEqual([left for _, left in burn["all rules"]["points"]], [23, 19, 15, 11, 7, 3])
            self.assertEqual(burn["@coders"]["forecast"]["date"], "2026-01-24")


class Import(History):
    def setUp(self):
        super().setUp()
        self.commits = [self.git("rev-parse", "HEAD").strip()]
        self.write("src/a.cpp", '#include "app.h"\n' + use("one"))
        self.write("src/b.cpp", '#include "app.h"\n' + use("three"))
        self.commits.append(self.commit_at("2026-01-08T12:00:00Z"))
        self.write("src/a.cpp", '#include "app.h"\nint broken = nowhere;\n')
        self.commits.append(self.commit_at("2026-01-15T12:00:00Z"))
        self.write("src/a.cpp", '#include "app.h"\nint done() { return 0; }\n')
        self.commits.append(self.commit_at("2026-01-22T12:00:00Z"))
        self.database(self.root / "src/a.cpp", self.root / "src/b.cpp", flags=("-std=c++20", f"-I{self.root}/src"))

    def load(self, *arguments, code=3):
        done = self.ssot("history", "import", "--history", "history.jsonl", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(self.git("worktree", "list").count("\n"), 1)
        return done.stdout

    def test_each_commit_as_it_was(self):
        out = self.load()
        self.assertEqual([line["commit"] for line in self.lines()], self.commits)
        self.assertEqual([line["legacy"]["app::Old"]["uses"] for line in self.lines()], [2, 2, 1, 1])
        self.assertEqual([line["complete"] for line in self.lines()], [True, True, False, True])
        self.assertIn(f"2026-01-15 {self.commits[2][:10]} ", out)
        self.assertIn("incomplete: 1 of 2 translation units could not be analysed", out)
        self.assertIn("4 commits: 3 complete, 1 incomplete, 0 not analysed, 0 there already", out)

    def test_a_line_is_the_one_that_a_run_there_writes(self):
        self.load()
        imported = (self.root / "history.jsonl").read_text().splitlines()[-1]
        self.check("--history", "other.jsonl")
        self.assertEqual((self.root / "other.jsonl").read_text().splitlines(), [imported])

    def test_what_is_known_is_not_analysed_again(self):
        self.load()
        before = (self.root / "history.jsonl").read_bytes()
        self.assertIn("4 commits: 0 complete, 1 incomplete, 0 not analysed, 3 there already", self.load())
        self.assertIn("3 complete", self.load("--again"))
        self.assertEqual((self.root / "history.jsonl").read_bytes(), before)

    def test_a_commit_that_cannot_be_analysed_gets_no_line(self):
        self.database(self.root / "src/b.cpp")
        out = self.load("--allow-incomplete", code=0)
        self.assertIn(f"2026-01-01 {self.commits[0][:10]} not analysed: no compile command of now is for a file of then", out)
        self.assertNotIn(self.commits[0], [line["commit"] for line in self.lines()])

    def test_the_choice_of_commits(self):
        self.load("--last", "2", f"{self.commits[2]}~0", "--allow-incomplete", code=0)
        self.assertEqual([line["commit"] for line in self.lines()], self.commits[1:3])
        self.assertEqual(self.ssot("history", "import", "--history", "h.jsonl", "nothing").returncode, 2)

    def test_commands_made_for_each_commit(self):
        make = ("mkdir -p build && for f in src/*.cpp; do echo '{\"directory\": \"'$PWD'\", \"file\": \"'$f'\", \"command\": \"clang++-19 -std=c++20 -c '$f'\"},'; done"
                " | sed '1s/^/[/;$s/,$/]/' > build/compile_commands.json")
        self.load("--configure", make, "-p", "build")
        self.assertEqual([line["coverage"] for line in self.lines()][:2], [{"part": 2, "whole": 2}, {"part": 3, "whole": 3}])
        self.assertIn("not analysed: --configure ended with code 3: no way", self.load("--again", "--configure", "echo no way; exit 3"))


if __name__ == "__main__":
    unittest.main()
