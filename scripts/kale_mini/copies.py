#!/usr/bin/env python3
"""Makes a table that kale-mini learns to take names over from: alt-texts, to be said again.

  python scripts/kale_mini/copies.py WORLD OUT --tags TAGS

Beside each scene with an alt-text, whose caption is just that, stands a row of TAGS (tags.py), so
that what was learnt from pixels is not forgotten.
"""

import pathlib

import pyarrow.parquet as pq

import tables


def copies(file):
    for row in pq.read_table(file, columns=["key", "image", "alt_text"]).to_pylist():
        if row["alt_text"]:
            yield row["key"], row["image"]["bytes"], row["alt_text"], row["alt_text"]


def lists(file):
    return [tuple(row.values()) for row in pq.read_table(file).to_pylist() if not row["alt_text"]]


def main():
    parser = tables.parser(__doc__)
    parser.add_argument("--tags", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = 0
    for file in tables.shards(arguments.world):
        told = list(copies(file))
        told += lists(arguments.tags / file.name)[:len(told)]
        rows += tables.write(arguments.out / file.name, tables.SCHEMA, told)
    print(f"{rows} rows")


main()
