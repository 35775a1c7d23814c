#!/usr/bin/env python3
"""Makes the table that kale-mini learns to see from: a world's pictures, listed plainly.

  python scripts/kale_mini/tags.py WORLD OUT

A scene's caption says its layout, its background, and its things with their main colours from left
to right, the same words for the same truth: all that is to be learnt is in the pixels. Beside each
scene stand crops around some of its things, in which these are as large as in a portrait.
"""

import concurrent.futures
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

import tables
from listing import left_to_right

SCHEMA = pa.schema([("key", pa.string()), ("image", pa.binary()), ("caption", pa.string())])
CROPS = 2  # a scene, where it has things
MARGINS = (0.05, 0.5)  # around a thing, in shares of its longer side
IN_VIEW = 0.6  # of a thing's box: from there it is told


def layout(scene):
    texts, chart = scene["texts"], scene["chart"]
    ink = texts[0]["colour"] if texts else ""
    if scene["layout"] == "page":
        return f"page with {sum(t['role'] == 'line' for t in texts)} lines in {ink}"
    if scene["layout"] == "table":
        rows, columns = (1 + max(t[side] for t in texts) for side in ("row", "column"))
        return f"table with {rows} rows and {columns} columns"
    if scene["layout"] == "chart":
        return f"bar chart with {len(chart['values'])} {chart['bar_colour']} bars"
    if scene["layout"] == "sign":
        return f"sign in {ink}"
    if scene["layout"] == "price":
        return f"{sum(t['role'] == 'price_tag' for t in texts)} price tags"
    return "things"


def listed(things):
    return ", ".join(" ".join([*thing["colours"][:1], thing["kind"]])
                     for thing in left_to_right(things))


def told(what, scene, things):
    ground = f"{what} on {scene['background']['colour']} {scene['background']['kind']}"
    return f"{ground}: {listed(things)}." if things else f"{ground}."


def share_in(box, window):
    left, top = max(box[0], window[0]), max(box[1], window[1])
    right = min(box[0] + box[2], window[2])
    bottom = min(box[1] + box[3], window[3])
    return max(0, right - left) * max(0, bottom - top) / (box[2] * box[3])


def crop(picture, scene, thing, dice):
    left, top, width, height = thing["box"]
    margins = [dice.uniform(*MARGINS) * max(width, height) for _ in range(4)]
    window = [max(0, left - margins[0]), max(0, top - margins[1]),
              min(picture.width, left + width + margins[2]),
              min(picture.height, top + height + margins[3])]
    out = io.BytesIO()
    picture.crop([round(edge) for edge in window]).save(out, "JPEG", quality=90)
    in_view = [other for other in scene["objects"] if share_in(other["box"], window) >= IN_VIEW]
    return out.getvalue(), told("detail", scene, in_view)


def rows(file):
    for row in pq.read_table(file, columns=["key", "image", "truth"]).to_pylist():
        scene, dice = json.loads(row["truth"]), random.Random(row["key"])
        image = row["image"]["bytes"]
        yield row["key"], image, told(layout(scene), scene, scene["objects"])
        if not scene["objects"]:
            continue
        picture = Image.open(io.BytesIO(image)).convert("RGB")
        for i, thing in enumerate(dice.sample(scene["objects"], min(CROPS, len(scene["objects"])))):
            yield f"{row['key']}-{i}", *crop(picture, scene, thing, dice)


def write(file, out):
    return tables.write(out / file.name, SCHEMA, rows(file))


def main():
    arguments = tables.parser(__doc__).parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    files = tables.shards(arguments.world)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        print(f"{sum(pool.map(write, files, [arguments.out] * len(files)))} rows")


if __name__ == "__main__":
    main()
