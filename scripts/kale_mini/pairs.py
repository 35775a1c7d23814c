#!/usr/bin/env python3
"""Makes a table that kale-mini learns to tell from: a world's scenes, and stage-1 output.

  python scripts/kale_mini/pairs.py WORLD OUT [--stage1 RUN]

Each scene stands twice with its alt-text, once without, and once as a cut around one of its things;
captions are plain, hedged (listing.py), and end with what the alt-text knows. What only
an alt-text tells must not be learnt from pictures: no caption of a pair without one has it. Of a
run on Tux Paint's stamps (with publish.image_bytes=true) only pictures of the world's training
split are taken: the others stay unseen.
"""

import io
import json
import pathlib
import random

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

import tables
from crops import crop
from listing import Plain, knowledge

SCHEMA = tables.SCHEMA.append(pa.field("truth", pa.string()))
TOLD_TIMES = 2  # a scene with its alt-text, hedged anew each time
STAGE1_TIMES = 8  # some hundred stamps beside tens of thousands of scenes


def caption(scene, alt_text, dice):
    told = Plain(scene, alt_text, dice).caption(), knowledge(scene, alt_text)
    return " ".join(filter(None, told))


def scene_rows(table):
    for row in table.to_pylist():
        scene, dice = json.loads(row["truth"]), random.Random(row["key"])
        picture = row["image"]["bytes"]
        for time in range(TOLD_TIMES if row["alt_text"] else 0):
            yield (f"{row['key']}-told-{time}", picture, row["alt_text"],
                   caption(scene, row["alt_text"], dice), row["truth"])
        yield f"{row['key']}-seen", picture, "", caption(scene, "", dice), row["truth"]
        if scene["objects"]:
            whole = Image.open(io.BytesIO(picture)).convert("RGB")
            detail, seen = crop(whole, scene, dice.choice(scene["objects"]), dice)
            yield f"{row['key']}-detail", detail, "", caption(seen, "", dice), None


def training_parts():
    return {row[0].removeprefix("stamp/") for row in tables.tsv("parts/parts.tsv")
            if row[3] == "train"}


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
