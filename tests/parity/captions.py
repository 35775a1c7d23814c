"""kale's caption scores against pycocoevalcap's and Meteor's, tokenizer included.

  python captions.py CAPTIONS_BENCH

Needs `pip install -r requirements-bench.txt` and java; ends with 77, skipped, where they are not.
"""
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "bench"))
import captions_peer as peer  # noqa: E402

BENCH = sys.argv.pop(1)
CLOSE = 1e-6  # what the scores may differ by
SKIPPED = 77


def ours(rows):
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder, "data.jsonl")
        data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        subprocess.run([BENCH, "--data", data, "--rounds", "1", "--scores", f"{folder}/scores",
                        "--tokens", f"{folder}/tokens"], check=True, stdout=subprocess.DEVNULL)
        lines = pathlib.Path(folder, "scores").read_text(encoding="utf-8").splitlines()
        tokens = pathlib.Path(folder, "tokens").read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines], tokens


def generated(size, references):
    """Captions of few words, so that much overlaps, and of everything that is hard to tokenize."""
    rng = random.Random(5)
    nouns = "dog cat man woman street bus table plate pizza horse field sky".split()
    verbs = "sits stands rides eats holds watches".split()
    hard = ["1 1/2 cups", "(right)", "Dr. Smith's", "the U.S.", "can't", "$5", "10,000", "no. 5",
            "red, white & blue", "rock 'n' roll", "a man's—hat", "", "...", "C. The"]
    def text():
        words = []
        for _ in range(rng.randint(1, 4)):
            words += ["a", rng.choice(nouns), rng.choice(verbs), "on the", rng.choice(nouns)]
            if rng.random() < 0.2:
                words.append(rng.choice(hard))
        return " ".join(words) + rng.choice([".", "", "!", " ."])
    rows = [{"caption": text() if i % 97 else "", "references": [text() for _ in range(references)]}
            for i in range(size)]
    for row in rows[::50]:
        row["references"][1] = row["caption"]
    return rows


class Captions(unittest.TestCase):
    def check(self, name, rows):
        found, _ = ours(rows)
        theirs, _ = peer.scores(*peer.tokenized_corpus(rows))
        worst = {}
        for i in range(4):
            mine = [row["bleu"][i] for row in found]
            worst[f"bleu_{i + 1}"] = self.far(mine, theirs["bleu"][0][i], theirs["bleu"][1][i])
        for metric in ("rouge_l", "cider_d", "meteor_exact"):
            worst[metric] = self.far([row[metric] for row in found], *theirs[metric])
        print(name, len(rows), "captions, largest differences:",
              ", ".join(f"{metric} {off:.1e}" for metric, off in worst.items()))
        for metric, off in worst.items():
            self.assertLess(off, CLOSE, metric)

    def far(self, mine, corpus, captions):
        self.assertEqual(len(mine), len(captions) + 1)
        return max(abs(a - b) for a, b in zip(mine, [*captions, corpus]))

    def test_five_references(self):
        self.check("generated", generated(2000, 5))

    def test_hard_strings_tokenize_alike(self):
        texts = (HERE / "hard_captions.txt").read_text(encoding="utf-8").split("\n")[:-1]
        _, tokens = ours([{"caption": text, "references": [""]} for text in texts])
        expected = peer.tokenized(texts)
        different = [(text, a, b) for text, a, b in zip(texts, expected, tokens) if a != b]
        print(f"hard strings: {len(texts) - len(different)} of {len(texts)} alike")
        self.assertEqual(different, [])

    @unittest.skipUnless(peer.DATA.exists(), f"{peer.DATA.name} is not here")
    def test_published_captions(self):
        rows = [{"caption": row["synthetic"], "references": [row["fused"]]}
                for row in peer.triplets()]
        self.check("capsfusion", rows)

    @unittest.skipUnless(peer.DATA.exists(), f"{peer.DATA.name} is not here")
    def test_published_captions_tokenize_alike(self):
        texts = [row["fused"] for row in peer.triplets()]
        _, tokens = ours([{"caption": text, "references": [""]} for text in texts])
        same = sum(a == b for a, b in zip(peer.tokenized(texts), tokens))
        print(f"fused captions: {same} of {len(texts)} alike")
        self.assertGreaterEqual(same / len(texts), 0.999)


def missing():
    if shutil.which("java") is None:
        return "no java"
    try:
        peer.package_folder()
    except ImportError:
        return "no pycocoevalcap; pip install -r requirements-bench.txt"
    return ""


if __name__ == "__main__":
    if missing():
        print(f"skipped: {missing()}")
        sys.exit(SKIPPED)
    unittest.main()
