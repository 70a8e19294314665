"""A project whose units are to move from one router to another: what the tests of migrations share."""

import json
import stat

from support import ProjectTest

RULES = """\
ssot: 1
rules:
  - id: old-include
    kind: legacy-include
    replace: {old/router.h: net/router.h}
  - id: old-name
    kind: legacy-name
    replace: {old::Router: net::Router, old::send: net::send}
"""

OLD = """\
#pragma once
namespace old {
class Router { public: int route(int id) const { return id; } };
inline int send(int id) { return id; }
struct Extra {};
}
"""
NEW = """\
#pragma once
namespace net {
class Router { public: int route(int id) const { return id + 1; } };
inline int send(int id) { return id + 1; }
}
"""


def tree(root):
    """Every file that is not the tool's own, with its bytes and mode."""
    return {str(path.relative_to(root)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
            for path in sorted(root.rglob("*")) if path.is_file() and path.relative_to(root).parts[0] != ".ssot"}


class MigrateTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("include/old/router.h", OLD)
        self.write("include/net/router.h", NEW)

    def apis(self, rules, old, new):
        """The rules, and the two headers that they speak of."""
        self.write(".ssot.yaml", rules)
        self.write("include/old/api.h", old)
        self.write("include/net/api.h", new)

    def units(self, **texts):
        files = [self.write(f"src/{name}.cpp", text) for name, text in texts.items()]
        self.database(*files, flags=("-std=c++20", f"-I{self.root}/include"))

    def migrate(self, *arguments):
        done = self.ssot("migrate", "--format", "json", *arguments)
        return (json.loads(done.stdout) if done.stdout else None), done

    def text(self, name):
        return (self.root / "src" / f"{name}.cpp").read_bytes().decode()

    def tree(self):
        return tree(self.root)
