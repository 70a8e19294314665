"""A small program with second routers and old names, for tests of what stays the same site when code moves."""

from support import ONE_ROUTER

RULES = ONE_ROUTER + """\
  - id: new-names
    kind: legacy-name
    replace: {"app::Old": "app::New"}
"""

CANONICAL = "#pragma once\nnamespace app { class Router { public: int route(int id); }; struct Old {}; struct New {}; }\n"


def duplicate(name):
    return f"class {name}Router {{\n  int n;\npublic:\n  int route(int id) {{ n = id; return n; }}\n}};\n"


def use(name):
    return f"int {name}(int x) {{\n  app::Old old;\n  (void)old;\n  return x;\n}}\n"
