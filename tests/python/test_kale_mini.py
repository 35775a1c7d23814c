"""How kale-mini begins to copy: a name has the same tokens wherever it stands, and the weights that
training begins with say a text again.

Usage:  .venv/bin/python tests/python/test_kale_mini.py REPOSITORY
"""

import pathlib
import sys
import unittest

import torch
import transformers as T
from tokenizers import Tokenizer

REPOSITORY = pathlib.Path(sys.argv.pop(1))
sys.path.append(str(REPOSITORY / "scripts/kale_mini"))
import start  # noqa: E402
from weights import Weights  # noqa: E402

NAMES = ["Port Dreveberg", "Oravin Naskenlow", "Zoolzird", "Magellanic penguin", "Ünïtown",
         "Kaleidoscope Festival", "12 May 1987", "NATO", "McAllister", "O'Brien-Smith"]
BEFORE = ["", " ", "\n", "(", '"', "/", "by ", "made in ", "It is called ", "Photo: "]
AFTER = ["", " ", "\n", ")", '"', ",", ".", "'s", " and was made"]
TEXTS, LENGTH = 30, 24
COPIED_MIN = 0.5  # of 4,096 tokens, a guess is right once in 4,096 times


class Names(unittest.TestCase):
    def setUp(self):
        self.tokenizer = Tokenizer.from_file(str(REPOSITORY / "models/kale-mini/tokenizer.json"))

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
    def test_an_untrained_decoder_says_random_tokens_again(self):
        config = start.CONFIG["text_config"]
        decoder = T.LlamaForCausalLM(T.LlamaConfig(**config)).eval()
        made = {name.removeprefix("language_model."): torch.from_numpy(values)
                for name, values in Weights(start.CONFIG).of.items()
                if name.startswith("language_model.")}
        missing, unknown = decoder.load_state_dict(made, strict=False)
        self.assertEqual((missing, unknown), (["lm_head.weight"], []))
        decoder.tie_weights()
        texts = torch.randint(2, config["vocab_size"], (TEXTS, LENGTH),
                              generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            said = decoder(torch.cat([texts, texts], 1)).logits.argmax(-1)[:, LENGTH:-1]
        right = (said == texts[:, 1:]).float().mean().item()
        print(f"of random tokens, an untrained decoder says {100 * right:.0f} % again")
        self.assertGreater(right, COPIED_MIN)


if __name__ == "__main__":
    unittest.main()
