"""Each rule finds a planted fault, and says nothing about its sound twin."""

import unittest

import rules
import source

HEADER = "// What it is.\n#pragma once\n"


def faults(rule, tree):
    return [(path, line) for path, line, _ in rule(tree)]


def body(lines):
    return "int f(int x) {\n" + "  x += 1;\n" * (lines - 3) + "  return x;\n}\n"


# rule, files with one fault, where the fault is, the same files in order (only what differs)
PLANTED = [
    (rules.arrows, {"base/a.hpp": '#include "storage/b.hpp"\n'}, ("base/a.hpp", 1), {"base/a.hpp": '#include "base/b.hpp"\n'}),
    (rules.arrows, {"inspector/a.cpp": '#include "actors/order/rules.hpp"\n'}, ("inspector/a.cpp", 1),
     {"inspector/a.cpp": '#include "actors/order/types.hpp"\n'}),
    (rules.arrows, {"tests/base/a.cpp": '#include "cluster/b.hpp"\n'}, ("tests/base/a.cpp", 1),
     {"tests/base/a.cpp": '#include "tests/base/b.hpp"\n'}),
    (rules.resolved, {"base/a.cpp": '#include "base/b.hpp"\n'}, ("base/a.cpp", 1), {"base/b.hpp": HEADER}),
    (rules.mutual, {"actors/x/a.hpp": '#include "actors/y/b.hpp"\n', "actors/y/b.hpp": '\n#include "actors/x/c.hpp"\n'},
     ("actors/x/a.hpp", 1), {"actors/y/b.hpp": "\n"}),
    (rules.services, {"actors/order/a.cpp": '#include "actors/user/api.hpp"\n', "actors/user/types.hpp": "", "actors/order/types.hpp": ""},
     ("actors/order/a.cpp", 1), {"actors/order/a.cpp": '#include "actors/user/types.hpp"\n'}),
    (rules.services, {"actors/user/a.cpp": '#include "actors/order/types.hpp"\n', "actors/user/types.hpp": "", "actors/order/types.hpp": ""},
     ("actors/user/a.cpp", 1), {"actors/user/a.cpp": '#include "actors/runtime/saga.hpp"\n'}),
    (rules.services, {"actors/runtime/a.cpp": '#include "actors/user/types.hpp"\n', "actors/user/types.hpp": ""},
     ("actors/runtime/a.cpp", 1), {"actors/runtime/a.cpp": ""}),
    (rules.service_parts, {"actors/user/types.hpp": '#include "actors/runtime/route.hpp"\n'}, ("actors/user/types.hpp", 1),
     {"actors/user/types.hpp": '#include "base/id.hpp"\n'}),
    (rules.pure_rules, {"actors/user/rules.cpp": "#include <chrono>\n"}, ("actors/user/rules.cpp", 1),
     {"actors/user/rules.cpp": "#include <string>\n"}),
    (rules.pure_rules, {"actors/user/rules.hpp": "#include <caf/all.hpp>\n"}, ("actors/user/rules.hpp", 1),
     {"actors/user/rules.hpp": '#include "base/id.hpp"\n'}),
    (rules.pure_rules, {"actors/user/rules.cpp": '#include "base/clock.hpp"\n'}, ("actors/user/rules.cpp", 1),
     {"actors/user/rules.cpp": '#include "base/time.hpp"\n'}),
    (rules.pure_rules, {"actors/user/rules.cpp": '#include "actors/user/b.hpp"\n', "actors/user/b.hpp": "#include <caf/all.hpp>\n"},
     ("actors/user/rules.cpp", 1), {"actors/user/b.hpp": ""}),
    (rules.libraries, {"storage/a.cpp": "#include <caf/all.hpp>\n"}, ("storage/a.cpp", 1), {"storage/a.cpp": "#include <rocksdb/db.h>\n"}),
    (rules.ownership, {"storage/a.hpp": "std::shared_ptr<int> a;\n"}, ("storage/a.hpp", 1), {"storage/a.hpp": "std::unique_ptr<int> a;\n"}),
    (rules.file_length, {"base/a.cpp": "int x;\n" * 401}, ("base/a.cpp", 401), {"base/a.cpp": "int x;\n" * 400}),
    (rules.function_length, {"base/a.cpp": "namespace stoa {\n" + body(71) + "}\n"}, ("base/a.cpp", 2),
     {"base/a.cpp": "namespace stoa {\n" + body(70) + body(70) + "}\n"}),
    (rules.function_length, {"base/a.hpp": "struct A : B {\n" + body(71) + "};\n"}, ("base/a.hpp", 2),
     {"base/a.hpp": "struct A {\n" + "  int x;\n" * 100 + "};\n"}),
    (rules.function_length, {"a.py": "def f():\n" + "    pass\n" * 70}, ("a.py", 1), {"a.py": "def f():\n" + "    pass\n" * 69}),
    (rules.names, {"base/string_utils.hpp": HEADER}, ("base/string_utils.hpp", 1), {}),
    (rules.headers, {"base/a.hpp": "#pragma once\n"}, ("base/a.hpp", 1), {"base/a.hpp": HEADER}),
    (rules.headers, {"base/a.hpp": "// What it is.\n#include <map>\n"}, ("base/a.hpp", 1), {"base/a.hpp": HEADER + "#include <map>\n"}),
    (rules.mirrored, {"tests/base/a_test.cpp": "", "base/b.hpp": HEADER}, ("tests/base/a_test.cpp", 1), {"base/a.hpp": HEADER}),
    (rules.mirrored, {"tests/base/whole_test.cpp": ""}, ("tests/base/whole_test.cpp", 1),
     {"tests/base/whole_test.cpp": "// Scenario: all of it.\n"}),
    (rules.waiting, {"tests/base/a_test.cpp": "std::this_thread::sleep_for(1s);\n"}, ("tests/base/a_test.cpp", 1),
     {"tests/base/a_test.cpp": "condition.wait(lock);\n"}),
    (rules.left_open, {"base/a.cpp": "// TODO: later\n"}, ("base/a.cpp", 1), {"base/a.cpp": "// Why.\n"}),
    (rules.speaks_of_itself, {"README.md": "Built in session 3.\n"}, ("README.md", 1), {"README.md": "A session of a user.\n"}),
    (rules.pages, {"base/a.cpp": "// see docs/lost.md\n"}, ("base/a.cpp", 1), {"docs/lost.md": "# Found\n"}),
]


class PlantedFaults(unittest.TestCase):
    def test_each_fault_is_found_and_its_sound_twin_is_not(self):
        for rule, faulty, where, repair in PLANTED:
            with self.subTest(rule=rule.__name__, where=where):
                self.assertIn(where, faults(rule, faulty))
                sound = {**faulty, **repair} if repair else {}
                self.assertEqual([], faults(rule, sound))

    def test_every_rule_is_planted(self):
        self.assertEqual(set(rules.ALL), {planted[0] for planted in PLANTED})


class Functions(unittest.TestCase):
    def test_strings_comments_and_digit_separators_do_not_confuse_the_braces(self):
        text = 'void f() {\n  auto a = "{";  // {\n  auto n = 1\'000\'000;\n  char c = \'{\';\n  auto r = R"({)";\n}\n' + body(9)
        self.assertEqual([(1, 6), (7, 9)], list(source.functions(text)))

    def test_a_lambda_is_part_of_its_function(self):
        text = "void f() {\n  g([] {\n    h();\n  });\n}\n"
        self.assertEqual([(1, 5)], list(source.functions(text)))

    def test_a_constructor_with_initialisers_is_a_function(self):
        text = "struct A {\n  A() : x_{1} {\n    g();\n  }\n  int x_;\n};\n"
        self.assertIn((2, 3), list(source.functions(text)))


if __name__ == "__main__":
    unittest.main()
