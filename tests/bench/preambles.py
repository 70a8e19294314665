#!/usr/bin/env python3
"""preambles.py BUILD ROOT: how many units of a compile database begin alike, and what a precompiled beginning would save.

Units begin alike when their flags and their first includes are the same, in the same order: only then a precompiled header gives what they would have
read. Of the largest group that has three in common, two units are compiled with and without it.
"""

import argparse
import collections
import json
import pathlib
import re
import shlex
import tempfile

from measure import Units, measured


def beginning(source):
    """The includes before anything else."""
    found = []
    for line in re.sub(r"/\*.*?\*/", "", source.read_text(errors="replace"), flags=re.S).splitlines():
        line = re.sub(r"//.*", "", line).strip()
        include = re.match(r'#\s*include\s*(["<][^">]+[">])', line)
        if line and not include:
            break
        if include:
            found.append(include.group(1))
    return tuple(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("root", type=pathlib.Path)
    options = parser.parse_args()
    units = []
    for entry in Units(options.build / "compile_commands.json", options.root).entries:
        flags = tuple(word for word in Units.syntax_command(entry) if word != entry["file"])
        units.append((flags, beginning(pathlib.Path(entry["directory"]) / entry["file"]), entry))
    print(f"{len(units)} units")
    for count in (1, 2, 3):
        groups = collections.defaultdict(list)
        for flags, includes, entry in units:
            if len(includes) >= count:
                groups[flags, includes[:count]].append(entry)
        alike = {key: members for key, members in groups.items() if len(members) > 1}
        print(f"the first {count} include(s) alike: {sum(map(len, alike.values()))} units in {len(alike)} groups")
    if not alike:
        return
    (flags, includes), members = max(alike.items(), key=lambda group: len(group[1]))
    with tempfile.TemporaryDirectory() as folder:
        header = pathlib.Path(folder) / "beginning.h"
        header.write_text("".join(f"#include {include}\n" for include in includes))
        place, compiler = members[0]["directory"], [word for word in flags if word != "-fsyntax-only"]
        beside = ["-iquote", (pathlib.Path(place) / members[0]["file"]).parent]
        made = measured([*compiler, *beside, "-x", "c++-header", header, "-o", f"{header}.pch"], cwd=place, codes=(0,)).cpu
        without = [measured([*flags, entry["file"]], cwd=entry["directory"], codes=(0,)).cpu for entry in members[:2]]
        with_it = [measured([*flags, "-include-pch", f"{header}.pch", entry["file"]], cwd=entry["directory"], codes=(0,)).cpu for entry in members[:2]]
    print(f"{len(members)} units begin with {', '.join(includes)}: one takes {sum(without) / 2:.2f} s, {sum(with_it) / 2:.2f} s with these precompiled "
          f"in {made:.2f} s ({shlex.join(compiler[:1])})")


if __name__ == "__main__":
    main()
