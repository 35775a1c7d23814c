"""The kale program on input that means harm. Usage: test_hostile.py PATH_TO_KALE

Whatever the input, a run ends in time and within its memory, every row comes out once, with a
reason, and nothing outside the output folder is touched."""
import hashlib
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

import pyarrow.parquet as pq

import expected
import make_hostile

KALE = os.path.abspath(sys.argv.pop(1))
RUN_SECONDS_MAX = 240
RUN_MIB_MAX = 400  # peak of the process; the recipe gives pictures 64

RECIPE = """
name: hostile
source: {source}
engines:
  llm: {{kind: fake, script: {script}}}
  eyes: {{kind: fake, stands_for: classifier}}
  ocr: {{kind: fake, stands_for: ocr}}
steps: [decode, see, read, describe, fuse, clean]
run: {{shard_rows: 50, rows_in_flight: 8, cores: 2, memory_mb: 64}}
"""


def snapshot(folder):
    """What a folder holds, without following links: names, kinds, sizes, times, bytes."""
    seen = {}
    for where, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            path = os.path.join(where, name)
            info = os.lstat(path)
            content = b""
            if stat.S_ISLNK(info.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).digest()
            seen[path] = (info.st_mode, info.st_size, info.st_mtime_ns, content)
    return seen


def rows_of(out):
    """Every row of parts and rejects: path -> (fate, reason), and the whole rows."""
    fates, rows = {}, []
    for file in sorted(out.glob("parts/*.parquet")) + sorted(out.glob("rejects/*.parquet")):
        table = pq.read_table(file)
        table.validate(full=True)  # texts are UTF-8
        for row in table.to_pylist():
            fate = row.get("fate", "kept")
            fates[row["path"]] = (fate, row.get("reason"))
            rows.append(row | {"fate": fate})
    return fates, rows


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="kale_hostile_"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        cls.input = cls.root / "input"
        make_hostile.make(cls.input)
        cls.kinds = set(re.findall(r"(?m)^## source: \{kind: (\w+)\}$",
                                   subprocess.run([KALE, "options"], capture_output=True, text=True,
                                                  check=True).stdout))

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="run_", dir=self.root))
        self.out = self.work / "out"
        self.before = snapshot(self.input)

    def tearDown(self):
        after = snapshot(self.input)
        self.assertEqual(set(self.before) ^ set(after), set(), "something came or went")
        self.assertEqual([path for path in after if after[path] != self.before[path]], [])
        self.assertFalse(os.path.exists("/tmp/kale_hostile"))

    def run_kale(self, recipe, expect):
        """Runs to its end within limits, and returns what it said."""
        before = sorted(os.listdir(self.root))
        with open(self.work / "said", "w+", encoding="utf-8", errors="replace") as said:
            process = subprocess.Popen([KALE, "run", str(recipe), "--out", str(self.out)],
                                       cwd=self.work, stdin=subprocess.DEVNULL, stdout=said,
                                       stderr=said)
            code, usage = self.wait(process)
            said.seek(0)
            text = said.read()
        self.assertIn(code, expect, text)
        # At least what this test itself holds, which the child had before it became kale.
        self.assertLess(usage.ru_maxrss / 1024, RUN_MIB_MAX, text)
        self.assertEqual(sorted(os.listdir(self.root)), before)
        self.assertLessEqual(set(os.listdir(self.work)), {"out", "said", "recipe.yaml",
                                                          "script.yaml"})
        return text

    def wait(self, process):
        timer = threading.Timer(RUN_SECONDS_MAX, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertNotEqual(process.returncode, -signal.SIGKILL, f"over {RUN_SECONDS_MAX} s")
        return process.returncode, usage

    def run_source(self, source, script="[]\n", expect=(0,)):
        (self.work / "script.yaml").write_text(script)
        recipe = self.work / "recipe.yaml"
        recipe.write_text(RECIPE.format(source=source, script=self.work / "script.yaml"))
        return self.run_kale(recipe, expect)

    def rows_with_fates(self):
        """Every row once, kept with a caption or rejected with a reason."""
        fates, rows = rows_of(self.out)
        self.assertEqual(len(rows), len({row["key"] for row in rows}), "a row came out twice")
        for row in rows:
            if row["fate"] == "kept":
                self.assertTrue(row["caption"], row["path"])
            else:
                self.assertIn(row["fate"], ("dropped", "failed"))
                self.assertTrue(row["reason"] and row["detail"], row["path"])
        said = subprocess.run([KALE, "status", str(self.out)], capture_output=True, text=True,
                              check=True).stdout
        self.assertIn(f"{len(rows)} of {len(rows)} rows", said)
        return fates, rows


class Pictures(Hostile):
    def source(self):
        return (f"{{kind: folder, path: {self.input / 'pictures'}, "
                "extensions: [png, jpg, jpeg, svg, webp, gif, tiff, bmp]}")

    def test_every_picture_has_the_fate_it_should(self):
        tokens = "".join(f"- match: '{token}'\n  fail: kBug\n"
                         for token in make_hostile.CONTROL_TOKENS)
        speaks = f"- match: '{make_hostile.RIGHT_TO_LEFT.split()[0]}'\n  reply: "
        speaks += f"'{make_hostile.RIGHT_TO_LEFT}'\n"
        self.run_source(self.source(), script=tokens + speaks)
        fates, rows = self.rows_with_fates()
        self.assertGreaterEqual(len(rows), 60)
        wrong = {path: fate for path, fate in fates.items()
                 if not expected.is_right(path, *fate)}
        self.assertEqual(wrong, {})
        met = {expected.entry_of(path) for path in fates}
        self.assertEqual(set(expected.FATES) - met, set(), "rows that never came out")
        for row in rows:
            self.assertFalse(row["path"].startswith(expected.NEVER_LISTED), row["path"])
            self.assertNotIn("secret", str(row), "something outside was read")
            for token in make_hostile.CONTROL_TOKENS:
                self.assertNotIn(token, row.get("caption") or "", row["path"])
        hebrew = next(row for row in rows if row["path"] == "alt_right_to_left.png")
        self.assertEqual(hebrew["alt_text"], make_hostile.RIGHT_TO_LEFT)

    # The other half of the proof that control tokens reach no engine: what does reach it is seen.
    def test_words_of_the_alt_text_do_reach_the_engine(self):
        source = self.source()[:-1] + ", include: [png_whole.png]}"
        said = self.run_source(source, script="- match: Patagonia\n  fail: kBug\n", expect=(70,))
        self.assertIn("Patagonia", said)


class Tars(Hostile):
    def test_every_tar(self):
        if "webdataset" not in self.kinds:
            self.skipTest("this kale has no source of kind 'webdataset' yet")
        self.run_source(f"{{kind: webdataset, path: {self.input / 'tars'}}}")
        self.rows_with_fates()


class Tables(Hostile):
    def test_every_table(self):
        if "table" not in self.kinds:
            self.skipTest("this kale has no source of kind 'table' yet")
        for kind in ("parquet", "jsonl", "csv"):
            for file in sorted((self.input / "tables" / kind).iterdir()):
                with self.subTest(file.name):
                    self.out = self.work / "out"
                    shutil.rmtree(self.out, ignore_errors=True)
                    said = self.run_source(f"{{kind: table, path: {file}}}", expect=(0, 66, 74))
                    if (self.out / "core").exists():
                        self.rows_with_fates()
                    else:
                        self.assertIn(file.name, said)


class Recipes(Hostile):
    def test_every_recipe_is_refused_with_its_place(self):
        recipes = sorted((self.input / "recipes").iterdir())
        self.assertEqual({recipe.name for recipe in recipes}, set(expected.RECIPES))
        for recipe in recipes:
            with self.subTest(recipe.name):
                said = self.run_kale(recipe, expect=(64,))
                self.assertIn(expected.RECIPES[recipe.name], said)
                self.assertLess(len(said), 2000)
                self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
