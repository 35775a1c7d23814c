#!/usr/bin/env python3
"""Makes a table that kale-mini learns to take names over from: texts to be said again.

  python scripts/kale_mini/copies.py WORLD OUT

A scene stands here with its alt-text, if it has one, and with a text of words that mean nothing,
half of them made up, which cannot be guessed but only copied; the caption is that text.
"""

import random

import pyarrow.parquet as pq

import tables

WORDS = (1, 12)  # of a text that means nothing
MADE_UP = 0.5  # of its words
NUMBERS = 0.1
SOUNDS = ("b c d f g h j k l m n p r s t v w z br cr dr fl gr kl pr sch st tr th".split(),
          "a e i o u y ae ea ei ie oo".split(), ["", "", *"l m n r s t rd nd ck rg".split()])
MARKS = ["", "", "", "", "", "", ",", ".", ":", " -"]


def made_up_noun(dice, syllables=(1, 3)):
    return "".join(dice.choice(sounds) for _ in range(dice.randint(*syllables))
                   for sounds in SOUNDS)


def made_up(dice):
    word = made_up_noun(dice)
    return word.capitalize() if dice.random() < 0.8 else word


def some_word(words, dice):
    drawn = dice.random()
    if drawn < MADE_UP:
        return made_up(dice)
    if drawn < MADE_UP + NUMBERS:
        return str(dice.randrange(10 ** dice.randint(1, 4)))
    return dice.choice(words) if words else made_up(dice)


def meaningless(words, dice):
    count = dice.randint(*WORDS)
    return " ".join(some_word(words, dice) + dice.choice(MARKS) for _ in range(count))


def copies(file):
    rows = pq.read_table(file, columns=["key", "image", "alt_text"]).to_pylist()
    words = sorted({word for row in rows for word in (row["alt_text"] or "").split()})
    for row in rows:
        picture, drawn = row["image"]["bytes"], meaningless(words, random.Random(row["key"]))
        if row["alt_text"]:
            yield f"{row['key']}-alt", picture, row["alt_text"], row["alt_text"]
        yield f"{row['key']}-words", picture, drawn, drawn


def write(file, out):
    return tables.write(out / file.name, tables.SCHEMA, copies(file))


def main():
    print(f"{tables.write_each(tables.parser(__doc__).parse_args(), write)} rows")


if __name__ == "__main__":
    main()
