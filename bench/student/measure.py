#!/usr/bin/env python3
"""What a student's captions of a world are worth, and what the picture is worth to it.

Usage:  .venv/bin/python bench/student/measure.py --kale PROGRAM --model GGUF --mmproj GGUF
            --world WORLD --out FOLDER [--stage1 RUN]

The student captions WORLD's scenes as they are, and again with each picture blanked (one grey).
Both, the alt-text alone and stage 1's captions of the same scenes (RUN: what `kale run
recipes/kale.yaml` published of WORLD's tars) are measured against the truth, and each is compared
with the student: 95 % bootstrap intervals of the paired difference. In a world of the test split
nobody has seen any picture of a thing in training (all its kinds of things are among those of the
training split, as other pictures); in a new world of the training split all have been seen.
Prints Markdown.
"""

import argparse
import io
import json
import pathlib
import shutil
import subprocess
import tarfile

import pyarrow.parquet as pq
from PIL import Image

RECIPE = pathlib.Path(__file__).resolve().parents[2] / "recipes/kale-student.yaml"
GREY = (123, 116, 104)  # what CLIP's processors take for the mean
SHOWN = [("facts told, %", "facts_told", 100), ("kinds of things told, %", "kinds_told", 100),
         ("objects invented, %", "chair_i", 100), ("wrong colours, %", "colour_errors", 100),
         ("wrong colours of the background, %", "background_errors", 100),
         ("wrong quotations, %", "text_errors", 100), ("wrong claims a caption", "wrong_claims", 1),
         ("captions without a wrong claim, %", "all_true", 100),
         ("true names kept, %", "names_kept", 100),
         ("false names repeated, %", "false_names", 100), ("CIDEr-D", "cider_d", 1),
         ("words a caption", "words", 1)]


def blank(source, target):
    """The same tar with every picture one grey."""
    aside = target.with_suffix(".part")
    with tarfile.open(source) as scenes, tarfile.open(aside, "w") as blanked:
        for member in scenes:
            content = scenes.extractfile(member).read()
            if member.name.endswith(".jpg"):
                picture = io.BytesIO()
                size = Image.open(io.BytesIO(content)).size
                Image.new("RGB", size, GREY).save(picture, "JPEG")
                content = picture.getvalue()
            member.size = len(content)
            blanked.addfile(member, io.BytesIO(content))
    aside.rename(target)


def captions(run):
    """Of a published run of a world's tars: {key of the scene: caption}."""
    return {row["input_key"]: row["caption"]
            for file in sorted(pathlib.Path(run).glob("core/*.parquet"))
            for row in pq.read_table(file, columns=["input_key", "caption"]).to_pylist()}


class Kale:
    """The program, and the world whose scenes it captions and whose truth it knows."""

    def __init__(self, program, world):
        self.program, self.world = program, world

    def call(self, *words):
        done = subprocess.run([self.program, *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"kale {' '.join(map(str, words))} ended with {done.returncode}:\n"
                             f"{done.stderr}")

    def caption(self, tars, model, mmproj, out):
        self.call("run", RECIPE, "--input", tars, "--out", out, "--model", model,
                  "--mmproj", mmproj)
        return captions(out)

    def evaluate(self, rows, column, out, *words):
        """The report on a column of {key of the scene: {column: caption}}."""
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        data = out / "captions.jsonl"
        data.write_text("".join(json.dumps({"key": key} | row) + "\n"
                                for key, row in rows.items()), encoding="utf-8")
        self.call("evaluate", "captions", "--data", data, "--truth", self.world,
                  "--column", column, "--out", out / "measures", *words)
        return json.loads((out / "measures/measures.json").read_text(encoding="utf-8"))


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.kale = Kale(arguments.kale, arguments.world)
        self.out = arguments.out
        self.out.mkdir(parents=True, exist_ok=True)

    def caption(self, tars, name):
        return self.kale.caption(tars, self.arguments.model, self.arguments.mmproj,
                                 self.out / name)

    def table(self):
        """{key: {"alt_text", column: caption ...}} of the scenes that every column has."""
        tars = self.arguments.world / "tar"
        blanked = self.out / "blanked"
        blanked.mkdir(exist_ok=True)
        for tar in sorted(tars.glob("*.tar")):
            if not (blanked / tar.name).exists():
                blank(tar, blanked / tar.name)
        columns = {"student": self.caption(tars, "student"),
                   "blanked": self.caption(blanked, "student-blanked")}
        if self.arguments.stage1:
            columns["stage1"] = captions(self.arguments.stage1)
        columns["alt_text"] = {
            row["key"]: row["alt_text"]
            for file in sorted(self.arguments.world.glob("parquet/*.parquet"))
            for row in pq.read_table(file, columns=["key", "alt_text"]).to_pylist()}
        rows = {key: {name: of.get(key) for name, of in columns.items()}
                for key in columns["alt_text"]}
        for name in columns:
            print(f"without {name}: {sum(not row[name] for row in rows.values())} of {len(rows)}")
        return {key: row for key, row in rows.items() if all(row.values())}, list(columns)

    def measure(self, rows, columns):
        """{column: {measure: {...}}}, with the differences of the student among them."""
        measured = {}
        for column in columns[1:]:
            report = self.kale.evaluate(rows, column, self.out / f"student-and-{column}",
                                        "--compare", "student")
            measured[column] = report["columns"][0]["measures"]
            measured["student"] = report["columns"][1]["measures"]
            measured["student - " + column] = report["differences"]
        return measured


def cell(measure, factor):
    if not measure or measure.get("value") is None:
        return "-"
    digits = 2 if factor == 1 else 1
    value, low, high = (factor * measure[part] for part in ("value", "low", "high"))
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def show(rows, columns, measured):
    heads = ["student"] + [head for column in columns[1:]
                           for head in (column, "student - " + column)]
    print(f"{rows} captions\n\n| measure | " + " | ".join(heads) + " |")
    print("| --- " * (len(heads) + 1) + "|")
    for name, measure, factor in SHOWN:
        cells = [cell(measured[head].get(measure), factor) for head in heads]
        print(f"| {name} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("kale", "model", "mmproj", "world", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--stage1", type=pathlib.Path)
    bench = Bench(parser.parse_args())
    rows, columns = bench.table()
    show(len(rows), columns, bench.measure(rows, columns))


if __name__ == "__main__":
    main()
