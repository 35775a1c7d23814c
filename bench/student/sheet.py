#!/usr/bin/env python3
"""A sheet of pictures with what is true of them and what a student says, to be read by eye.

Usage:  .venv/bin/python bench/student/sheet.py RUN WORLD OUT.jpg [COUNT]

RUN is what `kale run` published of WORLD's tars, COUNT (40) how many pictures, evenly out of all.
"""

import io
import json
import pathlib
import sys
import textwrap

import pyarrow.parquet as pq
from PIL import Image, ImageDraw, ImageFont

from measure import captions

ACROSS, SIDE, WIDTH, LETTERS, LINE, LINES = 4, 150, 420, 46, 13, 21


def truth_in_words(scene):
    things = ", ".join(" and ".join(thing["colours"]) + " " + (thing["name"] or thing["kind"])
                       for thing in scene["objects"])
    ground = f"{scene['background']['colour']} {scene['background']['kind']}"
    texts = "; ".join(text["text"] for text in scene["texts"][:3])
    return f"{scene['layout']} on {ground}. {things}" + (f". Texts: {texts}" if texts else "")


def cell(picture, parts, font):
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.thumbnail((SIDE, SIDE))
    lines = [line for head, text in parts
             for line in textwrap.wrap(f"{head}: {text}", LETTERS)][:LINES]
    out = Image.new("RGB", (WIDTH, max(SIDE, LINE * len(lines)) + 12), "white")
    out.paste(image, (4, 4))
    draw = ImageDraw.Draw(out)
    for number, line in enumerate(lines):
        draw.text((SIDE + 10, 4 + number * LINE), line, fill="black", font=font)
    return out


def sheet(cells):
    heights = [max(c.height for c in cells[i:i + ACROSS]) for i in range(0, len(cells), ACROSS)]
    out = Image.new("RGB", (ACROSS * WIDTH, sum(heights)), "white")
    top = 0
    for row, height in enumerate(heights):
        for column, one in enumerate(cells[row * ACROSS:(row + 1) * ACROSS]):
            out.paste(one, (column * WIDTH, top))
        top += height
    return out


def main(run, world, out, count="40"):
    said = captions(run)
    shards = pq.read_table(pathlib.Path(world) / "parquet",
                           columns=["key", "image", "alt_text", "truth"])
    scenes = [row for row in shards.to_pylist() if row["key"] in said]
    some = scenes[::max(1, len(scenes) // int(count))][:int(count)]
    font = ImageFont.load_default(11)
    cells = [cell(row["image"]["bytes"],
                  [("TRUE", truth_in_words(json.loads(row["truth"]))),
                   ("ALT-TEXT", row["alt_text"]), ("STUDENT", said[row["key"]])], font)
             for row in some]
    sheet(cells).save(out, quality=80)
    print(f"{len(cells)} pictures in {out}")


if len(sys.argv) not in (4, 5):
    sys.exit(__doc__)
main(*sys.argv[1:])
