#!/usr/bin/env python3
"""`ssot migrate --adapters`: duplicates that stay for outside callers hand their work to the canonical definition, or say why not."""

import json
import unittest

from support import ProjectTest

# As much of the standard library as is needed: the real one takes a second each time.
STD = """\
#pragma once
namespace std {
template <typename T> struct remove_reference { using type = T; };
template <typename T> struct remove_reference<T &> { using type = T; };
template <typename T> constexpr typename remove_reference<T>::type &&move(T &&t) noexcept { return static_cast<typename remove_reference<T>::type &&>(t); }
template <typename T> struct unique_ptr {
  unique_ptr() = default;
  unique_ptr(unique_ptr &&other) : held(other.held) { other.held = nullptr; }
  unique_ptr(const unique_ptr &) = delete;
  T &operator*() const { return *held; }
  T *operator->() const { return held; }
  explicit operator bool() const { return held; }
  T *held = nullptr;
};
template <typename T> struct shared_ptr {
  T *operator->() const { return held; }
  T *held = nullptr;
};
struct string { const char *text; };
}
"""
SERVICE = """\
#pragma once
#include "std.h"
namespace net {
struct Event { int kind; };
struct Sent { int count; bool ok; };
int to_user(const char *name);
class Service {
public:
  Sent broadcast(int user, const Event &event) { return {user + event.kind, true}; }
  int total(int user, int times = 1) { return user * times; }
  void close(std::unique_ptr<int> handle, std::string why);
};
Service &service();
std::unique_ptr<Service> make_service(int tenant);
int hash(const char *text, int seed);
}
"""
SERVICE_CPP = """\
#include "net/service.h"
namespace net {
int to_user(const char *name) { return name[0]; }
void Service::close(std::unique_ptr<int> handle, std::string why) { (void)handle; (void)why; }
Service &service() { static Service only; return only; }
std::unique_ptr<Service> make_service(int tenant) { (void)tenant; return {}; }
int hash(const char *text, int seed) {
  int h = seed;
  while (*text)
    h = h * 31 + *text++;
  return h;
}
}
"""

RULE = """\
ssot: 1
rules:
  - id: one-broadcast
    kind: single-function
    canonical: net::Service::broadcast
    header: net/service.h
    match: {name: "(.*::)?(broadcast|notify)_.*"}
    adapters: {via: [net::to_user], object: ["net::make_service($tenant)", "net::service()"]}
"""


class AdaptersTest(ProjectTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.write("include/std.h", STD)
        self.write("include/net/service.h", SERVICE)
        self.service = self.write("src/service.cpp", SERVICE_CPP)

    def migrated(self, rules, text, *arguments, flags=(), **more):
        """Migrates src/a.cpp, which includes src/a.h when there is one, and gives the report."""
        self.write(".ssot.yaml", rules)
        for name, other in more.items():
            self.write(f"src/{name}.h", other)
        files = [self.service, self.write("src/a.cpp", text)]
        self.database(*files, flags=("-std=c++20", "-Wall", f"-I{self.root}/include", *flags))
        done = self.ssot("migrate", "--format", "json", "--adapters", "--apply", *arguments)
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
        self.result = json.loads(done.stdout)
        self.stderr = done.stderr
        return self.result

    def text(self, name="a.cpp"):
        return (self.root / "src" / name).read_text()

    def left(self):
        """line -> (reason, detail) of the residue of src/a.cpp"""
        return {each["line"]: (each["reason"], each["detail"]) for each in self.result["residue"] if each["file"] == "src/a.cpp"}

    def settled(self):
        """The project checks as it should, and nothing is left to do."""
        report, _ = self.report()
        again = json.loads(self.ssot("migrate", "--format", "json", "--adapters").stdout)
        self.assertEqual(again["edits"], [])
        return report


class Functions(AdaptersTest):
    def test_a_free_function_with_a_declaration_in_a_header(self):
        self.migrated(RULE.replace("net::Service::broadcast", "net::hash").replace("broadcast|notify", "hash"), """\
#include "a.h"

namespace old {

int hash_text(const char *s, int seed) {
    int h = seed;
    for (; *s; ++s) // one by one
        h = h * 31 + *s;
    return h;
}

}
""", a="#pragma once\nnamespace old {\n/// Hashes.\nint hash_text(const char *s, int seed = 3);\n}\n")
        self.assertEqual(self.left(), {})
        self.assertEqual(self.text(), """\
#include "a.h"
#include "net/service.h"

namespace old {

int hash_text(const char *s, int seed) {
    return net::hash(s, seed);
}

}
""")
        self.assertEqual(self.text("a.h"), '#pragma once\nnamespace old {\n/// Hashes.\n[[deprecated("use net::hash")]] int hash_text(const char *s, int seed = 3);\n}\n')
        self.assertTrue(self.result["verified"])
        self.assertEqual(self.result["compliance"]["after"], 100.0)
        report = self.settled()
        self.assertEqual([each["symbol"] for each in report["adapters"]], ["old::hash_text"])

    def test_an_object_from_a_parameter_a_member_and_a_factory_and_a_member_of_the_result(self):
        self.migrated(RULE, """\
#include "net/service.h"
int broadcast_by(net::Service &bus, int user, const net::Event &event) { int sum = user; sum += event.kind; return sum; }
int broadcast_through(net::Service *bus, int user, const net::Event &event) {
  if (!bus)
    return 0;
  int sum = user;
  return sum + event.kind;
}
int broadcast_for(int tenant, int user, const net::Event &event) { return tenant + user + event.kind; }
void broadcast_somehow(const net::Event &event, int user) { (void)event; (void)user; }
net::Sent notify_named(const char *user, const net::Event &event) { return {user[0] + event.kind, true}; }
class Session {
public:
  virtual net::Sent notify_all(int user, const net::Event &event) const
  {
    return {user + event.kind, true};
  }
private:
  std::shared_ptr<net::Service> bus_;
};
""")
        self.assertEqual(self.result["rejected"], [])
        self.assertEqual(self.left(), {})
        self.assertEqual(self.text(), """\
#include "net/service.h"
[[deprecated("use net::Service::broadcast")]] int broadcast_by(net::Service &bus, int user, const net::Event &event) { return bus.broadcast(user, event).count; }
[[deprecated("use net::Service::broadcast")]] int broadcast_through(net::Service *bus, int user, const net::Event &event) {
  if (!bus)
    return 0;
  return bus->broadcast(user, event).count;
}
[[deprecated("use net::Service::broadcast")]] int broadcast_for(int tenant, int user, const net::Event &event) { return net::make_service(tenant)->broadcast(user, event).count; }
[[deprecated("use net::Service::broadcast")]] void broadcast_somehow(const net::Event &event, int user) { net::service().broadcast(user, event); }
[[deprecated("use net::Service::broadcast")]] net::Sent notify_named(const char *user, const net::Event &event) { return net::service().broadcast(net::to_user(user), event); }
class Session {
public:
  [[deprecated("use net::Service::broadcast")]] virtual net::Sent notify_all(int user, const net::Event &event) const
  {
    return bus_->broadcast(user, event);
  }
private:
  std::shared_ptr<net::Service> bus_;
};
""")
        report = self.settled()
        self.assertEqual(report["compliance"]["ssot"], 100.0)
        self.assertEqual(len(report["adapters"]), 6)

    def test_what_cannot_be_copied_is_moved_and_a_default_of_the_canonical_one_is_left_to_it(self):
        self.migrated(RULE.replace("::broadcast", "::(close|total)".replace("(close|total)", "close")).replace("broadcast|notify", "shut"), """\
#include "net/service.h"
class Line {
public:
  void shut_down(std::unique_ptr<int> handle, std::string why) { (void)handle; (void)why; }
  net::Service bus;
};
""")
        self.assertIn("void shut_down(std::unique_ptr<int> handle, std::string why) { bus.close(std::move(handle), why); }", self.text())
        self.migrated(RULE.replace("::broadcast", "::total").replace("broadcast|notify", "sum"), """\
#include "net/service.h"
int sum_of(int user) { return user * user; }
""")
        self.assertIn("int sum_of(int user) { return net::service().total(user); }", self.text())

    def test_what_cannot_be_derived_stays_and_says_why(self):
        rules = RULE.replace(", \"net::service()\"", "").replace("via: [net::to_user], ", "")
        before = """\
#include "net/service.h"
int broadcast_alone(int user, const net::Event &event) { return user + event.kind; }
int broadcast_named(net::Service &bus, const char *user, const net::Event &event) { (void)bus; return user[0] + event.kind; }
int broadcast_both(net::Service &a, net::Service &b, int user, const net::Event &event) { (void)a; (void)b; return user + event.kind; }
int broadcast_more(net::Service &bus, int user, const net::Event &event, int depth) { (void)bus; return user + event.kind + depth; }
int broadcast_less(net::Service &bus, int user) { (void)bus; return user; }
int broadcast_pair(net::Service &bus, int first, int second, const net::Event &event) { (void)bus; return first + second + event.kind; }
long broadcast_long(net::Service &bus, int user, const net::Event &event) { (void)bus; return user + event.kind; }
int broadcast_sure(net::Service &bus, int user, const net::Event &event) noexcept { (void)bus; return user + event.kind; }
int broadcast_either(net::Service &bus, int user, const net::Event &event) {
  (void)bus;
#ifdef OTHER
  return 0;
#else
  return user + event.kind;
#endif
}
#define BODY { (void)bus; return user + event.kind; }
int broadcast_macro(net::Service &bus, int user, const net::Event &event) BODY
static int broadcast_here(net::Service &bus, int user, const net::Event &event) { (void)bus; return user + event.kind; }
int use(net::Service &bus) { return broadcast_here(bus, 1, {2}); }
int broadcast_unnamed(net::Service &bus, int, const net::Event &event) { (void)bus; return event.kind; }
int broadcast_times(net::Service &bus, int user, const net::Event &event) { (void)bus; return user * 17 + event.kind; }
"""
        self.migrated(rules, before)
        self.assertEqual(self.text(), before)
        no_object = "no parameter and no member, or more than one, is a 'net::Service'; say with 'adapters: {object: [...]}' which object to call"
        self.assertEqual(self.left(), {
            2: ("no-adapter", no_object),
            3: ("no-adapter", "parameter 'user' is a 'const char *', the canonical one takes 'int'"),
            4: ("no-adapter", no_object),
            5: ("no-adapter", "parameter 'depth' would be dropped"),
            6: ("no-adapter", "there is nothing to pass for parameter 'event' of the canonical one"),
            7: ("no-adapter", "there is nothing to pass for parameter 'user' of the canonical one"),
            8: ("no-adapter", "it returns 'long', the canonical one 'net::Sent'; say with 'adapters: {result: [...]}' which member of the result "
                              "to give back"),
            9: ("no-adapter", "it is noexcept, and the canonical one may throw"),
            10: ("inactive-branch", "its body has branches of the preprocessor"),
            19: ("macro-body", "a macro makes its body"),
            20: ("no-adapter", "only its own file sees it: move its calls and delete it"),
            22: ("no-adapter", "parameter 2 has no name"),
            23: ("behaviour-differs", "the duplicate has drifted: 'broadcast_times' uses `17`, the canonical one does not"),
        })

    def test_a_constexpr_function_is_rejected_with_the_compilers_words_and_what_stands_in_it_is_migrated(self):
        """The adapter does not hold, so the names in the body are edited as if nobody had asked for one."""
        rules = RULE + "  - {id: old-name, kind: legacy-name, replace: {old::limit: net::limit}}\n"
        self.write("include/net/limit.h", "#pragma once\nnamespace old { constexpr int limit = 1; }\nnamespace net { constexpr int limit = 1; }\n")
        self.migrated(rules, """\
#include "net/limit.h"
#include "net/service.h"
constexpr int broadcast_fixed(net::Service &bus, int user, const net::Event &event) { (void)bus; return user + event.kind + old::limit - old::limit; }
int broadcast_free(net::Service &bus, int user, const net::Event &event) { (void)bus; return user + event.kind + old::limit - old::limit; }
static_assert(broadcast_fixed(*static_cast<net::Service *>(nullptr), 1, {1}) == 2);
""")
        self.assertEqual([(each["line"], each["rule"]) for each in self.result["rejected"]], [(3, "one-broadcast")])
        self.assertIn("constant expression", self.result["rejected"][0]["error"])
        self.assertIn("return user + event.kind + net::limit - net::limit; }\n[[deprecated", self.text())
        self.assertIn("{ return bus.broadcast(user, event).count; }", self.text())

    def test_members_of_the_result_by_configuration(self):
        rules = RULE.replace("object:", "result: [size, first], object:").replace("net::Service::broadcast", "net::all").replace("include/net/service.h", "x.h")
        self.write("include/net/all.h", "#pragma once\nnamespace net {\nstruct All { int first; int second; long size() const { return 2; } };\n"
                                        "inline All all(int user) { return {user, user}; }\n}\n")
        self.migrated(rules.replace("net/service.h", "net/all.h"), """\
#include "net/all.h"
int broadcast_first(int user) { return user; }
long broadcast_size(int user) { return user; }
""")
        self.assertIn("int broadcast_first(int user) { return net::all(user).first; }", self.text())
        self.assertIn("long broadcast_size(int user) { return net::all(user).size(); }", self.text())

    def test_callers_where_deprecation_is_an_error_hold_the_adapter_up(self):
        before = """\
#include "net/service.h"
int broadcast_by(net::Service &bus, int user, const net::Event &event) { (void)bus; return user + event.kind; }
int caller(net::Service &bus) { return broadcast_by(bus, 1, {2}); }
"""
        self.migrated(RULE, before, flags=("-Werror",))
        self.assertEqual(self.text(), before)
        self.assertIn("is deprecated: use net::Service::broadcast [-Wdeprecated-declarations, of which the unit had none]", self.result["rejected"][0]["error"])
        for flags in ((), ("-Werror", "-Wno-error=deprecated-declarations")):
            self.migrated(RULE, before, flags=flags)
            self.assertIn("return bus.broadcast(user, event).count;", self.text())

    def test_no_new_warning_of_a_class_that_was_clean(self):
        before = """\
#include "net/service.h"
static int helper(int user) { return user; }
int broadcast_by(net::Service &bus, int user, const net::Event &event) { (void)bus; return helper(user) + event.kind; }
"""
        self.migrated(RULE, before)
        self.assertEqual(self.text(), before)
        self.assertEqual([each["error"] for each in self.result["rejected"]],
                         ["src/a.cpp:2:12: unused function 'helper' [-Wunused-function, of which the unit had none]"])
        self.migrated(RULE, before + "static void unused() {}\n")
        self.assertIn("return bus.broadcast(user, event).count;", self.text())

    def test_without_the_option_nothing_changes(self):
        self.write(".ssot.yaml", RULE)
        self.database(self.service, self.write("src/a.cpp", """\
#include "net/service.h"
int broadcast_by(net::Service &bus, int user, const net::Event &event) { (void)bus; return user + event.kind; }
"""), flags=("-std=c++20", f"-I{self.root}/include"))
        report = json.loads(self.ssot("migrate", "--format", "json").stdout)
        self.assertEqual(report["edits"], [])
        self.assertEqual([each["reason"] for each in report["residue"]], ["no-rewrite"])


ROUTER = """\
#pragma once
namespace net {
struct Result { int delivered; long bytes; };
class Router {
public:
  bool add(int user) { return users_ += user; }
  Result send(int user, const char *text) { return {users_ + user + text[0], 1}; }
  int users() const { return users_; }

private:
  int users_ = 0;
};
Router &router();
}
"""
ROUTER_RULE = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    canonical: net::Router
    header: net/router.h
    match: {name: "old::.*"}
    adapters: {object: ["net::router()"]}
"""


class Classes(AdaptersTest):
    def setUp(self):
        super().setUp()
        self.write("include/net/router.h", ROUTER)
        self.service = self.write("src/router.cpp", '#include "net/router.h"\nnamespace net { Router &router() { static Router only; return only; } }\n')

    def test_the_methods_that_the_canonical_class_has_hand_on_and_the_rest_stays(self):
        self.migrated(ROUTER_RULE, """\
#include "a.h"

namespace old {

int SessionRouter::send(int user, const char *text) {
  int sum = users_ + user;
  return sum + text[0];
}

} // namespace old
""", a="""\
#pragma once
#include "net/router.h"
namespace old {
class SessionRouter {
public:
  explicit SessionRouter(net::Router &next) : next_(next) {}
  bool add(int user) { return users_ += user; }
  int send(int user, const char *text);
  int users() const { return users_; }
  bool operator==(const SessionRouter &other) const { return &other == this; }

private:
  net::Router &next_;
  int users_ = 0;
};
}
""")
        self.assertEqual(self.result["rejected"], [])
        self.assertEqual(self.text(), """\
#include "a.h"
#include "net/router.h"

namespace old {

int SessionRouter::send(int user, const char *text) {
  return next_.send(user, text).delivered;
}

} // namespace old
""")
        self.assertEqual(self.text("a.h"), """\
#pragma once
#include "net/router.h"
namespace old {
class [[deprecated("use net::Router")]] SessionRouter {
public:
  explicit SessionRouter(net::Router &next) : next_(next) {}
  bool add(int user) { return next_.add(user); }
  int send(int user, const char *text);
  int users() const { return next_.users(); }
  bool operator==(const SessionRouter &other) const { return &other == this; }

private:
  net::Router &next_;
  int users_ = 0;
};
}
""")
        report = self.settled()
        self.assertEqual([each["symbol"] for each in report["adapters"]], ["old::SessionRouter"])

    def test_an_object_from_a_function(self):
        self.migrated(ROUTER_RULE.replace("ssot: 1", "ssot: 1").replace("header:", "sunset: 2027-03-01\n    header:"), """\
#include "net/router.h"
namespace old {
struct Router { int users() { return users_; } int users_ = 0; };
}
""")
        self.assertEqual((self.left(), self.result["rejected"]), ({}, []))
        self.assertIn('struct [[deprecated("use net::Router; to be gone by 2027-03-01")]] Router { int users() { return net::router().users(); }', self.text())

    def test_one_method_that_cannot_hand_on_leaves_the_whole_class(self):
        before = """\
#include "net/router.h"
namespace old {
class First {
public:
  bool add(int user) { return users_ += user; }
  int send(int user, const char *text, int depth) { return users_ + user + text[0] + depth; }
private:
  int users_ = 0;
};
class Second {
public:
  bool add(int user) { return users_ += user * 17; }
  int users_ = 0;
};
class Third {
public:
  int size() { return 2; }
};
}
"""
        self.migrated(ROUTER_RULE, before)
        self.assertEqual(self.text(), before)
        self.assertEqual(self.left(), {
            3: ("no-adapter", "'send': parameter 'depth' would be dropped"),
            10: ("behaviour-differs", "the duplicate has drifted: 'add' uses `17`, the canonical one does not"),
            15: ("no-adapter", "it has no method that 'net::Router' has too"),
        })


if __name__ == "__main__":
    unittest.main()
