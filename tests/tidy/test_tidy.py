"""tidy must find what it is there to find: each rule is fed a breach, and a tree without one."""

import pathlib
import tempfile
import unittest

import cpp
import tidy

LADDER = "kale_add_rooms(\n  core\n  text io  # low\n  fuse clean\n  run\n)\n"
GOOD = {
    "CMakeLists.txt": LADDER,
    "kale/core/CMakeLists.txt": "kale_room(core)\n",
    "kale/core/README.md": "core\n",
    "kale/core/row.h": "// Rows.\n#pragma once\n",
    "kale/io/CMakeLists.txt": "kale_room(io DEPENDS core LINK PkgConfig::XXHASH)\n",
    "kale/io/README.md": "io\n",
    "kale/io/door.cc": '#include <xxhash.h>\n#include "kale/core/row.h"\n'
                       "void f() { try { g(); } catch (const E&) { h(); } }\n",
    "kale/fuse/CMakeLists.txt":
        "kale_room(fuse\n  DEPENDS io  # core by way of io\n  TEXTS a.txt)\n",
    "kale/fuse/README.md": "fuse\n",
    "kale/fuse/fuse.h": "// Fuses.\n#pragma once\n",
    "kale/fuse/fuse.cc": '#include "kale/core/row.h"\n#include "kale/fuse/texts.h"\n'
                         'const char* text = "throw catch { is text";\n'
                         "Task<int> f() {\n  auto x = co_await g();  // throw\n"
                         "  if (x) {\n    co_await h(x);\n  }\n  co_return x;\n}\n",
    "kale/fuse/fuse_test.cc": 'TEST(Fuse, Throws) { throw 1; }  // in /tmp/\n',
}


def rules(changes):
    """The rules that a good tree breaks once `changes` were made to it."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {**GOOD, **changes}.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                file.write_text(text, encoding="utf-8")
        return sorted({problem.rule for problem in tidy.problems_of(folder)[0]})


class Rules(unittest.TestCase):
    def test_good_tree_has_no_problem(self):
        self.assertEqual(rules({}), [])

    def test_ladder(self):
        clean = {"kale/clean/README.md": "clean\n"}
        peer = {"kale/clean/CMakeLists.txt": "kale_room(clean DEPENDS core fuse)\n"}
        self.assertEqual(rules(clean | peer), ["ladder"])
        upward = {"kale/io/CMakeLists.txt": "kale_room(io DEPENDS core run)\n"}
        self.assertEqual(rules(upward), ["ladder"])
        run = {"kale/run/CMakeLists.txt": "kale_room(run DEPENDS core fuse)\n",
               "kale/run/README.md": "run\n"}
        self.assertEqual(rules(run), ["ladder"])
        unlisted = {"kale/odd/CMakeLists.txt": "kale_room(odd)\n", "kale/odd/README.md": "odd\n"}
        self.assertEqual(rules(unlisted), ["ladder"])

    def test_types_have_names_of_their_own(self):
        row = {"kale/core/row.h": "// Rows.\n#pragma once\nnamespace kale {\nstruct Row {\n};\n"
                                  "}  // namespace kale\n"}

        def beside(text):
            return rules(row | {"kale/io/row.cc": text})
        self.assertEqual(beside("namespace kale {\nclass Row final : public X {\n};\n"
                                "}  // namespace kale\n"), ["type"])
        for fine in ("namespace kale {\nnamespace {\nstruct Row {\n};\n}  // namespace\n"
                     "}  // namespace kale\n",
                     "namespace kale::io {\nstruct Row {\n};\n}  // namespace kale::io\n",
                     "namespace kale {\nstruct Row;\nstruct Row::Inner {\n};\n"
                     "}  // namespace kale\n"):
            self.assertEqual(beside(fine), [])

    def test_includes(self):
        self.assertEqual(rules({"kale/io/bad.cc": '#include "kale/fuse/fuse.h"\n'}), ["include"])
        test = {"kale/io/bad_test.cc": '#include "kale/fuse/fuse.h"\n'}
        self.assertEqual(rules(test), ["include"])
        allowed = {"kale/io/CMakeLists.txt": "kale_room(io DEPENDS core TEST_DEPENDS fuse)\n"}
        self.assertEqual(rules(test | allowed), [])

    def test_fences(self):
        header = "// A.\n#pragma once\n#include <arrow/api.h>\n"
        self.assertEqual(rules({"kale/core/bad.h": header}), ["fence"])
        self.assertEqual(rules({"kale/fuse/bad.cc": "#  include <torch/torch.h>\n"}), ["fence"])

    def test_sizes(self):
        self.assertEqual(rules({"kale/io/long.cc": "\n" * 401}), ["file size"])
        self.assertEqual(rules({"kale/io/wide.cc": "//" + "x" * 99 + "\n"}), ["line size"])
        body = "void f() {\n" + "  g();\n" * 69
        self.assertEqual(rules({"kale/io/f.cc": body + "}\n"}), ["function size"])
        self.assertEqual(rules({"kale/io/f.cc": "namespace a {\n" + "void f() { g(); }\n" * 90
                                                + "}\n"}), [])

    def test_exceptions(self):
        self.assertEqual(rules({"kale/io/bad.cc": "void f() { throw 1; }\n"}), ["throw"])
        self.assertEqual(rules({"kale/core/bad.cc": "void f() { try { } catch (...) { } }\n"}),
                         ["catch"])

    def test_awaits(self):
        for statement in ("co_return co_await g();", "if (co_await g()) h();",
                          "auto x = f(co_await g());", "KALE_CO_TRY(auto x, co_await g());",
                          "auto x = co_await g([&] { return 1; });",
                          "auto x = *co_await g();", "auto x = co_await g(Decoding{});",
                          "auto x = co_await g(a, {1});", "auto x = co_await g(co_await h());"):
            code = f"Task<int> f() {{\n  {statement}\n}}\n"
            self.assertEqual(rules({"kale/io/bad.cc": code}), ["co_await"], statement)
        for statement in ("co_await g();", "Result<Reply> x = co_await ctx.ask(a[1], b);",
                          "row->x = co_await g();", "while (wait(1)) co_await Hop{executor};",
                          "const auto& x = co_await g();", "for (;;) { x = co_await g(); }"):
            code = f"Task<int> f() {{\n  {statement}\n}}\n"
            self.assertEqual(rules({"kale/io/fine.cc": code}), [], statement)

    def test_words(self):
        for word in ("TO" + "DO", "FIX" + "ME", "/work" + "/main", "/root" + "/x", "/tmp" + "/x"):
            self.assertEqual(rules({"docs/a.md": f"see {word} there\n"}), ["word"], word)

    def test_room_files(self):
        self.assertEqual(rules({"kale/io/bad.h": "#pragma once\n"}), ["header"])
        self.assertEqual(rules({"kale/io/bad.h": "// Only a comment.\n"}), ["header"])
        self.assertEqual(rules({"kale/run/CMakeLists.txt": "kale_room(run DEPENDS core)\n"}),
                         ["readme"])


class Cpp(unittest.TestCase):
    def test_stripped_keeps_lines(self):
        code = 'a; // x {\nR"KALE(\n{ " )KALE";\n\'{\'; 1\'000; /* {\n*/ b;'
        self.assertEqual(cpp.stripped(code).count("\n"), code.count("\n"))
        self.assertNotIn("{", cpp.stripped(code))
        self.assertIn("1'000", cpp.stripped(code))

    def test_functions_are_found(self):
        code = ("namespace a {\nstruct S {\n  int x = 1;\n  S(int y) : x(y) {\n  }\n"
                "  int get() const override { return x; }\n};\n"
                "TEST(A, B) {\n  if (x) {\n  }\n"
                "  auto f = [&](int i) {\n    return i;\n  };\n}\n}\n")
        self.assertEqual(list(cpp.functions(code)), [(4, 5), (6, 6), (8, 14)])


if __name__ == "__main__":
    unittest.main()
