#!/usr/bin/env python3
"""Marking by hand: do two readers and the judge agree on what is true in captions?

  kale evaluate captions --data CAPTIONS --truth WORLD --out MEASURES
  python3 bench/truth/marking.py sheet MEASURES/claims.jsonl --truth WORLD.jsonl --out SHEET.tsv
      [--captions 200] [--seed 1]
  python3 bench/truth/marking.py agree MEASURES/claims.jsonl READER_A.tsv READER_B.tsv

`sheet` draws captions by the seed and writes their claims, without the judge's verdicts, beside
the truth in words; a reader fills the column `mark`: t (true), f (false), u (the truth does not
say, or the claim is not in the caption). On the line `missed` of each caption the reader writes
how many false claims no line names. `agree` prints, for each pair, the share of equal marks and
Cohen's kappa, by kind of claim and in all, and the judge's precision and recall of false claims
against marks on which both readers agree: claims on which they differ are in neither. Lines that a
reader left open are left out. A claim is found again by its kind and place, so that marks outlive
changes of the judge; one that it no longer makes is one that it does not know.

--truth is a jsonl with the columns `key` and `truth`, or several; a world's parquet becomes one by
`datasets` or pyarrow. Standard library only.
"""

import argparse
import csv
import json
import random
import sys
from collections import Counter, defaultdict

MARKS = {"true": "t", "near": "f", "wrong": "f", "unknown": "u"}
FIELDS = ["caption_id", "claim_id", "kind", "claim", "caption", "truth", "mark"]


def rows_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def truth_in_words(scene):
    """What a reader must know of a scene."""
    parts = []
    for number, thing in enumerate(scene.get("objects", [])):
        name = f" ({thing['name']})" if thing.get("name") else ""
        parts.append(f"{number}: {' and '.join(thing['colours'])} {thing['kind']}{name}")
    for relating in scene.get("relations", []):
        parts.append(f"{relating['subject']} {relating['relation']} {relating['object']}")
    parts += [f"text \"{text['text']}\"" for text in scene.get("texts", [])]
    chart = scene.get("chart")
    if chart:
        bars = zip(chart["labels"], chart["values"])
        parts += [f"bar {label} = {value}" for label, value in bars]
    parts.append(f"background {scene.get('background', {}).get('colour', '')}")
    known = scene.get("knowledge", {})
    parts += [f"{what} {known[what]}" for what in known if known[what] and what != "entity"]
    false_names = scene.get("alt_text", {}).get("false_names", [])
    parts += [f"false: {name}" for name in false_names]
    return "; ".join(parts)


def truths_of(paths):
    truths = {}
    for path in paths:
        for row in rows_of(path):
            scene = row["truth"]
            truths[row["key"]] = json.loads(scene) if isinstance(scene, str) else scene
    return truths


def marked(caption, claim):
    """The caption with the claim's words in brackets; spans count bytes."""
    raw = caption.encode()
    begin, end = claim["begin"], claim["end"]
    parts = raw[:begin], b"[", raw[begin:end], b"]", raw[end:]
    return b"".join(parts).decode("utf-8", "replace").replace("\n", " ").replace("\t", " ")


def write_sheet(arguments):
    captions = rows_of(arguments.claims)
    truths = truths_of(arguments.truth)
    captions = [row for row in captions if row["key"] in truths]
    if not captions:
        sys.exit("no caption's key is among the truths; give --truth a jsonl with the same keys")
    random.Random(arguments.seed).shuffle(captions)
    with open(arguments.out, "w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, delimiter="\t")
        sheet.writerow(FIELDS)
        for row in captions[: arguments.captions]:
            truth = truth_in_words(truths[row["key"]])
            for number, claim in enumerate(row["claims"]):
                sheet.writerow([row["key"], number, claim["kind"], claim["said"],
                                marked(row["caption"], claim), truth, ""])
            sheet.writerow([row["key"], "missed", "", "", row["caption"], truth, ""])


def marks_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    marks, missed, sheet = {}, 0, {}
    for row in rows:
        mark = row["mark"].strip().lower()
        sheet[row["caption_id"], row["claim_id"]] = row
        if row["claim_id"] == "missed":
            missed += int(mark or 0)
        elif mark in ("t", "f", "u"):
            marks[row["caption_id"], int(row["claim_id"])] = mark
        elif mark:
            sys.exit(f"{path}: mark '{mark}' of {row['caption_id']}: give t, f or u")
    return marks, missed, sheet


def judged_again(rows, sheet):
    """The judge's mark and the kind of each claim of the sheet."""
    verdicts = defaultdict(list)
    for row in rows:
        for claim in row["claims"]:
            place = row["key"], claim["kind"], marked(row["caption"], claim)
            verdicts[place].append((claim["said"], MARKS[claim["verdict"]]))
    judge, kinds = {}, {}
    for (caption, number), line in sheet.items():
        if number == "missed":
            continue
        there = verdicts.get((caption, line["kind"], line["caption"]), [])
        same = [mark for said, mark in there if said == line["claim"]]
        judge[caption, int(number)] = (same + [mark for _, mark in there] + ["u"])[0]
        kinds[caption, int(number)] = line["kind"]
    return judge, kinds


def kappa(pairs):
    """Share of equal marks, and Cohen's kappa; kappa is None where all marks are alike."""
    total = len(pairs)
    equal = sum(a == b for a, b in pairs) / total
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[mark] * second[mark] for mark in first) / total**2
    return equal, None if chance == 1 else (equal - chance) / (1 - chance)


def print_agreement(name, a, b, kinds):
    groups = defaultdict(list)
    for claim in sorted(a.keys() & b.keys()):
        groups["all"].append((a[claim], b[claim]))
        groups[kinds[claim]].append((a[claim], b[claim]))
    for kind, pairs in groups.items():
        equal, k = kappa(pairs)
        shown = "-" if k is None else f"{k:.3f}"
        print(f"| {name} | {kind} | {len(pairs)} | {equal:.3f} | {shown} |")


def print_agreements(arguments):
    (a, missed_a, sheet), (b, missed_b, _) = marks_of(arguments.a), marks_of(arguments.b)
    judge, kinds = judged_again(rows_of(arguments.claims), sheet)
    print("| pair | kind | claims | equal | kappa |\n| --- | --- | --- | --- | --- |")
    print_agreement("reader A, reader B", a, b, kinds)
    print_agreement("reader A, judge", a, judge, kinds)
    print_agreement("reader B, judge", b, judge, kinds)
    agreed = {claim: mark for claim, mark in a.items() if b.get(claim) == mark}
    false = sum(mark == "f" for mark in agreed.values())
    said = sum(judge.get(claim) == "f" for claim in agreed)
    hits = sum(mark == "f" and judge.get(claim) == "f" for claim, mark in agreed.items())
    missed = (missed_a + missed_b) / 2
    precision = hits / said if said else float("nan")
    recall = hits / (false + missed) if false + missed else float("nan")
    print(f"\nfalse claims on which both readers agree: {false}, "
          f"and {missed:g} that no line names; "
          f"the judge's precision {precision:.3f}, recall {recall:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    sheet = verbs.add_parser("sheet")
    sheet.add_argument("claims")
    sheet.add_argument("--truth", nargs="+", required=True)
    sheet.add_argument("--out", required=True)
    sheet.add_argument("--captions", type=int, default=200)
    sheet.add_argument("--seed", type=int, default=1)
    sheet.set_defaults(run=write_sheet)
    agree = verbs.add_parser("agree")
    agree.add_argument("claims")
    agree.add_argument("a")
    agree.add_argument("b")
    agree.set_defaults(run=print_agreements)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
