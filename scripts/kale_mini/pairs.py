#!/usr/bin/env python3
"""Makes a table that kale-mini learns to tell from: a world's scenes twice, and stage-1 output.

  python scripts/kale_mini/pairs.py WORLD OUT [--stage1 RUN]

Each scene stands once with its alt-text and the fused brief caption, once without and with the
brief caption of the pixels alone: what only an alt-text tells must not be learnt from pictures.
Both are followed by a plain list of what is there (listing.py). Of a run on Tux Paint's stamps
(with publish.image_bytes=true) only pictures of the world's training split are taken: the others
stay unseen.
"""

import argparse
import csv
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

from listing import listing

PARTS = pathlib.Path(__file__).resolve().parents[2] / "kale/world/parts/parts.tsv"
SCHEMA = pa.schema([("key", pa.string()), ("image", pa.binary()), ("alt_text", pa.string()),
                    ("caption", pa.string()), ("truth", pa.string())])
STAGE1_TIMES = 4  # some hundred stamps beside tens of thousands of scenes


def picture(value):
    return value["bytes"] if isinstance(value, dict) else value


def scene_rows(table):
    for row in table.to_pylist():
        image = picture(row["image"])
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
            yield (f"{row['key']}-{time}", picture(row["image"]), row["alt_text"], row["caption"],
                   None)


def write(path, rows):
    columns = list(zip(*rows))
    if not columns:
        return 0
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA)]
    pq.write_table(pa.table(arrays, SCHEMA), path, row_group_size=200)
    return len(columns[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--stage1", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = {"scenes": 0, "stamps": 0}
    for file in sorted(arguments.world.glob("parquet/*.parquet")):
        rows["scenes"] += write(arguments.out / file.name, scene_rows(pq.read_table(file)))
    if arguments.stage1:
        parts = training_parts()
        for file in sorted(arguments.stage1.glob("core/*.parquet")):
            rows["stamps"] += write(arguments.out / f"stamps-{file.name}",
                                    stamp_rows(pq.read_table(file), parts))
    if not rows["scenes"] or (arguments.stage1 and not rows["stamps"]):
        raise SystemExit(f"{rows}: a world, and a run with publish.image_bytes=true, are wanted")
    print(f"{rows['scenes']} rows of scenes, {rows['stamps']} of stamps")


main()
