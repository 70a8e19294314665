#!/usr/bin/env python3
"""What reviews forget: includes follow the arrows between rooms, Clang stays where it belongs, every rule kind is complete, every test
file is in a target, and nothing in the repository speaks of anything but the project."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tool"


def declared_rooms():
    """Room -> rooms it may include, from tool/CMakeLists.txt: the same list that the build enforces."""
    rooms = {}
    for match in re.finditer(r"ssot_room\((\w+)([^)]*)\)", (TOOL / "CMakeLists.txt").read_text()):
        depends = re.search(r"DEPENDS ((?:(?!LIBRARIES|CLANG|EXCEPTIONS)\w+ ?)+)", match.group(2) + " ")
        rooms[match.group(1)] = set(depends.group(1).split()) if depends else set()
    return rooms


def sources(folder, *endings):
    return sorted(path for ending in endings for path in folder.rglob(f"*{ending}"))


def listed(*patterns):
    """What git knows and what it would take in, by pattern."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    return sorted(set(filter(None, subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"))))


def reachable(rooms, room):
    seen, todo = set(), [room]
    while todo:
        for dependency in rooms[todo.pop()]:
            if dependency not in seen:
                seen.add(dependency)
                todo.append(dependency)
    return seen


class House(unittest.TestCase):
    def test_includes_follow_the_arrows(self):
        rooms = declared_rooms()
        self.assertIn("extract", rooms)
        for room in rooms:
            allowed = reachable(rooms, room) | {room}
            for source in sources(TOOL / room, ".h", ".cpp"):
                for included in re.findall(r'#include "(\w+)/', source.read_text()):
                    self.assertIn(included, allowed, f"{source.relative_to(ROOT)} includes {included}/, which does not lie to its left")

    def test_clang_is_included_in_its_rooms_only(self):
        for source in sources(TOOL, ".h", ".cpp"):
            if source.relative_to(TOOL).parts[0] in ("extract", "migrate", "mutate"):
                continue
            self.assertNotRegex(source.read_text(), r"#include <clang/", source)

    def test_every_rule_kind_is_complete(self):
        kinds = re.search(r"using RuleBody =\s+std::variant<([^>]*)>", (TOOL / "config/config.h").read_text()).group(1)
        for struct in re.findall(r"(\w+)Rule\b", kinds):
            words = re.findall(r"[A-Z][a-z]*", struct)
            kind, file = "-".join(words).lower(), "_".join(words).lower()
            self.assertTrue((TOOL / f"judge/{file}.cpp").exists(), f"no judge for {kind}")
            self.assertTrue((ROOT / f"docs/rules/{kind}.md").exists(), f"no page for {kind}")
            self.assertTrue((ROOT / f"tests/unit/judge/{file}_test.cpp").exists(), f"no test for {kind}")
            cases = [case for case in (ROOT / "fixtures/cases").iterdir() if case.name.startswith(kind)]
            self.assertTrue(cases, f"no case for {kind} in fixtures/cases")

    def test_galleries_show_each_form_at_a_glance(self):
        finds = re.compile(r"\$(violation|breaks-source|changes-behaviour|harmless)\[\[")
        for kind in ("factory-only", "event-order", "same-interface"):
            cases = sources(ROOT / f"fixtures/cases/{kind}-gallery", ".cpp")
            self.assertGreaterEqual(len(cases), 60, kind)
            texts = {case: case.read_text() for case in cases}
            for case, text in texts.items():
                self.assertRegex(text, r"\A// \S.*\.\n", f"{case.name} does not say what it shows")
                self.assertLessEqual(text.count("\n"), 30, f"{case.name} is more than a glance")
            positive = sum(bool(finds.search(text)) for text in texts.values())
            self.assertGreaterEqual(min(positive, len(cases) - positive), 20, f"{kind}: positive {positive} of {len(cases)}")

    def test_every_header_says_what_it_is_for(self):
        for header in sources(TOOL, ".h"):
            relative = header.relative_to(TOOL).as_posix()
            self.assertTrue(header.read_text().startswith(f"// {relative} - "), f"{relative} does not start with its purpose")

    def test_every_test_file_is_in_a_target(self):
        registered = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("CMakeLists.txt"))
        by_stem = set(re.findall(r"ssot_program_test\((\w+)\)", registered))
        for test in sources(ROOT / "tests", "_test.py"):
            self.assertTrue(test.name in registered or test.stem in by_stem, f"{test.relative_to(ROOT)} is run by nothing")
        rooms = set(re.findall(r"ssot_room_test\((\w+)", registered))
        for test in sources(ROOT / "tests/unit", "_test.cpp"):
            self.assertIn(test.parent.name, rooms, f"{test.relative_to(ROOT)} is built by nothing")

    def test_the_code_is_formatted(self):
        code = [f"{room}/*.{ending}" for room in ("tool", "tests", "runtime") for ending in ("cpp", "h")]
        files = [name for name in listed(*code) if (ROOT / name).is_file()]
        self.assertTrue(files)
        done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *files], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"run ./dev format:\n{done.stderr}")

    def test_the_repository_speaks_of_the_project_only(self):
        machine_path = re.compile(r"/(?:home|root|work|Users)/\w+")
        for name in listed():
            path = ROOT / name
            if path.is_file() and path.suffix in (".h", ".cpp", ".md", ".py", ".cmake", ".txt", ".yaml", ".yml", ".json", ".sh", ""):
                found = machine_path.search(path.read_text(errors="replace"))
                self.assertIsNone(found, f"{name} names a path of somebody's machine: {found and found.group(0)}")


if __name__ == "__main__":
    unittest.main()
