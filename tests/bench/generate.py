#!/usr/bin/env python3
"""Writes a C++ project of any number of translation units, the same each time: what the figures about size are measured on.

Each unit includes a header that all read (`base/base.h`, which includes the other base headers), one that ten units share, and its own; it has a class
and some twenty functions with real bodies: loops, branches, calls of its neighbours. Every tenth unit touches the API that the rules
ask about: half of these the canonical one, half the legacy one. No header of the system is read, so that a unit costs tens of milliseconds and ten
thousand of them can be measured at all; units of real projects cost ten times as much.

`--standard` writes the same units over base headers that include what those of real projects do (strings, containers, smart pointers, functions,
locks), and with functions that use it.

`--varied` writes units whose bodies are made at random, but for one function in twenty that was copied from the unit before and changed a little:
what likeness is measured on.

Rule files: `named.yaml` (rules that names anchor), `moved.yaml` (those of them that migrate) and `bodies.yaml` (rules that need every body).
"""

import argparse
import json
import pathlib
from random import Random

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
# What moves, without the duplicate itself: nothing is left for a person.
MOVED = NAMED.replace("""\
  - id: one-router
    kind: single-class
    canonical: net::Router
    header: net/router.h
    match: {name: "net::.*Router"}
""", "")
# What a person who edits rules does between two runs: nothing of it asks for more facts.
NAMED_EDITED = NAMED.replace("kind: single-class", "description: There is one router.\n    severity: warning\n    kind: single-class").replace(
    "net::.*Router", "net::.*(Router|Broker)")


# What the base headers include, one after the other, of the standard library.
STANDARD = ("cstdint", "string", "vector", "map", "memory", "functional", "mutex", "optional", "unordered_map", "stdexcept")


def base_header(number, standard=False):
    lines = ["#pragma once"]
    if standard and number < len(STANDARD):
        lines.append(f"#include <{STANDARD[number]}>")
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


def standard_functions(unit):
    """What uses the standard library as an application does."""
    return f"""std::map<std::string, std::vector<int>> grouped(const std::vector<std::pair<std::string, int>> &pairs) {{
  std::map<std::string, std::vector<int>> result;
  for (const auto &[name, value] : pairs)
    result[name + "{unit}"].push_back(value);
  return result;
}}
std::optional<int> largest(const std::vector<int> &values, const std::function<bool(int)> &wanted) {{
  std::optional<int> found;
  for (int value : values)
    if (wanted(value) && (!found || *found < value))
      found = value;
  return found;
}}
class Shared{unit} {{
public:
  void put(const std::string &name, std::unique_ptr<Worker{unit}> worker) {{
    std::lock_guard<std::mutex> lock(Mutex);
    Workers[name] = std::move(worker);
  }}
  std::size_t size() const {{
    std::lock_guard<std::mutex> lock(Mutex);
    return Workers.size();
  }}
private:
  mutable std::mutex Mutex;
  std::unordered_map<std::string, std::unique_ptr<Worker{unit}>> Workers;
}};
"""


def source(unit, standard=False):
    shared, api = unit // SHARING, unit % SHARING == 0
    legacy = api and unit // SHARING % 2 == 1
    lines = ['#include "base/base.h"', f'#include "shared/shared{shared}.h"', f'#include "units/unit{unit}.h"']
    if api:
        lines.append(f'#include "net/{"legacy_router" if legacy else "router"}.h"')
    lines.append(f"namespace unit{unit} {{")
    body = "".join(function(unit, number) for number in range(FUNCTIONS))
    lines.append(body + f"int Worker{unit}::run(int x) {{\n  int values[2] = {{x, shared{shared}::twice(x)}};\n  return step{FUNCTIONS - 1}(values, 2);\n}}")
    if standard:
        lines.append(standard_functions(unit))
    if api:
        lines.append(f'int send(int user) {{\n  net::{"LegacyRouter" if legacy else "Router"} router;\n  return router.route(user);\n}}')
    lines.append(f"}} // namespace unit{unit}")
    return "\n".join(lines) + "\n"


WORDS = ("account batch cache detail entry field group handle index job key label meter node order page queue range session table user value window zone "
         "cursor delta frame limit offset price").split()
VERBS = "add apply build check close collect count find load merge move open pick read reset scan send split store sum sync take trim update".split()


def varied_expression(random, names, depth=0):
    if depth == 2 or random.random() < 0.3:
        return random.choice(names) if random.random() < 0.7 else str(random.randrange(1, 99))
    left, right = (varied_expression(random, names, depth + 1) for _ in range(2))
    return f"({left} {random.choice(['+', '-', '*', '%', '/', '^'])} {right})".replace("/ 0", "/ 1")


def varied_statement(random, names, calls, depth):
    pad, target = "  " * depth, random.choice(names)
    value, other = varied_expression(random, names), varied_expression(random, names)
    kind = random.randrange(9 if depth < 4 else 4)
    if kind == 0 and calls:
        return f"{pad}{target} = {random.choice(calls)}({random.choice(names)}, {random.choice(names)});\n"
    if kind == 1:
        return f"{pad}{target} {random.choice(['+=', '-=', '*=', '^='])} {value};\n"
    if kind in (0, 2):
        return f"{pad}items[{target} & 7] = {value};\n"
    if kind == 3:
        return f"{pad}{target} = {value} > {other} ? {target} : items[{random.choice(names)} & 7];\n"
    inner = "".join(varied_statement(random, names, calls, depth + 1) for _ in range(random.randrange(1, 4)))
    if kind in (4, 5):
        return f"{pad}if ({value} {random.choice(['<', '==', '>=', '!='])} {other}) {{\n{inner}{pad}}}\n"
    if kind == 6:
        return f"{pad}while ({target} > {random.randrange(2, 999)}) {{\n{inner}{pad}  {target} /= 2;\n{pad}}}\n"
    if kind == 7:
        return f"{pad}for (int {target}_at = 0; {target}_at < {random.randrange(2, 9)}; ++{target}_at) {{\n{inner}{pad}}}\n"
    return f"{pad}switch ({target} & 3) {{\n{pad}case 0: {target} += 1; break;\n{pad}case 1: {target} = {value}; break;\n{pad}default: {target} ^= {other};\n{pad}}}\n"


def varied_functions(unit):
    """Names and texts. The same unit gives the same."""
    random = Random(unit)
    functions = []
    for number in range(FUNCTIONS):
        words = random.sample(WORDS, 4)
        name = f"{random.choice(VERBS)}_{words[0]}_{words[1]}_{number}"
        names = [f"{word}_{random.choice('abcde')}" for word in words[:2]] + [words[2]]
        calls = [known for known, _ in functions[-5:]]
        body = "".join(varied_statement(random, names, calls, 1) for _ in range(random.randrange(3, 8)))
        functions.append((name, f"int {name}(int {names[0]}, int {names[1]}) {{\n  int items[8] = {{}};\n  int {names[2]} = {names[0]};\n{body}"
                                f"  return {names[2]} + items[{names[1]} & 7];\n}}\n"))
    return functions


def varied_source(unit):
    functions = varied_functions(unit)
    if unit:  # the copy: another name, one statement more, one bound changed
        name, text = varied_functions(unit - 1)[0]
        functions.append((f"{name}_again", text.replace(f"int {name}(", f"int {name}_again(").replace("  int items[8] = {};\n",
                                                                                                      "  int items[8] = {};\n  items[0] = 1;\n")))
    return f"namespace unit{unit} {{\n" + "".join(text for _, text in functions) + f"}} // namespace unit{unit}\n"


def varied_files(units):
    for unit in range(units):
        yield f"src/part{unit // 100}/unit{unit}.cpp", varied_source(unit)
    yield "bodies.yaml", "ssot: 1\nrules:\n  - {id: like-the-first, kind: single-function, canonical: \"" + \
        f"unit0::{varied_functions(0)[0][0]}\", match: {{similar: 0.6}}}}\n"


def standard_files(units):
    return files_of(units, standard=True)


def files_of(units, standard=False):
    """Path and text of every file."""
    for number in range(BASE_HEADERS):
        yield f"include/base/part{number}.h", base_header(number, standard)
    yield "include/base/base.h", f'#pragma once\n#include "base/part{BASE_HEADERS - 1}.h"\n'
    for name in ("Router", "LegacyRouter"):
        yield (f'include/net/{"router" if name == "Router" else "legacy_router"}.h',
               f"#pragma once\nnamespace net {{ class {name} {{ int Last = 0; public: int route(int user) {{ Last = user; return Last; }} }}; }}\n")
    for shared in range((units + SHARING - 1) // SHARING):
        yield f"include/shared/shared{shared}.h", f"#pragma once\nnamespace shared{shared} {{ inline int twice(int x) {{ return 2 * x; }} }}\n"
    for unit in range(units):
        yield (f"include/units/unit{unit}.h",
               f"#pragma once\nnamespace unit{unit} {{ class Worker{unit} {{ public: int run(int x); private: int Runs = 0; }}; }}\n")
        yield f"src/part{unit // 100}/unit{unit}.cpp", source(unit, standard)
    yield "named.yaml", NAMED
    yield "edited.yaml", NAMED_EDITED
    yield "moved.yaml", MOVED
    yield "bodies.yaml", BODIES


def generate(root, units, files=files_of):
    """Writes the project below `root` and a compile database for it. Files that are already so are left alone."""
    root = pathlib.Path(root).resolve()
    commands = []
    for name, text in files(units):
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
    parser.add_argument("--varied", action="store_true")
    parser.add_argument("--standard", action="store_true")
    options = parser.parse_args()
    generate(options.folder, options.units, varied_files if options.varied else standard_files if options.standard else files_of)
