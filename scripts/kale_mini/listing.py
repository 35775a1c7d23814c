"""Sentences that list a scene, the same words for the same truth."""

import csv
import pathlib

KINDS = pathlib.Path(__file__).resolve().parents[2] / "kale/world/scene/kinds.tsv"
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def plurals():
    with KINDS.open(encoding="utf-8") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return {row[0]: row[1] for row in rows if row}


PLURALS = plurals()


def counted(number, colours, kind):
    words = " ".join([*colours[:1], kind if number == 1 else PLURALS[kind]])
    if number > 1:
        return f"{NUMBERS[number]} {words}"
    return ("an " if words[0] in "aeio" else "a ") + words


def left_to_right(things):
    return sorted(things, key=lambda thing: thing["box"][0] + thing["box"][2] / 2)


def things(scene):
    """Of one kind and main colour together, in the order of the leftmost."""
    groups = {}
    for thing in left_to_right(scene["objects"]):
        groups.setdefault((thing["kind"], tuple(thing["colours"][:1])), []).append(thing)
    return [counted(len(some), colours, kind) for (kind, colours), some in groups.items()]


def listing(scene):
    sentences = [f"The background is {scene['background']['colour']}."]
    listed = things(scene)
    if len(listed) == 1:
        verb = "is" if len(scene["objects"]) == 1 else "are"
        sentences.append(f"In it {verb} {listed[0]}.")
    elif listed:
        sentences.append(f"From left to right: {', '.join(listed[:-1])} and {listed[-1]}.")
    return " ".join(sentences)
