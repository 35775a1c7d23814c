#!/usr/bin/env python3
"""Makes a table that kale-mini learns to tell from: a world's scenes twice, and stage-1 output.

  python scripts/kale_mini/pairs.py WORLD OUT [--stage1 RUN]

Each scene stands once with its alt-text and the fused brief caption, once without and with the
brief caption of the pixels alone: what only an alt-text tells must not be learnt from pictures.
Both are followed by a plain list of what is there (listing.py). Of a run on Tux Paint's stamps
(with publish.image_bytes=true) only pictures of the world's training split are taken: the others
stay unseen.
"""

import csv
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

import tables
from listing import listing

PARTS = pathlib.Path(__file__).resolve().parents[2] / "kale/world/parts/parts.tsv"
SCHEMA = pa.schema([("key", pa.string()), ("image", pa.binary()), ("alt_text", pa.string()),
                    ("caption", pa.string()), ("truth", pa.string())])
STAGE1_TIMES = 4  # some hundred stamps beside tens of thousands of scenes


def scene_rows(table):
    for row in table.to_pylist():
        image = row["image"]["bytes"]
        plain = listing(json.loads(row["truth"]))
        yield (row["key"] + "-told", image, row["alt_text"],
               f"{row['caption_fused_brief']} {plain}", row["truth"])
        yield row["key"] + "-seen", image, "", f"{row['caption_brief']} {plain}", row["truth"]


def training_parts():
    with PARTS.open(encoding="utf-8") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return {row[0].removeprefix("stamp/") for row in rows if row and row[3] == "train"}


def stamp_rows(table, parts):
    for row in table.to_pylist():
        if str(pathlib.PurePath(row["path"]).with_suffix("")) not in parts or not row["image"]:
            continue
        for time in range(STAGE1_TIMES):
            yield (f"{row['key']}-{time}", row["image"]["bytes"], row["alt_text"],
                   row["caption"], None)


def main():
    parser = tables.parser(__doc__)
    parser.add_argument("--stage1", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = {"scenes": 0, "stamps": 0}
    for file in tables.shards(arguments.world):
        rows["scenes"] += tables.write(arguments.out / file.name, SCHEMA,
                                       scene_rows(pq.read_table(file)))
    if arguments.stage1:
        parts = training_parts()
        for file in sorted(arguments.stage1.glob("core/*.parquet")):
            rows["stamps"] += tables.write(arguments.out / f"stamps-{file.name}", SCHEMA,
                                           stamp_rows(pq.read_table(file), parts))
        if not rows["stamps"]:
            raise SystemExit(f"{arguments.stage1} has no picture of a training part; a run with "
                             "publish.image_bytes=true is wanted")
    print(f"{rows['scenes']} rows of scenes, {rows['stamps']} of stamps")


main()
