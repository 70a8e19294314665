#!/usr/bin/env python3
"""The published JSON Schema against an independent validator: it accepts every rule file of the repository, and it and the program agree
on what is wrong with a rule file, for thousands of ways to spoil one."""

import copy
import json
import re
import unittest

import jsonschema
import yaml

from support import ROOT, ProjectTest


class CoreLoader(yaml.SafeLoader):
    """YAML with the types of the core schema, as ssot reads it: no dates, no yes/no."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
                            ("int", r"[-+]?[0-9]+", "-+0123456789"),
                            ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
                            ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""])):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))

# A rule file with every key of the format.
EVERYTHING = r"""
ssot: 1
scope: {include: ["src/**"], exclude: ["**/generated/**"], tests: ["spec/**"], editable: ["src/**"]}
gate: {min-compliance: 99.5}
check: {parse: needed}
extends: [./base.yaml]
override:
  of-base: {severity: note, scope: {include: ["src/**"], exclude: []}, allow: [{symbol: "A::.*", reason: known, until: 2030-01-31}]}
rules:
  - id: one-class
    kind: single-class
    description: One of them.
    why: Two are one too many.
    example: {before: a, after: b}
    severity: warning
    sunset: 2030-06-30
    scope: {include: ["src/**"], exclude: ["src/x/**"]}
    allow: [{file: src/old.cpp, reason: frozen}]
    canonical: net::Router
    header: net/router.h
    match: {name: ".*Router", methods: {names: [send, deliver], at-least: 2}, similar: 0.8, similar-to-copies: 0.9}
    adapters: {via: [net::toId], object: ["net::router($tenant)"], result: [count]}
  - {id: one-function, kind: single-function, canonical: net::send, header: net/send.h, match: {name: .*send, methods: {names: [send]}, similar: 1}, adapters: forbid}
  - {id: headers, kind: legacy-include, replace: {old/a.h: new/a.h, "old/(.*)\\.h": new/$1.h}}
  - {id: names, kind: legacy-name, replace: {old::A: net::A, OLD: net::fresh}}
  - {id: calls, kind: legacy-call, from: "old::send(to)", to: "net::bus().send($to)", canonical: net::Bus::send, header: net/bus.h}
  - {id: events, kind: event-order, emit: net::emit, order: [net::first, net::last]}
  - {id: interface, kind: same-interface, legacy: old::Router, canonical: net::Router}
  - {id: factory, kind: factory-only, class: net::Router, factory: net::makeRouter, shared-state: forbid}
  - {id: definitions, kind: one-definition, names: "net::.*", apart-from: [".*::Options"]}
  - {id: sizes, kind: size-limit, max-file-lines: 600, max-function-lines: 60}
  - {id: node, kind: matcher, match: gotoStmt().bind("site"), compliant: returnStmt(), message: leave by return, rewrite: {site: ""}}
"""

BASE = "ssot: 1\nrules: [{id: of-base, kind: one-definition}]\n"

# What only the program can know: what two values say about each other, what other files hold, what RE2, C++ and Clang accept.
BEYOND_A_SCHEMA = re.compile(r"'at-least' asks for|is replaced by itself|is itself replaced|no extended file has a rule|"
                             r"is defined in this file|no bundled pack|cannot read|is given twice|is named twice|is not a pattern|"
                             r"'\$' stands before|names a group|is a keyword|matcher: |is no parameter of 'from'|does not show which function|itself; say with 'canonical'")

SUBSTITUTES = (None, True, 7, -1, 0.5, "", " ", "two words", "::a", "a/../b", "<a.h>", "Upper", [], ["a"], {}, {"surprise": "x"})


def paths_of(value, path=()):
    """The path of every value inside \\p value."""
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths_of(child, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def mutants(document):
    """(what was done, the spoilt document) for every way to spoil one place."""
    for path in paths_of(document):
        name = "/".join(map(str, path))
        for substitute in SUBSTITUTES:
            mutant = copy.deepcopy(document)
            at(mutant, path[:-1])[path[-1]] = substitute
            yield f"{name} = {json.dumps(substitute)}", mutant
        mutant = copy.deepcopy(document)
        del at(mutant, path[:-1])[path[-1]]
        yield f"without {name}", mutant
        if isinstance(at(document, path), dict):
            mutant = copy.deepcopy(document)
            at(mutant, path)["surprise"] = "x"
            yield f"{name} + surprise", mutant


def rule_files():
    """Every rule file of the repository that git knows or would add."""
    found = [ROOT / ".ssot.yaml", *(ROOT / "rules").rglob("*.yaml"), *(ROOT / "fixtures").rglob(".ssot.yaml"),
             *(ROOT / "tests/real").rglob("*.yaml")]
    return sorted(path for path in found if path.exists() and "ssot:" in path.read_text())


class Schema(ProjectTest):
    def setUp(self):
        super().setUp()
        done = self.ssot("rules", "schema")
        self.assertEqual(done.returncode, 0, done.stderr)
        schema = json.loads(done.stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)
        self.everything = yaml.load(EVERYTHING, CoreLoader)
        self.write("base.yaml", BASE)

    def problems(self, document):
        return [error.message for error in self.validator.iter_errors(document)]

    def test_it_accepts_every_rule_file_of_the_repository(self):
        for path in rule_files():
            with self.subTest(path=str(path.relative_to(ROOT))):
                self.assertEqual(self.problems(yaml.load(path.read_text(), CoreLoader)), [])
                done = self.ssot("rules", "validate", "-c", path)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_knows_every_key(self):
        self.assertEqual(self.problems(self.everything), [])
        used = {key for path in paths_of(self.everything) for key in path if isinstance(key, str)}
        known = set()

        def collect(schema):
            if isinstance(schema, dict):
                known.update(schema.get("properties", {}))
                for child in schema.values():
                    collect(child)
            elif isinstance(schema, list):
                for child in schema:
                    collect(child)

        collect(self.validator.schema)
        self.assertEqual(known - used, set(), "EVERYTHING lacks a key of the format")

    def test_it_and_the_program_agree(self):
        spoilt = list(mutants(self.everything))
        said = self.refusals([self.everything, *(document for _, document in spoilt)])
        self.assertEqual(said[0], [])
        refused_by_schema = 0
        for (what, document), errors in zip(spoilt, said[1:]):
            if not self.validator.is_valid(document):
                refused_by_schema += 1
                self.assertNotEqual(errors, [], f"{what}: only the schema refuses it: {self.problems(document)}")
            else:
                unexpected = [error for error in errors if not BEYOND_A_SCHEMA.search(error)]
                self.assertEqual(unexpected, [], f"{what}: only the program refuses it")
        self.assertGreater(refused_by_schema, len(spoilt) // 2)

    def refusals(self, documents):
        """What the program says of each document. One run reads them all, so that every rule id is there many times: that is no fault of
        a document."""
        options = []
        for number, document in enumerate(documents):
            self.write(f"{number}.yaml", json.dumps(document, ensure_ascii=False))
            options += ["--rules", f"{number}.yaml"]
        errors = [[] for _ in documents]
        for line in self.ssot("rules", "validate", *options).stderr.splitlines():
            number, _, message = line.partition(".yaml:")
            if "is given twice; the first one is at" not in message:
                errors[int(number)].append(message)
        return errors


if __name__ == "__main__":
    unittest.main()
