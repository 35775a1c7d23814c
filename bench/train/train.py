"""Training: kale against transformers and torch, samples/s on the same tiny LLaVA and cores.

Both sides begin with the same weights and learn from the same rows of a world with the same
optimiser, rows a step, rows at once and threads, in float32; pictures are decoded and prepared
while they learn. First one step over all rows: loss, length of the gradient and number of labels
must agree. Then both run in turn. transformers runs twice: on shuffled rows, as is usual, and on
rows sorted into steps of like length, as kale sorts them. Samples/s are those of the last epoch,
in which each side sees every row once. Needs `pip install --no-deps -r requirements-parity.txt`;
nothing else should run on the machine. Prints a line of JSON a run, then Markdown.

Usage:  bench/train/train.py --kale build/release/apps/kale/kale --out out/bench-train
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

import tiny

HERE = pathlib.Path(__file__).resolve().parent
TOKENS_MAX = 256  # of a caption
RATE, DECAY = 3e-4, 0.05
EPOCHS = 2  # of a run; the last one counts
PROBE_STEPS = 5  # the last two count
WORKERS = (0, 1, 2)  # of transformers' DataLoader, tried once each
AGREE = 2e-4  # of loss and gradient, relative
RECIPE = """
seed: 1
student: {{from: {student}}}
data: {{train: {world}, caption_column: {caption}, alt_text_dropout: 0,
       caption_tokens_max: {tokens}}}
loop: {{step_rows: {step_rows}, rows_at_once: {rows_at_once}, shuffle_rows: 65536,
       threads: {threads}, device: cpu, checkpoint_steps: 1000000}}
stages: [learn]
learn: {{learns: [vision, projector, text], steps: {steps}, rate: {rate}, rate_end_share: 1,
        warmup_share: 0, decay: {decay}, beta2: 0.98, clip_norm: 1}}
"""


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.out = pathlib.Path(arguments.out).resolve()
        self.out.mkdir(parents=True, exist_ok=True)
        self.world = tiny.make_world(arguments, self.out)
        self.rows = tiny.read_world(self.world)
        self.student = self.out / "student"
        tiny.write_student(self.student, self.rows)

    def kale(self, steps, step_rows):
        recipe, run = self.out / "train.yaml", self.out / "run"
        recipe.write_text(RECIPE.format(
            student=self.student, world=self.world, caption=tiny.CAPTION, tokens=TOKENS_MAX,
            step_rows=step_rows, rows_at_once=self.arguments.rows_at_once,
            threads=self.arguments.threads, steps=steps, rate=RATE, decay=DECAY))
        shutil.rmtree(run, ignore_errors=True)
        subprocess.run([self.arguments.kale, "train", recipe, "--out", run], check=True,
                       capture_output=True)
        lines = [json.loads(line) for line in (run / "train.jsonl").read_text().splitlines()]
        assert all(line["rows"] == step_rows for line in lines[:-1]), "no row was left out"
        return {"seconds": [line["seconds"] for line in lines],
                "losses": [line["loss"] for line in lines],
                "gradient_norms": [line["gradient_norm"] for line in lines],
                "labels": [line["tokens"] for line in lines],
                "rows": [line["rows"] for line in lines]}

    def peer(self, steps, step_rows, workers, by_length):
        given = {"student": str(self.student), "world": str(self.world), "steps": steps,
                 "step_rows": step_rows, "rows_at_once": self.arguments.rows_at_once,
                 "threads": self.arguments.threads, "workers": workers, "rate": RATE,
                 "decay": DECAY, "tokens_max": TOKENS_MAX, "by_length": by_length}
        told = tiny.run([sys.executable, HERE / "train_peer.py", json.dumps(given)],
                        self.arguments.threads)
        return told | {"rows": [step_rows] * steps}

    def check(self):
        """All rows in one step, which is the same step whatever their order."""
        rows = len(self.rows)
        ours, theirs = self.kale(1, rows), self.peer(1, rows, 0, True)
        assert ours["labels"] == theirs["labels"], (ours["labels"], theirs["labels"])
        for name in ("losses", "gradient_norms"):
            one, other = ours[name][0], theirs[name][0]
            assert abs(one - other) < AGREE * other, (name, one, other)
            print(f"{name}: kale {one:.6f}, transformers {other:.6f}", flush=True)


def samples_a_second(told, steps):
    """Of the last `steps` steps."""
    return sum(told["rows"][-steps:]) / sum(told["seconds"][-steps:])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    tiny.add_arguments(parser, rows=160)
    parser.add_argument("--step-rows", type=int, default=32, help="(%(default)s)")
    parser.add_argument("--rows-at-once", type=int, default=16, help="(%(default)s)")
    arguments = parser.parse_args()
    step_rows = arguments.step_rows
    if arguments.rows % step_rows or step_rows % arguments.rows_at_once:
        parser.error("--rows must be a multiple of --step-rows, and that of --rows-at-once")
    bench, rates = Bench(arguments), {}
    bench.check()
    epoch = arguments.rows // step_rows

    def measure(name, told, steps):
        rates.setdefault(name, []).append(samples_a_second(told, steps))
        print(json.dumps({"by": name, "samples_per_second": rates[name][-1], **told}), flush=True)

    for workers in WORKERS:
        measure(workers, bench.peer(PROBE_STEPS, step_rows, workers, False), 2)
    workers = max(WORKERS, key=lambda count: rates[count])
    steps = EPOCHS * epoch
    for _ in range(arguments.rounds):
        measure("kale", bench.kale(steps, step_rows), epoch)
        measure("shuffled", bench.peer(steps, step_rows, workers, False), epoch)
        measure("by length", bench.peer(steps, step_rows, workers, True), epoch)
    print(f"\n{len(bench.rows)} rows, {step_rows} a step, {arguments.rows_at_once} at once, "
          f"{arguments.threads} threads of {os.cpu_count()} cores, transformers with {workers} "
          f"workers; samples/s, the median of {arguments.rounds} (from to)\n")
    print("| training by | samples/s | kale is faster |\n| --- | --- | --- |")
    print(f"| kale train | {tiny.spread(rates['kale'])} | |")
    for name in ("shuffled", "by length"):
        print(f"| transformers and torch, {name} | {tiny.spread(rates[name])} "
              f"| {tiny.times(rates['kale'], rates[name]):.2f} times |")


if __name__ == "__main__":
    main()
