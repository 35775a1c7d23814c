"""Our tokens against those of `tokenizers`: small vocabularies of each kind of split that kale
knows, trained on the spot, over alt-texts, captions and made-up texts.

  python tokens.py tokens_probe
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from tokenizers import Tokenizer
from vocabularies import MADE, WEB, train

PROBE = sys.argv.pop(1)


class Tokens(unittest.TestCase):
    def compare(self, kind, merges_as_texts):
        theirs = train(kind, 2500)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            theirs.save(str(folder / "tokenizer.json"))
            if merges_as_texts:  # as files before 2024 have them
                saved = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
                saved["model"]["merges"] = [" ".join(m) for m in saved["model"]["merges"]]
                (folder / "tokenizer.json").write_text(json.dumps(saved), encoding="utf-8")
                theirs = Tokenizer.from_file(str(folder / "tokenizer.json"))
            theirs.encode_special_tokens = True  # a text's "<image>" is text
            texts = WEB + MADE
            (folder / "texts").write_text("".join(json.dumps(text) + "\n" for text in texts))
            run = subprocess.run([PROBE, folder, folder / "texts"], check=True, capture_output=True)
        ours = [json.loads(line) for line in run.stdout.decode().split("\n") if line]
        self.assertEqual(len(ours), len(texts))
        wrong = []
        for text, said in zip(texts, ours):
            tokens = theirs.encode(text, add_special_tokens=False).ids
            if said != {"tokens": tokens, "text": theirs.decode(tokens)}:
                wrong.append((text, said, tokens, theirs.decode(tokens)))
        print(f"{kind}: {len(texts)} texts, {len(WEB)} of them from the web, {len(wrong)} differ")
        self.assertEqual(wrong[:3], [], f"{len(wrong)} differ")
        special = {theirs.token_to_id(token) for token in ("<image>", "<|end|>", "<|im_end|>")}
        self.assertFalse(special & {token for said in ours for token in said["tokens"]})

    def test_gpt2(self):
        self.compare("gpt-2", True)

    def test_smollm(self):
        self.compare("smollm", False)

    def test_qwen2(self):
        self.compare("qwen2", False)

    def test_llama3(self):
        self.compare("llama-bpe", True)


if __name__ == "__main__":
    unittest.main()
