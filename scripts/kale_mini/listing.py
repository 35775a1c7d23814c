"""Plain captions of scenes: the same words for the same truth, and hedged.

What is hard to see is told in steps: a lion is at random called a lion, an animal or a thing, and a
colour, or a number of lines, rows, columns or bars, is at random left out. A student that has
learnt so, and always says the likeliest next word, says "lion" only where it is sure of it: where
its confidence times the share that kinds have is more than the share of categories. What the
alt-text names is not hedged.
"""

import dataclasses
import re

import tables

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve"]
LEVELS = ("kind", "category", "thing")
# Of categories that are no noun for one of them: what is.
CATEGORY_NOUNS = {"clothing": "garment", "electronics": "device", "music": "instrument",
                  "food": "food item", "household": "thing", "nature": "thing", "sport": "thing"}
THINGS = {"thing": "things", "animal": "animals", "person": "people", "plant": "plants",
          "building": "buildings", "vehicle": "vehicles", "tool": "tools", "toy": "toys",
          "garment": "garments", "device": "devices", "instrument": "instruments",
          "food item": "food items"}
KINDS = tables.tsv("scene/kinds.tsv")
PLURALS = THINGS | {row[0]: row[1] for row in KINDS}
# Of a kind, what else may be said of it: what means the same, and less.
NAMED = {row[0]: ",".join(row[3:5]).split(",") for row in KINDS}


def number(count):
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def with_article(words):
    vowel = words[0] in "aeiou" and not words.startswith("uni") or words.startswith("hour")
    return f"{'an' if vowel else 'a'} {words}"


def one(*words):
    """Of colours and a noun, which may have no singular (headphones)."""
    noun, told = words[-1], " ".join(words)
    no_singular = noun.endswith("s") and PLURALS.get(noun) == noun
    return f"some {told}" if no_singular else with_article(told)


def names(text, kind):
    """One of it, or several."""
    either = "|".join(map(re.escape, (kind, PLURALS.get(kind, kind))))
    return re.search(rf"\b(?:{either})\b", text, re.IGNORECASE) is not None


def category_noun(thing):
    return CATEGORY_NOUNS.get(thing["category"], thing["category"])


def covers(words, thing):
    """Whether `words`, colours and a noun, are true of it."""
    *colours, noun = words
    called = "thing", thing["kind"], category_noun(thing), *NAMED.get(thing["kind"], ())
    return noun in called and all(colour in thing["colours"] for colour in colours)


def counted(count, words, of_all):
    """Without the number where the words are true of others in view, too."""
    if count == 1:
        return one(*words)
    return " ".join([number(count) if count == of_all else "some", *words[:-1], PLURALS[words[-1]]])


def left_to_right(things):
    return sorted(things, key=lambda thing: thing["box"][0] + thing["box"][2] / 2)


def lines_of(page):
    return sum(text["role"] == "line" for text in page["texts"])


def rows_and_columns(table):
    return [1 + max(text[side] for text in table["texts"]) for side in ("row", "column")]


def ink(scene, role=None):
    """The colour of its first text, or of the first of a role; "" where it has none."""
    return next((text["colour"] for text in scene["texts"] if role in (None, text["role"])), "")


def joined(phrases):
    return " and ".join(filter(None, [", ".join(phrases[:-1]), *phrases[-1:]]))


@dataclasses.dataclass(frozen=True)
class Hedge:
    shares: tuple  # of LEVELS
    untold: float  # of colours, and of numbers of lines, rows, columns and bars


BOLD = Hedge((0.5, 0.4, 0.1), 0.3)
CAUTIOUS = Hedge((0.45, 0.35, 0.2), 0.42)


class Plain:
    """Tells one scene, hedged as `dice` fall."""

    def __init__(self, scene, alt_text, dice, hedge):
        self.scene, self.alt_text, self.dice, self.hedge = scene, alt_text, dice, hedge
        self.words = {}  # of things of one kind and main colour

    def told(self):
        return self.dice.random() >= self.hedge.untold

    def noun(self, thing):
        if names(self.alt_text, thing["kind"]):
            return thing["kind"]
        [level] = self.dice.choices(LEVELS, self.hedge.shares)
        return {"kind": thing["kind"], "category": category_noun(thing), "thing": "thing"}[level]

    def words_for(self, thing):
        colour = thing["colours"][:1]
        alike = thing["kind"], *colour
        if alike not in self.words:
            self.words[alike] = (*(colour if self.told() else []), self.noun(thing))
        return self.words[alike]

    def things(self):
        """Those told by the same words together, in the order of the leftmost."""
        things, counts = self.scene["objects"], {}
        for thing in left_to_right(things):
            words = self.words_for(thing)
            counts[words] = counts.get(words, 0) + 1
        return {words: counted(count, words, sum(covers(words, thing) for thing in things))
                for words, count in counts.items()}

    def titled(self, title):
        """Those things, and the title behind what the alt-text names; and a title left over."""
        told = self.things()
        of = [words for words in told if names(self.alt_text, words[-1])]
        if title and len(of) == 1:
            return [*(told | {of[0]: f"{told[of[0]]} called {title}"}).values()], ""
        return [*told.values()], title

    def some(self, count, noun):
        if not self.told():
            return f"some {noun}s"
        return f"{number(count)} {noun}{'' if count == 1 else 's'}"

    def writing(self):
        """"" where there is none, or none but prices."""
        scene, chart = self.scene, self.scene["chart"]
        if scene["layout"] == "page" and not lines_of(scene):
            return "a page"
        if scene["layout"] == "page":
            lines = self.some(lines_of(scene), "line")
            return f"a page with {lines} of {ink(scene, 'line')} text"
        if scene["layout"] == "table":
            rows, columns = rows_and_columns(scene)
            return f"a table with {self.some(rows, 'row')} and {self.some(columns, 'column')}"
        if scene["layout"] == "chart":
            bars = self.some(len(chart["values"]), f"{chart['bar_colour']} bar")
            return f"a bar chart with {bars}"
        if scene["layout"] == "sign":
            return f"a sign with {ink(scene)} letters"
        return ""

    def caption(self):
        """A sentence, short for the sake of CIDEr-D, which weighs lengths that differ."""
        told = knowledge(self.scene, self.alt_text)
        writing, (things, title) = self.writing(), self.titled(told["title"])
        things = joined(things)
        ground = f"on {with_article(self.scene['background']['colour'])} background"
        sold = " for sale" if self.scene["layout"] == "price" else ""
        shown = f"{writing or things or 'things'}{sold} {ground}"
        phrases = [shown, f"with {things}" if writing and things else "",
                   f"called {title}" if title else "", told["made"]]
        text = ", ".join(filter(None, phrases))
        return f"{text[0].upper()}{text[1:]}."


def made_when(date):
    return f"{'on' if date[0].isdigit() and ' ' in date else 'in'} {date}"


def knowledge(scene, alt_text):
    """What the alt-text tells and is true: {"title", "made"}, each "" where there is none."""
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
    return {"title": told("title"), "made": " ".join(["made", *made]) if made else ""}
