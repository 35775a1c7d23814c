"""The kale program on input that means harm. Usage: test_hostile.py PATH_TO_KALE

Whatever the input, a run ends in time and within its memory, every row comes out once, with a
reason, and nothing outside the output folder is touched."""
import hashlib
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

import pyarrow.parquet as pq

import containers
import expected
import make_hostile

KALE = os.path.abspath(sys.argv.pop(1))
RUN_SECONDS_MAX = 240
RUN_MIB_MAX = 256  # peak of the process; the recipe gives pictures 64
# Runs what it is given and writes the peak of its memory in KiB: a process of its own, since a
# child begins with the peak of the one it comes from, and this test grows.
MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as peak:
    peak.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
"""

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


def names_in(folder, but):
    """Every name below `folder`, but for what `but` holds."""
    return {os.path.join(where, name) for where, folders, files in os.walk(folder)
            for name in folders + files if not pathlib.Path(where, name).is_relative_to(but)}


def fate_of(row):
    return expected.KEPT if row["fate"] == "kept" else row["reason"]


def rows_of(out):
    """Every row of parts and rejects, in the order of the input."""
    rows = []
    for file in sorted(out.glob("parts/*.parquet")) + sorted(out.glob("rejects/*.parquet")):
        table = pq.read_table(file)
        table.validate(full=True)  # texts are UTF-8
        shard = file.name.split("-")[1]
        rows += [{"fate": "kept", "shard": shard} | row for row in table.to_pylist()]
    return sorted(rows, key=lambda row: (row["shard"], row["ordinal"]))


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        top = pathlib.Path(tempfile.mkdtemp(prefix="kale_hostile_"))
        cls.addClassCleanup(shutil.rmtree, top, ignore_errors=True)
        cls.top = top
        cls.root = top / "deep" / "deeper"  # ../../.. from where kale runs is ours, too
        cls.input = cls.root / "input"
        cls.input.mkdir(parents=True)
        make_hostile.make(cls.input)

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="run_", dir=self.root))
        self.out = self.work / "out"
        self.before = snapshot(self.input)

    def tearDown(self):
        after = snapshot(self.input)
        self.assertEqual(set(self.before) ^ set(after), set(), "something came or went")
        self.assertEqual([path for path in after if after[path] != self.before[path]], [])
        self.assertFalse(os.path.exists(f"/tmp/{containers.EXTRACTED}"))

    def run_kale(self, recipe, expect):
        """Runs to its end within limits, and returns what it said."""
        peak = self.work / "peak"
        peak.touch()
        with open(self.work / "said", "w+", encoding="utf-8", errors="replace") as said:
            before = names_in(self.top, but=self.out)
            process = subprocess.Popen(
                [sys.executable, "-c", MEASURE, str(peak), KALE, "run", str(recipe), "--out",
                 str(self.out)], cwd=self.work, stdin=subprocess.DEVNULL, stdout=said,
                stderr=said, start_new_session=True)
            code = self.wait(process)
            said.seek(0)
            text = said.read()
        self.assertEqual(code, expect, text)
        self.assertLess(int(peak.read_text()) / 1024, RUN_MIB_MAX, text)
        self.assertEqual(names_in(self.top, but=self.out), before)
        self.assertNotRegex(text, r"\*\*|GLib", "a library speaks for itself")
        return text

    def wait(self, process):
        try:
            return process.wait(RUN_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return self.fail(f"over {RUN_SECONDS_MAX} s")

    def run_source(self, source, script="[]\n", expect=0):
        shutil.rmtree(self.out, ignore_errors=True)
        (self.work / "script.yaml").write_text(script)
        recipe = self.work / "recipe.yaml"
        recipe.write_text(RECIPE.format(source=source, script=self.work / "script.yaml"))
        return self.run_kale(recipe, expect)

    def rows_with_fates(self):
        """Every row once, kept with a caption or rejected with a reason."""
        rows = rows_of(self.out)
        places = {(row["shard"], row["ordinal"]) for row in rows}
        self.assertEqual(len(rows), len(places), "a row came out twice")
        for row in rows:
            if row["fate"] == "kept":
                self.assertTrue(row["caption"], row["path"])
            else:
                self.assertIn(row["fate"], ("dropped", "failed"))
                self.assertTrue(row["reason"] and row["detail"], row["path"])
        said = subprocess.run([KALE, "status", str(self.out)], capture_output=True, text=True,
                              check=True).stdout
        self.assertIn(f"{len(rows)} of {len(rows)} rows", said)
        return rows

    def run_file(self, kind, file, wanted):
        """A file alone: its rows, or where it holds none, the word that there are none."""
        said = self.run_source(f"{{kind: {kind}, path: {file}}}", expect=0 if wanted else 66)
        if not wanted:
            self.assertIn("the source holds no rows; look at 'source' in", said)
            return []
        rows = self.rows_with_fates()
        for row in rows:
            if row["fate"] == "failed":
                # Either names the file, or they name the picture that it led to.
                self.assertTrue(file.name in row["path"] + row["detail"]
                                or row["path"] in row["detail"], row)
        return rows


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
        rows = self.rows_with_fates()
        self.assertGreaterEqual(len(rows), 60)
        self.assertEqual(len({row["key"] for row in rows}), len(rows))
        wrong = {row["path"]: fate_of(row) for row in rows
                 if not expected.is_right(row["path"], fate_of(row))}
        self.assertEqual(wrong, {})
        met = {expected.entry_of(row["path"]) for row in rows}
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
        said = self.run_source(source, script="- match: Patagonia\n  fail: kBug\n", expect=70)
        self.assertIn("Patagonia", said)


class Tars(Hostile):
    @staticmethod
    def wanted(tar):
        return [(f"{tar}/{name}" if name else tar, fate)
                for name, fate in expected.TARS[tar].items()]

    def test_every_tar_in_one_folder(self):
        tars = sorted(tar.name for tar in (self.input / "tars").iterdir())
        self.assertEqual(tars, sorted(expected.TARS))
        self.run_source(f"{{kind: webdataset, path: {self.input / 'tars'}}}")
        rows = self.rows_with_fates()
        self.assertEqual([(row["path"], fate_of(row)) for row in rows],
                         [sample for tar in tars for sample in self.wanted(tar)])
        self.assertEqual(len({row["key"] for row in rows}), len(rows))
        self.assertNotIn("root:", str(rows), "a link was followed")

    def test_every_tar_alone(self):
        for file in sorted((self.input / "tars").iterdir()):
            with self.subTest(file.name):
                wanted = self.wanted(file.name)
                rows = self.run_file("webdataset", file, wanted)
                self.assertEqual([(row["path"], fate_of(row)) for row in rows], wanted)


class Tables(Hostile):
    def files(self):
        """By path, as the source lists a folder."""
        folder = self.input / "tables"
        found = {str(file.relative_to(folder)): file for file in folder.rglob("*")
                 if file.is_file() and file.parent.name != "pictures"}
        self.assertEqual(set(found), set(expected.TABLES))
        return dict(sorted(found.items()))

    def test_every_table_in_one_folder(self):
        files = self.files()
        self.run_source(f"{{kind: table, path: {self.input / 'tables'}}}")
        rows = self.rows_with_fates()
        self.assertEqual([fate_of(row) for row in rows],
                         [fate for name in files for fate in expected.TABLES[name]])
        self.assertNotIn("root:", str(rows), "a path out of the folder was followed")

    def test_every_table_alone(self):
        for name, file in self.files().items():
            with self.subTest(name):
                rows = self.run_file("table", file, expected.TABLES[name])
                self.assertEqual([fate_of(row) for row in rows], expected.TABLES[name])


class Recipes(Hostile):
    def test_every_recipe_is_refused_with_its_place(self):
        recipes = sorted((self.input / "recipes").iterdir())
        self.assertEqual({recipe.name for recipe in recipes}, set(expected.RECIPES))
        for recipe in recipes:
            with self.subTest(recipe.name):
                said = self.run_kale(recipe, expect=64)
                self.assertIn(expected.RECIPES[recipe.name], said)
                self.assertLess(len(said), 2000)
                self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
