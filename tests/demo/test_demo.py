"""Ten rows of the demo with the real models, as a newcomer meets it.

Usage:  .venv/bin/python tests/demo/test_demo.py PATH_TO_KALE REPOSITORY OUT RECIPE DESCRIBED_BY
            [SET...]

DESCRIBED_BY are words with commas between, the one or other of which every row has.

Runs recipes/RECIPE.yaml on ten pictures, a second time, and after one part was deleted; what comes
out is held to what the README promises. No text is compared: models answer as they like.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import time

import pyarrow.parquet as pq

ROWS = 10
CAPTION_TO_ALT_WORDS_MIN = 1.5


class Demo:
    def __init__(self, kale, repository, out, recipe, described_by, changes):
        self.repository = pathlib.Path(repository)
        self.out = pathlib.Path(out)
        self.described_by = set(described_by.split(","))
        changes = [f"source.limit={ROWS}", "run.shard_rows=4", *changes]
        sets = [word for change in changes for word in ("--set", change)]
        self.command = [kale, "run", self.repository / f"recipes/{recipe}.yaml", "--out", self.out,
                        "--samples", "2", *sets]

    def run(self):
        """One run to its end: (what it printed, seconds)."""
        begun = time.monotonic()
        done = subprocess.run(
            self.command, cwd=self.repository, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, f"kale ended with {done.returncode}:\n{done.stdout}"
        return done.stdout, time.monotonic() - begun

    def table(self, folder):
        files = sorted(self.out.glob(f"{folder}/*.parquet"))
        assert files, f"no parquet in {self.out / folder}"
        return [row for file in files for row in pq.read_table(file).to_pylist()]

    def parts(self):
        return {file.name: (file.stat().st_mtime_ns, file.stat().st_ino)
                for file in self.out.glob("parts/*.parquet")}


def leaked_words(repository):
    lines = (repository / "kale/clean/artifact_words.txt").read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b", re.IGNORECASE)


def check_rows_are_all_there(demo):
    keys = [row["key"] for row in demo.table("parts") + demo.table("rejects")]
    assert len(keys) == ROWS, f"{len(keys)} rows came out of {ROWS}"
    assert len(set(keys)) == ROWS, "a row came out twice"
    kept = {row["key"] for row in demo.table("parts")}
    assert {row["key"] for row in demo.table("core")} == kept, "kept rows are those published"
    assert len(kept) >= ROWS // 2, f"only {len(kept)} of {ROWS} rows were kept"


def check_captions(demo):
    rows = demo.table("core")
    leaked = leaked_words(demo.repository)
    words = {"alt_text": 0, "caption": 0}
    for row in rows:
        assert row["caption"].strip(), f"{row['path']}: empty caption"
        found = leaked.search(row["caption"])
        assert not found or found.group().lower() in row["alt_text"].lower(), \
            f"{row['path']}: leaked '{found.group()}'"
        for column in words:
            words[column] += len(row[column].split())
    distinct = len({row["caption"] for row in rows})
    assert distinct >= 0.9 * len(rows), f"{distinct} distinct captions in {len(rows)} rows"
    ratio = words["caption"] / words["alt_text"]
    assert ratio >= CAPTION_TO_ALT_WORDS_MIN, f"captions hold {ratio:.2f} times the alt's words"


def check_descriptions(demo):
    described = {row["described_by"] for row in demo.table("parts")}
    assert described <= demo.described_by, f"described by {described}, not {demo.described_by}"


def check_second_run(demo):
    before = demo.parts()
    text, seconds = demo.run()
    assert "all is done" in text, text
    print(f"a run with nothing to do took {seconds:.1f} s")
    assert demo.parts() == before, "a run with nothing to do touched a part"


def check_lost_part_is_made_again(demo):
    before = demo.parts()
    lost = sorted(before)[1]
    (demo.out / "parts" / lost).unlink()
    demo.run()
    after = demo.parts()
    kept = set(before) - {lost}
    assert all(after.get(name) == before[name] for name in kept), "another shard was redone"
    assert len(after) == len(before), f"{len(after)} parts instead of {len(before)}"
    check_rows_are_all_there(demo)


def main(kale, repository, out, recipe, described_by, *changes):
    shutil.rmtree(out, ignore_errors=True)
    demo = Demo(kale, repository, out, recipe, described_by, changes)
    text, seconds = demo.run()
    print(text)
    print(f"ok: {ROWS} rows in {seconds:.1f} s")
    for check in (check_rows_are_all_there, check_captions, check_descriptions,
                  check_second_run, check_lost_part_is_made_again):
        check(demo)
        print(f"ok: {check.__name__.removeprefix('check_').replace('_', ' ')}", flush=True)
    dataset_test = demo.repository / "tests/python/test_dataset.py"
    subprocess.run([sys.executable, "-B", dataset_test, out], check=True)


if __name__ == "__main__":
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
