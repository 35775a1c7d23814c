#!/usr/bin/env python3
"""Makes a table that kale-mini learns to see from: pictures listed plainly, and some texts.

  python scripts/kale_mini/lists.py WORLD OUT --texts TABLE

A scene's caption says its layout, its background, and its things from left to right, each by its
main colour, what it is roughly and what it is exactly (`grey animal lion`), the same words for the
same truth: all that is to be learnt is in the pixels. Beside each scene stand crops around some of
its things, in which these are as large as in a portrait. Among them stand some of the texts to be
said again in TABLE (copies.py).
"""

import io
import json
import pathlib
import random

import pyarrow.parquet as pq
from PIL import Image

import tables
from crops import crop
from listing import ink, left_to_right, lines_of, rows_and_columns

CROPS = 3  # a scene at most, one for each thing
COPIED = 0.15  # of the texts


def layout(scene):
    texts, chart = scene["texts"], scene["chart"]
    if scene["layout"] == "page":
        return f"page with {lines_of(scene)} lines in {ink(scene)}"
    if scene["layout"] == "table":
        rows, columns = rows_and_columns(scene)
        return f"table with {rows} rows and {columns} columns"
    if scene["layout"] == "chart":
        return f"bar chart with {len(chart['values'])} {chart['bar_colour']} bars"
    if scene["layout"] == "sign":
        return f"sign in {ink(scene)}"
    if scene["layout"] == "price":
        return f"{sum(t['role'] == 'price_tag' for t in texts)} price tags"
    return "things"


def listed(things):
    return ", ".join(" ".join([*thing["colours"][:1], thing["category"], thing["kind"]])
                     for thing in left_to_right(things)) + "."


def told(what, scene):
    ground = f"{what} on {scene['background']['colour']} {scene['background']['kind']}"
    return f"{ground}: {listed(scene['objects'])}" if scene["objects"] else f"{ground}."


def some_texts(file, dice):
    return [tuple(row.values()) for row in pq.read_table(file).to_pylist()
            if dice.random() < COPIED]


def lists(file):
    for row in pq.read_table(file, columns=["key", "image", "truth"]).to_pylist():
        scene, dice = json.loads(row["truth"]), random.Random(row["key"])
        image = row["image"]["bytes"]
        yield row["key"], image, "", told(layout(scene), scene)
        if not scene["objects"]:
            continue
        picture = Image.open(io.BytesIO(image)).convert("RGB")
        for i, thing in enumerate(dice.sample(scene["objects"], min(CROPS, len(scene["objects"])))):
            detail, seen = crop(picture, scene, thing, dice)
            yield f"{row['key']}-{i}", detail, "", told("detail", seen)


def write(file, out, said):
    dice = random.Random(file.name)
    rows = [*lists(file), *some_texts(said / file.name, dice)]
    dice.shuffle(rows)
    return tables.write(out / file.name, tables.SCHEMA, rows)


def main():
    parser = tables.parser(__doc__)
    parser.add_argument("--texts", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    print(f"{tables.write_each(arguments, write, arguments.texts)} rows")


if __name__ == "__main__":
    main()
