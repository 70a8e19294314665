#!/usr/bin/env python3
"""Writes a C++ project of any number of translation units, the same each time: what the figures about size are measured on.

Each unit includes a header that all read (`base/base.h`, which includes the other base headers), one that ten units share, and its own; it has a class
and some twenty functions with real bodies: loops, branches, calls of its neighbours. Every tenth unit touches the API that the rules
ask about: half of these the canonical one, half the legacy one. No header of the system is read, so that a unit costs tens of milliseconds and ten
thousand of them can be measured at all; units of real projects cost ten times as much.

Rule files: `named.yaml` (rules that names anchor) and `bodies.yaml` (rules that need every body).
"""

import argparse
import json
import pathlib

SHARING = 10     # units that share a header, and of which one touches the API
BASE_HEADERS = 12
BASE_CLASSES = 6  # in each
FUNCTIONS = 20   # in each unit

NAMED = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    canonical: net::Router
    header: net/router.h
    match: {name: "net::.*Router"}
  - id: old-header
    kind: legacy-include
    replace: {"net/legacy_router.h": "net/router.h"}
  - id: old-name
    kind: legacy-name
    replace: {net::LegacyRouter: net::Router}
"""
BODIES = """\
ssot: 1
rules:
  - id: like-the-router
    kind: single-class
    canonical: net::Router
    match: {similar: 0.95}
  - id: one-definition
    kind: one-definition
    names: "unit.*::.*"
  - id: sizes
    kind: size-limit
    max-file-lines: 700
    max-function-lines: 120
"""
# What a person who edits rules does between two runs: nothing of it asks for more facts.
NAMED_EDITED = NAMED.replace("kind: single-class", "description: There is one router.\n    severity: warning\n    kind: single-class").replace(
    "net::.*Router", "net::.*(Router|Broker)")


def base_header(number):
    lines = ["#pragma once"]
    if number:
        lines.append(f'#include "base/part{number - 1}.h"')
    lines.append("namespace base {")
    for index in range(BASE_CLASSES):
        name = f"Part{number}_{index}"
        lines += [f"template <class T> class {name} {{", "public:", f"  explicit {name}(T value) : Value(value) {{}}",
                  "  T get() const { return Value; }",
                  "  T sum(const T *values, int count) const {", "    T total = Value;",
                  "    for (int i = 0; i < count; ++i)", "      total = total + values[i];", "    return total;", "  }",
                  "  template <class F> T map(F f) const { return f(Value); }", "  bool less(const T &other) const { return Value < other; }",
                  "private:", "  T Value;", "};",
                  f"inline int use{number}_{index}(int x) {{", f"  {name}<int> part(x);", "  int values[3] = {x, x + 1, x + 2};",
                  "  if (part.less(x * 2))", "    return part.sum(values, 3);", "  return part.map([](int y) { return y + 1; });", "}"]
    lines.append("} // namespace base")
    return "\n".join(lines) + "\n"


def function(unit, number):
    call = f"step{number - 1}(values, count - 1)" if number else "base::use0_0(count)"
    return f"""int step{number}(const int *values, int count) {{
  int total = {unit * 31 + number};
  for (int i = 0; i < count; ++i) {{
    if (values[i] % {number + 2} == 0)
      total += values[i] * {number + 1};
    else if (values[i] > total)
      total -= base::use{number % BASE_HEADERS}_{number % BASE_CLASSES}(values[i]);
    while (total > {1000 + unit})
      total /= 2;
  }}
  return count > 0 ? total + {call} : total;
}}
"""


def source(unit):
    shared, api = unit // SHARING, unit % SHARING == 0
    legacy = api and unit // SHARING % 2 == 1
    lines = ['#include "base/base.h"', f'#include "shared/shared{shared}.h"', f'#include "units/unit{unit}.h"']
    if api:
        lines.append(f'#include "net/{"legacy_router" if legacy else "router"}.h"')
    lines.append(f"namespace unit{unit} {{")
    body = "".join(function(unit, number) for number in range(FUNCTIONS))
    lines.append(body + f"int Worker{unit}::run(int x) {{\n  int values[2] = {{x, shared{shared}::twice(x)}};\n  return step{FUNCTIONS - 1}(values, 2);\n}}")
    if api:
        lines.append(f'int send(int user) {{\n  net::{"LegacyRouter" if legacy else "Router"} router;\n  return router.route(user);\n}}')
    lines.append(f"}} // namespace unit{unit}")
    return "\n".join(lines) + "\n"


def files_of(units):
    """Path and text of every file."""
    for number in range(BASE_HEADERS):
        yield f"include/base/part{number}.h", base_header(number)
    yield "include/base/base.h", f'#pragma once\n#include "base/part{BASE_HEADERS - 1}.h"\n'
    for name in ("Router", "LegacyRouter"):
        yield (f'include/net/{"router" if name == "Router" else "legacy_router"}.h',
               f"#pragma once\nnamespace net {{ class {name} {{ int Last = 0; public: int route(int user) {{ Last = user; return Last; }} }}; }}\n")
    for shared in range((units + SHARING - 1) // SHARING):
        yield f"include/shared/shared{shared}.h", f"#pragma once\nnamespace shared{shared} {{ inline int twice(int x) {{ return 2 * x; }} }}\n"
    for unit in range(units):
        yield (f"include/units/unit{unit}.h",
               f"#pragma once\nnamespace unit{unit} {{ class Worker{unit} {{ public: int run(int x); private: int Runs = 0; }}; }}\n")
        yield f"src/part{unit // 100}/unit{unit}.cpp", source(unit)
    yield "named.yaml", NAMED
    yield "edited.yaml", NAMED_EDITED
    yield "bodies.yaml", BODIES


def generate(root, units):
    """Writes the project below `root` and a compile database for it. Files that are already so are left alone."""
    root = pathlib.Path(root).resolve()
    commands = []
    for name, text in files_of(units):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        if name.endswith(".cpp"):
            commands.append({"directory": str(root), "file": name,
                             "arguments": ["clang++-19", "-std=c++20", "-Iinclude", "-c", name, "-o", f"{name}.o"]})
    (root / "compile_commands.json").write_text(json.dumps(commands, indent=0) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("units", type=int)
    options = parser.parse_args()
    generate(options.folder, options.units)
