"""Plain captions of scenes: the same words for the same truth, and hedged.

What is hard to see is told in steps: a lion is at random called a lion, an animal or a thing, and a
colour or a number is at random left out. A student that has learnt so, and always says the
likeliest next word, says "lion" only where it is sure of it: where its confidence times the share
that kinds have is more than the share of categories. What the alt-text names is not hedged.
"""

import re

import tables

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve"]
LEVELS = ("kind", "category", "thing")
SHARES = (0.5, 0.4, 0.1)  # of LEVELS
UNTOLD = 0.3  # of colours and of numbers
# Of categories that are no noun: what all of them are.
CATEGORY_NOUNS = {"clothing": "garment", "electronics": "device", "music": "instrument",
                  "household": "thing", "nature": "thing", "sport": "thing"}
THINGS = {"thing": "things", "animal": "animals", "person": "people", "plant": "plants",
          "building": "buildings", "vehicle": "vehicles", "tool": "tools", "toy": "toys",
          "garment": "garments", "device": "devices", "instrument": "instruments",
          "food": "foods"}
PLURALS = THINGS | {row[0]: row[1] for row in tables.tsv("scene/kinds.tsv")}


def number(count):
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def with_article(words):
    return f"{'an' if words[0] in 'aeiou' and not words.startswith('uni') else 'a'} {words}"


def names(text, kind):
    """One of it, or several."""
    either = "|".join(map(re.escape, (kind, PLURALS[kind])))
    return re.search(rf"\b(?:{either})\b", text, re.IGNORECASE) is not None


def counted(count, words):
    if count > 1:
        return " ".join([number(count), *words[:-1], PLURALS[words[-1]]])
    return with_article(" ".join(words))


def left_to_right(things):
    return sorted(things, key=lambda thing: thing["box"][0] + thing["box"][2] / 2)


def lines_of(page):
    return sum(text["role"] == "line" for text in page["texts"])


def rows_and_columns(table):
    return [1 + max(text[side] for text in table["texts"]) for side in ("row", "column")]


def ink(scene):
    """The colour of its first text; "" where it has none."""
    return scene["texts"][0]["colour"] if scene["texts"] else ""


def joined(phrases):
    return " and ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]]))


class Plain:
    """Tells one scene, hedged as `dice` fall."""

    def __init__(self, scene, alt_text, dice):
        self.scene, self.alt_text, self.dice = scene, alt_text, dice
        self.words = {}  # of things of one kind and main colour

    def told(self):
        return self.dice.random() >= UNTOLD

    def noun(self, thing):
        if names(self.alt_text, thing["kind"]):
            return thing["kind"]
        [level] = self.dice.choices(LEVELS, SHARES)
        if level == "kind":
            return thing["kind"]
        category = CATEGORY_NOUNS.get(thing["category"], thing["category"])
        return category if level == "category" else "thing"

    def words_for(self, thing):
        colour = thing["colours"][:1]
        alike = thing["kind"], *colour
        if alike not in self.words:
            self.words[alike] = (*(colour if self.told() else []), self.noun(thing))
        return self.words[alike]

    def things(self):
        """Those told by the same words together, in the order of the leftmost."""
        counts = {}
        for thing in left_to_right(self.scene["objects"]):
            words = self.words_for(thing)
            counts[words] = counts.get(words, 0) + 1
        return [counted(count, words) for words, count in counts.items()]

    def some(self, count, noun):
        return f"{number(count)} {noun}" if self.told() else f"some {noun}"

    def layout(self):
        """"" where there is no writing."""
        scene, chart = self.scene, self.scene["chart"]
        if scene["layout"] == "page":
            return f"a page with {self.some(lines_of(scene), 'lines')} of {ink(scene)} text"
        if scene["layout"] == "table":
            rows, columns = rows_and_columns(scene)
            return f"a table with {self.some(rows, 'rows')} and {self.some(columns, 'columns')}"
        if scene["layout"] == "chart":
            bars = f"{chart['bar_colour']} bars"
            return f"a bar chart with {self.some(len(chart['values']), bars)}"
        if scene["layout"] == "sign":
            return f"a sign with {ink(scene)} letters"
        if scene["layout"] == "price":
            return "things for sale"
        return ""

    def caption(self):
        things, writing = self.things(), self.layout()
        ground = f"on {with_article(self.scene['background']['colour'])} background"
        if not writing and len(things) == 1:
            return f"A picture of {things[0]} {ground}."
        first = f"A picture of {writing or 'some things'} {ground}."
        if not things:
            return first
        if len(things) == 1:
            return f"{first} There {'is' if things[0].startswith('a') else 'are'} {things[0]}."
        return f"{first} From left to right: {joined(things)}."


def made_when(date):
    return f"{'on' if date[0].isdigit() and ' ' in date else 'in'} {date}"


def knowledge(scene, alt_text):
    """What the alt-text tells and is true, as a sentence; "" where there is nothing."""
    def told(field):
        value = scene["knowledge"][field]
        return value if value in scene["alt_text"]["true_names"] and value in alt_text else ""

    made = [f"by {told('maker')}"] if told("maker") else []
    if told("event"):
        made.append(f"at the {told('event')}")
    place = ", ".join(filter(None, [told("place"), told("country")]))
    if place:
        made.append(f"in {place}")
    if told("date"):
        made.append(made_when(told("date")))
    phrases = [f"is called {told('title')}"] if told("title") else []
    if made:
        phrases.append(f"was made {' '.join(made)}")
    return f"It {' and '.join(phrases)}." if phrases else ""
