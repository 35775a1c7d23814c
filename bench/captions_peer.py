"""Scores captions with pycocoevalcap, and times it beside captions_bench on the same lines.

Usage:  bench/captions_peer.py CAPTIONS_BENCH [CAPTIONS [ROUNDS [REFERENCES]]]

Needs `pip install -r requirements-bench.txt` and java. Makes CAPTIONS (50000) pairs from
../shared/data/capsfusion-triplets.jsonl: the synthetic caption scored against REFERENCES (1) times
the fused one; rows beyond the file's 5,000 are its texts with some words changed. Both sides have
the same two cores; the start of the Java machines is measured on one line and taken off the peer.
Prints Markdown: the median of ROUNDS (3) of the peer and of 5 of kale.
"""
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

DATA = pathlib.Path(__file__).resolve().parents[2] / "shared/data/capsfusion-triplets.jsonl"
# All words weigh alike: Meteor's list of function words is its own. Pre-tokenized, so no -norm.
METEOR = ["-", "-", "-stdio", "-l", "en", "-m", "exact", "-p", "0.85 0.2 0.6 0.5"]


def package_folder():
    import pycocoevalcap.cider  # the package itself is a namespace: it has no file
    return pathlib.Path(list(pycocoevalcap.cider.__path__)[0]).parent


def tokenized(texts):
    """One list of tokens' lines, as pycocoevalcap makes them of the texts in this order."""
    from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer
    keyed = {i: [{"caption": text}] for i, text in enumerate(texts)}
    lines = PTBTokenizer().tokenize(keyed)
    return [lines[i][0] for i in range(len(texts))]


def tokenized_corpus(rows):
    from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer
    captions = {i: [{"caption": row["caption"]}] for i, row in enumerate(rows)}
    references = {i: [{"caption": text} for text in row["references"]]
                  for i, row in enumerate(rows)}
    return PTBTokenizer().tokenize(references), PTBTokenizer().tokenize(captions)


def meteor_exact(references, captions):
    """Meteor's jar on tokenized lines: the corpus's score and each caption's."""
    jar = package_folder() / "meteor/meteor-1.5.jar"
    lines = [" ||| ".join(["SCORE", *references[i], captions[i][0]]) for i in references]
    statistics_ = run_meteor(jar, lines)
    scores = run_meteor(jar, ["EVAL ||| " + " ||| ".join(statistics_)])
    return float(scores[-1]), [float(score) for score in scores[:-1]]


def run_meteor(jar, lines):
    done = subprocess.run(["java", "-Xmx2G", "-jar", str(jar), *METEOR], cwd=jar.parent,
                          input="\n".join(lines) + "\n", text=True, capture_output=True, check=True)
    return done.stdout.strip().split("\n")


def scores(references, captions):
    """{metric: (corpus, [caption, ...])}, and seconds of each metric, for tokenized captions."""
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.rouge.rouge import Rouge
    found, seconds = {}, {}
    for name, score in (("bleu", lambda: Bleu(4).compute_score(references, captions, verbose=0)),
                        ("rouge_l", lambda: Rouge().compute_score(references, captions)),
                        ("cider_d", lambda: Cider().compute_score(references, captions)),
                        ("meteor_exact", lambda: meteor_exact(references, captions))):
        begun = time.perf_counter()
        found[name] = score()
        seconds[name] = time.perf_counter() - begun
    return found, seconds


def triplets():
    with open(DATA, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def changed(rng, text, words):
    return " ".join(rng.choice(words) if rng.random() < 0.1 else word for word in text.split(" "))


def corpus(size, references):
    rows, rng = triplets(), random.Random(1)
    words = [word for row in rows for word in row["fused"].split(" ")]
    made = []
    for i in range(size):
        row = rows[i % len(rows)]
        first = i < len(rows)
        made.append({
            "caption": row["synthetic"] if first else changed(rng, row["synthetic"], words),
            "references": [row["fused"] if first and j == 0 else changed(rng, row["fused"], words)
                           for j in range(references)]})
    return made


def main():
    bench = sys.argv[1]
    size, rounds, references = (list(map(int, sys.argv[2:])) + [50_000, 3, 1][len(sys.argv) - 2:])
    rows = corpus(size, references)
    with tempfile.TemporaryDirectory() as folder:
        data, ours = pathlib.Path(folder, "data.jsonl"), pathlib.Path(folder, "scores.jsonl")
        data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        print(subprocess.run([bench, "--data", data, "--scores", ours, "--threads", "2"],
                             check=True, capture_output=True, text=True).stdout)
    # What starting the machines costs: the tokenizer's twice, Meteor's twice.
    one = [{"caption": "a dog", "references": ["a dog"]}]
    starts = {"tokenizing": [], "meteor_exact": []}
    for _ in range(5):
        begun = time.perf_counter()
        tokenized_corpus(one)
        starts["tokenizing"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        meteor_exact({0: ["a dog"]}, {0: ["a dog"]})
        starts["meteor_exact"].append(time.perf_counter() - begun)
    taken = {}
    for _ in range(rounds):
        begun = time.perf_counter()
        tokens = tokenized_corpus(rows)
        seconds = {"tokenizing": time.perf_counter() - begun}
        seconds |= scores(*tokens)[1]
        for name, spent in seconds.items():
            off = statistics.median(starts[name]) if name in starts else 0
            taken.setdefault(name, []).append(spent - off)
    print(f"| pycocoevalcap on {size} captions, {references} reference(s) | seconds |\n| --- | --- |")
    for name, spent in taken.items():
        print(f"| {name} | {statistics.median(spent):.2f} |")
    print(f"| **all** | {sum(statistics.median(spent) for spent in taken.values()):.2f} |")
    print(f"cores {os.cpu_count()}, rounds {rounds}")


if __name__ == "__main__":
    main()
