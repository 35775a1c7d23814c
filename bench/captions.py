"""What a run's captions are like: counts for docs/quality.md, and a sample to read by eye.

Usage:  .venv/bin/python bench/captions.py OUT [SEED SAMPLE [SEED_READ_BEFORE SAMPLE_READ_BEFORE]]
"""
import collections
import pathlib
import random
import re
import sys

import pyarrow.parquet as pq


def words(text):
    return len(text.split())


def told(text):
    """Its words of three letters or more, but for what tells nothing."""
    return set(re.findall(r"[a-z]{3,}", text.lower())) - {"the", "and", "with", "for"}


def main():
    out = pathlib.Path(sys.argv[1])
    rows = [row for file in sorted(out.glob("parts/*.parquet"))
            for row in pq.read_table(file).to_pylist()]
    captions = [row["caption"] for row in rows]
    enough = sum(words(row["caption"]) >= 1.5 * words(row["alt_text"]) for row in rows)
    print(f"{len(rows)} rows, distinct {len(set(captions)) / len(rows):.1%}, "
          f"empty {captions.count('')}, words per word of alt-text "
          f"{sum(map(words, captions)) / sum(words(row['alt_text']) for row in rows):.1f}, "
          f"rows of at least 1.5 times {enough / len(rows):.1%}")
    print("with a word of their alt-text:",
          sum(bool(told(row["caption"]) & told(row["alt_text"])) for row in rows))
    for column in ("described_by", "fused_by", "cleaned_by"):
        print(column, dict(collections.Counter(row[column] for row in rows)))
    picks = list(map(int, sys.argv[2:]))
    if len(picks) == 4:
        random.seed(picks[2])
        read = {row["path"] for row in random.sample(rows, picks[3])}
        rows = [row for row in rows if row["path"] not in read]
    if picks:
        random.seed(picks[0])
        for row in sorted(random.sample(rows, picks[1]), key=lambda row: row["path"]):
            print(f"\n{row['path']}\n  alt-text  {row['alt_text']}\n  dense     "
                  f"{row['caption_dense']}\n  caption   {row['caption']}")


if __name__ == "__main__":
    main()
