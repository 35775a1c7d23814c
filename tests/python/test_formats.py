"""Every published format, read back by the libraries that users read it with.

Usage:  .venv/bin/python tests/python/test_formats.py PATH_TO_KALE

Needs `datasets`, `pyarrow` and `pillow` (requirements.txt), no model and no network: the engines
are fake. Pictures are made here; their folders are called train and test, as some are.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

CACHE = tempfile.mkdtemp(prefix="kale_formats_cache_")
os.environ.update(HF_HOME=CACHE, HF_HUB_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")

import pyarrow.parquet as pq  # noqa: E402
from datasets import Image, load_dataset  # noqa: E402
from PIL import Image as Pillow  # noqa: E402

KALE = os.path.abspath(sys.argv.pop(1))
PATIENCE_S = 60  # a bound on waiting for an event, never a measure of speed
GROUP_BYTES_MAX = 286 * 2**20
FOLDERS = ("core", "webdataset", "imagefolder", "captions")

RECIPE = """
name: tiny
source: {{kind: folder, path: {pictures}}}
engines:
  llm: {{kind: fake}}
  eyes: {{kind: fake, stands_for: classifier}}
  ocr: {{kind: fake, stands_for: ocr}}
steps: [decode, see, read, describe, fuse, clean]
publish: {{image_bytes: true, formats: [parquet, webdataset, imagefolder, sidecar]}}
run: {{shard_rows: 4, rows_in_flight: 3, cores: 2}}
"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">
<rect width="64" height="48" fill="#cc2211"/></svg>"""


class FormatsTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="kale_formats_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.pictures = self.root / "pictures"
        for i in range(6):
            self.add(f"test/bird-{i}.jpg", Pillow.new("RGB", (64 + i, 48), (40 * i, 100, 200)))
        self.add("train/train.png", Pillow.new("RGB", (80, 50), (200, 10, 20)))
        self.add("train/train.jpg", Pillow.new("RGB", (81, 50), (20, 200, 20)))
        self.add("z.svg", SVG)
        (self.pictures / "test/bird-3.txt").write_text("\n")  # dropped
        self.recipe = self.root / "tiny.yaml"
        self.recipe.write_text(RECIPE.format(pictures=self.pictures))
        self.out = self.root / "out"

    def add(self, name, picture):
        path = self.pictures / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(picture, str):
            path.write_text(picture)
        else:
            picture.save(path)
        path.with_suffix(".txt").write_text(f"A Magellanic penguin called {path.stem}.\n")

    def run_kale(self, *sets, out=None, works=True):
        options = [word for option in sets for word in ("--set", option)]
        done = subprocess.run([KALE, "run", self.recipe, "--out", out or self.out, *options],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode == 0, works, done.stdout + done.stderr)
        return done.stderr

    def rows(self, out=None):
        files = sorted((out or self.out).glob("core/*.parquet"))
        return [row for file in files for row in pq.read_table(file).to_pylist()]

    def digests(self, out):
        return {str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest()
                for folder in FOLDERS for file in sorted((out / folder).rglob("*"))
                if file.is_file()}

    def source_bytes(self, row):
        return (self.pictures / row["path"]).read_bytes()

    def test_parquet_holds_the_pictures(self):
        printed = self.run_kale()
        self.assertRegex(printed, r"parquet +1 files, 0\.\d MB in .*/out/core")
        self.assertRegex(printed, r"sidecar +8 files")
        loaded = load_dataset(str(self.out), split="train")
        self.assertIsInstance(loaded.features["image"], Image)
        self.assertEqual(len(loaded), 8)
        for row, raw in zip(loaded, self.rows()):
            if raw["path"].endswith(".svg"):
                self.assertIsNone(row["image"])
                continue
            self.assertEqual(raw["image"]["bytes"], self.source_bytes(raw))
            self.assertEqual(row["image"].size, (row["width"], row["height"]))
        for name in self.out.glob("core/*.parquet"):
            file = pq.ParquetFile(name)
            for i in range(file.metadata.num_row_groups):
                group = file.metadata.row_group(i)
                self.assertLess(group.total_byte_size, GROUP_BYTES_MAX)
                for c in range(group.num_columns):
                    self.assertTrue(group.column(c).has_offset_index, group.column(c))

    def test_tars_follow_the_rules_of_webdataset(self):
        self.run_kale()
        samples, order = {}, []
        for name in sorted(self.out.glob("webdataset/*.tar")):
            with tarfile.open(name) as tar:
                for member in tar:
                    self.assertTrue(member.isreg())
                    self.assertEqual((member.mode, member.uname, member.gname, member.mtime,
                                      member.uid, member.gid),
                                     (0o444, "bigdata", "bigdata", 0, 0, 0))
                    key, _, field = member.name.partition(".")
                    if not order or order[-1] != key:
                        self.assertNotIn(key, samples, "a sample's members stand side by side")
                        order.append(key)
                    samples.setdefault(key, {})[field] = tar.extractfile(member).read()
        rows = self.rows()
        self.assertEqual(order, [row["key"] for row in rows])
        for row in rows:
            sample = samples[row["key"]]
            self.assertEqual(list(sample), sorted(sample))
            ending = pathlib.Path(row["path"]).suffix[1:]
            self.assertEqual(set(sample), {"json", "txt", ending})
            self.assertEqual(sample[ending], self.source_bytes(row))
            self.assertEqual(sample["txt"].decode(), row["caption"])
            image = row.pop("image")
            self.assertEqual(image is None, ending == "svg")
            self.assertEqual(json.loads(sample["json"]), row)

    def test_datasets_reads_tars_of_one_kind_of_picture(self):
        self.run_kale("source.extensions=[jpg]")
        loaded = load_dataset("webdataset", data_files=str(self.out / "webdataset/*.tar"),
                              split="train")
        rows = self.rows()
        self.assertEqual(len(loaded), 6)
        for sample, row in zip(loaded, rows):
            self.assertEqual(sample["__key__"], row["key"])
            self.assertEqual(sample["txt"], row["caption"])
            self.assertEqual(sample["json"]["alt_text"], row["alt_text"])
            self.assertEqual(sample["jpg"].size, (row["width"], row["height"]))

    def test_imagefolder_loads_whatever_folders_are_called(self):
        self.run_kale()
        splits = load_dataset("imagefolder", data_dir=str(self.out / "imagefolder"))
        self.assertEqual(list(splits), ["train"])
        rows = self.rows()
        self.assertEqual(len(splits["train"]), len(rows))
        for sample, row in zip(splits["train"], rows):
            self.assertEqual(sample["text"], row["caption"])
            self.assertEqual(sample["path"], row["path"])
            if row["path"].endswith(".svg"):
                self.assertIsNone(sample["image"])
            else:
                self.assertEqual(sample["image"].size, (row["width"], row["height"]))
        first = json.loads((self.out / "imagefolder/metadata.jsonl").read_text().splitlines()[0])
        self.assertEqual(list(first)[:2], ["file_name", "text"])

    def test_metadata_without_pictures_fits_the_folder_that_has_them(self):
        self.run_kale("publish.image_bytes=false", "publish.formats=[imagefolder]",
                      "source.extensions=[jpg,png]")
        self.assertFalse((self.out / "core").exists())
        shutil.copy(self.out / "imagefolder/metadata.jsonl", self.pictures)
        loaded = load_dataset("imagefolder", data_files={"train": str(self.pictures / "**")},
                              split="train")
        self.assertEqual(len(loaded), 7)
        for sample in loaded:
            self.assertEqual(sample["image"].size, (sample["width"], sample["height"]))

    def test_sidecars_stand_as_the_pictures_do(self):
        self.run_kale("publish.formats=[parquet, sidecar]")
        texts = {str(file.relative_to(self.out / "captions")): file.read_text()
                 for file in self.out.glob("captions/**/*.txt")}
        expected = {str(pathlib.Path(row["path"]).with_suffix(".txt")): row["caption"] + "\n"
                    for row in self.rows() if row["path"] != "train/train.png"}
        clash = [row["caption"] for row in self.rows() if row["path"] == "train/train.png"]
        expected["train/train-2.txt"] = clash[0] + "\n"
        self.assertEqual(texts, expected)

    def test_same_bytes_whatever_the_threads(self):
        self.run_kale("run.cores=2", "run.rows_in_flight=8")
        other = self.root / "other"
        self.run_kale("run.cores=1", "run.rows_in_flight=1", out=other)
        self.assertEqual(self.digests(self.out), self.digests(other))
        self.assertEqual(len({name.split("/")[0] for name in self.digests(other)}), 4)

    def test_a_changed_picture_stops_publishing_and_says_how_to_go_on(self):
        self.run_kale()
        before, rows = self.digests(self.out), self.rows()
        target = self.pictures / "test/bird-1.jpg"
        Pillow.new("RGB", (65, 48), (1, 2, 3)).save(target)
        self.run_kale()  # nothing to publish: what is there is whole
        printed = self.run_kale("publish.name=Other", works=False)
        for told in ("test/bird-1.jpg", "has changed since it was captioned",
                     "publish.image_bytes=false", "parts/part-00000-g0-w0.parquet"):
            self.assertIn(told, printed)
        self.assertEqual(self.digests(self.out), before)
        (self.out / "parts/part-00000-g0-w0.parquet").unlink()
        self.run_kale("publish.name=Other")
        row = next(row for row in self.rows() if row["path"] == "test/bird-1.jpg")
        self.assertEqual(row["image"]["bytes"], target.read_bytes())
        self.assertNotEqual(self.rows(), rows)
        self.run_kale("publish.image_bytes=false")
        self.assertNotIn("image", self.rows()[0])

    def test_formats_are_checked_before_anything_is_captioned(self):
        printed = self.run_kale("publish.formats=[parket]", works=False)
        self.assertIn("publish.formats is 'parket', allowed are: parquet, webdataset", printed)
        self.assertFalse((self.out / "parts").exists())


if __name__ == "__main__":
    try:
        unittest.main()
    finally:
        shutil.rmtree(CACHE, ignore_errors=True)
