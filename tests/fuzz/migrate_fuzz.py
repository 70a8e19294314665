#!/usr/bin/env python3
"""Random programs with a legacy and a canonical API of one interface: `migrate --apply` must leave a program that compiles, in which the
compiler finds no use of a legacy name but those that ssot lists, that a second run leaves alone, and that `rollback` turns back byte for byte.

    ./dev fuzz         2,000 programs
    ./dev fuzz 100 7   so many, from a seed; each failure keeps its program and prints its seed

What is left of the legacy API is not asked of ssot: the legacy headers mark everything [[deprecated]] on demand, and clang says who uses it.
"""

import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

SSOT = os.environ["SSOT"]
PROGRAMS = 2000
CLANG = ["clang++-19", "-std=c++20", "-fsyntax-only"]
WORDS = "Router Sink Queue Frame Token Ledger Probe Gate Relay Codec Meter Shard Lease Batch".split()


class Module:
    """A legacy header and its successor: the same things under other names."""

    def __init__(self, rng, number):
        self.number = number
        same_names = rng.random() < 0.3  # only the namespace differs
        self.old_space = rng.choice([f"old{number}", f"corp{number}::old", f"shared::legacy{number}"])
        self.new_space = rng.choice([f"net{number}", f"corp{number}::net", f"shared::core{number}"])
        self.old_header, self.new_header = f"legacy/m{number}.h", f"canon/{rng.choice(['a', 'z'])}{number}.h"
        word = rng.choice(WORDS)
        names = {"cls": word, "tpl": f"{word}Box", "kind": f"{word}Kind", "flat": f"{word}Flat", "id": f"{word}Id", "fn": f"make_{word.lower()}",
                 "over": f"send_{word.lower()}", "tfn": f"wrap_{word.lower()}", "agg": f"{word}Pair", "adl": f"visit_{word.lower()}"}
        self.old = {key: name if same_names else f"Old{number}{name}" if key in ("cls", "tpl", "kind", "flat", "id", "agg") else f"old{number}_{name}"
                    for key, name in names.items()}
        self.new = {key: name if same_names else f"New{number}{name}" if key in ("cls", "tpl", "kind", "flat", "id", "agg") else f"new{number}_{name}"
                    for key, name in names.items()}
        self.old_macro, self.new_macro = f"OLD{number}_TWICE", f"NEW{number}_TWICE"
        self.namespace_rule = same_names and rng.random() < 0.4
        self.keeps_header = rng.random() < 0.2  # no rule about the header: who needs the new one includes it already
        self.extra = f"Extra{number}"  # of the legacy header, without a successor

    def header(self, space, name, macro, legacy):
        dep = "DEP " if legacy else ""
        extra = f"struct {self.extra} {{ int left = 1; }};\n" if legacy else ""
        mark = f"#ifdef CHECK\n#pragma clang deprecated({macro})\n#endif\n" if legacy else ""
        outer = space.replace("::", " { namespace ") if "::" in space else space
        namespace_mark = dep if self.namespace_rule else ""
        opening = "namespace " + outer + " {" if "::" in space else f"namespace {namespace_mark}{space} {{"
        if "::" in space and namespace_mark:
            opening = opening.replace(" { namespace ", f" {{ namespace {namespace_mark}")
        closing = "}" * (space.count("::") + 1)
        kind_dep = "" if self.namespace_rule else dep
        cls, tpl, kind, flat, ident = name["cls"], name["tpl"], name["kind"], name["flat"], name["id"]
        return f"""#pragma once
#ifndef DEP
#ifdef CHECK
#define DEP [[deprecated]]
#else
#define DEP
#endif
#endif
{opening}
enum class {kind_dep}{kind} {{ Red, Green }};
enum {kind_dep}{flat} {{ {flat}Low, {flat}High }};
using {ident} {kind_dep}= int;
{extra}class {kind_dep}{cls} {{
public:
  enum class Mode {{ Fast, Safe }};
  struct Inner {{ int depth = 0; }};
  static constexpr int limit = 4;
  {cls}() = default;
  explicit {cls}(int start) : Count(start) {{}}
  virtual ~{cls}() = default;
  virtual int route(int id) const {{ return Count + id; }}
  int route(int id, Mode) {{ return Count += id; }}
  static {cls} standard() {{ return {cls}(7); }}
  template <typename T> T as() const {{ return T(Count); }}
  {cls} &operator+=(int by) {{ Count += by; return *this; }}
  friend bool operator==(const {cls} &a, const {cls} &b) {{ return a.Count == b.Count; }}
  int Count = 0;
}};
struct {kind_dep}{name['agg']} {{ int first; int second; }};
template <typename T> struct {kind_dep}{tpl} {{
  using value_type = T;
  T item{{}};
  {tpl}() = default;
  {tpl}(T with) : item(with) {{}}
  const T *begin() const {{ return &item; }}
  const T *end() const {{ return &item + 1; }}
}};
{kind_dep}inline {cls} {name['fn']}(int start = 3) {{ return {cls}(start); }}
{kind_dep}inline int {name['over']}(int a) {{ return a; }}
{kind_dep}inline int {name['over']}(const char *, int b) {{ return b; }}
{kind_dep}inline int {name['adl']}(const {cls} &c) {{ return c.Count; }}
template <typename T> {kind_dep}T {name['tfn']}(T value) {{ return value; }}
{closing}
#define {macro}(x) ((x) + (x))
{mark}"""

    def replacements(self):
        if self.namespace_rule:
            return {self.old_space: self.new_space, self.old_macro: self.new_macro}
        pairs = {f"{self.old_space}::{self.old[key]}": f"{self.new_space}::{self.new[key]}" for key in self.old}
        return {**pairs, self.old_macro: self.new_macro}


class Scope:
    """How a place can write the names of a module."""

    def __init__(self, rng, module):
        self.rng, self.module = rng, module
        self.prefixes = [module.old_space + "::", module.old_space + "::", "::" + module.old_space + "::"]
        self.imported = {}

    def name(self, key):
        if key in self.imported and self.rng.random() < 0.7:
            return self.imported[key]
        return self.rng.choice(self.prefixes) + self.module.old[key]

    def __getattr__(self, key):
        return self.name(key)


class Program:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.count = 0
        self.modules = [Module(self.rng, i) for i in range(self.rng.randint(1, 3))]
        self.files = {}
        for module in self.modules:
            self.files[module.old_header] = module.header(module.old_space, module.old, module.old_macro, True)
            self.files[module.new_header] = module.header(module.new_space, module.new, module.new_macro, False)
        self.shared = [self.shared_header(i) for i in range(self.rng.randint(0, 2))]
        self.units = [self.unit(i) for i in range(self.rng.randint(1, 3))]
        self.files[".ssot.yaml"] = self.rules()

    def fresh(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def rules(self):
        includes = {m.old_header: m.new_header for m in self.modules if not m.keeps_header}
        names = {}
        for module in self.modules:
            names.update(module.replacements())
        rules = [{"id": "name", "kind": "legacy-name", "replace": names}]
        if includes:
            rules.append({"id": "header", "kind": "legacy-include", "replace": includes})
        return json.dumps({"ssot": 1, "scope": {"include": ["src/**"]}, "rules": rules})

    # --- files

    def include_of(self, header):
        return f"#include <{header}>" if self.rng.random() < 0.3 else f'#include "{header}"'

    def includes(self, more):
        lines = []
        for module in self.modules:
            lines.append(self.include_of(module.old_header))
            if module.keeps_header or self.rng.random() < 0.2:
                lines.append(self.include_of(module.new_header))
        lines += [f'#include "{header}"' for header in more]
        if self.rng.random() < 0.5:
            lines.sort()
        else:
            self.rng.shuffle(lines)
        if self.rng.random() < 0.3:
            lines.insert(self.rng.randint(0, len(lines)), "")
        if self.rng.random() < 0.2:
            lines = [line + self.rng.choice(["", "  // why", " /* c */"]) for line in lines]
        return lines

    def dress(self, lines):
        text = "\n".join(lines) + "\n"
        style = self.rng.random()
        if style < 0.1:
            text = text.replace("\n", "\r\n")
        elif style < 0.15:
            text = "\ufeff" + text
        elif style < 0.2:
            text = text.rstrip("\n")
        elif style < 0.25:
            kept = text.split("\n")
            text = "".join(line + self.rng.choice(["\n", "\r\n"]) for line in kept[:-1]) + kept[-1]
        return text

    def shared_header(self, number):
        guard = ["#pragma once"] if self.rng.random() < 0.5 else [f"#ifndef SHARED{number}", f"#define SHARED{number}"]
        lines = guard + self.includes([])
        for _ in range(self.rng.randint(1, 4)):
            lines += self.block(header=True)
        if len(guard) == 2:
            lines.append("#endif")
        self.files[f"src/shared{number}.h"] = self.dress(lines)
        return f"shared{number}.h"

    def unit(self, number):
        lines = ["// A unit."] if self.rng.random() < 0.3 else []
        more = [header for header in self.shared if self.rng.random() < 0.8]
        lines += self.includes(more)
        for _ in range(self.rng.randint(2, 7)):
            lines += self.block(header=False)
        self.files[f"src/u{number}.cpp"] = self.dress(lines)
        return f"src/u{number}.cpp"

    # --- code

    def block(self, header):
        """A namespace, or none, with declarations that use one module."""
        rng = self.rng
        module = rng.choice(self.modules)
        scope = Scope(rng, module)
        lines, closing = [], []
        opened = rng.random()
        home = self.fresh("app")
        if opened < 0.7:
            spaces = [home]
            if rng.random() < 0.2:
                spaces.append(self.fresh("part"))
            for space in spaces:
                lines.append(f"namespace {space} {{")
                closing.append("}")
        elif opened < 0.8:  # inside the canonical namespace, where names can be short
            for space in module.new_space.split("::"):
                lines.append(f"namespace {space} {{")
                closing.append("}")
        elif opened < 0.88 and not header:
            lines.append("namespace {")
            closing.append("}")
        elif opened < 0.94 and "::" in module.old_space:  # inside the parent of the legacy namespace
            parent, child = module.old_space.split("::")
            lines.append(f"namespace {parent} {{")
            closing.append("}")
            if not module.namespace_rule:
                scope.prefixes.append(child + "::")
        own = opened < 0.7  # what follows is not visible to other blocks
        if own and rng.random() < 0.25:
            alias = self.fresh("lg")
            lines.append(f"namespace {alias} = {module.old_space};")
            scope.prefixes += [alias + "::"] * 3
        if own and rng.random() < 0.2:
            lines.append(f"using namespace {module.old_space};")
            scope.imported.update(module.old)
        elif own and rng.random() < 0.3:
            for key in rng.sample(sorted(module.old), rng.randint(1, 4)):
                lines.append(f"using {module.old_space}::{module.old[key]};")
                scope.imported[key] = module.old[key]
        if own and rng.random() < 0.15:
            alias = self.fresh("Mine")
            lines.append(f"using {alias} = {scope.cls};")
            scope.imported["cls"] = alias
        for _ in range(rng.randint(2, 6)):
            lines += rng.choice(self.SNIPPETS)(self, scope)
        return lines + ["".join(closing)]

    def in_function(self, statements, result="int"):
        return [f"inline {result} {self.fresh('f')}(int n) {{", *["  " + statement for statement in statements], "  return n;", "}"]

    def s_parameter(self, s):
        return [f"inline int {self.fresh('f')}(const {s.cls} &r, {s.kind} k, {s.id} i) {{ return r.route(i) + int(k == {s.kind}::Red); }}"]

    def s_result(self, s):
        return [f"inline {s.cls} {self.fresh('f')}(int n) {{ return {s.cls}(n); }}", f"inline auto {self.fresh('f')}() -> {s.cls} * {{ return new {s.cls}; }}"]

    def s_base(self, s):
        name = self.fresh("D")
        base = s.module.old["cls"] if "cls" not in s.imported else s.imported["cls"]
        initialise = self.rng.choice([s.cls, s.module.old["cls"], base])
        call = self.rng.choice([s.cls + "::", s.module.old["cls"] + "::", "this->" + s.module.old["cls"] + "::"])
        return [f"struct {name} : public {s.cls} {{", f"  {name}() : {initialise}(2) {{}}", f"  int route(int id) const override {{ return {call}route(id + 1); }}", "};"]

    def s_inherited_constructor(self, s):
        name = self.fresh("D")
        qualified = s.module.old_space + "::" + s.module.old["cls"]
        return [f"struct {name} : {qualified} {{", f"  using {qualified}::{s.module.old['cls']};" if self.rng.random() < 0.5 else f"  using {qualified}::route;", "};"]

    def s_members(self, s):
        name = self.fresh("Holder")
        return [f"class {name} {{", f"  {s.cls} one;", f"  {s.tpl}<{s.cls}> many;", f"  {s.cls}::Inner inner;", f"  friend class {s.module.old_space}::{s.module.old['cls']};",
                "public:", f"  using Item = {s.cls};", f"  explicit {name}(int n = {s.cls}::limit) : one(n) {{}}", f"  {s.cls} *get() {{ return &one; }}",
                f"  static {s.id} count({s.kind} k = {s.kind}::Green);", "};", f"inline {s.id} {name}::count({s.kind} k) {{ return k == {s.kind}::Red ? 1 : 2; }}"]

    def s_casts(self, s):
        return self.in_function([f"auto *p = new {s.cls}(n);", f"n += static_cast<const {s.cls} *>(p)->route(1) + ({s.id})2;", "delete p;",
                                 f"n += sizeof({s.cls}) + alignof({s.kind}) + {s.id}(3) + (int){s.kind}::Green;", f"decltype({s.fn}(1)) again; n += again.Count;"])

    def s_calls(self, s):
        inner = f"{s.over}({s.tfn}(n))"
        return self.in_function([f"n += {s.over}(1) + {s.over}(\"x\", {inner});", f"n += {s.fn}().route(2) + {s.fn}( /* from */ 4 ).as<int>();",
                                 f"n += {s.tfn}<int>(n) + {s.cls}::standard().route(1, {s.cls}::Mode::Fast);"])

    def s_adl(self, s):
        return self.in_function([f"{s.cls} c(n);", f"n += {s.module.old['adl']}(c);", f"n += {s.adl}(c); c += 1;", "n += c == c;"])

    def s_pointers(self, s):
        return self.in_function([f"{s.cls} (*make)(int) = &{s.fn};", f"int (*one)(int) = {s.over};", f"int ({s.cls}::*way)(int) const = &{s.cls}::route;",
                                 f"{s.cls} c = make(n); n += one(1) + (c.*way)(2);"])

    def s_template(self, s):
        t = self.fresh("t")
        return [f"template <typename T = {s.cls}, int N = {s.cls}::limit> struct {t} : {s.tpl}<T> {{", f"  typename {s.tpl}<T>::value_type first() {{ return this->item; }}",
                f"  int all(const T &x) {{ return {s.tfn}(N) + x.route(N); }}", "};", f"template struct {t}<{s.cls}>;", f"inline {t}<> {self.fresh('v')};"]

    def s_deduction(self, s):
        return self.in_function([f"{s.tpl} b({s.cls}{{n}});", f"for (const {s.cls} &c : b) n += c.route(0);", f"auto [x, y] = {s.agg}{{n, 2}}; n += x + y;",
                                 f"auto l = [c = {s.cls}(n)](const {s.tpl}<int> &i) -> {s.id} {{ return c.route(i.item); }};", "n += l({4});"])

    def s_specialisation(self, s):
        t = self.fresh("Trait")
        return [f"template <typename T> struct {t} {{ static constexpr int value = 0; }};", f"template <> struct {t}<{s.cls}> {{ static constexpr int value = 1; }};",
                f"template <typename T> struct {t}<{s.tpl}<T>> {{ static constexpr int value = 2; }};",
                f"static_assert({t}<{s.tpl}<{s.cls}>>::value == 2 && {t}<{s.cls}>::value == 1);"]

    def s_template_template(self, s):
        t = self.fresh("Uses")
        return [f"template <template <typename> class C> struct {t} {{ C<int> c; }};", f"inline {t}<{s.tpl}> {self.fresh('v')};",
                f"template <typename T> using {self.fresh('Alias')} = {s.tpl}<T>;"]

    def s_concept(self, s):
        c = self.fresh("Routes")
        return [f"template <typename T> concept {c} = requires(T t, {s.cls} o) {{ t.route({s.cls}::limit); o.route(1); }};",
                f"template <{c} T> int {self.fresh('f')}(T t) {{ {s.cls} o; return t.route(1) + o.route(2); }}"]

    def s_uninstantiated(self, s):
        return [f"template <typename T> int {self.fresh('f')}(T t) {{", f"  {s.tpl}<T> box(t); {s.cls} known(1);",
                f"  return {s.tfn}(t) + known.route(1) + int({s.kind}::Red) + {s.over}(t);", "}"]

    def s_switch(self, s):
        return [f"inline int {self.fresh('f')}({s.kind} k) {{", "  switch (k) {", f"  case {s.kind}::Red: return 1;", f"  case {s.kind}::Green: return 2;", "  }", "  return 0;", "}"]

    def s_using_enum(self, s):
        return self.in_function([f"using enum {s.kind}; n += int(Red);", f"{s.flat} low = {s.flat}(0); n += low;"])

    def s_exceptions(self, s):
        return self.in_function([f"try {{ if (n) throw {s.cls}(n); }} catch (const {s.cls} &c) {{ n = c.route(n); }} catch ({s.kind}) {{}}"])

    def s_macros(self, s):
        make, call = self.fresh("MAKE"), self.fresh("CALL")
        m = s.module
        full = f"{m.old_space}::{m.old['cls']}"
        return [f"#define {make}(type, name) type name(1)", f"#define {call}(n) {m.old_space}::{m.old['over']}(n) \\", f"  + {full}::limit",
                *self.in_function([f"{make}({s.cls}, c);", f"n += c.route({m.old_macro}(n)) + {call}({s.over}(1));", f"n += {m.old_macro}({m.old_macro}(2));"])]

    def s_macro_unused(self, s):
        return [f"#define {self.fresh('NEVER')} {s.module.old_space}::{s.module.old['fn']}(3)"]

    def s_defined(self, s):
        return [f"#ifdef {s.module.old_macro}", f"inline {s.cls} {self.fresh('v')};", "#else", f"inline {s.cls} {self.fresh('v')}; broken", "#endif"]

    def s_inactive(self, s):
        return ["#ifdef NOWHERE", f"inline {s.cls} {self.fresh('v')};", "#endif"]

    def s_text(self, s):
        m = s.module
        return [f"// {m.old_space}::{m.old['cls']} is gone", f'inline const char *{self.fresh("v")} = R"({m.old_space}::{m.old["fn"]}(1))";', f"/* {m.old_macro} */"]

    def s_local_alias(self, s):
        return self.in_function([f"using Here = {s.cls};", f"typedef {s.tpl}<Here> There;", "There t(Here(1)); n += t.item.route(1);",
                                 f"using {s.module.old_space}::{s.module.old['over']}; n += {s.module.old['over']}(1);"])

    def s_shadow(self, s):
        head = s.module.new_space.split("::")[0]
        space = self.fresh("shade")
        return [f"namespace {space} {{ namespace {head} {{ struct Other {{}}; }}", f"inline int {self.fresh('f')}(::{s.module.old_space}::{s.module.old['cls']} c) {{ return c.route(1); }}", "}"]

    def s_extra(self, s):
        return [f"inline {s.module.old_space}::{s.module.extra} {self.fresh('v')};"] if self.rng.random() < 0.3 and not s.module.namespace_rule else []

    def s_odd_spacing(self, s):
        spelled = s.cls.replace("::", " :: ") if self.rng.random() < 0.5 else s.cls.replace("::", "/**/::\n  ")
        return [f"inline const {spelled} * {self.fresh('v')} = nullptr;"]

    SNIPPETS = [value for key, value in sorted(vars().items()) if key.startswith("s_")]


class Failure(Exception):
    pass


def tree(root):
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(root.rglob("*")) if path.is_file() and ".ssot" not in path.relative_to(root).parts}


def ssot(root, *arguments):
    done = subprocess.run([SSOT, *arguments], cwd=root, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
    if done.returncode not in (0, 1):
        raise Failure(f"ssot {' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done


def uses_of_legacy(root, units):
    """file:line of each use of a legacy name, as clang warns of it where all is compiled."""
    done = subprocess.run([*CLANG, f"-I{root}", "-DCHECK", "-Wno-everything", "-Wdeprecated-declarations", *units], cwd=root, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"does not compile after the migration\n{done.stderr[:1500]}")
    return {(match[1], int(match[2])) for match in re.finditer(r"^(?:\./)?(?:.*/)?(src/[^:]+):(\d+):\d+: warning: .*deprecat", done.stderr, re.M)}


def try_program(seed, root):
    """Writes the program of a seed and asks all the questions. Returns what migrate said."""
    program = Program(seed)
    for path, text in program.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    (root / "compile_commands.json").write_text(json.dumps([
        {"directory": str(root), "file": str(root / unit), "arguments": ["clang++-19", "-std=c++20", f"-I{root}", "-c", str(root / unit)]} for unit in program.units]))
    before = tree(root)
    first = json.loads(ssot(root, "migrate", "--apply", "--format", "json", "-j1").stdout)
    after = tree(root)
    second = json.loads(ssot(root, "migrate", "--apply", "--format", "json", "-j1").stdout)
    if second["edits"] or tree(root) != after:
        raise Failure(f"the second run edits again: {second['edits'][:3]}")
    told = {(left["file"], left["line"]) for left in second["residue"] + second["rejected"]}
    missed = sorted(uses_of_legacy(root, program.units) - told)
    if missed:
        raise Failure(f"uses of a legacy name that nobody was told of: {missed[:5]}")
    if first["edits"]:
        ssot(root, "rollback")
    if tree(root) != before:
        raise Failure("rollback did not restore the bytes")
    return first


def outcome_of(seed, keep):
    root = pathlib.Path(tempfile.mkdtemp(prefix=f"ssot-fuzz-{seed}-"))
    try:
        result = try_program(seed, root)
        return seed, None, result
    except Failure as failure:
        if keep:
            return seed, f"{failure}\n  kept in {root}", None
        return seed, str(failure), None
    finally:
        if not keep or sys.exc_info()[0] is None and 'result' in locals():
            shutil.rmtree(root, ignore_errors=True)


def main(count, start):
    failed, edits, rejected, reasons = 0, 0, 0, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for seed, failure, result in pool.map(lambda seed: outcome_of(seed, True), range(start, start + count)):
            if failure:
                failed += 1
                print(f"seed {seed}: {failure}", flush=True)
            else:
                edits += len(result["edits"])
                rejected += len(result["rejected"])
                reasons.update(left["reason"] for left in result["residue"])
                for rejection in result["rejected"] if os.environ.get("SHOW_REJECTED") else []:
                    print(f"seed {seed}: {rejection['file']}:{rejection['line']}: rejected: {rejection['error']}")
    print(f"{count} programs from seed {start}: {failed} failed, {edits} edits, {rejected} rejected, residue {dict(reasons)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROGRAMS, int(sys.argv[2]) if len(sys.argv) > 2 else 0))
