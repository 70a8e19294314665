#!/usr/bin/env python3
"""`ssot lsp`: the findings of `check` as diagnostics, the edits of `migrate` as code actions, over pipes as an editor does it."""

import os
import re
import shutil
import subprocess
import unittest

from legacy_router import NEW, OLD, RULES, MigrateTest
from lsp_client import CAPABILITIES, PATIENCE, Client, Refused, changed_files, uri
from support import ROOT

SEVERITIES = {"error": 1, "warning": 2, "note": 3}

CALLER = '#include "old/router.h"\nint call(const old::Router &router) { return router.route(1); }\n'


class LspTest(MigrateTest):
    def client(self, *options, root=None, cwd=None):
        client = Client(root or self.root, *options, cwd=cwd)
        self.addCleanup(self.kill, client)
        return client

    @staticmethod
    def kill(client):
        if client.process.poll() is None:
            client.process.kill()
            client.end()

    def started(self, *options, **how):
        client = self.client(*options).start(**how)
        client.analysed()
        return client

    def found(self, client):
        """What the diagnostics say, as the JSON report says it."""
        return sorted((name, each["range"]["start"]["line"] + 1, each["range"]["start"]["character"] + 1,
                       each["range"]["end"]["line"] + 1, each["range"]["end"]["character"] + 1,
                       each["code"], each["severity"], each["message"], each["data"]["fingerprint"], each["data"]["fixable"])
                      for name, diagnostics in client.diagnostics.items() for each in diagnostics)

    def end_of(self, finding):
        """Where a finding ends; one without an extent marks its line."""
        if (finding["line"], finding["column"]) != (finding["end_line"], finding["end_column"]):
            return finding["end_line"], finding["end_column"]
        return finding["line"], len((self.root / finding["file"]).read_text().split("\n")[finding["line"] - 1]) + 1

    def expected(self, *options):
        report, _ = self.report(*options)
        return sorted((each["file"], each["line"], each["column"], *self.end_of(each), each["rule"],
                       SEVERITIES[each["severity"]], each["message"], each["fingerprint"], each["fixable"])
                      for each in report["findings"] if each["state"] == "new")

    def action(self, client, path, title):
        return next(each for each in client.actions(path) if each["title"] == title)

    def refusal(self, client, action):
        with self.assertRaises(Refused) as refused:
            client.resolve(action)
        return refused.exception


class Diagnostics(LspTest):
    def test_they_are_what_check_finds(self):
        self.units(a=CALLER, b="int nothing;\n", c=CALLER)
        client = self.started()
        self.assertEqual(len(self.found(client)), 4)
        self.assertEqual(self.found(client), self.expected())
        self.assertEqual(client.stop(), 0)
        self.assertEqual(b"".join(client.stderr), b"")

    def test_every_kind_of_severity(self):
        self.write(".ssot.yaml", RULES.replace("kind: legacy-name", "kind: legacy-name\n    severity: warning")
                   + "  - id: small\n    kind: size-limit\n    severity: note\n    max-file-lines: 1\n")
        self.units(a=CALLER)
        client = self.started()
        self.assertEqual({each[6] for each in self.found(client)}, {1, 2, 3})
        self.assertEqual(self.found(client), self.expected())

    def test_a_save_is_judged_and_a_file_that_is_clean_gets_an_empty_list(self):
        self.units(a=CALLER, b=CALLER)
        client = self.started()
        client.published.clear()
        client.save("src/a.cpp", CALLER + "int again(old::Router);\n")
        self.assertEqual(client.published, ["src/a.cpp"])
        self.assertEqual(self.found(client), self.expected())
        client.save("src/a.cpp", CALLER.replace("old", "net"))
        self.assertEqual(client.diagnostics["src/a.cpp"], [])
        self.assertEqual(self.found(client), self.expected())

    def test_a_file_that_changed_outside_of_the_editor(self):
        self.units(a=CALLER)
        client = self.started()
        self.assertEqual(client.registered[0]["method"], "workspace/didChangeWatchedFiles")
        self.write("src/a.cpp", CALLER.replace("old", "net"))
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": uri(self.root / "src/a.cpp"), "type": 2}])
        client.analysed()
        self.assertEqual(client.diagnostics["src/a.cpp"], [])

    def test_columns_are_units_of_utf_16_or_bytes(self):
        self.units(a='#include "old/router.h"\n/* \U0001f600 \u00e9 */ old::Router router;\n')
        ranges = {}
        for encoding in ("utf-16", "utf-8"):
            client = self.started(capabilities={**CAPABILITIES, "general": {"positionEncodings": [encoding]}})
            self.assertEqual(client.server["capabilities"]["positionEncoding"], encoding)
            ranges[encoding] = [each["range"]["start"]["character"] for each in client.diagnostics["src/a.cpp"] if each["code"] == "old-name"]
        self.assertEqual(ranges, {"utf-16": [16], "utf-8": [19]})

    def test_a_use_of_the_old_is_marked_as_deprecated_and_notes_are_related(self):
        self.write(".ssot.yaml", RULES + "  - id: one-router\n    kind: single-class\n    canonical: net::Router\n    match: {name: '.*Router'}\n")
        self.units(a=CALLER, b='#include "net/router.h"\n')
        client = self.started()
        by_code = {each["code"]: each for each in client.diagnostics["src/a.cpp"] + client.diagnostics["include/old/router.h"]}
        self.assertEqual(by_code["old-name"]["tags"], [2])
        self.assertNotIn("tags", by_code["one-router"])
        report, _ = self.report()
        notes = {each["message"]: (uri(self.root / each["file"]), each["line"] - 1)
                 for finding in report["findings"] for each in finding["notes"] if "file" in each}
        related = {each["message"]: (each["location"]["uri"], each["location"]["range"]["start"]["line"])
                   for each in by_code["one-router"]["relatedInformation"]}
        self.assertTrue(related)
        self.assertEqual(related, notes)

    def test_what_is_excused_is_left_out_or_a_hint(self):
        self.units(a=CALLER.replace("1); }", "1); } // NOLINT(ssot-old-name): later"), b=CALLER)
        self.ssot("baseline", "create", "src/b.cpp")
        client = self.started("--baseline", ".ssot-baseline")
        self.assertEqual([(each[0], each[5]) for each in self.found(client)], [("src/a.cpp", "old-include")])
        client = self.started("--baseline", ".ssot-baseline", "--show-suppressed")
        hints = [(name, each["code"], each["message"].split("\n")[-1]) for name in ("src/a.cpp", "src/b.cpp")
                 for each in client.diagnostics[name] if each["severity"] == 4]
        self.assertEqual(hints, [("src/a.cpp", "old-name", "suppressed: later"), ("src/b.cpp", "old-include", "baseline"),
                                 ("src/b.cpp", "old-name", "baseline")])

    def test_a_project_below_a_symbolic_link(self):
        self.units(a=CALLER)
        link = self.root.parent / "link"
        link.symlink_to(self.root)
        client = self.client(root=link).start()
        client.analysed()
        self.assertEqual(set(client.diagnostics), {"src/a.cpp"})
        self.assertTrue(client.actions("src/a.cpp"))

    def test_options_are_seen_from_the_folder_that_the_client_names(self):
        self.units(a=CALLER)
        self.write("other/rules.yaml", RULES.replace("old-name", "other-name"))
        shutil.move(self.root / "compile_commands.json", self.root / "other")
        (self.root / ".ssot.yaml").unlink()
        client = self.client("-c", "other/rules.yaml", "--root", self.root, "-p", self.root / "other", cwd=self.root)
        client.start(root=False)
        client.analysed()
        self.assertEqual({each["code"] for each in client.diagnostics["src/a.cpp"]}, {"old-include", "other-name"})
        self.write(".ssot.yaml", RULES)
        client = self.client("-p", "other", "--rule", "old-name", cwd=self.root.parent).start()
        client.analysed()
        self.assertEqual({each["code"] for each in client.diagnostics["src/a.cpp"]}, {"old-name"})

    def test_facts_are_kept_unless_that_is_refused(self):
        self.units(a=CALLER)
        self.started("--no-cache")
        self.assertFalse((self.root / ".ssot").exists())
        self.started()
        self.assertTrue((self.root / ".ssot/cache/facts.db").exists())


class Problems(LspTest):
    def test_a_broken_rule_file_is_said_where_it_is_broken(self):
        self.units(a=CALLER)
        client = self.started()
        client.save(".ssot.yaml", RULES.replace("legacy-name", "legacy-nam"))
        [broken] = client.diagnostics[".ssot.yaml"]
        self.assertEqual(broken["code"], "ssot.rules")
        self.assertEqual(broken["range"]["start"], {"line": 6, "character": 10})
        self.assertIn("did you mean 'legacy-name'?", broken["message"])
        self.assertEqual(len(client.shown), 1)
        self.assertIn(".ssot.yaml:7:11: error: ", client.shown[0])
        self.assertEqual(client.diagnostics["src/a.cpp"], [], "nothing was judged")
        client.save(".ssot.yaml", RULES)
        self.assertEqual(client.diagnostics[".ssot.yaml"], [])
        self.assertEqual(self.found(client), self.expected())
        self.assertEqual(len(client.shown), 1)

    def test_no_rules_at_all(self):
        (self.root / ".ssot.yaml").unlink()
        self.units(a=CALLER)
        client = self.started()
        self.assertIn("ssot init", client.shown[0])

    def test_a_rule_that_names_what_is_not_there(self):
        self.write(".ssot.yaml", RULES + "  - id: one-router\n    kind: single-class\n    canonical: net::Ruter\n    match: {name: '.*Router'}\n")
        self.units(a=CALLER)
        client = self.started()
        self.assertEqual([(each["code"], each["range"]["start"]["line"]) for each in client.diagnostics[".ssot.yaml"]],
                         [("ssot.canonical-missing", 8)])

    def test_a_unit_that_does_not_parse_is_said_and_not_judged(self):
        self.units(a=CALLER, b=CALLER)
        client = self.started()
        log = client.save("src/a.cpp", CALLER + "int x = nowhere;\n")
        [said] = client.diagnostics["src/a.cpp"]
        self.assertEqual((said["code"], said["severity"], said["range"]["start"]), ("ssot.not-analysed", 2, {"line": 2, "character": 8}))
        self.assertIn("undeclared identifier 'nowhere'", said["message"])
        self.assertIn("1 of 2 translation units could not be analysed", log)
        self.assertEqual(len(client.diagnostics["src/b.cpp"]), 2)
        client.save("src/a.cpp", CALLER)
        self.assertEqual(self.found(client), self.expected())

    def test_a_unit_that_fails_for_somebody_elses_header(self):
        self.units(a='#include <no/such/header.h>\n' + CALLER)
        client = self.started()
        [said] = client.diagnostics["src/a.cpp"]
        self.assertEqual((said["code"], said["range"]["start"]["line"]), ("ssot.not-analysed", 0))

    def test_what_cannot_be_read_is_answered_and_the_server_goes_on(self):
        self.units(a=CALLER)
        client = self.client()
        for content in (b"{", b"[]", b'"x"', b'{"id": 1, "method": "\xff"}'):
            client.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
            self.assertIn(client.take()["error"]["code"], (-32700, -32600))
        client.send_bytes(b"Length: 3\r\n\r\n")
        self.assertEqual(client.take()["error"]["code"], -32700)
        with self.assertRaises(Refused) as refused:
            client.call("textDocument/codeAction", {})
        self.assertEqual(refused.exception.code, -32002)
        client.start()
        client.analysed()
        self.assertEqual(self.found(client), self.expected())
        with self.assertRaises(Refused) as refused:
            client.call("textDocument/hover", {})
        self.assertEqual(refused.exception.code, -32601)

    def test_the_exit_code_says_whether_it_was_shut_down(self):
        self.units(a=CALLER)
        client = self.started()
        client.call("shutdown")
        with self.assertRaises(Refused) as refused:
            client.actions("src/a.cpp")
        self.assertEqual(refused.exception.code, -32600)
        client.notify("exit")
        self.assertEqual(client.end(), 0)
        client = self.started()
        client.notify("exit")
        self.assertEqual(client.end(), 1)
        client = self.client().start()
        self.assertEqual(client.end(), 1, "the client is gone, in the middle of an analysis")

    def test_a_shutdown_ends_an_analysis(self):
        self.units(**{f"u{i}": CALLER for i in range(8)})
        client = self.client("-j", "1").start()
        self.assertEqual(client.stop(), 0)

    def test_progress_begins_and_ends(self):
        self.units(a=CALLER)
        client = self.started()
        self.assertIn(client.progress, ([], ["begin", "end"]))


class Actions(LspTest):
    """What an action changes is what `migrate` writes, byte for byte."""

    def apply(self, client, action):
        """The files as the action would leave them."""
        edit = client.resolve(action)["edit"]
        return changed_files(edit, self.root)

    def migrated(self, *arguments):
        """The files that migrate changes, as it leaves them. They are put back."""
        before = self.tree()
        report, done = self.migrate("--apply", *arguments)
        self.assertTrue(report["verified"], done.stderr)
        after = self.tree()
        self.ssot("rollback")
        return {name: content for name, (content, _) in after.items() if before[name][0] != content}

    def same(self, text, *rules):
        """One action for the whole file, and one for the only use in it."""
        self.units(a=text)
        expected = self.migrated()
        self.assertEqual(list(expected), ["src/a.cpp"])
        client = self.started()
        all_of_it = self.action(client, "src/a.cpp", "Fix everything in this file that ssot can prove")
        self.assertEqual(all_of_it["kind"], "source.fixAll.ssot")
        self.assertEqual(self.apply(client, all_of_it), expected)
        one = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        self.assertEqual(one["kind"], "quickfix")
        self.assertEqual(one["diagnostics"][0]["code"], "old-name")
        self.assertNotIn("edit", one)
        self.assertEqual(self.apply(client, one), expected)
        return client

    def test_one_use(self):
        client = self.same(CALLER)
        self.assertEqual(client.stop(), 0)

    def test_behind_characters_that_are_no_ascii(self):
        self.same('#include "old/router.h"\nconst char *s = "\U0001f600 \u00e9\u00e8"; int call(const old::Router &r) { return r.route(1); } // \u20ac\n')

    def test_line_endings_of_windows_and_a_byte_order_mark(self):
        self.same("\ufeff" + CALLER.replace("\n", "\r\n"))

    def test_no_last_line_ending(self):
        self.same(CALLER.rstrip("\n"))

    def test_one_of_several_uses_keeps_the_old_header(self):
        self.units(a=CALLER + "int more(const old::Router &router);\n")
        client = self.started()
        [first, _] = [each for each in client.actions("src/a.cpp", only=["quickfix"]) if "old-name" in each["title"]]
        changed = self.apply(client, first)
        self.assertEqual(changed["src/a.cpp"].decode(),
                         CALLER.replace("\n", '\n#include "net/router.h"\n', 1).replace("old::", "net::") + "int more(const old::Router &router);\n")
        client.save("src/a.cpp", changed["src/a.cpp"])
        self.assertEqual([(each["code"], each["range"]["start"]["line"]) for each in client.diagnostics["src/a.cpp"]],
                         [("old-include", 0), ("old-name", 3)])

    def test_an_include_is_added(self):
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: one-router, kind: single-class, canonical: net::Router, header: net/router.h, match: {name: 'net::.*'}}\n"
                                 "  - {id: old-name, kind: legacy-name, replace: {'old::Router': 'net::Router'}}\n")
        self.units(a=CALLER, b='#include "net/router.h"\n')
        expected = self.migrated()
        self.assertIn(b'#include "net/router.h"', expected["src/a.cpp"])
        client = self.started()
        self.assertEqual(self.apply(client, self.action(client, "src/a.cpp", "Use net::Router [old-name]")), expected)

    def test_only_the_file_that_was_asked_for(self):
        self.units(a=CALLER, b=CALLER)
        client = self.started()
        action = self.action(client, "src/b.cpp", "Fix everything in this file that ssot can prove")
        self.assertEqual(self.apply(client, action), self.migrated("src/b.cpp"))

    def test_all_of_the_project(self):
        self.units(a=CALLER, b=CALLER.replace("call", "other"))
        client = self.started()
        client.open("src/b.cpp", version=3)
        action = self.action(client, "src/a.cpp", "Fix everything in the project that ssot can prove")
        self.assertEqual(action["kind"], "source.ssot.fixProject")
        edit = client.resolve(action)["edit"]
        self.assertEqual([each["textDocument"]["version"] for each in edit["documentChanges"]], [None, 3])
        self.assertEqual(changed_files(edit, self.root), self.migrated())
        client.change("src/b.cpp", "\n", 4)
        self.assertIn("src/b.cpp has unsaved changes", self.refusal(client, action).message)

    def test_what_moves_together_only_is_refused_alone(self):
        self.write("include/shared.h", '#pragma once\n#include "old/router.h"\nvoid take(const old::Router &router);\n')
        self.units(a='#include "shared.h"\nvoid give() { take(old::Router()); }\n')
        client = self.started()
        refused = self.refusal(client, self.action(client, "src/a.cpp", "Fix everything in this file that ssot can prove"))
        self.assertIn("src/a.cpp: no edit holds: ", refused.message)
        together = self.action(client, "src/a.cpp", "Fix everything in the project that ssot can prove")
        changed = self.apply(client, together)
        self.assertEqual(list(changed), ["include/shared.h", "src/a.cpp"])
        self.assertEqual(changed, self.migrated())

    def test_actions_of_a_line(self):
        self.units(a=CALLER)
        client = self.started()
        titles = [each["title"] for each in client.actions("src/a.cpp", {"line": 0, "character": 12}, only=["quickfix"])]
        self.assertEqual(titles, ["Use net/router.h [old-include]"])
        self.assertEqual(client.actions("src/a.cpp", {"line": 0, "character": 12}, only=["refactor"]), [])
        self.assertEqual(client.actions("src/none.cpp"), [])

    def test_the_version_of_the_buffer_goes_with_the_edit(self):
        self.units(a=CALLER)
        client = self.started()
        client.open("src/a.cpp", version=7)
        action = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        [change] = client.resolve(action)["edit"]["documentChanges"]
        self.assertEqual(change["textDocument"], {"uri": uri(self.root / "src/a.cpp"), "version": 7})

    def test_an_edit_that_is_not_proven_is_refused_with_the_reason(self):
        self.write("include/net/router.h", NEW.replace("int route(int id) const", "int route(int id, int how) const"))
        self.units(a=CALLER)
        client = self.started()
        refused = self.refusal(client, self.action(client, "src/a.cpp", "Use net::Router [old-name]"))
        self.assertEqual(refused.code, -32803)
        self.assertIn("src/a.cpp:2:", refused.message)
        self.assertIn("too few arguments", refused.message)
        refused = self.refusal(client, self.action(client, "src/a.cpp", "Fix everything in this file that ssot can prove"))
        self.assertIn("too few arguments", refused.message)

    def test_an_edit_of_a_file_that_a_broken_unit_reads_is_refused(self):
        self.write("include/shared.h", '#pragma once\n' + CALLER.replace("int call", "inline int call"))
        self.units(a='#include "shared.h"\n', b='#include "shared.h"\nint x = nowhere;\n')
        client = self.started()
        refused = self.refusal(client, self.action(client, "include/shared.h", "Use net::Router [old-name]"))
        self.assertIn("a unit that reads this file does not compile", refused.message)

    def test_a_buffer_that_is_not_saved_is_refused(self):
        self.units(a=CALLER)
        client = self.started()
        client.open("src/a.cpp")
        action = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        client.change("src/a.cpp", "\n" + CALLER, 2)
        self.assertIn("src/a.cpp has unsaved changes", self.refusal(client, action).message)
        client.change("src/a.cpp", CALLER, 3)
        self.assertTrue(client.resolve(action)["edit"])

    def test_a_buffer_without_carriage_returns_and_mark_is_saved(self):
        self.units(a="\ufeff" + CALLER.replace("\n", "\r\n"))
        client = self.started()
        client.open("src/a.cpp", CALLER)
        action = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        self.assertTrue(client.resolve(action)["edit"])

    def test_a_file_that_is_not_utf_8_is_refused(self):
        self.units(a="")
        self.write("src/a.cpp", CALLER.encode() + b"// caf\xe9\n")
        client = self.started()
        self.assertEqual(len(client.diagnostics["src/a.cpp"]), 2)
        refused = self.refusal(client, self.action(client, "src/a.cpp", "Use net::Router [old-name]"))
        self.assertIn("src/a.cpp is not UTF-8", refused.message)

    def test_a_finding_that_is_gone_is_refused(self):
        self.units(a=CALLER)
        client = self.started()
        action = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        self.write("src/a.cpp", "int nothing;\n")
        self.assertIn("not there any more", self.refusal(client, action).message)

    def test_a_request_that_is_cancelled_is_answered_so(self):
        self.units(a=CALLER)
        client = self.started()
        action = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        number = client.request("codeAction/resolve", action)
        client.notify("$/cancelRequest", id=number)
        with self.assertRaises(Refused) as refused:
            client.answer(number)
        self.assertEqual(refused.exception.code, -32800)
        self.assertTrue(client.resolve(action)["edit"], "the server goes on")

    def test_a_client_that_does_not_resolve_gets_a_command(self):
        capabilities = {"workspace": {"workspaceEdit": {}}}
        self.units(a=CALLER)
        client = self.started(capabilities=capabilities)
        action = self.action(client, "src/a.cpp", "Use net::Router [old-name]")
        client.call("workspace/executeCommand", {key: action["command"][key] for key in ("command", "arguments")})
        [edit] = client.applied
        self.assertEqual(changed_files(edit, self.root), self.migrated())


# What a user does, where nobody looks at a screen: open a file, pick an action, save.
NEOVIM = """
vim.cmd("edit src/a.cpp")
local function wait(what, condition)
  if not vim.wait(%d, condition, 10) then print("no " .. what) vim.cmd("cquit") end
end
wait("diagnostics", function() return #vim.diagnostic.get(0) == 2 end)
vim.ui.select = function(items, options, choose)
  for i, item in ipairs(items) do
    if item[2].title == "Use net::Router [old-name]" then return choose(item, i) end
  end
end
vim.api.nvim_win_set_cursor(0, { 2, 21 })
vim.lsp.buf.code_action()
wait("edit", function() return vim.bo.modified end)
vim.cmd("write")
wait("clean file", function() return #vim.diagnostic.get(0) == 0 end)
vim.cmd("quitall!")
""" % (PATIENCE * 1000)


@unittest.skipUnless(shutil.which("nvim"), "Neovim is not installed; Debian has it in the package neovim")
class Neovim(LspTest):
    """The settings of docs/editor.md in a real editor."""

    def test_a_fix_is_picked_and_saved(self):
        version = subprocess.run(["nvim", "--version"], capture_output=True, text=True, check=True).stdout
        major, minor = map(int, re.match(r"NVIM v(\d+)\.(\d+)", version).groups())
        settings = re.findall(r"```lua\n(.*?)```", (ROOT / "docs/editor.md").read_text(), re.DOTALL)
        self.units(a=CALLER)
        self.write("init.lua", settings[0 if (major, minor) >= (0, 8) else 1])
        self.write("try.lua", NEOVIM)
        done = subprocess.run(["nvim", "--headless", "-u", "init.lua", "-c", "luafile try.lua"], cwd=self.root, capture_output=True, text=True,
                              env={**os.environ, "PATH": self.path_with_ssot(), "HOME": str(self.root)})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.text("a"), CALLER.replace("old", "net"))
        self.assertEqual(self.ssot("check").returncode, 0)


if __name__ == "__main__":
    unittest.main()
