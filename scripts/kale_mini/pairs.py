#!/usr/bin/env python3
"""Makes a table that kale-mini learns to tell from: a world's scenes, and stage-1 output.

  python scripts/kale_mini/pairs.py WORLD OUT [--cautious] [--stage1 RUN]

Each scene stands twice with its alt-text, once without, and once as a cut around one of its things,
often with a short title for alt-text: its kind, or a made-up noun; captions are plain, hedged
(listing.py), and end with what the alt-text knows. What only an alt-text tells must not be learnt
from pictures: no caption of a pair without one has it. Of a run on Tux Paint's stamps (with
publish.image_bytes=true) only pictures of the world's training split are taken: the others stay
unseen.
"""

import io
import json
import pathlib
import random

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

import tables
from copies import made_up_noun
from crops import crop
from listing import BOLD, CAUTIOUS, Plain, one

SCHEMA = tables.SCHEMA.append(pa.field("truth", pa.string()))
TOLD_TIMES = 2  # a scene with its alt-text, hedged anew each time
TITLED = 0.6  # of cuts with one thing in view
UNKNOWN = 0.5  # of titles
STAGE1_TIMES = 8  # some hundred stamps beside tens of thousands of scenes


def unknown(kind, dice):
    """A noun that only its title tells; of two syllables at least, lest it is a word."""
    first, second = (made_up_noun(dice, (2, 3)) for _ in range(2))
    return dice.choice([first, f"{first} {second}", f"{first} {kind}"])


def title(noun, dice):
    words = dice.choice([one(noun), one(noun), f"the {noun}", noun])
    words = words[0].upper() + words[1:] if dice.random() < 0.8 else words
    return words + dice.choice([".", ".", ""])


def titled(seen, dice):
    """An alt-text for a cut, and what is in it, by that name."""
    if len(seen["objects"]) != 1 or dice.random() >= TITLED:
        return "", seen
    [thing] = seen["objects"]
    noun = unknown(thing["kind"], dice) if dice.random() < UNKNOWN else thing["kind"]
    return title(noun, dice), dict(seen, objects=[dict(thing, kind=noun)])


def detail(picture, scene, dice, hedge):
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    cut, seen = crop(whole, scene, dice.choice(scene["objects"]), dice)
    alt_text, seen = titled(seen, dice)
    return cut, alt_text, Plain(seen, alt_text, dice, hedge).caption()


def scene_rows(table, hedge):
    for row in table.to_pylist():
        scene, dice = json.loads(row["truth"]), random.Random(row["key"])
        picture = row["image"]["bytes"]
        for time in range(TOLD_TIMES if row["alt_text"] else 0):
            yield (f"{row['key']}-told-{time}", picture, row["alt_text"],
                   Plain(scene, row["alt_text"], dice, hedge).caption(), row["truth"])
        yield (f"{row['key']}-seen", picture, "", Plain(scene, "", dice, hedge).caption(),
               row["truth"])
        if scene["objects"]:
            yield f"{row['key']}-detail", *detail(picture, scene, dice, hedge), None


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


def write(file, out, hedge):
    return tables.write(out / file.name, SCHEMA, scene_rows(pq.read_table(file), hedge))


def main():
    parser = tables.parser(__doc__)
    parser.add_argument("--cautious", action="store_true",
                        help="captions that leave out more, and say thing more")
    parser.add_argument("--stage1", type=pathlib.Path)
    arguments = parser.parse_args()
    hedge = CAUTIOUS if arguments.cautious else BOLD
    scenes, stamps = tables.write_each(arguments, write, hedge), 0
    if arguments.stage1:
        parts = training_parts()
        for file in sorted(arguments.stage1.glob("core/*.parquet")):
            stamps += tables.write(arguments.out / f"stamps-{file.name}", SCHEMA,
                                   stamp_rows(pq.read_table(file), parts))
        if not stamps:
            raise SystemExit(f"{arguments.stage1} has no picture of a training part; a run with "
                             "publish.image_bytes=true is wanted")
    print(f"{scenes} rows of scenes, {stamps} of stamps")


if __name__ == "__main__":
    main()
