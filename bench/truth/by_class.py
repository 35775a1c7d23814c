#!/usr/bin/env python3
"""Measures of captions by the class of their scene: by layout, and by the form of the alt-text.

Usage:  .venv/bin/python bench/truth/by_class.py PUBLISHED MEASURES WORLD

PUBLISHED is what `kale run` published of a world's tars, MEASURES what `kale evaluate captions`
left for it, WORLD the world. Ratios are of sums over the captions of a class. Prints Markdown.
"""
import json
import pathlib
import sys
from collections import defaultdict

import pyarrow.parquet as pq

SHOWN = [("wrong claims a caption", "wrong_claims", 1),
         ("without a wrong claim, %", "all_true", 100),
         ("things not there, %", "chair_i", 100), ("wrong colours, %", "colour_errors", 100),
         ("wrong quotations, %", "text_errors", 100), ("facts told, %", "facts_told", 100),
         ("true names kept, %", "names_kept", 100), ("false names repeated, %", "false_names", 100)]


def rows_of(folder, columns):
    for file in sorted(pathlib.Path(folder).glob("*.parquet")):
        yield from pq.read_table(file, columns=columns).to_pylist()


def print_table(title, classes):
    print(f"\n| {title} | captions | " + " | ".join(name for name, _, _ in SHOWN) + " |")
    print("| --- " * (len(SHOWN) + 2) + "|")
    for name, rows in sorted(classes.items()):
        cells = []
        for _, measure, factor in SHOWN:
            of = sum(row[measure + "_of"] for row in rows)
            value = factor * sum(row[measure] for row in rows) / of if of else None
            digits = 2 if factor == 1 else 1
            cells.append("-" if value is None else f"{value:.{digits}f}")
        print(f"| {name} | {len(rows)} | " + " | ".join(cells) + " |")


def main():
    published, measures, world = map(pathlib.Path, sys.argv[1:])
    truths = {row["key"]: json.loads(row["truth"])
              for row in rows_of(world / "parquet", ["key", "truth"])}
    scenes = {row["key"]: truths[pathlib.Path(row["path"]).stem]
              for row in rows_of(published / "core", ["key", "path"])}
    layouts, forms = defaultdict(list), defaultdict(list)
    for row in rows_of(measures, None):
        scene = scenes[row["key"]]
        layouts[scene["layout"]].append(row)
        forms[scene["alt_text"]["form"]].append(row)
    print_table("layout", layouts)
    print_table("alt-text", forms)


main()
