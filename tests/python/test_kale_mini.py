"""What kale-mini learns from and begins as: a name has the same tokens wherever it stands, the
weights that training begins with say a text again, and plain captions are true and English.

Usage:  .venv/bin/python tests/python/test_kale_mini.py REPOSITORY
"""

import pathlib
import random
import sys
import tempfile
import unittest

import numpy as np
import torch
import transformers as T
from safetensors.numpy import save_file
from tokenizers import Tokenizer

REPOSITORY = pathlib.Path(sys.argv.pop(1))
TOKENIZER = REPOSITORY / "models/kale-mini/tokenizer.json"
sys.path.append(str(REPOSITORY / "scripts/kale_mini"))
import start  # noqa: E402
from listing import BOLD, CAUTIOUS, Plain  # noqa: E402
from mix import mixed  # noqa: E402
from pairs import titled  # noqa: E402
from weights import Weights  # noqa: E402

NAMES = ["Port Dreveberg", "Oravin Naskenlow", "Zoolzird", "Magellanic penguin", "Ünïtown",
         "Kaleidoscope Festival", "12 May 1987", "NATO", "McAllister", "O'Brien-Smith"]
BEFORE = ["", " ", "\n", "(", '"', "/", "by ", "made in ", "A lion called ", "Photo: "]
AFTER = ["", " ", "\n", ")", '"', ",", ".", "'s", ", made by"]
TEXTS, LENGTH = 30, 24
COPIED_MIN = 0.5  # of 4,096 tokens, a guess is right once in 4,096 times


class Names(unittest.TestCase):
    def setUp(self):
        self.tokenizer = Tokenizer.from_file(str(TOKENIZER))

    def test_a_name_has_the_same_tokens_wherever_it_stands(self):
        for name in NAMES:
            own = self.tokenizer.encode(name).ids
            for text in (before + name + after for before in BEFORE for after in AFTER):
                ids = self.tokenizer.encode(text).ids
                with self.subTest(text):
                    self.assertTrue(any(ids[i:i + len(own)] == own for i in range(len(ids))))

    def test_texts_come_back(self):
        for name in NAMES:
            self.assertEqual(self.tokenizer.decode(self.tokenizer.encode(name).ids), name)


class Copying(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.config = start.CONFIG["text_config"]
        cls.decoder = T.LlamaForCausalLM(T.LlamaConfig(**cls.config)).eval()
        made = {name.removeprefix("language_model."): torch.from_numpy(values)
                for name, values in Weights(start.CONFIG).of.items()
                if name.startswith("language_model.")}
        cls.unlike = cls.decoder.load_state_dict(made, strict=False)
        cls.decoder.tie_weights()

    def test_the_weights_are_a_decoder_s(self):
        self.assertEqual(tuple(self.unlike), (["lm_head.weight"], []))

    def random_texts(self):
        return torch.randint(2, self.config["vocab_size"], (TEXTS, LENGTH),
                             generator=torch.Generator().manual_seed(1))

    def said_again(self, texts, wanted):
        """The share of the tokens where `wanted`, in a text that stands there a second time."""
        with torch.no_grad():
            logits = self.decoder(torch.cat([texts, texts], 1)).logits[:, texts.shape[1]:-1]
        right = (logits.argmax(-1) == texts[:, 1:])[:, wanted].float()
        print(f"untrained, it said {100 * right.mean():.0f} % of {right.numel()} tokens again")
        return right.mean().item()

    def test_an_untrained_decoder_says_random_tokens_again(self):
        self.assertGreater(self.said_again(self.random_texts(), slice(None)), COPIED_MIN)

    def test_it_knows_which_word_follows_a_blank(self):
        texts = self.random_texts()
        texts[:, 1::2] = Tokenizer.from_file(str(TOKENIZER)).token_to_id(start.BLANK)
        self.assertGreater(self.said_again(texts, slice(1, None, 2)), COPIED_MIN)


class Told:
    """Dice that leave nothing out and call each thing what it is."""

    def random(self):
        return 1.0

    def choices(self, levels, _):
        return levels[:1]


def thing(kind, *colours, category="animal", left=0.0):
    return {"kind": kind, "category": category, "colours": list(colours), "box": [left, 0, 9, 9]}


def text(role, colour):
    return {"role": role, "colour": colour, "row": 0, "column": 0}


def scene(*things, layout="objects", texts=(), title=""):
    knowledge = {"title": title, "maker": "", "event": "", "place": "", "country": "", "date": ""}
    return {"objects": list(things), "layout": layout, "texts": list(texts), "chart": None,
            "background": {"colour": "red", "kind": "plain"}, "knowledge": knowledge,
            "alt_text": {"true_names": [title]}}


class Mixing(unittest.TestCase):
    def write(self, name, **weights):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / name
        folder.mkdir()
        save_file({key: np.full(2, value, np.float32) for key, value in weights.items()},
                  folder / "model.safetensors")
        return folder

    def test_the_mean_is_weighted(self):
        made = mixed(self.write("one", a=1), self.write("other", a=2), 0.75)
        self.assertEqual(made["a"].tolist(), [1.75, 1.75])

    def test_other_weights_are_refused(self):
        with self.assertRaisesRegex(SystemExit, "one beginning"):
            mixed(self.write("one", a=1), self.write("other", b=1), 0.5)


class PlainCaptions(unittest.TestCase):
    def told(self, told, alt_text="", dice=Told()):
        return Plain(told, alt_text, dice, BOLD).caption()

    def test_things(self):
        lions = thing("lion", "grey", left=5), thing("lion", "brown"), thing("lion", "grey", left=9)
        for things, caption in (
                ([], "Things on a red background."),
                (lions[:1], "A grey lion on a red background."),
                (lions[:2], "A brown lion and a grey lion on a red background."),
                (lions, "A brown lion and two grey lions on a red background."),
                ([thing("hourglass")], "An hourglass on a red background."),
                ([thing("unicorn")], "A unicorn on a red background."),
                ([thing("headphones", "blue")], "Some blue headphones on a red background.")):
            with self.subTest(caption):
                self.assertEqual(self.told(scene(*things)), caption)

    def test_no_number_is_told_where_the_words_are_true_of_others(self):
        class Animals(Told):
            def __init__(self):
                self.called = iter(["kind", "category"])

            def choices(self, levels, _):
                return [next(self.called)]

        cows = thing("cow", left=1), thing("cow", left=2)
        self.assertEqual(self.told(scene(thing("lion"), *cows), dice=Animals()),
                         "A lion and some animals on a red background.")

    def test_writing_prices_and_who_made_it(self):
        sign = scene(thing("lion"), layout="sign", texts=[text("sign", "blue")])
        self.assertEqual(self.told(sign),
                         "A sign with blue letters on a red background, with a lion.")
        sold = scene(thing("lion"), layout="price")
        sold["knowledge"] |= {"maker": "Wexvex", "place": "Ilm", "date": "1950"}
        sold["alt_text"]["true_names"] = ["Wexvex", "Ilm", "1950"]
        self.assertEqual(self.told(sold, "Lion by Wexvex, Ilm 1950"),
                         "A lion for sale on a red background, made by Wexvex in Ilm in 1950.")
        self.assertEqual(self.told(sold, "Lion by Wexvex"),
                         "A lion for sale on a red background, made by Wexvex.")

    def test_the_cautious_say_less(self):
        def words(hedge):
            told = scene(thing("lion", "grey"))
            return [Plain(told, "", random.Random(seed), hedge).caption() for seed in range(400)]

        for word, more in (("lion", BOLD), ("grey", BOLD), ("thing", CAUTIOUS)):
            often = {hedge: sum(word in told for told in words(hedge))
                     for hedge in (BOLD, CAUTIOUS)}
            self.assertEqual(max(often, key=often.get), more, often)

    def test_pages(self):
        for lines, page in ((0, "A page"), (1, "A page with one line of blue text"),
                            (2, "A page with two lines of blue text")):
            texts = [text("heading", "pink")] + lines * [text("line", "blue")]
            with self.subTest(page):
                self.assertEqual(self.told(scene(layout="page", texts=texts)),
                                 f"{page} on a red background.")

    def test_a_title_is_told_of_what_the_alt_text_names(self):
        told = scene(thing("lion"), thing("cow", left=1), title="Belix")
        self.assertEqual(self.told(told, "The Belix Cow"),
                         "A lion and a cow called Belix on a red background.")
        self.assertEqual(self.told(told, "Belix"),
                         "A lion and a cow on a red background, called Belix.")
        self.assertEqual(self.told(told), "A lion and a cow on a red background.")

    def test_a_made_up_noun_is_taken_over(self):
        for seed in range(20):
            alt_text, seen = titled(scene(thing("lion", "grey")), random.Random(seed))
            [shown] = seen["objects"]
            with self.subTest(alt_text):
                self.assertIn(f" grey {shown['kind']} on ", f" {self.told(seen, alt_text)}")
                if alt_text:
                    self.assertIn(shown["kind"], alt_text.lower())
                else:
                    self.assertEqual(shown["kind"], "lion")


if __name__ == "__main__":
    unittest.main()
