"""kale's CHAIR against lmms-eval's coco_cap_chair, word list included.

  python chair.py CAPTIONS_BENCH [WORDNET]

Needs `pip install -r requirements-bench.txt`, and WordNet 3.0 as Debian's wordnet-base installs it
(WORDNET, /usr/share/wordnet); ends with 77, skipped, where they are not. lmms-eval tags words with
a model that no package carries: here every word is tagged a noun, which is what kale reads it as.
"""
import importlib.metadata
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import types
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "bench"))
import captions_peer as peer  # noqa: E402

BENCH = sys.argv.pop(1)
WORDNET = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "/usr/share/wordnet")
SKIPPED = 77


class Nouns:
    """WordNetLemmatizer of NLTK for nouns: exceptions, else endings; the shortest known lemma."""
    ENDINGS = [("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"),
               ("shes", "sh"), ("men", "man"), ("ies", "y")]

    def __init__(self):
        lines = (WORDNET / "index.noun").read_text().splitlines()
        self.known = {line.split(" ")[0] for line in lines if not line.startswith(" ")}
        self.exceptions = {}
        for line in (WORDNET / "noun.exc").read_text().splitlines():
            word, *lemmas = line.split()
            self.exceptions[word] = lemmas

    def lemmatize(self, word, pos):
        found = [word, *self.exceptions.get(word, [])]
        if word not in self.exceptions:
            found += [word[:-len(end)] + start for end, start in self.ENDINGS
                      if word.endswith(end)]
        found = [lemma for lemma in found if lemma in self.known]
        return min(found, key=len) if found else word


def reference():
    """The module of lmms-eval's task, with NLTK's tokenizer and the nouns above."""
    from nltk.tokenize import NLTKWordTokenizer
    file = importlib.metadata.distribution("lmms-eval").locate_file(
        "lmms_eval/tasks/coco_cap_chair/utils.py")
    source = re.sub(r"^(import nltk|from nltk).*$", "", pathlib.Path(file).read_text(), flags=re.M)

    def tokenize(text):  # a sentence ends where a point stands before white space
        sentences = re.split(r"(?<=[.!?])\s+", text)
        return [word for sentence in sentences for word in NLTKWordTokenizer().tokenize(sentence)]

    module = types.ModuleType("chair")
    module.nltk = types.SimpleNamespace(word_tokenize=tokenize,
                                        pos_tag=lambda words: [(word, "NN") for word in words])
    module.wordnet = types.SimpleNamespace(ADJ="a", VERB="v", NOUN="n", ADV="r")
    module.WordNetLemmatizer = Nouns
    nouns = Nouns()
    module.WordNetLemmatizer = lambda: nouns
    exec(compile(source, str(file), "exec"), module.__dict__)
    return module


def generated(module, size):
    rng = random.Random(2)
    words = sorted(module.INVERSE_SYNONYM_DICT) + sorted(module.DOUBLE_WORD_DICT)
    plurals = [word.strip() + ("es" if word.endswith(("bus", "glass", "x", "ch", "sh")) else "s")
               for word in words if not re.search("[^u]s$|y$", word)]
    other = "a the two red on near with and of street view old, white. tall; 'big' (small)".split()
    return [" ".join(rng.choice(rng.choice([words, plurals, other])) for _ in range(9)) + "."
            for _ in range(size)]


def synonym_lines(module):
    lines = {}
    for word, name in module.INVERSE_SYNONYM_DICT.items():
        lines.setdefault(name, [name]).append(word)
    return "".join(", ".join(dict.fromkeys(line)) + "\n" for line in lines.values())


class ChairWords(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = reference()

    def check(self, name, captions, least):
        with tempfile.TemporaryDirectory() as folder:
            data = pathlib.Path(folder, "data.jsonl")
            data.write_text("".join(json.dumps({"caption": caption, "references": [""]}) + "\n"
                                    for caption in captions), encoding="utf-8")
            pathlib.Path(folder, "synonyms").write_text(synonym_lines(self.module))
            subprocess.run([BENCH, "--data", data, "--rounds", "1", "--synonyms",
                            f"{folder}/synonyms", "--objects", f"{folder}/objects"],
                           check=True, stdout=subprocess.DEVNULL)
            lines = pathlib.Path(folder, "objects").read_text().splitlines()
        theirs = [self.module.caption_to_words(caption)[1] for caption in captions]
        different = [(caption, a, json.loads(b)) for caption, a, b in zip(captions, theirs, lines)
                     if a != json.loads(b)]
        print(f"{name}: {len(captions) - len(different)} of {len(captions)} alike")
        for one in different[:10]:
            print("  ", *one, sep="\n     ")
        self.assertGreaterEqual(1 - len(different) / len(captions), least)

    def test_generated_captions(self):
        self.check("generated", generated(self.module, 5000), 1.0)

    @unittest.skipUnless(peer.DATA.exists(), f"{peer.DATA.name} is not here")
    def test_published_captions(self):
        self.check("capsfusion", [row["fused"] for row in peer.triplets()], 0.999)


def missing():
    for package in ("nltk", "lmms-eval"):
        try:
            importlib.metadata.distribution(package)
        except importlib.metadata.PackageNotFoundError:
            return f"no {package}; pip install -r requirements-bench.txt"
    return "" if (WORDNET / "noun.exc").exists() else f"no WordNet in {WORDNET}"


if __name__ == "__main__":
    if missing():
        print(f"skipped: {missing()}")
        sys.exit(SKIPPED)
    unittest.main()
